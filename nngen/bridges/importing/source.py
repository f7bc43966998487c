"""A model file as a network, by its suffix."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nngen.bridges.importing import tensors
from nngen.bridges.importing.compare import JUDGEMENTS, Judgement, Sample
from nngen.bridges.importing.graph import Graph
from nngen.bridges.importing.isolated import isolated
from nngen.bridges.importing.model_files import GRAPH, TENSORS
from nngen.bridges.importing.onnx import source as onnx_source
from nngen.description.model import Spec
from nngen.plan import plan


@dataclass(frozen=True)
class Source:
    """A network that has been read."""

    graph: Graph
    judge: Callable[[Sample], Sequence[Judgement]]
    """Computes the outputs of the source for the inputs of a comparison, in one or more ways."""


def load(path: Path) -> Source:
    """Read a model file in a process of its own.

    Raises:
        SpecError: it cannot be read, or has what cannot be imported, with all of it.
    """
    if path.suffix.lower() in onnx_source.PROCESSES:
        network = onnx_source.load(path)
        return Source(network.graph, partial(onnx_source.judge, network, path))
    graph = isolated("nngen.bridges.importing.model_files:read", path, gives=GRAPH)
    return Source(graph, partial(_judge, path))


def _judge(path: Path, sample: Sample) -> Sequence[Judgement]:
    """The outputs of a file for the inputs of a comparison, by a reading that shares no formula with the first one.

    Raises:
        SpecError: the process that computes them ended without an answer.
    """
    return isolated("nngen.bridges.importing.file_judges:judge", path, sample.table, gives=JUDGEMENTS)


def load_parameters(path: Path, spec: Spec) -> list[float]:
    """Read the arrays of a ``.safetensors`` file as the parameters of a spec, in the order of its layout.

    Raises:
        SpecError: it cannot be read, or the arrays do not fit the spec.
    """
    found = isolated("nngen.bridges.importing.model_files:read_tensors", path, gives=TENSORS)
    return tensors.parameters(plan(spec), found, str(path))
