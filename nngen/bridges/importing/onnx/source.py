"""Imports ONNX files: a process of its own reads the file, and computes its outputs for the comparison."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pydantic import TypeAdapter

from nngen.bridges.importing.compare import JUDGEMENTS, Judgement, Sample
from nngen.bridges.importing.graph import Graph
from nngen.bridges.importing.isolated import isolated
from nngen.common import files


@dataclass(frozen=True)
class OnnxNetwork:
    """The network of a file, and where its outputs are."""

    graph: Graph
    output: str
    """The name of the value in the file."""
    doubled: bool
    """Whether the file has two numbers, 1 - p and p or -s and s, where the network has the second one."""


NETWORK = TypeAdapter(OnnxNetwork)


def load(path: Path) -> OnnxNetwork:
    """Read a file in a process of its own.

    Raises:
        SpecError: it cannot be read, or has what cannot be imported, with all of it; or onnx is not installed.
    """
    if find_spec("onnx") is None:
        raise files.refused(path, "to read ONNX files, install onnx", "pip install onnx")
    return isolated("nngen.bridges.importing.onnx.operators:read", path, gives=NETWORK)


def judge(network: OnnxNetwork, path: Path, sample: Sample) -> list[Judgement]:
    """The outputs of a file for the inputs of a comparison: by ONNX Runtime, if it is installed, and in float64.

    Raises:
        SpecError: the process that computes them ended without an answer.
    """
    function = "nngen.bridges.importing.onnx.judges:judge"
    asked = network.output, network.doubled, sample.columns
    return isolated(function, path, *asked, gives=JUDGEMENTS)
