"""Columns of the data in whole numbers: their resolution, their range, and their activations."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nngen.description.data import Array, CategoryColumn, Encoding, NumberColumn
from nngen.description.model import Numeric, Spec
from nngen.integers.activations import rounded
from nngen.integers.clip import FARTHEST, clipped, smooth
from nngen.integers.network import LARGEST, TOP, Clip, Codes, Inputs, Whole


class NotHeldError(ValueError):
    """The format does not hold a part of the network; the message says which, and ``advice`` what does."""

    def __init__(self, message: str, advice: str = "use `dtype: float32` of the target c") -> None:
        super().__init__(message)
        self.advice = advice


ROUNDING = 1e-6
"""How far a value may be from a multiple of a unit, as a share of the largest one: 5.1 in float32 is 5.0999999."""


def resolution(values: Sequence[float], reach: float = 0.0, steps: int = 0, noise: float = 0.0) -> float:
    """The greatest power of ten, at most 1, of which all values are multiples; a greater one if they are too large.

    Args:
        values: numbers of a column, at least one.
        reach: a size that has to fit, too.
        steps: how many steps the values shall lie apart at least.
        noise: a size whose last digits do not count, if it is larger than the values.
    """
    span = max(values) - min(values)
    largest = max(reach, *map(abs, values))
    fitting = [unit for unit in _UNITS if largest / unit <= LARGEST]
    coarse = next((unit for unit in fitting if unit <= 1.0), fitting[-1])
    chosen = coarse
    for unit in fitting[fitting.index(coarse) :]:
        chosen = unit
        if _multiples(values, unit, max(largest, noise)) and span / unit >= steps * (span > 0.0):
            break
    return chosen


def _multiples(values: Sequence[float], unit: float, largest: float) -> bool:
    """Whether all values are multiples of a unit, up to ``ROUNDING`` of the largest one."""
    return all(abs(v - unit * round(v / unit)) <= ROUNDING * largest for v in values)


LEVELS = 1_024
"""A range of so many units needs no offset, as an activation has 255 levels."""

TAIL = 200
"""One of so many values at each end may be cut off, if that halves the range at least."""


def measured(values: Sequence[float]) -> tuple[float, float]:
    """The range of a column: from the lowest to the highest value, but for a tail that would cost levels."""
    known = sorted(values)
    cut = len(known) // TAIL
    least, most = known[cut], known[-1 - cut]
    whole = known[-1] - known[0]
    return (least, most) if 0.0 < 2.0 * (most - least) < whole else (known[0], known[-1])


def origin(values: Sequence[float], unit: float) -> float:
    """The offset that a column needs: 0 if 16 bits hold its values as they are, finely enough.

    It is the lowest value, rounded down to a multiple of the greatest power of ten within the span.
    """
    least, most = min(values), max(values)
    largest = max(map(abs, values))
    fits = max(-least, most) / unit <= LARGEST
    if least == most or (fits and (most - least >= LEVELS * unit or _multiples(values, unit, largest))):
        return 0.0
    power = next(unit for unit in _UNITS if unit <= most - least)
    return math.floor(least / power) * power


_UNITS = [float(f"1e{e}") for e in range(308, -308, -1)]
"""The powers of ten, the greatest first. Finer ones have fewer digits."""


def whole_numbers(encoding: Encoding, spec: Spec, raw: dict[str, Array]) -> Inputs:
    """The columns of a network in whole numbers, without the numbers that depend on the scale.

    Args:
        encoding: the encoding of rows, measured on the training rows.
        spec: the spec, which may state ranges and resolutions.
        raw: the training rows of each column of numbers; NaN for a gap.

    Raises:
        NotHeldError: a column is neither of numbers nor of categories, or its numbers do not fit.
    """
    if encoding.level is not None:
        raise NotHeldError("integers have no intervals", "remove `interval`, or use `dtype: float32` of the target c")
    if encoding.in_logs:
        advice = "write `scale_targets: standardize`, or use `dtype: float32` of the target c"
        raise NotHeldError("integers have no exponential function for `scale_targets: log`", advice)
    columns: list[Whole | Codes] = []
    place = 0
    for column, said in zip(encoding.columns, spec.columns, strict=True):
        if isinstance(column, NumberColumn) and isinstance(said, Numeric):
            columns.append(_numbers(column, said, raw[column.column], place))
            place += 1
        elif isinstance(column, CategoryColumn):
            fill = column.categories.index(column.fill) if column.fill in column.categories else -1
            after = place + len(column.categories)
            mark = after if column.indicator else None
            columns.append(Codes(column.column, column.name, column.categories, fill, place, mark))
            place = after
        else:
            what = "ids" if column in encoding.indices else "dates"
            raise NotHeldError(f"the column {column.column} has {what}, and int8 takes numbers and categories")
        place += 1 if column.indicator else 0
    return Inputs(spec.input_name, tuple(columns), place, False, 0, (), (), (0, 0))


def _numbers(column: NumberColumn, said: Numeric, values: Array, place: int) -> Whole:
    known = values[~np.isnan(values)].tolist() or [0.0]
    least, most = said.range or (_near(column, known) if column.clipped else measured(known))
    known = [*(v for v in known if least <= v <= most), *(said.range or ())]
    step = said.resolution or resolution(known)
    offset = origin(known, step)
    if offset and not said.resolution:
        step = resolution([v - offset for v in known], noise=max(map(abs, known)))
    low, high = rounded((least - offset) / step), rounded((most - offset) / step)
    if max(-low, high) > LARGEST:
        message = f"the column {column.column} has numbers from {low:,} to {high:,} in units of {step:g}, and a row has"
        raise NotHeldError(f"{message} 16 bits", "state a coarser `resolution` or a narrower `range` of the input")
    fill = low if column.fill is None else min(max(rounded((column.fill - offset) / step), low), high)
    mark = place + 1 if column.indicator else None
    return Whole(column.column, column.name, step, low, high, fill, place, mark, offset, said.range is not None)


def _near(column: NumberColumn, known: Sequence[float]) -> tuple[float, float]:
    """The range of a column with a clip: that of the numbers where the clip still moves, or of all if none is there."""
    near = [v for v in known if abs(v - column.subtract) <= FARTHEST * column.divide] or known
    return min(near), max(near)


def _with_clip(column: NumberColumn, whole: Whole) -> Whole:
    """A column with its clip, and with a range in which the clip still moves."""
    if not column.clipped:
        return whole
    ends = [(column.subtract + t * column.divide - whole.offset) / whole.resolution for t in (-FARTHEST, FARTHEST)]
    low = max(whole.low, math.ceil(max(ends[0], -LARGEST)))
    high = max(low, min(whole.high, math.floor(min(ends[1], LARGEST))))
    least, most = (_plain(column, whole, n) * 1024.0 for n in (low, high))
    multiplier = rounded((most - least) * 2.0**15 / (high - low)) if low < high else 0
    made = Clip(multiplier, rounded(min(max(-least, -LARGEST), LARGEST)), 0, 0)
    first, last = clipped(made, np.array([0, high - low])).tolist()
    return replace(
        whole, low=low, high=high, fill=min(max(whole.fill, low), high), clip=made._replace(low=first, high=last)
    )


def scaled(inputs: Inputs, encoding: Encoding) -> Inputs:
    """The columns with the numbers that make activations of whole numbers.

    Raises:
        NotHeldError: a column does not fit.
    """
    numbers = {column.name: column for column in encoding.numeric}
    steps = {(w.resolution / numbers[w.name].divide, numbers[w.name].subtract, w.offset) for w in inputs.wholes}
    plain = len(inputs.wholes) == inputs.count and all(c.fill is None and not c.clipped for c in encoding.numeric)
    low, high = min((w.low for w in inputs.wholes), default=0), max((w.high for w in inputs.wholes), default=0)
    step, *zeros = next(iter(steps), (1.0, 1.0))
    if plain and len(steps) == 1 and not any(zeros) and max(-low, high) <= TOP:
        if encoding.of_inputs and not any(whole.stated for whole in inputs.wholes):
            low, high = -TOP, TOP  # an anomaly may be outside of what the training rows have
        columns = tuple(replace(whole, low=low, high=high) for whole in inputs.wholes)
        scales, centers, bounds = (step,) * inputs.count, (0.0,) * inputs.count, (min(low, 0), max(high, 0))
        return replace(inputs, columns=columns, direct=True, scales=scales, centers=centers, bounds=bounds)
    if encoding.of_inputs:
        unfilled = {column.name for column in encoding.numeric if column.fill is None}
        wider = tuple(_wider(c, c.name in unfilled) if isinstance(c, Whole) else c for c in inputs.columns)
        inputs = replace(inputs, columns=wider)
    clips = tuple(_with_clip(numbers[c.name], c) if isinstance(c, Whole) else c for c in inputs.columns)
    inputs = replace(inputs, columns=clips)
    shift = 8 if all(w.high - w.low <= 64 and not w.clip for w in inputs.wholes) else 24
    made = tuple(replace(c, multiplier=_multiplier(c, shift)) if isinstance(c, Whole) else c for c in inputs.columns)
    # a category that is there, and a mark of a missing value, is 1
    ones, zero = [1.0 / TOP] * inputs.count, [0.0] * inputs.count
    for whole in inputs.wholes:
        least, most = (_value(numbers[whole.name], whole, n) for n in (whole.low, whole.high))
        ones[whole.place], zero[whole.place] = (most - least) / (2 * TOP), (most + least) / 2.0
    return replace(inputs, columns=made, shift=shift, scales=tuple(ones), centers=tuple(zero), bounds=(-TOP, TOP))


def _multiplier(whole: Whole, shift: int) -> int:
    low, high = (whole.clip.low, whole.clip.high) if whole.clip else (whole.low, whole.high)
    return rounded(((2 * TOP) << shift) / (high - low)) if low < high else 0


def _wider(whole: Whole, unfilled: bool) -> Whole:
    """A column with a quarter more of its range at each end, unless it is stated, as anomalies may be outside of it.

    If it is ``unfilled``, a missing value counts as the lower end.
    """
    more = 0 if whole.stated else -((whole.low - whole.high) // 4)
    low, high = max(whole.low - more, -LARGEST), min(whole.high + more, LARGEST)
    return replace(whole, low=low, high=high, fill=low if unfilled else whole.fill)


def _value(column: NumberColumn, whole: Whole, n: int) -> float:
    """The input of the network for a whole number."""
    value = _plain(column, whole, n)
    return smooth(value) if column.clipped else value


def _plain(column: NumberColumn, whole: Whole, n: int) -> float:
    """The same without a clip."""
    value = (n * whole.resolution + whole.offset - column.subtract) / column.divide
    if not math.isfinite(value):
        raise NotHeldError(f"the column {column.column} has numbers that overflow")
    return value
