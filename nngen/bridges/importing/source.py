"""A model file as a network, by its suffix: what reads and judges it, each in a process of its own, with limits."""

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from nngen.bridges.importing.assemble import Imported
from nngen.bridges.importing.compare import Judgement, Sample
from nngen.bridges.importing.graph import Array, Graph
from nngen.bridges.importing.keras import files as keras_files
from nngen.bridges.importing.limits import LIMITS
from nngen.bridges.importing.sklearn import estimators, fitted
from nngen.bridges.importing.tensors import parameters, tensors
from nngen.bridges.importing.torch import archive as torch_archive
from nngen.common import files
from nngen.common.files import refused
from nngen.common.isolated import isolated
from nngen.common.records import dataclass
from nngen.description.model import Spec
from nngen.integers import Lite
from nngen.plan import plan

ROOM = "nngen.bridges.importing"

PROCESSES: Mapping[str, tuple[str, str]] = {
    ".onnx": ("onnx.file:read_graph", "onnx.judge:judge"),
    ".tflite": ("tflite.operators:read_graph", "tflite.judge:judge"),
    ".skops": ("source:read", "sklearn.judge:judge"),
    ".pt2": ("source:read", "torch.judge:judge"),
    **dict.fromkeys((".keras", ".h5", ".hdf5"), ("source:read", "keras.judge:judge")),
}
"""By suffix, what reads such a file, and what asks its own library for its outputs, each in a process of its own."""


@dataclass(frozen=True)
class Source:
    """A network that has been read."""

    path: Path
    graph: Graph

    def judge(self, imported: Imported, given: Sample) -> Sequence[Judgement]:
        """The outputs of the file for the inputs of a comparison, by its own library.

        Raises:
            SpecError: the process that computes them ended without an answer.
        """
        _, function = PROCESSES[self.path.suffix.lower()]
        last = imported.spec.layers[-1].activation.name
        asked = self.graph.value, last, list(given.table), given.columns
        judgements: list[Judgement] = isolated(f"{ROOM}.{function}", self.path, *asked, gives=list[Judgement])
        return judgements


def load(path: Path) -> Source:
    """Read a model file in a process of its own.

    Raises:
        SpecError: it cannot be read, or has what cannot be imported, with all of it; or onnx is not installed.
    """
    suffix = path.suffix.lower()
    if suffix == ".onnx" and find_spec("onnx") is None:
        raise refused(path, "to read ONNX files, install onnx", "pip install onnx")
    read, _ = PROCESSES.get(suffix, ("source:read", ""))
    return Source(path, isolated(f"{ROOM}.{read}", path, gives=Graph))


def load_parameters(path: Path, spec: Spec) -> list[float]:
    """Read the arrays of a ``.safetensors`` file as the parameters of a spec, in the order of its layout.

    Raises:
        SpecError: it cannot be read, or the arrays do not fit the spec.
    """
    found = isolated(f"{ROOM}.source:read_tensors", path, gives=dict[str, Array])
    return parameters(plan(spec), found, str(path))


def load_integers(path: Path, name: str) -> Lite:
    """Read a full-integer file of TensorFlow Lite in a process of its own.

    Args:
        path: the file.
        name: the name of the network.

    Raises:
        SpecError: it is another kind of file, or has what has no integer form, with all of it.
    """
    if path.suffix.lower() != ".tflite":
        raise refused(path, "--dtype int8 keeps the integers of a .tflite file", "leave out `--dtype int8`")
    network: Lite = isolated(f"{ROOM}.tflite.integers:read_integers", path, name, gives=Lite)
    return network


def integer_outputs(path: Path, network: Lite, rows: Sequence[Sequence[int]]) -> list[list[int]] | None:
    """The bytes of the reference kernels of LiteRT for rows of bytes; None if it is not installed.

    Args:
        path: the file.
        network: what it has been read as.
        rows: bytes from -128 to 127, ``(rows, inputs)``.

    Raises:
        SpecError: LiteRT does not run the file.
    """
    scales = ((scale.size, scale.zero) for scale in (network.given, network.answers))
    found: list[list[int]] | None = isolated(
        f"{ROOM}.tflite.judge:integers", path, *scales, rows, gives=list[list[int]] | None
    )
    return found


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
