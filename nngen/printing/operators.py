"""The operators of the source, and how tightly they bind."""

import ast
from collections.abc import Mapping

from nngen.common.records import dataclass

CHOICE, OR, AND, COMPARED, BITS, SUM, PRODUCT, PREFIX, ATOM = range(9)
"""How tightly an expression binds. Bits always have parentheses beside other operators."""

OPERATORS: Mapping[type[ast.AST], tuple[str, int]] = {
    ast.Add: ("+", SUM), ast.Sub: ("-", SUM), ast.Mult: ("*", PRODUCT), ast.Div: ("/", PRODUCT),
    ast.FloorDiv: ("/", PRODUCT), ast.Mod: ("%", PRODUCT), ast.BitXor: ("^", BITS), ast.RShift: (">>", BITS),
    ast.Is: ("==", COMPARED), ast.IsNot: ("!=", COMPARED),
    ast.Eq: ("==", COMPARED), ast.NotEq: ("!=", COMPARED), ast.Lt: ("<", COMPARED), ast.LtE: ("<=", COMPARED),
    ast.Gt: (">", COMPARED), ast.GtE: (">=", COMPARED), ast.And: ("&&", AND), ast.Or: ("||", OR),
}  # fmt: skip
"""The operators of the source; those of whole numbers that round down take numbers from 0."""


@dataclass(frozen=True)
class Pair:
    """An operator between two operands."""

    left: ast.expr
    op: ast.AST
    right: ast.expr

    @classmethod
    def of(cls, node: ast.BinOp | ast.Compare | ast.BoolOp) -> "Pair":
        """The last operator of an expression that is done."""
        match node:
            case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
                return cls(left, op, right)
            case ast.BoolOp(op=op, values=[*first, last]):
                return cls(first[0] if len(first) == 1 else ast.BoolOp(op, first), op, last)
        raise TypeError(ast.unparse(node))

    @property
    def binds(self) -> int:
        """How tightly it binds."""
        return OPERATORS[type(self.op)][1]

    @property
    def around(self) -> tuple[int, int]:
        """How tightly the operands have to bind that have no parentheses."""
        return {BITS: (PREFIX, PREFIX), COMPARED: (SUM, SUM)}.get(self.binds, (self.binds, self.binds + 1))
