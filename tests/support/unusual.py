"""Unusual networks and trainings."""

from collections.abc import Sequence
from itertools import cycle
from typing import Any

from nngen.description.model.names import MAX_NAME
from tests.support.networks import OWN, OWN_LOSSES
from tests.support.penalties import PENALTY
from tests.support.stopping import STOP
from tests.support.trainings import CLIP, OPTIMIZER, SCHEDULE

Layer = dict[str, Any]

GROWN = {"value": "1.5**z * where(z > 0, 2**(z / 8), 1)"}
"""With powers that might be too large, for which a page has a function."""

FROZEN = {"trainable": False}

LENGTHS = (MAX_NAME, 3, 12, 22, 32)
"""Lengths of names, so that lines end on both sides of the margin; test_margin tries each length near it."""

MANY = 210
"""Terms that a page writes as three sums, since a sum may have 100."""


def name(start: str, length: int) -> str:
    return start.ljust(length, "n")


def network(length: int, layers: Sequence[Layer], loss: str = "squared_error", **more: Any) -> dict[str, Any]:
    """A network with names of some length; layers are ``a``, ``b``, ... and what feeds them is said by such letters."""
    letters = {letter: name(letter, length) for letter in "abcdef"} | {"x": "x"}
    spelled = []
    for letter, layer in zip("abcdef", layers, strict=False):
        units = layer["units"]
        named = [name(f"{letter}{unit}", length) for unit in range(units)] if units < 10 else units
        sources = {"from": [letters[source] for source in layer["from"]]} if "from" in layer else {}
        spelled.append({"activation": "tanh", **layer, "name": letters[letter], "units": named, **sources})
    return {
        "name": name("net", length),
        "inputs": [name(f"i{index}", length) for index in range(3)],
        "layers": spelled,
        "loss": {"name": loss, **more.pop("convention", {"outputs": "mean"})},
        "training": {"optimizer": {"name": "gradient_descent", "rate": 0.123456789}, "batch_size": 4},
    } | more


def networks() -> dict[str, dict[str, Any]]:
    """Networks by name."""
    made: dict[str, dict[str, Any]] = {}
    batch = cycle(["mean", "sum"])
    outputs = cycle(["sum", "sum", "mean"])
    lengths = cycle(LENGTHS)
    pairs = [(loss, last) for loss in ("squared_error", "half_squared_error") for last in "linear sigmoid tanh".split()]
    pairs += [("squared_error", "relu"), ("half_squared_error", "softmax")]
    pairs += [("binary_cross_entropy", "sigmoid"), ("cross_entropy", "softmax"), ("perceptron", "step")]
    for loss, last in pairs:
        for units in (1, 3) if last != "softmax" else (2, 4):
            convention = {"outputs": next(outputs), "batch": next(batch)}
            optimizer: Any = "perceptron" if loss == "perceptron" else {"name": "gradient_descent", "rate": 0.1}
            below: Layer = {"weights": FROZEN, "bias": FROZEN} if loss == "perceptron" else {}
            layers: list[Layer] = [{"units": 2, "activation": "sigmoid", **below}, {"units": units, "activation": last}]
            training = {"optimizer": optimizer, "shuffle": False}
            made[f"{loss}_{last}_{units}"] = network(
                next(lengths), layers, loss, convention=convention, training=training
            )
    for index, length in enumerate(LENGTHS):
        hidden: list[Layer] = [
            {"units": 3, "activation": "sigmoid"},
            {"units": 2, "activation": "relu", "from": ["x", "a"]},
            {"units": 3, "activation": "softmax", "from": ["b", "a"], "bias": False},
            {"units": 2, "activation": "softmax", "from": ["c", "b"]},
        ]
        schemes = {"weights": {"name": "normal", "mean": 0.123, "deviation": 1.5}, "biases": "uniform", "seed": 7}
        made |= weighed(index, length)
        made[f"skip_{length}"] = network(length, hidden, "cross_entropy", initial=schemes)
        drawn: list[Layer] = [
            {"units": 2, "weights": {"initial": {"name": "orthogonal", "gain": 1.4142135623730951, "seed": 123456789}}},
            {"units": 3, "from": ["x", "a"], "bias": {"initial": "he_truncated"}},
            {"units": 1, "from": ["b", "x"]},
        ]
        cut = {"name": "truncated_normal", "mean": 0.123, "deviation": 1.5, "cut": 2.5}
        if index % 2:
            made[f"cut_{length}"] = network(length, drawn[:2], initial={"weights": cut, "biases": "lecun_truncated"})
        else:
            made[f"orthogonal_{length}"] = network(length, drawn, initial={"weights": "orthogonal", "biases": cut})
        frozen: list[Layer] = [
            {"units": 4, "activation": "step", "weights": FROZEN, "bias": FROZEN},
            {"units": 3, "activation": "relu", "weights": FROZEN},
            {"units": 2, "activation": "linear", "bias": FROZEN},
        ]
        if index % 2:
            made[f"frozen_{length}"] = network(length, frozen)
        else:
            made[f"values_{length}"] = network(length, [{"units": 5, **given(5, 3)}, {"units": 1, **given(1, 5)}])
    for title, training in trainings():
        learning: list[Layer] = [
            {"units": 3, "bias": FROZEN},
            {"units": 2, "activation": "sigmoid", "from": ["a", "x"]},
        ]
        convention = {"outputs": "sum", "batch": next(batch)}
        made[title] = network(next(lengths), learning, convention=convention, training=training)
    many: list[Layer] = [{"units": 2}, {"units": 2}, {"units": 2}, {"units": 2, "from": ["a", "b", "c", "x"]}]
    many += [{"units": 2, "from": ["d", "c", "b", "a", "x"]}]
    made["many_ways"] = network(12, many)
    made["many_long_ways"] = network(MAX_NAME, many)
    for length, activation, loss in zip(cycle(LENGTHS), OWN, cycle(OWN_LOSSES), strict=False):
        last = {"focal": "soft_step"}.get(loss, "linear")
        own: list[Layer] = [{"units": 3, "activation": activation}, {"units": 2, "activation": last}]
        formulas = {"activations": {name: OWN[name] for name in (activation, last) if name in OWN}}
        formulas["losses"] = {loss: OWN_LOSSES[loss]}
        made[f"own_{activation}_{loss}"] = network(length, own, loss, **formulas)
    made["own_power"] = network(3, [{"units": 2, "activation": "grown"}], activations={"grown": GROWN})
    made["wide"] = network(9, [{"units": MANY, "activation": "relu"}, {"units": 2}])
    made["wide_input"] = network(9, [{"units": 1, "activation": "sigmoid"}], inputs={"name": "pixel", "size": MANY})
    classes = {"outputs": "sum", "class_weights": [1.0 + k for k in range(MANY)], "example_weights": True}
    made["wide_weights"] = network(7, [{"units": MANY, "activation": "softmax"}], "cross_entropy", convention=classes)
    shared = {"outputs": "sum", "class_weights": [1.0 + k for k in range(MANY)], "batch": "weighted_mean"}
    made["wide_shares"] = network(7, [{"units": MANY, "activation": "softmax"}], "cross_entropy", convention=shared)
    made["wide_softmax"] = network(MAX_NAME, [{"units": 1}, {"units": MANY, "activation": "softmax"}], "cross_entropy")
    local = "total got size order batch start word h k w g a shape text file content error worst slope trial dz".split()
    made["inputs_with_the_names_of_locals"] = network(
        3, [{"units": 2, "activation": "sigmoid"}, {"units": 2, "activation": "softmax"}], "cross_entropy", inputs=local
    )
    words = "net 一 二 三 層 出".split()
    made["unicode"] = network(1, [{"units": 2}, {"units": 1}]) | {"inputs": words, "description": "日本語 " * 40}
    made["description"] = network(1, [{"units": 2}]) | {"description": 'A "\\frac{1}{2}", and {{ braces }}. ' * 9}
    return made


WEIGHTS: list[tuple[str, int, str, dict[str, Any]]] = [
    ("softmax", 4, "cross_entropy", {"class_weights": [1.0, 0.123456789, 0.0, 2.5], "example_weights": True}),
    ("sigmoid", 1, "binary_cross_entropy", {"class_weights": [0.123456789, 2.5]}),
    ("tanh", 3, "hinge", {"class_weights": [0.0, 1.0, 2.5], "batch": "weighted_mean"}),
    ("linear", 1, "squared_hinge", {"class_weights": [0.123456789, 2.5], "example_weights": True, "batch": "sum"}),
    ("linear", 3, "categorical_hinge", {"class_weights": [1.0, 0.0, 2.5], "batch": "weighted_mean"}),
    ("softmax", 2, "kl_divergence", {"class_weights": [1, 2], "example_weights": True, "batch": "weighted_mean"}),
    ("sigmoid", 1, "binary_cross_entropy", {"class_weights": [0.123456789, 2], "batch": "weighted_mean"}),
    ("linear", 2, "half_squared_error", {"example_weights": True}),
    ("linear", 1, "huber", {"example_weights": True, "batch": "weighted_mean"}),
]


def weighed(turn: int, length: int) -> dict[str, dict[str, Any]]:
    """Networks with weights of classes and of examples, each with one length of names; some have a rule to stop."""
    found = {}
    for index, (last, units, loss, weights) in enumerate(WEIGHTS):
        if (index + turn) % len(LENGTHS):
            continue
        stop = {"stop": {"name": "patience", "epochs": 3, "validation": 0.25}} if (index + length) % 2 else {}
        training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 4, **stop}
        layers: list[Layer] = [{"units": 2}, {"units": units, "activation": last}]
        convention = {"outputs": "sum", **weights}
        found[f"weights_{index}_{length}"] = network(length, layers, loss, convention=convention, training=training)
    return found


def trainings() -> list[tuple[str, dict[str, Any]]]:
    """Every optimizer, and beside two of them every schedule, clip, penalty and rule to stop."""
    found = [(f"by_{name}", {"optimizer": {"name": name, **options}}) for name, options in OPTIMIZER.items()]
    beside = {"schedule": SCHEDULE, "clip": CLIP, "penalty": PENALTY, "stop": STOP}
    more: dict[str, dict[str, Any]] = {"penalty": {"biases": True}, "stop": {"validation": 0.25}}
    extras = [(kind, name, options) for kind, entries in beside.items() for name, options in entries.items()]
    for (kind, name, options), optimizer in zip(extras, cycle(["momentum", "adam"]), strict=False):
        chosen = {"name": name, **options, **more.get(kind, {})}
        training = {"optimizer": {"name": optimizer, "rate": 0.1}, kind: chosen}
        found.append((f"{optimizer}_{kind}_{name}", training))
    places = {"name": "patience", "epochs": 9, "validation": [*range(0, 120, 3)], "every": 4}
    found.append(("momentum_stop_places", {"optimizer": {"name": "momentum", "rate": 0.1}, "stop": places}))
    return [(title, training) for title, training in found if title != "by_perceptron"]


def given(units: int, inputs: int) -> dict[str, Any]:
    """Initial values with many digits."""
    rows = [[(-1) ** j * (i + 1) / (j + 3) * 1e-7 for j in range(inputs)] for i in range(units)]
    return {"weights": {"initial": rows}, "bias": {"initial": [0.1 * i - 1e-9 for i in range(units)]}}


NETWORKS = networks()
