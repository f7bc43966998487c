"""Checks of properties: they are about columns, categories, classes and outputs that there are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from nngen.common.diagnostics import nearest, show
from nngen.common.text import joined
from nngen.description.data import classes
from nngen.description.model import Between, Categorical, Equal, Monotone, Never, Numeric, Property, Robust, Spec, Table
from nngen.reading.checks.valid_parts import Parts, Problem
from nngen.reading.document import Loc


def fit(valid: Parts) -> Iterator[Problem]:
    """The properties of a spec fit it, if each of its fields by itself is valid."""
    spec = valid.spec
    if spec is None or valid.loss is None:
        return
    listed = spec.data.inputs if isinstance(spec.data, Table) else None
    if listed is None or len(listed) == valid.columns:
        yield from misfits(spec.properties, spec)


def misfits(properties: Iterable[Property], spec: Spec) -> Iterator[Problem]:
    """What does not fit the network of a spec."""
    for place, one in enumerate(properties):
        for loc, message, label, advice in _wrong(one, spec, classes(spec), spec.layers[-1].unit_names):
            yield Problem(("properties", place, *loc), message, label, advice)


def _wrong(
    one: Property, spec: Spec, classes: Sequence[str], outputs: Sequence[str]
) -> Iterator[tuple[Loc, str, str, str]]:
    """What does not fit the network: a place, a message, a label and advice."""
    if not classes and spec.layers[-1].activation.name == "softmax":
        yield ("kind",), "no property is about shares that softmax gives to columns", "", "take a column of classes"
        return
    columns = {str(column.column): column for column in spec.columns}
    used: dict[Loc, str] = {}
    if isinstance(one, Monotone | Equal):
        used["input",] = one.input
    fields: dict[str, Mapping[str, Any]] = {"where": one.where} if not isinstance(one, Robust) else {}
    if isinstance(one, Robust):
        fields = {"row": one.row, "within": one.within}
    used |= {(field, name): name for field, said in fields.items() for name in said}
    for loc, name in used.items():
        if name not in columns:
            yield (
                loc,
                f"unknown column {show(name)}",
                nearest(name, columns),
                f"the columns are {_all(columns)}",
            )
    if any(name not in columns for name in used.values()):
        return
    if isinstance(one, Monotone) and not isinstance(columns[one.input], Numeric):
        yield ("input",), f"the column {one.input} has no order", "", "take a column of numbers"
    for field, said in fields.items():
        for name, value in said.items():
            yield from _value((field, name), columns[name], value, field)
    if isinstance(one, Robust):
        left = [name for name in columns if name not in one.row]
        if left:
            yield ("row",), f"the row has no {_all(left)}", "", "give all columns"
        if not classes:
            yield ("kind",), "robust is about classes, and the answers are numbers", "", "take `kind: range`"
    if isinstance(one, Never) and one.answer not in classes:
        advice = f"the classes are {_all(classes)}" if classes else "the answers are numbers: take `kind: range`"
        yield ("answer",), f"unknown class {show(one.answer)}", nearest(one.answer, classes), advice
    if isinstance(one, Between):
        if classes:
            yield ("kind",), "range is about numbers, and the answers are classes", "", "take `kind: never`"
        if one.low is None and one.high is None:
            yield (), "a range has an end", "", "give `low` or `high`"
        elif one.low is not None and one.high is not None and one.low > one.high:
            yield ("high",), "the range ends before it begins", "", "give the lower end as `low`"
    if isinstance(one, Monotone | Between | Equal):
        if one.output is not None and classes:
            yield ("output",), "the answers are classes, and no numbers", "", "remove this"
        elif one.output is not None and one.output not in outputs:
            yield (
                ("output",),
                f"unknown output {show(one.output)}",
                nearest(one.output, outputs),
                f"the outputs are {_all(outputs)}",
            )
        elif one.output is None and not classes and len(outputs) > 1:
            yield (), "there are several answers", "", f"name one: `output: {outputs[0]}`"


def _all(names: Iterable[str]) -> str:
    """Some names in words, the first twenty."""
    return joined([*names][:20], "and")


def _value(loc: Loc, column: object, value: object, field: str) -> Iterator[tuple[Loc, str, str, str]]:
    """What is wrong with a value of a column."""
    several = list(value) if isinstance(value, tuple) else [value]
    texts = any(isinstance(one, str) for one in several)
    if isinstance(column, Categorical):
        if field == "within":
            yield loc, "categories have no distance", "", "leave it out"
        unknown = [one for one in several if one not in column.categories]
        if unknown and field != "within":
            yield (
                loc,
                f"unknown category {show(unknown[0])}",
                "",
                f"the categories are {_all(column.categories)}",
            )
    elif texts:
        yield (
            loc,
            "this column has numbers",
            "",
            "give a number" + (", or a range such as [2, 5]" if field == "where" else ""),
        )
    elif isinstance(value, tuple) and value[0] > value[1]:
        yield loc, "the range ends before it begins", "", "give the lower end first"
