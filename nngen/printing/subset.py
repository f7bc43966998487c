"""The part of Python that the source may use: what every language can say."""

import ast
from collections.abc import Iterator

from nngen.common.nodes import nodes

STATEMENTS = (
    ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Break, ast.Continue, ast.Expr, ast.For, ast.If, ast.Return, ast.While,
)  # fmt: skip
EXPRESSIONS = (
    ast.Attribute, ast.BinOp, ast.BoolOp, ast.Call, ast.Compare, ast.Constant, ast.IfExp, ast.List, ast.ListComp,
    ast.Name, ast.Slice, ast.Subscript, ast.Tuple, ast.UnaryOp,
)  # fmt: skip
OPERATORS = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.BitXor, ast.RShift, ast.And, ast.Or, ast.Not,
    ast.USub, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot,
)  # fmt: skip
WHOLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return)
"""Statements whose whole value may be a choice or a list: not every language has them inside an expression."""


class SubsetError(Exception):
    """A part of the source that not every language can say."""


def mistakes(tree: ast.Module, path: str) -> Iterator[str]:
    """What a module of the source may not have, each with its place and what to write instead."""
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        values = {id(node.value) for node in nodes([function]) if isinstance(node, WHOLE)}
        rest = [function.args.vararg] if function.args.vararg else []
        for argument in [*function.args.args, *rest]:
            if argument.annotation is None:
                yield _said(path, argument, "state the type of each argument")
        if function.returns is None:
            yield _said(path, function, "state the type of the result")
        for node in nodes(function.body):
            if reason := _reason(node, id(node) in values):
                yield _said(path, node, reason)


def _reason(node: ast.AST, whole: bool) -> str:
    """Why a part of a function is not in the subset."""
    match node:
        case ast.Compare(ops=[_, _, *_]):
            return "compare two values, and join comparisons with `and`"
        case ast.Assign(targets=[ast.Tuple()], value=ast.Call()):
            return ""
        case ast.Assign(targets=[ast.Tuple() | ast.List()]) | ast.Assign(targets=[_, _, *_]):
            return "give a value to one name"
        case ast.IfExp(test=test) if all(one.id.isupper() for one in ast.walk(test) if isinstance(one, ast.Name)):
            return ""  # it is decided by what a network has
        case ast.IfExp() | ast.ListComp() if not whole:
            return "give it a name of its own: not every language has it inside an expression"
        case ast.ListComp(generators=[_, _, *_]):
            return "use one `for`"
        case ast.Call(keywords=[_, *_]):
            return "give arguments by their places"
        case ast.stmt() if not isinstance(node, STATEMENTS):
            return "not every language has this statement"
        case ast.expr() if not isinstance(node, EXPRESSIONS):
            return "not every language has this expression"
    operators = [getattr(node, "op", None), *getattr(node, "ops", [])]
    return (
        "not every language has this operator" if any(op and not isinstance(op, OPERATORS) for op in operators) else ""
    )


def _said(path: str, node: ast.AST, reason: str) -> str:
    """A mistake with its place."""
    code = ast.unparse(node).partition("\n")[0]
    return f"{path}:{getattr(node, 'lineno', 0)}:{getattr(node, 'col_offset', -1) + 1}: `{code}`: {reason}"
