"""Imports ONNX files: a process of its own reads the file, and computes its outputs for the comparison."""

from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from pydantic import TypeAdapter

from nngen import files
from nngen.importing.compare import Judgement, Sample
from nngen.importing.graph import Graph
from nngen.importing.isolated import isolated


@dataclass(frozen=True)
class OnnxNetwork:
    """The network of a file, and where its outputs are."""

    graph: Graph
    output: str
    """The name of the value in the file."""
    doubled: bool
    """Whether the file has two numbers, 1 - p and p or -s and s, where the network has the second one."""


NETWORK = TypeAdapter(OnnxNetwork)
JUDGEMENTS = TypeAdapter(list[Judgement])


def load(path: Path) -> OnnxNetwork:
    """Read a file in a process of its own.

    Raises:
        SpecError: it cannot be read, or has what cannot be imported, with all of it; or onnx is not installed.
    """
    if find_spec("onnx") is None:
        raise files.refused(path, "to read ONNX files, install onnx", "pip install 'nngen-backprop[onnx]'")
    return isolated("nngen.importing.onnx_operators:read", path, gives=NETWORK)


def judge(network: OnnxNetwork, path: Path, sample: Sample) -> list[Judgement]:
    """The outputs of a file for the inputs of a comparison: by ONNX Runtime, if it is installed, and in float64.

    Raises:
        SpecError: the process that computes them ended without an answer.
    """
    function = "nngen.importing.onnx_judges:judge"
    found = isolated(function, path, network.output, sample.columns, gives=JUDGEMENTS)
    return [_second(judgement) for judgement in found] if network.doubled else found


def _second(judgement: Judgement) -> Judgement:
    """The second number where the file has two for one."""
    return judgement if judgement.outputs is None else replace(judgement, outputs=judgement.outputs[:, 1:])
