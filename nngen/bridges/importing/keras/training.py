"""The optimizers of Keras in the words of a spec (docs/conventions.md)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

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
