"""A network as an ONNX model, with its parameters, its preprocessing and its classes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nngen.bridges.exporting.onnx_columns import add_answers, add_inputs
from nngen.bridges.exporting.onnx_formulas import Graph, add_formula, add_lines
from nngen.description.data import Array, Encoding
from nngen.description.model import Group, Spec, custom_formulas
from nngen.description.model import Layer as LayerSpec
from nngen.mathematics.catalogue import KINDS, NORMALIZATIONS
from nngen.mathematics.formulas import Formula, Kind, line
from nngen.plan import Block, Layer, full_name, plan

_OPERATORS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "celu": ("Celu", {"alpha": "alpha"}),
    "elu": ("Elu", {"alpha": "alpha"}),
    "gelu": ("Gelu", {}),
    "gelu_tanh": ("Gelu", {"approximate": "tanh"}),
    "hard_sigmoid": ("HardSigmoid", {"alpha": "slope"}),
    "hard_swish": ("HardSwish", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": "slope"}),
    "mish": ("Mish", {}),
    "relu": ("Relu", {}),
    "selu": ("Selu", {}),
    "sigmoid": ("Sigmoid", {}),
    "softmax": ("Softmax", {}),
    "softplus": ("Softplus", {}),
    "softsign": ("Softsign", {}),
    "tanh": ("Tanh", {}),
}
"""Activations that are operators, and their attributes: the names of options, or texts. The others are formulas."""

_WIDE = frozenset({"relu", "sigmoid", "softmax", "tanh"})
"""Those that ONNX Runtime also has in 64 bits. Attributes have 32 bits, so that the others would not be exact."""

_NORMALIZATIONS = {"batch_norm": "BatchNormalization", "layer_norm": "LayerNormalization"}
"""Normalizations that are operators. Their epsilon has 32 bits, so that in 64 bits they are formulas."""


def onnx_model(spec: Spec, encoding: Encoding | None, parameters: Sequence[float], dtype: str = "float32") -> bytes:
    """The bytes of an ONNX model.

    Args:
        spec: a spec that has passed the checks.
        encoding: how rows of its data become inputs; None without data.
        parameters: the parameters, in the order of the layout.
        dtype: ``float32`` or ``float64``, the type of all numbers, inputs and outputs included.
    """
    network = _Network(spec, encoding, parameters, dtype)
    about = {}
    if not isinstance(spec.inputs, Group):
        about["columns"] = json.dumps([column.column for column in spec.columns])
    units = {layer.name: layer.units for layer in spec.layers if not isinstance(layer.units, int)}
    if units:
        about["units"] = json.dumps(units)
    if encoding and encoding.predicts and encoding.classes:
        about["classes"] = json.dumps(encoding.classes)
    return network.graph.serialized(spec.name, spec.description, about)


class _Network:
    """The graph of a network. Values have the names of a generated module, such as ``z_hidden``."""

    def __init__(self, spec: Spec, encoding: Encoding | None, parameters: Sequence[float], dtype: str) -> None:
        self.graph = Graph(dtype)
        self._flat = np.array(parameters)
        self._activations = custom_formulas.activations(spec.activations)
        planned = plan(spec, encoding)
        values = add_inputs(self.graph, planned)
        for described, layer in zip(spec.layers, planned.layers, strict=True):
            values[layer.name] = self._layer(described, layer, values)
        add_answers(self.graph, planned, values[planned.output.name])

    def _layer(self, described: LayerSpec, layer: Layer, values: Mapping[str, str]) -> str:
        value = self._sums(layer, values)
        of = described.normalization and described.normalization.of
        if of == "sums":
            value = self._normalized(described, layer, value)
        value = self._activated(described, value)
        return self._normalized(described, layer, value) if of == "activations" else value

    def _sums(self, layer: Layer, values: Mapping[str, str]) -> str:
        """The weighted sums, with a matrix for all sources side by side; or what another kind of layer computes."""
        given = [values[source.name] for source in layer.sources]
        if not layer.dense:
            return self._combined(layer, given)
        x = self.graph.node("Concat", *given, name=f"x_{layer.name}", axis=1) if len(given) > 1 else given[0]
        matrix = np.hstack([self._values(weights) for weights in layer.weights])
        weights = self.graph.numbers(full_name("W", layer.name), matrix)
        biases = [self._block(layer.biases)] if layer.biases else []
        return self.graph.node("Gemm", x, weights, *biases, name=f"z_{layer.name}", transB=1)

    def _combined(self, layer: Layer, given: Sequence[str]) -> str:
        name, kind = f"z_{layer.name}", KINDS[layer.kind]
        if kind.of_ids:
            made = self.graph.node("Gather", self._block(layer.weights[0]), *given, name=name, axis=0)
        elif kind.total:
            value = Formula(kind.value).bind({"n": len(given)})
            terms = [add_formula(self.graph, value, {"u": each}, f"{name}_{i}") for i, each in enumerate(given, 1)]
            made = self.graph.node("Sum", *terms, name=name)
        else:
            own = f"products_{layer.name}" if kind.over_units else name
            made = add_formula(self.graph, Formula(kind.value), dict(zip("uv", given, strict=True)), own)
        if kind.over_units:
            made = self.graph.node("ReduceSum", made, self.graph.axis(1), name=name, keepdims=1)
        if layer.biases is None:
            return made
        return self.graph.node("Add", made, self._block(layer.biases), name=f"{name}_biased")

    def _values(self, block: Block) -> Array:
        return self._flat[block.start : block.stop].reshape(block.shape)

    def _block(self, block: Block) -> str:
        return self.graph.numbers(block.name, self._values(block))

    def _activated(self, described: LayerSpec, z: str) -> str:
        name, options = described.activation.name, described.activation.options
        entry = self._activations[name]
        if name in _OPERATORS and (name in _WIDE or self.graph.dtype == np.float32):
            operator, attributes = _OPERATORS[name]
            chosen: dict[str, Any] = {key: options.get(value, value) for key, value in attributes.items()}
            return self.graph.node(operator, z, name=f"a_{described.name}", **chosen)
        lines = [line(text).bind(options) for text in (*entry.steps, *entry.across)]
        values = add_lines(self.graph, lines, {"z": z}, described.name)
        return add_formula(self.graph, Formula(entry.value).bind(options), values, f"a_{described.name}")

    def _normalized(self, described: LayerSpec, layer: Layer, v: str) -> str:
        chosen = described.normalization
        assert chosen is not None  # noqa: S101 (asked only where there is one)
        own = {block.symbol: self._block(block) for block in layer.normalization_blocks}
        if self.graph.dtype == np.float32 and chosen.name in _NORMALIZATIONS:
            attributes: dict[str, Any] = {"epsilon": chosen.options["epsilon"]}
            if "momentum" in chosen.options:  # of the old statistics, not of the new ones
                attributes["momentum"] = 1.0 - chosen.options["momentum"]
            return self.graph.node(_NORMALIZATIONS[chosen.name], v, *own.values(), name=f"s_{layer.name}", **attributes)
        lines = [line(text).bind(chosen.options) for text in NORMALIZATIONS[chosen.name].lines]
        kept = [current for current in lines if current.kind is not Kind.RUNNING_MEAN]
        return add_lines(self.graph, kept, {"v": v, **own}, layer.name)["s"]
