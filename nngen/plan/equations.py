"""The equations of a network as data: each is stated here once, for a whole layer.

``equations`` lists them in the order of a page. ``nngen.plan.by_unit`` expands the list into equations for single
units, and ``nngen.plan.layer_forms`` states the loops of each form. A page prints the list with these loops, or with a
macro for each form.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum, auto
from itertools import groupby

from nngen.common.messages import Message, message
from nngen.mathematics.catalogue import KINDS, NORMALIZATIONS
from nngen.mathematics.formulas import Formula, Line
from nngen.plan import kinds
from nngen.plan.blocks import Block
from nngen.plan.equation import Elementwise, Equation, Form, Term
from nngen.plan.layer import Layer, Source, steps
from nngen.plan.network import Plan
from nngen.plan.sections import Equations, Section


class Scope(StrEnum):
    """The examples that the loss and the derivatives cover."""

    EXAMPLE = auto()
    """One example. If a batch normalizes the weights of its examples, the caller multiplies by them."""
    WEIGHTED_EXAMPLE = auto()
    """One example. The caller passes its share of the weights of a batch."""
    BATCH = auto()
    """A batch of n examples."""


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
        lines = layer.training_lines if training else layer.forward
        yield Section(_comment(layer, training=training), (kinds.sums(layer), *_lines(layer, lines)))


def _comment(layer: Layer, *, training: bool) -> str:
    sources = ", ".join(source.name for source in layer.sources)
    following = [step for step in steps(layer, training=training) if step != "linear"]
    text = Message(
        "{layer} ← {sources}: {sums}", layer=layer.name, sources=sources, sums=KINDS[layer.kind].says.comment
    )
    for step in following:
        text = message("{before}, then {step}", before=text, step=step)
    return Message("{before} ({remark})", before=text, remark=Message(layer.remark)) if layer.remark else text


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
    share = message("each example counts by its share of all weights")
    yield Section(share if plan.loss.weighted_mean else weight.comment, tuple(weights))


def _weighted(plan: Plan, scope: Scope) -> bool:
    """Whether the loss and the derivatives contain the weight of the example."""
    return plan.loss.weight is not None and not (plan.loss.weighted_mean and scope is Scope.EXAMPLE)


def _loss(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    factor = "weight" if _weighted(plan, scope) else ""
    total = Equation("loss", Form.TOTAL, (plan.loss.value,), plan.output, factor=factor, mean=plan.loss.mean)
    targets = Equation("y", Form.TARGETS, (), plan.output)
    comment = message("the loss: {name}", name=plan.loss.name)
    if scope is Scope.BATCH:
        comment = Message("{before}, {reduction}", before=comment, reduction=plan.loss.over_batch)
    yield Section(comment, (targets, *_lines(plan.output, plan.output.loss_lines), total))


def _backward(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    fed = defaultdict[str, list[tuple[Layer, Source]]](list)  # consumers of each layer, from the output to the inputs
    for after in reversed(plan.layers):
        for source in after.sources:
            fed[source.name].append((after, source))
    for layer in (layer for layer in reversed(plan.layers) if layer.learns):
        if layer.error:
            first = error(plan, scope)
        else:
            several = len(fed[layer.name]) > 1
            returned = (kinds.returned(*each, k if several else 0) for k, each in enumerate(fed[layer.name], 1))
            first = kinds.back("da", layer, returned)
        listed = [first, *_lines(layer, layer.backward)]
        for source in layer.sources:
            if source.weights and source.weights.index and source.weights.trainable:
                penalty = _row_penalty(plan, scope, source.weights, slope=True)
                slopes: tuple[Term, ...] = (kinds.slopes(layer), *penalty)
                listed.append(Equation("dW", Form.ROW_GRADIENT, slopes, layer, source.weights))
            elif source.weights and source.weights.trainable:
                listed.append(kinds.weight_slopes(layer, source))
        if layer.biases and layer.biases.trainable:
            listed.append(kinds.bias_slopes(layer))
        yield Section(_way_back(layer, [after for after, _ in fed[layer.name]]), tuple(listed))


def error(plan: Plan, scope: Scope) -> Equation:
    """The derivative of the loss at the output.

    Raises:
        TypeError: the plan has none.
    """
    line = plan.output.error
    if line is None:
        raise TypeError(plan.name)
    slope = plan.loss.times_weight(line.formula) if _weighted(plan, scope) else line.formula
    slope = slope.divided_by("n") if scope is Scope.BATCH and plan.loss.mean else slope
    return Equation(line.name, Form.UNIT, (slope,), plan.output)


def _way_back(layer: Layer, after: Sequence[Layer]) -> str:
    """Describe how the error comes back to a layer, from the layers after it or from the loss."""
    chosen = layer.normalization
    if layer.fusion_reason:
        text = Message("{layer}: {reason}", layer=layer.name, reason=Message(layer.fusion_reason))
    elif layer.error:
        text = message(
            "{layer}: the slope of the loss, then that of {activation}", layer=layer.name, activation=layer.activation
        )
    else:
        same = all(each.dense for each in after)
        back = message("the error flows back along the same weights") if same else message("the error flows back")
        names = ", ".join(each.name for each in after)
        text = Message("{layer} ← {others}: {back}", layer=layer.name, others=names, back=back)
    reason = Message(NORMALIZATIONS[chosen].reason) if chosen else ""
    return Message("{before}; {name}: {reason}", before=text, name=chosen, reason=reason) if chosen else text


def _frozen(plan: Plan) -> Iterator[Section[Equation]]:
    for measured, blocks in groupby(plan.frozen, key=lambda block: block.running_statistic):
        left = message("frozen: training leaves these as they are")
        comment = message("measured, not learned") if measured else left
        yield Section(comment, tuple(Equation("0", Form.ZERO, (), plan.output, block) for block in blocks))


def _penalty(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    if plan.penalty:
        factor, value = _penalty_factor(plan, scope), plan.penalty.value
        added = []
        for block in plan.penalty.blocks:
            terms = _row_penalty(plan, scope, block) if block.index else (value,)
            added.append(Equation("loss", Form.PENALTY, terms, plan.output, block, "" if block.index else factor))
        yield Section(plan.penalty.comment, tuple(added))


def _penalty_slopes(plan: Plan, scope: Scope) -> Iterator[Section[Equation]]:
    blocks = [block for block in plan.penalty.blocks if not block.index] if plan.penalty else []
    if plan.penalty and blocks:
        factor, slope = _penalty_factor(plan, scope), plan.penalty.slope
        added = (Equation("dW", Form.PENALTY_SLOPE, (slope,), plan.output, block, factor) for block in blocks)
        yield Section(message("the slope of the penalty, which is added to each derivative"), tuple(added))


def _row_penalty(plan: Plan, scope: Scope, block: Block, *, slope: bool = False) -> tuple[Formula, ...]:
    """The penalty of the row of an embedding that an example selects, or its slope: each example pays for its own row.

    This is the regularization of matrix factorization, ``lambda (|p_u|^2 + |q_i|^2)`` for each known rating (Funk,
    2006).
    """
    if plan.penalty is None or block not in plan.penalty.blocks:
        return ()
    formula = plan.penalty.slope if slope else plan.penalty.value
    if plan.loss.weighted_mean:
        return (formula if scope is Scope.EXAMPLE else Formula("weight").times(formula),)
    return (formula.divided_by("n") if scope is Scope.BATCH and plan.loss.mean else formula,)


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


def formulas(plan: Plan) -> tuple[Formula, ...]:
    """All formulas that a page computes: equations, its functions, initial values and the step."""
    terms = [term for equation in _listed(plan) for term in equation.terms]
    listed = [term for term in terms if isinstance(term, Formula)]
    listed += [term.formula for term in terms if isinstance(term, Elementwise)]
    listed += [line.formula for layer in plan.layers for _, line in layer.running_updates]
    listed += [line.formula for line in plan.optimizer.lines]
    listed += [formula for formula in (plan.optimizer.rate, plan.optimizer.factor) if formula]
    columns = [column for signs in plan.monotone.signs for column in signs.columns]
    listed += [formula for column in columns for formula in (column.start, column.nearest)]
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
