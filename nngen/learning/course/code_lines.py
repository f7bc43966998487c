"""The lines of a network's modules by the names that they assign: a lesson shows the line of each step."""

import re
from collections.abc import Mapping
from functools import cache

from nngen.learning.course.given import Given
from nngen.plan import Plan
from nngen.targets import texts

TARGETS = {"Python": "python", "NumPy": "numpy", "JavaScript": "javascript", "C": "c"}
"""The languages that a lesson offers, each with its target."""

_ASSIGNED = re.compile(
    r"^ {2,4}(?:const double |const )?(?P<name>\w+)(?:: [\w.]+)? = .+(?:\n {4,}(?:   +).+)*", re.MULTILINE
)
_STEP = re.compile(r"^.*(?:def step|function _update|_step)\(", re.MULTILINE)
_CHANGES = re.compile(r"\b([a-z]\w*) - [^,\n\]]+")
"""The change of a parameter in a list of all."""
_CHANGED = re.compile(r"^ +(return \[.* - .*\]|[^,\n]* - [^,\n]*)", re.MULTILINE)
"""The change in a step: of all parameters at once, or of the first one of a list."""


@cache
def code_lines(given: Given) -> Mapping[str, Mapping[str, str]]:
    """For each language the lines that assign a value of a unit or a derivative; ``step`` and ``step NAME``: a change.

    NumPy computes whole layers: the name of a unit leads to the line of its layer.
    """
    spec, folder, layers = given.spec, given.path.parent, _layers(given.plan)
    return {language: _lines(texts(spec, folder, [target])[target], layers) for language, target in TARGETS.items()}


def _lines(text: str, layers: Mapping[str, str]) -> dict[str, str]:
    """The lines of a module by the names that they assign."""
    own = {found["name"]: _bare(found[0]) for found in reversed([*_ASSIGNED.finditer(text)])}
    known = {name: own.get(name, own.get(layer, "")) for name, layer in layers.items()}
    if step := _STEP.search(text):
        changed = _CHANGED.search(text, step.end())
        known["step"] = changed[1] if changed else ""
        changes = _CHANGES.finditer(text, step.end(), text.find("\n\n", step.end()))
        known |= {f"step {found[1]}": found[0] for found in changes if f"d{found[1]}" in layers}
    return {name: line for name, line in known.items() if line}


def _bare(text: str) -> str:
    """A statement without the spaces before it."""
    return "\n".join(line.removeprefix("    ") for line in text.strip().splitlines())


def _layers(planned: Plan) -> dict[str, str]:
    """The names of the values of units and of the derivatives of weights, each with that of its whole layer."""
    names = {"loss": "loss"}
    for layer in planned.layers:
        for symbol in ("z", "a", "da", "dz"):
            names |= {f"{symbol}_{unit}": f"{symbol}_{layer.name}" for unit in layer.units}
    for block in planned.blocks:
        names |= {f"d{name}": f"d{block.name}" for row in block.rows for name in row}
    return names
