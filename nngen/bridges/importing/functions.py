"""The functions of single numbers, by the names of the operators of ONNX: https://onnx.ai/onnx/operators."""

from collections.abc import Callable, Mapping

import numpy as np

from nngen.bridges.importing.expressions import Expression, call


def _erf(z: Expression) -> Expression:
    return call("-", 1.0, call("erfc", z))


def _clip(z: Expression, low: Expression | float, high: Expression | float) -> Expression:
    return call("minimum", call("maximum", z, low), high)


def _selu(z: Expression, alpha: float, gamma: float) -> Expression:
    return call("*", gamma, _elu(z, alpha))


def _elu(z: Expression, alpha: float) -> Expression:
    return call("where", call(">", z, 0.0), z, call("*", alpha, call("expm1", call("minimum", z, 0.0))))


def _celu(z: Expression, alpha: float) -> Expression:
    negative = call("expm1", call("/", call("minimum", z, 0.0), alpha))
    return call("+", call("maximum", z, 0.0), call("*", alpha, negative))


def _leaky(z: Expression, alpha: Expression | float) -> Expression:
    return call("where", call(">=", z, 0.0), z, call("*", alpha, z))


def _hard_sigmoid(z: Expression, alpha: float, beta: float) -> Expression:
    return _clip(call("+", call("*", alpha, z), beta), 0.0, 1.0)


def _shrink(z: Expression, bias: float, lambd: float) -> Expression:
    below = call("where", call("<", z, -lambd), call("+", z, bias), 0.0)
    return call("where", call(">", z, lambd), call("-", z, bias), below)


def gelu(z: Expression) -> Expression:
    """GELU by the error function."""
    return call("*", call("*", 0.5, z), call("+", 1.0, _erf(call("/", z, 2.0**0.5))))


def gelu_tanh(z: Expression) -> Expression:
    """GELU by the hyperbolic tangent."""
    cubic = call("+", z, call("*", 0.044715, call("**", z, 3.0)))
    return call("*", call("*", 0.5, z), call("+", 1.0, call("tanh", call("*", (2.0 / np.pi) ** 0.5, cubic))))


def _plain(name: str) -> Callable[..., Expression]:
    return lambda *operands: call(name, *operands)


ONE: Mapping[str, Callable[[Expression], Expression]] = {
    "Abs": _plain("abs"),
    "Cos": _plain("cos"),
    "Erf": _erf,
    "Exp": _plain("exp"),
    "Floor": _plain("floor"),
    "HardSwish": lambda z: call("*", z, _hard_sigmoid(z, 1.0 / 6.0, 0.5)),
    "Log": _plain("log"),
    "Mish": lambda z: call("*", z, call("tanh", call("softplus", z))),
    "Neg": lambda z: call("*", -1.0, z),
    "Not": _plain("not"),
    "Reciprocal": lambda z: call("/", 1.0, z),
    "Relu": lambda z: call("maximum", z, 0.0),
    "Sigmoid": _plain("sigmoid"),
    "Sign": _plain("sign"),
    "Sin": _plain("sin"),
    "Softplus": _plain("softplus"),
    "Softsign": lambda z: call("/", z, call("+", 1.0, call("abs", z))),
    "Sqrt": _plain("sqrt"),
    "Tanh": _plain("tanh"),
}
"""Operators of one number without options."""

WITH_OPTIONS: Mapping[str, tuple[Callable[..., Expression], Mapping[str, float]]] = {
    "Celu": (_celu, {"alpha": 1.0}),
    "Elu": (_elu, {"alpha": 1.0}),
    "HardSigmoid": (_hard_sigmoid, {"alpha": 0.2, "beta": 0.5}),
    "LeakyRelu": (_leaky, {"alpha": 0.01}),
    "Selu": (_selu, {"alpha": 1.6732632423543772, "gamma": 1.0507009873554805}),
    "Shrink": (_shrink, {"bias": 0.0, "lambd": 0.5}),
    "Swish": (lambda z, alpha: call("*", z, call("sigmoid", call("*", alpha, z))), {"alpha": 1.0}),
    "ThresholdedRelu": (lambda z, alpha: call("where", call(">", z, alpha), z, 0.0), {"alpha": 1.0}),
}
"""Operators of one number, with the defaults of their options."""

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
    "PRelu": _leaky,
    "Pow": _plain("**"),
    "Sub": _plain("-"),
    "Sum": _plain("+"),
    "Where": _plain("where"),
}
"""Operators of several numbers."""

FOLDED = ("Max", "Min", "Sum")
"""Operators of any number of operands."""
