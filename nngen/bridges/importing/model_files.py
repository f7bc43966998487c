"""Model files by their suffix, each with its reader. Called in a process of its own, see ``isolated``."""

from collections.abc import Callable, Mapping
from pathlib import Path

from nngen.bridges.importing.graph import Array, Graph
from nngen.bridges.importing.keras import files as keras_files
from nngen.bridges.importing.limits import LIMITS
from nngen.bridges.importing.safetensors import tensors
from nngen.bridges.importing.sklearn import estimators, fitted
from nngen.bridges.importing.torch import archive as torch_archive
from nngen.common import files
from nngen.common.files import refused


def _skops(content: bytes, where: str) -> Graph:
    return estimators.graph(fitted.of_file(content, where), where)


READERS: Mapping[str, Callable[[bytes, str], Graph]] = {
    ".keras": keras_files.read_keras,
    ".h5": keras_files.read_h5,
    ".hdf5": keras_files.read_h5,
    ".skops": _skops,
    ".pt2": torch_archive.read,
}
"""The readers of files that have a whole network, by their suffix."""

PICKLES = frozenset({".pkl", ".pickle", ".joblib", ".pt", ".pth", ".npy"})
"""Suffixes of files that run code as they are read."""


TREES = frozenset({".bin", ".cbm", ".json", ".model", ".txt", ".ubj"})
"""Suffixes that models of trees often have."""

OF_TREES = "if it has trees of XGBoost, LightGBM or CatBoost, m2cgen and treelite write trees as code without a library"


def read(path: str) -> Graph:
    """The graph of a model file.

    Raises:
        SpecError: the file cannot be read, is hostile, or has something that no spec can express.
    """
    suffix = Path(path).suffix.lower()
    if suffix in PICKLES:
        advice = (
            "save it with `skops.io.dump`, `torch.onnx.export` or safetensors, or use `nngen.from_sklearn` in Python"
        )
        raise refused(path, f"{suffix} files are pickles, which run code as they are read", advice)
    if suffix == ".safetensors":
        raise refused(path, "arrays alone do not say how they belong together", "name their spec: --spec SPEC")
    if suffix not in READERS:
        expected = f"expected a file with the suffix .onnx, .tflite, {', '.join(READERS)}, got {suffix!r:.20}"
        raise refused(path, expected, OF_TREES if suffix in TREES else "")
    return READERS[suffix](files.read(Path(path), LIMITS.file), path)


def read_tensors(path: str) -> dict[str, Array]:
    """The arrays of a ``.safetensors`` file by name; errors as in ``read``."""
    return tensors(files.read(Path(path), LIMITS.file), path)
