"""What a header of C in 32 bits needs for ``NAME_class``: the class of a row, with as little flash as possible."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nngen.description.data import CategoryColumn, NumberColumn
from nngen.integers import INCREASING
from nngen.mathematics.formulas import Kind
from nngen.plan import Layer, Plan

_ENDS = {("linear", 0.0): 0.0, ("linear", 0.5): 0.5, ("sigmoid", 0.5): 0.0, ("tanh", 0.0): 0.0}
"""By the activation of a single output and its threshold, the sum above which it stands for the second class."""


FINE = 1e-5
"""How far rounding may move an input of the network: a column far from 0 needs its offset in two parts."""


@dataclass(frozen=True)
class Run:
    """Columns of a row that are encoded in the same way: a column of categories, or numbers side by side."""

    columns: tuple[NumberColumn | CategoryColumn, ...]
    first: int
    """The place of the first one in a row."""
    place: int
    """The place of its first input."""

    @property
    def column(self) -> NumberColumn | CategoryColumn:
        """The first one."""
        return self.columns[0]

    @property
    def subtract(self) -> tuple[float, ...]:
        """What is subtracted from each number; empty if that is nothing."""
        found = tuple(column.subtract for column in self.columns if isinstance(column, NumberColumn))
        return found if any(found) else ()

    @property
    def rest(self) -> tuple[float, ...]:
        """What 32 bits leave of ``subtract``; empty if it changes no input by more than ``FINE``."""
        rests = tuple(value - struct.unpack("f", struct.pack("f", value))[0] for value in self.subtract)
        spans = (abs(column.divide) for column in self.columns if isinstance(column, NumberColumn))
        return rests if any(abs(rest) > FINE * span for rest, span in zip(rests, spans, strict=False)) else ()

    @property
    def factor(self) -> tuple[float, ...]:
        """What each number is multiplied by; a single one if that is the same for all, none if it is 1."""
        found = tuple(1.0 / column.divide for column in self.columns if isinstance(column, NumberColumn))
        return found if len({*found}) > 1 else tuple({*found} - {1.0})

    @property
    def clipped(self) -> bool:
        """Whether the scaled numbers are kept within ±3 smoothly."""
        return isinstance(self.column, NumberColumn) and self.column.clipped


@dataclass(frozen=True)
class Classifier:
    """The parts of ``NAME_class``."""

    runs: tuple[Run, ...]
    hidden: tuple[Layer, ...]
    threshold: float
    """Of a single output: the sum above which it stands for the second class."""
    widest: int
    """The most numbers that a loop counts."""

    @property
    def shared(self) -> bool:
        """Whether there are several hidden layers that a single function computes."""
        alike = {layer.forward[0].formula.text for layer in self.hidden}
        plain = all(layer.biases and len(layer.sources) == 1 for layer in self.hidden)
        return len(self.hidden) > 1 and plain and len(alike) == 1


def classifier(plan: Plan) -> Classifier | None:
    """The parts of ``NAME_class``; None if a network has no classes, or more than weighted sums and activations."""
    encoding, output = plan.encoding, plan.output
    if encoding is None or not (encoding.predicts and encoding.classes):
        return None
    if any(not layer.dense or layer.normalization for layer in plan.layers) or encoding.dates or encoding.indices:
        return None
    hidden = plan.layers[:-1]
    if any(len(layer.forward) != 1 or layer.forward[0].kind is not Kind.UNIT for layer in hidden):
        return None
    single = len(output.units) == 1
    end = _ENDS.get((output.activation, encoding.threshold)) if single else 0.0
    if end is None or not (single or output.activation in INCREASING):
        return None
    counts = [len(plan.inputs), *(len(layer.units) for layer in plan.layers)]
    columns = [column for column in encoding.columns if isinstance(column, NumberColumn | CategoryColumn)]
    return Classifier(tuple(_runs(columns)), hidden, end, max(counts))


def _runs(columns: Sequence[NumberColumn | CategoryColumn]) -> Iterator[Run]:
    run, place, kind = Run((), 0, 0), 0, None
    for number, column in enumerate(columns):
        this = None
        if isinstance(column, NumberColumn) and not column.indicator:
            this = (column.fill is None, column.clipped)
        if this is not None and this == kind:
            run = Run((*run.columns, column), run.first, run.place)
        else:
            if run.columns:
                yield run
            run = Run((column,), number, place)
        kind = this
        place += (len(column.inputs) if isinstance(column, CategoryColumn) else 1) + bool(column.indicator)
    yield run
