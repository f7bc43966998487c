"""Conditions of the source that a network decides, and statements that then nothing reads."""

import ast
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from nngen.common.nodes import nodes
from nngen.printing.program import ANSWER, Function


class _Decided(ast.NodeTransformer):
    """Decides the names of conditions, and comparisons; what they guard is left out, or stays without them."""

    def __init__(self, flags: Mapping[str, bool]) -> None:
        self._flags = flags

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self._flags[node.id]) if node.id in self._flags else node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        text = ast.unparse(node)
        return ast.Constant(self._flags[text]) if text in self._flags else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        value = _decided(node.operand)
        return node if value is None or not isinstance(node.op, ast.Not) else ast.Constant(not value)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        decisive = isinstance(node.op, ast.Or)
        if any(_decided(value) is decisive for value in node.values):
            return ast.Constant(decisive)
        left = [value for value in node.values if _decided(value) is None]
        if not left:
            return ast.Constant(not decisive)
        return left[0] if len(left) == 1 else ast.BoolOp(node.op, left)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        value = _decided(node.test)
        return node if value is None else node.body if value else node.orelse

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="refuse"), args=[_, _, ast.Name()]) if not self._flags.get("SHOWS"):
                del node.args[2]  # the cell that is refused
        return node

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        value = _decided(node.test)
        return node if value is None else node.body if value else node.orelse


def _decided(node: ast.expr) -> bool | None:
    """The value of a condition, if it is decided."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, bool) else None


def decided(function: Function, flags: Mapping[str, bool]) -> Function:
    """A function without the conditions that flags decide, and without names that nothing reads."""
    return _decided_by(function, frozenset((name, flags[name]) for name in _decisive(function) if name in flags))


@cache
def _decisive(function: Function) -> frozenset[str]:
    """What flags may decide: names, and comparisons."""
    there = nodes(function.body)
    comparisons = (ast.unparse(node) for node in there if isinstance(node, ast.Compare))
    return frozenset({"SHOWS", *ANSWER, *comparisons, *(node.id for node in there if isinstance(node, ast.Name))})


@cache
def _decided_by(function: Function, said: frozenset[tuple[str, bool]]) -> Function:
    flags = dict(said)
    module = _Decided(flags).visit(ast.Module(copied(function), []))
    gives = {"Answer": answer(flags), "Interval": "Within" if flags.get("CLASSIFIES", True) else "Bounds"}
    return replace(function, body=without_unread(_ended(module.body)), gives=gives.get(function.gives, function.gives))


def answer(flags: Mapping[str, bool]) -> str:
    """The type of an answer."""
    if flags.get("CLASSIFIES", True):
        return "Class"
    return "Outputs" if flags.get("SEVERAL", True) else "Num"


def _ended(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements without those after a return."""
    ends = (place for place, one in enumerate(body) if isinstance(one, ast.Return | ast.Break | ast.Continue))
    return body[: next(ends, len(body)) + 1]


def without_unread(body: Iterable[ast.stmt]) -> tuple[ast.stmt, ...]:
    """Statements without those that give a value to a name that nothing reads; they are changed in place."""
    left = list(body)
    while unread := _unread_by(left):
        left = [one for statement in left if (one := unread.visit(statement)) is not None]
    return tuple(left)


class _Unread(ast.NodeTransformer):
    """Leaves out what gives a value to these names, and conditions that guard nothing."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def _left(self, node: ast.stmt) -> ast.stmt | None:
        return None if _given(node) in self._names else node

    visit_Assign = visit_AnnAssign = visit_AugAssign = _left  # noqa: N815 (names of ast.NodeTransformer)

    def visit_If(self, node: ast.If) -> ast.stmt | None:
        self.generic_visit(node)
        return node if node.body else None


def _given(node: ast.AST) -> str | None:
    """The name to which a statement gives a value."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=name), *_])
            | ast.AnnAssign(target=ast.Name(id=name))
            | ast.AugAssign(target=ast.Name(id=name))
        ):
            return name
    return None


def _unread_by(body: Iterable[ast.stmt]) -> _Unread | None:
    """What leaves out the statements that nothing needs, if there are some."""
    there = nodes(body)
    read = {node.id for node in there if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    names = {name for node in there if isinstance(node, ast.stmt) and (name := _given(node))} - read
    empty = any(isinstance(node, ast.If) and not node.body for node in there)
    return _Unread(names) if names or empty else None


def copied(function: Function) -> list[ast.stmt]:
    """A copy of the body of a function; ``copy.deepcopy`` takes several times as long."""
    return list(pickle.loads(_stored(function)))  # noqa: S301 (what the next function has written)


@cache
def _stored(function: Function) -> bytes:
    return pickle.dumps(function.body)
