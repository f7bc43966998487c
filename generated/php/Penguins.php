<?php

declare(strict_types=1);

namespace Networks;

use InvalidArgumentException;

/**
 * penguins, a neural network: its equations forward and backward, and how it learns.
 *
 *     x: 10 -> hidden: 6 tanh -> output: 3 softmax
 *
 * Tells three species of penguins apart by measurements of their bodies, by their island and by their sex (Gorman,
 * Williams and Fraser, PLoS ONE 9, 2014). Some values are missing.
 *
 * Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch. Training: adam, m, v = means of
 * g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), rate = 0.02, beta1 = 0.9, beta2 =
 * 0.999, epsilon = 1e-08; 40 epochs in batches of 16.
 *
 * dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target;
 * w_hidden1_bill_length is the weight that leads to hidden1 from bill_length.
 *
 * Written by nngen from the spec penguins: `nngen build` with that spec writes these bytes again. The file is
 * yours: read it, change it, ship it.
 *
 * Methods refuse wrong arguments with an InvalidArgumentException that names them.
 *
 * @phpstan-type State array{t: float, m: list<float>, v: list<float>}
 * @phpstan-type Progress array{epochs: int, state: State}
 */
final class Penguins
{
    /** The numbers of inputs, outputs and parameters. */
    public const INPUTS = 10;
    public const OUTPUTS = 3;
    public const PARAMETERS = 87;

    /** The seed of initial values in the spec. */
    public const SEED = 1;

    /**
     * The outputs of one example: 10 numbers → Adelie, Chinstrap, Gentoo.
     *
     * @param list<float> $params
     * @param list<float> $x
     * @return list<float>
     * @throws InvalidArgumentException
     */
    public static function forward(array $params, array $x): array
    {
        self::checkSize('params', count($params), self::PARAMETERS);
        self::checkSize('x', count($x), self::INPUTS);
        [
            $w_hidden1_bill_length, $w_hidden1_bill_depth, $w_hidden1_flipper_length, $w_hidden1_body_mass,
            $w_hidden1_island_biscoe, $w_hidden1_island_dream, $w_hidden1_island_torgersen, $w_hidden1_sex_female,
            $w_hidden1_sex_male, $w_hidden1_sex_missing,
            $w_hidden2_bill_length, $w_hidden2_bill_depth, $w_hidden2_flipper_length, $w_hidden2_body_mass,
            $w_hidden2_island_biscoe, $w_hidden2_island_dream, $w_hidden2_island_torgersen, $w_hidden2_sex_female,
            $w_hidden2_sex_male, $w_hidden2_sex_missing,
            $w_hidden3_bill_length, $w_hidden3_bill_depth, $w_hidden3_flipper_length, $w_hidden3_body_mass,
            $w_hidden3_island_biscoe, $w_hidden3_island_dream, $w_hidden3_island_torgersen, $w_hidden3_sex_female,
            $w_hidden3_sex_male, $w_hidden3_sex_missing,
            $w_hidden4_bill_length, $w_hidden4_bill_depth, $w_hidden4_flipper_length, $w_hidden4_body_mass,
            $w_hidden4_island_biscoe, $w_hidden4_island_dream, $w_hidden4_island_torgersen, $w_hidden4_sex_female,
            $w_hidden4_sex_male, $w_hidden4_sex_missing,
            $w_hidden5_bill_length, $w_hidden5_bill_depth, $w_hidden5_flipper_length, $w_hidden5_body_mass,
            $w_hidden5_island_biscoe, $w_hidden5_island_dream, $w_hidden5_island_torgersen, $w_hidden5_sex_female,
            $w_hidden5_sex_male, $w_hidden5_sex_missing,
            $w_hidden6_bill_length, $w_hidden6_bill_depth, $w_hidden6_flipper_length, $w_hidden6_body_mass,
            $w_hidden6_island_biscoe, $w_hidden6_island_dream, $w_hidden6_island_torgersen, $w_hidden6_sex_female,
            $w_hidden6_sex_male, $w_hidden6_sex_missing,
            $b_hidden1, $b_hidden2, $b_hidden3, $b_hidden4, $b_hidden5, $b_hidden6,
            $w_Adelie_hidden1, $w_Adelie_hidden2, $w_Adelie_hidden3,
            $w_Adelie_hidden4, $w_Adelie_hidden5, $w_Adelie_hidden6,
            $w_Chinstrap_hidden1, $w_Chinstrap_hidden2, $w_Chinstrap_hidden3,
            $w_Chinstrap_hidden4, $w_Chinstrap_hidden5, $w_Chinstrap_hidden6,
            $w_Gentoo_hidden1, $w_Gentoo_hidden2, $w_Gentoo_hidden3,
            $w_Gentoo_hidden4, $w_Gentoo_hidden5, $w_Gentoo_hidden6,
            $b_Adelie, $b_Chinstrap, $b_Gentoo,
        ] = $params;
        [
            $bill_length, $bill_depth, $flipper_length, $body_mass, $island_biscoe,
            $island_dream, $island_torgersen, $sex_female, $sex_male, $sex_missing,
        ] = $x;

        // hidden ← x: weighted sums, then tanh
        $z_hidden1 =
            $b_hidden1
            + $w_hidden1_bill_length * $bill_length
            + $w_hidden1_bill_depth * $bill_depth
            + $w_hidden1_flipper_length * $flipper_length
            + $w_hidden1_body_mass * $body_mass
            + $w_hidden1_island_biscoe * $island_biscoe
            + $w_hidden1_island_dream * $island_dream
            + $w_hidden1_island_torgersen * $island_torgersen
            + $w_hidden1_sex_female * $sex_female
            + $w_hidden1_sex_male * $sex_male
            + $w_hidden1_sex_missing * $sex_missing;
        $z_hidden2 =
            $b_hidden2
            + $w_hidden2_bill_length * $bill_length
            + $w_hidden2_bill_depth * $bill_depth
            + $w_hidden2_flipper_length * $flipper_length
            + $w_hidden2_body_mass * $body_mass
            + $w_hidden2_island_biscoe * $island_biscoe
            + $w_hidden2_island_dream * $island_dream
            + $w_hidden2_island_torgersen * $island_torgersen
            + $w_hidden2_sex_female * $sex_female
            + $w_hidden2_sex_male * $sex_male
            + $w_hidden2_sex_missing * $sex_missing;
        $z_hidden3 =
            $b_hidden3
            + $w_hidden3_bill_length * $bill_length
            + $w_hidden3_bill_depth * $bill_depth
            + $w_hidden3_flipper_length * $flipper_length
            + $w_hidden3_body_mass * $body_mass
            + $w_hidden3_island_biscoe * $island_biscoe
            + $w_hidden3_island_dream * $island_dream
            + $w_hidden3_island_torgersen * $island_torgersen
            + $w_hidden3_sex_female * $sex_female
            + $w_hidden3_sex_male * $sex_male
            + $w_hidden3_sex_missing * $sex_missing;
        $z_hidden4 =
            $b_hidden4
            + $w_hidden4_bill_length * $bill_length
            + $w_hidden4_bill_depth * $bill_depth
            + $w_hidden4_flipper_length * $flipper_length
            + $w_hidden4_body_mass * $body_mass
            + $w_hidden4_island_biscoe * $island_biscoe
            + $w_hidden4_island_dream * $island_dream
            + $w_hidden4_island_torgersen * $island_torgersen
            + $w_hidden4_sex_female * $sex_female
            + $w_hidden4_sex_male * $sex_male
            + $w_hidden4_sex_missing * $sex_missing;
        $z_hidden5 =
            $b_hidden5
            + $w_hidden5_bill_length * $bill_length
            + $w_hidden5_bill_depth * $bill_depth
            + $w_hidden5_flipper_length * $flipper_length
            + $w_hidden5_body_mass * $body_mass
            + $w_hidden5_island_biscoe * $island_biscoe
            + $w_hidden5_island_dream * $island_dream
            + $w_hidden5_island_torgersen * $island_torgersen
            + $w_hidden5_sex_female * $sex_female
            + $w_hidden5_sex_male * $sex_male
            + $w_hidden5_sex_missing * $sex_missing;
        $z_hidden6 =
            $b_hidden6
            + $w_hidden6_bill_length * $bill_length
            + $w_hidden6_bill_depth * $bill_depth
            + $w_hidden6_flipper_length * $flipper_length
            + $w_hidden6_body_mass * $body_mass
            + $w_hidden6_island_biscoe * $island_biscoe
            + $w_hidden6_island_dream * $island_dream
            + $w_hidden6_island_torgersen * $island_torgersen
            + $w_hidden6_sex_female * $sex_female
            + $w_hidden6_sex_male * $sex_male
            + $w_hidden6_sex_missing * $sex_missing;
        $a_hidden1 = tanh($z_hidden1);
        $a_hidden2 = tanh($z_hidden2);
        $a_hidden3 = tanh($z_hidden3);
        $a_hidden4 = tanh($z_hidden4);
        $a_hidden5 = tanh($z_hidden5);
        $a_hidden6 = tanh($z_hidden6);

        // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
        $z_Adelie =
            $b_Adelie
            + $w_Adelie_hidden1 * $a_hidden1
            + $w_Adelie_hidden2 * $a_hidden2
            + $w_Adelie_hidden3 * $a_hidden3
            + $w_Adelie_hidden4 * $a_hidden4
            + $w_Adelie_hidden5 * $a_hidden5
            + $w_Adelie_hidden6 * $a_hidden6;
        $z_Chinstrap =
            $b_Chinstrap
            + $w_Chinstrap_hidden1 * $a_hidden1
            + $w_Chinstrap_hidden2 * $a_hidden2
            + $w_Chinstrap_hidden3 * $a_hidden3
            + $w_Chinstrap_hidden4 * $a_hidden4
            + $w_Chinstrap_hidden5 * $a_hidden5
            + $w_Chinstrap_hidden6 * $a_hidden6;
        $z_Gentoo =
            $b_Gentoo
            + $w_Gentoo_hidden1 * $a_hidden1
            + $w_Gentoo_hidden2 * $a_hidden2
            + $w_Gentoo_hidden3 * $a_hidden3
            + $w_Gentoo_hidden4 * $a_hidden4
            + $w_Gentoo_hidden5 * $a_hidden5
            + $w_Gentoo_hidden6 * $a_hidden6;
        $top_output = max($z_Adelie, $z_Chinstrap, $z_Gentoo);
        $e_Adelie = exp($z_Adelie - $top_output);
        $e_Chinstrap = exp($z_Chinstrap - $top_output);
        $e_Gentoo = exp($z_Gentoo - $top_output);
        $total_output = $e_Adelie + $e_Chinstrap + $e_Gentoo;
        $a_Adelie = $e_Adelie / $total_output;
        $a_Chinstrap = $e_Chinstrap / $total_output;
        $a_Gentoo = $e_Gentoo / $total_output;

        return [$a_Adelie, $a_Chinstrap, $a_Gentoo];
    }

    /**
     * The loss of one example.
     *
     * @param list<float> $params
     * @param list<float> $x
     * @param list<float> $y
     * @throws InvalidArgumentException
     */
    public static function loss(array $params, array $x, array $y): float
    {
        self::checkExample($params, $x, $y);
        return self::addGradient($params, $x, $y);
    }

    /**
     * The loss, and its slope with respect to each parameter.
     *
     * @param list<float> $params
     * @param list<float> $x
     * @param list<float> $y
     * @return array{float, list<float>}
     * @throws InvalidArgumentException
     */
    public static function gradient(array $params, array $x, array $y): array
    {
        self::checkExample($params, $x, $y);
        $slopes = array_fill(0, self::PARAMETERS, 0.0);
        $loss = self::addGradient($params, $x, $y, $slopes);
        return [$loss, $slopes];
    }

    /**
     * The loss; its derivatives are added to the slopes, if there are any.
     *
     * @param list<float> $params
     * @param list<float> $x
     * @param list<float> $y
     * @param ?list<float> $slopes
     */
    private static function addGradient(array $params, array $x, array $y, ?array &$slopes = null): float
    {
        [
            $w_hidden1_bill_length, $w_hidden1_bill_depth, $w_hidden1_flipper_length, $w_hidden1_body_mass,
            $w_hidden1_island_biscoe, $w_hidden1_island_dream, $w_hidden1_island_torgersen, $w_hidden1_sex_female,
            $w_hidden1_sex_male, $w_hidden1_sex_missing,
            $w_hidden2_bill_length, $w_hidden2_bill_depth, $w_hidden2_flipper_length, $w_hidden2_body_mass,
            $w_hidden2_island_biscoe, $w_hidden2_island_dream, $w_hidden2_island_torgersen, $w_hidden2_sex_female,
            $w_hidden2_sex_male, $w_hidden2_sex_missing,
            $w_hidden3_bill_length, $w_hidden3_bill_depth, $w_hidden3_flipper_length, $w_hidden3_body_mass,
            $w_hidden3_island_biscoe, $w_hidden3_island_dream, $w_hidden3_island_torgersen, $w_hidden3_sex_female,
            $w_hidden3_sex_male, $w_hidden3_sex_missing,
            $w_hidden4_bill_length, $w_hidden4_bill_depth, $w_hidden4_flipper_length, $w_hidden4_body_mass,
            $w_hidden4_island_biscoe, $w_hidden4_island_dream, $w_hidden4_island_torgersen, $w_hidden4_sex_female,
            $w_hidden4_sex_male, $w_hidden4_sex_missing,
            $w_hidden5_bill_length, $w_hidden5_bill_depth, $w_hidden5_flipper_length, $w_hidden5_body_mass,
            $w_hidden5_island_biscoe, $w_hidden5_island_dream, $w_hidden5_island_torgersen, $w_hidden5_sex_female,
            $w_hidden5_sex_male, $w_hidden5_sex_missing,
            $w_hidden6_bill_length, $w_hidden6_bill_depth, $w_hidden6_flipper_length, $w_hidden6_body_mass,
            $w_hidden6_island_biscoe, $w_hidden6_island_dream, $w_hidden6_island_torgersen, $w_hidden6_sex_female,
            $w_hidden6_sex_male, $w_hidden6_sex_missing,
            $b_hidden1, $b_hidden2, $b_hidden3, $b_hidden4, $b_hidden5, $b_hidden6,
            $w_Adelie_hidden1, $w_Adelie_hidden2, $w_Adelie_hidden3,
            $w_Adelie_hidden4, $w_Adelie_hidden5, $w_Adelie_hidden6,
            $w_Chinstrap_hidden1, $w_Chinstrap_hidden2, $w_Chinstrap_hidden3,
            $w_Chinstrap_hidden4, $w_Chinstrap_hidden5, $w_Chinstrap_hidden6,
            $w_Gentoo_hidden1, $w_Gentoo_hidden2, $w_Gentoo_hidden3,
            $w_Gentoo_hidden4, $w_Gentoo_hidden5, $w_Gentoo_hidden6,
            $b_Adelie, $b_Chinstrap, $b_Gentoo,
        ] = $params;
        [
            $bill_length, $bill_depth, $flipper_length, $body_mass, $island_biscoe,
            $island_dream, $island_torgersen, $sex_female, $sex_male, $sex_missing,
        ] = $x;
        [$y_Adelie, $y_Chinstrap, $y_Gentoo] = $y;

        // hidden ← x: weighted sums, then tanh
        $z_hidden1 =
            $b_hidden1
            + $w_hidden1_bill_length * $bill_length
            + $w_hidden1_bill_depth * $bill_depth
            + $w_hidden1_flipper_length * $flipper_length
            + $w_hidden1_body_mass * $body_mass
            + $w_hidden1_island_biscoe * $island_biscoe
            + $w_hidden1_island_dream * $island_dream
            + $w_hidden1_island_torgersen * $island_torgersen
            + $w_hidden1_sex_female * $sex_female
            + $w_hidden1_sex_male * $sex_male
            + $w_hidden1_sex_missing * $sex_missing;
        $z_hidden2 =
            $b_hidden2
            + $w_hidden2_bill_length * $bill_length
            + $w_hidden2_bill_depth * $bill_depth
            + $w_hidden2_flipper_length * $flipper_length
            + $w_hidden2_body_mass * $body_mass
            + $w_hidden2_island_biscoe * $island_biscoe
            + $w_hidden2_island_dream * $island_dream
            + $w_hidden2_island_torgersen * $island_torgersen
            + $w_hidden2_sex_female * $sex_female
            + $w_hidden2_sex_male * $sex_male
            + $w_hidden2_sex_missing * $sex_missing;
        $z_hidden3 =
            $b_hidden3
            + $w_hidden3_bill_length * $bill_length
            + $w_hidden3_bill_depth * $bill_depth
            + $w_hidden3_flipper_length * $flipper_length
            + $w_hidden3_body_mass * $body_mass
            + $w_hidden3_island_biscoe * $island_biscoe
            + $w_hidden3_island_dream * $island_dream
            + $w_hidden3_island_torgersen * $island_torgersen
            + $w_hidden3_sex_female * $sex_female
            + $w_hidden3_sex_male * $sex_male
            + $w_hidden3_sex_missing * $sex_missing;
        $z_hidden4 =
            $b_hidden4
            + $w_hidden4_bill_length * $bill_length
            + $w_hidden4_bill_depth * $bill_depth
            + $w_hidden4_flipper_length * $flipper_length
            + $w_hidden4_body_mass * $body_mass
            + $w_hidden4_island_biscoe * $island_biscoe
            + $w_hidden4_island_dream * $island_dream
            + $w_hidden4_island_torgersen * $island_torgersen
            + $w_hidden4_sex_female * $sex_female
            + $w_hidden4_sex_male * $sex_male
            + $w_hidden4_sex_missing * $sex_missing;
        $z_hidden5 =
            $b_hidden5
            + $w_hidden5_bill_length * $bill_length
            + $w_hidden5_bill_depth * $bill_depth
            + $w_hidden5_flipper_length * $flipper_length
            + $w_hidden5_body_mass * $body_mass
            + $w_hidden5_island_biscoe * $island_biscoe
            + $w_hidden5_island_dream * $island_dream
            + $w_hidden5_island_torgersen * $island_torgersen
            + $w_hidden5_sex_female * $sex_female
            + $w_hidden5_sex_male * $sex_male
            + $w_hidden5_sex_missing * $sex_missing;
        $z_hidden6 =
            $b_hidden6
            + $w_hidden6_bill_length * $bill_length
            + $w_hidden6_bill_depth * $bill_depth
            + $w_hidden6_flipper_length * $flipper_length
            + $w_hidden6_body_mass * $body_mass
            + $w_hidden6_island_biscoe * $island_biscoe
            + $w_hidden6_island_dream * $island_dream
            + $w_hidden6_island_torgersen * $island_torgersen
            + $w_hidden6_sex_female * $sex_female
            + $w_hidden6_sex_male * $sex_male
            + $w_hidden6_sex_missing * $sex_missing;
        $a_hidden1 = tanh($z_hidden1);
        $a_hidden2 = tanh($z_hidden2);
        $a_hidden3 = tanh($z_hidden3);
        $a_hidden4 = tanh($z_hidden4);
        $a_hidden5 = tanh($z_hidden5);
        $a_hidden6 = tanh($z_hidden6);

        // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
        $z_Adelie =
            $b_Adelie
            + $w_Adelie_hidden1 * $a_hidden1
            + $w_Adelie_hidden2 * $a_hidden2
            + $w_Adelie_hidden3 * $a_hidden3
            + $w_Adelie_hidden4 * $a_hidden4
            + $w_Adelie_hidden5 * $a_hidden5
            + $w_Adelie_hidden6 * $a_hidden6;
        $z_Chinstrap =
            $b_Chinstrap
            + $w_Chinstrap_hidden1 * $a_hidden1
            + $w_Chinstrap_hidden2 * $a_hidden2
            + $w_Chinstrap_hidden3 * $a_hidden3
            + $w_Chinstrap_hidden4 * $a_hidden4
            + $w_Chinstrap_hidden5 * $a_hidden5
            + $w_Chinstrap_hidden6 * $a_hidden6;
        $z_Gentoo =
            $b_Gentoo
            + $w_Gentoo_hidden1 * $a_hidden1
            + $w_Gentoo_hidden2 * $a_hidden2
            + $w_Gentoo_hidden3 * $a_hidden3
            + $w_Gentoo_hidden4 * $a_hidden4
            + $w_Gentoo_hidden5 * $a_hidden5
            + $w_Gentoo_hidden6 * $a_hidden6;
        $top_output = max($z_Adelie, $z_Chinstrap, $z_Gentoo);
        $e_Adelie = exp($z_Adelie - $top_output);
        $e_Chinstrap = exp($z_Chinstrap - $top_output);
        $e_Gentoo = exp($z_Gentoo - $top_output);
        $total_output = $e_Adelie + $e_Chinstrap + $e_Gentoo;
        $a_Adelie = $e_Adelie / $total_output;
        $a_Chinstrap = $e_Chinstrap / $total_output;
        $a_Gentoo = $e_Gentoo / $total_output;

        // the loss: cross_entropy
        $loss =
            $y_Adelie * (log($total_output) - ($z_Adelie - $top_output))
            + $y_Chinstrap * (log($total_output) - ($z_Chinstrap - $top_output))
            + $y_Gentoo * (log($total_output) - ($z_Gentoo - $top_output));
        if ($slopes === null) {
            return $loss;
        }
        // output: the slopes of softmax and of the logarithm cancel, only the difference remains
        $dz_Adelie = $a_Adelie - $y_Adelie;
        $dz_Chinstrap = $a_Chinstrap - $y_Chinstrap;
        $dz_Gentoo = $a_Gentoo - $y_Gentoo;
        $dw_Adelie_hidden1 = $dz_Adelie * $a_hidden1;
        $dw_Adelie_hidden2 = $dz_Adelie * $a_hidden2;
        $dw_Adelie_hidden3 = $dz_Adelie * $a_hidden3;
        $dw_Adelie_hidden4 = $dz_Adelie * $a_hidden4;
        $dw_Adelie_hidden5 = $dz_Adelie * $a_hidden5;
        $dw_Adelie_hidden6 = $dz_Adelie * $a_hidden6;
        $dw_Chinstrap_hidden1 = $dz_Chinstrap * $a_hidden1;
        $dw_Chinstrap_hidden2 = $dz_Chinstrap * $a_hidden2;
        $dw_Chinstrap_hidden3 = $dz_Chinstrap * $a_hidden3;
        $dw_Chinstrap_hidden4 = $dz_Chinstrap * $a_hidden4;
        $dw_Chinstrap_hidden5 = $dz_Chinstrap * $a_hidden5;
        $dw_Chinstrap_hidden6 = $dz_Chinstrap * $a_hidden6;
        $dw_Gentoo_hidden1 = $dz_Gentoo * $a_hidden1;
        $dw_Gentoo_hidden2 = $dz_Gentoo * $a_hidden2;
        $dw_Gentoo_hidden3 = $dz_Gentoo * $a_hidden3;
        $dw_Gentoo_hidden4 = $dz_Gentoo * $a_hidden4;
        $dw_Gentoo_hidden5 = $dz_Gentoo * $a_hidden5;
        $dw_Gentoo_hidden6 = $dz_Gentoo * $a_hidden6;
        $db_Adelie = $dz_Adelie;
        $db_Chinstrap = $dz_Chinstrap;
        $db_Gentoo = $dz_Gentoo;

        // hidden ← output: the error flows back along the same weights
        $da_hidden1 =
            $dz_Adelie * $w_Adelie_hidden1 + $dz_Chinstrap * $w_Chinstrap_hidden1 + $dz_Gentoo * $w_Gentoo_hidden1;
        $da_hidden2 =
            $dz_Adelie * $w_Adelie_hidden2 + $dz_Chinstrap * $w_Chinstrap_hidden2 + $dz_Gentoo * $w_Gentoo_hidden2;
        $da_hidden3 =
            $dz_Adelie * $w_Adelie_hidden3 + $dz_Chinstrap * $w_Chinstrap_hidden3 + $dz_Gentoo * $w_Gentoo_hidden3;
        $da_hidden4 =
            $dz_Adelie * $w_Adelie_hidden4 + $dz_Chinstrap * $w_Chinstrap_hidden4 + $dz_Gentoo * $w_Gentoo_hidden4;
        $da_hidden5 =
            $dz_Adelie * $w_Adelie_hidden5 + $dz_Chinstrap * $w_Chinstrap_hidden5 + $dz_Gentoo * $w_Gentoo_hidden5;
        $da_hidden6 =
            $dz_Adelie * $w_Adelie_hidden6 + $dz_Chinstrap * $w_Chinstrap_hidden6 + $dz_Gentoo * $w_Gentoo_hidden6;
        $dz_hidden1 = $da_hidden1 * (1.0 - $a_hidden1 ** 2.0);
        $dz_hidden2 = $da_hidden2 * (1.0 - $a_hidden2 ** 2.0);
        $dz_hidden3 = $da_hidden3 * (1.0 - $a_hidden3 ** 2.0);
        $dz_hidden4 = $da_hidden4 * (1.0 - $a_hidden4 ** 2.0);
        $dz_hidden5 = $da_hidden5 * (1.0 - $a_hidden5 ** 2.0);
        $dz_hidden6 = $da_hidden6 * (1.0 - $a_hidden6 ** 2.0);
        $dw_hidden1_bill_length = $dz_hidden1 * $bill_length;
        $dw_hidden1_bill_depth = $dz_hidden1 * $bill_depth;
        $dw_hidden1_flipper_length = $dz_hidden1 * $flipper_length;
        $dw_hidden1_body_mass = $dz_hidden1 * $body_mass;
        $dw_hidden1_island_biscoe = $dz_hidden1 * $island_biscoe;
        $dw_hidden1_island_dream = $dz_hidden1 * $island_dream;
        $dw_hidden1_island_torgersen = $dz_hidden1 * $island_torgersen;
        $dw_hidden1_sex_female = $dz_hidden1 * $sex_female;
        $dw_hidden1_sex_male = $dz_hidden1 * $sex_male;
        $dw_hidden1_sex_missing = $dz_hidden1 * $sex_missing;
        $dw_hidden2_bill_length = $dz_hidden2 * $bill_length;
        $dw_hidden2_bill_depth = $dz_hidden2 * $bill_depth;
        $dw_hidden2_flipper_length = $dz_hidden2 * $flipper_length;
        $dw_hidden2_body_mass = $dz_hidden2 * $body_mass;
        $dw_hidden2_island_biscoe = $dz_hidden2 * $island_biscoe;
        $dw_hidden2_island_dream = $dz_hidden2 * $island_dream;
        $dw_hidden2_island_torgersen = $dz_hidden2 * $island_torgersen;
        $dw_hidden2_sex_female = $dz_hidden2 * $sex_female;
        $dw_hidden2_sex_male = $dz_hidden2 * $sex_male;
        $dw_hidden2_sex_missing = $dz_hidden2 * $sex_missing;
        $dw_hidden3_bill_length = $dz_hidden3 * $bill_length;
        $dw_hidden3_bill_depth = $dz_hidden3 * $bill_depth;
        $dw_hidden3_flipper_length = $dz_hidden3 * $flipper_length;
        $dw_hidden3_body_mass = $dz_hidden3 * $body_mass;
        $dw_hidden3_island_biscoe = $dz_hidden3 * $island_biscoe;
        $dw_hidden3_island_dream = $dz_hidden3 * $island_dream;
        $dw_hidden3_island_torgersen = $dz_hidden3 * $island_torgersen;
        $dw_hidden3_sex_female = $dz_hidden3 * $sex_female;
        $dw_hidden3_sex_male = $dz_hidden3 * $sex_male;
        $dw_hidden3_sex_missing = $dz_hidden3 * $sex_missing;
        $dw_hidden4_bill_length = $dz_hidden4 * $bill_length;
        $dw_hidden4_bill_depth = $dz_hidden4 * $bill_depth;
        $dw_hidden4_flipper_length = $dz_hidden4 * $flipper_length;
        $dw_hidden4_body_mass = $dz_hidden4 * $body_mass;
        $dw_hidden4_island_biscoe = $dz_hidden4 * $island_biscoe;
        $dw_hidden4_island_dream = $dz_hidden4 * $island_dream;
        $dw_hidden4_island_torgersen = $dz_hidden4 * $island_torgersen;
        $dw_hidden4_sex_female = $dz_hidden4 * $sex_female;
        $dw_hidden4_sex_male = $dz_hidden4 * $sex_male;
        $dw_hidden4_sex_missing = $dz_hidden4 * $sex_missing;
        $dw_hidden5_bill_length = $dz_hidden5 * $bill_length;
        $dw_hidden5_bill_depth = $dz_hidden5 * $bill_depth;
        $dw_hidden5_flipper_length = $dz_hidden5 * $flipper_length;
        $dw_hidden5_body_mass = $dz_hidden5 * $body_mass;
        $dw_hidden5_island_biscoe = $dz_hidden5 * $island_biscoe;
        $dw_hidden5_island_dream = $dz_hidden5 * $island_dream;
        $dw_hidden5_island_torgersen = $dz_hidden5 * $island_torgersen;
        $dw_hidden5_sex_female = $dz_hidden5 * $sex_female;
        $dw_hidden5_sex_male = $dz_hidden5 * $sex_male;
        $dw_hidden5_sex_missing = $dz_hidden5 * $sex_missing;
        $dw_hidden6_bill_length = $dz_hidden6 * $bill_length;
        $dw_hidden6_bill_depth = $dz_hidden6 * $bill_depth;
        $dw_hidden6_flipper_length = $dz_hidden6 * $flipper_length;
        $dw_hidden6_body_mass = $dz_hidden6 * $body_mass;
        $dw_hidden6_island_biscoe = $dz_hidden6 * $island_biscoe;
        $dw_hidden6_island_dream = $dz_hidden6 * $island_dream;
        $dw_hidden6_island_torgersen = $dz_hidden6 * $island_torgersen;
        $dw_hidden6_sex_female = $dz_hidden6 * $sex_female;
        $dw_hidden6_sex_male = $dz_hidden6 * $sex_male;
        $dw_hidden6_sex_missing = $dz_hidden6 * $sex_missing;
        $db_hidden1 = $dz_hidden1;
        $db_hidden2 = $dz_hidden2;
        $db_hidden3 = $dz_hidden3;
        $db_hidden4 = $dz_hidden4;
        $db_hidden5 = $dz_hidden5;
        $db_hidden6 = $dz_hidden6;

        $slopes[0] += $dw_hidden1_bill_length;
        $slopes[1] += $dw_hidden1_bill_depth;
        $slopes[2] += $dw_hidden1_flipper_length;
        $slopes[3] += $dw_hidden1_body_mass;
        $slopes[4] += $dw_hidden1_island_biscoe;
        $slopes[5] += $dw_hidden1_island_dream;
        $slopes[6] += $dw_hidden1_island_torgersen;
        $slopes[7] += $dw_hidden1_sex_female;
        $slopes[8] += $dw_hidden1_sex_male;
        $slopes[9] += $dw_hidden1_sex_missing;
        $slopes[10] += $dw_hidden2_bill_length;
        $slopes[11] += $dw_hidden2_bill_depth;
        $slopes[12] += $dw_hidden2_flipper_length;
        $slopes[13] += $dw_hidden2_body_mass;
        $slopes[14] += $dw_hidden2_island_biscoe;
        $slopes[15] += $dw_hidden2_island_dream;
        $slopes[16] += $dw_hidden2_island_torgersen;
        $slopes[17] += $dw_hidden2_sex_female;
        $slopes[18] += $dw_hidden2_sex_male;
        $slopes[19] += $dw_hidden2_sex_missing;
        $slopes[20] += $dw_hidden3_bill_length;
        $slopes[21] += $dw_hidden3_bill_depth;
        $slopes[22] += $dw_hidden3_flipper_length;
        $slopes[23] += $dw_hidden3_body_mass;
        $slopes[24] += $dw_hidden3_island_biscoe;
        $slopes[25] += $dw_hidden3_island_dream;
        $slopes[26] += $dw_hidden3_island_torgersen;
        $slopes[27] += $dw_hidden3_sex_female;
        $slopes[28] += $dw_hidden3_sex_male;
        $slopes[29] += $dw_hidden3_sex_missing;
        $slopes[30] += $dw_hidden4_bill_length;
        $slopes[31] += $dw_hidden4_bill_depth;
        $slopes[32] += $dw_hidden4_flipper_length;
        $slopes[33] += $dw_hidden4_body_mass;
        $slopes[34] += $dw_hidden4_island_biscoe;
        $slopes[35] += $dw_hidden4_island_dream;
        $slopes[36] += $dw_hidden4_island_torgersen;
        $slopes[37] += $dw_hidden4_sex_female;
        $slopes[38] += $dw_hidden4_sex_male;
        $slopes[39] += $dw_hidden4_sex_missing;
        $slopes[40] += $dw_hidden5_bill_length;
        $slopes[41] += $dw_hidden5_bill_depth;
        $slopes[42] += $dw_hidden5_flipper_length;
        $slopes[43] += $dw_hidden5_body_mass;
        $slopes[44] += $dw_hidden5_island_biscoe;
        $slopes[45] += $dw_hidden5_island_dream;
        $slopes[46] += $dw_hidden5_island_torgersen;
        $slopes[47] += $dw_hidden5_sex_female;
        $slopes[48] += $dw_hidden5_sex_male;
        $slopes[49] += $dw_hidden5_sex_missing;
        $slopes[50] += $dw_hidden6_bill_length;
        $slopes[51] += $dw_hidden6_bill_depth;
        $slopes[52] += $dw_hidden6_flipper_length;
        $slopes[53] += $dw_hidden6_body_mass;
        $slopes[54] += $dw_hidden6_island_biscoe;
        $slopes[55] += $dw_hidden6_island_dream;
        $slopes[56] += $dw_hidden6_island_torgersen;
        $slopes[57] += $dw_hidden6_sex_female;
        $slopes[58] += $dw_hidden6_sex_male;
        $slopes[59] += $dw_hidden6_sex_missing;
        $slopes[60] += $db_hidden1;
        $slopes[61] += $db_hidden2;
        $slopes[62] += $db_hidden3;
        $slopes[63] += $db_hidden4;
        $slopes[64] += $db_hidden5;
        $slopes[65] += $db_hidden6;
        $slopes[66] += $dw_Adelie_hidden1;
        $slopes[67] += $dw_Adelie_hidden2;
        $slopes[68] += $dw_Adelie_hidden3;
        $slopes[69] += $dw_Adelie_hidden4;
        $slopes[70] += $dw_Adelie_hidden5;
        $slopes[71] += $dw_Adelie_hidden6;
        $slopes[72] += $dw_Chinstrap_hidden1;
        $slopes[73] += $dw_Chinstrap_hidden2;
        $slopes[74] += $dw_Chinstrap_hidden3;
        $slopes[75] += $dw_Chinstrap_hidden4;
        $slopes[76] += $dw_Chinstrap_hidden5;
        $slopes[77] += $dw_Chinstrap_hidden6;
        $slopes[78] += $dw_Gentoo_hidden1;
        $slopes[79] += $dw_Gentoo_hidden2;
        $slopes[80] += $dw_Gentoo_hidden3;
        $slopes[81] += $dw_Gentoo_hidden4;
        $slopes[82] += $dw_Gentoo_hidden5;
        $slopes[83] += $dw_Gentoo_hidden6;
        $slopes[84] += $db_Adelie;
        $slopes[85] += $db_Chinstrap;
        $slopes[86] += $db_Gentoo;
        return $loss;
    }

    // --- Below: training and predictions. ---

    /** The columns of a row, as the data name them. */
    public const COLUMNS = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g', 'island', 'sex'];

    /** The categories of columns, as the data have them. */
    public const CATEGORIES = [
        'island' => ['Biscoe', 'Dream', 'Torgersen'],
        'sex' => ['female', 'male'],
    ];

    /** The classes in the order of the outputs. */
    public const CLASSES = ['Adelie', 'Chinstrap', 'Gentoo'];

    /** The texts that mean a missing value. */
    private const MISSING = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None', '?'];

    /**
     * The inputs of the network for a row of the data: its cells by the names of columns, or in the order of COLUMNS.
     *
     * @param array<mixed> $row
     * @return list<float>
     * @throws InvalidArgumentException
     */
    public static function encode(array $row): array
    {
        $cells = self::cellsOf($row);
        $x = array_fill(0, self::INPUTS, 0.0);

        // bill_length_mm: the median of the training rows in place of a missing value
        $number0 = self::numberOf('bill_length_mm', $cells[0], 44.7);
        $x[0] = ($number0 - 43.97131782945736) / 5.383886291208132;

        // bill_depth_mm: the median of the training rows in place of a missing value
        $number1 = self::numberOf('bill_depth_mm', $cells[1], 17.3);
        $x[1] = ($number1 - 17.134496124031006) / 1.9208797488845832;

        // flipper_length_mm: the median of the training rows in place of a missing value
        $number2 = self::numberOf('flipper_length_mm', $cells[2], 197.0);
        $x[2] = ($number2 - 200.92635658914728) / 14.056034150068182;

        // body_mass_g: the median of the training rows in place of a missing value
        $number3 = self::numberOf('body_mass_g', $cells[3], 4050.0);
        $x[3] = ($number3 - 4219.476744186047) / 811.407893010052;

        // island: 1 for the category of the row, 0 for the others
        $place4 = self::placeIn('island', $cells[4], self::CATEGORIES['island'], null, true);
        if ($place4 < 3) {
            $x[4 + $place4] = 1.0;
        }

        // sex: 1 for the category of the row, 0 for the others
        $place5 = self::placeIn('sex', $cells[5], self::CATEGORIES['sex'], 2, false);
        if ($place5 < 2) {
            $x[7 + $place5] = 1.0;
        }
        if (self::isGap($cells[5], self::CATEGORIES['sex'])) {
            $x[9] = 1.0;
        }
        return $x;
    }

    /**
     * The class that the outputs stand for.
     *
     * @param list<float> $outputs
     * @throws InvalidArgumentException
     */
    public static function decode(array $outputs): string
    {
        self::checkOutputs($outputs);
        $best = 0;
        foreach ($outputs as $i => $output) {
            if ($output > $outputs[$best]) {
                $best = $i;
            }
        }
        return self::CLASSES[$best];
    }

    /**
     * The answer for a row of the data.
     *
     * @param list<float> $params
     * @param array<mixed> $row
     * @throws InvalidArgumentException
     */
    public static function predict(array $params, array $row): string
    {
        return self::decode(self::forward($params, self::encode($row)));
    }

    /**
     * The probability of each of CLASSES for a row of the data.
     *
     * @param list<float> $params
     * @param array<mixed> $row
     * @return list<float>
     * @throws InvalidArgumentException
     */
    public static function predictProba(array $params, array $row): array
    {
        $outputs = self::forward($params, self::encode($row));
        self::checkOutputs($outputs);
        return $outputs;
    }

    /**
     * Refuse outputs that are no numbers: NaN comes of numbers that are too large.
     *
     * @param list<float> $outputs
     * @throws InvalidArgumentException
     */
    private static function checkOutputs(array $outputs): void
    {
        self::checkSize('outputs', count($outputs), self::OUTPUTS);
        foreach ($outputs as $output) {
            if (is_nan($output)) {
                throw self::refused('outputs', 'numbers, not NaN');
            }
        }
    }

    /**
     * The state before the first step.
     *
     * @return State
     */
    public static function initState(): array
    {
        return [
            't' => 0.0,
            'm' => array_fill(0, self::PARAMETERS, 0.0),
            'v' => array_fill(0, self::PARAMETERS, 0.0),
        ];
    }

    /**
     * Make one step of adam, in place.
     *
     * @param list<float> $params
     * @param list<float> $slopes
     * @param State $state
     * @throws InvalidArgumentException
     */
    public static function step(array &$params, array $slopes, array &$state): void
    {
        self::checkSize('params', count($params), self::PARAMETERS);
        self::checkSize('slopes', count($slopes), self::PARAMETERS);
        $state['t']++;
        $t = $state['t'];
        $power1 = 0.9 ** $t;
        $power2 = 0.999 ** $t;
        for ($i = 0; $i < self::PARAMETERS; $i++) {
            $w = $params[$i];
            $g = $slopes[$i];
            $m = $state['m'][$i];
            $v = $state['v'][$i];
            $m = 0.9 * $m + (1.0 - 0.9) * $g;
            $v = 0.999 * $v + (1.0 - 0.999) * $g ** 2.0;
            $w = $w - 0.02 * ($m / (1.0 - $power1)) / (sqrt($v / (1.0 - $power2)) + 1e-08);
            $params[$i] = $w;
            $state['m'][$i] = $m;
            $state['v'][$i] = $v;
        }
    }

    /** What `fit` takes unless its caller says something else. */
    public const EPOCHS = 40;
    public const BATCH_SIZE = 16;
    public const ORDER_SEED = 0;

    /**
     * Make gradient and step in one, in place, and return the loss before the step.
     *
     * @param list<float> $params
     * @param list<float> $x
     * @param list<float> $y
     * @param State $state
     * @throws InvalidArgumentException
     */
    public static function trainStep(array &$params, array $x, array $y, array &$state): float
    {
        self::checkExample($params, $x, $y);
        $slopes = array_fill(0, self::PARAMETERS, 0.0);
        $loss = self::addGradient($params, $x, $y, $slopes);
        self::step($params, $slopes, $state);
        return $loss;
    }

    /**
     * Train on examples, in place, and return the loss of each epoch, measured before each step.
     *
     * Each epoch takes the examples in a new random order, or as they are.
     *
     * @param list<float> $params
     * @param list<list<float>> $xs
     * @param list<list<float>> $ys
     * @param ?callable(int, float, list<float>): mixed $callback
     * @return list<float>
     * @throws InvalidArgumentException
     */
    public static function fit(
        array &$params,
        array $xs,
        array $ys,
        int $epochs = self::EPOCHS,
        ?int $batchSize = self::BATCH_SIZE,
        ?int $seed = self::ORDER_SEED,
        ?callable $callback = null,
    ): array {
        $size = $batchSize ?? count($xs);
        if (count($xs) === 0 || count($xs) !== count($ys) || $size < 1) {
            throw self::refused('xs', 'as many as ys, at least 1, in batches of at least 1');
        }
        self::checkExamples($params, $xs, $ys);
        $places = range(0, count($xs) - 1);
        $epoch = 0;
        $state = self::initState();
        $slopes = array_fill(0, self::PARAMETERS, 0.0);
        $history = [];
        while ($epoch < $epochs) {
            $lossOfEpoch = 0.0;
            $drawn = self::order($places, $seed, $epoch);
            foreach (array_chunk($drawn, $size) as $batch) {
                $whole = count($batch);
                $loss = self::trainBatch($params, $xs, $ys, $batch, $whole, $slopes, $state);
                $lossOfEpoch += $loss * $whole;
            }
            $lossOfEpoch /= count($places);
            $history[] = $lossOfEpoch;
            $epoch++;
            if ($callback !== null && $callback($epoch - 1, $lossOfEpoch, $params)) {
                break;
            }
        }
        return $history;
    }

    /**
     * Make a step on the examples of a batch, in place, and return their loss before the step.
     *
     * @param list<float> $params
     * @param list<list<float>> $xs
     * @param list<list<float>> $ys
     * @param list<int> $batch
     * @param list<float> $slopes
     * @param State $state
     */
    private static function trainBatch(
        array &$params,
        array $xs,
        array $ys,
        array $batch,
        float $whole,
        array &$slopes,
        array &$state,
    ): float {
        $loss = 0.0;
        foreach ($batch as $k) {
            $loss += self::addGradient($params, $xs[$k], $ys[$k], $slopes);
        }
        $loss /= $whole;
        for ($i = 0; $i < self::PARAMETERS; $i++) {
            $slopes[$i] /= $whole;
        }
        self::step($params, $slopes, $state);
        $slopes = array_fill(0, self::PARAMETERS, 0.0);
        return $loss;
    }

    /**
     * Initial parameters: a seed gives the same numbers in the module of every target.
     *
     * @return list<float>
     */
    public static function init(int $seed = self::SEED): array
    {
        $params = array_fill(0, self::PARAMETERS, 0.0);
        for ($i = 0; $i < 60; $i++) {
            $params[$i] = sqrt(6.0 / 16.0) * (2.0 * self::uniform($seed, $i) - 1.0);
        }
        for ($i = 66; $i < 84; $i++) {
            $params[$i] = sqrt(6.0 / 9.0) * (2.0 * self::uniform($seed, $i) - 1.0);
        }
        return $params;
    }

    /**
     * Refuse an example of other sizes.
     *
     * @param list<float> $params
     * @param list<float> $x
     * @param list<float> $y
     * @throws InvalidArgumentException
     */
    private static function checkExample(array $params, array $x, array $y): void
    {
        self::checkSize('params', count($params), self::PARAMETERS);
        self::checkSize('x', count($x), self::INPUTS);
        self::checkSize('y', count($y), self::OUTPUTS);
    }

    /**
     * Refuse examples of other sizes.
     *
     * @param list<float> $params
     * @param list<list<float>> $xs
     * @param list<list<float>> $ys
     * @throws InvalidArgumentException
     */
    private static function checkExamples(array $params, array $xs, array $ys): void
    {
        self::checkSize('params', count($params), self::PARAMETERS);
        for ($k = 0; $k < count($xs); $k++) {
            self::checkSize('xs', count($xs[$k]), self::INPUTS);
            self::checkSize('ys', count($ys[$k]), self::OUTPUTS);
        }
    }

    /** What the caller throws for a wrong argument. */
    private static function refused(string $place, string $expected): InvalidArgumentException
    {
        return new InvalidArgumentException("$place: expected $expected");
    }

    /**
     * Refuse an array of another size.
     *
     * @throws InvalidArgumentException
     */
    private static function checkSize(string $place, int $size, int $expected): void
    {
        if ($size !== $expected) {
            throw self::refused($place, "a list of $expected");
        }
    }

    /** The lower 32 bits of a product of numbers of 32 bits: whole, it would be a float. */
    private static function product32(int $one, int $other): int
    {
        $high = (($one >> 16) * $other) & 0xffff;
        return (($high << 16) + ($one & 0xffff) * $other) & 0xffffffff;
    }

    /**
     * Values in the increasing order of their keys; those with equal keys keep their order.
     *
     * @param list<int> $values
     * @param list<int> $keys
     * @return list<int>
     */
    private static function sortedBy(array $values, array $keys): array
    {
        asort($keys);
        return array_map(fn (int $place): int => $values[$place], array_keys($keys));
    }

    /** The number of a text such as -012.5e3; NaN if it is none. */
    private static function parsed(string $text): float
    {
        if (!is_numeric($text)) {
            return NAN;
        }
        // PHP reads exponents up to 19999, and zeros of the digits may make up for more
        [$mantissa, $power] = [...explode('e', strtolower($text)), '0'];
        [$whole, $decimals] = [...explode('.', $mantissa), ''];
        $digits = ltrim($whole . $decimals, '+-0');
        $power = (int) min(1e9, max(-1e9, (float) $power)) + strlen($digits) - strlen($decimals);
        return (float) (($text[0] === '-' ? '-0.' : '0.') . "{$digits}e$power");
    }

    /**
     * The cells of a row in the order of COLUMNS.
     *
     * @param array<mixed> $row
     * @return list<mixed>
     * @throws InvalidArgumentException
     */
    private static function cellsOf(array $row): array
    {
        if (!array_is_list($row)) {
            $absent = array_diff(self::COLUMNS, array_keys($row));
            if ($absent !== []) {
                throw self::refused('row', 'a cell for each of COLUMNS, also for ' . implode(', ', $absent));
            }
            $row = array_map(fn (string $column): mixed => $row[$column], self::COLUMNS);
        }
        self::checkSize('row', count($row), count(self::COLUMNS));
        return $row;
    }

    /**
     * The texts that stand for a number, as Python writes it: 3 is also 3.0; none if a cell has no finite one.
     *
     * @return list<string>
     */
    private static function numberTexts(mixed $cell): array
    {
        if (!is_int($cell) && !(is_float($cell) && is_finite($cell))) {
            return [];
        }
        if (is_int($cell) || fmod($cell, 1.0) == 0.0) {
            $text = is_int($cell) ? (string) $cell : sprintf('%.0F', $cell + 0.0);
            return [$text, "$text.0"];
        }
        return [preg_replace(['/\.0E/', '/E-(?=.$)/', '/E/'], ['E', 'e-0', 'e'], self::shortest($cell))];
    }

    /** The shortest text that reads back as a number, whatever digits php.ini asks for. */
    private static function shortest(float $number): string
    {
        $digits = (string) ini_set('serialize_precision', '-1');
        $text = var_export($number, true);
        ini_set('serialize_precision', $digits);
        return $text;
    }

    /** The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
    private static function bits(int $seed, int $index): int
    {
        $h = 0;
        foreach ([$index & 0xffffffff, $seed & 0xffffffff] as $word) {
            $h = ($h + $word + 0x9e3779b9) & 0xffffffff;
            $h = self::product32($h ^ ($h >> 16), 0x21f0aaad);
            $h = self::product32($h ^ ($h >> 15), 0x735a2d97);
            $h = $h ^ ($h >> 15);
        }
        return $h;
    }

    /** The index-th random number of this seed, uniform from 0 to 1. */
    private static function uniform(int $seed, int $index): float
    {
        return self::bits($seed, $index) / 4294967296.0;
    }

    /**
     * The places of examples in the order of an epoch: each has a random number, and the smallest comes first.
     *
     * @param list<int> $places
     * @return list<int>
     */
    private static function order(array $places, ?int $seed, int $epoch): array
    {
        if ($seed === null) {
            return $places;
        }
        $numbers = [];
        for ($i = 0; $i < count($places); $i++) {
            $numbers[] = self::bits($seed, $epoch * count($places) + $i);
        }
        return self::sortedBy($places, $numbers);
    }

    /** Whether a value is missing. */
    private static function isMissing(mixed $cell): bool
    {
        if (is_string($cell)) {
            return in_array(trim($cell, " \t\n\v\f\r"), self::MISSING, true);
        }
        if (is_int($cell) || is_float($cell)) {
            return is_nan((float) $cell);
        }
        return $cell === null;
    }

    /**
     * The place of a text among those that are listed; the one after the last if it is not.
     *
     * @param list<string> $listed
     */
    private static function placeOf(string $text, array $listed): int
    {
        foreach ($listed as $place => $one) {
            if (trim($one, " \t\n\v\f\r") === $text) {
                return $place;
            }
        }
        return count($listed);
    }

    /**
     * The number of a column, also one written as a text, or what replaces a missing one.
     *
     * @throws InvalidArgumentException
     */
    private static function numberOf(string $column, mixed $cell, ?float $fill): float
    {
        if (self::isMissing($cell)) {
            if ($fill === null) {
                throw self::refused($column, 'a value, but the value is missing');
            }
            return $fill;
        }
        $found = NAN;
        if (is_int($cell) || is_float($cell)) {
            $found = (float) $cell;
        } elseif (is_string($cell)) {
            $found = self::parsed(trim($cell, " \t\n\v\f\r"));
        }
        if (abs($found) <= 1e100) {
            return $found;
        }
        throw self::refused($column, 'a number up to 1e+100');
    }

    /**
     * Whether a value is missing in a column of texts: one that is listed is not.
     *
     * @param list<string> $listed
     */
    private static function isGap(mixed $cell, array $listed): bool
    {
        return self::isMissing($cell) && self::placeOfCell($cell, $listed) === count($listed);
    }

    /**
     * The place of a value among the texts of a column; that of a missing one is the fill, if there is one.
     *
     * Unknown texts, if the column accepts them, have the place after the last.
     *
     * @param list<string> $listed
     * @throws InvalidArgumentException
     */
    private static function placeIn(string $column, mixed $cell, array $listed, ?int $fill, bool $unknown): int
    {
        if (self::isGap($cell, $listed)) {
            if ($fill === null) {
                throw self::refused($column, 'a value, but the value is missing');
            }
            return $fill;
        }
        $place = self::placeOfCell($cell, $listed);
        if ($place < count($listed) || $unknown) {
            return $place;
        }
        throw self::refused($column, 'one of the texts that are listed for it');
    }

    /**
     * The place of a value among the texts that are listed; the one after the last if it is not.
     *
     * @param list<string> $listed
     */
    private static function placeOfCell(mixed $cell, array $listed): int
    {
        foreach (self::textsOf($cell) as $text) {
            $place = self::placeOf($text, $listed);
            if ($place < count($listed)) {
                return $place;
            }
        }
        return count($listed);
    }

    /**
     * The texts that stand for a value, as Python writes it.
     *
     * @return list<string>
     */
    private static function textsOf(mixed $cell): array
    {
        if (is_string($cell)) {
            return [trim($cell, " \t\n\v\f\r")];
        }
        if (is_bool($cell)) {
            if ($cell) {
                return ['True', 'true'];
            }
            return ['False', 'false'];
        }
        return self::numberTexts($cell);
    }
}
