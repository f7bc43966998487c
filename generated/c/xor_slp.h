/* clang-format off */
/*
xor_slp, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> output: 1 sigmoid

A single layer cannot learn the exclusive or (XOR), which is 1 if the two inputs differ: no straight line separates the
ones from the zeros (Minsky and Papert, 1969). The best it can do is to answer 0.5 everywhere. Compare xor_mlp.

Loss: binary_cross_entropy, -y log(a) - (1 - y) log(1 - a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 1.0; 500 epochs in batches of all examples.

dX is the derivative of the loss by X. z is a weighted sum, a an activation, y a target; w_y_x1 is the weight that leads
to y from x1.

Written by nngen from the spec xor_slp: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have XOR_SLP_PARAMETERS numbers, state has XOR_SLP_STATE; examples
follow one another.
*/
#ifndef XOR_SLP_H
#define XOR_SLP_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define XOR_SLP_INPUTS 2
#define XOR_SLP_OUTPUTS 1
#define XOR_SLP_PARAMETERS 3
#define XOR_SLP_STATE 1 /* not used: the optimizer has no state */
#define XOR_SLP_SEED 1u
#define XOR_SLP_MEMORY 4 /* numbers in the memory of fit */
#define XOR_SLP_PLACES 1 /* whole numbers in its order, for each example */
#define XOR_SLP_STACK (12 * sizeof(double) + 1024) /* bytes of the largest stack below */

/* log(1 + x), exact for small x too. */
static inline double xor_slp_log1p(double x) {
#ifdef __AVR__ /* its library has none: this adds what the sum u has lost */
    const double u = 1 + x;
    return u - 1 == x ? log(u) : log(u) - (u - 1 - x) / u;
#else
    return log1p(x);
#endif
}

/* 1 / (1 + exp(-z)), in a form that cannot overflow. */
static inline double xor_slp_sigmoid(double z) {
    return exp(0.0 < z ? 0.0 : z) / (1.0 + exp(-fabs(z)));
}

/* The outputs of one example: x1, x2 → y. */
static inline void xor_slp_forward(const double *params, const double *x, double *outputs) {
    const double w_y_x1 = params[0], w_y_x2 = params[1];
    const double b_y = params[2];
    const double x1 = x[0], x2 = x[1];

    /* output ← x: weighted sums, then sigmoid */
    const double z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2;
    const double a_y = xor_slp_sigmoid(z_y);

    outputs[0] = a_y;
}

/* The loss of one example; its derivative by each parameter is added to gradient, unless that is NULL. */
static inline double xor_slp_add_gradient(const double *params, const double *x, const double *y, double *gradient) {
    const double y_y = y[0];
    const double w_y_x1 = params[0], w_y_x2 = params[1];
    const double b_y = params[2];
    const double x1 = x[0], x2 = x[1];

    /* output ← x: weighted sums, then sigmoid */
    const double z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2;
    const double a_y = xor_slp_sigmoid(z_y);

    /* the loss: binary_cross_entropy */
    const double loss = (z_y < 0.0 ? 0.0 : z_y) - y_y * z_y + xor_slp_log1p(exp(-fabs(z_y)));
    if (!gradient) {
        return loss;
    }

    /* output: the slopes of the sigmoid and of the logarithm cancel, only the difference remains */
    const double dz_y = a_y - y_y;
    const double dw_y_x1 = dz_y * x1;
    const double dw_y_x2 = dz_y * x2;
    const double db_y = dz_y;

    gradient[0] += dw_y_x1; gradient[1] += dw_y_x2;
    gradient[2] += db_y;
    return loss;
}

/* The loss of one example. */
static inline double xor_slp_loss(const double *params, const double *x, const double *y) {
    return xor_slp_add_gradient(params, x, y, NULL);
}

/* The loss of one example, and its derivative by each parameter. */
static inline double xor_slp_gradient(const double *params, const double *x, const double *y, double *gradient) {
    for (int i = 0; i < XOR_SLP_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    return xor_slp_add_gradient(params, x, y, gradient);
}

/* --- Below: training. --- */

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t xor_slp_bits(uint32_t seed, uint32_t index) {
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
static inline double xor_slp_uniform(uint32_t seed, uint32_t index) {
    return xor_slp_bits(seed, index) / 4294967296.0;
}

/* The index of a random integer of this seed: the steps of bits, undone from the last to the first. */
static inline uint32_t xor_slp_index(uint32_t seed, uint32_t bits) {
    uint32_t h = bits;
    for (int i = 0; i < 2; i++) {
        h = (h ^ (h >> 15) ^ (h >> 30)) * 0x97132227u; /* times 0x735A2D97, it is 1 */
        h = (h ^ (h >> 15) ^ (h >> 30)) * 0x333C4925u; /* times 0x21F0AAAD, it is 1 */
        h = (h ^ (h >> 16)) - (i ? 0 : seed) - 0x9E3779B9u;
    }
    return h;
}

/* The order of an epoch's n examples: the smaller random number comes first; unchanged if seed is NULL.

   Different indices have different random numbers, which alone are sorted, by heapsort, and then give the indices. */
static inline void xor_slp_order(uint32_t *order, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    const uint32_t first = epoch * n;
    for (uint32_t i = 0; i < n; i++) {
        order[i] = seed ? xor_slp_bits(*seed, first + i) : i;
    }
    for (uint32_t size = n, root = n / 2; seed && size > 1;) {
        const uint32_t moved = order[root ? --root : --size];
        uint32_t place = root;
        if (size < n && !root) {
            order[size] = order[0];
        }
        for (uint32_t child = 2 * place + 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size) {
                child += order[child] < order[child + 1];
            }
            if (moved >= order[child]) {
                break;
            }
            order[place] = order[child];
            place = child;
        }
        order[place] = moved;
    }
    for (uint32_t i = 0; seed && i < n; i++) {
        order[i] = xor_slp_index(*seed, order[i]) - first;
    }
}

/* The initial state of gradient_descent: empty. */
static inline void xor_slp_init_state(double *state) {
    state[0] = 0;
}

/* One step of training by gradient_descent, which changes params and state. */
static inline void xor_slp_step(double *params, const double *gradient, double *state) {
    (void)state;
    for (int i = 0; i < 3; i++) {
        params[i] = params[i] - gradient[i];
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size. Returns the loss, measured before each
   step.

   The seed decides the order; if it is NULL, the given order stays. memory has room for XOR_SLP_PARAMETERS numbers,
   order for n. */
static inline double xor_slp_epoch(double *params, double *state, const double *xs, const double *ys, uint32_t n,
    uint32_t batch_size, const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    xor_slp_order(order, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        double batch_loss = 0;
        for (int i = 0; i < XOR_SLP_PARAMETERS; i++) {
            gradient[i] = 0;
        }
        for (uint32_t k = 0; k < size; k++) {
            const size_t i = order[start + k];
            batch_loss += xor_slp_add_gradient(params, xs + i * XOR_SLP_INPUTS, ys + i * XOR_SLP_OUTPUTS, gradient);
        }
        for (int i = 0; size > 1 && i < XOR_SLP_PARAMETERS; i++) {
            gradient[i] /= (double)size;
        }
        batch_loss /= (double)size;
        xor_slp_step(params, gradient, state);
        total += batch_loss * (double)size;
    }
    return total / (double)n;
}

/* Train on n examples, and return the number of epochs: 0 if there are no examples.

   A batch_size of 0 takes all examples in one step. The seed decides the order of each epoch's examples; if it is
   NULL, they stay in the given order. The spec says 500 epochs in batches of all examples, and no seed. history, if
   not NULL, gets the loss of each epoch, measured before each step. memory has room for XOR_SLP_MEMORY numbers,
   order for n. */
static inline uint32_t xor_slp_fit(double *params, const double *xs, const double *ys, uint32_t n, uint32_t epochs,
    uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    if (n == 0) {
        return 0;
    }
    if (batch_size == 0 || batch_size > n) {
        batch_size = n;
    }
    double *state = memory, *work = state + XOR_SLP_STATE;
    uint32_t done = 0;
    xor_slp_init_state(state);
    while (done < epochs) {
        const double epoch_loss = xor_slp_epoch(params, state, xs, ys, n, batch_size, seed, done, work, order);
        if (history) {
            history[done] = epoch_loss;
        }
        done++;
    }
    return done;
}

/* Initial parameters: the same seed gives the same numbers in the module of every target; that of the spec is
   XOR_SLP_SEED. */
static inline void xor_slp_init(double *params, uint32_t seed) {
    for (uint32_t i = 0; i < 2; i++) {
        params[i] = 2.0 * xor_slp_uniform(seed, i) - 1.0;
    }
    params[2] = 0.0; /* b_output */
}

#endif
