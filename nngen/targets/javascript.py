"""The target JavaScript: its words."""

from nngen.mathematics.formulas import BREAK_AFTER, Words
from nngen.targets import javascript_layout, javascript_runtime
from nngen.targets.definitions import BRACES
from nngen.targets.target import MAX_COMPILED, MAX_TRAINED_OF_OTHERS, Dialect, Target

TARGET = Target(
    name="javascript",
    typed=True,
    trained_by_layer=True,
    words=Words(
        {
            "abs": "Math.abs",
            "cos": "Math.cos",
            "erfc": "erfc",  # the page defines it
            "exp": "Math.exp",
            "expm1": "Math.expm1",
            "floor": "Math.floor",
            "log": "Math.log",
            "log1p": "Math.log1p",
            "maximum": "Math.max",
            "minimum": "Math.min",
            "sigmoid": "sigmoid",  # the page defines it, and softplus, too
            "sign": "Math.sign",
            "sin": "Math.sin",
            "smooth_clip": "_smooth_clip",
            "softplus": "softplus",
            "sqrt": "Math.sqrt",
            "tanh": "Math.tanh",
            "where": "{0}↵? {1}↵: {2}",
        },
        operator=BREAK_AFTER,
        conjunction="&&",
        equal="===",
        tight_powers=False,
    ),
    suffix=".mjs",
    syntax=BRACES,
    selftest=True,
    dialect=Dialect(more=javascript_runtime.words),
    filters=(*javascript_layout.FILTERS, *javascript_runtime.FILTERS),
    finished=lambda text, dtype: javascript_runtime.short(text),
    max_trained=MAX_TRAINED_OF_OTHERS,
    max_parameters=MAX_COMPILED,
    beside=".params.mjs",
)
