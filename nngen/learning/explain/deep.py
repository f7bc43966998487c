"""Networks of more layers: a page makes them from texts of stand-in sizes, since it cannot carry all of them.

With an equation for each layer, the sizes of the hidden layers are in the text of a network only as numbers: their
units, and the count and the start of each block of parameters. So a page carries one text for each number of hidden
layers, activation and penalty, and puts the numbers of the chosen sizes in place of those of the stand-ins.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Any

from nngen.common.diagnostics import SpecError
from nngen.description.model import Spec
from nngen.reading import checked

LAYERS = ("second", "third", "fourth")
"""The names of the hidden layers after the first."""

WIDEST = 8
"""The most units of a hidden layer that the page makes."""

PENALTIES = ("l1", "l2")
STRENGTH = 0.001
"""The strength of a penalty until the reader chooses another."""

SIZES = ((17, 19, 23, 29), (31, 37, 41, 43), (47, 53, 59, 61))
"""Sizes in place of those that a reader chooses: primes, so that their products are no other numbers of a text."""

_NUMBER = re.compile(r"\d+")


def sizes_for(spec: Spec) -> tuple[int, ...]:
    """Stand-in sizes that give no number of a spec."""
    known = {int(text) for text in _NUMBER.findall(json.dumps(document_of(spec)))}
    return next((sizes for sizes in SIZES if not known & numbers(spec, sizes)), SIZES[-1])


def numbers(spec: Spec, sizes: Sequence[int]) -> set[int]:
    """The numbers of hidden units, and the counts and starts of the blocks of parameters, for each number of layers."""
    found = set(sizes)
    inputs, outputs = len(spec.input_names), len(spec.layers[-1].unit_names)
    for depth in range(1, len(sizes) + 1):
        start = 0
        for rows, columns in pairwise((inputs, *sizes[:depth], outputs)):
            found |= {start, rows * columns, start + rows * columns}
            start += (rows + 1) * columns
        found.add(start)
    return found - {0}


def sketches(
    spec: Spec, activations: Sequence[str], sizes: Sequence[int], rate: float, strength: float
) -> Iterator[tuple[str, Spec]]:
    """Each network of stand-in sizes with its name, such as ``tanh 2 l1``: two hidden layers and a penalty.

    Networks that the checks of specs refuse are left out. Only one of each depth, activation and penalty is checked: to
    check all would take a third of the time of a page.
    """
    found = {depth: with_layers(spec, activations[-1], sizes[:depth]) for depth in range(len(sizes) + 1)}
    bases = {depth: made for depth, made in found.items() if made}
    kinds = {name: made.layers[0].activation for name in activations if (made := with_layers(spec, name, sizes[:1]))}
    penalties: dict[str, Any] = {"": None}
    for name in () if spec.training.penalty else PENALTIES:
        if made := with_layers(spec, "", (), (name, strength)):
            penalties[name] = made.training.penalty
    for (depth, base), (penalty, term) in product(bases.items(), penalties.items()):
        training = base.training.model_copy(update={"penalty": term}) if penalty else base.training
        for activation, kind in kinds.items() if depth else [("", None)]:
            hidden = [layer.model_copy(update={"activation": kind}) for layer in base.layers[:-1]]
            made = base.model_copy(update={"layers": (*hidden, base.layers[-1]), "training": training})
            yield " ".join(filter(None, (activation, str(depth), penalty))), with_rate(made, rate)


def with_layers(
    spec: Spec,
    activation: str,
    sizes: Sequence[int],
    penalty: tuple[str, float] | None = None,
    *,
    by_layer: bool = True,
) -> Spec | None:
    """The spec with hidden layers of these sizes one after the other; with ``by_layer`` each has an equation.

    None if the checks of specs refuse it.
    """
    document = document_of(spec)
    same = [len(layer.unit_names) for layer in spec.layers[:-1]] == [*sizes]
    *hidden, output = document["layers"] if same else map(fitting, document["layers"])
    first = hidden[0] if hidden else {"name": "hidden", "units": ["h"]}
    layers: list[dict[str, Any]] = []
    for name, size in zip((first["name"], *LAYERS), sizes, strict=False):
        layer = first if not layers else {"name": name, "units": 1}
        layers.append({**layer, "units": layer["units"] if same else units_like(layer["units"], size)})
        if not hidden or layer is not first or activation != spec.layers[0].activation.name:
            layers[-1]["activation"] = activation
    output = {**output}
    known = output.pop("from", None)
    if layers and isinstance(known, list):  # the last hidden layer in place of the first, and whatever skips both
        output["from"] = [layers[-1]["name"] if name == first["name"] else name for name in known]
    changed: dict[str, Any] = {**document, "layers": [*layers, output]}
    initial: Mapping[str, Any] = document.get("initial", {})
    weights = initial.get("weights", {})
    if layers and (weights == "zeros" or (isinstance(weights, dict) and weights.get("name") == "zeros")):
        changed["initial"] = {**initial, "weights": {"name": "glorot_uniform"}}  # equal units would stay equal
    if penalty:
        name, strength = penalty
        changed["training"] = {**document["training"], "penalty": {"name": name, "strength": strength}}
    if by_layer:
        changed["targets"] = [{"name": "javascript", "unroll": "layers"}]
    try:
        return checked(changed, "variant.json")
    except SpecError:
        return None


def document_of(spec: Spec) -> dict[str, Any]:
    """The fields that the spec sets."""
    return spec.model_dump(mode="json", by_alias=True, exclude_unset=True)


def with_rate(spec: Spec, rate: float) -> Spec:
    """The spec with another learning rate."""
    optimizer = spec.training.optimizer.model_copy(update={"rate": rate})
    return spec.model_copy(update={"training": spec.training.model_copy(update={"optimizer": optimizer})})


def fitting(layer: Mapping[str, Any]) -> dict[str, Any]:
    """A layer without initial values that are listed for each unit or input."""
    changed = {**layer}
    for part in ("weights", "bias"):
        found = changed.get(part)
        if isinstance(found, dict) and (found.get("initial") or {}).get("name") == "values":
            changed[part] = {key: value for key, value in found.items() if key != "initial"}
    return changed


def units_like(known: int | Sequence[str], count: int) -> int | list[str]:
    """As many units: `h1`, `h2` become `h1`, `h2`, `h3`."""
    if isinstance(known, int):
        return count
    stem = re.sub(r"\d+$", "", known[0]) or "h"
    return [f"{stem}{number}" for number in range(1, count + 1)]
