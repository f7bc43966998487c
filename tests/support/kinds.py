"""Networks with ids and with every kind of layer, and examples for them."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nngen.description.model.spec import Spec
from nngen.proof.reference import Network

Array = NDArray[np.float64]

FACTORIZATION: dict[str, Any] = {
    "name": "mf",
    "inputs": [{"name": "user", "ids": 5}, {"name": "item", "ids": ["a", "b", "c"]}],
    "layers": [
        {"name": "p", "kind": "embedding", "from": "user", "units": 2},
        {"name": "q", "kind": "embedding", "from": "item", "units": 2},
        {"name": "bu", "kind": "embedding", "from": "user", "units": 1},
        {"name": "pq", "kind": "dot", "from": ["p", "q"]},
        {"name": "rating", "kind": "add", "from": ["bu", "pq"], "units": 1, "bias": True},
    ],
    "loss": "squared_error",
    "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
}
"""Matrix factorization with a bias of the user and a mean."""

EVERY_KIND: dict[str, Any] = FACTORIZATION | {
    "inputs": [{"name": "user", "ids": 5}, {"name": "item", "ids": 3}, "age", "fee"],
    "layers": [
        {"name": "p", "kind": "embedding", "from": "user", "units": 3, "activation": "tanh"},
        {"name": "q", "kind": "embedding", "from": "item", "units": 3, "bias": True},
        {"name": "h", "from": ["p", "x"], "units": 3, "activation": "tanh"},
        {"name": "m", "kind": "product", "from": ["p", "q"], "units": 3, "activation": "sigmoid", "dropout": 0.5},
        {"name": "s", "kind": "add", "from": ["p", "q", "m"], "units": 3, "bias": True, "normalization": "layer_norm"},
        {"name": "den", "from": "h", "units": 3, "activation": "softplus"},
        {"name": "r", "kind": "ratio", "from": ["s", "den"], "units": 3},
        {"name": "top", "kind": "maximum", "from": ["r", "q"], "units": 3},
        {"name": "d", "kind": "dot", "from": ["top", "p"], "activation": "tanh"},
        {"name": "out", "from": ["d", "m"], "units": 2, "activation": "linear"},
    ],
}
"""Every kind but an average, with skip connections, a normalization, dropout, biases, numbers beside the ids."""

FROZEN: dict[str, Any] = FACTORIZATION | {
    "layers": [{**layer, "weights": {"trainable": layer["name"] != "q"}} for layer in FACTORIZATION["layers"][:3]]
    + FACTORIZATION["layers"][3:]
}
"""The same factorization, where the items stay as they are."""

TIES: dict[str, Any] = FACTORIZATION | {
    "inputs": 2,
    "initial": {"weights": {"name": "constant", "value": 0.5}},
    "layers": [
        {"name": "u", "units": 2, "activation": "linear"},
        {"name": "v", "from": "x", "units": 2, "activation": "linear"},
        {"name": "top", "kind": "maximum", "from": ["u", "v"], "units": 2},
        {"name": "out", "units": 1, "activation": "linear"},
    ],
}
"""Two layers with the same values, of which only the first gets the slope of their maximum."""

AVERAGE: dict[str, Any] = FACTORIZATION | {
    "layers": [
        *FACTORIZATION["layers"],
        {"name": "other", "kind": "dot", "from": ["q", "p"], "activation": "tanh"},
        {"name": "mid", "kind": "average", "from": ["rating", "other", "bu"], "units": 1, "bias": True},
    ]
}
"""The mean of three layers. A file of ONNX has it as a sum of what is divided, which is read as several layers."""

L2 = {"name": "l2", "strength": 0.1}
TRAININGS: dict[str, dict[str, Any]] = {
    "gradient descent, l1": {
        "optimizer": {"name": "gradient_descent", "rate": 0.1},
        "penalty": {"name": "l1", "strength": 0.1, "biases": True},
    },
    "adam, l2": {"optimizer": {"name": "adam", "rate": 0.1}, "penalty": L2},
    "adam, decay, clip": {
        "optimizer": {"name": "adam", "rate": 0.1},
        "decay": 0.1,
        "clip": {"name": "norm", "most": 0.2},
    },
    "momentum, all rows": {"optimizer": {"name": "momentum", "rate": 0.05, "momentum": 0.9}, "embeddings": "dense"},
    "adam, all rows, schedule": {
        "optimizer": {"name": "adam", "rate": 0.1},
        "embeddings": "dense",
        "schedule": {"name": "steps", "factor": 0.5, "every": 2},
    },
}
LOSSES: dict[str, dict[str, Any]] = {
    "mean": {"name": "squared_error"},
    "sum": {"name": "squared_error", "batch": "sum"},
    "weighted mean": {"name": "squared_error", "batch": "weighted_mean", "example_weights": True},
    "missing": {"name": "huber", "missing": "ignore"},
}


def network(described: dict[str, Any], **more: Any) -> Spec:
    """A spec; ``batch_size`` is large enough for a weighted mean."""
    return Spec.model_validate(described | more)


NETWORKS: dict[str, Spec] = {
    f"{name}, {training}, {loss}": network(described, training=TRAININGS[training], loss=LOSSES[loss])
    for name, described in (("factorization", FACTORIZATION), ("every kind", EVERY_KIND))
    for training, loss in zip(TRAININGS, ["mean", "sum", "weighted mean", "missing", "mean"], strict=True)
}
NETWORKS["average"] = network(AVERAGE, training=TRAININGS["adam, l2"])
NETWORKS["ties"] = network(TIES)
NETWORKS["frozen items"] = network(FROZEN, training=TRAININGS["adam, decay, clip"])


class Examples(NamedTuple):
    """Inputs and targets, each with a row for each example."""

    x: Array
    y: Array


def examples(spec: Spec, count: int = 12) -> Examples:
    """Random examples: ids, numbers, and targets, some of them missing if the loss ignores these."""
    random = np.random.default_rng(1)
    ids = [random.integers(index.count, size=count).astype(np.float64) for index in spec.indices]
    x = np.column_stack([*ids, *(random.normal(size=count) for _ in spec.numbers)])
    y = random.normal(size=(count, len(spec.layers[-1].unit_names)))
    if spec.loss.missing == "ignore":  # not of the first examples, whose steps are compared
        y[6:] = np.where(random.random(y[6:].shape) < 0.4, np.nan, y[6:])
    return Examples(x, y)


def steps(reference: Network, x: Array, y: Array, count: int) -> list[float]:
    """The parameters after steps with single examples, from those of seed 3."""
    params = reference.init(3)
    state = reference.init_state(params)
    for k in range(count):
        one = slice(k, k + 1)
        params, state = reference.step(params, reference.gradient(params, x[one], y[one])[1], state, x[one])
    return reference.pack(params)
