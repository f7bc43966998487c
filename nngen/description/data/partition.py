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
    size = min(max(round(split.test * count), 1), count - 1)
    return _parted(count, _shuffled(count, split.seed)[:size])


def by_fold(count: int, split: Split | None, fold: int, folds: int) -> tuple[Places, Places]:
    """The indices of the examples outside and inside of a fold; the seed of the split draws the folds."""
    return _parted(count, _shuffled(count, split.seed if split else 0)[fold::folds])


def _shuffled(count: int, seed: int) -> Places:
    generator = random.Random(seed)  # noqa: S311 (it has to be repeatable, not secret)
    return np.argsort([generator.random() for _ in range(count)], kind="stable")


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
