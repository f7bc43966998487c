/* clang-format off */
/*
or_perceptron, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> output: 1 step

A perceptron learns the logical OR: 1 where at least one input is 1. It starts with weights of 0, and Rosenblatt's rule
corrects them after each wrong answer. That ends with every answer right, because a straight line separates the ones
from the zeros.

Loss: perceptron, (a - y) z, summed over the outputs, the mean over a batch.
Training: perceptron, w = w + rate (y - a) x, rate = 1.0; 10 epochs in batches of 1.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_y_x1 is the
weight that leads to y from x1.

Written by nngen from the spec or_perceptron: `nngen build` with that spec writes these bytes again. The file is yours:
read it, change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have OR_PERCEPTRON_PARAMETERS numbers; examples follow one another.
*/
#ifndef OR_PERCEPTRON_H
#define OR_PERCEPTRON_H

#include <stddef.h>
#include <stdint.h>

#define OR_PERCEPTRON_INPUTS 2
#define OR_PERCEPTRON_OUTPUTS 1
#define OR_PERCEPTRON_PARAMETERS 3
#define OR_PERCEPTRON_SEED 0u
#define OR_PERCEPTRON_MEMORY 3 /* numbers in the memory of fit */
#define OR_PERCEPTRON_PLACES 2 /* whole numbers in its order, for each example */

/* The outputs of one example: x1, x2 → y. */
static inline void or_perceptron_forward(const double *params, const double *x, double *outputs) {
    const double w_y_x1 = params[0], w_y_x2 = params[1];
    const double b_y = params[2];
    const double x1 = x[0], x2 = x[1];

    /* output ← x: weighted sums, then step (the value at z = 0 is 0) */
    const double z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2;
    const double a_y = z_y > 0.0 ? 1.0 : 0.0;

    outputs[0] = a_y;
}

/* The loss of one example; its derivative with respect to each parameter is added to gradient, unless that is NULL. */
static inline double or_perceptron_add_gradient(const double *params, const double *x, const double *y,
    double *gradient) {
    const double y_y = y[0];
    const double w_y_x1 = params[0], w_y_x2 = params[1];
    const double b_y = params[2];
    const double x1 = x[0], x2 = x[1];

    /* output ← x: weighted sums, then step (the value at z = 0 is 0) */
    const double z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2;
    const double a_y = z_y > 0.0 ? 1.0 : 0.0;

    /* the loss: perceptron */
    const double loss = (a_y - y_y) * z_y;
    if (!gradient) {
        return loss;
    }

    /* output: 0 for a right answer, otherwise the sign of the error; step has no useful slope */
    const double dz_y = a_y - y_y;
    const double dw_y_x1 = dz_y * x1;
    const double dw_y_x2 = dz_y * x2;
    const double db_y = dz_y;

    gradient[0] += dw_y_x1; gradient[1] += dw_y_x2;
    gradient[2] += db_y;
    return loss;
}

/* The loss of one example. */
static inline double or_perceptron_loss(const double *params, const double *x, const double *y) {
    return or_perceptron_add_gradient(params, x, y, NULL);
}

/* The loss of one example, and its derivative with respect to each parameter. */
static inline double or_perceptron_gradient(const double *params, const double *x, const double *y, double *gradient) {
    for (int i = 0; i < OR_PERCEPTRON_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    return or_perceptron_add_gradient(params, x, y, gradient);
}

/* --- Below: training. --- */

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t or_perceptron_bits(uint32_t seed, uint32_t index) {
    uint32_t h = 0;
    for (int i = 0; i < 2; i++) {
        h += (i ? seed : index) + 0x9E3779B9u;
        h = (h ^ (h >> 16)) * 0x21F0AAADu;
        h = (h ^ (h >> 15)) * 0x735A2D97u;
        h ^= h >> 15;
    }
    return h;
}

/* The order of an epoch's n examples, by random keys and Shell's method; the given order if seed is NULL. */
static inline void or_perceptron_order(uint32_t *order, uint32_t *keys, uint32_t n, const uint32_t *seed,
    uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        keys[i] = seed ? or_perceptron_bits(*seed, epoch * n + i) : 0;
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

/* One step of training by perceptron, which changes params. */
static inline void or_perceptron_step(double *params, const double *gradient) {
    for (int i = 0; i < 3; i++) {
        params[i] = params[i] - gradient[i];
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size (0: all in one), in the order of the seed
   (NULL: the given one). Returns the loss, measured before each step. memory has room for OR_PERCEPTRON_PARAMETERS
   numbers, order for 2 * n. */
static inline double or_perceptron_epoch(double *params, const double *xs, const double *ys, uint32_t n,
    uint32_t batch_size, const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    batch_size = batch_size ? batch_size : n;
    or_perceptron_order(order, order + n, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        double batch_loss = 0;
        for (int i = 0; i < OR_PERCEPTRON_PARAMETERS; i++) {
            gradient[i] = 0;
        }
        for (uint32_t k = 0; k < size; k++) {
            const size_t i = order[start + k];
            batch_loss += or_perceptron_add_gradient(
                params, xs + i * OR_PERCEPTRON_INPUTS, ys + i * OR_PERCEPTRON_OUTPUTS, gradient
            );
        }
        for (int i = 0; size > 1 && i < OR_PERCEPTRON_PARAMETERS; i++) {
            gradient[i] /= (double)size;
        }
        batch_loss /= (double)size;
        or_perceptron_step(params, gradient);
        total += batch_loss * (double)size;
    }
    return total / (double)n;
}

/* Train on n examples, and return the number of epochs: 0 if there are no examples. batch_size and seed are those of
   epoch; the spec says no seed. history, if not NULL, gets the loss of each epoch. memory has room for
   OR_PERCEPTRON_MEMORY numbers, order for 2 * n. */
static inline uint32_t or_perceptron_fit(double *params, const double *xs, const double *ys, uint32_t n,
    uint32_t epochs, uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    uint32_t done = 0;
    for (; n > 0 && done < epochs; done++) {
        const double epoch_loss = or_perceptron_epoch(params, xs, ys, n, batch_size, seed, done, memory, order);
        if (history) {
            history[done] = epoch_loss;
        }
    }
    return done;
}

/* Initial parameters, the same in all languages; OR_PERCEPTRON_SEED is the seed of the spec. */
static inline void or_perceptron_init(double *params, uint32_t seed) {
    (void)seed; /* not used: nothing is drawn at random */
    for (uint32_t i = 0; i < 2; i++) {
        params[i] = 0.0; /* W_output */
    }
    params[2] = 0.0; /* b_output */
}

#endif
