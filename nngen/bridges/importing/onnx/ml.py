"""Operators of ``ai.onnx.ml``, as skl2onnx writes pipelines: https://onnx.ai/onnx/operators/index_classes.html."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nngen.bridges.importing import graph
from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.nodes import Vector
from nngen.bridges.importing.onnx.ids import encoded
from nngen.bridges.importing.onnx.layers import dense
from nngen.bridges.importing.onnx.model import Constant, Label, Named, Operator, RawColumns, Value
from nngen.bridges.importing.onnx.reader import Handler, Reader


def _scaler(reader: Reader, operator: Operator) -> Sequence[Value]:
    """The scale of the data; a factor of 0 is refused."""
    vector = reader.vector(operator)
    width = vector.width
    offset, factor = (_floats(operator, name, width) for name in ("offset", "scale"))
    node = reader.node_of(vector)
    return [Vector(reader.affine(reader.scale(node, offset, 1.0), factor, 0.0), vector.shape)]


def _floats(operator: Operator, name: str, width: int) -> Array:
    """A list of numbers, one for each of a vector, or one for all."""
    array = operator.attributes.get(name)
    if not isinstance(array, np.ndarray) or array.size not in (1, width):
        raise UnfitError(f"expected {width} numbers in {name!r}")
    return np.broadcast_to(array, (width,)).astype(np.float64)


def _classes(operator: Operator) -> tuple[str, ...]:
    """The classes, which are texts or whole numbers."""
    names = ("classlabels_strings", "classlabels_ints", "classlabels_int64s")
    given: Any = next((operator.attributes[name] for name in names if operator.attributes.get(name)), [])
    return tuple(map(str, given))


def _linear(operator: Operator, outputs: int, inputs: int) -> tuple[Array, Array]:
    """The weights (outputs, inputs) and biases of a linear model."""
    coefficients, intercepts = operator.attributes.get("coefficients"), operator.attributes.get("intercepts")
    if not isinstance(coefficients, np.ndarray) or coefficients.size != outputs * inputs:
        size = coefficients.size if isinstance(coefficients, np.ndarray) else 0
        raise UnfitError(f"expected {outputs} times {inputs} coefficients, got {size}")
    if not isinstance(intercepts, np.ndarray) or intercepts.size == 0:
        intercepts = np.zeros(outputs)
    if intercepts.size != outputs:
        raise UnfitError(f"expected {outputs} intercepts, got {intercepts.size}")
    return coefficients.reshape(outputs, inputs), intercepts


def _linear_regressor(reader: Reader, operator: Operator) -> Sequence[Value]:
    """A dense layer."""
    source = reader.flat(operator)
    if operator.attributes.get("post_transform", "NONE") != "NONE":
        raise UnfitError("expected no post_transform")
    return [dense(reader, source, *_linear(operator, operator.attributes.get("targets", 1), source.width), "")]


def _linear_classifier(reader: Reader, operator: Operator) -> Sequence[Value]:
    """A dense layer with sigmoid or softmax; a row and its negative are one unit."""
    source = reader.flat(operator)
    classes = _classes(operator)
    transform = operator.attributes.get("post_transform", "NONE")
    if transform not in ("NONE", "LOGISTIC", "SOFTMAX"):
        raise UnfitError(f"the post_transform {transform} is not supported")
    weights, bias = _linear(operator, len(classes), source.width)
    label = Label(operator.outputs[1], classes)
    if len(classes) == 2 and transform != "SOFTMAX" and not (weights[0] + weights[1]).any() and not bias.sum():
        single = dense(reader, source, weights[1:], bias[1:], "").node
        if transform == "LOGISTIC":
            single = _activated(reader, single, "sigmoid")
        opposite = reader.affine(single, -1.0, 1.0 if transform == "LOGISTIC" else 0.0)
        both = reader.add(graph.Concat(name=operator.outputs[1], sources=(opposite, single)), 2)
        return [label, Vector(both, (2,))]
    node = dense(reader, source, weights, bias, "").node
    if transform != "NONE":
        node = _activated(reader, node, "softmax" if transform == "SOFTMAX" else "sigmoid")
    return [label, Vector(node, (len(classes),))]


def _activated(reader: Reader, source: str, activation: str) -> str:
    node = graph.Activate(name=f"{source} {activation}", source=source, activation=activation)
    return reader.add(node, reader.widths[source])


def _normalizer(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Nothing, for probabilities that sum to 1; other numbers are refused."""
    vector = reader.flat(operator)
    node = reader.nodes.get(vector.node)
    softmax = isinstance(node, graph.Activate) and node.activation == "softmax"
    first = reader.nodes.get(node.sources[0]) if isinstance(node, graph.Concat) else None
    pair = isinstance(first, graph.Affine) and (first.multiply[0], first.add[0]) == (-1.0, 1.0)
    if operator.attributes.get("norm", "MAX") != "L1" or not (softmax or pair):
        advice = "a spec has no division by the sum or the length of a vector"
        raise UnfitError("it normalizes numbers that do not sum to 1 already", advice)
    return [vector]


def _zip_map(reader: Reader, operator: Operator) -> Sequence[Value]:
    """The classes, in the order of the scores."""
    return [Named(operator.inputs[0], _classes(operator))]


def _label_encoder(reader: Reader, operator: Operator) -> Sequence[Value]:
    """The names of classes, or ``ids`` by name."""
    value = reader.values[operator.inputs[0]]
    if isinstance(value, RawColumns):
        return [encoded(reader, operator, value)]
    if not isinstance(value, Label):
        raise UnfitError("it encodes numbers of the network")
    given = operator.attributes
    keys: Any = next((given[name] for name in ("keys_int64s", "keys_strings") if name in given), None)
    names: Any = next((given[name] for name in ("values_strings", "values_int64s") if name in given), None)
    if keys is None or names is None or len(keys) != len(names):
        raise UnfitError("expected as many keys as values")
    found = dict(zip(map(str, keys), map(str, names), strict=True))
    before = value.classes or tuple(map(str, range(len(found))))
    if not set(before) <= set(found):
        raise UnfitError("a class has no name")
    return [Label(value.scores, tuple(found[name] for name in before))]


def _array_feature_extractor(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Constant places of a vector; a part of the batch is refused."""
    value, places = (reader.values[name] for name in operator.inputs[:2])
    if isinstance(value, Constant) and isinstance(places, Label):
        return [Label(places.scores, tuple(map(str, value.array.ravel().tolist())))]
    if not isinstance(places, Constant) or places.array.dtype.kind != "i":
        raise UnfitError("the selected places are not constant")
    vector = value if isinstance(value, RawColumns) else reader.flat(operator)
    width = vector.shape[-1]
    indices = [int(place) for place in places.array.ravel()]
    if len(vector.shape) != 1 or not indices or not all(0 <= index < width for index in indices):
        raise UnfitError(f"it selects places that are not among the {width} of its vector")
    if isinstance(vector, RawColumns):
        return [RawColumns(tuple(vector.places[index] for index in indices), (len(indices),))]
    node = graph.Select(name=f"{vector.node} part", source=vector.node, indices=tuple(indices))
    return [Vector(reader.add(node, len(indices)), (len(indices),))]


def _feature_vectorizer(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Several sources of a layer; constants beside a vector are refused."""
    values = [reader.values[name] for name in operator.inputs]
    columns = [value for value in values if isinstance(value, RawColumns)]
    if len(columns) == len(values):
        places = tuple(place for value in columns for place in value.places)
        return [RawColumns(places, (len(places),))]
    names = tuple(reader.flat(operator, index).node for index in range(len(values)))
    width = sum(reader.widths[name] for name in names)
    return [Vector(reader.add(graph.Concat(name=operator.outputs[0], sources=names), width), (width,))]


def _columns(reader: Reader, operator: Operator) -> RawColumns:
    value = reader.values[operator.inputs[0]]
    if not isinstance(value, RawColumns):
        raise UnfitError("it is not the first that takes a column of the data")
    return value


def _imputer(reader: Reader, operator: Operator) -> Sequence[Value]:
    """``missing`` of a column, for NaN."""
    value = _columns(reader, operator)
    replaced = operator.attributes.get("replaced_value_float", 0.0)
    if replaced == replaced or "imputed_value_int64s" in operator.attributes:
        raise UnfitError(f"it replaces {replaced:g}, not missing numbers (NaN)")
    for place, fill in zip(value.places, _floats(operator, "imputed_value_floats", len(value.places)), strict=True):
        reader.table.fill(place, float(fill))
    return [value]


def _one_hot_encoder(reader: Reader, operator: Operator) -> Sequence[Value]:
    """``categories`` and ``unknown`` of a column."""
    value = _columns(reader, operator)
    if len(value.places) != 1:
        raise UnfitError("it encodes several columns at once", "export a OneHotEncoder for each column")
    given: Any = operator.attributes.get("cats_strings") or operator.attributes.get("cats_int64s") or []
    categories = [str(category) for category in given]
    unknown = bool(operator.attributes.get("zeros", 1))
    node = reader.table.categories(value.places[0], categories, unknown=unknown)
    reader.widths[node] = len(categories)
    return [Vector(node, (*value.shape, len(categories)))]


def _binarizer(reader: Reader, operator: Operator) -> Sequence[Value]:
    """Classes that are independent of one another."""
    reader.flat(operator)
    reader.independent = True
    return [Label(operator.inputs[0])]


HANDLERS: dict[str, Handler] = {
    "ArrayFeatureExtractor": _array_feature_extractor,
    "Binarizer": _binarizer,
    "FeatureVectorizer": _feature_vectorizer,
    "Imputer": _imputer,
    "LabelEncoder": _label_encoder,
    "LinearClassifier": _linear_classifier,
    "LinearRegressor": _linear_regressor,
    "Normalizer": _normalizer,
    "OneHotEncoder": _one_hot_encoder,
    "Scaler": _scaler,
    "ZipMap": _zip_map,
}
