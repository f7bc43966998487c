"""The cost of the network that answers best: parameters, bytes, and seconds of training."""

from pathlib import Path
from time import perf_counter

from nngen.commands.inner import without_ids
from nngen.commands.train import Trainer
from nngen.common.text import counted
from nngen.description.model import Spec
from nngen.plan import plan

MEMBERS = 5
"""The networks of an ensemble: more gain little."""

_CODE, _NUMBER = 10_000, 24
"""Bytes of a module of Python without its numbers, and of each of these."""


def costs(spec: Spec, path: Path) -> str:
    """A sentence: the parameters of an ensemble of this network, their size, and how long it trains.

    The time is that of reading the table and of all epochs, by the first two; a stop rule ends most trainings earlier.
    """
    times = [perf_counter()]
    trainer = Trainer(spec, path, "numpy", None, 2)
    trainer.run(lambda *_: times.append(perf_counter()))
    start, first, second = times
    seconds = MEMBERS * (first - start + (spec.training.epochs - 1) * (second - first))
    size = MEMBERS * plan(without_ids(spec)).size
    what = f"{counted(size, 'parameter')}, in Python some {(_CODE + size * _NUMBER) / 1000:,.0f} kB"
    return f"an ensemble of {MEMBERS} networks: {what}; training takes about {seconds:,.0f} s or less"
