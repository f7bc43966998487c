"""Rows that a network whose targets are its inputs does not know: their scores, and the score of an anomaly."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.commands.inner import ANSWERS, module_of
from nngen.commands.metrics import Metrics, area
from nngen.commands.trained import BATCH
from nngen.common.text import table
from nngen.description.data import Array, Encoding, Expected, Frame, frames, header, percentile, read_examples
from nngen.description.model import Label, Spec


def limited(spec: Spec, folder: Path, how: Encoding, parameters: Sequence[float] | Array) -> Encoding:
    """The encoding of an anomaly detector with the score above which a row is an anomaly.

    Args:
        spec: a spec whose targets are its inputs.
        folder: the folder that its file is named from.
        how: the encoding of rows, measured on the training rows.
        parameters: trained parameters, in the order of the layout.
    """
    module = module_of(spec, folder, "numpy", how, ANSWERS)
    x, params = read_examples(spec, folder).train_x, module.unpack(parameters)
    parts = (x[start : start + BATCH] for start in range(0, len(x), BATCH))
    found = np.concatenate([scores(part, module.forward(params, part)) for part in parts])
    return replace(how, limit=limit_of(found, how.percentile))


def scores(x: Array, outputs: Array) -> Array:
    """The anomaly scores of encoded rows, ``(n,)``: the mean squared errors of their columns."""
    found: Array = np.mean((outputs - x) ** 2, axis=1)
    return found


def limit_of(values: Array, percent: float) -> float:
    """The score that so many percent of some scores are not above, rounded up to 4 digits.

    So no rounding of a language decides about the row that has this score.
    """
    found = percentile(values, percent)
    if not 0.0 < found < math.inf:
        return found
    digits = 3 - math.floor(math.log10(found))
    up = Decimal(found).scaleb(digits).to_integral_value(ROUND_CEILING)
    return float(up.scaleb(-digits))


def described(percent: float, limit: float, found: Mapping[str, Array]) -> str:
    """The scores of some parts of the examples, as a table, and what an anomaly is.

    Args:
        percent: the share of the training rows, in percent, that are no anomalies.
        limit: the score that theirs are not above.
        found: the scores of each part by its name.
    """
    rows = [
        (part, f"{len(one):,}", *(f"{percentile(one, p):.4g}" for p in (50.0, 99.0)), f"{np.mean(one > limit):.1%}")
        for part, one in found.items()
    ]
    said = f"{percent:g} % of the training rows have at most the score {limit:.4g}; an anomaly has a higher one"
    return f"{table(('examples', 'rows', 'median score', '99 % at most', 'anomalies'), rows, range(1, 5))}\n\n{said}"


def labelled(path: Path | None, expected: Sequence[Expected], label: Label | None, written: str) -> Iterator[Frame]:
    """The rows of a table in batches, with the column of the label if the table has it.

    Args:
        path: its file; None for standard input, which must have the column.
        expected: the columns of the inputs.
        label: the column.
        written: the encoding of a file of text, empty for UTF-8.

    Raises:
        SpecError: the table cannot be read, or lacks a column.
    """
    also = []
    if label is not None:
        names = None if path is None else header(path, written) or next(frames(path)).names
        also = [Expected(label.column, "text")] if names is None or label.column in names else []
    return frames(path, [*expected, *also], 1, written)


def anomalous(frame: Frame, label: Label | None) -> NDArray[np.bool_] | None:
    """Which rows are anomalies by their label, ``(n,)``; None if the table has none."""
    if label is None or label.column not in frame.names:
        return None
    texts = frame.coded(label.column)
    found: NDArray[np.bool_] = np.array([text != label.normal for text in texts.known], bool)[texts.places]
    return found


def metrics(values: Array, limit: float, positive: NDArray[np.bool_] | None) -> Metrics:
    """The share of anomalies by their scores, and where labels are known the area under the ROC curve and the like."""
    said: Any = values > limit
    if positive is None:
        return {"anomalies": float(np.mean(said))}
    both = positive.any() and not positive.all()
    return {
        **({"AUC": area(values, positive)} if both else {}),
        "accuracy": float(np.mean(said == positive)),
        **({"found": float(np.mean(said[positive]))} if positive.any() else {}),
        **({"false alarms": float(np.mean(said[~positive]))} if not positive.all() else {}),
    }
