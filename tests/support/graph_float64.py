"""A graph computed node by node in float64, to judge what is made of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nngen.bridges.importing.compare import Sample
from nngen.bridges.importing.graph import (
    Activate,
    Affine,
    Array,
    BatchNorm,
    Columns,
    Concat,
    Dense,
    Dropout,
    Embedding,
    Graph,
    Input,
    LayerNorm,
    Node,
    Pair,
    RmsNorm,
    Scale,
    Select,
    Sum,
)
from nngen.bridges.importing.loss import LOG_SOFTMAX
from nngen.description.model import Categorical, FillCategory, Standardize, ValueColumn
from nngen.mathematics.catalogue import ACTIVATIONS
from nngen.mathematics.formulas import computation, normal_form
from nngen.proof.reference.functions import FUNCTIONS


def computed(graph: Graph, sample: Sample) -> Array:
    """The outputs of a graph for the inputs of a comparison, in the units of the targets."""
    values: dict[str, Array] = {}
    for node in graph.nodes:
        values[node.name] = np.asarray(_value(node, values, sample), np.float64)
    found = values[graph.output]
    if graph.targets is not None:
        subtract, divide = graph.targets
        found = found * divide + subtract
    return found


def _value(node: Node, values: dict[str, Array], sample: Sample) -> Any:
    match node:
        case Input():
            assert sample.numbers is not None
            return sample.numbers
        case Columns():
            columns = [column for column in node.columns if isinstance(column, ValueColumn)]
            assert len(columns) == len(node.columns)
            return np.column_stack([part for column in columns for part in _encoded(column, sample)])
        case Dense():
            terms = [values[name] @ matrix.T for name, matrix in zip(node.sources, node.weights, strict=True)]
            return np.sum(terms, axis=0) + (0.0 if node.bias is None else node.bias)
        case Concat():
            return np.concatenate([values[source] for source in node.sources], axis=1)
        case Sum():
            return np.sum([values[source] for source in node.sources], axis=0)
    assert not isinstance(node, Embedding | Pair)  # networks with ids are judged by ONNX Runtime
    x = values[node.source]
    match node:
        case Activate():
            return _activated(node, x)
        case Scale():
            return (x - node.subtract) / node.divide
        case Affine():
            return x * node.multiply + node.add
        case Select():
            return x[:, list(node.indices)]
        case BatchNorm():
            return (x - node.mean) / np.sqrt(node.variance + node.epsilon) * node.gain + node.shift
        case LayerNorm():
            deviation = np.sqrt(x.var(axis=1, keepdims=True) + node.epsilon)
            return (x - x.mean(axis=1, keepdims=True)) / deviation * node.gain + node.shift
        case RmsNorm():
            return x / np.sqrt((x * x).mean(axis=1, keepdims=True) + node.epsilon) * node.gain
        case Dropout():
            return x


def _activated(node: Activate, z: Array) -> Any:
    if node.formula:
        compute = computation(normal_form(node.formula, {"z": "the weighted sum"}), "z")
        return np.vectorize(lambda value: compute(value)[0], otypes=[float])(z)
    if node.activation in ("softmax", LOG_SOFTMAX):
        shifted = z - z.max(axis=1, keepdims=True)
        logarithm = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return logarithm if node.activation == LOG_SOFTMAX else np.exp(logarithm)
    defaults = {option.name: option.default or 0.0 for option in ACTIVATIONS[node.activation].options}
    return FUNCTIONS[node.activation][0](z, **{**defaults, **node.options})


def _encoded(column: ValueColumn, sample: Sample) -> Sequence[Array]:
    """The inputs that a column becomes."""
    values: Sequence[Any] = sample.table[column.column or column.name]
    missing = np.array([value is None for value in values])
    indicator = [missing.astype(np.float64)] if column.indicator else []
    if isinstance(column, Categorical):
        fill = column.missing.category if isinstance(column.missing, FillCategory) else None
        texts = [fill if value is None else value for value in values]
        return [*(np.array([text == category for text in texts], float) for category in column.categories), *indicator]
    fill_number = column.missing if isinstance(column.missing, float) else 0.0
    numbers = np.array([fill_number if value is None else value for value in values], np.float64)
    match column.scale:
        case Standardize(mean=mean, deviation=deviation) if mean is not None and deviation is not None:
            numbers = (numbers - mean[0]) / deviation[0]
        case scale if scale is not None and scale.name == "interval":
            assert scale.low is not None
            assert scale.high is not None
            numbers = (numbers - scale.low[0]) / (scale.high[0] - scale.low[0])
        case scale if scale is not None and scale.name == "divide":
            numbers = numbers / scale.by
    return [numbers, *indicator]
