"""The weights that keep their signs, so that the output of a network is monotone in some inputs.

A sum of rising functions rises: if the first weights of an input are at least 0, and so are all later weights that it
reaches, the output never falls as the input grows (Daniels and Velikova, IEEE Trans. Neural Networks 21, 2010). With
first weights of at most 0 it never rises.
"""

from collections.abc import Iterator, Mapping, Sequence

from nngen.common.records import dataclass
from nngen.common.text import counted, joined
from nngen.description.model import Spec
from nngen.mathematics.catalogue import ACTIVATIONS, DIRECTIONS, Direction
from nngen.mathematics.formulas import Formula, line
from nngen.plan.blocks import Block
from nngen.plan.layer import Layer, Source

MAX_LISTED = 4
"""Inputs that a comment names; it is one line."""


@dataclass(frozen=True)
class Sign:
    """A column of a block whose numbers keep their sign."""

    place: int
    """The place of its first number in the block."""
    direction: Direction
    after: int = 0
    """How many places it is after the first such column of the block."""

    @property
    def start(self) -> Formula:
        """A weight before training, from a drawn one ``w``."""
        return Formula(self.direction.start)

    @property
    def nearest(self) -> Formula:
        """The weight of the right sign that is nearest to ``w``."""
        return line(self.direction.line).formula

    def at(self, index: str) -> str:
        """The index of one of its numbers, from that of the first such column."""
        return f"{index} + {self.after}" if self.after else index


@dataclass(frozen=True)
class Signs:
    """The numbers of a block that keep their signs: those of some columns, or all."""

    block: Block
    columns: tuple[Sign, ...]
    step: int
    """The number of places from a number of a column to its next; 1 if the only column stands for all numbers."""

    @property
    def first(self) -> int:
        """The place of its first number among all parameters."""
        return self.block.start + self.columns[0].place

    def places(self, column: Sign) -> range:
        """The places of the numbers of a column among all parameters."""
        return range(self.block.start + column.place, self.block.stop, self.step)

    @property
    def comment(self) -> str:
        """The signs in words, such as ``W_hidden stays >= 0 from x1 and <= 0 from x2``."""
        parts = []
        for direction in DIRECTIONS.values():
            sign = ">= 0" if direction.sign > 0 else "<= 0"
            places = [column.place for column in self.columns if column.direction is direction]
            if places and self.step > 1:
                names = [self.block.inputs[place] for place in places]
                few = joined(names, "and") if len(names) <= MAX_LISTED else counted(len(names), "input")
                parts.append(f"{sign} from {few}")
            elif places:
                parts.append(sign)
        return f"{self.block.name} stays {joined(parts, 'and')}"


@dataclass(frozen=True)
class Monotone:
    """The inputs in which the output is monotone, and how it is kept so; without any, all of this is empty."""

    says: str
    """The inputs, in words, and why."""
    bends: str
    """What else the answer cannot do, as all activations are convex; empty if not all are."""
    signs: tuple[Signs, ...]
    """The weights that keep their signs."""

    @property
    def begun(self) -> tuple[Signs, ...]:
        """Those that get their signs before training: the spec does not list them, and a gain begins with 1."""
        blocks = ((signs, signs.block) for signs in self.signs)
        return tuple(signs for signs, block in blocks if block.matrix and not (block.values or block.empty))

    @property
    def kept(self) -> tuple[Signs, ...]:
        """Those whose signs a step keeps."""
        return tuple(signs for signs in self.signs if signs.block.trainable)

    def wrong(self, parameters: Sequence[float]) -> int:
        """How many parameters, in the order of the layout, have not the sign that they should keep."""
        columns = [(signs, column) for signs in self.signs for column in signs.columns]
        return sum(
            parameters[place] * column.direction.sign < 0.0
            for signs, column in columns
            for place in signs.places(column)
        )


def monotone(spec: Spec, layers: Sequence[Layer]) -> Monotone:
    """The inputs of a spec that say `monotone`, and the weights from there to the output."""
    directions = {name: DIRECTIONS[direction] for name, direction in spec.monotone.items()}
    later = {unit: DIRECTIONS["increasing"] for layer in layers for unit in layer.units}
    found: list[Signs] = []
    for layer, passed in _way(spec, layers):
        names = [(source.weights, directions if source.name == spec.input_name else later) for source in passed]
        found += [_of(block, columns) for block, columns in names if block is not None]
        found += [_of(block, later) for block in layer.normalization_blocks if block.symbol == "gain"]
    bends = _bends(spec, layers) if found else ""
    return Monotone(f"{_says(spec, layers)}{bends and f' {bends}.'}" if found else "", bends, tuple(found))


def _says(spec: Spec, layers: Sequence[Layer]) -> str:
    parts = []
    for direction in DIRECTIONS.values():
        names = [name for name, chosen in spec.monotone.items() if chosen == direction.name]
        if names:
            parts.append(f"{direction.says} as {joined(names, 'or')} grows")
    why = f"all weights on the way keep their signs: {DIRECTIONS['increasing'].source}"
    return f"{layers[-1].units[0]} {joined(parts, 'and')}, because {why}."


def _bends(spec: Spec, layers: Sequence[Layer]) -> str:
    """What else holds if all activations before the output are convex, in a sentence; empty if they are not."""
    used = dict.fromkeys(layer.activation for layer, _ in _way(spec, layers) if layer is not layers[-1])
    if not all(ACTIVATIONS[name].convex for name in used) or not used.keys() - {"linear"}:
        return ""
    names = joined(used, "and")
    also = f"so is the weighted sum of {layers[-1].units[0]}: it bends only upwards"
    return f"As {names} is convex, {also} (Runje and Shankaranarayana, ICML 2023)"


def _way(spec: Spec, layers: Sequence[Layer]) -> Iterator[tuple[Layer, list[Source]]]:
    """The layers from monotone inputs to the output, each with its sources on the way."""
    reached = {spec.input_name} if spec.monotone else set()
    for layer in layers:
        passed = [source for source in layer.sources if source.name in reached]
        if passed:
            reached.add(layer.name)
            yield layer, passed


def _of(block: Block, directions: Mapping[str, Direction]) -> Signs:
    """The signs of a block, by the names of its columns, or of the units of a vector."""
    names = block.inputs or block.units
    found = [(place, directions[name]) for place, name in enumerate(names) if name in directions]
    if len(found) == len(names) and len({direction.name for _, direction in found}) == 1:
        return Signs(block, (Sign(0, found[0][1]),), 1)
    return Signs(block, tuple(Sign(place, direction, place - found[0][0]) for place, direction in found), len(names))
