"""Reads the address of a network in TensorFlow Playground, which has everything but the weights."""

import math
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from nngen.common.files import refused
from nngen.reading import block

SITE = "playground.tensorflow.org"

INPUTS = {
    "x": "x1",
    "y": "x2",
    "xSquared": "x1_squared",
    "ySquared": "x2_squared",
    "xTimesY": "x1_x2",
    "sinX": "sin_x1",
    "sinY": "sin_x2",
}
"""The inputs by their switches, in the order of Playground."""

ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "linear": "linear"}

MAX_ADDRESS = 4_000
"""Characters of an address; one has about 500."""

MAX_UNITS = 100
"""Units of a layer; Playground draws eight."""

MAX_LAYERS = 20
"""Hidden layers; Playground draws six."""


def is_playground(text: str) -> bool:
    """Whether a text is an address of TensorFlow Playground."""
    return urlsplit(text).hostname == SITE if len(text) <= MAX_ADDRESS else False


def playground(address: str) -> str:
    """The text of a spec for a network in TensorFlow Playground. Nothing is fetched.

    Args:
        address: the address, ``https://playground.tensorflow.org/#activation=tanh&networkShape=4,2&...``.

    Raises:
        SpecError: a part of it is not what Playground writes.
    """
    state = _State(address)
    classifies = state.word("problem", ("classification", "regression"), "classification") == "classification"
    activation = state.word("activation", tuple(ACTIVATIONS), "tanh")
    shape = state.shape()
    inputs = [name for key, name in INPUTS.items() if state.switch(key, key in ("x", "y"))]
    if not inputs:
        raise refused(SITE, "the network has no inputs")
    zero = state.switch("initZero", False)
    units = [*((f"hidden{number}", size) for number, size in enumerate(shape, 1)), ("output", 1)]
    layers: list[dict[str, Any]] = [
        {"name": name, "units": size, "activation": ACTIVATIONS[activation]} for name, size in units
    ]
    layers[-1]["activation"] = "tanh" if classifies else "linear"
    initial = {"weights": {"name": "uniform", "low": -0.5, "high": 0.5}, "biases": {"name": "constant", "value": 0.1}}
    lines = ["name: playground", "description: A network of TensorFlow Playground."]
    if inputs != ["x1", "x2"]:
        lines.append(
            "# the data need a column for each input: x1_squared is x1 * x1, x1_x2 is x1 * x2, sin_x1 is sin(x1)"
        )
    lines += block({"inputs": inputs, "layers": layers, "initial": {"weights": "zeros"} if zero else initial})
    if classifies:
        lines.append("# the targets are -1 and 1")
    lines += block({"loss": {"name": "half_squared_error", "outputs": "sum"}})
    lines += _training(state)
    return "\n".join(lines) + "\n"


def _training(state: "_State") -> list[str]:
    """The lines of the training."""
    optimizer = {"name": "gradient_descent", "rate": state.number("learningRate", 0.03)}
    training: dict[str, Any] = {"optimizer": optimizer, "batch_size": int(state.number("batchSize", 10.0))}
    penalty = state.word("regularization", ("none", "L1", "L2"), "none")
    strength = state.number("regularizationRate", 0.0)
    if penalty == "none" or strength == 0.0:
        return block({"training": training})
    training["penalty"] = {"name": penalty.lower(), "strength": strength}
    return [
        "# Playground applies the penalty after each step; here it is a part of the step",
        *block({"training": training}),
    ]


class _State:
    """The fragment of an address, as keys and values."""

    def __init__(self, address: str) -> None:
        if len(address) > MAX_ADDRESS:
            raise refused(SITE, f"the address is longer than {MAX_ADDRESS:,} characters")
        self._values: dict[str, str] = {}
        for key, value in parse_qsl(urlsplit(address).fragment, keep_blank_values=True):
            if key in self._values:
                raise refused(SITE, f"{key!r:.40} occurs twice in the address")
            self._values[key] = value

    def word(self, key: str, known: tuple[str, ...], default: str) -> str:
        """One of some words."""
        value = self._values.get(key, default)
        if value not in known:
            raise refused(SITE, f"expected {key} to be one of {', '.join(known)}, got {value!r:.40}")
        return value

    def switch(self, key: str, default: bool) -> bool:
        """True or false."""
        return self.word(key, ("true", "false"), str(default).lower()) == "true"

    def number(self, key: str, default: float) -> float:
        """A finite number of at least 0."""
        text = self._values.get(key, str(default))
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not 0.0 <= value < math.inf:
            raise refused(SITE, f"expected {key} to be a number of at least 0, got {text!r:.40}")
        return value

    def shape(self) -> list[int]:
        """The sizes of the hidden layers."""
        text = self._values.get("networkShape", "4,2")
        sizes = [size for size in text.split(",") if size]
        fits = all(size.isascii() and size.isdigit() and len(size) < 4 and 0 < int(size) <= MAX_UNITS for size in sizes)
        if len(sizes) > MAX_LAYERS or not fits:
            raise refused(SITE, f"expected networkShape to be sizes of layers such as 4,2, got {text!r:.40}")
        return [int(size) for size in sizes]
