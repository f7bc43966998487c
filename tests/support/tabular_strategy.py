"""Random specs for tables, for Hypothesis: columns of every kind, embeddings of ids, and cells for their rows."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from nngen.common.diagnostics import SpecError
from nngen.description.model import Spec
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.optimizers import OPTIMIZERS
from tests.support import date_texts, number_texts
from tests.support.specs_strategy import (
    COUNT,
    FROZEN,
    Draw,
    Drawn,
    _layer,
    _loss,
    _output,
    _parameters,
    _training,
    read,
)

LISTED = ["Ada", "3", "-0", "1.0", "서울", "a,b"]
LOSSES_OF_ZEROS = ["hinge", "absolute_error", "squared_error"]
"""Losses whose slopes are exactly 0 for some examples."""


@st.composite
def _ids(draw: Draw, name: str) -> dict[str, Any]:
    ids = draw(st.sampled_from([3, 7, LISTED[:2], LISTED]))
    return {"name": name, "ids": ids} | draw(st.sampled_from([{}, {"unknown": "row"}]))


@st.composite
def _column(draw: Draw, name: str) -> dict[str, Any]:
    """A column that is no id."""
    kind = draw(st.sampled_from(["number", "number", "style", "category", "date"]))
    indicator = {"indicator": True} if draw(st.booleans()) else {}
    scale = draw(st.sampled_from([{}, {"scale": {"name": "divide", "by": 0.3}}]))
    if kind == "number":
        return {"name": name} | draw(st.sampled_from([{}, {"missing": 0.5, **indicator}])) | scale
    if kind == "style":
        style = draw(st.sampled_from(number_texts.STYLES))
        return {"name": name, "number": style, "missing": 7.25, "missing_texts": ["-", "k. A."], **indicator, **scale}
    if kind == "date":
        parts = draw(st.sampled_from([["weekday"], ["month"], ["hour", "weekday"]]))
        return {"name": name, "date": draw(st.sampled_from(date_texts.FORMS)), "parts": parts}
    filled = draw(st.sampled_from([{}, {"missing": {"category": "Ada"}, **indicator}]))
    return {"name": name, "categories": LISTED[:3]} | filled | draw(st.sampled_from([{}, {"unknown": "zeros"}]))


@st.composite
def _embedded(draw: Draw, ids: Sequence[str]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Embeddings of ids and perhaps a layer that joins them; and the layers that others may take."""
    units = draw(st.integers(1, 3))
    layers: list[dict[str, Any]] = []
    sizes: dict[str, int] = {}
    for name in ids:
        table: dict[str, Any] = {"name": f"of_{name}", "kind": "embedding", "from": name, "units": units}
        if not draw(st.integers(0, 5)):
            table["weights"] = dict(FROZEN)
        layers.append(table)
        sizes[table["name"]] = units
    if len(ids) > 1 and draw(st.booleans()):
        kind = draw(st.sampled_from(["dot", "dot", "product", "add"]))
        layers.append({"name": "both", "kind": kind, "from": list(sizes), "units": 1 if kind == "dot" else units})
        sizes = {"both": layers[-1]["units"]}
    return layers, sizes


@st.composite
def tabular(draw: Draw) -> dict[str, Any]:
    """A spec for a table, as a mapping; most are valid."""
    ids = [draw(_ids(name)) for name in ["user", "item"][: draw(st.sampled_from([0, 1, 2, 2]))]]
    columns = [draw(_column(name)) for name in ["c1", "c2", "c3"][: draw(st.integers(0 if ids else 1, 3))]]
    few = draw(st.booleans())
    loss, over, units = draw(_output({}, {}))
    if few:  # ends with a number for which slopes of exactly 0 are usual
        loss, over, units = draw(st.sampled_from(LOSSES_OF_ZEROS)), "linear", 1
    layers, sizes = draw(_embedded([one["name"] for one in ids]))
    wide = {} if not columns else {"x": sum(_width(one) for one in columns)}
    learning = [name for name, entry in ACTIVATIONS.items() if entry.learns]
    if draw(st.booleans()):
        hidden = draw(_layer("hidden", draw(st.integers(1, 4)), {**sizes, **wide}, learning, False))
        count = hidden["units"] if isinstance(hidden["units"], int) else len(hidden["units"])
        layers.append(hidden | {"from": [*sizes, *wide]})
        sizes, wide = {"hidden": count}, {}
        if ids and hidden.get("normalization", {}).get("name") == "batch_norm":
            del hidden["normalization"], layers[-1]["normalization"]
    output = {"name": "output", "units": units, "activation": over, "from": [*sizes, *wide]}
    layers.append(output | draw(_parameters(units, {**sizes, **wide}, False)))
    judged = draw(_loss(loss, over, units, {}))
    batches = judged["batch"] == "weighted_mean" or any("batch_norm" in str(layer) for layer in layers)
    optimizers = ["perceptron"] if loss == "perceptron" else [name for name in OPTIMIZERS if name != "perceptron"]
    training = draw(_training(optimizers, batches))
    training |= draw(st.sampled_from([{}, {"decay": 0.1}])) | draw(st.sampled_from([{}, {"embeddings": "dense"}]))
    deviation = draw(st.sampled_from([0.1, 2.0]))
    spec: dict[str, Any] = {"name": "net", "inputs": [*ids, *columns], "layers": layers, "loss": judged}
    spec["initial"] = {"weights": {"name": "normal", "deviation": deviation}, "seed": draw(st.integers(0, 5))}
    return spec | {"training": training}


def _width(column: dict[str, Any]) -> int:
    """The inputs of a column, as the initial values of a layer need them: two for each part of a date, which recurs."""
    many = 2 * len(column.get("parts", ()))
    return (many or len(column.get("categories", "x"))) + bool(column.get("indicator"))


@st.composite
def valid_tabular_specs(draw: Draw) -> Drawn:
    """A valid spec for a table."""
    source = draw(tabular())
    COUNT.drawn += 1
    try:
        return Drawn(source, read(source))
    except SpecError:
        COUNT.refused += 1
        reject()


def rows(spec: Spec, count: int, seed: int) -> Iterator[list[Any]]:
    """Rows of cells, right and wrong ones: texts, many of them long, and numbers."""
    source = random.Random(seed)
    dates = [text for row in date_texts.rows(count, seed) for text in row]
    styled = [text for row in number_texts.rows(count, seed) for text in row]
    for _ in range(count):
        yield [_cell(column, source, dates, styled) for column in spec.columns]


def _cell(column: Any, source: random.Random, dates: Sequence[str], styled: Sequence[str]) -> Any:
    """A cell for a column, usually one that it takes."""
    if source.random() < 0.1:
        return source.choice([None, "", "NA", "?", "x", "nan", "1e400", True, -1, 2.5, "-", " Ada\n"])
    if getattr(column, "date", None) is not None:
        return source.choice(dates)
    if getattr(column, "categories", None) is not None or isinstance(getattr(column, "ids", None), tuple):
        return source.choice([*LISTED, " Ada ", 3, 1.0])
    if hasattr(column, "ids"):
        return source.choice([0, 1, "1", "1.0", "2e0", "0" * 300 + "1", 1.0, 2])
    if getattr(column, "style", None) is not None and source.random() < 0.7:
        return source.choice(styled)
    return source.choice([_long(source), _long(source), source.uniform(-5.0, 5.0), source.randrange(-9, 9)])


def _long(source: random.Random) -> str:
    """A number as a text of up to some hundred digits, in all forms that cells take."""

    def digits() -> str:
        some = "".join(source.choice("0123456789") for _ in range(source.choice([1, 3, 17, 40, 120])))
        return source.choice(["", "0" * source.choice([1, 50, 300])]) + some

    whole, rest = digits(), source.choice(["", ".", f".{digits()}"])
    size = len(whole.lstrip("0"))
    power = source.choice(["", f"e{source.randrange(-320, 40) - size}", f"E-{'0' * source.choice([0, 45])}{size}"])
    return source.choice(["", " ", "\t"]) + source.choice(["", "-", "+"]) + whole + rest + power
