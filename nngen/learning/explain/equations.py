"""The equations of a network as MathML, by the names that they assign, and its general ones."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from markupsafe import Markup

from nngen.learning.typeset import (
    Call,
    Comparison,
    Digits,
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
    mathml,
    read,
    replaced,
)
from nngen.mathematics.catalogue import NORMALIZATIONS
from nngen.mathematics.formulas import Formula, flat
from nngen.plan import Assignment, Block, Form, Layer, Plan, Scope, UnitForm, by_unit, derivative_of, equations
from nngen.plan import Equation as Planned
from nngen.targets import TARGETS, averages, sums

_TRANSPOSED = Name(Symbol("", "T"))


def of_weights(plan: Plan, symbols: Symbols, language: str = "en") -> Mapping[str, Sequence[str]]:
    """The equations of units and weights. A name that is assigned several times has several equations."""
    listed = defaultdict(list)
    for section in by_unit(equations(plan, Scope.EXAMPLE), TARGETS["python"].words).gradient:
        for e in section.equations:
            for text in _texts(e):
                equation = Equation(symbols(e.name), plain(read(flat(text), symbols)))
                listed[e.name].append(math(equation, Digits(language=language)))
    return listed


def _texts(e: Assignment) -> Iterator[str]:
    """The right sides of a unit's equation in Python. A long sum has several."""
    match e.form:
        case UnitForm.MEAN:
            yield from averages(e.terms, e.name)
        case UnitForm.MAX:
            yield f"max({', '.join(e.terms)})"
        case UnitForm.DROPOUT:
            yield f"_keep(seed, {', '.join(e.terms)})"
        case UnitForm.VALUE | UnitForm.SUM:
            yield from sums(e.terms, e.name)


def of_layers(plan: Plan, symbols: Symbols, language: str = "en") -> Mapping[str, Sequence[str]]:
    """The equations of whole layers. A name is a vector or a matrix, and formulas hold for each of its numbers."""
    listed = defaultdict(list)
    for section in equations(plan, Scope.EXAMPLE).gradient:
        for e in section.equations:
            for value in _value(e, symbols):
                symbol = row(e.block, slope=True) if e.block and e.form is Form.ROW_GRADIENT else symbols(e.name)
                listed[e.name].append(math(Equation(symbol, plain(value)), Digits(language=language)))
    return listed


def _value(e: Planned, symbols: Symbols) -> Iterator[Node]:
    """The right side of a layer's equation. There is none if the page computes it with its own functions."""

    def name(text: str) -> Name:
        return Name(symbols(text))

    def formula(names: Mapping[str, str] | None = None) -> Node:
        own = {symbol: e.layer.name_of(symbol) for symbol in e.formula.variables}
        return read(e.formula.rename(names or own).tree, symbols)

    def biases() -> list[Node]:
        return [name(e.parameters.name)] if e.parameters else []

    def joined() -> list[Node]:
        """The formulas of vectors among its terms."""
        renamed = (p.formula.rename({letter: vector.name for letter, vector in p.vectors}) for p in e.elementwise)
        return [read(each.tree, symbols) for each in renamed]

    def penalty(block: Block) -> Node:
        """The formula of a penalty; of an embedding, only the selected row pays."""
        whole = formula({"w": block.name})
        return replaced(whole, _selected(block)) if block.index else whole

    match e.form:
        case Form.UNIT | Form.LAYER | Form.GRADIENT:
            yield formula()
        case Form.SUM:
            yield Call("∑", (formula(),))
        case Form.MAX:
            yield Call("max", (formula(),))
        case Form.MEAN:
            yield Quotient(Call("∑", (formula(),)), Number(float(len(e.layer.units))))
        case Form.RUNNING_MEAN:  # the page shows one example, in use
            yield Call("running mean", (formula(),))
        case Form.BATCH_MEAN:
            yield Number(0.0)
        case Form.DROPOUT:
            yield Call("keep", (formula(),))
        case Form.WEIGHTED_SUM:
            yield _sum([*(Product((name(p.weights.name), name(p.vector.name))) for p in e.products), *biases()])
        case Form.LOOKUP:
            yield _sum([Name(row(e.matrix)), *biases()])
        case Form.DOT:
            first, second = (name(vector.name) for vector in e.vectors)
            yield _sum([Product((Power(first, _TRANSPOSED), second)), *biases()])
        case Form.ELEMENTWISE:
            yield _sum([*joined(), *biases()])
        case Form.RETURNED:
            products = (Product((Power(name(p.weights.name), _TRANSPOSED), name(p.vector.name))) for p in e.products)
            yield _sum([*products, *joined()])
        case Form.OUTER:
            slopes, values = e.vectors
            yield Product((name(slopes.name), Power(name(values.name), _TRANSPOSED)))
        case Form.BIAS_GRADIENT:
            yield name(e.vectors[0].name)
        case Form.TOTAL:
            total = Call("∑", (formula(),))
            yield Product((name(e.factor), total)) if e.factor else total
        case Form.PENALTY if e.block:
            yield Sum((name("loss"), Call("∑", (penalty(e.block),))))
        case Form.PENALTY_SLOPE if e.block:
            yield Sum((name(e.name), penalty(e.block)))
        case Form.ROW_GRADIENT if e.block:
            added = [penalty(e.block)] if any(isinstance(term, Formula) for term in e.terms) else []
            yield _sum([name(e.vectors[0].name), *added])


def row(block: Block, *, slope: bool = False) -> Symbol:
    """The row of an embedding that the id of an example selects, such as ``W_taste[user]``; or its derivative."""
    name = f"{block.name}[{block.index}]"
    base, _, layer = block.name.partition("_")
    return Symbol(derivative_of(name) if slope else name, base, (layer, block.index), slope=slope)


def _selected(block: Block) -> Callable[[Node], Node | None]:
    """Replaces the matrix of an embedding by its selected row."""
    return lambda node: Name(row(block)) if isinstance(node, Name) and node.symbol.name == block.name else None


def _sum(terms: Sequence[Node]) -> Node:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


_JOINS = frozenset({Form.LOOKUP, Form.DOT, Form.ELEMENTWISE})
"""The forms of sums whose general equation has the name of the kind of layer."""


def kinds(plan: Plan) -> Mapping[str, str]:
    """The general equation behind each name."""
    listed = equations(plan, Scope.EXAMPLE)
    known = {"loss": "loss"}

    def add(e: Planned, kind: str) -> None:
        known.update(dict.fromkeys((e.name, *e.unit_names), kind))

    normalized = {name for layer in plan.layers for name in _normalized(layer)}
    for section in (*listed.forward, *listed.training):
        for e in section.equations:
            forward = "normalization" if e.name in normalized else "activation"
            joins = e.layer.kind if e.form in _JOINS else forward
            add(e, "sum" if e.form is Form.WEIGHTED_SUM else joins)
    for section in listed.loss:
        for e in section.equations:
            add(e, "loss")
    for section in listed.backward:
        for e in section.equations:
            delta = "delta-output" if e.layer is plan.output else "delta-hidden"
            back = "normalization" if e.name in normalized else delta
            add(e, "row-gradient" if e.form is Form.ROW_GRADIENT else "gradient" if e.block else back)
    for section in listed.frozen:
        for e in section.equations:
            add(e, "gradient")
    return known


def _normalized(layer: Layer) -> Iterator[str]:
    """The names of the lines of a layer's normalization, forward and backward."""
    if layer.normalization:
        entry = NORMALIZATIONS[layer.normalization]
        for line in (*entry.lines, *entry.back):
            yield layer.name_of(line.partition(" = ")[0])


def plain(node: Node) -> Node:
    """A formula for readers: a module tests by ``y == y`` whether a target is known, since NaN differs from itself."""

    def known(part: Node) -> Node | None:
        itself = isinstance(part, Comparison) and len(set(part.parts)) == 1
        return Name(Symbol("known", "known")) if itself else None

    return replaced(node, known)


def formula(node: Node, language: str = "en") -> Markup:
    """A formula without the names of a page, with its words in a language."""
    markup = re.sub(r' data-name="[^"]*"', "", mathml(plain(node), Digits(language=language)))
    return Markup(markup.replace("<mi>sum</mi>", "<mo>∑</mo>"))  # noqa: S704 (names are escaped)


def line(equation: Equation, sign: str, language: str = "en") -> Markup:
    """An equation with ``=``, or ``←`` if it replaces an old value, with its words in a language."""
    return Markup("{}<mo>{}</mo>{}").format(formula(Name(equation.symbol)), sign, formula(equation.value, language))
