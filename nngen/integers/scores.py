"""The anomaly score of a row in integers, and the limit that the training rows give it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nngen.description.data import percentile
from nngen.integers.activations import limit, rescale, rounded
from nngen.integers.columns import NotHeldError
from nngen.integers.folded import MAX_ROWS, Folded
from nngen.integers.network import MAX_SUM, MISSING, TOP, Inputs, Integers, Output, Score, Whole
from nngen.integers.proof import Vector, sums
from nngen.integers.running import Array as Ints
from nngen.integers.running import run

MOST = 2**13 - 1
"""The largest error of an input, if there are so few inputs that the sum of all squares has 32 bits."""

BEYOND = 4
"""How many times as large as those of the training rows errors may be before they are cut."""


def scored(one: Folded, vectors: Mapping[str, Vector], inputs: Inputs, percentile: float) -> Output:
    """The last layer of a network whose targets are its inputs, without the limit of its scores.

    Args:
        one: the layer.
        vectors: the activations of its sources, by name.
        inputs: the inputs in integers.
        percentile: the share of the training rows, in percent, that are no anomalies.

    Raises:
        NotHeldError: the layer is not linear.
    """
    if one.layer.activation.name != "linear":
        raise NotHeldError("an anomaly score in integers takes a linear output")
    found = sums(replace(one, biases=one.biases - np.array(inputs.centers)), vectors)
    largest = max(inputs.scales) / found.scale
    rows = [*zip(found.biases, *found.weights, strict=True)]
    reach = max(abs(bias) + TOP * sum(abs(w) for row in of_unit for w in row) for bias, *of_unit in rows)
    bits = next((b for b in range(8, -1, -1) if _reach(reach, largest, b) < MAX_SUM), None)
    if bits is None:
        raise NotHeldError("an error of an input has more than 30 bits")
    multipliers = tuple(rounded(scale * 2**bits / found.scale) for scale in inputs.scales)
    most = min(math.isqrt((2**32 - 1) // inputs.count), MOST)
    error = BEYOND * limit(one.apart) / most
    ratio = found.scale / 2**bits / error
    score = Score(
        factor=2**bits,
        multipliers=multipliers[:1] if len({*multipliers}) == 1 else multipliers,
        step=rescale(ratio, -rounded(most / ratio), 2 * most + 1),
        most=most,
        error=error,
        unit=error**2 / inputs.count,
        percentile=percentile,
        limit=0,
    )
    return Output(**vars(found), threshold=None, shares=None, answers=(), resolutions=(), score=score)


def _reach(reach: int, largest: float, bits: int) -> float:
    """How far from 0 an error can be before it is rescaled, for sums up to ``reach`` and inputs up to ``largest``."""
    return reach * 2.0**bits + TOP * (largest * 2.0**bits + 1.0)


def limited(network: Integers, score: Score, raw: Mapping[str, Sequence[Any]]) -> Integers:
    """The network with the limit of its scores, by those of its training rows.

    Args:
        network: the network.
        score: how it makes a score.
        raw: the training rows as the data write them: for each column its numbers, or its texts.
    """
    scores = run(network, _rows(network.inputs, raw)).answers[:, 0]
    found = replace(score, limit=int(percentile(scores, score.percentile)))
    return replace(network, output=replace(network.output, score=found))


def _rows(inputs: Inputs, raw: Mapping[str, Sequence[Any]]) -> Ints:
    """The first training rows in whole numbers."""
    made = []
    for column in inputs.columns:
        values = raw[column.column][:MAX_ROWS]
        if isinstance(column, Whole):
            units = (np.asarray(values, np.float64) - column.offset) / column.resolution
            gaps = np.isnan(units)
            whole = np.floor(np.clip(np.where(gaps, 0.0, units), column.low, column.high) + 0.5).astype(np.int64)
            made.append(np.where(gaps, MISSING, whole))
        else:
            places = {text.strip(): place for place, text in enumerate(column.categories)}
            made.append(np.array([-2 if text is None else places.get(text, -1) for text in values]))
    return np.stack(made, axis=1)
