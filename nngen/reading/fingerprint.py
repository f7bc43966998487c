"""What parameters belong to, besides their layout: all that changes the answers of a network, as one short text.

Parameter files have it under ``network``, so that a file is not taken for a network with another activation, or for a
table with another scale. It is a text of ASCII letters without quotes and backslashes, so that the readers of all
languages pass over it: ``layers.0.activation = tanh; scale of x1 = (x - 0.0) / 2.0``. It lacks what only training uses,
and what only says which cells are refused.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from nngen.description.data import (
    AnyColumn,
    CategoryColumn,
    DateColumn,
    Encoding,
    IndexColumn,
    NumberColumn,
    measures,
)
from nngen.description.model import Spec, Table
from nngen.mathematics.catalogue import NORMALIZATIONS

MAX_LISTED = 200_000
"""Characters of columns that are listed one by one; of more, such as 5,000 scales, there is a digest."""

MAX_VALUE = 200
"""Characters of an entry, such as a list of ids; of a longer one there is a digest beside its beginning."""

LONGEST = 1_000_000
"""Bytes of a fingerprint; that of 1,000 layers is shorter."""

FIRST = "layers.0.activation = "
"""What each fingerprint has."""

_SCALE, _TARGET, _MISSING, _NO_ROWS = "scale of ", "scale of the target ", "missing values of ", "rows"
_INTERVAL = "interval of "

_ESCAPED = re.compile(r"[^ -~]|[%\"\\;=]")


class Difference(NamedTuple):
    """What differs between the network of the parameters and that of the spec."""

    message: str
    measured: bool
    """Whether the spec leaves it to the training rows of its table."""


def written(spec: Spec, encoding: Encoding | None) -> str:
    """The fingerprint of a network.

    Args:
        spec: a spec that has passed the checks.
        encoding: how rows of its data become inputs; None if it does not describe rows.
    """
    return "; ".join(f"{_escaped(name)} = {_escaped(value)}" for name, value in _entries(spec, encoding).items())


def differences(text: str, spec: Spec, encoding: Encoding | None) -> list[Difference]:
    """What differs between a fingerprint and a network.

    Entries are compared where both have them, and scales where both know the rows: without an entry there is no scale.

    Args:
        text: the fingerprint; of another text, only entries of this form count.
        spec: a spec that has passed the checks.
        encoding: as for ``written``.
    """
    there, here = _parsed(text), _entries(spec, encoding)
    with_rows = _NO_ROWS not in there and _NO_ROWS not in here
    measured = isinstance(spec.data, Table) and measures(spec)
    found = []
    for name in {**here, **there}:
        usual = ("a" if name.startswith(_TARGET) else "x") if with_rows and name.startswith(_SCALE) else ""
        before, now = there.get(name, usual), here.get(name, usual)
        if before and now and before != now:
            says = "the spec says" if name.startswith("layers.") else "the spec and its data give"
            message = f"{name}: the parameters were trained with {before[: 2 * MAX_VALUE]}, {says} {now}"
            found.append(Difference(message, measured and name.startswith((_SCALE, _MISSING))))
    return found


def _parsed(text: str) -> dict[str, str]:
    pairs = (entry.partition(" = ") for entry in text.split("; "))
    return {unquote(name): unquote(value) for name, mark, value in pairs if mark}


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: quote(found[0], safe=""), text)


def _entries(spec: Spec, encoding: Encoding | None) -> dict[str, str]:
    """What changes the answers, by names for people, in the order of the network."""
    layers = dict(entry for place in range(len(spec.layers)) for entry in _layer(spec, place))
    if encoding is None:
        return {**layers, _NO_ROWS: "not described"}
    rows = dict(entry for column in encoding.columns for entry in _column(column))
    if sum(map(len, rows.values())) > MAX_LISTED:
        rows = {"columns": f"{len(encoding.columns):,} columns, {_digest(json.dumps(rows))}"}
    return {**layers, **rows, **dict(_answers(encoding, spec.layers[-1].unit_names))}


def _layer(spec: Spec, place: int) -> Iterator[tuple[str, str]]:
    """The kind, the sources, the activation and the normalization of a layer; the layout has all else."""
    layer, where = spec.layers[place], f"layers.{place}"
    if not layer.weighted:
        places = {each.name: f"layers.{number}" for number, each in enumerate(spec.layers)}
        sources = layer.sources or (spec.layers[place - 1].name,)
        yield f"{where}.kind", layer.kind
        yield f"{where}.from", ", ".join(places.get(name, "the inputs") for name in sources)
    chosen = layer.activation
    custom = spec.activations.get(chosen.name)
    yield f"{where}.activation", _short(custom.formulas()[0].text) if custom else _worded(chosen.name, chosen.options)
    if layer.normalization:
        name, lines = layer.normalization.name, " ".join(NORMALIZATIONS[layer.normalization.name].lines)
        options = {key: value for key, value in layer.normalization.options.items() if key in lines}
        yield f"{where}.normalization", f"{_worded(name, options)}, of {layer.normalization.of}"


def _column(column: AnyColumn) -> Iterator[tuple[str, str]]:
    """How the cells of a column become inputs."""
    name = column.name
    if column.column != name:
        yield f"column of {name}", _short(column.column)
    if isinstance(column, CategoryColumn):
        yield f"categories of {name}", _listed(column.categories)
    if isinstance(column, IndexColumn) and column.ids:
        yield f"ids of {name}", _listed(column.ids)
    if isinstance(column, DateColumn):
        yield f"form of dates in {name}", column.form
        yield f"first day of {name}", f"{column.since} seconds after 1970"
        scales = {part.inputs[0]: (part.subtract, part.divide, part.clipped) for part in column.parts}
    else:
        how = column if isinstance(column, NumberColumn) else None
        scales = {name: (how.subtract, how.divide, how.clipped)} if how else {}
    for one, (subtract, divide, clipped) in scales.items():
        if (subtract, divide, clipped) != (0.0, 1.0, False):
            yield f"{_SCALE}{one}", f"(x - {subtract!r}) / {divide!r}" + ", clipped" * clipped
    if isinstance(column, NumberColumn) and column.style:
        yield f"decimal sign of {name}", column.style.decimal
    if not isinstance(column, IndexColumn) and column.fill is not None:
        yield f"{_MISSING}{name}", _short(str(column.fill) or "no category")


def _answers(encoding: Encoding, units: Sequence[str]) -> Iterator[tuple[str, str]]:
    """How outputs become answers."""
    if encoding.classes:
        yield "classes", _listed(encoding.classes)
        if len(units) == 1:
            yield "threshold of the classes", repr(encoding.threshold)
    if encoding.targets:
        pairs = zip(units, encoding.targets.subtract, encoding.targets.divide, strict=True)
        form = "exp(a * {!r} + {!r})" if encoding.in_logs else "a * {!r} + {!r}"
        yield from ((f"{_TARGET}{unit}", form.format(divide, subtract)) for unit, subtract, divide in pairs)
    for unit, (low, high) in zip(units, encoding.ends, strict=False):
        yield f"{_TARGET}{unit}, range", f"{low!r} to {high!r}"
    for unit, score in zip(["the classes"] if encoding.classes else units, encoding.scores, strict=False):
        yield f"{_INTERVAL}{unit}", f"{encoding.level!r}: {score!r}"


def scores(text: str, level: float) -> tuple[float, ...]:
    """The scores of the intervals of a level, which a training has measured; empty if the text has none."""
    found = [value.partition(": ") for name, value in _parsed(text).items() if name.startswith(_INTERVAL)]
    numbers = [_number(score) for said, _, score in found if _number(said) == level]
    return tuple(numbers) if len(numbers) == len(found) and all(0.0 <= one < math.inf for one in numbers) else ()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _worded(name: str, options: Mapping[str, float]) -> str:
    return ", ".join([name, *(f"{option} {value!r}" for option, value in options.items())])


def _listed(texts: Sequence[str]) -> str:
    return _short(", ".join(text.replace("\\", r"\\").replace(",", r"\,") for text in texts), f"{len(texts):,} texts")


def _short(text: str, what: str = "") -> str:
    if len(text) <= MAX_VALUE:
        return text
    return f"{text[:40]}... ({what or f'{len(text):,} characters'}, {_digest(text)})"


def _digest(text: str) -> str:
    return f"SHA-256 {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
