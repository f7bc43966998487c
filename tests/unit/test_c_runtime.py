"""The fixed definitions of C, which get the names and the numbers of a network."""

import re

from nngen.targets.c_runtime import generic, specific
from nngen.targets.definitions import brace_definitions, complete
from nngen.targets.render import fixed

RUNTIME = """#ifdef NET_FLOAT
#define real float
#define real_exp expf
#else
#define real double
#define real_exp exp
#endif /* NET_FLOAT */

/* what they take */

/* helpers */

/* Why it is so. */

/* Twice x. */
static inline real net_double(real x) {
    return 2 * NET_READ(x);
}

/* The next one; its definition is below. */
static inline real *net_next(real *from, const real *to, unsigned step_of_numbers_of_a_row, unsigned step_of_all_rows);

/* helpers: below */

#if NET_TILE > 4
#define NET_LANES 4
#ifdef NET_FLOAT
typedef real net_vector __attribute__((vector_size(16)));
#endif /* NET_FLOAT */

static inline void net_load(real *x) {
    x[0] = real_exp(NET_READ(x[0]));
}
#endif

static inline real *net_next(real *from, const real *to, unsigned step_of_numbers_of_a_row, unsigned step_of_all_rows) {
#ifdef NET_LANES
    net_load(from);
#endif
    return from;
}
"""
HEADER = """/* net_double hop_double
#if
*/
#ifndef HOP_H
#define HOP_H

#define HOP_TILE 32

/* helpers */

static inline int hop_forward(void) {
    return hop_next(NULL, NULL, 1, 1) == NULL;
}

#ifdef HOP_TILE

#endif

/* helpers: below */

#endif
"""
ABOVE = """/* The next one; its definition is below. */
static inline float *hop_next(float *from, const float *to, unsigned step_of_numbers_of_a_row,
    unsigned step_of_all_rows);
"""
BELOW = """#if HOP_TILE > 4
#define HOP_LANES 4
typedef float hop_vector __attribute__((vector_size(16)));

static inline void hop_load(float *x) {
    x[0] = expf(x[0]);
}
#endif

static inline float *hop_next(float *from, const float *to, unsigned step_of_numbers_of_a_row,
    unsigned step_of_all_rows) {
#ifdef HOP_LANES
    hop_load(from);
#endif
    return from;
}
"""


def made(narrow: bool, trained: bool) -> str:
    own = generic(brace_definitions(HEADER), "hop")
    names = [["NET_H"], ["NET_TILE"], [], ["net_forward"], [], [], []]
    assert [sorted(one.names) for one in own] == names
    return complete(own, fixed("c", RUNTIME), [], specific(RUNTIME, "hop", narrow=narrow, trained=trained))


def test_a_header_gets_what_it_names_for_its_network() -> None:
    text = HEADER.replace("/* helpers */\n", ABOVE).replace("/* helpers: below */\n", BELOW)
    assert made(narrow=True, trained=False) == text
    text = text.replace("expf(x[0])", "exp(HOP_READ(x[0]))").replace("float", "double")
    assert made(narrow=False, trained=True) == re.sub("typedef.*\n", "", text)
