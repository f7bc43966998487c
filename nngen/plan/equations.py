"""The equations of a network as data: each is stated once, for a layer as a whole.

``equations`` lists them in the order of a page. ``nngen.plan.by_unit`` expands the same list into an equation for each
unit. A page prints the list with one macro for each form, in ``by_unit.jinja``, ``by_layer.jinja`` or
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
    """What the loss and the derivatives are taken over."""

    EXAMPLE = auto()
    """One example. Where a batch divides the weights of its examples by their sum, the caller multiplies by them."""
    WEIGHTED_EXAMPLE = auto()
    """One example, which the caller tells its share of the weights of a batch."""
    BATCH = auto()
    """A batch of n examples."""


class Form(StrEnum):
    """What an equation does with its terms. The macro that prints it has the same name."""

    UNIT = auto()
    """A formula for each unit."""
    LAYER = auto()
    """A formula of values that the units share: one value for the layer."""
    SUM = auto()
    """The sum of a formula over the units of a layer."""
    MEAN = auto()
    """The mean over the units."""
    MAX = auto()
    """The maximum over the units."""
    WEIGHTED_SUM = auto()
    """For each unit its bias, and the products of its weights with the values that feed it."""
    RETURNED = auto()
    """For each unit the products of the weights that lead away from it with the derivatives at their other ends."""
    OUTER = auto()
    """For each weight the derivative of its unit, times the value that it multiplies."""
    GRADIENT = auto()
    """A formula for each unit; over a batch its sum over the examples."""
    BIAS_GRADIENT = auto()
    """For each bias the derivative of its unit; over a batch its sum over the examples."""
    RUNNING_MEAN = auto()
    """The mean of a formula over the examples in training; otherwise the parameter that remembers it."""
    BATCH_MEAN = auto()
    """The mean of a formula over the examples in training; otherwise 0."""
    DROPOUT = auto()
    """For each unit the number that dropout multiplies it by."""
    TARGETS = auto()
    """The targets by the name that the loss calls them, where the page has not done this before."""
    TOTAL = auto()
    """The loss: the sum of a formula over the outputs, and over a batch."""
    CLASS_WEIGHT = auto()
    """What an example counts by its class, and by its own weight."""
    SHARE = auto()
    """The weights of a batch, divided by their sum."""
    PENALTY = auto()
    """The loss, plus what the parameters of a block add to it."""
    PENALTY_SLOPE = auto()
    """The derivative by a block, plus the slope of what its parameters add to the loss."""
    ZERO = auto()
    """The derivative by a block that training leaves as it is."""


SHARED_FORMS = {Form.LAYER, Form.SUM, Form.MEAN, Form.MAX}
"""The forms of what the units of a layer share."""


@dataclass(frozen=True)
class Vector:
    """The name of a vector, such as ``a_hidden``, and the names of its numbers, such as ``a_h1``."""

    name: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class Product:
    """A matrix of weights, and the vector that it is multiplied with: values forward, derivatives backward."""

    weights: Block
    vector: Vector
    other: str
    """The name of what is at the other end of the weights: the source forward, the layer that is fed backward."""


Term = Formula | Product | Vector | Block


@dataclass(frozen=True)
class Equation:
    """One equation of a layer."""

    symbol: str
    """What its name begins with: ``z``, ``dW``, ``loss``."""
    form: Form
    terms: tuple[Term, ...]
    layer: Layer
    block: Block | None = None
    """The parameters that it gives the derivative of, or that it adds to the loss."""
    factor: str = ""
    """What multiplies the result: ``weight``, or ``n`` for the penalty of each of n examples."""
    mean: bool = False
    """Whether a loss over a batch is divided by the number of its examples."""
    numbers: tuple[float, ...] = ()
    """The number that the letter ``c`` of the formula is at each unit: the weight of its class."""
    changed: bool = False
    """Whether several equations of the gradient give its name a value."""

    @property
    def name(self) -> str:
        """The name of what it computes, for the layer or the block as a whole."""
        if self.symbol in ("loss", "weight"):
            return self.symbol
        return derivative_of(self.block.name) if self.block else self.layer.name_of(self.symbol)

    @property
    def unit_names(self) -> tuple[str, ...]:
        """The names of its numbers; what the units share has a single one, ``name``."""
        if self.symbol in ("loss", "weight"):
            return (self.symbol,)
        if self.block:
            return tuple(derivative_of(name) for row in self.block.rows for name in row)
        return (self.name,) if self.form in SHARED_FORMS else self.layer.names(self.symbol)

    @property
    def renames(self) -> bool:
        """Whether it only gives another name to the values of the units."""
        if self.form not in (Form.UNIT, Form.GRADIENT):
            return False
        return self.formula.bare and self.formula.text not in self.layer.shared

    @property
    def aliases(self) -> bool:
        """Whether it gives another name to what a page computes, and not to the targets, which are constant."""
        return self.renames and self.formula.text != "y"

    @property
    def common(self) -> bool:
        """Whether all examples of a batch share its values: its formula has parameters, and what they give, alone."""
        if self.form is not Form.UNIT or self.layer.of_examples(self.formula):
            return False
        return not self.layer.of_units.isdisjoint(self.formula.variables)

    @property
    def formula(self) -> Formula:
        """Its formula, where it has one."""
        return next(term for term in self.terms if isinstance(term, Formula))

    @property
    def products(self) -> tuple[Product, ...]:
        """Its products of weights and values."""
        return tuple(term for term in self.terms if isinstance(term, Product))

    @property
    def vectors(self) -> tuple[Vector, ...]:
        """The vectors among its terms."""
        return tuple(term for term in self.terms if isinstance(term, Vector))

    @property
    def parameters(self) -> Block | None:
        """The parameters among its terms: the biases, or those that remember a mean."""
        return next((term for term in self.terms if isinstance(term, Block)), None)


class UnitForm(StrEnum):
    """What an assignment does with its terms. The macro that prints it has the same name."""

    VALUE = auto()
    SUM = auto()
    MEAN = auto()
    MAX = auto()
    DROPOUT = auto()
    """The terms are the number of the unit, and how often it is left out."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """An equation between numbers: a name, and the text of each term in the words of a language."""

    name: str
    form: UnitForm
    terms: tuple[str, ...]
    again: bool = False
    """Whether the name has a value already, from which the new one is computed."""
    factor: str = ""
    """What multiplies all terms but the first: the share of an example, where it has one."""
    changed: bool = False
    """Whether several equations of the gradient give the name a value."""


T = TypeVar("T", Equation, Assignment)


@dataclass(frozen=True)
class Section(Generic[T]):
    """Equations under one comment."""

    comment: str
    equations: tuple[T, ...]


@dataclass(frozen=True)
class Equations(Generic[T]):
    """All equations of a network, by what they are for, in the order of a page."""

    forward: tuple[Section[T], ...]
    """From the inputs to the outputs."""
    training: tuple[Section[T], ...]
    """The same in training."""
    weight: tuple[Section[T], ...]
    """What the example counts, or each example of a batch."""
    loss: tuple[Section[T], ...]
    backward: tuple[Section[T], ...]
    """The derivatives of each layer, from the output down."""
    frozen: tuple[Section[T], ...]
    """The derivatives by what training leaves as it is."""
    penalty: tuple[Section[T], ...]
    """What large parameters add to the loss."""
    penalty_slopes: tuple[Section[T], ...]
    """What they add to the derivatives."""

    @property
    def gradient(self) -> tuple[Section[T], ...]:
        """All but ``forward``: first the loss, then the derivatives."""
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
        """The same, in which each equation knows whether others of the gradient have its name."""
        names = Counter(equation.name for section in self.gradient for equation in section.equations)
        changed = {name for name, count in names.items() if count > 1}

        def mark(section: Section[T]) -> Section[T]:
            marked = (replace(one, changed=True) if one.name in changed else one for one in section.equations)
            return replace(section, equations=tuple(marked))

        return replace(self, **{part.name: tuple(map(mark, getattr(self, part.name))) for part in fields(self)})


def equations(plan: Plan, scope: Scope) -> Equations[Equation]:
    """The equations of a network, each for a layer as a whole.

    Args:
        plan: the plan of the network.
        scope: what the loss and the derivatives are taken over.
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
    found = [Equation("weight", Form.CLASS_WEIGHT, terms, plan.output, factor=factor, numbers=weight.classes)]
    if plan.loss.weighted_mean:
        found.append(Equation("weight", Form.SHARE, (), plan.output))
    comment = "each example counts by its share of all weights" if plan.loss.weighted_mean else weight.comment
    yield Section(comment, tuple(found))


def _weighted(plan: Plan, scope: Scope) -> bool:
    """Whether the loss and the derivatives hold the weight of the example."""
    return plan.loss.weight is not None and not (plan.loss.weighted_mean and scope is Scope.EXAMPLE)


def _loss(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    factor = "weight" if _weighted(plan, scope) else ""
    total = Equation("loss", Form.TOTAL, (plan.loss.value,), plan.output, factor=factor, mean=plan.loss.mean)
    targets = Equation("y", Form.TARGETS, (), plan.output)
    over = f", {plan.loss.over_batch}" if scope is Scope.BATCH else ""
    yield Section(f"the loss: {plan.loss.name}{over}", (targets, *_lines(plan.output, plan.output.loss_lines), total))


def _backward(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    fed = defaultdict[str, list[Product]](list)  # what each layer feeds, the nearest to the output first
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
        found = [first, *_lines(layer, layer.backward)]
        for source in layer.sources:
            if source.weights.trainable:
                outer = (_vector(layer, "dz"), Vector(source.vector, source.values))
                found.append(Equation("dW", Form.OUTER, outer, layer, source.weights))
        if layer.biases and layer.biases.trainable:
            found.append(Equation("db", Form.BIAS_GRADIENT, (_vector(layer, "dz"),), layer, layer.biases))
        yield Section(_way_back(layer, [product.other for product in fed[layer.name]]), tuple(found))


def _way_back(layer: Layer, after: Sequence[str]) -> str:
    """Describe how the error comes back to a layer, from the layers after it or from the loss."""
    chosen = layer.normalization
    through = f"; {chosen}: {NORMALIZATIONS[chosen].reason}" if chosen else ""
    if layer.fusion_reason:
        return f"{layer.name}: {layer.fusion_reason}{through}"
    if layer.error:
        return f"{layer.name}: the slope of the loss, then that of {layer.activation}{through}"
    return f"{layer.name} ← {', '.join(after)}: the error comes back along the weights it went out by{through}"


def _frozen(plan: Plan) -> Iterator[Section[Equation]]:
    for measured, blocks in groupby(plan.frozen, key=lambda block: block.running_statistic):
        comment = "measured, not learned" if measured else "frozen: training leaves these as they are"
        yield Section(comment, tuple(Equation("0", Form.ZERO, (), plan.output, block) for block in blocks))


def _penalty(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    if plan.penalty:
        factor, value = _penalty_factor(plan, scope), plan.penalty.value
        added = (Equation("loss", Form.PENALTY, (value,), plan.output, one, factor) for one in plan.penalty.blocks)
        yield Section(plan.penalty.comment, tuple(added))


def _penalty_slopes(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    if plan.penalty:
        factor, slope = _penalty_factor(plan, scope), plan.penalty.slope
        added = (Equation("dW", Form.PENALTY_SLOPE, (slope,), plan.output, one, factor) for one in plan.penalty.blocks)
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


def _vector(layer: Layer, letter: str) -> Vector:
    return Vector(layer.name_of(letter), layer.names(letter))


def formulas(plan: Plan) -> tuple[Formula, ...]:
    """All that a page computes: its equations, its own functions, the initial values and the step."""
    terms = (term for one in _listed(plan) for term in one.terms)
    found = [term for term in terms if isinstance(term, Formula)]
    found += [line.formula for layer in plan.layers for _, line in layer.running_updates]
    found += [line.formula for line in plan.optimizer.lines]
    found += [formula for formula in (plan.optimizer.rate, plan.optimizer.factor) if formula]
    found += [block.initial for block in plan.blocks if block.initial]
    for helper in plan.page_functions:
        found += [*(line.formula for line in helper.lines), helper.value]
    return tuple(found)


def functions(plan: Plan) -> frozenset[str]:
    """The functions that a page calls, other than those that it defines for itself."""
    called = {name for formula in formulas(plan) for name in formula.calls}
    called |= {"sqrt"} if plan.optimizer.factor or "q" in plan.draws else set()  # of a norm
    return frozenset(called.difference(helper.name for helper in plan.page_functions))


def forms(plan: Plan) -> frozenset[Form]:
    """The forms that the equations of a network have."""
    return frozenset(one.form for one in _listed(plan))


def _listed(plan: Plan) -> list[Equation]:
    return [one for section in equations(plan, Scope.EXAMPLE).gradient for one in section.equations]
