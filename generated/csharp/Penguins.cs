using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Networks
{
    /// <summary>
    /// penguins, a neural network: its equations forward and backward, and how it learns.
    /// </summary>
    /// <remarks>
    /// <code>x: 10 -&gt; hidden: 6 tanh -&gt; output: 3 softmax</code>
    /// <para>
    /// Tells three species of penguins apart by measurements of their bodies, by their island
    /// and by their sex (Gorman, Williams and Fraser, PLoS ONE 9, 2014). Some values are
    /// missing.
    /// </para>
    /// <para>
    /// Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
    /// Training: adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1
    /// - beta2^t)) + epsilon), rate = 0.02, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 40
    /// epochs in batches of 16.
    /// </para>
    /// <para>
    /// Methods throw an <c>ArgumentException</c> for what they refuse: its <c>ParamName</c> is
    /// an argument, a column of a row, or <c>file</c>.
    /// </para>
    /// <para>
    /// dX is the derivative of the loss with respect to X. z is a weighted sum, a an
    /// activation, y a target; w_hidden1_bill_length is the weight that leads to hidden1 from
    /// bill_length.
    /// </para>
    /// <para>
    /// Written by nngen from the spec penguins: <c>nngen build</c> with that spec writes these
    /// bytes again. The file is yours: read it, change it, ship it.
    /// </para>
    /// </remarks>
    public static class Penguins
    {
        /// <summary>The number of inputs.</summary>
        public const int Inputs = 10;

        /// <summary>The number of outputs.</summary>
        public const int Outputs = 3;

        /// <summary>The number of parameters, in the order of <c>Layout</c>.</summary>
        public const int Parameters = 87;

        /// <summary>The network, then the rows and columns of each matrix.</summary>
        public const string Layout =
            "penguins "
            + "W_hidden[hidden1..hidden6, 6][bill_length bill_depth flipper_length "
            + "body_mass island_biscoe island_dream island_torgersen sex_female sex_male "
            + "sex_missing] "
            + "b_hidden[hidden1..hidden6, 6] "
            + "W_output[Adelie Chinstrap Gentoo][hidden1..hidden6, 6] "
            + "b_output[Adelie Chinstrap Gentoo]";

        /// <summary>The seed of initial values in the spec.</summary>
        public const uint Seed = 1;

        /// <summary>The outputs of one example: 10 numbers → Adelie, Chinstrap, Gentoo.</summary>
        public static double[] Forward(double[] parameters, double[] x)
        {
            CheckSize(parameters, Parameters, "parameters");
            CheckSize(x, Inputs, "x");
            double w_hidden1_bill_length = parameters[0], w_hidden1_bill_depth = parameters[1];
            double w_hidden1_flipper_length = parameters[2], w_hidden1_body_mass = parameters[3];
            double w_hidden1_island_biscoe = parameters[4], w_hidden1_island_dream = parameters[5];
            double w_hidden1_island_torgersen = parameters[6], w_hidden1_sex_female = parameters[7];
            double w_hidden1_sex_male = parameters[8], w_hidden1_sex_missing = parameters[9];
            double w_hidden2_bill_length = parameters[10];
            double w_hidden2_bill_depth = parameters[11];
            double w_hidden2_flipper_length = parameters[12];
            double w_hidden2_body_mass = parameters[13];
            double w_hidden2_island_biscoe = parameters[14];
            double w_hidden2_island_dream = parameters[15];
            double w_hidden2_island_torgersen = parameters[16];
            double w_hidden2_sex_female = parameters[17];
            double w_hidden2_sex_male = parameters[18];
            double w_hidden2_sex_missing = parameters[19];
            double w_hidden3_bill_length = parameters[20];
            double w_hidden3_bill_depth = parameters[21];
            double w_hidden3_flipper_length = parameters[22];
            double w_hidden3_body_mass = parameters[23];
            double w_hidden3_island_biscoe = parameters[24];
            double w_hidden3_island_dream = parameters[25];
            double w_hidden3_island_torgersen = parameters[26];
            double w_hidden3_sex_female = parameters[27];
            double w_hidden3_sex_male = parameters[28];
            double w_hidden3_sex_missing = parameters[29];
            double w_hidden4_bill_length = parameters[30];
            double w_hidden4_bill_depth = parameters[31];
            double w_hidden4_flipper_length = parameters[32];
            double w_hidden4_body_mass = parameters[33];
            double w_hidden4_island_biscoe = parameters[34];
            double w_hidden4_island_dream = parameters[35];
            double w_hidden4_island_torgersen = parameters[36];
            double w_hidden4_sex_female = parameters[37];
            double w_hidden4_sex_male = parameters[38];
            double w_hidden4_sex_missing = parameters[39];
            double w_hidden5_bill_length = parameters[40];
            double w_hidden5_bill_depth = parameters[41];
            double w_hidden5_flipper_length = parameters[42];
            double w_hidden5_body_mass = parameters[43];
            double w_hidden5_island_biscoe = parameters[44];
            double w_hidden5_island_dream = parameters[45];
            double w_hidden5_island_torgersen = parameters[46];
            double w_hidden5_sex_female = parameters[47];
            double w_hidden5_sex_male = parameters[48];
            double w_hidden5_sex_missing = parameters[49];
            double w_hidden6_bill_length = parameters[50];
            double w_hidden6_bill_depth = parameters[51];
            double w_hidden6_flipper_length = parameters[52];
            double w_hidden6_body_mass = parameters[53];
            double w_hidden6_island_biscoe = parameters[54];
            double w_hidden6_island_dream = parameters[55];
            double w_hidden6_island_torgersen = parameters[56];
            double w_hidden6_sex_female = parameters[57];
            double w_hidden6_sex_male = parameters[58];
            double w_hidden6_sex_missing = parameters[59];
            double b_hidden1 = parameters[60], b_hidden2 = parameters[61];
            double b_hidden3 = parameters[62], b_hidden4 = parameters[63];
            double b_hidden5 = parameters[64], b_hidden6 = parameters[65];
            double w_Adelie_hidden1 = parameters[66], w_Adelie_hidden2 = parameters[67];
            double w_Adelie_hidden3 = parameters[68], w_Adelie_hidden4 = parameters[69];
            double w_Adelie_hidden5 = parameters[70], w_Adelie_hidden6 = parameters[71];
            double w_Chinstrap_hidden1 = parameters[72], w_Chinstrap_hidden2 = parameters[73];
            double w_Chinstrap_hidden3 = parameters[74], w_Chinstrap_hidden4 = parameters[75];
            double w_Chinstrap_hidden5 = parameters[76], w_Chinstrap_hidden6 = parameters[77];
            double w_Gentoo_hidden1 = parameters[78], w_Gentoo_hidden2 = parameters[79];
            double w_Gentoo_hidden3 = parameters[80], w_Gentoo_hidden4 = parameters[81];
            double w_Gentoo_hidden5 = parameters[82], w_Gentoo_hidden6 = parameters[83];
            double b_Adelie = parameters[84], b_Chinstrap = parameters[85];
            double b_Gentoo = parameters[86];
            double bill_length = x[0], bill_depth = x[1], flipper_length = x[2];
            double body_mass = x[3], island_biscoe = x[4], island_dream = x[5];
            double island_torgersen = x[6], sex_female = x[7], sex_male = x[8];
            double sex_missing = x[9];

            // hidden ← x: weighted sums, then tanh
            double z_hidden1 = b_hidden1
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
            double z_hidden2 = b_hidden2
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
            double z_hidden3 = b_hidden3
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
            double z_hidden4 = b_hidden4
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
            double z_hidden5 = b_hidden5
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
            double z_hidden6 = b_hidden6
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
            double a_hidden1 = Math.Tanh(z_hidden1);
            double a_hidden2 = Math.Tanh(z_hidden2);
            double a_hidden3 = Math.Tanh(z_hidden3);
            double a_hidden4 = Math.Tanh(z_hidden4);
            double a_hidden5 = Math.Tanh(z_hidden5);
            double a_hidden6 = Math.Tanh(z_hidden6);

            // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp
            // cannot overflow)
            double z_Adelie = b_Adelie
                + w_Adelie_hidden1 * a_hidden1
                + w_Adelie_hidden2 * a_hidden2
                + w_Adelie_hidden3 * a_hidden3
                + w_Adelie_hidden4 * a_hidden4
                + w_Adelie_hidden5 * a_hidden5
                + w_Adelie_hidden6 * a_hidden6;
            double z_Chinstrap = b_Chinstrap
                + w_Chinstrap_hidden1 * a_hidden1
                + w_Chinstrap_hidden2 * a_hidden2
                + w_Chinstrap_hidden3 * a_hidden3
                + w_Chinstrap_hidden4 * a_hidden4
                + w_Chinstrap_hidden5 * a_hidden5
                + w_Chinstrap_hidden6 * a_hidden6;
            double z_Gentoo = b_Gentoo
                + w_Gentoo_hidden1 * a_hidden1
                + w_Gentoo_hidden2 * a_hidden2
                + w_Gentoo_hidden3 * a_hidden3
                + w_Gentoo_hidden4 * a_hidden4
                + w_Gentoo_hidden5 * a_hidden5
                + w_Gentoo_hidden6 * a_hidden6;
            double top_output = Largest(z_Adelie, z_Chinstrap, z_Gentoo);
            double e_Adelie = Math.Exp(z_Adelie - top_output);
            double e_Chinstrap = Math.Exp(z_Chinstrap - top_output);
            double e_Gentoo = Math.Exp(z_Gentoo - top_output);
            double total_output = e_Adelie + e_Chinstrap + e_Gentoo;
            double a_Adelie = e_Adelie / total_output;
            double a_Chinstrap = e_Chinstrap / total_output;
            double a_Gentoo = e_Gentoo / total_output;

            return new double[] { a_Adelie, a_Chinstrap, a_Gentoo };
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
            double w_hidden1_bill_length = parameters[0], w_hidden1_bill_depth = parameters[1];
            double w_hidden1_flipper_length = parameters[2], w_hidden1_body_mass = parameters[3];
            double w_hidden1_island_biscoe = parameters[4], w_hidden1_island_dream = parameters[5];
            double w_hidden1_island_torgersen = parameters[6], w_hidden1_sex_female = parameters[7];
            double w_hidden1_sex_male = parameters[8], w_hidden1_sex_missing = parameters[9];
            double w_hidden2_bill_length = parameters[10];
            double w_hidden2_bill_depth = parameters[11];
            double w_hidden2_flipper_length = parameters[12];
            double w_hidden2_body_mass = parameters[13];
            double w_hidden2_island_biscoe = parameters[14];
            double w_hidden2_island_dream = parameters[15];
            double w_hidden2_island_torgersen = parameters[16];
            double w_hidden2_sex_female = parameters[17];
            double w_hidden2_sex_male = parameters[18];
            double w_hidden2_sex_missing = parameters[19];
            double w_hidden3_bill_length = parameters[20];
            double w_hidden3_bill_depth = parameters[21];
            double w_hidden3_flipper_length = parameters[22];
            double w_hidden3_body_mass = parameters[23];
            double w_hidden3_island_biscoe = parameters[24];
            double w_hidden3_island_dream = parameters[25];
            double w_hidden3_island_torgersen = parameters[26];
            double w_hidden3_sex_female = parameters[27];
            double w_hidden3_sex_male = parameters[28];
            double w_hidden3_sex_missing = parameters[29];
            double w_hidden4_bill_length = parameters[30];
            double w_hidden4_bill_depth = parameters[31];
            double w_hidden4_flipper_length = parameters[32];
            double w_hidden4_body_mass = parameters[33];
            double w_hidden4_island_biscoe = parameters[34];
            double w_hidden4_island_dream = parameters[35];
            double w_hidden4_island_torgersen = parameters[36];
            double w_hidden4_sex_female = parameters[37];
            double w_hidden4_sex_male = parameters[38];
            double w_hidden4_sex_missing = parameters[39];
            double w_hidden5_bill_length = parameters[40];
            double w_hidden5_bill_depth = parameters[41];
            double w_hidden5_flipper_length = parameters[42];
            double w_hidden5_body_mass = parameters[43];
            double w_hidden5_island_biscoe = parameters[44];
            double w_hidden5_island_dream = parameters[45];
            double w_hidden5_island_torgersen = parameters[46];
            double w_hidden5_sex_female = parameters[47];
            double w_hidden5_sex_male = parameters[48];
            double w_hidden5_sex_missing = parameters[49];
            double w_hidden6_bill_length = parameters[50];
            double w_hidden6_bill_depth = parameters[51];
            double w_hidden6_flipper_length = parameters[52];
            double w_hidden6_body_mass = parameters[53];
            double w_hidden6_island_biscoe = parameters[54];
            double w_hidden6_island_dream = parameters[55];
            double w_hidden6_island_torgersen = parameters[56];
            double w_hidden6_sex_female = parameters[57];
            double w_hidden6_sex_male = parameters[58];
            double w_hidden6_sex_missing = parameters[59];
            double b_hidden1 = parameters[60], b_hidden2 = parameters[61];
            double b_hidden3 = parameters[62], b_hidden4 = parameters[63];
            double b_hidden5 = parameters[64], b_hidden6 = parameters[65];
            double w_Adelie_hidden1 = parameters[66], w_Adelie_hidden2 = parameters[67];
            double w_Adelie_hidden3 = parameters[68], w_Adelie_hidden4 = parameters[69];
            double w_Adelie_hidden5 = parameters[70], w_Adelie_hidden6 = parameters[71];
            double w_Chinstrap_hidden1 = parameters[72], w_Chinstrap_hidden2 = parameters[73];
            double w_Chinstrap_hidden3 = parameters[74], w_Chinstrap_hidden4 = parameters[75];
            double w_Chinstrap_hidden5 = parameters[76], w_Chinstrap_hidden6 = parameters[77];
            double w_Gentoo_hidden1 = parameters[78], w_Gentoo_hidden2 = parameters[79];
            double w_Gentoo_hidden3 = parameters[80], w_Gentoo_hidden4 = parameters[81];
            double w_Gentoo_hidden5 = parameters[82], w_Gentoo_hidden6 = parameters[83];
            double b_Adelie = parameters[84], b_Chinstrap = parameters[85];
            double b_Gentoo = parameters[86];
            double bill_length = x[0], bill_depth = x[1], flipper_length = x[2];
            double body_mass = x[3], island_biscoe = x[4], island_dream = x[5];
            double island_torgersen = x[6], sex_female = x[7], sex_male = x[8];
            double sex_missing = x[9];
            double y_Adelie = y[0], y_Chinstrap = y[1], y_Gentoo = y[2];

            // hidden ← x: weighted sums, then tanh
            double z_hidden1 = b_hidden1
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
            double z_hidden2 = b_hidden2
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
            double z_hidden3 = b_hidden3
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
            double z_hidden4 = b_hidden4
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
            double z_hidden5 = b_hidden5
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
            double z_hidden6 = b_hidden6
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
            double a_hidden1 = Math.Tanh(z_hidden1);
            double a_hidden2 = Math.Tanh(z_hidden2);
            double a_hidden3 = Math.Tanh(z_hidden3);
            double a_hidden4 = Math.Tanh(z_hidden4);
            double a_hidden5 = Math.Tanh(z_hidden5);
            double a_hidden6 = Math.Tanh(z_hidden6);

            // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp
            // cannot overflow)
            double z_Adelie = b_Adelie
                + w_Adelie_hidden1 * a_hidden1
                + w_Adelie_hidden2 * a_hidden2
                + w_Adelie_hidden3 * a_hidden3
                + w_Adelie_hidden4 * a_hidden4
                + w_Adelie_hidden5 * a_hidden5
                + w_Adelie_hidden6 * a_hidden6;
            double z_Chinstrap = b_Chinstrap
                + w_Chinstrap_hidden1 * a_hidden1
                + w_Chinstrap_hidden2 * a_hidden2
                + w_Chinstrap_hidden3 * a_hidden3
                + w_Chinstrap_hidden4 * a_hidden4
                + w_Chinstrap_hidden5 * a_hidden5
                + w_Chinstrap_hidden6 * a_hidden6;
            double z_Gentoo = b_Gentoo
                + w_Gentoo_hidden1 * a_hidden1
                + w_Gentoo_hidden2 * a_hidden2
                + w_Gentoo_hidden3 * a_hidden3
                + w_Gentoo_hidden4 * a_hidden4
                + w_Gentoo_hidden5 * a_hidden5
                + w_Gentoo_hidden6 * a_hidden6;
            double top_output = Largest(z_Adelie, z_Chinstrap, z_Gentoo);
            double e_Adelie = Math.Exp(z_Adelie - top_output);
            double e_Chinstrap = Math.Exp(z_Chinstrap - top_output);
            double e_Gentoo = Math.Exp(z_Gentoo - top_output);
            double total_output = e_Adelie + e_Chinstrap + e_Gentoo;
            double a_Adelie = e_Adelie / total_output;
            double a_Chinstrap = e_Chinstrap / total_output;
            double a_Gentoo = e_Gentoo / total_output;

            // the loss: cross_entropy
            double loss = y_Adelie * (Math.Log(total_output) - (z_Adelie - top_output))
                + y_Chinstrap * (Math.Log(total_output) - (z_Chinstrap - top_output))
                + y_Gentoo * (Math.Log(total_output) - (z_Gentoo - top_output));
            if (slopes == null)
            {
                return loss;
            }
            // output: the slopes of softmax and of the logarithm cancel, only the difference
            // remains
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
            double da_hidden1 = dz_Adelie * w_Adelie_hidden1
                + dz_Chinstrap * w_Chinstrap_hidden1
                + dz_Gentoo * w_Gentoo_hidden1;
            double da_hidden2 = dz_Adelie * w_Adelie_hidden2
                + dz_Chinstrap * w_Chinstrap_hidden2
                + dz_Gentoo * w_Gentoo_hidden2;
            double da_hidden3 = dz_Adelie * w_Adelie_hidden3
                + dz_Chinstrap * w_Chinstrap_hidden3
                + dz_Gentoo * w_Gentoo_hidden3;
            double da_hidden4 = dz_Adelie * w_Adelie_hidden4
                + dz_Chinstrap * w_Chinstrap_hidden4
                + dz_Gentoo * w_Gentoo_hidden4;
            double da_hidden5 = dz_Adelie * w_Adelie_hidden5
                + dz_Chinstrap * w_Chinstrap_hidden5
                + dz_Gentoo * w_Gentoo_hidden5;
            double da_hidden6 = dz_Adelie * w_Adelie_hidden6
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

        /// <summary>The columns of a row, as the data name them.</summary>
        public static readonly IReadOnlyList<string> Columns = new[]
        {
            "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex",
        };

        /// <summary>The categories of columns, as the data have them.</summary>
        public static readonly IReadOnlyDictionary<string, string[]> Categories =
            new Dictionary<string, string[]>
            {
                ["island"] = new[] { "Biscoe", "Dream", "Torgersen" },
                ["sex"] = new[] { "female", "male" },
            };

        /// <summary>The classes in the order of the outputs.</summary>
        public static readonly IReadOnlyList<string> Classes = new[]
        {
            "Adelie", "Chinstrap", "Gentoo",
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

            // bill_length_mm: the median of the training rows in place of a missing value
            double number0 = NumberOf("bill_length_mm", row[0], fill: 44.7);
            x[0] = (number0 - 43.97131782945736) / 5.383886291208132;

            // bill_depth_mm: the median of the training rows in place of a missing value
            double number1 = NumberOf("bill_depth_mm", row[1], fill: 17.3);
            x[1] = (number1 - 17.134496124031006) / 1.9208797488845832;

            // flipper_length_mm: the median of the training rows in place of a missing value
            double number2 = NumberOf("flipper_length_mm", row[2], fill: 197.0);
            x[2] = (number2 - 200.92635658914728) / 14.056034150068182;

            // body_mass_g: the median of the training rows in place of a missing value
            double number3 = NumberOf("body_mass_g", row[3], fill: 4050.0);
            x[3] = (number3 - 4219.476744186047) / 811.407893010052;

            // island: 1 for the category of the row, 0 for the others
            int place4 = PlaceIn("island", row[4], Categories["island"], fill: -1, unknown: true);
            if (place4 < 3)
            {
                x[4 + place4] = 1.0;
            }

            // sex: 1 for the category of the row, 0 for the others
            int place5 = PlaceIn("sex", row[5], Categories["sex"], fill: 2, unknown: false);
            if (place5 < 2)
            {
                x[7 + place5] = 1.0;
            }
            if (IsGap(row[5], Categories["sex"]))
            {
                x[9] = 1.0;
            }
            return x;
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

        /// <summary>What adam remembers from step to step: the number of steps, m and v.</summary>
        public sealed class State
        {
            /// <summary>The number of steps.</summary>
            public double T { get; set; }

            /// <summary>m of each parameter.</summary>
            public double[] M { get; set; } = new double[Parameters];

            /// <summary>v of each parameter.</summary>
            public double[] V { get; set; } = new double[Parameters];

            /// <summary>Room for the slopes of <c>TrainStep</c>, as new ones are slow.</summary>
            internal double[] Slopes { get; set; }

            /// <summary>A copy, which later steps leave as it is.</summary>
            public State Copy()
            {
                return new State { T = T, M = (double[])M.Clone(), V = (double[])V.Clone() };
            }
        }

        /// <summary>The state before the first step.</summary>
        public static State InitState()
        {
            return new State();
        }

        /// <summary>Make one step of adam, in place.</summary>
        public static void Step(double[] parameters, double[] slopes, State state)
        {
            CheckSize(parameters, Parameters, "parameters");
            CheckSize(slopes, Parameters, "slopes");
            state.T++;
            double t = state.T;
            double power1 = Math.Pow(0.9, t);
            double power2 = Math.Pow(0.999, t);
            for (int i = 0; i < Parameters; i++)
            {
                double w = parameters[i];
                double g = slopes[i];
                double m = state.M[i];
                double v = state.V[i];
                m = 0.9 * m + (1.0 - 0.9) * g;
                v = 0.999 * v + (1.0 - 0.999) * (g * g);
                w = w - 0.02 * (m / (1.0 - power1)) / (Math.Sqrt(v / (1.0 - power2)) + 1e-08);
                parameters[i] = w;
                state.M[i] = m;
                state.V[i] = v;
            }
        }

        /// <summary>How <c>Fit</c> trains, by default as the spec says.</summary>
        public sealed class Settings
        {
            /// <summary>The number of epochs.</summary>
            public int Epochs { get; set; } = 40;

            /// <summary>The number of examples of a step; null takes all of them.</summary>
            public int? BatchSize { get; set; } = 16;

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
            for (int i = 0; i < 60; i++)
            {
                parameters[i] = Math.Sqrt(6.0 / 16.0) * (2.0 * Uniform(seed, i) - 1.0);
            }
            for (int i = 66; i < 84; i++)
            {
                parameters[i] = Math.Sqrt(6.0 / 9.0) * (2.0 * Uniform(seed, i) - 1.0);
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

        /// <summary>The shortest text that reads back as this number.</summary>
        private static string Shortest(double value)
        {
            string sign = value < 0 || 1 / value < 0 ? "-" : "";
            CultureInfo culture = CultureInfo.InvariantCulture;
            double size = Math.Abs(value);
            string[] parts = size.ToString("E16", culture).Split('E');
            long all = long.Parse(parts[0].Remove(1, 1), culture);
            int power = int.Parse(parts[1], culture) - 16;
            for (long unit = size < 1e-300 ? (long)1e16 : 100; unit > 1; unit /= 10)
            {
                long low = all - all % unit, near = all - low < low + unit - all ? low : low + unit;
                foreach (long one in new[] { low + low + unit - near, near })
                {
                    all = Nearest(one.ToString(culture), power) == size ? one : all;
                }
            }
            string digits = all.ToString(culture);
            int point = value == 0 ? 1 : digits.Length + power, before = Math.Max(1, point);
            digits = digits.TrimEnd('0');
            if (point > 21 || point < -3)
            {
                digits = digits.Length > 1 ? digits.Insert(1, ".") : digits;
                return sign + digits + "e" + (point - 1).ToString("+00;-00", culture);
            }
            digits = new string('0', before - point) + digits;
            return sign + digits.PadRight(before + 1, '0').Insert(before, ".");
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

        /// <summary>
        /// The texts that stand for a number, as Python writes it; none without a finite one.
        /// </summary>
        private static string[] NumberTexts(object cell)
        {
            double number = NumberIn(cell) ?? double.NaN;
            if (!(Math.Abs(number) <= double.MaxValue))
            {
                return new string[0];
            }
            string written = number == 0 ? "0.0" : Shortest(number);
            return new[] { Regex.Replace(written, @"\.0\z", ""), written };
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
        /// The place of a text among those that are listed; the one after the last if it is not.
        /// </summary>
        private static int PlaceOf(string text, string[] listed)
        {
            for (int place = 0; place < listed.Length; place++)
            {
                if (Bare(listed[place]) == text)
                {
                    return place;
                }
            }
            return listed.Length;
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

        /// <summary>
        /// Whether a value is missing in a column of texts: one that is listed is not.
        /// </summary>
        private static bool IsGap(object cell, string[] listed)
        {
            return IsMissing(cell) && PlaceOfCell(cell, listed) == listed.Length;
        }

        /// <summary>
        /// The place of a value among the texts of a column; that of a missing one is the fill, if
        /// there is one.
        /// </summary>
        /// <remarks>
        /// Unknown texts, if the column accepts them, have the place after the last.
        /// </remarks>
        private static int PlaceIn(
            string column,
            object cell,
            string[] listed,
            int fill,
            bool unknown)
        {
            if (IsGap(cell, listed))
            {
                if (fill < 0)
                {
                    throw Refused(column, "a value, but the value is missing");
                }
                return fill;
            }
            int place = PlaceOfCell(cell, listed);
            if (place < listed.Length || unknown)
            {
                return place;
            }
            throw Refused(column, "one of the texts that are listed for it");
        }

        /// <summary>
        /// The place of a value among the texts that are listed; the one after the last if it is
        /// not.
        /// </summary>
        private static int PlaceOfCell(object cell, string[] listed)
        {
            foreach (string text in TextsOf(cell))
            {
                int place = PlaceOf(text, listed);
                if (place < listed.Length)
                {
                    return place;
                }
            }
            return listed.Length;
        }

        /// <summary>The texts that stand for a value, as Python writes it.</summary>
        private static string[] TextsOf(object cell)
        {
            if (cell is string text)
            {
                return new[] { Bare(text) };
            }
            if (cell is bool truth)
            {
                if (truth)
                {
                    return new[] { "True", "true" };
                }
                return new[] { "False", "false" };
            }
            return NumberTexts(cell);
        }
    }
}
