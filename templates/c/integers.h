/*
The fixed functions of C headers in integers, nngen's own and those of TensorFlow Lite: a header gets those that it
names. See runtime.h.

What is 1 for a network, and otherwise not defined:

NET_DIRECT                 the whole numbers of a row are its activations
NET_CUT                    some may be above their range
NET_SMALL                  the activations of its numbers are computed in 16 bits
NET_CLIPPED                some of its numbers have a clip
NET_FILLED                 some missing numbers count as others than the lowest
NET_MEMORY                 the activations take memory
NET_CLASSIFIES             an answer is a class
NET_SEVERAL                that of one of several outputs, or shares of several
*/
#include <stdint.h>

#include "conditions.h"

/* words, and what they stand for */
#if NET_DIRECT
#define ROW int8_t *row
#else
#define ROW const int16_t *row
#endif
#if NET_CLASSIFIES
#define UNITS NET_CLASSES
#else
#define UNITS NET_OUTPUTS
#endif

/* what headers state themselves, and words that say what only one network has */
#define NET_COLUMNS 3
#define NET_CLASSES 2
#define NET_OUTPUTS 2
#define NET_RAM 4
#define NET_MISSING INT16_MIN
#define LEAST 0
#define MOST 16
#define THRESHOLD 5
#define ACTIVATIONS row
#define width_t uint8_t
#define column_t uint8_t
#define number_t uint8_t
#define unit_t uint8_t
#define total_t uint16_t
extern const int16_t net_lows[2], net_highs[2], net_fills[2];
extern const uint32_t net_multipliers[2];
extern const uint32_t net_distances[2];
extern const int16_t net_centers[2], net_firsts[2];
extern const uint16_t net_knots[41];
void net_compute(ROW IF(NET_MEMORY)(, int8_t *memory));
int32_t net_unit(const void *a, unit_t i);
uint8_t net_share(int32_t z);

/* what they take */

/* helpers */

/* where constants are: in flash on an AVR, whose addresses are others than those of RAM */
#ifdef __AVR__
#include <avr/pgmspace.h>
#define NET_FLASH PROGMEM
#define NET_READ8(place) ((int8_t)pgm_read_byte(place))
#define NET_READ16(place) ((int16_t)pgm_read_word(place))
#define NET_READ32(place) ((int32_t)pgm_read_dword(place))
#else
#define NET_FLASH
#define NET_READ8(place) (*(place))
#define NET_READ16(place) (*(place))
#define NET_READ32(place) (*(place))
#endif

/* helpers: sums */

/* The sum, and products of n weights and activations. A product has 16 bits: -127 * 127 to 127 * 127. */
static inline int32_t net_sum(const int8_t *w, const int8_t *a, width_t n, int32_t sum) {
#ifdef __ARM_FEATURE_DSP
    if (n >= 4) { /* two instructions add four products of 16 bits */
        const int8_t *const end = w + n / 4 * 4;
        do {
            uint32_t even_w, even_a, odd_w, odd_a;
            __builtin_memcpy(&odd_w, w, 4);
            __builtin_memcpy(&odd_a, a, 4);
            w += 4;
            a += 4;
            __asm__("sxtb16 %0, %1" : "=r"(even_w) : "r"(odd_w));
            __asm__("sxtb16 %0, %1" : "=r"(even_a) : "r"(odd_a));
            __asm__("sxtb16 %0, %0, ror #8" : "+r"(odd_w));
            __asm__("sxtb16 %0, %0, ror #8" : "+r"(odd_a));
            __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(even_w), "r"(even_a));
            __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(odd_w), "r"(odd_a));
        } while (w != end);
        n = n % 4;
        if (n == 0) {
            return sum;
        }
    }
#endif
    do {
        int16_t product = (int16_t)((int16_t)NET_READ8(w) * *a);
#ifdef __AVR__
        __asm__("" : "+r"(product)); /* avr-gcc would widen the product, and take 70 cycles in place of 28 */
#endif
        sum += product;
        w++;
        a++;
    } while (--n);
    return sum;
}

/* Add to each of four sums the products of n activations and a row of n weights; the rows follow one another. */
static inline void net_sums(const int8_t *w, const int8_t *a, width_t n, int32_t *sums) {
#ifdef __ARM_FEATURE_DSP
    int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
    const int8_t *const end = a + n / 4 * 4;
    const int8_t *u = w + 2 * n;
    while (a != end) { /* each activation is loaded once for four weights */
        uint32_t even_a, odd_a, even, odd;
        __builtin_memcpy(&odd_a, a, 4);
        a += 4;
        __asm__("sxtb16 %0, %1" : "=r"(even_a) : "r"(odd_a));
        __asm__("sxtb16 %0, %0, ror #8" : "+r"(odd_a));
#define NET_ADD(sum, weights) \
    __builtin_memcpy(&odd, weights, 4); \
    __asm__("sxtb16 %0, %1" : "=r"(even) : "r"(odd)); \
    __asm__("sxtb16 %0, %0, ror #8" : "+r"(odd)); \
    __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(even), "r"(even_a)); \
    __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(odd), "r"(odd_a))
        NET_ADD(s0, w);
        NET_ADD(s1, w + n);
        NET_ADD(s2, u);
        NET_ADD(s3, u + n);
#undef NET_ADD
        w += 4;
        u += 4;
    }
    sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
    w -= n / 4 * 4;
    const width_t done = (width_t)(n / 4 * 4);
#else
    const width_t done = 0;
#endif
    for (uint8_t k = 0; k < 4 && done < n; k++) {
        sums[k] = net_sum(w + (uint32_t)k * n + done, a, (width_t)(n - done), sums[k]);
    }
}

#if NET_DIRECT
/* The row, with numbers outside of the range set to its ends: it is the first vector of activations. */
static inline void net_encode(int8_t *row) {
    for (column_t i = 0; i < NET_COLUMNS; i++) {
        row[i] = row[i] < LEAST ? LEAST IF(NET_CUT)(: row[i] > MOST ? MOST) : row[i];
    }
}
#else
#if NET_CLIPPED
/* How far a number that is so far above the low end of column i is above it after the clip, if the column has one: the
   clip of 1024 t is on the line between two knots. */
static inline uint16_t net_clip(uint16_t above, number_t i) {
    const uint32_t distance = (uint32_t)NET_READ32(net_distances + i);
    if (distance == 0) {
        return above;
    }
    const int32_t t = (int32_t)((above * distance + 0x4000) >> 15) - NET_READ16(net_centers + i);
    const uint16_t size = (uint16_t)(t < 0 ? -t : t);
    uint16_t place = size / 256;
    uint8_t shift = 8;
    for (; shift < 11 && place >= 16; shift++) { /* from each power of 2 on, steps are twice as long */
        place /= 2;
    }
    const uint16_t *const knot = net_knots + 8 * (shift - 8) + place;
    const uint16_t from = (uint16_t)NET_READ16(knot), more = (uint16_t)((uint16_t)NET_READ16(knot + 1) - from);
    const uint16_t part = (uint16_t)(size & (uint16_t)((1u << shift) - 1u));
    const int32_t clipped = (int32_t)(from + (((uint32_t)more * part) >> shift));
    return (uint16_t)((t < 0 ? -clipped : clipped) - NET_READ16(net_firsts + i));
}

#endif
/* The activation of n, a number of column i of those with numbers: -127 at its low end, 127 at its high one. */
static inline int8_t net_scaled(int16_t n, number_t i) {
    const int16_t least = NET_READ16(net_lows + i), most = NET_READ16(net_highs + i);
#if NET_FILLED
    n = n == NET_MISSING ? NET_READ16(net_fills + i) : n;
#endif
    n = n < least ? least : n > most ? most : n;
#if NET_SMALL
    const uint16_t above = (uint16_t)(n - least);
    const uint16_t scaled = (uint16_t)(above * (uint16_t)NET_READ16(net_multipliers + i));
    return (int8_t)((int16_t)((uint16_t)(scaled + 128) / 256) - 127);
#else
#if NET_CLIPPED
    const uint16_t above = net_clip((uint16_t)((int32_t)n - least), i);
#else
    const uint16_t above = (uint16_t)((int32_t)n - least);
#endif
    const uint32_t moved = above * (uint32_t)NET_READ32(net_multipliers + i) + 0x800000;
    return (int8_t)((int16_t)(moved >> 24) - 127);
#endif
}
#endif

/* helpers: answers */

#if NET_CLASSIFIES
/* The class of a row IF(NET_SEVERAL)(, that of the largest sum). */
static inline int net_predict(ROW) {
#if NET_MEMORY
    int8_t memory[NET_RAM];
#endif
    net_compute(row IF(NET_MEMORY)(, memory));
#if NET_SEVERAL
    int32_t largest = net_unit(ACTIVATIONS, 0);
    unit_t answer = 0;
    for (unit_t i = 1; i < NET_CLASSES; i++) {
        const int32_t z = net_unit(ACTIVATIONS, i);
        if (z > largest) {
            largest = z;
            answer = i;
        }
    }
    return answer;
#else
    return net_unit(ACTIVATIONS, 0) > THRESHOLD ? 1 : 0;
#endif
}
#endif

/* The probability of each class in units of 1/255. */
static inline void net_shares(ROW, uint8_t *shares) {
#if NET_SEVERAL
    int32_t sums[UNITS], largest = INT32_MIN;
    total_t total = 0;
#endif
#if NET_MEMORY
    int8_t memory[NET_RAM];
#endif
    net_compute(row IF(NET_MEMORY)(, memory));
#if NET_SEVERAL
    for (unit_t i = 0; i < UNITS; i++) {
        sums[i] = net_unit(ACTIVATIONS, i);
        largest = sums[i] > largest ? sums[i] : largest;
    }
    for (unit_t i = 0; i < UNITS; i++) {
        shares[i] = net_share(largest - sums[i]);
        total = (total_t)(total + shares[i]);
    }
    for (unit_t i = 0; i < UNITS; i++) {
        shares[i] = (uint8_t)(((uint32_t)shares[i] * 255u + total / 2u) / total);
    }
#else
    shares[1] = net_share(net_unit(ACTIVATIONS, 0));
    shares[0] = (uint8_t)(255 - shares[1]);
#endif
}

/* helpers: operators */

/* The weighted sums of n activations, each times multiplier / 2^shift, rounded to the nearest, with the zero point, from
   low to high; one or several multipliers and shifts. */
static inline void net_dense(const int8_t *w, const int32_t *b, const int32_t *multipliers, const int8_t *shifts,
    uint8_t several, int8_t zero, int8_t low, int8_t high, const int8_t *x, uint16_t n, int8_t *y, uint16_t units) {
    for (uint16_t i = 0; i < units; i++) {
        int32_t sum = NET_READ32(b + i);
        for (uint16_t j = 0; j < n; j++) {
            sum += (int16_t)((int16_t)NET_READ8(w) * x[j]);
            w++;
        }
        const uint16_t k = several ? i : 0;
        const uint8_t shift = (uint8_t)NET_READ8(shifts + k);
        const int64_t product = (int64_t)sum * NET_READ32(multipliers + k) + ((int64_t)1 << (shift - 1));
        /* rounded down, where C does not say how a negative number is shifted */
        const int64_t q = (product < 0 ? -1 - ((-1 - product) >> shift) : product >> shift) + zero;
        y[i] = (int8_t)(q < low ? low : q > high ? high : q);
    }
}

/* a * b / 2^31, rounded to the nearest; a half up */
static inline int32_t net_high(int32_t a, int32_t b) {
    const int64_t product = (int64_t)a * b;
    return (int32_t)(product < 0 ? -((-product + 0x3FFFFFFF) >> 31) : (product + 0x40000000) >> 31);
}

/* 2^31 / (1 + a / 2^31), by three steps of Newton's method (gemmlowp) */
static inline int32_t net_reciprocal(int32_t a) {
    const int32_t half = (int32_t)(((int64_t)a + INT32_MAX + 1) / 2);
    int32_t x = 1515870810 + net_high(half, -1010580540);
    for (uint8_t k = 0; k < 3; k++) {
        x += 4 * net_high(x, 536870912 - net_high(half, x));
    }
    return x > INT32_MAX / 2 ? INT32_MAX : 2 * x;
}

/* The exponential of the distance of an activation to the largest one. */
static inline int32_t net_exponential(const int32_t *exponentials, uint16_t count, int8_t largest, int8_t q) {
    const uint16_t distance = (uint16_t)(largest - q);
    return distance < count ? NET_READ32(exponentials + distance) : 0;
}

/* The shares of n activations in units of 1/256, less 128. */
static inline void net_softmax(const int32_t *exponentials, uint16_t count, const int8_t *a, int8_t *y, uint16_t n) {
    int8_t largest = INT8_MIN;
    for (uint16_t i = 0; i < n; i++) {
        largest = a[i] > largest ? a[i] : largest;
    }
    uint32_t sum = 0; /* with 19 binary digits after the point */
    for (uint16_t i = 0; i < n; i++) {
        sum += ((uint32_t)net_exponential(exponentials, count, largest, a[i]) + 2048u) >> 12;
    }
    uint8_t bits = 12;
    while (!(sum & 0x80000000u)) {
        sum <<= 1;
        bits--;
    }
    const int32_t scale = net_reciprocal((int32_t)(sum - 0x80000000u));
    bits = (uint8_t)(bits + 23);
    for (uint16_t i = 0; i < n; i++) {
        const int32_t share = net_high(scale, net_exponential(exponentials, count, largest, a[i]));
        const int32_t q = (int32_t)(((int64_t)share + ((int64_t)1 << (bits - 1))) >> bits) - 128;
        y[i] = (int8_t)(q > 127 ? 127 : q);
    }
}

/* A number times multiplier / 2^shift, rounded twice: by 2^31, then by the rest, a half away from 0 (gemmlowp). */
static inline int32_t net_twice(int32_t q, int32_t multiplier, uint8_t shift) {
    const int32_t high = net_high(q, multiplier);
    const uint8_t bits = (uint8_t)(shift - 31);
    const int32_t size = (int32_t)(((uint32_t)(high < 0 ? -high : high) + ((UINT32_C(1) << bits) >> 1)) >> bits);
    return high < 0 ? -size : size;
}

/* A rescaled number with the zero point, from low to high. */
static inline int8_t net_clamped(int32_t q, int8_t zero, int8_t low, int8_t high) {
    const int32_t moved = q + zero;
    return (int8_t)(moved < low ? low : moved > high ? high : moved);
}

/* The same as dense, but each sum is rounded twice, as TensorFlow Lite Micro does. */
static inline void net_dense_twice(const int8_t *w, const int32_t *b, const int32_t *multipliers, const int8_t *shifts,
    uint8_t several, int8_t zero, int8_t low, int8_t high, const int8_t *x, uint16_t n, int8_t *y, uint16_t units) {
    for (uint16_t i = 0; i < units; i++) {
        int32_t sum = NET_READ32(b + i);
        for (uint16_t j = 0; j < n; j++) {
            sum += (int16_t)((int16_t)NET_READ8(w) * x[j]);
            w++;
        }
        const uint16_t k = several ? i : 0;
        const int32_t q = net_twice(sum, NET_READ32(multipliers + k), (uint8_t)NET_READ8(shifts + k));
        y[i] = net_clamped(q, zero, low, high);
    }
}
