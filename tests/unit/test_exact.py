"""Sums and medians of columns have the bits of the slow ways, whatever the numbers are."""

import math
from typing import Any

import numpy as np

from nngen.description.data import exact


def test_sums_and_medians() -> None:
    random = np.random.default_rng(0)
    for trial in range(600):
        count = int(random.integers(1, 60))
        column: Any = random.normal(size=count)
        kind = trial % 6
        if kind == 1:  # numbers of many sizes, some below the smallest normal one
            column = column * 10.0 ** random.integers(-320, 100, size=count)
        elif kind == 2:  # sums that cancel
            column = np.concatenate([column * 1e100, column, -column * 1e100])
        elif kind == 3:  # halves of the last place
            column = random.integers(-3, 4, size=count) * 2.0**53 + random.integers(-2, 3, size=count)
        elif kind == 4:  # zeros of both signs
            column = column * random.choice([0.0, -0.0], size=count)
        elif kind == 5:  # as tables have them
            column = np.round(column, 2)
        assert exact.total(column) == math.fsum(column.tolist()), column.tolist()
        ordered, half = np.sort(column, kind="stable"), len(column) // 2
        median = ordered[half] if len(column) % 2 else (ordered[half - 1] + ordered[half]) / 2
        assert exact.median(column).hex() == float(median).hex(), column.tolist()
        low, high = np.quantile(column, [0.25, 0.75])
        assert math.isclose(exact.quantiles(column, 0.25, 0.75)[1], high, rel_tol=1e-12, abs_tol=1e-300)
        center, spread = exact.robust(column)
        assert (center, spread >= 1e-50) == (exact.median(column), True)
        if high - low >= 1e-40:
            assert math.isclose(spread, high - low, rel_tol=1e-9)
    assert exact.robust(np.array([3.0, 3.0, 3.0, 3.0, 7.0])) == (3.0, 2.0)  # half the range
    assert exact.robust(np.array([3.0, 3.0])) == (3.0, math.inf)
    assert exact.total(np.array([1.0, math.inf])) == math.inf
    assert math.isnan(exact.total(np.array([1.0, math.nan])))
    assert exact.total(np.array([1e308, 7e307])) == 1e308 + 7e307
