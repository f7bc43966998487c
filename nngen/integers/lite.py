"""A network in the integers of TensorFlow Lite: operators that compute the bytes of its reference kernels.

docs/int8.md has the mathematics.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Literal, NamedTuple

from nngen.common.records import dataclass
from nngen.integers.memory import placed

LEAST, MOST = -128, 127
"""An activation has 8 bits."""


@dataclass(frozen=True)
class Scale:
    """The numbers that integers stand for: ``size (q - zero)``."""

    size: float
    zero: int


@dataclass(frozen=True)
class Step:
    """An operator: the activations that it computes from others."""

    place: str
    """The operator of the file."""
    sources: tuple[int, ...]
    """The activations that it takes: 0 for the inputs, n for those of the operator n."""
    width: int
    """The number of its activations."""


class Rescaling(NamedTuple):
    """A factor ``multiplier / 2^shift``."""

    multiplier: int
    shift: int


class Clamped(NamedTuple):
    """What becomes of a rescaled number: it gets the zero point, and stays between two ends."""

    zero: int
    low: int
    high: int


@dataclass(frozen=True)
class LiteDense(Step):
    """Weighted sums, rescaled: ``clamp(zero + floor(sum * multiplier / 2^shift + 1/2))``."""

    weights: tuple[tuple[int, ...], ...]
    """A row of 8-bit numbers for each unit."""
    biases: tuple[int, ...]
    """In 32 bits, less the zero point of the inputs times each weight."""
    multipliers: tuple[int, ...]
    """For each unit, or one for all: less than 2^31."""
    shifts: tuple[int, ...]
    ends: Clamped
    form: Literal["dense"] = "dense"
    twice: bool = False
    """Whether it is rounded twice, as TensorFlow Lite Micro does: by 2^31, then by the rest of ``2^shift``."""

    @property
    def reach(self) -> int:
        """The greatest size of a sum."""
        return max(abs(b) + 128 * sum(map(abs, row)) for row, b in zip(self.weights, self.biases, strict=True))


@dataclass(frozen=True)
class LiteTable(Step):
    """A function of each activation: its values from -128 to 127."""

    values: tuple[int, ...]
    form: Literal["table"] = "table"


@dataclass(frozen=True)
class LiteSoftmax(Step):
    """Shares in units of 1/256, less 128."""

    exponentials: tuple[int, ...]
    """``2^31 exp(-beta scale d)`` for the distances ``d`` to the largest activation; 0 for all others."""
    form: Literal["shares"] = "shares"


@dataclass(frozen=True)
class LiteSum(Step):
    """The sums or the differences of two vectors, each brought to one scale first, with 20 binary digits more."""

    zeros: tuple[int, int]
    scales: tuple[Rescaling, Rescaling]
    """The multiplier of a vector that is subtracted is negative."""
    scale: Rescaling
    ends: Clamped
    form: Literal["sum"] = "sum"


@dataclass(frozen=True)
class LiteProduct(Step):
    """The products of two vectors."""

    zeros: tuple[int, int]
    scale: Rescaling
    ends: Clamped
    form: Literal["product"] = "product"


@dataclass(frozen=True)
class LiteJoined(Step):
    """Several vectors, one after another."""

    form: Literal["joined"] = "joined"


@dataclass(frozen=True)
class LiteConstant(Step):
    """Numbers of the file."""

    values: tuple[int, ...]
    form: Literal["constant"] = "constant"


LiteStep = LiteDense | LiteTable | LiteSoftmax | LiteSum | LiteProduct | LiteJoined | LiteConstant


@dataclass(frozen=True)
class Lite:
    """The whole network."""

    name: str
    inputs: int
    given: Scale
    """What the inputs stand for."""
    answers: Scale
    """What the outputs stand for."""
    steps: tuple[LiteStep, ...]
    """The operators in their order. The last one has the outputs."""

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of activations: of the inputs, and of each operator."""
        return (self.inputs, *(step.width for step in self.steps))

    @cached_property
    def placed(self) -> tuple[tuple[int, ...], int]:
        """The first byte of the activations of each operator but the last in one memory, after a 0; and its bytes."""
        last = {source: number for number, step in enumerate(self.steps, 1) for source in step.sources}
        return placed((0, *self.widths[1:-1]), last)


def as_micro(network: Lite) -> Lite:
    """The network as TensorFlow Lite Micro computes it: it rounds sums twice.

    Raises:
        ValueError: an operator makes its sums larger; the message says which.
    """
    for step in network.steps:
        if isinstance(step, LiteDense) and min(step.shifts) < 31:
            raise ValueError(f"{step.place} makes its sums larger, which the second rounding cannot")
    steps = tuple(replace(step, twice=True) if isinstance(step, LiteDense) else step for step in network.steps)
    return replace(network, steps=steps)


def multiplier(factor: float) -> Rescaling:
    """A positive factor as ``m / 2^shift`` with 30 to 31 bits, as TensorFlow Lite rounds it; less than 2^-32 is 0."""
    fraction, power = math.frexp(factor)
    m = math.floor(fraction * 2.0**31 + 0.5)
    if m == 2**31:
        m, power = m // 2, power + 1
    return Rescaling(0, 31) if power < -31 else Rescaling(m, 31 - power)


def rounded(value: float) -> int:
    """The nearest whole number, the greater size if two are."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def clamped(value: int, low: int = LEAST, high: int = MOST) -> int:
    """The number itself, or the nearer end of a range."""
    return min(max(value, low), high)


def high_product(a: int, b: int) -> int:
    """``a b / 2^31``, rounded to the nearest, a half up."""
    return a * b + 2**30 >> 31


def divided(value: int, bits: int) -> int:
    """``value / 2^bits``, rounded to the nearest, a half away from 0."""
    size = abs(value) + (1 << bits >> 1) >> bits
    return size if value >= 0 else -size


def rescaled(value: int, factor: float) -> int:
    """A number times a factor, rounded twice, as QUANTIZE and RELU do it."""
    m, shift = multiplier(factor)
    left = max(31 - shift, 0)
    return divided(high_product(value << left, m), max(shift - 31, 0))


def _multiplier_16(factor: float) -> tuple[int, int]:
    """A factor as ``m 2^left / 2^15`` with 14 to 15 bits."""
    m, shift = multiplier(factor)
    return min(m + 2**15 >> 16, 2**15 - 1), 31 - shift


def _high_product_16(a: int, b: int) -> int:
    """``a b / 2^15``, rounded to the nearest, a half up; at most 2^15 - 1."""
    return min(a * b + 2**14 >> 15, 2**15 - 1)


def _of_16_bits(value: int) -> int:
    """The number, or the nearer end of 16 bits."""
    return clamped(value, -(2**15), 2**15 - 1)


def hard_swish(value: int, factor: float, gate: float) -> int:
    """``x clip(x + 3, 0, 6) / 6`` in 16 bits, as TensorFlow Lite computes it.

    Args:
        value: an activation less its zero point.
        factor: below 1: how many outputs a 128th of an activation is.
        gate: how many 32,768ths of 3 it is.
    """
    (m, left), (gate_m, gate_left) = map(_multiplier_16, (factor, gate))
    fine = value << 7
    if gate_left > 0:
        share = _of_16_bits(_high_product_16(_of_16_bits(fine << gate_left - 1), gate_m) << 1)
    else:
        share = divided(_high_product_16(fine, gate_m), -gate_left)
    product = (share + 2**15 >> 1) * _high_product_16(fine, m)
    high = product // 2**15 if product >= 0 else -(-product // 2**15)
    return divided(high, -left)


def exponentials(factor: float) -> tuple[int, ...]:
    """``2^31 exp(-factor d)`` for whole numbers d from 0 on, as softmax of TensorFlow Lite computes it.

    Differences have 26 binary digits after the point; those from 2^5 on count as infinite.
    """
    m, shift = multiplier(min(factor * 2.0**26, 2.0**31 - 1.0))
    left = 31 - shift
    farthest = math.floor(31 * 2.0 ** (26 - left))
    return _short(_exponential(high_product(-d << left, m)) for d in range(min(farthest, 255) + 1))


def _short(values: Iterable[int]) -> tuple[int, ...]:
    """Numbers without the zeros at their end."""
    listed = [*values]
    while listed and not listed[-1]:
        listed.pop()
    return tuple(listed)


_FACTORS = (1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)
"""2^31 exp(-2^k) for k from -2 to 4."""


def _exponential(a: int) -> int:
    """``2^31 exp(a / 2^26)`` for a negative a: the part below 1/4 by a polynomial, the others by factors (gemmlowp)."""
    if a == 0:
        return 2**31 - 1
    part = a % 2**24 - 2**24
    x = (part << 5) + 2**28
    x2 = high_product(x, x)
    x3, x4 = high_product(x2, x), high_product(x2, x2)
    half = divided(high_product(divided(x4, 2) + x3, 715827883) + x2, 1)
    found = 1895147668 + high_product(1895147668, x + half)
    for k, factor in enumerate(_FACTORS):
        if (part - a) >> 24 + k & 1:
            found = high_product(found, factor)
    return found
