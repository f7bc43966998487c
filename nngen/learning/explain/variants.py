"""Variants of a small network: its spec with other hidden units, another hidden activation, another learning rate."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nngen.common.diagnostics import SpecError
from nngen.description.model import Spec
from nngen.mathematics.catalogue import KINDS
from nngen.reading import parse

ACTIVATIONS = ("sigmoid", "tanh", "relu", "linear")
"""The activations of the hidden layer, in addition to the spec's own."""

UNITS = (1, 2, 3, 4, 8)
"""The numbers of hidden units. Eight are enough for two spirals of a whole turn."""

MOST_INPUTS = 2
"""The inputs of a network with variants: more than two would not show on a plane."""

MOST_UNITS = 16
"""The units of a layer of a network with variants: a page carries the equations of all, and stays below a megabyte."""

STAND_INS = (0.40625, 0.59375, 0.71875, 0.84375)
"""Numbers in the place of the learning rate that a reader chooses, equally long and rare in specs."""

_DIGITS = re.compile("[0-9]+")

Shown = Callable[[Spec], tuple[str, dict[str, Any]]]
"""The part of a page that shows a network, and what the script knows of the network."""


@dataclass(frozen=True)
class Variant:
    """A network: the spec of the page, or one with another hidden layer."""

    activation: str
    """The activation of the hidden layer; empty if there is none."""
    units: int
    """The number of hidden units."""
    spec: Spec

    @property
    def key(self) -> str:
        """Its name on the page, such as ``tanh 3``; ``0`` without a hidden layer."""
        return f"{self.activation} {self.units}".strip()


def varies(spec: Spec) -> bool:
    """Whether the page of a spec offers variants: few inputs, at most one hidden layer, a loss with a slope."""
    plain = all(KINDS[layer.kind].dense and layer.normalization is None and not layer.dropout for layer in spec.layers)
    narrow = len(spec.input_names) <= MOST_INPUTS and all(len(layer.unit_names) <= MOST_UNITS for layer in spec.layers)
    return plain and narrow and len(spec.layers) <= 2 and spec.loss.name != "perceptron"


def carried(spec: Spec, shown: Shown) -> str:
    """The variants of a spec as JSON for a script element.

    Each is a list of lines that many of them share: pairs of a start and a count. A line is the number of its form,
    which has a zero in place of each number, and these numbers. In place of the learning rate stands a number that the
    page replaces.
    """
    known = json.dumps(_document(spec))
    rate, other = [number for number in STAND_INS if str(number) not in known][:2]
    lines: dict[str, int] = {}
    forms: dict[str, int] = {}
    networks = {}
    for variant in variants(spec, rate):
        text, facts = shown(variant.spec)
        places = [lines.setdefault(line, len(lines)) for line in text.split("\n")]
        networks[variant.key] = {"lines": list(_runs(places)), "facts": facts}
    first, again = (shown(next(variants(spec, number)).spec)[0] for number in (rate, other))
    assert first.replace(str(rate), str(other)) == again  # noqa: S101 (the rate is nowhere part of another number)
    data = {
        "own": own(spec).key,
        "rate": spec.training.optimizer.options["rate"],
        "standIn": str(rate),
        "networks": networks,
        "lines": [
            " ".join((str(forms.setdefault(_DIGITS.sub("0", line), len(forms))), *_DIGITS.findall(line)))
            for line in lines
        ],
        "forms": list(forms),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!", "\\u003c!")


def _runs(places: Sequence[int]) -> Iterator[int]:
    """Consecutive numbers as pairs of a start and a count."""
    start = 0
    for end in range(1, len(places) + 1):
        if end == len(places) or places[end] != places[end - 1] + 1:
            yield from (places[start], end - start)
            start = end


def _document(spec: Spec) -> dict[str, Any]:
    return spec.model_dump(mode="json", by_alias=True, exclude_unset=True)


def own(spec: Spec) -> Variant:
    """The network of a spec itself."""
    if len(spec.layers) == 1:
        return Variant("", 0, spec)
    hidden = spec.layers[0]
    return Variant(hidden.activation.name, len(hidden.unit_names), spec)


def variants(spec: Spec, rate: float) -> Iterator[Variant]:
    """All networks that a page offers, the spec's own first, each with this learning rate.

    A variant that the checks of specs refuse is left out, such as one whose units would have the name of an input.
    """
    first = own(spec)
    pairs = [(first.activation, first.units), ("", 0)]
    activations = [first.activation] * bool(first.activation) + [*ACTIVATIONS]
    pairs += [(name, count) for name in activations for count in sorted({*UNITS, first.units} - {0})]
    document = _document(spec)
    for activation, units in dict.fromkeys(pairs):
        try:
            yield Variant(activation, units, _with_rate(_with_hidden(document, spec, activation, units), rate))
        except SpecError:
            continue


def _with_rate(spec: Spec, rate: float) -> Spec:
    optimizer = spec.training.optimizer.model_copy(update={"rate": rate})
    return spec.model_copy(update={"training": spec.training.model_copy(update={"optimizer": optimizer})})


def _with_hidden(document: Mapping[str, Any], spec: Spec, activation: str, units: int) -> Spec:
    """The spec with a hidden layer of these units, or without any.

    Raises:
        SpecError: the checks of specs refuse it.
    """
    first = own(spec)
    if (activation, units) == (first.activation, first.units):
        return spec
    output = _fitting(document["layers"][-1])
    if not units:
        output.pop("from", None)
        return _parsed({**document, "layers": [output]})
    if first.units:
        hidden = {**document["layers"][0]}
        if units != first.units:
            hidden = {**_fitting(hidden), "units": _units(hidden["units"], units)}
        else:
            output = document["layers"][-1]
        if activation != first.activation:
            hidden["activation"] = activation
    else:
        hidden = {"name": "hidden", "units": _units(["h"], units), "activation": activation}
        output["from"] = "hidden"
    changed = {**document, "layers": [hidden, output]}
    initial = document.get("initial", {})
    if initial.get("weights", {}).get("name") == "zeros":  # equal units would stay equal
        changed["initial"] = {**initial, "weights": {"name": "glorot_uniform"}}
    return _parsed(changed)


def _parsed(document: Mapping[str, Any]) -> Spec:
    return parse(json.dumps(document), "variant.json")


def _fitting(layer: Mapping[str, Any]) -> dict[str, Any]:
    """A layer without initial values that are listed for each unit or input."""
    changed = {**layer}
    for part in ("weights", "bias"):
        found = changed.get(part)
        if isinstance(found, dict) and (found.get("initial") or {}).get("name") == "values":
            changed[part] = {key: value for key, value in found.items() if key != "initial"}
    return changed


def _units(known: int | Sequence[str], count: int) -> int | list[str]:
    """As many units: `h1`, `h2` become `h1`, `h2`, `h3`."""
    if isinstance(known, int):
        return count
    stem = re.sub(r"\d+$", "", known[0]) or "h"
    return [f"{stem}{number}" for number in range(1, count + 1)]
