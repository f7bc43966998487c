/* clang-format off */
/*
ratings_mf, a neural network: its equations forward and backward, and how it learns.

    reader: 24 ids; book: 30 ids; reader -> taste: 3 embedding, linear; book -> content: 3 embedding, linear; reader ->
    generous: 1 embedding, linear; book -> good: 1 embedding, linear; taste + content -> affinity: 1 dot, linear;
    generous + good + affinity -> rating: 1 add, linear

How many stars a reader gives a book: mean + reader bias + book bias + taste · content.

Loss: squared_error, (a - y)^2, summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.02, penalty l2: strength = 0.05; 60 epochs in batches of 1.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; W_taste + 3 * i is
the row of the id i of reader, a number for each unit of taste.

Written by nngen from the spec ratings_mf: `nngen build` with that spec writes these bytes again. The file is yours:
read it, change it, ship it. It needs nothing but a compiler of C99 or C++ and its library of mathematics (-lm).

The caller provides all arrays: params and gradient have RATINGS_MF_PARAMETERS numbers; examples follow one another.
*/
#ifndef RATINGS_MF_H
#define RATINGS_MF_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define RATINGS_MF_INPUTS 2
#define RATINGS_MF_OUTPUTS 1
#define RATINGS_MF_PARAMETERS 217
#define RATINGS_MF_SEED 1u
#define RATINGS_MF_MEMORY 325 /* numbers in the memory of fit */
#define RATINGS_MF_PLACES 2 /* whole numbers in its order, for each example */

/* how many ids each input has */
static const double ratings_mf_ids[] = {24, 30};

/* Whether each id of an example is a whole number that has a row. */
static inline int ratings_mf_known(const double *x) {
    for (int i = 0; i < 2; i++) {
        if (!(0 <= x[i] && x[i] < ratings_mf_ids[i] && floor(x[i]) == x[i])) {
            return 0;
        }
    }
    return 1;
}

/* The sum of products, in partial sums that a compiler may compute side by side: it may not reorder a single one. */
static inline double ratings_mf_dot(const double *v, const double *w, int n) {
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

/* The outputs of one example: reader, book → stars. */
static inline void ratings_mf_forward(const double *params, const double *x, double *outputs) {
    if (!ratings_mf_known(x)) {
        for (int i = 0; i < 1; i++) {
            outputs[i] = (double)NAN;
        }
        return;
    }
    const double *W_taste = params, *W_content = params + 72, *W_generous = params + 162;
    const double *W_good = params + 186, *b_rating = params + 216;
    const int row_reader = (int)x[0];
    const int row_book = (int)x[1];

    /* taste ← reader: the row of its matrix */
    const double *z_taste = W_taste + 3 * row_reader;
    const double *a_taste = z_taste;

    /* content ← book: the row of its matrix */
    const double *z_content = W_content + 3 * row_book;
    const double *a_content = z_content;

    /* generous ← reader: the row of its matrix */
    const double *z_generous = W_generous + row_reader;
    const double *a_generous = z_generous;

    /* good ← book: the row of its matrix */
    const double *z_good = W_good + row_book;
    const double *a_good = z_good;

    /* affinity ← taste, content: the dot product */
    const double z_affinity[1] = {ratings_mf_dot(a_taste, a_content, 3)};
    const double *a_affinity = z_affinity;

    /* rating ← generous, good, affinity: sums, unit by unit */
    const double z_rating[1] = {b_rating[0] + a_generous[0] + a_good[0] + a_affinity[0]};
    const double *a_rating = z_rating;

    outputs[0] = a_rating[0];
}

/* The penalty of a row of n weights, in 8 partial sums that a compiler may compute side by side. */
static inline double ratings_mf_paid(const double *w, int n) {
    double sums[8] = {0};
    for (int i = 0; i + 8 <= n; i += 8) {
        for (int k = 0; k < 8; k++) {
            sums[k] += 0.5 * 0.05 * (w[i + k] * w[i + k]);
        }
    }
    for (int i = n - n % 8; i < n; i++) {
        sums[i % 8] += 0.5 * 0.05 * (w[i] * w[i]);
    }
    for (int k = 1; k < 8; k++) {
        sums[0] += sums[k];
    }
    return sums[0];
}

/* The loss of one example; its derivative with respect to each parameter is added to gradient, unless that is NULL. */
static inline double ratings_mf_add_gradient(const double *params, const double *x, const double *y, double *gradient) {
    if (!ratings_mf_known(x)) {
        return (double)NAN;
    }
    const double *W_taste = params, *W_content = params + 72, *W_generous = params + 162;
    const double *W_good = params + 186, *b_rating = params + 216;
    const int row_reader = (int)x[0];
    const int row_book = (int)x[1];

    /* taste ← reader: the row of its matrix */
    const double *z_taste = W_taste + 3 * row_reader;
    const double *a_taste = z_taste;

    /* content ← book: the row of its matrix */
    const double *z_content = W_content + 3 * row_book;
    const double *a_content = z_content;

    /* generous ← reader: the row of its matrix */
    const double *z_generous = W_generous + row_reader;
    const double *a_generous = z_generous;

    /* good ← book: the row of its matrix */
    const double *z_good = W_good + row_book;
    const double *a_good = z_good;

    /* affinity ← taste, content: the dot product */
    const double z_affinity[1] = {ratings_mf_dot(a_taste, a_content, 3)};
    const double *a_affinity = z_affinity;

    /* rating ← generous, good, affinity: sums, unit by unit */
    const double z_rating[1] = {b_rating[0] + a_generous[0] + a_good[0] + a_affinity[0]};
    const double *a_rating = z_rating;

    /* the loss: squared_error */
    const double *y_rating = y;
    double loss = (a_rating[0] - y_rating[0]) * (a_rating[0] - y_rating[0]);

    /* the penalty, l2: what a weight adds to the loss */
    loss += ratings_mf_paid(W_taste + 3 * row_reader, 3);
    loss += ratings_mf_paid(W_content + 3 * row_book, 3);
    loss += ratings_mf_paid(W_generous + row_reader, 1);
    loss += ratings_mf_paid(W_good + row_book, 1);
    if (!gradient) {
        return loss;
    }

    /* rating: the slope of the loss, then that of linear */
    const double da_rating[1] = {2.0 * (a_rating[0] - y_rating[0])};
    const double *dz_rating = da_rating;
    double *db_rating = gradient + 216;
    db_rating[0] += dz_rating[0];

    /* affinity ← rating: the error flows back */
    const double da_affinity[1] = {dz_rating[0]};
    const double *dz_affinity = da_affinity;

    /* good ← rating: the error flows back */
    const double da_good[1] = {dz_rating[0]};
    const double *dz_good = da_good;
    double *dW_good = gradient + 186;
    for (int j = 0; j < 1; j++) {
        dW_good[row_book + j] += dz_good[j] + 0.05 * W_good[row_book + j];
    }

    /* generous ← rating: the error flows back */
    const double da_generous[1] = {dz_rating[0]};
    const double *dz_generous = da_generous;
    double *dW_generous = gradient + 162;
    for (int j = 0; j < 1; j++) {
        dW_generous[row_reader + j] += dz_generous[j] + 0.05 * W_generous[row_reader + j];
    }

    /* content ← affinity: the error flows back */
    double da_content[3];
    for (int i = 0; i < 3; i++) {
        da_content[i] = dz_affinity[0] * a_taste[i];
    }
    const double *dz_content = da_content;
    double *dW_content = gradient + 72;
    for (int j = 0; j < 3; j++) {
        dW_content[3 * row_book + j] += dz_content[j] + 0.05 * W_content[3 * row_book + j];
    }

    /* taste ← affinity: the error flows back */
    double da_taste[3];
    for (int i = 0; i < 3; i++) {
        da_taste[i] = dz_affinity[0] * a_content[i];
    }
    const double *dz_taste = da_taste;
    double *dW_taste = gradient;
    for (int j = 0; j < 3; j++) {
        dW_taste[3 * row_reader + j] += dz_taste[j] + 0.05 * W_taste[3 * row_reader + j];
    }

    return loss;
}

/* The loss of one example. */
static inline double ratings_mf_loss(const double *params, const double *x, const double *y) {
    return ratings_mf_add_gradient(params, x, y, NULL);
}

/* The loss of one example, and its derivative with respect to each parameter. */
static inline double ratings_mf_gradient(const double *params, const double *x, const double *y, double *gradient) {
    for (int i = 0; i < RATINGS_MF_PARAMETERS; i++) {
        gradient[i] = 0;
    }
    return ratings_mf_add_gradient(params, x, y, gradient);
}

/* --- Below: training, predictions. --- */

/* The place of a text, without the spaces around it, among count names; -2 if it means a missing value, else -1. */
static inline int ratings_mf_place_of(const char *text, const char *const *names, int count) {
    static const char spaces[] = " \t\n\v\f\r";
    static const char *const missing[] = {"", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "\077"};
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

/* the texts of ids, by their rows */
static const char *const ratings_mf_reader_names[] = {
    "Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ivan", "June", "Kofi", "Lena",
    "Max", "Nora", "Omar", "Pia", "Quinn", "Rosa", "Sami", "Tara", "Uma", "Vera", "Wim", "Yara",
};

/* The row of an id in the data; -1 if it has none, -2 if it is missing. */
static inline int ratings_mf_reader_of(const char *text) {
    return ratings_mf_place_of(text, ratings_mf_reader_names, 24);
}

/* the texts of ids, by their rows */
static const char *const ratings_mf_book_names[] = {
    "Amber Coast", "Autumn Debt", "Blue Comet", "Bright Ruin", "Cold Harbor", "Copper Sky",
    "Deep Archive", "Distant Suns", "Echo Valley", "Ember Road", "Fading Letters", "Glass Orchard",
    "Hidden River", "Iron Tide", "Jade Lantern", "Kite Season", "Last Signal", "Moon Atlas",
    "Night Garden", "Open Water", "Paper Crown", "Quiet Storm", "Red Meridian", "Silver Thread",
    "Third Orbit", "Under Oaks", "Velvet Hour", "Winter Keys", "Yellow Door", "Zero Gravity",
};

/* The row of an id in the data; -1 if it has none, -2 if it is missing. */
static inline int ratings_mf_book_of(const char *text) {
    return ratings_mf_place_of(text, ratings_mf_book_names, 30);
}

/* a row of the data; NAN stands for a missing number */
typedef struct {
    int reader;
    int book;
} ratings_mf_row;

/* The inputs of the network for a row of the data. Returns 0; or, if a value is refused, the number of its column
   from 1. */
static inline int ratings_mf_encode(const ratings_mf_row *row, double *x) {
    /* reader: the place of the id of the row, from 0 */
    if (row->reader < 0 || row->reader >= 24) {
        return 1;
    }
    x[0] = (double)row->reader;
    /* book: the place of the id of the row, from 0 */
    if (row->book < 0 || row->book >= 30) {
        return 2;
    }
    x[1] = (double)row->book;
    return 0;
}

/* The answers in the units of the data: stars. */
static inline void ratings_mf_decode(const double *outputs, double *answers) {
    answers[0] = outputs[0];
}

/* The answers for a row of the data. Returns 0; or, if a value is refused, the number of its column from 1; or, if
   an output is NaN, -1. */
static inline int ratings_mf_predict(const double *params, const ratings_mf_row *row, double *answers) {
    double x[RATINGS_MF_INPUTS], outputs[RATINGS_MF_OUTPUTS];
    const int refused = ratings_mf_encode(row, x);
    if (refused == 0) {
        ratings_mf_forward(params, x, outputs);
        ratings_mf_decode(outputs, answers);
        for (int i = 0; i < RATINGS_MF_OUTPUTS; i++) {
            if (outputs[i] != outputs[i]) {
                return -1;
            }
        }
    }
    return refused;
}

/* The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic. */
static inline uint32_t ratings_mf_bits(uint32_t seed, uint32_t index) {
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
static inline double ratings_mf_uniform(uint32_t seed, uint32_t index) {
    return ratings_mf_bits(seed, index) / 4294967296.0;
}

/* The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6. */
static inline double ratings_mf_normal(uint32_t seed, uint32_t index) {
    double total = 0.0;
    for (uint32_t k = 0; k < 12; k++) {
        total += ratings_mf_uniform(seed, 12 * index + k);
    }
    return total - 6.0;
}

/* The order of an epoch's n examples, by random keys and Shell's method; the given order if seed is NULL. */
static inline void ratings_mf_order(uint32_t *order, uint32_t *keys, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        keys[i] = seed ? ratings_mf_bits(*seed, epoch * n + i) : 0;
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

/* Add the rows that an example selects to a list of count rows, unless they are noted already. Returns its new
   length. */
static inline int ratings_mf_note(const double *x, double *noted, double *list, int count) {
    for (int i = 0, before = 0; i < 2; i++) {
        const int row = before + (int)x[i];
        if (noted[row] == 0) {
            noted[row] = 1;
            list[count++] = (double)row;
        }
        before += (int)ratings_mf_ids[i];
    }
    return count;
}

/* Divide sums over a batch by its size. */
static inline void ratings_mf_mean(double *gradient, int first, int count, double size) {
    for (int i = first; size != 1 && i < first + count; i++) {
        gradient[i] /= size;
    }
}

/* Set derivatives to 0. */
static inline void ratings_mf_clear(double *gradient, int first, int count) {
    for (int i = first; i < first + count; i++) {
        gradient[i] = 0;
    }
}

/* A step of count parameters, from index first on, and of their state of the optimizer. */
static inline void ratings_mf_update(double *params, const double *gradient, int first, int count) {
    for (int i = first; i < first + count; i++) {
        params[i] = params[i] - 0.02 * gradient[i];
    }
}

/* One step of training by gradient_descent, which changes params; of embeddings only the rows whose gradient is not
   0. */
static inline void ratings_mf_step(double *params, const double *gradient) {
    ratings_mf_update(params, gradient, 216, 1);
    for (int i = 0; i < 72; i += 3) {
        int same = 0;
        while (same < 3 && gradient[i + same] == 0) {
            same++;
        }
        if (same < 3) {
            ratings_mf_update(params, gradient, i, 3);
        }
    }
    for (int i = 72; i < 162; i += 3) {
        int same = 0;
        while (same < 3 && gradient[i + same] == 0) {
            same++;
        }
        if (same < 3) {
            ratings_mf_update(params, gradient, i, 3);
        }
    }
    for (int i = 162; i < 186; i += 1) {
        int same = 0;
        while (same < 1 && gradient[i + same] == 0) {
            same++;
        }
        if (same < 1) {
            ratings_mf_update(params, gradient, i, 1);
        }
    }
    for (int i = 186; i < 216; i += 1) {
        int same = 0;
        while (same < 1 && gradient[i + same] == 0) {
            same++;
        }
        if (same < 1) {
            ratings_mf_update(params, gradient, i, 1);
        }
    }
}

/* One step that changes only dense parameters and the listed rows of embeddings, so that its time does not grow with
   them. The gradient is divided by size; it and noted become 0. */
static inline void ratings_mf_step_of_rows(double *params, double *gradient, double *noted, const double *list,
    int count, double size) {

    for (int k = 0; k < count; k++) {
        const int r = (int)list[k];
        if (r < 24) { /* reader */
            ratings_mf_mean(gradient, 0 + r * 3, 3, size);
            ratings_mf_mean(gradient, 162 + r * 1, 1, size);
        } else { /* book */
            ratings_mf_mean(gradient, 72 + (r - 24) * 3, 3, size);
            ratings_mf_mean(gradient, 186 + (r - 24) * 1, 1, size);
        }
    }
    ratings_mf_mean(gradient, 216, 1, size);
    ratings_mf_update(params, gradient, 216, 1);
    ratings_mf_clear(gradient, 216, 1);
    for (int k = 0; k < count; k++) {
        const int r = (int)list[k];
        if (r < 24) { /* reader */
            ratings_mf_update(params, gradient, 0 + r * 3, 3);
            ratings_mf_clear(gradient, 0 + r * 3, 3);
            ratings_mf_update(params, gradient, 162 + r * 1, 1);
            ratings_mf_clear(gradient, 162 + r * 1, 1);
        } else { /* book */
            ratings_mf_update(params, gradient, 72 + (r - 24) * 3, 3);
            ratings_mf_clear(gradient, 72 + (r - 24) * 3, 3);
            ratings_mf_update(params, gradient, 186 + (r - 24) * 1, 1);
            ratings_mf_clear(gradient, 186 + (r - 24) * 1, 1);
        }
        noted[r] = 0;
    }
}

/* One epoch of training: each of n examples once, in batches of batch_size (0: all in one), in the order of the seed
   (NULL: the given one). Returns the loss, measured before each step. memory has room for RATINGS_MF_PARAMETERS +
   108 numbers, order for 2 * n. */
static inline double ratings_mf_epoch(double *params, const double *xs, const double *ys, uint32_t n,
    uint32_t batch_size, const uint32_t *seed, uint32_t epoch, double *memory, uint32_t *order) {
    double *gradient = memory, total = 0;
    batch_size = batch_size ? batch_size : n;
    ratings_mf_order(order, order + n, n, seed, epoch);
    double *noted = gradient + RATINGS_MF_PARAMETERS, *list = noted + 54;
    for (int i = 0; i < RATINGS_MF_PARAMETERS + 54; i++) {
        gradient[i] = 0; /* noted follows it */
    }
    for (uint32_t start = 0; start < n; start += batch_size) {
        const uint32_t size = n - start < batch_size ? n - start : batch_size;
        int count = 0;
        double batch_loss = 0;
        for (uint32_t k = 0; k < size; k++) {
            const size_t i = order[start + k];
            batch_loss += ratings_mf_add_gradient(
                params, xs + i * RATINGS_MF_INPUTS, ys + i * RATINGS_MF_OUTPUTS, gradient
            );
            count = ratings_mf_note(xs + i * RATINGS_MF_INPUTS, noted, list, count);
        }
        ratings_mf_step_of_rows(params, gradient, noted, list, count, (double)size);
        total += batch_loss;
    }
    return total / (double)n;
}

/* Train on n examples, and return the number of epochs: 0 if an id has no row, and nothing is changed. batch_size
   and seed are those of epoch; the spec says a seed of 0. history, if not NULL, gets the loss of each epoch. memory
   has room for RATINGS_MF_MEMORY numbers, order for 2 * n. */
static inline uint32_t ratings_mf_fit(double *params, const double *xs, const double *ys, uint32_t n, uint32_t epochs,
    uint32_t batch_size, const uint32_t *seed, double *history, double *memory, uint32_t *order) {
    for (uint32_t i = 0; i < n; i++) {
        if (!ratings_mf_known(xs + i * RATINGS_MF_INPUTS)) {
            return 0;
        }
    }
    uint32_t done = 0;
    for (; n > 0 && done < epochs; done++) {
        const double epoch_loss = ratings_mf_epoch(params, xs, ys, n, batch_size, seed, done, memory, order);
        if (history) {
            history[done] = epoch_loss;
        }
    }
    return done;
}

/* Initial parameters, the same in all languages; RATINGS_MF_SEED is the seed of the spec. */
static inline void ratings_mf_init(double *params, uint32_t seed) {
    for (uint32_t i = 0; i < 72; i++) {
        params[i] = 0.1 * ratings_mf_normal(seed, i);
    }
    for (uint32_t i = 0; i < 90; i++) {
        params[72 + i] = 0.1 * ratings_mf_normal(seed, 72 + i);
    }
    for (uint32_t i = 0; i < 24; i++) {
        params[162 + i] = 0.1 * ratings_mf_normal(seed, 162 + i);
    }
    for (uint32_t i = 0; i < 30; i++) {
        params[186 + i] = 0.1 * ratings_mf_normal(seed, 186 + i);
    }
    static const double b_rating[1] = {3.3};
    params[216] = b_rating[0];
}

#endif
