"""Reads a file of properties; each mistake becomes a ``Diagnostic``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError, nearest, show
from nngen.common.text import joined
from nngen.description.model import (
    Between,
    Categorical,
    Equal,
    Model,
    Monotone,
    Never,
    Numeric,
    Property,
    PropertyFile,
    Robust,
    Spec,
)
from nngen.reading.document import Document, Loc
from nngen.reading.yaml_reader import read

MAX_BYTES = 100_000
"""Bytes of a file of properties: a thousand take so many."""

KINDS: dict[str, type[Model]] = {
    "monotone": Monotone,
    "never": Never,
    "range": Between,
    "equal": Equal,
    "robust": Robust,
}

_TAGS = {"numbers", "texts", "text", "number", *KINDS}
"""What Pydantic puts into paths and no file has."""


def properties(path: Path, spec: Spec, classes: Sequence[str], outputs: Sequence[str]) -> tuple[Property, ...]:
    """The properties in a file.

    Args:
        path: the file.
        spec: the spec of the network.
        classes: its classes, in order; empty if answers are numbers.
        outputs: the names of its outputs.

    Raises:
        SpecError: the file cannot be read, or with all its mistakes.
    """
    document = read(files.text(path, MAX_BYTES), str(path))
    found = list(document.diagnostics)
    try:
        made = PropertyFile.model_validate(document.value).properties
    except ValidationError as error:
        details = [one for one in error.errors(include_url=False) if one["type"] != "too_short"] or error.errors()
        found += dict.fromkeys(_mistake(document, one) for one in details)
        raise SpecError(sorted(found, key=lambda one: (one.line or 0, one.column or 0))) from None
    for place, one in enumerate(made):
        found += [
            document.about(("properties", place, *loc), *says) for loc, *says in _wrong(one, spec, classes, outputs)
        ]
    if found:
        raise SpecError(sorted(found, key=lambda one: (one.line or 0, one.column or 0)))
    return made


def _mistake(document: Document, detail: Any) -> Diagnostic:
    """The diagnostic of a validation error."""
    loc: Loc = tuple(step for place, step in enumerate(detail["loc"]) if not (step in _TAGS and place != 3))
    loc = tuple(step for step in loc if step not in _TAGS or (*loc[: loc.index(step)], step) in document.values)
    kind = detail["type"]
    if kind == "missing":
        return document.about(loc[:-1], f"missing field {str(loc[-1])!r}")
    if kind == "extra_forbidden":
        parent = document.value if len(loc) < 3 else document.value["properties"][loc[1]]
        model: type[Model] = KINDS.get(parent.get("kind"), PropertyFile) if len(loc) > 1 else PropertyFile
        known = [*model.model_fields]
        return document.about(
            loc,
            f"unknown field {str(loc[-1])!r}",
            nearest(str(loc[-1]), known),
            f"the fields are {_all(known)}",
            key=True,
        )
    if kind.startswith("union_tag"):
        wrong = document.value["properties"][loc[1]]
        said = str(wrong.get("kind", "")) if isinstance(wrong, dict) else ""
        place: Loc = (*loc, "kind") if (*loc, "kind") in document.values else loc
        return document.about(
            place, f"unknown kind {said!r}", nearest(said, KINDS), f"write one of {joined([*KINDS], 'or')}"
        )
    says = str(detail["msg"]).replace("Input should", "this should").replace("tuple", "list")
    return document.about(loc, says.replace("dictionary or object to extract fields from", "mapping"))


def _wrong(
    one: Property, spec: Spec, classes: Sequence[str], outputs: Sequence[str]
) -> Iterator[tuple[Loc, str, str, str]]:
    """What does not fit the network: a place, a message, a label and advice."""
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
        if one.output is not None and (classes or one.output not in outputs):
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
