"""Small networks that between them have every activation, loss and initializer, and every kind of connection."""

from collections.abc import Mapping, Sequence
from itertools import cycle

from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.proof.reference import Network
from tests.support.catalogues import others
from tests.support.losses import ROWS
from tests.support.network import FROZEN, Described, Networks, described, layer
from tests.support.normalized import NORMALIZED

DESCRIBED: dict[str, Described] = {
    "one linear layer": described([layer("o", 2, "linear")], "squared_error"),
    "sigmoids": described([layer("h", 4, "sigmoid"), layer("o", 2, "sigmoid")], "half_squared_error", "mean"),
    "tanh, sums": described([layer("h", 3, "tanh"), layer("o", 2, "linear")], "squared_error", "sum", "sum"),
    "relu, deep": described([layer(f"h{i}", 5, "relu") for i in range(3)] + [layer("o", 2, "tanh")], "squared_error"),
    "binary cross-entropy": described(
        [layer("h", 3, "tanh"), layer("o", 2, "sigmoid")], "binary_cross_entropy", "mean"
    ),
    "cross-entropy": described([layer("h", 3, "relu"), layer("o", 3, "softmax")], "cross_entropy", "sum", "sum"),
    "cross-entropy, mean": described([layer("o", 3, "softmax")], "cross_entropy", "mean"),
    "softmax, squared error": described([layer("o", 3, "softmax")], "squared_error"),
    "hidden softmax": described([layer("h", 4, "softmax"), layer("o", 1, "linear")], "half_squared_error"),
    "no biases": described(
        [layer("h", 3, "tanh", bias=False), layer("o", 2, "sigmoid", bias=False)], "binary_cross_entropy"
    ),
    "connections that skip": described(
        [
            layer("h1", 3, "sigmoid"),
            layer("h2", 2, "tanh", sources=["h1", "x"]),
            layer("o", 2, "softmax", sources=["x", "h2", "h1"]),
        ],
        "cross_entropy",
    ),
    "a layer that feeds three": described(
        [
            layer("h1", 3, "tanh"),
            layer("h2", 2, "sigmoid", sources="h1"),
            layer("h3", 2, "softmax", sources="h1", bias=False),
            layer("o", 2, "linear", sources=["h3", "h1", "h2"]),
        ],
        "squared_error",
        "mean",
        "sum",
    ),
    "frozen parts": described(
        [
            layer("h0", 3, "step", weights=FROZEN, bias=FROZEN),
            layer("h1", 3, "tanh", weights=FROZEN),
            layer("h2", 3, "tanh", bias=FROZEN),
            layer("o", 2, "sigmoid"),
        ],
        "half_squared_error",
    ),
    "values": described(
        [
            layer(
                "h", 2, "tanh", weights={"initial": [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]}, bias={"initial": [0.7, 0.8]}
            ),
            layer(
                "o",
                1,
                "linear",
                sources=["h", "x"],
                weights={"initial": {"name": "values", "values": {"x": [[0.9, 1.0, 1.1]], "h": [[1.2, 1.3]]}}},
                bias={"initial": [1.4]},
            ),
        ],
        "squared_error",
    ),
}

DESCRIBED |= {
    f"{name} twice": described(
        [layer("h", 3, {"name": name, **others(entry)}), layer("o", 2, name)], "half_squared_error"
    )
    for name, entry in ACTIVATIONS.items()
    if entry.learns
}

RULE: Mapping[str, object] = {"optimizer": {"name": "perceptron", "rate": 0.5}}
DESCRIBED |= {
    f"perceptron, {name}": described(
        [layer("h", 3, {"name": name, **others(entry)}, weights=FROZEN, bias=FROZEN), layer("o", 2, name)],
        "perceptron",
        training=RULE,
    )
    for name, entry in ACTIVATIONS.items()
    if not entry.learns
}

DESCRIBED |= NORMALIZED

DESCRIBED["initial values"] = described(
    [
        layer(
            "h1", 3, "tanh", weights={"initial": "lecun_uniform"}, bias={"initial": {"name": "constant", "value": 0.1}}
        ),
        layer("h2", 3, "tanh", weights={"initial": "lecun_normal"}, bias={"initial": "he_normal"}),
        layer("h3", 3, "tanh", weights={"initial": "glorot_uniform"}, bias={"initial": "uniform"}),
        layer("o", 2, "linear", weights={"initial": "he_uniform"}, bias={"initial": "glorot_normal"}),
    ],
    "half_squared_error",
)

DESCRIBED["initial values, cut or orthogonal"] = described(
    [
        layer("h1", 2, "tanh", weights={"initial": "orthogonal"}, bias={"initial": "truncated_normal"}),
        layer("h2", 5, "tanh", weights={"initial": {"name": "orthogonal", "gain": 0.7, "seed": 8}}),
        layer(
            "h3",
            5,
            "tanh",
            weights={"initial": "orthogonal"},
            bias={"initial": "glorot_truncated"},
            sources=["h2", "x"],
        ),
        layer("h4", 1, "tanh", weights={"initial": "orthogonal"}, bias={"initial": "lecun_truncated"}),
        layer("h5", 3, "tanh", weights={"initial": {"name": "truncated_normal", "mean": 0.1, "cut": 0.5, "seed": 4}}),
        layer("o", 2, "linear", weights={"initial": "he_truncated"}, sources=["h5", "h4"]),
    ],
    "half_squared_error",
)

WEIGHED: Mapping[str, tuple[str, int, str, Sequence[float] | None]] = {
    "fused": ("softmax", 3, "cross_entropy", [1.0, 2.5, 0.5]),
    "fused, one output": ("sigmoid", 1, "binary_cross_entropy", [0.5, 3.0]),
    "by the output": ("sigmoid", 3, "cross_entropy", [1.0, 2.5, 0.5]),
    "by the output, one output": ("hard_sigmoid", 1, "binary_cross_entropy", [0.5, 3.0]),
    "of both signs": ("linear", 3, "squared_hinge", [1.0, 2.5, 0.5]),
    "of both signs, one output": ("tanh", 1, "hinge", [0.5, 3.0]),
    "across the outputs": ("linear", 3, "categorical_hinge", [1.0, 2.5, 0.5]),
    "smoothed": ("softmax", 3, "smoothed_cross_entropy", [1.0, 2.5, 0.5]),
    "numbers": ("tanh", 2, "half_squared_error", None),
}
"""Outputs and losses for weights, and the weights of the classes where the targets name some."""


def _weighed(name: str, ways: Sequence[str], batch: str, outputs: str = "sum", **more: object) -> Described:
    output, units, loss, classes = WEIGHED[name]
    weights = {"class_weights": classes if "class" in ways else None, "example_weights": "example" in ways}
    return described(
        [layer("h", 3, "tanh"), layer("o", units, output)], {"name": loss, **weights}, outputs, batch, **more
    )


def weighed(name: str, ways: Sequence[str], batch: str, outputs: str = "sum", **more: object) -> Network:
    """A network whose loss has weights of classes, of examples, or both."""
    return Network(Spec.model_validate(_weighed(name, ways, batch, outputs, **more)))


OWN: Mapping[str, Mapping[str, object]] = {
    "bent": {"value": "z / 2 + abs(z)"},
    "snake": {"value": "(z + sin(z)**2) / 2", "slope": "(1 + sin(2*z)) / 2"},
    "wave": {"value": "sin(2*z) * exp(-z**2 / 8) + 0.1*z"},
    "swish": {"value": "z * sigmoid(1.5*z)", "slope": "sigmoid(1.5*z) + 1.5*a*(1 - sigmoid(1.5*z))"},
    "soft_step": {"value": "(tanh(softplus(z) - 1) + 1) / 2", "bounds": [0, 1]},
    "shrink": {"value": "where(-0.3 < z < 0.3, 0.1*z, z - 0.27*sign(z))"},
    "clamped": {"value": "maximum(minimum(z, 1), -0.5) + 0.01*z", "slope": "0.01 + where(-0.5 < z < 1, 1, 0)"},
    "cloglog": {"value": "1 - exp(-exp(minimum(z, 3)))", "bounds": [0, 1]},
    "root": {"value": "z / (1 + z**2)**0.5 + log1p(z**2) * 2**(-z**2)"},
    "probit": {"value": "erfc(-z / sqrt(2)) / 2", "bounds": [0, 1]},
    "half": {"value": "z / 2"},
}
OWN_LOSSES: Mapping[str, Mapping[str, object]] = {
    "quartic": {"value": "(a - y)**4 / 4"},
    "pseudo_huber": {"value": "sqrt(1 + (a - y)**2) - 1", "slope": "(a - y) / sqrt(1 + (a - y)**2)"},
    "tilted": {"value": "maximum(0.9*(y - a), -0.1*(y - a))"},
    "focal": {
        "value": "-y * (1 - a)**2 * log(maximum(a, 1e-6)) - (1 - y) * a**2 * log(maximum(1 - a, 1e-6))",
        "outputs": [0, 1],
        "targets": [0, 1],
    },
    "margin": {"value": "softplus(-2*y*a) / 2", "targets": [-1, 1]},
    "lopsided": {"value": "(a - y)**2 * where(a > y, 3, 1) + expm1(abs(a - y) / 8)"},
}
"""Formulas of a spec's own: derived slopes and given ones; short ones, and long ones that become functions."""


def own(hidden: str, output: str, loss: str, outputs: str = "sum") -> Described:
    layers = [layer("h", 3, hidden), layer("o", 2, output)]
    return described(layers, loss, outputs, activations=OWN, losses=OWN_LOSSES)


DESCRIBED |= {f"own {name} twice": own(name, name, "half_squared_error") for name in OWN}
DESCRIBED |= {
    f"own {loss} over {output}, {outputs}": own("wave", output, loss, outputs)
    for loss, output in {
        "quartic": "linear",
        "pseudo_huber": "snake",
        "tilted": "linear",
        "focal": "cloglog",
        "margin": "tanh",
        "lopsided": "bent",
    }.items()
    for outputs in ("sum", "mean")
}
DESCRIBED |= {
    "own softmax": own("swish", "softmax", "quartic", "mean"),
    "cross-entropy over an own activation": own("root", "probit", "binary_cross_entropy"),
}

DESCRIBED |= {
    f"weights, {name}, {batch}": _weighed(name, ways, batch, outputs)
    for (name, (_, _, _, classes)), batch, outputs in zip(
        WEIGHED.items(), cycle(["mean", "weighted_mean", "sum", "weighted_mean"]), cycle(["sum", "mean"]), strict=False
    )
    for ways in [["class", "example"] if classes else ["example"]]
}
DESCRIBED |= {
    f"weights, own loss over {count} outputs": described(
        [layer("o", count, "sigmoid")], {"name": "focal", "class_weights": [0.5, 3.0]}, losses=OWN_LOSSES
    )
    for count in (1, 2)
}
DESCRIBED["weights, of classes alone"] = _weighed("fused", ["class"], "weighted_mean")
DESCRIBED |= {
    f"weights, perceptron, {name}": described(
        [layer("o", 1, name)], {"name": "perceptron", "class_weights": [0.5, 2.0]}, training=RULE
    )
    for name in ("bipolar_step", "step")
}

DESCRIBED |= {
    f"{loss} over {row.over}, {outputs}": described(
        [layer("h", 3, "tanh"), layer("o", 3, row.over)], {"name": loss, **others(LOSSES[loss])}, outputs
    )
    for loss, row in ROWS.items()
    for outputs in ("sum", "mean")
    if LOSSES[loss].value
} | {
    f"{loss} and softmax": described([layer("h", 3, "softmax"), layer("o", 3, "softmax")], loss, "mean")
    for loss in ("kl_divergence", "smoothed_cross_entropy", "huber", "binary_cross_entropy")
}

NETWORKS = Networks(DESCRIBED)

DISTINCT = [*{repr(described["layers"]): name for name, described in DESCRIBED.items()}.values()]
"""A network for each different list of layers: the others differ only in how they learn."""

_PAIRS = [name[:-5] for name in DESCRIBED if name.endswith(", sum") and f"{name[:-5]}, mean" in DESCRIBED]
_OTHERS = {f"{pair}, {('mean', 'sum')[place % 2]}" for place, pair in enumerate(_PAIRS)}

ONCE = [name for name in DESCRIBED if name not in _OTHERS]
"""One of two networks with the same layers and the same loss: its sum over the outputs, or its mean, in turn."""

NEEDS_BATCH = [name for name in NETWORKS if name.startswith("batch normalization")]
"""Networks that compute with the mean and variance of a batch."""

DROPPING = [name for name, made in DESCRIBED.items() if any("dropout" in one for one in made["layers"])]
