"""Which examples are for training and which are held out, by a split, by folds, or for validation.

Of ``random`` only ``Random(seed).random()`` is used, which gives the same numbers in every version of Python.
"""

import random

import numpy as np
from numpy.typing import NDArray

from nngen.description.model import Split

Places = NDArray[np.intp]
"""Indices of examples, in the order of the data."""


def by_split(count: int, split: Split | None) -> tuple[Places, Places]:
    """The indices of the training and of the test examples; without a split, all are for training."""
    if split is None:
        return _parted(count, [])
    return _parted(count, _shuffled(count, split.seed)[: _share(count, split.test)])


def by_fold(count: int, split: Split | None, fold: int, folds: int) -> tuple[Places, Places]:
    """The indices of the examples outside and inside of a fold; the seed of the split draws the folds."""
    return _parted(count, _shuffled(count, split.seed if split else 0)[fold::folds])


def by_groups(codes: Places, split: Split, fold: tuple[int, int] | None = None) -> tuple[Places, Places]:
    """The same where all examples with one code are held out, or none: whole groups, about as many examples.

    Args:
        codes: the number of the group of each example, from 0; there are two or more.
        split: the share of the examples to hold out, and the seed that draws the groups.
        fold: the number of a fold and how many there are, in place of the share.
    """
    order = _shuffled(int(codes.max()) + 1, split.seed)
    if fold is not None:
        held_out = order[fold[0] :: fold[1]]
    else:
        sizes = np.cumsum(np.bincount(codes)[order])[:-1]
        held_out = order[: int(np.argmin(np.abs(sizes - split.test * len(codes)))) + 1]
    return _parted(len(codes), np.flatnonzero(np.isin(codes, held_out)))


def by_time(times: NDArray[np.float64], split: Split) -> tuple[Places, Places]:
    """The same where the last examples by their times, of which there are two or more, are held out."""
    known, sizes = np.unique(times, return_counts=True)
    later = np.cumsum(sizes[::-1])[:-1]
    first = known[-1 - int(np.argmin(np.abs(later - split.test * len(times))))]
    return _parted(len(times), np.flatnonzero(times >= first))


def by_classes(codes: Places, split: Split, fold: tuple[int, int] | None = None) -> tuple[Places, Places]:
    """The same where each class holds out its own share; a single example of a class is for training."""
    shuffled = _shuffled(len(codes), split.seed)
    order = shuffled[np.argsort(codes[shuffled], kind="stable")]
    if fold is not None:
        return _parted(len(codes), order[fold[0] :: fold[1]])
    parts = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    held_out = [part[: _share(len(part), split.test)] for part in parts if len(part) > 1]
    return _parted(len(codes), np.concatenate(held_out))


def _share(count: int, test: float) -> int:
    """How many of some examples are held out: at least one, and never all."""
    return min(max(round(test * count), 1), count - 1)


def _shuffled(count: int, seed: int) -> Places:
    generator = random.Random(seed)  # noqa: S311 (it has to be repeatable, not secret)
    return np.argsort(np.array([generator.random() for _ in range(count)]), kind="stable")


def _parted(count: int, held_out: Places | list[int]) -> tuple[Places, Places]:
    outside = np.ones(count, bool)
    outside[held_out] = False
    return np.flatnonzero(outside), np.flatnonzero(~outside)


def validation_order(count: int, seed: int) -> NDArray[np.intp]:
    """The places of some examples, sorted by the random numbers of a seed; the first are kept for validation.

    The random numbers are those of generated modules (docs/module.md, "Random numbers").
    """
    h: NDArray[np.uint32] = np.zeros(count, np.uint32)
    for word in (np.arange(count, dtype=np.uint32), np.uint32(seed)):
        h = h + word + np.uint32(0x9E3779B9)
        h = (h ^ (h >> np.uint32(16))) * np.uint32(0x21F0AAAD)
        h = (h ^ (h >> np.uint32(15))) * np.uint32(0x735A2D97)
        h = h ^ (h >> np.uint32(15))
    return np.argsort(h, kind="stable")
