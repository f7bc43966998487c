"""A network in integers over many rows, with NumPy: its answers, and how often activations saturate."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.common.records import dataclass
from nngen.integers.clip import clipped
from nngen.integers.network import MISSING, TOP, Codes, Inputs, Integers, Score, Sums, Value

Array = NDArray[np.int64]


@dataclass(frozen=True)
class Answers:
    """What a network answers to some rows."""

    sums: Array
    """The sums of the output, ``(rows, outputs)``."""
    answers: Array
    """The places of the classes, ``(rows,)``; numbers in units of their resolution, ``(rows, outputs)``; or anomaly
    scores, ``(rows, 1)``."""
    shares: Array | None
    """The probabilities in units of 1/255, ``(rows, classes)``, if the network has them."""
    saturated: dict[str, float]
    """For the inputs and each hidden layer, the share of values that were cut to their range."""
    vectors: dict[str, Array]
    """Their activations, ``(rows, units)``."""


def run(network: Integers, rows: Any) -> Answers:
    """The answers for rows of whole numbers, ``(rows, columns)``."""
    rows = np.asarray(rows, np.int64)
    vectors, cut = {network.inputs.name: encoded(network.inputs, rows)}, {network.inputs.name: _outside(network, rows)}
    for layer in network.hidden:
        s = _sums(layer, vectors)
        vectors[layer.name] = _values(layer, s)
        flat = layer.activation == "relu"  # below 0 it is 0 anyway
        cut[layer.name] = float(np.mean((s > layer.step.high) | ((s < layer.step.low) & (not flat))))
    output = network.output
    s = _sums(output, vectors)
    shares = None if output.shares is None else _shares(output.shares, s)
    if output.score is not None:
        answers = _scores(output.score, s, vectors[network.inputs.name])
    elif output.answers:
        answers = np.stack([_values(one, s[:, unit]) for unit, one in enumerate(output.answers)], axis=1)
    elif output.threshold is not None:
        answers = (s[:, 0] > output.threshold).astype(np.int64)
    else:
        answers = np.argmax(s, axis=1)
    return Answers(s, answers, shares, cut, vectors)


def encoded(inputs: Inputs, rows: Array) -> Array:
    """The activations of rows of whole numbers, ``(rows, inputs)``."""
    made = np.zeros((len(rows), inputs.count), np.int64)
    for column, n in zip(inputs.columns, rows.T, strict=True):
        if isinstance(column, Codes):
            chosen = np.where(n == -2, column.fill, n)
            made[:, column.place : column.place + len(column.categories)] = TOP * (
                chosen[:, None] == np.arange(len(column.categories))
            )
            missing = n == -2
        else:
            missing = n == MISSING
            n = np.clip(np.where(missing, column.fill, n), column.low, column.high)
            if not inputs.direct:
                above = n - column.low
                above = clipped(column.clip, above) - column.clip.low if column.clip else above
                n = (above * column.multiplier + inputs.half >> inputs.shift) - TOP
            made[:, column.place] = n
        if column.indicator is not None:
            made[:, column.indicator] = TOP * missing
    return made


def _outside(network: Integers, rows: Array) -> float:
    """The share of numbers outside of their range."""
    whole = [(c, n) for c, n in zip(network.inputs.columns, rows.T, strict=True) if not isinstance(c, Codes)]
    outside = [((n < column.low) | (n > column.high)) & (n != MISSING) for column, n in whole]
    return float(np.mean(outside)) if outside else 0.0


def _sums(layer: Sums, vectors: dict[str, Array]) -> Array:
    pairs = zip(layer.sources, layer.weights, strict=True)
    z: Array = sum((vectors[source] @ np.array(w).T for source, w in pairs), start=np.array(layer.biases))
    return z


def _values(one: Value, s: Array) -> Array:
    step = one.step
    above = np.clip(s, step.low, step.high) - step.low
    place: Array = ((above + step.half_before >> step.before) * step.multiplier + step.half_after) >> step.after
    return np.array(one.table)[place] if one.table else place + one.base


def _scores(score: Score, s: Array, x: Array) -> Array:
    """The anomaly scores, ``(rows, 1)``."""
    errors = _values(Value(score.step, (), -score.most), s * score.factor - x * np.array(score.multipliers))
    found: Array = np.sum(errors**2, axis=1, keepdims=True)
    return found


def _shares(shares: Value, s: Array) -> Array:
    if s.shape[1] == 1:
        second = _values(shares, s)
        return np.hstack([255 - second, second])
    e = _values(shares, s.max(axis=1, keepdims=True) - s)
    total = e.sum(axis=1, keepdims=True)
    found: Array = (e * 255 + total // 2) // total
    return found
