"""All layers of Keras that have an equal in a spec."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.entry import Entry
from nngen.bridges.importing.graph import Node
from nngen.bridges.importing.keras import ids as keras_ids
from nngen.bridges.importing.keras import scales as keras_scales
from nngen.bridges.importing.keras import sums as keras_sums
from nngen.bridges.importing.keras.layer import Call, Layer, Made, Tensor, Weights
from nngen.mathematics.catalogue import OF_KERAS

KNOWN: Mapping[str, Callable[[Call], Made | Tensor]] = {
    "Dense": keras_sums.dense,
    "Activation": keras_sums.function,
    **dict.fromkeys(("ReLU", "LeakyReLU", "ELU", "Softmax"), keras_sums.activation_layer),
    "PReLU": keras_sums.parametric,
    "Identity": keras_sums.same,
    "Flatten": keras_sums.flat,
    "Reshape": keras_sums.reshape,
    "Concatenate": keras_sums.concatenation,
    "Add": keras_sums.addition,
    "StringLookup": keras_ids.lookup,
    "IntegerLookup": keras_ids.lookup,
    "Embedding": keras_ids.embedding,
    "CategoryEncoding": keras_ids.category_encoding,
    "Discretization": keras_ids.discretization,
    **dict.fromkeys(OF_KERAS, keras_sums.pair),
    "Bias": keras_sums.bias,
    "Average": keras_sums.average,
    "Minimum": keras_sums.minimum,
    "Subtract": keras_sums.difference,
    "Dot": keras_sums.dot,
    "Sum": keras_sums.total,
    "Normalization": keras_scales.normalization,
    "Rescaling": keras_scales.rescaling,
    "BatchNormalization": keras_scales.batch_norm,
    "LayerNormalization": keras_scales.layer_norm,
    "RMSNormalization": keras_scales.rms_norm,
    "Dropout": keras_scales.dropout,
    **dict.fromkeys(
        ("ActivityRegularization", "AlphaDropout", "GaussianDropout", "GaussianNoise"), keras_scales.of_training
    ),
}
"""What each layer becomes, by the name of its class."""

SEVERAL = frozenset({"Concatenate", "Add", "Average", "Minimum", "Subtract", *OF_KERAS})
"""Layers with several inputs."""

IDS = {"string": "texts"} | dict.fromkeys(
    ("uint8", "int8", "uint16", "int16", "uint32", "int32", "int64", "uint64"), "whole numbers"
)
"""Types of inputs with ids, and what these are."""


class Layers:
    """Collects the nodes that layers become."""

    def __init__(self, weights: Weights, version: int, where: str) -> None:
        self.nodes: list[Node] = []
        self.entry = Entry()
        self.dtype: Literal["float32", "float64"] = "float64"
        self.half = False
        """Whether numbers have 16 bits."""
        self._weights, self._version, self._where = weights, version, where

    def check(self, layer: Layer) -> None:
        """Check what does not depend on the inputs of a layer."""
        if layer.kind not in KNOWN and layer.kind != "InputLayer":
            raise UnfitError("no layer of a spec is like it", "docs/bridges.md lists those that are")
        if layer.config.get("quantization_config") is not None or layer.config.get("lora_rank") is not None:
            raise UnfitError("its weights are quantized or adapted", "save the model before that")
        policy = layer.config.get("dtype")
        if isinstance(policy, dict):
            named = policy.get("config") if policy.get("class_name") == "DTypePolicy" else None
            policy = named.get("name") if isinstance(named, dict) else policy.get("class_name")
        if (layer.kind == "InputLayer" and str(policy) in IDS) or layer.kind in ("StringLookup", "IntegerLookup"):
            return
        if policy in ("float16", "mixed_float16"):
            self.half = True
        elif policy not in ("float32", "float64", None):
            advice = "save the model with float32 or float64"
            raise UnfitError(f"it computes with {policy!r:.40}", advice)
        if policy != "float64":
            self.dtype = "float32"
        if layer.kind in ("Dense", "Activation"):
            keras_sums.function_of(layer, self._version)

    def add(self, layer: Layer, inputs: Sequence[Tensor]) -> Tensor:
        """Add a checked layer, and return its output.

        Raises:
            UnfitError: an option of the layer has no equal.
            SpecError: its weights are missing or damaged.
        """
        if layer.kind == "InputLayer":
            tensor = keras_sums.entry(layer, self._where)
            self.entry.add(tensor.node, tensor.width, whole=IDS.get(str(layer.config.get("dtype")), ""))
            return tensor
        if not inputs or (len(inputs) > 1 and layer.kind not in SEVERAL):
            raise UnfitError(f"expected one input, got {len(inputs)}")
        call = Call(layer, tuple(inputs), self._weights, self._version, self.entry, self.nodes)
        made = KNOWN[layer.kind](call)
        if isinstance(made, Tensor):
            return made
        nodes, shape = made
        self.nodes += [replace(node, place=layer.place) for node in nodes]
        return Tensor(nodes[-1].name if nodes else call.input.node, shape)

    def input(self, shape: tuple[int, ...]) -> Tensor:
        """Add the input of a model without an input layer."""
        tensor = Tensor("input", shape)
        self.entry.add(tensor.node, tensor.width)
        return tensor
