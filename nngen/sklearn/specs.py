"""The spec of an estimator: a given one or a small network, fitted to the features and targets of its data."""

import json
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from nngen.common.arguments import check
from nngen.common.diagnostics import show
from nngen.common.files import refused
from nngen.description.data import Array, Encoding, is_plain, measure
from nngen.description.identifiers import Identifiers
from nngen.description.model import Group, Spec
from nngen.reading import load, parse
from nngen.sklearn.columns import column_by_value, numbers_of, standardized, titles

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
        data["scale_targets"] = standardized(found.targets.subtract, found.targets.divide)
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
