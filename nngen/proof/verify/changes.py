"""What a module states in other words than nngen writes: no row of a verification sees all that such a line does."""

import ast
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from nngen.proof.verify.module_text import Text, within

Change = tuple[int, str, str]
"""A line of the module, what stands there, and what nngen writes; one of both may be empty."""

MAX_LINES = 5_000
"""Lines that are matched; of longer parts that differ only the first line is named."""

OWN = ("TRAINED", "__all__")
"""What nngen writes only for parameters or other parts of a user."""


def of_python(mine: Text, own: Text) -> Iterator[Change]:
    """The first line of each function and constant that nngen writes in another way, in the order of the module."""
    theirs = dict(_stated(own))
    for name, node in _stated(mine):
        if name in theirs and name not in OWN and _dump(node) != _dump(theirs[name]):
            found = within(mine, own, name) if name in mine.functions and name in own.functions else None
            yield found or (node.lineno, mine.line(node.lineno), own.line(theirs[name].lineno))


def _stated(text: Text) -> Iterator[tuple[str, ast.stmt]]:
    """The functions, constants and conditions of a module by their names."""
    for node in text.tree.body:
        match node:
            case ast.FunctionDef(name=name):
                yield name, node
            case ast.Assign(targets=[target, *_]) | ast.AnnAssign(target=target):
                yield ast.unparse(target), node
            case ast.If():  # of a module that runs as a program
                yield "if", node


def _dump(node: ast.AST) -> str:
    """A statement without docstrings and annotations, as a text."""
    return ast.dump(Bare().visit(ast.parse(ast.unparse(node))))


class Bare(ast.NodeTransformer):
    """Drops docstrings and annotations."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A function without both."""
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """An argument alone."""
        return ast.arg(node.arg)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """An assignment without its type."""
        return ast.copy_location(ast.Assign([node.target], node.value) if node.value else ast.Pass(), node)


def of_lines(mine: str, theirs: str) -> Iterator[Change]:
    """The lines that differ from those of another module, without comments and layout."""
    left, right = _code(mine), _code(theirs)
    while left and right and left[-1][1] == right[-1][1]:
        del left[-1], right[-1]
    begin = next((i for i, (one, other) in enumerate(zip(left, right, strict=False)) if one[1] != other[1]), None)
    first = min(len(left), len(right)) if begin is None else begin
    left, right = left[first:][:MAX_LINES], right[first:][:MAX_LINES]
    words = [[line for _, line in side] for side in (left, right)]
    last = left[-1][0] if left else len(mine.splitlines())
    for kind, i, end, j, stop in SequenceMatcher(a=words[0], b=words[1], autojunk=False).get_opcodes():
        actual, expected = (" ".join(side) for side in (words[0][i:end], words[1][j:stop]))
        trained = not expected and re.search(r"\bT(RAINED|rained)\b", actual)
        if kind != "equal" and actual.replace(" ", "") != expected.replace(" ", "") and not trained:
            yield left[i][0] if i < len(left) else last, actual, expected


def _code(text: str) -> list[tuple[int, str]]:
    """The lines of a program with their numbers, without comments and layout."""
    lines = [(number, re.sub(r"\s+", " ", line.strip())) for number, line in enumerate(text.splitlines(), 1)]
    return [(number, line) for number, line in lines if line and not re.match(r"//|/\*|\*|#", line)]
