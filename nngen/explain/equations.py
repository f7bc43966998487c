"""The equations of a network as MathML, by the names to which they give values."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from nngen.pages import TARGETS, averages, sums
from nngen.plan import Assignment, Form, Plan, Scope, UnitForm, by_unit, equations
from nngen.plan import Equation as Planned
from nngen.typeset import (
    Call,
    Equation,
    Name,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    Symbols,
    math,
    read,
)

_TRANSPOSED = Name(Symbol("", "T"))


def of_weights(plan: Plan, symbols: Symbols) -> Mapping[str, Sequence[str]]:
    """The equations of units and weights.

    A name that is given several values, one after the other, has several equations.
    """
    found = defaultdict(list)
    for section in by_unit(equations(plan, Scope.EXAMPLE), TARGETS["python"].words).gradient:
        for one in section.equations:
            for text in _texts(one):
                found[one.name].append(math(Equation(symbols(one.name), read(text, symbols))))
    return found


def _texts(one: Assignment) -> Iterator[str]:
    """The right sides of an equation of a unit, as Python writes them: a long sum has several."""
    match one.form:
        case UnitForm.MEAN:
            yield from averages(one.terms, one.name)
        case UnitForm.MAX:
            yield f"max({', '.join(one.terms)})"
        case UnitForm.DROPOUT:
            yield f"_keep(seed, {', '.join(one.terms)})"
        case UnitForm.VALUE | UnitForm.SUM:
            yield from sums(one.terms, one.name)


def of_layers(plan: Plan, symbols: Symbols) -> Mapping[str, Sequence[str]]:
    """The equations of whole layers: a name is a vector or a matrix, and formulas hold for each of its numbers."""
    found = defaultdict(list)
    for section in equations(plan, Scope.EXAMPLE).gradient:
        for one in section.equations:
            for value in _value(one, symbols):
                found[one.name].append(math(Equation(symbols(one.name), value)))
    return found


def _value(one: Planned, symbols: Symbols) -> Iterator[Node]:
    """The right side of an equation of a layer; nothing where the page computes it by functions of its own."""

    def name(text: str) -> Name:
        return Name(symbols(text))

    def formula(names: Mapping[str, str] | None = None) -> Node:
        letters = {letter: one.layer.name_of(letter) for letter in one.formula.variables}
        return read(one.formula.rename(names or letters).tree, symbols)

    match one.form:
        case Form.UNIT | Form.LAYER | Form.GRADIENT:
            yield formula()
        case Form.SUM:
            yield Call("∑", (formula(),))
        case Form.MAX:
            yield Call("max", (formula(),))
        case Form.MEAN:
            yield Quotient(Call("∑", (formula(),)), Number(float(len(one.layer.units))))
        case Form.RUNNING_MEAN | Form.BATCH_MEAN:
            yield Call("mean", (formula(),))
        case Form.DROPOUT:
            yield Call("keep", (formula(),))
        case Form.WEIGHTED_SUM:
            biases = [name(one.parameters.name)] if one.parameters else []
            yield _sum([*(Product((name(p.weights.name), name(p.vector.name))) for p in one.products), *biases])
        case Form.RETURNED:
            yield _sum([Product((Power(name(p.weights.name), _TRANSPOSED), name(p.vector.name))) for p in one.products])
        case Form.OUTER:
            slopes, values = one.vectors
            yield Product((name(slopes.name), Power(name(values.name), _TRANSPOSED)))
        case Form.BIAS_GRADIENT:
            yield name(one.vectors[0].name)
        case Form.TOTAL:
            total = Call("∑", (formula(),))
            yield Product((name(one.factor), total)) if one.factor else total
        case Form.PENALTY if one.block:
            yield Sum((name("loss"), Call("∑", (formula({"w": one.block.name}),))))
        case Form.PENALTY_SLOPE if one.block:
            yield Sum((name(one.name), formula({"w": one.block.name})))


def _sum(terms: Sequence[Node]) -> Node:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def kinds(plan: Plan) -> Mapping[str, str]:
    """The general equation that each name's own is a case of."""
    listed = equations(plan, Scope.EXAMPLE)
    found = {"loss": "loss"}

    def add(one: Planned, kind: str) -> None:
        found.update(dict.fromkeys((one.name, *one.unit_names), kind))

    for section in (*listed.forward, *listed.training):
        for one in section.equations:
            add(one, "sum" if one.form is Form.WEIGHTED_SUM else "activation")
    for section in listed.loss:
        for one in section.equations:
            add(one, "loss")
    for section in listed.backward:
        for one in section.equations:
            back = "delta-output" if one.layer is plan.output else "delta-hidden"
            add(one, "gradient" if one.block else back)
    for section in listed.frozen:
        for one in section.equations:
            add(one, "gradient")
    return found
