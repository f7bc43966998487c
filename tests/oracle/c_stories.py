"""The stories that the C driver runs: one for each header."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import cycle

from tests.oracle.c import Told
from tests.oracle.javascript_cases import CASES, COUNTS, SEEDS, TURNS, data, fits
from tests.support.cases import start
from tests.support.modules import SPECS
from tests.support.network import coupled
from tests.support.networks import NETWORKS


@cache
def story(name: str, dtype: str = "float64") -> Told:
    """The story of a case."""
    network, unroll = CASES[name]
    number = list(CASES).index(name)
    return Told(f"net{number}", network, *data(network), start(network), fits(network), SEEDS, COUNTS, unroll, dtype)


@cache
def stories(kind: str, dtype: str = "float64") -> Sequence[Told]:
    """The stories of all cases of a kind.

    These are the specs, networks by one level in turn, a sample of all for what takes long, or those that get a
    binding: networks whose functions take weights, seeds or batches, and each fourth of the others, by the levels in
    turn.
    """
    rest, in_turn = list(CASES)[len(SPECS) :], TURNS[len(SPECS) :]
    names = [name for name in NETWORKS if re.search("weights|dropout|normal", name)]
    names += [name for name in NETWORKS if name not in names][::4]
    turns = zip(names, cycle(("weights", "layers", "layers", "weights")), strict=False)  # each loss with mean and sum
    bound = {f"{name}, {level}" if f"{name}, {level}" in CASES else f"{name}, layers" for name, level in turns}
    chosen = {
        "specs": list(CASES)[: len(SPECS)],
        "weights": [name for name in in_turn if name.endswith("weights")],
        "layers": [name for name in in_turn if name.endswith("layers")],
        "networks": [name for name in in_turn if name.rpartition(", ")[0] in NETWORKS],
        "bound": [name for name in rest if name in bound],
        "sample": rest[::25] + [name for name in rest[::5] if coupled(CASES[name][0].spec)],
    }[kind]
    return [story(name, dtype) for name in dict.fromkeys(chosen)]
