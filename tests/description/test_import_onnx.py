"""Operators of ONNX: the layer that each becomes."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from nngen.bridges.importing import assemble
from tests.support.onnx_files import Z, imported, lines, model, network

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
    "an activation of a normalization": "z = MatMul(x, W) q = ReduceMean(z, am) d = Sub(z, q) p = Pow(d, two)"
    " w = ReduceMean(p, am) e = Add(w, eps) s = Sqrt(e) n = Div(d, s) g = Relu(n) y = MatMul(g, V)",
    "a normalization of one unit": "g = Slice(x, i0, a1, a1) n = LayerNormalization (g, k1, k2) j = Concat <axis = 1>"
    " (n, x) s = Slice(j, i0, i3, a1) y = MatMul(s, V)",
    "a normalization of one unit in parts": "g = Slice(x, i0, a1, a1) q = ReduceMean(g, am) d = Sub(g, q)"
    " p = Pow(d, two) w = ReduceMean(p, am) e = Add(w, eps) s = Sqrt(e) n = Div(d, s) j = Concat <axis = 1> (n, x)"
    " t = Slice(j, i0, i3, a1) y = MatMul(t, V)",
    "slopes of units": "z = MatMul(x, W) p = PRelu(z, m) y = MatMul(p, V)",
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
    "k1": "k1 = Constant <value_floats = [1.5]> ()",
    "k2": "k2 = Constant <value_floats = [0.5]> ()",
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


def test_what_has_no_slope_is_not_trained(tmp_path: Path) -> None:
    """The logarithm of 1 + relu(z), of which a spec has the formula, and steps that no error passes."""
    parts = (
        "z = MatMul(x, W) r = Relu(z) k = Constant <value_float = 1.0> () w = Add(k, r) l = Log(w) q = Mul(l, r)"
        " d = Sub(w, k) n = Div(q, d) e = Equal(w, k) h = Where(e, r, n) f = Floor(h) y = MatMul(f, V)"
    )
    found = imported(tmp_path / "net.onnx", model(parts))
    first, last = found.spec.layers[0], found.spec.layers[-1]
    assert [layer.weights is None or layer.weights.trainable for layer in (first, last)] == [False, True]
    (formula,) = found.spec.activations.values()
    assert formula.value == "floor(log1p(maximum(z, 0.0)))"


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
