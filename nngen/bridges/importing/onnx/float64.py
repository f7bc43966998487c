"""An ONNX file computed operator by operator in float64, to judge an import.

It shares nothing with what reads a graph: each operator is a line of NumPy on a whole batch, as ONNX defines it.
Weights are the doubles of their float32; attributes and single numbers are those of their shortest decimals.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nngen.bridges.importing.onnx.model import Model, Operator, shortest

Rule = Callable[..., Any]
"""A function of an operator's attributes and of its inputs, None for one that is left out."""

_erf: Callable[[Any], Any] = np.vectorize(math.erf, otypes=[float])


def outputs(model: Model, inputs: Mapping[str, Any], name: str) -> Any:
    """A value of the graph.

    Args:
        model: a checked file.
        inputs: an array for each input, with the batch first.
        name: the value.
    """
    values = {key: _constant(array) for key, array in model.constants.items()} | dict(inputs)
    for operator in model.needed([name]):
        given = [values.get(key) if key else None for key in operator.inputs]
        made = RULES[operator.kind](operator, *given)
        values.update(zip(operator.outputs, made if isinstance(made, tuple) else (made,), strict=False))
    return values[name]


def _constant(array: Any) -> Any:
    if array.dtype == np.float32:
        return np.array(shortest(float(array))) if array.shape == () else array.astype(np.float64)
    return array


def _sigmoid(x: Any) -> Any:
    return np.where(x >= 0.0, 1.0 / (1.0 + np.exp(-np.abs(x))), 1.0 - 1.0 / (1.0 + np.exp(-np.abs(x))))


def _softplus(x: Any) -> Any:
    return np.logaddexp(x, 0.0)


def _softmax(x: Any, axis: int) -> Any:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _axis(operator: Operator) -> int:
    return int(operator.attributes.get("axis", 1 if operator.version < 13 else -1))


def _number(operator: Operator, name: str, default: float) -> float:
    return float(operator.attributes.get(name, default))


def _whole(operator: Operator, name: str, given: Any, default: Sequence[int] = ()) -> list[int]:
    """Whole numbers from an attribute or an input."""
    found = operator.attributes.get(name, default) if given is None else np.ravel(given)
    return [int(value) for value in found]


def _gemm(operator: Operator, a: Any, b: Any, c: Any = None) -> Any:
    product = (a.T if operator.attributes.get("transA") else a) @ (b.T if operator.attributes.get("transB") else b)
    product = _number(operator, "alpha", 1.0) * product
    return product if c is None else product + _number(operator, "beta", 1.0) * c


def _layer_normalization(operator: Operator, x: Any, scale: Any, bias: Any = None) -> Any:
    deviation = np.sqrt(x.var(axis=-1, keepdims=True) + _number(operator, "epsilon", 1e-5))
    return (x - x.mean(axis=-1, keepdims=True)) / deviation * scale + (0.0 if bias is None else bias)


def _rms_normalization(operator: Operator, x: Any, scale: Any) -> Any:
    return x / np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + _number(operator, "epsilon", 1e-5)) * scale


def _clip(operator: Operator, x: Any, low: Any = None, high: Any = None) -> Any:
    low = operator.attributes.get("min", -np.inf) if low is None else low
    high = operator.attributes.get("max", np.inf) if high is None else high
    return np.minimum(np.maximum(x, low), high)


def _gelu(operator: Operator, x: Any) -> Any:
    if operator.attributes.get("approximate") == "tanh":
        return 0.5 * x * (1.0 + np.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)))
    return 0.5 * x * (1.0 + _erf(x / math.sqrt(2.0)))


def _cast(operator: Operator, x: Any) -> Any:
    match operator.attributes["to"]:
        case 1 | 10 | 11:
            return np.asarray(x, np.float64)
        case 6 | 7:
            return np.asarray(x, np.int64)
        case 9:
            return np.asarray(x, bool)
    return x


def _reshape(operator: Operator, x: Any, shape: Any) -> Any:
    sizes = [int(size) for size in shape]
    return x.reshape([x.shape[place] if size == 0 else size for place, size in enumerate(sizes)])


def _slice(operator: Operator, x: Any, *given: Any) -> Any:
    starts, ends, axes, steps = (*given, None, None, None, None)[:4]
    first = _whole(operator, "starts", starts)
    axes = _whole(operator, "axes", axes, range(len(first)))
    steps = _whole(operator, "steps", steps, [1] * len(first))
    places: list[Any] = [slice(None)] * x.ndim
    for start, end, axis, step in zip(first, _whole(operator, "ends", ends), axes, steps, strict=True):
        places[axis] = slice(start, end, step)
    return x[tuple(places)]


def _split(operator: Operator, x: Any, sizes: Any = None) -> Any:
    axis, count = int(operator.attributes.get("axis", 0)), len(operator.outputs)
    size = -(-x.shape[axis] // count)
    ends = np.cumsum(_whole(operator, "split", sizes, [size] * count))[:-1]
    return tuple(np.split(x, ends, axis=axis))


def _value(operator: Operator) -> Any:
    (name, value), *_ = operator.attributes.items()
    return _constant(value) if name == "value" else np.asarray(value)


def _linear(operator: Operator, x: Any, rows: int) -> Any:
    intercepts = operator.attributes.get("intercepts", np.zeros(rows))
    return x @ operator.attributes["coefficients"].reshape(rows, -1).T + intercepts


def _linear_classifier(operator: Operator, x: Any) -> Any:
    names = ("classlabels_strings", "classlabels_ints")
    rows = next(len(operator.attributes[name]) for name in names if operator.attributes.get(name))
    scores = _linear(operator, x, rows)
    match operator.attributes.get("post_transform", "NONE"):
        case "LOGISTIC":
            return scores.argmax(axis=1), _sigmoid(scores)
        case "SOFTMAX":
            return scores.argmax(axis=1), _softmax(scores, -1)
    return scores.argmax(axis=1), scores


def _one_hot(operator: Operator, x: Any) -> Any:
    categories = operator.attributes.get("cats_strings") or operator.attributes.get("cats_int64s")
    return (x[..., None] == np.array(categories, x.dtype)).astype(np.float64)


def _label_encoder(operator: Operator, x: Any) -> Any:
    """Whole numbers for names; other encoders come after the scores."""
    given = operator.attributes
    found = dict(zip(given.get("keys_strings") or given["keys_int64s"], given["values_int64s"], strict=True))
    rows = [found.get(key, given.get("default_int64", -1)) for key in x.ravel().tolist()]
    return np.array(rows, np.int64).reshape(x.shape)


def _reduce(function: Callable[..., Any]) -> Rule:
    def rule(operator: Operator, x: Any, axes: Any = None) -> Any:
        keep = bool(operator.attributes.get("keepdims", 1))
        return function(x, axis=tuple(_whole(operator, "axes", axes)), keepdims=keep)

    return rule


def _plain(function: Callable[..., Any]) -> Rule:
    return lambda _, *given: function(*given)


RULES: Mapping[str, Rule] = {
    "Abs": _plain(np.abs),
    "Add": _plain(np.add),
    "And": _plain(np.logical_and),
    "ArrayFeatureExtractor": _plain(lambda x, places: x[..., np.ravel(places)]),
    "BatchNormalization": lambda operator, x, scale, bias, mean, variance: (
        (x - mean) / np.sqrt(variance + _number(operator, "epsilon", 1e-5)) * scale + bias
    ),
    "Cast": _cast,
    "Celu": lambda operator, x: (
        np.maximum(x, 0.0)
        + np.minimum(0.0, _number(operator, "alpha", 1.0) * np.expm1(x / _number(operator, "alpha", 1.0)))
    ),
    "Clip": _clip,
    "Concat": lambda operator, *given: np.concatenate(given, axis=operator.attributes["axis"]),
    "Constant": _value,
    "ConstantOfShape": lambda operator, shape: np.full(shape, np.ravel(operator.attributes.get("value", 0.0))[0]),
    "Cos": _plain(np.cos),
    "Div": _plain(np.divide),
    "Dropout": _plain(lambda x, *_: x),
    "Einsum": lambda operator, *given: np.einsum(operator.attributes["equation"], *given),
    "Elu": lambda operator, x: np.where(x < 0.0, _number(operator, "alpha", 1.0) * np.expm1(x), x),
    "Equal": _plain(np.equal),
    "Erf": _plain(_erf),
    "Exp": _plain(np.exp),
    "Expand": _plain(lambda x, shape: x * np.ones([int(size) for size in shape])),
    "FeatureVectorizer": _plain(lambda *given: np.concatenate(given, axis=1)),
    "Flatten": lambda operator, x: x.reshape(math.prod(x.shape[: operator.attributes.get("axis", 1)]), -1),
    "Floor": _plain(np.floor),
    "Gather": lambda operator, x, places: np.take(x, places, axis=operator.attributes.get("axis", 0)),
    "Gelu": _gelu,
    "Gemm": _gemm,
    "Greater": _plain(np.greater),
    "GreaterOrEqual": _plain(np.greater_equal),
    "HardSigmoid": lambda operator, x: np.clip(
        _number(operator, "alpha", 0.2) * x + _number(operator, "beta", 0.5), 0.0, 1.0
    ),
    "HardSwish": _plain(lambda x: x * np.clip(x / 6.0 + 0.5, 0.0, 1.0)),
    "LabelEncoder": _label_encoder,
    "Identity": _plain(lambda x: x),
    "Imputer": lambda operator, x: np.where(np.isnan(x), operator.attributes["imputed_value_floats"], x),
    "IsNaN": _plain(np.isnan),
    "LayerNormalization": _layer_normalization,
    "LeakyRelu": lambda operator, x: np.where(x < 0.0, _number(operator, "alpha", 0.01) * x, x),
    "Less": _plain(np.less),
    "LessOrEqual": _plain(np.less_equal),
    "LinearClassifier": _linear_classifier,
    "LinearRegressor": lambda operator, x: _linear(operator, x, operator.attributes.get("targets", 1)),
    "Log": _plain(np.log),
    "LogSoftmax": lambda operator, x: np.log(_softmax(x, _axis(operator))),
    "MatMul": _plain(np.matmul),
    "Max": _plain(lambda *given: np.maximum.reduce(np.broadcast_arrays(*given))),
    "Min": _plain(lambda *given: np.minimum.reduce(np.broadcast_arrays(*given))),
    "Mish": _plain(lambda x: x * np.tanh(_softplus(x))),
    "Mod": _plain(np.fmod),
    "Mul": _plain(np.multiply),
    "Neg": _plain(np.negative),
    "Normalizer": _plain(lambda x: x / np.abs(x).sum(axis=1, keepdims=True)),
    "Not": _plain(np.logical_not),
    "OneHotEncoder": _one_hot,
    "Or": _plain(np.logical_or),
    "PRelu": _plain(lambda x, slope: np.where(x < 0.0, slope * x, x)),
    "Pow": _plain(np.power),
    "RMSNormalization": _rms_normalization,
    "Reciprocal": _plain(np.reciprocal),
    "ReduceMax": _reduce(np.max),
    "ReduceMean": _reduce(np.mean),
    "ReduceSum": _reduce(np.sum),
    "Relu": _plain(lambda x: np.maximum(x, 0.0)),
    "Reshape": _reshape,
    "Scaler": lambda operator, x: (x - operator.attributes["offset"]) * operator.attributes["scale"],
    "Selu": lambda operator, x: (
        _number(operator, "gamma", 1.0507009873554805)
        * np.where(x > 0.0, x, _number(operator, "alpha", 1.6732632423543772) * np.expm1(x))
    ),
    "Shape": lambda operator, x: np.array(
        x.shape[operator.attributes.get("start", 0) : operator.attributes.get("end", x.ndim)]
    ),
    "Shrink": lambda operator, x: np.where(
        x < -_number(operator, "lambd", 0.5),
        x + _number(operator, "bias", 0.0),
        np.where(x > _number(operator, "lambd", 0.5), x - _number(operator, "bias", 0.0), 0.0),
    ),
    "Sigmoid": _plain(_sigmoid),
    "Sign": _plain(np.sign),
    "Sin": _plain(np.sin),
    "Slice": _slice,
    "Softmax": lambda operator, x: _softmax(x, _axis(operator)),
    "Softplus": _plain(_softplus),
    "Softsign": _plain(lambda x: x / (1.0 + np.abs(x))),
    "Split": _split,
    "Sqrt": _plain(np.sqrt),
    "Squeeze": lambda operator, x, axes=None: np.squeeze(x, tuple(_whole(operator, "axes", axes))),
    "Sub": _plain(np.subtract),
    "Sum": _plain(lambda *given: sum(given[1:], given[0])),
    "Swish": lambda operator, x: x * _sigmoid(_number(operator, "alpha", 1.0) * x),
    "Tanh": _plain(np.tanh),
    "ThresholdedRelu": lambda operator, x: np.where(x > _number(operator, "alpha", 1.0), x, 0.0),
    "Transpose": lambda operator, x: np.transpose(x, operator.attributes.get("perm")),
    "Unsqueeze": lambda operator, x, axes=None: np.expand_dims(x, tuple(_whole(operator, "axes", axes))),
    "Where": _plain(np.where),
}
"""How each operator is computed. Operators of classes and labels come after the scores, which are compared."""
