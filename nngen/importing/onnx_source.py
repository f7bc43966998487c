"""Imports ONNX files: a process of its own reads the file, and computes its outputs for the comparison."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from nngen import files
from nngen.importing.compare import Judgement, Sample
from nngen.importing.graph import Array, Graph
from nngen.importing.isolated import isolated
from nngen.importing.source import Source


@dataclass(frozen=True)
class OnnxNetwork:
    """The network of a file, and where its outputs are."""

    graph: Graph
    output: str
    """The name of the value in the file."""
    doubled: bool
    """Whether the file has two numbers, 1 - p and p or -s and s, where the network has the second one."""


@dataclass(frozen=True)
class Judged:
    """The outputs of a file, or the reason why there are none."""

    by: str
    dtype: Literal["float32", "float64"]
    outputs: Array | None
    reason: str = ""


NETWORK = TypeAdapter(OnnxNetwork)
JUDGED = TypeAdapter(list[Judged])


def load(path: Path) -> Source:
    """Read a file.

    Raises:
        SpecError: it cannot be read, or has what cannot be imported, with all of it; or onnx is not installed.
    """
    if find_spec("onnx") is None:
        raise files.refused(path, "to read ONNX files, install onnx", "pip install 'nngen-backprop[onnx]'")
    with files.opened(path):
        pass  # so that a missing file costs no process
    network = isolated("nngen.importing.onnx_operators:read", path, gives=NETWORK)

    def judge(sample: Sample) -> list[Judgement]:
        judged = isolated("nngen.importing.onnx_judges:judge", path, network.output, sample.columns, gives=JUDGED)
        found = []
        for each in judged:
            if each.outputs is not None:
                outputs = each.outputs.reshape(len(each.outputs), -1)
                found.append(Judgement(each.by, outputs[:, 1:] if network.doubled else outputs, each.dtype))
        return found

    return Source(network.graph, judge)
