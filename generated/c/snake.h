/* clang-format off */
/*
snake, a neural network: its equations forward and backward, and how it learns.

    x: 1 -> hidden: 8 snake -> output: 1 linear

Learns a sine from -6 to 6 and continues it beyond. The activation is a custom formula, from which nngen derives the
slope. It grows with its argument and swings around it, so that the network learns what repeats; a network of tanh
continues flat (Ziyin, Hartwig and Ueda, Neural networks fail to learn periodic functions and how to fix it, NeurIPS
2020).

Activation: snake, z + sin(z) ** 2.
Loss: squared_error, (a - y)^2, summed over the outputs, the mean over a batch.
Training: adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), rate =
0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 1000 epochs in batches of 8.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_hidden1_x1 is
the weight that leads to hidden1 from x1.

Written by nngen from the spec snake: `nngen build` with that spec writes these bytes again. The file is yours: read it,
change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have SNAKE_PARAMETERS numbers, state has SNAKE_STATE; examples
follow one another.
*/
#ifndef SNAKE_H
#define SNAKE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define SNAKE_INPUTS 1
#define SNAKE_OUTPUTS 1
#define SNAKE_PARAMETERS 25
#define SNAKE_STATE 51
#define SNAKE_SEED 0u
#define SNAKE_MEMORY 76 /* numbers in the memory of fit */
#define SNAKE_PLACES 2 /* whole numbers in its order, for each example */

/* The derivative of snake with respect to z. */
static inline double snake_snake_slope(double z) {
    return 1.0 + 2.0 * sin(z) * cos(z);
}

/* The outputs of one example: x1 → y1. */
static inline void snake_forward(const double *params, const double *x, double *outputs) {
    const double w_hidden1_x1 = params[0];
    const double w_hidden2_x1 = params[1];
    const double w_hidden3_x1 = params[2];
    const double w_hidden4_x1 = params[3];
    const double w_hidden5_x1 = params[4];
    const double w_hidden6_x1 = params[5];
    const double w_hidden7_x1 = params[6];
    const double w_hidden8_x1 = params[7];
    const double b_hidden1 = params[8], b_hidden2 = params[9], b_hidden3 = params[10], b_hidden4 = params[11];
    const double b_hidden5 = params[12], b_hidden6 = params[13], b_hidden7 = params[14], b_hidden8 = params[15];
    const double w_y1_hidden1 = params[16], w_y1_hidden2 = params[17], w_y1_hidden3 = params[18];
    const double w_y1_hidden4 = params[19], w_y1_hidden5 = params[20], w_y1_hidden6 = params[21];
    const double w_y1_hidden7 = params[22], w_y1_hidden8 = params[23];
    const double b_y1 = params[24];
    const double x1 = x[0];

    /* hidden ← x: weighted sums, then snake */
    const double z_hidden1 = b_hidden1 + w_hidden1_x1 * x1;
    const double z_hidden2 = b_hidden2 + w_hidden2_x1 * x1;
    const double z_hidden3 = b_hidden3 + w_hidden3_x1 * x1;
    const double z_hidden4 = b_hidden4 + w_hidden4_x1 * x1;
    const double z_hidden5 = b_hidden5 + w_hidden5_x1 * x1;
    const double z_hidden6 = b_hidden6 + w_hidden6_x1 * x1;
    const double z_hidden7 = b_hidden7 + w_hidden7_x1 * x1;
    const double z_hidden8 = b_hidden8 + w_hidden8_x1 * x1;
    const double a_hidden1 = z_hidden1 + pow(sin(z_hidden1), 2.0);
    const double a_hidden2 = z_hidden2 + pow(sin(z_hidden2), 2.0);
    const double a_hidden3 = z_hidden3 + pow(sin(z_hidden3), 2.0);
    const double a_hidden4 = z_hidden4 + pow(sin(z_hidden4), 2.0);
    const double a_hidden5 = z_hidden5 + pow(sin(z_hidden5), 2.0);
    const double a_hidden6 = z_hidden6 + pow(sin(z_hidden6), 2.0);
    const double a_hidden7 = z_hidden7 + pow(sin(z_hidden7), 2.0);
    const double a_hidden8 = z_hidden8 + pow(sin(z_hidden8), 2.0);

    /* output ← hidden: weighted sums */
    const double z_y1 =
        b_y1 +
        w_y1_hidden1 * a_hidden1 +
        w_y1_hidden2 * a_hidden2 +
        w_y1_hidden3 * a_hidden3 +
        w_y1_hidden4 * a_hidden4 +
        w_y1_hidden5 * a_hidden5 +
        w_y1_hidden6 * a_hidden6 +
        w_y1_hidden7 * a_hidden7 +
        w_y1_hidden8 * a_hidden8;
    const double a_y1 = z_y1;

    outputs[0] = a_y1;
}

/* The loss of one example; its derivative with respect to each parameter is added to gradient, unless that is NULL. */
static inline double snake_add_gradient(const double *params, const double *x, const double *y, double *gradient) {
    const double y_y1 = y[0];
    const double w_hidden1_x1 = params[0];
    const double w_hidden2_x1 = params[1];
    const double w_hidden3_x1 = params[2];
    const double w_hidden4_x1 = params[3];
    const double w_hidden5_x1 = params[4];
    const double w_hidden6_x1 = params[5];
    const double w_hidden7_x1 = params[6];
    const double w_hidden8_x1 = params[7];
    const double b_hidden1 = params[8], b_hidden2 = params[9], b_hidden3 = params[10], b_hidden4 = params[11];
    const double b_hidden5 = params[12], b_hidden6 = params[13], b_hidden7 = params[14], b_hidden8 = params[15];
    const double w_y1_hidden1 = params[16], w_y1_hidden2 = params[17], w_y1_hidden3 = params[18];
    const double w_y1_hidden4 = params[19], w_y1_hidden5 = params[20], w_y1_hidden6 = params[21];
    const double w_y1_hidden7 = params[22], w_y1_hidden8 = params[23];
    const double b_y1 = params[24];
    const double x1 = x[0];

    /* hidden ← x: weighted sums, then snake */
    const double z_hidden1 = b_hidden1 + w_hidden1_x1 * x1;
    const double z_hidden2 = b_hidden2 + w_hidden2_x1 * x1;
    const double z_hidden3 = b_hidden3 + w_hidden3_x1 * x1;
    const double z_hidden4 = b_hidden4 + w_hidden4_x1 * x1;
    const double z_hidden5 = b_hidden5 + w_hidden5_x1 * x1;
    const double z_hidden6 = b_hidden6 + w_hidden6_x1 * x1;
    const double z_hidden7 = b_hidden7 + w_hidden7_x1 * x1;
    const double z_hidden8 = b_hidden8 + w_hidden8_x1 * x1;
    const double a_hidden1 = z_hidden1 + pow(sin(z_hidden1), 2.0);
    const double a_hidden2 = z_hidden2 + pow(sin(z_hidden2), 2.0);
    const double a_hidden3 = z_hidden3 + pow(sin(z_hidden3), 2.0);
    const double a_hidden4 = z_hidden4 + pow(sin(z_hidden4), 2.0);
    const double a_hidden5 = z_hidden5 + pow(sin(z_hidden5), 2.0);
    const double a_hidden6 = z_hidden6 + pow(sin(z_hidden6), 2.0);
    const double a_hidden7 = z_hidden7 + pow(sin(z_hidden7), 2.0);
    const double a_hidden8 = z_hidden8 + pow(sin(z_hidden8), 2.0);

    /* output ← hidden: weighted sums */
    const double z_y1 =
        b_y1 +
        w_y1_hidden1 * a_hidden1 +
        w_y1_hidden2 * a_hidden2 +
        w_y1_hidden3 * a_hidden3 +
        w_y1_hidden4 * a_hidden4 +
        w_y1_hidden5 * a_hidden5 +
        w_y1_hidden6 * a_hidden6 +
        w_y1_hidden7 * a_hidden7 +
        w_y1_hidden8 * a_hidden8;
    const double a_y1 = z_y1;

    /* the loss: squared_error */
    const double loss = (a_y1 - y_y1) * (a_y1 - y_y1);
    if (!gradient) {
        return loss;
    }

    /* output: the slope of the loss, then that of linear */
    const double da_y1 = 2.0 * (a_y1 - y_y1);
    const double dz_y1 = da_y1;
    const double dw_y1_hidden1 = dz_y1 * a_hidden1;
    const double dw_y1_hidden2 = dz_y1 * a_hidden2;
    const double dw_y1_hidden3 = dz_y1 * a_hidden3;
    const double dw_y1_hidden4 = dz_y1 * a_hidden4;
    const double dw_y1_hidden5 = dz_y1 * a_hidden5;
    const double dw_y1_hidden6 = dz_y1 * a_hidden6;
    const double dw_y1_hidden7 = dz_y1 * a_hidden7;
    const double dw_y1_hidden8 = dz_y1 * a_hidden8;
    const double db_y1 = dz_y1;

    /* hidden ← output: the error flows back along the same weights */
    const double da_hidden1 = dz_y1 * w_y1_hidden1;
    const double da_hidden2 = dz_y1 * w_y1_hidden2;
    const double da_hidden3 = dz_y1 * w_y1_hidden3;
    const double da_hidden4 = dz_y1 * w_y1_hidden4;
    const double da_hidden5 = dz_y1 * w_y1_hidden5;
    const double da_hidden6 = dz_y1 * w_y1_hidden6;
    const double da_hidden7 = dz_y1 * w_y1_hidden7;
    const double da_hidden8 = dz_y1 * w_y1_hidden8;
    const double dz_hidden1 = da_hidden1 * snake_snake_slope(z_hidden1);
    const double dz_hidden2 = da_hidden2 * snake_snake_slope(z_hidden2);
    const double dz_hidden3 = da_hidden3 * snake_snake_slope(z_hidden3);
    const double dz_hidden4 = da_hidden4 * snake_snake_slope(z_hidden4);
    const double dz_hidden5 = da_hidden5 * snake_snake_slope(z_hidden5);
    const double dz_hidden6 = da_hidden6 * snake_snake_slope(z_hidden6);
    const double dz_hidden7 = da_hidden7 * snake_snake_slope(z_hidden7);
    const double dz_hidden8 = da_hidden8 * snake_snake_slope(z_hidden8);
    const double dw_hidden1_x1 = dz_hidden1 * x1;
    const double dw_hidden2_x1 = dz_hidden2 * x1;
    const double dw_hidden3_x1 = dz_hidden3 * x1;
    const double dw_hidden4_x1 = dz_hidden4 * x1;
    const double dw_hidden5_x1 = dz_hidden5 * x1;
    const double dw_hidden6_x1 = dz_hidden6 * x1;
    const double dw_hidden7_x1 = dz_hidden7 * x1;
    const double dw_hidden8_x1 = dz_hidden8 * x1;
    const double db_hidden1 = dz_hidden1;
    const double db_hidden2 = dz_hidden2;
    const double db_hidden3 = dz_hidden3;
    const double db_hidden4 = dz_hidden4;
    const double db_hidden5 = dz_hidden5;
    const double db_hidden6 = dz_hidden6;
    const double db_hidden7 = dz_hidden7;
    const double db_hidden8 = dz_hidden8;

    gradient[0] += dw_hidden1_x1;
    gradient[1] += dw_hidden2_x1;
    gradient[2] += dw_hidden3_x1;
    gradient[3] += dw_hidden4_x1;
    gradient[4] += dw_hidden5_x1;
    gradient[5] += dw_hidden6_x1;
    gradient[6] += dw_hidden7_x1;
    gradient[7] += dw_hidden8_x1;
    gradient[8] += db_hidden1; gradient[9] += db_hidden2; gradient[10] += db_hidden3; gradient[11] += db_hidden4;
    gradient[12] += db_hidden5; gradient[13] += db_hidden6; gradient[14] += db_hidden7; gradient[15] += db_hidden8;
    gradient[16] += dw_y1_hidden1; gradient[17] += dw_y1_hidden2; gradient[18] += dw_y1_hidden3;
    gradient[19] += dw_y1_hidden4; gradient[20] += dw_y1_hidden5; gradient[21] += dw_y1_hidden6;
    gradient[22] += dw_y1_hidden7; gradient[23] += dw_y1_hidden8;
    gradient[24] += db_y1;
    return loss;
}

/* The loss of one example. */
static inline double snake_loss(const double *params, const double *x, const double *y) {
    return snake_add_gradient(params, x, y, NULL);
}

/* The loss of one example, and its derivative with respect to each parameter. */
static inline double snake_gradient(const double *params, const double *x, const double *y, double *gradient) {
    for (int i = 0; i < SNAKE_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    return snake_add_gradient(params, x, y, gradient);
}

/* --- Below: training. --- */

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t snake_bits(uint32_t seed, uint32_t index) {
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
static inline double snake_uniform(uint32_t seed, uint32_t index) {
    return snake_bits(seed, index) / 4294967296.0;
}

/* The order of an epoch's n examples, by random keys and Shell's method; the given order if seed is NULL. */
static inline void snake_order(uint32_t *order, uint32_t *keys, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        keys[i] = seed ? snake_bits(*seed, epoch * n + i) : 0;
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
static inline void snake_init_state(double *state) {
    state[0] = 0;
    for (int i = 0; i < 25; i++) {
        state[1 + i] = 0.0; /* m */
    }
    for (int i = 0; i < 25; i++) {
        state[26 + i] = 0.0; /* v */
    }
}

/* One step of training by adam, which changes params and state. */
static inline void snake_step(double *params, const double *gradient, double *state) {
    const double t = state[0] + 1;
    state[0] = t;
    const double power1 = pow(0.9, t);
    const double power2 = pow(0.999, t);
    double *all_m = state + 1;
    double *all_v = state + 26;
    for (int i = 0; i < 25; i++) {
        double w = params[i];
        const double g = gradient[i];
        double m = all_m[i];
        double v = all_v[i];
        m = 0.9 * m + (1.0 - 0.9) * g;
        v = 0.999 * v + (1.0 - 0.999) * (g * g);
        w = w - 0.01 * (m / (1.0 - power1)) / (sqrt(v / (1.0 - power2)) + 1e-08);
        params[i] = w;
        all_m[i] = m;
        all_v[i] = v;
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size (0: all in one), in the order of the seed
   (NULL: the given one). Returns the loss, measured before each step. memory has room for SNAKE_PARAMETERS numbers,
   order for 2 * n. */
static inline double snake_epoch(double *params, double *state, const double *xs, const double *ys, uint32_t n,
    uint32_t batch_size, const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    batch_size = batch_size ? batch_size : n;
    snake_order(order, order + n, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        double batch_loss = 0;
        for (int i = 0; i < SNAKE_PARAMETERS; i++) {
            gradient[i] = 0;
        }
        for (uint32_t k = 0; k < size; k++) {
            const size_t i = order[start + k];
            batch_loss += snake_add_gradient(params, xs + i * SNAKE_INPUTS, ys + i * SNAKE_OUTPUTS, gradient);
        }
        for (int i = 0; size > 1 && i < SNAKE_PARAMETERS; i++) {
            gradient[i] /= (double)size;
        }
        batch_loss /= (double)size;
        snake_step(params, gradient, state);
        total += batch_loss * (double)size;
    }
    return total / (double)n;
}

/* Train on n examples, and return the number of epochs: 0 if there are no examples. batch_size and seed are those of
   epoch; the spec says a seed of 0. history, if not NULL, gets the loss of each epoch. memory has room for
   SNAKE_MEMORY numbers, order for 2 * n. */
static inline uint32_t snake_fit(double *params, const double *xs, const double *ys, uint32_t n, uint32_t epochs,
    uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    double *state = memory;
    uint32_t done = 0;
    snake_init_state(state);
    for (; n > 0 && done < epochs; done++) {
        const double epoch_loss = snake_epoch(
            params, state, xs, ys, n, batch_size, seed, done, state + SNAKE_STATE, order
        );
        if (history) {
            history[done] = epoch_loss;
        }
    }
    return done;
}

/* Initial parameters, the same in all languages; SNAKE_SEED is the seed of the spec. */
static inline void snake_init(double *params, uint32_t seed) {
    for (uint32_t i = 0; i < 8; i++) {
        params[i] = sqrt(6.0 / 9.0) * (2.0 * snake_uniform(seed, i) - 1.0);
    }
    for (uint32_t i = 0; i < 8; i++) {
        params[8 + i] = 0.0; /* b_hidden */
    }
    for (uint32_t i = 0; i < 8; i++) {
        params[16 + i] = sqrt(6.0 / 9.0) * (2.0 * snake_uniform(seed, 16 + i) - 1.0);
    }
    params[24] = 0.0; /* b_output */
}

#endif
