/* Times the products of matrices in the header of benchmarks/kernels.py, over all examples of an epoch in tiles. */
#include "kernel.c"

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* The seconds of so many calls. v has numbers of units and w of inputs for each example; W is the matrix. */
double product(int kind, int calls, int units, int inputs, real *W, real *v, real *w) {
    const double begun = now();
    for (int c = 0; c < calls; c++) {
        for (size_t k = 0; k < EXAMPLES; k += NET_TILE) {
            real *some_v = v + k * (size_t)units, *some_w = w + k * (size_t)inputs;
            if (kind == 0) net_add_sums(W, some_w, some_v, NET_TILE, units, inputs);
            if (kind == 1) net_add_outer(some_v, some_w, W, NET_TILE, units, inputs);
            if (kind == 2) net_add_returned(W, some_v, some_w, NET_TILE, units, inputs);
        }
    }
    return now() - begun;
}

/* The products in a nanosecond if all numbers stay in registers: sixteen sums, and the same factor for all. */
#ifdef __x86_64__
#define UNKNOWN(vector) __asm__ volatile("" : "+v"(vector)) /* so that no product is computed only once */
#else
#define UNKNOWN(vector) __asm__ volatile("" : "+w"(vector))
#endif

double in_registers(int turns) {
    net_vector sums[16] = {{0}}, factor = {0};
    const double begun = now();
    for (int turn = 0; turn < turns; turn++) {
        for (int i = 0; i < 16; i++) {
            UNKNOWN(factor);
            sums[i] += factor * factor;
        }
    }
    const double seconds = now() - begun;
    for (int i = 0; i < 16; i++) UNKNOWN(sums[i]);
    return 16.0 * NET_LANES * turns / seconds * 1e-9;
}
