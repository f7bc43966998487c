"""What a header of C in 32 bits needs for ``NAME_class`` or ``NAME_answer``, which take as little flash as possible."""

import struct
from collections.abc import Iterator, Sequence

from nngen.common.records import dataclass
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
    def fill(self) -> tuple[float, ...]:
        """What replaces each missing number: before it is shifted, or after, where that has a rest."""
        filled = [(one.fill or 0.0, one.subtract) for one in self.columns if isinstance(one, NumberColumn)]
        return tuple(fill - subtract if self.rest else fill for fill, subtract in filled)

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
class Small:
    """The parts of ``NAME_class``; or of ``NAME_answer``, if the answers are numbers."""

    runs: tuple[Run, ...]
    inputs: int
    layers: tuple[Layer, ...]
    threshold: float
    """Of a single output that tells two classes apart: the sum above which it stands for the second one."""
    widest: int
    """The most numbers that a loop counts."""

    @property
    def hidden(self) -> tuple[Layer, ...]:
        """All layers but the last."""
        return self.layers[:-1]

    @property
    def shared(self) -> bool:
        """Whether there are several hidden layers that a single function computes."""
        alike = {layer.forward[0].formula.text for layer in self.hidden}
        plain = all(
            layer.biases and len(layer.sources) == 1 and layer.biases.start == layer.weights[0].stop
            for layer in self.hidden
        )
        return len(self.hidden) > 1 and plain and len(alike) == 1

    @property
    def vectors(self) -> tuple[tuple[str, int, str], ...]:
        """The inputs and the activations of each hidden layer: name, numbers, and the vector whose memory it takes.

        In a chain of layers, two vectors are needed at a time, so that every other one has the same memory.
        """
        sizes = {"x": self.inputs, **{layer.name_of("a"): len(layer.units) for layer in self.hidden}}
        names = [*sizes]
        before = zip(names, self.layers, strict=True)
        chain = all([source.vector for source in layer.sources] == [name] for name, layer in before)
        if not chain:
            return tuple((name, size, "") for name, size in sizes.items())
        widest = [max([*sizes.values()][k::2], default=0) for k in (0, 1)]
        return tuple((name, widest[k % 2], "" if k < 2 else names[k % 2]) for k, name in enumerate(names))


def small(plan: Plan) -> Small | None:
    """The parts of the function; None if a network has more than weighted sums and activations of single units."""
    encoding, output = plan.encoding, plan.output
    if encoding is None or not encoding.predicts:
        return None
    if any(not layer.dense or layer.normalization for layer in plan.layers) or encoding.dates or encoding.indices:
        return None
    if not all(map(_by_unit, plan.layers[:-1])):
        return None
    threshold = _threshold(plan) if encoding.classes else 0.0
    if threshold is None or not (encoding.classes or _by_unit(output)):
        return None
    counts = [len(plan.inputs), *(len(layer.units) for layer in plan.layers)]
    columns = [column for column in encoding.columns if isinstance(column, NumberColumn | CategoryColumn)]
    return Small(tuple(_runs(columns)), len(plan.inputs), plan.layers, threshold, max(counts))


def _by_unit(layer: Layer) -> bool:
    """Whether an activation is one formula of its own sum."""
    return len(layer.forward) == 1 and layer.forward[0].kind is Kind.UNIT


def _threshold(plan: Plan) -> float | None:
    """The sum above which a single output stands for the second class, 0 for several; None if sums do not say it."""
    output = plan.output
    if len(output.units) == 1:
        return _ENDS.get((output.activation, plan.encoding.threshold)) if plan.encoding else None
    return 0.0 if output.activation in INCREASING else None


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
