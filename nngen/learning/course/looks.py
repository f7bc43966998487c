"""How the picture of a scene looks: the attributes of its heading, as the scripts of a lesson read them."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from nngen.common.diagnostics import SpecError, nearest
from nngen.common.text import joined
from nngen.learning.course.given import Given
from nngen.learning.course.text import Attribute, Cut, Source, known
from nngen.learning.explain import STAND_INS, with_rate
from nngen.plan import derivative_of, full_name
from nngen.targets import texts

FLAGS = "after bare code deltas keep loss quiet rates silent slopes story tangent target weights".split()
"""What is shown or not: ``quiet``, or ``deltas=no`` for what is shown otherwise; ``rates``: another rate."""

PICTURES = ("net", "plane", "graph", "none")
PARTS = "curve following points ratings reset status step table train".split()
"""Parts of the living page that a scene may borrow."""

OF_IDS = ("points", "ratings")
"""The parts that only a network with ids has; its picture has no place in a lesson."""

VALUED = ("beside", "drag", "edit", "example", "from", "graph", "nudge", "parts", "picture", "until")


class Looks:
    """Reads the attributes of scenes of a page."""

    def __init__(self, given: Given, source: Source) -> None:
        self.source = source
        self._given = given
        planned = given.plan
        self._ids = bool(given.spec.indices)
        pictures = [one for one in PICTURES if one != "plane" or len(planned.inputs) == 2]
        self._examples = 0 if given.spec.data is None else len(given.examples[0])
        parameters = tuple(name for block in planned.blocks for row in block.rows for name in row)
        units = [(layer, unit) for layer in planned.layers for unit in layer.units]
        values = [full_name(symbol, unit) for _, unit in units for symbol in ("z", "a", "da", "dz")]
        statements = ("start", "end", "loss", *values, *map(derivative_of, parameters))
        self._known: Mapping[str, tuple[tuple[str, ...], bool]] = {
            "until": (statements, True),
            "picture": (("none",) if self._ids else tuple(pictures), True),
            "parts": (tuple(part for part in PARTS if self._ids or part not in OF_IDS), True),
            "edit": (parameters, True),
            "drag": (parameters, False),
            "graph": (parameters, False),
            "nudge": (parameters, False),
        }
        """The words that a value may have, and whether it may have several."""
        self._readers = {"beside": self._beside, "example": self._example, "from": self._ends}
        """The function that reads each of the other values."""

    def of(self, attributes: list[Attribute]) -> dict[str, Any]:
        """The look that attributes ask for."""
        found: dict[str, Any] = {"picture": "none"} if self._ids else {}
        for one in known(attributes, (*FLAGS, *VALUED), self.source, "for scenes"):
            value = self._value(one.name, one.value)
            if value is not None:
                found[one.name.text] = value
        return found

    def _value(self, name: Cut, value: Cut | None) -> Any:
        if name.text in FLAGS:
            if value is None or value.text in ("yes", "no"):
                return value is None or value.text == "yes"
            return self.source.wrong(value, f"expected yes or no for {name.text}")
        if value is None:
            return self.source.wrong(name, f"{name.text!r} needs a value", f"as in {name.text}=…")
        if name.text in self._readers:
            return self._readers[name.text](value)
        allowed, several = self._known[name.text]
        words = value.words
        for word in words:
            if word.text not in allowed:
                advice = f"known: {joined(allowed[:20], 'and')}{' …' if len(allowed) > 20 else ''}"
                self.source.wrong(word, f"unknown {name.text} {word.text!r}", advice, nearest(word.text, allowed))
        if not words or (len(words) > 1 and not several):
            self.source.wrong(value, f"expected one name for {name.text}")
        return value.text

    def _example(self, value: Cut) -> int | None:
        if re.fullmatch(r"[1-9]\d{0,6}", value.text, re.ASCII) and int(value.text) <= self._examples:
            return int(value.text) - 1
        self.source.wrong(value, f"expected the number of an example, 1 to {self._examples}")
        return None

    def _beside(self, value: Cut) -> dict[str, Any]:
        """The modules of networks to train beside this one: the same, and those with other values in the spec."""
        modules = {"": _module(self._given)}
        for word in value.words:
            other = self._given.other(word.text)
            try:
                if other.spec != self._given.spec:
                    modules[word.text.partition("=")[2]] = _module(other)
                if [*map(np.shape, other.start)] != [*map(np.shape, self._given.start)]:
                    self.source.wrong(word, "a network beside has the same units and biases")
            except SpecError as error:
                self.source.wrong(word, error.diagnostics[0].message, error.diagnostics[0].help)
        rate = self._given.spec.training.optimizer.options["rate"]
        return {"rate": rate, "standIn": str(STAND_INS[0]), "modules": modules}

    def _ends(self, value: Cut) -> list[float] | None:
        found = re.fullmatch(r"(-?\d{1,6}) +(-?\d{1,6})", value.text, re.ASCII)
        if found and int(found[1]) < int(found[2]):
            return [int(found[1]), int(found[2])]
        self.source.wrong(value, "expected two whole numbers, the smaller one first", 'as in from="-4 8"')
        return None


@cache
def _module(given: Given) -> str:
    """The module of a network, with a number in place of its learning rate, and without a description."""
    spec = with_rate(given.spec.model_copy(update={"description": ""}), STAND_INS[0])
    return texts(spec, given.path.parent, ["javascript"])["javascript"]
