"""Intervals of answers and sets of classes by split conformal prediction (Vovk, Gammerman and Shafer, 2005).

The score of a row says how far the answer is from the truth: ``|answer - target|`` of a number (Lei et al., JASA 2018),
or of logarithms the ratio of the larger one to the other, which orders rows as the distance of the logarithms does,
``1 - p`` of the true class (Sadinle, Lei and Wasserman, JASA 2019). An interval has all answers whose score is at
most the ceil((n + 1) * level)-th smallest of n calibration rows. If these and a new row are exchangeable, it holds the
truth with at least this probability.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.commands.trained import Trained
from nngen.common.text import counted, joined
from nngen.description.data import Array, Encoding, answers, in_units
from nngen.description.model import Spec
from nngen.mathematics.catalogue import LOSSES
from nngen.plan import plan
from nngen.reading import packing

FEW = 100
"""Fewer calibration rows draw a caution: of 99 rows at 0.9, the coverage varies by 3 points between samples."""


def with_intervals(trained: Trained) -> Trained:
    """The same with the scores that its calibration rows ask for; without such rows, with those of its spec."""
    data, level = trained.examples, trained.examples.encoding.level
    if level is None or not len(data.calibration_x) or trained.ends:
        return trained
    found = _scores(data.encoding, trained.outputs(data.calibration_x), data.calibration_y)
    scores = tuple(_quantile(column, level) for column in found.T)
    return replace(trained, examples=replace(data, encoding=replace(data.encoding, scores=scores)))


def widened(trained: Trained, spec: Spec) -> Trained:
    """A network that answers with two ends, which hold the share of new rows that its calibration rows ask for.

    Of quantiles, the score of a row is how far its target is outside of the ends, less than 0 inside (Romano, Patterson
    and Candes, NeurIPS 2019), and the biases of the last layer move both ends by the same. Of a mean -+ a standard
    deviation, it is how many of these the target is away (Lei et al. 2018, 5.2), and all parameters of the last
    layer move the ends away from their mean. Modules need no further step.
    """
    data, level = trained.examples, trained.examples.encoding.level
    last = plan(spec).layers[-1]
    if not trained.ends or level is None or last.biases is None or not len(data.calibration_x):
        return trained
    ends, y = trained.outputs(data.calibration_x), data.calibration_y[:, 0]
    values = packing.parameters(trained.module, trained.params).copy()
    if LOSSES[spec.loss.name].deviations:
        deviations = np.maximum(np.ptp(ends, axis=1) / 2.0, np.finfo(np.float64).tiny)
        factor = _quantile(np.abs(y - ends.mean(axis=1)) / deviations, level)
        for block in last.blocks:
            rows = values[block.start : block.stop].reshape(2, -1)
            rows[:] = rows.mean(axis=0) + factor * (rows - rows.mean(axis=0))
    else:
        low = int(np.argmin(trained.outputs(data.train_x).mean(axis=0)))
        moved = _quantile(np.maximum(ends[:, low] - y, y - ends[:, 1 - low]), level)
        values[last.biases.start : last.biases.stop] += np.where(np.arange(2) == low, -moved, moved)
    return replace(trained, params=trained.module.unpack(values.tolist()))


def bounds(how: Encoding, outputs: Array) -> NDArray[Any]:
    """The lower and the upper bound of each answer, ``(n, 2 * outputs)``; or which classes are in the sets."""
    if how.classes:
        return 1.0 - _shares(outputs) <= how.scores[0]
    found = answers(how, outputs)
    ends = [found / how.scores, found * how.scores] if how.in_logs else [found - how.scores, found + how.scores]
    return np.stack(ends, axis=-1).reshape(len(found), -1)


def said(trained: Trained, outputs: Array, y: Array, units: Sequence[str]) -> str:
    """How many targets of some examples are within their intervals or sets; empty if there are none of these."""
    how = trained.examples.encoding
    if not how.scores and not trained.ends:
        return ""
    share, count = coverage(trained, outputs, y)
    held = f"{share:.1%} of {counted(count, 'target')}"
    if trained.ends:
        width = float(np.mean(np.ptp(answers(how, outputs), axis=1)))
        asked = "" if how.level is None else f", calibrated at {how.level:g}: losses are those of these ends"
        return f"{held} are between the answers {joined(units, 'and')}, on average {width:.4g} apart{asked}"
    if how.classes:
        size = np.mean(np.sum(bounds(how, outputs), axis=1))
        return f"sets of classes at {how.level:g}: {held} are in theirs, of {size:.3g} classes on average"
    pairs = zip(units, how.scores, strict=True)
    widths = joined([f"{score:.4g}{f' for {unit}' if len(units) > 1 else ''}" for unit, score in pairs], "and")
    sign = "times or divided by" if how.in_logs else "+-"
    return f"intervals at {how.level:g}, the answer {sign} {widths}: {held} are within"


def coverage(trained: Trained, outputs: Array, y: Array) -> tuple[float, int]:
    """The share of the targets of some examples that are within their intervals or sets, and how many there are."""
    how = trained.examples.encoding
    if trained.ends:
        inside = (outputs.min(axis=1) <= y[:, 0]) & (y[:, 0] <= outputs.max(axis=1))
        return float(np.mean(inside)), len(y)
    found = _scores(how, outputs, y)
    known = ~np.isnan(found)
    count = int(np.sum(known))
    return float(np.sum((found <= np.array(how.scores)) & known) / max(count, 1)), count


def cautions(spec: Spec, rows: int) -> Iterator[str]:
    """What weakens the guarantee of intervals that some calibration rows measure."""
    split = spec.data.split if spec.data else None
    if split is None or not rows:
        return
    if rows < FEW:
        few = f"with fewer than {FEW}, the share of new rows within intervals may be another by some points"
        yield f"{counted(rows, 'row')} for calibration: {few}"
    if split.column:
        by = "time" if split.time else "groups"
        yield f"the split is by {by}: new rows may be unlike those for calibration, and intervals guarantee no share"


def _scores(how: Encoding, outputs: Array, y: Array) -> Array:
    """The score of each target, ``(n, outputs)``; of classes that of the true one, ``(n, 1)``."""
    if not how.classes:
        found, true_ones = answers(how, outputs), in_units(how, y)
        if how.in_logs:  # the distance of the logarithms, as a ratio
            ratios: Array = np.maximum(found / true_ones, true_ones / found)
            return ratios
        distances: Array = np.abs(found - true_ones)
        return distances
    true = np.argmax(y, axis=1) if y.shape[1] > 1 else (y[:, 0] > how.threshold).astype(np.intp)
    scores: Array = 1.0 - _shares(outputs)[np.arange(len(y)), true][:, None]
    return scores


def _shares(outputs: Array) -> Array:
    """The probability of each class, ``(n, classes)``."""
    return outputs if outputs.shape[1] > 1 else np.hstack([1.0 - outputs, outputs])


def _quantile(scores: Array, level: float) -> float:
    """The ceil((n + 1) * level)-th smallest of n scores; infinite where n is too small for it."""
    known = np.sort(scores[~np.isnan(scores)])
    place = math.ceil((len(known) + 1) * Fraction(repr(level)))
    return float(known[place - 1]) if place <= len(known) else math.inf
