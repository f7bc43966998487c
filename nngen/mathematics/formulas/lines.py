"""Lines of a page: a name, a formula, and how the line is computed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from nngen.common.records import dataclass
from nngen.mathematics.formulas.formula import Formula


class Kind(StrEnum):
    """How a line is computed.

    ``UNIT`` gives a value for each unit; ``LAYER``, ``SUM``, ``MAX`` and ``MEAN`` give one for the layer.
    ``BATCH_MEAN`` is the mean over the examples of a batch. ``RUNNING_MEAN`` is that mean in training, and the
    running statistic of the same name otherwise. ``GRADIENT`` is the derivative with respect to a parameter,
    ``DROPOUT`` is drawn.
    """

    UNIT = "unit"
    LAYER = "layer"
    SUM = "sum"
    MAX = "max"
    MEAN = "mean"
    BATCH_MEAN = "batch_mean"
    RUNNING_MEAN = "running_mean"
    GRADIENT = "gradient"
    DROPOUT = "dropout"


SHARED = frozenset({Kind.SUM, Kind.MAX, Kind.MEAN, Kind.LAYER})
"""The kinds of lines that give one value for all units of a layer."""


@dataclass(frozen=True)
class Line:
    """An assignment of the page: ``name = formula`` for each unit, or ``name = sum(formula)`` over a layer's units."""

    name: str
    formula: Formula
    kind: Kind = Kind.UNIT

    def bind(self, values: Mapping[str, float]) -> "Line":
        """Replace some variables by numbers."""
        return replace(self, formula=self.formula.bind(values))

    def rename(self, names: Mapping[str, str]) -> "Line":
        """Replace some names, on both sides of the line."""
        return replace(self, name=names.get(self.name, self.name), formula=self.formula.rename(names))


def line(text: str, page_functions: frozenset[str] = frozenset()) -> Line:
    """Read a line such as ``"e = exp(z - top)"`` or ``"total = sum(e)"``."""
    name, _, formula = text.partition(" = ")
    reduction = re.fullmatch(r"(sum|max|mean|batch_mean|running_mean)\((.*)\)", formula)
    read = Formula(reduction[2] if reduction else formula, page_functions)
    return Line(name, read, Kind(reduction[1])) if reduction else Line(name, read)
