"""The plan: every name, shape, order and flow of errors that a page needs.

The names of a page follow from the spec by one law: ``z_h1`` and ``a_h1`` are the weighted sum and the activation of
the unit ``h1``, ``w_h1_x1`` is the weight that leads to ``h1`` from ``x1``, and ``z_hidden``, ``W_hidden`` are those of
the layer ``hidden`` as a whole. ``dX`` is the derivative of the loss by ``X``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nngen.data import Scaling
from nngen.formula import Formula, Line, Words
from nngen.helpers import Helper
from nngen.layer import Layer, Source
from nngen.parameters import Block


@dataclass(frozen=True)
class Back:
    """A way by which the error comes back to a layer: from the layer ``after`` it, by that layer's ``source``."""

    after: Layer
    source: Source
    column: str
    """What a loop over the units calls their columns of weights."""


@dataclass(frozen=True)
class Loss:
    """The loss: ``value`` is its term for one output."""

    name: str
    value: Formula
    textbook: str
    settings: str
    reduction: str
    """The convention, in words."""
    mean: bool
    """Whether the mean is taken over a batch, and not the sum."""
    over_batch: str
    """The same, in words."""
    target: Formula
    targets: str
    distribution: bool
    no: float
    """The target for what an example is not; for what it is, it is 1."""


@dataclass(frozen=True)
class Penalty:
    """What each parameter of some blocks adds to the loss, and its slope."""

    name: str
    value: Formula
    slope: Formula
    blocks: tuple[Block, ...]

    @property
    def comment(self) -> str:
        """What it does, in words."""
        return f"the penalty, {self.name}: what a weight adds to the loss, and its slope to the weight's derivative"

    @property
    def rows(self) -> tuple[str, ...]:
        """The parameters that it counts, one by one."""
        return tuple(name for block in self.blocks for row in block.rows for name in row)

    def of(self, parameter: str) -> Callable[[str], str]:
        """What stands for the letter ``w``: a parameter, or a whole block."""
        return {"w": parameter}.__getitem__

    def terms(self, loss: str, words: Words) -> tuple[str, ...]:
        """The loss, and what each parameter adds to it."""
        return loss, *(self.value.write(words, self.of(name)) for name in self.rows)


@dataclass(frozen=True)
class Stop:
    """When training ends before its last epoch, and what the loss is measured with."""

    name: str
    textbook: str
    condition: Formula
    share: float
    """The share of the examples that is kept from training for it."""
    seed: int

    @property
    def comment(self) -> str:
        """What it does, in words."""
        kept = " over the examples that are kept for validation" if self.share else ""
        return (
            f"Training ends before its last epoch by the rule {self.name}: {self.textbook}. The parameters are those "
            f"with the lowest loss{kept}."
        )


@dataclass(frozen=True)
class Start:
    """What an optimizer remembers for each parameter, and what it begins with."""

    letter: str
    value: str


@dataclass(frozen=True)
class Optimizer:
    """The optimizer: its lines with the numbers of the spec."""

    name: str
    textbook: str
    settings: str
    lines: tuple[Line, ...]
    memory: tuple[Start, ...]
    rate: Formula | None
    """The learning rate at step ``t``, where it changes."""
    factor: Formula | None
    """What the gradient is multiplied by, given its ``norm``, where that is clipped."""
    keeps: bool
    """Whether a parameter whose gradient is always 0 stays as it is."""

    @property
    def _letters(self) -> set[str]:
        formulas = [line.formula for line in self.lines] + ([self.rate] if self.rate else [])
        return {letter for formula in formulas for letter in formula.letters}

    @property
    def counts(self) -> bool:
        """Whether it has to know the number of the step."""
        return "t" in self._letters

    @property
    def plain(self) -> bool:
        """Whether a step is one line for each parameter, and nothing else."""
        return len(self.lines) == 1 and not (self.memory or self.counts or self.factor)

    @property
    def remembers(self) -> str:
        """What its state is, in words."""
        parts = ["the number of steps"] * self.counts + [start.letter for start in self.memory]
        return " and ".join(parts).replace(" and ", ", ", len(parts) - 2) if parts else "nothing"


@dataclass(frozen=True)
class Plan:
    """Everything that a page needs to know of a network."""

    name: str
    description: str
    input_name: str
    inputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    blocks: tuple[Block, ...]
    helpers: tuple[Helper, ...]
    loss: Loss
    penalty: Penalty | None
    optimizer: Optimizer
    stop: Stop | None
    seed: int
    batch_size: int | None
    epochs: int
    order_seed: int | None
    """The seed of the examples' order; None where they come as they are."""
    scaling: Scaling | None

    @property
    def output(self) -> Layer:
        """The last layer."""
        return self.layers[-1]

    @property
    def size(self) -> int:
        """The number of parameters."""
        return sum(block.size for block in self.blocks)

    @property
    def multiplications(self) -> int:
        """How many products the weighted sums of one forward pass take."""
        return sum(block.size for block in self.blocks if block.matrix)

    @property
    def learning(self) -> tuple[Layer, ...]:
        """The layers that the error comes back to, from the output down."""
        return tuple(layer for layer in reversed(self.layers) if layer.learns)

    @property
    def draws(self) -> frozenset[str]:
        """The kinds of random numbers that the initial values need: ``u`` uniform, ``n`` normal."""
        return frozenset(letter for block in self.blocks if block.initial for letter in block.initial.letters)

    @property
    def functions(self) -> frozenset[str]:
        """The functions that the equations call, other than the page's own helpers."""
        formulas = [self.loss.value, *(helper.value for helper in self.helpers)]
        formulas += [line.formula for line in self.optimizer.lines]
        formulas += [formula for formula in (self.optimizer.rate, self.optimizer.factor) if formula]
        formulas += [self.penalty.value, self.penalty.slope] if self.penalty else []
        formulas += [block.initial for block in self.blocks if block.initial]
        for layer in self.layers:
            formulas += [line.formula for line in (*layer.forward, *layer.judged)]
        for layer in self.learning:
            formulas += [line.formula for line in (*([layer.error] if layer.error else []), *layer.backward)]
        called = {name for formula in formulas for name in formula.calls}
        called |= {"sqrt"} if self.optimizer.factor else set()  # of the norm
        return frozenset(called.difference(helper.name for helper in self.helpers))

    @property
    def frozen(self) -> tuple[Block, ...]:
        """The parameters that training leaves as they are."""
        return tuple(block for block in self.blocks if not block.trainable)

    @property
    def schedule(self) -> str:
        """How training goes through the examples, in words."""
        size = "all examples" if self.batch_size is None else f"{self.batch_size}"
        return f"{self.epochs} epochs in batches of {size}"

    @property
    def divisor(self) -> float | None:
        """The one number that scales all inputs, where that is all that scales them."""
        if self.scaling is None or any(self.scaling.subtract) or len(set(self.scaling.divide)) > 1:
            return None
        return self.scaling.divide[0]

    @property
    def title(self) -> tuple[str, ...]:
        """What the network is, for the module to print, in parts."""
        return f"{self.name}, {self.size} parameters:", *re.split("(?<=[>;]) ", self.summary)

    @property
    def summary(self) -> str:
        """The network in one line."""
        chain = all(
            [source.name for source in layer.sources] == [before]
            for layer, before in zip(
                self.layers, [self.input_name, *(layer.name for layer in self.layers)], strict=False
            )
        )
        layers = [f"{layer.name}: {len(layer.units)} {layer.activation}" for layer in self.layers]
        if chain:
            return " -> ".join([f"{self.input_name}: {len(self.inputs)}", *layers])
        feeds = [" + ".join(source.name for source in layer.sources) for layer in self.layers]
        return "; ".join(
            [f"{self.input_name}: {len(self.inputs)}"]
            + [f"{feed} -> {layer}" for feed, layer in zip(feeds, layers, strict=True)]
        )

    @property
    def weight_law(self) -> str:
        """What the name of a weight says."""
        unit = self.layers[0].units[0]
        (weight, value), *_ = self.layers[0].weighted(unit)
        return f"{weight} is the weight that leads to {unit} from {value}."

    def parameter_rows(self) -> tuple[tuple[str, ...], ...]:
        """The names of the parameters, one by one, a row for each unit's weights and each layer's biases."""
        return tuple(row for block in self.blocks for row in block.rows)

    def slope_rows(self) -> tuple[tuple[str, ...], ...]:
        """The names of their derivatives; 0.0 for those that are frozen."""
        return tuple(
            tuple(f"d{name}" if block.trainable else "0.0" for name in row)
            for block in self.blocks
            for row in block.rows
        )

    def way_back(self, layer: Layer) -> str:
        """How the error comes back to a layer, in words."""
        if layer.reason:
            return f"{layer.name}: {layer.reason}"
        if layer.error:
            return f"{layer.name}: the slope of the loss, then that of {layer.activation}"
        after = ", ".join(back.after.name for back in self.back(layer))
        return f"{layer.name} ← {after}: the error comes back along the weights it went out by"

    def returning(self, layer: Layer, unit: str) -> tuple[tuple[str, str], ...]:
        """What comes back to a unit's activation: the error of each unit that it feeds, and the weight between."""
        column = layer.units.index(unit)
        return tuple(
            (f"dz_{after}", back.source.weight(after, column))
            for back in self.back(layer)
            for after in back.after.units
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the matrices and vectors of parameters."""
        return tuple(block.name for block in self.blocks)

    @property
    def matrix_law(self) -> str:
        """What an index into a matrix of weights says."""
        source = self.layers[0].sources[0]
        to = f"unit i of {self.layers[0].name}"
        return f"{source.weights.name}[i][j] is the weight that leads to {to} from unit j of {source.name}."

    @staticmethod
    def letter(letter: str) -> str:
        """A letter of a formula, as it is."""
        return letter

    @property
    def layout(self) -> tuple[str, ...]:
        """The network's name and the order of its parameters."""
        return self.name, *(block.layout for block in self.blocks)

    def back(self, layer: Layer) -> tuple[Back, ...]:
        """The ways by which the error comes back to a layer, the nearest to the output first."""
        ways = [(after, s) for after in reversed(self.layers) for s in after.sources if s.name == layer.name]
        return tuple(Back(after, s, "w" if len(ways) == 1 else f"w_{after.name}") for after, s in ways)
