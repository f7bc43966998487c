"""By construction: properties that hold because of signs and bounds of the whole numbers of a network.

The roundings and the ends of sums are monotone, so an activation of a sum is monotone if its table is.
"""

from collections.abc import Sequence

import numpy as np

from nngen.integers import Codes, Hidden, Integers, Sums, Value, encoded
from nngen.proof.proving.questions import Question, Values

MIXED = 2
"""The sign of what may rise and fall."""

Bounds = tuple[int, int]


def holds(network: Integers, asked: Question) -> bool:
    """Whether a property holds by construction; False if this does not say."""
    if asked.kind in ("monotone", "equal"):
        assert asked.walked is not None  # noqa: S101 (these walk along a column)
        if asked.kind == "equal" and network.inputs.columns[asked.walked].indicator is not None:
            return False  # a missing value is compared, too
        found = _directions(network, asked.walked)[asked.output]
        return found == 0 or (asked.kind == "monotone" and found == (1 if asked.rises else -1))
    return _within(network, asked)


def _sign(values: Sequence[int]) -> int:
    """1 if numbers rise or stay, -1 if they fall or stay, 0 if they stay, else ``MIXED``."""
    steps = np.sign(np.diff(np.array(values, np.int64)))
    return 0 if not steps.any() else 1 if (steps >= 0).all() else -1 if (steps <= 0).all() else MIXED


def _joined(signs: Sequence[int]) -> int:
    there = {sign for sign in signs if sign}
    return there.pop() if len(there) == 1 else MIXED if there else 0


def _times(sign: int, weight: int) -> int:
    return 0 if not weight or not sign else MIXED if sign == MIXED else sign if weight > 0 else -sign


def _directions(network: Integers, column: int) -> list[int]:
    """How each answer moves with a column, where it is known: for classes, one sign for their place in order."""
    walked = network.inputs.columns[column]
    signs = {network.inputs.name: [0] * network.inputs.count}
    if isinstance(walked, Codes):
        for place in range(walked.place, walked.place + len(walked.categories)):
            signs[network.inputs.name][place] = MIXED
        if walked.indicator is not None:
            signs[network.inputs.name][walked.indicator] = MIXED
    else:
        signs[network.inputs.name][walked.place] = 1
    for layer in network.hidden:
        by = _sign(layer.table) if layer.table else 1
        signs[layer.name] = [_times(sign, by) if by != MIXED else MIXED * bool(sign) for sign in _sums(layer, signs)]
    output = network.output
    if not network.classes:
        found = _sums(output, signs)
        by_table = [_sign(one.table) if one.table else 1 for one in output.answers]
        return [_times(s, by) if by != MIXED else MIXED * bool(s) for s, by in zip(found, by_table, strict=True)]
    if output.units == 1:
        return _sums(output, signs)
    # the largest sum moves forward if each sum grows no more slowly than the one before it
    steps = [
        _joined(
            [
                _times(sign, after - before)
                for source, rows in zip(output.sources, output.weights, strict=True)
                for sign, before, after in zip(signs[source], rows[unit], rows[unit + 1], strict=True)
            ]
        )
        for unit in range(output.units - 1)
    ]
    return [_joined(steps)]


def _sums(layer: Sums, signs: dict[str, list[int]]) -> list[int]:
    return [
        _joined(
            [
                _times(sign, w)
                for source, rows in zip(layer.sources, layer.weights, strict=True)
                for sign, w in zip(signs[source], rows[unit], strict=True)
            ]
        )
        for unit in range(layer.units)
    ]


def _within(network: Integers, asked: Question) -> bool:
    """Whether the bounds of sums over all rows of a property decide it."""
    bounds = {network.inputs.name: _inputs(network, asked.columns)}
    for layer in network.hidden:
        bounds[layer.name] = [
            _reached(layer, low, high) for low, high in _reach(layer, layer.weights, layer.biases, bounds)
        ]
    output = network.output
    reach = _reach(output, output.weights, output.biases, bounds)
    if not network.classes:
        low, high = _reached(output.answers[asked.output], *reach[asked.output])
        return asked.low <= low and high <= asked.high
    if output.units == 1:
        assert output.threshold is not None  # noqa: S101 (one unit has two classes)
        (low, high), wanted = reach[0], (1 - asked.low) if asked.other else asked.low
        return low > output.threshold if wanted else high <= output.threshold
    beaten = [_before(network, bounds, asked.low, k) for k in range(output.units) if k != asked.low]
    if asked.other:  # one that is always before it is enough
        return any(high < 0 or (high == 0 and k < asked.low) for k, (_, high) in beaten)
    return all(low > 0 or (low == 0 and asked.low < k) for k, (low, _) in beaten)


def _before(network: Integers, bounds: dict[str, list[Bounds]], one: int, other: int) -> tuple[int, Bounds]:
    """Another output, and the bounds of the sum of one less that of the other."""
    output = network.output
    weights = [[[a - b for a, b in zip(rows[one], rows[other], strict=True)]] for rows in output.weights]
    return other, _reach(output, weights, [output.biases[one] - output.biases[other]], bounds)[0]


def _reach(
    layer: Sums, weights: Sequence[Sequence[Sequence[int]]], biases: Sequence[int], bounds: dict[str, list[Bounds]]
) -> list[Bounds]:
    """The bounds of some weighted sums of the sources of a layer."""
    found = []
    for unit, bias in enumerate(biases):
        ends = [
            (w * low, w * high) if w > 0 else (w * high, w * low)
            for source, rows in zip(layer.sources, weights, strict=True)
            for w, (low, high) in zip(rows[unit], bounds[source], strict=True)
        ]
        found.append((bias + sum(low for low, _ in ends), bias + sum(high for _, high in ends)))
    return found


def _reached(one: Hidden | Value, low: int, high: int) -> Bounds:
    """The bounds of an activation or of an answer whose sum is from low to high."""
    step = one.step
    first, last = (
        ((min(max(z, step.low), step.high) - step.low + step.half_before >> step.before) * step.multiplier
         + step.half_after) >> step.after
        for z in (low, high)
    )  # fmt: skip
    values = one.table[first : last + 1] if one.table else (first + one.base, last + one.base)
    return min(values), max(values)


def _inputs(network: Integers, columns: Sequence[Values]) -> list[Bounds]:
    """The bounds of the activations of the inputs."""
    inputs = network.inputs
    base = np.array([values.all[0] for values in columns], np.int64)
    low = high = encoded(inputs, base[None, :])[0]
    for place, values in enumerate(columns):
        rows = np.repeat(base[None, :], len(values.all), axis=0)
        rows[:, place] = values.all
        made = encoded(inputs, rows)
        low, high = np.minimum(low, made.min(axis=0)), np.maximum(high, made.max(axis=0))
    return list(zip(low.tolist(), high.tolist(), strict=True))
