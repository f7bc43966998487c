"""The largest differences that tests of imports have seen, for ``python -m benchmarks.bridges``."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from nngen.bridges.importing.compare import difference

SEEN: dict[str, dict[str, float]] = defaultdict(dict)
"""By the source that was compared with, such as ``ONNX Runtime``, and by the part, such as the operator ``Gemm``."""


def seen(source: str, parts: Iterable[str], found: ArrayLike, expected: ArrayLike) -> None:
    """Note the difference of outputs for all parts of a network."""
    largest = difference(np.asarray(found, np.float64), np.asarray(expected, np.float64))
    for part in parts:
        SEEN[source][part] = max(largest, SEEN[source].get(part, 0.0))
