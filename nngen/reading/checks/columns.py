"""Checks of input columns and of explicit scaling constants."""

from collections.abc import Iterator

from nngen.common.diagnostics import nearest, show
from nngen.common.text import counted, joined
from nngen.description.model import (
    LEAST_SPREAD,
    MAX_UNITS,
    AnswerRange,
    Categorical,
    Column,
    Dated,
    FillCategory,
    Group,
    Interval,
    LogScale,
    Numeric,
    RobustScale,
    Rows,
    Standardize,
    Table,
)
from nngen.mathematics.catalogue import Loss
from nngen.reading.checks.valid_parts import Parts, Problem, duplicates, width
from nngen.reading.document import Loc

Scaled = Standardize | Interval | RobustScale | LogScale
NAMES = {
    "standardize": ("mean", "deviation"),
    "interval": ("low", "high"),
    "robust": ("median", "spread"),
    "log": ("mean", "deviation"),
}
"""The names of the constants of each scale."""


def _described(valid: Parts) -> Iterator[tuple[Loc, Column]]:
    """The inputs that are columns, each with its index."""
    for index, column in enumerate(valid.described):
        if not isinstance(column, str):
            yield ("inputs", index), column


def distinct(valid: Parts) -> Iterator[Problem]:
    """Each column is used once, and has each category once. An input that is there twice is one mistake: its name."""
    first: dict[tuple[str, str], int] = {}
    for index, ((name, _), described) in enumerate(zip(valid.column_names(), valid.described, strict=False)):
        first.setdefault((name, described if isinstance(described, str) else described.name), index)
    yield from duplicates("column", ("inputs",), {index: name for (name, _), index in first.items()})
    for loc, column in _described(valid):
        if isinstance(column, Categorical):
            yield from duplicates("category", (*loc, "categories"), column.categories)
        if isinstance(column, Dated):
            yield from duplicates("part", (*loc, "parts"), column.parts)


def categories(valid: Parts) -> Iterator[Problem]:
    """The category of missing values is a known one."""
    for loc, column in _described(valid):
        if isinstance(column, Categorical) and isinstance(column.missing, FillCategory):
            name = column.missing.category
            if name not in column.categories:
                advice = f"list it under `categories`, or use one of them: {joined(column.categories[:20], 'or')}"
                message = f"unknown category {show(name)}"
                yield Problem((*loc, "missing", "category"), message, nearest(name, column.categories), advice)


def number_styles(valid: Parts) -> Iterator[Problem]:
    """The characters of a number have one meaning each."""
    styles = [((*loc, "number"), each.number) for loc, each in _described(valid) if isinstance(each, Numeric)]
    if isinstance(valid.data, Table):
        styles.append((("data", "target_number"), valid.data.target_number))
        if valid.data.target_number is not None and valid.data.classes is not None:
            yield Problem(("data", "target_number"), "the target has classes, which are texts", advice="remove this")
    for loc, style in styles:
        if style is not None and style.thousands == style.decimal:
            message = f"{show(style.decimal)} stands before decimals and between thousands"
            other = "," if style.decimal == "." else "."
            yield Problem(
                (*loc, "thousands"), message, advice=f'write the decimal character, too: `decimal: "{other}"`'
            )


def count(valid: Parts) -> Iterator[Problem]:
    """The columns do not become too many inputs."""
    made = len(valid.input_names or ())
    if made > MAX_UNITS:
        yield Problem(("inputs",), f"the columns become {made:,} inputs, but at most {MAX_UNITS:,} are allowed")


def one_list(valid: Parts) -> Iterator[Problem]:
    """The columns are named only once."""
    described = next(_described(valid), None)
    if described and isinstance(valid.data, Table) and valid.data.inputs is not None:
        advice = "write `column: NAME` at each input, and remove this list"
        yield Problem(
            ("data", "inputs"), "the inputs name their columns already", "see line {line}", advice, ("inputs",)
        )


def rows(valid: Parts) -> Iterator[Problem]:
    """Examples in the spec have only numbers."""
    for loc, column in _described(valid) if isinstance(valid.data, Rows) else ():
        if isinstance(column, Categorical | Dated):
            what = "categories" if isinstance(column, Categorical) else "dates"
            advice = "move the examples to a CSV file: `data: {file: ...}`"
            yield Problem(loc, f"{what}, where the examples under `rows` are numbers", advice=advice)
            return


def ranges(valid: Parts) -> Iterator[Problem]:
    """The range of a column is not empty."""
    for loc, column in _described(valid):
        if isinstance(column, Numeric) and column.range and column.range[0] >= column.range[1]:
            low, high = column.range
            yield Problem((*loc, "range"), f"expected the lesser number first, got {low:g} and {high:g}")


def scales(valid: Parts) -> Iterator[Problem]:
    """Explicit constants come in pairs, one pair for each scaled column."""
    for loc, column in _described(valid):
        if isinstance(column, Numeric):
            yield from _by_value(column.scale, (*loc, "scale"), 1, "column")
        elif isinstance(column, Dated):
            yield from _by_value(column.scale, (*loc, "scale"), len(column.numbers), "number of `parts`")
    if valid.data is None:
        return
    if valid.inputs is not None:
        plain = valid.inputs.size if isinstance(valid.inputs, Group) else sum(map(_follows, valid.inputs))
        yield from _by_value(valid.data.scale, ("data", "scale"), plain, "numeric input")
    if valid.output is not None:
        yield from _by_value(valid.data.scale_targets, ("data", "scale_targets"), width(valid.output[1]), "output")


def _follows(column: str | Column) -> int:
    """The numbers of a column that ``data.scale`` applies to."""
    if isinstance(column, str):
        return 1
    if isinstance(column, Dated) and column.scale is None:
        return len(column.numbers)
    return int(isinstance(column, Numeric) and column.scale is None)


def _by_value(scale: object, loc: Loc, columns: int, each: str) -> Iterator[Problem]:
    if not isinstance(scale, Scaled):
        return
    names = NAMES[scale.name]
    given = {name: value for name in names if (value := getattr(scale, name)) is not None}
    if len(given) == 1:
        [there] = given
        [absent] = {*names} - {there}
        yield Problem((*loc, there), f"`{there}` without `{absent}`", advice="write both, or neither to measure them")
        return
    for name, values in given.items():
        if len(values) != columns:
            message = f"expected {counted(columns, 'number')}, one for each {each}, got {len(values)}"
            yield Problem((*loc, name), message)
            return
    if not given:
        return
    pairs = zip(*(given[name] for name in names), strict=True)
    for place, (first, second) in enumerate(pairs):
        if isinstance(scale, Standardize | LogScale) and second <= 0.0:
            yield Problem((*loc, "deviation"), f"expected numbers greater than 0, got {second:g} at place {place + 1}")
        elif isinstance(scale, RobustScale) and second != 0.0 and second < LEAST_SPREAD:
            message = f"expected 0, or numbers from {LEAST_SPREAD:g} on, got {second:g} at place {place + 1}"
            yield Problem((*loc, "spread"), message)
        elif isinstance(scale, Interval) and second <= first:
            message = f"expected numbers greater than those of `low`, got {second:g} for {first:g} at place {place + 1}"
            yield Problem((*loc, "high"), message)


def answer_range(valid: Parts) -> Iterator[Problem]:
    """Only numeric answers have a range, one for each output."""
    given = valid.data.answer_range if valid.data else None
    if given is None or valid.data is None:
        return
    loc = ("data", "answer_range")
    if valid.data.classes is not None:
        yield Problem(loc, "classes have no range", advice="remove this")
        return
    if isinstance(given, AnswerRange) and valid.output is not None:
        count = width(valid.output[1])
        for name, values in (("low", given.low), ("high", given.high)):
            if len(values) != count:
                message = f"expected {counted(count, 'number')}, one for each output, got {len(values)}"
                yield Problem((*loc, name), message)
                return
        for low, high in zip(given.low, given.high, strict=True):
            if low >= high:
                yield Problem((*loc, "high"), f"expected numbers greater than those of `low`, got {high:g} for {low:g}")


def scaled_targets(valid: Parts) -> Iterator[Problem]:
    """Only numeric targets are scaled, and only for a loss that accepts any number."""
    if valid.data is None or valid.data.scale_targets is None:
        return
    loc = ("data", "scale_targets")
    if valid.data.classes is not None:
        yield Problem(loc, "classes are not scaled", advice="remove this")
    elif valid.loss is not None and valid.output is not None:
        loss = valid.losses[valid.loss.name].over(valid.output[1].activation.name)
        if loss.target != Loss.target:
            message = f"the targets of {loss.name} must be {loss.targets}, but scaled ones are not"
            yield Problem(loc, message, advice="remove this, or use a loss such as squared_error")
