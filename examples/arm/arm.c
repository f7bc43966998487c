/* Which angles bring the hand to a place? Nonlinear least squares by Levenberg and Marquardt, with the Jacobian that
   nngen has generated, and with one by differences.

       nngen train examples/arm/arm.yaml --save build/arm.json
       nngen build examples/arm/arm.yaml --params build/arm.json --out build/arm
       cc -O2 -I build/arm/c examples/arm/arm.c -o build/arm/arm -lm && build/arm/arm
*/
#include <float.h>
#include <stdio.h>

#include "arm.h"

enum { PLACES = 1000, STEPS = 50 };

static long forwards, jacobians;

static void by_equations(const double *angles, double *rows) {
    jacobians++;
    arm_jacobian(arm_trained, angles, rows);
}

static void by_differences(const double *angles, double *rows) {
    const double h = sqrt(DBL_EPSILON);
    double here[2], there[2];
    arm_forward(arm_trained, angles, here);
    forwards++;
    for (int j = 0; j < 2; j++) {
        double moved[2] = {angles[0], angles[1]};
        moved[j] += h;
        arm_forward(arm_trained, moved, there);
        forwards++;
        for (int i = 0; i < 2; i++) {
            rows[2 * i + j] = (there[i] - here[i]) / h;
        }
    }
}

static double distance(const double *angles, const double *place, double *left) {
    arm_forward(arm_trained, angles, left);
    forwards++;
    left[0] -= place[0];
    left[1] -= place[1];
    return hypot(left[0], left[1]);
}

/* The steps from the middle of all angles until the hand is within a distance of the place; STEPS if it does not get
   there. */
static int solve(void (*jacobian)(const double *, double *), const double *place, double near, double *angles) {
    double damping = 1e-3, left[2], rows[4];
    double far = distance(angles, place, left);
    for (int step = 0; step < STEPS; step++) {
        if (far < near) {
            return step;
        }
        jacobian(angles, rows);
        const double a = rows[0] * rows[0] + rows[2] * rows[2], b = rows[0] * rows[1] + rows[2] * rows[3];
        const double d = rows[1] * rows[1] + rows[3] * rows[3];
        const double u = rows[0] * left[0] + rows[2] * left[1], v = rows[1] * left[0] + rows[3] * left[1];
        const double aa = a + damping, dd = d + damping, determinant = aa * dd - b * b;
        double tried[2] = {angles[0] - (dd * u - b * v) / determinant, angles[1] - (aa * v - b * u) / determinant};
        double rest[2];
        const double closer = distance(tried, place, rest);
        if (closer < far) {
            angles[0] = tried[0], angles[1] = tried[1], left[0] = rest[0], left[1] = rest[1];
            far = closer, damping *= 0.1;
        } else {
            damping *= 10.0;
        }
    }
    return STEPS;
}

static void run(const char *name, void (*jacobian)(const double *, double *), double near) {
    long steps = 0, solved = 0;
    forwards = jacobians = 0;
    for (int i = 0; i < PLACES; i++) {
        /* places that the arm reaches: those of angles on a grid */
        const double meant[2] = {0.1 + 1.3 * (i % 40) / 39, 0.4 + 1.6 * (i / 40) / 24};
        double place[2], angles[2] = {0.75, 1.2};
        arm_forward(arm_trained, meant, place);
        const int taken = solve(jacobian, place, near, angles);
        steps += taken;
        solved += taken < STEPS;
    }
    printf("%-20s within %.0e m: %4ld of %d places, %.2f steps, %.2f calls of forward and %.2f of jacobian each\n", name,
           near, solved, PLACES, (double)steps / PLACES, (double)forwards / PLACES, (double)jacobians / PLACES);
}

int main(void) {
    const double near[] = {1e-6, 1e-12};
    for (int i = 0; i < 2; i++) {
        run("generated Jacobian", by_equations, near[i]);
        run("differences", by_differences, near[i]);
    }
    return 0;
}
