"""Texts of too many kinds for categories, which an embedding learns."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nngen.commands.leaks import explained
from nngen.common.records import dataclass
from nngen.description.data import Array, Frame
from nngen.description.model import MAX_CHARACTERS, unseen

MIN_ROWS, MIN_COVERED = 5, 0.5
"""Rows of a text with a row of its own, and the share of all rows that such texts make up at least."""

MAX_TEXTS = 2_000
"""Texts that a spec lists, the most frequent ones."""


@dataclass(frozen=True)
class Ids:
    """A column of texts, each with a row of an embedding, and the rows of the others, which share one."""

    column: str
    ids: tuple[str, ...]
    others: int
    gaps: int = 0
    """Always 0: a missing id is refused."""
    indicator: bool = False


def embedded(frame: Frame, names: Iterable[str], target: Array | NDArray[np.int32], *, classes: bool) -> dict[str, Ids]:
    """The columns of texts without gaps that help to predict the target, as ids.

    Args:
        frame: the rows that are learned from.
        names: columns of texts.
        target: their numbers, or the places of their classes, shape ``(rows,)``.
        classes: whether the target has classes.
    """
    found = {name: _ids(frame, name) for name in names}
    helping = {name: explained(frame.coded(name).places, target, classes=classes) for name, ids in found.items() if ids}
    return {name: ids for name, ids in found.items() if ids and helping[name]}


def _ids(frame: Frame, name: str) -> Ids | None:
    counts = frame.counts(name)
    frequent = [text for text, count in counts.items() if count >= MIN_ROWS and len(text) <= MAX_CHARACTERS]
    frequent = sorted((text for text in frequent if unseen(text) is None), key=lambda text: (-counts[text], text))
    listed = sorted(frequent[:MAX_TEXTS])
    covered, whole = sum(counts[text] for text in listed), len(frame)
    if sum(counts.values()) < whole or covered < MIN_COVERED * whole:
        return None
    return Ids(name, tuple(listed), whole - covered)
