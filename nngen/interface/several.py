"""Several trainings of one network in Python, and the bar that shows how many are done."""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from nngen.commands import runs, train_report
from nngen.commands.runs import Run, Search
from nngen.commands.train import Trainer
from nngen.commands.trained import Score
from nngen.common.diagnostics import show
from nngen.common.files import refused
from nngen.interface.network import Network, with_settings
from nngen.reading import values_of

LOG = logging.getLogger("nngen")


def several_runs(
    network: Network,
    search: Mapping[str, Sequence[object]],
    first: Run,
    seeds: int | None,
    folds: int | None,
    progress: bool,
) -> Search:
    """The trainings with each combination of settings, seeds and folds.

    Raises:
        SpecError, DivergedError: as in ``train``.
    """
    for place, values in search.items():
        if isinstance(values, str) or not isinstance(values, Sequence) or not values:
            raise refused("nngen.train", f"search: {place}: expected a list of values, got {show(values)}")
    trials = [
        (values, runs.runs_of(replace(first, spec=with_settings(network, values).spec), seeds, folds))
        for values in runs.combinations(search)
    ]
    every = [run for _, listed in trials for run in listed]
    with bar(len(every), 0, "training", progress=progress) as advance:
        return runs.compared(trials, map(runs.call, every), lambda run, of: advance(f"{run}: loss {of['loss']:.6f}"))


def together(
    network: Network, members: Sequence[Run], progress: bool
) -> tuple[Network, Trainer, Mapping[str, Score], str, Sequence[str]]:
    """The ensemble of some runs, and what there is to say of it, as ``_result`` takes them.

    Raises:
        SpecError, DivergedError: as in ``train``.
    """
    from nngen.commands import ensemble

    made = ensemble.ensemble_of(members, values_of(network.text, str(network.path)), network.path.parent, None)
    with bar(len(members), 0, "training", progress=progress) as advance:
        found = map(ensemble.member, members)
        trainer, alone = ensemble.trained(made, members, found, lambda: advance("a member is trained"))
    scores = trainer.scores()
    text, cautions = train_report.learned(trainer, scores, f"{alone}\n\ntogether:")
    return replace(network, text=made.text, spec=made.spec, notes=()), trainer, scores, text, cautions


def tqdm_of() -> Any:
    """The bar of tqdm on a terminal and in a notebook, where it is installed; None elsewhere."""
    if train_report.interactive() or "ipykernel" in sys.modules:
        with suppress(ModuleNotFoundError):
            from tqdm import tqdm

            return tqdm
    return None


@contextmanager
def bar(length: int, done: int, label: str, *, progress: bool) -> Iterator[Callable[[str], None]]:
    """What shows that one step more is done, and a text beside it; without tqdm, messages of ``logging``."""
    tqdm = tqdm_of() if progress else None
    if tqdm is None:
        yield LOG.info if progress else lambda text: None
        return
    with tqdm(total=length, initial=done, desc=label, file=sys.stderr) as shown:

        def advance(text: str) -> None:
            shown.set_postfix_str(text, refresh=False)
            shown.update()

        yield advance
