"""The general equations at the head of a worksheet, as in a textbook: unit j gets values from units i and feeds k."""

from collections.abc import Iterator

from nngen.plan import Plan, derivative_of, full_name
from nngen.spec import Spec
from nngen.trace.worksheet import GENERAL, Line, Section
from nngen.translation import Message, message
from nngen.typeset import (
    Call,
    General,
    Name,
    Node,
    Number,
    Product,
    Quotient,
    Series,
    Sum,
    Symbol,
    general,
    replaced,
)


def sections(plan: Plan, spec: Spec, *, training: bool) -> tuple[Section, ...]:
    """The general equations of a network.

    Args:
        plan: the plan of the network.
        spec: its spec.
        training: whether the worksheet has a step of training, not a forward pass alone.
    """
    parts = general(plan, spec)
    forward = Section(GENERAL, message("forward"), "", tuple(_forward(parts)), notes=tuple(_notes(parts)))
    if not training:
        return (forward,)
    back = tuple(_line(line.symbol, line.value) for one in parts.normalizations for line in one.back)
    update = tuple(_line(equation.symbol, _summed(equation.value), again=True) for equation in parts.update)
    reasons = (Message(plan.output.fusion_reason),) if parts.cancels and plan.output.fusion_reason else ()
    hidden = Section(GENERAL, message("δ of a hidden unit, from the units k that it feeds"), "", (_hidden(),))
    return (
        forward,
        Section(
            GENERAL,
            message("loss: {name}", name=plan.loss.name),
            "",
            (_line(Symbol("loss", "loss"), _loss(plan, parts)),),
        ),
        Section(GENERAL, message("δ of an output"), "", tuple(_output(plan, parts)), notes=reasons),
        *((hidden,) if len(plan.layers) > 1 else ()),
        *((Section(GENERAL, message("normalization, backward"), "", back),) if back else ()),
        Section(GENERAL, message("gradient"), "", tuple(_gradient())),
        Section(GENERAL, message("update: {name}", name=plan.optimizer.name), "", update),
    )


def _notes(parts: General) -> Iterator[str]:
    yield message(
        "Unit j gets values from the units i; an input is the value a of its unit. f is the activation of a unit."
    )
    for one in parts.normalizations:
        sums = message("v is the weighted sum z, and s takes the place of z in f and δ")
        values = message("v is the activation f(z), and s is passed on for a")
        yield message(
            "{name}, mean and variance over {over}: {what}.",
            name=one.name,
            over=Message(one.over),
            what=sums if one.of == "sums" else values,
        )


def _forward(parts: General) -> Iterator[Line]:
    weighted = Series("i", Product((_name("w", "j", "i"), _name("a", "i"))))
    yield _line(_symbol("z", "j"), Sum((_name("b", "j"), weighted)))
    for formula in dict.fromkeys(one.formula for one in parts.normalizations):
        yield _line(_symbol("s", "j"), formula)
    for name, formula in parts.activations:
        called = Call(name, (_name("z", "j"),))
        yield _line(_symbol("a", "j"), *dict.fromkeys((called, _summed(formula))))


def _loss(plan: Plan, parts: General) -> Node:
    outputs = len(plan.output.units)
    value: Node = parts.loss if outputs == 1 else Series("j", parts.loss)
    return _weighted(plan, Quotient(value, Number(float(outputs))) if parts.mean and outputs > 1 else value)


def _weighted(plan: Plan, value: Node) -> Node:
    """A value of the loss times the weight of the example, if it has one. In a weighted mean, a single one cancels."""
    if plan.loss.weight is None or plan.loss.weighted_mean:
        return value
    return Product((Name(Symbol("weight", "weight")), value))


def _output(plan: Plan, parts: General) -> Iterator[Line]:
    slope = Name(_slope("z", "j"))
    if parts.cancels and parts.error:
        yield _line(_symbol("δ", "j"), slope, _weighted(plan, parts.error))
        return
    by_activation = Name(_slope("a", "j"))
    yield _line(_symbol("δ", "j"), slope, Product((by_activation, _derivative())))
    if parts.error:
        yield _line(by_activation.symbol, _weighted(plan, parts.error))


def _hidden() -> Line:
    fed = Series("k", Product((_name("w", "k", "j"), _name("δ", "k"))))
    return _line(_symbol("δ", "j"), Name(_slope("z", "j")), Product((_derivative(), fed)))


def _gradient() -> Iterator[Line]:
    yield _line(_slope("w", "j", "i"), Product((_name("δ", "j"), _name("a", "i"))))
    yield _line(_slope("b", "j"), _name("δ", "j"))


def _derivative() -> Node:
    return Call("f", (_name("z", "j"),), prime=True)


def _summed(formula: Node) -> Node:
    """A formula with ``sum(...)`` as a series over the units k of the layer."""

    def series(node: Node) -> Node | None:
        match node:
            case Call("sum", (term,)):
                return Series("k", replaced(term, other))
        return None

    def other(node: Node) -> Node | None:
        match node:
            case Name(Symbol(base=base, indices=("j",))):
                return _name(base, "k")
        return None

    return replaced(formula, series)


def _symbol(base: str, *indices: str) -> Symbol:
    return Symbol(full_name(base, *indices), base, indices)


def _slope(base: str, *indices: str) -> Symbol:
    return Symbol(derivative_of(full_name(base, *indices)), base, indices, slope=True)


def _name(base: str, *indices: str) -> Node:
    return Name(_symbol(base, *indices))


def _line(symbol: Symbol, *forms: Node, again: bool = False) -> Line:
    return Line(symbol, None, forms, None, again)
