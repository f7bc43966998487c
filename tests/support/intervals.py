"""Networks whose specs state the scores of their intervals: numbers and classes, with one output and with several."""

from typing import Any

from nngen.description.model import Spec

ROWS: list[list[Any]] = [[0.5, -1.0], [2.0, 3.0], [-2.5, 0.25], [1.5, -3.0], [-1.0, -2.0]]
"""Rows of the data."""


def _network(name: str, units: list[str], activation: str, loss: str, data: dict[str, Any]) -> Spec:
    scale = {"name": "standardize", "mean": [0.5, -1.0], "deviation": [2.0, 3.0]}
    return Spec.model_validate(
        {
            "name": name,
            "inputs": ["a", "b"],
            "layers": [
                {"name": "hidden", "units": 4, "activation": "tanh"},
                {"name": "output", "units": units, "activation": activation},
            ],
            "loss": loss,
            "training": {"optimizer": {"name": "adam", "rate": 0.1}, "epochs": 2},
            "data": {"scale": scale, **data},
        }
    )


def _scaled(*scores: float) -> dict[str, Any]:
    count = len(scores)
    targets = {"name": "standardize", "mean": [3.0] * count, "deviation": [2.5] * count}
    return {"scale_targets": targets, "interval": {"level": 0.9, "score": [*scores]}}


def networks() -> list[Spec]:
    """The networks."""
    ranged = {**_scaled(0.75), "answer_range": {"low": [2.0], "high": [3.5]}}
    ratios = _scaled(1.5, 1.25)
    ratios["scale_targets"] |= {"name": "log"}
    return [
        _network("price", ["price"], "linear", "squared_error", ranged),
        _network("rents", ["flat", "house"], "linear", "squared_error", ratios),
        _network("place", ["east", "north"], "linear", "squared_error", _scaled(1.5, 0.25)),
        _network(
            "fruit",
            ["apple", "pear", "plum"],
            "softmax",
            "cross_entropy",
            {"classes": ["apple", "pear", "plum"], "interval": {"level": 0.9, "score": 0.65}},
        ),
        _network(
            "rain",
            ["rain"],
            "sigmoid",
            "binary_cross_entropy",
            {"classes": ["dry", "wet"], "interval": {"level": 0.8, "score": 0.52}},
        ),
    ]
