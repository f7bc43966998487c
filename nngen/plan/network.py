"""The plan of a network."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from nngen.common.messages import joined, message
from nngen.common.records import dataclass
from nngen.description.data import Encoding, Scaling
from nngen.description.model import numbered
from nngen.mathematics.catalogue import PageFunction
from nngen.plan.blocks import Block
from nngen.plan.layer import Layer
from nngen.plan.learning import Loss, Optimizer, Penalty, StopRule
from nngen.plan.signs import Monotone


@dataclass(frozen=True)
class Index:
    """An input that selects a row of embeddings: a whole number from 0."""

    name: str
    count: int
    """The number of rows."""


@dataclass(frozen=True)
class Plan:
    """Everything that a page needs to know about a network."""

    name: str
    description: str
    input_name: str
    inputs: tuple[str, ...]
    """The names of all inputs. The indices come first."""
    indices: tuple[Index, ...]
    """The inputs that select a row of embeddings."""
    layers: tuple[Layer, ...]
    blocks: tuple[Block, ...]
    page_functions: tuple[PageFunction, ...]
    loss: Loss
    penalty: Penalty | None
    optimizer: Optimizer
    monotone: Monotone
    """The inputs in which the output is monotone, and the weights that keep their signs for it."""
    stop: StopRule | None
    seed: int
    batch_size: int | None
    epochs: int
    training_seed: int
    """The seed of the random numbers of training."""
    dense_steps: bool
    """Whether a step changes all rows of embeddings, and not only those that its examples select."""
    order_seed: int | None
    """The seed of the order of examples; None if the order is fixed."""
    custom_activations: tuple[str, ...]
    """The custom activations of its layers, each with its formula."""
    encoding: Encoding | None

    @property
    def scaling(self) -> Scaling | None:
        """The scaling of the inputs, if each input is a column of its own; otherwise None."""
        return self.encoding.scaling if self.encoding else None

    @property
    def numbers(self) -> tuple[str, ...]:
        """The names of the inputs that dense layers take."""
        return self.inputs[len(self.indices) :]

    @property
    def output(self) -> Layer:
        """The last layer."""
        return self.layers[-1]

    @property
    def size(self) -> int:
        """The number of parameters."""
        return sum(block.size for block in self.blocks)

    @property
    def state_size(self) -> int:
        """The number of values in the optimizer's state."""
        return len(self.optimizer.memory) * self.size + self.optimizer.counts

    @cached_property
    def draws(self) -> frozenset[str]:
        """The kinds of random numbers that initial values need, as symbols of the catalogue of initializers."""
        kinds = frozenset(kind for block in self.blocks if block.initial for kind in block.initial.variables)
        return kinds | {"n"} if kinds & {"t", "q"} else kinds  # these two are computed from normal numbers

    @property
    def has_dropout(self) -> bool:
        """Whether a layer has dropout."""
        return any(layer.dropout_start is not None for layer in self.layers)

    @property
    def needs_batch(self) -> bool:
        """Whether training needs a whole batch at once, as batch normalization does."""
        return any(layer.running_updates for layer in self.layers)

    @property
    def frozen(self) -> tuple[Block, ...]:
        """The blocks that training does not change by a gradient."""
        return tuple(block for block in self.blocks if not block.trainable)

    @property
    def embeddings(self) -> tuple[int, ...]:
        """The places of the embeddings among the blocks."""
        return tuple(place for place, block in enumerate(self.blocks) if block.index)

    @property
    def frozen_places(self) -> tuple[int, ...]:
        """The places of the frozen blocks, if a step would change them."""
        return () if self.optimizer.keeps else tuple(self.blocks.index(block) for block in self.frozen)

    @property
    def schedule(self) -> str:
        """Epochs and batch size, in words."""
        size = "all examples" if self.batch_size is None else f"{self.batch_size}"
        return f"{self.epochs} epochs in batches of {size}"

    @property
    def summary(self) -> str:
        """The network in one line."""
        counts = [message("{name}: {count} ids", name=index.name, count=index.count) for index in self.indices]
        numbers = [f"{self.input_name}: {len(self.numbers)}"] if self.numbers else []
        inputs = joined("; ", [*counts, *numbers])
        layers = [layer.summary for layer in self.layers]
        sources = [" + ".join(source.name for source in layer.sources) for layer in self.layers]
        if not self.indices and sources == [self.input_name, *(layer.name for layer in self.layers[:-1])]:
            return joined(" -> ", [inputs, *layers])
        return joined("; ", [inputs, *(f"{source} -> {layer}" for source, layer in zip(sources, layers, strict=True))])

    def parameter_rows(self) -> tuple[tuple[str, ...], ...]:
        """The names of all parameters, row by row."""
        return tuple(row for block in self.blocks for row in block.rows)

    @property
    def layout(self) -> tuple[str, ...]:
        """The network's name and the order of its parameters."""
        return self.name, *map(_layout, self.blocks)


def _layout(block: Block) -> str:
    """The name of a block and the names of its rows and columns, such as ``W_hidden[h1 h2][x1 x2]``.

    The rows of an embedding are counted: ``W_p[user 0..670][p1 p2]``.
    """
    if block.index:
        return f"{block.name}[{block.index} 0..{block.count - 1}][{_span(block.inputs)}]"
    return block.name + "".join(f"[{_span(names)}]" for names in (block.units, block.inputs) if names)


def _span(names: tuple[str, ...]) -> str:
    """The names; a long numbered list is shortened to its first and last name and its length."""
    line = " ".join(names)
    count = len(names)
    return f"{names[0]}..{names[-1]}, {count}" if len(line) > 40 and names == numbered(names[0][:-1], count) else line


def with_blocks(plan: Plan, blocks: Mapping[str, Block]) -> Plan:
    """The plan with other blocks of parameters, by their names, wherever it has its own."""
    signs = tuple(replace(one, block=blocks[one.block.name]) for one in plan.monotone.signs)
    return replace(
        plan,
        layers=tuple(_with_blocks(layer, blocks) for layer in plan.layers),
        blocks=tuple(blocks.values()),
        penalty=plan.penalty
        and replace(plan.penalty, blocks=tuple(blocks[block.name] for block in plan.penalty.blocks)),
        monotone=replace(plan.monotone, signs=signs),
    )


def _with_blocks(layer: Layer, blocks: Mapping[str, Block]) -> Layer:
    sources = (
        replace(source, weights=blocks[source.weights.name]) if source.weights else source for source in layer.sources
    )
    return replace(
        layer,
        sources=tuple(sources),
        biases=layer.biases and blocks[layer.biases.name],
        normalization_blocks=tuple(blocks[block.name] for block in layer.normalization_blocks),
    )
