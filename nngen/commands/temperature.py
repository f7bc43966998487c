"""Temperature scaling (Guo et al., ICML 2017): the last layer of a classifier, divided by one number.

The number is chosen on the validation examples, so that the probabilities of their classes are as high as can be. It
changes no answer, only how sure the network is of it. Division of the weights and the biases needs no further step in
any module.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nngen.commands.trained import Part, Trained
from nngen.description.data import Array
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.reading import packing

FEWEST = 100
"""The fewest validation examples: the logarithm of a temperature that 100 of them choose varies by some 0.1."""

HIGHEST = 10.0
"""The highest temperature that is tried, and 1 divided by it the lowest: at an end, none is best."""


def tempered(trained: Trained, spec: Spec, validation: Part) -> tuple[Trained, float]:
    """The network with its best temperature, which is 1 where none lowers the loss of the validation examples."""
    last = plan(spec).layers[-1]
    scales = spec.layers[-1].weighted and all(block.trainable for block in last.blocks)
    if not trained.examples.encoding.probabilities or not scales or len(validation.x) < FEWEST:
        return trained, 1.0
    factor = _lowest(_loss_by_factor(trained.outputs(validation.x), validation.y))
    if not 1.01 / HIGHEST < factor < 0.99 * HIGHEST:
        return trained, 1.0
    values = packing.parameters(trained.module, trained.params).copy()
    for block in last.blocks:
        values[block.start : block.stop] *= factor
    made = replace(trained, params=trained.module.unpack(values.tolist()))
    if not made.score(*validation).loss < trained.score(*validation).loss:
        return trained, 1.0
    return made, 1.0 / factor


def _loss_by_factor(outputs: Array, y: Array) -> Callable[[float], float]:
    """The mean of -log p of the true class, by what the weighted sums are multiplied by; a convex function."""
    least = np.finfo(np.float64).tiny
    if outputs.shape[1] == 1:
        sums = np.log(np.maximum(outputs, least)) - np.log(np.maximum(1.0 - outputs, least))
        signed = np.where(y > 0.5, sums, -sums)
        return lambda factor: float(np.mean(np.logaddexp(0.0, -factor * signed)))
    logs = np.log(np.maximum(outputs, least))
    true = logs - logs[np.arange(len(y)), np.argmax(y, axis=1)][:, None]
    return lambda factor: float(np.mean(np.logaddexp.reduce(factor * true, axis=1)))


def _lowest(loss: Callable[[float], float]) -> float:
    """Where a convex function of a factor is lowest, by the golden section of its logarithm (Kiefer, 1953)."""
    low, high, golden = -np.log(HIGHEST), np.log(HIGHEST), (np.sqrt(5.0) - 1.0) / 2.0
    while high - low > 1e-4:
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(float(np.exp(left))) < loss(float(np.exp(right))) else (left, high)
    return float(np.exp((low + high) / 2.0))
