"""From expressions of a page, parsed by Python, to mathematics."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from nngen.learning.typeset.symbols import Symbols
from nngen.learning.typeset.tree import (
    Call,
    Choice,
    Comparison,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    replaced,
)

SIGNS: Mapping[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥", ast.Eq: "="}

WORDS = {"maximum": "max", "minimum": "min"}
"""Functions of the catalogues that readers know by another name."""

ONE = Number(1.0)

Term = tuple[bool, ast.expr]
"""Whether a term is subtracted, and the term."""


def terms(expression: ast.expr) -> Iterator[Term]:
    """The terms of a sum in order. A sum is a tree as deep as its number of terms, so this is a loop."""
    listed: list[Term] = []
    while isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Add | ast.Sub):
        listed.append((isinstance(expression.op, ast.Sub), expression.right))
        expression = expression.left
    return reversed([*listed, (False, expression)])


def read(expression: str | ast.expr, symbols: Symbols) -> Node:
    """Read an expression of a Python page, or a formula of the catalogues.

    Raises:
        ValueError: pages contain no such expression.
    """
    tree = ast.parse(expression, mode="eval").body if isinstance(expression, str) else expression
    return Reader(symbols).node(tree)


def with_numbers(node: Node, values: Mapping[str, float]) -> Node:
    """A copy with known numbers in place of names."""

    def number(part: Node) -> Node | None:
        if isinstance(part, Name) and part.symbol.name in values:
            return Number(values[part.symbol.name], part.symbol)
        return None

    return replaced(node, number)


class Reader:
    """Reads expressions whose names are those of a network."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols

    def node(self, tree: ast.expr) -> Node:
        """An expression as mathematics."""
        match tree:
            case ast.Name(id=name):
                return Name(self.symbols(name))
            case ast.Constant(value=int() | float() as value):
                return Number(float(value))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.node(operand)
                return Number(-inner.value) if isinstance(inner, Number) else Negative(inner)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self.added([*terms(tree)])
            case ast.BinOp(left=left, op=op, right=right):
                return self._operation(self.node(left), op, self.node(right))
            case ast.Compare(left=left, ops=ops, comparators=rest) if all(type(op) in SIGNS for op in ops):
                parts = tuple(self.node(part) for part in (left, *rest))
                return Comparison(parts, tuple(SIGNS[type(op)] for op in ops))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._choice(test, body, orelse)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments, keywords=[]):
                return self.call(name, arguments)
        raise ValueError(f"{ast.unparse(tree)!r} is not set as mathematics")

    def added(self, listed: Sequence[Term], *more: Node) -> Node:
        """The sum of some terms, and of nodes that follow them."""
        read = [(negative, self.node(term)) for negative, term in listed]
        first = read[0][1]
        return Sum(
            (
                *(first.terms if isinstance(first, Sum) else (first,)),
                *(Negative(term) if negative else term for negative, term in read[1:]),
                *more,
            )
        )

    @staticmethod
    def _operation(left: Node, op: ast.operator, right: Node) -> Node:
        match op:
            case ast.Mult():
                *others, last = left.factors if isinstance(left, Product) else (left,)
                factors = (*others, *_multiplied(last, right))
                return Product(factors) if len(factors) > 1 else factors[0]
            case ast.Div():
                return Quotient(left, right)
            case ast.Pow():
                return Power(left, right)
            case ast.Mod():
                return Call("mod", (left, right))
        raise ValueError(f"{type(op).__name__} is not set as mathematics")

    def _choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Node:
        case, rest = (self.node(body), self.node(test)), self.node(orelse)
        if case[1] == Comparison((rest, case[0]), ("<",)):  # how the target python writes max
            return Call("max", (rest, case[0]))
        if isinstance(rest, Choice):
            return Choice((case, *rest.cases), rest.otherwise)
        return Choice((case,), rest)

    def call(self, name: str, arguments: list[ast.expr]) -> Node:
        """A call of a function."""
        match name, arguments:
            case "where", [test, body, orelse]:
                return self._choice(test, body, orelse)
            case "float", [ast.BinOp(left=ast.Compare(left=signed), op=ast.Sub(), right=ast.Compare())]:
                return Call("sign", (self.node(signed),))
            case "log1p", [argument]:
                return Call("log", (Sum((ONE, self.node(argument))),))
            case "expm1", [argument]:
                return Sum((Call("exp", (self.node(argument),)), Negative(ONE)))
            case "_power", [base, exponent]:
                return Power(self.node(base), self.node(exponent))
            case str(prefixed), _ if prefixed.startswith("_"):
                return self.call(prefixed.removeprefix("_"), arguments)
        called, prime = self.symbols.function(name)
        return Call(WORDS.get(called, called), tuple(map(self.node, arguments)), prime)


def _multiplied(left: Node, right: Node) -> tuple[Node, ...]:
    """The factors of a product. Pages write squares and cubes as products; these become powers."""
    match left:
        case Power(base, Number(value)) if base == right and value >= 2.0:
            return (Power(base, Number(value + 1.0)),)
    return (Power(left, Number(2.0)),) if left == right and not isinstance(left, Number) else (left, right)
