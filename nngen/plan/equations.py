"""The equations of a network as data: each is stated here once, for a whole layer.

``equations`` lists them in the order of a page. ``nngen.plan.by_unit`` expands the list into equations for single
units. A page prints the list with one macro for each form, in ``by_unit.jinja``, ``by_layer.jinja`` or
``by_batch.jinja`` of its language.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum, auto
from itertools import groupby
from typing import Generic, Self, TypeVar

from nngen.catalogue import NORMALIZATIONS
from nngen.formulas import Formula, Line
from nngen.plan.blocks import Block
from nngen.plan.layer import Layer, steps
from nngen.plan.names import derivative_of
from nngen.plan.network import Plan


class Scope(StrEnum):
    """The examples that the loss and the derivatives cover."""

    EXAMPLE = auto()
    """One example. If a batch normalizes the weights of its examples, the caller multiplies by them."""
    WEIGHTED_EXAMPLE = auto()
    """One example. The caller passes its share of the weights of a batch."""
    BATCH = auto()
    """A batch of n examples."""


class Form(StrEnum):
    """The form of an equation. The macro that prints it has the same name."""

    UNIT = auto()
    """A formula for each unit."""
    LAYER = auto()
    """One value for the layer: a formula of values that the units share."""
    SUM = auto()
    """The sum of a formula over the units of a layer."""
    MEAN = auto()
    """The mean of a formula over the units of a layer."""
    MAX = auto()
    """The maximum of a formula over the units of a layer."""
    WEIGHTED_SUM = auto()
    """For each unit: its bias plus the products of its weights and their inputs."""
    RETURNED = auto()
    """For each unit: the weights that lead away from it, times the derivatives of the units they lead to."""
    OUTER = auto()
    """For each weight: the derivative of its unit, times its input."""
    GRADIENT = auto()
    """A formula for each unit. Over a batch, the sum over the examples."""
    BIAS_GRADIENT = auto()
    """For each bias: the derivative of its unit. Over a batch, the sum over the examples."""
    RUNNING_MEAN = auto()
    """In training, the mean of a formula over the examples. Otherwise, the running statistic."""
    BATCH_MEAN = auto()
    """In training, the mean of a formula over the examples. Otherwise, 0."""
    DROPOUT = auto()
    """For each unit: its dropout factor."""
    TARGETS = auto()
    """The targets under the name that the loss uses, unless the page has named them before."""
    TOTAL = auto()
    """The loss: the sum of a formula over the outputs, and over the examples of a batch."""
    CLASS_WEIGHT = auto()
    """The weight of an example: that of its class, its own, or their product."""
    SHARE = auto()
    """The weights of a batch, divided by their sum."""
    PENALTY = auto()
    """The loss plus the penalty of a block's parameters."""
    PENALTY_SLOPE = auto()
    """The derivative by a block plus the slope of its penalty."""
    ZERO = auto()
    """The derivative by a frozen block."""


SHARED_FORMS = {Form.LAYER, Form.SUM, Form.MEAN, Form.MAX}
"""The forms of values that the units of a layer share."""


@dataclass(frozen=True)
class Vector:
    """The name of a vector, such as ``a_hidden``, and the names of its numbers, such as ``a_h1``."""

    name: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class Product:
    """A weight matrix and the vector that it multiplies: values forward, derivatives backward."""

    weights: Block
    vector: Vector
    end: str
    """The name of the layer at the other end of the weights: the source forward, the fed layer backward."""


Term = Formula | Product | Vector | Block


@dataclass(frozen=True)
class Equation:
    """One equation of a layer."""

    symbol: str
    """The first part of its name: ``z``, ``dW``, ``loss``."""
    form: Form
    terms: tuple[Term, ...]
    layer: Layer
    block: Block | None = None
    """The block whose derivative or penalty it computes, if any."""
    factor: str = ""
    """A factor of the result: ``weight``, or ``n`` for the penalty of each of n examples; empty if there is none."""
    mean: bool = False
    """Whether the loss of a batch is divided by the number of examples."""
    numbers: tuple[float, ...] = ()
    """The value of ``c`` in the formula at each unit: the weight of its class."""
    changed: bool = False
    """Whether several equations of the gradient assign this name."""

    @property
    def name(self) -> str:
        """The name of its value, for the whole layer or block."""
        if self.symbol in ("loss", "weight"):
            return self.symbol
        return derivative_of(self.block.name) if self.block else self.layer.name_of(self.symbol)

    @property
    def unit_names(self) -> tuple[str, ...]:
        """The names of its numbers. A value that the units share has one name."""
        if self.symbol in ("loss", "weight"):
            return (self.symbol,)
        if self.block:
            return tuple(derivative_of(name) for row in self.block.rows for name in row)
        return (self.name,) if self.form in SHARED_FORMS else self.layer.names(self.symbol)

    @property
    def renames(self) -> bool:
        """Whether it only gives the values of the units another name."""
        if self.form not in (Form.UNIT, Form.GRADIENT):
            return False
        return self.formula.bare and self.formula.text not in self.layer.shared

    @property
    def aliases(self) -> bool:
        """Whether it gives computed values another name. Targets do not count."""
        return self.renames and self.formula.text != "y"

    @property
    def common(self) -> bool:
        """Whether all examples of a batch share its value, since it depends on parameters alone."""
        if self.form is not Form.UNIT or self.layer.of_examples(self.formula):
            return False
        return not self.layer.of_units.isdisjoint(self.formula.variables)

    @property
    def formula(self) -> Formula:
        """The formula among its terms.

        Raises:
            StopIteration: there is none.
        """
        return next(term for term in self.terms if isinstance(term, Formula))

    @property
    def products(self) -> tuple[Product, ...]:
        """The products of weights and vectors among its terms."""
        return tuple(term for term in self.terms if isinstance(term, Product))

    @property
    def vectors(self) -> tuple[Vector, ...]:
        """The vectors among its terms."""
        return tuple(term for term in self.terms if isinstance(term, Vector))

    @property
    def parameters(self) -> Block | None:
        """The parameters among its terms: biases or running statistics."""
        return next((term for term in self.terms if isinstance(term, Block)), None)


class UnitForm(StrEnum):
    """The form of an assignment. The macro that prints it has the same name."""

    VALUE = auto()
    SUM = auto()
    MEAN = auto()
    MAX = auto()
    DROPOUT = auto()
    """The terms are the number of the unit and the dropout probability."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """An equation between numbers: a name, and the text of each term in the target language."""

    name: str
    form: UnitForm
    terms: tuple[str, ...]
    again: bool = False
    """Whether it changes a name that has a value already."""
    factor: str = ""
    """A factor of all terms but the first: the share of an example; empty if there is none."""
    changed: bool = False
    """Whether several equations of the gradient assign this name."""


T = TypeVar("T", Equation, Assignment)


@dataclass(frozen=True)
class Section(Generic[T]):
    """Equations under one comment."""

    comment: str
    equations: tuple[T, ...]


@dataclass(frozen=True)
class Equations(Generic[T]):
    """All equations of a network by purpose, in the order of a page."""

    forward: tuple[Section[T], ...]
    """From the inputs to the outputs."""
    training: tuple[Section[T], ...]
    """From the inputs to the outputs, in training."""
    weight: tuple[Section[T], ...]
    """The weight of the example, or of each example of a batch."""
    loss: tuple[Section[T], ...]
    backward: tuple[Section[T], ...]
    """The derivatives of each layer, from the output to the inputs."""
    frozen: tuple[Section[T], ...]
    """The derivatives by frozen parameters."""
    penalty: tuple[Section[T], ...]
    """The penalty that large parameters add to the loss."""
    penalty_slopes: tuple[Section[T], ...]
    """The slope of the penalty, added to the derivatives."""

    @property
    def gradient(self) -> tuple[Section[T], ...]:
        """All sections but ``forward``: first the loss, then the derivatives."""
        return self.to_the_loss + self.slopes

    @property
    def to_the_loss(self) -> tuple[Section[T], ...]:
        """From the inputs to the loss, in training."""
        return self.training + self.weight + self.loss + self.penalty

    @property
    def slopes(self) -> tuple[Section[T], ...]:
        """All derivatives of the loss."""
        return self.backward + self.frozen + self.penalty_slopes

    def marked(self) -> Self:
        """A copy in which each equation knows whether other equations of the gradient assign its name."""
        names = Counter(equation.name for section in self.gradient for equation in section.equations)
        changed = {name for name, count in names.items() if count > 1}

        def mark(section: Section[T]) -> Section[T]:
            marked = (
                replace(equation, changed=True) if equation.name in changed else equation
                for equation in section.equations
            )
            return replace(section, equations=tuple(marked))

        return replace(self, **{part.name: tuple(map(mark, getattr(self, part.name))) for part in fields(self)})


def equations(plan: Plan, scope: Scope) -> Equations[Equation]:
    """List the equations of a network, each for a whole layer.

    Args:
        plan: the plan of the network.
        scope: the examples that the loss and the derivatives cover.
    """
    return Equations(
        forward=tuple(_forward(plan, training=False)),
        training=tuple(_forward(plan, training=True)),
        weight=tuple(_weight(plan, scope)),
        loss=tuple(_loss(plan, scope)),
        backward=tuple(_backward(plan, scope)),
        frozen=tuple(_frozen(plan)),
        penalty=tuple(_penalty(plan, scope)),
        penalty_slopes=tuple(_penalty_slopes(plan, scope)),
    ).marked()


def _forward(plan: Plan, *, training: bool) -> Iterator[Section[Equation]]:
    for layer in plan.layers:
        biases = (layer.biases,) if layer.biases else ()
        products = (Product(s.weights, Vector(s.vector, s.values), s.name) for s in layer.sources)
        sums = Equation("z", Form.WEIGHTED_SUM, (*biases, *products), layer)
        lines = layer.training_lines if training else layer.forward
        yield Section(_comment(layer, training=training), (sums, *_lines(layer, lines)))


def _comment(layer: Layer, *, training: bool) -> str:
    sources = ", ".join(source.name for source in layer.sources)
    following = [step for step in steps(layer, training=training) if step != "linear"]
    text = ", then ".join([f"{layer.name} ← {sources}: weighted sums", *following])
    return f"{text} ({layer.remark})" if layer.remark else text


def _weight(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    weight = plan.loss.weight
    batch = scope is Scope.BATCH
    if not weight or (not batch and (plan.loss.weighted_mean or not weight.by_class)):
        return
    terms = (weight.by_class,) if weight.by_class else ()
    factor = "weight" if weight.by_example else ""
    weights = [Equation("weight", Form.CLASS_WEIGHT, terms, plan.output, factor=factor, numbers=weight.classes)]
    if plan.loss.weighted_mean:
        weights.append(Equation("weight", Form.SHARE, (), plan.output))
    comment = "each example counts by its share of all weights" if plan.loss.weighted_mean else weight.comment
    yield Section(comment, tuple(weights))


def _weighted(plan: Plan, scope: Scope) -> bool:
    """Whether the loss and the derivatives contain the weight of the example."""
    return plan.loss.weight is not None and not (plan.loss.weighted_mean and scope is Scope.EXAMPLE)


def _loss(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    factor = "weight" if _weighted(plan, scope) else ""
    total = Equation("loss", Form.TOTAL, (plan.loss.value,), plan.output, factor=factor, mean=plan.loss.mean)
    targets = Equation("y", Form.TARGETS, (), plan.output)
    over = f", {plan.loss.over_batch}" if scope is Scope.BATCH else ""
    yield Section(f"the loss: {plan.loss.name}{over}", (targets, *_lines(plan.output, plan.output.loss_lines), total))


def _backward(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    fed = defaultdict[str, list[Product]](list)  # the consumers of each layer, from the output to the inputs
    for after in reversed(plan.layers):
        for source in after.sources:
            fed[source.name].append(Product(source.weights, _vector(after, "dz"), after.name))
    for layer in (layer for layer in reversed(plan.layers) if layer.learns):
        if layer.error:
            slope = layer.error.formula
            slope = plan.loss.times_weight(slope) if _weighted(plan, scope) else slope
            slope = slope.divided_by("n") if scope is Scope.BATCH and plan.loss.mean else slope
            first = Equation(layer.error.name, Form.UNIT, (slope,), layer)
        else:
            first = Equation("da", Form.RETURNED, tuple(fed[layer.name]), layer)
        listed = [first, *_lines(layer, layer.backward)]
        for source in layer.sources:
            if source.weights.trainable:
                outer = (_vector(layer, "dz"), Vector(source.vector, source.values))
                listed.append(Equation("dW", Form.OUTER, outer, layer, source.weights))
        if layer.biases and layer.biases.trainable:
            listed.append(Equation("db", Form.BIAS_GRADIENT, (_vector(layer, "dz"),), layer, layer.biases))
        yield Section(_way_back(layer, [product.end for product in fed[layer.name]]), tuple(listed))


def _way_back(layer: Layer, after: Sequence[str]) -> str:
    """Describe how the error comes back to a layer, from the layers after it or from the loss."""
    chosen = layer.normalization
    through = f"; {chosen}: {NORMALIZATIONS[chosen].reason}" if chosen else ""
    if layer.fusion_reason:
        return f"{layer.name}: {layer.fusion_reason}{through}"
    if layer.error:
        return f"{layer.name}: the slope of the loss, then that of {layer.activation}{through}"
    return f"{layer.name} ← {', '.join(after)}: the error flows back along the same weights{through}"


def _frozen(plan: Plan) -> Iterator[Section[Equation]]:
    for measured, blocks in groupby(plan.frozen, key=lambda block: block.running_statistic):
        comment = "measured, not learned" if measured else "frozen: training leaves these as they are"
        yield Section(comment, tuple(Equation("0", Form.ZERO, (), plan.output, block) for block in blocks))


def _penalty(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    if plan.penalty:
        factor, value = _penalty_factor(plan, scope), plan.penalty.value
        added = (Equation("loss", Form.PENALTY, (value,), plan.output, block, factor) for block in plan.penalty.blocks)
        yield Section(plan.penalty.comment, tuple(added))


def _penalty_slopes(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    if plan.penalty:
        factor, slope = _penalty_factor(plan, scope), plan.penalty.slope
        added = (
            Equation("dW", Form.PENALTY_SLOPE, (slope,), plan.output, block, factor) for block in plan.penalty.blocks
        )
        yield Section("the slope of the penalty, which is added to each derivative", tuple(added))


def _penalty_factor(plan: Plan, scope: Scope) -> str:
    if plan.loss.weighted_mean:
        return "weight" if scope is Scope.WEIGHTED_EXAMPLE else ""
    return "n" if scope is Scope.BATCH and not plan.loss.mean else ""


def _lines(layer: Layer, lines: Iterable[Line]) -> Iterator[Equation]:
    blocks = {block.symbol: block for block in layer.normalization_blocks}
    for line in lines:
        form = Form[line.kind.name]
        terms = (line.formula, blocks[line.name]) if form is Form.RUNNING_MEAN else (line.formula,)
        yield Equation(
            line.name, form, terms, layer, blocks.get(line.name.removeprefix("d")) if form is Form.GRADIENT else None
        )


def _vector(layer: Layer, symbol: str) -> Vector:
    return Vector(layer.name_of(symbol), layer.names(symbol))


def formulas(plan: Plan) -> tuple[Formula, ...]:
    """All formulas that a page computes: equations, its functions, initial values and the step."""
    terms = (term for equation in _listed(plan) for term in equation.terms)
    listed = [term for term in terms if isinstance(term, Formula)]
    listed += [line.formula for layer in plan.layers for _, line in layer.running_updates]
    listed += [line.formula for line in plan.optimizer.lines]
    listed += [formula for formula in (plan.optimizer.rate, plan.optimizer.factor) if formula]
    listed += [block.initial for block in plan.blocks if block.initial]
    for helper in plan.page_functions:
        listed += [*(line.formula for line in helper.lines), helper.value]
    return tuple(listed)


def functions(plan: Plan) -> frozenset[str]:
    """The functions that a page calls but does not define."""
    called = {name for formula in formulas(plan) for name in formula.calls}
    called |= {"sqrt"} if plan.optimizer.factor or "q" in plan.draws else set()  # of a norm
    return frozenset(called.difference(helper.name for helper in plan.page_functions))


def forms(plan: Plan) -> frozenset[Form]:
    """The forms of a network's equations."""
    return frozenset(equation.form for equation in _listed(plan))


def _listed(plan: Plan) -> list[Equation]:
    return [equation for section in equations(plan, Scope.EXAMPLE).gradient for equation in section.equations]
