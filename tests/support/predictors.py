"""Networks over a table with gaps and categories, and some of its rows."""

import math
from typing import Any

import numpy as np

from nngen.description.data import Encoding, measure
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.proof.reference import Encoder
from nngen.proof.selftest import selftest
from nngen.targets import render
from tests.support.hostile import TEXTS

COLUMNS = ["income", "years employed", "housing", "rooms", "debt"]

ROWS: list[list[Any]] = [
    [42_000.0, 3.0, "rent", 3, 100.0],
    [18_500.5, None, "own", 1.0, None],
    [23_000.0, 11.0, None, "2", float("nan")],
    [61_250.25, 7.5, 'free */ of "charge" {{ x }}', 3.0, 250.0],
    [30_000.0, 0.0, "a boat", "1", 75.5],
]


def table() -> dict[str, list[Any]]:
    """The rows as columns."""
    return {name: [row[place] for row in ROWS] for place, name in enumerate(COLUMNS)}


def _spec(units: Any, activation: str, loss: str, data: dict[str, Any]) -> Spec:
    return Spec.model_validate(
        {
            "name": "loans",
            "inputs": [
                "income",
                {"name": "years", "column": "years employed", "missing": "median", "indicator": True},
                {
                    "name": "housing",
                    "categories": ["rent", "own", 'free */ of "charge" {{ x }}'],
                    "missing": {"category": "own"},
                    "unknown": "zeros",
                },
                {"name": "rooms", "categories": [1, 2, 3], "indicator": True},
                {"name": "debt", "missing": "mean", "scale": {"name": "interval"}},
            ],
            "layers": [
                {"name": "hidden", "units": 3, "activation": "tanh"},
                {"name": "output", "units": units, "activation": activation},
            ],
            "loss": loss,
            "training": {"optimizer": {"name": "adam", "rate": 0.1}, "epochs": 2, "batch_size": 2},
            "data": {"scale": "standardize", **data},
        }
    )


def classes(outputs: int) -> Spec:
    """A classifier with so many outputs."""
    names = {"0": "in need", "1": "fine", "2": "rich"}
    if outputs == 1:
        known = {key: names[key] for key in ("0", "1")}
        return _spec(1, "sigmoid", "binary_cross_entropy", {"classes": known})
    return _spec(3, "softmax", "cross_entropy", {"classes": names})


def numbers(outputs: int) -> Spec:
    """A regression with so many outputs."""
    spec = _spec(outputs, "linear", "squared_error", {"scale_targets": "standardize"})
    return spec if outputs == 1 else clipped(spec)


def clipped(spec: Spec) -> Spec:
    """The same with a clip of two columns, and answers in a range."""
    document = spec.model_dump(by_alias=True)
    document["data"]["answer_range"] = 0.1
    for place in (1, 4):
        document["inputs"][place]["scale"] = {"name": "robust"}
    return Spec.model_validate(document)


TARGETS = [1.0, 3.0, 5.0, 9.0, 2.0]
"""A numeric target for each row."""

NETWORKS = {
    "two_classes": classes(1),
    "classes": classes(3),
    "number": numbers(1),
    "numbers": numbers(2),
    "positive": _spec(1, "linear", "squared_error", {"scale_targets": "log"}),
}


def hostile() -> Spec:
    """A classifier whose columns, categories and classes have hostile names."""
    texts = list(TEXTS.values())
    found = _spec(len(texts), "softmax", "cross_entropy", {"scale": None, "classes": texts}).model_dump(by_alias=True)
    columns = [{"name": f"n{place}", "column": text} for place, text in enumerate(texts)]
    return Spec.model_validate(
        found | {"inputs": [*columns, {"name": "kind", "categories": texts, "missing": "zeros"}]}
    )


def encoding(spec: Spec) -> Encoding:
    """The constants of a spec, measured on the rows."""
    data = {name: [math.nan if value is None else value for value in column] for name, column in table().items()}
    return measure(spec, data.__getitem__, lambda name: TARGETS)


def page(spec: Spec, target: str, unroll: str = "auto", *, tested: bool = False) -> str:
    """The module of a spec for a target, with those constants, and perhaps with a self-test."""
    listed = {"name": target} if target == "numpy" else {"name": target, "unroll": unroll}
    chosen = Spec.model_validate({**spec.model_dump(by_alias=True), "targets": [listed]})
    planned = plan(chosen, encoding(chosen))
    count = len(chosen.layers[-1].unit_names)
    encoder = Encoder(chosen, table(), np.array([[target] * count for target in TARGETS])) if tested else None
    return render(planned, chosen, target, selftest(planned, chosen, target, encoder) if tested else None)
