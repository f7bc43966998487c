/*
The fixed functions of C headers: a header gets those that it names, and those that these name.

A header of the network xor has xor_ and XOR_ in place of net_ and NET_. It gets what remains of conditions such as
#if NET_DROPOUT and IF(NET_DROPOUT)(, seeds), and in place of each word, such as real, what that stands for. See
nngen/targets/c_runtime.py.

What is 1 for a network, and otherwise not defined:

NET_FLOAT                  numbers of 32 bits
NET_TOGETHER               several examples are computed together
NET_TILES                  not more than a tile of them
NET_NORMALIZATION          all of a batch, by its mean and variance
NET_IDS                    ids that select rows of an embedding
NET_LAZY                   a step changes only the rows that a batch selects
NET_MEAN                   the loss of a batch is a mean over its examples
NET_WEIGHTED_MEAN          a mean by their weights: that of a single example cancels
NET_EXAMPLE_WEIGHTS        weights of examples
NET_CLASS_WEIGHTS          weights of classes
NET_WEIGHTS                one or both of these
NET_OWN_WEIGHT             a single example has a weight
NET_DROPOUT                dropout
NET_SEED_OF_ONE            it leaves out units of a single example, too
NET_PENALTY                a penalty that is added once for a batch
NET_PENALTY_COUNTS         as many times as a batch has examples
NET_WORK_MEMORY            the caller has memory for one example
NET_WORK_ALONE             and none for a batch
NET_MEMORY                 the caller has memory for a batch
NET_MEMORY_OF_VALIDATION   or for examples of validation
NET_WORK_OF_VALIDATION     that of one example
NET_ONE_IS_A_BATCH         the loss of one example is that of a batch
NET_ADDED_HERE             nothing but an epoch needs the gradient of a batch
NET_TIMES_SIZE             an epoch multiplies the loss of a batch by its size
NET_STOP                   a rule that may end training
NET_SINCE                  it asks how many epochs ago the best one was
NET_EVERY                  it measures every few epochs
NET_VALIDATION             it measures examples that are kept for it
NET_LISTED                 the places of these are listed
NET_FILES                  a training can be continued
NET_RULE                   with what its rule has measured
NET_ROW_ARRAY              a row of the data is an array
NET_SCALED                 its numbers are scaled
NET_PREDICTS               a row of the data has an answer
NET_CLASSIFIES             it is a class
NET_SEVERAL                that of one of several outputs
NET_SHARES                 outputs are probabilities
NET_ANOMALIES              a row has an anomaly score
NET_LIMITED                that of an anomaly is known
NET_INTERVALS              the intervals of answers are known
NET_LOGS                   the network learns logarithms of the targets
NET_HAS_STATE              the optimizer has a state
NET_CLIPS                  the norm of the gradient is limited
NET_TESTS                  a test of itself
NET_TEST_SUMS              by sums of its numbers
NET_TEST_ROWS              with rows of the data
NET_TEST_SLOPES            with derivatives with respect to the inputs
NET_DISTRIBUTION           targets sum to 1
NET_DRAWN                  the caller has memory for init
NET_CHECKS                 targets and weights may be refused
NET_CHECKED_IDS            ids, too
NET_CHECKED_WEIGHTS        weights of examples are among them
NET_REFUSES                something of an example may be refused
*/
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conditions.h"

/* words, and what they stand for */
#if NET_FLOAT
#define real float
#define real_erfc erfcf
#define real_exp expf
#define real_expm1 expm1f
#define real_fabs fabsf
#define real_floor floorf
#define real_fmod fmodf
#define real_log logf
#define real_log1p log1pf
#define no_number NAN
#define infinite INFINITY
#define heavy 1e18f
#define negligible 1e-6f
#define NET_GRID 0.0078125f
#define NET_ROOT_OF_PI 1.772453850905516f
#define NET_SUMS 16
#define NET_HALF 8
#define NET_QUARTER 4
#else
#define real double
#define real_erfc erfc
#define real_exp exp
#define real_expm1 expm1
#define real_fabs fabs
#define real_floor floor
#define real_fmod fmod
#define real_log log
#define real_log1p log1p
#define no_number (double)NAN
#define infinite (double)INFINITY
#define heavy 1e18
#define negligible 1e-6
#define NET_GRID 0.0078125
#define NET_ROOT_OF_PI 1.772453850905516
#define NET_SUMS 8
#define NET_HALF 4
#define NET_QUARTER 2
#endif

/* the data of several examples, as arguments, and the row of the data of example k of a batch */
#if NET_EXAMPLE_WEIGHTS
#define DATA const real *xs, const real *ys, const real *weights
#define GIVEN xs, ys, weights
#else
#define DATA const real *xs, const real *ys
#define GIVEN xs, ys
#endif
#if NET_VALIDATION && NET_NORMALIZATION
#define ROW rows[order[start + k]]
#else
#define ROW order[start + k]
#endif

/* a row of the data, as an argument */
#if NET_ROW_ARRAY
#define RAW const real *row
#else
#define RAW const net_row *row
#endif

/* how much example i counts, and why it is refused */
#if NET_EXAMPLE_WEIGHTS && NET_CLASS_WEIGHTS
#define COUNTS (weights ? weights[i] : 1) * net_class_weight(ys + i * NET_OUTPUTS)
#elif NET_EXAMPLE_WEIGHTS
#define COUNTS (weights ? weights[i] : 1)
#else
#define COUNTS net_class_weight(ys + i * NET_OUTPUTS)
#endif
#if NET_CHECKS
#define REFUSED !net_takes(ys + i * NET_OUTPUTS) IF(NET_CHECKED_IDS)(|| !net_known(xs + i * NET_INPUTS)) IF(NET_CHECKED_WEIGHTS)(|| (weights && !(0 <= weights[i] && weights[i] < heavy)))
#else
#define REFUSED !net_known(xs + i * NET_INPUTS)
#endif

#if NET_OWN_WEIGHT
#define WEIGHT_OF_ONE &weight
#else
#define WEIGHT_OF_ONE NULL
#endif

/* how a test of the network compares many numbers */
#if NET_TEST_SUMS
#define DIFFERS net_selftest_sums
#else
#define DIFFERS net_selftest_differs
#endif

/* where the memory of an epoch begins after what a training keeps */
#if NET_TILES
#define WORK BEGIN
#elif NET_RULE
#define WORK rule + 3
#elif NET_STOP
#define WORK best_params + NET_PARAMETERS
#elif NET_HAS_STATE
#define WORK state + NET_STATE
#else
#define WORK memory
#endif

/* what headers state themselves, and words that say what only one network has */
#ifndef NET_TILE
#define NET_TILE 32
#endif
#define NET_READ(parameter) (parameter)
#define NET_INPUTS 2
#define NET_OUTPUTS 1
#define NET_PARAMETERS 3
#define NET_STATE 1
#define NET_BATCH 999
#define ALONE 9
#define ROWS 5
#define TRAINING_SEED 1u
#define BEGIN memory + 4
#define KEPT 2
#define LEAST 4
#define SHARE 0.25
#define DRAW 0u
#define STOPS measured < 0 IF(NET_SINCE)(|| since > 9)
#define EVERY 2
#define ID_INPUTS 2
#define NUMBER_INPUTS 2
#define THRESHOLD 0.5
#define LIMIT 0.5
#define SCORE 0.75
#define LARGEST 1e100
#define MISSING_TEXTS "", "NA"
#define NET_COLUMNS NET_INPUTS
#define TEST_SEED 2u
#define TEST_STEPS 3
#define TEST_ROWS 2
#define NEGATIVE 0
extern const uint32_t net_kept[KEPT];
extern const real net_meant[99];
extern const real net_ids[ID_INPUTS];
#if NET_ROW_ARRAY
typedef real net_row[NET_COLUMNS];
#else
typedef struct {
    double age;
} net_row;
extern const net_row net_rows[TEST_ROWS];
int net_encode(RAW, real *x);
#endif
void net_scale(const real *data, real *x);
#if !NET_CLASSIFIES
void net_decode(const real *outputs, double *answers);
extern const double net_scores[NET_OUTPUTS];
#endif
int net_takes(const real *y);
void net_forward(const real *params, const real *x, real *outputs IF(NET_WORK_MEMORY)(, real *memory));
real net_input_gradient(const real *params, const real *x, const real *y IF(NET_OWN_WEIGHT)(, real weight), real *slopes
    IF(NET_WORK_MEMORY)(, real *memory));
void net_jacobian(const real *params, const real *x, real *rows IF(NET_WORK_MEMORY)(, real *memory));
void net_step(real *params, const real *gradient IF(NET_HAS_STATE)(, real *state));
void net_init_state(real *state);
void net_init(real *params, uint32_t seed IF(NET_DRAWN)(, double *matrix));
void net_step_of_rows(real *params, real *gradient IF(NET_HAS_STATE)(, real *state), real *noted, const real *list,
    int count, real size);
real net_class_weight(const real *y);
real net_add_penalty(const real *params, real loss IF(NET_PENALTY_COUNTS)(, real n), real *gradient);
real net_add_gradient(const real *params, const real *x, const real *y IF(NET_WEIGHTED_MEAN)(, real weight)
    IF(NET_OWN_WEIGHT)(, real weight) IF(NET_DROPOUT)(, const uint32_t *seed), real *gradient
    IF(NET_WORK_MEMORY)(, real *memory));
void net_tile(const real *params, const real *xs, const real *ys IF(NET_WEIGHTS)(, const real *weight)
    IF(NET_DROPOUT)(, const uint32_t *seeds), uint32_t count, real *outputs, real *losses, real *gradient,
    real *memory);
void net_tile_forward(const real *params, const real *xs, uint32_t count, real *outputs, real *memory);
#if NET_NORMALIZATION
real net_batch_gradient(const real *params, DATA IF(NET_DROPOUT)(, const uint32_t *seeds), uint32_t count,
    real *after, real *gradient, real *memory);
#endif

/* what they take */

/* helpers */

/* The greater number; NaN if the first is NaN. */
static inline real net_maximum(real a, real b) {
    return b > a ? b : a;
}

/* The lesser number; NaN if the first is NaN. */
static inline real net_minimum(real a, real b) {
    return b < a ? b : a;
}

#if NET_IDS
/* Whether each id of an example is a whole number that has a row. */
static inline int net_known(const real *x) {
    for (int i = 0; i < ID_INPUTS; i++) {
        if (!(0 <= x[i] && x[i] < net_ids[i] && real_floor(x[i]) == x[i])) {
            return 0;
        }
    }
    return 1;
}
#endif

#if !NET_FLOAT
/* The hyperbolic tangent, within 3 units of the last place, without a branch: a compiler computes several side by side.
   It is e / (e + 2) for e = exp(2 |x|) - 1, which is p 2^k + (2^k - 1) for p = exp(r) - 1 and 2 |x| = k log(2) + r. */
static inline double net_tanh(double x) {
#if (defined(__x86_64__) || defined(__aarch64__)) && !defined(__FAST_MATH__)
    const double twice = 2 * fabs(x), y = twice > 40 ? 40 : twice; /* tanh(20) is 1 */
    const double shifted = y * 1.4426950408889634 + 4503599627370496.0; /* its bits end with k: 2^52 + k is whole */
    uint64_t bits;
    double k, power;
    memcpy(&bits, &shifted, sizeof(bits));
    bits = (bits & 63) | 0x4330000000000000u; /* 2^52 + k again, which no compiler simplifies */
    memcpy(&k, &bits, sizeof(k));
    k -= 4503599627370496.0;
    /* log(2) in two parts: k times the first is exact */
    const double r = y - k * 0.69314718036912382 - k * 1.9082149292705877e-10;
    double p = 1 / 6227020800.0;
    p = p * r + 1 / 479001600.0;
    p = p * r + 1 / 39916800.0;
    p = p * r + 1 / 3628800.0;
    p = p * r + 1 / 362880.0;
    p = p * r + 1 / 40320.0;
    p = p * r + 1 / 5040.0;
    p = p * r + 1 / 720.0;
    p = p * r + 1 / 120.0;
    p = p * r + 1 / 24.0;
    p = p * r + 1 / 6.0;
    p = p * r + 0.5;
    p = p * r * r + r;
    bits = (bits + 1023) << 52; /* 2^k */
    memcpy(&power, &bits, sizeof(power));
    const double e = power * p + (power - 1);
    return copysign(e / (e + 2), x);
#else
    return tanh(x);
#endif
}
#endif

/* 1 above 0, -1 below it, 0 at it. */
static inline real net_sign(real a) {
    return (real)((a > 0) - (a < 0));
}

/* log(1 + x), exact for small x too. */
static inline real net_log1p(real x) {
#ifdef __AVR__ /* its library has none: this adds what the sum u has lost */
    const real u = 1 + x;
    return u - 1 == x ? real_log(u) : real_log(u) - (u - 1 - x) / u;
#else
    return real_log1p(x);
#endif
}

/* exp(x) - 1, exact for small x too. */
static inline real net_expm1(real x) {
#ifdef __AVR__ /* its library has none: near 0 the quotient takes out the rounding of u (Kahan) */
    const real u = real_exp(x);
    return real_fabs(x) > 1 ? u - 1 : u == 1 ? x : (u - 1) * x / real_log(u);
#else
    return real_expm1(x);
#endif
}

/* The complementary error function, 1 - erf(x). */
static inline real net_erfc(real x) {
#ifdef __AVR__ /* its library has none */
    /* exp(-x^2) in two factors, as x^2 would be rounded: h is so short that h^2 is exact */
    const real u = real_fabs(x) < 30 ? real_fabs(x) : 30, h = u - real_fmod(u, NET_GRID);
    const real bell = real_exp(-h * h) * real_exp((h - u) * (h + u)) / NET_ROOT_OF_PI;
    if (u < 1) { /* the power series of erf, DLMF 7.6.2 */
        real term = 2 * x * bell, erf = 0;
        for (real k = 3; erf + term != erf; k += 2) {
            erf += term;
            term *= 2 * x * x / k;
        }
        return 1 - erf;
    }
    real rest = u; /* the continued fraction, DLMF 7.9.4, from its end */
    for (real k = 20 + real_floor(150 / (u * u)); k > 0; k--) {
        rest = u + k / 2 / rest;
    }
    return x > 0 ? bell / rest : 2 - bell / rest;
#else
    return real_erfc(x);
#endif
}

/* The forms of sums that gcc 12 and clang 14 make vectors of at -O3 -march=native, by trial with sums of 32 and 64 doubles
   and of 300 and 784 floats. gcc takes six to eight times as long with 8 partial sums of floats as with 16; in doubles
   1.3 to 2.6 times as long where these are added one by one, in floats 1.2 times where they are added in halves. clang
   unrolls a loop over 32 or 64 doubles before it looks for vectors, and then finds none: four to five times as long. */

/* The sum of products, in partial sums that a compiler may compute side by side: it may not reorder a single one. */
static inline real net_dot(const real *v, const real *w, int n) {
#if NET_FLOAT
    real sums[NET_SUMS] = {0}, total = 0;
#else
    real sums[NET_SUMS] = {0};
#endif
    const int whole = n - n % NET_SUMS;
#ifdef __clang__
#pragma clang loop unroll(disable) /* or it finds no vectors in short loops */
#endif
    for (int i = 0; i < whole; i += NET_SUMS) {
        for (int k = 0; k < NET_SUMS; k++) {
            sums[k] += NET_READ(v[i + k]) * w[i + k];
        }
    }
#if NET_FLOAT
    for (int i = whole; i < n; i++) {
        total += NET_READ(v[i]) * w[i];
    }
    for (int k = 0; k < NET_SUMS; k++) {
        total += sums[k];
    }
    return total;
#else
    for (int half = 4; half > 0; half /= 2) {
        for (int k = 0; k < half; k++) {
            sums[k] += sums[half + k];
        }
    }
    for (int i = whole; i < n; i++) {
        sums[0] += NET_READ(v[i]) * w[i];
    }
    return sums[0];
#endif
}

/* The next count numbers of memory. */
static inline real *net_take(real **memory, size_t count) {
    *memory += count;
    return *memory - count;
}

/* z[k][i] = b[i], or 0 where b is NULL, for count examples. */
static inline void net_set_rows(const real *b, real *z, uint32_t count, int units) {
    for (uint32_t k = 0; k < count; k++, z += units) {
        for (int i = 0; i < units; i++) {
            z[i] = b ? NET_READ(b[i]) : 0;
        }
    }
}

/* db[i] += the sum over k of dz[k][i]. */
static inline void net_add_rows(const real *dz, real *db, uint32_t count, int units) {
    for (uint32_t k = 0; k < count; k++, dz += units) {
        for (int i = 0; i < units; i++) {
            db[i] += dz[i];
        }
    }
}

/* z[k][i] += dot(W[i], x[k]); its definition is below. */
static inline void net_add_sums(const real *W, const real *x, real *z, uint32_t count, int units, int inputs);

/* da[k][j] += the sum over i of W[i][j] dz[k][i]; its definition is below. */
static inline void net_add_returned(const real *W, const real *dz, real *da, uint32_t count, int units, int inputs);

/* dW[i][j] += the sum over k of dz[k][i] x[k][j]; its definition is below. */
static inline void net_add_outer(const real *dz, const real *x, real *dW, uint32_t count, int units, int inputs);

/* What dropout multiplies a unit by; its definition is below. */
static inline real net_keep(const uint32_t *seed, uint32_t index, double rate);

/* helpers: examples and batches */

#if !NET_NORMALIZATION
/* The loss of a batch of count examples, REDUCTION, and unless gradient is NULL its derivative with respect
   to each parameter.

   Example k is row rows[k] of the data, or row k where rows is NULL. IF(NET_EXAMPLE_WEIGHTS)(The weights say how much
   each row counts; where they are NULL, all count 1.) IF(NET_DROPOUT)(With seeds, one for each example, dropout leaves
   units out: the seeds draw which.) IF(NET_TILES)(memory has room for NET_BATCH numbers, whatever the count.)
   IF(NET_WORK_ALONE)(memory has room for NET_WORK numbers.) */
static inline real net_batch_gradient(const real *params, DATA IF(NET_DROPOUT)(, const uint32_t *seeds),
    const uint32_t *rows, uint32_t count, real *gradient IF(NET_MEMORY)(, real *memory)) {
#if NET_TILES
    const uint32_t most = count < NET_TILE ? count : NET_TILE;
    real loss = 0 IF(NET_WEIGHTED_MEAN)(, all = 0), *losses = net_take(&memory, most);
#if NET_WEIGHTS
    real *weight = net_take(&memory, most);
#endif
    real *some_xs = net_take(&memory, rows ? (size_t)most * NET_INPUTS : 0);
    real *some_ys = net_take(&memory, rows ? (size_t)most * NET_OUTPUTS : 0);
#else
    real loss = 0 IF(NET_WEIGHTED_MEAN)(, all = 0);
#endif
    for (int i = 0; gradient && i < NET_PARAMETERS; i++) {
        gradient[i] = 0;
    }
#if NET_REFUSES || NET_WEIGHTED_MEAN
    for (uint32_t k = 0; k < count; k++) {
        const size_t i = rows ? rows[k] : k;
#if NET_REFUSES
        if (REFUSED) {
            return no_number;
        }
#endif
#if NET_WEIGHTED_MEAN
        all += COUNTS;
#endif
    }
#endif
#if NET_WEIGHTED_MEAN
    if (!(all > 0)) {
        return no_number; /* no share is left for any example */
    }
#endif
#if NET_TILES
    for (uint32_t first = 0; first < count; first += NET_TILE) {
        const uint32_t size = count - first < most ? count - first : most;
        for (uint32_t k = 0; rows && k < size; k++) {
            for (uint32_t j = 0; j < NET_INPUTS; j++) {
                some_xs[k * NET_INPUTS + j] = xs[rows[first + k] * (size_t)NET_INPUTS + j];
            }
            for (uint32_t j = 0; j < NET_OUTPUTS; j++) {
                some_ys[k * NET_OUTPUTS + j] = ys[rows[first + k] * (size_t)NET_OUTPUTS + j];
            }
        }
#if NET_WEIGHTS
        for (uint32_t k = 0; k < size; k++) {
            const size_t i = rows ? rows[first + k] : first + k;
            weight[k] = COUNTS IF(NET_WEIGHTED_MEAN)(/ all);
        }
#endif
        const real *x = rows ? some_xs : xs + (size_t)first * NET_INPUTS;
        const real *y = rows ? some_ys : ys + (size_t)first * NET_OUTPUTS;
        net_tile(
            params, x, y IF(NET_WEIGHTS)(, weight) IF(NET_DROPOUT)(, seeds ? seeds + first : NULL), size, NULL, losses,
            gradient, memory
        );
        for (uint32_t k = 0; k < size; k++) {
            loss += losses[k];
        }
    }
#else
    for (uint32_t k = 0; k < count; k++) {
        const size_t i = rows ? rows[k] : k;
        loss += net_add_gradient(
            params, xs + i * NET_INPUTS, ys + i * NET_OUTPUTS IF(NET_WEIGHTED_MEAN)(, COUNTS / all)
            IF(NET_OWN_WEIGHT)(, weights ? weights[i] : 1) IF(NET_DROPOUT)(, seeds ? &seeds[k] : NULL), gradient
            IF(NET_WORK_MEMORY)(, memory)
        );
    }
#endif
#if NET_MEAN
    for (int i = 0; gradient && count > 1 && i < NET_PARAMETERS; i++) {
        gradient[i] /= (real)count;
    }
#endif
#if NET_PENALTY
    return net_add_penalty(
        params, loss IF(NET_MEAN)(/ (real)count) IF(NET_PENALTY_COUNTS)(, (real)count), gradient
    );
#else
    return loss IF(NET_MEAN)(/ (real)count);
#endif
}
#endif

/* The loss of one example IF(NET_OWN_WEIGHT)(, times its weight) IF(NET_NORMALIZATION)(, as forward computes).
   IF(NET_WORK_MEMORY)(memory has room for NET_WORK numbers.) */
static inline real net_loss(const real *params, const real *x, const real *y IF(NET_OWN_WEIGHT)(, real weight)
    IF(NET_WORK_MEMORY)(, real *memory)) {
#if NET_TOGETHER && !NET_WORK_MEMORY
    real memory[ALONE];
#endif
#if NET_ONE_IS_A_BATCH
    return net_batch_gradient(
        params, x, y IF(NET_EXAMPLE_WEIGHTS)(, WEIGHT_OF_ONE) IF(NET_DROPOUT)(, NULL) UNLESS(NET_NORMALIZATION)(, NULL),
        1 IF(NET_NORMALIZATION)(, NULL), NULL IF(NET_MEMORY)(, memory)
    );
#else
    return net_add_gradient(
        params, x, y IF(NET_OWN_WEIGHT)(, weight) IF(NET_WEIGHTED_MEAN)(, 1) IF(NET_DROPOUT)(, NULL), NULL
        IF(NET_WORK_MEMORY)(, memory)
    );
#endif
}

/* The loss of one example IF(NET_OWN_WEIGHT)(, times its weight), and its derivative with respect to each parameter
   IF(NET_NORMALIZATION)(, as forward computes). IF(NET_WORK_MEMORY)(memory has room for NET_WORK numbers.)

   IF(NET_SEED_OF_ONE)(The seed draws the units that dropout leaves out; if it is NULL, none are left out, as in
   forward.) */
static inline real net_gradient(const real *params, const real *x, const real *y IF(NET_OWN_WEIGHT)(, real weight)
    IF(NET_SEED_OF_ONE)(, const uint32_t *seed), real *gradient IF(NET_WORK_MEMORY)(, real *memory)) {
#if NET_TOGETHER && !NET_WORK_MEMORY
    real memory[ALONE];
#endif
#if NET_NORMALIZATION
    return net_batch_gradient(
        params, x, y IF(NET_EXAMPLE_WEIGHTS)(, WEIGHT_OF_ONE) IF(NET_DROPOUT)(, NULL), 1, NULL, gradient, memory
    );
#elif NET_ONE_IS_A_BATCH
    return net_batch_gradient(
        params, x, y IF(NET_EXAMPLE_WEIGHTS)(, WEIGHT_OF_ONE) IF(NET_DROPOUT)(, seed), NULL, 1, gradient
        IF(NET_MEMORY)(, memory)
    );
#else
    for (int i = 0; i < NET_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    return net_add_gradient(
        params, x, y IF(NET_OWN_WEIGHT)(, weight) IF(NET_WEIGHTED_MEAN)(, 1) IF(NET_DROPOUT)(, seed), gradient
        IF(NET_WORK_MEMORY)(, memory)
    );
#endif
}

/* helpers: batches */

/* The outputs of any number of examples, which follow one another. IF(NET_TOGETHER)(memory has room for NET_BATCH
   numbers.) IF(NET_WORK_ALONE)(memory has room for NET_WORK numbers.) */
static inline void net_batch_forward(const real *params, const real *xs, uint32_t count, real *outputs
    IF(NET_MEMORY)(, real *memory)) {
#if NET_TOGETHER
    for (uint32_t first = 0; first < count; first += NET_TILE) {
        const uint32_t size = count - first < NET_TILE ? count - first : NET_TILE;
        const real *x = xs + (size_t)first * NET_INPUTS;
        real *found = outputs + (size_t)first * NET_OUTPUTS;
#if NET_NORMALIZATION
        net_tile_forward(params, x, size, found, memory);
#else
        net_tile(
            params, x, NULL IF(NET_WEIGHTS)(, NULL) IF(NET_DROPOUT)(, NULL), size, found, NULL, NULL, memory
        );
#endif
    }
#else
    for (size_t k = 0; k < count; k++) {
        net_forward(params, xs + k * NET_INPUTS, outputs + k * NET_OUTPUTS IF(NET_WORK_MEMORY)(, memory));
    }
#endif
}

/* helpers: texts */

/* The place of a text, without the spaces around it, among count names; -2 if it means a missing value, else -1. */
static inline int net_place_of(const char *text, const char *const *names, int count) {
    static const char spaces[] = " \t\n\v\f\r";
    static const char *const missing[] = {MISSING_TEXTS};
    text += strspn(text, spaces);
    for (int i = 0; i < count + (int)(sizeof missing / sizeof *missing); i++) {
        const char *name = i < count ? names[i] : missing[i - count];
        const size_t length = strlen(name);
        if (strncmp(text, name, length) == 0 && text[length + strspn(text + length, spaces)] == 0) {
            return i < count ? i : -2;
        }
    }
    return -1;
}

/* The same, of names that have both truth values, which a text may spell otherwise. */
static inline int net_place_of_truth(const char *text, const char *const *names, int count) {
    static const char *const words[] = {"True", "true", "TRUE", "1", "False", "false", "FALSE", "0"};
    int place = net_place_of(text, names, count);
    const int word = net_place_of(text, words, 8), first = word < 4 ? 0 : 4;
    for (int i = first; place == -1 && word >= 0 && i < first + 3; i++) {
        place = net_place_of(words[i], names, count);
    }
    return place;
}

/* Whether a text means a missing value. */
static inline int net_is_missing(const char *text) {
    return net_place_of(text, NULL, 0) == -2;
}

/* Put a shorter character in place of some bytes, wherever they are in a text. */
static inline void net_replace(char *text, const char *bytes, char character) {
    const size_t size = strlen(bytes);
    while ((text = strstr(text, bytes)) != NULL) {
        *text++ = character;
        memmove(text, text + size - 1, strlen(text + size - 1) + 1);
    }
}

/* Move the digits at the start of a text to an earlier place, after skipping some characters that move too; both then
   stand behind them. Returns how many digits there are. */
static inline size_t net_digits_moved(char **to, const char **from, size_t skipped) {
    const size_t digits = strspn(*from + skipped, "0123456789");
    memmove(*to, *from, skipped + digits);
    *to += skipped + digits;
    *from += skipped + digits;
    return digits;
}

/* The number of a text without a sign, which is written over: INFINITY if it is none. Groups have at most three digits,
   then three; between commas two may stand in the middle. */
static inline double net_unsigned(char *text, char thousands, char decimal) {
    char *to = text, *stop = NULL;
    const char *from = text;
    const size_t whole = strspn(text, "0123456789"), part = text[whole] ? strspn(text + whole + 1, "0123456789") : 0;
    const int group = whole > 0 && whole < 4 && *text != '0' && part == 3;
    if (decimal == ',' && text[whole] == '.' && strchr("eE", text[whole + 1 + part]) && !group) {
        thousands = 0; /* a program may write it, but not groups */
        decimal = '.';
    }
    const size_t first = net_digits_moved(&to, &from, 0);
    size_t size = first, some = first;
    int groups = 0, by_three = 1, by_two = thousands == ',' && first < 3;
    for (; thousands && *from == thousands; groups++) {
        by_three = by_three && (groups == 0 || size == 3);
        by_two = by_two && (groups == 0 || size == 2);
        from++;
        size = net_digits_moved(&to, &from, 0);
        some += size;
    }
    if (groups && (size != 3 || first < 1 || first > 3 || *text == '0' || !(by_three || by_two))) {
        return (double)INFINITY;
    }
    if (*from == decimal) {
        *to++ = '.';
        from++;
        some += net_digits_moved(&to, &from, 0);
    }
    if (some && (*from == 'e' || *from == 'E')) {
        some = net_digits_moved(&to, &from, from[1] == '+' || from[1] == '-' ? 2 : 1);
    }
    if (*from || !some) {
        return (double)INFINITY;
    }
    *to = 0;
    const double number = strtod(text, &stop);
    return *stop || number > LARGEST ? (double)INFINITY : number;
}

/* The number that a text stands for, in the style of its column; NAN if it means a missing value, as one of count texts
   does, and INFINITY for any other text. */
static inline double net_number_of(const char *text, const char *const *missing, int count, const char *thousands,
    const char *decimal, const char *prefix, const char *suffix, const char *minus) {
    static const char spaces[] = " \t\n\v\f\r", signs[] = "+-";
    char room[256];
    if (strlen(text) >= sizeof room) {
        return (double)INFINITY;
    }
    memcpy(room, text, strlen(text) + 1);
    net_replace(room, "\xC2\xA0", ' '); /* the space that breaks no line, the thin one, and the narrow one */
    net_replace(room, "\xE2\x80\x89", ' ');
    net_replace(room, "\xE2\x80\xAF", ' ');
    char *start = room + strspn(room, spaces), *end = start + strlen(start);
    while (end > start && strchr(spaces, end[-1])) {
        *--end = 0;
    }
    for (int i = 0; i < count; i++) {
        if (strcmp(start, missing[i]) == 0) {
            return (double)NAN;
        }
    }
    if (net_is_missing(start)) {
        return (double)NAN;
    }
    net_replace(start, "\xE2\x88\x92", '-'); /* the minus of mathematics */
    end = start + strlen(start);
    char sign = 0;
    for (;;) {
        for (; start < end && *start == ' '; start++) {
        }
        for (; start < end && end[-1] == ' '; end--) {
        }
        *end = 0;
        const size_t size = strlen(start), before = strlen(prefix), after = strlen(suffix);
        if (before && strncmp(start, prefix, before) == 0) {
            start += before;
            prefix = "";
        } else if (after && after <= size && strcmp(end - after, suffix) == 0) {
            end -= after;
            suffix = "";
        } else if (!sign && size && strchr(signs, *start)) {
            sign = *start++;
        } else if (!sign && size && *minus == 'a' && strchr(signs, end[-1]) && !(size > 1 && strchr(".,", end[-2]))) {
            sign = *--end;
        } else if (!sign && size > 1 && *minus == 'p' && *start == '(' && end[-1] == ')') {
            sign = '-';
            start++;
            end--;
        } else {
            break;
        }
    }
    if (*thousands == '\'') {
        net_replace(start, "\xE2\x80\x99", '\'');
    }
    const double number = net_unsigned(start, *thousands, *decimal);
    return sign == '-' && isfinite(number) ? -number : number;
}

/* Whether a text goes on with a mark, which is then left behind. */
static inline int net_skip(const char **text, char mark) {
    const int there = **text == mark;
    *text += there;
    return there;
}

/* The number of the next digits of a text, of which there are from least to most; -1 if there are fewer. */
static inline int32_t net_digits(const char **text, int least, int most) {
    int32_t number = 0;
    int count = 0;
    for (; count < most && **text >= '0' && **text <= '9'; count++) {
        number = 10 * number + (*(*text)++ - '0');
    }
    return count < least ? -1 : number;
}

/* The days from the start of 1970 to a date, by years that begin in March and end with the leap day. */
static inline int32_t net_day_number(int32_t year, int32_t month, int32_t day) {
    year -= month < 3;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * ((month + 9) % 12) + 2) / 5 + day - 719469;
}

/* The seconds from the start of 1970 to a date in a form such as DD.MM.YYYY or in ISO 8601, whose zone does not count;
   NAN if the text means a missing value, INFINITY for any other text. */
static inline double net_date_of(const char *text, const char *form) {
    static const char spaces[] = " \t\n\v\f\r";
    int32_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0;
    if (net_is_missing(text)) {
        return (double)NAN;
    }
    text += strspn(text, spaces);
    if (strcspn(text, "-") == 4 && text[4]) {
        form = "YYYY-MM-DD";
    }
    for (; *form; form += *form == 'Y' ? 4 : *form == 'M' || *form == 'D' ? 2 : 1) {
        if (*form == 'Y') {
            year = net_digits(&text, 4, 4);
        } else if (*form == 'M') {
            month = net_digits(&text, 1, 2);
        } else if (*form == 'D') {
            day = net_digits(&text, 1, 2);
        } else if (!net_skip(&text, *form)) {
            return (double)INFINITY;
        }
    }
    if (text[strspn(text, spaces)] && (net_skip(&text, 'T') || net_skip(&text, ' '))) {
        hour = net_digits(&text, 1, 2);
        minute = net_skip(&text, ':') ? net_digits(&text, 2, 2) : -1;
        if (net_skip(&text, ':')) {
            second = net_digits(&text, 2, 2);
            if (net_skip(&text, '.')) {
                const size_t places = strspn(text, "0123456789");
                zone = places ? 0 : -1;
                text += places;
            }
        }
        if (net_skip(&text, '+') || net_skip(&text, '-')) {
            zone |= net_digits(&text, 2, 2);
            if (net_skip(&text, ':') || strspn(text, "0123456789")) {
                zone |= net_digits(&text, 2, 2);
            }
        } else {
            net_skip(&text, 'Z');
        }
    }
    const int32_t start = net_day_number(year, month, 1), days = net_day_number(year, month + 1, 1) - start;
    if (text[strspn(text, spaces)] || year < 1 || month < 1 || month > 12 || day < 1 || day > days || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || zone < 0) {
        return (double)INFINITY;
    }
    return 86400.0 * (start + day - 1) + 3600.0 * hour + 60.0 * minute + second;
}

/* helpers: dates */

/* Whether seconds from the start of 1970 are a date of the years 1 to 9999. */
static inline int net_is_date(double seconds) {
    return -62135596800.0 <= seconds && seconds < 253402300800.0;
}

/* The year and the month of a date, by eras of 400 years that begin in March. */
static inline void net_calendar(double seconds, int32_t *year, int32_t *month) {
    const int32_t days = (int32_t)floor(seconds / 86400.0) + 719468, era = days / 146097, day = days % 146097;
    const int32_t of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    *month = ((5 * (day - 365 * of_era - of_era / 4 + of_era / 100) + 2) / 153 + 2) % 12 + 1;
    *year = 400 * era + of_era + (*month < 3);
}

/* The year of a date. */
static inline double net_year(double seconds) {
    int32_t year, month;
    net_calendar(seconds, &year, &month);
    return year;
}

/* The month of a date, from 1. */
static inline double net_month(double seconds) {
    int32_t year, month;
    net_calendar(seconds, &year, &month);
    return month;
}

/* The days since another date; a time is a fraction of a day. */
static inline double net_days(double seconds, double since) {
    return (seconds - since) / 86400.0;
}

/* The day of the week, 0 for Monday. */
static inline double net_weekday(double seconds) {
    return ((int32_t)floor(seconds / 86400.0) + 719162) % 7;
}

/* The hour of the day; minutes and seconds are a fraction of an hour. */
static inline double net_hour(double seconds) {
    return (seconds - 86400.0 * floor(seconds / 86400.0)) / 3600.0;
}

/* The sine of a value that begins again after a period. */
static inline double net_sine(double value, double period) {
    return sin(6.283185307179586 * (value / period));
}

/* The cosine of a value that begins again after a period. */
static inline double net_cosine(double value, double period) {
    return cos(6.283185307179586 * (value / period));
}

/* A number within 3 of 0; a small one stays nearly as it is: the smooth clip of RealMLP. */
static inline double net_smooth_clip(double x) {
    return x / sqrt(1.0 + (x / 3.0) * (x / 3.0));
}

/* helpers: answers */

#if NET_ROW_ARRAY
/* The inputs of the network for a row of the data. Returns 0; or, if a value is refused, the number of its column from
   1. */
static inline int net_encode(RAW, real *x) {
    for (int i = 0; i < NET_COLUMNS; i++) {
        if (row[i] - row[i] != 0) {
            return i + 1;
        }
#if !NET_SCALED
        x[i] = row[i];
#endif
    }
#if NET_SCALED
    net_scale(row, x);
#endif
    return 0;
}
#endif

#if NET_CLASSIFIES
/* The class that the outputs stand for, whose name net_name_of_class has; -1 if one is NaN. */
static inline int net_decode(const real *outputs) {
#if NET_SEVERAL
    int best = 0;
    for (int i = 0; i < NET_OUTPUTS; i++) {
        if (outputs[i] != outputs[i]) {
            return -1;
        }
        best = outputs[i] > outputs[best] ? i : best;
    }
    return best;
#else
    return outputs[0] > THRESHOLD ? 1 : outputs[0] == outputs[0] ? 0 : -1;
#endif
}

/* The class of a row of the data; or -1 if a value is refused or an output is NaN. IF(NET_WORK_MEMORY)(memory has room for NET_WORK
   numbers.) */
static inline int net_predict(const real *params, RAW IF(NET_WORK_MEMORY)(, real *memory)) {
    real x[NET_INPUTS], outputs[NET_OUTPUTS];
    if (net_encode(row, x) != 0) {
        return -1;
    }
    net_forward(params, x, outputs IF(NET_WORK_MEMORY)(, memory));
    return net_decode(outputs);
}
#elif NET_PREDICTS
/* The answers for a row of the data. Returns 0; or, if a value is refused, the number of its column from 1; or, if an
   output is NaN, -1.
   IF(NET_WORK_MEMORY)(memory has room for NET_WORK numbers.) */
static inline int net_predict(const real *params, RAW, double *answers IF(NET_WORK_MEMORY)(, real *memory)) {
    real x[NET_INPUTS], outputs[NET_OUTPUTS];
    const int refused = net_encode(row, x);
    if (refused == 0) {
        net_forward(params, x, outputs IF(NET_WORK_MEMORY)(, memory));
        net_decode(outputs, answers);
        for (int i = 0; i < NET_OUTPUTS; i++) {
            if (outputs[i] != outputs[i]) {
                return -1;
            }
        }
    }
    return refused;
}
#endif

#if NET_ANOMALIES
/* The anomaly score of a row of the data: the mean squared error of its encoded columns. Returns 0; or, if a value is
   refused, the number of its column from 1; or, if an output is NaN, -1.
   IF(NET_WORK_MEMORY)(memory has room for NET_WORK numbers.) */
static inline int net_anomaly_score(const real *params, RAW, real *score IF(NET_WORK_MEMORY)(, real *memory)) {
    real x[NET_INPUTS], outputs[NET_OUTPUTS];
    const int refused = net_encode(row, x);
    if (refused == 0) {
        net_forward(params, x, outputs IF(NET_WORK_MEMORY)(, memory));
        *score = 0;
        for (int i = 0; i < NET_OUTPUTS; i++) {
            *score += (outputs[i] - x[i]) * (outputs[i] - x[i]);
        }
        *score /= NET_OUTPUTS;
        return *score == *score ? 0 : -1;
    }
    return refused;
}
#endif

#if NET_LIMITED
/* SAYS_ANOMALY. Returns 1 or 0; or -1 if a value is refused or an output is NaN.
   IF(NET_WORK_MEMORY)(memory has room for NET_WORK numbers.) */
static inline int net_is_anomaly(const real *params, RAW IF(NET_WORK_MEMORY)(, real *memory)) {
    real score = 0;
    return net_anomaly_score(params, row, &score IF(NET_WORK_MEMORY)(, memory)) != 0 ? -1 : score > LIMIT;
}
#endif

#if NET_SHARES
/* The probability of each class for a row of the data. Returns 0; or, if a value is refused, the number of its column
   from 1; or, if an output is NaN, -1. IF(NET_WORK_MEMORY)(memory has room for NET_WORK numbers.) */
static inline int net_predict_proba(const real *params, RAW, real *shares IF(NET_WORK_MEMORY)(, real *memory)) {
    real x[NET_INPUTS];
    const int refused = net_encode(row, x);
    if (refused == 0) {
#if NET_SEVERAL
        net_forward(params, x, shares IF(NET_WORK_MEMORY)(, memory));
        return net_decode(shares) < 0 ? -1 : 0;
#else
        net_forward(params, x, shares + 1 IF(NET_WORK_MEMORY)(, memory));
        shares[0] = 1 - shares[1];
        return net_decode(shares + 1) < 0 ? -1 : 0;
#endif
    }
    return refused;
}
#endif

#if NET_INTERVALS && NET_CLASSIFIES
/* The HOLDS. Returns 0; or, if a value is refused, the number of its column from 1; or, if an output is NaN, -1.
   IF(NET_WORK_MEMORY)(memory has room for NET_WORK numbers.) */
static inline int net_predict_interval(const real *params, RAW, int *within IF(NET_WORK_MEMORY)(, real *memory)) {
    real shares[NET_CLASSES];
    const int refused = net_predict_proba(params, row, shares IF(NET_WORK_MEMORY)(, memory));
    for (int i = 0; i < NET_CLASSES && refused == 0; i++) {
        within[i] = 1 - shares[i] <= SCORE;
    }
    return refused;
}
#elif NET_INTERVALS
/* The HOLDS. Returns 0; or, if a value is refused, the number of its column from 1; or, if an output is NaN, -1.
   IF(NET_WORK_MEMORY)(memory has room for NET_WORK numbers.) */
static inline int net_predict_interval(const real *params, RAW, double *bounds IF(NET_WORK_MEMORY)(, real *memory)) {
    double answers[NET_OUTPUTS];
    const int refused = net_predict(params, row, answers IF(NET_WORK_MEMORY)(, memory));
    for (int i = 0; i < NET_OUTPUTS && refused == 0; i++) {
#if NET_LOGS
        bounds[2 * i] = answers[i] / net_scores[i];
        bounds[2 * i + 1] = answers[i] * net_scores[i];
#else
        bounds[2 * i] = answers[i] - net_scores[i];
        bounds[2 * i + 1] = answers[i] + net_scores[i];
#endif
    }
    return refused;
}
#endif

/* helpers: rows and their columns */

/* How much each input moves output k on the straight way from start to x, by the midpoint rule. */
static inline void net_integrated_gradients(const real *params, const real *start, const real *x, int k,
    real *parts IF(NET_WORK_MEMORY)(, real *memory)) {
#if NET_WORK_MEMORY
    real *point = net_take(&memory, NET_INPUTS), *sums = net_take(&memory, NET_INPUTS);
    real *rows = net_take(&memory, NET_OUTPUTS * NET_INPUTS);
#else
    real point[NET_INPUTS], sums[NET_INPUTS], rows[NET_OUTPUTS * NET_INPUTS];
#endif
    net_forward(params, start, rows IF(NET_WORK_MEMORY)(, memory));
    const real first = rows[k];
    net_forward(params, x, rows IF(NET_WORK_MEMORY)(, memory));
    const real whole = rows[k] - first;
    int steps = 8;
    real missed;
    do {
        steps *= 2;
        for (int j = 0; j < NET_INPUTS; j++) {
            sums[j] = 0;
        }
        for (int i = 0; i < steps; i++) {
            const real share = (real)(2 * i + 1) / (real)(2 * steps);
            for (int j = 0; j < NET_INPUTS; j++) {
                point[j] = start[j] + share * (x[j] - start[j]);
            }
            net_jacobian(params, point, rows IF(NET_WORK_MEMORY)(, memory));
            for (int j = 0; j < NET_INPUTS; j++) {
                sums[j] += rows[k * NET_INPUTS + j];
            }
        }
        missed = -whole;
        for (int j = 0; j < NET_INPUTS; j++) {
            parts[j] = (x[j] - start[j]) * sums[j] / (real)steps;
            missed += parts[j];
        }
        missed = real_fabs(missed);
    } while (steps < 1024 && missed > negligible && 100 * missed > real_fabs(whole));
}

/* helpers: random numbers */

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t net_bits(uint32_t seed, uint32_t index) {
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
static inline double net_uniform(uint32_t seed, uint32_t index) {
    return net_bits(seed, index) / 4294967296.0;
}

/* The dropout factor of unit index: 0 with probability rate, otherwise 1 / (1 - rate); 1 without a seed. */
static inline real net_keep(const uint32_t *seed, uint32_t index, double rate) {
    if (!seed) {
        return 1;
    }
#if NET_FLOAT
    return net_uniform(*seed, index) < rate ? 0 : (float)(1.0 / (1.0 - rate));
#else
    return net_uniform(*seed, index) < rate ? 0 : 1.0 / (1.0 - rate);
#endif
}

/* The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6. */
static inline double net_normal(uint32_t seed, uint32_t index) {
    double total = 0.0;
    for (uint32_t k = 0; k < 12; k++) {
        total += net_uniform(seed, 12 * index + k);
    }
    return total - 6.0;
}

/* The index-th normal number of this seed; if it is beyond ±cut, that of other seeds, until one is within. */
static inline double net_truncated(uint32_t seed, uint32_t index, double cut) {
    double n = net_normal(seed, index);
    for (uint32_t attempt = 1; fabs(n) > cut; attempt++) {
        n = net_normal(net_bits(attempt, seed), index);
    }
    return n;
}

/* A matrix of normal random numbers from start on, made orthonormal along its shorter side; row by row.

   This is the modified Gram-Schmidt process, done twice: rounding leaves the first vectors not quite orthogonal. */
static inline void net_orthogonal(double *matrix, uint32_t seed, uint32_t start, int rows, int columns) {
    const int count = rows < columns ? rows : columns, length = rows < columns ? columns : rows;
    const int step = rows <= columns ? columns : 1, along = rows <= columns ? 1 : columns;
    for (int i = 0; i < rows * columns; i++) {
        matrix[i] = net_normal(seed, start + (uint32_t)i);
    }
    for (int k = 0; k < 2 * count; k++) {
        double *q = &matrix[step * (k % count)], norm = 0.0;
        for (int i = 0; i < length; i++) {
            norm += q[along * i] * q[along * i];
        }
        for (int i = 0; i < length; i++) {
            q[along * i] /= sqrt(norm);
        }
        for (int other = k % count + 1; other < count; other++) {
            double *v = &matrix[step * other], share = 0.0;
            for (int i = 0; i < length; i++) {
                share += q[along * i] * v[along * i];
            }
            for (int i = 0; i < length; i++) {
                v[along * i] -= share * q[along * i];
            }
        }
    }
}

/* The order of an epoch's n examples, by random keys and Shell's method; the given order if seed is NULL. */
static inline void net_order(uint32_t *order, uint32_t *keys, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        keys[i] = seed ? net_bits(*seed, epoch * n + i) : 0;
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

/* helpers: steps of rows */

#if NET_LAZY
/* Add the rows that an example selects to a list of count rows, unless they are noted already. Returns its new length. */
static inline int net_note(const real *x, real *noted, real *list, int count) {
    for (int i = 0, before = 0; i < ID_INPUTS; i++) {
        const int row = before + (int)x[i];
        if (noted[row] == 0) {
            noted[row] = 1;
            list[count++] = (real)row;
        }
        before += (int)net_ids[i];
    }
    return count;
}

#if NET_CLIPS
/* Divide sums over a batch by its size, and return the sum of the squares. */
static inline real net_mean(real *gradient, int first, int count, real size) {
    real squares = 0;
#else
/* Divide sums over a batch by its size. */
static inline void net_mean(real *gradient, int first, int count, real size) {
#endif
    for (int i = first; size != 1 && i < first + count; i++) {
        gradient[i] /= size;
    }
#if NET_CLIPS
    for (int i = first; i < first + count; i++) {
        squares += gradient[i] * gradient[i];
    }
    return squares;
#endif
}

/* Set derivatives to 0. */
static inline void net_clear(real *gradient, int first, int count) {
    for (int i = first; i < first + count; i++) {
        gradient[i] = 0;
    }
}
#endif

/* helpers: training */

/* One epoch of training: each of n examples once, in batches of batch_size (0: all in one), in the order of the seed
   (NULL: the given one). Returns the loss, measured before each step. IF(NET_VALIDATION)(Example i is row rows[i] of the
   data.) IF(NET_EXAMPLE_WEIGHTS)(The weights say how much each counts; if they are NULL, all count 1.) memory has room
   for ROOM numbers IF(NET_NORMALIZATION)(and batch_size * NET_EXAMPLE), order for 2 * n. */
static inline real net_epoch(real *params IF(NET_HAS_STATE)(, real *state), DATA
    IF(NET_VALIDATION)(, const uint32_t *rows), uint32_t n, uint32_t batch_size, const uint32_t *seed, uint32_t epoch,
    real *memory, uint32_t *order) {
    real *gradient = memory IF(NET_TILES)(+ NET_BATCH), total = 0 IF(NET_WEIGHTED_MEAN)(, counted = 0);
    batch_size = batch_size ? batch_size : n;
    net_order(order, order + n, n, seed, epoch);
#if NET_LAZY
    real *noted = gradient + NET_PARAMETERS, *list = noted + ROWS;
    for (int i = 0; i < NET_PARAMETERS + ROWS; i++) {
        gradient[i] = 0; /* noted follows it */
    }
#endif
#if NET_WORK_MEMORY && !NET_TOGETHER
    real *work = IF(NET_LAZY)(list + ROWS) UNLESS(NET_LAZY)(gradient + NET_PARAMETERS);
#endif
#if NET_DROPOUT && !NET_NORMALIZATION
    uint32_t *seeds = order + n;
#endif
#if !NET_NORMALIZATION && NET_DROPOUT || !NET_NORMALIZATION && NET_VALIDATION
    for (uint32_t i = 0; i < n; i++) {
#if NET_DROPOUT
        seeds[i] = net_bits(seed ? *seed : TRAINING_SEED, epoch * n + order[i]);
#endif
#if NET_VALIDATION
        order[i] = rows[order[i]];
#endif
    }
#endif
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
#if NET_WEIGHTED_MEAN
        real weight = 0;
        for (uint32_t k = 0; k < size; k++) {
            const uint32_t i = ROW;
            weight += COUNTS;
        }
        if (!(weight > 0)) {
            return no_number; /* no share is left for any example */
        }
        counted += weight;
#endif
#if NET_NORMALIZATION
        real *x = memory + NET_PARAMETERS, *y = x + (size_t)size * NET_INPUTS;
#if NET_EXAMPLE_WEIGHTS
        real *counts = y + (size_t)size * NET_OUTPUTS;
#endif
#if NET_DROPOUT
        uint32_t *seeds = order + n;
#endif
        for (uint32_t k = 0; k < size; k++) {
            const uint32_t i = ROW;
            for (uint32_t j = 0; j < NET_INPUTS; j++) {
                x[(size_t)k * NET_INPUTS + j] = xs[(size_t)i * NET_INPUTS + j];
            }
            for (uint32_t j = 0; j < NET_OUTPUTS; j++) {
                y[(size_t)k * NET_OUTPUTS + j] = ys[(size_t)i * NET_OUTPUTS + j];
            }
#if NET_EXAMPLE_WEIGHTS
            counts[k] = weights ? weights[i] : 1;
#endif
#if NET_DROPOUT
            seeds[k] = net_bits(seed ? *seed : TRAINING_SEED, epoch * n + order[start + k]);
#endif
        }
        const real batch_loss = net_batch_gradient(
            params, x, y IF(NET_EXAMPLE_WEIGHTS)(, counts) IF(NET_DROPOUT)(, seeds), size, params, gradient,
            IF(NET_EXAMPLE_WEIGHTS)(counts + size) UNLESS(NET_EXAMPLE_WEIGHTS)(y + (size_t)size * NET_OUTPUTS)
        );
#elif NET_LAZY || NET_ADDED_HERE
#if NET_LAZY
        int count = 0;
#endif
        real batch_loss = 0;
#if !NET_LAZY
        for (int i = 0; i < NET_PARAMETERS; i++) {
            gradient[i] = 0;
        }
#endif
        for (uint32_t k = 0; k < size; k++) {
            const size_t i = order[start + k];
            batch_loss += net_add_gradient(
                params, xs + i * NET_INPUTS, ys + i * NET_OUTPUTS IF(NET_WEIGHTED_MEAN)(, COUNTS / weight)
                IF(NET_OWN_WEIGHT)(, weights ? weights[i] : 1) IF(NET_DROPOUT)(, &seeds[start + k]), gradient
                IF(NET_WORK_MEMORY)(, work)
            );
#if NET_LAZY
            count = net_note(xs + i * NET_INPUTS, noted, list, count);
#endif
        }
#if NET_MEAN && !NET_LAZY
        for (int i = 0; size > 1 && i < NET_PARAMETERS; i++) {
            gradient[i] /= (real)size;
        }
        batch_loss /= (real)size;
#endif
#else
        const real batch_loss = net_batch_gradient(
            params, GIVEN IF(NET_DROPOUT)(, seeds + start), order + start, size, gradient IF(NET_TILES)(, memory)
            IF(NET_WORK_ALONE)(, work)
        );
#endif
#if NET_LAZY
        net_step_of_rows(
            params, gradient IF(NET_HAS_STATE)(, state), noted, list, count, IF(NET_MEAN)((real)size) UNLESS(NET_MEAN)(1)
        );
#else
        net_step(params, gradient IF(NET_HAS_STATE)(, state));
#endif
        total += batch_loss IF(NET_WEIGHTED_MEAN)(* weight) IF(NET_TIMES_SIZE)(* (real)size);
    }
    return total IF(NET_WEIGHTED_MEAN)(/ counted) IF(NET_MEAN)(/ (real)n);
}

#if NET_VALIDATION
/* The loss over the n examples of validation, whose indices are in rows. IF(NET_TILES)(memory has room for NET_BATCH
   numbers.) IF(NET_WORK_OF_VALIDATION)(memory has room for NET_WORK numbers.) */
static inline real net_validation(const real *params, DATA, const uint32_t *rows, uint32_t n
    IF(NET_MEMORY_OF_VALIDATION)(, real *memory)) {
#if !NET_NORMALIZATION
    return net_batch_gradient(
        params, GIVEN IF(NET_DROPOUT)(, NULL), rows, n, NULL IF(NET_MEMORY)(, memory)
    );
#else
    real measured = 0 IF(NET_WEIGHTED_MEAN)(, counted = 0);
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t i = rows[k];
        const real *x = xs + (size_t)i * NET_INPUTS, *y = ys + (size_t)i * NET_OUTPUTS;
#if NET_WEIGHTED_MEAN
        const real weight = COUNTS;
        measured += weight * net_loss(params, x, y IF(NET_WORK_MEMORY)(, memory));
        counted += weight;
#else
        measured += net_loss(
            params, x, y IF(NET_OWN_WEIGHT)(, weights ? weights[i] : 1) IF(NET_WORK_MEMORY)(, memory)
        );
#endif
    }
    return measured IF(NET_WEIGHTED_MEAN)(/ counted) IF(NET_MEAN)(/ (real)n);
#endif
}
#endif

#if NET_RULE
/* Exchange the first count numbers of two arrays. */
static inline void net_exchange(real *some, real *others, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const real number = some[i];
        some[i] = others[i];
        others[i] = number;
    }
}
#endif

#if NET_FILES
/* Continue a training after done epochs, and return the number of epochs in all; 0 if fit refuses the examples.

   params, memory and history are as fit or this function has left them; the other arguments are those of fit.
   IF(NET_STOP)(After a training, params has the best parameters, and memory the last ones IF(NET_EVERY)(, unless no
   epoch was measured).) */
static inline uint32_t net_resume(real *params, DATA, uint32_t n, uint32_t done, uint32_t epochs, uint32_t batch_size,
    const uint32_t *seed, real *history, real *memory, uint32_t *order) {
#else
/* Train on n examples, and return the number of epochs: 0 if REFUSALS. batch_size and seed are those of epoch; the spec
   says ORDER_SEED. IF(NET_EXAMPLE_WEIGHTS)(The weights say how much each example counts; if they are NULL, all count 1.)
   history, if not NULL, gets the loss of each epoch. memory has room for NET_MEMORY numbers IF(NET_NORMALIZATION)(and
   batch_size * NET_EXAMPLE), order for PLACES * n.

   STOP_RULE */
static inline uint32_t net_fit(real *params, DATA, uint32_t n, uint32_t epochs, uint32_t batch_size,
    const uint32_t *seed, real *history, real *memory, uint32_t *order) {
#endif
#if NET_REFUSES
    for (uint32_t i = 0; i < n; i++) {
        if (REFUSED) {
            return 0;
        }
    }
#endif
#if NET_LISTED
    const uint32_t kept = KEPT;
    if (n < LEAST) {
        return 0;
    }
    uint32_t *rows = order + 2 * (size_t)n, trained = 0;
    for (uint32_t i = 0, k = 0; i < n; i++) {
        if (k < kept && i == net_kept[k]) {
            k++;
        } else {
            rows[trained++] = i;
        }
    }
    n = trained;
#elif NET_VALIDATION
    const uint32_t kept = (uint32_t)lrint(SHARE * n), draw = DRAW;
    if (!(0 < kept && kept < n)) {
        return 0;
    }
    uint32_t *validation = order + 2 * (size_t)n, *rows = validation + kept, last, trained = 0;
    net_order(validation, order, n, &draw, 0);
    last = net_bits(draw, validation[kept - 1]);
    for (uint32_t i = 0; i < n; i++) {
        if (net_bits(draw, i) > last) {
            rows[trained++] = i;
        }
    }
    n = trained;
#endif
#if NET_HAS_STATE
    real *state = memory IF(NET_STOP)(, *best_params = state + NET_STATE) IF(NET_RULE)(, *rule = best_params + NET_PARAMETERS);
#elif NET_STOP
    real *best_params = memory IF(NET_RULE)(, *rule = best_params + NET_PARAMETERS);
#endif
#if NET_RULE
    real measured = rule[0], best = rule[1], since = rule[2];
    net_exchange(params, best_params, IF(NET_EVERY)(done < EVERY ? 0 :) NET_PARAMETERS);
#elif NET_STOP
    real measured = infinite, best = measured IF(NET_SINCE)(, since = 0);
#endif
#if !NET_FILES
    uint32_t done = 0;
#if NET_HAS_STATE
    net_init_state(state);
#endif
#if NET_STOP
    for (int i = 0; i < NET_PARAMETERS; i++) {
        best_params[i] = params[i];
    }
#endif
#endif
    for (; n > 0 && done < epochs; done++) {
#if NET_STOP
        if (STOPS) {
            break;
        }
#endif
        const real epoch_loss = net_epoch(
            params IF(NET_HAS_STATE)(, state), GIVEN IF(NET_VALIDATION)(, rows), n, batch_size, seed, done, WORK, order
        );
        if (history) {
            history[done] = epoch_loss;
        }
#if NET_EVERY
        if ((done + 1) % EVERY != 0) {
            continue;
        }
#endif
#if NET_LISTED
        measured = net_validation(params, GIVEN, net_kept, kept IF(NET_MEMORY_OF_VALIDATION)(, WORK));
#elif NET_VALIDATION
        measured = net_validation(params, GIVEN, validation, kept IF(NET_MEMORY_OF_VALIDATION)(, WORK));
#elif NET_STOP
        measured = epoch_loss;
#endif
#if NET_SINCE
        since += EVERY;
#endif
#if NET_STOP
        if (measured < best) {
            best = measured;
#if NET_SINCE
            since = 0;
#endif
            for (int i = 0; i < NET_PARAMETERS; i++) {
                best_params[i] = params[i];
            }
        }
#endif
    }
#if NET_RULE
    net_exchange(params, best_params, IF(NET_EVERY)(done < EVERY ? 0 :) NET_PARAMETERS);
    rule[0] = measured;
    rule[1] = best;
    rule[2] = since;
#elif NET_STOP
    for (int i = 0; IF(NET_EVERY)(done >= EVERY && )i < NET_PARAMETERS; i++) {
        params[i] = best_params[i];
    }
#endif
    return done;
}

#if NET_FILES
/* Train on n examples, and return the number of epochs: 0 if REFUSALS. batch_size and seed are those of epoch; the spec
   says ORDER_SEED. IF(NET_EXAMPLE_WEIGHTS)(The weights say how much each example counts; if they are NULL, all count 1.)
   history, if not NULL, gets the loss of each epoch. memory has room for NET_MEMORY numbers IF(NET_NORMALIZATION)(and
   batch_size * NET_EXAMPLE), order for PLACES * n.

   STOP_RULE */
static inline uint32_t net_fit(real *params, DATA, uint32_t n, uint32_t epochs, uint32_t batch_size,
    const uint32_t *seed, real *history, real *memory, uint32_t *order) {
#if NET_HAS_STATE
    net_init_state(memory);
#endif
#if NET_STOP
    real *best_params = memory IF(NET_HAS_STATE)(+ NET_STATE), *rule = best_params + NET_PARAMETERS;
    for (int i = 0; i < NET_PARAMETERS; i++) {
        best_params[i] = params[i];
    }
    rule[0] = rule[1] = infinite;
    rule[2] = 0;
#endif
    return net_resume(params, GIVEN, n, 0, epochs, batch_size, seed, history, memory, order);
}
#endif

/* helpers: sums of products */

/* The products of matrices over examples, which follow one another. Each number is summed in the order in which the
   equations of one example sum it: that gives the same bits, and leaves a compiler vectors over other numbers only.

   Sixteen sums at a time where a processor has 32 registers for vectors, and eight where it has 16, by trial with gcc
   12 and clang 14: other shapes with as many sums, or twelve of six by two, were faster for some networks and slower
   for others. */

/* gcc and clang: vectors of numbers, as many as a register holds or four; an AVR has none */
#if NET_TILE >= 4 && defined(__GNUC__) && !defined(__AVR__)
#if defined(__AVX512F__)
#define NET_LANES NET_SUMS
#elif defined(__AVX__)
#define NET_LANES NET_HALF
#else
#define NET_LANES NET_QUARTER
#endif
#define NET_VECTOR(count) __attribute__((vector_size((count) * sizeof(real)), aligned(sizeof(real)), may_alias))
typedef real net_vector NET_VECTOR(NET_LANES);
typedef real net_four NET_VECTOR(4);

/* the vectors that registers sum side by side, for four rows; of dots, the rows of both, and the parts of their sums */
#if defined(__AVX512F__) || defined(__aarch64__)
#define NET_ACROSS 4
#else
#define NET_ACROSS 2
#endif
#define NET_PARTS (4 / NET_ACROSS)

/* the numbers of a and b, which follow one another, at some places */
#if defined(__clang__) || __GNUC__ >= 12
#define NET_AT(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#if NET_FLOAT
typedef int32_t net_places NET_VECTOR(NET_LANES);
#else
typedef int64_t net_places NET_VECTOR(NET_LANES);
#endif
#define NET_AT(a, b, ...) __builtin_shuffle(a, b, (net_places){__VA_ARGS__})
#endif

/* Load vectors, which begin step numbers apart. */
static inline void net_load(net_vector *to, const real *from, size_t step, size_t count) {
    for (size_t t = 0; t < count; t++) {
        to[t] = *(const net_vector *)(from + t * step);
    }
}

/* y[i][j] += the sum over k of v[i][k] w[k][j] for four i and so many vectors of j. In v, i + 1 lies row numbers after
   i, and k + 1 lies column numbers after k; rows of w and y have as many numbers as columns says. The first numbers of
   a single vector, as many as skipped says, keep their values. */
__attribute__((always_inline))
static inline void net_add_tile(size_t across, const real *v, size_t row, size_t column,
    const real *w, size_t terms, real *y, size_t columns, size_t skipped) {
    const net_vector zeros = {0};
    net_vector sums[4][NET_ACROSS], q[NET_ACROSS];
    for (size_t i = 0; i < 4; i++) {
        net_load(sums[i], y + i * columns, NET_LANES, across);
    }
    for (size_t k = 0; k < terms; k++) {
        net_load(q, w + k * columns, NET_LANES, across);
        for (size_t i = 0; i < 4; i++) {
            const net_vector p = v[i * row + k * column] - zeros;
            for (size_t j = 0; j < across; j++) {
                sums[i][j] += p * q[j];
            }
        }
    }
    for (size_t i = 0; i < 4; i++) {
        real *to = y + i * columns, last[NET_LANES];
        *(net_vector *)last = sums[i][0];
        for (size_t t = skipped; skipped && t < NET_LANES; t++) {
            to[t] = last[t];
        }
        for (size_t j = 0; !skipped && j < across; j++) {
            *(net_vector *)(to + j * NET_LANES) = sums[i][j];
        }
    }
}

/* The partial sums of dot, of NET_ACROSS rows i of w and j of x: vector 16 * t + 4 * j + i receives part t. */
static inline void net_sum_parts(const real *w, const real *x, size_t inputs, net_vector *found) {
    net_vector sums[NET_PARTS][NET_ACROSS][NET_ACROSS] = {{{{0}}}}, q[NET_ACROSS];
    for (size_t k = 0; k < inputs - inputs % NET_SUMS; k += NET_SUMS) {
        for (size_t t = 0; t < NET_PARTS; t++) {
            net_load(q, x + k + t * NET_LANES, inputs, NET_ACROSS);
            for (size_t i = 0; i < NET_ACROSS; i++) {
                const net_vector p = *(const net_vector *)(w + i * inputs + k + t * NET_LANES);
                for (size_t j = 0; j < NET_ACROSS; j++) {
                    sums[t][j][i] += p * q[j];
                }
            }
        }
    }
    for (size_t t = 0; t < NET_PARTS; t++) {
        for (size_t j = 0; j < NET_ACROSS; j++) {
            for (size_t i = 0; i < NET_ACROSS; i++) {
                found[16 * t + 4 * j + i] = sums[t][j][i];
            }
        }
    }
}

/* The same of four rows and all parts. */
static inline void net_sum_all(const real *w, const real *x, size_t inputs, net_vector *found) {
    for (size_t t = 0; t < NET_SUMS / NET_LANES; t += NET_PARTS) {
        for (size_t j = 0; j < 4; j += NET_ACROSS) {
            for (size_t i = 0; i < 4; i += NET_ACROSS) {
                const size_t first = t * NET_LANES;
                net_sum_parts(w + i * inputs + first, x + j * inputs + first, inputs, found + 16 * t + 4 * j + i);
            }
        }
    }
}

#if NET_FLOAT
#define NET_PAIR(place) (place), NET_LANES + (place), (place) + 1, NET_LANES + (place) + 1
#define NET_FOUR(place) (place), (place) + 1, (place) + 2, (place) + 3
#if NET_LANES == 16
#define NET_IN_TURN(a, b, first) \
    NET_AT(a, b, NET_PAIR(first), NET_PAIR(4 + first), NET_PAIR(8 + first), NET_PAIR(12 + first))
#define NET_FOURS(a, b, first) \
    NET_AT(a, b, NET_FOUR(first), NET_FOUR(8 + first), NET_FOUR(16 + first), NET_FOUR(24 + first))
#elif NET_LANES == 8
#define NET_IN_TURN(a, b, first) NET_AT(a, b, NET_PAIR(first), NET_PAIR(4 + first))
#define NET_FOURS(a, b, first) NET_AT(a, b, NET_FOUR(first), NET_FOUR(8 + first))
#else
#define NET_IN_TURN(a, b, first) NET_AT(a, b, NET_PAIR(first))
#endif

/* Add the numbers of each of 16 vectors to one of 16 totals, one after the other: as many numbers at a time as there
   are totals in a vector. */
static inline void net_add_partial(net_vector *sums, net_vector *totals) {
    for (int k = 0; k < 16; k += 4) { /* in four vectors: number 0, 1, 2 or 3 of each four of all four */
        const net_vector a = NET_IN_TURN(sums[k], sums[k + 2], 0), b = NET_IN_TURN(sums[k + 1], sums[k + 3], 0);
        const net_vector c = NET_IN_TURN(sums[k], sums[k + 2], 2), d = NET_IN_TURN(sums[k + 1], sums[k + 3], 2);
        sums[k] = NET_IN_TURN(a, b, 0);
        sums[k + 1] = NET_IN_TURN(a, b, 2);
        sums[k + 2] = NET_IN_TURN(c, d, 0);
        sums[k + 3] = NET_IN_TURN(c, d, 2);
    }
#ifdef NET_FOURS
    for (int next = 4; next < NET_LANES; next *= 2) { /* and in each: four number 0, 1, 2 or 3 of all */
        for (int k = 0; k < 16; k++) {
            if (!(k & next)) {
                const net_vector a = sums[k], b = sums[k | next];
                sums[k] = NET_FOURS(a, b, 0);
                sums[k | next] = NET_FOURS(a, b, 4);
            }
        }
    }
#endif
    for (int k = 0; k < 16; k++) {
        totals[k / NET_LANES] += sums[k];
    }
}
#else
#if NET_LANES == 8
#define NET_HALVES(a, b, first) \
    NET_AT(a, b, first, 1 + first, 2 + first, 3 + first, 8 + first, 9 + first, 10 + first, 11 + first)
#define NET_PAIRS(a, b, first) \
    NET_AT(a, b, first, 1 + first, 4 + first, 5 + first, 8 + first, 9 + first, 12 + first, 13 + first)
#define NET_SINGLE(a, b, first) \
    NET_AT(a, b, first, 8 + first, 2 + first, 10 + first, 4 + first, 12 + first, 6 + first, 14 + first)
#elif NET_LANES == 4
#define NET_PAIRS(a, b, first) NET_AT(a, b, first, 1 + first, 4 + first, 5 + first)
#define NET_SINGLE(a, b, first) NET_AT(a, b, first, 4 + first, 2 + first, 6 + first)
#else
#define NET_SINGLE(a, b, first) NET_AT(a, b, first, 2 + first)
#endif

/* The sums of 16 arrays of 8 numbers, added in halves. Vector 16 * n + i of sums has part n of array i. */
static inline void net_add_halves(net_vector *sums, net_vector *found) {
    for (int half = NET_HALF / NET_LANES; half > 0; half /= 2) {
        for (int k = 0; k < half * 16; k++) {
            sums[k] += sums[half * 16 + k];
        }
    }
#ifdef NET_HALVES
    for (int k = 0; k < 8; k++) {
        const net_vector a = sums[k / 2 * 4 + k % 2], b = sums[k / 2 * 4 + k % 2 + 2];
        sums[k] = NET_HALVES(a, b, 0) + NET_HALVES(a, b, 4);
    }
#endif
#ifdef NET_PAIRS
    for (int k = 0; k < 32 / NET_LANES; k++) {
        const net_vector a = sums[k / 2 * 4 + k % 2], b = sums[k / 2 * 4 + k % 2 + 2];
        sums[k] = NET_PAIRS(a, b, 0) + NET_PAIRS(a, b, 2);
    }
#endif
    for (int k = 0; k < 16 / NET_LANES; k++) {
        const net_vector a = sums[2 * k], b = sums[2 * k + 1];
        found[k] = NET_SINGLE(a, b, 0) + NET_SINGLE(a, b, 1);
    }
}
#endif

/* z[k][i] += dot(W[i], x[k]) for four examples k and four units i, without the first ones, as many as skipped says. */
static inline void net_add_dots(const real *W, const real *x, real *z, size_t units, size_t inputs, int skipped) {
    __attribute__((aligned(64))) net_vector found[16 / NET_LANES] = {{0}}, sums[16 * NET_SUMS / NET_LANES];
    net_four *totals = (net_four *)found;
#if !NET_FLOAT
    net_sum_all(W, x, inputs, sums);
    net_add_halves(sums, found);
#endif
    for (size_t j = inputs - inputs % NET_SUMS; j < inputs; j++) {
        const net_four w = {W[j], W[inputs + j], W[2 * inputs + j], W[3 * inputs + j]};
        for (size_t k = 0; k < 4; k++) {
            totals[k] += w * x[k * inputs + j];
        }
    }
#if NET_FLOAT
    net_sum_all(W, x, inputs, sums);
    for (size_t part = 0; part < NET_SUMS / NET_LANES; part++) {
        net_add_partial(sums + 16 * part, found);
    }
#endif
    for (size_t k = 0; k < 4; k++) {
        if (skipped) {
            for (int i = skipped; i < 4; i++) {
                z[k * units + (size_t)i] += totals[k][i];
            }
        } else {
            *(net_four *)(z + k * units) += totals[k];
        }
    }
}
#endif

#ifdef __cplusplus
#define NET_RESTRICT __restrict
#else
#define NET_RESTRICT restrict
#endif

/* y[i][j] += the sum over k of v[i][k] w[k][j], in the order of k. In v, i + 1 lies row numbers after i, and k + 1
   lies column numbers after k. Of 32 k at a time, w stays in a cache. */
static inline void net_add_products(const real *NET_RESTRICT v, size_t row, size_t column, const real *NET_RESTRICT w,
    size_t terms, real *NET_RESTRICT y, size_t rows, size_t columns) {
    size_t whole = 0;
#ifdef NET_LANES
    const size_t lanes = NET_LANES;
    whole = columns < lanes ? 0 : rows - rows % 4;
    for (size_t first = 0; whole && first < terms; first += 32) {
        const size_t some = terms - first < 32 ? terms - first : 32;
        const real *from = w + first * columns;
#ifdef _OPENMP
#pragma omp parallel for if (whole * columns * some >= 2000000)
#endif
        for (size_t i = 0; i < whole; i += 4) {
            const real *factors = v + i * row + first * column;
            real *to = y + i * columns;
            size_t j = 0;
            for (; j + NET_ACROSS * lanes <= columns; j += NET_ACROSS * lanes) {
                net_add_tile(NET_ACROSS, factors, row, column, from + j, some, to + j, columns, 0);
            }
            for (; j < columns; j += lanes) { /* the last vector ends with the row */
                const size_t skipped = j + lanes <= columns ? 0 : j + lanes - columns, at = j - skipped;
                net_add_tile(1, factors, row, column, from + at, some, to + at, columns, skipped);
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
static inline void net_add_returned(const real *W, const real *dz, real *da, uint32_t count, int units, int inputs) {
    net_add_products(dz, (size_t)units, 1, W, (size_t)units, da, count, (size_t)inputs);
}

/* dW[i][j] += the sum over k of dz[k][i] x[k][j]: the derivatives with respect to weights, over count examples. */
static inline void net_add_outer(const real *dz, const real *x, real *dW, uint32_t count, int units, int inputs) {
    net_add_products(dz, 1, (size_t)units, x, count, dW, (size_t)units, (size_t)inputs);
}

/* z[k][i] += dot(W[i], x[k]): the weighted sums of count examples. Of eight units and four examples at a time, W and x
   stay in the cache next to the processor. */
static inline void net_add_sums(const real *W, const real *x, real *z, uint32_t count, int units, int inputs) {
    uint32_t whole = 0;
#ifdef NET_LANES
    if (inputs >= NET_SUMS && units >= 4) {
        whole = count - count % 4;
    }
#ifdef _OPENMP
#pragma omp parallel for if ((size_t)whole * (size_t)units * (size_t)inputs >= 2000000)
#endif
    for (int first = 0; first < units; first += 8) {
        for (uint32_t k = 0; k < whole; k += 4) {
            for (int i = first; i < units && i < first + 8; i += 4) {
                const int skipped = i + 4 <= units ? 0 : i + 4 - units; /* the last four units end with the row */
                const real *w = W + (size_t)(i - skipped) * (size_t)inputs;
                real *to = z + k * (size_t)units + i - skipped;
                net_add_dots(w, x + k * (size_t)inputs, to, (size_t)units, (size_t)inputs, skipped);
            }
        }
    }
#endif
    for (uint32_t k = whole; k < count; k++) {
        for (int i = 0; i < units; i++) {
            z[k * (size_t)units + (size_t)i] += net_dot(W + i * inputs, x + k * (size_t)inputs, inputs);
        }
    }
}

/* helpers: the numbers of the reference */

/* Whether one of n numbers differs from the expected ones, which begin at place. place moves to the next one to
   compare. */
static inline int net_selftest_differs(const real *found, int n, const real *meant, int *place, real tolerance) {
    for (int i = 0; i < n; i++) {
        const real number = meant[(*place)++];
        if (!(real_fabs(found[i] - number) <= tolerance * (1 + real_fabs(number)))) {
            return 1;
        }
    }
    return 0;
}

/* The same of four sums with random signs: a wrong number changes each of them. */
static inline int net_selftest_sums(const real *found, int n, const real *meant, int *place, real tolerance) {
    real sums[4];
    for (uint32_t k = 0; k < 4; k++) {
        double total = 0.0;
        for (int i = 0; i < n; i++) {
#if NET_FLOAT
            total += net_bits(k, (uint32_t)i) & 1 ? (double)found[i] : -(double)found[i];
#else
            total += net_bits(k, (uint32_t)i) & 1 ? found[i] : -found[i];
#endif
        }
#if NET_FLOAT
        sums[k] = (float)total;
#else
        sums[k] = total;
#endif
    }
    return net_selftest_differs(sums, 4, meant, place, tolerance);
}

#if NET_TESTS
/* Compare what the network computes with numbers of nngen's reference: 0 where all are right, else which is the first
   wrong one, counted from 1.

   They are, for each of TEST_STEPS examples, IF(NET_TEST_SUMS)(sums over) its outputs, its loss and
   IF(NET_TEST_SUMS)(sums over) its gradient IF(NET_TEST_SLOPES)(and its derivatives with respect to the inputs), and then IF(NET_TEST_SUMS)(sums over) the parameters after TEST_STEPS
   steps IF(NET_TEST_ROWS)(; at last, for each of some rows of the data, its inputs and the answer). The tolerance, such
   as TOLERANCE, is relative to 1 + |number|, and allows for exp and tanh of other platforms. memory has room for
   NET_SELFTEST numbers IF(NET_DRAWN)(, matrix for NET_MATRIX). */
static inline int net_selftest(real tolerance, real *memory IF(NET_DRAWN)(, double *matrix)) {
    real *start = memory, *params = start + NET_PARAMETERS, *gradient = params + NET_PARAMETERS;
#if NET_HAS_STATE
    real *state = gradient + NET_PARAMETERS, *x = state + NET_STATE, *y = x + NET_INPUTS, *found = y + NET_OUTPUTS;
#else
    real *x = gradient + NET_PARAMETERS, *y = x + NET_INPUTS, *found = y + NET_OUTPUTS;
#endif
    int place = 0;
#if NET_TEST_SLOPES
    real *slopes = found + NET_OUTPUTS;
#endif
#if NET_WORK_MEMORY
    memory = found + NET_OUTPUTS IF(NET_TEST_SLOPES)(+ NET_OUTPUTS * NUMBER_INPUTS);
#endif
    net_init(start, TEST_SEED IF(NET_DRAWN)(, matrix));
    for (uint32_t i = 0; i < NET_PARAMETERS; i++) {
        start[i] = (real)((double)start[i] + 0.2 * net_uniform(TEST_SEED, i) - 0.1);
        params[i] = start[i];
    }
#if NET_HAS_STATE
    net_init_state(state);
#endif
    for (uint32_t k = 0; k < TEST_STEPS; k++) {
        for (uint32_t i = 0; i < NET_INPUTS; i++) {
            x[i] = (real)(2.0 * net_uniform(k + TEST_SEED + 1, i) - 1.0);
        }
#if NET_IDS
        for (int i = 0; i < ID_INPUTS; i++) {
            x[i] = real_floor((x[i] + 1) / 2 * net_ids[i]);
        }
#endif
        for (uint32_t j = 0; j < NET_OUTPUTS; j++) {
#if NET_DISTRIBUTION
            y[j] = j == k % NET_OUTPUTS;
#else
            y[j] = (j + k) % 2 ? 1 : NEGATIVE;
#endif
        }
        net_forward(start, x, found IF(NET_WORK_MEMORY)(, memory));
        const real loss = net_loss(start, x, y IF(NET_OWN_WEIGHT)(, 1) IF(NET_WORK_MEMORY)(, memory));
        net_gradient(
            start, x, y IF(NET_OWN_WEIGHT)(, 1) IF(NET_SEED_OF_ONE)(, NULL), gradient IF(NET_WORK_MEMORY)(, memory)
        );
        net_step(params, gradient IF(NET_HAS_STATE)(, state));
        if (DIFFERS(found, NET_OUTPUTS, net_meant, &place, tolerance) ||
            net_selftest_differs(&loss, 1, net_meant, &place, tolerance) ||
            DIFFERS(gradient, NET_PARAMETERS, net_meant, &place, tolerance)) {
            return place;
        }
#if NET_TEST_SLOPES
        net_input_gradient(start, x, y IF(NET_OWN_WEIGHT)(, 1), slopes IF(NET_WORK_MEMORY)(, memory));
        if (DIFFERS(slopes, NUMBER_INPUTS, net_meant, &place, tolerance)) {
            return place;
        }
        net_jacobian(start, x, slopes IF(NET_WORK_MEMORY)(, memory));
        if (DIFFERS(slopes, NET_OUTPUTS * NUMBER_INPUTS, net_meant, &place, tolerance)) {
            return place;
        }
#endif
    }
    if (DIFFERS(params, NET_PARAMETERS, net_meant, &place, tolerance)) {
        return place;
    }
#if NET_TEST_ROWS
    for (int k = 0; k < TEST_ROWS; k++) {
        net_encode(&net_rows[k], x);
#if NET_CLASSIFIES
        found[0] = (real)net_predict(start, &net_rows[k] IF(NET_WORK_MEMORY)(, memory));
#else
        double answers[NET_OUTPUTS];
        net_predict(start, &net_rows[k], answers IF(NET_WORK_MEMORY)(, memory));
        for (int i = 0; i < NET_OUTPUTS; i++) {
            found[i] = (real)answers[i];
        }
#endif
        if (DIFFERS(x, NET_INPUTS, net_meant, &place, tolerance) ||
            net_selftest_differs(found, IF(NET_CLASSIFIES)(1) UNLESS(NET_CLASSIFIES)(NET_OUTPUTS), net_meant, &place, tolerance)) {
            return place;
        }
    }
#endif
    return 0;
}
#endif
