"""The equations of a network as MathML, by the names that they assign, and its general ones."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from markupsafe import Markup

from nngen.learning.typeset import Digits, MathML, Nodes, Symbol, Symbols, math, read, tree
from nngen.mathematics.catalogue import NORMALIZATIONS
from nngen.mathematics.formulas import flat
from nngen.plan import Assignment, Block, Form, Layer, Plan, Scope, UnitForm, by_unit, derivative_of, equations
from nngen.plan import Equation as Planned
from nngen.targets import TARGETS, averages, sums


def of_weights(plan: Plan, symbols: Symbols, language: str = "en") -> Mapping[str, Sequence[str]]:
    """The equations of units and weights. A name that is assigned several times has several equations."""
    listed = defaultdict(list)
    for section in by_unit(equations(plan, Scope.EXAMPLE), TARGETS["python"].words).gradient:
        for e in section.equations:
            for text in _texts(e):
                equation = tree.Equation(symbols(e.name), plain(read(flat(text), symbols)))
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
    listed, nodes = defaultdict(list), _OfPage(plan)
    for section in equations(plan, Scope.EXAMPLE).gradient:
        for e in section.equations:
            value = nodes.node(e)
            if value is not None:  # otherwise the page computes it with its own functions
                symbol = row(e.block, slope=True) if e.block and e.form is Form.ROW_GRADIENT else symbols(e.name)
                listed[e.name].append(math(tree.Equation(symbol, plain(value)), Digits(language=language)))
    return listed


class _OfPage(Nodes):
    """Right sides with the names of a page, as it computes them for one example."""

    times, transpose = "", tree.Name(Symbol("", "T"))

    def symbol(self, layer: Layer, symbol: str) -> Symbol:
        return self.symbols(layer.name_of(symbol))

    def named(self, name: str) -> tree.Name:
        return tree.Name(self.symbols(name))

    def of_block(self, block: Block) -> tree.Name:
        return tree.Name(row(block)) if block.index else super().of_block(block)

    def by_number(self, node: tree.Node, shared: frozenset[str] = frozenset()) -> tree.Node:
        return node

    def read(self, text: str, named: Callable[[str], tree.Node | None]) -> tree.Node:
        return tree.renamed(read(text, self.symbols), named)

    def node(self, e: Planned) -> tree.Node | None:
        match e.form:
            case Form.SUM | Form.MEAN | Form.TOTAL:
                total = tree.Call("∑", (self.formula(e.formula, e.layer),))
                if e.form is Form.MEAN:
                    return tree.Quotient(total, tree.Number(float(len(e.layer.units))))
                return tree.Product((self.named(e.factor), total)) if e.form is Form.TOTAL and e.factor else total
            case Form.RUNNING_MEAN:  # the page shows one example, in use
                return tree.Call("running mean", (self.formula(e.formula, e.layer),))
            case Form.BATCH_MEAN:
                return tree.Number(0.0)
            case Form.DROPOUT:
                return tree.Call("keep", (self.formula(e.formula, e.layer),))
            case Form.PENALTY if e.block:
                return tree.Sum((self.named("loss"), tree.Call("∑", (self.weights(e.formula, e.block),))))
        return super().node(e)


def row(block: Block, *, slope: bool = False) -> Symbol:
    """The row of an embedding that the id of an example selects, such as ``W_taste[user]``; or its derivative."""
    name = f"{block.name}[{block.index}]"
    base, _, layer = block.name.partition("_")
    return Symbol(derivative_of(name) if slope else name, base, (layer, block.index), slope=slope)


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
    for section in (*listed.backward, *listed.frozen):
        for e in section.equations:
            delta = "delta-output" if e.layer is plan.output else "delta-hidden"
            back = "normalization" if e.name in normalized else delta
            add(e, "row-gradient" if e.form is Form.ROW_GRADIENT else "gradient" if e.block else back)
    return known


def _normalized(layer: Layer) -> Iterator[str]:
    """The names of the lines of a layer's normalization, forward and backward."""
    if layer.normalization:
        entry = NORMALIZATIONS[layer.normalization]
        for line in (*entry.lines, *entry.back):
            yield layer.name_of(line.partition(" = ")[0])


def plain(node: tree.Node) -> tree.Node:
    """A formula for readers: a module tests by ``y == y`` whether a target is known, since NaN differs from itself."""

    def known(part: tree.Node) -> tree.Node | None:
        itself = isinstance(part, tree.Comparison) and len(set(part.parts)) == 1
        return tree.Name(Symbol("known", "known")) if itself else None

    return tree.replaced(node, known)


def formula(node: tree.Node, language: str = "en") -> Markup:
    """A formula without the names of a page, with its words in a language."""
    markup = re.sub(r' data-name="[^"]*"', "", MathML(Digits(language=language)).whole(plain(node)))
    return Markup(markup.replace("<mi>sum</mi>", "<mo>∑</mo>"))  # noqa: S704 (names are escaped)


def line(equation: tree.Equation, sign: str, language: str = "en") -> Markup:
    """An equation with ``=``, or ``←`` if it replaces an old value, with its words in a language."""
    return Markup("{}<mo>{}</mo>{}").format(
        formula(tree.Name(equation.symbol)), sign, formula(equation.value, language)
    )
