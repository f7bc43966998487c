"""Normalization and dropout."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nngen.description.model import Normalization
from nngen.proof.reference.generator import Array, bits

PARAMETERS = {"layer_norm": 2, "rms_norm": 1, "batch_norm": 4}
"""The number of parameter vectors: gain, shift, running mean and running variance."""


class Normalized(NamedTuple):
    """The values before normalization and the statistics; ``axis`` is None if these were given, not measured."""

    values: Array
    mean: Array
    variance: Array
    axis: int | None


def normalize(
    chosen: Normalization, values: Array, norm_params: list[Array], *, training: bool
) -> tuple[Array, Normalized]:
    """The normalized values ``(n, units)`` after gain and shift, and the data for the backward pass."""
    axis: int | None = 0 if chosen.name == "batch_norm" else 1
    if chosen.name == "rms_norm":
        mean, variance = np.zeros(()), np.mean(values**2, axis=1, keepdims=True)
    elif axis == 0 and not training:
        axis, mean, variance = None, norm_params[2], norm_params[3]
    else:
        mean, variance = values.mean(axis=axis, keepdims=True), values.var(axis=axis, keepdims=True)
    done = Normalized(values, mean, variance, axis)
    shift = norm_params[1] if len(norm_params) > 1 else 0.0
    return norm_params[0] * _hat(chosen, done) + shift, done


def _hat(chosen: Normalization, done: Normalized) -> Array:
    return np.asarray((done.values - done.mean) * (done.variance + chosen.options["epsilon"]) ** -0.5)


def go_back(
    chosen: Normalization, done: Normalized, norm_params: list[Array], error: Array
) -> tuple[Array, list[Array]]:
    """The derivatives with respect to the values and the parameters, in the steps of Ioffe and Szegedy (2015)."""
    parameters = [(error * _hat(chosen, done)).sum(axis=0), error.sum(axis=0)][: len(norm_params)]
    parameters = [*parameters, *(np.zeros_like(values) for values in norm_params[2:])]
    if not chosen.trainable:
        parameters = [np.zeros_like(values) for values in norm_params]
    by_hat = error * norm_params[0]
    spread = done.variance + chosen.options["epsilon"]
    if done.axis is None:
        return by_hat / np.sqrt(spread), parameters
    count = done.values.shape[done.axis]
    apart = done.values - done.mean
    # step by step, as the power -1.5 of a large spread would be 0
    by_variance = (by_hat * apart / np.sqrt(spread)).sum(axis=done.axis, keepdims=True) * -0.5 / spread
    by_values = by_hat / np.sqrt(spread) + by_variance * 2.0 * apart / count
    if chosen.name == "rms_norm":  # it subtracts no mean
        return by_values, parameters
    # by_mean has another term in the paper, by_variance times the mean of apart: 0, and in floats the mean's rounding
    by_mean = (-by_hat / np.sqrt(spread)).sum(axis=done.axis, keepdims=True)
    return by_values + by_mean / count, parameters


def move(chosen: Normalization, done: Normalized, norm_params: list[Array]) -> list[Array]:
    """The parameters after a batch, with updated running statistics."""
    if done.axis != 0:
        return norm_params
    n, momentum = len(done.values), chosen.options["momentum"]
    corrected = done.variance * n / max(n - chosen.options["correction"], 1.0)
    pairs = zip(norm_params[2:], (done.mean, corrected), strict=True)
    return [*norm_params[:2], *(old + momentum * (new.reshape(old.shape) - old) for old, new in pairs)]


def keep(rate: float | None, seeds: ArrayLike | None, first: int, units: int) -> Array:
    """The dropout mask, ``(n, units)``; units are numbered from ``first``, and each example has a seed."""
    if rate is None or seeds is None:
        return np.ones(())
    drawn = [bits(int(seed), np.arange(first, first + units)) / 2.0**32 for seed in np.ravel(seeds)]
    return np.where(np.array(drawn) >= rate, 1.0 / (1.0 - rate), 0.0)
