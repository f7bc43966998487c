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

#else /* example by example */

#ifdef NET_WORK /* too many numbers for the stack */
#define ROOM , memory
#else
#define ROOM
#endif

double gradient_of(const real *params, const real *xs, const real *ys, int count, real *gradient) {
    double loss = 0;
    for (int i = 0; i < NET_PARAMETERS; i++) gradient[i] = 0;
    for (int k = 0; k < count; k++) loss += net_add_gradient(params, xs + k * NET_INPUTS, ys + k * NET_OUTPUTS, gradient ROOM);
    for (int i = 0; i < NET_PARAMETERS; i++) gradient[i] /= (real)count;
    return loss / count;
}

void predict(const real *params, const real *xs, int count, real *outputs) {
    for (int k = 0; k < count; k++) net_forward(params, xs + k * NET_INPUTS, outputs + k * NET_OUTPUTS ROOM);
}

#endif

static void step(real *params, const real *xs, const real *ys, int count) {
    net_fit(params, xs, ys, (uint32_t)count, 1, (uint32_t)count, NULL, NULL, memory, order);
}

double seconds(int kind, int calls, int batch, real *params, const real *xs, const real *ys, real *outputs) {
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (int c = 0; c < calls; c++) {
        if (kind == 0) predict(params, xs, batch, outputs);
        if (kind == 1) step(params, xs, ys, batch);
        if (kind == 2) net_fit(params, xs, ys, EXAMPLES, 1, (uint32_t)batch, NULL, NULL, memory, order);
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    return (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) * 1e-9;
}
