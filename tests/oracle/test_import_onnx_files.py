"""Imports of ONNX files that ONNX Runtime judges, too."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

from nngen.bridges.importing import assemble, compare, load, sample
from nngen.bridges.importing.graph import Activate
from nngen.commands.importing import import_file
from tests.oracle.imported_onnx import Trained
from tests.support.onnx_files import model

pytestmark = pytest.mark.oracle


def test_what_nothing_needs_is_not_computed(tmp_path: Path) -> None:
    """Neither by the reader nor by the judges."""
    made = model("z = Gemm <transB = 1> (x, W, b) y = Tanh(z)")
    made.graph.initializer.append(numpy_helper.from_array(np.array([2**40]), "s"))
    made.graph.node.append(helper.make_node("ConstantOfShape", ["s"], ["large"]))
    path = tmp_path / "net.onnx"
    onnx.save(made, path)
    found = import_file(str(path), None, "", "")
    assert found.right
    assert "ONNX Runtime in float32: largest" in found.lines[0]


def test_numbers_of_16_bits_are_widened(tmp_path: Path) -> None:
    """Also where the file has them as the numbers of their bits; both judges agree."""
    made = model("a = Gemm <transB = 1> (x, W, b) f = Cast <to = 10> (a) y = Tanh(f)")
    stored = [numpy_helper.to_array(tensor).astype(np.float16) for tensor in made.graph.initializer]
    for tensor, array in zip(made.graph.initializer, stored, strict=True):
        tensor.CopyFrom(helper.make_tensor(tensor.name, TensorProto.FLOAT16, array.shape, array.ravel()))
    for value in (*made.graph.input, *made.graph.output):
        value.type.tensor_type.elem_type = TensorProto.FLOAT16
    onnx.save(made, tmp_path / "net.onnx")
    found = import_file(str(tmp_path / "net.onnx"), None, "", "")
    assert found.right
    assert "ONNX Runtime in float16: largest" in found.lines[0]
    assert "16 bits" in found.lines[-1]
    numbers = {number for array in stored for number in array.astype(float).ravel().tolist()}
    assert set(json.loads(found.texts[".params.json"])["parameters"]) == numbers


class Calibration(CalibrationDataReader):  # type: ignore[misc]  # it has no types
    """Rows that the quantizer measures: smaller ones than those of the comparison, so that integers end."""

    def __init__(self) -> None:
        rows = np.random.default_rng(2).normal(size=(4, 32, 3)).astype(np.float32) * np.float32(0.6)
        self.rows = iter([{"x": batch} for batch in rows])

    def get_next(self) -> Any:
        return next(self.rows, None)


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("activation", ["Relu", "Tanh", "Sigmoid"])
@pytest.mark.parametrize("kind", [QuantType.QUInt8, QuantType.QInt8])
def test_a_file_of_the_quantizer_agrees_within_its_rounding(activation: str, kind: QuantType, tmp_path: Path) -> None:
    """Over 200 rows; without clips, answers are farther away."""
    body = f"z = Gemm <transB = 1> (x, W, b) a = {activation}(z) t = Gemm <transB = 1> (a, V, c) y = Softmax(t)"
    whole, path = tmp_path / "whole.onnx", tmp_path / "net.onnx"
    onnx.save(model(body, opset=13), whole)
    per_channel = kind is QuantType.QInt8
    quantize_static(whole, path, Calibration(), per_channel=per_channel, activation_type=kind)
    found = import_file(str(path), None, "", "")
    assert found.right, found.lines
    assert "for its rounding to integers; with ONNX's reference in float64: largest difference" in found.lines[0]
    read = load(path)
    made = assemble(read.graph, str(path))
    rows = np.random.default_rng(1).normal(size=(200, 3)).astype(np.float32)
    right = onnxruntime.InferenceSession(path).run(None, {"x": rows})[0]
    apart = np.abs(Trained(made).outputs(rows.astype(float)) - right)
    assert np.median(apart) < 0.01
    assert apart.max() < 0.1


def test_a_file_that_differs_by_more_than_its_rounding_is_refused(tmp_path: Path) -> None:
    """As if integers did not end."""
    path, whole = tmp_path / "net.onnx", tmp_path / "whole.onnx"
    onnx.save(model("z = Gemm <transB = 1> (x, W, b) a = Tanh(z) y = Gemm <transB = 1> (a, V, c)", opset=13), whole)
    quantize_static(whole, path, Calibration())
    read, cut = load(path), replace(load(path).graph, notes=())
    nodes = tuple(
        replace(n, formula=n.formula.replace("maximum(z, -", "maximum(z, -9")) if isinstance(n, Activate) else n
        for n in cut.nodes
    )
    made = assemble(replace(cut, nodes=nodes), str(path))
    given = sample(made)
    assert not compare(made, given, read.judge(made, given)).right
