"""The activations, losses and optimizers of Keras in the words of a spec (docs/conventions.md)."""

import math
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any

import numpy as np

from nngen.common.records import dataclass

PLAIN = "linear relu relu6 softmax selu softplus softsign silu gelu tanh sigmoid hard_tanh mish log_sigmoid log_softmax"
"""Activations without options that have the same name."""


@dataclass(frozen=True)
class Activation:
    """An activation of the catalogue with its options, or a formula."""

    name: str
    options: Mapping[str, float] = field(default_factory=dict)
    formula: str = ""


FUNCTIONS: Mapping[str, Activation] = {
    **{name: Activation(name) for name in PLAIN.split()},
    "swish": Activation("silu"),
    "hard_silu": Activation("hard_swish"),
    "hard_swish": Activation("hard_swish"),
    "leaky_relu": Activation("leaky_relu", {"slope": 0.2}),
    "elu": Activation("elu", {"alpha": 1.0}),
    "celu": Activation("celu", {"alpha": 1.0}),
    "hard_sigmoid": Activation("hard_sigmoid", {"slope": 1.0 / 6.0}),
    "soft_shrink": Activation("soft_shrink", {"theta": 0.5}),
    "hard_shrink": Activation("hard_shrink", {"theta": 0.5}),
    "exponential": Activation("exponential", formula="exp(z)"),
    "tanh_shrink": Activation("tanh_shrink", formula="z - tanh(z)"),
    "squareplus": Activation("squareplus", formula="(z + sqrt(z**2 + 4)) / 2"),
}
"""The functions ``keras.activations`` with their defaults."""

KERAS_2 = {"hard_sigmoid": Activation("hard_sigmoid", {"slope": 0.2})}
"""Those that had another default in Keras 2."""


def activation(given: Any, version: int) -> Activation | None:
    """The activation that a layer names; None if a spec has no equal.

    Args:
        given: a name, None for ``linear``, or the description of a function or a layer.
        version: the version of Keras that wrote it, 2 or 3.
    """
    if given is None:
        return FUNCTIONS["linear"]
    if isinstance(given, dict):
        named, config = given.get("class_name"), given.get("config")
        if named == "function" and str(given.get("registered_name")) in ("function", str(config), "None"):
            return activation(config, version) if isinstance(config, str) else None
        known = str(given.get("module", "keras")).partition(".")[0] == "keras"
        return (
            activation_of_layer(named, config)
            if known and isinstance(named, str) and isinstance(config, dict)
            else None
        )
    if not isinstance(given, str):
        return None
    return KERAS_2.get(given, FUNCTIONS.get(given)) if version == 2 else FUNCTIONS.get(given)


def activation_of_layer(kind: str, config: Mapping[str, Any]) -> Activation | None:
    """The activation of an activation layer without weights; None if a spec has no equal."""
    match kind:
        case "ReLU":
            return _relu(config.get("negative_slope"), config.get("threshold"), config.get("max_value"))
        case "LeakyReLU":
            return _with("leaky_relu", "slope", config.get("negative_slope", config.get("alpha", 0.3)))
        case "ELU":
            return _with("elu", "alpha", config.get("alpha", 1.0))
        case "Softmax":
            return FUNCTIONS["softmax"] if config.get("axis", -1) in (-1, 1, [-1], [1]) else None
    return None


def _relu(slope: Any, threshold: Any, most: Any) -> Activation | None:
    """``ReLU``: ``z`` from the threshold to the largest value, and ``slope (z - threshold)`` below."""
    options = [0.0 if option is None else option for option in (slope, threshold)] + ([] if most is None else [most])
    if not all(type(option) in (int, float) and math.isfinite(option) for option in options):
        return None
    below, start, *_ = (float(option) for option in options)
    if start == 0.0 and most is None:
        return Activation("leaky_relu", {"slope": below}) if below else FUNCTIONS["relu"]
    if (below, start, most) == (0.0, 0.0, 6):
        return FUNCTIONS["relu6"]
    above = "z" if most is None else f"minimum(z, {float(most)!r})"
    words = [re.sub(r"\W", "_", repr(option)) for option in (below, start, most)]
    return Activation(
        f"relu_{'_'.join(words).lower()}", {}, f"where(z >= {start!r}, {above}, {below!r} * (z - {start!r}))"
    )


def _with(name: str, option: str, value: Any) -> Activation | None:
    return Activation(name, {option: float(value)}) if type(value) in (int, float) else None


LOSSES: Mapping[str, Mapping[str, Any]] = {
    "mean_squared_error": {"name": "squared_error", "outputs": "mean"},
    "mean_absolute_error": {"name": "absolute_error", "outputs": "mean"},
    "huber": {"name": "huber", "outputs": "mean"},
    "log_cosh": {"name": "log_cosh", "outputs": "mean"},
    "hinge": {"name": "hinge", "outputs": "mean"},
    "squared_hinge": {"name": "squared_hinge", "outputs": "mean"},
    "categorical_hinge": {"name": "categorical_hinge", "outputs": "sum"},
    "poisson": {"name": "poisson", "epsilon": 1e-7, "outputs": "mean"},
    "kl_divergence": {"name": "kl_divergence", "outputs": "sum"},
    "binary_crossentropy": {"name": "binary_cross_entropy", "outputs": "mean"},
    "categorical_crossentropy": {"name": "cross_entropy", "outputs": "sum"},
    "sparse_categorical_crossentropy": {"name": "cross_entropy", "outputs": "sum"},
}
"""Losses of Keras by the name of the function, each with its equal (docs/conventions.md)."""

SHORT = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "kld": "kl_divergence", "logcosh": "log_cosh"}
"""Short names that Keras accepts."""


def loss(given: Any) -> Mapping[str, Any] | None:
    """The loss that a model was compiled with; None if there is none, or no equal without options."""
    if isinstance(given, dict):
        config = given.get("config")
        if isinstance(config, str):
            given = config
        elif isinstance(config, dict):
            options = {key: value for key, value in config.items() if value}
            plain = {"name", "reduction", "fn", "dtype", "axis"}
            delta = options.pop("delta", 1.0) == 1.0
            usual = config.get("reduction", "sum_over_batch_size") in ("sum_over_batch_size", "auto")
            given = config.get("name") if delta and usual and not options.keys() - plain else None
    return LOSSES.get(SHORT.get(given, given)) if isinstance(given, str) else None


BETAS = {"beta_1": "beta1", "beta_2": "beta2", "epsilon": "epsilon"}

OPTIMIZERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "SGD": ("gradient_descent", {}),
    "RMSprop": ("rmsprop_inside", {"rho": "keep", "epsilon": "epsilon"}),
    "Adam": ("adam_early", BETAS),
    "AdamW": ("adam_early", BETAS),
    "Nadam": ("nadam", BETAS),
    "Adamax": ("adamax", BETAS),
    "Adagrad": ("adagrad_inside", {"initial_accumulator_value": "initial", "epsilon": "epsilon"}),
    "Adadelta": ("adadelta", {"rho": "keep", "epsilon": "epsilon"}),
    "Lion": ("lion", {"beta_1": "beta1", "beta_2": "beta2"}),
}
"""The optimizers, each with its name here and its options."""

REFUSED = "clipnorm global_clipnorm clipvalue use_ema gradient_accumulation_steps".split()
"""Options of all optimizers that are left to the user."""

BATCH = 32
"""The size of a batch in Keras, if no other is asked for."""


def training(given: Any) -> Mapping[str, Any] | None:
    """The training of a model by the description of its optimizer; None if it has none, or no equal.

    A rate that changes is an object of its own and has no equal.
    """
    kind, config = (given.get("class_name"), given.get("config")) if isinstance(given, dict) else (None, None)
    if (
        not isinstance(kind, str)
        or kind not in OPTIMIZERS
        or not isinstance(config, dict)
        or any(config.get(key) for key in REFUSED)
    ):
        return None
    name, options = OPTIMIZERS[kind]
    name, options = _form(name, config), {"learning_rate": "rate", **options}
    if name not in ("gradient_descent", "adadelta") and config.get("momentum"):
        options["momentum"] = "momentum"
    optimizer: dict[str, Any] = {"name": name, **{ours: _number(config.get(key)) for key, ours in options.items()}}
    if name == "nadam":
        optimizer["slack"] = 1.0  # its momentum rises within some hundred steps
    decay = _number(config.get("weight_decay") or 0.0)
    if None in optimizer.values() or decay is None or not optimizer["rate"] > 0.0:
        return None
    found = {"optimizer": optimizer, "batch_size": BATCH}
    if decay and name == "lion":
        optimizer["decay"] = decay
    elif decay:
        found["decay"] = decay
    return found


def _form(name: str, config: Mapping[str, Any]) -> str:
    """The form of an optimizer by its options."""
    momentum = config.get("momentum")
    match name:
        case "gradient_descent" if momentum:
            return "nesterov" if config.get("nesterov") else "momentum"
        case "rmsprop_inside" if config.get("centered"):
            return "rmsprop_inside_centered"
        case "rmsprop_inside" if momentum:
            return "rmsprop_inside_momentum"
        case "adam_early" if config.get("amsgrad"):
            return "amsgrad_early"
    return name


def _number(value: Any) -> float | None:
    """A finite number, as the shortest decimal of its 32 bits."""
    if type(value) not in (int, float) or not np.isfinite(value):
        return None
    return float(str(np.float32(value)))
