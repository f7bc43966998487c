"""Variants of a small network: its spec with other hidden units, another hidden activation, another learning rate."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from nngen.common.records import dataclass
from nngen.description.model import Spec
from nngen.learning.explain import deep
from nngen.learning.explain.deep import document_of, with_layers, with_rate
from nngen.mathematics.catalogue import KINDS

ACTIVATIONS = ("sigmoid", "tanh", "relu", "linear")
"""The activations of the hidden layer, in addition to the spec's own."""

UNITS = (1, 2, 3, 4, 8)
"""The numbers of units of a single hidden layer with an equation for each weight."""

MOST_INPUTS = 12
"""The inputs of a network with variants."""

FEW_INPUTS = 2
"""Up to so many inputs, a variant has an equation for each weight; with more, one for each layer."""

MOST_UNITS = 16
"""The units of a layer of a network with variants: a page carries the equations of all, and stays below a megabyte."""

STAND_INS = (0.40625, 0.59375, 0.71875, 0.84375)
"""Numbers in the place of the learning rate that a reader chooses, equally long and rare in specs."""

_DIGITS = re.compile("[0-9]+")

_LETTERS = "abcdefghijklmnopqrstuvwxyz_"

Shown = Callable[..., tuple[str, dict[str, Any]]]
"""From a spec to the part of a page that shows it, without a picture for ``sketch=True``, and what the script knows."""

Drawn = Callable[[Spec], tuple[str, dict[str, Any]]]
"""From a spec to its picture, and what the script knows."""


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


class _Lines:
    """Texts as lists of lines that many of them share.

    A text is a list of pairs of a start and a count. A line is the number of its form, which has a zero in place of
    each number, and these numbers.
    """

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}

    def places(self, text: str) -> list[int]:
        """The number of each line of a text."""
        return [self._lines.setdefault(line, len(self._lines)) for line in text.split("\n")]

    def add(self, text: str) -> list[int]:
        return list(_runs(self.places(text)))

    def known(self) -> dict[str, list[str]]:
        forms: dict[str, int] = {}
        lines = [
            " ".join((str(forms.setdefault(_DIGITS.sub("0", line), len(forms))), *_DIGITS.findall(line)))
            for line in self._lines
        ]
        return {"lines": lines, "forms": list(forms)}


def carried(spec: Spec, shown: Shown, drawn: Drawn) -> str:
    """The variants of a spec as JSON for a script element.

    In place of the learning rate, and of the strength of a penalty, stand numbers that the page replaces.
    """
    known = json.dumps(document_of(spec))
    rate, other, strength = [number for number in STAND_INS if str(number) not in known][:3]
    lines = _Lines()
    made = {variant.key: shown(variant.spec) for variant in variants(spec, rate)}
    networks = {key: {"lines": lines.add(text), "facts": facts} for key, (text, facts) in made.items()}
    first, again = made[own(spec).key][0], shown(with_rate(spec, other))[0]
    assert first.replace(str(rate), str(other)) == again  # noqa: S101 (the rate is nowhere part of another number)
    data = {
        "own": own(spec).key,
        "rate": spec.training.optimizer.options["rate"],
        "standIns": {"rate": str(rate), "strength": str(strength)},
        "networks": networks,
        "deep": _deep(spec, shown, drawn, lines, rate, strength),
        **lines.known(),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!", "\\u003c!")


def _deep(spec: Spec, shown: Shown, drawn: Drawn, lines: _Lines, rate: float, strength: float) -> dict[str, Any]:
    """Networks of up to four hidden layers: their texts without pictures, and a picture for each number of layers."""
    activations = list(dict.fromkeys(filter(None, (own(spec).activation, *ACTIVATIONS))))
    sizes = deep.sizes_for(spec)
    texts = {
        name: lines.places(shown(sketch, sketch=True)[0])
        for name, sketch in deep.sketches(spec, activations, sizes, rate, strength)
    }
    pictures = {}
    for depth in range(len(sizes) + 1):
        if made := with_layers(spec, activations[-1], [deep.WIDEST] * depth):
            text, facts = drawn(made)
            pictures[depth] = {"lines": lines.add(text), "facts": facts}
    return {
        "sizes": sizes,
        "widest": deep.WIDEST,
        "activations": activations,
        "penalties": [] if spec.training.penalty else deep.PENALTIES,
        "strength": deep.STRENGTH,
        "networks": dict(_differences(texts)),
        "pictures": pictures,
    }


def _differences(texts: Mapping[str, Sequence[int]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each list of lines, or what differs from that of another activation: a start, an end, and the lines between."""
    first: dict[str, str] = {}
    for name, places in texts.items():
        like = first.setdefault(name.lstrip(_LETTERS), name)
        if like == name:
            yield name, {"lines": list(_runs(places))}
            continue
        matcher = SequenceMatcher(None, texts[like], places)
        cuts = [
            [start, end, list(_runs(places[begin:stop]))]
            for kind, start, end, begin, stop in matcher.get_opcodes()
            if kind != "equal"
        ]
        yield name, {"like": like, "cuts": cuts}


def _runs(places: Sequence[int]) -> Iterator[int]:
    """Consecutive numbers as pairs of a start and a count."""
    start = 0
    for end in range(1, len(places) + 1):
        if end == len(places) or places[end] != places[end - 1] + 1:
            yield from (places[start], end - start)
            start = end


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
    if len(spec.input_names) > FEW_INPUTS:
        activations = []
    pairs += [(name, count) for name in activations for count in sorted({*UNITS, first.units} - {0})]
    for activation, units in dict.fromkeys(pairs):
        own_one = (activation, units) == (first.activation, first.units)
        made = spec if own_one else with_layers(spec, activation, [units] * bool(units), by_layer=False)
        if made:
            yield Variant(activation, units, with_rate(made, rate))
