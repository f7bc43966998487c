"""The target Python: its words."""

from nngen.mathematics.formulas import Words
from nngen.targets.target import Target

MAX_BRANCHES = 8
"""The most units whose activation has a branch, such as relu, on such a page of Python.

PyPy compiles each path through the branches of a function, and n units have 2^n paths. A page for each layer has the
branch in a loop, so it has two, and fewer lines. Forms without a branch, such as ``max``, cost CPython more than they
save PyPy. How many times as fast the page for each weight is, by units of relu (``python -m benchmarks.branches``):

    units               4     6     8    10    16    24
    CPython 3.13.0    3.3   2.9   2.4   2.4   2.1   1.9
    PyPy 3.11         7.1   4.1   1.6   0.9   0.5   0.4
    PyPy, tanh        7.5   7.1   6.5   6.0   5.4   5.0
"""

TARGET = Target(
    name="python",
    words=Words(
        {
            "abs": "abs",
            "cos": "math.cos",
            "erfc": "math.erfc",
            "exp": "math.exp",
            "expm1": "math.expm1",
            "floor": "math.floor",
            "log": "math.log",
            "log1p": "log1p",  # the page defines it
            "maximum": "max",
            "minimum": "min",
            "sigmoid": "sigmoid",  # the page defines it, and softplus, too
            "sign": "float(⟨(⟨{0}↵> 0.0⟩)↵- (⟨{0}↵< 0.0⟩)⟩)",
            "sin": "math.sin",
            "smooth_clip": "_smooth_clip",
            "softplus": "softplus",
            "sqrt": "math.sqrt",
            "tanh": "math.tanh",
            "where": "{1}↵if {0}↵else {2}",
        },
        # the same result, also for NaN and -0.0, without a call, which is slow in CPython
        whole={"maximum": "{1}↵if {0} < {1}↵else {0}", "minimum": "{1}↵if {0} > {1}↵else {0}"},
        power="_power",  # the page defines it: ** raises an OverflowError
        bounded_powers=True,
    ),
    imports=frozenset({"json", "math", "operator", "struct"}),
    variants="settings",
    selftest=True,
    max_branches=MAX_BRANCHES,
    beside=".params.json",
)
