"""From expressions of a page, parsed by Python, to mathematics."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from nngen.learning.typeset import tree
from nngen.learning.typeset.symbols import Symbols

SIGNS: Mapping[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥", ast.Eq: "="}

WORDS = {"maximum": "max", "minimum": "min"}
"""Functions of the catalogues that readers know by another name."""

ONE = tree.Number(1.0)

Term = tuple[bool, ast.expr]
"""Whether a term is subtracted, and the term."""


def terms(expression: ast.expr) -> Iterator[Term]:
    """The terms of a sum in order. A sum is a tree as deep as its number of terms, so this is a loop."""
    listed: list[Term] = []
    while isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Add | ast.Sub):
        listed.append((isinstance(expression.op, ast.Sub), expression.right))
        expression = expression.left
    return reversed([*listed, (False, expression)])


def read(expression: str | ast.expr, symbols: Symbols) -> tree.Node:
    """Read an expression of a Python page, or a formula of the catalogues.

    Raises:
        ValueError: pages contain no such expression.
    """
    parsed = ast.parse(expression, mode="eval").body if isinstance(expression, str) else expression
    return Reader(symbols).node(parsed)


def with_numbers(node: tree.Node, values: Mapping[str, float]) -> tree.Node:
    """A copy with known numbers in place of names."""

    def number(part: tree.Node) -> tree.Node | None:
        if isinstance(part, tree.Name) and part.symbol.name in values:
            return tree.Number(values[part.symbol.name], part.symbol)
        return None

    return tree.replaced(node, number)


class Reader:
    """Reads expressions whose names are those of a network."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols

    def node(self, expression: ast.expr) -> tree.Node:
        """An expression as mathematics."""
        match expression:
            case ast.Name(id=name):
                return tree.Name(self.symbols(name))
            case ast.Constant(value=int() | float() as value):
                return tree.Number(float(value))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.node(operand)
                return tree.Number(-inner.value) if isinstance(inner, tree.Number) else tree.Negative(inner)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self.added([*terms(expression)])
            case ast.BinOp(left=left, op=op, right=right):
                return self._operation(self.node(left), op, self.node(right))
            case ast.Compare(left=left, ops=ops, comparators=rest) if all(type(op) in SIGNS for op in ops):
                parts = tuple(self.node(part) for part in (left, *rest))
                return tree.Comparison(parts, tuple(SIGNS[type(op)] for op in ops))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._choice(test, body, orelse)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments, keywords=[]):
                return self.call(name, arguments)
        raise ValueError(f"{ast.unparse(expression)!r} is not set as mathematics")

    def added(self, listed: Sequence[Term], *more: tree.Node) -> tree.Node:
        """The sum of some terms, and of nodes that follow them."""
        read = [(negative, self.node(term)) for negative, term in listed]
        first = read[0][1]
        return tree.Sum(
            (
                *(first.terms if isinstance(first, tree.Sum) else (first,)),
                *(tree.Negative(term) if negative else term for negative, term in read[1:]),
                *more,
            )
        )

    @staticmethod
    def _operation(left: tree.Node, op: ast.operator, right: tree.Node) -> tree.Node:
        match op:
            case ast.Mult():
                *others, last = left.factors if isinstance(left, tree.Product) else (left,)
                factors = (*others, *_multiplied(last, right))
                return tree.Product(factors) if len(factors) > 1 else factors[0]
            case ast.Div():
                return tree.Quotient(left, right)
            case ast.Pow():
                return tree.Power(left, right)
            case ast.Mod():
                return tree.Call("mod", (left, right))
        raise ValueError(f"{type(op).__name__} is not set as mathematics")

    def _choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> tree.Node:
        case, rest = (self.node(body), self.node(test)), self.node(orelse)
        if case[1] == tree.Comparison((rest, case[0]), ("<",)):  # how the target python writes max
            return tree.Call("max", (rest, case[0]))
        if isinstance(rest, tree.Choice):
            return tree.Choice((case, *rest.cases), rest.otherwise)
        return tree.Choice((case,), rest)

    def call(self, name: str, arguments: list[ast.expr]) -> tree.Node:
        """A call of a function."""
        match name, arguments:
            case "where", [test, body, orelse]:
                return self._choice(test, body, orelse)
            case "float", [ast.BinOp(left=ast.Compare(left=signed), op=ast.Sub(), right=ast.Compare())]:
                return tree.Call("sign", (self.node(signed),))
            case "log1p", [argument]:
                return tree.Call("log", (tree.Sum((ONE, self.node(argument))),))
            case "expm1", [argument]:
                return tree.Sum((tree.Call("exp", (self.node(argument),)), tree.Negative(ONE)))
            case "_power", [base, exponent]:
                return tree.Power(self.node(base), self.node(exponent))
            case str(prefixed), _ if prefixed.startswith("_"):
                return self.call(prefixed.removeprefix("_"), arguments)
        called, prime = self.symbols.function(name)
        return tree.Call(WORDS.get(called, called), tuple(map(self.node, arguments)), prime)


def _multiplied(left: tree.Node, right: tree.Node) -> tuple[tree.Node, ...]:
    """The factors of a product. Pages write squares and cubes as products; these become powers."""
    match left:
        case tree.Power(base, tree.Number(value)) if base == right and value >= 2.0:
            return (tree.Power(base, tree.Number(value + 1.0)),)
    return (
        (tree.Power(left, tree.Number(2.0)),) if left == right and not isinstance(left, tree.Number) else (left, right)
    )
