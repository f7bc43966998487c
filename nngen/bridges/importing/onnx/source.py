"""Imports files of operators: a process of its own reads the file, and computes its outputs for the comparison."""

from collections.abc import Mapping
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


PROCESSES: Mapping[str, tuple[str, str]] = {
    ".onnx": ("onnx.file:read_graph", "onnx.judges:judge"),
    ".tflite": ("tflite.operators:read_graph", "tflite.judges:judge"),
}
"""By suffix, what reads such a file, and what computes its outputs, each in a process of its own."""


def load(path: Path) -> OnnxNetwork:
    """Read a file in a process of its own.

    Raises:
        SpecError: it cannot be read, or has what cannot be imported, with all of it; or onnx is not installed.
    """
    read, _ = PROCESSES[path.suffix.lower()]
    if path.suffix.lower() == ".onnx" and find_spec("onnx") is None:
        raise files.refused(path, "to read ONNX files, install onnx", "pip install onnx")
    return isolated(f"nngen.bridges.importing.{read}", path, gives=NETWORK)


def judge(network: OnnxNetwork, path: Path, sample: Sample) -> list[Judgement]:
    """The outputs of a file for the inputs of a comparison: by its own library, if it is installed, and in float64.

    Raises:
        SpecError: the process that computes them ended without an answer.
    """
    _, function = PROCESSES[path.suffix.lower()]
    asked = network.output, network.doubled, sample.columns
    return isolated(f"nngen.bridges.importing.{function}", path, *asked, gives=JUDGEMENTS)
