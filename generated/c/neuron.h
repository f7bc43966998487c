/* clang-format off */
/*
neuron, a neural network: its equations forward and backward, and how it learns.

    x: 3 -> output: 1 step

One artificial neuron with given weights. It fires, with an output of 1, where the weighted sum of its inputs exceeds a
threshold of 0.75. The threshold is written as a bias of -0.75, so that the sum is compared with 0.

Loss: perceptron, (a - y) z, summed over the outputs, the mean over a batch.
Training: perceptron, w = w + rate (y - a) x, rate = 1.0; 1 epochs in batches of 1.

dX is the derivative of the loss by X. z is a weighted sum, a an activation, y a target; w_y_x1 is the weight that leads
to y from x1.

Written by nngen from the spec neuron: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have NEURON_PARAMETERS numbers, state has NEURON_STATE; examples
follow one another.
*/
#ifndef NEURON_H
#define NEURON_H

#include <stddef.h>
#include <stdint.h>

#define NEURON_INPUTS 3
#define NEURON_OUTPUTS 1
#define NEURON_PARAMETERS 4
#define NEURON_STATE 1 /* not used: the optimizer has no state */
#define NEURON_SEED 0u
#define NEURON_MEMORY 5 /* numbers in the memory of fit */
#define NEURON_PLACES 1 /* whole numbers in its order, for each example */
#define NEURON_STACK (15 * sizeof(double) + 1024) /* bytes of the largest stack below */

/* The outputs of one example: x1, x2, x3 → y. */
static inline void neuron_forward(const double *params, const double *x, double *outputs) {
    const double w_y_x1 = params[0], w_y_x2 = params[1], w_y_x3 = params[2];
    const double b_y = params[3];
    const double x1 = x[0], x2 = x[1], x3 = x[2];

    /* output ← x: weighted sums, then step (the value at z = 0 is 0) */
    const double z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2 + w_y_x3 * x3;
    const double a_y = z_y > 0.0 ? 1.0 : 0.0;

    outputs[0] = a_y;
}

/* The loss of one example; its derivative by each parameter is added to gradient, unless that is NULL. */
static inline double neuron_add_gradient(const double *params, const double *x, const double *y, double *gradient) {
    const double y_y = y[0];
    const double w_y_x1 = params[0], w_y_x2 = params[1], w_y_x3 = params[2];
    const double b_y = params[3];
    const double x1 = x[0], x2 = x[1], x3 = x[2];

    /* output ← x: weighted sums, then step (the value at z = 0 is 0) */
    const double z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2 + w_y_x3 * x3;
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
    const double dw_y_x3 = dz_y * x3;
    const double db_y = dz_y;

    gradient[0] += dw_y_x1; gradient[1] += dw_y_x2; gradient[2] += dw_y_x3;
    gradient[3] += db_y;
    return loss;
}

/* The loss of one example. */
static inline double neuron_loss(const double *params, const double *x, const double *y) {
    return neuron_add_gradient(params, x, y, NULL);
}

/* The loss of one example, and its derivative by each parameter. */
static inline double neuron_gradient(const double *params, const double *x, const double *y, double *gradient) {
    for (int i = 0; i < NEURON_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    return neuron_add_gradient(params, x, y, gradient);
}

/* --- Below: training. --- */

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t neuron_bits(uint32_t seed, uint32_t index) {
    uint32_t h = 0;
    for (int i = 0; i < 2; i++) {
        h += (i ? seed : index) + 0x9E3779B9u;
        h = (h ^ (h >> 16)) * 0x21F0AAADu;
        h = (h ^ (h >> 15)) * 0x735A2D97u;
        h ^= h >> 15;
    }
    return h;
}

/* The index of a random integer of this seed: the steps of bits, undone from the last to the first. */
static inline uint32_t neuron_index(uint32_t seed, uint32_t bits) {
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
static inline void neuron_order(uint32_t *order, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    const uint32_t first = epoch * n;
    for (uint32_t i = 0; i < n; i++) {
        order[i] = seed ? neuron_bits(*seed, first + i) : i;
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
        order[i] = neuron_index(*seed, order[i]) - first;
    }
}

/* The initial state of perceptron: empty. */
static inline void neuron_init_state(double *state) {
    state[0] = 0;
}

/* One step of training by perceptron, which changes params and state. */
static inline void neuron_step(double *params, const double *gradient, double *state) {
    (void)state;
    for (int i = 0; i < 4; i++) {
        params[i] = params[i] - gradient[i];
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size. Returns the loss, measured before each
   step.

   The seed decides the order; if it is NULL, the given order stays. memory has room for NEURON_PARAMETERS numbers,
   order for n. */
static inline double neuron_epoch(double *params, double *state, const double *xs, const double *ys, uint32_t n,
    uint32_t batch_size, const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    neuron_order(order, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        double batch_loss = 0;
        for (int i = 0; i < NEURON_PARAMETERS; i++) {
            gradient[i] = 0;
        }
        for (uint32_t k = 0; k < size; k++) {
            const size_t i = order[start + k];
            batch_loss += neuron_add_gradient(params, xs + i * NEURON_INPUTS, ys + i * NEURON_OUTPUTS, gradient);
        }
        for (int i = 0; size > 1 && i < NEURON_PARAMETERS; i++) {
            gradient[i] /= (double)size;
        }
        batch_loss /= (double)size;
        neuron_step(params, gradient, state);
        total += batch_loss * (double)size;
    }
    return total / (double)n;
}

/* Train on n examples, and return the number of epochs: 0 if there are no examples.

   A batch_size of 0 takes all examples in one step. The seed decides the order of each epoch's examples; if it is
   NULL, they stay in the given order. The spec says 1 epochs in batches of 1, and no seed. history, if not NULL,
   gets the loss of each epoch, measured before each step. memory has room for NEURON_MEMORY numbers, order for n. */
static inline uint32_t neuron_fit(double *params, const double *xs, const double *ys, uint32_t n, uint32_t epochs,
    uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    if (n == 0) {
        return 0;
    }
    if (batch_size == 0 || batch_size > n) {
        batch_size = n;
    }
    double *state = memory, *work = state + NEURON_STATE;
    uint32_t done = 0;
    neuron_init_state(state);
    while (done < epochs) {
        const double epoch_loss = neuron_epoch(params, state, xs, ys, n, batch_size, seed, done, work, order);
        if (history) {
            history[done] = epoch_loss;
        }
        done++;
    }
    return done;
}

/* Initial parameters: the same seed gives the same numbers in the module of every target; that of the spec is
   NEURON_SEED. */
static inline void neuron_init(double *params, uint32_t seed) {
    (void)seed; /* not used: nothing is drawn at random */
    static const double W_output[3] = {0.5, 0.5, -1.0};
    for (uint32_t i = 0; i < 3; i++) {
        params[i] = W_output[i];
    }
    static const double b_output[1] = {-0.75};
    params[3] = b_output[0];
}

#endif
