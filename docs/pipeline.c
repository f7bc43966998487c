#include "penguins.h"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: penguins BILL_LENGTH BILL_DEPTH FLIPPER_LENGTH BODY_MASS ISLAND SEX\n");
        return 2;
    }
    const penguins_row row = {
        atof(argv[1]), atof(argv[2]), atof(argv[3]), atof(argv[4]),
        penguins_island_of(argv[5]), penguins_sex_of(argv[6]),
    };
    puts(penguins_name_of_class(penguins_predict(penguins_trained, &row)));
    return 0;
}
