"""From trained parameters to a network in integers."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from nngen.common import files
from nngen.description.data import Array, Encoding, encoding, read_examples, training_columns
from nngen.description.model import Numeric, Spec, Values
from nngen.integers import activations
from nngen.integers.activations import INCREASING, domain, function, limit, rescale, rounded, table
from nngen.integers.columns import NotHeldError, resolution, scaled, whole_numbers
from nngen.integers.folded import MAX_ROWS, Folded, folded, of_activations
from nngen.integers.network import CERTAIN, LARGEST, TOP, Hidden, Integers, Output, Rescale, Value
from nngen.integers.proof import Vector, sums
from nngen.integers.scores import limited, scored
from nngen.plan import Plan

FARTHEST = math.log(2 * CERTAIN)
"""A sum of softmax this far below the largest has a share that is rounded to 0."""


def quantized(
    spec: Spec, plan: Plan, path: Path, parameters: Sequence[float], size: int = activations.TABLE_SIZE
) -> Integers:
    """The network in integers.

    Args:
        spec: a spec that has passed the checks.
        plan: its plan.
        path: the file of the spec; the path of its data file is relative to its folder.
        parameters: trained parameters, in the order of the layout.
        size: how many numbers a table has.

    Raises:
        SpecError: the data cannot be read, or the format does not hold the network; the message names the layer.
    """
    if spec.data is None or isinstance(spec.data, Values):
        advice = "add `data:` with a `file` or `rows`, or use `dtype: float32`"
        raise files.refused(path, f"{spec.name}: int8 measures its scales on training rows: there are none", advice)
    embedded = next((layer for layer in plan.layers if layer.embedding), None)
    if embedded is not None:
        message = f"{spec.name}: layer {embedded.name}: int8 has no integer form of embeddings"
        raise files.refused(path, message, "use `dtype: float32` of the target c")
    how = encoding(spec, path.parent)
    assert how is not None  # noqa: S101 (it has data)
    try:
        return _quantized(spec, plan, path.parent, parameters, size, how)
    except NotHeldError as error:
        raise files.refused(path, f"{spec.name}: {error}", error.advice) from None


def _quantized(spec: Spec, plan: Plan, folder: Path, parameters: Sequence[float], size: int, how: Encoding) -> Integers:
    raw, targets = training_columns(spec, folder)
    of = [str(column.column) for column in spec.columns if isinstance(column, Numeric)]
    inputs = scaled(whole_numbers(how, spec, {name: np.asarray(raw[name], np.float64) for name in of}), how)
    x = read_examples(spec, folder).train_x
    vectors = {inputs.name: Vector(1.0, *inputs.bounds)}
    hidden: list[Hidden] = []
    output = None
    for layer in folded(plan, spec, parameters, x):
        one = of_activations(layer, inputs)
        try:
            if one.layer is spec.layers[-1] and how.of_inputs:
                output = scored(one, vectors, inputs, how.percentile)
            elif one.layer is spec.layers[-1]:
                output = _output(one, vectors, size, how, targets)
            else:
                hidden.append(_hidden(one, vectors, size))
                vectors[one.layer.name] = Vector(hidden[-1].out, *hidden[-1].bounds)
        except ValueError as error:
            raise NotHeldError(f"layer {one.layer.name}: {error}") from None
    assert output is not None  # noqa: S101 (a network has a last layer)
    made = Integers(spec.name, inputs, tuple(hidden), output, how.classes, how.predicts, min(len(x), MAX_ROWS))
    return limited(made, output.score, raw) if output.score else made


def _hidden(one: Folded, vectors: Mapping[str, Vector], size: int) -> Hidden:
    found = sums(one, vectors)
    match one.layer.activation.name:
        case "relu":
            out = limit(one.values[1]) / TOP
            step = rescale(found.scale / out, 0, TOP + 1)
            return Hidden(**vars(found), step=step, table=(), base=0, bounds=(0, TOP), out=out)
        case "linear":
            out = limit(max(map(abs, one.values))) / TOP
            step = rescale(found.scale / out, -rounded(TOP * out / found.scale), 2 * TOP + 1)
            return Hidden(**vars(found), step=step, table=(), base=-TOP, bounds=(-TOP, TOP), out=out)
    step, values = _tabled(one, found.scale, size)
    out = limit(max(map(abs, values))) / TOP
    entries = tuple(rounded(v / out) for v in values)
    ends = min(0, *entries), max(0, *entries)
    return Hidden(**vars(found), step=step, table=entries, base=0, bounds=ends, out=out)


def _tabled(one: Folded, scale: float, size: int) -> tuple[Rescale, list[float]]:
    """The step to the index of a table, and the values of the activation there."""
    value = function(one.layer)
    least, most = map(_outward, one.sums)
    first, last = domain(value, min(least, -0.125), max(most, 0.125))
    step = rescale(scale * (size - 1) / (last - first), rounded(first / scale), size)
    return step, table(value, first, last, size)


def _outward(end: float) -> float:
    """A measured end, rounded away from 0."""
    return math.copysign(limit(abs(end)), end) if end else 0.0


def _output(one: Folded, vectors: Mapping[str, Vector], size: int, how: Encoding, targets: Array) -> Output:
    found, name = sums(one, vectors), one.layer.activation.name
    shared = name == "softmax" or how.probabilities
    shares = _shares(one, found.scale, size) if shared else None
    if how.classes and name not in INCREASING:
        raise ValueError(f"the largest sum need not be the largest output of {name}")
    if how.classes or shares:
        threshold = _threshold(one, how.threshold) / found.scale if found.units == 1 and how.classes else None
        above = None if threshold is None else rounded(threshold)
        return Output(**vars(found), threshold=above, shares=shares, answers=(), resolutions=())
    made = [_answer(one, found.scale, size, how, unit, targets[:, unit]) for unit in range(found.units)]
    answers, resolutions = zip(*made, strict=True)
    return Output(**vars(found), threshold=None, shares=None, answers=answers, resolutions=resolutions)


def _threshold(one: Folded, threshold: float) -> float:
    """The weighted sum above which the only output is above the threshold."""
    value = function(one.layer)
    least, most = -64.0, 64.0
    for _ in range(60):
        middle = (least + most) / 2.0
        least, most = (least, middle) if value(middle) > threshold else (middle, most)
    return round(most, 9)


def _shares(one: Folded, scale: float, size: int) -> Value:
    if one.layer.activation.name == "softmax":
        width = FARTHEST / (size - 1)
        entries = tuple(rounded(CERTAIN * math.exp(-i * width)) for i in range(size))
        return Value(rescale(scale / width, 0, size), entries, 0)
    step, values = _tabled(one, scale, size)
    return Value(step, tuple(rounded(CERTAIN * v) for v in values), 0)


def _answer(one: Folded, scale: float, size: int, how: Encoding, unit: int, targets: Array) -> tuple[Value, float]:
    """A numeric answer and its unit. It ends a quarter of its range on the training rows beyond that range."""
    subtract, divide = (how.targets.subtract[unit], how.targets.divide[unit]) if how.targets else (0.0, 1.0)
    known = targets[~np.isnan(targets)].tolist()
    ends = [_outward(v) * divide + subtract for v in one.values]
    margin = (max(ends) - min(ends)) / 4.0
    least, most = min(ends) - margin, max(ends) + margin
    step_of = resolution(known, max(-least, most), 100)
    low, high = max(math.floor(least / step_of), -LARGEST), min(math.ceil(most / step_of), LARGEST)
    if how.ends:
        first, last = math.ceil(how.ends[unit][0] / step_of), math.floor(how.ends[unit][1] / step_of)
        low, high = (min(max(end, first), max(first, last)) for end in (low, high))
    if one.layer.activation.name == "linear":
        start = rounded((low * step_of - subtract) / divide / scale)
        return Value(rescale(scale * divide / step_of, start, high - low + 1), (), low), step_of
    step, values = _tabled(one, scale, size)
    entries = (rounded((v * divide + subtract) / step_of) for v in values)
    return Value(step, tuple(min(max(entry, low), high) for entry in entries), 0), step_of
