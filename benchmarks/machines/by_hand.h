/* A predictor as an expert writes it by hand: a function for a layer, weights in flash, and the largest output.

   The file that includes it has INPUTS, WIDEST, LAYERS, and in flash the arrays mean and factor of the inputs, sizes of
   the vectors, and W and b of all layers one after the other. */
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
        y[i] = last ? sum : ACTIVATION(sum);
    }
}

/* The class of a row of whole numbers, as a sensor gives them; of a single output, whether it is above 0. */
static int by_hand(const int16_t *row) {
    float first[WIDEST], second[WIDEST], *x = first, *y = second;
    const float *w = W, *bias = b;
    for (uint8_t i = 0; i < INPUTS; i++) x[i] = ((float)row[i] - NUMBER(mean + i)) * NUMBER(factor + i);
    for (uint8_t k = 0; k < LAYERS; k++) {
        layer(w, bias, x, y, sizes[k], sizes[k + 1], k == LAYERS - 1);
        w += sizes[k] * sizes[k + 1];
        bias += sizes[k + 1];
        float *const free = x;
        x = y;
        y = free;
    }
    uint8_t best = 0;
    for (uint8_t i = 1; i < sizes[LAYERS]; i++) best = x[i] > x[best] ? i : best;
    return sizes[LAYERS] == 1 ? x[0] > 0.0f : best;
}
