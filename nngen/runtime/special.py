"""Functions that not every language has."""

from math import exp, floor

from nngen.runtime.kit import F64


def _erfc(x: F64) -> F64:
    """The complementary error function, 1 - erf(x).

    Near 0 it comes from the power series of erf (DLMF 7.6.2), else from the continued fraction (DLMF 7.9.4), from its
    end. exp(-x^2) has two factors, as x^2 would be rounded: h is so short that h^2 is exact.
    """
    u = min(abs(x), 30.0)
    h = u - u % 0.0078125
    bell = exp(-h * h) * exp((h - u) * (h + u)) / 1.772453850905516  # the square root of pi
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
    n = 20.0 - floor(-150.0 / (u * u))
    while n > 0.0:
        rest = u + n / 2.0 / rest
        n -= 1.0
    return bell / rest if x > 0.0 else 2.0 - bell / rest
