using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Networks
{
    /// <summary>
    /// iris, a neural network: its equations forward and backward, and how it learns.
    /// </summary>
    /// <remarks>
    /// <code>x: 4 -&gt; hidden: 8 tanh -&gt; output: 3 softmax</code>
    /// <para>
    /// Tells three species of iris apart by four measurements of a flower (Fisher, 1936). Two
    /// thirds of the flowers train the network; the others, which it never sees, show what it
    /// has learned.
    /// </para>
    /// <para>
    /// Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
    /// Training: gradient_descent, w = w - rate g, rate = 0.1; 100 epochs in batches of 10.
    /// </para>
    /// <para>
    /// Methods throw an <c>ArgumentException</c> for what they refuse: its <c>ParamName</c> is
    /// an argument, a column of a row, or <c>file</c>.
    /// </para>
    /// <para>
    /// dX is the derivative of the loss with respect to X. z is a weighted sum, a an
    /// activation, y a target; w_hidden1_sepal_length is the weight that leads to hidden1 from
    /// sepal_length.
    /// </para>
    /// <para>
    /// Written by nngen from the spec iris: <c>nngen build</c> with that spec writes these
    /// bytes again. The file is yours: read it, change it, ship it.
    /// </para>
    /// </remarks>
    public static class Iris
    {
        /// <summary>The number of inputs.</summary>
        public const int Inputs = 4;

        /// <summary>The number of outputs.</summary>
        public const int Outputs = 3;

        /// <summary>The number of parameters, in the order of <c>Layout</c>.</summary>
        public const int Parameters = 67;

        /// <summary>The network, then the rows and columns of each matrix.</summary>
        public const string Layout =
            "iris "
            + "W_hidden[hidden1..hidden8, 8][sepal_length sepal_width petal_length "
            + "petal_width] "
            + "b_hidden[hidden1..hidden8, 8] "
            + "W_output[setosa versicolor virginica][hidden1..hidden8, 8] "
            + "b_output[setosa versicolor virginica]";

        /// <summary>The seed of initial values in the spec.</summary>
        public const uint Seed = 1;

        /// <summary>
        /// The outputs of one example: 4 numbers → setosa, versicolor, virginica.
        /// </summary>
        public static double[] Forward(double[] parameters, double[] x)
        {
            CheckSize(parameters, Parameters, "parameters");
            CheckSize(x, Inputs, "x");
            double w_hidden1_sepal_length = parameters[0], w_hidden1_sepal_width = parameters[1];
            double w_hidden1_petal_length = parameters[2], w_hidden1_petal_width = parameters[3];
            double w_hidden2_sepal_length = parameters[4], w_hidden2_sepal_width = parameters[5];
            double w_hidden2_petal_length = parameters[6], w_hidden2_petal_width = parameters[7];
            double w_hidden3_sepal_length = parameters[8], w_hidden3_sepal_width = parameters[9];
            double w_hidden3_petal_length = parameters[10], w_hidden3_petal_width = parameters[11];
            double w_hidden4_sepal_length = parameters[12], w_hidden4_sepal_width = parameters[13];
            double w_hidden4_petal_length = parameters[14], w_hidden4_petal_width = parameters[15];
            double w_hidden5_sepal_length = parameters[16], w_hidden5_sepal_width = parameters[17];
            double w_hidden5_petal_length = parameters[18], w_hidden5_petal_width = parameters[19];
            double w_hidden6_sepal_length = parameters[20], w_hidden6_sepal_width = parameters[21];
            double w_hidden6_petal_length = parameters[22], w_hidden6_petal_width = parameters[23];
            double w_hidden7_sepal_length = parameters[24], w_hidden7_sepal_width = parameters[25];
            double w_hidden7_petal_length = parameters[26], w_hidden7_petal_width = parameters[27];
            double w_hidden8_sepal_length = parameters[28], w_hidden8_sepal_width = parameters[29];
            double w_hidden8_petal_length = parameters[30], w_hidden8_petal_width = parameters[31];
            double b_hidden1 = parameters[32], b_hidden2 = parameters[33];
            double b_hidden3 = parameters[34], b_hidden4 = parameters[35];
            double b_hidden5 = parameters[36], b_hidden6 = parameters[37];
            double b_hidden7 = parameters[38], b_hidden8 = parameters[39];
            double w_setosa_hidden1 = parameters[40], w_setosa_hidden2 = parameters[41];
            double w_setosa_hidden3 = parameters[42], w_setosa_hidden4 = parameters[43];
            double w_setosa_hidden5 = parameters[44], w_setosa_hidden6 = parameters[45];
            double w_setosa_hidden7 = parameters[46], w_setosa_hidden8 = parameters[47];
            double w_versicolor_hidden1 = parameters[48], w_versicolor_hidden2 = parameters[49];
            double w_versicolor_hidden3 = parameters[50], w_versicolor_hidden4 = parameters[51];
            double w_versicolor_hidden5 = parameters[52], w_versicolor_hidden6 = parameters[53];
            double w_versicolor_hidden7 = parameters[54], w_versicolor_hidden8 = parameters[55];
            double w_virginica_hidden1 = parameters[56], w_virginica_hidden2 = parameters[57];
            double w_virginica_hidden3 = parameters[58], w_virginica_hidden4 = parameters[59];
            double w_virginica_hidden5 = parameters[60], w_virginica_hidden6 = parameters[61];
            double w_virginica_hidden7 = parameters[62], w_virginica_hidden8 = parameters[63];
            double b_setosa = parameters[64], b_versicolor = parameters[65];
            double b_virginica = parameters[66];
            double sepal_length = x[0], sepal_width = x[1], petal_length = x[2], petal_width = x[3];

            // hidden ← x: weighted sums, then tanh
            double z_hidden1 = b_hidden1
                + w_hidden1_sepal_length * sepal_length
                + w_hidden1_sepal_width * sepal_width
                + w_hidden1_petal_length * petal_length
                + w_hidden1_petal_width * petal_width;
            double z_hidden2 = b_hidden2
                + w_hidden2_sepal_length * sepal_length
                + w_hidden2_sepal_width * sepal_width
                + w_hidden2_petal_length * petal_length
                + w_hidden2_petal_width * petal_width;
            double z_hidden3 = b_hidden3
                + w_hidden3_sepal_length * sepal_length
                + w_hidden3_sepal_width * sepal_width
                + w_hidden3_petal_length * petal_length
                + w_hidden3_petal_width * petal_width;
            double z_hidden4 = b_hidden4
                + w_hidden4_sepal_length * sepal_length
                + w_hidden4_sepal_width * sepal_width
                + w_hidden4_petal_length * petal_length
                + w_hidden4_petal_width * petal_width;
            double z_hidden5 = b_hidden5
                + w_hidden5_sepal_length * sepal_length
                + w_hidden5_sepal_width * sepal_width
                + w_hidden5_petal_length * petal_length
                + w_hidden5_petal_width * petal_width;
            double z_hidden6 = b_hidden6
                + w_hidden6_sepal_length * sepal_length
                + w_hidden6_sepal_width * sepal_width
                + w_hidden6_petal_length * petal_length
                + w_hidden6_petal_width * petal_width;
            double z_hidden7 = b_hidden7
                + w_hidden7_sepal_length * sepal_length
                + w_hidden7_sepal_width * sepal_width
                + w_hidden7_petal_length * petal_length
                + w_hidden7_petal_width * petal_width;
            double z_hidden8 = b_hidden8
                + w_hidden8_sepal_length * sepal_length
                + w_hidden8_sepal_width * sepal_width
                + w_hidden8_petal_length * petal_length
                + w_hidden8_petal_width * petal_width;
            double a_hidden1 = Math.Tanh(z_hidden1);
            double a_hidden2 = Math.Tanh(z_hidden2);
            double a_hidden3 = Math.Tanh(z_hidden3);
            double a_hidden4 = Math.Tanh(z_hidden4);
            double a_hidden5 = Math.Tanh(z_hidden5);
            double a_hidden6 = Math.Tanh(z_hidden6);
            double a_hidden7 = Math.Tanh(z_hidden7);
            double a_hidden8 = Math.Tanh(z_hidden8);

            // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp
            // cannot overflow)
            double z_setosa = b_setosa
                + w_setosa_hidden1 * a_hidden1
                + w_setosa_hidden2 * a_hidden2
                + w_setosa_hidden3 * a_hidden3
                + w_setosa_hidden4 * a_hidden4
                + w_setosa_hidden5 * a_hidden5
                + w_setosa_hidden6 * a_hidden6
                + w_setosa_hidden7 * a_hidden7
                + w_setosa_hidden8 * a_hidden8;
            double z_versicolor = b_versicolor
                + w_versicolor_hidden1 * a_hidden1
                + w_versicolor_hidden2 * a_hidden2
                + w_versicolor_hidden3 * a_hidden3
                + w_versicolor_hidden4 * a_hidden4
                + w_versicolor_hidden5 * a_hidden5
                + w_versicolor_hidden6 * a_hidden6
                + w_versicolor_hidden7 * a_hidden7
                + w_versicolor_hidden8 * a_hidden8;
            double z_virginica = b_virginica
                + w_virginica_hidden1 * a_hidden1
                + w_virginica_hidden2 * a_hidden2
                + w_virginica_hidden3 * a_hidden3
                + w_virginica_hidden4 * a_hidden4
                + w_virginica_hidden5 * a_hidden5
                + w_virginica_hidden6 * a_hidden6
                + w_virginica_hidden7 * a_hidden7
                + w_virginica_hidden8 * a_hidden8;
            double top_output = Largest(z_setosa, z_versicolor, z_virginica);
            double e_setosa = Math.Exp(z_setosa - top_output);
            double e_versicolor = Math.Exp(z_versicolor - top_output);
            double e_virginica = Math.Exp(z_virginica - top_output);
            double total_output = e_setosa + e_versicolor + e_virginica;
            double a_setosa = e_setosa / total_output;
            double a_versicolor = e_versicolor / total_output;
            double a_virginica = e_virginica / total_output;

            return new double[] { a_setosa, a_versicolor, a_virginica };
        }

        /// <summary>The loss of one example.</summary>
        public static double Loss(double[] parameters, double[] x, double[] y)
        {
            CheckExample(parameters, x, y);
            return AddGradient(parameters, x, y, slopes: null);
        }

        /// <summary>The loss, and its slope with respect to each parameter.</summary>
        public static (double Loss, double[] Slopes) Gradient(
            double[] parameters,
            double[] x,
            double[] y)
        {
            CheckExample(parameters, x, y);
            double[] slopes = new double[Parameters];
            double loss = AddGradient(parameters, x, y, slopes);
            return (loss, slopes);
        }

        /// <summary>The loss; its derivatives are added to the slopes, if there are any.</summary>
        private static double AddGradient(
            double[] parameters,
            double[] x,
            double[] y,
            double[] slopes)
        {
            double w_hidden1_sepal_length = parameters[0], w_hidden1_sepal_width = parameters[1];
            double w_hidden1_petal_length = parameters[2], w_hidden1_petal_width = parameters[3];
            double w_hidden2_sepal_length = parameters[4], w_hidden2_sepal_width = parameters[5];
            double w_hidden2_petal_length = parameters[6], w_hidden2_petal_width = parameters[7];
            double w_hidden3_sepal_length = parameters[8], w_hidden3_sepal_width = parameters[9];
            double w_hidden3_petal_length = parameters[10], w_hidden3_petal_width = parameters[11];
            double w_hidden4_sepal_length = parameters[12], w_hidden4_sepal_width = parameters[13];
            double w_hidden4_petal_length = parameters[14], w_hidden4_petal_width = parameters[15];
            double w_hidden5_sepal_length = parameters[16], w_hidden5_sepal_width = parameters[17];
            double w_hidden5_petal_length = parameters[18], w_hidden5_petal_width = parameters[19];
            double w_hidden6_sepal_length = parameters[20], w_hidden6_sepal_width = parameters[21];
            double w_hidden6_petal_length = parameters[22], w_hidden6_petal_width = parameters[23];
            double w_hidden7_sepal_length = parameters[24], w_hidden7_sepal_width = parameters[25];
            double w_hidden7_petal_length = parameters[26], w_hidden7_petal_width = parameters[27];
            double w_hidden8_sepal_length = parameters[28], w_hidden8_sepal_width = parameters[29];
            double w_hidden8_petal_length = parameters[30], w_hidden8_petal_width = parameters[31];
            double b_hidden1 = parameters[32], b_hidden2 = parameters[33];
            double b_hidden3 = parameters[34], b_hidden4 = parameters[35];
            double b_hidden5 = parameters[36], b_hidden6 = parameters[37];
            double b_hidden7 = parameters[38], b_hidden8 = parameters[39];
            double w_setosa_hidden1 = parameters[40], w_setosa_hidden2 = parameters[41];
            double w_setosa_hidden3 = parameters[42], w_setosa_hidden4 = parameters[43];
            double w_setosa_hidden5 = parameters[44], w_setosa_hidden6 = parameters[45];
            double w_setosa_hidden7 = parameters[46], w_setosa_hidden8 = parameters[47];
            double w_versicolor_hidden1 = parameters[48], w_versicolor_hidden2 = parameters[49];
            double w_versicolor_hidden3 = parameters[50], w_versicolor_hidden4 = parameters[51];
            double w_versicolor_hidden5 = parameters[52], w_versicolor_hidden6 = parameters[53];
            double w_versicolor_hidden7 = parameters[54], w_versicolor_hidden8 = parameters[55];
            double w_virginica_hidden1 = parameters[56], w_virginica_hidden2 = parameters[57];
            double w_virginica_hidden3 = parameters[58], w_virginica_hidden4 = parameters[59];
            double w_virginica_hidden5 = parameters[60], w_virginica_hidden6 = parameters[61];
            double w_virginica_hidden7 = parameters[62], w_virginica_hidden8 = parameters[63];
            double b_setosa = parameters[64], b_versicolor = parameters[65];
            double b_virginica = parameters[66];
            double sepal_length = x[0], sepal_width = x[1], petal_length = x[2], petal_width = x[3];
            double y_setosa = y[0], y_versicolor = y[1], y_virginica = y[2];

            // hidden ← x: weighted sums, then tanh
            double z_hidden1 = b_hidden1
                + w_hidden1_sepal_length * sepal_length
                + w_hidden1_sepal_width * sepal_width
                + w_hidden1_petal_length * petal_length
                + w_hidden1_petal_width * petal_width;
            double z_hidden2 = b_hidden2
                + w_hidden2_sepal_length * sepal_length
                + w_hidden2_sepal_width * sepal_width
                + w_hidden2_petal_length * petal_length
                + w_hidden2_petal_width * petal_width;
            double z_hidden3 = b_hidden3
                + w_hidden3_sepal_length * sepal_length
                + w_hidden3_sepal_width * sepal_width
                + w_hidden3_petal_length * petal_length
                + w_hidden3_petal_width * petal_width;
            double z_hidden4 = b_hidden4
                + w_hidden4_sepal_length * sepal_length
                + w_hidden4_sepal_width * sepal_width
                + w_hidden4_petal_length * petal_length
                + w_hidden4_petal_width * petal_width;
            double z_hidden5 = b_hidden5
                + w_hidden5_sepal_length * sepal_length
                + w_hidden5_sepal_width * sepal_width
                + w_hidden5_petal_length * petal_length
                + w_hidden5_petal_width * petal_width;
            double z_hidden6 = b_hidden6
                + w_hidden6_sepal_length * sepal_length
                + w_hidden6_sepal_width * sepal_width
                + w_hidden6_petal_length * petal_length
                + w_hidden6_petal_width * petal_width;
            double z_hidden7 = b_hidden7
                + w_hidden7_sepal_length * sepal_length
                + w_hidden7_sepal_width * sepal_width
                + w_hidden7_petal_length * petal_length
                + w_hidden7_petal_width * petal_width;
            double z_hidden8 = b_hidden8
                + w_hidden8_sepal_length * sepal_length
                + w_hidden8_sepal_width * sepal_width
                + w_hidden8_petal_length * petal_length
                + w_hidden8_petal_width * petal_width;
            double a_hidden1 = Math.Tanh(z_hidden1);
            double a_hidden2 = Math.Tanh(z_hidden2);
            double a_hidden3 = Math.Tanh(z_hidden3);
            double a_hidden4 = Math.Tanh(z_hidden4);
            double a_hidden5 = Math.Tanh(z_hidden5);
            double a_hidden6 = Math.Tanh(z_hidden6);
            double a_hidden7 = Math.Tanh(z_hidden7);
            double a_hidden8 = Math.Tanh(z_hidden8);

            // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp
            // cannot overflow)
            double z_setosa = b_setosa
                + w_setosa_hidden1 * a_hidden1
                + w_setosa_hidden2 * a_hidden2
                + w_setosa_hidden3 * a_hidden3
                + w_setosa_hidden4 * a_hidden4
                + w_setosa_hidden5 * a_hidden5
                + w_setosa_hidden6 * a_hidden6
                + w_setosa_hidden7 * a_hidden7
                + w_setosa_hidden8 * a_hidden8;
            double z_versicolor = b_versicolor
                + w_versicolor_hidden1 * a_hidden1
                + w_versicolor_hidden2 * a_hidden2
                + w_versicolor_hidden3 * a_hidden3
                + w_versicolor_hidden4 * a_hidden4
                + w_versicolor_hidden5 * a_hidden5
                + w_versicolor_hidden6 * a_hidden6
                + w_versicolor_hidden7 * a_hidden7
                + w_versicolor_hidden8 * a_hidden8;
            double z_virginica = b_virginica
                + w_virginica_hidden1 * a_hidden1
                + w_virginica_hidden2 * a_hidden2
                + w_virginica_hidden3 * a_hidden3
                + w_virginica_hidden4 * a_hidden4
                + w_virginica_hidden5 * a_hidden5
                + w_virginica_hidden6 * a_hidden6
                + w_virginica_hidden7 * a_hidden7
                + w_virginica_hidden8 * a_hidden8;
            double top_output = Largest(z_setosa, z_versicolor, z_virginica);
            double e_setosa = Math.Exp(z_setosa - top_output);
            double e_versicolor = Math.Exp(z_versicolor - top_output);
            double e_virginica = Math.Exp(z_virginica - top_output);
            double total_output = e_setosa + e_versicolor + e_virginica;
            double a_setosa = e_setosa / total_output;
            double a_versicolor = e_versicolor / total_output;
            double a_virginica = e_virginica / total_output;

            // the loss: cross_entropy
            double loss = y_setosa * (Math.Log(total_output) - (z_setosa - top_output))
                + y_versicolor * (Math.Log(total_output) - (z_versicolor - top_output))
                + y_virginica * (Math.Log(total_output) - (z_virginica - top_output));
            if (slopes == null)
            {
                return loss;
            }
            // output: the slopes of softmax and of the logarithm cancel, only the difference
            // remains
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
            double da_hidden1 = dz_setosa * w_setosa_hidden1
                + dz_versicolor * w_versicolor_hidden1
                + dz_virginica * w_virginica_hidden1;
            double da_hidden2 = dz_setosa * w_setosa_hidden2
                + dz_versicolor * w_versicolor_hidden2
                + dz_virginica * w_virginica_hidden2;
            double da_hidden3 = dz_setosa * w_setosa_hidden3
                + dz_versicolor * w_versicolor_hidden3
                + dz_virginica * w_virginica_hidden3;
            double da_hidden4 = dz_setosa * w_setosa_hidden4
                + dz_versicolor * w_versicolor_hidden4
                + dz_virginica * w_virginica_hidden4;
            double da_hidden5 = dz_setosa * w_setosa_hidden5
                + dz_versicolor * w_versicolor_hidden5
                + dz_virginica * w_virginica_hidden5;
            double da_hidden6 = dz_setosa * w_setosa_hidden6
                + dz_versicolor * w_versicolor_hidden6
                + dz_virginica * w_virginica_hidden6;
            double da_hidden7 = dz_setosa * w_setosa_hidden7
                + dz_versicolor * w_versicolor_hidden7
                + dz_virginica * w_virginica_hidden7;
            double da_hidden8 = dz_setosa * w_setosa_hidden8
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

        /// <summary>What is subtracted from each number of the data.</summary>
        private static readonly double[] Subtract =
        {
            5.855, 3.03, 3.8169999999999997, 1.2329999999999999,
        };

        /// <summary>What the rest is divided by.</summary>
        private static readonly double[] Divide =
        {
            0.865028901251282, 0.420356991139674, 1.7515167712585569, 0.7607962933663649,
        };

        /// <summary>The inputs of the network, from the numbers of the data.</summary>
        public static double[] Scale(double[] x)
        {
            CheckSize(x, Inputs, "x");
            double[] scaled = new double[Inputs];
            for (int i = 0; i < x.Length; i++)
            {
                scaled[i] = (x[i] - Subtract[i]) / Divide[i];
            }
            return scaled;
        }

        /// <summary>The columns of a row, as the data name them.</summary>
        public static readonly IReadOnlyList<string> Columns = new[]
        {
            "sepal_length", "sepal_width", "petal_length", "petal_width",
        };

        /// <summary>The classes in the order of the outputs.</summary>
        public static readonly IReadOnlyList<string> Classes = new[]
        {
            "setosa", "versicolor", "virginica",
        };

        /// <summary>The texts that mean a missing value.</summary>
        private static readonly string[] Missing =
        {
            "", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?",
        };

        /// <summary>The inputs of the network for a row of the data.</summary>
        /// <remarks>
        /// A cell is a number, a text, a truth value, or null where it is missing. They have the
        /// order of <c>Columns</c>.
        /// </remarks>
        public static double[] Encode(params object[] row)
        {
            CheckSize(row, Columns.Count, "row");
            double[] x = new double[Inputs];
            for (int i = 0; i < Columns.Count; i++)
            {
                double number = NumberOf(Columns[i], row[i], fill: null);
                x[i] = number;
            }
            return Scale(x);
        }

        /// <summary>The class that the outputs stand for.</summary>
        public static string Decode(double[] outputs)
        {
            CheckOutputs(outputs);
            int best = 0;
            for (int i = 0; i < outputs.Length; i++)
            {
                if (outputs[i] > outputs[best])
                {
                    best = i;
                }
            }
            return Classes[best];
        }

        /// <summary>The answer for a row of the data.</summary>
        public static string Predict(double[] parameters, params object[] row)
        {
            return Decode(Forward(parameters, Encode(row)));
        }

        /// <summary>The probability of each of Classes for a row of the data.</summary>
        public static double[] PredictProba(double[] parameters, params object[] row)
        {
            double[] outputs = Forward(parameters, Encode(row));
            CheckOutputs(outputs);
            return outputs;
        }

        /// <summary>
        /// Refuse outputs that are no numbers: NaN comes of numbers that are too large.
        /// </summary>
        private static void CheckOutputs(double[] outputs)
        {
            CheckSize(outputs, Outputs, "outputs");
            foreach (double output in outputs)
            {
                if (double.IsNaN(output))
                {
                    throw Refused("outputs", "numbers, not NaN");
                }
            }
        }

        /// <summary>What gradient_descent remembers from step to step: empty.</summary>
        public sealed class State
        {
            /// <summary>Room for the slopes of <c>TrainStep</c>, as new ones are slow.</summary>
            internal double[] Slopes { get; set; }

            /// <summary>A copy, which later steps leave as it is.</summary>
            public State Copy()
            {
                return new State();
            }
        }

        /// <summary>The state before the first step.</summary>
        public static State InitState()
        {
            return new State();
        }

        /// <summary>Make one step of gradient_descent, in place.</summary>
        public static void Step(double[] parameters, double[] slopes, State state)
        {
            CheckSize(parameters, Parameters, "parameters");
            CheckSize(slopes, Parameters, "slopes");
            for (int i = 0; i < Parameters; i++)
            {
                parameters[i] = parameters[i] - 0.1 * slopes[i];
            }
        }

        /// <summary>How <c>Fit</c> trains, by default as the spec says.</summary>
        public sealed class Settings
        {
            /// <summary>The number of epochs.</summary>
            public int Epochs { get; set; } = 100;

            /// <summary>The number of examples of a step; null takes all of them.</summary>
            public int? BatchSize { get; set; } = 10;

            /// <summary>Draws the order of the examples; null leaves them as they are.</summary>
            public uint? Seed { get; set; } = 0;
        }

        /// <summary>
        /// Make gradient and step in one, in place, and return the loss before the step.
        /// </summary>
        public static double TrainStep(double[] parameters, double[] x, double[] y, State state)
        {
            CheckExample(parameters, x, y);
            double[] slopes = NoSlopes(state);
            double loss = AddGradient(parameters, x, y, slopes);
            Step(parameters, slopes, state);
            return loss;
        }

        /// <summary>
        /// Train on examples, in place, and return the loss of each epoch, measured before each
        /// step.
        /// </summary>
        /// <remarks>
        /// Each epoch takes the examples in a new random order, or as they are without a seed.
        /// After each epoch Fit calls callback(epoch, loss, parameters); true ends training.
        /// </remarks>
        public static double[] Fit(
            double[] parameters,
            IReadOnlyList<double[]> xs,
            IReadOnlyList<double[]> ys,
            Settings settings = null,
            Func<int, double, double[], bool> callback = null)
        {
            settings = settings ?? new Settings();
            int size = settings.BatchSize ?? xs.Count;
            if (xs.Count == 0 || xs.Count != ys.Count || size < 1)
            {
                throw Refused("xs", "as many as ys, at least 1, in batches of at least 1");
            }
            CheckExamples(parameters, xs, ys);
            int[] places = Places(xs.Count);
            int epoch = 0;
            State state = InitState();
            double[] slopes = new double[Parameters];
            var history = new List<double>();
            while (epoch < settings.Epochs)
            {
                double lossOfEpoch = 0.0;
                int[] drawn = Order(places, settings.Seed, epoch);
                for (int first = 0; first < drawn.Length; first += size)
                {
                    int[] batch = Part(drawn, first, Math.Min(first + size, drawn.Length) - first);
                    double whole = batch.Length;
                    double loss = TrainBatch(parameters, xs, ys, batch, whole, slopes, state);
                    lossOfEpoch += loss * whole;
                }
                lossOfEpoch /= places.Length;
                history.Add(lossOfEpoch);
                epoch++;
                if (callback != null && callback(epoch - 1, lossOfEpoch, parameters))
                {
                    break;
                }
            }
            return history.ToArray();
        }

        /// <summary>
        /// Make a step on the examples of a batch, in place, and return their loss before the step.
        /// </summary>
        private static double TrainBatch(
            double[] parameters,
            IReadOnlyList<double[]> xs,
            IReadOnlyList<double[]> ys,
            int[] batch,
            double whole,
            double[] slopes,
            State state)
        {
            double loss = 0.0;
            foreach (int k in batch)
            {
                loss += AddGradient(parameters, xs[k], ys[k], slopes);
            }
            loss /= whole;
            for (int i = 0; i < Parameters; i++)
            {
                slopes[i] /= whole;
            }
            Step(parameters, slopes, state);
            Array.Clear(slopes, 0, Parameters);
            return loss;
        }

        /// <summary>
        /// Initial parameters: a seed gives the same numbers in the module of every target.
        /// </summary>
        public static double[] Init(uint seed = Seed)
        {
            double[] parameters = new double[Parameters];
            for (int i = 0; i < 32; i++)
            {
                parameters[i] = Math.Sqrt(6.0 / 12.0) * (2.0 * Uniform(seed, i) - 1.0);
            }
            for (int i = 40; i < 64; i++)
            {
                parameters[i] = Math.Sqrt(6.0 / 11.0) * (2.0 * Uniform(seed, i) - 1.0);
            }
            return parameters;
        }

        /// <summary>Refuse an example of other sizes.</summary>
        private static void CheckExample(double[] parameters, double[] x, double[] y)
        {
            CheckSize(parameters, Parameters, "parameters");
            CheckSize(x, Inputs, "x");
            CheckSize(y, Outputs, "y");
        }

        /// <summary>Refuse examples of other sizes.</summary>
        private static void CheckExamples(
            double[] parameters,
            IReadOnlyList<double[]> xs,
            IReadOnlyList<double[]> ys)
        {
            CheckSize(parameters, Parameters, "parameters");
            for (int k = 0; k < xs.Count; k++)
            {
                CheckSize(xs[k], Inputs, "xs");
                CheckSize(ys[k], Outputs, "ys");
            }
        }

        /// <summary>Derivatives of 0, in the place that a state has for them.</summary>
        private static double[] NoSlopes(State state)
        {
            state.Slopes = state.Slopes ?? new double[Parameters];
            Array.Clear(state.Slopes, 0, Parameters);
            return state.Slopes;
        }

        /// <summary>What is wrong with an argument, a column of a row, or a file.</summary>
        private static ArgumentException Refused(string place, string expected) =>
            new ArgumentException("expected " + expected, place);

        /// <summary>Refuse an array of another size.</summary>
        private static void CheckSize<T>(T[] values, int size, string name)
        {
            if (values == null || values.Length != size)
            {
                throw Refused(name, "an array of " + size);
            }
        }

        /// <summary>Some of the values.</summary>
        private static T[] Part<T>(T[] values, int start, int count)
        {
            T[] part = new T[count];
            Array.Copy(values, start, part, 0, count);
            return part;
        }

        /// <summary>
        /// Values in the increasing order of their keys; those with equal keys keep their order.
        /// </summary>
        private static int[] SortedBy(int[] values, uint[] keys)
        {
            int[] places = Places(keys.Length);
            ulong[] ordered = Array.ConvertAll(places, i => ((ulong)keys[i] << 32) + (uint)i);
            Array.Sort(ordered, places);
            return Array.ConvertAll(places, i => values[i]);
        }

        /// <summary>The places up to a count, or those for which a condition holds.</summary>
        private static int[] Places(int count, Predicate<int> holds = null)
        {
            int[] all = new int[count];
            for (int i = 0; i < count; i++)
            {
                all[i] = i;
            }
            return holds == null ? all : Array.FindAll(all, holds);
        }

        /// <summary>The number that a text stands for; NaN if it is none, or too large.</summary>
        private static double Parsed(string text)
        {
            const string Form = @"^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?)([0-9]+))?\z";
            GroupCollection found = Regex.Match(text, Form).Groups;
            string digits = found[2].Value + found[3].Value, tens = found[5].Value.TrimStart('0');
            tens = tens.Length > 9 ? "999999999" : "0" + tens;
            int power = int.Parse(found[4].Value + tens, CultureInfo.InvariantCulture);
            double size = digits == "" ? double.NaN : Nearest(digits, power - found[3].Length);
            return found[1].Value == "-" ? -size : size;
        }

        /// <summary>
        /// The number nearest to these digits times a power of ten; NaN if it is too large. It is
        /// exact, where some runtimes read numbers with an error in the last bit.
        /// </summary>
        private static double Nearest(string digits, int power)
        {
            digits = digits.TrimStart('0');
            power += digits.Length;
            digits = digits.TrimEnd('0');
            if (digits == "" || power < -330 || power > 309)
            {
                return digits == "" || power < 0 ? 0 : double.NaN;
            }
            digits = digits.Length > 800 ? digits.Substring(0, 800) + "1" : digits;
            power -= digits.Length;
            var words = new List<uint>(); // of a large whole number, the last 32 bits first
            foreach (char digit in digits.PadRight(digits.Length + Math.Max(0, power), '0'))
            {
                ulong carry = (ulong)(digit - '0');
                for (int i = 0; i < words.Count; i++)
                {
                    carry += 10UL * words[i];
                    words[i] = unchecked((uint)carry);
                    carry >>= 32;
                }
                if (carry > 0)
                {
                    words.Add((uint)carry);
                }
            }
            words.InsertRange(0, new uint[34]); // times 2 to the power of 1088
            bool more = false; // whether what is left out is above 0
            for (; power < 0; power += 9)
            {
                ulong by = (ulong)Math.Round(Math.Pow(10, Math.Min(9, -power))), rest = 0;
                for (int i = words.Count - 1; i >= 0; i--)
                {
                    rest = (rest << 32) + words[i];
                    words[i] = (uint)(rest / by);
                    rest %= by;
                }
                more |= rest > 0;
            }
            Func<int, ulong> bit = place => words[place / 32] >> place % 32 & 1;
            ulong first = 0; // the first 53 bits, less below 2 to the power of -1022
            int last = 32 * words.Count; // 2 to the power of -1074 has place 14
            while (last > 14 && first < 1UL << 52)
            {
                last--;
                first = 2 * first + bit(last);
            }
            ulong half = bit(last - 1);
            for (int i = last - 2; half == 1 && !more && i >= 0; i--)
            {
                more = bit(i) == 1;
            }
            ulong bits = first + ((ulong)(last - 14) << 52) + (more ? half : half & first);
            return bits < 0x7ffUL << 52 ? BitConverter.Int64BitsToDouble((long)bits) : double.NaN;
        }

        /// <summary>A text without what does not count around it.</summary>
        private static string Bare(string text) => text.Trim(' ', '\t', '\n', '\v', '\f', '\r');

        /// <summary>The number of a cell that is one.</summary>
        private static double? NumberIn(object cell)
        {
            TypeCode code = Convert.GetTypeCode(cell);
            bool numeric = code >= TypeCode.SByte && code <= TypeCode.Decimal;
            return numeric ? Convert.ToDouble(cell, CultureInfo.InvariantCulture) : (double?)null;
        }

        /// <summary>The greater number; NaN if one is NaN.</summary>
        private static double Maximum(double a, double b) => b > a || double.IsNaN(b) ? b : a;

        /// <summary>The largest number; NaN if one is NaN.</summary>
        private static double Largest(params double[] values)
        {
            double top = values[0];
            foreach (double value in values)
            {
                top = Maximum(top, value);
            }
            return top;
        }

        /// <summary>
        /// The index-th random 32-bit integer of this seed: a hash that uses only 32-bit
        /// arithmetic.
        /// </summary>
        private static uint Bits(uint seed, int index)
        {
            unchecked
            {
                uint h = 0;
                foreach (uint word in new[] { (uint)index, seed })
                {
                    h = h + word + 0x9e3779b9u;
                    h = (h ^ (h >> 16)) * 0x21f0aaadu;
                    h = (h ^ (h >> 15)) * 0x735a2d97u;
                    h = h ^ (h >> 15);
                }
                return h;
            }
        }

        /// <summary>The index-th random number of this seed, uniform from 0 to 1.</summary>
        private static double Uniform(uint seed, int index) => Bits(seed, index) / 4294967296.0;

        /// <summary>
        /// The places of examples in the order of an epoch: each has a random number, and the
        /// smallest comes first.
        /// </summary>
        private static int[] Order(int[] places, uint? seed, int epoch)
        {
            if (seed == null)
            {
                return places;
            }
            uint[] numbers = new uint[places.Length];
            for (int i = 0; i < places.Length; i++)
            {
                numbers[i] = Bits(seed.Value, epoch * places.Length + i);
            }
            return SortedBy(places, numbers);
        }

        /// <summary>Whether a value is missing.</summary>
        private static bool IsMissing(object cell)
        {
            if (cell is string text)
            {
                return Array.IndexOf(Missing, Bare(text)) >= 0;
            }
            if (NumberIn(cell) is double number)
            {
                return double.IsNaN(number);
            }
            return cell == null || cell is DBNull;
        }

        /// <summary>
        /// The number of a column, also one written as a text, or what replaces a missing one.
        /// </summary>
        private static double NumberOf(string column, object cell, double? fill)
        {
            if (IsMissing(cell))
            {
                if (fill == null)
                {
                    throw Refused(column, "a value, but the value is missing");
                }
                return fill.Value;
            }
            double found = double.NaN;
            if (NumberIn(cell) is double number)
            {
                found = number;
            }
            else if (cell is string text)
            {
                found = Parsed(Bare(text));
            }
            if (Math.Abs(found) <= 1e100)
            {
                return found;
            }
            throw Refused(column, "a number up to 1e+100");
        }
    }
}
