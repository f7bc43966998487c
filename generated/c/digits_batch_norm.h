/* clang-format off */
/*
digits_batch_norm, a neural network: its equations forward and backward, and how it learns.

    pixel: 64 -> hidden: 32 batch_norm, relu, dropout -> output: 10 softmax

The digits again, trained as larger networks are. With batch normalization, gradient descent learns them in fewer
epochs. Dropout keeps the hidden units from relying on one another. After training, nothing is dropped, and the running
statistics among the parameters replace those of a batch.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.5; 10 epochs in batches of 32.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target, hat a normalized
value and s the same after gain and shift, f the activation before dropout or normalization; W_hidden[i][j] is the
weight that leads to unit i of hidden from unit j of pixel.

Written by nngen from the spec digits_batch_norm: `nngen build` with that spec writes these bytes again. The file is
yours: read it, change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have DIGITS_BATCH_NORM_PARAMETERS numbers; examples follow one
another.
*/
#ifndef DIGITS_BATCH_NORM_H
#define DIGITS_BATCH_NORM_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define DIGITS_BATCH_NORM_INPUTS 64
#define DIGITS_BATCH_NORM_OUTPUTS 10
#define DIGITS_BATCH_NORM_PARAMETERS 2506
#define DIGITS_BATCH_NORM_SEED 1u
#define DIGITS_BATCH_NORM_EXAMPLE 468 /* numbers in the memory of a batch, for each example */
#define DIGITS_BATCH_NORM_MEMORY 2506 /* numbers in the memory of fit, more for each example of a batch */
#define DIGITS_BATCH_NORM_PLACES 2 /* whole numbers in its order, for each example */

#ifdef __GNUC__ /* a false alarm of gcc before C23: the rows of weights below stay constant */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"
#endif

/* The greater number; NaN if the first is NaN. */
static inline double digits_batch_norm_maximum(double a, double b) {
    return b > a ? b : a;
}

/* The sum of products, in partial sums that a compiler may compute side by side: it may not reorder a single one. */
static inline double digits_batch_norm_dot(const double *v, const double *w, int n) {
    double sums[8] = {0};
    const int whole = n - n % 8;
#ifdef __clang__
#pragma clang loop unroll(disable) /* or it finds no vectors in short loops */
#endif
    for (int i = 0; i < whole; i += 8) {
        for (int k = 0; k < 8; k++) {
            sums[k] += v[i + k] * w[i + k];
        }
    }
    for (int half = 4; half > 0; half /= 2) {
        for (int k = 0; k < half; k++) {
            sums[k] += sums[half + k];
        }
    }
    for (int i = whole; i < n; i++) {
        sums[0] += v[i] * w[i];
    }
    return sums[0];
}

/* The next count numbers of memory. */
static inline double *digits_batch_norm_take(double **memory, size_t count) {
    *memory += count;
    return *memory - count;
}

/* z[k][i] = b[i], or 0 where b is NULL, for count examples. */
static inline void digits_batch_norm_set_rows(const double *b, double *z, uint32_t count, int units) {
    for (uint32_t k = 0; k < count; k++, z += units) {
        for (int i = 0; i < units; i++) {
            z[i] = b ? b[i] : 0;
        }
    }
}

/* db[i] += the sum over k of dz[k][i]. */
static inline void digits_batch_norm_add_rows(const double *dz, double *db, uint32_t count, int units) {
    for (uint32_t k = 0; k < count; k++, dz += units) {
        for (int i = 0; i < units; i++) {
            db[i] += dz[i];
        }
    }
}

/* What dropout multiplies a unit by; its definition is below. */
static inline double digits_batch_norm_keep(const uint32_t *seed, uint32_t index, double rate);

/* The outputs of count examples, 64 numbers → 10 numbers, by the running statistics. memory has room for count *
   DIGITS_BATCH_NORM_EXAMPLE numbers. */
static inline void digits_batch_norm_tile_forward(const double *params, const double *xs, uint32_t count,
    double *outputs, double *memory) {
    const double (*x)[64] = (const double (*)[64])xs;
    const double (*W_hidden)[64] = (const double (*)[64])(params);
    const double *gain_hidden = params + 2048;
    const double *shift_hidden = params + 2080;
    const double *mean_hidden = params + 2112;
    const double *variance_hidden = params + 2144;
    const double (*W_output)[32] = (const double (*)[32])(params + 2176);
    const double *b_output = params + 2496;

    /* hidden ← pixel: weighted sums, then batch_norm, then relu (the slope at z = 0 is set to 0) */
    double (*z_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            z_hidden[k][i] = digits_batch_norm_dot(W_hidden[i], x[k], 64);
        }
    }
    double deviation_hidden[32];
    for (int i = 0; i < 32; i++) {
        deviation_hidden[i] = sqrt(variance_hidden[i] + 1e-05);
    }
    double (*hat_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            hat_hidden[k][i] = (z_hidden[k][i] - mean_hidden[i]) / deviation_hidden[i];
        }
    }
    double (*s_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            s_hidden[k][i] = gain_hidden[i] * hat_hidden[k][i] + shift_hidden[i];
        }
    }
    double (*a_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            a_hidden[k][i] = s_hidden[k][i] < 0.0 ? 0.0 : s_hidden[k][i];
        }
    }

    /* output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow) */
    double (*z_output)[10] = (double (*)[10])digits_batch_norm_take(&memory, 10 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            z_output[k][i] = b_output[i] + digits_batch_norm_dot(W_output[i], a_hidden[k], 32);
        }
    }
    double *top_output = digits_batch_norm_take(&memory, count);
    for (uint32_t k = 0; k < count; k++) {
        top_output[k] = z_output[k][0];
        for (int i = 1; i < 10; i++) {
            top_output[k] = digits_batch_norm_maximum(top_output[k], z_output[k][i]);
        }
    }
    double (*e_output)[10] = (double (*)[10])digits_batch_norm_take(&memory, 10 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            e_output[k][i] = exp(z_output[k][i] - top_output[k]);
        }
    }
    double *total_output = digits_batch_norm_take(&memory, count);
    for (uint32_t k = 0; k < count; k++) {
        total_output[k] = 0;
        for (int i = 0; i < 10; i++) {
            total_output[k] += e_output[k][i];
        }
    }
    double (*a_output)[10] = (double (*)[10])digits_batch_norm_take(&memory, 10 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            a_output[k][i] = e_output[k][i] / total_output[k];
        }
    }

    for (uint32_t k = 0; k < count; k++) {
        for (uint32_t i = 0; i < 10; i++) {
            outputs[k * 10 + i] = a_output[k][i];
        }
    }
}

/* The outputs of one example. */
static inline void digits_batch_norm_forward(const double *params, const double *x, double *outputs) {
    double memory[192];
    digits_batch_norm_tile_forward(params, x, 1, outputs, memory);
}

/* The loss of a batch of count examples, the mean over the examples, and its derivative with respect to each
   parameter unless gradient is NULL.

   If after is not NULL, this is training: each unit is normalized by its mean and variance over the batch, and
   after, which may be params, receives the updated running statistics. Otherwise those among the parameters are
   used. The seeds, one for each example, draw the units that dropout leaves out. memory has room for count *
   DIGITS_BATCH_NORM_EXAMPLE numbers. */
static inline double digits_batch_norm_batch_gradient(const double *params, const double *xs, const double *ys,
    const uint32_t *seeds, uint32_t count, double *after, double *gradient, double *memory) {
    const double n = (double)count;
    const double (*x)[64] = (const double (*)[64])xs;
    const double (*y_output)[10] = (const double (*)[10])ys;
    for (int i = 0; gradient && i < 2506; i++) {
        gradient[i] = 0;
    }
    const double (*W_hidden)[64] = (const double (*)[64])(params);
    const double *gain_hidden = params + 2048;
    const double *shift_hidden = params + 2080;
    const double (*W_output)[32] = (const double (*)[32])(params + 2176);
    const double *b_output = params + 2496;

    /* hidden ← pixel: weighted sums, then batch_norm, then relu, then dropout (the slope at z = 0 is set to 0) */
    double (*z_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            z_hidden[k][i] = digits_batch_norm_dot(W_hidden[i], x[k], 64);
        }
    }
    double mean_hidden[32];
    for (int i = 0; i < 32; i++) {
        mean_hidden[i] = 0;
        for (uint32_t k = 0; after && k < count; k++) {
            mean_hidden[i] += z_hidden[k][i];
        }
        mean_hidden[i] = after ? mean_hidden[i] / n : params[2112 + i];
    }
    double variance_hidden[32];
    for (int i = 0; i < 32; i++) {
        variance_hidden[i] = 0;
        for (uint32_t k = 0; after && k < count; k++) {
            variance_hidden[i] += (z_hidden[k][i] - mean_hidden[i]) * (z_hidden[k][i] - mean_hidden[i]);
        }
        variance_hidden[i] = after ? variance_hidden[i] / n : params[2144 + i];
    }
    double deviation_hidden[32];
    for (int i = 0; i < 32; i++) {
        deviation_hidden[i] = sqrt(variance_hidden[i] + 1e-05);
    }
    double (*hat_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            hat_hidden[k][i] = (z_hidden[k][i] - mean_hidden[i]) / deviation_hidden[i];
        }
    }
    double (*s_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            s_hidden[k][i] = gain_hidden[i] * hat_hidden[k][i] + shift_hidden[i];
        }
    }
    double (*f_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            f_hidden[k][i] = s_hidden[k][i] < 0.0 ? 0.0 : s_hidden[k][i];
        }
    }
    double (*keep_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (uint32_t i = 0; i < 32; i++) {
            keep_hidden[k][i] = digits_batch_norm_keep(seeds ? &seeds[k] : NULL, i, 0.1);
        }
    }
    double (*a_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            a_hidden[k][i] = keep_hidden[k][i] * f_hidden[k][i];
        }
    }

    /* output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow) */
    double (*z_output)[10] = (double (*)[10])digits_batch_norm_take(&memory, 10 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            z_output[k][i] = b_output[i] + digits_batch_norm_dot(W_output[i], a_hidden[k], 32);
        }
    }
    double *top_output = digits_batch_norm_take(&memory, count);
    for (uint32_t k = 0; k < count; k++) {
        top_output[k] = z_output[k][0];
        for (int i = 1; i < 10; i++) {
            top_output[k] = digits_batch_norm_maximum(top_output[k], z_output[k][i]);
        }
    }
    double (*e_output)[10] = (double (*)[10])digits_batch_norm_take(&memory, 10 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            e_output[k][i] = exp(z_output[k][i] - top_output[k]);
        }
    }
    double *total_output = digits_batch_norm_take(&memory, count);
    for (uint32_t k = 0; k < count; k++) {
        total_output[k] = 0;
        for (int i = 0; i < 10; i++) {
            total_output[k] += e_output[k][i];
        }
    }
    double (*a_output)[10] = (double (*)[10])digits_batch_norm_take(&memory, 10 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            a_output[k][i] = e_output[k][i] / total_output[k];
        }
    }

    /* the loss: cross_entropy, the mean over the examples */
    double loss = 0;
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            loss += y_output[k][i] * (log(total_output[k]) - (z_output[k][i] - top_output[k]));
        }
    }
    loss = loss / n;

    /* the running statistics move towards those of the batch */
    if (after) {
        for (int i = 0; i < 32; i++) {
            after[2112 + i] = 0.9 * params[2112 + i] + 0.1 * mean_hidden[i];
        }
        for (int i = 0; i < 32; i++) {
            after[2144 + i] =
                0.9 * params[2144 + i] + 0.1 * (variance_hidden[i] * n / digits_batch_norm_maximum(n - 1.0, 1.0));
        }
    }
    if (!gradient) {
        return loss;
    }

    /* output: the slopes of softmax and of the logarithm cancel, only the difference remains */
    double (*dz_output)[10] = (double (*)[10])digits_batch_norm_take(&memory, 10 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            dz_output[k][i] = (a_output[k][i] - y_output[k][i]) / n;
        }
    }
    double (*dW_output)[32] = (double (*)[32])(gradient + 2176);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 32; j++) {
                dW_output[i][j] += dz_output[k][i] * a_hidden[k][j];
            }
        }
    }
    double *db_output = gradient + 2496;
    digits_batch_norm_add_rows(dz_output[0], db_output, count, 10);

    /* hidden ← output: the error flows back along the same weights; batch_norm: in training, mean and deviation
       depend on all examples, so each error reaches all examples */
    double (*da_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    digits_batch_norm_set_rows(NULL, da_hidden[0], count, 32);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 32; j++) {
                da_hidden[k][j] += W_output[i][j] * dz_output[k][i];
            }
        }
    }
    double (*df_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            df_hidden[k][i] = da_hidden[k][i] * keep_hidden[k][i];
        }
    }
    double (*ds_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            ds_hidden[k][i] = df_hidden[k][i] * (s_hidden[k][i] > 0.0 ? 1.0 : 0.0);
        }
    }
    double *dgain_hidden = gradient + 2048;
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            dgain_hidden[i] += ds_hidden[k][i] * hat_hidden[k][i];
        }
    }
    double *dshift_hidden = gradient + 2080;
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            dshift_hidden[i] += ds_hidden[k][i];
        }
    }
    double (*dhat_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            dhat_hidden[k][i] = ds_hidden[k][i] * gain_hidden[i];
        }
    }
    double mean_dhat_hidden[32];
    for (int i = 0; i < 32; i++) {
        mean_dhat_hidden[i] = 0;
        for (uint32_t k = 0; after && k < count; k++) {
            mean_dhat_hidden[i] += dhat_hidden[k][i];
        }
        mean_dhat_hidden[i] /= n;
    }
    double mean_dhat_hat_hidden[32];
    for (int i = 0; i < 32; i++) {
        mean_dhat_hat_hidden[i] = 0;
        for (uint32_t k = 0; after && k < count; k++) {
            mean_dhat_hat_hidden[i] += dhat_hidden[k][i] * hat_hidden[k][i];
        }
        mean_dhat_hat_hidden[i] /= n;
    }
    double (*dz_hidden)[32] = (double (*)[32])digits_batch_norm_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            dz_hidden[k][i] =
                (dhat_hidden[k][i] - mean_dhat_hidden[i] - hat_hidden[k][i] * mean_dhat_hat_hidden[i]) /
                deviation_hidden[i];
        }
    }
    double (*dW_hidden)[64] = (double (*)[64])(gradient);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            for (int j = 0; j < 64; j++) {
                dW_hidden[i][j] += dz_hidden[k][i] * x[k][j];
            }
        }
    }

    return loss;
}

/* The loss of one example, as forward computes. */
static inline double digits_batch_norm_loss(const double *params, const double *x, const double *y) {
    double memory[DIGITS_BATCH_NORM_EXAMPLE];
    return digits_batch_norm_batch_gradient(params, x, y, NULL, 1, NULL, NULL, memory);
}

/* The loss of one example, and its derivative with respect to each parameter, as forward computes. */
static inline double digits_batch_norm_gradient(const double *params, const double *x, const double *y,
    double *gradient) {
    double memory[DIGITS_BATCH_NORM_EXAMPLE];
    return digits_batch_norm_batch_gradient(params, x, y, NULL, 1, NULL, gradient, memory);
}

/* --- Below: training, predictions. --- */

/* The inputs of the network, from the numbers of the data. */
static inline void digits_batch_norm_scale(const double *data, double *x) {
    for (int i = 0; i < 64; i++) {
        x[i] = data[i] / 16.0;
    }
}

#define DIGITS_BATCH_NORM_COLUMNS 64

#define DIGITS_BATCH_NORM_CLASSES 10

/* The name of a class, by its place among the outputs. */
static inline const char *digits_batch_norm_name_of_class(int answer) {
    static const char *const names[10] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    return answer >= 0 && answer < 10 ? names[answer] : "";
}

/* The inputs of the network for a row of the data. Returns 0; or, if a value is refused, the number of its column
   from 1. */
static inline int digits_batch_norm_encode(const double *row, double *x) {
    for (int i = 0; i < DIGITS_BATCH_NORM_COLUMNS; i++) {
        if (row[i] - row[i] != 0) {
            return i + 1;
        }
    }
    digits_batch_norm_scale(row, x);
    return 0;
}

/* The class that the outputs stand for, whose name digits_batch_norm_name_of_class has; -1 if one is NaN. */
static inline int digits_batch_norm_decode(const double *outputs) {
    int best = 0;
    for (int i = 0; i < DIGITS_BATCH_NORM_OUTPUTS; i++) {
        if (outputs[i] != outputs[i]) {
            return -1;
        }
        best = outputs[i] > outputs[best] ? i : best;
    }
    return best;
}

/* The class of a row of the data; or -1 if a value is refused or an output is NaN. */
static inline int digits_batch_norm_predict(const double *params, const double *row) {
    double x[DIGITS_BATCH_NORM_INPUTS], outputs[DIGITS_BATCH_NORM_OUTPUTS];
    if (digits_batch_norm_encode(row, x) != 0) {
        return -1;
    }
    digits_batch_norm_forward(params, x, outputs);
    return digits_batch_norm_decode(outputs);
}

/* The probability of each class for a row of the data. Returns 0; or, if a value is refused, the number of its
   column from 1; or, if an output is NaN, -1. */
static inline int digits_batch_norm_predict_proba(const double *params, const double *row, double *shares) {
    double x[DIGITS_BATCH_NORM_INPUTS];
    const int refused = digits_batch_norm_encode(row, x);
    if (refused == 0) {
        digits_batch_norm_forward(params, x, shares);
        return digits_batch_norm_decode(shares) < 0 ? -1 : 0;
    }
    return refused;
}

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t digits_batch_norm_bits(uint32_t seed, uint32_t index) {
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
static inline double digits_batch_norm_uniform(uint32_t seed, uint32_t index) {
    return digits_batch_norm_bits(seed, index) / 4294967296.0;
}

/* The dropout factor of unit index: 0 with probability rate, otherwise 1 / (1 - rate); 1 without a seed. */
static inline double digits_batch_norm_keep(const uint32_t *seed, uint32_t index, double rate) {
    if (!seed) {
        return 1;
    }
    return digits_batch_norm_uniform(*seed, index) < rate ? 0 : 1.0 / (1.0 - rate);
}

/* The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6. */
static inline double digits_batch_norm_normal(uint32_t seed, uint32_t index) {
    double total = 0.0;
    for (uint32_t k = 0; k < 12; k++) {
        total += digits_batch_norm_uniform(seed, 12 * index + k);
    }
    return total - 6.0;
}

/* The order of an epoch's n examples, by random keys and Shell's method; the given order if seed is NULL. */
static inline void digits_batch_norm_order(uint32_t *order, uint32_t *keys, uint32_t n, const uint32_t *seed,
    uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        keys[i] = seed ? digits_batch_norm_bits(*seed, epoch * n + i) : 0;
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
static inline void digits_batch_norm_step(double *params, const double *gradient) {
    for (int i = 0; i < 2506; i++) {
        params[i] = params[i] - 0.5 * gradient[i];
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size (0: all in one), in the order of the seed
   (NULL: the given one). Returns the loss, measured before each step. memory has room for
   DIGITS_BATCH_NORM_PARAMETERS numbers and batch_size * DIGITS_BATCH_NORM_EXAMPLE, order for 2 * n. */
static inline double digits_batch_norm_epoch(double *params, const double *xs, const double *ys, uint32_t n,
    uint32_t batch_size, const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    batch_size = batch_size ? batch_size : n;
    digits_batch_norm_order(order, order + n, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        double *x = memory + DIGITS_BATCH_NORM_PARAMETERS, *y = x + (size_t)size * DIGITS_BATCH_NORM_INPUTS;
        uint32_t *seeds = order + n;
        for (uint32_t k = 0; k < size; k++) {
            const uint32_t i = order[start + k];
            for (uint32_t j = 0; j < DIGITS_BATCH_NORM_INPUTS; j++) {
                x[(size_t)k * DIGITS_BATCH_NORM_INPUTS + j] = xs[(size_t)i * DIGITS_BATCH_NORM_INPUTS + j];
            }
            for (uint32_t j = 0; j < DIGITS_BATCH_NORM_OUTPUTS; j++) {
                y[(size_t)k * DIGITS_BATCH_NORM_OUTPUTS + j] = ys[(size_t)i * DIGITS_BATCH_NORM_OUTPUTS + j];
            }
            seeds[k] = digits_batch_norm_bits(seed ? *seed : 0u, epoch * n + order[start + k]);
        }
        const double batch_loss = digits_batch_norm_batch_gradient(
            params, x, y, seeds, size, params, gradient, y + (size_t)size * DIGITS_BATCH_NORM_OUTPUTS
        );
        digits_batch_norm_step(params, gradient);
        total += batch_loss * (double)size;
    }
    return total / (double)n;
}

/* Train on n examples, and return the number of epochs: 0 if there are no examples. batch_size and seed are those of
   epoch; the spec says a seed of 0. history, if not NULL, gets the loss of each epoch. memory has room for
   DIGITS_BATCH_NORM_MEMORY numbers and batch_size * DIGITS_BATCH_NORM_EXAMPLE, order for 2 * n. */
static inline uint32_t digits_batch_norm_fit(double *params, const double *xs, const double *ys, uint32_t n,
    uint32_t epochs, uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    uint32_t done = 0;
    for (; n > 0 && done < epochs; done++) {
        const double epoch_loss = digits_batch_norm_epoch(params, xs, ys, n, batch_size, seed, done, memory, order);
        if (history) {
            history[done] = epoch_loss;
        }
    }
    return done;
}

/* Initial parameters, the same in all languages; DIGITS_BATCH_NORM_SEED is the seed of the spec. */
static inline void digits_batch_norm_init(double *params, uint32_t seed) {
    for (uint32_t i = 0; i < 2048; i++) {
        params[i] = sqrt(2.0 / 64.0) * digits_batch_norm_normal(seed, i);
    }
    for (uint32_t i = 0; i < 32; i++) {
        params[2048 + i] = 1.0; /* gain_hidden */
    }
    for (uint32_t i = 0; i < 32; i++) {
        params[2080 + i] = 0.0; /* shift_hidden */
    }
    for (uint32_t i = 0; i < 32; i++) {
        params[2112 + i] = 0.0; /* mean_hidden */
    }
    for (uint32_t i = 0; i < 32; i++) {
        params[2144 + i] = 1.0; /* variance_hidden */
    }
    for (uint32_t i = 0; i < 320; i++) {
        params[2176 + i] = sqrt(2.0 / 32.0) * digits_batch_norm_normal(seed, 2176 + i);
    }
    for (uint32_t i = 0; i < 10; i++) {
        params[2496 + i] = 0.0; /* b_output */
    }
}

#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

#endif
