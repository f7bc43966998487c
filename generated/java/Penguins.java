import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * penguins, a neural network: its equations forward and backward, and how it learns.
 * <pre>{@code
 * x: 10 -> hidden: 6 tanh -> output: 3 softmax
 * }</pre>
 * <p>
 * Tells three species of penguins apart by measurements of their bodies, by their island and by
 * their sex (Gorman, Williams and Fraser, PLoS ONE 9, 2014). Some values are missing.
 * <p>
 * Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch. Training:
 * adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) +
 * epsilon), rate = 0.02, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 40 epochs in batches of
 * 16.
 * <p>
 * dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a
 * target; w_hidden1_bill_length is the weight that leads to hidden1 from bill_length.
 * <p>
 * Written by nngen from the spec penguins: {@code nngen build} with that spec writes these
 * bytes again. The file is yours: read it, change it, ship it.
 * <p>
 * Methods refuse wrong arguments with an IllegalArgumentException that names them.
 */
public final class Penguins {
    /** The number of inputs. */
    public static final int INPUTS = 10;
    /** The number of outputs. */
    public static final int OUTPUTS = 3;
    /** The number of parameters. */
    public static final int PARAMETERS = 87;

    /** The seed of initial values in the spec. */
    public static final long SEED = 1L;

    private Penguins() {}

    /**
     * The outputs of one example: 10 numbers → Adelie, Chinstrap, Gentoo.
     *
     * @param params all parameters
     * @param x the inputs
     * @return the outputs
     */
    public static double[] forward(double[] params, double[] x) {
        checkSize("params", params.length, PARAMETERS);
        checkSize("x", x.length, INPUTS);
        double w_hidden1_bill_length = params[0];
        double w_hidden1_bill_depth = params[1];
        double w_hidden1_flipper_length = params[2];
        double w_hidden1_body_mass = params[3];
        double w_hidden1_island_biscoe = params[4];
        double w_hidden1_island_dream = params[5];
        double w_hidden1_island_torgersen = params[6];
        double w_hidden1_sex_female = params[7];
        double w_hidden1_sex_male = params[8];
        double w_hidden1_sex_missing = params[9];
        double w_hidden2_bill_length = params[10];
        double w_hidden2_bill_depth = params[11];
        double w_hidden2_flipper_length = params[12];
        double w_hidden2_body_mass = params[13];
        double w_hidden2_island_biscoe = params[14];
        double w_hidden2_island_dream = params[15];
        double w_hidden2_island_torgersen = params[16];
        double w_hidden2_sex_female = params[17];
        double w_hidden2_sex_male = params[18];
        double w_hidden2_sex_missing = params[19];
        double w_hidden3_bill_length = params[20];
        double w_hidden3_bill_depth = params[21];
        double w_hidden3_flipper_length = params[22];
        double w_hidden3_body_mass = params[23];
        double w_hidden3_island_biscoe = params[24];
        double w_hidden3_island_dream = params[25];
        double w_hidden3_island_torgersen = params[26];
        double w_hidden3_sex_female = params[27];
        double w_hidden3_sex_male = params[28];
        double w_hidden3_sex_missing = params[29];
        double w_hidden4_bill_length = params[30];
        double w_hidden4_bill_depth = params[31];
        double w_hidden4_flipper_length = params[32];
        double w_hidden4_body_mass = params[33];
        double w_hidden4_island_biscoe = params[34];
        double w_hidden4_island_dream = params[35];
        double w_hidden4_island_torgersen = params[36];
        double w_hidden4_sex_female = params[37];
        double w_hidden4_sex_male = params[38];
        double w_hidden4_sex_missing = params[39];
        double w_hidden5_bill_length = params[40];
        double w_hidden5_bill_depth = params[41];
        double w_hidden5_flipper_length = params[42];
        double w_hidden5_body_mass = params[43];
        double w_hidden5_island_biscoe = params[44];
        double w_hidden5_island_dream = params[45];
        double w_hidden5_island_torgersen = params[46];
        double w_hidden5_sex_female = params[47];
        double w_hidden5_sex_male = params[48];
        double w_hidden5_sex_missing = params[49];
        double w_hidden6_bill_length = params[50];
        double w_hidden6_bill_depth = params[51];
        double w_hidden6_flipper_length = params[52];
        double w_hidden6_body_mass = params[53];
        double w_hidden6_island_biscoe = params[54];
        double w_hidden6_island_dream = params[55];
        double w_hidden6_island_torgersen = params[56];
        double w_hidden6_sex_female = params[57];
        double w_hidden6_sex_male = params[58];
        double w_hidden6_sex_missing = params[59];
        double b_hidden1 = params[60];
        double b_hidden2 = params[61];
        double b_hidden3 = params[62];
        double b_hidden4 = params[63];
        double b_hidden5 = params[64];
        double b_hidden6 = params[65];
        double w_Adelie_hidden1 = params[66];
        double w_Adelie_hidden2 = params[67];
        double w_Adelie_hidden3 = params[68];
        double w_Adelie_hidden4 = params[69];
        double w_Adelie_hidden5 = params[70];
        double w_Adelie_hidden6 = params[71];
        double w_Chinstrap_hidden1 = params[72];
        double w_Chinstrap_hidden2 = params[73];
        double w_Chinstrap_hidden3 = params[74];
        double w_Chinstrap_hidden4 = params[75];
        double w_Chinstrap_hidden5 = params[76];
        double w_Chinstrap_hidden6 = params[77];
        double w_Gentoo_hidden1 = params[78];
        double w_Gentoo_hidden2 = params[79];
        double w_Gentoo_hidden3 = params[80];
        double w_Gentoo_hidden4 = params[81];
        double w_Gentoo_hidden5 = params[82];
        double w_Gentoo_hidden6 = params[83];
        double b_Adelie = params[84];
        double b_Chinstrap = params[85];
        double b_Gentoo = params[86];
        double bill_length = x[0];
        double bill_depth = x[1];
        double flipper_length = x[2];
        double body_mass = x[3];
        double island_biscoe = x[4];
        double island_dream = x[5];
        double island_torgersen = x[6];
        double sex_female = x[7];
        double sex_male = x[8];
        double sex_missing = x[9];

        // hidden ← x: weighted sums, then tanh
        double z_hidden1 =
            b_hidden1
            + w_hidden1_bill_length * bill_length
            + w_hidden1_bill_depth * bill_depth
            + w_hidden1_flipper_length * flipper_length
            + w_hidden1_body_mass * body_mass
            + w_hidden1_island_biscoe * island_biscoe
            + w_hidden1_island_dream * island_dream
            + w_hidden1_island_torgersen * island_torgersen
            + w_hidden1_sex_female * sex_female
            + w_hidden1_sex_male * sex_male
            + w_hidden1_sex_missing * sex_missing;
        double z_hidden2 =
            b_hidden2
            + w_hidden2_bill_length * bill_length
            + w_hidden2_bill_depth * bill_depth
            + w_hidden2_flipper_length * flipper_length
            + w_hidden2_body_mass * body_mass
            + w_hidden2_island_biscoe * island_biscoe
            + w_hidden2_island_dream * island_dream
            + w_hidden2_island_torgersen * island_torgersen
            + w_hidden2_sex_female * sex_female
            + w_hidden2_sex_male * sex_male
            + w_hidden2_sex_missing * sex_missing;
        double z_hidden3 =
            b_hidden3
            + w_hidden3_bill_length * bill_length
            + w_hidden3_bill_depth * bill_depth
            + w_hidden3_flipper_length * flipper_length
            + w_hidden3_body_mass * body_mass
            + w_hidden3_island_biscoe * island_biscoe
            + w_hidden3_island_dream * island_dream
            + w_hidden3_island_torgersen * island_torgersen
            + w_hidden3_sex_female * sex_female
            + w_hidden3_sex_male * sex_male
            + w_hidden3_sex_missing * sex_missing;
        double z_hidden4 =
            b_hidden4
            + w_hidden4_bill_length * bill_length
            + w_hidden4_bill_depth * bill_depth
            + w_hidden4_flipper_length * flipper_length
            + w_hidden4_body_mass * body_mass
            + w_hidden4_island_biscoe * island_biscoe
            + w_hidden4_island_dream * island_dream
            + w_hidden4_island_torgersen * island_torgersen
            + w_hidden4_sex_female * sex_female
            + w_hidden4_sex_male * sex_male
            + w_hidden4_sex_missing * sex_missing;
        double z_hidden5 =
            b_hidden5
            + w_hidden5_bill_length * bill_length
            + w_hidden5_bill_depth * bill_depth
            + w_hidden5_flipper_length * flipper_length
            + w_hidden5_body_mass * body_mass
            + w_hidden5_island_biscoe * island_biscoe
            + w_hidden5_island_dream * island_dream
            + w_hidden5_island_torgersen * island_torgersen
            + w_hidden5_sex_female * sex_female
            + w_hidden5_sex_male * sex_male
            + w_hidden5_sex_missing * sex_missing;
        double z_hidden6 =
            b_hidden6
            + w_hidden6_bill_length * bill_length
            + w_hidden6_bill_depth * bill_depth
            + w_hidden6_flipper_length * flipper_length
            + w_hidden6_body_mass * body_mass
            + w_hidden6_island_biscoe * island_biscoe
            + w_hidden6_island_dream * island_dream
            + w_hidden6_island_torgersen * island_torgersen
            + w_hidden6_sex_female * sex_female
            + w_hidden6_sex_male * sex_male
            + w_hidden6_sex_missing * sex_missing;
        double a_hidden1 = StrictMath.tanh(z_hidden1);
        double a_hidden2 = StrictMath.tanh(z_hidden2);
        double a_hidden3 = StrictMath.tanh(z_hidden3);
        double a_hidden4 = StrictMath.tanh(z_hidden4);
        double a_hidden5 = StrictMath.tanh(z_hidden5);
        double a_hidden6 = StrictMath.tanh(z_hidden6);

        // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
        // overflow)
        double z_Adelie =
            b_Adelie
            + w_Adelie_hidden1 * a_hidden1
            + w_Adelie_hidden2 * a_hidden2
            + w_Adelie_hidden3 * a_hidden3
            + w_Adelie_hidden4 * a_hidden4
            + w_Adelie_hidden5 * a_hidden5
            + w_Adelie_hidden6 * a_hidden6;
        double z_Chinstrap =
            b_Chinstrap
            + w_Chinstrap_hidden1 * a_hidden1
            + w_Chinstrap_hidden2 * a_hidden2
            + w_Chinstrap_hidden3 * a_hidden3
            + w_Chinstrap_hidden4 * a_hidden4
            + w_Chinstrap_hidden5 * a_hidden5
            + w_Chinstrap_hidden6 * a_hidden6;
        double z_Gentoo =
            b_Gentoo
            + w_Gentoo_hidden1 * a_hidden1
            + w_Gentoo_hidden2 * a_hidden2
            + w_Gentoo_hidden3 * a_hidden3
            + w_Gentoo_hidden4 * a_hidden4
            + w_Gentoo_hidden5 * a_hidden5
            + w_Gentoo_hidden6 * a_hidden6;
        double top_output = largest(z_Adelie, z_Chinstrap, z_Gentoo);
        double e_Adelie = StrictMath.exp(z_Adelie - top_output);
        double e_Chinstrap = StrictMath.exp(z_Chinstrap - top_output);
        double e_Gentoo = StrictMath.exp(z_Gentoo - top_output);
        double total_output = e_Adelie + e_Chinstrap + e_Gentoo;
        double a_Adelie = e_Adelie / total_output;
        double a_Chinstrap = e_Chinstrap / total_output;
        double a_Gentoo = e_Gentoo / total_output;

        return new double[] {a_Adelie, a_Chinstrap, a_Gentoo};
    }

    /**
     * The loss of one example.
     *
     * @param params all parameters
     * @param x the inputs
     * @param y the targets
     * @return the loss
     */
    public static double loss(double[] params, double[] x, double[] y) {
        return addGradient(params, x, y, null);
    }

    /**
     * The loss, and its slope with respect to each parameter, which replaces what is in {@code
     * slopes}.
     *
     * @param params all parameters
     * @param x the inputs
     * @param y the targets
     * @param slopes gets the derivatives
     * @return the loss
     */
    public static double gradient(double[] params, double[] x, double[] y, double[] slopes) {
        checkSize("slopes", slopes.length, PARAMETERS);
        Arrays.fill(slopes, 0);
        return addGradient(params, x, y, slopes);
    }

    /** The loss; its derivatives are added to the slopes, if there are any. */
    private static double addGradient(double[] params, double[] x, double[] y, double[] slopes) {
        checkSize("params", params.length, PARAMETERS);
        checkSize("x", x.length, INPUTS);
        checkSize("y", y.length, OUTPUTS);
        double w_hidden1_bill_length = params[0];
        double w_hidden1_bill_depth = params[1];
        double w_hidden1_flipper_length = params[2];
        double w_hidden1_body_mass = params[3];
        double w_hidden1_island_biscoe = params[4];
        double w_hidden1_island_dream = params[5];
        double w_hidden1_island_torgersen = params[6];
        double w_hidden1_sex_female = params[7];
        double w_hidden1_sex_male = params[8];
        double w_hidden1_sex_missing = params[9];
        double w_hidden2_bill_length = params[10];
        double w_hidden2_bill_depth = params[11];
        double w_hidden2_flipper_length = params[12];
        double w_hidden2_body_mass = params[13];
        double w_hidden2_island_biscoe = params[14];
        double w_hidden2_island_dream = params[15];
        double w_hidden2_island_torgersen = params[16];
        double w_hidden2_sex_female = params[17];
        double w_hidden2_sex_male = params[18];
        double w_hidden2_sex_missing = params[19];
        double w_hidden3_bill_length = params[20];
        double w_hidden3_bill_depth = params[21];
        double w_hidden3_flipper_length = params[22];
        double w_hidden3_body_mass = params[23];
        double w_hidden3_island_biscoe = params[24];
        double w_hidden3_island_dream = params[25];
        double w_hidden3_island_torgersen = params[26];
        double w_hidden3_sex_female = params[27];
        double w_hidden3_sex_male = params[28];
        double w_hidden3_sex_missing = params[29];
        double w_hidden4_bill_length = params[30];
        double w_hidden4_bill_depth = params[31];
        double w_hidden4_flipper_length = params[32];
        double w_hidden4_body_mass = params[33];
        double w_hidden4_island_biscoe = params[34];
        double w_hidden4_island_dream = params[35];
        double w_hidden4_island_torgersen = params[36];
        double w_hidden4_sex_female = params[37];
        double w_hidden4_sex_male = params[38];
        double w_hidden4_sex_missing = params[39];
        double w_hidden5_bill_length = params[40];
        double w_hidden5_bill_depth = params[41];
        double w_hidden5_flipper_length = params[42];
        double w_hidden5_body_mass = params[43];
        double w_hidden5_island_biscoe = params[44];
        double w_hidden5_island_dream = params[45];
        double w_hidden5_island_torgersen = params[46];
        double w_hidden5_sex_female = params[47];
        double w_hidden5_sex_male = params[48];
        double w_hidden5_sex_missing = params[49];
        double w_hidden6_bill_length = params[50];
        double w_hidden6_bill_depth = params[51];
        double w_hidden6_flipper_length = params[52];
        double w_hidden6_body_mass = params[53];
        double w_hidden6_island_biscoe = params[54];
        double w_hidden6_island_dream = params[55];
        double w_hidden6_island_torgersen = params[56];
        double w_hidden6_sex_female = params[57];
        double w_hidden6_sex_male = params[58];
        double w_hidden6_sex_missing = params[59];
        double b_hidden1 = params[60];
        double b_hidden2 = params[61];
        double b_hidden3 = params[62];
        double b_hidden4 = params[63];
        double b_hidden5 = params[64];
        double b_hidden6 = params[65];
        double w_Adelie_hidden1 = params[66];
        double w_Adelie_hidden2 = params[67];
        double w_Adelie_hidden3 = params[68];
        double w_Adelie_hidden4 = params[69];
        double w_Adelie_hidden5 = params[70];
        double w_Adelie_hidden6 = params[71];
        double w_Chinstrap_hidden1 = params[72];
        double w_Chinstrap_hidden2 = params[73];
        double w_Chinstrap_hidden3 = params[74];
        double w_Chinstrap_hidden4 = params[75];
        double w_Chinstrap_hidden5 = params[76];
        double w_Chinstrap_hidden6 = params[77];
        double w_Gentoo_hidden1 = params[78];
        double w_Gentoo_hidden2 = params[79];
        double w_Gentoo_hidden3 = params[80];
        double w_Gentoo_hidden4 = params[81];
        double w_Gentoo_hidden5 = params[82];
        double w_Gentoo_hidden6 = params[83];
        double b_Adelie = params[84];
        double b_Chinstrap = params[85];
        double b_Gentoo = params[86];
        double bill_length = x[0];
        double bill_depth = x[1];
        double flipper_length = x[2];
        double body_mass = x[3];
        double island_biscoe = x[4];
        double island_dream = x[5];
        double island_torgersen = x[6];
        double sex_female = x[7];
        double sex_male = x[8];
        double sex_missing = x[9];
        double y_Adelie = y[0];
        double y_Chinstrap = y[1];
        double y_Gentoo = y[2];

        // hidden ← x: weighted sums, then tanh
        double z_hidden1 =
            b_hidden1
            + w_hidden1_bill_length * bill_length
            + w_hidden1_bill_depth * bill_depth
            + w_hidden1_flipper_length * flipper_length
            + w_hidden1_body_mass * body_mass
            + w_hidden1_island_biscoe * island_biscoe
            + w_hidden1_island_dream * island_dream
            + w_hidden1_island_torgersen * island_torgersen
            + w_hidden1_sex_female * sex_female
            + w_hidden1_sex_male * sex_male
            + w_hidden1_sex_missing * sex_missing;
        double z_hidden2 =
            b_hidden2
            + w_hidden2_bill_length * bill_length
            + w_hidden2_bill_depth * bill_depth
            + w_hidden2_flipper_length * flipper_length
            + w_hidden2_body_mass * body_mass
            + w_hidden2_island_biscoe * island_biscoe
            + w_hidden2_island_dream * island_dream
            + w_hidden2_island_torgersen * island_torgersen
            + w_hidden2_sex_female * sex_female
            + w_hidden2_sex_male * sex_male
            + w_hidden2_sex_missing * sex_missing;
        double z_hidden3 =
            b_hidden3
            + w_hidden3_bill_length * bill_length
            + w_hidden3_bill_depth * bill_depth
            + w_hidden3_flipper_length * flipper_length
            + w_hidden3_body_mass * body_mass
            + w_hidden3_island_biscoe * island_biscoe
            + w_hidden3_island_dream * island_dream
            + w_hidden3_island_torgersen * island_torgersen
            + w_hidden3_sex_female * sex_female
            + w_hidden3_sex_male * sex_male
            + w_hidden3_sex_missing * sex_missing;
        double z_hidden4 =
            b_hidden4
            + w_hidden4_bill_length * bill_length
            + w_hidden4_bill_depth * bill_depth
            + w_hidden4_flipper_length * flipper_length
            + w_hidden4_body_mass * body_mass
            + w_hidden4_island_biscoe * island_biscoe
            + w_hidden4_island_dream * island_dream
            + w_hidden4_island_torgersen * island_torgersen
            + w_hidden4_sex_female * sex_female
            + w_hidden4_sex_male * sex_male
            + w_hidden4_sex_missing * sex_missing;
        double z_hidden5 =
            b_hidden5
            + w_hidden5_bill_length * bill_length
            + w_hidden5_bill_depth * bill_depth
            + w_hidden5_flipper_length * flipper_length
            + w_hidden5_body_mass * body_mass
            + w_hidden5_island_biscoe * island_biscoe
            + w_hidden5_island_dream * island_dream
            + w_hidden5_island_torgersen * island_torgersen
            + w_hidden5_sex_female * sex_female
            + w_hidden5_sex_male * sex_male
            + w_hidden5_sex_missing * sex_missing;
        double z_hidden6 =
            b_hidden6
            + w_hidden6_bill_length * bill_length
            + w_hidden6_bill_depth * bill_depth
            + w_hidden6_flipper_length * flipper_length
            + w_hidden6_body_mass * body_mass
            + w_hidden6_island_biscoe * island_biscoe
            + w_hidden6_island_dream * island_dream
            + w_hidden6_island_torgersen * island_torgersen
            + w_hidden6_sex_female * sex_female
            + w_hidden6_sex_male * sex_male
            + w_hidden6_sex_missing * sex_missing;
        double a_hidden1 = StrictMath.tanh(z_hidden1);
        double a_hidden2 = StrictMath.tanh(z_hidden2);
        double a_hidden3 = StrictMath.tanh(z_hidden3);
        double a_hidden4 = StrictMath.tanh(z_hidden4);
        double a_hidden5 = StrictMath.tanh(z_hidden5);
        double a_hidden6 = StrictMath.tanh(z_hidden6);

        // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
        // overflow)
        double z_Adelie =
            b_Adelie
            + w_Adelie_hidden1 * a_hidden1
            + w_Adelie_hidden2 * a_hidden2
            + w_Adelie_hidden3 * a_hidden3
            + w_Adelie_hidden4 * a_hidden4
            + w_Adelie_hidden5 * a_hidden5
            + w_Adelie_hidden6 * a_hidden6;
        double z_Chinstrap =
            b_Chinstrap
            + w_Chinstrap_hidden1 * a_hidden1
            + w_Chinstrap_hidden2 * a_hidden2
            + w_Chinstrap_hidden3 * a_hidden3
            + w_Chinstrap_hidden4 * a_hidden4
            + w_Chinstrap_hidden5 * a_hidden5
            + w_Chinstrap_hidden6 * a_hidden6;
        double z_Gentoo =
            b_Gentoo
            + w_Gentoo_hidden1 * a_hidden1
            + w_Gentoo_hidden2 * a_hidden2
            + w_Gentoo_hidden3 * a_hidden3
            + w_Gentoo_hidden4 * a_hidden4
            + w_Gentoo_hidden5 * a_hidden5
            + w_Gentoo_hidden6 * a_hidden6;
        double top_output = largest(z_Adelie, z_Chinstrap, z_Gentoo);
        double e_Adelie = StrictMath.exp(z_Adelie - top_output);
        double e_Chinstrap = StrictMath.exp(z_Chinstrap - top_output);
        double e_Gentoo = StrictMath.exp(z_Gentoo - top_output);
        double total_output = e_Adelie + e_Chinstrap + e_Gentoo;
        double a_Adelie = e_Adelie / total_output;
        double a_Chinstrap = e_Chinstrap / total_output;
        double a_Gentoo = e_Gentoo / total_output;

        // the loss: cross_entropy
        double loss =
            y_Adelie * (StrictMath.log(total_output) - (z_Adelie - top_output))
            + y_Chinstrap * (StrictMath.log(total_output) - (z_Chinstrap - top_output))
            + y_Gentoo * (StrictMath.log(total_output) - (z_Gentoo - top_output));
        if (slopes == null) {
            return loss;
        }
        // output: the slopes of softmax and of the logarithm cancel, only the difference remains
        double dz_Adelie = a_Adelie - y_Adelie;
        double dz_Chinstrap = a_Chinstrap - y_Chinstrap;
        double dz_Gentoo = a_Gentoo - y_Gentoo;
        double dw_Adelie_hidden1 = dz_Adelie * a_hidden1;
        double dw_Adelie_hidden2 = dz_Adelie * a_hidden2;
        double dw_Adelie_hidden3 = dz_Adelie * a_hidden3;
        double dw_Adelie_hidden4 = dz_Adelie * a_hidden4;
        double dw_Adelie_hidden5 = dz_Adelie * a_hidden5;
        double dw_Adelie_hidden6 = dz_Adelie * a_hidden6;
        double dw_Chinstrap_hidden1 = dz_Chinstrap * a_hidden1;
        double dw_Chinstrap_hidden2 = dz_Chinstrap * a_hidden2;
        double dw_Chinstrap_hidden3 = dz_Chinstrap * a_hidden3;
        double dw_Chinstrap_hidden4 = dz_Chinstrap * a_hidden4;
        double dw_Chinstrap_hidden5 = dz_Chinstrap * a_hidden5;
        double dw_Chinstrap_hidden6 = dz_Chinstrap * a_hidden6;
        double dw_Gentoo_hidden1 = dz_Gentoo * a_hidden1;
        double dw_Gentoo_hidden2 = dz_Gentoo * a_hidden2;
        double dw_Gentoo_hidden3 = dz_Gentoo * a_hidden3;
        double dw_Gentoo_hidden4 = dz_Gentoo * a_hidden4;
        double dw_Gentoo_hidden5 = dz_Gentoo * a_hidden5;
        double dw_Gentoo_hidden6 = dz_Gentoo * a_hidden6;
        double db_Adelie = dz_Adelie;
        double db_Chinstrap = dz_Chinstrap;
        double db_Gentoo = dz_Gentoo;

        // hidden ← output: the error flows back along the same weights
        double da_hidden1 =
            dz_Adelie * w_Adelie_hidden1
            + dz_Chinstrap * w_Chinstrap_hidden1
            + dz_Gentoo * w_Gentoo_hidden1;
        double da_hidden2 =
            dz_Adelie * w_Adelie_hidden2
            + dz_Chinstrap * w_Chinstrap_hidden2
            + dz_Gentoo * w_Gentoo_hidden2;
        double da_hidden3 =
            dz_Adelie * w_Adelie_hidden3
            + dz_Chinstrap * w_Chinstrap_hidden3
            + dz_Gentoo * w_Gentoo_hidden3;
        double da_hidden4 =
            dz_Adelie * w_Adelie_hidden4
            + dz_Chinstrap * w_Chinstrap_hidden4
            + dz_Gentoo * w_Gentoo_hidden4;
        double da_hidden5 =
            dz_Adelie * w_Adelie_hidden5
            + dz_Chinstrap * w_Chinstrap_hidden5
            + dz_Gentoo * w_Gentoo_hidden5;
        double da_hidden6 =
            dz_Adelie * w_Adelie_hidden6
            + dz_Chinstrap * w_Chinstrap_hidden6
            + dz_Gentoo * w_Gentoo_hidden6;
        double dz_hidden1 = da_hidden1 * (1.0 - a_hidden1 * a_hidden1);
        double dz_hidden2 = da_hidden2 * (1.0 - a_hidden2 * a_hidden2);
        double dz_hidden3 = da_hidden3 * (1.0 - a_hidden3 * a_hidden3);
        double dz_hidden4 = da_hidden4 * (1.0 - a_hidden4 * a_hidden4);
        double dz_hidden5 = da_hidden5 * (1.0 - a_hidden5 * a_hidden5);
        double dz_hidden6 = da_hidden6 * (1.0 - a_hidden6 * a_hidden6);
        double dw_hidden1_bill_length = dz_hidden1 * bill_length;
        double dw_hidden1_bill_depth = dz_hidden1 * bill_depth;
        double dw_hidden1_flipper_length = dz_hidden1 * flipper_length;
        double dw_hidden1_body_mass = dz_hidden1 * body_mass;
        double dw_hidden1_island_biscoe = dz_hidden1 * island_biscoe;
        double dw_hidden1_island_dream = dz_hidden1 * island_dream;
        double dw_hidden1_island_torgersen = dz_hidden1 * island_torgersen;
        double dw_hidden1_sex_female = dz_hidden1 * sex_female;
        double dw_hidden1_sex_male = dz_hidden1 * sex_male;
        double dw_hidden1_sex_missing = dz_hidden1 * sex_missing;
        double dw_hidden2_bill_length = dz_hidden2 * bill_length;
        double dw_hidden2_bill_depth = dz_hidden2 * bill_depth;
        double dw_hidden2_flipper_length = dz_hidden2 * flipper_length;
        double dw_hidden2_body_mass = dz_hidden2 * body_mass;
        double dw_hidden2_island_biscoe = dz_hidden2 * island_biscoe;
        double dw_hidden2_island_dream = dz_hidden2 * island_dream;
        double dw_hidden2_island_torgersen = dz_hidden2 * island_torgersen;
        double dw_hidden2_sex_female = dz_hidden2 * sex_female;
        double dw_hidden2_sex_male = dz_hidden2 * sex_male;
        double dw_hidden2_sex_missing = dz_hidden2 * sex_missing;
        double dw_hidden3_bill_length = dz_hidden3 * bill_length;
        double dw_hidden3_bill_depth = dz_hidden3 * bill_depth;
        double dw_hidden3_flipper_length = dz_hidden3 * flipper_length;
        double dw_hidden3_body_mass = dz_hidden3 * body_mass;
        double dw_hidden3_island_biscoe = dz_hidden3 * island_biscoe;
        double dw_hidden3_island_dream = dz_hidden3 * island_dream;
        double dw_hidden3_island_torgersen = dz_hidden3 * island_torgersen;
        double dw_hidden3_sex_female = dz_hidden3 * sex_female;
        double dw_hidden3_sex_male = dz_hidden3 * sex_male;
        double dw_hidden3_sex_missing = dz_hidden3 * sex_missing;
        double dw_hidden4_bill_length = dz_hidden4 * bill_length;
        double dw_hidden4_bill_depth = dz_hidden4 * bill_depth;
        double dw_hidden4_flipper_length = dz_hidden4 * flipper_length;
        double dw_hidden4_body_mass = dz_hidden4 * body_mass;
        double dw_hidden4_island_biscoe = dz_hidden4 * island_biscoe;
        double dw_hidden4_island_dream = dz_hidden4 * island_dream;
        double dw_hidden4_island_torgersen = dz_hidden4 * island_torgersen;
        double dw_hidden4_sex_female = dz_hidden4 * sex_female;
        double dw_hidden4_sex_male = dz_hidden4 * sex_male;
        double dw_hidden4_sex_missing = dz_hidden4 * sex_missing;
        double dw_hidden5_bill_length = dz_hidden5 * bill_length;
        double dw_hidden5_bill_depth = dz_hidden5 * bill_depth;
        double dw_hidden5_flipper_length = dz_hidden5 * flipper_length;
        double dw_hidden5_body_mass = dz_hidden5 * body_mass;
        double dw_hidden5_island_biscoe = dz_hidden5 * island_biscoe;
        double dw_hidden5_island_dream = dz_hidden5 * island_dream;
        double dw_hidden5_island_torgersen = dz_hidden5 * island_torgersen;
        double dw_hidden5_sex_female = dz_hidden5 * sex_female;
        double dw_hidden5_sex_male = dz_hidden5 * sex_male;
        double dw_hidden5_sex_missing = dz_hidden5 * sex_missing;
        double dw_hidden6_bill_length = dz_hidden6 * bill_length;
        double dw_hidden6_bill_depth = dz_hidden6 * bill_depth;
        double dw_hidden6_flipper_length = dz_hidden6 * flipper_length;
        double dw_hidden6_body_mass = dz_hidden6 * body_mass;
        double dw_hidden6_island_biscoe = dz_hidden6 * island_biscoe;
        double dw_hidden6_island_dream = dz_hidden6 * island_dream;
        double dw_hidden6_island_torgersen = dz_hidden6 * island_torgersen;
        double dw_hidden6_sex_female = dz_hidden6 * sex_female;
        double dw_hidden6_sex_male = dz_hidden6 * sex_male;
        double dw_hidden6_sex_missing = dz_hidden6 * sex_missing;
        double db_hidden1 = dz_hidden1;
        double db_hidden2 = dz_hidden2;
        double db_hidden3 = dz_hidden3;
        double db_hidden4 = dz_hidden4;
        double db_hidden5 = dz_hidden5;
        double db_hidden6 = dz_hidden6;

        slopes[0] += dw_hidden1_bill_length;
        slopes[1] += dw_hidden1_bill_depth;
        slopes[2] += dw_hidden1_flipper_length;
        slopes[3] += dw_hidden1_body_mass;
        slopes[4] += dw_hidden1_island_biscoe;
        slopes[5] += dw_hidden1_island_dream;
        slopes[6] += dw_hidden1_island_torgersen;
        slopes[7] += dw_hidden1_sex_female;
        slopes[8] += dw_hidden1_sex_male;
        slopes[9] += dw_hidden1_sex_missing;
        slopes[10] += dw_hidden2_bill_length;
        slopes[11] += dw_hidden2_bill_depth;
        slopes[12] += dw_hidden2_flipper_length;
        slopes[13] += dw_hidden2_body_mass;
        slopes[14] += dw_hidden2_island_biscoe;
        slopes[15] += dw_hidden2_island_dream;
        slopes[16] += dw_hidden2_island_torgersen;
        slopes[17] += dw_hidden2_sex_female;
        slopes[18] += dw_hidden2_sex_male;
        slopes[19] += dw_hidden2_sex_missing;
        slopes[20] += dw_hidden3_bill_length;
        slopes[21] += dw_hidden3_bill_depth;
        slopes[22] += dw_hidden3_flipper_length;
        slopes[23] += dw_hidden3_body_mass;
        slopes[24] += dw_hidden3_island_biscoe;
        slopes[25] += dw_hidden3_island_dream;
        slopes[26] += dw_hidden3_island_torgersen;
        slopes[27] += dw_hidden3_sex_female;
        slopes[28] += dw_hidden3_sex_male;
        slopes[29] += dw_hidden3_sex_missing;
        slopes[30] += dw_hidden4_bill_length;
        slopes[31] += dw_hidden4_bill_depth;
        slopes[32] += dw_hidden4_flipper_length;
        slopes[33] += dw_hidden4_body_mass;
        slopes[34] += dw_hidden4_island_biscoe;
        slopes[35] += dw_hidden4_island_dream;
        slopes[36] += dw_hidden4_island_torgersen;
        slopes[37] += dw_hidden4_sex_female;
        slopes[38] += dw_hidden4_sex_male;
        slopes[39] += dw_hidden4_sex_missing;
        slopes[40] += dw_hidden5_bill_length;
        slopes[41] += dw_hidden5_bill_depth;
        slopes[42] += dw_hidden5_flipper_length;
        slopes[43] += dw_hidden5_body_mass;
        slopes[44] += dw_hidden5_island_biscoe;
        slopes[45] += dw_hidden5_island_dream;
        slopes[46] += dw_hidden5_island_torgersen;
        slopes[47] += dw_hidden5_sex_female;
        slopes[48] += dw_hidden5_sex_male;
        slopes[49] += dw_hidden5_sex_missing;
        slopes[50] += dw_hidden6_bill_length;
        slopes[51] += dw_hidden6_bill_depth;
        slopes[52] += dw_hidden6_flipper_length;
        slopes[53] += dw_hidden6_body_mass;
        slopes[54] += dw_hidden6_island_biscoe;
        slopes[55] += dw_hidden6_island_dream;
        slopes[56] += dw_hidden6_island_torgersen;
        slopes[57] += dw_hidden6_sex_female;
        slopes[58] += dw_hidden6_sex_male;
        slopes[59] += dw_hidden6_sex_missing;
        slopes[60] += db_hidden1;
        slopes[61] += db_hidden2;
        slopes[62] += db_hidden3;
        slopes[63] += db_hidden4;
        slopes[64] += db_hidden5;
        slopes[65] += db_hidden6;
        slopes[66] += dw_Adelie_hidden1;
        slopes[67] += dw_Adelie_hidden2;
        slopes[68] += dw_Adelie_hidden3;
        slopes[69] += dw_Adelie_hidden4;
        slopes[70] += dw_Adelie_hidden5;
        slopes[71] += dw_Adelie_hidden6;
        slopes[72] += dw_Chinstrap_hidden1;
        slopes[73] += dw_Chinstrap_hidden2;
        slopes[74] += dw_Chinstrap_hidden3;
        slopes[75] += dw_Chinstrap_hidden4;
        slopes[76] += dw_Chinstrap_hidden5;
        slopes[77] += dw_Chinstrap_hidden6;
        slopes[78] += dw_Gentoo_hidden1;
        slopes[79] += dw_Gentoo_hidden2;
        slopes[80] += dw_Gentoo_hidden3;
        slopes[81] += dw_Gentoo_hidden4;
        slopes[82] += dw_Gentoo_hidden5;
        slopes[83] += dw_Gentoo_hidden6;
        slopes[84] += db_Adelie;
        slopes[85] += db_Chinstrap;
        slopes[86] += db_Gentoo;
        return loss;
    }

    // --- Below: training and predictions. ---

    /** The columns of a row, as the data name them. */
    public static final List<String> COLUMNS = List.of(
        "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex"
    );

    /** The categories of columns, as the data have them. */
    public static final Map<String, List<String>> CATEGORIES = Map.ofEntries(
        Map.entry("island", List.of("Biscoe", "Dream", "Torgersen")),
        Map.entry("sex", List.of("female", "male"))
    );

    /** The classes in the order of the outputs. */
    public static final List<String> CLASSES = List.of("Adelie", "Chinstrap", "Gentoo");

    /** The texts that mean a missing value. */
    private static final List<String> MISSING = List.of(
        "", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?"
    );

    /**
     * The inputs of the network for a row of the data: a cell for each of COLUMNS, which is a
     * Number, a String, a Boolean or null.
     *
     * @param row the cells
     * @return the inputs
     */
    public static double[] encode(Object... row) {
        checkSize("row", row.length, COLUMNS.size());
        double[] x = new double[INPUTS];

        // bill_length_mm: the median of the training rows in place of a missing value
        double number0 = numberOf("bill_length_mm", row[0], 44.7);
        x[0] = (number0 - 43.97131782945736) / 5.383886291208132;

        // bill_depth_mm: the median of the training rows in place of a missing value
        double number1 = numberOf("bill_depth_mm", row[1], 17.3);
        x[1] = (number1 - 17.134496124031006) / 1.9208797488845832;

        // flipper_length_mm: the median of the training rows in place of a missing value
        double number2 = numberOf("flipper_length_mm", row[2], 197.0);
        x[2] = (number2 - 200.92635658914728) / 14.056034150068182;

        // body_mass_g: the median of the training rows in place of a missing value
        double number3 = numberOf("body_mass_g", row[3], 4050.0);
        x[3] = (number3 - 4219.476744186047) / 811.407893010052;

        // island: 1 for the category of the row, 0 for the others
        int place4 = placeIn("island", row[4], CATEGORIES.get("island"), -1, true);
        if (place4 < 3) {
            x[4 + place4] = 1.0;
        }

        // sex: 1 for the category of the row, 0 for the others
        int place5 = placeIn("sex", row[5], CATEGORIES.get("sex"), 2, false);
        if (place5 < 2) {
            x[7 + place5] = 1.0;
        }
        if (isGap(row[5], CATEGORIES.get("sex"))) {
            x[9] = 1.0;
        }
        return x;
    }

    /**
     * The class that the outputs stand for.
     *
     * @param outputs those of the network
     * @return what they stand for
     */
    public static String decode(double[] outputs) {
        checkOutputs(outputs);
        int best = 0;
        for (int i = 0; i < outputs.length; i++) {
            if (outputs[i] > outputs[best]) {
                best = i;
            }
        }
        return CLASSES.get(best);
    }

    /**
     * The answer for a row of the data.
     *
     * @param params all parameters
     * @param row the cells
     * @return the answer
     */
    public static String predict(double[] params, Object... row) {
        return decode(forward(params, encode(row)));
    }

    /**
     * The probability of each of CLASSES for a row of the data.
     *
     * @param params all parameters
     * @param row the cells
     * @return the probability of each class
     */
    public static double[] predictProba(double[] params, Object... row) {
        double[] outputs = forward(params, encode(row));
        checkOutputs(outputs);
        return outputs;
    }

    /** Refuse outputs that are no numbers: NaN comes of numbers that are too large. */
    private static void checkOutputs(double[] outputs) {
        checkSize("outputs", outputs.length, OUTPUTS);
        for (double output : outputs) {
            if (Double.isNaN(output)) {
                throw refused("outputs", "numbers, not NaN");
            }
        }
    }

    /** What adam remembers from step to step: the number of steps, m and v. */
    public static final class State {
        /** The number of steps. */
        public double t;
        /** m of each parameter. */
        public double[] m = new double[PARAMETERS];
        /** v of each parameter. */
        public double[] v = new double[PARAMETERS];
        /** Room for the slopes of {@code trainStep}, as new ones are slow. */
        private final double[] slopes = new double[PARAMETERS];
    }

    /**
     * The state before the first step.
     *
     * @return the state
     */
    public static State initState() {
        return new State();
    }

    /**
     * Make one step of adam, in place.
     *
     * @param params all parameters
     * @param slopes gets the derivatives
     * @param state what the optimizer remembers
     */
    public static void step(double[] params, double[] slopes, State state) {
        checkSize("params", params.length, PARAMETERS);
        checkSize("slopes", slopes.length, PARAMETERS);
        state.t++;
        double t = state.t;
        double power1 = StrictMath.pow(0.9, t);
        double power2 = StrictMath.pow(0.999, t);
        for (int i = 0; i < PARAMETERS; i++) {
            double w = params[i];
            double g = slopes[i];
            double m = state.m[i];
            double v = state.v[i];
            m = 0.9 * m + (1.0 - 0.9) * g;
            v = 0.999 * v + (1.0 - 0.999) * (g * g);
            w = w - 0.02 * (m / (1.0 - power1)) / (Math.sqrt(v / (1.0 - power2)) + 1e-08);
            params[i] = w;
            state.m[i] = m;
            state.v[i] = v;
        }
    }

    /** How {@code fit} trains, by default as the spec says. */
    public static final class Settings {
        /** The number of epochs. */
        public int epochs = 40;
        /** The number of examples of a step; null takes all of them. */
        public Integer batchSize = 16;
        /** Draws the order of the examples; null leaves them as they are. */
        public Long seed = 0L;
    }

    /** What {@code fit} calls after each epoch; true ends training. */
    public interface Callback {
        /**
         * Whether training ends after an epoch.
         *
         * @param epoch its number, from 1
         * @param loss its loss
         * @param params all parameters
         * @return whether training ends
         */
        boolean ends(int epoch, double loss, double[] params);
    }

    /**
     * Make gradient and step in one, in place, and return the loss before the step.
     *
     * @param params all parameters
     * @param x the inputs
     * @param y the targets
     * @param state what the optimizer remembers
     * @return the loss before the step
     */
    public static double trainStep(double[] params, double[] x, double[] y, State state) {
        double[] slopes = noSlopes(state);
        double loss = addGradient(params, x, y, slopes);
        step(params, slopes, state);
        return loss;
    }

    /**
     * Train on examples, in place, and return the loss of each epoch, measured before each step.
     * <p>
     * Each epoch takes the examples in a new random order, or as they are without a seed. After
     * each epoch fit calls the callback, if it is not null.
     *
     * @param params all parameters
     * @param xs the inputs of each example
     * @param ys the targets of each example
     * @param settings how it trains
     * @param callback what is called after each epoch
     * @return the loss of each epoch
     */
    public static double[] fit(
        double[] params,
        double[][] xs,
        double[][] ys,
        Settings settings,
        Callback callback
    ) {
        int size = settings.batchSize == null ? xs.length : settings.batchSize;
        if (xs.length == 0 || xs.length != ys.length || size < 1) {
            throw refused("xs", "as many as ys, at least 1, in batches of at least 1");
        }
        checkSize("params", params.length, PARAMETERS);
        int[] places = IntStream.range(0, xs.length).toArray();
        int epoch = 0;
        State state = initState();
        double[] slopes = new double[PARAMETERS];
        DoubleStream.Builder history = DoubleStream.builder();
        while (epoch < settings.epochs) {
            double lossOfEpoch = 0.0;
            int[] drawn = order(places, settings.seed, epoch);
            for (int first = 0; first < drawn.length; first += size) {
                int[] batch = Arrays.copyOfRange(
                    drawn, first, Math.min(first + size, drawn.length)
                );
                double whole = batch.length;
                double loss = trainBatch(params, xs, ys, batch, whole, slopes, state);
                lossOfEpoch += loss * whole;
            }
            lossOfEpoch /= places.length;
            history.add(lossOfEpoch);
            epoch++;
            if (callback != null && callback.ends(epoch - 1, lossOfEpoch, params)) {
                break;
            }
        }
        return history.build().toArray();
    }

    /** Make a step on the examples of a batch, in place, and return their loss before the step. */
    private static double trainBatch(
        double[] params,
        double[][] xs,
        double[][] ys,
        int[] batch,
        double whole,
        double[] slopes,
        State state
    ) {
        double loss = 0.0;
        for (int k : batch) {
            loss += addGradient(params, xs[k], ys[k], slopes);
        }
        loss /= whole;
        for (int i = 0; i < PARAMETERS; i++) {
            slopes[i] /= whole;
        }
        step(params, slopes, state);
        Arrays.fill(slopes, 0);
        return loss;
    }

    /**
     * Initial parameters: a seed gives the same numbers in the module of every target.
     *
     * @param seed what random numbers begin with
     * @return the parameters
     */
    public static double[] init(long seed) {
        double[] params = new double[PARAMETERS];
        for (int i = 0; i < 60; i++) {
            params[i] = Math.sqrt(6.0 / 16.0) * (2.0 * uniform(seed, i) - 1.0);
        }
        for (int i = 66; i < 84; i++) {
            params[i] = Math.sqrt(6.0 / 9.0) * (2.0 * uniform(seed, i) - 1.0);
        }
        return params;
    }

    /** Derivatives of 0, in the place that a state has for them. */
    private static double[] noSlopes(State state) {
        Arrays.fill(state.slopes, 0);
        return state.slopes;
    }

    /** What the caller throws for a wrong argument. */
    private static IllegalArgumentException refused(String place, String expected) {
        return new IllegalArgumentException(place + ": expected " + expected);
    }

    /** Refuse an array of another size. */
    private static void checkSize(String place, int size, int expected) {
        if (size != expected) {
            throw refused(place, "an array of " + expected);
        }
    }

    /** Values in the increasing order of their keys; those with equal keys keep their order. */
    private static int[] sortedBy(int[] values, long[] keys) {
        long[] ordered = new long[keys.length]; // the number, then the place
        for (int i = 0; i < keys.length; i++) {
            ordered[i] = (keys[i] << 31) + i;
        }
        Arrays.sort(ordered);
        int[] sorted = new int[values.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = values[(int) (ordered[i] & Integer.MAX_VALUE)];
        }
        return sorted;
    }

    /** The numbers of a text in parts, as a class file cannot hold a long one as a whole. */
    private static double[] numbers(String... parts) {
        String[] words = String.join("", parts).split(" ");
        double[] numbers = new double[words.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Double.parseDouble(words[i]);
        }
        return numbers;
    }

    /** A text without what does not count around it. */
    private static String bare(String text) {
        int start = 0;
        int stop = text.length();
        while (start < stop && " \t\n\013\f\r".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (start < stop && " \t\n\013\f\r".indexOf(text.charAt(stop - 1)) >= 0) {
            stop--;
        }
        return text.substring(start, stop);
    }

    /** The number of a text such as -012.5e3; NaN if it is none: parseDouble takes more. */
    private static double parsed(String text) {
        return NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    }

    /** A number as text. */
    private static final Pattern NUMBER =
        Pattern.compile("[+-]?(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?+");

    /** The texts that stand for a number, as Python writes it; none if a cell has no finite one. */
    private static String[] numberTexts(Object cell) {
        if (cell instanceof Long || cell instanceof BigInteger) {
            return new String[] {cell.toString(), cell + ".0"};
        }
        if (!(cell instanceof Number) || !Double.isFinite(((Number) cell).doubleValue())) {
            return new String[] {};
        }
        double number = ((Number) cell).doubleValue();
        if (number % 1.0 == 0.0) {
            String text = new BigDecimal(number).toBigInteger().toString();
            return new String[] {text, text + ".0"};
        }
        return new String[] {shortest(number)};
    }

    /** The shortest text that reads back as this number, which is not whole. */
    private static String shortest(double number) {
        int precision = 1;
        BigDecimal rounded = new BigDecimal(number, new MathContext(precision));
        while (rounded.doubleValue() != number) {
            precision++;
            rounded = new BigDecimal(number, new MathContext(precision));
        }
        if (Math.abs(number) >= 1e-4) {
            return rounded.toPlainString();
        }
        int power = rounded.scale() - rounded.precision() + 1;
        String digits = rounded.scaleByPowerOfTen(power).toPlainString();
        return digits + (power < 10 ? "e-0" : "e-") + power;
    }

    /** The largest number; NaN if one is NaN. */
    private static double largest(double... values) {
        double top = values[0];
        for (double value : values) {
            top = Math.max(top, value);
        }
        return top;
    }

    /** The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
    private static long bits(long seed, int index) {
        long h = 0;
        for (long word : new long[] {index & 0xffffffffL, seed}) {
            h = (h + word + 0x9e3779b9L) & 0xffffffffL;
            h = ((h ^ (h >> 16)) * 0x21f0aaadL) & 0xffffffffL;
            h = ((h ^ (h >> 15)) * 0x735a2d97L) & 0xffffffffL;
            h = h ^ (h >> 15);
        }
        return h;
    }

    /** The index-th random number of this seed, uniform from 0 to 1. */
    private static double uniform(long seed, int index) {
        return bits(seed, index) / 4294967296.0;
    }

    /**
     * The places of examples in the order of an epoch: each has a random number, and the smallest
     * comes first.
     */
    private static int[] order(int[] places, Long seed, int epoch) {
        if (seed == null) {
            return places;
        }
        long[] numbers = new long[places.length];
        for (int i = 0; i < places.length; i++) {
            numbers[i] = bits(seed, epoch * places.length + i);
        }
        return sortedBy(places, numbers);
    }

    /** Whether a value is missing. */
    private static boolean isMissing(Object cell) {
        if (cell instanceof String) {
            return MISSING.contains(bare((String) cell));
        }
        if (cell instanceof Number) {
            return Double.isNaN(((Number) cell).doubleValue());
        }
        return cell == null;
    }

    /** The place of a text among those that are listed; the one after the last if it is not. */
    private static int placeOf(String text, List<String> listed) {
        for (int place = 0; place < listed.size(); place++) {
            if (bare(listed.get(place)).equals(text)) {
                return place;
            }
        }
        return listed.size();
    }

    /** The number of a column, also one written as a text, or what replaces a missing one. */
    private static double numberOf(String column, Object cell, Double fill) {
        if (isMissing(cell)) {
            if (fill == null) {
                throw refused(column, "a value, but the value is missing");
            }
            return fill;
        }
        double found = Double.NaN;
        if (cell instanceof Number) {
            found = ((Number) cell).doubleValue();
        } else if (cell instanceof String) {
            found = parsed(bare((String) cell));
        }
        if (Math.abs(found) <= 1e100) {
            return found;
        }
        throw refused(column, "a number up to 1e+100");
    }

    /** Whether a value is missing in a column of texts: one that is listed is not. */
    private static boolean isGap(Object cell, List<String> listed) {
        return isMissing(cell) && placeOfCell(cell, listed) == listed.size();
    }

    /**
     * The place of a value among the texts of a column; that of a missing one is the fill, if there
     * is one.
     * <p>
     * Unknown texts, if the column accepts them, have the place after the last.
     */
    private static int placeIn(
        String column,
        Object cell,
        List<String> listed,
        int fill,
        boolean unknown
    ) {
        if (isGap(cell, listed)) {
            if (fill < 0) {
                throw refused(column, "a value, but the value is missing");
            }
            return fill;
        }
        int place = placeOfCell(cell, listed);
        if (place < listed.size() || unknown) {
            return place;
        }
        throw refused(column, "one of the texts that are listed for it");
    }

    /**
     * The place of a value among the texts that are listed; the one after the last if it is not.
     */
    private static int placeOfCell(Object cell, List<String> listed) {
        for (String text : textsOf(cell)) {
            int place = placeOf(text, listed);
            if (place < listed.size()) {
                return place;
            }
        }
        return listed.size();
    }

    /** The texts that stand for a value, as Python writes it. */
    private static String[] textsOf(Object cell) {
        if (cell instanceof String) {
            return new String[] {bare((String) cell)};
        }
        if (cell instanceof Boolean) {
            if ((Boolean) cell) {
                return new String[] {"True", "true"};
            }
            return new String[] {"False", "false"};
        }
        return numberTexts(cell);
    }
}
