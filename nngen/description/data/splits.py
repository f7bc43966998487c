"""The training and the test examples of a table, by what its split says."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nngen.common import files
from nngen.common.diagnostics import SpecError, show
from nngen.common.text import counted
from nngen.description.data.cells import Expected
from nngen.description.data.date_texts import FORMS, date
from nngen.description.data.floats import Array
from nngen.description.data.frame import Frame
from nngen.description.data.partition import Places, by_classes, by_fold, by_groups, by_split, by_time
from nngen.description.model import Calibrated, Rows, Spec, Table

MOST_CLASSES = 0.5
"""The share of the examples that may have targets of their own, where each class holds out its share."""


def also_read(spec: Spec, data: Table, further: str | None = None) -> Sequence[Expected]:
    """The column that decides who is held out, and a further one, if the network does not read them anyway."""
    own = {*(column.column or column.name for column in spec.columns), *data.target_columns, data.weight, None}
    names = dict.fromkeys((data.split.column if data.split else None, further))
    return [Expected(name, "text", gaps=True) for name in names if name is not None and name not in own]


class Parted(NamedTuple):
    """The indices of some examples."""

    train: Places
    held_out: Places
    calibration: Places
    """Those that measure intervals."""


def parted(data: Rows | Table, frame: Frame, ys: Array, fold: tuple[int, int] | None = None) -> Parted:
    """The indices of the training, of the held-out and of the calibration examples.

    Args:
        data: what the spec says of them.
        frame: their columns.
        ys: their targets.
        fold: the number of a fold, from 0, and how many there are; its examples are held out instead.

    Raises:
        SpecError: the column of the split does not part them, or too few are left for calibration.
    """
    train, held_out = _parted(data, frame, ys, fold)
    split = data.split
    if split is None or split.calibration is None or data.level is None:
        return Parted(train, held_out, train[:0])
    share = split.calibration * len(ys) / len(train)
    if share >= 1.0:
        raise files.refused(Path(frame.where), "no examples are left to learn from: lower `calibration`")
    inner = data.model_copy(update={"split": split.model_copy(update={"test": share})})
    rest, kept = _parted(inner, frame.select(train), ys[train], None)
    least = Calibrated.least(data.level)
    if len(kept) < least:
        message = f"{counted(len(kept), 'row')} for calibration, and an interval of {data.level:g} needs {least}"
        raise files.refused(Path(frame.where), message, "raise `calibration`, or lower `interval`")
    return Parted(train[rest], held_out, train[kept])


def _parted(data: Rows | Table, frame: Frame, ys: Array, fold: tuple[int, int] | None) -> tuple[Places, Places]:
    """The indices of the training and of the held-out examples.

    Raises:
        SpecError: the column of the split does not part them: it has a single value, or no date and no number.
    """
    split, where = data.split, Path(frame.where)
    if fold is not None and fold[1] > len(ys):
        raise files.refused(where, f"expected {fold[1]} or more examples, one for each fold, got {len(ys)}")
    if split is not None and split.groups is not None:
        codes = _groups(frame, split.groups)
        least = 2 if fold is None else fold[1]
        if (count := int(codes.max()) + 1) < least:
            message = f"expected {least} or more different values of {show(split.groups)} to split by, got {count}"
            raise files.refused(where, message)
        return by_groups(codes, split, fold)
    if split is not None and split.time is not None:
        if fold is not None:
            raise files.refused("--folds", "folds hold out examples of all times, and the split is by time")
        times = _times(frame, split.time)
        if len(np.unique(times)) < 2:
            raise files.refused(where, f"expected 2 or more different values of {show(split.time)} to split by, got 1")
        return by_time(times, split)
    if split is not None and split.stratify:
        _, codes = np.unique(ys, axis=0, return_inverse=True)
        if codes.max() + 1 > max(2.0, MOST_CLASSES * len(ys)):
            message = "`stratify` holds out a share of each class, and the targets are numbers"
            raise files.refused(where, message, "remove `stratify`")
        return by_classes(codes.ravel(), split, fold)
    return by_split(len(ys), split) if fold is None else by_fold(len(ys), split, *fold)


def is_in_order(frame: Frame, name: str) -> bool:
    """Whether the rows are in the order of a column of dates, and are not all of one."""
    try:
        times = _times(frame, name)
    except SpecError:
        return False
    return bool((np.diff(times) >= 0).all() and times[0] < times[-1])


def _groups(frame: Frame, name: str) -> Places:
    """The number of the group of each row; a row without a value is a group of its own."""
    coded = frame.coded(name)
    there = np.array([text is not None for text in coded.known], bool)[coded.places]
    codes = np.where(there, coded.places, len(coded.known) + np.arange(len(coded.places)))
    return np.unique(codes, return_inverse=True)[1].ravel()


def _times(frame: Frame, name: str) -> NDArray[np.float64]:
    """The time of each row: its number, or its date as seconds.

    Raises:
        SpecError: a row has none.
    """
    if frame.is_numeric(name):
        times = frame.numbers(name)
    else:
        coded = frame.coded(name)
        times = np.array(_read(frame.where, name, coded.known))[coded.places]
    if np.isnan(times).any():
        raise files.refused(
            Path(frame.where), f"{name}, row {int(np.argmax(np.isnan(times))) + 1:,}: expected a time, got none"
        )
    return times


def _read(where: str, name: str, texts: Sequence[str | None]) -> list[float]:
    """Texts as dates of the first form that reads them all."""
    for form in FORMS:
        try:
            return [float("nan") if text is None else float(date(text, form)) for text in texts]
        except ValueError:
            continue
    raise files.refused(Path(where), f"{name}: expected dates of one form or numbers, to split by time")
