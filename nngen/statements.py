"""Statements that are too long for a line, broken as the formatter breaks them.

An expression becomes a sequence of texts, groups and places to break. A group stands on one line where it fits; where
it does not, each place of its own is broken (Oppen, ACM TOPLAS 2, 1980; Wadler, A prettier printer, 1998). Where those
places are, and when an expression gets parentheses to break in, follows Ruff, which follows Black.
"""

import ast
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

WIDTH = 120
"""Columns of a line."""


@dataclass(frozen=True)
class Place:
    """A place to break: what stands there on one line, what ends a broken line, and how what follows is indented."""

    flat: str = ""
    broken: str = ""
    indent: int = 0


@dataclass(frozen=True)
class Group:
    """What stands on one line, or is broken at each place of its own."""

    parts: tuple["Part", ...]


Part: TypeAlias = str | Place | Group
Parts: TypeAlias = tuple[Part, ...]

_SPACE = Place(" ")
_PRECEDENCE: dict[type[ast.AST], int] = {
    ast.BitAnd: 0,
    ast.Add: 1,
    ast.Sub: 1,
    ast.Mult: 2,
    ast.Div: 2,
    ast.MatMult: 2,
    ast.Pow: 3,
}


def statement(start: str, value: str, end: str = "", indent: int = 4) -> str:
    """``start``, an expression and ``end``, on as many lines as they need.

    Args:
        start: what comes before the expression, such as ``"a_h1 = "``.
        value: the expression, on one line.
        end: what comes after it, such as ``":"``.
        indent: the columns before the statement.
    """
    if indent + columns(start + value + end) <= WIDTH:
        return start + value + end
    expression = _Expression(value)
    bare = (start, *expression.parts(), end)
    if expression.breaks_by_itself and (expression.is_bracketed or _fits_broken(bare, indent)):
        return _lay_out(bare, indent)
    if expression.is_atom and indent + 4 + columns(value) > WIDTH:
        return start + value + end
    return _lay_out((_bracketed(f"{start}(", expression.parts(inside=True), f"){end}"),), indent)


def columns(text: str) -> int:
    """The columns that a text takes: characters of East Asia are wide, combining ones take none."""
    if text.isascii():
        return len(text)
    return sum((1 + (unicodedata.east_asian_width(c) in "WF")) * (not unicodedata.combining(c)) for c in text)


class _Expression:
    """An expression, as text and as Python reads it."""

    def __init__(self, text: str) -> None:
        self._text = text.encode()
        self._root = ast.parse(text, mode="eval").body

    @property
    def is_atom(self) -> bool:
        return isinstance(self._root, ast.Name | ast.Constant | ast.Attribute | ast.Subscript)

    @property
    def is_bracketed(self) -> bool:
        return isinstance(self._root, ast.Call | ast.List | ast.ListComp | ast.Tuple)

    @property
    def breaks_by_itself(self) -> bool:
        """Whether it needs no parentheses to break in: a single operator, and brackets before or after it."""
        operands = list(self._operands(self._root))
        ends = (operands[0], operands[-1])
        return self.is_bracketed or (len(operands) == 2 and any(self._is_parenthesized(end) for end in ends))

    def parts(self, *, inside: bool = False) -> Parts:
        """The expression as parts; only inside of brackets may a line break at an operator."""
        return self._parts(self._root, inside)

    def _parts(self, node: ast.expr, inside: bool) -> Parts:
        match node:
            case ast.BinOp() | ast.Compare() | ast.BoolOp():
                return self._operation(node, inside)
            case ast.UnaryOp(operand=operand):
                return (self._between(node.col_offset, operand), *self._operand(operand, inside))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition = ("if ", *self._parts(test, True), _SPACE, "else ", *self._parts(orelse, True))
                return (*self._parts(body, True), _SPACE, *condition)
            case ast.Call(func=func, args=[ast.GeneratorExp() as loop]):
                return (_bracketed(f"{self._source(func)}(", self._loop(loop), ")"),)
            case ast.Call(func=func, args=args, keywords=keywords):
                arguments = _listed([*(self._parts(arg, True) for arg in args), *map(self._keyword, keywords)])
                return (_bracketed(f"{self._source(func)}(", arguments, ")"),)
            case ast.ListComp():
                return (_bracketed("[", self._loop(node), "]"),)
            case ast.List(elts=elts):
                return (_bracketed("[", _listed(self._parts(item, True) for item in elts), "]"),)
        return (self._source(node),)
