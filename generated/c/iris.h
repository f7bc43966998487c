/* clang-format off */
/*
iris, a neural network: its equations forward and backward, and how it learns.

    x: 4 -> hidden: 8 tanh -> output: 3 softmax

Tells three species of iris apart by four measurements of a flower (Fisher, 1936). Two thirds of the flowers train the
network; the others, which it never sees, show what it has learned.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.1; 100 epochs in batches of 10.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target;
w_hidden1_sepal_length is the weight that leads to hidden1 from sepal_length.

Written by nngen from the spec iris: `nngen build` with that spec writes these bytes again. The file is yours: read it,
change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have IRIS_PARAMETERS numbers; examples follow one another. If
targets or weights are refused, for example a target that the loss does not accept, the loss is NaN and the gradient 0.
*/
#ifndef IRIS_H
#define IRIS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define IRIS_INPUTS 4
#define IRIS_OUTPUTS 3
#define IRIS_PARAMETERS 67
#define IRIS_SEED 1u
#define IRIS_MEMORY 67 /* numbers in the memory of fit */
#define IRIS_PLACES 2 /* whole numbers in its order, for each example */
#define IRIS_STACK (194 * sizeof(double) + 1024) /* bytes of the largest stack below */

/* the network, and the order of its parameters */
#define IRIS_LAYOUT \
    "iris " \
    "W_hidden[hidden1..hidden8, 8][sepal_length sepal_width petal_length petal_width] " \
    "b_hidden[hidden1..hidden8, 8] " \
    "W_output[setosa versicolor virginica][hidden1..hidden8, 8] " \
    "b_output[setosa versicolor virginica]"

/* The greater number; NaN if the first is NaN. */
static inline double iris_maximum(double a, double b) {
    return b > a ? b : a;
}

/* The outputs of one example: 4 numbers → setosa, versicolor, virginica. */
static inline void iris_forward(const double *params, const double *x, double *outputs) {
    const double w_hidden1_sepal_length = params[0], w_hidden1_sepal_width = params[1];
    const double w_hidden1_petal_length = params[2], w_hidden1_petal_width = params[3];
    const double w_hidden2_sepal_length = params[4], w_hidden2_sepal_width = params[5];
    const double w_hidden2_petal_length = params[6], w_hidden2_petal_width = params[7];
    const double w_hidden3_sepal_length = params[8], w_hidden3_sepal_width = params[9];
    const double w_hidden3_petal_length = params[10], w_hidden3_petal_width = params[11];
    const double w_hidden4_sepal_length = params[12], w_hidden4_sepal_width = params[13];
    const double w_hidden4_petal_length = params[14], w_hidden4_petal_width = params[15];
    const double w_hidden5_sepal_length = params[16], w_hidden5_sepal_width = params[17];
    const double w_hidden5_petal_length = params[18], w_hidden5_petal_width = params[19];
    const double w_hidden6_sepal_length = params[20], w_hidden6_sepal_width = params[21];
    const double w_hidden6_petal_length = params[22], w_hidden6_petal_width = params[23];
    const double w_hidden7_sepal_length = params[24], w_hidden7_sepal_width = params[25];
    const double w_hidden7_petal_length = params[26], w_hidden7_petal_width = params[27];
    const double w_hidden8_sepal_length = params[28], w_hidden8_sepal_width = params[29];
    const double w_hidden8_petal_length = params[30], w_hidden8_petal_width = params[31];
    const double b_hidden1 = params[32], b_hidden2 = params[33], b_hidden3 = params[34], b_hidden4 = params[35];
    const double b_hidden5 = params[36], b_hidden6 = params[37], b_hidden7 = params[38], b_hidden8 = params[39];
    const double w_setosa_hidden1 = params[40], w_setosa_hidden2 = params[41], w_setosa_hidden3 = params[42];
    const double w_setosa_hidden4 = params[43], w_setosa_hidden5 = params[44], w_setosa_hidden6 = params[45];
    const double w_setosa_hidden7 = params[46], w_setosa_hidden8 = params[47];
    const double w_versicolor_hidden1 = params[48], w_versicolor_hidden2 = params[49];
    const double w_versicolor_hidden3 = params[50], w_versicolor_hidden4 = params[51];
    const double w_versicolor_hidden5 = params[52], w_versicolor_hidden6 = params[53];
    const double w_versicolor_hidden7 = params[54], w_versicolor_hidden8 = params[55];
    const double w_virginica_hidden1 = params[56], w_virginica_hidden2 = params[57], w_virginica_hidden3 = params[58];
    const double w_virginica_hidden4 = params[59], w_virginica_hidden5 = params[60], w_virginica_hidden6 = params[61];
    const double w_virginica_hidden7 = params[62], w_virginica_hidden8 = params[63];
    const double b_setosa = params[64], b_versicolor = params[65], b_virginica = params[66];
    const double sepal_length = x[0], sepal_width = x[1], petal_length = x[2], petal_width = x[3];

    /* hidden ← x: weighted sums, then tanh */
    const double z_hidden1 =
        b_hidden1 +
        w_hidden1_sepal_length * sepal_length +
        w_hidden1_sepal_width * sepal_width +
        w_hidden1_petal_length * petal_length +
        w_hidden1_petal_width * petal_width;
    const double z_hidden2 =
        b_hidden2 +
        w_hidden2_sepal_length * sepal_length +
        w_hidden2_sepal_width * sepal_width +
        w_hidden2_petal_length * petal_length +
        w_hidden2_petal_width * petal_width;
    const double z_hidden3 =
        b_hidden3 +
        w_hidden3_sepal_length * sepal_length +
        w_hidden3_sepal_width * sepal_width +
        w_hidden3_petal_length * petal_length +
        w_hidden3_petal_width * petal_width;
    const double z_hidden4 =
        b_hidden4 +
        w_hidden4_sepal_length * sepal_length +
        w_hidden4_sepal_width * sepal_width +
        w_hidden4_petal_length * petal_length +
        w_hidden4_petal_width * petal_width;
    const double z_hidden5 =
        b_hidden5 +
        w_hidden5_sepal_length * sepal_length +
        w_hidden5_sepal_width * sepal_width +
        w_hidden5_petal_length * petal_length +
        w_hidden5_petal_width * petal_width;
    const double z_hidden6 =
        b_hidden6 +
        w_hidden6_sepal_length * sepal_length +
        w_hidden6_sepal_width * sepal_width +
        w_hidden6_petal_length * petal_length +
        w_hidden6_petal_width * petal_width;
    const double z_hidden7 =
        b_hidden7 +
        w_hidden7_sepal_length * sepal_length +
        w_hidden7_sepal_width * sepal_width +
        w_hidden7_petal_length * petal_length +
        w_hidden7_petal_width * petal_width;
    const double z_hidden8 =
        b_hidden8 +
        w_hidden8_sepal_length * sepal_length +
        w_hidden8_sepal_width * sepal_width +
        w_hidden8_petal_length * petal_length +
        w_hidden8_petal_width * petal_width;
    const double a_hidden1 = tanh(z_hidden1);
    const double a_hidden2 = tanh(z_hidden2);
    const double a_hidden3 = tanh(z_hidden3);
    const double a_hidden4 = tanh(z_hidden4);
    const double a_hidden5 = tanh(z_hidden5);
    const double a_hidden6 = tanh(z_hidden6);
    const double a_hidden7 = tanh(z_hidden7);
    const double a_hidden8 = tanh(z_hidden8);

    /* output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow) */
    const double z_setosa =
        b_setosa +
        w_setosa_hidden1 * a_hidden1 +
        w_setosa_hidden2 * a_hidden2 +
        w_setosa_hidden3 * a_hidden3 +
        w_setosa_hidden4 * a_hidden4 +
        w_setosa_hidden5 * a_hidden5 +
        w_setosa_hidden6 * a_hidden6 +
        w_setosa_hidden7 * a_hidden7 +
        w_setosa_hidden8 * a_hidden8;
    const double z_versicolor =
        b_versicolor +
        w_versicolor_hidden1 * a_hidden1 +
        w_versicolor_hidden2 * a_hidden2 +
        w_versicolor_hidden3 * a_hidden3 +
        w_versicolor_hidden4 * a_hidden4 +
        w_versicolor_hidden5 * a_hidden5 +
        w_versicolor_hidden6 * a_hidden6 +
        w_versicolor_hidden7 * a_hidden7 +
        w_versicolor_hidden8 * a_hidden8;
    const double z_virginica =
        b_virginica +
        w_virginica_hidden1 * a_hidden1 +
        w_virginica_hidden2 * a_hidden2 +
        w_virginica_hidden3 * a_hidden3 +
        w_virginica_hidden4 * a_hidden4 +
        w_virginica_hidden5 * a_hidden5 +
        w_virginica_hidden6 * a_hidden6 +
        w_virginica_hidden7 * a_hidden7 +
        w_virginica_hidden8 * a_hidden8;
    double top_output = z_setosa;
    top_output = iris_maximum(top_output, z_versicolor);
    top_output = iris_maximum(top_output, z_virginica);
    const double e_setosa = exp(z_setosa - top_output);
    const double e_versicolor = exp(z_versicolor - top_output);
    const double e_virginica = exp(z_virginica - top_output);
    const double total_output = e_setosa + e_versicolor + e_virginica;
    const double a_setosa = e_setosa / total_output;
    const double a_versicolor = e_versicolor / total_output;
    const double a_virginica = e_virginica / total_output;

    outputs[0] = a_setosa; outputs[1] = a_versicolor; outputs[2] = a_virginica;
}

/* Whether the loss accepts these targets: numbers from 0 to 1 that sum to 1 for each example. */
static inline int iris_takes(const double *y) {
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
static inline double iris_add_gradient(const double *params, const double *x, const double *y, double *gradient) {
    if (!iris_takes(y)) {
        return (double)NAN;
    }
    const double y_setosa = y[0], y_versicolor = y[1], y_virginica = y[2];
    const double w_hidden1_sepal_length = params[0], w_hidden1_sepal_width = params[1];
    const double w_hidden1_petal_length = params[2], w_hidden1_petal_width = params[3];
    const double w_hidden2_sepal_length = params[4], w_hidden2_sepal_width = params[5];
    const double w_hidden2_petal_length = params[6], w_hidden2_petal_width = params[7];
    const double w_hidden3_sepal_length = params[8], w_hidden3_sepal_width = params[9];
    const double w_hidden3_petal_length = params[10], w_hidden3_petal_width = params[11];
    const double w_hidden4_sepal_length = params[12], w_hidden4_sepal_width = params[13];
    const double w_hidden4_petal_length = params[14], w_hidden4_petal_width = params[15];
    const double w_hidden5_sepal_length = params[16], w_hidden5_sepal_width = params[17];
    const double w_hidden5_petal_length = params[18], w_hidden5_petal_width = params[19];
    const double w_hidden6_sepal_length = params[20], w_hidden6_sepal_width = params[21];
    const double w_hidden6_petal_length = params[22], w_hidden6_petal_width = params[23];
    const double w_hidden7_sepal_length = params[24], w_hidden7_sepal_width = params[25];
    const double w_hidden7_petal_length = params[26], w_hidden7_petal_width = params[27];
    const double w_hidden8_sepal_length = params[28], w_hidden8_sepal_width = params[29];
    const double w_hidden8_petal_length = params[30], w_hidden8_petal_width = params[31];
    const double b_hidden1 = params[32], b_hidden2 = params[33], b_hidden3 = params[34], b_hidden4 = params[35];
    const double b_hidden5 = params[36], b_hidden6 = params[37], b_hidden7 = params[38], b_hidden8 = params[39];
    const double w_setosa_hidden1 = params[40], w_setosa_hidden2 = params[41], w_setosa_hidden3 = params[42];
    const double w_setosa_hidden4 = params[43], w_setosa_hidden5 = params[44], w_setosa_hidden6 = params[45];
    const double w_setosa_hidden7 = params[46], w_setosa_hidden8 = params[47];
    const double w_versicolor_hidden1 = params[48], w_versicolor_hidden2 = params[49];
    const double w_versicolor_hidden3 = params[50], w_versicolor_hidden4 = params[51];
    const double w_versicolor_hidden5 = params[52], w_versicolor_hidden6 = params[53];
    const double w_versicolor_hidden7 = params[54], w_versicolor_hidden8 = params[55];
    const double w_virginica_hidden1 = params[56], w_virginica_hidden2 = params[57], w_virginica_hidden3 = params[58];
    const double w_virginica_hidden4 = params[59], w_virginica_hidden5 = params[60], w_virginica_hidden6 = params[61];
    const double w_virginica_hidden7 = params[62], w_virginica_hidden8 = params[63];
    const double b_setosa = params[64], b_versicolor = params[65], b_virginica = params[66];
    const double sepal_length = x[0], sepal_width = x[1], petal_length = x[2], petal_width = x[3];

    /* hidden ← x: weighted sums, then tanh */
    const double z_hidden1 =
        b_hidden1 +
        w_hidden1_sepal_length * sepal_length +
        w_hidden1_sepal_width * sepal_width +
        w_hidden1_petal_length * petal_length +
        w_hidden1_petal_width * petal_width;
    const double z_hidden2 =
        b_hidden2 +
        w_hidden2_sepal_length * sepal_length +
        w_hidden2_sepal_width * sepal_width +
        w_hidden2_petal_length * petal_length +
        w_hidden2_petal_width * petal_width;
    const double z_hidden3 =
        b_hidden3 +
        w_hidden3_sepal_length * sepal_length +
        w_hidden3_sepal_width * sepal_width +
        w_hidden3_petal_length * petal_length +
        w_hidden3_petal_width * petal_width;
    const double z_hidden4 =
        b_hidden4 +
        w_hidden4_sepal_length * sepal_length +
        w_hidden4_sepal_width * sepal_width +
        w_hidden4_petal_length * petal_length +
        w_hidden4_petal_width * petal_width;
    const double z_hidden5 =
        b_hidden5 +
        w_hidden5_sepal_length * sepal_length +
        w_hidden5_sepal_width * sepal_width +
        w_hidden5_petal_length * petal_length +
        w_hidden5_petal_width * petal_width;
    const double z_hidden6 =
        b_hidden6 +
        w_hidden6_sepal_length * sepal_length +
        w_hidden6_sepal_width * sepal_width +
        w_hidden6_petal_length * petal_length +
        w_hidden6_petal_width * petal_width;
    const double z_hidden7 =
        b_hidden7 +
        w_hidden7_sepal_length * sepal_length +
        w_hidden7_sepal_width * sepal_width +
        w_hidden7_petal_length * petal_length +
        w_hidden7_petal_width * petal_width;
    const double z_hidden8 =
        b_hidden8 +
        w_hidden8_sepal_length * sepal_length +
        w_hidden8_sepal_width * sepal_width +
        w_hidden8_petal_length * petal_length +
        w_hidden8_petal_width * petal_width;
    const double a_hidden1 = tanh(z_hidden1);
    const double a_hidden2 = tanh(z_hidden2);
    const double a_hidden3 = tanh(z_hidden3);
    const double a_hidden4 = tanh(z_hidden4);
    const double a_hidden5 = tanh(z_hidden5);
    const double a_hidden6 = tanh(z_hidden6);
    const double a_hidden7 = tanh(z_hidden7);
    const double a_hidden8 = tanh(z_hidden8);

    /* output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow) */
    const double z_setosa =
        b_setosa +
        w_setosa_hidden1 * a_hidden1 +
        w_setosa_hidden2 * a_hidden2 +
        w_setosa_hidden3 * a_hidden3 +
        w_setosa_hidden4 * a_hidden4 +
        w_setosa_hidden5 * a_hidden5 +
        w_setosa_hidden6 * a_hidden6 +
        w_setosa_hidden7 * a_hidden7 +
        w_setosa_hidden8 * a_hidden8;
    const double z_versicolor =
        b_versicolor +
        w_versicolor_hidden1 * a_hidden1 +
        w_versicolor_hidden2 * a_hidden2 +
        w_versicolor_hidden3 * a_hidden3 +
        w_versicolor_hidden4 * a_hidden4 +
        w_versicolor_hidden5 * a_hidden5 +
        w_versicolor_hidden6 * a_hidden6 +
        w_versicolor_hidden7 * a_hidden7 +
        w_versicolor_hidden8 * a_hidden8;
    const double z_virginica =
        b_virginica +
        w_virginica_hidden1 * a_hidden1 +
        w_virginica_hidden2 * a_hidden2 +
        w_virginica_hidden3 * a_hidden3 +
        w_virginica_hidden4 * a_hidden4 +
        w_virginica_hidden5 * a_hidden5 +
        w_virginica_hidden6 * a_hidden6 +
        w_virginica_hidden7 * a_hidden7 +
        w_virginica_hidden8 * a_hidden8;
    double top_output = z_setosa;
    top_output = iris_maximum(top_output, z_versicolor);
    top_output = iris_maximum(top_output, z_virginica);
    const double e_setosa = exp(z_setosa - top_output);
    const double e_versicolor = exp(z_versicolor - top_output);
    const double e_virginica = exp(z_virginica - top_output);
    const double total_output = e_setosa + e_versicolor + e_virginica;
    const double a_setosa = e_setosa / total_output;
    const double a_versicolor = e_versicolor / total_output;
    const double a_virginica = e_virginica / total_output;

    /* the loss: cross_entropy */
    const double loss =
        y_setosa * (log(total_output) - (z_setosa - top_output)) +
        y_versicolor * (log(total_output) - (z_versicolor - top_output)) +
        y_virginica * (log(total_output) - (z_virginica - top_output));
    if (!gradient) {
        return loss;
    }

    /* output: the slopes of softmax and of the logarithm cancel, only the difference remains */
    const double dz_setosa = a_setosa - y_setosa;
    const double dz_versicolor = a_versicolor - y_versicolor;
    const double dz_virginica = a_virginica - y_virginica;
    const double dw_setosa_hidden1 = dz_setosa * a_hidden1;
    const double dw_setosa_hidden2 = dz_setosa * a_hidden2;
    const double dw_setosa_hidden3 = dz_setosa * a_hidden3;
    const double dw_setosa_hidden4 = dz_setosa * a_hidden4;
    const double dw_setosa_hidden5 = dz_setosa * a_hidden5;
    const double dw_setosa_hidden6 = dz_setosa * a_hidden6;
    const double dw_setosa_hidden7 = dz_setosa * a_hidden7;
    const double dw_setosa_hidden8 = dz_setosa * a_hidden8;
    const double dw_versicolor_hidden1 = dz_versicolor * a_hidden1;
    const double dw_versicolor_hidden2 = dz_versicolor * a_hidden2;
    const double dw_versicolor_hidden3 = dz_versicolor * a_hidden3;
    const double dw_versicolor_hidden4 = dz_versicolor * a_hidden4;
    const double dw_versicolor_hidden5 = dz_versicolor * a_hidden5;
    const double dw_versicolor_hidden6 = dz_versicolor * a_hidden6;
    const double dw_versicolor_hidden7 = dz_versicolor * a_hidden7;
    const double dw_versicolor_hidden8 = dz_versicolor * a_hidden8;
    const double dw_virginica_hidden1 = dz_virginica * a_hidden1;
    const double dw_virginica_hidden2 = dz_virginica * a_hidden2;
    const double dw_virginica_hidden3 = dz_virginica * a_hidden3;
    const double dw_virginica_hidden4 = dz_virginica * a_hidden4;
    const double dw_virginica_hidden5 = dz_virginica * a_hidden5;
    const double dw_virginica_hidden6 = dz_virginica * a_hidden6;
    const double dw_virginica_hidden7 = dz_virginica * a_hidden7;
    const double dw_virginica_hidden8 = dz_virginica * a_hidden8;
    const double db_setosa = dz_setosa;
    const double db_versicolor = dz_versicolor;
    const double db_virginica = dz_virginica;

    /* hidden ← output: the error flows back along the same weights */
    const double da_hidden1 =
        dz_setosa * w_setosa_hidden1 + dz_versicolor * w_versicolor_hidden1 + dz_virginica * w_virginica_hidden1;
    const double da_hidden2 =
        dz_setosa * w_setosa_hidden2 + dz_versicolor * w_versicolor_hidden2 + dz_virginica * w_virginica_hidden2;
    const double da_hidden3 =
        dz_setosa * w_setosa_hidden3 + dz_versicolor * w_versicolor_hidden3 + dz_virginica * w_virginica_hidden3;
    const double da_hidden4 =
        dz_setosa * w_setosa_hidden4 + dz_versicolor * w_versicolor_hidden4 + dz_virginica * w_virginica_hidden4;
    const double da_hidden5 =
        dz_setosa * w_setosa_hidden5 + dz_versicolor * w_versicolor_hidden5 + dz_virginica * w_virginica_hidden5;
    const double da_hidden6 =
        dz_setosa * w_setosa_hidden6 + dz_versicolor * w_versicolor_hidden6 + dz_virginica * w_virginica_hidden6;
    const double da_hidden7 =
        dz_setosa * w_setosa_hidden7 + dz_versicolor * w_versicolor_hidden7 + dz_virginica * w_virginica_hidden7;
    const double da_hidden8 =
        dz_setosa * w_setosa_hidden8 + dz_versicolor * w_versicolor_hidden8 + dz_virginica * w_virginica_hidden8;
    const double dz_hidden1 = da_hidden1 * (1.0 - a_hidden1 * a_hidden1);
    const double dz_hidden2 = da_hidden2 * (1.0 - a_hidden2 * a_hidden2);
    const double dz_hidden3 = da_hidden3 * (1.0 - a_hidden3 * a_hidden3);
    const double dz_hidden4 = da_hidden4 * (1.0 - a_hidden4 * a_hidden4);
    const double dz_hidden5 = da_hidden5 * (1.0 - a_hidden5 * a_hidden5);
    const double dz_hidden6 = da_hidden6 * (1.0 - a_hidden6 * a_hidden6);
    const double dz_hidden7 = da_hidden7 * (1.0 - a_hidden7 * a_hidden7);
    const double dz_hidden8 = da_hidden8 * (1.0 - a_hidden8 * a_hidden8);
    const double dw_hidden1_sepal_length = dz_hidden1 * sepal_length;
    const double dw_hidden1_sepal_width = dz_hidden1 * sepal_width;
    const double dw_hidden1_petal_length = dz_hidden1 * petal_length;
    const double dw_hidden1_petal_width = dz_hidden1 * petal_width;
    const double dw_hidden2_sepal_length = dz_hidden2 * sepal_length;
    const double dw_hidden2_sepal_width = dz_hidden2 * sepal_width;
    const double dw_hidden2_petal_length = dz_hidden2 * petal_length;
    const double dw_hidden2_petal_width = dz_hidden2 * petal_width;
    const double dw_hidden3_sepal_length = dz_hidden3 * sepal_length;
    const double dw_hidden3_sepal_width = dz_hidden3 * sepal_width;
    const double dw_hidden3_petal_length = dz_hidden3 * petal_length;
    const double dw_hidden3_petal_width = dz_hidden3 * petal_width;
    const double dw_hidden4_sepal_length = dz_hidden4 * sepal_length;
    const double dw_hidden4_sepal_width = dz_hidden4 * sepal_width;
    const double dw_hidden4_petal_length = dz_hidden4 * petal_length;
    const double dw_hidden4_petal_width = dz_hidden4 * petal_width;
    const double dw_hidden5_sepal_length = dz_hidden5 * sepal_length;
    const double dw_hidden5_sepal_width = dz_hidden5 * sepal_width;
    const double dw_hidden5_petal_length = dz_hidden5 * petal_length;
    const double dw_hidden5_petal_width = dz_hidden5 * petal_width;
    const double dw_hidden6_sepal_length = dz_hidden6 * sepal_length;
    const double dw_hidden6_sepal_width = dz_hidden6 * sepal_width;
    const double dw_hidden6_petal_length = dz_hidden6 * petal_length;
    const double dw_hidden6_petal_width = dz_hidden6 * petal_width;
    const double dw_hidden7_sepal_length = dz_hidden7 * sepal_length;
    const double dw_hidden7_sepal_width = dz_hidden7 * sepal_width;
    const double dw_hidden7_petal_length = dz_hidden7 * petal_length;
    const double dw_hidden7_petal_width = dz_hidden7 * petal_width;
    const double dw_hidden8_sepal_length = dz_hidden8 * sepal_length;
    const double dw_hidden8_sepal_width = dz_hidden8 * sepal_width;
    const double dw_hidden8_petal_length = dz_hidden8 * petal_length;
    const double dw_hidden8_petal_width = dz_hidden8 * petal_width;
    const double db_hidden1 = dz_hidden1;
    const double db_hidden2 = dz_hidden2;
    const double db_hidden3 = dz_hidden3;
    const double db_hidden4 = dz_hidden4;
    const double db_hidden5 = dz_hidden5;
    const double db_hidden6 = dz_hidden6;
    const double db_hidden7 = dz_hidden7;
    const double db_hidden8 = dz_hidden8;

    gradient[0] += dw_hidden1_sepal_length; gradient[1] += dw_hidden1_sepal_width;
    gradient[2] += dw_hidden1_petal_length; gradient[3] += dw_hidden1_petal_width;
    gradient[4] += dw_hidden2_sepal_length; gradient[5] += dw_hidden2_sepal_width;
    gradient[6] += dw_hidden2_petal_length; gradient[7] += dw_hidden2_petal_width;
    gradient[8] += dw_hidden3_sepal_length; gradient[9] += dw_hidden3_sepal_width;
    gradient[10] += dw_hidden3_petal_length; gradient[11] += dw_hidden3_petal_width;
    gradient[12] += dw_hidden4_sepal_length; gradient[13] += dw_hidden4_sepal_width;
    gradient[14] += dw_hidden4_petal_length; gradient[15] += dw_hidden4_petal_width;
    gradient[16] += dw_hidden5_sepal_length; gradient[17] += dw_hidden5_sepal_width;
    gradient[18] += dw_hidden5_petal_length; gradient[19] += dw_hidden5_petal_width;
    gradient[20] += dw_hidden6_sepal_length; gradient[21] += dw_hidden6_sepal_width;
    gradient[22] += dw_hidden6_petal_length; gradient[23] += dw_hidden6_petal_width;
    gradient[24] += dw_hidden7_sepal_length; gradient[25] += dw_hidden7_sepal_width;
    gradient[26] += dw_hidden7_petal_length; gradient[27] += dw_hidden7_petal_width;
    gradient[28] += dw_hidden8_sepal_length; gradient[29] += dw_hidden8_sepal_width;
    gradient[30] += dw_hidden8_petal_length; gradient[31] += dw_hidden8_petal_width;
    gradient[32] += db_hidden1; gradient[33] += db_hidden2; gradient[34] += db_hidden3; gradient[35] += db_hidden4;
    gradient[36] += db_hidden5; gradient[37] += db_hidden6; gradient[38] += db_hidden7; gradient[39] += db_hidden8;
    gradient[40] += dw_setosa_hidden1; gradient[41] += dw_setosa_hidden2; gradient[42] += dw_setosa_hidden3;
    gradient[43] += dw_setosa_hidden4; gradient[44] += dw_setosa_hidden5; gradient[45] += dw_setosa_hidden6;
    gradient[46] += dw_setosa_hidden7; gradient[47] += dw_setosa_hidden8;
    gradient[48] += dw_versicolor_hidden1; gradient[49] += dw_versicolor_hidden2;
    gradient[50] += dw_versicolor_hidden3; gradient[51] += dw_versicolor_hidden4;
    gradient[52] += dw_versicolor_hidden5; gradient[53] += dw_versicolor_hidden6;
    gradient[54] += dw_versicolor_hidden7; gradient[55] += dw_versicolor_hidden8;
    gradient[56] += dw_virginica_hidden1; gradient[57] += dw_virginica_hidden2; gradient[58] += dw_virginica_hidden3;
    gradient[59] += dw_virginica_hidden4; gradient[60] += dw_virginica_hidden5; gradient[61] += dw_virginica_hidden6;
    gradient[62] += dw_virginica_hidden7; gradient[63] += dw_virginica_hidden8;
    gradient[64] += db_setosa; gradient[65] += db_versicolor; gradient[66] += db_virginica;
    return loss;
}

/* The loss of a batch of count examples, the mean over the examples, and unless gradient is NULL its derivative with
   respect to each parameter.

   Example k is row rows[k] of the data, or row k where rows is NULL. */
static inline double iris_batch_gradient(const double *params, const double *xs, const double *ys, const uint32_t *rows,
    uint32_t count, double *gradient) {
    double loss = 0;
    for (int i = 0; gradient && i < IRIS_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    for (uint32_t k = 0; k < count; k++) {
        const size_t i = rows ? rows[k] : k;
        if (!iris_takes(ys + i * IRIS_OUTPUTS)) {
            return (double)NAN;
        }
    }
    for (uint32_t k = 0; k < count; k++) {
        const size_t i = rows ? rows[k] : k;
        loss += iris_add_gradient(params, xs + i * IRIS_INPUTS, ys + i * IRIS_OUTPUTS, gradient);
    }
    for (int i = 0; gradient && count > 1 && i < IRIS_PARAMETERS; i++) {
        gradient[i] /= (double)count;
    }
    return loss / (double)count;
}

/* The loss of one example. */
static inline double iris_loss(const double *params, const double *x, const double *y) {
    return iris_add_gradient(params, x, y, NULL);
}

/* The loss of one example, and its derivative with respect to each parameter. */
static inline double iris_gradient(const double *params, const double *x, const double *y, double *gradient) {
    for (int i = 0; i < IRIS_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    return iris_add_gradient(params, x, y, gradient);
}

/* --- Below: batches, training, predictions. --- */

/* The outputs of any number of examples, which follow one another. */
static inline void iris_batch_forward(const double *params, const double *xs, uint32_t count, double *outputs) {
    for (size_t k = 0; k < count; k++) {
        iris_forward(params, xs + k * IRIS_INPUTS, outputs + k * IRIS_OUTPUTS);
    }
}

/* The inputs of the network, from the numbers of the data. */
static inline void iris_scale(const double *data, double *x) {
    static const double subtract[4] = {5.855, 3.03, 3.8169999999999997, 1.2329999999999999};
    static const double divide[4] = {0.865028901251282, 0.420356991139674, 1.7515167712585569, 0.7607962933663649};
    for (int i = 0; i < 4; i++) {
        x[i] = (data[i] - subtract[i]) / divide[i];
    }
}

#define IRIS_COLUMNS 4

#define IRIS_CLASSES 3

/* a row of the data; NAN stands for a missing number */
typedef struct {
    double sepal_length;
    double sepal_width;
    double petal_length;
    double petal_width;
} iris_row;

/* The name of a column in the data. */
static inline const char *iris_name_of_column(int column) {
    static const char *const names[4] = {"sepal_length", "sepal_width", "petal_length", "petal_width"};
    return column >= 0 && column < 4 ? names[column] : "";
}

/* The name of a class, by its place among the outputs. */
static inline const char *iris_name_of_class(int answer) {
    static const char *const names[3] = {"setosa", "versicolor", "virginica"};
    return answer >= 0 && answer < 3 ? names[answer] : "";
}

/* The inputs of the network for a row of the data. Returns 0; or, if a value is refused, the number of its column
   from 1. */
static inline int iris_encode(const iris_row *row, double *x) {
    /* sepal_length */
    if (!isfinite(row->sepal_length)) {
        return 1;
    }
    x[0] = (row->sepal_length - 5.855) / 0.865028901251282;
    /* sepal_width */
    if (!isfinite(row->sepal_width)) {
        return 2;
    }
    x[1] = (row->sepal_width - 3.03) / 0.420356991139674;
    /* petal_length */
    if (!isfinite(row->petal_length)) {
        return 3;
    }
    x[2] = (row->petal_length - 3.8169999999999997) / 1.7515167712585569;
    /* petal_width */
    if (!isfinite(row->petal_width)) {
        return 4;
    }
    x[3] = (row->petal_width - 1.2329999999999999) / 0.7607962933663649;
    return 0;
}

/* The class that the outputs stand for, whose name iris_name_of_class has; -1 if one is NaN. */
static inline int iris_decode(const double *outputs) {
    int best = 0;
    for (int i = 0; i < IRIS_OUTPUTS; i++) {
        if (outputs[i] != outputs[i]) {
            return -1;
        }
        best = outputs[i] > outputs[best] ? i : best;
    }
    return best;
}

/* The class of a row of the data; or -1 if a value is refused or an output is NaN. */
static inline int iris_predict(const double *params, const iris_row *row) {
    double x[IRIS_INPUTS], outputs[IRIS_OUTPUTS];
    if (iris_encode(row, x) != 0) {
        return -1;
    }
    iris_forward(params, x, outputs);
    return iris_decode(outputs);
}

/* The probability of each class for a row of the data. Returns 0; or, if a value is refused, the number of its
   column from 1; or, if an output is NaN, -1. */
static inline int iris_predict_proba(const double *params, const iris_row *row, double *shares) {
    double x[IRIS_INPUTS];
    const int refused = iris_encode(row, x);
    if (refused == 0) {
        iris_forward(params, x, shares);
        return iris_decode(shares) < 0 ? -1 : 0;
    }
    return refused;
}

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t iris_bits(uint32_t seed, uint32_t index) {
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
static inline double iris_uniform(uint32_t seed, uint32_t index) {
    return iris_bits(seed, index) / 4294967296.0;
}

/* The order of an epoch's n examples, by random keys and Shell's method; the given order if seed is NULL. */
static inline void iris_order(uint32_t *order, uint32_t *keys, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        keys[i] = seed ? iris_bits(*seed, epoch * n + i) : 0;
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

/* One step of training by gradient_descent, which changes params. */
static inline void iris_step(double *params, const double *gradient) {
    for (int i = 0; i < 67; i++) {
        params[i] = params[i] - 0.1 * gradient[i];
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size (0: all in one), in the order of the seed
   (NULL: the given one). Returns the loss, measured before each step. memory has room for IRIS_PARAMETERS numbers,
   order for 2 * n. */
static inline double iris_epoch(double *params, const double *xs, const double *ys, uint32_t n, uint32_t batch_size,
    const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    batch_size = batch_size ? batch_size : n;
    iris_order(order, order + n, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        const double batch_loss = iris_batch_gradient(params, xs, ys, order + start, size, gradient);
        iris_step(params, gradient);
        total += batch_loss * (double)size;
    }
    return total / (double)n;
}

/* Continue a training after done epochs, and return the number of epochs in all; 0 if fit refuses the examples.

   params, memory and history are as fit or this function has left them; the other arguments are those of fit. */
static inline uint32_t iris_resume(double *params, const double *xs, const double *ys, uint32_t n, uint32_t done,
    uint32_t epochs, uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    for (uint32_t i = 0; i < n; i++) {
        if (!iris_takes(ys + i * IRIS_OUTPUTS)) {
            return 0;
        }
    }
    for (; n > 0 && done < epochs; done++) {
        const double epoch_loss = iris_epoch(params, xs, ys, n, batch_size, seed, done, memory, order);
        if (history) {
            history[done] = epoch_loss;
        }
    }
    return done;
}

/* Train on n examples, and return the number of epochs: 0 if targets or weights are refused, and nothing is changed.
   batch_size and seed are those of epoch; the spec says a seed of 0. history, if not NULL, gets the loss of each
   epoch. memory has room for IRIS_MEMORY numbers, order for 2 * n. */
static inline uint32_t iris_fit(double *params, const double *xs, const double *ys, uint32_t n, uint32_t epochs,
    uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    return iris_resume(params, xs, ys, n, 0, epochs, batch_size, seed, history, memory, order);
}

/* Initial parameters, the same in all languages; IRIS_SEED is the seed of the spec. */
static inline void iris_init(double *params, uint32_t seed) {
    for (uint32_t i = 0; i < 32; i++) {
        params[i] = sqrt(6.0 / 12.0) * (2.0 * iris_uniform(seed, i) - 1.0);
    }
    for (uint32_t i = 0; i < 8; i++) {
        params[32 + i] = 0.0; /* b_hidden */
    }
    for (uint32_t i = 0; i < 24; i++) {
        params[40 + i] = sqrt(6.0 / 11.0) * (2.0 * iris_uniform(seed, 40 + i) - 1.0);
    }
    for (uint32_t i = 0; i < 3; i++) {
        params[64 + i] = 0.0; /* b_output */
    }
}

#endif
