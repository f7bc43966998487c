/* Repeats the work of the header of benchmarks/kernels.py in C, so that calls from Python are not timed. */
#include <time.h>

#include "net.h"

typedef REAL real;
static real memory[NET_MEMORY] __attribute__((aligned(64)));
static uint32_t order[NET_PLACES * EXAMPLES];

#ifdef NET_TILE /* an equation for each layer: batches in tiles */

double gradient_of(const real *params, const real *xs, const real *ys, int count, real *gradient) {
    return net_batch_gradient(params, xs, ys, NULL, (uint32_t)count, gradient, memory);
}

void predict(const real *params, const real *xs, int count, real *outputs) {
    net_batch_forward(params, xs, (uint32_t)count, outputs, memory);
}

#else /* an equation for each weight */

double gradient_of(const real *params, const real *xs, const real *ys, int count, real *gradient) {
    double loss = 0;
    for (int i = 0; i < NET_PARAMETERS; i++) gradient[i] = 0;
    for (int k = 0; k < count; k++) loss += net_add_gradient(params, xs + k * NET_INPUTS, ys + k * NET_OUTPUTS, gradient);
    for (int i = 0; i < NET_PARAMETERS; i++) gradient[i] /= (real)count;
    return loss / count;
}

void predict(const real *params, const real *xs, int count, real *outputs) {
    for (int k = 0; k < count; k++) net_forward(params, xs + k * NET_INPUTS, outputs + k * NET_OUTPUTS);
}

#endif

static void step(real *params, const real *xs, const real *ys, int count) {
    net_epoch(params, xs, ys, (uint32_t)count, (uint32_t)count, NULL, 0, memory, order);
}

double seconds(int kind, int calls, int batch, real *params, const real *xs, const real *ys, real *outputs) {
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (int c = 0; c < calls; c++) {
        if (kind == 0) predict(params, xs, batch, outputs);
        if (kind == 1) step(params, xs, ys, batch);
        if (kind == 2) net_epoch(params, xs, ys, EXAMPLES, (uint32_t)batch, NULL, 0, memory, order);
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    return (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) * 1e-9;
}
