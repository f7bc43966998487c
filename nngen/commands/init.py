"""A spec for a table, by rules that ``docs/init.md`` states."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from nngen.commands.data_report import data_report
from nngen.commands.date_columns import Dates
from nngen.commands.held_out_rows import RANDOM, for_classes, in_time
from nngen.commands.id_texts import Ids, embedded
from nngen.commands.inference import LeftOut, in_style, input_of, names_of
from nngen.commands.init_anomalies import detector, group_of, of_inputs
from nngen.commands.number_columns import Written, number_columns, numbers_but_for, with_commas
from nngen.commands.proposal import Input, Proposal, network_of
from nngen.commands.ratings import Ratings, choices_of, ratings_of
from nngen.commands.table_cautions import cautions, has_tails, refuse_names_again
from nngen.commands.target_column import Target, has_long_tail, missing_words, target_array, target_of, target_rows
from nngen.common import files
from nngen.common.choices import Task
from nngen.common.diagnostics import SpecError, show
from nngen.common.text import counted, printable
from nngen.description.data import Expected, Frame, content, frame_of, missing_column, recognized
from nngen.description.identifiers import Identifiers, module_name
from nngen.description.model import Numbered, Split, numbered
from nngen.reading import parse, quoted
from nngen.targets import environment

MIN_ROWS = 20
"""Rows of a table from which a network can learn something and be tested."""


def spec_for(
    path: Path,
    target: str | None,
    task: Task | None,
    out: Path,
    encoding: str | None = None,
    asked: tuple[str, str] | None = None,
    decimal: str | None = None,
    split: Split = RANDOM,
    *,
    best: bool = False,
) -> tuple[str, Proposal | Ratings]:
    """A spec that trains a network on a table, as YAML, and what is in it.

    Args:
        path: the file of the table.
        target: the column that is predicted; None for which pairs of a user and an item occur.
        task: whether it has classes or numbers; None to tell by its values.
        out: where the spec will be; it names the table from there.
        encoding: that of a table of text; None to recognize it.
        asked: the columns of users and items of a table of ratings; None to look for them.
        decimal: the decimal sign of columns that can be read in two ways; None to judge by the others.
        split: which rows are held out.
        best: whether the network may be larger, to answer best.

    Raises:
        SpecError: the table cannot be read, there is nothing to learn in it, or it has no such ratings.
    """
    read = content(path)
    encoding = recognized(read, str(path)) if encoding is None else encoding
    frame = _frame(read, path, target, encoding)
    name, file = module_name(path.name.partition(".")[0]), Path(os.path.relpath(path, out.parent)).as_posix()
    styles = number_columns(frame, decimal)
    _check_asked(frame, target, asked)
    if split.column and split.column not in frame.names:
        raise missing_column(frame.where, split.column, frame.names)
    if target is None:
        pairs = choices_of(frame, name, file, styles, asked)
        if isinstance(pairs, str):
            advice = "name the column to predict, `--target COLUMN`; for pairs that occur, `--ratings USER,ITEM`"
            raise files.refused(path, f"there is no target: {pairs}", advice)
        pairs = replace(pairs, encoding=encoding, split=split)
        return _parsed(pairs, out), pairs
    if of_inputs(frame, target):
        proposal = detector(frame, path, out, styles, encoding, split)
        return _parsed(proposal, out), proposal
    array = target_array(frame, target, task)
    several = "the target has several columns" if asked else ""
    ratings = several if array else ratings_of(frame, target, task, name, file, styles, asked)
    if isinstance(ratings, str) and asked:
        raise files.refused(path, f"a factorization of {' and '.join(map(show, asked))} is not possible: {ratings}")
    if isinstance(ratings, Ratings):
        ratings = replace(ratings, encoding=encoding, split=split)
        return _parsed(ratings, out), ratings
    proposal = replace(
        propose(frame, path, array or target, task, out, styles, encoding, split, best=best), no_ratings=ratings
    )
    if proposal.missing_target and proposal.target.classes and frame.separator:
        proposal = replace(proposal, missing_words=missing_words(read, path, target, encoding))
    return _parsed(proposal, out), proposal


def _parsed(proposal: Proposal | Ratings, out: Path) -> str:
    """A spec that passes the checks, as YAML."""
    text = written(proposal)
    try:
        parse(written(proposal.short) if isinstance(proposal, Ratings) else text, str(out))
    except SpecError:  # names that are valid one by one, and meet in the equations
        proposal = proposal.numbered if isinstance(proposal, Ratings) else _numbered(proposal)
        text = written(proposal)
        parse(written(proposal.short) if isinstance(proposal, Ratings) else text, str(out))
    return text


def _frame(read: bytes, path: Path, target: str | None, encoding: str) -> Frame:
    """All columns of the table."""
    frame = frame_of(read, str(path), encoding=encoding)
    if target is None:
        _check_rows(path, frame, "")
        return frame
    known = target in frame.names or of_inputs(frame, target) or Numbered.among(target, frame.names)
    if not known:  # it says what is wrong with the column
        frame_of(read, str(path), [Expected(target, "text", gaps=True)], encoding=encoding)
    _check_rows(path, frame, "")
    if target in frame.names:
        refuse_names_again(frame, target)
    return frame.with_truths()


def _check_asked(frame: Frame, target: str | None, asked: tuple[str, str] | None) -> None:
    """Refuse columns of users and items that the table lacks, or that are one."""
    if asked and len({target, *asked}) < 3:
        raise files.refused(Path("--ratings"), "expected two columns that differ from each other and from the target")
    for column in asked or ():
        if column not in frame.names:
            raise missing_column(frame.where, column, frame.names)


def _check_rows(path: Path, frame: Frame, which: str) -> None:
    if len(frame) < MIN_ROWS:
        message = f"expected {MIN_ROWS} or more rows{which} to learn from, got {len(frame) or 'none'}"
        raise files.refused(path, message)


def propose(
    whole: Frame,
    path: Path,
    given: str | Numbered,
    task: Task | None,
    out: Path,
    styles: Mapping[str, Written],
    encoding: str,
    split: Split,
    *,
    best: bool,
) -> Proposal:
    """Look at a table, and propose a spec; the other arguments and errors are those of ``spec_for``.

    ``styles`` says how columns write numbers that are not plain.
    """
    array = given if isinstance(given, Numbered) else None
    target = given if isinstance(given, str) else given.names[0]
    if array:
        whole, task = whole.without(array.names[1:]), "numbers"
    rows = target_rows(whole, target, task, styles.get(target))
    frame = rows.frame
    _check_rows(path, frame, " with a target")
    try:
        one = None if array else target_of(frame, target, task, styles.get(target))
    except ValueError as error:
        raise files.refused(path, *map(str, error.args)) from None
    wanted = one or Target(target, (), (), array=array)
    group = group_of(frame, target, styles)
    styles = {**styles, **numbers_but_for(whole, frame, styles)}
    found = {name: input_of(frame, name, styles.get(name), whole=bool(group)) for name in frame.names if name != target}
    found |= {name: input_of(whole, name, None) for name, role in found.items() if isinstance(role, Dates)}
    found |= {name: LeftOut(name, reason) for name, reason in frame.left_out.items()}
    if split.groups:
        found[split.groups] = LeftOut(split.groups, "it names the groups of rows that are held out together")
    stated = wanted.written.expected(target) if wanted.written else None
    numbers = None if wanted.classes else frame.numbers(target, stated)
    if not array:
        many = [name for name, role in found.items() if isinstance(role, LeftOut) and role.texts]
        known = frame.coded(target).places if numbers is None else numbers
        found |= embedded(frame, many, known, classes=bool(wanted.classes))
    tail = numbers is not None and has_long_tail(numbers)
    left_out = [column for column in found.values() if isinstance(column, LeftOut)]
    later = None if group or array else with_commas(whole, styles)
    columns = [in_style(role, later) for role in found.values() if not isinstance(role, LeftOut)]
    columns.sort(key=lambda column: not isinstance(column, Ids))  # inputs with ids come first
    if not columns:
        reasons = "; ".join(f"{show(column.column)}: {column.reason}" for column in left_out[:10])
        raise files.refused(path, "there is no column to predict from", reasons)
    names = Identifiers(["hidden", "output", *numbered("hidden", 100)])
    units = tuple(names.make(text, "class") for text in wanted.classes) if len(wanted.classes) > 2 else ()
    units = units or (names.make(wanted.name, "target"),)
    inputs = tuple(
        Input(names.make(column.column, "column", partial(names_of, column=column)), column, has_tails(whole, column))
        for column in columns
    )
    width = sum(len([*names_of(each.name, each.column)]) for each in inputs)
    return Proposal(
        name=module_name(path.name.partition(".")[0]),
        file=Path(os.path.relpath(path, out.parent)).as_posix(),
        rows=len(frame),
        target=wanted if wanted.classes else replace(wanted, written=wanted.written or later, long_tail=tail),
        inputs=inputs,
        group=group,
        left_out=tuple(left_out),
        encoding=encoding,
        missing_target=rows.missing,
        rare=rows.rare,
        cautions=(
            *cautions(frame, wanted, {} if array else found, numbers, whole),
            *(() if split.column else in_time(frame, [role for role in found.values() if isinstance(role, Dates)])),
        ),
        said=frame.said,
        report=data_report(frame, wanted, found, rows.missing),
        units=units,
        network=network_of(len(frame), width, texts=any(isinstance(column, Ids) for column in columns), best=best),
        split=split if split.column else for_classes(frame, wanted),
    )


def written(proposal: Proposal | Ratings) -> str:
    """The spec as YAML."""
    name = "init_ratings.yaml.jinja" if isinstance(proposal, Ratings) else "init.yaml.jinja"
    template = environment("python").get_template(name)
    return template.render(spec=proposal, text=quoted, note=note, counted=counted, percent=percent)


def note(text: str) -> str:
    """A user's text in a comment, on one line and not too long."""
    return printable(show(text)).replace("\t", " ")


def percent(part: int, whole: int) -> str:
    """A share in percent; 0 and 100 only if they are exact."""
    return f"{min(max(100 * part / whole, 0.1), 99.9):.1f} %" if 0 < part < whole else f"{100 * part // whole} %"


def _numbered(proposal: Proposal) -> Proposal:
    """The same spec with names that can meet nothing."""
    inputs: Sequence[Input] = [replace(each, name=f"column{i}") for i, each in enumerate(proposal.inputs, 1)]
    units = numbered("class", len(proposal.units)) if len(proposal.units) > 1 else ("answer",)
    return replace(proposal, inputs=tuple(inputs), units=tuple(units), group="")
