/* clang-format off */
/*
xor_mlp, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> hidden: 2 sigmoid -> output: 1 sigmoid

A multilayer perceptron learns the exclusive or (XOR): 1 if the two inputs differ. The two hidden units draw two
straight lines, and the output unit combines them. Backpropagation finds how to change the hidden weights.

Loss: binary_cross_entropy, -y log(a) - (1 - y) log(1 - a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 5.0; 2000 epochs in batches of all examples.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_h1_x1 is the
weight that leads to h1 from x1.

Written by nngen from the spec xor_mlp: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have XOR_MLP_PARAMETERS numbers; examples follow one another.
*/
#ifndef XOR_MLP_H
#define XOR_MLP_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define XOR_MLP_INPUTS 2
#define XOR_MLP_OUTPUTS 1
#define XOR_MLP_PARAMETERS 9
#define XOR_MLP_SEED 1u
#define XOR_MLP_MEMORY 9 /* numbers in the memory of fit */
#define XOR_MLP_PLACES 2 /* whole numbers in its order, for each example */

/* log(1 + x), exact for small x too. */
static inline double xor_mlp_log1p(double x) {
#ifdef __AVR__ /* its library has none: this adds what the sum u has lost */
    const double u = 1 + x;
    return u - 1 == x ? log(u) : log(u) - (u - 1 - x) / u;
#else
    return log1p(x);
#endif
}

/* 1 / (1 + exp(-z)), in a form that cannot overflow. */
static inline double xor_mlp_sigmoid(double z) {
    return exp(0.0 < z ? 0.0 : z) / (1.0 + exp(-fabs(z)));
}

/* The outputs of one example: x1, x2 → y. */
static inline void xor_mlp_forward(const double *params, const double *x, double *outputs) {
    const double w_h1_x1 = params[0], w_h1_x2 = params[1];
    const double w_h2_x1 = params[2], w_h2_x2 = params[3];
    const double b_h1 = params[4], b_h2 = params[5];
    const double w_y_h1 = params[6], w_y_h2 = params[7];
    const double b_y = params[8];
    const double x1 = x[0], x2 = x[1];

    /* hidden ← x: weighted sums, then sigmoid */
    const double z_h1 = b_h1 + w_h1_x1 * x1 + w_h1_x2 * x2;
    const double z_h2 = b_h2 + w_h2_x1 * x1 + w_h2_x2 * x2;
    const double a_h1 = xor_mlp_sigmoid(z_h1);
    const double a_h2 = xor_mlp_sigmoid(z_h2);

    /* output ← hidden: weighted sums, then sigmoid */
    const double z_y = b_y + w_y_h1 * a_h1 + w_y_h2 * a_h2;
    const double a_y = xor_mlp_sigmoid(z_y);

    outputs[0] = a_y;
}

/* The loss of one example; its derivative with respect to each parameter is added to gradient, unless that is NULL. */
static inline double xor_mlp_add_gradient(const double *params, const double *x, const double *y, double *gradient) {
    const double y_y = y[0];
    const double w_h1_x1 = params[0], w_h1_x2 = params[1];
    const double w_h2_x1 = params[2], w_h2_x2 = params[3];
    const double b_h1 = params[4], b_h2 = params[5];
    const double w_y_h1 = params[6], w_y_h2 = params[7];
    const double b_y = params[8];
    const double x1 = x[0], x2 = x[1];

    /* hidden ← x: weighted sums, then sigmoid */
    const double z_h1 = b_h1 + w_h1_x1 * x1 + w_h1_x2 * x2;
    const double z_h2 = b_h2 + w_h2_x1 * x1 + w_h2_x2 * x2;
    const double a_h1 = xor_mlp_sigmoid(z_h1);
    const double a_h2 = xor_mlp_sigmoid(z_h2);

    /* output ← hidden: weighted sums, then sigmoid */
    const double z_y = b_y + w_y_h1 * a_h1 + w_y_h2 * a_h2;
    const double a_y = xor_mlp_sigmoid(z_y);

    /* the loss: binary_cross_entropy */
    const double loss = (z_y < 0.0 ? 0.0 : z_y) - y_y * z_y + xor_mlp_log1p(exp(-fabs(z_y)));
    if (!gradient) {
        return loss;
    }

    /* output: the slopes of the sigmoid and of the logarithm cancel, only the difference remains */
    const double dz_y = a_y - y_y;
    const double dw_y_h1 = dz_y * a_h1;
    const double dw_y_h2 = dz_y * a_h2;
    const double db_y = dz_y;

    /* hidden ← output: the error flows back along the same weights */
    const double da_h1 = dz_y * w_y_h1;
    const double da_h2 = dz_y * w_y_h2;
    const double dz_h1 = da_h1 * a_h1 * (1.0 - a_h1);
    const double dz_h2 = da_h2 * a_h2 * (1.0 - a_h2);
    const double dw_h1_x1 = dz_h1 * x1;
    const double dw_h1_x2 = dz_h1 * x2;
    const double dw_h2_x1 = dz_h2 * x1;
    const double dw_h2_x2 = dz_h2 * x2;
    const double db_h1 = dz_h1;
    const double db_h2 = dz_h2;

    gradient[0] += dw_h1_x1; gradient[1] += dw_h1_x2;
    gradient[2] += dw_h2_x1; gradient[3] += dw_h2_x2;
    gradient[4] += db_h1; gradient[5] += db_h2;
    gradient[6] += dw_y_h1; gradient[7] += dw_y_h2;
    gradient[8] += db_y;
    return loss;
}

/* The loss of one example. */
static inline double xor_mlp_loss(const double *params, const double *x, const double *y) {
    return xor_mlp_add_gradient(params, x, y, NULL);
}

/* The loss of one example, and its derivative with respect to each parameter. */
static inline double xor_mlp_gradient(const double *params, const double *x, const double *y, double *gradient) {
    for (int i = 0; i < XOR_MLP_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    return xor_mlp_add_gradient(params, x, y, gradient);
}

/* --- Below: training. --- */

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t xor_mlp_bits(uint32_t seed, uint32_t index) {
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
static inline double xor_mlp_uniform(uint32_t seed, uint32_t index) {
    return xor_mlp_bits(seed, index) / 4294967296.0;
}

/* The order of an epoch's n examples, by random keys and Shell's method; the given order if seed is NULL. */
static inline void xor_mlp_order(uint32_t *order, uint32_t *keys, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        keys[i] = seed ? xor_mlp_bits(*seed, epoch * n + i) : 0;
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
static inline void xor_mlp_step(double *params, const double *gradient) {
    for (int i = 0; i < 9; i++) {
        params[i] = params[i] - 5.0 * gradient[i];
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size (0: all in one), in the order of the seed
   (NULL: the given one). Returns the loss, measured before each step. memory has room for XOR_MLP_PARAMETERS
   numbers, order for 2 * n. */
static inline double xor_mlp_epoch(double *params, const double *xs, const double *ys, uint32_t n, uint32_t batch_size,
    const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    batch_size = batch_size ? batch_size : n;
    xor_mlp_order(order, order + n, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        double batch_loss = 0;
        for (int i = 0; i < XOR_MLP_PARAMETERS; i++) {
            gradient[i] = 0;
        }
        for (uint32_t k = 0; k < size; k++) {
            const size_t i = order[start + k];
            batch_loss += xor_mlp_add_gradient(params, xs + i * XOR_MLP_INPUTS, ys + i * XOR_MLP_OUTPUTS, gradient);
        }
        for (int i = 0; size > 1 && i < XOR_MLP_PARAMETERS; i++) {
            gradient[i] /= (double)size;
        }
        batch_loss /= (double)size;
        xor_mlp_step(params, gradient);
        total += batch_loss * (double)size;
    }
    return total / (double)n;
}

/* Train on n examples, and return the number of epochs: 0 if there are no examples. batch_size and seed are those of
   epoch; the spec says no seed. history, if not NULL, gets the loss of each epoch. memory has room for
   XOR_MLP_MEMORY numbers, order for 2 * n. */
static inline uint32_t xor_mlp_fit(double *params, const double *xs, const double *ys, uint32_t n, uint32_t epochs,
    uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    uint32_t done = 0;
    for (; n > 0 && done < epochs; done++) {
        const double epoch_loss = xor_mlp_epoch(params, xs, ys, n, batch_size, seed, done, memory, order);
        if (history) {
            history[done] = epoch_loss;
        }
    }
    return done;
}

/* Initial parameters, the same in all languages; XOR_MLP_SEED is the seed of the spec. */
static inline void xor_mlp_init(double *params, uint32_t seed) {
    for (uint32_t i = 0; i < 4; i++) {
        params[i] = xor_mlp_uniform(seed, i) - 0.5;
    }
    for (uint32_t i = 0; i < 2; i++) {
        params[4 + i] = 0.0; /* b_hidden */
    }
    for (uint32_t i = 0; i < 2; i++) {
        params[6 + i] = xor_mlp_uniform(seed, 6 + i) - 0.5;
    }
    params[8] = 0.0; /* b_output */
}

#endif
