/*
The fixed functions of C headers: a header gets those that it names, and those that these name.

A header of the network xor has xor_ and XOR_ in place of net_ and NET_, and in place of each word that is defined below
NET_FLOAT what that stands for: there, a real is a float or a double. See nngen/targets/c_runtime.py.
*/

/* what headers state themselves */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#ifndef NET_TILE
#define NET_TILE 32
#endif
#define NET_READ(parameter) (parameter)

#ifdef NET_FLOAT
#define real float
#define real_erfc erfcf
#define real_exp expf
#define real_expm1 expm1f
#define real_fabs fabsf
#define real_floor floorf
#define real_fmod fmodf
#define real_log logf
#define real_log1p log1pf
#define NET_GRID 0.0078125f
#define NET_ROOT_OF_PI 1.772453850905516f
#define NET_SUMS 16
#define NET_HALF 8
#define NET_QUARTER 4
#define NET_ROW 64
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
#define NET_GRID 0.0078125
#define NET_ROOT_OF_PI 1.772453850905516
#define NET_SUMS 8
#define NET_HALF 4
#define NET_QUARTER 2
#define NET_ROW 32
#endif /* NET_FLOAT */

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
#ifdef NET_FLOAT
    real sums[NET_SUMS] = {0}, total = 0;
#else
    real sums[NET_SUMS] = {0};
#endif /* NET_FLOAT */
    const int whole = n - n % NET_SUMS;
#ifdef __clang__
#pragma clang loop unroll(disable) /* or it finds no vectors in short loops */
#endif
    for (int i = 0; i < whole; i += NET_SUMS) {
        for (int k = 0; k < NET_SUMS; k++) {
            sums[k] += NET_READ(v[i + k]) * w[i + k];
        }
    }
#ifdef NET_FLOAT
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
#endif /* NET_FLOAT */
}

/* The sum of products of two vectors, in partial sums that a compiler may compute side by side: it may not reorder a
   single one. */
static inline real net_dot_of_units(const real *v, const real *w, int n) {
#ifdef NET_FLOAT
    real sums[NET_SUMS] = {0}, total = 0;
#else
    real sums[NET_SUMS] = {0};
#endif /* NET_FLOAT */
    const int whole = n - n % NET_SUMS;
#ifdef __clang__
#pragma clang loop unroll(disable) /* or it finds no vectors in short loops */
#endif
    for (int i = 0; i < whole; i += NET_SUMS) {
        for (int k = 0; k < NET_SUMS; k++) {
            sums[k] += v[i + k] * w[i + k];
        }
    }
#ifdef NET_FLOAT
    for (int i = whole; i < n; i++) {
        total += v[i] * w[i];
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
        sums[0] += v[i] * w[i];
    }
    return sums[0];
#endif /* NET_FLOAT */
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
static inline void net_add_returned(const real *W, const real *dz, real *da, uint32_t count, int units, int inputs,
    real *room);

/* dW[i][j] += the sum over k of dz[k][i] x[k][j]; its definition is below. */
static inline void net_add_outer(const real *dz, const real *x, real *dW, uint32_t count, int units, int inputs,
    real *room);

/* What dropout multiplies a unit by; its definition is below. */
static inline real net_keep(const uint32_t *seed, uint32_t index, double rate);

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
#ifdef NET_FLOAT
    return net_uniform(*seed, index) < rate ? 0 : (float)(1.0 / (1.0 - rate));
#else
    return net_uniform(*seed, index) < rate ? 0 : 1.0 / (1.0 - rate);
#endif /* NET_FLOAT */
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

/* The index of a random integer of this seed: the steps of bits, undone from the last to the first. */
static inline uint32_t net_index(uint32_t seed, uint32_t bits) {
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
static inline void net_order(uint32_t *order, uint32_t n, const uint32_t *seed, uint32_t epoch) {
    const uint32_t first = epoch * n;
    for (uint32_t i = 0; i < n; i++) {
        order[i] = seed ? net_bits(*seed, first + i) : i;
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
        order[i] = net_index(*seed, order[i]) - first;
    }
}

/* helpers: sums of products */

/* The products of matrices over examples, which follow one another. Each number is summed in the order in which the
   equations of one example sum it: that gives the same bits, and leaves a compiler vectors over other numbers only.

   Sixteen sums at a time, by trial with gcc 12 and clang 14 on a processor with AVX-512: eight numbers are then read for
   sixteen products. Eight sums, of four by two, took 10 percent more time. Of the forms in products of a number and a
   vector, that with each number in a vector of its own was the fastest: a number from memory in all lanes of a register
   takes as long as a product. */

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

/* two numbers of a and two of b, in turn */
#if defined(__clang__) || __GNUC__ >= 12
#define NET_IN_TURN(a, b, i, j) __builtin_shufflevector(a, b, i, 4 + i, j, 4 + j)
#else
#define NET_IN_TURN(a, b, i, j) {(a)[i], (b)[i], (a)[j], (b)[j]}
#endif

/* Load four vectors, which begin step numbers apart. */
static inline void net_load(net_vector *to, const real *from, size_t step) {
    for (size_t t = 0; t < 4; t++) {
        to[t] = *(const net_vector *)(from + t * step);
    }
}

/* Store four vectors, which begin step numbers apart. */
static inline void net_store(const net_vector *from, real *to, size_t step) {
    for (size_t t = 0; t < 4; t++) {
        *(net_vector *)(to + t * step) = from[t];
    }
}

/* y[i][j] += the sum over k of v[i][k] w[j][k] for four i and four j, where each is a vector. In v, i + 1 lies
   v_next numbers after i, and k + 1 lies v_step numbers after k; w and y likewise.

   Each round of the loop loads the vectors of the next round at its end. Otherwise gcc loads them again for each
   product. */
static inline void net_add_sixteen(const real *v, size_t v_next, size_t v_step, const real *w, size_t w_next,
    size_t w_step, size_t terms, real *y, size_t y_next, size_t y_step) {
    real *y1 = y + y_next, *y2 = y1 + y_next, *y3 = y2 + y_next;
    net_vector a[4], b[4], c[4], d[4], p[4], q[4];
    net_load(a, y, y_step);
    net_load(b, y1, y_step);
    net_load(c, y2, y_step);
    net_load(d, y3, y_step);
    net_load(p, v, v_next);
    net_load(q, w, w_next);
    for (size_t k = 1;; k++) {
        for (int j = 0; j < 4; j++) {
            a[j] += p[0] * q[j];
            b[j] += p[1] * q[j];
            c[j] += p[2] * q[j];
            d[j] += p[3] * q[j];
        }
        if (k == terms) {
            break;
        }
        net_load(p, v + k * v_step, v_next);
        net_load(q, w + k * w_step, w_next);
    }
    net_store(a, y, y_step);
    net_store(b, y1, y_step);
    net_store(c, y2, y_step);
    net_store(d, y3, y_step);
}

/* The same for a single j. The first numbers of its vector, as many as skipped says, keep their values. */
static inline void net_add_strip(const real *v, const real *w, size_t terms, real *y, size_t columns, int skipped) {
    net_vector sums[4];
    net_load(sums, y, columns);
    for (size_t k = 0; k < terms; k++) {
        for (size_t i = 0; i < 4; i++) {
            sums[i] += *(const net_vector *)(v + (4 * k + i) * NET_LANES) * *(const net_vector *)(w + k * columns);
        }
    }
    for (int i = 0; skipped && i < 4; i++) {
        for (int t = skipped; t < NET_LANES; t++) {
            y[(size_t)i * columns + (size_t)t] = sums[i][t];
        }
    }
    if (!skipped) {
        net_store(sums, y, columns);
    }
}

#ifdef NET_FLOAT
/* total[i] += the 16 numbers of sums[i], one after the other. */
static inline void net_add_partial(const real *sums, net_four *total) {
    for (int k = 0; k < 16; k += 4) {
        const net_four *at = (const net_four *)(sums + k);
        const net_four a = at[0], b = at[4], c = at[8], d = at[12];
        const net_four p = NET_IN_TURN(a, c, 0, 1), q = NET_IN_TURN(b, d, 0, 1);
        const net_four r = NET_IN_TURN(a, c, 2, 3), s = NET_IN_TURN(b, d, 2, 3);
        const net_four first = NET_IN_TURN(p, q, 0, 1), second = NET_IN_TURN(p, q, 2, 3);
        const net_four third = NET_IN_TURN(r, s, 0, 1), fourth = NET_IN_TURN(r, s, 2, 3);
        *total = *total + first + second + third + fourth;
    }
}
#else
/* total[i] = the sum of the 8 numbers of sums[i], added in halves. */
static inline void net_add_partial(const real *sums, net_four *total) {
    const net_four *at = (const net_four *)sums;
    const net_four a = at[0] + at[1], b = at[2] + at[3], c = at[4] + at[5], d = at[6] + at[7];
    const net_four p = NET_IN_TURN(a, c, 0, 1), q = NET_IN_TURN(b, d, 0, 1);
    const net_four r = NET_IN_TURN(a, c, 2, 3), s = NET_IN_TURN(b, d, 2, 3);
    const net_four first = NET_IN_TURN(p, q, 0, 1), second = NET_IN_TURN(p, q, 2, 3);
    const net_four third = NET_IN_TURN(r, s, 0, 1), fourth = NET_IN_TURN(r, s, 2, 3);
    *total = (first + third) + (second + fourth);
}
#endif /* NET_FLOAT */

/* z[k][i] += dot(W[i], x[k]) for four units i and four examples k. */
static inline void net_add_dots(const real *W, const real *x, real *z, size_t units, size_t inputs) {
    const size_t terms = inputs / NET_SUMS;
    real sums[4 * 4 * NET_SUMS] = {0};
    net_four totals[4];
    for (size_t part = 0; part < NET_SUMS; part += NET_LANES) {
        net_add_sixteen(x + part, inputs, NET_SUMS, W + part, inputs, NET_SUMS, terms, sums + part, NET_ROW, NET_SUMS);
    }
    for (size_t k = 0; k < 4; k++) {
#ifdef NET_FLOAT
        const net_four none = {0};
        totals[k] = none;
#else
        net_add_partial(sums + k * NET_ROW, totals + k);
#endif /* NET_FLOAT */
    }
    for (size_t j = terms * NET_SUMS; j < inputs; j++) {
        const net_four w = {W[j], W[inputs + j], W[2 * inputs + j], W[3 * inputs + j]};
        for (size_t k = 0; k < 4; k++) {
            totals[k] += w * x[k * inputs + j];
        }
    }
    for (size_t k = 0; k < 4; k++) {
#ifdef NET_FLOAT
        net_add_partial(sums + k * NET_ROW, totals + k);
#endif /* NET_FLOAT */
        *(net_four *)(z + k * units) += totals[k];
    }
}
#endif

#ifdef __cplusplus
#define NET_RESTRICT __restrict
#else
#define NET_RESTRICT restrict
#endif

/* y[i][j] += the sum over k of v[i][k] w[k][j], in the order of k. In v, i + 1 lies row numbers after i, and k + 1
   lies column numbers after k.

   For four i and 32 k at a time, room holds a copy of v, in which each number fills a vector. */
static inline void net_add_products(const real *NET_RESTRICT v, size_t row, size_t column, const real *NET_RESTRICT w,
    size_t terms, real *NET_RESTRICT y, size_t rows, size_t columns, real *NET_RESTRICT room) {
    size_t done = 0;
    (void)room;
#ifdef NET_LANES
    const size_t lanes = NET_LANES, whole = terms < 4 || columns < lanes ? 0 : rows - rows % 4;
    net_vector ones = {0};
    ones += 1;
    for (size_t first = 0; first < terms; first += 32) {
        const size_t some = terms - first < 32 ? terms - first : 32;
#ifdef _OPENMP
#pragma omp parallel for if (whole * columns * some >= 2000000)
#endif
        for (size_t i = 0; i < whole; i += 4) {
#ifdef _OPENMP
            real factors[128 * NET_LANES]; /* each thread has its own */
#else
            real *factors = room;
#endif
            const real *from = w + first * columns;
            real *to = y + i * columns;
            for (size_t k = 0; k < some; k++) {
                for (size_t t = 0; t < 4; t++) {
                    *(net_vector *)(factors + (4 * k + t) * lanes) = ones * v[(i + t) * row + (first + k) * column];
                }
            }
            size_t j = 0;
            for (; j + 4 * lanes <= columns; j += 4 * lanes) {
                net_add_sixteen(factors, lanes, 4 * lanes, from + j, lanes, columns, some, to + j, columns, lanes);
            }
            for (; j < columns; j += lanes) { /* the last vector ends with the row */
                const size_t skipped = j + lanes <= columns ? 0 : j + lanes - columns;
                net_add_strip(factors, from + j - skipped, some, to + j - skipped, columns, (int)skipped);
            }
        }
    }
    done = whole;
#endif
    for (size_t i = done; i < rows; i++) {
        for (size_t k = 0; k < terms; k++) {
            for (size_t j = 0; j < columns; j++) {
                y[i * columns + j] += v[i * row + k * column] * w[k * columns + j];
            }
        }
    }
}

/* da[k][j] += the sum over i of W[i][j] dz[k][i]: the error comes back to count examples. */
static inline void net_add_returned(const real *W, const real *dz, real *da, uint32_t count, int units, int inputs,
    real *room) {
    net_add_products(dz, (size_t)units, 1, W, (size_t)units, da, count, (size_t)inputs, room);
}

/* dW[i][j] += the sum over k of dz[k][i] x[k][j]: the derivatives by weights, over count examples. */
static inline void net_add_outer(const real *dz, const real *x, real *dW, uint32_t count, int units, int inputs,
    real *room) {
    net_add_products(dz, 1, (size_t)units, x, count, dW, (size_t)units, (size_t)inputs, room);
}

/* z[k][i] += dot(W[i], x[k]): the weighted sums of count examples. */
static inline void net_add_sums(const real *W, const real *x, real *z, uint32_t count, int units, int inputs) {
    uint32_t whole = 0;
    int done = 0;
#ifdef NET_LANES
    if (inputs >= NET_SUMS) {
        whole = count - count % 4;
        done = units - units % 4;
    }
#ifdef _OPENMP
#pragma omp parallel for if ((size_t)whole * (size_t)done * (size_t)inputs >= 2000000)
#endif
    for (int i = 0; i < done; i += 4) {
        for (uint32_t k = 0; k < whole; k += 4) {
            const real *w = W + (size_t)i * (size_t)inputs;
            net_add_dots(w, x + k * (size_t)inputs, z + k * (size_t)units + i, (size_t)units, (size_t)inputs);
        }
    }
#endif
    for (uint32_t k = 0; k < count; k++, x += inputs, z += units) {
        for (int i = k < whole ? done : 0; i < units; i++) {
            z[i] += net_dot(W + i * inputs, x, inputs);
        }
    }
}

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
#ifdef NET_FLOAT
            total += net_bits(k, (uint32_t)i) & 1 ? (double)found[i] : -(double)found[i];
#else
            total += net_bits(k, (uint32_t)i) & 1 ? found[i] : -found[i];
#endif /* NET_FLOAT */
        }
#ifdef NET_FLOAT
        sums[k] = (float)total;
#else
        sums[k] = total;
#endif /* NET_FLOAT */
    }
    return net_selftest_differs(sums, 4, meant, place, tolerance);
}
