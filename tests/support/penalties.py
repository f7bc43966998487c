"""Penalties, and the specs that have them."""

from collections.abc import Mapping
from typing import Any

from nngen.description.model.spec import Spec

PENALTY: Mapping[str, dict[str, Any]] = {
    "l2": {"strength": 0.3},
    "l1": {"strength": 0.2},
    "elastic_net": {"l1": 0.1, "l2": 0.4},
}


def of(penalty: Mapping[str, Any], batch: str, unroll: str) -> Spec:
    """A network with a frozen part, which no penalty counts."""
    return Spec.model_validate(
        {
            "name": "net",
            "inputs": ["x1", "x2", "x3"],
            "layers": [
                {"name": "h", "units": 4, "activation": "tanh", "bias": {"trainable": False}},
                {"name": "o", "units": 2, "activation": "sigmoid", "from": ["h", "x"]},
            ],
            "initial": {"weights": "normal", "biases": "normal", "seed": 4},
            "loss": {"name": "squared_error", "outputs": "sum", "batch": batch},
            "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "penalty": penalty, "batch_size": 3},
            "targets": [{"name": "python", "unroll": unroll}, "numpy"],
        }
    )
