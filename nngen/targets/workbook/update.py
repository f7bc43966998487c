"""The step of an optimizer, in the words of a spreadsheet."""

import math
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Protocol

from nngen.common.records import dataclass
from nngen.plan import Plan
from nngen.targets.workbook.passes import NO_NUMBER, Passes, Value, Written, finite
from nngen.targets.workbook.words import filled

Cell = tuple[str, Value]
"""A cell as formulas have it, or a number, and its value."""

Put = Callable[[str, str, Value], str]
"""Writes a symbol, its formula and its value, and returns its cell."""


class Parameter(Protocol):
    """A parameter on a sheet: where its values are, and how a new one gets there."""

    def given(self, symbol: str) -> Cell:
        """What a symbol was before: ``w``, its derivative ``g``, or a memory of the optimizer."""

    def put(self, symbol: str, formula: str, value: Value, last: bool) -> str:
        """Write the new value of a symbol, and return its cell; ``last`` is whether no other one follows."""


@dataclass(frozen=True)
class Update:
    """The step of a network."""

    passes: Passes

    @property
    def plan(self) -> Plan:
        """The plan of the network."""
        return self.passes.plan

    @cached_property
    def lines(self) -> tuple[tuple[str, Written], ...]:
        """The lines for each parameter."""
        return tuple((line.name, self.passes.formula(line.formula)) for line in self.plan.optimizer.lines)

    @cached_property
    def frozen(self) -> frozenset[int]:
        """The places of the parameters that stay."""
        return frozenset(place for block in self.plan.frozen for place in range(block.start, block.stop))

    @cached_property
    def signs(self) -> Mapping[int, Written]:
        """The nearest number of the right sign, by the places of the parameters that keep one."""
        return {
            place: self.passes.formula(column.nearest)
            for signs in self.plan.monotone.kept
            for column in signs.columns
            for place in signs.places(column)
        }

    def shared(self, t: Cell, squares: Cell, put: Put) -> dict[str, Cell]:
        """Write what all parameters share: the rate of this step, and the factor of the gradient by its norm.

        Args:
            t: the number of the step, from 1.
            squares: the sum of the squares of all derivatives.
            put: writes a value.
        """
        optimizer, now = self.plan.optimizer, {"t": t}
        if optimizer.rate:
            self._one("rate", self.passes.formula(optimizer.rate), now, put)
        if optimizer.factor:
            whole = squares[1]
            value = NO_NUMBER if isinstance(whole, str) else finite(math.sqrt(whole))
            now["norm"] = put("norm", f"SQRT({squares[0]})", value), value
            self._one("factor", self.passes.formula(optimizer.factor), now, put)
        return now

    def _one(self, symbol: str, written: Written, now: dict[str, Cell], put: Put) -> None:
        formula = filled(written.text, lambda name: now[name][0])
        value = self.passes.computed(written.code, {name: now[name][1] for name in written.variables})
        now[symbol] = put(symbol, formula, value), value

    def parameter(self, place: int, shared: Mapping[str, Cell], cells: Parameter) -> None:
        """Write the step of a parameter."""
        if place in self.frozen:
            for symbol in ("w", *self.plan.optimizer.memory):
                cells.put(symbol, *cells.given(symbol), True)
            return
        lines = [*self.lines, *([("w", self.signs[place])] if place in self.signs else [])]
        now = {symbol: cells.given(symbol) for symbol in ("w", "g", *self.plan.optimizer.memory)} | dict(shared)
        for number, (symbol, written) in enumerate(lines, 1):
            last = symbol not in [later for later, _ in lines[number:]]
            self._one(symbol, written, now, partial(cells.put, last=last))
