"""The target NumPy: its words."""

from nngen.mathematics.formulas import Words
from nngen.targets.target import Target

TARGET = Target(
    name="numpy",
    words=Words(
        {
            "abs": "np.abs",
            "cos": "np.cos",
            "erfc": "erfc",  # the page defines it
            "exp": "np.exp",
            "expm1": "np.expm1",
            "floor": "np.floor",
            "log": "np.log",
            "log1p": "np.log1p",
            "maximum": "np.maximum",
            "minimum": "np.minimum",
            "sigmoid": "sigmoid",  # the page defines it, and softplus, too
            "sign": "np.sign",
            "sin": "np.sin",
            "smooth_clip": "_smooth_clip",
            "softplus": "softplus",
            "sqrt": "np.sqrt",
            "tanh": "np.tanh",
            "where": "np.where",
        },
        conjunction="&",
        comparison="(⟨{}⟩)",
        # np.where is many times slower on random data, and a product with truth values is slower, too
        mask="(⟨{}⟩).astype(float)",
    ),
    imports=frozenset({"json", "math", "numpy"}),
    variants="settings",
    selftest=True,
    shares="python",
    levels=("layers",),
    beside=".params.json",
)
