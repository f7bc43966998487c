"""A spec's module of C, compiled and ready to be called from Python, and whether it trains fastest."""

import atexit
import importlib.util
import math
import shutil
import sysconfig
import tempfile
import warnings
from pathlib import Path
from typing import Any

from nngen.common import files
from nngen.description.data import Encoding
from nngen.description.model import CTarget, Spec
from nngen.plan import Plan
from nngen.targets import KINDS, texts


def compiled(spec: Spec, folder: Path, measured: Encoding | None = None) -> Any:
    """The module of Python that calls a spec's header of C, compiled in a folder that is deleted with the process.

    ``measured`` is the encoding, where it is measured already.

    Raises:
        SpecError: the data cannot be read; or there is no compiler of C.
    """
    listed = CTarget.model_validate(
        {"name": "c", "unroll": spec.unroll("c"), "dtype": spec.dtype("c"), "binding": True}
    )
    made = texts(spec.model_copy(update={"targets": (listed,)}), folder, measured=measured)
    place = tempfile.TemporaryDirectory(prefix="nngen-")
    atexit.register(place.cleanup)
    for name, text in made.items():
        KINDS[name].path(Path(place.name), spec.name).parent.mkdir(exist_ok=True)
        KINDS[name].path(Path(place.name), spec.name).write_text(text, "utf-8")
    file = KINDS["binding"].path(Path(place.name), spec.name)
    found = importlib.util.spec_from_file_location(file.stem, file)
    assert found is not None  # noqa: S101 (the file ends in .py)
    assert found.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(found)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            found.loader.exec_module(module)
        except (ImportError, RuntimeWarning) as error:
            message = f"the module of C cannot be compiled: {error}"
            advice = "install gcc or clang and the headers of Python, or train another target"
            raise files.refused(spec.name, message, advice) from None
    return module


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
    """Whether a compiler of C and the headers of Python are found."""
    headers = Path(sysconfig.get_path("include"), "Python.h").is_file()
    return headers and any(map(shutil.which, ("cc", "gcc", "clang")))


def of_checkpoint(path: Path) -> str:
    """The target of the training that a checkpoint continues: ``c`` or ``numpy``, or empty for others.

    Raises:
        SpecError: the file cannot be read.
    """
    _, _, rest = files.start(path, 1_000_000).partition(b'"--target": "')
    return next((target for target in ("c", "numpy") if rest.startswith(f'{target}"'.encode())), "")
