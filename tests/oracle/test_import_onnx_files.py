"""Imports of ONNX files that ONNX Runtime judges, too."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from nngen.commands.importing import import_file
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
