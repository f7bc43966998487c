"""What printers ask of the statements of the source, and other statements in their place."""

import ast
import copy
from collections.abc import Sequence
from typing import TypeVar

from nngen.common.nodes import nodes
from nngen.printing.expressions import unless_there

Node = TypeVar("Node", bound=ast.AST)


def in_chunks(node: ast.For) -> ast.For:
    """A loop over the parts of a list as one over the places where these begin."""
    match node:
        case ast.For(target=ast.Name(id=part), iter=ast.Call(args=[values, size])):
            given = {"values": ast.unparse(values), "size": ast.unparse(size)}
            text = (
                "for first in range(0, len({values}), {size}):\n"
                "    {part} = {values}[first : min(first + {size}, len({values}))]"
            )
            loop = ast.parse(text.format(part=part, **given)).body[0]
            assert isinstance(loop, ast.For)  # noqa: S101
            loop.body += node.body
            return loop
    raise TypeError(ast.unparse(node))


def changed(body: Sequence[ast.stmt]) -> frozenset[str]:
    """The names that get another value after their first one."""
    seen: set[str] = set()
    found: set[str] = set()
    for node in nodes(body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
                found |= {name} if name in seen or isinstance(node, ast.AugAssign) else set()
                seen.add(name)
    return frozenset(found)


def missing(node: ast.If) -> str:
    """The name of a value without which a condition returns or refuses; none if it is another condition."""
    ends = isinstance(node.body[-1], ast.Return) or refuses(node.body[-1])
    name = unless_there(node.test) if ends else ""
    return name if name.isidentifier() else ""


def refuses(node: ast.stmt) -> bool:
    """Whether a statement refuses something."""
    return isinstance(node, ast.Expr) and ast.unparse(node).startswith("refuse(")


def with_place(body: Sequence[Node], name: str, values: ast.expr, place: str) -> list[Node]:
    """Statements, or expressions, with ``values[place]`` for a name."""
    return [_Placed(name, values, place).visit(copy.deepcopy(one)) for one in body]


class _Placed(ast.NodeTransformer):
    """Writes ``values[i]`` for the value of a loop."""

    def __init__(self, name: str, values: ast.expr, place: str) -> None:
        self._name, self._values, self._place = name, values, place

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Subscript(self._values, ast.Name(self._place)) if node.id == self._name else node
