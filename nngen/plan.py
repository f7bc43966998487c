"""Spec → Plan: every name, shape, order and flow of errors that a page needs.

The names of a page follow from the spec by one law: ``z_h1`` and ``a_h1`` are the weighted sum and the activation of
the unit ``h1``, ``w_h1_x1`` is the weight that leads to ``h1`` from ``x1``, and ``z_hidden``, ``W_hidden`` are those of
the layer ``hidden`` as a whole. ``dX`` is the derivative of the loss by ``X``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from nngen.activations import ACTIVATIONS
from nngen.formula import Formula, Line, Words, line, number
from nngen.initializers import INITIALIZERS
from nngen.losses import LOSSES
from nngen.optimizers import OPTIMIZERS
from nngen.data import Scaling
from nngen.spec import Choice, Layer as LayerSpec, Matrices, Scheme, Spec, Vector


_DRAWS = {"u": "_uniform", "n": "_normal"}


@dataclass(frozen=True)
class Block:
    """A matrix or a vector of parameters; ``pack`` puts its rows at ``start`` to ``stop`` of the flat list."""

    name: str
    units: tuple[str, ...]
    inputs: tuple[str, ...]
    """The units that its columns come from; none for biases, which are a single row."""
    start: int
    initial: Formula | None
    """The formula of an initial value, where it is not given by value."""
    values: tuple[float, ...]
    seed: int | None
    trainable: bool

    @property
    def matrix(self) -> bool:
        """Whether it is a matrix of weights, and not a vector of biases."""
        return bool(self.inputs)

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns; for biases, their number."""
        return (len(self.units), len(self.inputs)) if self.matrix else (len(self.units),)

    @property
    def size(self) -> int:
        """How many parameters it holds."""
        return len(self.units) * max(1, len(self.inputs))

    @property
    def stop(self) -> int:
        """The index behind its last parameter."""
        return self.start + self.size

    @property
    def draws(self) -> bool:
        """Whether its initial values are random."""
        return self.initial is not None and bool(self.initial.letters)

    @property
    def range(self) -> str:
        """Its place in the flat list, as the arguments of a range."""
        return f"{self.start}, {self.stop}" if self.start else f"{self.stop}"

    @property
    def literal_rows(self) -> tuple[tuple[str, ...], ...]:
        """The initial values that are given, a row for each unit; biases are one row."""
        width = len(self.inputs) or self.size
        texts = tuple(map(number, self.values))
        return tuple(texts[start : start + width] for start in range(0, self.size, width))

    @property
    def zeros(self) -> str:
        """Lists of zeros of its shape."""
        row = f"[0.0] * {len(self.inputs) or self.size}"
        return f"[{row} for _ in range({len(self.units)})]" if self.matrix else row

    def draw(self, letter: str) -> str:
        """The random number that a letter of the initial formula stands for, at index ``i`` of the flat list."""
        return f"{_DRAWS[letter]}({'seed' if self.seed is None else self.seed}, i)"

    def draw_all(self, letter: str) -> str:
        """The same for the whole block at once."""
        return f"{self.draw(letter)[:-1]}[{self.start}:{self.stop}])"

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The parameters' names, one by one, a row for each unit; biases are one row."""
        if not self.matrix:
            return (tuple(f"b_{unit}" for unit in self.units),)
        return tuple(tuple(f"w_{unit}_{feeder}" for feeder in self.inputs) for unit in self.units)


@dataclass(frozen=True)
class Source:
    """What feeds a layer: the input, or a layer before it; ``learns`` where the error goes back to it."""

    name: str
    vector: str
    """Its values as a whole: ``x`` or ``a_hidden``."""
    values: tuple[str, ...]
    """Its values one by one: ``x1`` or ``a_h1``."""
    weights: Block
    learns: bool

    def weighted(self, unit: str) -> tuple[tuple[str, str], ...]:
        """The values, each with the weight by which it goes to a unit."""
        row = self.weights.rows[self.weights.units.index(unit)]
        return tuple(zip(self.values, row, strict=True))


@dataclass(frozen=True)
class Layer:
    """A layer, with its equations."""

    name: str
    units: tuple[str, ...]
    activation: str
    remark: str
    sources: tuple[Source, ...]
    biases: Block | None
    forward: tuple[Line, ...]
    """From ``z`` to ``a``."""
    error: Line | None
    """Where the loss comes in, at the output: ``da``, or ``dz`` where loss and activation are one."""
    backward: tuple[Line, ...]
    """From ``da`` to ``dz``."""
    learns: bool
    """Whether the error has to come back to it: something in it or below it is trained."""

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(line.name for line in (*self.forward, *self.backward) if line.over != "each")

    def name_of(self, letter: str) -> str:
        """A letter's name for the layer as a whole: ``z_hidden``; the number of examples is ``n``."""
        return letter if letter == "n" else f"{letter}_{self.name}"

    def of_unit(self, unit: str) -> Callable[[str], str]:
        """A letter's name for one unit: ``z_h1``; what the whole layer shares keeps the layer's name."""
        return lambda letter: f"{letter}_{self.name if letter in self._whole else unit}"

    def names(self, letter: str) -> tuple[str, ...]:
        """A letter's names, one for each unit."""
        return tuple(f"{letter}_{unit}" for unit in self.units)

    def written(self, formula: Formula, words: Words) -> tuple[str, ...]:
        """A formula, written for each unit."""
        return tuple(formula.write(words, self.of_unit(unit)) for unit in self.units)

    def weighted_sum(self, unit: str) -> tuple[str, ...]:
        """The terms of a unit's weighted sum, its bias first."""
        terms = (f"{weight} * {value}" for source in self.sources for value, weight in source.weighted(unit))
        return (*([f"b_{unit}"] if self.biases else []), *terms)

    @property
    def comment(self) -> str:
        """What its forward equations do, in words."""
        text = f"{self.name} ← {', '.join(source.name for source in self.sources)}: weighted sums"
        if self.forward[-1].formula.text != "z":
            text += f", then {self.activation}"
        return f"{text} ({self.remark})" if self.remark else text

    def each(self, formula: Formula, words: Words) -> str:
        """A formula in a loop over the units: ``exp(z - top_output) for z in z_output``; a bare letter needs no loop."""
        if formula.letters == (formula.text,):
            return self.name_of(formula.text)
        letters = [letter for letter in formula.letters if letter not in self._whole]
        text = formula.write(words, lambda letter: self.name_of(letter) if letter in self._whole else letter)
        return f"{text} for {', '.join(letters)} in {_zipped([self.name_of(letter) for letter in letters])}"

    def values(self, formula: Formula, words: Words) -> str:
        """A formula's value for each unit, as a list."""
        each = self.each(formula, words)
        return f"[{each}]" if " for " in each else each

    @property
    def weighted_products(self) -> tuple[str, ...]:
        """The terms of the weighted sums of a batch, as matrix products; the bias comes last."""
        products = (f"{source.vector} @ {source.weights.name}.T" for source in self.sources)
        return (*products, *([self.biases.name] if self.biases else []))

    @property
    def weighted_rows(self) -> str:
        """The weighted sums of all units, as a list: the products of each row with the values that feed it."""
        letters = ["w"] if len(self.sources) == 1 else [f"w_{source.name}" for source in self.sources]
        products = [f"sum(map(mul, {w}, {source.vector}))" for w, source in zip(letters, self.sources, strict=True)]
        matrices = [source.weights.name for source in self.sources]
        if self.biases:
            letters, products, matrices = ["b", *letters], ["b", *products], [self.biases.name, *matrices]
        return f"[{' + '.join(products)} for {', '.join(letters)} in {_zipped(matrices)}]"


@dataclass(frozen=True)
class Back:
    """A way by which the error comes back to a layer: from the layer ``after`` it, through one of that layer's sources."""

    after: Layer
    source: Source


@dataclass(frozen=True)
class Loss:
    """The loss: ``value`` is its term for one output."""

    name: str
    value: Formula
    textbook: str
    reduction: str
    """The convention, in words."""
    mean: bool
    """Whether the mean is taken over a batch, and not the sum."""
    over_batch: str
    """The same, in words."""
    target: Formula
    targets: str
    distribution: bool


@dataclass(frozen=True)
class Helper:
    """A function of one number that the page defines, because its formula is long."""

    name: str
    textbook: str
    remark: str
    value: Formula


@dataclass(frozen=True)
class Optimizer:
    """The optimizer: its lines with the numbers of the spec."""

    name: str
    textbook: str
    settings: str
    update: Formula


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
    optimizer: Optimizer
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
        formulas = [self.loss.value, self.optimizer.update, *(helper.value for helper in self.helpers)]
        formulas += [block.initial for block in self.blocks if block.initial]
        for layer in self.layers:
            formulas += [line.formula for line in layer.forward]
        for layer in self.learning:
            formulas += [line.formula for line in (*([layer.error] if layer.error else []), *layer.backward)]
        called = {name for formula in formulas for name in formula.calls}
        return frozenset(called.difference(helper.name for helper in self.helpers))

    @property
    def frozen(self) -> tuple[Block, ...]:
        """The parameters that training leaves as they are."""
        return tuple(block for block in self.blocks if not block.trainable)

    @property
    def divisor(self) -> float | None:
        """The one number that scales all inputs, where that is all that scales them."""
        if self.scaling is None or any(self.scaling.subtract) or len(set(self.scaling.divide)) > 1:
            return None
        return self.scaling.divide[0]

    @property
    def title(self) -> str:
        """The network in a line, for the module to print."""
        return f"{self.name}, {self.size} parameters"

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
        (value, weight), *_ = self.layers[0].sources[0].weighted(self.layers[0].units[0])
        return f"{weight} is the weight that leads to {self.layers[0].units[0]} from {value}."

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
        if layer.error and layer.error.name == "dz":
            return f"{layer.name}: the slope of {self.loss.name} after {layer.activation}, by z"
        if layer.error:
            return f"{layer.name}: the slope of the loss, then that of {layer.activation}"
        after = ", ".join(back.after.name for back in self.back(layer))
        return f"{layer.name} ← {after}: the error comes back along the weights it went out by"

    def returning(self, layer: Layer, unit: str) -> tuple[str, ...]:
        """The terms of what comes back to a unit's activation: the error of each unit that it feeds, times the weight."""
        return tuple(
            f"dz_{after} * {dict(back.source.weighted(after))[f'a_{unit}']}"
            for back in self.back(layer)
            for after in back.after.units
        )

    def returning_columns(self, layer: Layer) -> str:
        """What comes back to a layer's activations, as a list: the products of each column with the errors behind it."""
        ways = self.back(layer)
        letters = ["w"] if len(ways) == 1 else [f"w_{back.after.name}" for back in ways]
        products = [f"sum(map(mul, {w}, {back.after.name_of('dz')}))" for w, back in zip(letters, ways, strict=True)]
        columns = _zipped([f"zip(*{back.source.weights.name})" for back in ways])
        return f"[{' + '.join(products)} for {', '.join(letters)} in {columns}]"

    def returning_products(self, layer: Layer) -> tuple[str, ...]:
        """The terms of what comes back to a layer's activations in a batch, as matrix products."""
        return tuple(f"{back.after.name_of('dz')} @ {back.source.weights.name}" for back in self.back(layer))

    @property
    def slopes(self) -> tuple[str, ...]:
        """The names of their derivatives."""
        return tuple(f"d{block.name}" for block in self.blocks)

    @property
    def array_shapes(self) -> tuple[str, ...]:
        """Their shapes."""
        return tuple(repr(block.shape) for block in self.blocks)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the matrices and vectors of parameters."""
        return tuple(block.name for block in self.blocks)

    @property
    def shapes(self) -> tuple[str, ...]:
        """Their shapes, a vector as a matrix of one row."""
        return tuple(
            f"({len(block.units) if block.matrix else 1}, {len(block.inputs) or block.size})" for block in self.blocks
        )

    def as_matrices(self, prefix: str) -> tuple[str, ...]:
        """Their names, a vector in brackets as a matrix of one row; the prefix ``d`` gives those of the derivatives."""
        return tuple(f"{prefix}{block.name}" if block.matrix else f"[{prefix}{block.name}]" for block in self.blocks)

    @property
    def matrix_law(self) -> str:
        """What an index into a matrix of weights says."""
        source = self.layers[0].sources[0]
        return f"{source.weights.name}[i][j] is the weight that leads to unit i of {self.layers[0].name} from unit j of {source.name}."

    @staticmethod
    def letter(letter: str) -> str:
        """A letter of a formula, as it is."""
        return letter

    @property
    def layout(self) -> tuple[str, ...]:
        """The network's name and the order of its parameters: for each block its name, its rows and its columns."""
        return self.name, *(
            block.name + "".join(f"[{_span(names)}]" for names in (block.units, block.inputs) if names)
            for block in self.blocks
        )

    def back(self, layer: Layer) -> tuple[Back, ...]:
        """The ways by which the error comes back to a layer, the nearest to the output first."""
        return tuple(
            Back(after, source)
            for after in reversed(self.layers)
            for source in after.sources
            if source.name == layer.name
        )


def plan(spec: Spec, scaling: Scaling | None = None) -> Plan:
    """Plan the pages of a valid spec.

    Args:
        spec: a spec that has passed the checks.
        scaling: how the inputs of its data are scaled, where they are.
    """
    blocks: list[Block] = []
    layers: list[Layer] = []
    for index, layer in enumerate(spec.layers):
        sources = _sources(spec, index, layers, blocks)
        biases = _biases(spec, layer, sources, blocks)
        activation = ACTIVATIONS[layer.activation.name]
        value = Formula(activation.value).bind(layer.activation.options)
        if _named(value):
            value = Formula(f"{activation.name}(z)", frozenset({activation.name}))
        output = index == len(spec.layers) - 1
        error, fused = _error(spec) if output else (None, False)
        layers.append(
            Layer(
                name=layer.name,
                units=layer.unit_names,
                activation=activation.name,
                remark="" if value.helpers else activation.remark,
                sources=sources,
                biases=biases,
                forward=(*map(line, activation.across), Line("a", value)),
                error=error,
                backward=() if fused else _backward(layer.activation),
                learns=layer.weights.trainable
                or (layer.bias is not None and layer.bias.trainable)
                or any(source.learns for source in sources),
            )
        )
    return Plan(
        name=spec.name,
        description=spec.description,
        input_name=spec.input_name,
        inputs=spec.input_names,
        layers=tuple(layers),
        blocks=tuple(blocks),
        helpers=_helpers(spec),
        loss=_loss(spec),
        optimizer=_optimizer(spec.training.optimizer),
        seed=spec.initial.seed,
        batch_size=spec.training.batch_size,
        epochs=spec.training.epochs,
        order_seed=spec.training.seed if spec.training.shuffle else None,
        scaling=scaling,
    )


def _sources(spec: Spec, index: int, before: list[Layer], blocks: list[Block]) -> tuple[Source, ...]:
    layer = spec.layers[index]
    names = layer.sources or ((spec.layers[index - 1].name if index else spec.input_name),)
    feeders = {earlier.name: earlier for earlier in before}
    columns = [feeders[name].units if name in feeders else spec.input_names for name in names]
    fan_in = sum(map(len, columns))
    sources = []
    for name, units in zip(names, columns, strict=True):
        feeder = feeders.get(name)
        chosen = layer.weights.initial or spec.initial.weights
        given: tuple[float, ...] = ()
        if isinstance(chosen, Matrices):
            rows = chosen.values[name if name in chosen.values else ""]
            given = tuple(value for row in rows for value in row)
        blocks.append(
            Block(
                name=f"W_{layer.name}" if len(names) == 1 else f"W_{layer.name}_{name}",
                units=layer.unit_names,
                inputs=units,
                start=blocks[-1].stop if blocks else 0,
                initial=_initial(chosen, fan_in, len(layer.unit_names)),
                values=given,
                seed=chosen.seed if isinstance(chosen, Scheme) else None,
                trainable=layer.weights.trainable,
            )
        )
        sources.append(
            Source(
                name=name,
                vector=feeder.name_of("a") if feeder else "x",
                values=tuple(f"a_{unit}" for unit in units) if feeder else units,
                weights=blocks[-1],
                learns=feeder is not None and feeder.learns,
            )
        )
    return tuple(sources)


def _biases(spec: Spec, layer: LayerSpec, sources: tuple[Source, ...], blocks: list[Block]) -> Block | None:
    if layer.bias is None:
        return None
    chosen = layer.bias.initial or spec.initial.biases
    blocks.append(
        Block(
            name=f"b_{layer.name}",
            units=layer.unit_names,
            inputs=(),
            start=blocks[-1].stop,
            initial=_initial(chosen, sum(len(source.values) for source in sources), len(layer.unit_names)),
            values=chosen.values if isinstance(chosen, Vector) else (),
            seed=chosen.seed if isinstance(chosen, Scheme) else None,
            trainable=layer.bias.trainable,
        )
    )
    return blocks[-1]


def _initial(chosen: Scheme | Matrices | Vector, fan_in: int, fan_out: int) -> Formula | None:
    if not isinstance(chosen, Scheme):
        return None
    formula = Formula(INITIALIZERS[chosen.name].value).bind(chosen.options)
    return formula.rename({"fan_in": str(fan_in), "fan_out": str(fan_out)})


def _named(value: Formula) -> bool:
    """Whether a formula is long enough to get a name of its own on the page."""
    return len(value.calls) > 1


def _helpers(spec: Spec) -> tuple[Helper, ...]:
    helpers = {}
    for layer in spec.layers:
        activation = ACTIVATIONS[layer.activation.name]
        value = Formula(activation.value).bind(layer.activation.options)
        if _named(value):
            helpers[activation.name] = Helper(activation.name, activation.textbook, activation.remark, value)
    return tuple(helpers.values())


def _backward(choice: Choice) -> tuple[Line, ...]:
    activation = ACTIVATIONS[choice.name]
    if activation.slope is None:
        return tuple(map(line, activation.back))
    return (Line("dz", Formula("da").times(Formula(activation.slope).bind(choice.options))),)


def _error(spec: Spec) -> tuple[Line, bool]:
    """Where the loss comes in at the output, and whether that already passes the activation."""
    loss = LOSSES[spec.loss.name]
    fusion = loss.fusion(spec.layers[-1].activation.name)
    if fusion:
        return Line("dz", _share(spec, Formula(fusion.slope))), True
    return Line("da", _share(spec, Formula(loss.slope or ""))), False


def _share(spec: Spec, term: Formula) -> Formula:
    """An output's term, as its share of the loss."""
    outputs = len(spec.layers[-1].unit_names)
    mean = spec.loss.outputs == "mean" and outputs > 1
    return (term.divided_by(f"{outputs}.0") if mean else term).bind(spec.loss.options)


def _loss(spec: Spec) -> Loss:
    loss = LOSSES[spec.loss.name]
    fusion = loss.fusion(spec.layers[-1].activation.name)
    over = {"sum": "summed over the outputs", "mean": "the mean over the outputs"}[spec.loss.outputs]
    return Loss(
        name=loss.name,
        value=_share(spec, Formula(fusion.value if fusion else loss.value or "")),
        textbook=loss.textbook,
        reduction=f"{over}, the {spec.loss.batch} over a batch",
        mean=spec.loss.batch == "mean",
        over_batch={"mean": "the mean over the examples", "sum": "the sum over the examples"}[spec.loss.batch],
        target=Formula(loss.target),
        targets=loss.targets,
        distribution=loss.distribution,
    )


def _optimizer(choice: Choice) -> Optimizer:
    optimizer = OPTIMIZERS[choice.name]
    (update,) = map(line, optimizer.lines)
    return Optimizer(
        name=optimizer.name,
        textbook=optimizer.textbook,
        settings="".join(f", {name} = {number(value)}" for name, value in choice.options.items()),
        update=update.formula.bind(choice.options),
    )


def _zipped(lists: list[str]) -> str:
    return lists[0] if len(lists) == 1 else f"zip({', '.join(lists)})"


def _span(names: tuple[str, ...]) -> str:
    line = " ".join(names)
    return line if len(line) <= 40 else f"{names[0]}..{names[-1]}, {len(names)}"
