"""The fixed definitions of C, which get the names and the numbers of a network."""

import re

import pytest

from nngen.targets.c_runtime import Runtime, joined
from nngen.targets.definitions import brace_definitions, complete
from nngen.targets.render import fixed

RUNTIME = """/*
NET_FLOAT   numbers of 32 bits
NET_SEED    a seed
NET_MANY    several numbers
*/

/* words, and what they stand for */
#if NET_FLOAT
#define real float
#define real_exp expf
#else
#define real double
#define real_exp exp
#endif

/* what headers state themselves */
#define NET_TILE 8

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
#if NET_FLOAT
typedef real net_vector __attribute__((vector_size(16)));
#endif

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


def made(narrow: bool, trained: bool, name: str = "hop") -> str:
    file = Runtime(RUNTIME, ["FLOAT"] * narrow, {}, name)
    own = brace_definitions(HEADER.replace("hop_", f"{name}_").replace("HOP_", f"{name.upper()}_"))
    return complete(own, file.definitions(fixed("c", RUNTIME)), [], file.specific(trained=trained))


def test_a_header_gets_what_it_names_for_its_network() -> None:
    text = HEADER.replace("/* helpers */\n", ABOVE).replace("/* helpers: below */\n", BELOW)
    assert made(narrow=True, trained=False) == text
    text = text.replace("expf(x[0])", "exp(HOP_READ(x[0]))").replace("float", "double")
    assert made(narrow=False, trained=True) == re.sub("typedef.*\n", "", text)


@pytest.mark.parametrize("name", ["HOP", "H", "홉"])
def test_a_name_that_is_the_same_in_capitals_gets_as_much(name: str) -> None:
    """``XOR_TILE`` and ``XOR_forward`` begin alike, and the first is a macro all the same."""
    written = made(narrow=True, trained=False).replace("hop_", f"{name}_").replace("HOP_", f"{name}_")
    assert made(narrow=True, trained=False, name=name) == written


SOURCE = """/* The sum of count numbers IF(NET_SEED)(, from SEED on) IF(NET_MANY)(and more). */
#if NET_SEED && !NET_MANY
static inline real net_sum(const real *x IF(NET_SEED)(, int (*seed)(int)), int count) {
#elif NET_MANY
static inline real net_sums(const real *x, int count) {
#else
static inline real net_none(const real *x, int count) {
#endif
#ifdef __AVR__
    return 0;
#else
    const real found = net_double(
        x[0] IF(NET_SEED)(+ seed(SEED)), IF(NET_MANY)(count) UNLESS(NET_MANY)(1)
    );
#endif
    return net_a_function_with_a_long_name(
        found, found, x[0] + x[0] + x[0], net_double(x[0]) IF(NET_MANY)(, count + count + count + count, x[0])
    );
}"""


@pytest.mark.parametrize(
    ("features", "comment", "head", "call", "ends"),
    [
        (["SEED"], ", from 7 on.", "net_sum(const double *x, int (*seed)(int), int count)", "x[0] + seed(7), 1", ")"),
        (["MANY"], " and more.", "net_sums(const double *x, int count)", "x[0], count", "\n    )"),
        ([], ".", "net_none(const double *x, int count)", "x[0], 1", ")"),
        (
            ["SEED", "MANY"],
            ", from 7 on and more.",
            "net_sums(const double *x, int count)",
            "x[0] + seed(7), count",
            "\n    )",
        ),
    ],
)
def test_what_a_network_has_not_is_left_out(features: list[str], comment: str, head: str, call: str, ends: str) -> None:
    text = Runtime(RUNTIME, features, {"SEED": "7"}, "net").specific(trained=False)(SOURCE)
    first, second, *body = text.split("\n")
    assert first == f"/* The sum of count numbers{comment} */"
    assert second == f"static inline double {head} {{"
    assert body[:2] == ["#ifdef __AVR__", "    return 0;"]
    assert body[3] == f"    const double found = net_double({call});"
    assert "\n".join(body[5:]).endswith(f"{ends};\n}}")
    assert max(map(len, body)) <= 120


def test_what_trains_is_under_one_condition_where_parameters_may_be_in_flash() -> None:
    one = "/* helpers: training */\n\nstatic inline void net_{}(void) {{\n}}\n"
    known = brace_definitions(one.format("learn"))
    file = Runtime(RUNTIME, [], {}, "hop")
    written = file.specific(trained=True)
    texts = [written(each.text) for each in file.definitions(known)[1:] * 2]
    assert texts[0] == "#ifdef HOP_TRAINS\nstatic inline void hop_learn(void) {\n}\n#endif"
    assert joined("\n\n".join(texts), "hop").count("HOP_TRAINS") == 1
