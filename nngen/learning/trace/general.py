"""The general equations at the head of a worksheet, as in a textbook: unit j gets values from units i and feeds k."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from nngen.common.messages import Message, message
from nngen.description.model import Spec
from nngen.learning.trace.worksheet import GENERAL, Line, Section, line
from nngen.learning.typeset import (
    TRANSPOSE,
    General,
    Symbol,
    by_number,
    general,
    joined,
    joined_back,
    kinds_of,
    slope,
    symbol,
    tree,
)
from nngen.plan import Plan


def _section(title: str, lines: Iterable[Line], notes: Iterable[str] = ()) -> Section:
    return Section(GENERAL, title, "", tuple(lines), notes=tuple(notes))


_SLOPE = tree.Call("f", (tree.name("z", "j"),), prime=True)
_FED = tree.Series("k", tree.Product((tree.name("w", "k", "j"), tree.name("δ", "k"))))
_HIDDEN = _section(
    message("δ of a hidden unit, from the units k that it feeds"),
    [line(symbol("δ", "j"), tree.Name(slope("z", "j")), tree.Product((_SLOPE, _FED)))],
)
_RETURNED = _section(
    message("δ of a unit that gets ∂loss/∂a"),
    [line(symbol("δ", "j"), tree.Name(slope("z", "j")), tree.Product((tree.Name(slope("a", "j")), _SLOPE)))],
    [message("A unit gets as ∂loss/∂a what comes back for its value; if it feeds several units, their sum.")],
)

_MATRIX_FORWARD = _section(
    message("forward: a dense layer"),
    [line(symbol("z"), tree.Sum((tree.Product((tree.name("W"), tree.name("a")), " "), tree.name("b"))))],
    [message("A layer gets the vector a of the layer before, the first one x; of several sources it adds W a.")],
)
_BACK = tree.Product((tree.Power(tree.name("W"), TRANSPOSE), tree.name("δ")), " ")
_SLOPES = tree.Call("f", (tree.name("z"),), prime=True)
_MATRIX_HIDDEN = _section(
    message("δ of a hidden layer"),
    [line(symbol("δ"), tree.Name(slope("z")), tree.Product((_BACK, _SLOPES), "⊙"))],
    [message("W and δ on the right are those of the layer that it feeds; of several such layers, it is the sum.")],
)
_MATRIX_GRADIENT = (
    line(slope("W"), tree.Product((tree.name("δ"), tree.Power(tree.name("a"), TRANSPOSE)), " ")),
    line(slope("b"), tree.name("δ")),
)
"""The derivatives with respect to the parameters of a dense layer."""


def sections(plan: Plan, spec: Spec, *, training: bool, matrices: bool = False) -> tuple[Section, ...]:
    """The general equations of a network for a training step or a forward pass; of whole layers for ``matrices``."""
    listed = [one for one in _sections(plan, spec, matrices=matrices) if training or one.title.startswith("forward")]
    return tuple(replace(one, lines=tuple(map(_of_vectors, one.lines))) if matrices else one for one in listed)


def _sections(plan: Plan, spec: Spec, *, matrices: bool) -> Iterator[Section]:
    parts, dense = general(plan, spec), any(layer.dense for layer in plan.layers)
    by_unit = dense and not matrices
    if matrices and dense:
        yield _MATRIX_FORWARD
    for kind in kinds_of(plan):
        if not kind.dense:
            one = joined(plan, kind)
            yield _section(kind.says.forward, [line(one.symbol, one.value)], [kind.says.note])
    yield _section(message("forward"), _forward(parts, by_unit=by_unit), _notes(parts, by_unit=by_unit))
    loss = line(Symbol("loss", "loss"), _loss(plan, parts))
    yield _section(message("loss: {name}", name=plan.loss.name), [loss], _criterion(plan, parts))
    reasons = (Message(plan.output.fusion_reason),) if parts.cancels and plan.output.fusion_reason else ()
    yield _section(message("δ of an output"), _output(plan, parts), (*reasons, *_rule(plan)))
    names = {layer.name for layer in plan.layers}
    feeding = {layer.kind for layer in plan.layers if any(source.name in names for source in layer.sources)}
    if any(kind.dense and kind.name in feeding for kind in kinds_of(plan)):
        yield _MATRIX_HIDDEN if matrices else _HIDDEN
    for kind in kinds_of(plan):
        if kind.slopes and kind.name in feeding:
            yield _section(kind.says.back, (line(one.symbol, one.value) for one in joined_back(plan, kind)))
    if not all(layer.dense for layer in plan.layers):
        yield _RETURNED
    if back := [line(one.symbol, one.value) for each in parts.normalizations for one in each.back]:
        yield _section(message("normalization, backward"), back)
    slopes = _MATRIX_GRADIENT if matrices and dense else _gradient(plan, dense=dense)
    rows = [line(slope("w", "j", "r"), tree.name("δ", "j"))] if any(layer.embedding for layer in plan.layers) else []
    yield _section(message("gradient"), (*rows, *slopes))
    update = (line(equation.symbol, _summed(equation.value), again=True) for equation in parts.update)
    yield _section(message("update: {name}", name=plan.optimizer.name), update)


def _notes(parts: General, *, by_unit: bool) -> Iterator[str]:
    if by_unit:
        yield message(
            "Unit j gets values from the units i; an input is the value a of its unit. f is the activation of a unit."
        )
    else:
        yield message("f is the activation of a unit.")
    for one in parts.normalizations:
        sums = message("v is the weighted sum z, and s takes the place of z in f and δ")
        values = message("v is the activation f(z), and s is passed on for a")
        yield message(
            "{name}, mean and variance over {over}: {what}.",
            name=one.name,
            over=Message(one.over),
            what=sums if one.of == "sums" else values,
        )
        yield message(
            "hat is the normalized value before gain and shift, and deviation the root that it is divided by."
        )
        if one.running:
            yield message(
                "Mean and variance are those of the batch; after training, the running statistics replace them."
            )


def _criterion(plan: Plan, parts: General) -> Iterator[str]:
    """What the loss of a perceptron is, and is not (Bishop, 2006, section 4.1.7)."""
    if plan.loss.name != "perceptron":
        return
    if not parts.criterion:  # the answer may be undecided
        yield message(
            "The perceptron criterion: 0 for a right answer; otherwise how far z is from the threshold of the right "
            "answer. It does not count mistakes: at the threshold itself the answer is still undecided, but the loss "
            "is 0 already. Compare the answer a with the target y, too."
        )
    else:
        yield message(
            "The perceptron criterion: 0 for a right answer, and |z| for a wrong one, which is how far z is from the "
            "right side. It does not count mistakes: where z is 0, on the boundary, the loss is 0 even if the answer "
            "is wrong, and it is small if z is small. Compare the answer a with the target y, too."
        )


def _rule(plan: Plan) -> Iterator[str]:
    """Why a perceptron does not learn by the chain rule (Rosenblatt, 1958)."""
    if plan.loss.name == "perceptron":
        yield message(
            "The chain rule does not lead through a step: its slope is 0 on both sides of the jump, so every "
            "derivative would be 0, and no weight would ever change. Rosenblatt's rule takes the answer a for a "
            "constant, and goes down the slope of the loss with respect to z alone. A right answer then changes "
            "nothing; a wrong one moves z towards the right side, also from the boundary, where the loss is 0."
        )
        yield message(
            "A hidden unit with a step has no such rule: it has no target, and no slope sends an error back to it."
        )


def _forward(parts: General, *, by_unit: bool) -> Iterator[Line]:
    weighted = tree.Series("i", tree.Product((tree.name("w", "j", "i"), tree.name("a", "i"))))
    if by_unit:
        yield line(symbol("z", "j"), tree.Sum((tree.name("b", "j"), weighted)))
    for formula in dict.fromkeys(one.formula for one in parts.normalizations):
        yield line(symbol("s", "j"), formula)
    for function, formula in parts.activations:
        called = tree.Call(function, (tree.name("z", "j"),))
        yield line(symbol("a", "j"), *dict.fromkeys((called, _summed(formula))))


def _loss(plan: Plan, parts: General) -> tree.Node:
    outputs = len(plan.output.units)
    value: tree.Node = parts.loss if outputs == 1 else tree.Series("j", parts.loss)
    return _weighted(plan, tree.Quotient(value, tree.Number(float(outputs))) if parts.mean and outputs > 1 else value)


def _weighted(plan: Plan, value: tree.Node) -> tree.Node:
    """A value of the loss times the weight of the example, if it has one. In a weighted mean, a single one cancels."""
    if plan.loss.weight is None or plan.loss.weighted_mean:
        return value
    return tree.Product((tree.Name(Symbol("weight", "weight")), value))


def _output(plan: Plan, parts: General) -> Iterator[Line]:
    by_sum, by_activation = tree.Name(slope("z", "j")), tree.Name(slope("a", "j"))
    if parts.cancels and parts.error:
        yield line(symbol("δ", "j"), by_sum, _weighted(plan, parts.error))
        return
    yield line(symbol("δ", "j"), by_sum, tree.Product((by_activation, _SLOPE)))
    if parts.error:
        yield line(by_activation.symbol, _weighted(plan, parts.error))


def _gradient(plan: Plan, *, dense: bool) -> Iterator[Line]:
    if dense:
        yield line(slope("w", "j", "i"), tree.Product((tree.name("δ", "j"), tree.name("a", "i"))))
    if dense or any(layer.biases for layer in plan.layers):
        yield line(slope("b", "j"), tree.name("δ", "j"))


def _summed(formula: tree.Node) -> tree.Node:
    """A formula with ``sum(...)`` as a series over the units k of the layer."""

    def series(node: tree.Node) -> tree.Node | None:
        match node:
            case tree.Call("sum", (term,)):
                return tree.Series("k", tree.replaced(term, other))
        return None

    def other(node: tree.Node) -> tree.Node | None:
        match node:
            case tree.Name(Symbol(base=base, indices=("j",))):
                return tree.name(base, "k")
        return None

    return tree.replaced(formula, series)


def _of_vectors(unit: Line) -> Line:
    """An equation of unit j as one of vectors, unless it has weights, or a sum over other units."""
    series = any(isinstance(part, tree.Series) for form in unit.forms for part in tree.walk(form))
    several = any(len(one.indices) > 1 for form in unit.forms for one in tree.symbols(form))
    if series or several or unit.symbol.indices != ("j",):
        return unit

    def named(part: tree.Node) -> tree.Node | None:
        return tree.Name(_named(part.symbol)) if isinstance(part, tree.Name) else None

    return line(_named(unit.symbol), *(tree.replaced(by_number(form), named) for form in unit.forms))


def _named(one: Symbol) -> Symbol:
    """A symbol without the index j."""
    return one if one.indices != ("j",) else slope(one.base) if one.slope else symbol(one.base)
