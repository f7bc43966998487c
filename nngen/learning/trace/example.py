"""The examples of a worksheet: from the command line, a CSV file, or the spec; of a perceptron, one with an error."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import encoding, example_weight, read_examples, rows_encoded, scaled_targets
from nngen.description.model import Row, Spec, Table, Values
from nngen.learning.trace.given import (
    like,
    numbers,
    numbers_like,
    raw_values,
    read_value,
    refuse,
    targets_like,
    targets_of,
)
from nngen.learning.trace.statements import Module
from nngen.plan import Plan

Encode = Callable[[Mapping[str, object]], Sequence[float]]
"""A row of the data by column names to the inputs of the network."""


@dataclass(frozen=True)
class Example:
    """An example: its inputs in the data, the inputs of the network, and a target for each output."""

    data: Row
    x: Row
    y: Row | None
    """None for a forward pass alone."""
    weight: Mapping[str, float] = field(default_factory=dict)
    """Its weight, as a keyword argument of the module, if the module takes one."""
    seed: Mapping[str, int] = field(default_factory=dict)
    """The seed of dropout, as a keyword argument of the module, if dropout is drawn."""
    row: int | None = None
    """Its row in the data, from 1."""
    raw: Mapping[str, object] | None = None
    """The values of its columns, if they are encoded: numbers, texts, and None for a missing value."""

    @property
    def more(self) -> dict[str, float | int]:
        """The further keyword arguments of ``gradient``."""
        return {**self.weight, **self.seed}


@dataclass(frozen=True)
class Request:
    """The options of the command line, with their defaults in brackets."""

    x: str | None = None
    """The inputs of an example, or the values of its columns where these are encoded."""
    y: str | None = None
    """Its targets, or its class [a forward pass alone, with ``params``]."""
    weight: str | None = None
    """Its weight [1, or that of the data]."""
    row: int | None = None
    """A row of the data, from 1 [the first; of a perceptron, the first with an error]."""
    csv: Path | None = None
    """A data file [that of the spec]."""
    data_root: Path | None = None
    """A folder for the data files of the spec, in addition to its own folder and the working directory [none]."""
    params: Path | None = None
    """A parameter file [initial parameters]."""
    seed: int | None = None
    """The seed of the initial parameters [that of the spec]."""
    dropout_seed: int | None = None
    """The seed of dropout [no dropout]."""
    steps: int = 1
    """The number of steps."""
    units: tuple[str, ...] = ()
    """Units and inputs to show [all of a small network, some of a large one]."""
    layers: tuple[str, ...] = ()
    """Layers to show."""
    whole: bool = False
    """Whether to show all equations."""
    batch: int | None = None
    """The number of rows that a step uses together [one row; with batch normalization, a batch of the spec]."""
    matrices: bool = False
    """Whether to show the equations of whole layers, in matrix form."""


def chosen(spec: Spec, path: Path, plan: Plan, asked: Request, encode: Encode | None) -> list[list[Example]]:
    """The examples of each step: the given one repeatedly, or a row and the rows after it.

    Args:
        spec: a spec that has passed the checks.
        path: its file.
        plan: its plan.
        asked: the options.
        encode: the function of the module that turns a row of the data into inputs, if there is one.

    Raises:
        SpecError: the options ask for something that does not exist or does not fit the network.
    """
    _refuse_extra(plan, asked)
    weighted = plan.loss.example_weights and (together(plan, asked) or not plan.loss.weighted_mean)
    weight = None if asked.weight is None else read_value("--weight", asked.weight, example_weight)

    def example(step: int, x: Row, y: Row | None, own: float = 1.0, row: int | None = None, raw: Any = None) -> Example:
        return Example(
            data=x,
            x=plan.scaling(x) if plan.scaling else x,
            y=y,
            weight={"weight": own if weight is None else weight} if weighted else {},
            seed={"seed": asked.dropout_seed + step} if asked.dropout_seed is not None else {},
            row=row,
            raw=raw,
        )

    if asked.x is None and asked.y is None:
        rows = _rows(spec, path, asked)
        first = (asked.row or 1) - 1
        if first >= len(rows[0]):
            refuse("--row", f"expected a row from 1 to {len(rows[0])}, got {asked.row}")
        size = _batch(plan, asked, len(rows[0]))
        picked = [(first + place) % len(rows[0]) for place in range(size * asked.steps)]
        listed = [example(step, rows[0][i], rows[1][i], rows[2][i], i + 1) for step, i in enumerate(picked)]
    else:
        if asked.row is not None or asked.csv is not None:
            advice = "leave out --row and --csv, or --x and --y"
            refuse("--x", "got both an example and a row", advice)
        if asked.x is None or (asked.y is None and asked.params is None):
            missing, given = ("--x", "--y") if asked.x is None else ("--y", "--x")
            asked_for = numbers_like(missing, plan.inputs) if missing == "--x" else targets_like(spec, plan)
            advice = f"give {missing}, too: {asked_for}"
            refuse(given, f"an example needs inputs and targets, and `{missing}` is missing", advice)
        if asked.y is None and asked.steps > 1:
            refuse("--steps", "a step of training needs targets", "give --y, too")
        size, raw = 1, None
        if encode is not None and plan.encoding is not None and not plan.encoding.plain:
            raw = raw_values(asked.x, plan.encoding)
            try:
                x = tuple(encode(raw))
            except ValueError as error:
                refuse("--x", str(error))
        else:
            x = numbers("--x", asked.x, plan.inputs)
        y = None if asked.y is None else targets_of(spec, asked.y, plan)
        listed = [example(step, x, y, raw=raw) for step in range(asked.steps)]
    return [listed[start : start + size] for start in range(0, len(listed), size)]


def together(plan: Plan, asked: Request) -> bool:
    """Whether each step uses several examples together. A forward pass alone never does."""
    return asked.batch is not None or (plan.needs_batch and asked.x is None and asked.y is None)


def _batch(plan: Plan, asked: Request, rows: int) -> int:
    """The number of examples of a step."""
    if not together(plan, asked):
        return 1
    if asked.batch is not None and asked.batch > rows:
        refuse("--batch", f"expected at most {counted(rows, 'row')}, as the data have them, got {asked.batch}")
    size = asked.batch or min(plan.batch_size or rows, rows)
    if plan.needs_batch and size == 1:
        refuse("--batch", "batch normalization needs a batch of at least 2 rows: a single value minus its mean is 0")
    return size


def _refuse_extra(plan: Plan, asked: Request) -> None:
    if asked.batch is not None and (asked.x is not None or asked.y is not None):
        refuse("--batch", "a batch takes rows of the data, not the example of --x and --y", "leave one of them out")
    if plan.indices and (asked.batch is not None or plan.needs_batch):
        what = "each example of a network with ids selects its own rows, so a worksheet has no batch of them"
        refuse("--batch", what, "trace the network without ids or, for single examples, without batch normalization")
    if plan.needs_batch and asked.y is not None:
        what = "batch normalization needs a whole batch, so there is no step with one example"
        refuse(
            "--y", what, "use rows of the data, as with `--batch 4`, or trace a forward pass: --params and --x alone"
        )
    averaged = plan.loss.weighted_mean
    if asked.weight is not None and (averaged or not plan.loss.example_weights):
        why = "the weight of a single example cancels" if averaged else "its loss has no `example_weights`"
        refuse("--weight", f"this network's examples have no weights: {why}")
    if asked.weight is not None and together(plan, asked):
        refuse("--weight", "a batch takes the weights of the data")
    if asked.dropout_seed is not None and not plan.has_dropout:
        refuse("--dropout-seed", "this network has no dropout")


def _rows(spec: Spec, path: Path, asked: Request) -> tuple[Sequence[Row], Sequence[Row], Sequence[float]]:
    """All rows of the data in their order: as they are, or encoded where columns need more than one scale."""
    outputs = spec.layers[-1].unit_names
    data = spec.data
    if asked.csv is not None:
        file = str(asked.csv.absolute())
        table = data if isinstance(data, Table) else Table(file=file, target=outputs)
        data = table.model_copy(update={"file": file})
    if data is None or isinstance(data, Values):
        example = f"`--x {like(spec.input_names)} --y {like(outputs)}`"
        advice = f"give an example, such as {example}, or a file of them, `--csv FILE`"
        refuse(path, "the spec has no data for an example", advice)
    found = encoding(spec, path.parent)
    if found is not None and not found.plain:
        xs, ys, counts = rows_encoded(spec, path.parent, found, asked.csv)
        return [*map(tuple, xs.tolist())], [*map(tuple, ys.tolist())], counts.tolist()
    whole = data.model_copy(update={"scale": None, "split": None, "scale_targets": None})
    examples = read_examples(spec.model_copy(update={"data": whole}), path.parent)
    ys = scaled_targets(found.targets if found else None, examples.train_y)
    weights = [1.0] * len(examples.train_x) if examples.train_weights is None else examples.train_weights.tolist()
    return [*map(tuple, examples.train_x.tolist())], [*map(tuple, ys.tolist())], weights


MOST_ROWS = 100
"""The most rows that are tried: the first ones have an error, unless nearly all answers are right."""


def telling(spec: Spec, path: Path, plan: Plan, module: Module, params: Any, request: Request) -> Request:
    """The request with the first row that has an error; without an error, the first that has an input other than 0.

    A request that names a row or an example stays as it is, and so does one for several rows together.
    """
    asked = (request.row, request.x, request.y, request.csv)
    if any(value is not None for value in asked) or plan.indices or together(plan, request):
        return request
    several = replace(request, row=1, steps=MOST_ROWS)  # they begin again after the last row
    rows = [example for (example,) in chosen(spec, path, plan, several, module.names.get("encode"))]
    wrong = (example.row for example in rows if _has_error(module, params, example))
    filled = (example.row for example in rows if any(example.x))
    return replace(request, row=next(chain(wrong, filled), None))


def _has_error(module: Module, params: Any, example: Example) -> bool:
    """Whether a derivative is not 0; an example that the module refuses has none."""
    try:
        _, slopes = module.names["gradient"](params, list(example.x), list(example.y or ()), **example.more)
    except (ValueError, ArithmeticError):
        return False
    return any(slope != 0 for slope in slopes)
