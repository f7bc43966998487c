"""Files of TensorFlow Lite: each operator that is read, each that is refused, and damaged and hostile files."""

import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.bridges.importing import assemble, compare, outputs, sample
from nngen.bridges.importing.checks import INTEGERS
from nngen.bridges.importing.tflite.flatbuffer import OPERATORS
from nngen.bridges.importing.tflite.judge import judge
from nngen.bridges.importing.tflite.operators import TRANSLATIONS, read_graph
from nngen.common.diagnostics import SpecError
from tests.support.onnx_files import lines
from tests.support.tflite_files import GAIN, SHIFT, B, Graph, V, W, flatbuffer, many_operators, note_differences

RNG = np.random.Generator(np.random.PCG64(2))
X = RNG.standard_normal((5, 3))


def imported(path: Path, content: bytes) -> Any:
    """A network whose outputs are those of LiteRT, where it is installed and runs this file."""
    path.write_bytes(content)
    made = assemble(read_graph(str(path)), str(path))
    given = sample(made)
    judgements = judge(str(path), "", "", [*given.table], given.columns)
    compared = compare(made, given, judgements)
    assert compared.right, compared.text
    note_differences(content, made, given, judgements)
    assert np.ptp(outputs(made, given), axis=0).min() > 1e-3  # the inputs make a difference
    return made


def refusals(path: Path, content: bytes) -> list[str]:
    """The messages about a file."""
    path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        assemble(read_graph(str(path)), str(path))
    return [found.message for found in caught.value.diagnostics]


def dense(activation: str = "NONE", shape: tuple[int, ...] = (1, 3)) -> tuple[Graph, int]:
    """A graph with a dense layer, and the tensor of its weighted sums or activations."""
    graph = Graph()
    x = graph.input(shape)
    return graph, graph.dense(x, graph.constant(W), graph.constant(B), graph.tensor([1, 3]), activation)


@pytest.mark.parametrize("inverse_root", [True, False])
def test_a_network_of_many_operators(tmp_path: Path, inverse_root: bool) -> None:
    content = many_operators(inverse_root=inverse_root)
    made = imported(tmp_path / "net.tflite", content)
    assert lines(made.text, "activation:", "normalization:", "loss:") == [
        "activation: relu6",
        "activation: tanh",
        "normalization: {name: layer_norm, epsilon: 0.001}",
        "activation: relu",
        "activation: softmax",
        "loss: cross_entropy",
    ]
    assert "TensorFlow Lite, written by a test" in made.text


def test_the_weights_of_a_layer_are_rows_of_the_file(tmp_path: Path) -> None:
    """Computed here by hand, with operators that join constants, and activations as operators of their own."""
    graph, z = dense()
    shifted = graph.add("SUB", [z, graph.constant(SHIFT)], graph.tensor([1, 3]))
    scaled = graph.add("DIV", [shifted, graph.constant(GAIN)], graph.tensor([1, 3]))
    made = imported(tmp_path / "net.tflite", graph.file(graph.add("LOGISTIC", [scaled], graph.tensor([1, 3]))))
    given = sample(made)
    assert given.numbers is not None
    z = (given.numbers @ W.astype(float).T + B.astype(float) - SHIFT.astype(float)) / GAIN.astype(float)
    assert np.abs(outputs(made, given) - 1.0 / (1.0 + np.exp(-z))).max() < 1e-14


@pytest.mark.parametrize(("kind", "name"), [("RELU", "relu"), ("RELU6", "relu6"), ("RELU_N1_TO_1", "hard_tanh")])
def test_an_activation_is_fused_or_an_operator(tmp_path: Path, kind: str, name: str) -> None:
    graph, activated = dense(kind)
    assert lines(imported(tmp_path / "net.tflite", graph.file(activated)).text, "activation:") == [
        f"activation: {name}"
    ]
    if kind in TRANSLATIONS:
        graph, z = dense()
        content = graph.file(graph.add(kind, [z], graph.tensor([1, 3])))
        assert lines(imported(tmp_path / "net.tflite", content).text, "activation:") == [f"activation: {name}"]


def test_several_inputs_that_are_no_vectors_yet(tmp_path: Path) -> None:
    """FULLY_CONNECTED makes a vector of its input; two inputs are one after another."""
    graph = Graph()
    x, y = graph.input([1, 2, 2]), graph.input([1, 1])
    first = graph.dense(x, graph.constant(RNG.standard_normal((3, 4))), -1, graph.tensor([1, 3]), "RELU")
    second = graph.dense(y, graph.constant(RNG.standard_normal((3, 1))), -1, graph.tensor([1, 3]))
    made = imported(tmp_path / "net.tflite", graph.file(graph.add("ADD", [first, second], graph.tensor([1, 3]))))
    assert made.spec.input_names == ("t01", "t02", "t03", "t04", "t1")


def quantized() -> tuple[bytes, Any]:
    """A network of 8-bit integers, with a scale for each row of weights, and its outputs as numbers."""
    graph = Graph()
    x = graph.input([1, 3])
    first = graph.add("QUANTIZE", [x], graph.tensor([1, 3], "INT8", scale=0.05, zero=3))
    scales = np.array([0.5, 0.25, 0.125])
    integers = RNG.integers(-127, 128, (3, 3))
    weights = graph.constant(integers, "int8", scale=scales, zero=[0, 0, 0])
    bias = graph.constant([100, -20, 7], "int32", scale=0.05 * scales, zero=[0, 0, 0])
    hidden = graph.dense(first, weights, bias, graph.tensor([1, 3], "INT8", scale=0.1, zero=-128), "RELU")
    z = X @ (integers * scales[:, None]).T + np.array([100, -20, 7]) * np.float32(0.05 * scales).astype(float)
    return graph.file(graph.add("DEQUANTIZE", [hidden], graph.tensor([1, 3]))), np.maximum(z, 0.0)


def test_integers_become_the_numbers_that_they_stand_for(tmp_path: Path) -> None:
    content, right = quantized()
    made = imported(tmp_path / "net.tflite", content)
    assert INTEGERS in made.graph.notes
    assert INTEGERS[:100] in made.text
    given = sample(made)
    rows = type(given)(given.table, X)
    assert np.abs(outputs(made, rows) - right).max() < 1e-12


def test_weights_of_16_bits_are_widened(tmp_path: Path) -> None:
    graph = Graph()
    x = graph.input([1, 3])
    weights = graph.add("DEQUANTIZE", [graph.constant(W, "float16")], graph.tensor([3, 3]))
    made = imported(tmp_path / "net.tflite", graph.file(graph.dense(x, weights, -1, graph.tensor([1, 3]))))
    assert any("16 bits" in note for note in made.graph.notes)
    assert made.parameters[:3] == tuple(W.astype(np.float16)[0].astype(float))


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"

    def after(kind: str, *others: int, options: Any = None) -> list[str]:
        graph, z = dense()
        return refusals(path, graph.file(graph.add(kind, [z, *others], graph.tensor([1, 3]), options)))

    unsupported = "operator 2 ({}): this operator is not supported"
    for kind in {*OPERATORS} - {*TRANSLATIONS} - {"CUSTOM"}:
        (message,) = after(kind)
        assert message == unsupported.format(kind) or message.startswith(f"operator 2 ({kind}): a spec has dense")
    assert after("SUB") == ["operator 2 (SUB): it has 1 inputs and 1 outputs, which no version has"]
    graph, z = dense()
    graph.add("CUSTOM", [z], graph.tensor([1, 3]))
    graph.codes[-1] = {**graph.codes[-1], 1: b"Mine"}
    assert refusals(path, graph.file(len(graph.tensors) - 1)) == [unsupported.format("CUSTOM 'Mine'")]
    graph, z = dense("SIGN_BIT")
    assert refusals(path, graph.file(z)) == [
        "operator 1 (FULLY_CONNECTED): its fused activation SIGN_BIT is not supported"
    ]
    graph, z = dense(shape=(1, 2, 3))
    assert refusals(path, graph.file(z)) == [
        "operator 1 (FULLY_CONNECTED): its weights have the shape (3, 3), but the vector has 6 numbers"
    ]
    graph = Graph()
    assert refusals(path, graph.file(graph.constant(W))) == ["output 't0': it is no vector of numbers"]


def test_a_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "net.tflite"
    graph, z = dense()
    content = graph.file(z)
    assert refusals(path, b"") == ["this is no file of TensorFlow Lite: it does not begin with the sign TFL3"]
    assert refusals(path, content[:100])[0].startswith("this file cannot be read: ")
    assert refusals(path, flatbuffer({0: ("I", 2)})) == [
        "this file cannot be read: expected version 3 of the schema, and a graph"
    ]
    graph.operators[0] = {**graph.operators[0], 1: np.array([0, 99, 1], "<i4")}
    assert refusals(path, graph.file(z)) == ["this file cannot be read: it names a tensor that it does not have"]
    graph, z = dense()
    graph.tensors[1] = {**graph.tensors[1], 0: np.array([2**31 - 1, 2**31 - 1], "<i4")}
    assert "bytes, which its shape" in refusals(path, graph.file(z))[0]


def test_small_files_that_describe_large_ones(tmp_path: Path) -> None:
    """Texts and tensors that share bytes: refused at once."""
    path = tmp_path / "net.tflite"
    graph, z = dense()
    graph.tensors += [{**graph.tensors[0], 3: name} for name in [b"n" * 50_000] * 10_000]
    content = graph.file(z)
    assert len(content) < 10**6
    started = time.monotonic()
    assert refusals(path, content) == [
        "this file cannot be read: its parts share so many bytes that it describes a file of another size"
    ]
    graph, z = dense()
    graph.buffers.append({0: np.zeros(4 * 2**20, "u1")})
    shared = {0: np.array([1024, 1024], "<i4"), 1: ("b", 0), 2: ("I", len(graph.buffers) - 1)}
    graph.tensors += [shared] * 50
    assert refusals(path, graph.file(z)) == ["this file cannot be read: its constants have more than 4,194,304 numbers"]
    assert time.monotonic() - started < 5.0


def test_damaged_files(tmp_path: Path) -> None:
    """Each is refused with a message, or read as some network; nothing else happens."""
    path = tmp_path / "net.tflite"
    graph, z = dense("RELU")
    last = graph.add("SOFTMAX", [graph.dense(z, graph.constant(V), -1, graph.tensor([1, 3]))], graph.tensor([1, 3]))
    contents = [graph.file(last), quantized()[0]]
    found = []
    for seed in range(400):
        draw = random.Random(seed)
        changed = bytearray(contents[seed % 2])
        for _ in range(draw.choice([1, 1, 2, 8])):
            place = draw.randrange(len(changed) + 1)
            match draw.randrange(4):
                case 0 | 1:
                    changed[place : place + 1] = [draw.choice([0, 1, 127, 128, 255, draw.randrange(256)])]
                case 2:
                    changed[place : place + 4] = draw.choice([b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\xff" * 4])
                case 3:
                    del changed[place : place + draw.choice([1, 4, 8, 10_000])]
        path.write_bytes(changed)
        try:
            made = assemble(read_graph(str(path)), str(path))
        except SpecError as error:
            found += [diagnostic.message for diagnostic in error.diagnostics]
        else:
            assert np.isfinite(made.parameters).all()
    assert len(found) > 200
    assert all(0 < len(message) < 1_000 for message in found)
