"""Networks with a column of each kind, and rows whose cells are at the limits of what is usual, and beyond them."""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nngen.description.model import Spec
from tests.support.specs_strategy import read


def standard(mean: float) -> Mapping[str, Any]:
    """A scale with a deviation of 10."""
    return {"name": "standardize", "mean": [mean], "deviation": [10.0]}


COLUMNS: Sequence[Mapping[str, Any]] = (
    {"name": "guest", "ids": ["Ada", "1", "NA"], "unknown": "row"},
    {"name": "room", "ids": 7, "unknown": "row"},
    {"name": "size", "column": "size in m²", "missing": 30.0, "scale": standard(30.0)},
    {
        "name": "price",
        "number": {"thousands": ",", "prefix": "$"},
        "missing": 80.0,
        "missing_texts": ["free"],
        "scale": standard(80.0),
    },
    {"name": "stars", "scale": {"name": "robust", "median": [3.0], "spread": [1.5]}},
    {"name": "still", "scale": {"name": "robust", "median": [7.0], "spread": [0.0]}},
    {"name": "plain"},
    {"name": "kind", "categories": ["single", "double", "3"], "missing": {"category": "single"}, "unknown": "zeros"},
    {"name": "sea", "categories": ["FALSE", "TRUE"], "missing": "zeros", "unknown": "zeros"},
    {"name": "at", "date": "YYYY-MM-DD", "parts": ["month"], "missing": "2020-05-17"},
)
"""A column of each kind."""

CELLS: Mapping[str, Sequence[Any]] = {
    "guest": ["Ada", " 1 ", 1, "NA", "Bob", "2", 1.0],
    "room": [0, 6.0, "3", 7, -1, 2.5],
    "size": [-70.0, -70.00000000000001, 130.0, 130.00000000000003, "130.1", 12, None, "NA", math.nan],
    "price": ["$1,250.50", "$180", 180.0, "180.1", "$-20", -20.1, "free", "?", 1e99],
    "stars": [3, "4.5", 18.0, 18.1, -12, -12.1, None],
    "still": [7, 1e99, -5.5, None, ""],
    "plain": [0.0, 1e99, "-7", None],
    "kind": ["single", 3, 3.0, " double", "suite", "Single", None, "", "NA"],
    "sea": [True, "true", "0", "TRUE", "yes", None, False],
    "at": ["2021-02-03", " 1999-12-31", "", None],
}
"""Cells of each: those at the limits, and those beyond them."""


def hotel() -> Spec:
    """A network with all of these columns."""
    tables = [{"name": name, "kind": "embedding", "from": name, "units": 2} for name in ("guest", "room")]
    return read(
        {
            "name": "hotel",
            "inputs": COLUMNS,
            "layers": [
                *({**one, "name": f"of_{one['name']}"} for one in tables),
                {"name": "out", "units": 1, "activation": "linear", "from": ["of_guest", "of_room", "x"]},
            ],
            "loss": "squared_error",
            "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
        }
    )


def many(scale: Mapping[str, Any]) -> Spec:
    """A network with more columns of numbers than C has names for."""
    return read(
        {
            "name": f"many_{scale['name']}",
            "inputs": {"name": "x", "size": 21},
            "layers": [{"name": "out", "units": 1, "activation": "linear"}],
            "loss": "squared_error",
            "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
            "data": {"scale": scale, "scale_targets": {"name": "standardize", "mean": [0.0], "deviation": [1.0]}},
        }
    )


SCALES: Sequence[Mapping[str, Any]] = (
    {"name": "divide", "by": 255.0},
    {"name": "standardize", "mean": [float(k) for k in range(21)], "deviation": [0.5 + k for k in range(21)]},
    {"name": "interval", "low": [-1.0] * 21, "high": [2.0] * 21},
)


def rows_of(spec: Spec, count: int) -> Iterator[list[Any]]:
    """Random rows: each cell of the list, or numbers around the limits."""
    drawn = random.Random(7)
    for _ in range(count):
        if spec.name == "hotel":
            yield [drawn.choice(CELLS[str(column["name"])]) for column in COLUMNS]
        else:
            yield [drawn.choice([2550.0, -2550.1, 30.0, -29.0, drawn.uniform(-220, 220), None]) for _ in range(21)]
