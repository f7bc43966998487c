"""What a network in integers consists of. docs/int8.md has the mathematics; the letters here are those of that page."""

import math
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from nngen.common.records import dataclass
from nngen.integers.memory import placed

TOP = 127
"""The largest activation; the smallest is -127."""

MISSING = -32768
"""The whole number that stands for a missing value in a row."""

LARGEST = 32767
"""The largest whole number in a row."""

MAX_SUM = 2**30
"""Sums stay below it, so that the difference of two of them has 32 bits."""

CERTAIN = 255
"""The share that stands for a probability of 1."""

Rows = Sequence[Sequence[int]]


PLACES = (*range(0, 4096, 256), *range(4096, 8192, 512), *range(8192, 16384, 1024), *range(16384, 32769, 2048))
"""Where the smooth clip has knots, in units of 1/1024: equal steps up to 4, then eight between powers of two."""

KNOTS = tuple(math.floor(8192.0 * (t / 1024.0) / math.sqrt(1.0 + (t / 3072.0) ** 2) + 0.5) for t in PLACES)
"""The smooth clip there, in units of 1/8192. Between knots it is a line, at most 0.0036 from the clip."""


class Clip(NamedTuple):
    """From a number to its clip, that of ``((n - low) * multiplier + half >> 15) - zero``, in units of 1/1024."""

    multiplier: int
    zero: int
    low: int
    """The clip at the low end of the range, in units of 1/8192."""
    high: int


@dataclass(frozen=True)
class Whole:
    """A column of numbers: in a row, it is a whole number of units of ``resolution``, counted from ``offset``."""

    column: str
    name: str
    resolution: float
    low: int
    high: int
    """The range; what is outside counts as the nearer end."""
    fill: int
    """What a missing value counts as."""
    place: int
    """The place of its input."""
    indicator: int | None
    """The place of the input that marks missing values, if there is one."""
    offset: float = 0.0
    """The value whose whole number is 0."""
    stated: bool = False
    """Whether the spec states the range."""
    multiplier: int = 0
    """The activation is ``((n - low) * multiplier + half >> shift) - 127``: from -127 to 127."""
    clip: Clip | None = None
    """If there is one, its number and its low end take the place of ``n`` and ``low``."""

    @property
    def counted(self) -> str:
        """How a value is counted, in words."""
        less = f" less {self.offset!r}".removesuffix(".0") if self.offset else ""
        return less + ("" if self.resolution == 1.0 else f" in units of {self.resolution:g}")


@dataclass(frozen=True)
class Codes:
    """A column of categories: in a row, it is the place of a category, -1 for any other one, -2 for a missing value."""

    column: str
    name: str
    categories: tuple[str, ...]
    fill: int
    """The category that a missing value counts as; -1 for none."""
    place: int
    """The place of the first of its inputs, one for each category."""
    indicator: int | None


@dataclass(frozen=True)
class Inputs:
    """From a row of whole numbers to activations."""

    name: str
    columns: tuple[Whole | Codes, ...]
    count: int
    """The number of inputs."""
    direct: bool
    """Whether the whole numbers are the activations themselves; then all columns have one range."""
    shift: int
    scales: tuple[float, ...]
    """The value of 1 in the activation of each input."""
    centers: tuple[float, ...]
    """The value of each input whose activation is 0."""
    bounds: tuple[int, int]
    """The least and the greatest activation, with 0 between them."""

    @property
    def half(self) -> int:
        """Half of what the shift divides by."""
        return 1 << self.shift >> 1

    @property
    def clipped(self) -> bool:
        """Whether a column has a clip."""
        return any(column.clip for column in self.wholes)

    @property
    def wholes(self) -> tuple[Whole, ...]:
        """The columns of numbers."""
        return tuple(column for column in self.columns if isinstance(column, Whole))


class Rescale(NamedTuple):
    """From a sum to an index: ``((clamp(sum) - low + half >> before) * multiplier + half >> after``."""

    low: int
    high: int
    before: int
    multiplier: int
    after: int

    @property
    def half_before(self) -> int:
        """Half of what the first shift divides by."""
        return 1 << self.before >> 1

    @property
    def half_after(self) -> int:
        """Half of what the second shift divides by."""
        return 1 << self.after >> 1


@dataclass(frozen=True)
class Sums:
    """The sums of a layer: a matrix of weights for each source, and biases."""

    name: str
    activation: str
    sources: tuple[str, ...]
    weights: tuple[Rows, ...]
    """For each source a row for each unit."""
    biases: tuple[int, ...]
    scale: float
    """The value of 1 in a sum."""
    low: int
    high: int
    """The bounds of every sum, and of every part of it, over all inputs: the proof."""

    @property
    def units(self) -> int:
        """The number of units."""
        return len(self.biases)


@dataclass(frozen=True)
class Value:
    """From a sum to an activation, a numeric answer in units of the resolution, or a share in units of 1/255."""

    step: Rescale
    table: tuple[int, ...]
    """The value for each index; if it is empty, this is the index and ``base``."""
    base: int


@dataclass(frozen=True)
class Hidden(Sums, Value):
    """A layer whose units become activations."""

    bounds: tuple[int, int]
    out: float
    """The value of 1 in an activation."""


@dataclass(frozen=True)
class Score:
    """The anomaly score of a row: the sum of the squares of the errors of its inputs, each in units of ``error``.

    The error of an input is ``sum * factor - activation * multiplier``, and then the place of that, less ``most``.
    """

    factor: int
    multipliers: tuple[int, ...]
    """That of each input, or that of all."""
    step: Rescale
    most: int
    """The largest error; the smallest is its negative."""
    error: float
    """The value of 1 in an error."""
    unit: float
    """The value of 1 in a score, which is the mean of squared errors."""
    percentile: float
    """The share of the training rows, in percent, whose scores are not above the limit."""
    limit: int
    """The score above which a row is an anomaly."""

    def multiplier(self, place: int) -> int:
        """That of an input."""
        return self.multipliers[place if len(self.multipliers) > 1 else 0]


@dataclass(frozen=True)
class Output(Sums):
    """The last layer. Its answer is a class, or numbers."""

    threshold: int | None
    """Of one unit and two classes: a larger sum means the second."""
    shares: Value | None
    """The probability of each class: of softmax by the distance to the largest sum, or of a single sum."""
    answers: tuple[Value, ...]
    resolutions: tuple[float, ...]
    """The unit of each numeric answer."""
    score: Score | None = None
    """Where the inputs are the targets."""


@dataclass(frozen=True)
class Integers:
    """A network in integers."""

    name: str
    inputs: Inputs
    hidden: tuple[Hidden, ...]
    output: Output
    classes: tuple[str, ...]
    """The classes; empty if answers are numbers, or if the network has no columns."""
    predicts: bool
    """Whether a row of the data says what the inputs are; otherwise the network has ``forward`` only."""
    rows: int
    """The training rows that scales were measured on."""

    @property
    def layers(self) -> tuple[Hidden | Output, ...]:
        """All layers."""
        return (*self.hidden, self.output)

    @property
    def memory(self) -> dict[str, int]:
        """The first byte of each vector of activations that has a place in memory."""
        names = (self.inputs.name, *(layer.name for layer in self.hidden))
        return dict([*zip(names, self._placed[0], strict=True)][self.inputs.direct :])

    @property
    def ram(self) -> int:
        """The bytes of all activations."""
        return self._placed[1]

    @cached_property
    def _placed(self) -> tuple[tuple[int, ...], int]:
        order = [self.inputs.name, *(layer.name for layer in self.layers)]
        last = {order.index(source): place for place, layer in enumerate(self.layers, 1) for source in layer.sources}
        last |= {0: len(self.layers)} if self.output.score else {}
        return placed([0 if self.inputs.direct else self.inputs.count, *(layer.units for layer in self.hidden)], last)
