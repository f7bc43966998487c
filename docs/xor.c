#include "xor_mlp.h"
#include <stdio.h>

int main(void) {
    const double xs[] = {0, 0, 0, 1, 1, 0, 1, 1}, ys[] = {0, 1, 1, 0};
    double params[XOR_MLP_PARAMETERS], outputs[XOR_MLP_OUTPUTS], memory[XOR_MLP_MEMORY];
    uint32_t order[XOR_MLP_PLACES * 4];

    xor_mlp_init(params, XOR_MLP_SEED);
    xor_mlp_fit(params, xs, ys, 4, 2000, 0, NULL, NULL, memory, order);
    for (int i = 0; i < 4; i++) {
        xor_mlp_forward(params, xs + i * XOR_MLP_INPUTS, outputs);
        printf("%.2f\n", outputs[0]);
    }
    return 0;
}
