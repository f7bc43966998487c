"""A planned layer: what feeds it, its equations, and the names in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from nngen.formulas import SHARED, Formula, Kind, Line
from nngen.plan.blocks import Block
from nngen.plan.names import full_name

WHOLE: Mapping[str, str] = {"n": "n", "weight": "weight", "c": "_CLASS_WEIGHTS"}
"""The names of letters that belong to no layer: how many examples there are, how much one counts, how much classes."""


@dataclass(frozen=True)
class Source:
    """What feeds a layer: the input, or a layer before it."""

    name: str
    vector: str
    """Its values as a whole: ``x`` or ``a_hidden``."""
    values: tuple[str, ...]
    """Its values one by one: ``x1`` or ``a_h1``."""
    weights: Block


@dataclass(frozen=True)
class Layer:
    """A layer, with its equations."""

    name: str
    units: tuple[str, ...]
    activation: str
    remark: str
    """A decision about the activation that the reader should see."""
    sources: tuple[Source, ...]
    biases: Block | None
    normalization_blocks: tuple[Block, ...]
    """The parameters of its normalization."""
    normalization: str
    """The name of that, where there is one."""
    running_updates: tuple[tuple[Block, Line], ...]
    """The running statistics with the formula that updates each after a batch, from ``old`` and ``new``."""
    dropout_start: int | None
    """The number of its first unit among all those that dropout may leave out; None where it leaves out none."""
    forward: tuple[Line, ...]
    """From ``z`` to ``a``."""
    training_lines: tuple[Line, ...]
    """The same in training, with what is measured and drawn then."""
    loss_lines: tuple[Line, ...]
    """At the output, what the loss needs of all outputs together."""
    error: Line | None
    """Where the loss comes in, at the output: ``da``, or ``dz`` where loss and activation are one."""
    fusion_reason: str
    """Why it is so simple, where loss and activation are one."""
    backward: tuple[Line, ...]
    """From ``da`` to ``dz``."""
    learns: bool
    """Whether the error has to come back to it: something in it or below it is trained."""

    @cached_property
    def shared(self) -> frozenset[str]:
        """The letters that the units share, such as the sum that softmax divides by."""
        lines = (*self.training_lines, *self.loss_lines, *self.backward)
        return frozenset({"n", "weight"}).union(line.name for line in lines if line.kind in SHARED)

    def name_of(self, letter: str) -> str:
        """A letter's name for the layer as a whole: ``z_hidden``; those of ``WHOLE`` have their own."""
        return WHOLE.get(letter) or full_name(letter, self.name)

    def of_unit(self, unit: str) -> Callable[[str], str]:
        """A letter's name for one unit: ``z_h1``; what the units share keeps the layer's name."""
        return lambda letter: self.name_of(letter) if letter in self.shared else full_name(letter, unit)

    @cached_property
    def of_units(self) -> frozenset[str]:
        """The letters of which all examples share the values: parameters, measured or not, and what they give."""
        found = {block.symbol for block in self.normalization_blocks}
        for line in self.training_lines:
            letters = line.formula.variables
            if line.kind is Kind.UNIT and letters and found.issuperset(letters):
                found.add(line.name)
        return frozenset(found | {line.name for line in self.backward if line.kind is Kind.BATCH_MEAN})

    def of_examples(self, formula: Formula) -> tuple[str, ...]:
        """The letters of which each example has a value of its own for each unit."""
        apart = self.of_units | self.shared
        return tuple(letter for letter in formula.variables if letter not in apart)

    def names(self, letter: str) -> tuple[str, ...]:
        """A letter's names, one for each unit."""
        return tuple(full_name(letter, unit) for unit in self.units)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All its parameters."""
        biases = (self.biases,) if self.biases else ()
        return (*(source.weights for source in self.sources), *biases, *self.normalization_blocks)

    @property
    def summary(self) -> str:
        """The layer in a few words, such as ``hidden: 2 sigmoid``."""
        return f"{self.name}: {len(self.units)} {', '.join(steps(self, training=True))}"


def steps(layer: Layer, *, training: bool) -> list[str]:
    """The steps that follow the weighted sums of a layer, such as ``["batch_norm", "relu", "dropout"]``."""
    normalized = [layer.normalization] if layer.normalization else []
    before = any(line.name == "s" for line in layer.forward)
    dropout = ["dropout"] if training and layer.dropout_start is not None else []
    return [*normalized, layer.activation, *dropout] if before else [layer.activation, *normalized, *dropout]
