"""The functions of single numbers, by the names of the operators of ONNX: https://onnx.ai/onnx/operators."""

import math
from collections.abc import Callable, Mapping

from nngen.bridges.importing.expressions import Expression, call, function

_ELU = "where(z > 0.0, z, alpha * expm1(minimum(z, 0.0)))"

gelu = function("0.5 * z * (1.0 + (1.0 - erfc(z / 1.4142135623730951)))", "z")
gelu_tanh = function("0.5 * z * (1.0 + tanh(0.7978845608028654 * (z + 0.044715 * z ** 3.0)))", "z")

_ONE = {
    **{name: f"{name.lower()}(z)" for name in "Abs Cos Exp Floor Log Sigmoid Sign Sin Softplus Sqrt Tanh".split()},
    "Erf": "1.0 - erfc(z)",
    "HardSwish": "z * minimum(maximum(0.16666666666666666 * z + 0.5, 0.0), 1.0)",
    "Mish": "z * tanh(softplus(z))",
    "Neg": "-z",
    "Reciprocal": "1.0 / z",
    "Relu": "maximum(z, 0.0)",
    "Softsign": "z / (1.0 + abs(z))",
}

ONE: Mapping[str, Callable[[Expression], Expression]] = {
    **{kind: function(text, "z") for kind, text in _ONE.items()},
    "Not": lambda z: call("not", z),
}
"""Operators of one number without options."""

_OPTIONS: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "Celu": ("maximum(z, 0.0) + alpha * expm1(minimum(z, 0.0) / alpha)", {"alpha": 1.0}),
    "Elu": (_ELU, {"alpha": 1.0}),
    "HardSigmoid": ("minimum(maximum(alpha * z + beta, 0.0), 1.0)", {"alpha": 0.2, "beta": 0.5}),
    "LeakyRelu": ("where(z >= 0.0, z, alpha * z)", {"alpha": 0.01}),
    "Selu": (f"gamma * {_ELU}", {"alpha": 1.6732632423543772, "gamma": 1.0507009873554805}),
    "Shrink": ("where(z > lambd, z - bias, where(z < -lambd, z + bias, 0.0))", {"bias": 0.0, "lambd": 0.5}),
    "Swish": ("z * sigmoid(alpha * z)", {"alpha": 1.0}),
    "ThresholdedRelu": ("where(z > alpha, z, 0.0)", {"alpha": 1.0}),
}

WITH_OPTIONS: Mapping[str, tuple[Callable[..., Expression], Mapping[str, float]]] = {
    kind: (function(text, "z", *defaults), defaults) for kind, (text, defaults) in _OPTIONS.items()
}
"""Operators of one number, with the defaults of their options."""


def clip(z: Expression, low: Expression | float | None, high: Expression | float | None) -> Expression:
    """A number between two limits, each of which may be missing."""
    raised = z if low is None else call("maximum", z, low)
    return raised if high is None else call("minimum", raised, high)


def clips_outward(function: Expression) -> Expression:
    """The same function with all its clips as one around the rest: that of sigmoid(z) in place of z, too."""
    core, low, high = _clipped(function)
    return clip(core, None if math.isinf(low) else low, None if math.isinf(high) else high)


def _clipped(function: Expression) -> tuple[Expression, float, float]:
    """A function without the clips around it and around the operand of increasing functions, and their ends."""
    match function:
        case Expression("minimum" | "maximum" as name, (inner, Expression("", (), end))):
            core, *ends = _clipped(inner)
            low, high = (min(at, end) if name == "minimum" else max(at, end) for at in ends)
            return core, low, high
        case Expression("sigmoid" | "tanh" | "softplus" as name, (inner,)):
            core, *ends = _clipped(inner)
            low, high = (at if math.isinf(at) else float(call(name, at).number) for at in ends)
            return (function if core is inner else call(name, core)), low, high
    return function, -math.inf, math.inf


def _plain(name: str) -> Callable[..., Expression]:
    return lambda *operands: call(name, *operands)


SEVERAL: Mapping[str, Callable[..., Expression]] = {
    "Add": _plain("+"),
    "And": _plain("and"),
    "Div": _plain("/"),
    "Equal": _plain("=="),
    "Greater": _plain(">"),
    "GreaterOrEqual": _plain(">="),
    "Less": _plain("<"),
    "LessOrEqual": _plain("<="),
    "Max": _plain("maximum"),
    "Min": _plain("minimum"),
    "Mod": _plain("%"),
    "Mul": _plain("*"),
    "Or": _plain("or"),
    "PRelu": WITH_OPTIONS["LeakyRelu"][0],
    "Pow": _plain("**"),
    "Sub": _plain("-"),
    "Sum": _plain("+"),
    "Where": _plain("where"),
}
"""Operators of several numbers."""

FOLDED = ("Max", "Min", "Sum")
"""Operators of any number of operands."""
