"""Networks whose outputs are NaN for numbers that are too large, and calls of them, for all languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nngen.description.model import Spec
from nngen.targets import TARGETS

LIMITS = {"float64": 1e100, "float32": 1e30}
"""The largest numbers of a row, as docs/module.md states them."""

_HUGE = {"float64": 1e300, "float32": 1e30}
"""A weight: its product with the largest number is infinite."""

_CLASSES = {"classes": ["low", "high"]}


def _scaled(units: int) -> dict[str, Any]:
    return {"scale_targets": {"name": "standardize", "mean": [1.0] * units, "deviation": [2.0] * units}}


_KINDS: dict[str, tuple[int, str, str, dict[str, Any]]] = {
    "classes": (2, "softmax", "cross_entropy", _CLASSES),
    "either": (1, "sigmoid", "binary_cross_entropy", _CLASSES),
    "number": (1, "linear", "squared_error", _scaled(1)),
    "numbers": (2, "linear", "squared_error", _scaled(2)),
}
"""The units, the activation, the loss and the data of a network."""


@dataclass(frozen=True)
class Call:
    """A call of a function of a network, and whether it is refused."""

    network: str
    function: str
    params: list[float]
    row: list[float | str]
    refused: bool


def networks(target: str) -> Iterator[tuple[Spec, str]]:
    """Each network of a target, with the type of its numbers."""
    for dtype in LIMITS if TARGETS[target].narrow else ["float64"]:
        for name, (units, activation, loss, data) in _KINDS.items():
            spec = {
                "name": f"{name}{dtype[5:]}",
                "inputs": ["left", "right"],
                "layers": [
                    {"name": "hidden", "units": 1, "activation": "linear"},
                    {"name": "output", "units": units, "activation": activation},
                ],
                "loss": loss,
                "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
                "data": data,
            }
            yield Spec.model_validate(spec), dtype


def calls(spec: Spec, dtype: str) -> Iterator[Call]:
    """What a network is asked, with weights of 1 and with huge ones."""
    units = len(spec.layers[-1].unit_names)
    most, zeros = LIMITS[dtype], [0.0] * units
    usual = [1.0, 1.0, 0.0] + [1.0] * units + zeros
    huge = [_HUGE[dtype]] * 2 + [0.0] + zeros + zeros  # 0 times infinity is NaN
    for function in ("predict", "predict_proba")[: 2 if _probable(spec) else 1]:
        for row in ([1.0, 2.0], [most, 0.0], [-most, most]):
            yield Call(spec.name, function, usual, [*row], refused=False)
        for row in ([1.1 * most, 0.0], [0.0, -1.1 * most]):
            yield Call(spec.name, function, usual, [*row], refused=True)
            yield Call(spec.name, function, usual, [f"{value:g}" for value in row], refused=True)
        yield Call(spec.name, function, huge, [most, most], refused=True)


def _probable(spec: Spec) -> bool:
    return spec.layers[-1].activation.name != "linear"
