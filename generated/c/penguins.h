/* clang-format off */
/*
penguins, a neural network: its equations forward and backward, and how it learns.

    x: 10 -> hidden: 6 tanh -> output: 3 softmax

Tells three species of penguins apart by measurements of their bodies, by their island and by their sex (Gorman,
Williams and Fraser, PLoS ONE 9, 2014). Some values are missing.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), rate =
0.02, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 40 epochs in batches of 16.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target;
w_hidden1_bill_length is the weight that leads to hidden1 from bill_length.

Written by nngen from the spec penguins: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have PENGUINS_PARAMETERS numbers, state has PENGUINS_STATE; examples
follow one another. If targets or weights are refused, for example a target that the loss does not accept, the loss is
NaN and the gradient 0.
*/
#ifndef PENGUINS_H
#define PENGUINS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PENGUINS_INPUTS 10
#define PENGUINS_OUTPUTS 3
#define PENGUINS_PARAMETERS 87
#define PENGUINS_STATE 175
#define PENGUINS_SEED 1u
#define PENGUINS_MEMORY 262 /* numbers in the memory of fit */
#define PENGUINS_PLACES 2 /* whole numbers in its order, for each example */
#define PENGUINS_STACK (238 * sizeof(double) + 1024) /* bytes of the largest stack below */

/* the network, and the order of its parameters */
#define PENGUINS_LAYOUT \
    "penguins " \
    "W_hidden[hidden1..hidden6, 6][bill_length bill_depth flipper_length body_mass island_biscoe " \
    "island_dream island_torgersen sex_female sex_male sex_missing] " \
    "b_hidden[hidden1..hidden6, 6] " \
    "W_output[Adelie Chinstrap Gentoo][hidden1..hidden6, 6] " \
    "b_output[Adelie Chinstrap Gentoo]"

/* The greater number; NaN if the first is NaN. */
static inline double penguins_maximum(double a, double b) {
    return b > a ? b : a;
}

/* The outputs of one example: 10 numbers → Adelie, Chinstrap, Gentoo. */
static inline void penguins_forward(const double *params, const double *x, double *outputs) {
    const double w_hidden1_bill_length = params[0], w_hidden1_bill_depth = params[1];
    const double w_hidden1_flipper_length = params[2], w_hidden1_body_mass = params[3];
    const double w_hidden1_island_biscoe = params[4], w_hidden1_island_dream = params[5];
    const double w_hidden1_island_torgersen = params[6], w_hidden1_sex_female = params[7];
    const double w_hidden1_sex_male = params[8], w_hidden1_sex_missing = params[9];
    const double w_hidden2_bill_length = params[10], w_hidden2_bill_depth = params[11];
    const double w_hidden2_flipper_length = params[12], w_hidden2_body_mass = params[13];
    const double w_hidden2_island_biscoe = params[14], w_hidden2_island_dream = params[15];
    const double w_hidden2_island_torgersen = params[16], w_hidden2_sex_female = params[17];
    const double w_hidden2_sex_male = params[18], w_hidden2_sex_missing = params[19];
    const double w_hidden3_bill_length = params[20], w_hidden3_bill_depth = params[21];
    const double w_hidden3_flipper_length = params[22], w_hidden3_body_mass = params[23];
    const double w_hidden3_island_biscoe = params[24], w_hidden3_island_dream = params[25];
    const double w_hidden3_island_torgersen = params[26], w_hidden3_sex_female = params[27];
    const double w_hidden3_sex_male = params[28], w_hidden3_sex_missing = params[29];
    const double w_hidden4_bill_length = params[30], w_hidden4_bill_depth = params[31];
    const double w_hidden4_flipper_length = params[32], w_hidden4_body_mass = params[33];
    const double w_hidden4_island_biscoe = params[34], w_hidden4_island_dream = params[35];
    const double w_hidden4_island_torgersen = params[36], w_hidden4_sex_female = params[37];
    const double w_hidden4_sex_male = params[38], w_hidden4_sex_missing = params[39];
    const double w_hidden5_bill_length = params[40], w_hidden5_bill_depth = params[41];
    const double w_hidden5_flipper_length = params[42], w_hidden5_body_mass = params[43];
    const double w_hidden5_island_biscoe = params[44], w_hidden5_island_dream = params[45];
    const double w_hidden5_island_torgersen = params[46], w_hidden5_sex_female = params[47];
    const double w_hidden5_sex_male = params[48], w_hidden5_sex_missing = params[49];
    const double w_hidden6_bill_length = params[50], w_hidden6_bill_depth = params[51];
    const double w_hidden6_flipper_length = params[52], w_hidden6_body_mass = params[53];
    const double w_hidden6_island_biscoe = params[54], w_hidden6_island_dream = params[55];
    const double w_hidden6_island_torgersen = params[56], w_hidden6_sex_female = params[57];
    const double w_hidden6_sex_male = params[58], w_hidden6_sex_missing = params[59];
    const double b_hidden1 = params[60], b_hidden2 = params[61], b_hidden3 = params[62];
    const double b_hidden4 = params[63], b_hidden5 = params[64], b_hidden6 = params[65];
    const double w_Adelie_hidden1 = params[66], w_Adelie_hidden2 = params[67], w_Adelie_hidden3 = params[68];
    const double w_Adelie_hidden4 = params[69], w_Adelie_hidden5 = params[70], w_Adelie_hidden6 = params[71];
    const double w_Chinstrap_hidden1 = params[72], w_Chinstrap_hidden2 = params[73], w_Chinstrap_hidden3 = params[74];
    const double w_Chinstrap_hidden4 = params[75], w_Chinstrap_hidden5 = params[76], w_Chinstrap_hidden6 = params[77];
    const double w_Gentoo_hidden1 = params[78], w_Gentoo_hidden2 = params[79], w_Gentoo_hidden3 = params[80];
    const double w_Gentoo_hidden4 = params[81], w_Gentoo_hidden5 = params[82], w_Gentoo_hidden6 = params[83];
    const double b_Adelie = params[84], b_Chinstrap = params[85], b_Gentoo = params[86];
    const double bill_length = x[0], bill_depth = x[1], flipper_length = x[2], body_mass = x[3], island_biscoe = x[4];
    const double island_dream = x[5], island_torgersen = x[6], sex_female = x[7], sex_male = x[8], sex_missing = x[9];

    /* hidden ← x: weighted sums, then tanh */
    const double z_hidden1 =
        b_hidden1 +
        w_hidden1_bill_length * bill_length +
        w_hidden1_bill_depth * bill_depth +
        w_hidden1_flipper_length * flipper_length +
        w_hidden1_body_mass * body_mass +
        w_hidden1_island_biscoe * island_biscoe +
        w_hidden1_island_dream * island_dream +
        w_hidden1_island_torgersen * island_torgersen +
        w_hidden1_sex_female * sex_female +
        w_hidden1_sex_male * sex_male +
        w_hidden1_sex_missing * sex_missing;
    const double z_hidden2 =
        b_hidden2 +
        w_hidden2_bill_length * bill_length +
        w_hidden2_bill_depth * bill_depth +
        w_hidden2_flipper_length * flipper_length +
        w_hidden2_body_mass * body_mass +
        w_hidden2_island_biscoe * island_biscoe +
        w_hidden2_island_dream * island_dream +
        w_hidden2_island_torgersen * island_torgersen +
        w_hidden2_sex_female * sex_female +
        w_hidden2_sex_male * sex_male +
        w_hidden2_sex_missing * sex_missing;
    const double z_hidden3 =
        b_hidden3 +
        w_hidden3_bill_length * bill_length +
        w_hidden3_bill_depth * bill_depth +
        w_hidden3_flipper_length * flipper_length +
        w_hidden3_body_mass * body_mass +
        w_hidden3_island_biscoe * island_biscoe +
        w_hidden3_island_dream * island_dream +
        w_hidden3_island_torgersen * island_torgersen +
        w_hidden3_sex_female * sex_female +
        w_hidden3_sex_male * sex_male +
        w_hidden3_sex_missing * sex_missing;
    const double z_hidden4 =
        b_hidden4 +
        w_hidden4_bill_length * bill_length +
        w_hidden4_bill_depth * bill_depth +
        w_hidden4_flipper_length * flipper_length +
        w_hidden4_body_mass * body_mass +
        w_hidden4_island_biscoe * island_biscoe +
        w_hidden4_island_dream * island_dream +
        w_hidden4_island_torgersen * island_torgersen +
        w_hidden4_sex_female * sex_female +
        w_hidden4_sex_male * sex_male +
        w_hidden4_sex_missing * sex_missing;
    const double z_hidden5 =
        b_hidden5 +
        w_hidden5_bill_length * bill_length +
        w_hidden5_bill_depth * bill_depth +
        w_hidden5_flipper_length * flipper_length +
        w_hidden5_body_mass * body_mass +
        w_hidden5_island_biscoe * island_biscoe +
        w_hidden5_island_dream * island_dream +
        w_hidden5_island_torgersen * island_torgersen +
        w_hidden5_sex_female * sex_female +
        w_hidden5_sex_male * sex_male +
        w_hidden5_sex_missing * sex_missing;
    const double z_hidden6 =
        b_hidden6 +
        w_hidden6_bill_length * bill_length +
        w_hidden6_bill_depth * bill_depth +
        w_hidden6_flipper_length * flipper_length +
        w_hidden6_body_mass * body_mass +
        w_hidden6_island_biscoe * island_biscoe +
        w_hidden6_island_dream * island_dream +
        w_hidden6_island_torgersen * island_torgersen +
        w_hidden6_sex_female * sex_female +
        w_hidden6_sex_male * sex_male +
        w_hidden6_sex_missing * sex_missing;
    const double a_hidden1 = tanh(z_hidden1);
    const double a_hidden2 = tanh(z_hidden2);
    const double a_hidden3 = tanh(z_hidden3);
    const double a_hidden4 = tanh(z_hidden4);
    const double a_hidden5 = tanh(z_hidden5);
    const double a_hidden6 = tanh(z_hidden6);

    /* output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow) */
    const double z_Adelie =
        b_Adelie +
        w_Adelie_hidden1 * a_hidden1 +
        w_Adelie_hidden2 * a_hidden2 +
        w_Adelie_hidden3 * a_hidden3 +
        w_Adelie_hidden4 * a_hidden4 +
        w_Adelie_hidden5 * a_hidden5 +
        w_Adelie_hidden6 * a_hidden6;
    const double z_Chinstrap =
        b_Chinstrap +
        w_Chinstrap_hidden1 * a_hidden1 +
        w_Chinstrap_hidden2 * a_hidden2 +
        w_Chinstrap_hidden3 * a_hidden3 +
        w_Chinstrap_hidden4 * a_hidden4 +
        w_Chinstrap_hidden5 * a_hidden5 +
        w_Chinstrap_hidden6 * a_hidden6;
    const double z_Gentoo =
        b_Gentoo +
        w_Gentoo_hidden1 * a_hidden1 +
        w_Gentoo_hidden2 * a_hidden2 +
        w_Gentoo_hidden3 * a_hidden3 +
        w_Gentoo_hidden4 * a_hidden4 +
        w_Gentoo_hidden5 * a_hidden5 +
        w_Gentoo_hidden6 * a_hidden6;
    double top_output = z_Adelie;
    top_output = penguins_maximum(top_output, z_Chinstrap);
    top_output = penguins_maximum(top_output, z_Gentoo);
    const double e_Adelie = exp(z_Adelie - top_output);
    const double e_Chinstrap = exp(z_Chinstrap - top_output);
    const double e_Gentoo = exp(z_Gentoo - top_output);
    const double total_output = e_Adelie + e_Chinstrap + e_Gentoo;
    const double a_Adelie = e_Adelie / total_output;
    const double a_Chinstrap = e_Chinstrap / total_output;
    const double a_Gentoo = e_Gentoo / total_output;

    outputs[0] = a_Adelie; outputs[1] = a_Chinstrap; outputs[2] = a_Gentoo;
}

/* Whether the loss accepts these targets: numbers from 0 to 1 that sum to 1 for each example. */
static inline int penguins_takes(const double *y) {
    double total = 0;
    for (int i = 0; i < 3; i++) {
        if (!(0.0 <= y[i] && y[i] <= 1.0)) {
            return 0;
        }
        total += y[i];
    }
    return fabs(total - 1) <= 1e-5;
}

/* The loss of one example; its derivative with respect to each parameter is added to gradient, unless that is NULL. */
static inline double penguins_add_gradient(const double *params, const double *x, const double *y, double *gradient) {
    if (!penguins_takes(y)) {
        return (double)NAN;
    }
    const double y_Adelie = y[0], y_Chinstrap = y[1], y_Gentoo = y[2];
    const double w_hidden1_bill_length = params[0], w_hidden1_bill_depth = params[1];
    const double w_hidden1_flipper_length = params[2], w_hidden1_body_mass = params[3];
    const double w_hidden1_island_biscoe = params[4], w_hidden1_island_dream = params[5];
    const double w_hidden1_island_torgersen = params[6], w_hidden1_sex_female = params[7];
    const double w_hidden1_sex_male = params[8], w_hidden1_sex_missing = params[9];
    const double w_hidden2_bill_length = params[10], w_hidden2_bill_depth = params[11];
    const double w_hidden2_flipper_length = params[12], w_hidden2_body_mass = params[13];
    const double w_hidden2_island_biscoe = params[14], w_hidden2_island_dream = params[15];
    const double w_hidden2_island_torgersen = params[16], w_hidden2_sex_female = params[17];
    const double w_hidden2_sex_male = params[18], w_hidden2_sex_missing = params[19];
    const double w_hidden3_bill_length = params[20], w_hidden3_bill_depth = params[21];
    const double w_hidden3_flipper_length = params[22], w_hidden3_body_mass = params[23];
    const double w_hidden3_island_biscoe = params[24], w_hidden3_island_dream = params[25];
    const double w_hidden3_island_torgersen = params[26], w_hidden3_sex_female = params[27];
    const double w_hidden3_sex_male = params[28], w_hidden3_sex_missing = params[29];
    const double w_hidden4_bill_length = params[30], w_hidden4_bill_depth = params[31];
    const double w_hidden4_flipper_length = params[32], w_hidden4_body_mass = params[33];
    const double w_hidden4_island_biscoe = params[34], w_hidden4_island_dream = params[35];
    const double w_hidden4_island_torgersen = params[36], w_hidden4_sex_female = params[37];
    const double w_hidden4_sex_male = params[38], w_hidden4_sex_missing = params[39];
    const double w_hidden5_bill_length = params[40], w_hidden5_bill_depth = params[41];
    const double w_hidden5_flipper_length = params[42], w_hidden5_body_mass = params[43];
    const double w_hidden5_island_biscoe = params[44], w_hidden5_island_dream = params[45];
    const double w_hidden5_island_torgersen = params[46], w_hidden5_sex_female = params[47];
    const double w_hidden5_sex_male = params[48], w_hidden5_sex_missing = params[49];
    const double w_hidden6_bill_length = params[50], w_hidden6_bill_depth = params[51];
    const double w_hidden6_flipper_length = params[52], w_hidden6_body_mass = params[53];
    const double w_hidden6_island_biscoe = params[54], w_hidden6_island_dream = params[55];
    const double w_hidden6_island_torgersen = params[56], w_hidden6_sex_female = params[57];
    const double w_hidden6_sex_male = params[58], w_hidden6_sex_missing = params[59];
    const double b_hidden1 = params[60], b_hidden2 = params[61], b_hidden3 = params[62];
    const double b_hidden4 = params[63], b_hidden5 = params[64], b_hidden6 = params[65];
    const double w_Adelie_hidden1 = params[66], w_Adelie_hidden2 = params[67], w_Adelie_hidden3 = params[68];
    const double w_Adelie_hidden4 = params[69], w_Adelie_hidden5 = params[70], w_Adelie_hidden6 = params[71];
    const double w_Chinstrap_hidden1 = params[72], w_Chinstrap_hidden2 = params[73], w_Chinstrap_hidden3 = params[74];
    const double w_Chinstrap_hidden4 = params[75], w_Chinstrap_hidden5 = params[76], w_Chinstrap_hidden6 = params[77];
    const double w_Gentoo_hidden1 = params[78], w_Gentoo_hidden2 = params[79], w_Gentoo_hidden3 = params[80];
    const double w_Gentoo_hidden4 = params[81], w_Gentoo_hidden5 = params[82], w_Gentoo_hidden6 = params[83];
    const double b_Adelie = params[84], b_Chinstrap = params[85], b_Gentoo = params[86];
    const double bill_length = x[0], bill_depth = x[1], flipper_length = x[2], body_mass = x[3], island_biscoe = x[4];
    const double island_dream = x[5], island_torgersen = x[6], sex_female = x[7], sex_male = x[8], sex_missing = x[9];

    /* hidden ← x: weighted sums, then tanh */
    const double z_hidden1 =
        b_hidden1 +
        w_hidden1_bill_length * bill_length +
        w_hidden1_bill_depth * bill_depth +
        w_hidden1_flipper_length * flipper_length +
        w_hidden1_body_mass * body_mass +
        w_hidden1_island_biscoe * island_biscoe +
        w_hidden1_island_dream * island_dream +
        w_hidden1_island_torgersen * island_torgersen +
        w_hidden1_sex_female * sex_female +
        w_hidden1_sex_male * sex_male +
        w_hidden1_sex_missing * sex_missing;
    const double z_hidden2 =
        b_hidden2 +
        w_hidden2_bill_length * bill_length +
        w_hidden2_bill_depth * bill_depth +
        w_hidden2_flipper_length * flipper_length +
        w_hidden2_body_mass * body_mass +
        w_hidden2_island_biscoe * island_biscoe +
        w_hidden2_island_dream * island_dream +
        w_hidden2_island_torgersen * island_torgersen +
        w_hidden2_sex_female * sex_female +
        w_hidden2_sex_male * sex_male +
        w_hidden2_sex_missing * sex_missing;
    const double z_hidden3 =
        b_hidden3 +
        w_hidden3_bill_length * bill_length +
        w_hidden3_bill_depth * bill_depth +
        w_hidden3_flipper_length * flipper_length +
        w_hidden3_body_mass * body_mass +
        w_hidden3_island_biscoe * island_biscoe +
        w_hidden3_island_dream * island_dream +
        w_hidden3_island_torgersen * island_torgersen +
        w_hidden3_sex_female * sex_female +
        w_hidden3_sex_male * sex_male +
        w_hidden3_sex_missing * sex_missing;
    const double z_hidden4 =
        b_hidden4 +
        w_hidden4_bill_length * bill_length +
        w_hidden4_bill_depth * bill_depth +
        w_hidden4_flipper_length * flipper_length +
        w_hidden4_body_mass * body_mass +
        w_hidden4_island_biscoe * island_biscoe +
        w_hidden4_island_dream * island_dream +
        w_hidden4_island_torgersen * island_torgersen +
        w_hidden4_sex_female * sex_female +
        w_hidden4_sex_male * sex_male +
        w_hidden4_sex_missing * sex_missing;
    const double z_hidden5 =
        b_hidden5 +
        w_hidden5_bill_length * bill_length +
        w_hidden5_bill_depth * bill_depth +
        w_hidden5_flipper_length * flipper_length +
        w_hidden5_body_mass * body_mass +
        w_hidden5_island_biscoe * island_biscoe +
        w_hidden5_island_dream * island_dream +
        w_hidden5_island_torgersen * island_torgersen +
        w_hidden5_sex_female * sex_female +
        w_hidden5_sex_male * sex_male +
        w_hidden5_sex_missing * sex_missing;
    const double z_hidden6 =
        b_hidden6 +
        w_hidden6_bill_length * bill_length +
        w_hidden6_bill_depth * bill_depth +
        w_hidden6_flipper_length * flipper_length +
        w_hidden6_body_mass * body_mass +
        w_hidden6_island_biscoe * island_biscoe +
        w_hidden6_island_dream * island_dream +
        w_hidden6_island_torgersen * island_torgersen +
        w_hidden6_sex_female * sex_female +
        w_hidden6_sex_male * sex_male +
        w_hidden6_sex_missing * sex_missing;
    const double a_hidden1 = tanh(z_hidden1);
    const double a_hidden2 = tanh(z_hidden2);
    const double a_hidden3 = tanh(z_hidden3);
    const double a_hidden4 = tanh(z_hidden4);
    const double a_hidden5 = tanh(z_hidden5);
    const double a_hidden6 = tanh(z_hidden6);

    /* output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow) */
    const double z_Adelie =
        b_Adelie +
        w_Adelie_hidden1 * a_hidden1 +
        w_Adelie_hidden2 * a_hidden2 +
        w_Adelie_hidden3 * a_hidden3 +
        w_Adelie_hidden4 * a_hidden4 +
        w_Adelie_hidden5 * a_hidden5 +
        w_Adelie_hidden6 * a_hidden6;
    const double z_Chinstrap =
        b_Chinstrap +
        w_Chinstrap_hidden1 * a_hidden1 +
        w_Chinstrap_hidden2 * a_hidden2 +
        w_Chinstrap_hidden3 * a_hidden3 +
        w_Chinstrap_hidden4 * a_hidden4 +
        w_Chinstrap_hidden5 * a_hidden5 +
        w_Chinstrap_hidden6 * a_hidden6;
    const double z_Gentoo =
        b_Gentoo +
        w_Gentoo_hidden1 * a_hidden1 +
        w_Gentoo_hidden2 * a_hidden2 +
        w_Gentoo_hidden3 * a_hidden3 +
        w_Gentoo_hidden4 * a_hidden4 +
        w_Gentoo_hidden5 * a_hidden5 +
        w_Gentoo_hidden6 * a_hidden6;
    double top_output = z_Adelie;
    top_output = penguins_maximum(top_output, z_Chinstrap);
    top_output = penguins_maximum(top_output, z_Gentoo);
    const double e_Adelie = exp(z_Adelie - top_output);
    const double e_Chinstrap = exp(z_Chinstrap - top_output);
    const double e_Gentoo = exp(z_Gentoo - top_output);
    const double total_output = e_Adelie + e_Chinstrap + e_Gentoo;
    const double a_Adelie = e_Adelie / total_output;
    const double a_Chinstrap = e_Chinstrap / total_output;
    const double a_Gentoo = e_Gentoo / total_output;

    /* the loss: cross_entropy */
    const double loss =
        y_Adelie * (log(total_output) - (z_Adelie - top_output)) +
        y_Chinstrap * (log(total_output) - (z_Chinstrap - top_output)) +
        y_Gentoo * (log(total_output) - (z_Gentoo - top_output));
    if (!gradient) {
        return loss;
    }

    /* output: the slopes of softmax and of the logarithm cancel, only the difference remains */
    const double dz_Adelie = a_Adelie - y_Adelie;
    const double dz_Chinstrap = a_Chinstrap - y_Chinstrap;
    const double dz_Gentoo = a_Gentoo - y_Gentoo;
    const double dw_Adelie_hidden1 = dz_Adelie * a_hidden1;
    const double dw_Adelie_hidden2 = dz_Adelie * a_hidden2;
    const double dw_Adelie_hidden3 = dz_Adelie * a_hidden3;
    const double dw_Adelie_hidden4 = dz_Adelie * a_hidden4;
    const double dw_Adelie_hidden5 = dz_Adelie * a_hidden5;
    const double dw_Adelie_hidden6 = dz_Adelie * a_hidden6;
    const double dw_Chinstrap_hidden1 = dz_Chinstrap * a_hidden1;
    const double dw_Chinstrap_hidden2 = dz_Chinstrap * a_hidden2;
    const double dw_Chinstrap_hidden3 = dz_Chinstrap * a_hidden3;
    const double dw_Chinstrap_hidden4 = dz_Chinstrap * a_hidden4;
    const double dw_Chinstrap_hidden5 = dz_Chinstrap * a_hidden5;
    const double dw_Chinstrap_hidden6 = dz_Chinstrap * a_hidden6;
    const double dw_Gentoo_hidden1 = dz_Gentoo * a_hidden1;
    const double dw_Gentoo_hidden2 = dz_Gentoo * a_hidden2;
    const double dw_Gentoo_hidden3 = dz_Gentoo * a_hidden3;
    const double dw_Gentoo_hidden4 = dz_Gentoo * a_hidden4;
    const double dw_Gentoo_hidden5 = dz_Gentoo * a_hidden5;
    const double dw_Gentoo_hidden6 = dz_Gentoo * a_hidden6;
    const double db_Adelie = dz_Adelie;
    const double db_Chinstrap = dz_Chinstrap;
    const double db_Gentoo = dz_Gentoo;

    /* hidden ← output: the error flows back along the same weights */
    const double da_hidden1 =
        dz_Adelie * w_Adelie_hidden1 + dz_Chinstrap * w_Chinstrap_hidden1 + dz_Gentoo * w_Gentoo_hidden1;
    const double da_hidden2 =
        dz_Adelie * w_Adelie_hidden2 + dz_Chinstrap * w_Chinstrap_hidden2 + dz_Gentoo * w_Gentoo_hidden2;
    const double da_hidden3 =
        dz_Adelie * w_Adelie_hidden3 + dz_Chinstrap * w_Chinstrap_hidden3 + dz_Gentoo * w_Gentoo_hidden3;
    const double da_hidden4 =
        dz_Adelie * w_Adelie_hidden4 + dz_Chinstrap * w_Chinstrap_hidden4 + dz_Gentoo * w_Gentoo_hidden4;
    const double da_hidden5 =
        dz_Adelie * w_Adelie_hidden5 + dz_Chinstrap * w_Chinstrap_hidden5 + dz_Gentoo * w_Gentoo_hidden5;
    const double da_hidden6 =
        dz_Adelie * w_Adelie_hidden6 + dz_Chinstrap * w_Chinstrap_hidden6 + dz_Gentoo * w_Gentoo_hidden6;
    const double dz_hidden1 = da_hidden1 * (1.0 - a_hidden1 * a_hidden1);
    const double dz_hidden2 = da_hidden2 * (1.0 - a_hidden2 * a_hidden2);
    const double dz_hidden3 = da_hidden3 * (1.0 - a_hidden3 * a_hidden3);
    const double dz_hidden4 = da_hidden4 * (1.0 - a_hidden4 * a_hidden4);
    const double dz_hidden5 = da_hidden5 * (1.0 - a_hidden5 * a_hidden5);
    const double dz_hidden6 = da_hidden6 * (1.0 - a_hidden6 * a_hidden6);
    const double dw_hidden1_bill_length = dz_hidden1 * bill_length;
    const double dw_hidden1_bill_depth = dz_hidden1 * bill_depth;
    const double dw_hidden1_flipper_length = dz_hidden1 * flipper_length;
    const double dw_hidden1_body_mass = dz_hidden1 * body_mass;
    const double dw_hidden1_island_biscoe = dz_hidden1 * island_biscoe;
    const double dw_hidden1_island_dream = dz_hidden1 * island_dream;
    const double dw_hidden1_island_torgersen = dz_hidden1 * island_torgersen;
    const double dw_hidden1_sex_female = dz_hidden1 * sex_female;
    const double dw_hidden1_sex_male = dz_hidden1 * sex_male;
    const double dw_hidden1_sex_missing = dz_hidden1 * sex_missing;
    const double dw_hidden2_bill_length = dz_hidden2 * bill_length;
    const double dw_hidden2_bill_depth = dz_hidden2 * bill_depth;
    const double dw_hidden2_flipper_length = dz_hidden2 * flipper_length;
    const double dw_hidden2_body_mass = dz_hidden2 * body_mass;
    const double dw_hidden2_island_biscoe = dz_hidden2 * island_biscoe;
    const double dw_hidden2_island_dream = dz_hidden2 * island_dream;
    const double dw_hidden2_island_torgersen = dz_hidden2 * island_torgersen;
    const double dw_hidden2_sex_female = dz_hidden2 * sex_female;
    const double dw_hidden2_sex_male = dz_hidden2 * sex_male;
    const double dw_hidden2_sex_missing = dz_hidden2 * sex_missing;
    const double dw_hidden3_bill_length = dz_hidden3 * bill_length;
    const double dw_hidden3_bill_depth = dz_hidden3 * bill_depth;
    const double dw_hidden3_flipper_length = dz_hidden3 * flipper_length;
    const double dw_hidden3_body_mass = dz_hidden3 * body_mass;
    const double dw_hidden3_island_biscoe = dz_hidden3 * island_biscoe;
    const double dw_hidden3_island_dream = dz_hidden3 * island_dream;
    const double dw_hidden3_island_torgersen = dz_hidden3 * island_torgersen;
    const double dw_hidden3_sex_female = dz_hidden3 * sex_female;
    const double dw_hidden3_sex_male = dz_hidden3 * sex_male;
    const double dw_hidden3_sex_missing = dz_hidden3 * sex_missing;
    const double dw_hidden4_bill_length = dz_hidden4 * bill_length;
    const double dw_hidden4_bill_depth = dz_hidden4 * bill_depth;
    const double dw_hidden4_flipper_length = dz_hidden4 * flipper_length;
    const double dw_hidden4_body_mass = dz_hidden4 * body_mass;
    const double dw_hidden4_island_biscoe = dz_hidden4 * island_biscoe;
    const double dw_hidden4_island_dream = dz_hidden4 * island_dream;
    const double dw_hidden4_island_torgersen = dz_hidden4 * island_torgersen;
    const double dw_hidden4_sex_female = dz_hidden4 * sex_female;
    const double dw_hidden4_sex_male = dz_hidden4 * sex_male;
    const double dw_hidden4_sex_missing = dz_hidden4 * sex_missing;
    const double dw_hidden5_bill_length = dz_hidden5 * bill_length;
    const double dw_hidden5_bill_depth = dz_hidden5 * bill_depth;
    const double dw_hidden5_flipper_length = dz_hidden5 * flipper_length;
    const double dw_hidden5_body_mass = dz_hidden5 * body_mass;
    const double dw_hidden5_island_biscoe = dz_hidden5 * island_biscoe;
    const double dw_hidden5_island_dream = dz_hidden5 * island_dream;
    const double dw_hidden5_island_torgersen = dz_hidden5 * island_torgersen;
    const double dw_hidden5_sex_female = dz_hidden5 * sex_female;
    const double dw_hidden5_sex_male = dz_hidden5 * sex_male;
    const double dw_hidden5_sex_missing = dz_hidden5 * sex_missing;
    const double dw_hidden6_bill_length = dz_hidden6 * bill_length;
    const double dw_hidden6_bill_depth = dz_hidden6 * bill_depth;
    const double dw_hidden6_flipper_length = dz_hidden6 * flipper_length;
    const double dw_hidden6_body_mass = dz_hidden6 * body_mass;
    const double dw_hidden6_island_biscoe = dz_hidden6 * island_biscoe;
    const double dw_hidden6_island_dream = dz_hidden6 * island_dream;
    const double dw_hidden6_island_torgersen = dz_hidden6 * island_torgersen;
    const double dw_hidden6_sex_female = dz_hidden6 * sex_female;
    const double dw_hidden6_sex_male = dz_hidden6 * sex_male;
    const double dw_hidden6_sex_missing = dz_hidden6 * sex_missing;
    const double db_hidden1 = dz_hidden1;
    const double db_hidden2 = dz_hidden2;
    const double db_hidden3 = dz_hidden3;
    const double db_hidden4 = dz_hidden4;
    const double db_hidden5 = dz_hidden5;
    const double db_hidden6 = dz_hidden6;

    gradient[0] += dw_hidden1_bill_length; gradient[1] += dw_hidden1_bill_depth;
    gradient[2] += dw_hidden1_flipper_length; gradient[3] += dw_hidden1_body_mass;
    gradient[4] += dw_hidden1_island_biscoe; gradient[5] += dw_hidden1_island_dream;
    gradient[6] += dw_hidden1_island_torgersen; gradient[7] += dw_hidden1_sex_female;
    gradient[8] += dw_hidden1_sex_male; gradient[9] += dw_hidden1_sex_missing;
    gradient[10] += dw_hidden2_bill_length; gradient[11] += dw_hidden2_bill_depth;
    gradient[12] += dw_hidden2_flipper_length; gradient[13] += dw_hidden2_body_mass;
    gradient[14] += dw_hidden2_island_biscoe; gradient[15] += dw_hidden2_island_dream;
    gradient[16] += dw_hidden2_island_torgersen; gradient[17] += dw_hidden2_sex_female;
    gradient[18] += dw_hidden2_sex_male; gradient[19] += dw_hidden2_sex_missing;
    gradient[20] += dw_hidden3_bill_length; gradient[21] += dw_hidden3_bill_depth;
    gradient[22] += dw_hidden3_flipper_length; gradient[23] += dw_hidden3_body_mass;
    gradient[24] += dw_hidden3_island_biscoe; gradient[25] += dw_hidden3_island_dream;
    gradient[26] += dw_hidden3_island_torgersen; gradient[27] += dw_hidden3_sex_female;
    gradient[28] += dw_hidden3_sex_male; gradient[29] += dw_hidden3_sex_missing;
    gradient[30] += dw_hidden4_bill_length; gradient[31] += dw_hidden4_bill_depth;
    gradient[32] += dw_hidden4_flipper_length; gradient[33] += dw_hidden4_body_mass;
    gradient[34] += dw_hidden4_island_biscoe; gradient[35] += dw_hidden4_island_dream;
    gradient[36] += dw_hidden4_island_torgersen; gradient[37] += dw_hidden4_sex_female;
    gradient[38] += dw_hidden4_sex_male; gradient[39] += dw_hidden4_sex_missing;
    gradient[40] += dw_hidden5_bill_length; gradient[41] += dw_hidden5_bill_depth;
    gradient[42] += dw_hidden5_flipper_length; gradient[43] += dw_hidden5_body_mass;
    gradient[44] += dw_hidden5_island_biscoe; gradient[45] += dw_hidden5_island_dream;
    gradient[46] += dw_hidden5_island_torgersen; gradient[47] += dw_hidden5_sex_female;
    gradient[48] += dw_hidden5_sex_male; gradient[49] += dw_hidden5_sex_missing;
    gradient[50] += dw_hidden6_bill_length; gradient[51] += dw_hidden6_bill_depth;
    gradient[52] += dw_hidden6_flipper_length; gradient[53] += dw_hidden6_body_mass;
    gradient[54] += dw_hidden6_island_biscoe; gradient[55] += dw_hidden6_island_dream;
    gradient[56] += dw_hidden6_island_torgersen; gradient[57] += dw_hidden6_sex_female;
    gradient[58] += dw_hidden6_sex_male; gradient[59] += dw_hidden6_sex_missing;
    gradient[60] += db_hidden1; gradient[61] += db_hidden2; gradient[62] += db_hidden3;
    gradient[63] += db_hidden4; gradient[64] += db_hidden5; gradient[65] += db_hidden6;
    gradient[66] += dw_Adelie_hidden1; gradient[67] += dw_Adelie_hidden2; gradient[68] += dw_Adelie_hidden3;
    gradient[69] += dw_Adelie_hidden4; gradient[70] += dw_Adelie_hidden5; gradient[71] += dw_Adelie_hidden6;
    gradient[72] += dw_Chinstrap_hidden1; gradient[73] += dw_Chinstrap_hidden2; gradient[74] += dw_Chinstrap_hidden3;
    gradient[75] += dw_Chinstrap_hidden4; gradient[76] += dw_Chinstrap_hidden5; gradient[77] += dw_Chinstrap_hidden6;
    gradient[78] += dw_Gentoo_hidden1; gradient[79] += dw_Gentoo_hidden2; gradient[80] += dw_Gentoo_hidden3;
    gradient[81] += dw_Gentoo_hidden4; gradient[82] += dw_Gentoo_hidden5; gradient[83] += dw_Gentoo_hidden6;
    gradient[84] += db_Adelie; gradient[85] += db_Chinstrap; gradient[86] += db_Gentoo;
    return loss;
}

/* The loss of a batch of count examples, the mean over the examples, and unless gradient is NULL its derivative with
   respect to each parameter.

   Example k is row rows[k] of the data, or row k where rows is NULL. */
static inline double penguins_batch_gradient(const double *params, const double *xs, const double *ys,
    const uint32_t *rows, uint32_t count, double *gradient) {
    double loss = 0;
    for (int i = 0; gradient && i < PENGUINS_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    for (uint32_t k = 0; k < count; k++) {
        const size_t i = rows ? rows[k] : k;
        if (!penguins_takes(ys + i * PENGUINS_OUTPUTS)) {
            return (double)NAN;
        }
    }
    for (uint32_t k = 0; k < count; k++) {
        const size_t i = rows ? rows[k] : k;
        loss += penguins_add_gradient(params, xs + i * PENGUINS_INPUTS, ys + i * PENGUINS_OUTPUTS, gradient);
    }
    for (int i = 0; gradient && count > 1 && i < PENGUINS_PARAMETERS; i++) {
        gradient[i] /= (double)count;
    }
    return loss / (double)count;
}

/* The loss of one example. */
static inline double penguins_loss(const double *params, const double *x, const double *y) {
    return penguins_add_gradient(params, x, y, NULL);
}

/* The loss of one example, and its derivative with respect to each parameter. */
static inline double penguins_gradient(const double *params, const double *x, const double *y, double *gradient) {
    for (int i = 0; i < PENGUINS_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    return penguins_add_gradient(params, x, y, gradient);
}

/* --- Below: batches, training, predictions. --- */

/* The outputs of any number of examples, which follow one another. */
static inline void penguins_batch_forward(const double *params, const double *xs, uint32_t count, double *outputs) {
    for (size_t k = 0; k < count; k++) {
        penguins_forward(params, xs + k * PENGUINS_INPUTS, outputs + k * PENGUINS_OUTPUTS);
    }
}

#define PENGUINS_COLUMNS 6

#define PENGUINS_CLASSES 3

/* The place of a text, without the spaces around it, among count names; -2 if it means a missing value, else -1. */
static inline int penguins_place_of(const char *text, const char *const *names, int count) {
    static const char spaces[] = " \t\n\v\f\r";
    static const char *const missing[] = {"", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "\077"};
    text += strspn(text, spaces);
    for (int i = 0; i < count + (int)(sizeof missing / sizeof *missing); i++) {
        const char *name = i < count ? names[i] : missing[i - count];
        const size_t length = strlen(name);
        if (strncmp(text, name, length) == 0 && text[length + strspn(text + length, spaces)] == 0) {
            return i < count ? i : -2;
        }
    }
    return -1;
}

/* island: its categories, and what stands for a missing value and for any other category */
enum {
    PENGUINS_island_missing = -2, PENGUINS_island_unknown = -1, PENGUINS_island_biscoe = 0,
    PENGUINS_island_dream = 1, PENGUINS_island_torgersen = 2,
};
static const char *const penguins_island_names[] = {"Biscoe", "Dream", "Torgersen"};

/* The category that a text of the data stands for, or what stands for a missing value or for any other category. */
static inline int penguins_island_of(const char *text) {
    return penguins_place_of(text, penguins_island_names, 3);
}

/* sex: its categories, and what stands for a missing value and for any other category */
enum {PENGUINS_sex_missing = -2, PENGUINS_sex_unknown = -1, PENGUINS_sex_female = 0, PENGUINS_sex_male = 1};
static const char *const penguins_sex_names[] = {"female", "male"};

/* The category that a text of the data stands for, or what stands for a missing value or for any other category. */
static inline int penguins_sex_of(const char *text) {
    return penguins_place_of(text, penguins_sex_names, 2);
}

/* a row of the data; NAN stands for a missing number */
typedef struct {
    double bill_length; /* bill_length_mm */
    double bill_depth; /* bill_depth_mm */
    double flipper_length; /* flipper_length_mm */
    double body_mass; /* body_mass_g */
    int island;
    int sex;
} penguins_row;

/* The name of a column in the data. */
static inline const char *penguins_name_of_column(int column) {
    static const char *const names[6] = {
        "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex",
    };
    return column >= 0 && column < 6 ? names[column] : "";
}

/* The name of a class, by its place among the outputs. */
static inline const char *penguins_name_of_class(int answer) {
    static const char *const names[3] = {"Adelie", "Chinstrap", "Gentoo"};
    return answer >= 0 && answer < 3 ? names[answer] : "";
}

/* The inputs of the network for a row of the data. Returns 0; or, if a value is refused, the number of its column
   from 1. */
static inline int penguins_encode(const penguins_row *row, double *x) {
    /* bill_length_mm: the median of the training rows in place of a missing value */
    if (isinf(row->bill_length)) {
        return 1;
    }
    x[0] = ((isnan(row->bill_length) ? 44.7 : row->bill_length) - 43.97131782945736) / 5.383886291208132;
    /* bill_depth_mm: the median of the training rows in place of a missing value */
    if (isinf(row->bill_depth)) {
        return 2;
    }
    x[1] = ((isnan(row->bill_depth) ? 17.3 : row->bill_depth) - 17.134496124031006) / 1.9208797488845832;
    /* flipper_length_mm: the median of the training rows in place of a missing value */
    if (isinf(row->flipper_length)) {
        return 3;
    }
    x[2] = ((isnan(row->flipper_length) ? 197.0 : row->flipper_length) - 200.92635658914728) / 14.056034150068182;
    /* body_mass_g: the median of the training rows in place of a missing value */
    if (isinf(row->body_mass)) {
        return 4;
    }
    x[3] = ((isnan(row->body_mass) ? 4050.0 : row->body_mass) - 4219.476744186047) / 811.407893010052;
    /* island: 1 for the category of the row, 0 for the others */
    if (row->island < PENGUINS_island_unknown || row->island >= 3) {
        return 5;
    }
    for (int i = 0; i < 3; i++) {
        x[4 + i] = row->island == i ? 1.0 : 0.0;
    }
    /* sex: 1 for the category of the row, 0 for the others */
    if (row->sex < PENGUINS_sex_missing || row->sex == PENGUINS_sex_unknown || row->sex >= 2) {
        return 6;
    }
    for (int i = 0; i < 2; i++) {
        x[7 + i] = row->sex == i ? 1.0 : 0.0;
    }
    x[9] = row->sex == PENGUINS_sex_missing ? 1.0 : 0.0;
    return 0;
}

/* The class that the outputs stand for, whose name penguins_name_of_class has; -1 if one is NaN. */
static inline int penguins_decode(const double *outputs) {
    int best = 0;
    for (int i = 0; i < PENGUINS_OUTPUTS; i++) {
        if (outputs[i] != outputs[i]) {
            return -1;
        }
        best = outputs[i] > outputs[best] ? i : best;
    }
    return best;
}

/* The class of a row of the data; or -1 if a value is refused or an output is NaN. */
static inline int penguins_predict(const double *params, const penguins_row *row) {
    double x[PENGUINS_INPUTS], outputs[PENGUINS_OUTPUTS];
    if (penguins_encode(row, x) != 0) {
        return -1;
    }
    penguins_forward(params, x, outputs);
    return penguins_decode(outputs);
}

/* The probability of each class for a row of the data. Returns 0; or, if a value is refused, the number of its
   column from 1; or, if an output is NaN, -1. */
static inline int penguins_predict_proba(const double *params, const penguins_row *row, double *shares) {
    double x[PENGUINS_INPUTS];
    const int refused = penguins_encode(row, x);
    if (refused == 0) {
        penguins_forward(params, x, shares);
        return penguins_decode(shares) < 0 ? -1 : 0;
    }
    return refused;
}

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t penguins_bits(uint32_t seed, uint32_t index) {
    uint32_t h = 0;
    for (int i = 0; i < 2; i++) {
        h += (i ? seed : index) + 0x9E3779B9u;
        h = (h ^ (h >> 16)) * 0x21F0AAADu;
        h = (h ^ (h >> 15)) * 0x735A2D97u;
        h ^= h >> 15;
    }
    return h;
}

/* The index-th random number of this seed, uniform from 0 to 1. */
static inline double penguins_uniform(uint32_t seed, uint32_t index) {
    return penguins_bits(seed, index) / 4294967296.0;
}

/* The order of an epoch's n examples, by random keys and Shell's method; the given order if seed is NULL. */
static inline void penguins_order(uint32_t *order, uint32_t *keys, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        keys[i] = seed ? penguins_bits(*seed, epoch * n + i) : 0;
    }
    for (uint32_t gap = n; seed && gap > 1;) {
        gap = gap / 6 + 1;
        for (uint32_t i = gap; i < n; i++) {
            uint32_t moved = order[i], key = keys[i], place = i;
            for (; place >= gap && keys[place - gap] > key; place -= gap) {
                order[place] = order[place - gap];
                keys[place] = keys[place - gap];
            }
            order[place] = moved;
            keys[place] = key;
        }
    }
}

/* The initial state of adam: the number of steps, m and v. */
static inline void penguins_init_state(double *state) {
    state[0] = 0;
    for (int i = 0; i < 87; i++) {
        state[1 + i] = 0.0; /* m */
    }
    for (int i = 0; i < 87; i++) {
        state[88 + i] = 0.0; /* v */
    }
}

/* One step of training by adam, which changes params and state. */
static inline void penguins_step(double *params, const double *gradient, double *state) {
    const double t = state[0] + 1;
    state[0] = t;
    const double power1 = pow(0.9, t);
    const double power2 = pow(0.999, t);
    double *all_m = state + 1;
    double *all_v = state + 88;
    for (int i = 0; i < 87; i++) {
        double w = params[i];
        const double g = gradient[i];
        double m = all_m[i];
        double v = all_v[i];
        m = 0.9 * m + (1.0 - 0.9) * g;
        v = 0.999 * v + (1.0 - 0.999) * (g * g);
        w = w - 0.02 * (m / (1.0 - power1)) / (sqrt(v / (1.0 - power2)) + 1e-08);
        params[i] = w;
        all_m[i] = m;
        all_v[i] = v;
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size (0: all in one), in the order of the seed
   (NULL: the given one). Returns the loss, measured before each step. memory has room for PENGUINS_PARAMETERS
   numbers, order for 2 * n. */
static inline double penguins_epoch(double *params, double *state, const double *xs, const double *ys, uint32_t n,
    uint32_t batch_size, const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    batch_size = batch_size ? batch_size : n;
    penguins_order(order, order + n, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        const double batch_loss = penguins_batch_gradient(params, xs, ys, order + start, size, gradient);
        penguins_step(params, gradient, state);
        total += batch_loss * (double)size;
    }
    return total / (double)n;
}

/* Continue a training after done epochs, and return the number of epochs in all; 0 if fit refuses the examples.

   params, memory and history are as fit or this function has left them; the other arguments are those of fit. */
static inline uint32_t penguins_resume(double *params, const double *xs, const double *ys, uint32_t n, uint32_t done,
    uint32_t epochs, uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    for (uint32_t i = 0; i < n; i++) {
        if (!penguins_takes(ys + i * PENGUINS_OUTPUTS)) {
            return 0;
        }
    }
    double *state = memory;
    for (; n > 0 && done < epochs; done++) {
        const double epoch_loss = penguins_epoch(
            params, state, xs, ys, n, batch_size, seed, done, state + PENGUINS_STATE, order
        );
        if (history) {
            history[done] = epoch_loss;
        }
    }
    return done;
}

/* Train on n examples, and return the number of epochs: 0 if targets or weights are refused, and nothing is changed.
   batch_size and seed are those of epoch; the spec says a seed of 0. history, if not NULL, gets the loss of each
   epoch. memory has room for PENGUINS_MEMORY numbers, order for 2 * n. */
static inline uint32_t penguins_fit(double *params, const double *xs, const double *ys, uint32_t n, uint32_t epochs,
    uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    penguins_init_state(memory);
    return penguins_resume(params, xs, ys, n, 0, epochs, batch_size, seed, history, memory, order);
}

/* Initial parameters, the same in all languages; PENGUINS_SEED is the seed of the spec. */
static inline void penguins_init(double *params, uint32_t seed) {
    for (uint32_t i = 0; i < 60; i++) {
        params[i] = sqrt(6.0 / 16.0) * (2.0 * penguins_uniform(seed, i) - 1.0);
    }
    for (uint32_t i = 0; i < 6; i++) {
        params[60 + i] = 0.0; /* b_hidden */
    }
    for (uint32_t i = 0; i < 18; i++) {
        params[66 + i] = sqrt(6.0 / 9.0) * (2.0 * penguins_uniform(seed, 66 + i) - 1.0);
    }
    for (uint32_t i = 0; i < 3; i++) {
        params[84 + i] = 0.0; /* b_output */
    }
}

#endif
