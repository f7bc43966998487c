/* clang-format off */
/*
deep_mlp, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> first: 4 tanh -> second: 4 relu -> third: 3 sigmoid -> output: 2 linear

A deep network: three hidden layers, each with another activation. It learns to add two binary digits, as a half adder
does: the carry is their logical AND, the digit of the sum their exclusive or.

Loss: half_squared_error, (a - y)^2 / 2, the mean over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.2; 1000 epochs in batches of 2.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_first1_x1 is the
weight that leads to first1 from x1.

Written by nngen from the spec deep_mlp: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have DEEP_MLP_PARAMETERS numbers; examples follow one another.
*/
#ifndef DEEP_MLP_H
#define DEEP_MLP_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define DEEP_MLP_INPUTS 2
#define DEEP_MLP_OUTPUTS 2
#define DEEP_MLP_PARAMETERS 52
#define DEEP_MLP_SEED 1u
#define DEEP_MLP_MEMORY 52 /* numbers in the memory of fit */
#define DEEP_MLP_PLACES 2 /* whole numbers in its order, for each example */

/* 1 / (1 + exp(-z)), in a form that cannot overflow. */
static inline double deep_mlp_sigmoid(double z) {
    return exp(0.0 < z ? 0.0 : z) / (1.0 + exp(-fabs(z)));
}

/* The outputs of one example: x1, x2 → carry, digit. */
static inline void deep_mlp_forward(const double *params, const double *x, double *outputs) {
    const double w_first1_x1 = params[0], w_first1_x2 = params[1];
    const double w_first2_x1 = params[2], w_first2_x2 = params[3];
    const double w_first3_x1 = params[4], w_first3_x2 = params[5];
    const double w_first4_x1 = params[6], w_first4_x2 = params[7];
    const double b_first1 = params[8], b_first2 = params[9], b_first3 = params[10], b_first4 = params[11];
    const double w_second1_first1 = params[12], w_second1_first2 = params[13];
    const double w_second1_first3 = params[14], w_second1_first4 = params[15];
    const double w_second2_first1 = params[16], w_second2_first2 = params[17];
    const double w_second2_first3 = params[18], w_second2_first4 = params[19];
    const double w_second3_first1 = params[20], w_second3_first2 = params[21];
    const double w_second3_first3 = params[22], w_second3_first4 = params[23];
    const double w_second4_first1 = params[24], w_second4_first2 = params[25];
    const double w_second4_first3 = params[26], w_second4_first4 = params[27];
    const double b_second1 = params[28], b_second2 = params[29], b_second3 = params[30], b_second4 = params[31];
    const double w_third1_second1 = params[32], w_third1_second2 = params[33];
    const double w_third1_second3 = params[34], w_third1_second4 = params[35];
    const double w_third2_second1 = params[36], w_third2_second2 = params[37];
    const double w_third2_second3 = params[38], w_third2_second4 = params[39];
    const double w_third3_second1 = params[40], w_third3_second2 = params[41];
    const double w_third3_second3 = params[42], w_third3_second4 = params[43];
    const double w_carry_third1 = params[44], w_carry_third2 = params[45], w_carry_third3 = params[46];
    const double w_digit_third1 = params[47], w_digit_third2 = params[48], w_digit_third3 = params[49];
    const double b_carry = params[50], b_digit = params[51];
    const double x1 = x[0], x2 = x[1];

    /* first ← x: weighted sums, then tanh */
    const double z_first1 = b_first1 + w_first1_x1 * x1 + w_first1_x2 * x2;
    const double z_first2 = b_first2 + w_first2_x1 * x1 + w_first2_x2 * x2;
    const double z_first3 = b_first3 + w_first3_x1 * x1 + w_first3_x2 * x2;
    const double z_first4 = b_first4 + w_first4_x1 * x1 + w_first4_x2 * x2;
    const double a_first1 = tanh(z_first1);
    const double a_first2 = tanh(z_first2);
    const double a_first3 = tanh(z_first3);
    const double a_first4 = tanh(z_first4);

    /* second ← first: weighted sums, then relu (the slope at z = 0 is set to 0) */
    const double z_second1 =
        b_second1 +
        w_second1_first1 * a_first1 +
        w_second1_first2 * a_first2 +
        w_second1_first3 * a_first3 +
        w_second1_first4 * a_first4;
    const double z_second2 =
        b_second2 +
        w_second2_first1 * a_first1 +
        w_second2_first2 * a_first2 +
        w_second2_first3 * a_first3 +
        w_second2_first4 * a_first4;
    const double z_second3 =
        b_second3 +
        w_second3_first1 * a_first1 +
        w_second3_first2 * a_first2 +
        w_second3_first3 * a_first3 +
        w_second3_first4 * a_first4;
    const double z_second4 =
        b_second4 +
        w_second4_first1 * a_first1 +
        w_second4_first2 * a_first2 +
        w_second4_first3 * a_first3 +
        w_second4_first4 * a_first4;
    const double a_second1 = z_second1 < 0.0 ? 0.0 : z_second1;
    const double a_second2 = z_second2 < 0.0 ? 0.0 : z_second2;
    const double a_second3 = z_second3 < 0.0 ? 0.0 : z_second3;
    const double a_second4 = z_second4 < 0.0 ? 0.0 : z_second4;

    /* third ← second: weighted sums, then sigmoid */
    const double z_third1 =
        w_third1_second1 * a_second1 +
        w_third1_second2 * a_second2 +
        w_third1_second3 * a_second3 +
        w_third1_second4 * a_second4;
    const double z_third2 =
        w_third2_second1 * a_second1 +
        w_third2_second2 * a_second2 +
        w_third2_second3 * a_second3 +
        w_third2_second4 * a_second4;
    const double z_third3 =
        w_third3_second1 * a_second1 +
        w_third3_second2 * a_second2 +
        w_third3_second3 * a_second3 +
        w_third3_second4 * a_second4;
    const double a_third1 = deep_mlp_sigmoid(z_third1);
    const double a_third2 = deep_mlp_sigmoid(z_third2);
    const double a_third3 = deep_mlp_sigmoid(z_third3);

    /* output ← third: weighted sums */
    const double z_carry = b_carry + w_carry_third1 * a_third1 + w_carry_third2 * a_third2 + w_carry_third3 * a_third3;
    const double z_digit = b_digit + w_digit_third1 * a_third1 + w_digit_third2 * a_third2 + w_digit_third3 * a_third3;
    const double a_carry = z_carry;
    const double a_digit = z_digit;

    outputs[0] = a_carry; outputs[1] = a_digit;
}

/* The loss of one example; its derivative with respect to each parameter is added to gradient, unless that is NULL. */
static inline double deep_mlp_add_gradient(const double *params, const double *x, const double *y, double *gradient) {
    const double y_carry = y[0], y_digit = y[1];
    const double w_first1_x1 = params[0], w_first1_x2 = params[1];
    const double w_first2_x1 = params[2], w_first2_x2 = params[3];
    const double w_first3_x1 = params[4], w_first3_x2 = params[5];
    const double w_first4_x1 = params[6], w_first4_x2 = params[7];
    const double b_first1 = params[8], b_first2 = params[9], b_first3 = params[10], b_first4 = params[11];
    const double w_second1_first1 = params[12], w_second1_first2 = params[13];
    const double w_second1_first3 = params[14], w_second1_first4 = params[15];
    const double w_second2_first1 = params[16], w_second2_first2 = params[17];
    const double w_second2_first3 = params[18], w_second2_first4 = params[19];
    const double w_second3_first1 = params[20], w_second3_first2 = params[21];
    const double w_second3_first3 = params[22], w_second3_first4 = params[23];
    const double w_second4_first1 = params[24], w_second4_first2 = params[25];
    const double w_second4_first3 = params[26], w_second4_first4 = params[27];
    const double b_second1 = params[28], b_second2 = params[29], b_second3 = params[30], b_second4 = params[31];
    const double w_third1_second1 = params[32], w_third1_second2 = params[33];
    const double w_third1_second3 = params[34], w_third1_second4 = params[35];
    const double w_third2_second1 = params[36], w_third2_second2 = params[37];
    const double w_third2_second3 = params[38], w_third2_second4 = params[39];
    const double w_third3_second1 = params[40], w_third3_second2 = params[41];
    const double w_third3_second3 = params[42], w_third3_second4 = params[43];
    const double w_carry_third1 = params[44], w_carry_third2 = params[45], w_carry_third3 = params[46];
    const double w_digit_third1 = params[47], w_digit_third2 = params[48], w_digit_third3 = params[49];
    const double b_carry = params[50], b_digit = params[51];
    const double x1 = x[0], x2 = x[1];

    /* first ← x: weighted sums, then tanh */
    const double z_first1 = b_first1 + w_first1_x1 * x1 + w_first1_x2 * x2;
    const double z_first2 = b_first2 + w_first2_x1 * x1 + w_first2_x2 * x2;
    const double z_first3 = b_first3 + w_first3_x1 * x1 + w_first3_x2 * x2;
    const double z_first4 = b_first4 + w_first4_x1 * x1 + w_first4_x2 * x2;
    const double a_first1 = tanh(z_first1);
    const double a_first2 = tanh(z_first2);
    const double a_first3 = tanh(z_first3);
    const double a_first4 = tanh(z_first4);

    /* second ← first: weighted sums, then relu (the slope at z = 0 is set to 0) */
    const double z_second1 =
        b_second1 +
        w_second1_first1 * a_first1 +
        w_second1_first2 * a_first2 +
        w_second1_first3 * a_first3 +
        w_second1_first4 * a_first4;
    const double z_second2 =
        b_second2 +
        w_second2_first1 * a_first1 +
        w_second2_first2 * a_first2 +
        w_second2_first3 * a_first3 +
        w_second2_first4 * a_first4;
    const double z_second3 =
        b_second3 +
        w_second3_first1 * a_first1 +
        w_second3_first2 * a_first2 +
        w_second3_first3 * a_first3 +
        w_second3_first4 * a_first4;
    const double z_second4 =
        b_second4 +
        w_second4_first1 * a_first1 +
        w_second4_first2 * a_first2 +
        w_second4_first3 * a_first3 +
        w_second4_first4 * a_first4;
    const double a_second1 = z_second1 < 0.0 ? 0.0 : z_second1;
    const double a_second2 = z_second2 < 0.0 ? 0.0 : z_second2;
    const double a_second3 = z_second3 < 0.0 ? 0.0 : z_second3;
    const double a_second4 = z_second4 < 0.0 ? 0.0 : z_second4;

    /* third ← second: weighted sums, then sigmoid */
    const double z_third1 =
        w_third1_second1 * a_second1 +
        w_third1_second2 * a_second2 +
        w_third1_second3 * a_second3 +
        w_third1_second4 * a_second4;
    const double z_third2 =
        w_third2_second1 * a_second1 +
        w_third2_second2 * a_second2 +
        w_third2_second3 * a_second3 +
        w_third2_second4 * a_second4;
    const double z_third3 =
        w_third3_second1 * a_second1 +
        w_third3_second2 * a_second2 +
        w_third3_second3 * a_second3 +
        w_third3_second4 * a_second4;
    const double a_third1 = deep_mlp_sigmoid(z_third1);
    const double a_third2 = deep_mlp_sigmoid(z_third2);
    const double a_third3 = deep_mlp_sigmoid(z_third3);

    /* output ← third: weighted sums */
    const double z_carry = b_carry + w_carry_third1 * a_third1 + w_carry_third2 * a_third2 + w_carry_third3 * a_third3;
    const double z_digit = b_digit + w_digit_third1 * a_third1 + w_digit_third2 * a_third2 + w_digit_third3 * a_third3;
    const double a_carry = z_carry;
    const double a_digit = z_digit;

    /* the loss: half_squared_error */
    const double loss =
        0.5 * ((a_carry - y_carry) * (a_carry - y_carry)) / 2.0 +
        0.5 * ((a_digit - y_digit) * (a_digit - y_digit)) / 2.0;
    if (!gradient) {
        return loss;
    }

    /* output: the slope of the loss, then that of linear */
    const double da_carry = (a_carry - y_carry) / 2.0;
    const double da_digit = (a_digit - y_digit) / 2.0;
    const double dz_carry = da_carry;
    const double dz_digit = da_digit;
    const double dw_carry_third1 = dz_carry * a_third1;
    const double dw_carry_third2 = dz_carry * a_third2;
    const double dw_carry_third3 = dz_carry * a_third3;
    const double dw_digit_third1 = dz_digit * a_third1;
    const double dw_digit_third2 = dz_digit * a_third2;
    const double dw_digit_third3 = dz_digit * a_third3;
    const double db_carry = dz_carry;
    const double db_digit = dz_digit;

    /* third ← output: the error flows back along the same weights */
    const double da_third1 = dz_carry * w_carry_third1 + dz_digit * w_digit_third1;
    const double da_third2 = dz_carry * w_carry_third2 + dz_digit * w_digit_third2;
    const double da_third3 = dz_carry * w_carry_third3 + dz_digit * w_digit_third3;
    const double dz_third1 = da_third1 * a_third1 * (1.0 - a_third1);
    const double dz_third2 = da_third2 * a_third2 * (1.0 - a_third2);
    const double dz_third3 = da_third3 * a_third3 * (1.0 - a_third3);
    const double dw_third1_second1 = dz_third1 * a_second1;
    const double dw_third1_second2 = dz_third1 * a_second2;
    const double dw_third1_second3 = dz_third1 * a_second3;
    const double dw_third1_second4 = dz_third1 * a_second4;
    const double dw_third2_second1 = dz_third2 * a_second1;
    const double dw_third2_second2 = dz_third2 * a_second2;
    const double dw_third2_second3 = dz_third2 * a_second3;
    const double dw_third2_second4 = dz_third2 * a_second4;
    const double dw_third3_second1 = dz_third3 * a_second1;
    const double dw_third3_second2 = dz_third3 * a_second2;
    const double dw_third3_second3 = dz_third3 * a_second3;
    const double dw_third3_second4 = dz_third3 * a_second4;

    /* second ← third: the error flows back along the same weights */
    const double da_second1 =
        dz_third1 * w_third1_second1 + dz_third2 * w_third2_second1 + dz_third3 * w_third3_second1;
    const double da_second2 =
        dz_third1 * w_third1_second2 + dz_third2 * w_third2_second2 + dz_third3 * w_third3_second2;
    const double da_second3 =
        dz_third1 * w_third1_second3 + dz_third2 * w_third2_second3 + dz_third3 * w_third3_second3;
    const double da_second4 =
        dz_third1 * w_third1_second4 + dz_third2 * w_third2_second4 + dz_third3 * w_third3_second4;
    const double dz_second1 = da_second1 * (z_second1 > 0.0 ? 1.0 : 0.0);
    const double dz_second2 = da_second2 * (z_second2 > 0.0 ? 1.0 : 0.0);
    const double dz_second3 = da_second3 * (z_second3 > 0.0 ? 1.0 : 0.0);
    const double dz_second4 = da_second4 * (z_second4 > 0.0 ? 1.0 : 0.0);
    const double dw_second1_first1 = dz_second1 * a_first1;
    const double dw_second1_first2 = dz_second1 * a_first2;
    const double dw_second1_first3 = dz_second1 * a_first3;
    const double dw_second1_first4 = dz_second1 * a_first4;
    const double dw_second2_first1 = dz_second2 * a_first1;
    const double dw_second2_first2 = dz_second2 * a_first2;
    const double dw_second2_first3 = dz_second2 * a_first3;
    const double dw_second2_first4 = dz_second2 * a_first4;
    const double dw_second3_first1 = dz_second3 * a_first1;
    const double dw_second3_first2 = dz_second3 * a_first2;
    const double dw_second3_first3 = dz_second3 * a_first3;
    const double dw_second3_first4 = dz_second3 * a_first4;
    const double dw_second4_first1 = dz_second4 * a_first1;
    const double dw_second4_first2 = dz_second4 * a_first2;
    const double dw_second4_first3 = dz_second4 * a_first3;
    const double dw_second4_first4 = dz_second4 * a_first4;

    /* first ← second: the error flows back along the same weights */
    const double da_first1 =
        dz_second1 * w_second1_first1 +
        dz_second2 * w_second2_first1 +
        dz_second3 * w_second3_first1 +
        dz_second4 * w_second4_first1;
    const double da_first2 =
        dz_second1 * w_second1_first2 +
        dz_second2 * w_second2_first2 +
        dz_second3 * w_second3_first2 +
        dz_second4 * w_second4_first2;
    const double da_first3 =
        dz_second1 * w_second1_first3 +
        dz_second2 * w_second2_first3 +
        dz_second3 * w_second3_first3 +
        dz_second4 * w_second4_first3;
    const double da_first4 =
        dz_second1 * w_second1_first4 +
        dz_second2 * w_second2_first4 +
        dz_second3 * w_second3_first4 +
        dz_second4 * w_second4_first4;
    const double dz_first1 = da_first1 * (1.0 - a_first1 * a_first1);
    const double dz_first2 = da_first2 * (1.0 - a_first2 * a_first2);
    const double dz_first3 = da_first3 * (1.0 - a_first3 * a_first3);
    const double dz_first4 = da_first4 * (1.0 - a_first4 * a_first4);
    const double dw_first1_x1 = dz_first1 * x1;
    const double dw_first1_x2 = dz_first1 * x2;
    const double dw_first2_x1 = dz_first2 * x1;
    const double dw_first2_x2 = dz_first2 * x2;
    const double dw_first3_x1 = dz_first3 * x1;
    const double dw_first3_x2 = dz_first3 * x2;
    const double dw_first4_x1 = dz_first4 * x1;
    const double dw_first4_x2 = dz_first4 * x2;
    const double db_first1 = dz_first1;
    const double db_first2 = dz_first2;
    const double db_first3 = dz_first3;
    const double db_first4 = dz_first4;

    gradient[0] += dw_first1_x1; gradient[1] += dw_first1_x2;
    gradient[2] += dw_first2_x1; gradient[3] += dw_first2_x2;
    gradient[4] += dw_first3_x1; gradient[5] += dw_first3_x2;
    gradient[6] += dw_first4_x1; gradient[7] += dw_first4_x2;
    gradient[8] += db_first1; gradient[9] += db_first2; gradient[10] += db_first3; gradient[11] += db_first4;
    gradient[12] += dw_second1_first1; gradient[13] += dw_second1_first2;
    gradient[14] += dw_second1_first3; gradient[15] += dw_second1_first4;
    gradient[16] += dw_second2_first1; gradient[17] += dw_second2_first2;
    gradient[18] += dw_second2_first3; gradient[19] += dw_second2_first4;
    gradient[20] += dw_second3_first1; gradient[21] += dw_second3_first2;
    gradient[22] += dw_second3_first3; gradient[23] += dw_second3_first4;
    gradient[24] += dw_second4_first1; gradient[25] += dw_second4_first2;
    gradient[26] += dw_second4_first3; gradient[27] += dw_second4_first4;
    gradient[32] += dw_third1_second1; gradient[33] += dw_third1_second2;
    gradient[34] += dw_third1_second3; gradient[35] += dw_third1_second4;
    gradient[36] += dw_third2_second1; gradient[37] += dw_third2_second2;
    gradient[38] += dw_third2_second3; gradient[39] += dw_third2_second4;
    gradient[40] += dw_third3_second1; gradient[41] += dw_third3_second2;
    gradient[42] += dw_third3_second3; gradient[43] += dw_third3_second4;
    gradient[44] += dw_carry_third1; gradient[45] += dw_carry_third2; gradient[46] += dw_carry_third3;
    gradient[47] += dw_digit_third1; gradient[48] += dw_digit_third2; gradient[49] += dw_digit_third3;
    gradient[50] += db_carry; gradient[51] += db_digit;
    return loss;
}

/* The loss of one example. */
static inline double deep_mlp_loss(const double *params, const double *x, const double *y) {
    return deep_mlp_add_gradient(params, x, y, NULL);
}

/* The loss of one example, and its derivative with respect to each parameter. */
static inline double deep_mlp_gradient(const double *params, const double *x, const double *y, double *gradient) {
    for (int i = 0; i < DEEP_MLP_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    return deep_mlp_add_gradient(params, x, y, gradient);
}

/* --- Below: training. --- */

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t deep_mlp_bits(uint32_t seed, uint32_t index) {
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
static inline double deep_mlp_uniform(uint32_t seed, uint32_t index) {
    return deep_mlp_bits(seed, index) / 4294967296.0;
}

/* The order of an epoch's n examples, by random keys and Shell's method; the given order if seed is NULL. */
static inline void deep_mlp_order(uint32_t *order, uint32_t *keys, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        keys[i] = seed ? deep_mlp_bits(*seed, epoch * n + i) : 0;
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
static inline void deep_mlp_step(double *params, const double *gradient) {
    for (int i = 0; i < 52; i++) {
        params[i] = params[i] - 0.2 * gradient[i];
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size (0: all in one), in the order of the seed
   (NULL: the given one). Returns the loss, measured before each step. memory has room for DEEP_MLP_PARAMETERS
   numbers, order for 2 * n. */
static inline double deep_mlp_epoch(double *params, const double *xs, const double *ys, uint32_t n, uint32_t batch_size,
    const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    batch_size = batch_size ? batch_size : n;
    deep_mlp_order(order, order + n, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        double batch_loss = 0;
        for (int i = 0; i < DEEP_MLP_PARAMETERS; i++) {
            gradient[i] = 0;
        }
        for (uint32_t k = 0; k < size; k++) {
            const size_t i = order[start + k];
            batch_loss += deep_mlp_add_gradient(params, xs + i * DEEP_MLP_INPUTS, ys + i * DEEP_MLP_OUTPUTS, gradient);
        }
        for (int i = 0; size > 1 && i < DEEP_MLP_PARAMETERS; i++) {
            gradient[i] /= (double)size;
        }
        batch_loss /= (double)size;
        deep_mlp_step(params, gradient);
        total += batch_loss * (double)size;
    }
    return total / (double)n;
}

/* Train on n examples, and return the number of epochs: 0 if there are no examples. batch_size and seed are those of
   epoch; the spec says a seed of 0. history, if not NULL, gets the loss of each epoch. memory has room for
   DEEP_MLP_MEMORY numbers, order for 2 * n. */
static inline uint32_t deep_mlp_fit(double *params, const double *xs, const double *ys, uint32_t n, uint32_t epochs,
    uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    uint32_t done = 0;
    for (; n > 0 && done < epochs; done++) {
        const double epoch_loss = deep_mlp_epoch(params, xs, ys, n, batch_size, seed, done, memory, order);
        if (history) {
            history[done] = epoch_loss;
        }
    }
    return done;
}

/* Initial parameters, the same in all languages; DEEP_MLP_SEED is the seed of the spec. */
static inline void deep_mlp_init(double *params, uint32_t seed) {
    for (uint32_t i = 0; i < 8; i++) {
        params[i] = sqrt(6.0 / 6.0) * (2.0 * deep_mlp_uniform(seed, i) - 1.0);
    }
    for (uint32_t i = 0; i < 4; i++) {
        params[8 + i] = 0.0; /* b_first */
    }
    for (uint32_t i = 0; i < 16; i++) {
        params[12 + i] = sqrt(6.0 / 8.0) * (2.0 * deep_mlp_uniform(seed, 12 + i) - 1.0);
    }
    static const double b_second[4] = {0.25, 0.25, 0.25, 0.25};
    for (uint32_t i = 0; i < 4; i++) {
        params[28 + i] = b_second[i];
    }
    for (uint32_t i = 0; i < 12; i++) {
        params[32 + i] = sqrt(6.0 / 7.0) * (2.0 * deep_mlp_uniform(seed, 32 + i) - 1.0);
    }
    for (uint32_t i = 0; i < 6; i++) {
        params[44 + i] = sqrt(6.0 / 5.0) * (2.0 * deep_mlp_uniform(seed, 44 + i) - 1.0);
    }
    for (uint32_t i = 0; i < 2; i++) {
        params[50 + i] = 0.0; /* b_output */
    }
}

#endif
