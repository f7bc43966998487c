/* clang-format off */
/*
digits, a neural network: its equations forward and backward, and how it learns.

    pixel: 64 -> hidden: 32 relu -> output: 10 softmax

Reads handwritten digits from images of 8 by 8 pixels (Alpaydin and Kaynak, 1998). The softmax output gives each of the
ten digits a probability. Two thirds of the images train the network, the others test it.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.5; 30 epochs in batches of 32.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; W_hidden[i][j] is
the weight that leads to unit i of hidden from unit j of pixel.

Written by nngen from the spec digits: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have DIGITS_PARAMETERS numbers; examples follow one another. If
targets or weights are refused, for example a target that the loss does not accept, the loss is NaN and the gradient 0.
*/
#ifndef DIGITS_H
#define DIGITS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define DIGITS_INPUTS 64
#define DIGITS_OUTPUTS 10
#define DIGITS_PARAMETERS 2410
#define DIGITS_SEED 1u

/* examples that are computed together: any number gives the same bits; fewer than 4 take less memory and more time */
#ifndef DIGITS_TILE
#if defined(__unix__) || defined(__APPLE__) || defined(_WIN32)
#define DIGITS_TILE 32
#else
#define DIGITS_TILE 1
#endif
#endif

/* the memory of a batch, in numbers: for each example of a tile, and in all */
#define DIGITS_EXAMPLE 245
#define DIGITS_BATCH (DIGITS_TILE * DIGITS_EXAMPLE)

#define DIGITS_MEMORY (2410 + DIGITS_BATCH) /* numbers in the memory of fit */
#define DIGITS_PLACES 2 /* whole numbers in its order, for each example */
#define DIGITS_STACK (245 * sizeof(double) + 1776 + (DIGITS_TILE < 4 ? 0 : 3072)) /* bytes of the largest stack below */

#ifdef __GNUC__ /* a false alarm of gcc before C23: the rows of weights below stay constant */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"
#endif

/* the network, and the order of its parameters */
#define DIGITS_LAYOUT \
    "digits " \
    "W_hidden[hidden1..hidden32, 32][pixel1..pixel64, 64] " \
    "b_hidden[hidden1..hidden32, 32] " \
    "W_output[zero one two three four five six seven eight nine][hidden1..hidden32, 32] " \
    "b_output[zero one two three four five six seven eight nine]"

/* The greater number; NaN if the first is NaN. */
static inline double digits_maximum(double a, double b) {
    return b > a ? b : a;
}

/* The sum of products, in partial sums that a compiler may compute side by side: it may not reorder a single one. */
static inline double digits_dot(const double *v, const double *w, int n) {
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
static inline double *digits_take(double **memory, size_t count) {
    *memory += count;
    return *memory - count;
}

/* z[k][i] = b[i], or 0 where b is NULL, for count examples. */
static inline void digits_set_rows(const double *b, double *z, uint32_t count, int units) {
    for (uint32_t k = 0; k < count; k++, z += units) {
        for (int i = 0; i < units; i++) {
            z[i] = b ? b[i] : 0;
        }
    }
}

/* db[i] += the sum over k of dz[k][i]. */
static inline void digits_add_rows(const double *dz, double *db, uint32_t count, int units) {
    for (uint32_t k = 0; k < count; k++, dz += units) {
        for (int i = 0; i < units; i++) {
            db[i] += dz[i];
        }
    }
}

/* z[k][i] += dot(W[i], x[k]); its definition is below. */
static inline void digits_add_sums(const double *W, const double *x, double *z, uint32_t count, int units, int inputs);

/* da[k][j] += the sum over i of W[i][j] dz[k][i]; its definition is below. */
static inline void digits_add_returned(const double *W, const double *dz, double *da, uint32_t count, int units,
    int inputs);

/* dW[i][j] += the sum over k of dz[k][i] x[k][j]; its definition is below. */
static inline void digits_add_outer(const double *dz, const double *x, double *dW, uint32_t count, int units,
    int inputs);

/* Whether the loss accepts these targets: numbers from 0 to 1 that sum to 1 for each example. */
static inline int digits_takes(const double *y) {
    double total = 0;
    for (int i = 0; i < 10; i++) {
        if (!(0.0 <= y[i] && y[i] <= 1.0)) {
            return 0;
        }
        total += y[i];
    }
    return fabs(total - 1) <= 1e-5;
}

/* The equations of count examples, 64 numbers → 10 numbers: their outputs unless outputs is NULL; unless ys is NULL,
   the loss of each; and unless gradient is NULL, the derivatives with respect to each parameter, which are added to
   gradient. Penalties are left out. memory has room for count * DIGITS_EXAMPLE numbers. */
static inline void digits_tile(const double *params, const double *xs, const double *ys, uint32_t count,
    double *outputs, double *losses, double *gradient, double *memory) {
    const double (*x)[64] = (const double (*)[64])xs;
    const double (*y_output)[10] = (const double (*)[10])ys;
    const double (*W_hidden)[64] = (const double (*)[64])(params);
    const double *b_hidden = params + 2048;
    const double (*W_output)[32] = (const double (*)[32])(params + 2080);
    const double *b_output = params + 2400;

    /* hidden ← pixel: weighted sums, then relu (the slope at z = 0 is set to 0) */
    double (*z_hidden)[32] = (double (*)[32])digits_take(&memory, 32 * (size_t)count);
    digits_set_rows(b_hidden, z_hidden[0], count, 32);
    digits_add_sums(W_hidden[0], x[0], z_hidden[0], count, 32, 64);
    double (*a_hidden)[32] = (double (*)[32])digits_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            a_hidden[k][i] = z_hidden[k][i] < 0.0 ? 0.0 : z_hidden[k][i];
        }
    }

    /* output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow) */
    double (*z_output)[10] = (double (*)[10])digits_take(&memory, 10 * (size_t)count);
    digits_set_rows(b_output, z_output[0], count, 10);
    digits_add_sums(W_output[0], a_hidden[0], z_output[0], count, 10, 32);
    double *top_output = digits_take(&memory, count);
    for (uint32_t k = 0; k < count; k++) {
        top_output[k] = z_output[k][0];
        for (int i = 1; i < 10; i++) {
            top_output[k] = digits_maximum(top_output[k], z_output[k][i]);
        }
    }
    double (*e_output)[10] = (double (*)[10])digits_take(&memory, 10 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            e_output[k][i] = exp(z_output[k][i] - top_output[k]);
        }
    }
    double *total_output = digits_take(&memory, count);
    for (uint32_t k = 0; k < count; k++) {
        total_output[k] = 0;
        for (int i = 0; i < 10; i++) {
            total_output[k] += e_output[k][i];
        }
    }
    double (*a_output)[10] = (double (*)[10])digits_take(&memory, 10 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            a_output[k][i] = e_output[k][i] / total_output[k];
        }
    }

    for (uint32_t k = 0; outputs && k < count; k++) {
        for (uint32_t i = 0; i < 10; i++) {
            outputs[k * 10 + i] = a_output[k][i];
        }
    }
    if (!ys) {
        return;
    }

    /* the loss: cross_entropy */
    for (uint32_t k = 0; k < count; k++) {
        losses[k] = 0;
        for (int i = 0; i < 10; i++) {
            losses[k] += y_output[k][i] * (log(total_output[k]) - (z_output[k][i] - top_output[k]));
        }
    }
    if (!gradient) {
        return;
    }

    /* output: the slopes of softmax and of the logarithm cancel, only the difference remains */
    double (*dz_output)[10] = (double (*)[10])digits_take(&memory, 10 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 10; i++) {
            dz_output[k][i] = a_output[k][i] - y_output[k][i];
        }
    }
    double (*dW_output)[32] = (double (*)[32])(gradient + 2080);
    digits_add_outer(dz_output[0], a_hidden[0], dW_output[0], count, 10, 32);
    double *db_output = gradient + 2400;
    digits_add_rows(dz_output[0], db_output, count, 10);

    /* hidden ← output: the error flows back along the same weights */
    double (*da_hidden)[32] = (double (*)[32])digits_take(&memory, 32 * (size_t)count);
    digits_set_rows(NULL, da_hidden[0], count, 32);
    digits_add_returned(W_output[0], dz_output[0], da_hidden[0], count, 10, 32);
    double (*dz_hidden)[32] = (double (*)[32])digits_take(&memory, 32 * (size_t)count);
    for (uint32_t k = 0; k < count; k++) {
        for (int i = 0; i < 32; i++) {
            dz_hidden[k][i] = da_hidden[k][i] * (z_hidden[k][i] > 0.0 ? 1.0 : 0.0);
        }
    }
    double (*dW_hidden)[64] = (double (*)[64])(gradient);
    digits_add_outer(dz_hidden[0], x[0], dW_hidden[0], count, 32, 64);
    double *db_hidden = gradient + 2048;
    digits_add_rows(dz_hidden[0], db_hidden, count, 32);
}

/* The outputs of one example. */
static inline void digits_forward(const double *params, const double *x, double *outputs) {
    double memory[96];
    digits_tile(params, x, NULL, 1, outputs, NULL, NULL, memory);
}

/* The loss of a batch of count examples, the mean over the examples, and unless gradient is NULL its derivative with
   respect to each parameter.

   Example k is row rows[k] of the data, or row k where rows is NULL. memory has room for DIGITS_BATCH numbers,
   whatever the count. */
static inline double digits_batch_gradient(const double *params, const double *xs, const double *ys,
    const uint32_t *rows, uint32_t count, double *gradient, double *memory) {
    const uint32_t most = count < DIGITS_TILE ? count : DIGITS_TILE;
    double loss = 0, *losses = digits_take(&memory, most);
    double *some_xs = digits_take(&memory, rows ? (size_t)most * DIGITS_INPUTS : 0);
    double *some_ys = digits_take(&memory, rows ? (size_t)most * DIGITS_OUTPUTS : 0);
    for (int i = 0; gradient && i < DIGITS_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    for (uint32_t k = 0; k < count; k++) {
        const size_t i = rows ? rows[k] : k;
        if (!digits_takes(ys + i * DIGITS_OUTPUTS)) {
            return (double)NAN;
        }
    }
    for (uint32_t first = 0; first < count; first += DIGITS_TILE) {
        const uint32_t size = count - first < most ? count - first : most;
        for (uint32_t k = 0; rows && k < size; k++) {
            for (uint32_t j = 0; j < DIGITS_INPUTS; j++) {
                some_xs[k * DIGITS_INPUTS + j] = xs[rows[first + k] * (size_t)DIGITS_INPUTS + j];
            }
            for (uint32_t j = 0; j < DIGITS_OUTPUTS; j++) {
                some_ys[k * DIGITS_OUTPUTS + j] = ys[rows[first + k] * (size_t)DIGITS_OUTPUTS + j];
            }
        }
        const double *x = rows ? some_xs : xs + (size_t)first * DIGITS_INPUTS;
        const double *y = rows ? some_ys : ys + (size_t)first * DIGITS_OUTPUTS;
        digits_tile(params, x, y, size, NULL, losses, gradient, memory);
        for (uint32_t k = 0; k < size; k++) {
            loss += losses[k];
        }
    }
    for (int i = 0; gradient && count > 1 && i < DIGITS_PARAMETERS; i++) {
        gradient[i] /= (double)count;
    }
    return loss / (double)count;
}

/* The loss of one example. */
static inline double digits_loss(const double *params, const double *x, const double *y) {
    double memory[171];
    return digits_batch_gradient(params, x, y, NULL, 1, NULL, memory);
}

/* The loss of one example, and its derivative with respect to each parameter. */
static inline double digits_gradient(const double *params, const double *x, const double *y, double *gradient) {
    double memory[171];
    return digits_batch_gradient(params, x, y, NULL, 1, gradient, memory);
}

/* --- Below: batches, training, predictions. --- */

/* The outputs of any number of examples, which follow one another. memory has room for DIGITS_BATCH numbers. */
static inline void digits_batch_forward(const double *params, const double *xs, uint32_t count, double *outputs,
    double *memory) {
    for (uint32_t first = 0; first < count; first += DIGITS_TILE) {
        const uint32_t size = count - first < DIGITS_TILE ? count - first : DIGITS_TILE;
        const double *x = xs + (size_t)first * DIGITS_INPUTS;
        double *found = outputs + (size_t)first * DIGITS_OUTPUTS;
        digits_tile(params, x, NULL, size, found, NULL, NULL, memory);
    }
}

/* The inputs of the network, from the numbers of the data. */
static inline void digits_scale(const double *data, double *x) {
    for (int i = 0; i < 64; i++) {
        x[i] = data[i] / 16.0;
    }
}

#define DIGITS_COLUMNS 64

#define DIGITS_CLASSES 10

/* a row of the data: its numbers, in the order of the columns */
typedef double digits_row[64];

/* The name of a column in the data. */
static inline const char *digits_name_of_column(int column) {
    static const char *const names[64] = {
        "pixel1", "pixel2", "pixel3", "pixel4", "pixel5", "pixel6", "pixel7", "pixel8", "pixel9", "pixel10",
        "pixel11", "pixel12", "pixel13", "pixel14", "pixel15", "pixel16", "pixel17", "pixel18", "pixel19", "pixel20",
        "pixel21", "pixel22", "pixel23", "pixel24", "pixel25", "pixel26", "pixel27", "pixel28", "pixel29", "pixel30",
        "pixel31", "pixel32", "pixel33", "pixel34", "pixel35", "pixel36", "pixel37", "pixel38", "pixel39", "pixel40",
        "pixel41", "pixel42", "pixel43", "pixel44", "pixel45", "pixel46", "pixel47", "pixel48", "pixel49", "pixel50",
        "pixel51", "pixel52", "pixel53", "pixel54", "pixel55", "pixel56", "pixel57", "pixel58", "pixel59", "pixel60",
        "pixel61", "pixel62", "pixel63", "pixel64",
    };
    return column >= 0 && column < 64 ? names[column] : "";
}

/* The name of a class, by its place among the outputs. */
static inline const char *digits_name_of_class(int answer) {
    static const char *const names[10] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    return answer >= 0 && answer < 10 ? names[answer] : "";
}

/* The inputs of the network for a row of the data. Returns 0; or, if a value is refused, the number of its column
   from 1. */
static inline int digits_encode(const double *row, double *x) {
    for (int i = 0; i < DIGITS_COLUMNS; i++) {
        if (row[i] - row[i] != 0) {
            return i + 1;
        }
    }
    digits_scale(row, x);
    return 0;
}

/* The class that the outputs stand for, whose name digits_name_of_class has; -1 if one is NaN. */
static inline int digits_decode(const double *outputs) {
    int best = 0;
    for (int i = 0; i < DIGITS_OUTPUTS; i++) {
        if (outputs[i] != outputs[i]) {
            return -1;
        }
        best = outputs[i] > outputs[best] ? i : best;
    }
    return best;
}

/* The class of a row of the data; or -1 if a value is refused or an output is NaN. */
static inline int digits_predict(const double *params, const double *row) {
    double x[DIGITS_INPUTS], outputs[DIGITS_OUTPUTS];
    if (digits_encode(row, x) != 0) {
        return -1;
    }
    digits_forward(params, x, outputs);
    return digits_decode(outputs);
}

/* The probability of each class for a row of the data. Returns 0; or, if a value is refused, the number of its
   column from 1; or, if an output is NaN, -1. */
static inline int digits_predict_proba(const double *params, const double *row, double *shares) {
    double x[DIGITS_INPUTS];
    const int refused = digits_encode(row, x);
    if (refused == 0) {
        digits_forward(params, x, shares);
        return digits_decode(shares) < 0 ? -1 : 0;
    }
    return refused;
}

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t digits_bits(uint32_t seed, uint32_t index) {
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
static inline double digits_uniform(uint32_t seed, uint32_t index) {
    return digits_bits(seed, index) / 4294967296.0;
}

/* The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6. */
static inline double digits_normal(uint32_t seed, uint32_t index) {
    double total = 0.0;
    for (uint32_t k = 0; k < 12; k++) {
        total += digits_uniform(seed, 12 * index + k);
    }
    return total - 6.0;
}

/* The order of an epoch's n examples, by random keys and Shell's method; the given order if seed is NULL. */
static inline void digits_order(uint32_t *order, uint32_t *keys, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        keys[i] = seed ? digits_bits(*seed, epoch * n + i) : 0;
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
static inline void digits_step(double *params, const double *gradient) {
    for (int i = 0; i < 2410; i++) {
        params[i] = params[i] - 0.5 * gradient[i];
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size (0: all in one), in the order of the seed
   (NULL: the given one). Returns the loss, measured before each step. memory has room for DIGITS_PARAMETERS +
   DIGITS_BATCH numbers, order for 2 * n. */
static inline double digits_epoch(double *params, const double *xs, const double *ys, uint32_t n, uint32_t batch_size,
    const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory + DIGITS_BATCH, total = 0;
    batch_size = batch_size ? batch_size : n;
    digits_order(order, order + n, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        const double batch_loss = digits_batch_gradient(params, xs, ys, order + start, size, gradient, memory);
        digits_step(params, gradient);
        total += batch_loss * (double)size;
    }
    return total / (double)n;
}

/* Continue a training after done epochs, and return the number of epochs in all; 0 if fit refuses the examples.

   params, memory and history are as fit or this function has left them; the other arguments are those of fit. */
static inline uint32_t digits_resume(double *params, const double *xs, const double *ys, uint32_t n, uint32_t done,
    uint32_t epochs, uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    for (uint32_t i = 0; i < n; i++) {
        if (!digits_takes(ys + i * DIGITS_OUTPUTS)) {
            return 0;
        }
    }
    for (; n > 0 && done < epochs; done++) {
        const double epoch_loss = digits_epoch(params, xs, ys, n, batch_size, seed, done, memory, order);
        if (history) {
            history[done] = epoch_loss;
        }
    }
    return done;
}

/* Train on n examples, and return the number of epochs: 0 if targets or weights are refused, and nothing is changed.
   batch_size and seed are those of epoch; the spec says a seed of 0. history, if not NULL, gets the loss of each
   epoch. memory has room for DIGITS_MEMORY numbers, order for 2 * n. */
static inline uint32_t digits_fit(double *params, const double *xs, const double *ys, uint32_t n, uint32_t epochs,
    uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    return digits_resume(params, xs, ys, n, 0, epochs, batch_size, seed, history, memory, order);
}

/* Initial parameters, the same in all languages; DIGITS_SEED is the seed of the spec. */
static inline void digits_init(double *params, uint32_t seed) {
    for (uint32_t i = 0; i < 2048; i++) {
        params[i] = sqrt(2.0 / 64.0) * digits_normal(seed, i);
    }
    for (uint32_t i = 0; i < 32; i++) {
        params[2048 + i] = 0.0; /* b_hidden */
    }
    for (uint32_t i = 0; i < 320; i++) {
        params[2080 + i] = sqrt(2.0 / 32.0) * digits_normal(seed, 2080 + i);
    }
    for (uint32_t i = 0; i < 10; i++) {
        params[2400 + i] = 0.0; /* b_output */
    }
}

/* gcc and clang: vectors of numbers, as many as a register holds or four; an AVR has none */
#if DIGITS_TILE >= 4 && defined(__GNUC__) && !defined(__AVR__)
#if defined(__AVX512F__)
#define DIGITS_LANES 8
#elif defined(__AVX__)
#define DIGITS_LANES 4
#else
#define DIGITS_LANES 2
#endif
#define DIGITS_VECTOR(count) __attribute__((vector_size((count) * sizeof(double)), aligned(sizeof(double)), may_alias))
typedef double digits_vector DIGITS_VECTOR(DIGITS_LANES);
typedef double digits_four DIGITS_VECTOR(4);

/* the vectors that registers sum side by side, for four rows; of dots, the rows of both, and the parts of their sums */
#if defined(__AVX512F__) || defined(__aarch64__)
#define DIGITS_ACROSS 4
#else
#define DIGITS_ACROSS 2
#endif
#define DIGITS_PARTS (4 / DIGITS_ACROSS)

/* the numbers of a and b, which follow one another, at some places */
#if defined(__clang__) || __GNUC__ >= 12
#define DIGITS_AT(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
typedef int64_t digits_places DIGITS_VECTOR(DIGITS_LANES);
#define DIGITS_AT(a, b, ...) __builtin_shuffle(a, b, (digits_places){__VA_ARGS__})
#endif

/* Load vectors, which begin step numbers apart. */
static inline void digits_load(digits_vector *to, const double *from, size_t step, size_t count) {
    for (size_t t = 0; t < count; t++) {
        to[t] = *(const digits_vector *)(from + t * step);
    }
}

/* y[i][j] += the sum over k of v[i][k] w[k][j] for four i and so many vectors of j. In v, i + 1 lies row numbers after
   i, and k + 1 lies column numbers after k; rows of w and y have as many numbers as columns says. The first numbers of
   a single vector, as many as skipped says, keep their values. */
__attribute__((always_inline))
static inline void digits_add_tile(size_t across, const double *v, size_t row, size_t column, const double *w,
    size_t terms, double *y, size_t columns, size_t skipped) {
    const digits_vector zeros = {0};
    digits_vector sums[4][DIGITS_ACROSS], q[DIGITS_ACROSS];
    for (size_t i = 0; i < 4; i++) {
        digits_load(sums[i], y + i * columns, DIGITS_LANES, across);
    }
    for (size_t k = 0; k < terms; k++) {
        digits_load(q, w + k * columns, DIGITS_LANES, across);
        for (size_t i = 0; i < 4; i++) {
            const digits_vector p = v[i * row + k * column] - zeros;
            for (size_t j = 0; j < across; j++) {
                sums[i][j] += p * q[j];
            }
        }
    }
    for (size_t i = 0; i < 4; i++) {
        double *to = y + i * columns, last[DIGITS_LANES];
        *(digits_vector *)last = sums[i][0];
        for (size_t t = skipped; skipped && t < DIGITS_LANES; t++) {
            to[t] = last[t];
        }
        for (size_t j = 0; !skipped && j < across; j++) {
            *(digits_vector *)(to + j * DIGITS_LANES) = sums[i][j];
        }
    }
}

/* The partial sums of dot, of DIGITS_ACROSS rows i of w and j of x: vector 16 * t + 4 * j + i receives part t. */
static inline void digits_sum_parts(const double *w, const double *x, size_t inputs, digits_vector *found) {
    digits_vector sums[DIGITS_PARTS][DIGITS_ACROSS][DIGITS_ACROSS] = {{{{0}}}}, q[DIGITS_ACROSS];
    for (size_t k = 0; k < inputs - inputs % 8; k += 8) {
        for (size_t t = 0; t < DIGITS_PARTS; t++) {
            digits_load(q, x + k + t * DIGITS_LANES, inputs, DIGITS_ACROSS);
            for (size_t i = 0; i < DIGITS_ACROSS; i++) {
                const digits_vector p = *(const digits_vector *)(w + i * inputs + k + t * DIGITS_LANES);
                for (size_t j = 0; j < DIGITS_ACROSS; j++) {
                    sums[t][j][i] += p * q[j];
                }
            }
        }
    }
    for (size_t t = 0; t < DIGITS_PARTS; t++) {
        for (size_t j = 0; j < DIGITS_ACROSS; j++) {
            for (size_t i = 0; i < DIGITS_ACROSS; i++) {
                found[16 * t + 4 * j + i] = sums[t][j][i];
            }
        }
    }
}

/* The same of four rows and all parts. */
static inline void digits_sum_all(const double *w, const double *x, size_t inputs, digits_vector *found) {
    for (size_t t = 0; t < 8 / DIGITS_LANES; t += DIGITS_PARTS) {
        for (size_t j = 0; j < 4; j += DIGITS_ACROSS) {
            for (size_t i = 0; i < 4; i += DIGITS_ACROSS) {
                const size_t first = t * DIGITS_LANES;
                digits_sum_parts(w + i * inputs + first, x + j * inputs + first, inputs, found + 16 * t + 4 * j + i);
            }
        }
    }
}

#if DIGITS_LANES == 8
#define DIGITS_HALVES(a, b, first) \
    DIGITS_AT(a, b, first, 1 + first, 2 + first, 3 + first, 8 + first, 9 + first, 10 + first, 11 + first)
#define DIGITS_PAIRS(a, b, first) \
    DIGITS_AT(a, b, first, 1 + first, 4 + first, 5 + first, 8 + first, 9 + first, 12 + first, 13 + first)
#define DIGITS_SINGLE(a, b, first) \
    DIGITS_AT(a, b, first, 8 + first, 2 + first, 10 + first, 4 + first, 12 + first, 6 + first, 14 + first)
#elif DIGITS_LANES == 4
#define DIGITS_PAIRS(a, b, first) DIGITS_AT(a, b, first, 1 + first, 4 + first, 5 + first)
#define DIGITS_SINGLE(a, b, first) DIGITS_AT(a, b, first, 4 + first, 2 + first, 6 + first)
#else
#define DIGITS_SINGLE(a, b, first) DIGITS_AT(a, b, first, 2 + first)
#endif

/* The sums of 16 arrays of 8 numbers, added in halves. Vector 16 * n + i of sums has part n of array i. */
static inline void digits_add_halves(digits_vector *sums, digits_vector *found) {
    for (int half = 4 / DIGITS_LANES; half > 0; half /= 2) {
        for (int k = 0; k < half * 16; k++) {
            sums[k] += sums[half * 16 + k];
        }
    }
#ifdef DIGITS_HALVES
    for (int k = 0; k < 8; k++) {
        const digits_vector a = sums[k / 2 * 4 + k % 2], b = sums[k / 2 * 4 + k % 2 + 2];
        sums[k] = DIGITS_HALVES(a, b, 0) + DIGITS_HALVES(a, b, 4);
    }
#endif
#ifdef DIGITS_PAIRS
    for (int k = 0; k < 32 / DIGITS_LANES; k++) {
        const digits_vector a = sums[k / 2 * 4 + k % 2], b = sums[k / 2 * 4 + k % 2 + 2];
        sums[k] = DIGITS_PAIRS(a, b, 0) + DIGITS_PAIRS(a, b, 2);
    }
#endif
    for (int k = 0; k < 16 / DIGITS_LANES; k++) {
        const digits_vector a = sums[2 * k], b = sums[2 * k + 1];
        found[k] = DIGITS_SINGLE(a, b, 0) + DIGITS_SINGLE(a, b, 1);
    }
}

/* z[k][i] += dot(W[i], x[k]) for four examples k and four units i, without the first ones, as many as skipped says. */
static inline void digits_add_dots(const double *W, const double *x, double *z, size_t units, size_t inputs,
    int skipped) {
    __attribute__((aligned(64))) digits_vector found[16 / DIGITS_LANES] = {{0}}, sums[16 * 8 / DIGITS_LANES];
    digits_four *totals = (digits_four *)found;
    digits_sum_all(W, x, inputs, sums);
    digits_add_halves(sums, found);
    for (size_t j = inputs - inputs % 8; j < inputs; j++) {
        const digits_four w = {W[j], W[inputs + j], W[2 * inputs + j], W[3 * inputs + j]};
        for (size_t k = 0; k < 4; k++) {
            totals[k] += w * x[k * inputs + j];
        }
    }
    for (size_t k = 0; k < 4; k++) {
        if (skipped) {
            for (int i = skipped; i < 4; i++) {
                z[k * units + (size_t)i] += totals[k][i];
            }
        } else {
            *(digits_four *)(z + k * units) += totals[k];
        }
    }
}
#endif

#ifdef __cplusplus
#define DIGITS_RESTRICT __restrict
#else
#define DIGITS_RESTRICT restrict
#endif

/* y[i][j] += the sum over k of v[i][k] w[k][j], in the order of k. In v, i + 1 lies row numbers after i, and k + 1
   lies column numbers after k. Of 32 k at a time, w stays in a cache. */
static inline void digits_add_products(const double *DIGITS_RESTRICT v, size_t row, size_t column,
    const double *DIGITS_RESTRICT w, size_t terms, double *DIGITS_RESTRICT y, size_t rows, size_t columns) {
    size_t whole = 0;
#ifdef DIGITS_LANES
    const size_t lanes = DIGITS_LANES;
    whole = columns < lanes ? 0 : rows - rows % 4;
    for (size_t first = 0; whole && first < terms; first += 32) {
        const size_t some = terms - first < 32 ? terms - first : 32;
        const double *from = w + first * columns;
#ifdef _OPENMP
#pragma omp parallel for if (whole * columns * some >= 2000000)
#endif
        for (size_t i = 0; i < whole; i += 4) {
            const double *factors = v + i * row + first * column;
            double *to = y + i * columns;
            size_t j = 0;
            for (; j + DIGITS_ACROSS * lanes <= columns; j += DIGITS_ACROSS * lanes) {
                digits_add_tile(DIGITS_ACROSS, factors, row, column, from + j, some, to + j, columns, 0);
            }
            for (; j < columns; j += lanes) { /* the last vector ends with the row */
                const size_t skipped = j + lanes <= columns ? 0 : j + lanes - columns, at = j - skipped;
                digits_add_tile(1, factors, row, column, from + at, some, to + at, columns, skipped);
            }
        }
    }
#endif
    for (size_t i = whole; i < rows; i++) {
        for (size_t k = 0; k < terms; k++) {
            for (size_t j = 0; j < columns; j++) {
                y[i * columns + j] += v[i * row + k * column] * w[k * columns + j];
            }
        }
    }
}

/* da[k][j] += the sum over i of W[i][j] dz[k][i]: the error comes back to count examples. */
static inline void digits_add_returned(const double *W, const double *dz, double *da, uint32_t count, int units,
    int inputs) {
    digits_add_products(dz, (size_t)units, 1, W, (size_t)units, da, count, (size_t)inputs);
}

/* dW[i][j] += the sum over k of dz[k][i] x[k][j]: the derivatives with respect to weights, over count examples. */
static inline void digits_add_outer(const double *dz, const double *x, double *dW, uint32_t count, int units,
    int inputs) {
    digits_add_products(dz, 1, (size_t)units, x, count, dW, (size_t)units, (size_t)inputs);
}

/* z[k][i] += dot(W[i], x[k]): the weighted sums of count examples. Of eight units and four examples at a time, W and
   x stay in the cache next to the processor. */
static inline void digits_add_sums(const double *W, const double *x, double *z, uint32_t count, int units, int inputs) {
    uint32_t whole = 0;
#ifdef DIGITS_LANES
    if (inputs >= 8 && units >= 4) {
        whole = count - count % 4;
    }
#ifdef _OPENMP
#pragma omp parallel for if ((size_t)whole * (size_t)units * (size_t)inputs >= 2000000)
#endif
    for (int first = 0; first < units; first += 8) {
        for (uint32_t k = 0; k < whole; k += 4) {
            for (int i = first; i < units && i < first + 8; i += 4) {
                const int skipped = i + 4 <= units ? 0 : i + 4 - units; /* the last four units end with the row */
                const double *w = W + (size_t)(i - skipped) * (size_t)inputs;
                double *to = z + k * (size_t)units + i - skipped;
                digits_add_dots(w, x + k * (size_t)inputs, to, (size_t)units, (size_t)inputs, skipped);
            }
        }
    }
#endif
    for (uint32_t k = whole; k < count; k++) {
        for (int i = 0; i < units; i++) {
            z[k * (size_t)units + (size_t)i] += digits_dot(W + i * inputs, x + k * (size_t)inputs, inputs);
        }
    }
}

#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

#endif
