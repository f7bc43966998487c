"""Small networks for a test of every language: normalizations, rows that are selected with slopes of 0, and names."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from nngen.description.model import Spec
from nngen.proof.compiled import Module
from nngen.targets import TARGETS
from tests.support.languages import module
from tests.support.network import FROZEN, coupled
from tests.support.specs_strategy import read

NORMALIZATIONS: tuple[Mapping[str, Any] | None, ...] = (
    None,
    {"name": "layer_norm"},
    {"name": "rms_norm", "of": "activations"},
    {"name": "batch_norm"},
)
OPTIMIZERS: tuple[Mapping[str, Any], ...] = (
    {"name": "momentum", "rate": 0.1},
    {"name": "gradient_descent", "rate": 0.1},
    {"name": "nesterov", "rate": 0.1},
    {"name": "adam", "rate": 0.1},
)


def _spec(
    name: str, inputs: Any, layers: Any, loss: Mapping[str, Any], training: Mapping[str, Any], **more: Any
) -> Spec:
    described = {"name": name, "inputs": inputs, "layers": layers, "loss": loss, "training": training}
    return read(
        described
        | {"initial": {"weights": {"name": "normal", "deviation": 2.0 if layers[0].get("kind") else 0.5}, "seed": 2}}
        | more
    )


def _normalized() -> Iterator[Spec]:
    """A network with each normalization, and at the same time each optimizer, with and without dropout."""
    for place, (over, optimizer) in enumerate(zip(NORMALIZATIONS, OPTIMIZERS, strict=True)):
        hidden = {"name": "h", "units": 3, "activation": "tanh"} | ({"normalization": over} if over else {})
        layers = [hidden | ({"dropout": 0.5} if place % 2 else {}), {"name": "o", "units": 2, "activation": "softmax"}]
        training = {"optimizer": optimizer, "batch_size": 2}
        training |= {"decay": 0.05} if place < 2 else {}
        training |= {"clip": {"name": "norm", "most": 0.1}} if place == 1 else {}
        yield _spec(f"net{place}", ["x1", "x2"], layers, {"name": "cross_entropy"}, training)


def _held() -> Iterator[Spec]:
    """Networks in which no matrix learns, so that nothing of their products is needed backwards."""
    training = {"optimizer": {"name": "momentum", "rate": 0.1}, "batch_size": 2}
    for name, more in (("biases", {}), ("shift", {"normalization": "batch_norm", "bias": False})):
        layer = {"name": "o", "units": 2, "activation": "linear", "weights": FROZEN, **more}
        yield _spec(name, ["x1", "x2"], [layer], {"name": "squared_error"}, training)


MONOTONE = [{"name": "x1", "monotone": "increasing"}, "x2", {"name": "x3", "monotone": "decreasing"}]


def _monotone() -> Iterator[Spec]:
    """Networks whose weights keep their signs, in matrices beside others; one of these is frozen."""
    loss, descent = {"name": "binary_cross_entropy"}, {"name": "gradient_descent", "rate": 0.5}
    for name, units, more, held, training in (
        ("signs", 2, {}, {}, {"optimizer": descent}),
        ("gains", 3, {"normalization": "batch_norm"}, {"weights": FROZEN}, {"optimizer": OPTIMIZERS[3], "decay": 0.05}),
    ):
        layers = [
            {"name": "h", "units": units, "activation": "tanh", **more},
            {"name": "g", "units": units - 1, "activation": "relu", "from": ["h", "x"], **held},
            {"name": "o", "units": 1, "activation": "sigmoid"},
        ]
        yield _spec(name, MONOTONE, layers, loss, {**training, "batch_size": 2})


NORMALIZED = [*_normalized(), *_held(), *_monotone()]

HINGE = {"name": "hinge"}
IDS = [{"name": "user", "ids": 5}, {"name": "item", "ids": 4}]
TABLES = [
    {"name": "p", "kind": "embedding", "from": "user", "units": 2},
    {"name": "q", "kind": "embedding", "from": "item", "units": 2},
]


def _rows() -> Iterator[Spec]:
    """Networks with ids, for each way in which a row with slopes of 0 can move."""
    ratings = [*TABLES, {"name": "score", "kind": "dot", "from": ["p", "q"], "bias": True}]
    classes = [*TABLES, {"name": "score", "units": 1, "activation": "linear", "from": ["p", "q", "x"]}]
    both = [*TABLES, {"name": "h", "units": 2, "activation": "tanh", "from": "x"}]
    both += [{"name": "score", "units": 1, "activation": "linear", "from": ["p", "h", "q"]}]
    still = [TABLES[0] | {"weights": FROZEN}, *ratings[1:]]
    descent, momentum = {"name": "gradient_descent", "rate": 0.1}, {"name": "momentum", "rate": 0.1}
    for name, layers, loss, optimizer, more in (
        ("decay", ratings, HINGE, descent, {"decay": 0.5}),
        ("momentum", ratings, HINGE, momentum, {}),
        ("nesterov", classes, {"name": "hinge", "example_weights": True}, {"name": "nesterov", "rate": 0.1}, {}),
        ("frozen", still, {"name": "squared_error"}, momentum, {"decay": 0.1}),
        ("still", [TABLES[0] | {"weights": FROZEN}, TABLES[1] | {"weights": FROZEN}, ratings[2]], HINGE, momentum, {}),
        ("clipped", ratings, HINGE, descent, {"decay": 0.5, "clip": {"name": "norm", "most": 0.01}}),
        ("dense", ratings, HINGE, momentum, {"decay": 0.1, "embeddings": "dense"}),
        ("adam", classes, HINGE, {"name": "adam", "rate": 0.1}, {"decay": 0.01}),
        ("signed", both, HINGE, {"name": "adam", "rate": 0.5}, {}),
    ):
        numbers = ["x1"] if layers is classes else MONOTONE[:2] if layers is both else []
        training = {"optimizer": optimizer, "batch_size": 1, "shuffle": False, **more}
        yield _spec(name, [*IDS, *numbers], layers, loss, training)


ROWS = list(_rows())
"""A hinge whose margin is kept has a slope of exactly 0."""

KINDS = ["XOR", "W", "k", "M10", "A_B", "N" * 40, "m" * 40, "x__y_", "aB3" * 13, "망", "가나_2", "Ñandú"]
KINDS += ["driver", "answer", "given"]  # names of the program that calls the modules
"""Names of every kind that a spec accepts."""


WORDS = (
    "turn soon best share since next order picked span number text found place_in placeIn first rest row rows drawn"
    " total measured start stop bits uniform normal orthogonal keep add add_outer addOuter affine dot fn chan"
    " mut impl end local nil until copy append make crate native unsafe echo array w_h_x new_w t_row params slopes"
).split()
"""Names of formulas that some language has for something else: its own words, functions and local names of modules."""


def _with_words() -> Iterator[Spec]:
    """Networks whose activations have such names, each long enough to be a function."""
    for first in range(0, len(WORDS), 20):
        names = WORDS[first : first + 20]
        layers = [{"name": f"l{place}", "units": 1, "activation": name} for place, name in enumerate(names)]
        own = {name: {"value": "z + sin(z) / 4 + cos(z) / 8"} for name in names}
        training = {"optimizer": {"name": "adam", "rate": 0.1}, "batch_size": 2}
        more = {"activations": own, "initial": {"weights": {"name": "orthogonal"}, "seed": 2}}
        yield _spec(f"words{first}", ["x1", "x2"], layers, {"name": "squared_error"}, training, **more)


NAMES = list(_with_words())


def _named() -> Iterator[Spec]:
    """A network with each kind of name, which its layers, units, inputs and columns have in other orders."""
    for place in range(len(KINDS)):
        name, layer, unit, output, number, ids, category = [*KINDS[place:], *KINDS[:place]][:7]
        inputs = [
            {"name": ids, "ids": ["a", "b"], "unknown": "row"},
            {"name": number, "missing": 0.5, "indicator": True},
            {"name": category, "categories": ["c", "d"]},
        ]
        layers = [
            {"name": layer, "kind": "embedding", "from": ids, "units": 2},
            {"name": "h", "units": [unit, "other"], "activation": "tanh", "from": [layer, "x"]},
            {"name": output, "units": 2, "activation": "softmax"},
        ]
        if place % 2:  # with equations for each weight, which have no ids
            inputs, layers = inputs[1:], [{"name": layer, "units": [unit, "other"], "activation": "tanh"}, layers[-1]]
        described = {"name": name, "inputs": inputs, "layers": layers, "loss": "cross_entropy"}
        training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}}
        yield read(described | {"training": training, "data": {"classes": ["no", "yes"]}})


NAMED = list(_named())


def named(target: str) -> list[Spec]:
    """Those that a language can have: Lua's names are of ASCII."""
    plain = TARGETS[target].ascii
    return [
        spec for spec in NAMED if not plain or json.dumps(spec.model_dump(mode="json"), ensure_ascii=False).isascii()
    ]


def modules(target: str) -> Iterator[Module]:
    """All of these networks in a language: normalizations in each form and number type, the others by turns."""
    turn = [*TARGETS].index(target)
    narrow = ["float64", "float32"] if target in ("numpy", "c") or TARGETS[target].narrow else ["float64"]
    for width, dtype in enumerate(narrow):
        numbers = {"dtype": dtype} if len(narrow) > 1 else {}
        for unroll in ("weights", "layers") if target != "numpy" else ("layers",):
            form = numbers | ({"unroll": unroll} if target != "numpy" else {})
            for spec in NORMALIZED:
                if unroll == "layers" or not coupled(spec):
                    yield module(spec, target, name=f"{spec.name}_{unroll}_{dtype}", form=form)
        for spec in [*ROWS, *NAMES][(turn + width) % len(narrow) :: len(narrow)]:
            yield module(spec, target, name=f"{spec.name}_{dtype}", form=numbers)
    unnamed = TARGETS[target].unnamed
    for place, spec in enumerate(named(target)):
        refused = unnamed is not None and unnamed.fullmatch(spec.name)  # Go imports no package of such a name
        yield module(spec, target, name=f"named{place}" if refused else "")
