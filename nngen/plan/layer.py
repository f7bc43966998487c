"""A planned layer: its sources, its equations and their names."""

from collections.abc import Callable, Mapping
from functools import cached_property

from nngen.common.records import dataclass
from nngen.mathematics.catalogue import KINDS
from nngen.mathematics.formulas import SHARED, Formula, Kind, Line
from nngen.plan.blocks import Block
from nngen.plan.names import full_name

WHOLE: Mapping[str, str] = {"n": "n", "weight": "weight", "c": "_CLASS_WEIGHTS"}
"""Names that belong to no layer: the number of examples, the weight of an example, the weights of classes."""


@dataclass(frozen=True)
class Source:
    """A source of a layer: the input, an input with ids, or an earlier layer."""

    name: str
    vector: str
    """The name of its values as a vector: ``x`` or ``a_hidden``; of an index that of the input: ``user``."""
    values: tuple[str, ...]
    """The names of its values: ``x1`` or ``a_h1``."""
    weights: Block | None
    """The weights of a dense layer or the matrix of an embedding; None for other kinds."""


@dataclass(frozen=True)
class Layer:
    """A layer, with its equations."""

    name: str
    kind: str
    """Its name in the catalogue of kinds."""
    units: tuple[str, ...]
    activation: str
    remark: str
    """A note on the activation for the reader of a page; empty if there is none."""
    sources: tuple[Source, ...]
    biases: Block | None
    normalization_blocks: tuple[Block, ...]
    """The parameters of its normalization."""
    normalization: str
    """The name of the normalization; empty if there is none."""
    running_updates: tuple[tuple[Block, Line], ...]
    """The running statistics, each with the formula of its update from ``old`` and ``new``."""
    dropout_start: int | None
    """The index of its first unit among all units with dropout; None without dropout."""
    forward: tuple[Line, ...]
    """From ``z`` to ``a``."""
    training_lines: tuple[Line, ...]
    """From ``z`` to ``a`` in training, with batch statistics and dropout."""
    loss_lines: tuple[Line, ...]
    """Values that the loss computes from all outputs together; only at the output."""
    error: Line | None
    """The derivative of the loss at the output: ``da``, or ``dz`` if loss and activation are fused."""
    fusion_reason: str
    """The reason why the fused derivative is so simple; empty if nothing is fused."""
    backward: tuple[Line, ...]
    """From ``da`` to ``dz``."""
    learns: bool
    """Whether backpropagation reaches it: it or a layer below it has trainable parameters."""
    moved: bool
    """Whether its outputs depend on an input that is a number."""
    answer_back: tuple[Line, ...]
    """From ``da`` to ``dz`` outside training, where ``da`` is the derivative of an answer."""
    score_back: tuple[Line, ...]
    """The same from the derivative with respect to the input of the activation."""
    loss_back: tuple[Line, ...]
    """The same after ``error``."""

    @cached_property
    def shared(self) -> frozenset[str]:
        """Symbols of values that the units share, such as the denominator of softmax."""
        lines = (*self.training_lines, *self.loss_lines, *self.backward, *self.answer_back)
        return frozenset({"n", "weight"}).union(line.name for line in lines if line.kind in SHARED)

    def name_of(self, symbol: str) -> str:
        """The name of a value for the whole layer: ``z_hidden``. See ``WHOLE`` for exceptions."""
        return WHOLE.get(symbol) or full_name(symbol, self.name)

    def of_unit(self, unit: str) -> Callable[[str], str]:
        """Names of the values of one unit: ``z_h1``. Shared values keep the name of the layer."""
        return lambda symbol: self.name_of(symbol) if symbol in self.shared else full_name(symbol, unit)

    @cached_property
    def of_units(self) -> frozenset[str]:
        """Symbols of values that all examples share: parameters, statistics, and values computed from these alone."""
        symbols = {block.symbol for block in self.normalization_blocks}
        for line in self.training_lines:
            used = line.formula.variables
            if line.kind is Kind.UNIT and used and symbols.issuperset(used):
                symbols.add(line.name)
        return frozenset(symbols | {line.name for line in self.backward if line.kind is Kind.BATCH_MEAN})

    def of_examples(self, formula: Formula) -> tuple[str, ...]:
        """Symbols in a formula whose value differs for each example and unit."""
        apart = self.of_units | self.shared
        return tuple(symbol for symbol in formula.variables if symbol not in apart)

    def names(self, symbol: str) -> tuple[str, ...]:
        """The names of a value, one for each unit."""
        return tuple(full_name(symbol, unit) for unit in self.units)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All parameters of the layer."""
        biases = (self.biases,) if self.biases else ()
        return (*self.weights, *biases, *self.normalization_blocks)

    @property
    def weights(self) -> tuple[Block, ...]:
        """Its matrices: the weights of each source, or an embedding."""
        return tuple(source.weights for source in self.sources if source.weights)

    @property
    def embedding(self) -> bool:
        """Whether it is an embedding."""
        return KINDS[self.kind].of_ids

    @property
    def dense(self) -> bool:
        """Whether it has weighted sums."""
        return KINDS[self.kind].dense

    @property
    def summary(self) -> str:
        """A short description, such as ``hidden: 2 sigmoid``."""
        kind = "" if self.dense else f"{self.kind}, "
        return f"{self.name}: {len(self.units)} {kind}{', '.join(steps(self, training=True))}"


class Inputs(Layer):
    """The inputs that are numbers, as the layer before all others."""

    def name_of(self, symbol: str) -> str:
        """The name of their derivative as a vector, ``dx``."""
        return f"{symbol}x"

    def names(self, symbol: str) -> tuple[str, ...]:
        """The names of their derivatives: ``dx1``."""
        return tuple(f"{symbol}{unit}" for unit in self.units)


def steps(layer: Layer, *, training: bool) -> list[str]:
    """The steps after the weighted sums of a layer, such as ``["batch_norm", "relu", "dropout"]``."""
    normalized = [layer.normalization] if layer.normalization else []
    before = any(line.name == "s" for line in layer.forward)
    dropout = ["dropout"] if training and layer.dropout_start is not None else []
    return [*normalized, layer.activation, *dropout] if before else [layer.activation, *normalized, *dropout]
