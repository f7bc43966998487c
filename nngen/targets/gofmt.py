"""The spaces of gofmt within an expression, and conversions where Go would not round."""

import ast
import re
from collections.abc import Sequence

from nngen.common.records import dataclass
from nngen.mathematics.formulas import flat

OPERATORS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Mult: ("*", 5), ast.Div: ("/", 5), ast.Add: ("+", 4), ast.Sub: ("-", 4), ast.And: ("&&", 2),
    ast.Lt: ("<", 3), ast.LtE: ("<=", 3), ast.Gt: (">", 3), ast.GtE: (">=", 3), ast.Eq: ("==", 3), ast.NotEq: ("!=", 3),
    ast.Is: ("==", 3), ast.IsNot: ("!=", 3), ast.Or: ("||", 1), ast.Mod: ("%", 5), ast.FloorDiv: ("/", 5),
    ast.BitXor: ("^", 4), ast.RShift: (">>", 5),
}  # fmt: skip
"""The operators of formulas and of the source, each with how tightly it binds, in the numbers of Go."""


def spaced(value: str, depth: int = 1, kind: str = "Num") -> str:
    """An expression as Go has it: with the spaces of gofmt, and each operation rounded like those of other languages.

    Go may compute ``x*y + z`` without rounding the product, and computes with constants exactly. Where a conversion
    such as ``float64(x*y)`` is, it rounds.

    Args:
        value: the expression.
        depth: what gofmt calls so: 2 for one of several arguments.
        kind: the type of its numbers.
    """
    return written(Rounding(kind).rounded(tree(value), True), 0, depth)


def tree(value: str) -> ast.expr:
    """An expression with marks, as Python parses it."""
    return ast.parse(flat(value), mode="eval").body


@dataclass(frozen=True)
class Rounding:
    """Writes conversions around products that a sum may take, and around a number that another one is computed with."""

    kind: str
    """The type of the numbers."""

    def rounded(self, node: ast.expr, summed: bool = False) -> ast.expr:
        """The expression with these conversions. If it is a product, ``summed`` says whether a sum may take it."""
        match node:
            case ast.BinOp(left=ast.Constant(), right=ast.Constant()) if not re.search(
                r"\.\d*[1-9]|e-", ast.unparse(node)
            ):
                return node  # whole numbers: exact before the result is rounded, as everywhere
            case ast.BinOp() if constant(node):
                return self.typed(node)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                return ast.BinOp(self.rounded(left, True), op, self.rounded(right, True))
            case ast.BinOp(left=left, op=op, right=right):
                product = ast.BinOp(self.rounded(left), op, self.rounded(right))
                return self.converted(product) if summed and isinstance(op, ast.Mult) else product
            case ast.UnaryOp(op=op, operand=operand):
                return ast.UnaryOp(op, self.rounded(operand, True))
            case ast.Compare(left=left, ops=ops, comparators=others):
                return ast.Compare(self.rounded(left), ops, list(map(self.rounded, others)))
            case ast.BoolOp(op=op, values=values):
                return ast.BoolOp(op, list(map(self.rounded, values)))
            case ast.Call(func=func, args=args):
                converts = isinstance(func, ast.Name) and func.id in ("Num", "float32", "float64")
                return ast.Call(func, [self.rounded(one, not converts) for one in args], [])
        return node

    def typed(self, node: ast.expr) -> ast.expr:
        """An expression of numbers alone, in which each operation has an operand with a type."""
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                return ast.BinOp(self.typed(left), op, self.typed(right) if isinstance(right, ast.BinOp) else right)
        return self.converted(node)

    def converted(self, node: ast.expr) -> ast.expr:
        """An expression with a type."""
        return ast.Call(ast.Name(self.kind), [node], [])


def constant(node: ast.expr) -> bool:
    """Whether Go would compute this exactly: it has numbers alone, no name and no call."""
    return not any(isinstance(part, ast.Name) for part in ast.walk(node))


def written(node: ast.expr, needed: int, depth: int) -> str:
    """A part of an expression, in parentheses if its place needs them. ``depth`` is what gofmt calls so."""
    match node:
        case ast.Starred(value=value):
            return f"{written(value, 6, depth)}..."
        case ast.Attribute(value=value, attr=attr):
            return f"{written(value, 6, depth)}.{attr}"
        case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper)):
            ends = [written(one, 0, depth + 1) if one else "" for one in (lower, upper)]
            return f"{written(value, 6, 1)}[{colon(lower, upper, depth).join(ends)}]"
        case ast.Subscript(value=value, slice=place):
            return f"{written(value, 6, 1)}[{written(place, 0, depth + 1)}]"
        case ast.Call(func=func, args=args):
            inner = depth + (len(args) > 1)
            return f"{written(func, 6, inner)}({', '.join(written(one, 0, inner) for one in args)})"
        case ast.UnaryOp(operand=operand):
            twice = isinstance(operand, ast.UnaryOp)
            return f"-({written(operand, 0, depth)})" if twice else f"-{written(operand, 6, depth)}"
    sign, binds, operands = operation(node)
    if not operands:
        return ast.unparse(node)
    if binds < needed:
        return f"({written(node, 0, max(1, depth - 1))})"
    left, right = operands
    space = between(node, depth)
    before = written(left, binds, depth + (operation(left)[1] != binds))
    return f"{before}{space}{sign}{space}{written(right, binds + 1, depth + 1)}"


def colon(lower: ast.expr | None, upper: ast.expr | None, depth: int) -> str:
    """What stands between the ends of a slice: spaces around it if both are there, and one has an operator."""
    apart = depth <= 1 and lower and upper and any(isinstance(one, ast.BinOp) for one in (lower, upper))
    return " : " if apart else ":"


def operation(node: ast.expr) -> tuple[str, int, Sequence[ast.expr]]:
    """The operator of an expression, how tightly it binds, and both operands; none of others."""
    match node:
        case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
            return *OPERATORS[type(op)], (left, right)
        case ast.BoolOp(op=op, values=[*first, last]):
            return *OPERATORS[type(op)], (first[0] if len(first) == 1 else ast.BoolOp(op, first), last)
    return "", 7, ()


def _levels(node: ast.expr) -> set[int]:
    """How tightly the operators of an expression bind that gofmt sees together, and 0 for a minus after a minus."""
    sign, binds, operands = operation(node)
    found = {binds, 0} if sign == "-" and isinstance(operands[1], ast.UnaryOp) else {binds}
    for place, operand in enumerate(operands):
        if binds + place <= operation(operand)[1] < 7:
            found |= _levels(operand)
    return found


def between(node: ast.expr, depth: int) -> str:
    """What stands before and after the operator of an expression (binaryExpr in go/printer)."""
    found = _levels(node)
    cutoff = 5 if 0 in found or ({4, 5} <= found and depth == 1) else 6 if depth == 1 else 4
    return " " if operation(node)[1] < cutoff else ""
