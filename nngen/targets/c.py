"""The target C: its words."""

from nngen.mathematics.formulas import BREAK_AFTER, Words
from nngen.targets import c_layout
from nngen.targets.definitions import BRACES
from nngen.targets.target import MAX_COMPILED, MAX_TRAINED_OF_OTHERS, Target

MAX_SCALARS_OF_C = 200
"""The same for C, where a compiler vectorizes loops.

With gcc 12 at -O3, loops take 1.2 to 1.4 times as long at 114 parameters, 0.8 to 1.0 times at 276, and 0.7 to 0.8 times
at 558. With clang 14 they take 1.4 to 1.5 times as long at 276, and about the same at 1,320. Compiling 808 parameters
takes 0.8 to 1.0 s, and loops 0.2 s (``benchmarks/unroll_c.py``, relu).
"""

TARGET = Target(
    name="c",
    words=Words(
        {
            "abs": "fabs",
            "cos": "cos",
            "exp": "exp",
            "floor": "floor",
            "log": "log",
            "sin": "sin",
            "sqrt": "sqrt",
            "tanh": "tanh",
            "where": "{0}↵? {1}↵: {2}",
        },  # the page defines the others
        inline={"maximum": "{0}↵< {1}↵? {1}↵: {0}", "minimum": "{1}↵< {0}↵? {1}↵: {0}"},
        operator=BREAK_AFTER,
        conjunction="&&",
        number="{}",
        power="pow",
        modulo="fmod",
    ),
    imports=frozenset({"math.h", "stddef.h", "stdint.h"}),
    suffix=".h",
    syntax=BRACES,
    variants="features",
    selftest=True,
    prefixed=True,
    bound=True,
    filters=c_layout.FILTERS,
    max_scalars=MAX_SCALARS_OF_C,
    max_trained=MAX_TRAINED_OF_OTHERS,
    max_parameters=MAX_COMPILED,
    beside="_params.h",
    narrow_words=c_layout.narrowed,
)
