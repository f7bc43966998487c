"""The stories that the C driver runs: one for each header."""

from collections.abc import Sequence
from functools import cache

from nngen.plan.planner import plan
from tests.oracle.c import Told
from tests.oracle.javascript_cases import CASES, COUNTS, SEEDS, data, fits
from tests.support.cases import start
from tests.support.modules import SPECS
from tests.support.networks import NETWORKS


def story(name: str, dtype: str = "float64") -> Told:
    """The story of a case."""
    network, unroll = CASES[name]
    number = list(CASES).index(name)
    return Told(f"net{number}", network, *data(network), start(network), fits(network), SEEDS, COUNTS, unroll, dtype)


@cache
def stories(kind: str, dtype: str = "float64") -> Sequence[Told]:
    """The stories of all cases of a kind: the specs, networks by one level, or a sample of all for what takes long."""
    rest = list(CASES)[len(SPECS) :]
    chosen = {
        "specs": list(CASES)[: len(SPECS)],
        "weights": [name for name in rest if name.endswith("weights")],
        "layers": [name for name in rest if name.endswith("layers")],
        "networks": [name for name in rest if name.rpartition(", ")[0] in NETWORKS],
        "sample": rest[::25] + [name for name in rest[::5] if plan(CASES[name][0].spec).needs_batch],
    }[kind]
    return [story(name, dtype) for name in dict.fromkeys(chosen)]
