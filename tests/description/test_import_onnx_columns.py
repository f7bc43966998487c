"""ONNX files with classes, columns of data, and integers."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from nngen.common.diagnostics import SpecError
from tests.support.onnx_files import imported, lines, model

INTEGERS = np.array([[127, -100, 3], [5, 90, -128], [1, 2, 100]], np.int8)
SCALES = np.array([0.25, 0.5, 0.125], np.float32)
QUANTIZED: dict[str, Any] = {
    "xs": np.float32(0.05),
    "xz": np.int8(3),
    "Wq": INTEGERS,
    "ws": SCALES,
    "wz": np.zeros(3, np.int8),
    "ys": np.float32(0.5),
    "yz": np.int8(-128),
    "bias": np.array([0.5, -0.25, 0.125], np.float32),
    "one": np.float32(1.0),
    "two": np.array([0.5, 0.25], np.float32),
}
INPUT = "q = QuantizeLinear(x, xs, xz) d = DequantizeLinear(q, xs, xz)"


def quantized(body: str, **more: Any) -> onnx.ModelProto:
    """A file with these operators and the constants of a quantized network."""
    made = model(body, **more)
    used = {name for node in made.graph.node for name in node.input}
    constants = {name: array for name, array in QUANTIZED.items() if name in used}
    made.graph.initializer.extend(onnx.numpy_helper.from_array(np.asarray(a), n) for n, a in constants.items())
    return made


def test_integers_become_the_numbers_that_they_stand_for(tmp_path: Path) -> None:
    """A file that ONNX Runtime has quantized: a pair is a clip; the least integer of the hidden units is 0 (ReLU)."""
    made = quantized(
        f"{INPUT} w = DequantizeLinear <axis = 0> (Wq, ws, wz)"
        " z = Gemm <transB = 1> (d, w, bias) s = QuantizeLinear(z, ys, yz) r = DequantizeLinear(s, ys, yz)"
        " y = Gemm <transB = 1> (r, V, c)",
        opset=13,
    )
    found = imported(tmp_path / "net.onnx", made)
    assert lines(found.text, " activation1: ", " activation2: ") == [
        f'activation1: {{value: "minimum(maximum(z, {-131 * 0.05}), {124 * 0.05})"}}',
        'activation2: {value: "minimum(maximum(z, 0.0), 127.5)"}',
    ]
    assert {*(INTEGERS * SCALES[:, None].astype(float)).ravel().tolist()} <= {*found.parameters}
    assert "integers of 8 or 16 bits" in found.text


def test_integers_end_where_functions_do(tmp_path: Path) -> None:
    """Clips move out of increasing functions, and a clip where a function ends at most a step farther is left out."""
    before = "z = Gemm <transB = 1> (x, W, b) q = QuantizeLinear(z, one) d = DequantizeLinear(q, one) s = Sigmoid(d)"
    found = imported(
        tmp_path / "net.onnx", quantized(f"{before} p = QuantizeLinear(s, ys) y = DequantizeLinear(p, ys)")
    )
    assert 'activation1: {value: "minimum(maximum(sigmoid(z), 0.5), 1.0)"}' in found.text
    whole = "z = Gemm <transB = 1> (x, W, b) s = Sigmoid(z) p = QuantizeLinear(s, k) y = DequantizeLinear(p, k)"
    made = model(whole)
    made.graph.initializer.append(onnx.numpy_helper.from_array(np.float32(1 / 256), "k"))
    assert lines(imported(tmp_path / "net.onnx", made).text, " activation: ") == ["activation: sigmoid"]


NOT_READ = {
    "other steps": ("q = QuantizeLinear(x, xs, xz) y = DequantizeLinear(q, ys, xz)", "another scale or zero point"),
    "several scales": ("q = QuantizeLinear(x, ws, wz) y = DequantizeLinear(q, ws, wz)", "one constant scale"),
    "no constants": ("q = QuantizeLinear(x, x) y = DequantizeLinear(q, x)", "one constant scale"),
    "other types": ("q = QuantizeLinear <output_dtype = 17> (x, xs) y = DequantizeLinear(q, xs)", "of the type 17"),
    "blocks": (
        f"{INPUT} w = DequantizeLinear <axis = 1, block_size = 3> (Wq, ws) y = MatMul(d, w)",
        "a scale for each block of numbers",
    ),
    "other scales": (f"{INPUT} w = DequantizeLinear <axis = 0> (Wq, two) y = MatMul(d, w)", "2 scales for numbers of"),
    "measured steps": ("q, s, k = DynamicQuantizeLinear(x) y = DequantizeLinear(q, s, k)", "export it before that"),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_integers_that_no_clip_expresses_are_refused(tmp_path: Path, name: str) -> None:
    body, message = NOT_READ[name]
    with pytest.raises(SpecError, match=message):
        imported(tmp_path / "net.onnx", quantized(body))


CLASSIFIERS = {
    "softmax": "z = MatMul(x, W) p = Softmax <axis = 1> (z)",
    "one logistic unit": "z = MatMul(x, w1) q = Sigmoid(z) k = Constant <value_float = 1.0> () n = Sub(k, q)"
    " p = Concat <axis = 1> (n, q)",
    "two scores": "z = MatMul(x, w1) k = Constant <value_float = -1.0> () n = Mul(z, k) p = Concat <axis = 1> (n, z)",
    "a linear model": "l, q = ai.onnx.ml.LinearClassifier <coefficients = [0.5, -1.0, 2.0, -0.5, 1.0, -2.0],"
    ' intercepts = [0.25, -0.25], classlabels_ints = [0, 1], post_transform = "LOGISTIC"> (x)'
    ' p = ai.onnx.ml.Normalizer <norm = "L1"> (q)',
}


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier(tmp_path: Path, name: str) -> None:
    """The tails of skl2onnx: the classes get their names, and the label is not an output of the network."""
    three = name == "softmax"
    classes = '"ox", "cow", "hen"' if three else '"ox", "cow"'
    body = (
        f"{CLASSIFIERS[name]} m = ai.onnx.ml.ZipMap <classlabels_strings = [{classes}]> (p) i = ArgMax <axis = 1> (p)"
    )
    outputs = "int64[N] i, float[N] m"
    made = model(body, inputs="float[N, 3] x", outputs=outputs)
    made.graph.initializer.append(onnx.numpy_helper.from_array(np.array([[0.5], [-1.0], [2.0]], np.float32), "w1"))
    made.graph.output[1].CopyFrom(onnx.ValueInfoProto(name="m"))
    found = imported(tmp_path / "net.onnx", made)
    expected = {"two scores": "hinge", "softmax": "cross_entropy"}.get(name, "binary_cross_entropy")
    assert lines(found.text, "data:", "units: ", "loss:") == [
        "units: [ox, cow, hen]" if three else "units: 1",
        f"loss: {expected}",
        "data: {classes: [ox, cow, hen]}" if three else "data: {classes: [ox, cow]}",
    ]


def test_names_of_classes_by_an_encoder(tmp_path: Path) -> None:
    body = (
        "z = MatMul(x, W) p = Softmax(z) i = ArgMax <axis = 1, keepdims = 0> (p) l = ai.onnx.ml.LabelEncoder"
        ' <keys_int64s = [0, 1, 2], values_strings = ["ox", "cow", "hen"]> (i)'
    )
    made = model(body, outputs="string[N] l, float[N, 3] p", ml=2)
    assert imported(tmp_path / "net.onnx", made).graph.classes == ("ox", "cow", "hen")


def test_independent_classes(tmp_path: Path) -> None:
    """Each of several classes applies or not: the outputs have no order of classes."""
    body = "z = MatMul(x, W) p = Sigmoid(z) l = ai.onnx.ml.Binarizer <threshold = 0.5> (p)"
    found = imported(tmp_path / "net.onnx", model(body, outputs="float[N, 3] l, float[N, 3] p"))
    assert (found.graph.classes, found.spec.loss.name) == ((), "binary_cross_entropy")


def test_columns_side_by_side(tmp_path: Path) -> None:
    body = "f = ai.onnx.ml.FeatureVectorizer <inputdimensions = [1, 2]> (s, t) y = MatMul(f, W)"
    found = imported(tmp_path / "net.onnx", model(body, inputs="float[N, 1] s, float[N, 2] t"))
    assert found.spec.input_names == ("s", "t1", "t2")


def test_columns_with_gaps_and_categories(tmp_path: Path) -> None:
    body = (
        "g = Concat <axis = 1> (age, pay) f = ai.onnx.ml.Imputer <imputed_value_floats = [40.0, 2.5],"
        " replaced_value_float = 1e-45> (g) s = ai.onnx.ml.Scaler <offset = [38.0, 2.0], scale = [0.125, 0.5]> (f)"
        ' o = ai.onnx.ml.OneHotEncoder <cats_strings = ["u", "v", "w"], zeros = 1> (town)'
        " k = Constant <value_ints = [-1, 3]> () r = Reshape(o, k) j = Concat <axis = 1> (s, r)"
        " y = MatMul(j, Q)"
    )
    made = model(body, inputs="float[N, 1] age, float[N, 1] pay, string[N, 1] town", outputs="float[N, 2] y")
    imputer = next(node for node in made.graph.node if node.op_type == "Imputer")
    imputer.attribute[1].f = np.nan
    matrix = np.arange(10, dtype=np.float32).reshape(5, 2) / 7
    made.graph.initializer.append(onnx.numpy_helper.from_array(matrix, "Q"))
    found = imported(tmp_path / "net.onnx", made)
    assert found.text.split("inputs:\n")[1].split("layers:")[0] == (
        "  - {name: age, missing: 40, scale: {name: standardize, mean: [38], deviation: [8]}}\n"
        "  - {name: pay, missing: 2.5, scale: {name: standardize, mean: [2], deviation: [2]}}\n"
        "  - {name: town, categories: [u, v, w], unknown: zeros}\n"
    )


OPEN = {
    "Gemm": "y = Gemm <transB = 1> (x, W, b)",
    "MatMul after Cast": "f = Cast <to = 1> (x) y = MatMul(f, W)",
    "Sub": "s = Sub(x, m) y = MatMul(s, W)",
    "Scaler": "s = ai.onnx.ml.Scaler <offset = [1.0, 2.0, 3.0], scale = [2.0, 2.0, 2.0]> (x) y = MatMul(s, W)",
    "LinearRegressor": "y = ai.onnx.ml.LinearRegressor <coefficients = [1.0, 2.0, 3.0], intercepts = [0.5]> (x)",
}


@pytest.mark.parametrize("name", OPEN)
def test_an_input_of_any_width_gets_that_of_what_takes_it(tmp_path: Path, name: str) -> None:
    outputs = "float[N, 1] y" if name == "LinearRegressor" else "float[N, 3] y"
    found = imported(tmp_path / "net.onnx", model(OPEN[name], inputs="float[N, K] x", outputs=outputs))
    assert len(found.spec.input_names) == 3


def test_whole_numbers_as_categories(tmp_path: Path) -> None:
    body = "o = ai.onnx.ml.OneHotEncoder <cats_int64s = [3, 5, 8], zeros = 1> (storey)"
    body += " k = Constant <value_ints = [-1, 3]> () r = Reshape(o, k) y = MatMul(r, W)"
    found = imported(tmp_path / "net.onnx", model(body, inputs="int64[N, 1] storey"))
    assert lines(found.text, "storey") == ['- {name: storey, categories: ["3", "5", "8"], unknown: zeros}']
