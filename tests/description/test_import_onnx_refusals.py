"""ONNX files that no spec can express: each message says where, and what to do."""

from pathlib import Path

import pytest

from nngen.bridges.importing import assemble
from nngen.common.diagnostics import SpecError
from tests.support.onnx_files import Z, model, network

REFUSED = {
    "an operator": ("y = Round(z)", "node 2 (Round): this operator is not supported"),
    "two vectors": (
        "s = Sigmoid(z) t = Tanh(s) y = Min(x, t)",
        "node 4 (Min): it combines vectors in another way, or of different shapes",
    ),
    "softmax of a batch": (
        "y = Softmax <axis = 0> (z)",
        "node 2 (Softmax): it compares the examples of a batch",
    ),
    "transposed examples": (
        "y = Gemm <transA = 1> (z, V, c)",
        "node 2 (Gemm): it transposes the examples (transA)",
    ),
    "weights that are computed": ("y = MatMul(x, z)", "node 2 (MatMul): it multiplies (3,) and (3,) for each example"),
    "a shape": (
        "y = Gemm <transB = 1> (z, R, c)",
        "node 2 (Gemm): its weights have the shape (2, 3), but the vector has 3 numbers",
    ),
    "examples that are joined": (
        "k = Constant <value_ints = [-1]> () y = Reshape(z, k)",
        "node 3 (Reshape): it makes (-1,) of examples of the shape (3,), which joins or splits them",
    ),
    "training": (
        "n, k, o = BatchNormalization <training_mode = 1> (z, u, c, m, v) y = Identity(n)",
        "node 2 (BatchNormalization): it measures the examples of a batch",
    ),
    "rounding": (
        "i = Cast <to = 7> (z) y = Cast <to = 1> (i)",
        "node 2 (Cast): it makes other numbers of float32 or float64",
    ),
    "a mean": (
        "a = Constant <value_ints = [-1]> () q = ReduceMean(z, a) y = Mul(z, q)",
        "output 'y': it combines the numbers of a vector, but is neither softmax nor a normalization",
    ),
    "a factor of 0": (
        "k = Sub(c, c) y = Mul(z, k)",
        "node 3 (Mul): it multiplies by 0, so that a number is always the same",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_spec_can_express(tmp_path: Path, name: str) -> None:
    body, message = REFUSED[name]
    with pytest.raises(SpecError) as caught:
        assemble(network(tmp_path / "net.onnx", model(Z + body)), "net")
    assert [found.message for found in caught.value.diagnostics] == [message]


def test_all_operators_that_are_not_supported_are_listed(tmp_path: Path) -> None:
    body = "a = Round(z) h = Gemm <transB = 1> (a, V, c) r = Round(x) s = Add(h, r) y = Ceil(x)"
    made = model(Z + body, outputs="float[N, 3] s, float[N, 3] y")
    with pytest.raises(SpecError) as caught:
        network(tmp_path / "net.onnx", made)
    assert str(caught.value).replace(str(tmp_path), "") == (
        """\
error: node 2 (Round): this operator is not supported
  --> /net.onnx
  = help: docs/bridges.md lists the operators that are read

error: node 4 (Round): this operator is not supported
  --> /net.onnx
  = help: docs/bridges.md lists the operators that are read

error: node 6 (Ceil): this operator is not supported
  --> /net.onnx
  = help: docs/bridges.md lists the operators that are read"""
    )


def test_trees_are_refused_with_who_reads_them(tmp_path: Path) -> None:
    made = model("y = ai.onnx.ml.TreeEnsembleRegressor (x)")
    with pytest.raises(SpecError) as caught:
        network(tmp_path / "net.onnx", made)
    assert caught.value.diagnostics[0].help == "m2cgen and treelite write trees as code"


def test_convolutions_and_recurrent_layers_come_first(tmp_path: Path) -> None:
    made = model(Z + "a = Round(z) r = GlobalAveragePool(x) s = Add(a, r)", outputs="float[N, 3] s")
    with pytest.raises(SpecError) as caught:
        network(tmp_path / "net.onnx", made)
    expected = "node 3 (GlobalAveragePool): a spec has dense layers only, no convolutions and no recurrent layers"
    assert [found.message for found in caught.value.diagnostics] == [expected]


def test_texts_of_a_file_are_cleaned_and_shortened(tmp_path: Path) -> None:
    made = model("j = Concat <axis = 1> (x, v) y = Gemm <transB = 1> (j, W, b)", inputs="float[N, 1] x, float[N, 2] v")
    made.producer_name, made.graph.node[1].name = "a\x1b[31m\x07" + "b" * 50_000, "n\x1b" * 3_000
    for tensor, name in zip(made.graph.input, ("x\x1b", "v" * 5_000), strict=True):
        tensor.name = name
    made.graph.node[0].input[:] = ["x\x1b", "v" * 5_000]
    text = assemble(network(tmp_path / "net.onnx", made), "net.onnx").text
    assert "(a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}bbb" in text
    assert max(map(len, text.splitlines())) < 300
