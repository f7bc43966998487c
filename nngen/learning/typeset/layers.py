"""The right sides of equations of whole layers, as mathematics."""

from collections.abc import Callable, Iterator, Sequence

from nngen.learning.typeset import tree
from nngen.learning.typeset.parse import read
from nngen.learning.typeset.symbols import Symbol, Symbols
from nngen.mathematics.formulas import Formula
from nngen.plan import Block, Equation, Form, Layer, Plan, full_name

TRANSPOSE = tree.Name(Symbol("T", "T"))
"""The exponent of a transposed matrix."""


class Nodes:
    """The right sides of the equations of a network, in symbols."""

    times, transpose = " ", TRANSPOSE
    """The sign between a matrix and a vector, as products have it, and the exponent."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.symbols = plan, Symbols(plan)

    def symbol(self, layer: Layer, symbol: str) -> Symbol:
        """The symbol of a value of a layer: the derivative with respect to ``z`` is δ."""
        if symbol == "dz":
            return Symbol(full_name("δ", layer.name), "δ", (layer.name,))
        return self.symbols(layer.name_of(symbol))

    def named(self, name: str) -> tree.Name:
        """A vector by its name on the page."""
        for layer in self.plan.layers:
            if name == layer.name_of("dz"):
                return tree.Name(self.symbol(layer, "dz"))
        return tree.Name(Symbol("x", "x") if name == "x" else self.symbols(name))

    def node(self, e: Equation) -> tree.Node | None:
        """The right side of an equation in symbols; None if it has no formula."""
        match e.form:
            case Form.WEIGHTED_SUM | Form.LOOKUP | Form.ELEMENTWISE | Form.DOT | Form.RETURNED:
                return added([*self._terms(e), *([self.named(e.parameters.name)] if e.parameters else [])])
            case Form.UNIT | Form.GRADIENT | Form.LAYER:
                return self.formula(e.formula, e.layer)
            case Form.SUM | Form.MEAN | Form.MAX:
                return tree.Call(e.form.value, (self.formula(e.formula, e.layer),))
            case Form.TOTAL:
                value = self.formula(e.formula, e.layer)
                return tree.Call("sum", (value,)) if len(e.layer.units) > 1 else value
            case Form.OUTER:
                slopes, values = (self.named(vector.name) for vector in e.vectors)
                return tree.Product((slopes, tree.Power(values, self.transpose)), self.times)
            case Form.BIAS_GRADIENT:
                return self.named(e.vectors[0].name)
            case Form.ROW_GRADIENT:
                penalty = [self.weights(term, e.block) for term in e.terms if isinstance(term, Formula) and e.block]
                return added([self.named(e.vectors[0].name), *penalty])
            case Form.PENALTY_SLOPE if e.block:
                return added([tree.Name(self.symbols(e.name)), self.weights(e.formula, e.block)])
        return None

    def _terms(self, e: Equation) -> Iterator[tree.Node]:
        for product in e.products:
            weights = self.named(product.weights.name)
            left = tree.Power(weights, self.transpose) if e.form is Form.RETURNED else weights
            yield tree.Product((left, self.named(product.vector.name)), self.times)
        if e.form is Form.LOOKUP:
            yield self.of_block(e.matrix)
        if e.form is Form.DOT:
            u, v = e.vectors
            yield tree.Product((tree.Power(self.named(u.name), self.transpose), self.named(v.name)), self.times)
        for each in e.elementwise:
            named = {letter: self.named(vector.name) for letter, vector in each.vectors}
            yield self.by_number(self.read(each.formula.text, named.get))

    def formula(self, formula: Formula, layer: Layer) -> tree.Node:
        """A formula of the values of a layer."""
        named = {symbol: tree.Name(self.symbol(layer, symbol)) for symbol in formula.variables}
        return self.by_number(self.read(formula.text, named.get), frozenset(map(layer.name_of, layer.shared)))

    def weights(self, formula: Formula, block: Block) -> tree.Node:
        """A formula of each weight of a block."""
        return self.by_number(self.read(formula.text, {"w": self.of_block(block)}.get))

    def of_block(self, block: Block) -> tree.Name:
        """The matrix or the vector of a block."""
        return self.named(block.name)

    def by_number(self, node: tree.Node, shared: frozenset[str] = frozenset()) -> tree.Node:
        """A formula that holds for each number of its vectors."""
        return by_number(node, shared)

    def read(self, text: str, named: Callable[[str], tree.Node | None]) -> tree.Node:
        """A formula, with what ``named`` gives for its variables."""

        def change(part: tree.Node) -> tree.Node | None:
            match part:
                case tree.Choice(((value, tree.Comparison((tree.Name(y), tree.Name(same)), ("=",))),), _) if y == same:
                    return tree.replaced(value, change)  # whether a target is missing
                case tree.Name(symbol):
                    return named(symbol.name)
            return None

        return tree.replaced(read(text, self.symbols), change)


def added(terms: Sequence[tree.Node]) -> tree.Node:
    """The sum of some terms."""
    return terms[0] if len(terms) == 1 else tree.Sum(tuple(terms))


def by_number(node: tree.Node, shared: frozenset[str] = frozenset()) -> tree.Node:
    """An expression with the sign ⊙ between vectors. ``shared`` are the names of single numbers."""

    def vector(part: tree.Node) -> bool:
        return any(symbol.indices and symbol.name not in shared for symbol in tree.symbols(part))

    def change(part: tree.Node) -> tree.Node | None:
        if not isinstance(part, tree.Product):
            return None
        factors = [by_number(factor, shared) for factor in part.factors]
        vectors = [factor for factor in factors if vector(factor)]
        if len(vectors) < 2:
            return tree.Product(tuple(factors))
        scalars = [factor for factor in factors if not vector(factor)]
        product = tree.Product(tuple(vectors), "⊙")
        return tree.Product((*scalars, product)) if scalars else product

    return tree.replaced(node, change)
