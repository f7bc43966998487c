/* One network by PEER: outputs, then the CPU time of predicting each of EXAMPLES examples and of an epoch of single steps. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <time.h>

#include "data.h" /* x, y, start, INPUTS, OUTPUTS, EXAMPLES, CALLS */

static float outputs[EXAMPLES][OUTPUTS];

#ifdef FANN
#include <floatfann.h>

static struct fann *net;

static void begin(void) {
    static const unsigned sizes[] = SIZES;
    net = fann_create_standard_array(sizeof sizes / sizeof *sizes, sizes);
    fann_set_activation_function_hidden(net, FANN_SIGMOID);
    fann_set_activation_function_output(net, FANN_LINEAR);
    fann_set_activation_steepness_hidden(net, 0.5f); /* its sigmoid is 1 / (1 + exp(-2 s z)) */
    fann_set_activation_steepness_output(net, 1);
    fann_set_training_algorithm(net, FANN_TRAIN_INCREMENTAL);
    fann_set_train_error_function(net, FANN_ERRORFUNC_LINEAR);
    fann_set_learning_rate(net, RATE);
    const float *next = start; /* a layer's weights, then its biases; FANN has a bias unit behind each layer */
    for (unsigned l = 0, first = 0; l + 1 < sizeof sizes / sizeof *sizes; first += sizes[l] + 1, l++) {
        for (unsigned i = 0; i < sizes[l + 1]; i++) {
            for (unsigned j = 0; j < sizes[l]; j++) fann_set_weight(net, first + j, first + sizes[l] + 1 + i, *next++);
        }
        for (unsigned i = 0; i < sizes[l + 1]; i++) fann_set_weight(net, first + sizes[l], first + sizes[l] + 1 + i, *next++);
    }
}

static void predict(int k) {
    const float *found = fann_run(net, (float *)x[k]);
    for (int i = 0; i < OUTPUTS; i++) outputs[k][i] = found[i];
}

static void epoch(void) {
    for (int k = 0; k < EXAMPLES; k++) fann_train(net, (float *)x[k], (float *)y[k]);
}
#elif defined EMLEARN
#include "emlearn_net.h"

static void begin(void) {}
static void predict(int k) { emlearn_net_regress(x[k], INPUTS, outputs[k], OUTPUTS); }
static void epoch(void) {} /* it does not train */
#else
#include "net.h"

static float params[NET_PARAMETERS], memory[NET_MEMORY];
static uint32_t order[NET_PLACES * EXAMPLES];

static void begin(void) {
    for (int i = 0; i < NET_PARAMETERS; i++) params[i] = start[i];
}

static void predict(int k) { net_forward(params, x[k], outputs[k]); }
static void epoch(void) { net_epoch(params, x[0], y[0], EXAMPLES, 1, NULL, 0, memory, order); }
#endif

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(void) {
    begin();
    double begun = now();
    for (int c = 0; c < CALLS; c++) {
        for (int k = 0; k < EXAMPLES; k++) predict(k);
    }
    printf("%.9g\n", (now() - begun) / CALLS);
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < OUTPUTS; i++) printf("%.9g\n", (double)outputs[k][i]);
    }
    begun = now();
    for (int c = 0; c < CALLS; c++) epoch();
    printf("%.9g\n", (now() - begun) / CALLS);
    return 0;
}
