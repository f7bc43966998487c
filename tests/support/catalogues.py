"""Shared by the tests of the catalogues: a formula's value, its slope by differences, and its form in SymPy."""

import math
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.entry import Entry
from nngen.mathematics.catalogue.initializers import INITIALIZERS
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.mathematics.catalogue.optimizers import OPTIMIZERS
from nngen.mathematics.formulas.formula import Formula
from nngen.mathematics.formulas.lines import Line, line
from nngen.targets.targets import TARGETS

sympy: Any = import_module("sympy")  # it comes without types

Array = NDArray[np.float64]
Letters = Mapping[str, Any]

EXTREME = [
    s * z for z in (0.0, 1e-300, 1e-9, 0.1, 1.0, 3.7, 19.0, 37.0, 40.0, 300.0, 709.0, 745.0, 1000.0) for s in (1, -1)
]


def value(text: str, letters: Letters, target: str = "numpy") -> Any:
    """The value of a formula in a target's words."""
    written = Formula(text).write(TARGETS[target].words, lambda letter: letter)
    page: dict[str, Callable[..., Any]] = {  # what a page defines for itself
        "log1p": math.log1p,
        "erfc": np.vectorize(math.erfc, otypes=[float]),
        "sigmoid": lambda z: value(ACTIVATIONS["sigmoid"].value, {"z": z}, target),
        "_power": math.pow,
        "softplus": lambda z: value(ACTIVATIONS["softplus"].value, {"z": z}, target),
    }
    return eval(written, {"np": np, "math": math, **page, **letters})


def follow(lines: tuple[str, ...], letters: Letters, target: str = "numpy") -> dict[str, Any]:
    """The letters after some lines, for one example."""
    found = dict(letters)
    for made in map(line, lines):
        found[made.name] = _reduced(made, value(made.formula.text, found, target))
    return found


def _reduced(made: Line, values: Any) -> Any:
    reductions: dict[str, Callable[[Any], Any]] = {"unit": lambda v: v, "sum": np.sum, "max": np.max, "mean": np.mean}
    return reductions[made.kind](values)


def defaults(entry: Entry) -> dict[str, float]:
    """The options of an entry as they are unless a spec says otherwise; 0.5 for those that it has to give."""
    return {option.name: 0.5 if option.default is None else option.default for option in entry.options}


def others(entry: Entry) -> dict[str, float]:
    """Options that differ from those of the entry: half of them, within their bounds."""
    return {name: 0.5 * number for name, number in defaults(entry).items()}


def activate(name: str, z: Any, options: Mapping[str, float] | None = None, target: str = "numpy") -> Any:
    entry = ACTIVATIONS[name]
    options = defaults(entry) if options is None else options
    return value(entry.value, follow((*entry.across, *entry.steps), {"z": z, **options}, target), target)


def differences(function: Callable[[Any], Any], at: Any) -> Any:
    """A slope by central differences of the fourth order."""
    h = 1e-3
    return (8.0 * (function(at + h) - function(at - h)) - (function(at + 2 * h) - function(at - 2 * h))) / (12.0 * h)


def along_each(function: Callable[[Array], Any], at: Array) -> Array:
    """The slopes of a number with respect to each of its variables, by differences."""

    def along(axis: Array) -> Any:
        return differences(lambda t: function(at + t * axis), 0.0)

    return np.array([along(axis) for axis in np.eye(len(at))])


def read(text: str, letters: Letters) -> Any:
    """A formula, as SymPy reads it."""
    return sympy.sympify(text, rational=True).subs(letters)


def is_zero(expression: Any) -> bool:
    return bool(sympy.simplify(expression.rewrite(sympy.exp)) == 0)


CATALOGUES: Mapping[str, Mapping[str, Any]] = {
    "activation": ACTIVATIONS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "initial": INITIALIZERS,
}
