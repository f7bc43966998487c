"""By construction: properties that hold because of the signs of the whole numbers of a network.

The roundings and the ends of sums are monotone, so an activation of a sum is monotone if its table is.
"""

from collections.abc import Sequence

import numpy as np

from nngen.integers import Codes, Integers, Sums
from nngen.proof.proving.questions import Question

MIXED = 2
"""The sign of what may rise and fall."""


def holds(network: Integers, asked: Question) -> bool:
    """Whether a property of walks along a column, monotone or equal, holds by signs; False if these do not say."""
    if asked.walked is None:
        return False
    if asked.kind == "equal" and network.inputs.columns[asked.walked].indicator is not None:
        return False  # a missing value is compared, too
    found = _directions(network, asked.walked)[asked.output]
    return found == 0 or (asked.kind == "monotone" and found == (1 if asked.rises else -1))


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
