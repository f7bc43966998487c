/* A predictor as an expert writes it by hand: a function for a layer, weights in flash, and the largest output.

   The file that includes it has INPUTS, WIDEST, LAYERS, ACTIVATION, OUTPUT, CLASSIFIES, ANSWER, and in flash the arrays
   mean and factor of the inputs, sizes of the vectors, and W and b of all layers one after the other. For a table with
   categories or gaps, CODED, column, code and fill say what each input is: 1 at a code of its column, or with the code
   CODED a number, which fill replaces. */
#include <math.h>
#include <stdint.h>

#ifdef __AVR__
#define NUMBER(place) pgm_read_float(place)
#else
#define NUMBER(place) (*(place))
#endif

static void layer(const float *w, const float *bias, const float *x, float *y, uint8_t inputs, uint8_t units, uint8_t last) {
    for (uint8_t i = 0; i < units; i++) {
        float sum = NUMBER(bias + i);
        for (uint8_t j = 0; j < inputs; j++) sum += NUMBER(w++) * x[j];
        y[i] = last ? OUTPUT(sum) : ACTIVATION(sum);
    }
}

#if CLASSIFIES
typedef uint8_t answer;
#else
typedef float answer;
#endif

/* The class of a row of numbers; or, where the output is a number, that number. */
static answer by_hand(const float *row) {
    float first[WIDEST], second[WIDEST], *x = first, *y = second;
    const float *w = W, *bias = b;
    for (uint8_t i = 0; i < INPUTS; i++) {
#ifdef CODED
        float value = row[column[i]];
        if (code[i] != CODED) {
            x[i] = value == (float)code[i] ? 1.0f : 0.0f;
            continue;
        }
        if (value != value) value = NUMBER(fill + i);
        x[i] = (value - NUMBER(mean + i)) * NUMBER(factor + i);
#else
        x[i] = (row[i] - NUMBER(mean + i)) * NUMBER(factor + i);
#endif
    }
    for (uint8_t k = 0; k < LAYERS; k++) {
        layer(w, bias, x, y, sizes[k], sizes[k + 1], k == LAYERS - 1);
        w += sizes[k] * sizes[k + 1];
        bias += sizes[k + 1];
        float *const free = x;
        x = y;
        y = free;
    }
#if CLASSIFIES
    uint8_t best = 0;
    for (uint8_t i = 1; i < sizes[LAYERS]; i++) best = x[i] > x[best] ? i : best;
    return best;
#else
    return ANSWER(x[0]);
#endif
}
