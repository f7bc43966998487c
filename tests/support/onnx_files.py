"""Small ONNX files, written in the text form of the format."""

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper, parser

from nngen.bridges.importing import Imported, assemble, compare, outputs, sample
from nngen.bridges.importing.compare import Judgement, Sample
from nngen.bridges.importing.graph import Graph
from nngen.bridges.importing.onnx.file import read_graph
from nngen.bridges.importing.onnx.judge import judge
from tests.support.differences import seen

Z = "z = Gemm <transB = 1> (x, W, b)\n"
"""The weighted sums of a layer."""

RNG = np.random.Generator(np.random.PCG64(1))

CONSTANTS = {
    "W": RNG.standard_normal((3, 3)),  # square and not symmetric, so that a missing transposition shows
    "V": RNG.standard_normal((3, 3)),
    "R": RNG.standard_normal((3, 2)),
    "b": RNG.standard_normal(3),
    "c": RNG.standard_normal(3),
    "u": RNG.uniform(0.5, 2.0, 3),
    "m": RNG.standard_normal(3),
    "v": RNG.uniform(0.5, 2.0, 3),
}
"""Constants that a graph may use by their names."""


def model(
    body: str,
    *,
    opset: int = 21,
    inputs: str = "float[N, 3] x",
    outputs: str = "float[N, 3] y",
    dtype: type = np.float32,
    ml: int = 3,
) -> onnx.ModelProto:
    """A model with this graph, ``z = Gemm <transB = 1> (x, W, b)``, and the constants that it uses."""
    text = (
        f'<ir_version: 8, opset_import: ["" : {opset}, "ai.onnx.ml" : {ml}]>\n'
        f"g ({inputs}) => ({outputs}) {{\n{body}\n}}"
    )
    made = parser.parse_model(text)
    used = {name for node in made.graph.node for name in node.input}
    for name, array in CONSTANTS.items():
        if name in used:
            made.graph.initializer.append(numpy_helper.from_array(array.astype(dtype), name))
    return made


def network(path: Path, made: onnx.ModelProto) -> Graph:
    """The contents of a model, read in this process."""
    path.write_bytes(made.SerializeToString())
    return read_graph(str(path))


def judged(path: Path, graph: Graph, given: Sample) -> list[Judgement]:
    """The outputs of a file, computed in this process; by ONNX Runtime, if it is installed, and by the reference."""
    return judge(str(path), graph.value, "", [*given.table], given.columns)


def operators(path: Path) -> list[str]:
    """The operators of a file, each once."""
    nodes = onnx.load(str(path), load_external_data=False).graph.node
    return [*dict.fromkeys(node.op_type for node in nodes)]


def lines(text: str, *words: str) -> list[str]:
    """The lines of a spec that have one of these words."""
    return [line.strip() for line in text.splitlines() if any(word in line for word in words)]


def imported(path: Path, made: onnx.ModelProto) -> Imported:
    """A model, imported and compared with the reference of ONNX."""
    read = network(path, made)
    found = assemble(read, str(path))
    given = sample(found)
    judgements = judged(path, read, given)
    compared = compare(found, given, judgements)
    assert (compared.right, " fails: " in compared.text) == (True, False), compared.text
    for judgement in judgements:
        if judgement.outputs is None:  # it computes with integers
            continue
        expected = np.exp(judgement.outputs) if found.log_outputs else judgement.outputs
        seen(judgement.by, operators(path), outputs(found, given), expected)
    return found
