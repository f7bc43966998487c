"""Rules that end training, and data on which they tie."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nngen.description.model.spec import Spec
from nngen.proof.reference import Network, bits
from tests.support.modules import named, spec

STOP: Mapping[str, dict[str, Any]] = {
    "patience": {"epochs": 3},
    "target": {"target": 0.9},
    "generalization_loss": {"alpha": 2.0},
}

MEASURED: Mapping[str, Mapping[str, Any]] = {
    "training": {},
    "a share": {"validation": 0.25, "seed": 3},
    "every 3 epochs": {"every": 3},
    "places, every 4 epochs": {"validation": [9, 2, 7], "every": 4},
}
"""What a rule measures, and when."""


def of(stop: Mapping[str, Any] | None, unroll: str = "weights", batch: str = "mean", rate: float = 0.4) -> Spec:
    return Spec.model_validate(
        {
            "name": "net",
            "inputs": ["x1", "x2"],
            "layers": [
                {"name": "h", "units": 6, "activation": "tanh"},
                {"name": "o", "units": 1, "activation": "sigmoid"},
            ],
            "initial": {"weights": "normal", "seed": 4},
            "loss": {"name": "binary_cross_entropy", "outputs": "sum", "batch": batch},
            "training": {
                "optimizer": {"name": "gradient_descent", "rate": rate},
                "epochs": 60,
                "batch_size": 4,
                "stop": stop,
            },
            "targets": [{"name": "python", "unroll": unroll}, "numpy"],
        }
    )


def ties() -> tuple[Network, Any, Any]:
    """The held-out examples are right after the first epoch, while XOR is never learned."""
    base, stop = spec(named("and_perceptron")), {"name": "patience", "epochs": 3, "validation": 0.25, "seed": 3}
    training = base.training.model_dump() | {"stop": stop, "epochs": 40}
    held = np.argsort(bits(3, np.arange(8)))[:2]
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 2)
    y = (x[:, [0]] != x[:, [1]]).astype(float)
    x[held], y[held] = -9.0, 0.0
    return Network(Spec.model_validate(base.model_dump(by_alias=True) | {"training": training})), x, y
