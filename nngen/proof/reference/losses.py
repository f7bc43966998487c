"""Losses from textbooks: a term for each example and output, and its derivative with respect to the output."""

import math
from collections.abc import Callable

import numpy as np

from nngen.description.model import Layer, Spec
from nngen.proof.reference.custom import custom_loss
from nngen.proof.reference.functions import go_back
from nngen.proof.reference.generator import Array

Terms = Callable[..., Array]


def _sum(values: Array) -> Array:
    """The sum over the outputs of each example, as a column."""
    return np.asarray(values.sum(axis=1, keepdims=True))


def _rival(a: Array, y: Array) -> Array:
    """The largest output of the other classes, and at least 0, because Keras includes y's own output times 0."""
    return np.asarray(np.where(y == 1.0, 0.0, a).max(axis=1, keepdims=True))


def _categorical_hinge(a: Array, y: Array) -> Array:
    return np.asarray(y * np.maximum(0.0, 1.0 + _rival(a, y) - _sum(y * a)))


def _categorical_hinge_slope(a: Array, y: Array) -> Array:
    highest = (a == _rival(a, y)) & (y == 0.0)
    shares = highest / np.maximum(1, highest.sum(axis=1, keepdims=True))
    return np.asarray((shares - y) * (1.0 + _rival(a, y) > _sum(y * a)))


def _quantile(a: Array, level: float) -> Array:
    """The share of the targets below each output: the lower outputs of an example are the lower end."""
    return np.asarray(np.where(a < a.mean(axis=1, keepdims=True), (1.0 - level) / 2.0, (1.0 + level) / 2.0))


def _gaussian_nll(a: Array, y: Array, epsilon: float) -> Array:
    """Half of -log p of each target, for the mean and the variance of the outputs, but for a constant."""
    variance = a.var(axis=1, keepdims=True) + epsilon
    return np.asarray((np.log(variance) + (y - a.mean(axis=1, keepdims=True)) ** 2 / variance) / 4.0)


def _gaussian_nll_slope(a: Array, y: Array, epsilon: float) -> Array:
    """By the chain rule over the mean and the variance, where every output is a part of both."""
    middle, count = a.mean(axis=1, keepdims=True), a.shape[1]
    variance = a.var(axis=1, keepdims=True) + epsilon
    by_middle = -_sum(y - middle) / variance / 2.0
    by_variance = (count - _sum((y - middle) ** 2) / variance) / variance / 4.0
    return np.asarray(by_middle / count + by_variance * 2.0 * (a - middle) / count)


def _log(a: Array, clip: float) -> Array:
    return np.asarray(np.log(np.maximum(a, clip)))


def _log_sigmoid(z: Array) -> Array:
    return np.asarray(-np.logaddexp(0.0, -z))  # log(1 / (1 + e^-z))


def _log_softmax(z: Array) -> Array:
    less = z - z.max(axis=1, keepdims=True)  # of large z, log(sum(exp(z))) has no digits left for the difference
    return np.asarray(less - np.log(_sum(np.exp(less))))


def _smooth(y: Array, smoothing: float) -> Array:
    return np.asarray(y + smoothing * (1.0 / y.shape[1] - y))


# Of the output a and the target y: the term, and its derivative with respect to a.
BY_OUTPUT: dict[str, tuple[Terms, Terms]] = {
    "squared_error": (lambda a, y: (a - y) ** 2, lambda a, y: 2.0 * (a - y)),
    "half_squared_error": (lambda a, y: (a - y) ** 2 / 2.0, lambda a, y: a - y),
    "absolute_error": (lambda a, y: np.abs(a - y), lambda a, y: np.sign(a - y)),
    "huber": (
        lambda a, y, delta: np.where(np.abs(a - y) < delta, (a - y) ** 2 / 2, delta * np.abs(a - y) - delta**2 / 2),
        lambda a, y, delta: np.clip(a - y, -delta, delta),
    ),
    "smooth_l1": (
        lambda a, y, beta: np.where(np.abs(a - y) < beta, (a - y) ** 2 / (2.0 * beta), np.abs(a - y) - beta / 2.0),
        lambda a, y, beta: np.clip(a - y, -beta, beta) / beta,
    ),
    "pinball": (
        lambda a, y, quantile: np.maximum(quantile * (y - a), (1.0 - quantile) * (a - y)),
        lambda a, y, quantile: np.where(y >= a, -quantile, 1.0 - quantile),
    ),
    "two_quantiles": (
        lambda a, y, level: np.maximum(_quantile(a, level) * (y - a), (1.0 - _quantile(a, level)) * (a - y)),
        lambda a, y, level: np.where(y >= a, 0.0, 1.0) - _quantile(a, level),
    ),
    "gaussian_nll": (_gaussian_nll, _gaussian_nll_slope),
    "log_cosh": (lambda a, y: np.logaddexp(a - y, y - a) - math.log(2.0), lambda a, y: np.tanh(a - y)),
    "hinge": (lambda a, y: np.maximum(0.0, 1.0 - y * a), lambda a, y: -y * (y * a < 1.0)),
    "squared_hinge": (
        lambda a, y: np.maximum(0.0, 1.0 - y * a) ** 2,
        lambda a, y: -2.0 * y * np.maximum(0.0, 1.0 - y * a),
    ),
    "categorical_hinge": (_categorical_hinge, _categorical_hinge_slope),
    "poisson": (
        lambda a, y, epsilon: a - y * np.log(a + epsilon),
        lambda a, y, epsilon: 1.0 - y / (a + epsilon),
    ),
    "kl_divergence": (
        lambda a, y, clip: y * (_log(y, clip) - _log(a, clip)),
        lambda a, y, clip: -y / np.maximum(a, clip),
    ),
    "binary_cross_entropy": (
        lambda a, y, clip: -(y * _log(a, clip) + (1.0 - y) * _log(1.0 - a, clip)),
        lambda a, y, clip: (1.0 - y) / np.maximum(1.0 - a, clip) - y / np.maximum(a, clip),
    ),
    "cross_entropy": (
        lambda a, y, clip: -y * _log(a, clip),
        lambda a, y, clip: -y / np.maximum(a, clip),
    ),
    "smoothed_cross_entropy": (
        lambda a, y, smoothing, clip: -_smooth(y, smoothing) * _log(a, clip),
        lambda a, y, smoothing, clip: -_smooth(y, smoothing) / np.maximum(a, clip),
    ),
}

# Of the weighted sum z, too, where loss and activation are one: the term, and its derivative with respect to z. A
# cross-entropy has the derivative a - y where y sums to 1; so has the perceptron criterion, which takes a for a
# constant (Bishop, Pattern Recognition and Machine Learning, 2006, sections 4.3.2, 4.3.4 and 4.1.7). With targets of -1
# and 1 that criterion is -y z for the examples that are wrong, and so is its derivative -y.
AS_ONE: dict[tuple[str, str], tuple[Terms, Terms]] = {
    ("binary_cross_entropy", "sigmoid"): (
        lambda z, a, y, clip: -(y * _log_sigmoid(z) + (1.0 - y) * _log_sigmoid(-z)),
        lambda z, a, y, clip: a - y,
    ),
    ("cross_entropy", "softmax"): (lambda z, a, y, clip: -y * _log_softmax(z), lambda z, a, y, clip: a - y),
    ("smoothed_cross_entropy", "softmax"): (
        lambda z, a, y, smoothing, clip: -_smooth(y, smoothing) * _log_softmax(z),
        lambda z, a, y, smoothing, clip: a - _smooth(y, smoothing),
    ),
    ("kl_divergence", "softmax"): (
        lambda z, a, y, clip: y * (_log(y, clip) - _log_softmax(z)),
        lambda z, a, y, clip: a - y,
    ),
    ("perceptron", "step"): (lambda z, a, y: (a - y) * z, lambda z, a, y: a - y),
    ("perceptron", "bipolar_step"): (
        lambda z, a, y: np.where(a == y, 0.0, -y * z),
        lambda z, a, y: np.where(a == y, 0.0, -y),
    ),
    ("perceptron", "undecided_step"): (
        lambda z, a, y, theta: np.where(a == y, 0.0, theta - y * z),
        lambda z, a, y, theta: np.where(a == y, 0.0, -y),
    ),
}


def _known(targets: Array, values: Array) -> Array:
    """The values where a target is known; 0 where it is missing."""
    return np.where(np.isnan(targets), 0.0, values)


def terms(spec: Spec, layer: Layer, z: Array, a: Array, y: Array) -> Array:
    """A term for each example and output; 0 for a missing target, which is NaN."""
    return _known(y, _terms(spec, layer, z, a, np.where(np.isnan(y), a, y)))


def _terms(spec: Spec, layer: Layer, z: Array, a: Array, y: Array) -> Array:
    loss = spec.loss
    pair = (loss.name, layer.activation.name)
    if pair in AS_ONE:
        return AS_ONE[pair][0](z, a, y, **loss.options, **layer.activation.options)
    if loss.name in spec.losses:
        return custom_loss(spec, a, y).value
    return BY_OUTPUT[loss.name][0](a, y, **loss.options)


def output_error(spec: Spec, layer: Layer, z: Array, a: Array, y: Array) -> Array:
    """The derivatives of the terms with respect to the output layer's ``z``."""
    loss, given, y = spec.loss, y, np.where(np.isnan(y), a, y)
    pair = (loss.name, layer.activation.name)
    if pair in AS_ONE:
        return _known(given, AS_ONE[pair][1](z, a, y, **loss.options, **layer.activation.options))
    if loss.name in spec.losses:
        return go_back(spec, layer, z, a, _known(given, custom_loss(spec, a, y).slope))
    return go_back(spec, layer, z, a, _known(given, BY_OUTPUT[loss.name][1](a, y, **loss.options)))
