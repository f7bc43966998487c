"""An ensemble: one network whose answers are the mean of those of several, which have the same spec.

Networks from different initial parameters err in different rows, so that the mean of their answers or probabilities
errs less than most of them (Lakshminarayanan, Pritzel and Blundell, NeurIPS 2017). This network is a spec as any other:
the layers of all members side by side, and a last layer of the kind ``average``. Its parameters are those of the
members, one after another.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from nngen.commands.inner import without_ids
from nngen.commands.metrics import Metrics
from nngen.commands.runs import Run, Runs
from nngen.commands.train import Trainer
from nngen.common import files
from nngen.common.diagnostics import SpecError
from nngen.common.text import counted, printable
from nngen.description.data import Array
from nngen.description.model import Spec
from nngen.mathematics.catalogue import AVERAGE, LOSSES
from nngen.plan import plan
from nngen.reading import block, packing, parse

MARK = "# Written by `nngen train --ensemble"
"""The beginning of each spec of an ensemble."""


class Ensemble(NamedTuple):
    """The spec of an ensemble."""

    path: Path
    text: str
    spec: Spec


class Member(NamedTuple):
    """A trained member: its metrics, as a ``Run`` gives them, and its parameters."""

    metrics: Metrics
    params: Array


def ensemble_of(runs: Sequence[Run], values: Mapping[str, Any], root: Path | None, path: Path | None) -> Ensemble:
    """The spec of the ensemble of some runs, which differ in their seeds.

    Args:
        runs: the trainings of the members.
        values: the values of their spec as they are written.
        root: another folder that may contain data.
        path: the file of the spec; None if it is not written.

    Raises:
        SpecError: the spec of the members is wrong, or an ensemble of it is too large.
    """
    first = runs[0]
    if path and path.resolve() == first.path.resolve():
        message = "the spec of the ensemble would replace that of its networks"
        raise files.refused(path, message, f"use another name, as in `--save {path.stem}{len(runs)}.json`")
    place = path or first.path
    given = {key: value for key, value in values.items() if key != "$schema"}
    if isinstance(given.get("data"), dict) and "file" in given["data"]:
        file = os.path.relpath(first.path.parent / given["data"]["file"], place.parent)
        given["data"] = {**given["data"], "file": Path(file).as_posix()}
    try:
        return _parsed(given, runs, root, place, "member{member}_{name}")
    except SpecError:  # names that are too long, or meet others
        return _parsed(given, runs, root, place, "member{member}_layer{number}")


def _parsed(given: Mapping[str, Any], runs: Sequence[Run], root: Path | None, path: Path, name: str) -> Ensemble:
    seeds = f"{runs[0].seed} to {runs[-1].seed}"
    lines = [
        f"{MARK} {len(runs)}` from {printable(runs[0].path.name)}: trained from the seeds {seeds},",
        "# each member has layers of its own, and the last layer has the mean of their answers.",
        *block({**given, "layers": [*_layers(runs[0].spec, given["layers"], len(runs), name)]}),
    ]
    text = "".join(f"{line}\n" for line in lines)
    return Ensemble(path, text, parse(text, str(path.with_suffix(".yaml")), path.parent, root))


def _layers(spec: Spec, given: Sequence[Mapping[str, Any]], count: int, pattern: str) -> Iterator[Mapping[str, Any]]:
    """The layers of all members, and their mean."""
    ends = []
    for member in range(1, count + 1):
        names = {
            layer["name"]: pattern.format(member=member, name=layer["name"], number=number)
            for number, layer in enumerate(given, 1)
        }
        for layer, planned in zip(given, spec.layers, strict=True):
            sources = planned.sources or ((spec.input_name,) if layer is given[0] else ())
            taken = {"from": [names.get(source, source) for source in sources]} if sources else {}
            units = {"units": len(planned.unit_names)} if "units" in layer else {}
            yield {**_renamed(layer, names), "name": names[layer["name"]], **taken, **units}
        ends.append(names[given[-1]["name"]])
    last = spec.layers[-1]
    moved = {"bias": True} if LOSSES.get(spec.loss.name) and LOSSES[spec.loss.name].ends else {}
    named = last.units if isinstance(last.units, int) else [*last.units]
    yield {"name": last.name, "kind": AVERAGE.name, "from": ends, "units": named, **moved}


def _renamed(layer: Mapping[str, Any], names: Mapping[str, Any]) -> Mapping[str, Any]:
    """A layer whose initial weights, if they are listed by sources, name these as another member does."""
    match layer:
        case {"weights": {"initial": {"values": {**rows}} as initial} as weights}:
            listed = {names.get(str(source), source): each for source, each in rows.items()}
            return {**layer, "weights": {**weights, "initial": {**initial, "values": listed}}}
    return layer


def trained(
    ensemble: Ensemble, runs: Sequence[Run], found: Iterable[Member], done: Callable[[], None]
) -> tuple[Trainer, Runs]:
    """The ensemble with the parameters of its members, and the metrics of these.

    Args:
        ensemble: the ensemble.
        runs: the trainings of its members.
        found: what ``member`` gives of each of them, as they are ready.
        done: called after each.

    Raises:
        SpecError, DivergedError: as in a run.
    """
    members = []
    for one in found:
        members.append(one)
        done()
    trainer = Trainer(ensemble.spec, ensemble.path, "numpy", None, None)
    moved = np.zeros(sum(biases.size for biases in plan(without_ids(ensemble.spec)).layers[-1].blocks))
    trainer.begin_with(np.concatenate([*(one.params for one in members), moved]).tolist())
    return trainer, Runs({str(run): one.metrics for run, one in zip(runs, members, strict=True)})


def member(run: Run) -> Member:
    """Train a member, in another process."""
    trainer = run.trained()
    found = trainer.trained
    return Member(run.metrics(trainer), packing.parameters(found.module, found.params))


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
