"""The examples that a worksheet goes through: from the command line, a CSV file, or the spec."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, NoReturn

from nngen.data import example_weight, number, read_examples
from nngen.diagnostics import Diagnostic, SpecError, nearest, show
from nngen.plan import Plan
from nngen.spec import Row, Rows, Spec, Table
from nngen.text import counted, joined

MAX_LISTED = 20
"""Classes that a message lists."""


@dataclass(frozen=True)
class Example:
    """An example: inputs as the data have them and as the network is fed, and a target for each output."""

    data: Row
    x: Row
    y: Row
    weight: Mapping[str, float] = field(default_factory=dict)
    """How much it counts, as an argument of the module, where that takes one."""
    seed: Mapping[str, int] = field(default_factory=dict)
    """The seed that dropout draws by, as an argument, where some is drawn."""
    row: int | None = None
    """Which row of the data it is, from 1."""

    @property
    def more(self) -> dict[str, float | int]:
        """The further arguments of ``gradient``."""
        return {**self.weight, **self.seed}


class _Given(NamedTuple):
    """An example as it is given."""

    x: Row
    y: Row
    weight: float = 1.0
    row: int | None = None


@dataclass(frozen=True)
class Request:
    """What the command line asks for; without a word, what holds then is in brackets."""

    x: str | None = None
    """The inputs of an example."""
    y: str | None = None
    """Its targets, or its class."""
    weight: str | None = None
    """How much it counts [1, or what the data say]."""
    row: int | None = None
    """A row of the data, from 1 [the first]."""
    csv: Path | None = None
    """A file of data [those of the spec]."""
    data_root: Path | None = None
    """A folder whose files the spec may name as data [none beside its own and the working directory]."""
    params: Path | None = None
    """A file of parameters [the initial ones]."""
    seed: int | None = None
    """The seed of the initial ones [the spec's]."""
    dropout_seed: int | None = None
    """The seed that dropout draws by [it leaves out no unit]."""
    steps: int = 1
    """How many."""
    units: tuple[str, ...] = ()
    """Units and inputs to show [all of a small network, some of a large one]."""
    layers: tuple[str, ...] = ()
    """Layers to show."""
    whole: bool = False
    """Whether all equations are shown, however many."""


def chosen(spec: Spec, path: Path, plan: Plan, asked: Request) -> list[Example]:
    """The examples of the steps: the one that is given, again and again, or a row and those that follow it.

    Raises:
        SpecError: what is asked for is not there, or does not fit the network.
    """
    _refuse_extra(plan, asked)
    if asked.x is None and asked.y is None:
        rows = _rows(spec, path, asked)
        first = (asked.row or 1) - 1
        if first >= len(rows[0]):
            _refuse("--row", f"expected a row from 1 to {len(rows[0])}, got {asked.row}")
        picked = [(first + step) % len(rows[0]) for step in range(asked.steps)]
        given = [_Given(rows[0][i], rows[1][i], rows[2][i], i + 1) for i in picked]
    else:
        if asked.row is not None or asked.csv is not None:
            advice = "leave out --row and --csv, or --x and --y"
            _refuse("--x", "an example is given, and a row is asked for, too", advice)
        if asked.x is None or asked.y is None:
            missing, there = ("--x", "--y") if asked.x is None else ("--y", "--x")
            asked_for = _numbers_like(missing, plan.inputs) if missing == "--x" else _targets_like(spec, path, plan)
            advice = f"give {missing}, too: {asked_for}"
            _refuse(there, f"an example needs inputs and targets, and {missing} is missing", advice)
        x = _numbers("--x", asked.x, plan.inputs)
        y = _targets(spec, path, asked.y, plan)
        given = [_Given(x, y)] * asked.steps
    own = plan.loss.example_weights and not plan.loss.weighted_mean
    weight = None if asked.weight is None else _read("--weight", asked.weight, example_weight)
    return [
        Example(
            data=one.x,
            x=plan.scaling(one.x) if plan.scaling else one.x,
            y=one.y,
            weight={"weight": one.weight if weight is None else weight} if own else {},
            seed={"seed": asked.dropout_seed + step} if asked.dropout_seed is not None else {},
            row=one.row,
        )
        for step, one in enumerate(given)
    ]


def _refuse_extra(plan: Plan, asked: Request) -> None:
    averaged = plan.loss.weighted_mean
    if asked.weight is not None and (averaged or not plan.loss.example_weights):
        why = "over one example alone its weight cancels" if averaged else "its loss has no `example_weights`"
        _refuse("--weight", f"this network's examples have no weights: {why}")
    if asked.dropout_seed is not None and not plan.has_dropout:
        _refuse("--dropout-seed", "this network has no dropout")


def _rows(spec: Spec, path: Path, asked: Request) -> tuple[Sequence[Row], Sequence[Row], Sequence[float]]:
    """All rows of the data, not scaled, in their order."""
    outputs = spec.layers[-1].unit_names
    data = spec.data
    if asked.csv is not None:
        file = str(asked.csv.absolute())
        table = data if isinstance(data, Table) else Table(file=file, target=outputs)
        data = table.model_copy(update={"file": file})
    if data is None:
        example = f"`--x {_like(spec.input_names)} --y {_like(outputs)}`"
        advice = f"give an example, such as {example}, or a file of them, `--csv FILE`"
        _refuse(path, "the spec has no data to take an example from", advice)
    whole = data.model_copy(update={"scale": None, "split": None})
    found = read_examples(spec.model_copy(update={"data": whole}), path.parent)
    weights = [1.0] * len(found.train_x) if found.train_weights is None else found.train_weights.tolist()
    return [*map(tuple, found.train_x.tolist())], [*map(tuple, found.train_y.tolist())], weights


def _like(names: Sequence[str]) -> str:
    """An example of a number for each name."""
    return ",".join(["1", "0", "0", "0", "..."][: len(names)])


def _numbers_like(option: str, names: Sequence[str]) -> str:
    """What an option takes, with an example: a number for each name."""
    return f"{_counted(names)}, such as `{option} {_like(names)}`"


def _targets_like(spec: Spec, path: Path, plan: Plan) -> str:
    """What ``--y`` takes: a class, where these have names, or a number for each output."""
    labels, _ = _labels(spec, path, plan)
    classes = f"a class, {joined(labels, 'or')}, or " if 0 < len(labels) <= MAX_LISTED else ""
    return classes + _numbers_like("--y", plan.output.units)


def _counted(names: Sequence[str]) -> str:
    listed = ", ".join(names) if len(names) <= MAX_LISTED else f"{names[0]} to {names[-1]}"
    return f"{counted(len(names), 'number')} ({listed})"


def _numbers(option: str, text: str, names: Sequence[str]) -> Row:
    """A number for each name, with commas or spaces between them."""
    parts = [part for part in re.split(r"[,\s]+", text.strip()) if part]
    if len(parts) != len(names):
        _refuse(option, f"expected {_counted(names)}, got {len(parts)}")
    return tuple(_read(option, part, number) for part in parts)


def _read(option: str, text: str, value: Callable[[str], float]) -> float:
    try:
        return value(text)
    except ValueError as error:
        _refuse(option, str(error))


def _targets(spec: Spec, path: Path, text: str, plan: Plan) -> Row:
    """A number for each output, or the name of a class."""
    units = plan.output.units
    labels, negative_target = _labels(spec, path, plan)
    if text.strip() in labels:
        own = labels.index(text.strip())
        if len(units) == 1:
            return ((negative_target, 1.0)[own],)
        return tuple(1.0 if place == own else negative_target for place in range(len(units)))
    if labels and not re.fullmatch(r"[-+\d.,\seE]+", text):
        known = f"the classes are {joined(labels, 'and')}" if len(labels) <= MAX_LISTED else ""
        _refuse("--y", f"unknown class {show(text)}", known, nearest(text, labels))
    return _numbers("--y", text, units)


def _labels(spec: Spec, path: Path, plan: Plan) -> tuple[Sequence[str], float]:
    """The names of the classes, those of the data or else of the outputs, and the target for what an example is not."""
    if isinstance(spec.data, Rows | Table):
        named = spec.data.class_values
        if named:
            return named, plan.loss.negative_target
    return (plan.output.units if len(plan.output.units) > 1 else ()), plan.loss.negative_target


def _refuse(where: object, message: str, advice: str = "", label: str = "") -> NoReturn:
    raise SpecError([Diagnostic(str(where), None, None, message, help=label or advice)])
