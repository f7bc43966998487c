"""A network as weighted sums and activations in float64, and what its training rows reach."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from nngen.common.records import dataclass
from nngen.description.data import Array
from nngen.description.model import Layer, Spec
from nngen.integers.activations import JUMPING, function
from nngen.integers.columns import NotHeldError
from nngen.integers.network import Inputs
from nngen.mathematics.catalogue import ACTIVATIONS, KINDS
from nngen.plan import Layer as PlannedLayer
from nngen.plan import Plan

MAX_ROWS = 10_000
"""Training rows that scales are measured on, the first ones: more take time and change little."""


@dataclass(frozen=True)
class Folded:
    """A dense layer: weights for each source and biases, with batch normalization folded into them."""

    layer: Layer
    sources: tuple[str, ...]
    weights: tuple[Array, ...]
    """For each source, shape ``(units, values of the source)``."""
    biases: Array
    """Shape ``(units,)``."""
    sums: tuple[float, float]
    """The least and the greatest sum on the training rows."""
    values: tuple[float, float]
    """The least and the greatest activation on the training rows."""
    apart: float
    """Of an output for each input, the largest distance between them on the training rows; else 0."""


def folded(plan: Plan, spec: Spec, parameters: Sequence[float], x: Array) -> Iterator[Folded]:
    """The layers of a network, in order.

    Args:
        plan: the plan of the spec.
        spec: the spec.
        parameters: the trained parameters, in the order of the layout.
        x: the training rows, encoded, ``(rows, inputs)``.

    Raises:
        NotHeldError: integers do not hold a layer.
    """
    flat = np.asarray(parameters, np.float64)
    vectors = {plan.input_name: x[:MAX_ROWS]}
    for planned, layer in zip(plan.layers, spec.layers, strict=True):
        _check(planned, layer, last=planned is plan.output)
        weights = [flat[b.start : b.stop].reshape(b.shape) for b in planned.weights]
        found = planned.biases
        biases = np.zeros(len(planned.units)) if found is None else flat[found.start : found.stop]
        if planned.normalization_blocks:
            gain, shift, mean, variance = (flat[b.start : b.stop] for b in planned.normalization_blocks)
            assert layer.normalization is not None  # noqa: S101 (it has blocks)
            factor = gain / np.sqrt(variance + layer.normalization.options["epsilon"])
            weights, biases = [w * factor[:, None] for w in weights], (biases - mean) * factor + shift
        sources = tuple(source.name for source in planned.sources)
        with np.errstate(over="ignore", invalid="ignore"):
            z = biases + sum(vectors[source] @ w.T for source, w in zip(sources, weights, strict=True))
        if not np.isfinite(z).all():
            raise NotHeldError(f"layer {planned.name}: its sums overflow on the training rows", "train it again")
        name = layer.activation.name
        if name == "softmax":
            a = z
        elif name in ("relu", "linear"):
            a = np.maximum(z, 0.0) if name == "relu" else z
        else:
            a = np.vectorize(function(layer), otypes=[float])(z)
        vectors[planned.name] = a
        ends = (float(z.min()), float(z.max())), (float(a.min()), float(a.max()))
        given = vectors[plan.input_name]
        apart = float(np.abs(a - given).max()) if planned is plan.output and a.shape == given.shape else 0.0
        yield Folded(layer, sources, tuple(weights), np.asarray(biases), *ends, apart)


def of_activations(one: Folded, inputs: Inputs) -> Folded:
    """A layer whose weights and biases take the activations of the inputs in place of their values."""
    weights, biases = list(one.weights), one.biases
    for place, source in enumerate(one.sources):
        if source == inputs.name:
            moved = (weights[place] * np.array(inputs.centers)).tolist()
            weights[place] = weights[place] * np.array(inputs.scales)
            biases = np.array([math.fsum([b, *row]) for b, row in zip(biases.tolist(), moved, strict=True)])
    return replace(one, weights=tuple(weights), biases=biases)


def _check(planned: PlannedLayer, layer: Layer, *, last: bool) -> None:
    name, activation = f"layer {planned.name}", layer.activation.name
    if not KINDS[planned.kind].dense:
        raise NotHeldError(f"{name}: int8 has no integer form of {planned.kind} layers")
    if activation not in ACTIVATIONS:
        raise NotHeldError(f"{name}: int8 has no integer form of your own formula {activation}")
    if activation in JUMPING:
        raise NotHeldError(f"{name}: a table of {activation} would move the place where it jumps")
    if ACTIVATIONS[activation].across and not (activation == "softmax" and last):
        raise NotHeldError(f"{name}: int8 takes {activation} at the output only")
    if layer.normalization is not None and (
        layer.normalization.name != "batch_norm" or layer.normalization.of != "sums"
    ):
        where = "after the activation " if layer.normalization.name == "batch_norm" else ""
        raise NotHeldError(f"{name}: {layer.normalization.name} {where}cannot be folded into the weights")
