"""Functions of numbers in the width of the network, for languages whose own are methods, or have 64 bits only."""

from math import erfc, expm1, floor, fmod, log1p, pow, sqrt, tanh  # noqa: A004 (the subset has no ``**``)

from nngen.runtime.kit import F64, Num, cos, exp, log, sin


def _abs(x: Num) -> Num:
    """The size of a number, without its sign."""
    return Num(abs(F64(x)))


def _exp(x: Num) -> Num:
    """e to the power of x."""  # noqa: D403
    return Num(exp(F64(x)))


def _expm1(x: Num) -> Num:
    """e to the power of x, minus 1, exact for small x too."""  # noqa: D403
    return Num(expm1(F64(x)))


def _log(x: Num) -> Num:
    """The natural logarithm."""
    return Num(log(F64(x)))


def _log1p(x: Num) -> Num:
    """log(1 + x), exact for small x too."""
    return Num(log1p(F64(x)))


def _sqrt(x: Num) -> Num:
    """The square root."""
    return Num(sqrt(F64(x)))


def _tanh(x: Num) -> Num:
    """The hyperbolic tangent."""
    return Num(tanh(F64(x)))


def _sin(x: Num) -> Num:
    """The sine."""
    return Num(sin(F64(x)))


def _cos(x: Num) -> Num:
    """The cosine."""
    return Num(cos(F64(x)))


def _floor(x: Num) -> Num:
    """The largest whole number that is not above x."""
    return Num(floor(F64(x)))


def _erfc(x: Num) -> Num:
    """The complementary error function."""
    return Num(erfc(F64(x)))


def _power(x: Num, y: Num) -> Num:
    """x to the power of y."""  # noqa: D403
    return Num(pow(F64(x), F64(y)))


def _remainder(x: Num, y: Num) -> Num:
    """What is left of x after whole y, with the sign of x."""
    return Num(fmod(F64(x), F64(y)))


def _sin64(x: F64) -> F64:
    """The sine in 64 bits."""
    return sin(x)


def _cos64(x: F64) -> F64:
    """The cosine in 64 bits."""
    return cos(x)
