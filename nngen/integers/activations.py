"""Activations in integers: relu and linear by a multiplier, all other smooth ones by a table."""

import math
from collections.abc import Callable, Sequence

from nngen.description.model import Layer
from nngen.integers.network import MAX_SUM, TOP, Rescale
from nngen.mathematics.catalogue import ACTIVATIONS
from nngen.mathematics.formulas import Formula, computation, line

TABLE_SIZE = 256
"""Numbers of a table unless the user asks for another size: 256 bytes of flash."""

PRECISE = 2**10
"""Multipliers from here on are precise enough, so that AVR may shift by whole bytes: 127 / 2^11 is 1/16 of a step."""

JUMPING = {"step", "bipolar_step", "undecided_step", "hard_shrink"}
"""Activations that no table holds, because they jump."""

INCREASING = {"elu", "celu", "leaky_relu", "linear", "log_sigmoid", "scaled_tanh", "selu", "sigmoid", "softmax"} | {
    "softplus",
    "softsign",
    "tanh",
}
"""Activations for which the largest sum is the largest output."""

Function = Callable[[float], float]


def rounded(x: float) -> int:
    """The nearest whole number; of two, the greater one."""
    return math.floor(x + 0.5)


def function(layer: Layer) -> Function:
    """The activation of a layer as a function of one number. It is not softmax."""
    entry = ACTIVATIONS[layer.activation.name]
    lines = [line(step) for step in entry.steps]
    steps = [(one.name, one.formula.bind(layer.activation.options)) for one in lines]
    steps.append(("a", Formula(entry.value).bind(layer.activation.options)))
    prepared = [(name, formula.variables, computation(formula, *formula.variables)) for name, formula in steps]

    def value(z: float) -> float:
        known = {"z": z}
        for name, variables, compute in prepared:
            known[name] = compute(*(known[variable] for variable in variables))[0]
        return known["a"]

    return value


def limit(size: float) -> float:
    """A measured size, rounded up to 8 binary digits, so that its last digits do not matter: 0.913 gives 0.9140625."""
    if size == 0.0:
        return 1.0
    fraction, exponent = math.frexp(size * (1.0 - 2.0**-30))
    return math.ldexp(math.ceil(fraction * 256.0), exponent - 8)


def rescale(ratio: float, low: int, count: int) -> Rescale:
    """The step from sums to the indices 0 to ``count - 1``.

    Args:
        ratio: what 1 in a sum is in an index.
        low: the sum whose index is 0.
        count: the number of indices.

    Raises:
        ValueError: the sums that matter have more than 30 bits.
    """
    reach = math.ceil(1.01 * count / ratio)
    if reach + abs(low) >= MAX_SUM:
        raise ValueError(f"sums of {reach + abs(low):,}, more than 30 bits")
    before = max(0, reach.bit_length() - 16)
    fitting = [a for a in range(25) if rounded(ratio * 2.0 ** (before + a)) < 2**16 and count << a <= 2**32]
    after = max(fitting, default=0)
    bytewise = [a for a in (8, 16) if a < after and ratio * 2.0 ** (before + a) >= PRECISE]
    after = min(bytewise, default=after)
    multiplier = min(max(1, rounded(ratio * 2.0 ** (before + after))), 2**16 - 1)
    half = 1 << after >> 1
    highest = min(((count << after) - 1 - half) // multiplier, 2**16 - 1)  # before the multiplication
    span = ((highest + 1) << before) - 1 - (1 << before >> 1)
    return Rescale(low, low + span, before, multiplier, after)


def domain(value: Function, least: float, most: float) -> tuple[float, float]:
    """The part of an interval outside of which the value differs by less than half a step from that at its ends."""
    points = [least + (most - least) * i / 256 for i in range(257)]
    values = [value(z) for z in points]
    half = max(map(abs, values)) / TOP / 2.0
    first, last = _flat(values, half), 256 - _flat(values[::-1], half)
    return (points[first], points[last]) if first < last else (least, most)


def _flat(values: Sequence[float], half: float) -> int:
    """The place of the last of the first values that are all as the first one."""
    return next((i for i, v in enumerate(values) if abs(v - values[0]) > half), 1) - 1


def table(value: Function, first: float, last: float, size: int) -> list[float]:
    """The values of an activation at ``size`` equal steps."""
    return [value(first + (last - first) * i / (size - 1)) for i in range(size)]
