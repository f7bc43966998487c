"""The order of examples, and those that are kept for validation."""

from nngen.runtime.kit import U32, filled, refuse, rounded, sorted_by
from nngen.runtime.network import LISTED, SHARE, STOP_SEED, TRAINING_SEED
from nngen.runtime.random_numbers import _bits


def _order(places: list[int], seed: U32 | None, epoch: int) -> list[int]:
    """The places of examples in the order of an epoch: each has a random number, and the smallest comes first."""
    if seed is None:
        return places
    numbers = [_bits(seed, epoch * len(places) + i) for i in range(len(places))]
    return sorted_by(places, numbers)


def _seeds_of(places: list[int], count: int, seed: U32 | None, epoch: int) -> list[U32]:
    """The seeds of all examples in an epoch, drawn in the order of these places."""
    drawn = TRAINING_SEED if seed is None else seed
    seeds = filled(count, U32(0))
    for i, place in enumerate(places):
        seeds[place] = _bits(drawn, epoch * len(places) + i)
    return seeds


def _held_out(count: int) -> list[int]:
    """The places of the examples that are kept for validation, in the order of the draw."""
    size = rounded(SHARE * float(count))
    if size == 0 or size >= count:
        refuse("xs", "enough examples to keep a share of them for validation")
    places = list(range(count))
    return _order(places, STOP_SEED, 0)[:size]


def _others_than(kept: list[int], count: int) -> list[int]:
    """The places of the other examples, in order."""
    chosen = filled(count, False)
    for place in kept:
        if LISTED and (place >= count or len(kept) >= count):
            refuse("xs", "an example at each place that is kept for validation, and more")
        chosen[place] = True
    return [place for place in range(count) if not chosen[place]]


def _seed_of(seeds: list[U32] | None, k: int) -> U32 | None:
    """The seed of an example; none if there are no seeds."""
    if seeds is None:
        return None
    return seeds[k]
