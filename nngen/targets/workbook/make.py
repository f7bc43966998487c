"""From a spec to its workbook."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from nngen.common import files
from nngen.description.data import encoding
from nngen.description.model import Spec, Values
from nngen.plan import Plan, plan, unfit
from nngen.targets.workbook import training
from nngen.targets.workbook.answer import Answers, Record
from nngen.targets.workbook.book import Book, LongFormulaError
from nngen.targets.workbook.example import Example
from nngen.targets.workbook.moves import Moves
from nngen.targets.workbook.passes import Passes
from nngen.targets.workbook.tables import Tables, of_example

MAX_PARAMETERS = 10_000
"""The most parameters of a network."""


def as_workbook(
    spec: Spec,
    folder: Path,
    parameters: Sequence[float] | None = None,
    records: Sequence[Record] | None = None,
    contents: Collection[str] = (),
) -> bytes:
    """The workbook of a network.

    Args:
        spec: a spec that has passed the checks.
        folder: the folder of the spec; its data file is relative to it.
        parameters: trained parameters in the order of the layout; without them, the initial ones, and no answers.
        records: the first records of the sheet of answers; without them, a typical one.
        contents: ``sensitivity`` for a sheet of contributions; if empty, the parts of the spec say so.

    Raises:
        SpecError: a workbook cannot have such a network, the data cannot be read, or XlsxWriter is not installed.
    """
    planned = plan(spec, encoding(spec, folder))
    if reason := unfit_for_workbook(planned):
        advice = "build a module, such as `--target python` or `--target javascript`"
        raise files.refused(folder, f"{spec.name}: {reason}", advice)
    moves = _moves(planned, spec, folder, parameters, contents)
    planned = moves or planned
    passes, book = Passes(of_example(planned), spec, planned), Book(spec.name)
    flat = parameters if parameters is not None else initial(passes)
    tables = Tables(planned, flat)
    xs, ys, ranges = _examples(spec, folder, planned)
    try:
        example = Example(book, passes, tables)
        shown = next((place for place, x in enumerate(xs) if any(x)), 0)  # inputs of 0 teach nothing
        example.write(flat, xs[shown], ys[shown])
        tables.write(book)
        if not training.why_not(planned):
            training.Training(book, passes, xs, ys).write(flat)
        if parameters is not None and planned.encoding is not None and planned.encoding.predicts:
            answers = Answers(book, passes, planned.encoding, example, ranges)
            shown_first = [answers.typical()] if records is None else records
            answers.write(shown_first)
            if moves is not None:
                Moves(book, passes, planned.encoding, answers).write(shown_first[0])
    except LongFormulaError as error:
        message = f"{spec.name}: layer {error} has a formula of more characters than a spreadsheet takes"
        raise files.refused(folder, message, "build a module, such as `--target python`") from None
    return book.content()


def initial(passes: Passes) -> list[float]:
    """The initial parameters in the order of the layout."""
    made = passes.module["init"]()  # type: ignore[operator]
    return [value for row in _numbers(made) for value in row]


def _numbers(made: Sequence[object]) -> "Sequence[Sequence[float]]":
    if not made or isinstance(made[0], float):
        return [made]  # type: ignore[list-item]
    return [row for block in made for row in (block if isinstance(block[0], Sequence) else [block])]  # type: ignore[index, attr-defined]


def unfit_for_workbook(planned: Plan) -> str:
    """Why a workbook cannot have a network; empty if it can."""
    if planned.size > MAX_PARAMETERS:
        return f"a workbook takes up to {MAX_PARAMETERS:,} parameters; this network has {planned.size:,}"
    return ""


def _moves(
    planned: Plan, spec: Spec, folder: Path, parameters: Sequence[float] | None, contents: Collection[str]
) -> Plan | None:
    """The plan with a typical row if contributions are asked for.

    Raises:
        SpecError: the network has none. Where only its spec asks for them, because of modules, it may have no row.
    """
    if "sensitivity" not in (contents or spec.contents or ()):
        return None
    if reason := unfit(planned):
        message = f"{spec.name}: it has no derivatives with respect to its inputs: {reason}"
        raise files.refused(folder, message, "leave out `sensitivity`")
    typical: tuple[float | str | None, ...] = ()
    if parameters is not None and planned.encoding is not None and planned.encoding.predicts:
        from nngen.description.data import typical_row  # it needs NumPy

        typical = typical_row(spec, folder)
    if planned.encoding is not None and typical:
        return replace(planned, encoding=replace(planned.encoding, typical=typical))
    if contents:
        message = f"{spec.name}: contributions need trained parameters, and a typical row of a table without ids"
        raise files.refused(folder, message, "give `--params`, or leave out `--contents`")
    return None


_Examples = tuple[list[list[float]], list[list[float]], dict[str, tuple[float, float]]]


def _examples(spec: Spec, folder: Path, planned: Plan) -> _Examples:
    """The inputs and the targets of the training examples, and the ranges of their columns of numbers.

    A spec without data has one made-up example.
    """
    if spec.data is None or isinstance(spec.data, Values):
        loss, count = planned.loss, len(planned.output.units)
        y = [1.0, *[0.0] * (count - 1)] if loss.distribution else [loss.trial_target] * count
        return [[1.0, *[0.0] * (len(planned.inputs) - 1)]], [y], {}
    from nngen.description.data import read_examples, training_columns  # they need NumPy

    found = read_examples(spec, folder)
    some = slice(training.MAX_EXAMPLES)
    columns = training_columns(spec, folder)[0] if planned.encoding and planned.encoding.predicts else {}
    numeric = [column.column for column in planned.encoding.numeric] if planned.encoding else []
    known = {name: [value for value in columns[name] if value == value] for name in numeric if name in columns}
    ranges = {name: (min(values), max(values)) for name, values in known.items() if values}
    return found.train_x[some].tolist(), found.train_y[some].tolist(), ranges
