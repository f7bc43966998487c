<?php

declare(strict_types=1);

namespace Networks;

use InvalidArgumentException;

/**
 * iris, a neural network: its equations forward and backward, and how it learns.
 *
 *     x: 4 -> hidden: 8 tanh -> output: 3 softmax
 *
 * Tells three species of iris apart by four measurements of a flower (Fisher, 1936). Two thirds of the flowers
 * train the network; the others, which it never sees, show what it has learned.
 *
 * Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch. Training: gradient_descent, w = w
 * - rate g, rate = 0.1; 100 epochs in batches of 10.
 *
 * dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target;
 * w_hidden1_sepal_length is the weight that leads to hidden1 from sepal_length.
 *
 * Written by nngen from the spec iris: `nngen build` with that spec writes these bytes again. The file is yours:
 * read it, change it, ship it.
 *
 * Methods refuse wrong arguments with an InvalidArgumentException that names them.
 *
 * @phpstan-type State array{}
 * @phpstan-type Progress array{epochs: int, state: State}
 */
final class Iris
{
    /** The numbers of inputs, outputs and parameters. */
    public const INPUTS = 4;
    public const OUTPUTS = 3;
    public const PARAMETERS = 67;

    /** The seed of initial values in the spec. */
    public const SEED = 1;

    /**
     * The outputs of one example: 4 numbers → setosa, versicolor, virginica.
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
            $w_hidden1_sepal_length, $w_hidden1_sepal_width, $w_hidden1_petal_length, $w_hidden1_petal_width,
            $w_hidden2_sepal_length, $w_hidden2_sepal_width, $w_hidden2_petal_length, $w_hidden2_petal_width,
            $w_hidden3_sepal_length, $w_hidden3_sepal_width, $w_hidden3_petal_length, $w_hidden3_petal_width,
            $w_hidden4_sepal_length, $w_hidden4_sepal_width, $w_hidden4_petal_length, $w_hidden4_petal_width,
            $w_hidden5_sepal_length, $w_hidden5_sepal_width, $w_hidden5_petal_length, $w_hidden5_petal_width,
            $w_hidden6_sepal_length, $w_hidden6_sepal_width, $w_hidden6_petal_length, $w_hidden6_petal_width,
            $w_hidden7_sepal_length, $w_hidden7_sepal_width, $w_hidden7_petal_length, $w_hidden7_petal_width,
            $w_hidden8_sepal_length, $w_hidden8_sepal_width, $w_hidden8_petal_length, $w_hidden8_petal_width,
            $b_hidden1, $b_hidden2, $b_hidden3, $b_hidden4, $b_hidden5, $b_hidden6, $b_hidden7, $b_hidden8,
            $w_setosa_hidden1, $w_setosa_hidden2, $w_setosa_hidden3, $w_setosa_hidden4,
            $w_setosa_hidden5, $w_setosa_hidden6, $w_setosa_hidden7, $w_setosa_hidden8,
            $w_versicolor_hidden1, $w_versicolor_hidden2, $w_versicolor_hidden3, $w_versicolor_hidden4,
            $w_versicolor_hidden5, $w_versicolor_hidden6, $w_versicolor_hidden7, $w_versicolor_hidden8,
            $w_virginica_hidden1, $w_virginica_hidden2, $w_virginica_hidden3, $w_virginica_hidden4,
            $w_virginica_hidden5, $w_virginica_hidden6, $w_virginica_hidden7, $w_virginica_hidden8,
            $b_setosa, $b_versicolor, $b_virginica,
        ] = $params;
        [$sepal_length, $sepal_width, $petal_length, $petal_width] = $x;

        // hidden ← x: weighted sums, then tanh
        $z_hidden1 =
            $b_hidden1
            + $w_hidden1_sepal_length * $sepal_length
            + $w_hidden1_sepal_width * $sepal_width
            + $w_hidden1_petal_length * $petal_length
            + $w_hidden1_petal_width * $petal_width;
        $z_hidden2 =
            $b_hidden2
            + $w_hidden2_sepal_length * $sepal_length
            + $w_hidden2_sepal_width * $sepal_width
            + $w_hidden2_petal_length * $petal_length
            + $w_hidden2_petal_width * $petal_width;
        $z_hidden3 =
            $b_hidden3
            + $w_hidden3_sepal_length * $sepal_length
            + $w_hidden3_sepal_width * $sepal_width
            + $w_hidden3_petal_length * $petal_length
            + $w_hidden3_petal_width * $petal_width;
        $z_hidden4 =
            $b_hidden4
            + $w_hidden4_sepal_length * $sepal_length
            + $w_hidden4_sepal_width * $sepal_width
            + $w_hidden4_petal_length * $petal_length
            + $w_hidden4_petal_width * $petal_width;
        $z_hidden5 =
            $b_hidden5
            + $w_hidden5_sepal_length * $sepal_length
            + $w_hidden5_sepal_width * $sepal_width
            + $w_hidden5_petal_length * $petal_length
            + $w_hidden5_petal_width * $petal_width;
        $z_hidden6 =
            $b_hidden6
            + $w_hidden6_sepal_length * $sepal_length
            + $w_hidden6_sepal_width * $sepal_width
            + $w_hidden6_petal_length * $petal_length
            + $w_hidden6_petal_width * $petal_width;
        $z_hidden7 =
            $b_hidden7
            + $w_hidden7_sepal_length * $sepal_length
            + $w_hidden7_sepal_width * $sepal_width
            + $w_hidden7_petal_length * $petal_length
            + $w_hidden7_petal_width * $petal_width;
        $z_hidden8 =
            $b_hidden8
            + $w_hidden8_sepal_length * $sepal_length
            + $w_hidden8_sepal_width * $sepal_width
            + $w_hidden8_petal_length * $petal_length
            + $w_hidden8_petal_width * $petal_width;
        $a_hidden1 = tanh($z_hidden1);
        $a_hidden2 = tanh($z_hidden2);
        $a_hidden3 = tanh($z_hidden3);
        $a_hidden4 = tanh($z_hidden4);
        $a_hidden5 = tanh($z_hidden5);
        $a_hidden6 = tanh($z_hidden6);
        $a_hidden7 = tanh($z_hidden7);
        $a_hidden8 = tanh($z_hidden8);

        // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
        $z_setosa =
            $b_setosa
            + $w_setosa_hidden1 * $a_hidden1
            + $w_setosa_hidden2 * $a_hidden2
            + $w_setosa_hidden3 * $a_hidden3
            + $w_setosa_hidden4 * $a_hidden4
            + $w_setosa_hidden5 * $a_hidden5
            + $w_setosa_hidden6 * $a_hidden6
            + $w_setosa_hidden7 * $a_hidden7
            + $w_setosa_hidden8 * $a_hidden8;
        $z_versicolor =
            $b_versicolor
            + $w_versicolor_hidden1 * $a_hidden1
            + $w_versicolor_hidden2 * $a_hidden2
            + $w_versicolor_hidden3 * $a_hidden3
            + $w_versicolor_hidden4 * $a_hidden4
            + $w_versicolor_hidden5 * $a_hidden5
            + $w_versicolor_hidden6 * $a_hidden6
            + $w_versicolor_hidden7 * $a_hidden7
            + $w_versicolor_hidden8 * $a_hidden8;
        $z_virginica =
            $b_virginica
            + $w_virginica_hidden1 * $a_hidden1
            + $w_virginica_hidden2 * $a_hidden2
            + $w_virginica_hidden3 * $a_hidden3
            + $w_virginica_hidden4 * $a_hidden4
            + $w_virginica_hidden5 * $a_hidden5
            + $w_virginica_hidden6 * $a_hidden6
            + $w_virginica_hidden7 * $a_hidden7
            + $w_virginica_hidden8 * $a_hidden8;
        $top_output = max($z_setosa, $z_versicolor, $z_virginica);
        $e_setosa = exp($z_setosa - $top_output);
        $e_versicolor = exp($z_versicolor - $top_output);
        $e_virginica = exp($z_virginica - $top_output);
        $total_output = $e_setosa + $e_versicolor + $e_virginica;
        $a_setosa = $e_setosa / $total_output;
        $a_versicolor = $e_versicolor / $total_output;
        $a_virginica = $e_virginica / $total_output;

        return [$a_setosa, $a_versicolor, $a_virginica];
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
            $w_hidden1_sepal_length, $w_hidden1_sepal_width, $w_hidden1_petal_length, $w_hidden1_petal_width,
            $w_hidden2_sepal_length, $w_hidden2_sepal_width, $w_hidden2_petal_length, $w_hidden2_petal_width,
            $w_hidden3_sepal_length, $w_hidden3_sepal_width, $w_hidden3_petal_length, $w_hidden3_petal_width,
            $w_hidden4_sepal_length, $w_hidden4_sepal_width, $w_hidden4_petal_length, $w_hidden4_petal_width,
            $w_hidden5_sepal_length, $w_hidden5_sepal_width, $w_hidden5_petal_length, $w_hidden5_petal_width,
            $w_hidden6_sepal_length, $w_hidden6_sepal_width, $w_hidden6_petal_length, $w_hidden6_petal_width,
            $w_hidden7_sepal_length, $w_hidden7_sepal_width, $w_hidden7_petal_length, $w_hidden7_petal_width,
            $w_hidden8_sepal_length, $w_hidden8_sepal_width, $w_hidden8_petal_length, $w_hidden8_petal_width,
            $b_hidden1, $b_hidden2, $b_hidden3, $b_hidden4, $b_hidden5, $b_hidden6, $b_hidden7, $b_hidden8,
            $w_setosa_hidden1, $w_setosa_hidden2, $w_setosa_hidden3, $w_setosa_hidden4,
            $w_setosa_hidden5, $w_setosa_hidden6, $w_setosa_hidden7, $w_setosa_hidden8,
            $w_versicolor_hidden1, $w_versicolor_hidden2, $w_versicolor_hidden3, $w_versicolor_hidden4,
            $w_versicolor_hidden5, $w_versicolor_hidden6, $w_versicolor_hidden7, $w_versicolor_hidden8,
            $w_virginica_hidden1, $w_virginica_hidden2, $w_virginica_hidden3, $w_virginica_hidden4,
            $w_virginica_hidden5, $w_virginica_hidden6, $w_virginica_hidden7, $w_virginica_hidden8,
            $b_setosa, $b_versicolor, $b_virginica,
        ] = $params;
        [$sepal_length, $sepal_width, $petal_length, $petal_width] = $x;
        [$y_setosa, $y_versicolor, $y_virginica] = $y;

        // hidden ← x: weighted sums, then tanh
        $z_hidden1 =
            $b_hidden1
            + $w_hidden1_sepal_length * $sepal_length
            + $w_hidden1_sepal_width * $sepal_width
            + $w_hidden1_petal_length * $petal_length
            + $w_hidden1_petal_width * $petal_width;
        $z_hidden2 =
            $b_hidden2
            + $w_hidden2_sepal_length * $sepal_length
            + $w_hidden2_sepal_width * $sepal_width
            + $w_hidden2_petal_length * $petal_length
            + $w_hidden2_petal_width * $petal_width;
        $z_hidden3 =
            $b_hidden3
            + $w_hidden3_sepal_length * $sepal_length
            + $w_hidden3_sepal_width * $sepal_width
            + $w_hidden3_petal_length * $petal_length
            + $w_hidden3_petal_width * $petal_width;
        $z_hidden4 =
            $b_hidden4
            + $w_hidden4_sepal_length * $sepal_length
            + $w_hidden4_sepal_width * $sepal_width
            + $w_hidden4_petal_length * $petal_length
            + $w_hidden4_petal_width * $petal_width;
        $z_hidden5 =
            $b_hidden5
            + $w_hidden5_sepal_length * $sepal_length
            + $w_hidden5_sepal_width * $sepal_width
            + $w_hidden5_petal_length * $petal_length
            + $w_hidden5_petal_width * $petal_width;
        $z_hidden6 =
            $b_hidden6
            + $w_hidden6_sepal_length * $sepal_length
            + $w_hidden6_sepal_width * $sepal_width
            + $w_hidden6_petal_length * $petal_length
            + $w_hidden6_petal_width * $petal_width;
        $z_hidden7 =
            $b_hidden7
            + $w_hidden7_sepal_length * $sepal_length
            + $w_hidden7_sepal_width * $sepal_width
            + $w_hidden7_petal_length * $petal_length
            + $w_hidden7_petal_width * $petal_width;
        $z_hidden8 =
            $b_hidden8
            + $w_hidden8_sepal_length * $sepal_length
            + $w_hidden8_sepal_width * $sepal_width
            + $w_hidden8_petal_length * $petal_length
            + $w_hidden8_petal_width * $petal_width;
        $a_hidden1 = tanh($z_hidden1);
        $a_hidden2 = tanh($z_hidden2);
        $a_hidden3 = tanh($z_hidden3);
        $a_hidden4 = tanh($z_hidden4);
        $a_hidden5 = tanh($z_hidden5);
        $a_hidden6 = tanh($z_hidden6);
        $a_hidden7 = tanh($z_hidden7);
        $a_hidden8 = tanh($z_hidden8);

        // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
        $z_setosa =
            $b_setosa
            + $w_setosa_hidden1 * $a_hidden1
            + $w_setosa_hidden2 * $a_hidden2
            + $w_setosa_hidden3 * $a_hidden3
            + $w_setosa_hidden4 * $a_hidden4
            + $w_setosa_hidden5 * $a_hidden5
            + $w_setosa_hidden6 * $a_hidden6
            + $w_setosa_hidden7 * $a_hidden7
            + $w_setosa_hidden8 * $a_hidden8;
        $z_versicolor =
            $b_versicolor
            + $w_versicolor_hidden1 * $a_hidden1
            + $w_versicolor_hidden2 * $a_hidden2
            + $w_versicolor_hidden3 * $a_hidden3
            + $w_versicolor_hidden4 * $a_hidden4
            + $w_versicolor_hidden5 * $a_hidden5
            + $w_versicolor_hidden6 * $a_hidden6
            + $w_versicolor_hidden7 * $a_hidden7
            + $w_versicolor_hidden8 * $a_hidden8;
        $z_virginica =
            $b_virginica
            + $w_virginica_hidden1 * $a_hidden1
            + $w_virginica_hidden2 * $a_hidden2
            + $w_virginica_hidden3 * $a_hidden3
            + $w_virginica_hidden4 * $a_hidden4
            + $w_virginica_hidden5 * $a_hidden5
            + $w_virginica_hidden6 * $a_hidden6
            + $w_virginica_hidden7 * $a_hidden7
            + $w_virginica_hidden8 * $a_hidden8;
        $top_output = max($z_setosa, $z_versicolor, $z_virginica);
        $e_setosa = exp($z_setosa - $top_output);
        $e_versicolor = exp($z_versicolor - $top_output);
        $e_virginica = exp($z_virginica - $top_output);
        $total_output = $e_setosa + $e_versicolor + $e_virginica;
        $a_setosa = $e_setosa / $total_output;
        $a_versicolor = $e_versicolor / $total_output;
        $a_virginica = $e_virginica / $total_output;

        // the loss: cross_entropy
        $loss =
            $y_setosa * (log($total_output) - ($z_setosa - $top_output))
            + $y_versicolor * (log($total_output) - ($z_versicolor - $top_output))
            + $y_virginica * (log($total_output) - ($z_virginica - $top_output));
        if ($slopes === null) {
            return $loss;
        }
        // output: the slopes of softmax and of the logarithm cancel, only the difference remains
        $dz_setosa = $a_setosa - $y_setosa;
        $dz_versicolor = $a_versicolor - $y_versicolor;
        $dz_virginica = $a_virginica - $y_virginica;
        $dw_setosa_hidden1 = $dz_setosa * $a_hidden1;
        $dw_setosa_hidden2 = $dz_setosa * $a_hidden2;
        $dw_setosa_hidden3 = $dz_setosa * $a_hidden3;
        $dw_setosa_hidden4 = $dz_setosa * $a_hidden4;
        $dw_setosa_hidden5 = $dz_setosa * $a_hidden5;
        $dw_setosa_hidden6 = $dz_setosa * $a_hidden6;
        $dw_setosa_hidden7 = $dz_setosa * $a_hidden7;
        $dw_setosa_hidden8 = $dz_setosa * $a_hidden8;
        $dw_versicolor_hidden1 = $dz_versicolor * $a_hidden1;
        $dw_versicolor_hidden2 = $dz_versicolor * $a_hidden2;
        $dw_versicolor_hidden3 = $dz_versicolor * $a_hidden3;
        $dw_versicolor_hidden4 = $dz_versicolor * $a_hidden4;
        $dw_versicolor_hidden5 = $dz_versicolor * $a_hidden5;
        $dw_versicolor_hidden6 = $dz_versicolor * $a_hidden6;
        $dw_versicolor_hidden7 = $dz_versicolor * $a_hidden7;
        $dw_versicolor_hidden8 = $dz_versicolor * $a_hidden8;
        $dw_virginica_hidden1 = $dz_virginica * $a_hidden1;
        $dw_virginica_hidden2 = $dz_virginica * $a_hidden2;
        $dw_virginica_hidden3 = $dz_virginica * $a_hidden3;
        $dw_virginica_hidden4 = $dz_virginica * $a_hidden4;
        $dw_virginica_hidden5 = $dz_virginica * $a_hidden5;
        $dw_virginica_hidden6 = $dz_virginica * $a_hidden6;
        $dw_virginica_hidden7 = $dz_virginica * $a_hidden7;
        $dw_virginica_hidden8 = $dz_virginica * $a_hidden8;
        $db_setosa = $dz_setosa;
        $db_versicolor = $dz_versicolor;
        $db_virginica = $dz_virginica;

        // hidden ← output: the error flows back along the same weights
        $da_hidden1 =
            $dz_setosa * $w_setosa_hidden1
            + $dz_versicolor * $w_versicolor_hidden1
            + $dz_virginica * $w_virginica_hidden1;
        $da_hidden2 =
            $dz_setosa * $w_setosa_hidden2
            + $dz_versicolor * $w_versicolor_hidden2
            + $dz_virginica * $w_virginica_hidden2;
        $da_hidden3 =
            $dz_setosa * $w_setosa_hidden3
            + $dz_versicolor * $w_versicolor_hidden3
            + $dz_virginica * $w_virginica_hidden3;
        $da_hidden4 =
            $dz_setosa * $w_setosa_hidden4
            + $dz_versicolor * $w_versicolor_hidden4
            + $dz_virginica * $w_virginica_hidden4;
        $da_hidden5 =
            $dz_setosa * $w_setosa_hidden5
            + $dz_versicolor * $w_versicolor_hidden5
            + $dz_virginica * $w_virginica_hidden5;
        $da_hidden6 =
            $dz_setosa * $w_setosa_hidden6
            + $dz_versicolor * $w_versicolor_hidden6
            + $dz_virginica * $w_virginica_hidden6;
        $da_hidden7 =
            $dz_setosa * $w_setosa_hidden7
            + $dz_versicolor * $w_versicolor_hidden7
            + $dz_virginica * $w_virginica_hidden7;
        $da_hidden8 =
            $dz_setosa * $w_setosa_hidden8
            + $dz_versicolor * $w_versicolor_hidden8
            + $dz_virginica * $w_virginica_hidden8;
        $dz_hidden1 = $da_hidden1 * (1.0 - $a_hidden1 ** 2.0);
        $dz_hidden2 = $da_hidden2 * (1.0 - $a_hidden2 ** 2.0);
        $dz_hidden3 = $da_hidden3 * (1.0 - $a_hidden3 ** 2.0);
        $dz_hidden4 = $da_hidden4 * (1.0 - $a_hidden4 ** 2.0);
        $dz_hidden5 = $da_hidden5 * (1.0 - $a_hidden5 ** 2.0);
        $dz_hidden6 = $da_hidden6 * (1.0 - $a_hidden6 ** 2.0);
        $dz_hidden7 = $da_hidden7 * (1.0 - $a_hidden7 ** 2.0);
        $dz_hidden8 = $da_hidden8 * (1.0 - $a_hidden8 ** 2.0);
        $dw_hidden1_sepal_length = $dz_hidden1 * $sepal_length;
        $dw_hidden1_sepal_width = $dz_hidden1 * $sepal_width;
        $dw_hidden1_petal_length = $dz_hidden1 * $petal_length;
        $dw_hidden1_petal_width = $dz_hidden1 * $petal_width;
        $dw_hidden2_sepal_length = $dz_hidden2 * $sepal_length;
        $dw_hidden2_sepal_width = $dz_hidden2 * $sepal_width;
        $dw_hidden2_petal_length = $dz_hidden2 * $petal_length;
        $dw_hidden2_petal_width = $dz_hidden2 * $petal_width;
        $dw_hidden3_sepal_length = $dz_hidden3 * $sepal_length;
        $dw_hidden3_sepal_width = $dz_hidden3 * $sepal_width;
        $dw_hidden3_petal_length = $dz_hidden3 * $petal_length;
        $dw_hidden3_petal_width = $dz_hidden3 * $petal_width;
        $dw_hidden4_sepal_length = $dz_hidden4 * $sepal_length;
        $dw_hidden4_sepal_width = $dz_hidden4 * $sepal_width;
        $dw_hidden4_petal_length = $dz_hidden4 * $petal_length;
        $dw_hidden4_petal_width = $dz_hidden4 * $petal_width;
        $dw_hidden5_sepal_length = $dz_hidden5 * $sepal_length;
        $dw_hidden5_sepal_width = $dz_hidden5 * $sepal_width;
        $dw_hidden5_petal_length = $dz_hidden5 * $petal_length;
        $dw_hidden5_petal_width = $dz_hidden5 * $petal_width;
        $dw_hidden6_sepal_length = $dz_hidden6 * $sepal_length;
        $dw_hidden6_sepal_width = $dz_hidden6 * $sepal_width;
        $dw_hidden6_petal_length = $dz_hidden6 * $petal_length;
        $dw_hidden6_petal_width = $dz_hidden6 * $petal_width;
        $dw_hidden7_sepal_length = $dz_hidden7 * $sepal_length;
        $dw_hidden7_sepal_width = $dz_hidden7 * $sepal_width;
        $dw_hidden7_petal_length = $dz_hidden7 * $petal_length;
        $dw_hidden7_petal_width = $dz_hidden7 * $petal_width;
        $dw_hidden8_sepal_length = $dz_hidden8 * $sepal_length;
        $dw_hidden8_sepal_width = $dz_hidden8 * $sepal_width;
        $dw_hidden8_petal_length = $dz_hidden8 * $petal_length;
        $dw_hidden8_petal_width = $dz_hidden8 * $petal_width;
        $db_hidden1 = $dz_hidden1;
        $db_hidden2 = $dz_hidden2;
        $db_hidden3 = $dz_hidden3;
        $db_hidden4 = $dz_hidden4;
        $db_hidden5 = $dz_hidden5;
        $db_hidden6 = $dz_hidden6;
        $db_hidden7 = $dz_hidden7;
        $db_hidden8 = $dz_hidden8;

        $slopes[0] += $dw_hidden1_sepal_length;
        $slopes[1] += $dw_hidden1_sepal_width;
        $slopes[2] += $dw_hidden1_petal_length;
        $slopes[3] += $dw_hidden1_petal_width;
        $slopes[4] += $dw_hidden2_sepal_length;
        $slopes[5] += $dw_hidden2_sepal_width;
        $slopes[6] += $dw_hidden2_petal_length;
        $slopes[7] += $dw_hidden2_petal_width;
        $slopes[8] += $dw_hidden3_sepal_length;
        $slopes[9] += $dw_hidden3_sepal_width;
        $slopes[10] += $dw_hidden3_petal_length;
        $slopes[11] += $dw_hidden3_petal_width;
        $slopes[12] += $dw_hidden4_sepal_length;
        $slopes[13] += $dw_hidden4_sepal_width;
        $slopes[14] += $dw_hidden4_petal_length;
        $slopes[15] += $dw_hidden4_petal_width;
        $slopes[16] += $dw_hidden5_sepal_length;
        $slopes[17] += $dw_hidden5_sepal_width;
        $slopes[18] += $dw_hidden5_petal_length;
        $slopes[19] += $dw_hidden5_petal_width;
        $slopes[20] += $dw_hidden6_sepal_length;
        $slopes[21] += $dw_hidden6_sepal_width;
        $slopes[22] += $dw_hidden6_petal_length;
        $slopes[23] += $dw_hidden6_petal_width;
        $slopes[24] += $dw_hidden7_sepal_length;
        $slopes[25] += $dw_hidden7_sepal_width;
        $slopes[26] += $dw_hidden7_petal_length;
        $slopes[27] += $dw_hidden7_petal_width;
        $slopes[28] += $dw_hidden8_sepal_length;
        $slopes[29] += $dw_hidden8_sepal_width;
        $slopes[30] += $dw_hidden8_petal_length;
        $slopes[31] += $dw_hidden8_petal_width;
        $slopes[32] += $db_hidden1;
        $slopes[33] += $db_hidden2;
        $slopes[34] += $db_hidden3;
        $slopes[35] += $db_hidden4;
        $slopes[36] += $db_hidden5;
        $slopes[37] += $db_hidden6;
        $slopes[38] += $db_hidden7;
        $slopes[39] += $db_hidden8;
        $slopes[40] += $dw_setosa_hidden1;
        $slopes[41] += $dw_setosa_hidden2;
        $slopes[42] += $dw_setosa_hidden3;
        $slopes[43] += $dw_setosa_hidden4;
        $slopes[44] += $dw_setosa_hidden5;
        $slopes[45] += $dw_setosa_hidden6;
        $slopes[46] += $dw_setosa_hidden7;
        $slopes[47] += $dw_setosa_hidden8;
        $slopes[48] += $dw_versicolor_hidden1;
        $slopes[49] += $dw_versicolor_hidden2;
        $slopes[50] += $dw_versicolor_hidden3;
        $slopes[51] += $dw_versicolor_hidden4;
        $slopes[52] += $dw_versicolor_hidden5;
        $slopes[53] += $dw_versicolor_hidden6;
        $slopes[54] += $dw_versicolor_hidden7;
        $slopes[55] += $dw_versicolor_hidden8;
        $slopes[56] += $dw_virginica_hidden1;
        $slopes[57] += $dw_virginica_hidden2;
        $slopes[58] += $dw_virginica_hidden3;
        $slopes[59] += $dw_virginica_hidden4;
        $slopes[60] += $dw_virginica_hidden5;
        $slopes[61] += $dw_virginica_hidden6;
        $slopes[62] += $dw_virginica_hidden7;
        $slopes[63] += $dw_virginica_hidden8;
        $slopes[64] += $db_setosa;
        $slopes[65] += $db_versicolor;
        $slopes[66] += $db_virginica;
        return $loss;
    }

    // --- Below: training and predictions. ---

    /** What is subtracted from each number of the data. */
    private const SUBTRACT = [5.855, 3.03, 3.8169999999999997, 1.2329999999999999];

    /** What the rest is divided by. */
    private const DIVIDE = [0.865028901251282, 0.420356991139674, 1.7515167712585569, 0.7607962933663649];

    /**
     * The inputs of the network, from the numbers of the data.
     *
     * @param list<float> $x
     * @return list<float>
     * @throws InvalidArgumentException
     */
    public static function scale(array $x): array
    {
        self::checkSize('x', count($x), self::INPUTS);
        $scaled = array_fill(0, self::INPUTS, 0.0);
        foreach ($x as $i => $value) {
            $scaled[$i] = ($value - self::SUBTRACT[$i]) / self::DIVIDE[$i];
        }
        return $scaled;
    }

    /** The columns of a row, as the data name them. */
    public const COLUMNS = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];

    /** The classes in the order of the outputs. */
    public const CLASSES = ['setosa', 'versicolor', 'virginica'];

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
        foreach (self::COLUMNS as $i => $column) {
            $number = self::numberOf($column, $cells[$i], null);
            $x[$i] = $number;
        }
        return self::scale($x);
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
        return [];
    }

    /**
     * Make one step of gradient_descent, in place.
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
        for ($i = 0; $i < self::PARAMETERS; $i++) {
            $params[$i] = $params[$i] - 0.1 * $slopes[$i];
        }
    }

    /** What `fit` takes unless its caller says something else. */
    public const EPOCHS = 100;
    public const BATCH_SIZE = 10;
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
        for ($i = 0; $i < 32; $i++) {
            $params[$i] = sqrt(6.0 / 12.0) * (2.0 * self::uniform($seed, $i) - 1.0);
        }
        for ($i = 40; $i < 64; $i++) {
            $params[$i] = sqrt(6.0 / 11.0) * (2.0 * self::uniform($seed, $i) - 1.0);
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
}
