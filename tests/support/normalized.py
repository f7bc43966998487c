"""Small networks with normalization, with dropout and with both, and what these meet in training."""

from collections.abc import Mapping

from tests.support.network import FROZEN, Described, described, layer

LAYER, RMS, BATCH = "layer_norm", "rms_norm", {"name": "batch_norm", "momentum": 0.3}
NORMALIZED: dict[str, Described] = {
    "layer normalization": described(
        [layer("h", 4, "tanh", normalization=LAYER), layer("o", 2, "linear", normalization=RMS)], "squared_error"
    ),
    "normalization of activations": described(
        [
            layer("h1", 4, "relu", normalization={"name": "layer_norm", "of": "activations", "epsilon": 0.1}),
            layer("h2", 3, "softmax", normalization={"name": "rms_norm", "of": "activations"}, sources=["h1", "x"]),
            layer("o", 3, "softmax", normalization=LAYER),
        ],
        "cross_entropy",
        "mean",
    ),
    "normalization, frozen": described(
        [
            layer("h0", 3, "gelu", weights=FROZEN, bias=False, normalization=LAYER),
            layer("h1", 3, "tanh", weights=FROZEN, bias=FROZEN, normalization={"name": "rms_norm", **FROZEN}),
            # of two units, normalization leaves signs, and a slope that is rounding in its tenth digit
            layer("o", 3, "sigmoid", normalization={"name": "layer_norm", **FROZEN}),
        ],
        "binary_cross_entropy",
        "sum",
        "sum",
    ),
    "normalization of activations, frozen below": described(
        [
            layer(
                "h", 3, "tanh", weights=FROZEN, bias=FROZEN, normalization={"name": "layer_norm", "of": "activations"}
            ),
            layer("o", 2, "linear"),
        ],
        "squared_error",
    ),
    "dropout": described(
        [
            layer("h1", 5, "tanh", dropout=0.4),
            layer("h2", 4, "relu", dropout=0.25, normalization={"name": "layer_norm", "of": "activations"}),
            layer("h3", 3, "gelu", sources=["h1", "h2"], dropout=0.1, normalization=LAYER),
            layer("o", 2, "sigmoid"),
        ],
        "binary_cross_entropy",
    ),
    "dropout around a layer": described(
        [
            layer("h1", 3, "tanh", dropout=0.4),
            layer("h2", 4, "tanh"),
            layer("h3", 3, "tanh", dropout=0.4),
            layer("o", 2, "linear"),
        ],
        "squared_error",
    ),
}
BATCHES: Mapping[str, object] = {"optimizer": {"name": "gradient_descent", "rate": 0.05}, "batch_size": 4}
DECAYED: Mapping[str, object] = {**BATCHES, "penalty": {"name": "l2", "strength": 0.01}}
STOPPED: Mapping[str, object] = {**DECAYED, "stop": {"name": "patience", "epochs": 2, "validation": 0.3}}
NORMALIZED |= {
    "batch normalization": described(
        [layer("h", 4, "tanh", normalization=BATCH, bias=False), layer("o", 2, "sigmoid")],
        "binary_cross_entropy",
        training=BATCHES,
    ),
    "batch normalization and all the rest": described(
        [
            layer("h1", 4, "gelu", normalization=BATCH, dropout=0.5),
            layer(
                "h2", 3, "softmax", normalization=BATCH | {"of": "activations", "correction": 0}, sources=["h1", "x"]
            ),
            layer("h3", 3, "tanh", normalization=RMS, dropout=0.2, sources=["h2", "h1"]),
            layer("o", 3, "softmax", normalization=LAYER),
        ],
        "cross_entropy",
        "mean",
        "sum",
        training={**BATCHES, "penalty": {"name": "l2", "strength": 0.01, "biases": True}},
    ),
    "batch normalization, frozen": described(
        [
            layer("h", 4, "tanh", weights=FROZEN, bias=FROZEN, normalization={"name": "batch_norm", **FROZEN}),
            layer("o", 2, "linear", normalization=BATCH),
        ],
        "huber",
        training=BATCHES,
    ),
    "batch normalization, weights of classes": described(
        [layer("h", 4, "tanh", normalization=BATCH, dropout=0.5), layer("o", 3, "softmax")],
        {"name": "cross_entropy", "class_weights": [1.0, 2.0, 0.5], "example_weights": True},
        batch="weighted_mean",
        training=BATCHES,
    ),
    "batch normalization, weights of examples": described(
        [layer("h", 4, "tanh", normalization=BATCH), layer("o", 2, "linear")],
        {"name": "squared_error", "example_weights": True},
        training=STOPPED,
    ),
    "batch normalization, shares of examples": described(
        [layer("h", 4, "tanh", normalization=BATCH), layer("o", 2, "linear")],
        {"name": "squared_error", "example_weights": True},
        batch="weighted_mean",
        training={
            **BATCHES,
            "penalty": {"name": "l1", "strength": 0.01},
            "stop": {"name": "target", "target": 1.0, "validation": 0.3},
        },
    ),
    "batch normalization, weights of both kinds": described(
        [layer("h", 4, "tanh", normalization=BATCH), layer("o", 3, "softmax")],
        {"name": "cross_entropy", "class_weights": [1.0, 2.0, 0.5], "example_weights": True},
        training={**BATCHES, "penalty": {"name": "l2", "strength": 0.01}},
    ),
    "batch normalization, weights of two classes": described(
        [layer("h", 4, "tanh", normalization=BATCH), layer("o", 1, "sigmoid")],
        {"name": "binary_cross_entropy", "class_weights": [1.0, 3.0]},
        training=BATCHES,
    ),
    "batch normalization, shares of classes": described(
        [layer("h", 4, "tanh", normalization=BATCH), layer("o", 3, "softmax")],
        {"name": "cross_entropy", "class_weights": [1.0, 2.0, 0.5]},
        batch="weighted_mean",
        training=STOPPED,
    ),
    "dropout, weights": described(
        [layer("h", 5, "tanh", dropout=0.4), layer("o", 3, "softmax")],
        {"name": "cross_entropy", "class_weights": [1.0, 2.0, 0.5], "example_weights": True},
    ),
    "dropout, shares": described(
        [layer("h", 5, "tanh", dropout=0.4), layer("o", 1, "sigmoid")],
        {"name": "binary_cross_entropy", "class_weights": [1.0, 2.0]},
        batch="weighted_mean",
    ),
    "batch normalization, judged together": described(
        [layer("h", 4, "tanh", normalization=BATCH), layer("o", 3, "linear")], "categorical_hinge", training=BATCHES
    ),
}
