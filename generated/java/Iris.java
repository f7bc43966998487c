import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * iris, a neural network: its equations forward and backward, and how it learns.
 * <pre>{@code
 * x: 4 -> hidden: 8 tanh -> output: 3 softmax
 * }</pre>
 * <p>
 * Tells three species of iris apart by four measurements of a flower (Fisher, 1936). Two thirds
 * of the flowers train the network; the others, which it never sees, show what it has learned.
 * <p>
 * Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch. Training:
 * gradient_descent, w = w - rate g, rate = 0.1; 100 epochs in batches of 10.
 * <p>
 * dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a
 * target; w_hidden1_sepal_length is the weight that leads to hidden1 from sepal_length.
 * <p>
 * Written by nngen from the spec iris: {@code nngen build} with that spec writes these bytes
 * again. The file is yours: read it, change it, ship it.
 * <p>
 * Methods refuse wrong arguments with an IllegalArgumentException that names them.
 */
public final class Iris {
    /** The number of inputs. */
    public static final int INPUTS = 4;
    /** The number of outputs. */
    public static final int OUTPUTS = 3;
    /** The number of parameters. */
    public static final int PARAMETERS = 67;

    /** The seed of initial values in the spec. */
    public static final long SEED = 1L;

    private Iris() {}

    /**
     * The outputs of one example: 4 numbers → setosa, versicolor, virginica.
     *
     * @param params all parameters
     * @param x the inputs
     * @return the outputs
     */
    public static double[] forward(double[] params, double[] x) {
        checkSize("params", params.length, PARAMETERS);
        checkSize("x", x.length, INPUTS);
        double w_hidden1_sepal_length = params[0];
        double w_hidden1_sepal_width = params[1];
        double w_hidden1_petal_length = params[2];
        double w_hidden1_petal_width = params[3];
        double w_hidden2_sepal_length = params[4];
        double w_hidden2_sepal_width = params[5];
        double w_hidden2_petal_length = params[6];
        double w_hidden2_petal_width = params[7];
        double w_hidden3_sepal_length = params[8];
        double w_hidden3_sepal_width = params[9];
        double w_hidden3_petal_length = params[10];
        double w_hidden3_petal_width = params[11];
        double w_hidden4_sepal_length = params[12];
        double w_hidden4_sepal_width = params[13];
        double w_hidden4_petal_length = params[14];
        double w_hidden4_petal_width = params[15];
        double w_hidden5_sepal_length = params[16];
        double w_hidden5_sepal_width = params[17];
        double w_hidden5_petal_length = params[18];
        double w_hidden5_petal_width = params[19];
        double w_hidden6_sepal_length = params[20];
        double w_hidden6_sepal_width = params[21];
        double w_hidden6_petal_length = params[22];
        double w_hidden6_petal_width = params[23];
        double w_hidden7_sepal_length = params[24];
        double w_hidden7_sepal_width = params[25];
        double w_hidden7_petal_length = params[26];
        double w_hidden7_petal_width = params[27];
        double w_hidden8_sepal_length = params[28];
        double w_hidden8_sepal_width = params[29];
        double w_hidden8_petal_length = params[30];
        double w_hidden8_petal_width = params[31];
        double b_hidden1 = params[32];
        double b_hidden2 = params[33];
        double b_hidden3 = params[34];
        double b_hidden4 = params[35];
        double b_hidden5 = params[36];
        double b_hidden6 = params[37];
        double b_hidden7 = params[38];
        double b_hidden8 = params[39];
        double w_setosa_hidden1 = params[40];
        double w_setosa_hidden2 = params[41];
        double w_setosa_hidden3 = params[42];
        double w_setosa_hidden4 = params[43];
        double w_setosa_hidden5 = params[44];
        double w_setosa_hidden6 = params[45];
        double w_setosa_hidden7 = params[46];
        double w_setosa_hidden8 = params[47];
        double w_versicolor_hidden1 = params[48];
        double w_versicolor_hidden2 = params[49];
        double w_versicolor_hidden3 = params[50];
        double w_versicolor_hidden4 = params[51];
        double w_versicolor_hidden5 = params[52];
        double w_versicolor_hidden6 = params[53];
        double w_versicolor_hidden7 = params[54];
        double w_versicolor_hidden8 = params[55];
        double w_virginica_hidden1 = params[56];
        double w_virginica_hidden2 = params[57];
        double w_virginica_hidden3 = params[58];
        double w_virginica_hidden4 = params[59];
        double w_virginica_hidden5 = params[60];
        double w_virginica_hidden6 = params[61];
        double w_virginica_hidden7 = params[62];
        double w_virginica_hidden8 = params[63];
        double b_setosa = params[64];
        double b_versicolor = params[65];
        double b_virginica = params[66];
        double sepal_length = x[0];
        double sepal_width = x[1];
        double petal_length = x[2];
        double petal_width = x[3];

        // hidden ← x: weighted sums, then tanh
        double z_hidden1 =
            b_hidden1
            + w_hidden1_sepal_length * sepal_length
            + w_hidden1_sepal_width * sepal_width
            + w_hidden1_petal_length * petal_length
            + w_hidden1_petal_width * petal_width;
        double z_hidden2 =
            b_hidden2
            + w_hidden2_sepal_length * sepal_length
            + w_hidden2_sepal_width * sepal_width
            + w_hidden2_petal_length * petal_length
            + w_hidden2_petal_width * petal_width;
        double z_hidden3 =
            b_hidden3
            + w_hidden3_sepal_length * sepal_length
            + w_hidden3_sepal_width * sepal_width
            + w_hidden3_petal_length * petal_length
            + w_hidden3_petal_width * petal_width;
        double z_hidden4 =
            b_hidden4
            + w_hidden4_sepal_length * sepal_length
            + w_hidden4_sepal_width * sepal_width
            + w_hidden4_petal_length * petal_length
            + w_hidden4_petal_width * petal_width;
        double z_hidden5 =
            b_hidden5
            + w_hidden5_sepal_length * sepal_length
            + w_hidden5_sepal_width * sepal_width
            + w_hidden5_petal_length * petal_length
            + w_hidden5_petal_width * petal_width;
        double z_hidden6 =
            b_hidden6
            + w_hidden6_sepal_length * sepal_length
            + w_hidden6_sepal_width * sepal_width
            + w_hidden6_petal_length * petal_length
            + w_hidden6_petal_width * petal_width;
        double z_hidden7 =
            b_hidden7
            + w_hidden7_sepal_length * sepal_length
            + w_hidden7_sepal_width * sepal_width
            + w_hidden7_petal_length * petal_length
            + w_hidden7_petal_width * petal_width;
        double z_hidden8 =
            b_hidden8
            + w_hidden8_sepal_length * sepal_length
            + w_hidden8_sepal_width * sepal_width
            + w_hidden8_petal_length * petal_length
            + w_hidden8_petal_width * petal_width;
        double a_hidden1 = StrictMath.tanh(z_hidden1);
        double a_hidden2 = StrictMath.tanh(z_hidden2);
        double a_hidden3 = StrictMath.tanh(z_hidden3);
        double a_hidden4 = StrictMath.tanh(z_hidden4);
        double a_hidden5 = StrictMath.tanh(z_hidden5);
        double a_hidden6 = StrictMath.tanh(z_hidden6);
        double a_hidden7 = StrictMath.tanh(z_hidden7);
        double a_hidden8 = StrictMath.tanh(z_hidden8);

        // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
        // overflow)
        double z_setosa =
            b_setosa
            + w_setosa_hidden1 * a_hidden1
            + w_setosa_hidden2 * a_hidden2
            + w_setosa_hidden3 * a_hidden3
            + w_setosa_hidden4 * a_hidden4
            + w_setosa_hidden5 * a_hidden5
            + w_setosa_hidden6 * a_hidden6
            + w_setosa_hidden7 * a_hidden7
            + w_setosa_hidden8 * a_hidden8;
        double z_versicolor =
            b_versicolor
            + w_versicolor_hidden1 * a_hidden1
            + w_versicolor_hidden2 * a_hidden2
            + w_versicolor_hidden3 * a_hidden3
            + w_versicolor_hidden4 * a_hidden4
            + w_versicolor_hidden5 * a_hidden5
            + w_versicolor_hidden6 * a_hidden6
            + w_versicolor_hidden7 * a_hidden7
            + w_versicolor_hidden8 * a_hidden8;
        double z_virginica =
            b_virginica
            + w_virginica_hidden1 * a_hidden1
            + w_virginica_hidden2 * a_hidden2
            + w_virginica_hidden3 * a_hidden3
            + w_virginica_hidden4 * a_hidden4
            + w_virginica_hidden5 * a_hidden5
            + w_virginica_hidden6 * a_hidden6
            + w_virginica_hidden7 * a_hidden7
            + w_virginica_hidden8 * a_hidden8;
        double top_output = largest(z_setosa, z_versicolor, z_virginica);
        double e_setosa = StrictMath.exp(z_setosa - top_output);
        double e_versicolor = StrictMath.exp(z_versicolor - top_output);
        double e_virginica = StrictMath.exp(z_virginica - top_output);
        double total_output = e_setosa + e_versicolor + e_virginica;
        double a_setosa = e_setosa / total_output;
        double a_versicolor = e_versicolor / total_output;
        double a_virginica = e_virginica / total_output;

        return new double[] {a_setosa, a_versicolor, a_virginica};
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
        double w_hidden1_sepal_length = params[0];
        double w_hidden1_sepal_width = params[1];
        double w_hidden1_petal_length = params[2];
        double w_hidden1_petal_width = params[3];
        double w_hidden2_sepal_length = params[4];
        double w_hidden2_sepal_width = params[5];
        double w_hidden2_petal_length = params[6];
        double w_hidden2_petal_width = params[7];
        double w_hidden3_sepal_length = params[8];
        double w_hidden3_sepal_width = params[9];
        double w_hidden3_petal_length = params[10];
        double w_hidden3_petal_width = params[11];
        double w_hidden4_sepal_length = params[12];
        double w_hidden4_sepal_width = params[13];
        double w_hidden4_petal_length = params[14];
        double w_hidden4_petal_width = params[15];
        double w_hidden5_sepal_length = params[16];
        double w_hidden5_sepal_width = params[17];
        double w_hidden5_petal_length = params[18];
        double w_hidden5_petal_width = params[19];
        double w_hidden6_sepal_length = params[20];
        double w_hidden6_sepal_width = params[21];
        double w_hidden6_petal_length = params[22];
        double w_hidden6_petal_width = params[23];
        double w_hidden7_sepal_length = params[24];
        double w_hidden7_sepal_width = params[25];
        double w_hidden7_petal_length = params[26];
        double w_hidden7_petal_width = params[27];
        double w_hidden8_sepal_length = params[28];
        double w_hidden8_sepal_width = params[29];
        double w_hidden8_petal_length = params[30];
        double w_hidden8_petal_width = params[31];
        double b_hidden1 = params[32];
        double b_hidden2 = params[33];
        double b_hidden3 = params[34];
        double b_hidden4 = params[35];
        double b_hidden5 = params[36];
        double b_hidden6 = params[37];
        double b_hidden7 = params[38];
        double b_hidden8 = params[39];
        double w_setosa_hidden1 = params[40];
        double w_setosa_hidden2 = params[41];
        double w_setosa_hidden3 = params[42];
        double w_setosa_hidden4 = params[43];
        double w_setosa_hidden5 = params[44];
        double w_setosa_hidden6 = params[45];
        double w_setosa_hidden7 = params[46];
        double w_setosa_hidden8 = params[47];
        double w_versicolor_hidden1 = params[48];
        double w_versicolor_hidden2 = params[49];
        double w_versicolor_hidden3 = params[50];
        double w_versicolor_hidden4 = params[51];
        double w_versicolor_hidden5 = params[52];
        double w_versicolor_hidden6 = params[53];
        double w_versicolor_hidden7 = params[54];
        double w_versicolor_hidden8 = params[55];
        double w_virginica_hidden1 = params[56];
        double w_virginica_hidden2 = params[57];
        double w_virginica_hidden3 = params[58];
        double w_virginica_hidden4 = params[59];
        double w_virginica_hidden5 = params[60];
        double w_virginica_hidden6 = params[61];
        double w_virginica_hidden7 = params[62];
        double w_virginica_hidden8 = params[63];
        double b_setosa = params[64];
        double b_versicolor = params[65];
        double b_virginica = params[66];
        double sepal_length = x[0];
        double sepal_width = x[1];
        double petal_length = x[2];
        double petal_width = x[3];
        double y_setosa = y[0];
        double y_versicolor = y[1];
        double y_virginica = y[2];

        // hidden ← x: weighted sums, then tanh
        double z_hidden1 =
            b_hidden1
            + w_hidden1_sepal_length * sepal_length
            + w_hidden1_sepal_width * sepal_width
            + w_hidden1_petal_length * petal_length
            + w_hidden1_petal_width * petal_width;
        double z_hidden2 =
            b_hidden2
            + w_hidden2_sepal_length * sepal_length
            + w_hidden2_sepal_width * sepal_width
            + w_hidden2_petal_length * petal_length
            + w_hidden2_petal_width * petal_width;
        double z_hidden3 =
            b_hidden3
            + w_hidden3_sepal_length * sepal_length
            + w_hidden3_sepal_width * sepal_width
            + w_hidden3_petal_length * petal_length
            + w_hidden3_petal_width * petal_width;
        double z_hidden4 =
            b_hidden4
            + w_hidden4_sepal_length * sepal_length
            + w_hidden4_sepal_width * sepal_width
            + w_hidden4_petal_length * petal_length
            + w_hidden4_petal_width * petal_width;
        double z_hidden5 =
            b_hidden5
            + w_hidden5_sepal_length * sepal_length
            + w_hidden5_sepal_width * sepal_width
            + w_hidden5_petal_length * petal_length
            + w_hidden5_petal_width * petal_width;
        double z_hidden6 =
            b_hidden6
            + w_hidden6_sepal_length * sepal_length
            + w_hidden6_sepal_width * sepal_width
            + w_hidden6_petal_length * petal_length
            + w_hidden6_petal_width * petal_width;
        double z_hidden7 =
            b_hidden7
            + w_hidden7_sepal_length * sepal_length
            + w_hidden7_sepal_width * sepal_width
            + w_hidden7_petal_length * petal_length
            + w_hidden7_petal_width * petal_width;
        double z_hidden8 =
            b_hidden8
            + w_hidden8_sepal_length * sepal_length
            + w_hidden8_sepal_width * sepal_width
            + w_hidden8_petal_length * petal_length
            + w_hidden8_petal_width * petal_width;
        double a_hidden1 = StrictMath.tanh(z_hidden1);
        double a_hidden2 = StrictMath.tanh(z_hidden2);
        double a_hidden3 = StrictMath.tanh(z_hidden3);
        double a_hidden4 = StrictMath.tanh(z_hidden4);
        double a_hidden5 = StrictMath.tanh(z_hidden5);
        double a_hidden6 = StrictMath.tanh(z_hidden6);
        double a_hidden7 = StrictMath.tanh(z_hidden7);
        double a_hidden8 = StrictMath.tanh(z_hidden8);

        // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
        // overflow)
        double z_setosa =
            b_setosa
            + w_setosa_hidden1 * a_hidden1
            + w_setosa_hidden2 * a_hidden2
            + w_setosa_hidden3 * a_hidden3
            + w_setosa_hidden4 * a_hidden4
            + w_setosa_hidden5 * a_hidden5
            + w_setosa_hidden6 * a_hidden6
            + w_setosa_hidden7 * a_hidden7
            + w_setosa_hidden8 * a_hidden8;
        double z_versicolor =
            b_versicolor
            + w_versicolor_hidden1 * a_hidden1
            + w_versicolor_hidden2 * a_hidden2
            + w_versicolor_hidden3 * a_hidden3
            + w_versicolor_hidden4 * a_hidden4
            + w_versicolor_hidden5 * a_hidden5
            + w_versicolor_hidden6 * a_hidden6
            + w_versicolor_hidden7 * a_hidden7
            + w_versicolor_hidden8 * a_hidden8;
        double z_virginica =
            b_virginica
            + w_virginica_hidden1 * a_hidden1
            + w_virginica_hidden2 * a_hidden2
            + w_virginica_hidden3 * a_hidden3
            + w_virginica_hidden4 * a_hidden4
            + w_virginica_hidden5 * a_hidden5
            + w_virginica_hidden6 * a_hidden6
            + w_virginica_hidden7 * a_hidden7
            + w_virginica_hidden8 * a_hidden8;
        double top_output = largest(z_setosa, z_versicolor, z_virginica);
        double e_setosa = StrictMath.exp(z_setosa - top_output);
        double e_versicolor = StrictMath.exp(z_versicolor - top_output);
        double e_virginica = StrictMath.exp(z_virginica - top_output);
        double total_output = e_setosa + e_versicolor + e_virginica;
        double a_setosa = e_setosa / total_output;
        double a_versicolor = e_versicolor / total_output;
        double a_virginica = e_virginica / total_output;

        // the loss: cross_entropy
        double loss =
            y_setosa * (StrictMath.log(total_output) - (z_setosa - top_output))
            + y_versicolor * (StrictMath.log(total_output) - (z_versicolor - top_output))
            + y_virginica * (StrictMath.log(total_output) - (z_virginica - top_output));
        if (slopes == null) {
            return loss;
        }
        // output: the slopes of softmax and of the logarithm cancel, only the difference remains
        double dz_setosa = a_setosa - y_setosa;
        double dz_versicolor = a_versicolor - y_versicolor;
        double dz_virginica = a_virginica - y_virginica;
        double dw_setosa_hidden1 = dz_setosa * a_hidden1;
        double dw_setosa_hidden2 = dz_setosa * a_hidden2;
        double dw_setosa_hidden3 = dz_setosa * a_hidden3;
        double dw_setosa_hidden4 = dz_setosa * a_hidden4;
        double dw_setosa_hidden5 = dz_setosa * a_hidden5;
        double dw_setosa_hidden6 = dz_setosa * a_hidden6;
        double dw_setosa_hidden7 = dz_setosa * a_hidden7;
        double dw_setosa_hidden8 = dz_setosa * a_hidden8;
        double dw_versicolor_hidden1 = dz_versicolor * a_hidden1;
        double dw_versicolor_hidden2 = dz_versicolor * a_hidden2;
        double dw_versicolor_hidden3 = dz_versicolor * a_hidden3;
        double dw_versicolor_hidden4 = dz_versicolor * a_hidden4;
        double dw_versicolor_hidden5 = dz_versicolor * a_hidden5;
        double dw_versicolor_hidden6 = dz_versicolor * a_hidden6;
        double dw_versicolor_hidden7 = dz_versicolor * a_hidden7;
        double dw_versicolor_hidden8 = dz_versicolor * a_hidden8;
        double dw_virginica_hidden1 = dz_virginica * a_hidden1;
        double dw_virginica_hidden2 = dz_virginica * a_hidden2;
        double dw_virginica_hidden3 = dz_virginica * a_hidden3;
        double dw_virginica_hidden4 = dz_virginica * a_hidden4;
        double dw_virginica_hidden5 = dz_virginica * a_hidden5;
        double dw_virginica_hidden6 = dz_virginica * a_hidden6;
        double dw_virginica_hidden7 = dz_virginica * a_hidden7;
        double dw_virginica_hidden8 = dz_virginica * a_hidden8;
        double db_setosa = dz_setosa;
        double db_versicolor = dz_versicolor;
        double db_virginica = dz_virginica;

        // hidden ← output: the error flows back along the same weights
        double da_hidden1 =
            dz_setosa * w_setosa_hidden1
            + dz_versicolor * w_versicolor_hidden1
            + dz_virginica * w_virginica_hidden1;
        double da_hidden2 =
            dz_setosa * w_setosa_hidden2
            + dz_versicolor * w_versicolor_hidden2
            + dz_virginica * w_virginica_hidden2;
        double da_hidden3 =
            dz_setosa * w_setosa_hidden3
            + dz_versicolor * w_versicolor_hidden3
            + dz_virginica * w_virginica_hidden3;
        double da_hidden4 =
            dz_setosa * w_setosa_hidden4
            + dz_versicolor * w_versicolor_hidden4
            + dz_virginica * w_virginica_hidden4;
        double da_hidden5 =
            dz_setosa * w_setosa_hidden5
            + dz_versicolor * w_versicolor_hidden5
            + dz_virginica * w_virginica_hidden5;
        double da_hidden6 =
            dz_setosa * w_setosa_hidden6
            + dz_versicolor * w_versicolor_hidden6
            + dz_virginica * w_virginica_hidden6;
        double da_hidden7 =
            dz_setosa * w_setosa_hidden7
            + dz_versicolor * w_versicolor_hidden7
            + dz_virginica * w_virginica_hidden7;
        double da_hidden8 =
            dz_setosa * w_setosa_hidden8
            + dz_versicolor * w_versicolor_hidden8
            + dz_virginica * w_virginica_hidden8;
        double dz_hidden1 = da_hidden1 * (1.0 - a_hidden1 * a_hidden1);
        double dz_hidden2 = da_hidden2 * (1.0 - a_hidden2 * a_hidden2);
        double dz_hidden3 = da_hidden3 * (1.0 - a_hidden3 * a_hidden3);
        double dz_hidden4 = da_hidden4 * (1.0 - a_hidden4 * a_hidden4);
        double dz_hidden5 = da_hidden5 * (1.0 - a_hidden5 * a_hidden5);
        double dz_hidden6 = da_hidden6 * (1.0 - a_hidden6 * a_hidden6);
        double dz_hidden7 = da_hidden7 * (1.0 - a_hidden7 * a_hidden7);
        double dz_hidden8 = da_hidden8 * (1.0 - a_hidden8 * a_hidden8);
        double dw_hidden1_sepal_length = dz_hidden1 * sepal_length;
        double dw_hidden1_sepal_width = dz_hidden1 * sepal_width;
        double dw_hidden1_petal_length = dz_hidden1 * petal_length;
        double dw_hidden1_petal_width = dz_hidden1 * petal_width;
        double dw_hidden2_sepal_length = dz_hidden2 * sepal_length;
        double dw_hidden2_sepal_width = dz_hidden2 * sepal_width;
        double dw_hidden2_petal_length = dz_hidden2 * petal_length;
        double dw_hidden2_petal_width = dz_hidden2 * petal_width;
        double dw_hidden3_sepal_length = dz_hidden3 * sepal_length;
        double dw_hidden3_sepal_width = dz_hidden3 * sepal_width;
        double dw_hidden3_petal_length = dz_hidden3 * petal_length;
        double dw_hidden3_petal_width = dz_hidden3 * petal_width;
        double dw_hidden4_sepal_length = dz_hidden4 * sepal_length;
        double dw_hidden4_sepal_width = dz_hidden4 * sepal_width;
        double dw_hidden4_petal_length = dz_hidden4 * petal_length;
        double dw_hidden4_petal_width = dz_hidden4 * petal_width;
        double dw_hidden5_sepal_length = dz_hidden5 * sepal_length;
        double dw_hidden5_sepal_width = dz_hidden5 * sepal_width;
        double dw_hidden5_petal_length = dz_hidden5 * petal_length;
        double dw_hidden5_petal_width = dz_hidden5 * petal_width;
        double dw_hidden6_sepal_length = dz_hidden6 * sepal_length;
        double dw_hidden6_sepal_width = dz_hidden6 * sepal_width;
        double dw_hidden6_petal_length = dz_hidden6 * petal_length;
        double dw_hidden6_petal_width = dz_hidden6 * petal_width;
        double dw_hidden7_sepal_length = dz_hidden7 * sepal_length;
        double dw_hidden7_sepal_width = dz_hidden7 * sepal_width;
        double dw_hidden7_petal_length = dz_hidden7 * petal_length;
        double dw_hidden7_petal_width = dz_hidden7 * petal_width;
        double dw_hidden8_sepal_length = dz_hidden8 * sepal_length;
        double dw_hidden8_sepal_width = dz_hidden8 * sepal_width;
        double dw_hidden8_petal_length = dz_hidden8 * petal_length;
        double dw_hidden8_petal_width = dz_hidden8 * petal_width;
        double db_hidden1 = dz_hidden1;
        double db_hidden2 = dz_hidden2;
        double db_hidden3 = dz_hidden3;
        double db_hidden4 = dz_hidden4;
        double db_hidden5 = dz_hidden5;
        double db_hidden6 = dz_hidden6;
        double db_hidden7 = dz_hidden7;
        double db_hidden8 = dz_hidden8;

        slopes[0] += dw_hidden1_sepal_length;
        slopes[1] += dw_hidden1_sepal_width;
        slopes[2] += dw_hidden1_petal_length;
        slopes[3] += dw_hidden1_petal_width;
        slopes[4] += dw_hidden2_sepal_length;
        slopes[5] += dw_hidden2_sepal_width;
        slopes[6] += dw_hidden2_petal_length;
        slopes[7] += dw_hidden2_petal_width;
        slopes[8] += dw_hidden3_sepal_length;
        slopes[9] += dw_hidden3_sepal_width;
        slopes[10] += dw_hidden3_petal_length;
        slopes[11] += dw_hidden3_petal_width;
        slopes[12] += dw_hidden4_sepal_length;
        slopes[13] += dw_hidden4_sepal_width;
        slopes[14] += dw_hidden4_petal_length;
        slopes[15] += dw_hidden4_petal_width;
        slopes[16] += dw_hidden5_sepal_length;
        slopes[17] += dw_hidden5_sepal_width;
        slopes[18] += dw_hidden5_petal_length;
        slopes[19] += dw_hidden5_petal_width;
        slopes[20] += dw_hidden6_sepal_length;
        slopes[21] += dw_hidden6_sepal_width;
        slopes[22] += dw_hidden6_petal_length;
        slopes[23] += dw_hidden6_petal_width;
        slopes[24] += dw_hidden7_sepal_length;
        slopes[25] += dw_hidden7_sepal_width;
        slopes[26] += dw_hidden7_petal_length;
        slopes[27] += dw_hidden7_petal_width;
        slopes[28] += dw_hidden8_sepal_length;
        slopes[29] += dw_hidden8_sepal_width;
        slopes[30] += dw_hidden8_petal_length;
        slopes[31] += dw_hidden8_petal_width;
        slopes[32] += db_hidden1;
        slopes[33] += db_hidden2;
        slopes[34] += db_hidden3;
        slopes[35] += db_hidden4;
        slopes[36] += db_hidden5;
        slopes[37] += db_hidden6;
        slopes[38] += db_hidden7;
        slopes[39] += db_hidden8;
        slopes[40] += dw_setosa_hidden1;
        slopes[41] += dw_setosa_hidden2;
        slopes[42] += dw_setosa_hidden3;
        slopes[43] += dw_setosa_hidden4;
        slopes[44] += dw_setosa_hidden5;
        slopes[45] += dw_setosa_hidden6;
        slopes[46] += dw_setosa_hidden7;
        slopes[47] += dw_setosa_hidden8;
        slopes[48] += dw_versicolor_hidden1;
        slopes[49] += dw_versicolor_hidden2;
        slopes[50] += dw_versicolor_hidden3;
        slopes[51] += dw_versicolor_hidden4;
        slopes[52] += dw_versicolor_hidden5;
        slopes[53] += dw_versicolor_hidden6;
        slopes[54] += dw_versicolor_hidden7;
        slopes[55] += dw_versicolor_hidden8;
        slopes[56] += dw_virginica_hidden1;
        slopes[57] += dw_virginica_hidden2;
        slopes[58] += dw_virginica_hidden3;
        slopes[59] += dw_virginica_hidden4;
        slopes[60] += dw_virginica_hidden5;
        slopes[61] += dw_virginica_hidden6;
        slopes[62] += dw_virginica_hidden7;
        slopes[63] += dw_virginica_hidden8;
        slopes[64] += db_setosa;
        slopes[65] += db_versicolor;
        slopes[66] += db_virginica;
        return loss;
    }

    // --- Below: training and predictions. ---

    /** What is subtracted from each number of the data. */
    private static final double[] SUBTRACT = {5.855, 3.03, 3.8169999999999997, 1.2329999999999999};

    /** What the rest is divided by. */
    private static final double[] DIVIDE = {
        0.865028901251282, 0.420356991139674, 1.7515167712585569, 0.7607962933663649,
    };

    /**
     * The inputs of the network, from the numbers of the data.
     *
     * @param x the inputs
     * @return the inputs
     */
    public static double[] scale(double[] x) {
        checkSize("x", x.length, INPUTS);
        double[] scaled = new double[INPUTS];
        for (int i = 0; i < x.length; i++) {
            scaled[i] = (x[i] - SUBTRACT[i]) / DIVIDE[i];
        }
        return scaled;
    }

    /** The columns of a row, as the data name them. */
    public static final List<String> COLUMNS = List.of(
        "sepal_length", "sepal_width", "petal_length", "petal_width"
    );

    /** The classes in the order of the outputs. */
    public static final List<String> CLASSES = List.of("setosa", "versicolor", "virginica");

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
        for (int i = 0; i < COLUMNS.size(); i++) {
            double number = numberOf(COLUMNS.get(i), row[i], null);
            x[i] = number;
        }
        return scale(x);
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

    /** What gradient_descent remembers from step to step: empty. */
    public static final class State {
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
     * Make one step of gradient_descent, in place.
     *
     * @param params all parameters
     * @param slopes gets the derivatives
     * @param state what the optimizer remembers
     */
    public static void step(double[] params, double[] slopes, State state) {
        checkSize("params", params.length, PARAMETERS);
        checkSize("slopes", slopes.length, PARAMETERS);
        for (int i = 0; i < PARAMETERS; i++) {
            params[i] = params[i] - 0.1 * slopes[i];
        }
    }

    /** How {@code fit} trains, by default as the spec says. */
    public static final class Settings {
        /** The number of epochs. */
        public int epochs = 100;
        /** The number of examples of a step; null takes all of them. */
        public Integer batchSize = 10;
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
        for (int i = 0; i < 32; i++) {
            params[i] = Math.sqrt(6.0 / 12.0) * (2.0 * uniform(seed, i) - 1.0);
        }
        for (int i = 40; i < 64; i++) {
            params[i] = Math.sqrt(6.0 / 11.0) * (2.0 * uniform(seed, i) - 1.0);
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
}
