/* Answers lines such as "exp 3ff0000000000000 ..." by the values of that function, as the bits of float64. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double power(double t) { return pow(0.999, t); }

static const struct {
    const char *name;
    double (*of)(double);
} FUNCTIONS[] = {
    {"exp", exp},   {"expm1", expm1}, {"log", log},   {"log1p", log1p}, {"tanh", tanh},   {"atanh", atanh},
    {"sin", sin},   {"cos", cos},     {"erfc", erfc}, {"sqrt", sqrt},   {"power", power},
};

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        double (*of)(double) = NULL;
        char *word = strtok(line, " \n");
        for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
            if (word && strcmp(word, FUNCTIONS[i].name) == 0)
                of = FUNCTIONS[i].of;
        for (word = strtok(NULL, " \n"); of && word; word = strtok(NULL, " \n")) {
            uint64_t bits = strtoull(word, NULL, 16);
            double x, y;
            memcpy(&x, &bits, sizeof x);
            y = of(x);
            memcpy(&bits, &y, sizeof bits);
            printf("%016" PRIx64 " ", bits);
        }
        puts("");
        fflush(stdout);
    }
    return 0;
}
