/* clang-format off */
/*
digits, a neural network: its equations forward and backward, and how it learns.

    pixel: 64 -> hidden: 32 relu -> output: 10 softmax

Reads handwritten digits from images of 8 by 8 pixels (Alpaydin and Kaynak, 1998). The softmax output gives each of the
ten digits a probability. Two thirds of the images train the network, the others test it.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.5; 30 epochs in batches of 32.

dX is the derivative of the loss by X. z is a weighted sum, a an activation, y a target; W_hidden[i][j] is the weight
that leads to unit i of hidden from unit j of pixel.

Written by nngen from the spec digits: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller has all arrays: params and gradient of DIGITS_PARAMETERS numbers, state of DIGITS_STATE; examples lie one
behind the other. What is refused, such as targets that the loss cannot judge, gives NaN for the loss, and a gradient of
0.
*/
#ifndef DIGITS_H
#define DIGITS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define DIGITS_INPUTS 64
#define DIGITS_OUTPUTS 10
#define DIGITS_PARAMETERS 2410
#define DIGITS_STATE 1 /* not used: the optimizer has no state */
#define DIGITS_SEED 1u

/* what fit works with: numbers and whole numbers for each example */
#define DIGITS_MEMORY 2411
#define DIGITS_PLACES 1

/* the most bytes of the stack that a function below needs, even without optimization */
#define DIGITS_STACK (242 * sizeof(double) + 1264)

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

/* The sum of products; its definition is below. */
static inline double digits_dot(const double *v, const double *w, int n);

/* The outputs of one example: 64 numbers → 10 numbers. */
static inline void digits_forward(const double *params, const double *x, double *outputs) {
    const double (*W_hidden)[64] = (const double (*)[64])(params);
    const double *b_hidden = params + 2048;
    const double (*W_output)[32] = (const double (*)[32])(params + 2080);
    const double *b_output = params + 2400;

    /* hidden ← pixel: weighted sums, then relu (the slope at z = 0 is set to 0) */
    double z_hidden[32];
    for (int i = 0; i < 32; i++) {
        z_hidden[i] = b_hidden[i] + digits_dot(W_hidden[i], x, 64);
    }
    double a_hidden[32];
    for (int i = 0; i < 32; i++) {
        a_hidden[i] = digits_maximum(z_hidden[i], 0.0);
    }

    /* output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow) */
    double z_output[10];
    for (int i = 0; i < 10; i++) {
        z_output[i] = b_output[i] + digits_dot(W_output[i], a_hidden, 32);
    }
    double top_output = z_output[0];
    for (int i = 1; i < 10; i++) {
        top_output = digits_maximum(top_output, z_output[i]);
    }
    double e_output[10];
    for (int i = 0; i < 10; i++) {
        e_output[i] = exp(z_output[i] - top_output);
    }
    double total_output = 0;
    for (int i = 0; i < 10; i++) {
        total_output += e_output[i];
    }
    double a_output[10];
    for (int i = 0; i < 10; i++) {
        a_output[i] = e_output[i] / total_output;
    }

    for (int i = 0; i < 10; i++) {
        outputs[i] = a_output[i];
    }
}

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

/* The loss of one example; its derivative by each parameter is added to gradient, unless that is NULL. */
static inline double digits_add_gradient(const double *params, const double *x, const double *y, double *gradient) {
    if (!digits_takes(y)) {
        return (double)NAN;
    }
    const double (*W_hidden)[64] = (const double (*)[64])(params);
    const double *b_hidden = params + 2048;
    const double (*W_output)[32] = (const double (*)[32])(params + 2080);
    const double *b_output = params + 2400;

    /* hidden ← pixel: weighted sums, then relu (the slope at z = 0 is set to 0) */
    double z_hidden[32];
    for (int i = 0; i < 32; i++) {
        z_hidden[i] = b_hidden[i] + digits_dot(W_hidden[i], x, 64);
    }
    double a_hidden[32];
    for (int i = 0; i < 32; i++) {
        a_hidden[i] = digits_maximum(z_hidden[i], 0.0);
    }

    /* output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow) */
    double z_output[10];
    for (int i = 0; i < 10; i++) {
        z_output[i] = b_output[i] + digits_dot(W_output[i], a_hidden, 32);
    }
    double top_output = z_output[0];
    for (int i = 1; i < 10; i++) {
        top_output = digits_maximum(top_output, z_output[i]);
    }
    double e_output[10];
    for (int i = 0; i < 10; i++) {
        e_output[i] = exp(z_output[i] - top_output);
    }
    double total_output = 0;
    for (int i = 0; i < 10; i++) {
        total_output += e_output[i];
    }
    double a_output[10];
    for (int i = 0; i < 10; i++) {
        a_output[i] = e_output[i] / total_output;
    }

    /* the loss: cross_entropy */
    const double *y_output = y;
    double loss = 0;
    for (int i = 0; i < 10; i++) {
        loss += y_output[i] * (log(total_output) - (z_output[i] - top_output));
    }
    if (!gradient) {
        return loss;
    }

    /* output: the slopes of softmax and of the logarithm cancel, only the difference remains */
    double dz_output[10];
    for (int i = 0; i < 10; i++) {
        dz_output[i] = a_output[i] - y_output[i];
    }
    double (*dW_output)[32] = (double (*)[32])(gradient + 2080);
    for (int i = 0; i < 10; i++) {
        for (int j = 0; j < 32; j++) {
            dW_output[i][j] += dz_output[i] * a_hidden[j];
        }
    }
    double *db_output = gradient + 2400;
    for (int i = 0; i < 10; i++) {
        db_output[i] += dz_output[i];
    }

    /* hidden ← output: the error flows back along the same weights */
    double da_hidden[32] = {0};
    for (int i = 0; i < 10; i++) {
        for (int j = 0; j < 32; j++) {
            da_hidden[j] += W_output[i][j] * dz_output[i];
        }
    }
    double dz_hidden[32];
    for (int i = 0; i < 32; i++) {
        dz_hidden[i] = da_hidden[i] * (z_hidden[i] > 0.0 ? 1.0 : 0.0);
    }
    double (*dW_hidden)[64] = (double (*)[64])(gradient);
    for (int i = 0; i < 32; i++) {
        for (int j = 0; j < 64; j++) {
            dW_hidden[i][j] += dz_hidden[i] * x[j];
        }
    }
    double *db_hidden = gradient + 2048;
    for (int i = 0; i < 32; i++) {
        db_hidden[i] += dz_hidden[i];
    }

    return loss;
}

/* The loss of one example. */
static inline double digits_loss(const double *params, const double *x, const double *y) {
    return digits_add_gradient(params, x, y, NULL);
}

/* The loss of one example, and its derivative by each parameter. */
static inline double digits_gradient(const double *params, const double *x, const double *y, double *gradient) {
    for (int i = 0; i < 2410; i++) {
        gradient[i] = 0;
    }
    return digits_add_gradient(params, x, y, gradient);
}

/* --- Below: training, random numbers and the order of examples. --- */

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
    for (int i = 0; i < 64; i++) {
        if (row[i] - row[i] != 0.0) {
            return i + 1;
        }
    }
    digits_scale(row, x);
    return 0;
}

/* The class that the outputs stand for; digits_name_of_class has its name. */
static inline int digits_decode(const double *outputs) {
    int best = 0;
    for (int i = 1; i < 10; i++) {
        best = outputs[i] > outputs[best] ? i : best;
    }
    return best;
}

/* The class of a row of the data; or -1 if a value is refused. */
static inline int digits_predict(const double *params, const double *row) {
    double x[64], outputs[10];
    if (digits_encode(row, x) != 0) {
        return -1;
    }
    digits_forward(params, x, outputs);
    return digits_decode(outputs);
}

/* The probability of each class for a row of the data. Returns 0; or, if a value is refused, the number of its
   column from 1. */
static inline int digits_predict_proba(const double *params, const double *row, double *shares) {
    double x[64];
    const int refused = digits_encode(row, x);
    if (refused == 0) {
        digits_forward(params, x, shares);
    }
    return refused;
}

/* The initial state of gradient_descent: empty. */
static inline void digits_init_state(double *state) {
    state[0] = 0;
}

/* One step of training by gradient_descent, which changes params and state. */
static inline void digits_step(double *params, const double *gradient, double *state) {
    (void)state;
    for (int i = 0; i < 2410; i++) {
        params[i] = params[i] - 0.5 * gradient[i];
    }
}

/* The order of an epoch's examples; its definition is below. */
static inline void digits_order(uint32_t *order, uint32_t n, const uint32_t *seed, uint32_t epoch);

/* One epoch of training: each of n examples once, in batches of batch_size; the loss, measured before each step.

   The seed decides the order; if it is NULL, the given order stays. memory has room for DIGITS_PARAMETERS numbers,
   order for n. */
static inline double digits_epoch(double *params, double *state, const double *xs, const double *ys, uint32_t n,
    uint32_t batch_size, const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    digits_order(order, n, seed, epoch);
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        for (int i = 0; i < 2410; i++) {
            gradient[i] = 0;
        }
        double batch_loss = 0;
        for (uint32_t k = 0; k < size; k++) {
            const uint32_t i = order[start + k];
            batch_loss += digits_add_gradient(
                params, xs + (size_t)i * DIGITS_INPUTS, ys + (size_t)i * DIGITS_OUTPUTS, gradient
            );
        }
        for (int i = 0; size > 1 && i < 2410; i++) {
            gradient[i] /= (double)size;
        }
        digits_step(params, gradient, state);
        total += batch_loss;
    }
    return total / (double)n;
}

/* Continue a training after done epochs, and return the number of epochs in all; 0 as fit.

   params, memory and history are as fit or this function has left them; the other arguments are those of fit. */
static inline uint32_t digits_resume(double *params, const double *xs, const double *ys, uint32_t n, uint32_t done,
    uint32_t epochs, uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    if (n == 0) {
        return 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!digits_takes(ys + (size_t)i * DIGITS_OUTPUTS)) {
            return 0;
        }
    }
    if (batch_size == 0 || batch_size > n) {
        batch_size = n;
    }
    double *state = memory, *work = state + DIGITS_STATE;
    while (done < epochs) {
        const double epoch_loss = digits_epoch(params, state, xs, ys, n, batch_size, seed, done, work, order);
        if (history) {
            history[done] = epoch_loss;
        }
        done++;
    }
    return done;
}

/* Train on n examples, and return the number of epochs: 0 if targets or weights are refused, and nothing is changed.

   A batch_size of 0 takes all examples in one step. The seed decides the order of each epoch's examples; if it is
   NULL, they stay in the given order. The spec says 30 epochs in batches of 32, and a seed of 0. history, if not
   NULL, gets the loss of each epoch, measured before each step. memory has room for DIGITS_MEMORY numbers, order for
   n. */
static inline uint32_t digits_fit(double *params, const double *xs, const double *ys, uint32_t n, uint32_t epochs,
    uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    digits_init_state(memory);
    return digits_resume(params, xs, ys, n, 0, epochs, batch_size, seed, history, memory, order);
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

/* The index-th normal random number of this seed: twelve uniform ones minus 6, exact in every language. */
static inline double digits_normal(uint32_t seed, uint32_t index) {
    double total = 0.0;
    for (uint32_t k = 0; k < 12; k++) {
        total += digits_uniform(seed, 12 * index + k);
    }
    return total - 6.0;
}

/* Initial parameters: the same seed gives the same numbers in the module of every target; that of the spec is
   DIGITS_SEED. */
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

/* Whether an epoch takes example i before example j: by a random number of each, the smallest first. */
static inline int digits_before(uint32_t i, uint32_t j, uint32_t seed, uint32_t first) {
    const uint32_t one = digits_bits(seed, first + i), other = digits_bits(seed, first + j);
    return one < other || (one == other && i < j);
}

/* The order of an epoch's n examples, by heapsort, which needs no memory; unchanged if seed is NULL. */
static inline void digits_order(uint32_t *order, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
    }
    for (uint32_t size = n, root = n / 2; seed && size > 1;) {
        const uint32_t moved = order[root ? --root : --size];
        uint32_t place = root;
        if (size < n && !root) {
            order[size] = order[0];
        }
        for (uint32_t child = 2 * place + 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && digits_before(order[child], order[child + 1], *seed, epoch * n)) {
                child++;
            }
            if (!digits_before(moved, order[child], *seed, epoch * n)) {
                break;
            }
            order[place] = order[child];
            place = child;
        }
        order[place] = moved;
    }
}

/* The sum of products, in 8 partial sums that a compiler may compute side by side: it may not reorder a single one. */
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

#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

#endif
