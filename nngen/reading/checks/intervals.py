"""Checks of intervals: what they are measured on, and what they need of a network."""

from collections.abc import Iterator

from nngen.common.text import counted
from nngen.description.model import LogScale, Table
from nngen.mathematics.catalogue import KINDS
from nngen.reading.checks.valid_parts import Parts, Problem, width

LOC = ("data", "interval")
CALIBRATION = ("data", "split", "calibration")


def calibration(valid: Parts) -> Iterator[Problem]:
    """Intervals have rows for calibration or known scores, and only they need such rows."""
    data = valid.data
    if data is None:
        return
    kept = data.split.calibration if data.split else None
    if data.split and kept is not None:
        if data.level is None:
            yield Problem(CALIBRATION, "these rows measure an `interval`", advice="add `interval: 0.9`, or remove this")
        elif data.split.test + kept >= 1.0:
            yield Problem(CALIBRATION, "`test` and `calibration` leave no examples to learn from")
    if data.level is not None and kept is None and data.score is None:
        advice = "write `split: {test: 0.2, calibration: 0.2}`, or a known score: `interval: {level: 0.9, score: 1.5}`"
        yield Problem(LOC, "no rows are kept for calibration", advice=advice)


def scores(valid: Parts) -> Iterator[Problem]:
    """Sets of classes need probabilities, and intervals a score for each output."""
    data = valid.data
    if data is None or data.level is None or valid.output is None or valid.loss is None:
        return
    units, output = width(valid.output[1]), valid.outputs_like
    if valid.losses[valid.loss.name].ends:
        layer = valid.output[1]
        if valid.losses[valid.loss.name].deviations and not KINDS[layer.kind].dense:
            message = f"weights of the last layer widen an interval, and {layer.name} is of kind {layer.kind}"
            yield Problem(LOC, message, advice="end with a dense layer")
        if output != "linear" or layer.bias is None or layer.normalization is not None:
            message = "biases of the last layer move the ends of an interval, and there are none"
            yield Problem(LOC, message, advice="end with linear units that have biases")
        if data.score is not None:
            message = "the parameters have the ends of the interval"
            yield Problem((*LOC, "score"), message, advice="write its level alone")
        return
    distribution = valid.losses[valid.loss.name].over(output).distribution
    named = len(data.targets) == 1 if isinstance(data, Table) else distribution
    classes = data.classes is not None or (units > 1 and named)
    if classes and output != ("softmax" if units > 1 else "sigmoid"):
        yield Problem(LOC, "sets of classes need probabilities", advice="end with softmax, or with one sigmoid")
    wanted = 1 if classes else units
    if data.score is not None and len(data.score) != wanted:
        each = "" if classes else ", one for each output"
        yield Problem((*LOC, "score"), f"expected {counted(wanted, 'number')}{each}, got {len(data.score)}")
    elif data.score is not None and isinstance(data.scale_targets, LogScale) and min(data.score) < 1.0:
        message = f"with `scale_targets: log` it is a ratio of at least 1, got {min(data.score):g}"
        yield Problem((*LOC, "score"), message)
