/* The floor of benchmarks/floors.py: forward, backward and update of one network with constant sizes.
   Parameters are in the order of a module's flat list: for each layer its matrix row by row, then its biases. */
#include <string.h>
#include <time.h>

typedef REAL real;
static const int sizes[] = {SIZES};
static real a[UNITS], dz[UNITS];

static void forward(const real *restrict w, const real *restrict x) {
    memcpy(a, x, INPUTS * sizeof(real));
    real *in = a;
#pragma GCC unroll 8
    for (int l = 0; l < LAYERS; l++) {
        const int n = sizes[l], m = sizes[l + 1];
        real *out = in + n;
        const real *b = w + m * n;
        for (int i = 0; i < m; i++) {
            real z = b[i];
            for (int j = 0; j < n; j++) z += w[i * n + j] * in[j];
            out[i] = l < LAYERS - 1 && z < 0 ? 0 : z;
        }
        w = b + m;
        in = out;
    }
}

/* adds the gradient of one example to dw */
static double backward(const real *restrict w, const real *restrict y, real *restrict dw) {
    double loss = 0;
    real *out = a + UNITS - OUTPUTS, *d = dz + UNITS - OUTPUTS;
    for (int i = 0; i < OUTPUTS; i++) {
        d[i] = out[i] - y[i];
        loss += 0.5 * d[i] * d[i];
    }
    w += PARAMETERS;
    dw += PARAMETERS;
#pragma GCC unroll 8
    for (int l = LAYERS - 1; l >= 0; l--) {
        const int n = sizes[l], m = sizes[l + 1];
        const real *in = out - n;
        real *before = d - n;
        w -= m * n + m;
        dw -= m * n + m;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) dw[i * n + j] += d[i] * in[j];
            dw[m * n + i] += d[i];
        }
        if (l > 0) {
            for (int j = 0; j < n; j++) before[j] = 0;
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++) before[j] += d[i] * w[i * n + j];
            for (int j = 0; j < n; j++) before[j] = in[j] > 0 ? before[j] : 0;
        }
        out = (real *)in;
        d = before;
    }
    return loss;
}

double gradient_of(const real *w, const real *x, const real *y, int batch, real *dw) {
    double loss = 0;
    memset(dw, 0, PARAMETERS * sizeof(real));
    for (int e = 0; e < batch; e++) {
        forward(w, x + e * INPUTS);
        loss += backward(w, y + e * OUTPUTS, dw);
    }
    for (int i = 0; i < PARAMETERS; i++) dw[i] /= batch;
    return loss / batch;
}

static void step(real *w, const real *x, const real *y, int batch, real *dw) {
    gradient_of(w, x, y, batch, dw);
    for (int i = 0; i < PARAMETERS; i++) w[i] -= (real)RATE * dw[i];
}

void predict(const real *w, const real *x, int batch, real *out) {
    for (int e = 0; e < batch; e++) {
        forward(w, x + e * INPUTS);
        memcpy(out + e * OUTPUTS, a + UNITS - OUTPUTS, OUTPUTS * sizeof(real));
    }
}

double seconds(int kind, int calls, int batch, int examples, real *w, const real *x, const real *y, real *dw, real *out) {
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (int c = 0; c < calls; c++) {
        if (kind == 0) predict(w, x, batch, out);
        if (kind == 1) step(w, x, y, batch, dw);
        if (kind == 2)
            for (int e = 0; e + batch <= examples; e += batch) step(w, x + e * INPUTS, y + e * OUTPUTS, batch, dw);
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    return (ended.tv_sec - begun.tv_sec) + (ended.tv_nsec - begun.tv_nsec) * 1e-9;
}
