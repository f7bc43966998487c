"""Functions that not every language has."""

from math import floor

from nngen.runtime.kit import F64, exp, infinity, is_nan, log


def _expm1(x: F64) -> F64:
    """exp(x) - 1, also near 0: the rounding errors of both factors cancel (Kahan)."""
    u = exp(x)
    if u == 1.0:
        return x
    if u - 1.0 == -1.0 or u == infinity():
        return u - 1.0
    return (u - 1.0) * x / log(u)


def _log1p(x: F64) -> F64:
    """log(1 + x), also near 0, in the same way."""
    u = 1.0 + x
    if u == 1.0 or u == infinity():
        return x
    return log(u) * x / (u - 1.0)


def _tanh(x: F64) -> F64:
    """The hyperbolic tangent, whose exponential function cannot overflow."""
    e = _expm1(-2.0 * abs(x))
    size = -e / (2.0 + e)
    return -size if x < 0.0 else size


def _erfc(x: F64) -> F64:
    """The complementary error function, 1 - erf(x).

    Near 0 it is computed by the power series of erf (DLMF 7.6.2), else by the continued fraction (DLMF 7.9.4), from its
    end. exp(-x^2) has two factors, as x^2 would be rounded: h is so short that h^2 is exact.
    """
    if is_nan(x):
        return x
    u = min(abs(x), 30.0)
    h = u - u % 0.0078125
    root_of_pi = 1.772453850905516
    bell = exp(-h * h) * exp((h - u) * (h + u)) / root_of_pi
    if u < 1.0:
        term = 2.0 * x * bell
        erf = 0.0
        k = 1.0
        while erf + term != erf:
            erf += term
            term *= 2.0 * x * x / (2.0 * k + 1.0)
            k += 1.0
        return 1.0 - erf
    rest = u
    left = 20.0 - F64(floor(-150.0 / (u * u)))
    while left > 0.0:
        rest = u + left / 2.0 / rest
        left -= 1.0
    return bell / rest if x > 0.0 else 2.0 - bell / rest
