"""The plan: every name, shape, order and flow of errors that a page needs.

The names of a page follow from the spec by one law: ``z_h1`` and ``a_h1`` are the weighted sum and the activation of
the unit ``h1``, ``w_h1_x1`` is the weight that leads to ``h1`` from ``x1``, and ``z_hidden``, ``W_hidden`` are those of
the layer ``hidden`` as a whole. ``dX`` is the derivative of the loss by ``X``.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from nngen.catalogue import PageFunction
from nngen.data import Encoding, Scaling
from nngen.formulas import Words
from nngen.plan.blocks import Block
from nngen.plan.layer import Layer
from nngen.plan.learning import Loss, Optimizer, Penalty, StopRule


@dataclass(frozen=True)
class Plan:
    """Everything that a page needs to know of a network."""

    name: str
    description: str
    input_name: str
    inputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    blocks: tuple[Block, ...]
    page_functions: tuple[PageFunction, ...]
    loss: Loss
    penalty: Penalty | None
    optimizer: Optimizer
    stop: StopRule | None
    seed: int
    batch_size: int | None
    epochs: int
    training_seed: int
    """The seed of what training draws."""
    order_seed: int | None
    """The seed of the examples' order; None where they come as they are."""
    custom_activations: tuple[str, ...]
    """The activations of the user's own, each with its formula."""
    encoding: Encoding | None

    @property
    def scaling(self) -> Scaling | None:
        """How the inputs are scaled, where each is a column of its own; None where nothing is scaled."""
        return self.encoding.scaling if self.encoding else None

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
        """How many numbers the optimizer remembers."""
        return len(self.optimizer.memory) * self.size + self.optimizer.counts

    @property
    def working_size(self) -> int:
        """How many numbers training works with beside the parameters, where it allocates nothing.

        They are the state, at least one number; the gradient; and the best parameters, where a rule ends training.
        """
        return max(1, self.state_size) + self.size * (2 if self.stop else 1)

    @property
    def multiplications(self) -> int:
        """How many products the weighted sums of one forward pass take."""
        return sum(block.size for block in self.blocks if block.matrix)

    @property
    def backward_layers(self) -> tuple[Layer, ...]:
        """The layers that the error comes back to, from the output down."""
        return tuple(layer for layer in reversed(self.layers) if layer.learns)

    @cached_property
    def draws(self) -> frozenset[str]:
        """The kinds of random numbers that the initial values need: the letters of the catalogue of initializers."""
        letters = frozenset(letter for block in self.blocks if block.initial for letter in block.initial.letters)
        return letters | {"n"} if letters & {"t", "q"} else letters  # which are made of normal ones

    @property
    def has_dropout(self) -> bool:
        """Whether there is dropout."""
        return any(layer.dropout_start is not None for layer in self.layers)

    @property
    def needs_batch(self) -> bool:
        """Whether training measures the examples of a batch together, so that they cannot be taken one by one."""
        return any(layer.running_lines for layer in self.layers)

    @property
    def between(self) -> str:
        """What stands between weighted sums and activations, in words."""
        made = {line.name for layer in self.layers for line in layer.training_lines}
        said = [", hat a normalized value and s the same after gain and shift"] if "hat" in made else []
        said += [", f an activation before what else is done to it"] if "f" in made else []
        return "".join(said)

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
        layers = [layer.summary for layer in self.layers]
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
        layer = self.layers[0]
        source = layer.sources[0]
        return f"{source.weights.rows[0][0]} is the weight that leads to {layer.units[0]} from {source.values[0]}."

    @property
    def biased(self) -> bool:
        """Whether training changes any biases."""
        return any(layer.biases is not None and layer.biases.trainable for layer in self.backward_layers)

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

    def updated(self, words: Words) -> tuple[tuple[str, ...], ...]:
        """What a step of one line makes of each parameter, in such rows."""
        formula = self.optimizer.lines[0].formula
        return tuple(
            tuple(formula.write(words, {"w": name, "g": f"d{name}"}.__getitem__) for name in row)
            for row in self.parameter_rows()
        )

    def slopes(self) -> tuple[tuple[int, str, str], ...]:
        """Of each derivative that is not always 0 the place in the flat list, its name, and that of the parameter."""
        names = [name for row in self.slope_rows() for name in row]
        parameters = [name for row in self.parameter_rows() for name in row]
        rows = enumerate(zip(names, parameters, strict=True))
        return tuple((place, slope, parameter) for place, (slope, parameter) in rows if slope != "0.0")

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

    @property
    def layout(self) -> tuple[str, ...]:
        """The network's name and the order of its parameters."""
        return self.name, *(block.layout for block in self.blocks)
