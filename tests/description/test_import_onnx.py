"""Operators of ONNX: the layer that each becomes, and the refusals."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from nngen.bridges.importing import Imported, assemble, compare, outputs, sample
from nngen.common.diagnostics import SpecError
from tests.support.differences import seen
from tests.support.onnx_files import RNG, judged, lines, model, network, operators

Z = "z = Gemm <transB = 1> (x, W, b)\n"


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


ACTIVATIONS = {
    "Relu": ("y = Relu(z)", "relu"),
    "Sigmoid": ("y = Sigmoid(z)", "sigmoid"),
    "Tanh": ("y = Tanh(z)", "tanh"),
    "Sin": ("y = Sin(z)", "sine"),
    "LeakyRelu": ("y = LeakyRelu <alpha = 0.3> (z)", "{name: leaky_relu, slope: 0.3}"),
    "LeakyRelu, default": ("y = LeakyRelu (z)", "leaky_relu"),
    "PRelu": ("k = Constant <value_float = 0.3> () y = PRelu(z, k)", "{name: leaky_relu, slope: 0.3}"),
    "Elu": ("y = Elu <alpha = 0.4> (z)", "{name: elu, alpha: 0.4}"),
    "Celu": ("y = Celu <alpha = 0.7> (z)", "{name: celu, alpha: 0.7}"),
    "Selu": ("y = Selu (z)", "selu"),
    "HardSigmoid": ("y = HardSigmoid (z)", "{name: hard_sigmoid, slope: 0.2}"),
    "HardSigmoid of Keras 3": ("y = HardSigmoid <alpha = 0.16666667> (z)", "hard_sigmoid"),
    "HardSwish": ("y = HardSwish (z)", "hard_swish"),
    "Softplus": ("y = Softplus (z)", "softplus"),
    "Softsign": ("y = Softsign (z)", "softsign"),
    "Mish": ("y = Mish (z)", "mish"),
    "Gelu": ("y = Gelu (z)", "gelu"),
    "Gelu by tanh": ('y = Gelu <approximate = "tanh"> (z)', "gelu_tanh"),
    "Shrink, soft": ("y = Shrink <bias = 0.3, lambd = 0.3> (z)", "{name: soft_shrink, theta: 0.3}"),
    "Shrink, hard": ("y = Shrink <lambd = 0.3> (z)", "{name: hard_shrink, theta: 0.3}"),
    "Swish, in parts": ("s = Sigmoid(z) y = Mul(z, s)", "silu"),
    "softplus with a threshold": (
        "t = Constant <value_float = 20.0> () g = Greater(z, t) s = Softplus(z) y = Where(g, z, s)",
        "softplus",
    ),
    "relu6, in parts": (
        "l = Constant <value_float = 0.0> () h = Constant <value_float = 6.0> () y = Clip(z, l, h)",
        "relu6",
    ),
    "hard_tanh, in parts": (
        "l = Constant <value_float = -1.0> () h = Constant <value_float = 1.0> () y = Clip(z, l, h)",
        "hard_tanh",
    ),
    "log_sigmoid, in parts": ("s = Sigmoid(z) y = Log(s)", "log_sigmoid"),
    "mish, in parts": ("s = Softplus(z) t = Tanh(s) y = Mul(z, t)", "mish"),
    "gaussian, in parts": ("q = Mul(z, z) n = Neg(q) y = Exp(n)", "gaussian"),
    "scaled_tanh, in parts": (
        "k = Constant <value_float = 0.6666667> () f = Constant <value_float = 1.7159> ()"
        " s = Mul(z, k) t = Tanh(s) y = Mul(t, f)",
        "scaled_tanh",
    ),
    "step, in parts": ("n = Constant <value_float = 0.0> () g = Greater(z, n) y = Cast <to = 1> (g)", "step"),
    "bipolar_step, in parts": (
        "n = Constant <value_float = 0.0> () p = Constant <value_float = 1.0> () q = Constant <value_float = -1.0> ()"
        " g = Greater(z, n) y = Where(g, p, q)",
        "bipolar_step",
    ),
    "undecided_step, in parts": (
        "t = Constant <value_float = 0.2> () w = Constant <value_float = -0.2> () p = Constant <value_float = 1.0> ()"
        " n = Constant <value_float = 0.0> () q = Constant <value_float = -1.0> () g = Greater(z, t) l = Less(z, w)"
        " h = Where(l, q, n) y = Where(g, p, h)",
        "undecided_step",
    ),
    "hard_swish, in parts": (
        "k = Constant <value_float = 3.0> () l = Constant <value_float = 0.0> () h = Constant <value_float = 6.0> ()"
        " s = Add(z, k) t = Clip(s, l, h) p = Mul(z, t) y = Div(p, h)",
        "hard_swish",
    ),
    "softmax": ("y = Softmax (z)", "softmax"),
    "softmax, in parts": (
        "a = Constant <value_ints = [-1]> () q = ReduceMax(z, a) d = Sub(z, q) e = Exp(d)"
        " s = ReduceSum(e, a) y = Div(e, s)",
        "softmax",
    ),
    "a sum of activations": ("s = Sin(z) q = Mul(s, s) y = Add(z, q)", "activation1"),
    "tanh shrink": ("t = Tanh(z) y = Sub(z, t)", "tanh_shrink"),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation(tmp_path: Path, name: str) -> None:
    body, expected = ACTIVATIONS[name]
    found = imported(tmp_path / "net.onnx", model(Z + body))
    assert lines(found.text, " activation: ") == [f"activation: {expected}"]


def test_gelu_says_that_its_constants_are_rounded(tmp_path: Path) -> None:
    body = (
        "r = Constant <value_float = 1.4142135> () o = Constant <value_float = 1.0> ()"
        " h = Constant <value_float = 0.5> () d = Div(z, r) e = Erf(d) a = Add(e, o) p = Mul(z, a) y = Mul(p, h)"
    )
    found = imported(tmp_path / "net.onnx", model(Z + body))
    assert lines(found.text, "gelu") == [
        "# gelu: the file has rounded constants; values differ by up to 1e-08",
        "activation: gelu",
        "# the loss is the usual one for outputs by gelu",
    ]


def test_a_function_that_differs_in_one_place_is_not_taken_for_an_activation(tmp_path: Path) -> None:
    body = (
        "k = Constant <value_float = 3.14159> () e = Constant <value_float = 0.000001> ()"
        " w = Constant <value_float = 9.0> () d = Sub(z, k) a = Abs(d) l = Less(a, e) r = Relu(z) y = Where(l, w, r)"
    )
    assert "activation: activation1" in assemble(network(tmp_path / "net.onnx", model(Z + body)), "net").text


LAYERS = {
    "Gemm, transposed": "y = Gemm (x, W, b)",
    "Gemm with factors": "y = Gemm <alpha = 0.5, beta = 2.0, transB = 1> (x, W, b)",
    "Gemm without biases": "y = Gemm <transB = 1> (x, W)",
    "MatMul and Add": "p = MatMul(x, W) y = Add(p, b)",
    "Add before": "p = MatMul(x, W) y = Add(b, p)",
    "MatMul of a transposed constant": "t = Transpose <perm = [1, 0]> (W) p = MatMul(x, t) y = Add(p, b)",
    "constants are folded": "s = Add(b, c) t = Mul(s, u) y = Gemm <transB = 1> (x, W, t)",
    "two layers": "h = Gemm <transB = 1> (x, W, b) t = Tanh(h) y = Gemm <transB = 1> (t, V, c)",
    "layers without activation": "h = Gemm <transB = 1> (x, W, b) y = Gemm <transB = 1> (h, V, c)",
    "scaled inputs": "d = Sub(x, m) s = Div(d, u) y = Gemm <transB = 1> (s, W, b)",
    "scaled inputs, the other way": "d = Mul(x, u) s = Add(d, m) y = Gemm <transB = 1> (s, W, b)",
    "scaled sums": "p = MatMul(x, W) d = Sub(p, m) s = Mul(d, u) a = Add(s, c) y = Relu(a)",
    "scaled activations": "z = MatMul(x, W) t = Tanh(z) s = Mul(t, u) a = Add(s, c) y = Gemm <transB = 1> (a, V, b)",
    "scaled outputs": "z = MatMul(x, W) t = Sigmoid(z) s = Mul(t, u) y = Add(s, c)",
    "a number minus an activation": "k = Constant <value_float = 1.0> () z = MatMul(x, W) t = Tanh(z) y = Sub(k, t)",
    "a skip connection": "z = MatMul(x, W) t = Tanh(z) j = Concat <axis = 1> (t, x) "
    "s = Slice(j, i0, i3, a1) y = Gemm <transB = 1> (s, V, c)",
    "a residual connection": "z = MatMul(x, W) t = Tanh(z) r = Add(t, x) y = Gemm <transB = 1> (r, V, c)",
    "two sums": "z = MatMul(x, W) r = MatMul(x, V) t = Tanh(r) q = MatMul(t, W) s = Add(z, q) y = Relu(s)",
    "a difference": "z = MatMul(x, W) t = Tanh(z) y = Sub(t, x)",
    "a layer that two others use": "z = MatMul(x, W) t = Relu(z) r = Sigmoid(z) s = Add(t, r) y = MatMul(s, V)",
    "batch normalization": "z = MatMul(x, W) n = BatchNormalization <epsilon = 0.001> (z, u, c, m, v) y = Relu(n)",
    "batch normalization after": "z = MatMul(x, W) t = Relu(z) n = BatchNormalization (t, u, c, m, v) y = MatMul(n, V)",
    "batch normalization of inputs": "n = BatchNormalization (x, u, c, m, v) y = MatMul(n, V)",
    "layer normalization": "z = MatMul(x, W) n = LayerNormalization <epsilon = 0.001> (z, u, c) y = Tanh(n)",
    "layer normalization in parts": "z = MatMul(x, W) q = ReduceMean(z, am) d = Sub(z, q) p = Pow(d, two)"
    " w = ReduceMean(p, am) e = Add(w, eps) s = Sqrt(e) n = Div(d, s) g = Mul(n, u) a = Add(g, c) y = Tanh(a)",
    "RMS normalization in parts": "z = MatMul(x, W) p = Pow(z, two) w = ReduceMean(p, am) e = Add(w, eps) s = Sqrt(e)"
    " n = Div(z, s) g = Mul(n, u) y = Tanh(g)",
    "RMS normalization": "z = MatMul(x, W) n = RMSNormalization (z, u) y = Tanh(n)",
    "dropout": "z = MatMul(x, W) t = Relu(z) d = Dropout (t, quarter) y = MatMul(d, V)",
    "dropout at the output": "z = MatMul(x, W) t = Relu(z) y = Dropout (t, quarter)",
    "casts": "f = Cast <to = 1> (x) z = MatMul(f, W) w = Cast <to = 11> (z) t = Cast <to = 1> (w)"
    " i = Identity(t) y = Tanh(i)",
    "Flatten": "f = Flatten(x) y = MatMul(f, W)",
    "Reshape": "f = Reshape(x, shape) y = MatMul(f, W)",
    "Reshape by the shape of the batch": "s = Shape <end = 1> (x) k = Constant <value_ints = [3]> ()"
    " t = Concat <axis = 0> (s, k) f = Reshape(x, t) y = MatMul(f, W)",
    "Split and Concat": "a, r = Split <axis = 1> (x, parts) j = Concat <axis = 1> (r, a) y = MatMul(j, W)",
    "Gather": "g = Gather <axis = 1> (x, order) y = MatMul(g, W)",
    "Unsqueeze and Squeeze": "q = Unsqueeze(x, a1) r = Squeeze(q, a1) y = MatMul(r, W)",
    "Sum of three": "z = MatMul(x, W) r = MatMul(x, V) s = Sum(z, r, x) y = Tanh(s)",
    "cosine and floor": "z = MatMul(x, W) q = Cos(z) f = Floor(z) y = Add(q, f)",
    "minimum": "z = MatMul(x, W) s = Sin(z) y = Min(s, eps)",
    "reciprocal": "z = MatMul(x, W) e = Exp(z) a = Add(e, two) y = Reciprocal(a)",
    "a threshold": "z = MatMul(x, W) y = ThresholdedRelu <alpha = 0.5> (z)",
    "two conditions": "z = MatMul(x, W) g = GreaterOrEqual(z, eps) l = LessOrEqual(z, two) a = And(g, l) t = Tanh(z)"
    " y = Where(a, t, z)",
    "one value": "z = MatMul(x, W) e = Equal(z, two) t = Tanh(z) y = Where(e, z, t)",
    "not below": "z = MatMul(x, W) k = Constant <value_float = 0.0> () l = Less(z, k) n = Not(l) y = Where(n, z, k)",
    "expanded biases": "s = ConstantOfShape <value = int64[1] {3}> (a1) e = Expand(b, s) z = MatMul(x, W)"
    " y = Add(z, e)",
    "Swish": "z = MatMul(x, W) y = Swish(z)",
    "Max of one vector": "z = MatMul(x, W) k = Constant <value_float = 0.0> () y = Max(z, k)",
}
CONSTANT_TEXTS = {
    "i0": "i0 = Constant <value_ints = [0]> ()",
    "i3": "i3 = Constant <value_ints = [3]> ()",
    "a1": "a1 = Constant <value_ints = [1]> ()",
    "am": "am = Constant <value_ints = [-1]> ()",
    "two": "two = Constant <value_float = 2.0> ()",
    "eps": "eps = Constant <value_float = 0.001> ()",
    "quarter": "quarter = Constant <value_float = 0.25> ()",
    "shape": "shape = Constant <value_ints = [-1, 3]> ()",
    "parts": "parts = Constant <value_ints = [1, 2]> ()",
    "order": "order = Constant <value_ints = [2, 0, 1]> ()",
}


def written(body: str, **options: object) -> onnx.ModelProto:
    """A model with the small constants that its graph names."""
    words = body.replace("(", " ").replace(")", " ").replace(",", " ").split()
    constants = [text for name, text in CONSTANT_TEXTS.items() if name in words]
    return model("\n".join([*constants, body]), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", LAYERS)
def test_a_graph(tmp_path: Path, name: str) -> None:
    imported(tmp_path / "net.onnx", written(LAYERS[name], opset={"RMS normalization": 23, "Swish": 24}.get(name, 21)))


@pytest.mark.parametrize("opset", [7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 20, 21, onnx.defs.onnx_opset_version()])
def test_each_version_of_the_operators(tmp_path: Path, opset: int) -> None:
    """Bounds, axes and rates move from attributes to inputs; the axis of softmax is another one by default."""
    clip = "Clip <min = 0.0, max = 6.0> (z)" if opset < 11 else "Clip(z, low, high)"
    drop = "Dropout <ratio = 0.25> (h)" if opset < 12 else "Dropout(h, quarter)"
    part = "Slice <axes = [1], starts = [0], ends = [2]> (d)" if opset < 10 else "Slice(d, first, second, one)"
    body = f"z = Gemm <transB = 1> (x, W, b) h = {clip} d = {drop} p = {part} y = Gemm <transB = 1> (p, Q, c)"
    softmax = "s = Softmax(y)"
    made = model(f"{body} {softmax}", opset=opset, outputs="float[N, 3] s")
    constants = {
        "low": np.float32(0.0),
        "high": np.float32(6.0),
        "quarter": np.float32(0.25),
        "first": np.array([0]),
        "second": np.array([2]),
        "one": np.array([1]),
        "Q": np.arange(6, dtype=np.float32).reshape(3, 2) / 10,
    }
    used = {name for node in made.graph.node for name in node.input}
    for name in constants.keys() & used:
        made.graph.initializer.append(onnx.numpy_helper.from_array(np.asarray(constants[name]), name))
    found = imported(tmp_path / "net.onnx", made)
    assert lines(found.text, " activation: ", "dropout") == [
        "activation: relu6",
        "dropout: 0.25",
        "activation: linear",
        "activation: softmax",
    ]


def test_batch_normalization_keeps_its_statistics_and_gets_a_batch_size(tmp_path: Path) -> None:
    body = "z = MatMul(x, W) n = BatchNormalization <epsilon = 0.001, momentum = 0.99> (z, u, c, m, v) y = Relu(n)"
    made = model(body)
    made.producer_name = "pytorch"
    assert imported(tmp_path / "net.onnx", made).text == (
        """\
name: net
description: "Imported from net.onnx (pytorch, opset 21)."
inputs: 3
layers:
  - name: layer1
    units: 3
    activation: relu
    bias: false
    normalization: {name: batch_norm, epsilon: 0.001, momentum: 0.01}
# the loss is the usual one for outputs by relu
loss: squared_error
# the source does not say how it was trained
training:
  optimizer: {name: adam, rate: 0.001}
  batch_size: 32
"""
    )


@pytest.mark.parametrize("name", ["layer normalization in parts", "RMS normalization in parts"])
def test_a_normalization_in_parts_is_one(tmp_path: Path, name: str) -> None:
    found = imported(tmp_path / "net.onnx", written(LAYERS[name]))
    (layer,) = found.spec.layers
    assert layer.normalization is not None
    assert (layer.normalization.name.split("_")[0], layer.activation.name) == (name.split()[0].lower(), "tanh")
    assert "#" not in found.text.split("layers:")[1].split("loss")[0].removesuffix("# the ")


def test_the_logarithm_of_softmax_becomes_softmax(tmp_path: Path) -> None:
    found = imported(tmp_path / "net.onnx", model(Z + "y = LogSoftmax(z)"))
    assert lines(found.text, " activation: ") == ["activation: softmax"]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ('{"layer1": ["low", "high", "none"]}', ("low", "high", "none")),
        ('{"layer1": ["low", "high"], "other": [[]]}', ("layer11", "layer12", "layer13")),
        ('{"layer1": ["low", "low", "x"]}', ("layer11", "layer12", "layer13")),
        ('{"layer1": ["not a name", "2", ""]}', ("layer11", "layer12", "layer13")),
        ("[" * 100_000, ("layer11", "layer12", "layer13")),
    ],
    ids=["right", "too few", "twice", "no names", "nested"],
)
def test_names_of_units(tmp_path: Path, text: str, units: tuple[str, ...]) -> None:
    made = model("y = Gemm <transB = 1> (x, W, b)")
    onnx.helper.set_model_props(made, {"units": text})
    assert imported(tmp_path / "net.onnx", made).spec.layers[0].unit_names == units


def test_integers_become_the_numbers_that_they_stand_for(tmp_path: Path) -> None:
    """A file that ONNX Runtime has quantized, where the smallest integer of the hidden units stands for 0 (ReLU)."""
    integers = np.array([[127, -100, 3], [5, 90, -128], [1, 2, 100]], np.int8)
    scales, bias = np.array([0.25, 0.5, 0.125], np.float32), np.array([0.5, -0.25, 0.125], np.float32)
    made = model(
        "q = QuantizeLinear(x, xs, xz) d = DequantizeLinear(q, xs, xz) w = DequantizeLinear <axis = 0> (Wq, ws, wz)"
        " z = Gemm <transB = 1> (d, w, bias) s = QuantizeLinear(z, ys, yz) r = DequantizeLinear(s, ys, yz)"
        " y = Gemm <transB = 1> (r, V, c)"
    )
    constants = {"xs": np.float32(0.05), "xz": np.int8(3), "Wq": integers, "ws": scales, "wz": np.zeros(3, np.int8)}
    constants |= {"ys": np.float32(0.5), "yz": np.int8(-128), "bias": bias}
    made.graph.initializer.extend(onnx.numpy_helper.from_array(np.asarray(a), n) for n, a in constants.items())
    found = imported(tmp_path / "net.onnx", made)
    assert lines(found.text, " activation: ") == ["activation: relu", "activation: linear"]
    assert found.parameters[:9] == tuple((integers * scales[:, None].astype(float)).ravel())
    assert "integers of 8 or 16 bits" in found.text


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


TABLES = {
    "P": RNG.standard_normal((7, 3)),
    "Q": RNG.standard_normal((5, 3)),
    "B": RNG.standard_normal(7),
    "T": RNG.standard_normal((5, 2)),
}
"""A row for each of 7 users or 5 items."""

USER_ITEM = "int64[N] user, int64[N] item"
BOTH = "p = Gather(P, user) q = Gather(Q, item) "
ENCODER = 'r = ai.onnx.ml.LabelEncoder <keys_strings = ["b", "a", "c", "d", "e"], values_int64s = [1, 0, 2, 3, 4]'


def with_tables(body: str, inputs: str, outputs: str = "float[N, 3] y", dtype: type = np.float32) -> onnx.ModelProto:
    """A model with the matrices that it uses."""
    made = model(body, inputs=inputs, outputs=outputs, dtype=dtype)
    used = {name for node in made.graph.node for name in node.input}
    for name, array in TABLES.items():
        if name in used:
            made.graph.initializer.append(onnx.numpy_helper.from_array(array.astype(dtype), name))
    return made


IDS = {
    "product": (BOTH + "y = Mul(p, q)", USER_ITEM, ["kind: product"]),
    "ratio": (BOTH + "h = Exp(q) y = Div(p, h)", USER_ITEM, ["kind: ratio"]),
    "maximum": (BOTH + "y = Max(p, q)", USER_ITEM, ["kind: maximum"]),
    "the greatest of three": (
        BOTH + "s = Mul(p, q) y = Max(p, q, s)",
        USER_ITEM,
        ["kind: product", "kind: maximum", "kind: maximum"],
    ),
    "a weighted sum and an embedding": (BOTH + "h = MatMul(p, W) y = Add(h, q)", USER_ITEM, ["kind: add"]),
    "three sources and a bias": (
        BOTH + "s1 = Mul(p, q) y = Sum(p, q, s1, b)",
        USER_ITEM,
        ["kind: product", "kind: add"],
    ),
    "dot": (
        BOTH + "a = Constant <value_ints = [1]> () s1 = Mul(p, q) y = ReduceSum <keepdims = 0> (s1, a)",
        USER_ITEM,
        ["kind: dot"],
    ),
    "a row by a column": (
        BOTH + "a = Constant <value_ints = [1]> () k = Constant <value_ints = [2]> () "
        "s = Unsqueeze(p, a) t = Unsqueeze(q, k) y = MatMul(s, t)",
        USER_ITEM,
        ["kind: dot"],
    ),
    "Einsum": (BOTH + 'y = Einsum <equation = "bk,bk->b"> (p, q)', USER_ITEM, ["kind: dot"]),
    "a number for each": ("k = Gather(B, user) y = Exp(k)", "int64[N] user", []),
    "columns side by side": (
        "s = Constant <value_int = 0> () t = Constant <value_int = 1> () user = Gather <axis = 1> (x, s) "
        "item = Gather <axis = 1> (x, t) " + BOTH + "y = Mul(p, q)",
        "int32[N, 2] x",
        ["kind: product"],
    ),
    "names": (ENCODER + ", default_int64 = 5> (name) y = Gather(Q, r)", "string[N] name", []),
    "names, and a row for others": (
        ENCODER.replace(', "e"', "").replace(", 4]", "]") + "> (name) y = Gather(Q, r)",
        "string[N] name",
        [],
    ),
}
"""Graphs with ids, and the kinds of their layers beside embeddings."""


@pytest.mark.parametrize("name", IDS)
def test_ids(tmp_path: Path, name: str) -> None:
    body, inputs, kinds = IDS[name]
    found = imported(tmp_path / "net.onnx", with_tables(body, inputs))
    assert [line for line in lines(found.text, "kind: ") if "embedding" not in line] == kinds
    assert lines(found.text, "unknown: row") == lines(found.text, "unknown")
    assert ("for others" in name) == ("unknown: row" in found.text)


def test_rows_that_are_selected_twice_are_one_layer(tmp_path: Path) -> None:
    body = BOTH + "k = Gather(P, user) s1 = Mul(p, q) y = Add(s1, k)"
    found = imported(tmp_path / "net.onnx", with_tables(body, USER_ITEM))
    assert len(lines(found.text, "kind: embedding")) == 2


REFUSED_IDS = {
    "numbers": (
        "y = Gather(P, x)",
        "float[N] x",
        "node 1 (Gather): it selects rows by several columns, or by numbers that are not whole",
    ),
    "several columns": (
        "y = Gather(P, x)",
        "int64[N, 2] x",
        "node 1 (Gather): it selects rows by several columns, or by numbers that are not whole",
    ),
    "a truncated number": (
        "user = Cast <to = 7> (x) y = Gather(P, user)",
        "float[N] x",
        "node 1 (Cast): it makes other numbers of float32 or float64",
    ),
    "a constant row that is not there": ("k = Constant <value_int = 7> () y = Gather(P, k)", "float[N] x", "Gather"),
    "columns of the matrix": (
        "y = Gather <axis = 1> (P, user)",
        "int64[N] user",
        "node 1 (Gather): expected that it selects rows of a matrix of numbers",
    ),
    "other ids would be the last one": (
        ENCODER + "> (name) y = Gather(Q, r)",
        "string[N] name",
        "node 2 (Gather): it has 5 rows for 5 ids, and other ids would select one of them",
    ),
    "fewer ids than rows": (
        ENCODER + ", default_int64 = 5> (name) y = Gather(P, r)",
        "string[N] name",
        "node 2 (Gather): it has 7 rows for 5 ids, and other ids would select one of them",
    ),
    "rows with gaps": (
        ENCODER.replace("3, 4]", "3, 5]") + "> (name) y = Gather(Q, r)",
        "string[N] name",
        "node 1 (ai.onnx.ml.LabelEncoder): expected that it gives each id of a column a row, from 0",
    ),
    "two counts of ids": (
        "p = Gather(P, user) q = Gather(Q, user) y = Mul(p, q)",
        "int64[N] user",
        "node 2 (Gather): the column 'user' has categories or other ids as well",
    ),
    "widths": (
        "p = Gather(P, user) t = Gather(T, item) y = Mul(p, t)",
        USER_ITEM,
        "node 3 (Mul): it combines vectors of different shapes",
    ),
    "ids after numbers": (
        "p = Gather(P, user) y = Add(p, x)",
        "float[N, 3] x, int64[N] user",
        "an input with ids comes after others",
    ),
    "ids as numbers": (
        "p = Gather(P, user) o = Cast <to = 1> (user) k = Exp(o) y = Identity(p) w = Identity(k)",
        "int64[N, 1] user",
        "node 3 (Exp): the column 'user' has ids, but is taken as a number as well",
    ),
}


@pytest.mark.parametrize("name", REFUSED_IDS)
def test_what_no_embedding_can_express(tmp_path: Path, name: str) -> None:
    body, inputs, message = REFUSED_IDS[name]
    outputs = "float[N, 3] y, float[N, 1] w" if " w = " in body else "float[N, 3] y"
    with pytest.raises(SpecError) as caught:
        network(tmp_path / "net.onnx", with_tables(body, inputs, outputs))
    assert message in caught.value.diagnostics[0].message


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
        network(tmp_path / "net.onnx", model(Z + body))
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
