"""The source of products of matrices and of special functions, against NumPy and the mathematics of Python."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nngen.runtime import functions, matrices, numbers, special

SIZES = st.integers(1, 9)


@given(SIZES, SIZES, st.integers(0, 3), st.integers(0, 2**32 - 1))
def test_products_are_those_of_numpy(rows: int, columns: int, start: int, seed: int) -> None:
    """Of small whole numbers, whose sums are exact in any order."""
    draw = np.random.default_rng(seed)
    params = draw.integers(-9, 9, start + rows * columns).astype(float)
    matrix = params[start:].reshape(rows, columns)
    x, z = (draw.integers(-9, 9, size).astype(float) for size in (columns, rows))
    sums, returned, slopes = list(z), list(x), list(params)
    matrices._add_rows(sums, list(params), start, list(x))
    matrices._add_columns(returned, list(params), start, list(z))
    matrices._add_outer(slopes, start, list(z), list(x))
    assert sums == matrices._affine(list(params), start, list(x), list(z)) == list(z + matrix @ x)
    assert returned == list(x + matrix.T @ z)
    assert slopes[start:] == list((matrix + np.outer(z, x)).ravel())
    assert slopes[:start] == list(params[:start])
    matrices._add(slopes, start, list(x))
    assert slopes[start : start + columns] == list((matrix + np.outer(z, x))[0] + x)
    assert numbers._dot(list(x), list(x)) == x @ x


@given(st.floats(-30.0, 26.0))
def test_the_complementary_error_function_is_that_of_python(x: float) -> None:
    assert math.isclose(special._erfc(x), math.erfc(x), rel_tol=1e-14)


def test_it_ends_at_0_and_2() -> None:
    assert special._erfc(math.inf) == 0.0
    assert special._erfc(-math.inf) == 2.0
    assert special._erfc(1e300) == 0.0


def test_functions_are_those_of_mathematics() -> None:
    for name in "exp expm1 log log1p sqrt tanh sin cos floor erfc".split():
        assert getattr(functions, f"_{name}")(2.5) == getattr(math, name)(2.5), name
    assert (functions._abs(-2.5), functions._power(2.0, 0.5), functions._remainder(-5.5, 2.0)) == (2.5, 2.0**0.5, -1.5)
    assert (functions._sin64(1.0), functions._cos64(1.0)) == (math.sin(1.0), math.cos(1.0))
