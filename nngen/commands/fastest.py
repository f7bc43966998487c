"""Which module trains a spec in the shortest time."""

import math
import shutil
import sysconfig
from pathlib import Path

from nngen.common import files
from nngen.description.model import Spec
from nngen.plan import Plan

STEP, PRODUCT = 40e-6, 0.125e-9
"""Seconds of NumPy for the calls of a step, and for an example and a weight (benchmarks/targets.py)."""

WORTH = 5.0
"""Seconds of NumPy from which a compiler, which takes 1 to 2 seconds, is worth its time."""

LARGEST = 40_000_000
"""Examples of a batch, times weights, up to which C takes half the time of NumPy in one thread."""


def fastest(spec: Spec, planned: Plan, rows: int, epochs: int) -> str:
    """The target that trains a spec on so many rows in the shortest time: ``c`` or ``numpy``.

    It is C where the spec lists this target, with the same type of numbers, a compiler is there, NumPy would take some
    seconds, and the products of a step are not so large that NumPy's are faster.
    """
    listed = "c" in [target.name for target in spec.targets]
    if not listed or spec.dtype("c") != spec.dtype("numpy") or not compiler():
        return "numpy"
    batch = min(spec.training.batch_size or rows, rows)
    weights = sum(block.size for layer in planned.layers if not layer.embedding for block in layer.weights)
    seconds = epochs * math.ceil(rows / batch) * (STEP + PRODUCT * batch * weights)
    return "c" if seconds >= WORTH and batch * weights <= LARGEST else "numpy"


def compiler() -> bool:
    """Whether there seems to be a compiler of C and the headers of Python."""
    headers = Path(sysconfig.get_path("include"), "Python.h").is_file()
    return headers and any(map(shutil.which, ("cc", "gcc", "clang")))


def of_checkpoint(path: Path) -> str:
    """The target of the training that a checkpoint continues: ``c`` or ``numpy``, or empty for others.

    Raises:
        SpecError: the file cannot be read.
    """
    _, _, rest = files.start(path, 1_000_000).partition(b'"--target": "')
    return next((target for target in ("c", "numpy") if rest.startswith(f'{target}"'.encode())), "")
