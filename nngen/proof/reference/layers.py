"""One layer: from its weighted sums to its outputs, and the backward pass."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from nngen.description.model import Layer, Spec
from nngen.proof.reference import normalization
from nngen.proof.reference.functions import activate, go_back
from nngen.proof.reference.generator import Array
from nngen.proof.reference.normalization import Normalized

Rounding: TypeAlias = Callable[[Array], Array]
"""A change of activations by a rounding error, to measure its effect."""


def nearer_to_zero(a: Array, chosen: ArrayLike, epsilon: float) -> Array:
    """Move the activations that are marked with 1 one unit in the last place towards 0, so none leaves its range.

    Whole numbers stay unchanged, because those of a step are exact.
    """
    return np.asarray(a * (1.0 - epsilon * np.asarray(chosen) * (a != np.rint(a))))


class Trace(NamedTuple):
    """The values of a layer: input and output of its activation, its outputs, dropout mask and normalization."""

    taken: Array
    given: Array
    outputs: Array
    keep: Array
    normalized: Normalized | None


def parameters(layer: Layer) -> list[float]:
    """The initial values of a layer's normalization: gain 1, shift 0, running mean 0, running variance 1."""
    if layer.normalization is None:
        return []
    return [1.0, 0.0, 0.0, 1.0][: normalization.PARAMETERS[layer.normalization.name]]


def ahead(
    spec: Spec, layer: Layer, z: Array, norm_params: list[Array], keep: Array, rounding: Rounding, *, training: bool
) -> Trace:
    """The forward pass from the weighted sums: normalization before or after the activation, and dropout."""
    chosen, normalized, taken = layer.normalization, None, z
    if chosen is not None and chosen.of == "sums":
        taken, normalized = normalization.normalize(chosen, z, norm_params, training=training)
    given = outputs = rounding(activate(spec, layer, taken))
    if chosen is not None and chosen.of == "activations":
        outputs, normalized = normalization.normalize(chosen, given, norm_params, training=training)
    return Trace(taken, given, outputs * keep, keep, normalized)


def back(
    spec: Spec, layer: Layer, trace: Trace, norm_params: list[Array], error: Array, *, taken: bool
) -> tuple[Array, list[Array]]:
    """The derivatives with respect to the weighted sums and to the parameters of the normalization.

    ``error`` is the derivative with respect to the outputs, or with ``taken`` to the input of the activation.
    """
    chosen, derivatives = layer.normalization, [np.zeros_like(values) for values in norm_params]
    if not taken:
        error = error * trace.keep
        if chosen is not None and trace.normalized is not None and chosen.of == "activations":
            error, derivatives = normalization.go_back(chosen, trace.normalized, norm_params, error)
        error = go_back(spec, layer, trace.taken, trace.given, error)
    if chosen is not None and trace.normalized is not None and chosen.of == "sums":
        error, derivatives = normalization.go_back(chosen, trace.normalized, norm_params, error)
    return error, derivatives


def after(layer: Layer, trace: Trace, norm_params: list[Array]) -> list[Array]:
    """The parameters of the normalization after a batch."""
    if layer.normalization is None or trace.normalized is None:
        return norm_params
    return normalization.move(layer.normalization, trace.normalized, norm_params)
