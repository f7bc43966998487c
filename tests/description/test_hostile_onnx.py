"""Hostile and damaged ONNX files: each is refused with a message that names what is wrong."""

import os
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from nngen.bridges.importing import assemble, load
from nngen.bridges.importing.limits import LIMITS
from nngen.bridges.importing.onnx.file import read_graph
from nngen.common.diagnostics import SpecError
from tests.support.onnx_files import model, network

GRAPH = "z = Gemm <transB = 1> (x, W, b) y = Tanh(z)"


def refusal(path: Path, made: onnx.ModelProto | bytes) -> list[str]:
    """The messages about a file."""
    path.write_bytes(made if isinstance(made, bytes) else made.SerializeToString())
    with pytest.raises(SpecError) as caught:
        read_graph(str(path))
    return [found.message for found in caught.value.diagnostics]


def weights(made: onnx.ModelProto) -> TensorProto:
    """The weights of the model."""
    return next(tensor for tensor in made.graph.initializer if tensor.name == "W")


def changed(change: Callable[[onnx.ModelProto], object], body: str = GRAPH) -> onnx.ModelProto:
    """The model after a change."""
    made = model(body)
    change(made)
    return made


def external(made: onnx.ModelProto, **entries: str) -> None:
    """Let the weights be in another file."""
    tensor = weights(made)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=value)


def nested(levels: int) -> bytes:
    """A model with a graph in an attribute of a node of a graph, and so on."""
    content = b""
    for _ in range(levels):
        for field in (6, 5, 1):  # the graph of an attribute, the attribute of a node, the node of a graph
            length = len(content)
            size = bytes([length & 127 | 128, length >> 7 & 127 | 128, length >> 14])
            content = bytes([field << 3 | 2]) + size + content
    length = len(content)
    return bytes([7 << 3 | 2, length & 127 | 128, length >> 7 & 127 | 128, length >> 14]) + content


def doubled(made: onnx.ModelProto) -> None:
    """A function that has 2^40 operators, though the graph has 40."""
    del made.graph.node[1:]
    name = "z"
    for index in range(40):
        made.graph.node.append(helper.make_node("Mul", [name, name], [f"t{index}"]))
        name = f"t{index}"
    made.graph.node.append(helper.make_node("Identity", [name], ["y"]))


ATTACKS: dict[str, tuple[Callable[[onnx.ModelProto], object], str]] = {
    "a tensor that says it is huge": (
        lambda made: weights(made).dims.append(2**40),
        "tensor 'W': expected a shape of at most 8 sizes from 0 to 60,000,000",
    ),
    "a tensor that says it is large": (
        lambda made: weights(made).dims.extend([7000, 900]),
        "tensor 'W': its numbers cannot be read: cannot reshape array of size 9 into shape (3,3,7000,900)",
    ),
    "more numbers than a network may have": (
        lambda made: weights(made).dims.extend([7000, 7000]),
        "tensor 'W': the tensors have more than 60,000,000 numbers, or 100,000 texts",
    ),
    "a negative size": (
        lambda made: weights(made).dims.append(-1),
        "tensor 'W': expected a shape of at most 8 sizes from 0 to 60,000,000",
    ),
    "many dimensions": (
        lambda made: weights(made).dims.extend([1] * 7),
        "tensor 'W': expected a shape of at most 8 sizes from 0 to 60,000,000",
    ),
    "too few bytes": (
        lambda made: setattr(weights(made), "raw_data", b"1234"),
        "tensor 'W': its numbers cannot be read: cannot reshape array of size 1 into shape (3,3)",
    ),
    "weights that are not finite": (
        lambda made: weights(made).CopyFrom(numpy_helper.from_array(np.full((3, 3), np.nan, np.float32), "W")),
        "tensor 'W': it has a number that is not finite",
    ),
    "another type": (
        lambda made: setattr(weights(made), "data_type", TensorProto.BFLOAT16),
        "tensor 'W': tensors of the type bfloat16 are not read",
    ),
    "a type that does not exist": (
        lambda made: setattr(weights(made), "data_type", 99),
        "tensor 'W': tensors of the type 99 are not read",
    ),
    "a sparse tensor": (
        lambda made: made.graph.sparse_initializer.add(values=weights(made), dims=[3, 3]),
        "tensor 'W': sparse tensors are not read",
    ),
    "two tensors of a name": (
        lambda made: made.graph.initializer.append(weights(made)),
        "tensor 'W': there are two tensors of this name",
    ),
    "a file in another folder": (
        lambda made: external(made, location="../secret"),
        "tensor 'W': its numbers cannot be read: '../secret' is no regular file beside the model",
    ),
    "a file by its whole path": (
        lambda made: external(made, location="/etc/passwd"),
        "tensor 'W': its numbers cannot be read: '/etc/passwd' is no regular file beside the model",
    ),
    "a file of another system": (
        lambda made: external(made, location="..\\secret"),
        "tensor 'W': its numbers cannot be read: '..\\\\secret' is no regular file beside the model",
    ),
    "a file that does not exist": (
        lambda made: external(made, location="weights.bin"),
        "tensor 'W': its numbers cannot be read: 'weights.bin' is no regular file beside the model",
    ),
    "a link": (
        lambda made: external(made, location="link"),
        "tensor 'W': its numbers cannot be read: 'link' is no regular file beside the model",
    ),
    "a pipe": (
        lambda made: external(made, location="pipe"),
        "tensor 'W': its numbers cannot be read: 'pipe' is no regular file beside the model",
    ),
    "a place beyond the end": (
        lambda made: external(made, location="data", offset="8", length="36"),
        "tensor 'W': its numbers cannot be read: its shape needs 36 bytes, which are not at this place of 'data'",
    ),
    "another length": (
        lambda made: external(made, location="data", length="12"),
        "tensor 'W': its numbers cannot be read: its shape needs 36 bytes, which are not at this place of 'data'",
    ),
    "a negative place": (
        lambda made: external(made, location="data", offset="-4"),
        "tensor 'W': its numbers cannot be read: its shape needs 36 bytes, which are not at this place of 'data'",
    ),
    "a cycle": (
        lambda made: made.graph.node[0].input.__setitem__(0, "y"),
        "node 1 (Gemm): its input 'y' is not computed before it",
    ),
    "a value twice": (
        lambda made: made.graph.node[1].output.__setitem__(0, "x"),
        "node 2 (Tanh): there is a value 'x' already",
    ),
    "an output that is nowhere": (
        lambda made: made.graph.output.append(helper.make_empty_tensor_value_info("q")),
        "the output 'q' is computed nowhere",
    ),
    "operators of its own": (
        lambda made: made.functions.append(helper.make_function("d", "f", ["x"], ["y"], [], [])),
        "the file defines its own operators",
    ),
    "an unknown domain": (
        lambda made: setattr(made.graph.node[1], "domain", "com.example"),
        "node 2 (com.example.Tanh): this operator is not supported",
    ),
    "an old version": (
        lambda made: setattr(made.opset_import[0], "version", 6),
        f"version 6 of the operators ai.onnx is not read, only 7 to {onnx.defs.onnx_opset_version()}",
    ),
    "a version to come": (
        lambda made: setattr(made.opset_import[0], "version", 999),
        f"version 999 of the operators ai.onnx is not read, only 7 to {onnx.defs.onnx_opset_version()}",
    ),
    "an attribute of another type": (
        lambda made: made.graph.node[0].attribute[0].CopyFrom(helper.make_attribute("transB", "yes")),
        "node 1 (Gemm): Mismatched attribute type in ' : transB'. Expected: 'INT', actual: 'STRING'",
    ),
    "a missing input": (
        lambda made: made.graph.node[0].input.__delitem__(slice(1, 3)),
        "node 1 (Gemm): Node with schema(::Gemm:13) has input size 1 not in range [min=2, max=3].",
    ),
    "a function that grows without bound": (doubled, "node 10 (Mul): the function is too large for an activation"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").write_bytes(bytes(36))
    (tmp_path / "link").symlink_to(tmp_path / "data")
    os.mkfifo(tmp_path / "pipe")
    change, message = ATTACKS[name]
    assert message in refusal(tmp_path / "net.onnx", changed(change))


@pytest.mark.parametrize(("kind", "levels"), [("Tanh", 900), ("Cast", 5_000), ("Tanh", 5_000)])
def test_operators_on_operators(tmp_path: Path, kind: str, levels: int) -> None:
    """No chain of operators exhausts the stack."""
    made = model("y = Tanh(x)", inputs="float[N, K] x")
    del made.graph.node[:]
    options = {"to": 1} if kind == "Cast" else {}
    names = ["x", *(f"t{index}" for index in range(levels)), "y"]
    made.graph.node.extend(helper.make_node(kind, [a], [b], **options) for a, b in pairwise(names))
    (message,) = refusal(tmp_path / "net.onnx", made)
    assert message.startswith("input 'x': its width is not known")
    made.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 3
    if kind == "Tanh":
        assert refusal(tmp_path / "net.onnx", made)[0].endswith("the function is too large for an activation")


def test_weights_beside_the_model_are_read(tmp_path: Path) -> None:
    made = model(GRAPH)
    (tmp_path / "net.onnx.data").write_bytes(b"1234" + weights(made).raw_data)
    plain = assemble(network(tmp_path / "plain.onnx", made), "net")
    external(made, location="net.onnx.data", offset="4", length="36")
    assert assemble(network(tmp_path / "net.onnx", made), "net").parameters == plain.parameters


def test_no_onnx_file(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    assert refusal(path, b"") == ["this is no ONNX file, or its graph is empty"]
    assert refusal(path, b"PK\x03\x04 no model") == ["this is no ONNX file: DecodeError"]
    assert refusal(path, nested(200)) == ["this is no ONNX file: DecodeError"]


def test_a_graph_of_too_many_nodes(tmp_path: Path) -> None:
    made = model(GRAPH)
    made.graph.node.extend([helper.make_node("Tanh", ["z"], [f"t{index}"]) for index in range(LIMITS.nodes)])
    assert refusal(tmp_path / "net.onnx", made) == ["the graph has 20,002 nodes; at most 20,000 are read"]


MANY = f"s0 = ConstantOfShape(s) {' '.join(f's{n + 1} = Add(s{n}, s{n})' for n in range(60))} big = Add(s60, s60)"


@pytest.mark.parametrize(
    ("body", "sizes"),
    [
        ("big = ConstantOfShape(s)", [60_000, 60_000]),
        ("o = ConstantOfShape(t) big = Expand(o, s)", [60_000, 60_000]),
        (MANY, [1_000_000]),
    ],
)
def test_constants_that_grow_without_bound(tmp_path: Path, body: str, sizes: list[int]) -> None:
    """One limit for all of them together."""
    made = model(f"{body} q = ReduceSum(big) y = Mul(x, q)")
    for name, shape in ("s", sizes), ("t", [1, 1]):
        made.graph.initializer.append(numpy_helper.from_array(np.array(shape), name))
    expected = "the constants that the file computes have more than 60,000,000 numbers"
    assert expected in refusal(tmp_path / "net.onnx", made)[0]


def test_a_file_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(b"no model")
    with pytest.raises(SpecError) as caught:
        load(path)
    assert str(caught.value) == f"error: this is no ONNX file: DecodeError\n  --> {path}"


FILES = [
    model(GRAPH).SerializeToString(),
    model("z = MatMul(x, W) n = BatchNormalization (z, u, c, m, v) t = Sigmoid(n) y = Mul(n, t)").SerializeToString(),
    model(
        'o = ai.onnx.ml.OneHotEncoder <cats_strings = ["u", "v"], zeros = 1> (town)'
        " k = Constant <value_ints = [-1, 2]> () r = Reshape(o, k)"
        " s = ai.onnx.ml.Scaler <offset = [1.0], scale = [2.0]> (age) j = Concat <axis = 1> (r, s)"
        " z = MatMul(j, W) y = Softmax(z)",
        inputs="string[N, 1] town, float[N, 1] age",
    ).SerializeToString(),
]


@settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes are changed, left out or repeated: no other error comes of it."""
    content = bytearray(data.draw(st.sampled_from(FILES)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.integers(0, 2)):
            case 0:
                content[place] = data.draw(st.integers(0, 255))
            case 1:
                del content[place : place + data.draw(st.integers(1, 8))]
            case _:
                content[place:place] = content[max(0, place - data.draw(st.integers(1, 40))) : place]
    path = tmp_path / "damaged.onnx"
    path.write_bytes(content)
    with suppress(SpecError):
        assemble(read_graph(str(path)), str(path))
