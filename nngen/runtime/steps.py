"""Steps of networks with embeddings, which change only the rows that examples select."""

from nngen.runtime.kit import Inputs, Params, State, check_size, distinct
from nngen.runtime.network import BLOCK_ROWS, INPUTS, PARAMETERS, SIZES
from nngen.runtime.stated import _update


def step(params: Params, slopes: Params, state: State) -> None:
    """Make one step of OPTIMIZER, SAYS_STEP."""
    if SIZES:
        check_size(params, PARAMETERS, "params")
        check_size(slopes, PARAMETERS, "slopes")
    _update(params, slopes, state, _moved(slopes))


def _moved(slopes: Params) -> list[int]:
    """The places of the rows whose derivatives are not all 0, and of all other parameters."""
    places: list[int] = []
    for block in BLOCK_ROWS:
        for start in range(block[0], block[1], block[2]):
            if block[3] == INPUTS or _is_moved(slopes, start, start + block[2]):
                places.extend(range(start, start + block[2]))
    return places


def _is_moved(slopes: Params, start: int, stop: int) -> bool:
    """Whether a derivative between two places is not 0."""
    for i in range(start, stop):
        if slopes[i] != 0.0:
            return True
    return False


def _selected(xs: list[Inputs], batch: list[int]) -> list[int]:
    """The places of the parameters that have derivatives after the examples of a batch."""
    places: list[int] = []
    for block in BLOCK_ROWS:
        if block[3] == INPUTS:
            places.extend(range(block[0], block[1]))
        else:
            starts = [block[0] + block[2] * int(xs[k][block[3]]) for k in batch]
            for start in distinct(starts):
                places.extend(range(start, start + block[2]))
    return places
