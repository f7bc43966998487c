"""Optimizers, schedules, clips and penalties for tests."""

from collections.abc import Mapping
from typing import Any

import pytest

from nngen.description.model.spec import Spec

FROZEN = {"trainable": False}

OPTIMIZER: Mapping[str, dict[str, Any]] = {
    "gradient_descent": {"rate": 0.1},
    "perceptron": {"rate": 0.5},
    "momentum": {"rate": 0.1, "momentum": 0.8},
    "dampened_momentum": {"rate": 0.1, "momentum": 0.8, "dampening": 0.3},
    "nesterov": {"rate": 0.1, "momentum": 0.8},
    "adagrad": {"rate": 0.1},
    "adagrad_inside": {"rate": 0.1, "epsilon": 0.01},
    "adadelta": {"rate": 0.5, "keep": 0.8},
    "rmsprop": {"rate": 0.01, "keep": 0.8, "epsilon": 0.01},
    "rmsprop_inside": {"rate": 0.01, "keep": 0.8, "epsilon": 0.01},
    "rmsprop_momentum": {"rate": 0.01, "keep": 0.8, "epsilon": 0.01, "momentum": 0.5},
    "rmsprop_centered": {"rate": 0.01, "keep": 0.8, "epsilon": 0.01, "momentum": 0.5},
    "rmsprop_inside_momentum": {"rate": 0.01, "keep": 0.8, "epsilon": 0.01, "momentum": 0.5},
    "rmsprop_inside_centered": {"rate": 0.01, "keep": 0.8, "epsilon": 0.01, "momentum": 0.5},
    "adam": {"rate": 0.05},
    "adam_early": {"rate": 0.05, "epsilon": 0.01},
    "amsgrad": {"rate": 0.05, "beta2": 0.9},
    "amsgrad_early": {"rate": 0.05, "beta2": 0.9, "epsilon": 0.01},
    "adamax": {"rate": 0.05, "epsilon": 0.01},
    "adamax_inside": {"rate": 0.05, "epsilon": 0.01},
    "adamw": {"rate": 0.05, "decay": 0.1},
    "nadam": {"rate": 0.05},
    "rprop": {"rate": 0.05, "most": 0.2, "least": 0.001},
    "rprop_plus": {"rate": 0.05, "most": 0.2, "least": 0.001},
    "rprop_minus": {"rate": 0.05, "most": 0.2, "least": 0.001},
    "lion": {"rate": 0.01, "decay": 0.1},
}

SCHEDULE: Mapping[str, dict[str, Any]] = {
    "constant": {},
    "steps": {"factor": 0.5, "every": 6},
    "exponential": {"factor": 0.9},
    "inverse_time": {"decay": 0.2},
    "cosine": {"steps": 12, "final": 0.01},
    "warm_up": {"steps": 8},
}

CLIP: Mapping[str, dict[str, Any]] = {"value": {"most": 0.05}, "norm": {"most": 0.1}}


def of(training: Mapping[str, Any], unroll: str = "weights", dtype: str = "float64") -> Spec:
    """A network with a frozen part, which shows whether decay leaves it alone."""
    perceptron = training["optimizer"]["name"] == "perceptron"
    return Spec.model_validate(
        {
            "name": "net",
            "inputs": ["x1", "x2", "x3"],
            "layers": [
                {"name": "h", "units": 4, "activation": "tanh", "weights": FROZEN if perceptron else {}},
                {"name": "o", "units": 2, "activation": "step" if perceptron else "sigmoid", "bias": FROZEN},
            ],
            "initial": {"weights": "normal", "biases": "normal", "seed": 4},
            "loss": {"name": "perceptron" if perceptron else "squared_error", "outputs": "sum"},
            "training": training,
            "targets": [{"name": "python", "unroll": unroll}, {"name": "numpy", "dtype": dtype}],
        }
    )


def trainings() -> list[Any]:
    """Each optimizer, and two of them under each schedule and clip."""
    one = [({"optimizer": {"name": name, **options}}, name) for name, options in OPTIMIZER.items()]
    two = [
        ({"optimizer": {"name": base, **OPTIMIZER[base]}, kind: {"name": name, **options}}, f"{base}-{kind}-{name}")
        for base in ("gradient_descent", "momentum", "adam", "rprop")
        for kind, entries in (("schedule", SCHEDULE), ("clip", CLIP))
        for name, options in entries.items()
    ]
    both = {
        "optimizer": {"name": "adamw", **OPTIMIZER["adamw"]},
        "schedule": {"name": "cosine", **SCHEDULE["cosine"]},
        "clip": {"name": "norm", **CLIP["norm"]},
    }
    decayed = ({"optimizer": {"name": "momentum", **OPTIMIZER["momentum"]}, "decay": 0.1}, "momentum-decay")
    more = [(both, "adamw-cosine-norm"), decayed]
    return [pytest.param(training, id=name) for training, name in [*one, *two, *more]]
