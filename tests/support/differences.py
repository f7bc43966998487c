"""The largest differences that tests of imports have seen, for ``python -m benchmarks.bridges``."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

SEEN: dict[str, dict[str, float]] = defaultdict(dict)
"""By the source that was compared with, such as ``ONNX Runtime``, and by the part, such as the operator ``Gemm``."""


def seen(source: str, parts: Iterable[str], found: ArrayLike, expected: ArrayLike) -> None:
    """Note a difference of outputs, as a share of the largest output or of 1, for all parts of a network."""
    right = np.asarray(expected, np.float64)
    size = max(1.0, float(np.abs(right).max(initial=0.0)))
    difference = float(np.abs(np.asarray(found, np.float64) - right).max(initial=0.0)) / size
    for part in parts:
        SEEN[source][part] = max(difference, SEEN[source].get(part, 0.0))
