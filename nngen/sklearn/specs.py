"""The spec of an estimator: a given one or a small network, fitted to the columns and targets of its data."""

import json
from collections.abc import Callable, Mapping, Sequence
from math import isinf
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from nngen.common.arguments import check
from nngen.common.diagnostics import show
from nngen.common.files import refused
from nngen.description.data import (
    AnyColumn,
    Array,
    DateColumn,
    Encoding,
    NumberColumn,
    PartOfDate,
    date,
    in_form,
    is_plain,
    measure,
)
from nngen.description.identifiers import Identifiers
from nngen.description.model import Column, Dated, DateForm, Group, Spec
from nngen.reading import load, parse


def titles(spec: Spec) -> list[str]:
    """The names of the columns in the data."""
    return [column.column or column.name for column in spec.columns]


def rows(spec: Spec, given: Any) -> Any:
    """A DataFrame of pandas as it is, other examples as lists: what ``encode`` of a module takes."""
    if hasattr(given, "keys"):
        return given
    return [list(row) for row in (given[titles(spec)].rows() if hasattr(given, "columns") else given)]  # Polars


def standardized(subtract: Sequence[float], divide: Sequence[float]) -> dict[str, Any]:
    """The scale ``(x - subtract) / divide`` as a spec has it."""
    return {"name": "standardize", "mean": list(subtract), "deviation": list(divide)}


def _by_value(each: Sequence[NumberColumn] | Sequence[PartOfDate]) -> dict[str, Any]:
    """The scale of some numbers of a column as a spec has it."""
    subtract, divide = [one.subtract for one in each], [one.divide for one in each]
    if any(one.clipped for one in each):
        return {"name": "robust", "median": subtract, "spread": [0.0 if isinf(one) else one for one in divide]}
    return standardized(subtract, divide)


def column_by_value(described: Column, found: AnyColumn) -> dict[str, Any]:
    """A column of a spec with all constants that were measured."""
    entry: dict[str, Any] = described.model_dump(mode="json", exclude_unset=True)
    if isinstance(found, NumberColumn):
        entry |= {} if found.fill is None else {"missing": found.fill}
        entry["scale"] = _by_value([found])
    if isinstance(found, DateColumn):
        numbers = [each for each in found.parts if not each.circle]
        entry |= {} if found.fill is None else {"missing": in_form(found.fill)}
        entry["scale"] = _by_value(numbers)
    return entry


def numbers_of(spec: Spec, given: Any) -> Callable[[str], list[float]]:
    """The numbers of a column by its name, or the seconds of its dates; NaN for missing ones.

    Raises:
        ValueError: the examples have other columns.
    """
    names, forms = titles(spec), {column.column: column.date for column in spec.columns if isinstance(column, Dated)}
    if hasattr(given, "columns"):
        absent = [name for name in names if name not in given.columns]
        if absent:
            raise ValueError(f"expected the columns {', '.join(names)}; missing: {', '.join(absent)}")
        return lambda name: [_number(value, forms.get(name)) for value in given[name]]
    if any(len(row) != len(names) for row in given):
        raise ValueError(f"expected rows of {len(names)} values: {', '.join(names)}")
    return lambda name: [_number(row[names.index(name)], forms.get(name)) for row in given]


def _number(value: Any, form: DateForm | None) -> float:
    """A number, or the seconds of a date in a form; NaN for a missing value, as ``encode`` of a module has it."""
    if value is None or str(value) in ("", "nan", "<NA>", "NaT"):
        return float("nan")
    return float(value) if form is None else float(date(str(value), form))


SpecLike: TypeAlias = str | PathLike[str]
"""The text of a spec, or its path."""


def read(spec: SpecLike) -> Spec:
    """The spec that an estimator was given.

    Raises:
        SpecError: it has mistakes, or its file cannot be read.
    """
    check(read, "the estimator", {"spec": spec})
    return parse(spec, "the spec") if isinstance(spec, str) else load(Path(spec))


def simple(
    layers: Sequence[int], activation: str, features: Sequence[str], outputs: int, classes: Sequence[str]
) -> dict[str, Any]:
    """A network of dense layers, as a document.

    Args:
        layers: the units of each hidden layer.
        activation: the activation of these.
        features: the names of the features, any texts.
        outputs: the number of targets, if there are no classes.
        classes: the names of the classes; two share an output.

    Raises:
        SpecError: there is no list of layers.
    """
    if not hasattr(layers, "__len__"):
        advice = f"write hidden_layers=({layers},)"
        raise refused("the estimator", f"hidden_layers: expected a list of units, got {show(layers)}", advice)
    output, loss = ("linear", "half_squared_error") if not classes else ("softmax", "cross_entropy")
    units = outputs if not classes else len(classes)
    if len(classes) == 2:
        units, output, loss = 1, "sigmoid", "binary_cross_entropy"
    names = Identifiers(f"hidden{number}" for number in range(1, len(layers) + 1))
    hidden = [
        {"name": f"hidden{number}", "units": units, "activation": activation} for number, units in enumerate(layers, 1)
    ]
    return {
        "name": "network",
        "inputs": [{"name": names.make(feature, "x"), "column": feature} for feature in features],
        "layers": [*hidden, {"name": "output", "units": units, "activation": output}],
        "initial": {"weights": "glorot_uniform"},
        "loss": {"name": loss, "example_weights": True},
        "training": {"optimizer": {"name": "adam", "rate": 0.01}, "epochs": 100, "batch_size": 32},
        **({"data": {"classes": list(classes)}} if classes else {}),
    }


def measured(spec: Spec, x: Any, y: Array, classes: Sequence[str]) -> Encoding:
    """How a network encodes its data, with all constants measured on these examples.

    Args:
        spec: the spec.
        x: the examples, shape ``(n, inputs)``; for a spec that encodes columns, a DataFrame or a list of rows.
        y: their targets, shape ``(n, outputs)``; anything, if there are classes.
        classes: the names of the classes.

    Raises:
        ValueError: there are more or fewer features or targets, or nothing to measure a constant on.
    """
    columns, outputs = titles(spec), spec.layers[-1].unit_names
    if classes and (2 if len(outputs) == 1 else len(outputs)) != len(classes):
        raise ValueError(f"the spec has {len(outputs)} outputs, but y has {len(classes)} classes")
    if not classes and y.shape[1] != len(outputs):
        raise ValueError(f"the spec has {len(outputs)} outputs, but y has {y.shape[1]} columns")
    if is_plain(spec) and x.shape[1] != len(columns):
        raise ValueError(f"the spec has {len(columns)} inputs, but X has {x.shape[1]} features")
    numbers = (lambda name: x[:, columns.index(name)].tolist()) if is_plain(spec) else numbers_of(spec, x)
    targets = dict(zip(outputs, y.T.tolist(), strict=False))
    try:
        return measure(spec, numbers, targets.__getitem__)
    except ValueError as error:
        raise ValueError(f"the spec leaves constants to be measured, but {error}") from None


def by_value(spec: Spec, found: Encoding, features: Sequence[str] | None, classes: Sequence[str]) -> dict[str, Any]:
    """A spec as a document whose data are classes and scales by value.

    Args:
        spec: the spec.
        found: how its network encodes data.
        features: the names of the features; None for those of the spec.
        classes: the names of the classes.
    """
    document = spec.model_dump(mode="json", by_alias=True, exclude_unset=True)
    document.pop("data", None)
    data: dict[str, Any] = {"classes": list(classes)} if classes else {}
    if found.targets and not classes:
        stated = standardized(found.targets.subtract, found.targets.divide)
        data["scale_targets"] = stated | {"name": "log"} if found.targets.log else stated
    if found.ends:
        data["answer_range"] = {"low": [low for low, _ in found.ends], "high": [high for _, high in found.ends]}
    if not found.plain:
        document["inputs"] = [column_by_value(*pair) for pair in zip(spec.columns, found.columns, strict=True)]
        return document | {"data": data or {"scale": {"name": "divide", "by": 1.0}}}  # without data, nothing is encoded
    if not isinstance(spec.inputs, Group):
        names = titles(spec) if features is None else features
        document["inputs"] = [
            {"name": column.name, "column": name} for column, name in zip(spec.columns, names, strict=True)
        ]
    if found.scaling:
        data["scale"] = standardized(found.scaling.subtract, found.scaling.divide)
    return document | ({"data": data} if data else {})


def replaced(document: Mapping[str, Any], training: Mapping[str, Any], seed: int | None) -> str:
    """The text of a document with these values of its training that are not None, and with a seed.

    Raises:
        SpecError: a value is wrong.
    """
    changed = dict(document)
    given = {key: value for key, value in training.items() if value is not None}
    changed["training"] = {**changed["training"], **given}
    if seed is not None:
        changed["training"] = {**changed["training"], "seed": seed}
        changed["initial"] = {**changed.get("initial", {}), "seed": seed}
    text = json.dumps(changed, indent=2)
    parse(text, "the spec")
    return text
