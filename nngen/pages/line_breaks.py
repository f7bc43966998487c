"""Breaks statements that are too long for a line, as the formatter does.

An expression becomes a sequence of texts, groups and places. A group stands on one line if it fits; otherwise all its
own places break (Oppen, ACM TOPLAS 2, 1980; Wadler, A prettier printer, 1998). Places, and the parentheses around an
expression, follow Ruff, which follows Black.
"""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from nngen.text import columns

WIDTH = 120
"""Columns of a line."""


@dataclass(frozen=True)
class Place:
    """A place where a line may break: its text if it does not, its text if it does, and a change of the indent."""

    flat: str = ""
    broken: str = "\n"
    indent: int = 0


@dataclass(frozen=True)
class Group:
    """Parts that stand on one line, or break at each place of their own."""

    parts: tuple["Part", ...]


Part: TypeAlias = str | Place | Group
Parts: TypeAlias = tuple[Part, ...]

_SPACE = Place(" ")
_PRECEDENCE: dict[type[ast.operator], int] = {
    ast.BitAnd: 0,
    ast.Add: 1,
    ast.Sub: 1,
    ast.Mult: 2,
    ast.Div: 2,
    ast.Mod: 2,
    ast.MatMult: 2,
    ast.Pow: 3,
}


def statement(start: str, value: str, end: str = "", indent: int = 4) -> str:
    """``start``, an expression and ``end``, on as many lines as they need.

    Args:
        start: the text before the expression, such as ``"a_h1 = "``.
        value: the expression, on one line and without needless parentheses.
        end: the text after the expression, such as ``":"``.
        indent: the columns before the statement.
    """
    if indent + columns(start + value + end) <= WIDTH:
        return start + value + end
    expression = _Expression(value)
    bare = (start, *expression.parts(), end)
    if expression.bracketed or (expression.breaks_by_itself and _fits_broken(bare, indent)):
        return lay_out(bare, indent)
    if expression.is_atom and indent + 4 + columns(value) > WIDTH:
        return start + value + end
    return lay_out((_brackets(f"{start}(", expression.parts(inside=True), f"){end}"),), indent)


class _Expression:
    """An expression as text and as Python's syntax tree."""

    def __init__(self, text: str) -> None:
        self._text = text.encode()
        self._root = ast.parse(text, mode="eval").body

    @property
    def is_atom(self) -> bool:
        return isinstance(self._root, ast.Name | ast.Constant | ast.Attribute | ast.Subscript)

    @property
    def bracketed(self) -> bool:
        node = self._root.value if isinstance(self._root, ast.Attribute) else self._root
        return isinstance(node, ast.Call | ast.List | ast.ListComp)

    @property
    def breaks_by_itself(self) -> bool:
        """Whether it can break without parentheses: it has one operator and begins or ends with brackets."""
        operands = self._operands(self._root)
        return len(operands) <= 2 and (self._opens(self._root, 0) or self._opens(self._root, -1))

    def _opens(self, node: ast.expr, end: int) -> bool:
        """Whether an expression begins (0) or ends (-1) with brackets. A call begins with its name."""
        while not self._is_parenthesized(node) and isinstance(node, ast.BinOp | ast.Compare | ast.UnaryOp):
            node = self._operands(node)[end]
        return (isinstance(node, ast.Call) and end == -1) or self._is_parenthesized(node)

    def parts(self, *, inside: bool = False) -> Parts:
        """The expression as parts. Lines break at operators only ``inside`` of brackets."""
        return self._parts(self._root, inside)

    def _parts(self, node: ast.expr, inside: bool = True) -> Parts:
        match node:
            case ast.BinOp() | ast.Compare() | ast.BoolOp():
                return self._operation(node, inside)
            case ast.UnaryOp(operand=operand):
                return self._between(node.col_offset, self._start(operand)), *self._operand(operand, inside)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                rest = self._parts(orelse)
                last = rest if isinstance(orelse, ast.IfExp) else (Group(rest),)
                return Group(self._parts(body)), _SPACE, "if ", Group(self._parts(test)), _SPACE, "else ", *last
            case ast.Attribute(value=ast.Call() as value, attr=attribute):
                return *self._parts(value), f".{attribute}"
            case ast.Call(func=func):
                return *self._parts(func), _brackets("(", self._arguments(node), ")")
            case ast.ListComp():
                return (_brackets("[", self._loop(node), "]"),)
            case ast.List(elts=elts):
                return (Group(("[", Place(indent=4), *_listed(map(self._parts, elts)), Place("", ",\n", -4), "]")),)
        return (self._source(node),)

    def _arguments(self, node: ast.Call) -> Parts:
        match node:
            case ast.Call(args=[ast.GeneratorExp() as loop]):
                return self._loop(loop)
            case ast.Call(args=[argument], keywords=[]):
                return self._parts(argument)
        items = [*map(self._parts, node.args), *((self._source(keyword),) for keyword in node.keywords)]
        return (Group((*_listed(items), Place("", ","))),)

    def _loop(self, node: ast.ListComp | ast.GeneratorExp) -> Parts:
        (loop,) = node.generators
        head = self._between(self._end(node.elt), loop.iter.col_offset).lstrip()
        return Group(self._parts(node.elt)), _SPACE, head, *self._parts(loop.iter)

    def _operation(self, node: ast.expr, inside: bool) -> Parts:
        first, *_ = operands = self._operands(node)
        parts = [*self._operand(first, inside)]
        for left, right in pairwise(operands):
            sign = self._between(self._end(left), self._start(right))
            parts += (_SPACE, sign.lstrip()) if inside and sign.startswith(" ") else (sign,)
            parts += self._operand(right, inside)
        return tuple(parts)

    def _operand(self, node: ast.expr, inside: bool) -> Parts:
        if self._is_parenthesized(node):
            return (_brackets("(", self._parts(node), ")"),)
        return (Group(self._parts(node, inside)),)

    def _operands(self, node: ast.expr) -> Sequence[ast.expr]:
        """The operands of the loosest operators."""
        match node:
            case ast.Compare(left=left, comparators=rest):
                return left, *rest
            case ast.BoolOp(values=values):
                return values
            case ast.UnaryOp(operand=operand):
                return (operand,)
        operands: list[ast.expr] = []
        binds = _binds(node)
        while isinstance(node, ast.BinOp) and _binds(node) == binds and not (operands and self._is_parenthesized(node)):
            operands.append(node.right)
            node = node.left
        return [node, *reversed(operands)]

    def _is_parenthesized(self, node: ast.expr) -> bool:
        """Whether an operand stands in parentheses."""
        return self._text[: node.col_offset].endswith(b"(") and self._text[node.end_col_offset :].startswith(b")")

    def _start(self, operand: ast.expr) -> int:
        return operand.col_offset - self._is_parenthesized(operand)

    def _end(self, operand: ast.expr) -> int:
        return (operand.end_col_offset or 0) + self._is_parenthesized(operand)

    def _between(self, start: int, stop: int) -> str:
        return self._text[start:stop].decode()

    def _source(self, node: ast.expr | ast.keyword) -> str:
        return self._between(node.col_offset, node.end_col_offset or 0)


def _binds(node: ast.expr) -> int | None:
    return _PRECEDENCE[type(node.op)] if isinstance(node, ast.BinOp) else None


def _brackets(opening: str, parts: Parts, closing: str) -> Group:
    return Group((opening, Place(indent=4), Group(parts), Place(indent=-4), closing))


def _listed(items: Iterable[Parts]) -> Parts:
    first, *rest = map(Group, items)
    return first, *(part for item in rest for part in (",", _SPACE, item))


def lay_out(parts: Parts, indent: int, width: int = WIDTH) -> str:
    """Join parts to a text. A group stands on one line if it fits into the width."""
    text, column = "", indent
    stack: list[tuple[Part, bool]] = [(part, True) for part in reversed(parts)]
    while stack:
        part, broken = stack.pop()
        if isinstance(part, Group):
            broken = broken and not _fits(part, stack, width - column)
            stack += [(inner, broken) for inner in reversed(part.parts)]
        elif isinstance(part, Place) and broken:
            indent += part.indent
            new = part.broken.endswith("\n")
            text += part.broken + " " * (indent if new else 0)
            column = indent if new else column + columns(part.broken)
        else:
            piece = part.flat if isinstance(part, Place) else part
            text += piece
            column += columns(piece)
    return text


def _fits(group: Group, rest: Sequence[tuple[Part, bool]], room: int) -> bool:
    """Whether a group fits, together with the text up to the next place that may break."""
    following = iter(reversed(rest))
    stack: list[tuple[Part, bool]] = [(group, False)]
    while room >= 0:
        part, broken = stack.pop() if stack else next(following, (Place(), True))
        if isinstance(part, Group):
            stack += [(inner, broken) for inner in reversed(part.parts)]
        elif isinstance(part, Place):
            room -= columns((part.broken if broken else part.flat).rstrip("\n"))
            if broken and part.broken.endswith("\n"):
                return room >= 0
        else:
            room -= columns(part)
    return False


def _fits_broken(parts: Parts, indent: int) -> bool:
    """Whether all lines fit if every place breaks."""
    first, *rest = lay_out(parts, indent, 0).split("\n")
    return indent + columns(first) <= WIDTH and all(columns(line) <= WIDTH for line in rest)
