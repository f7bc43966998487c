"""Pages as the judges of style have to see them: their mark tells formatters and linters to look away."""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeGuard

MARK = "# fmt: off\n# flake8: noqa\n\n"


def unmarked(text: str) -> str:
    """A page without its mark; around each list in rows the formatter is told to leave it alone.

    Raises:
        ValueError: the page has no mark.
    """
    before, mark, after = text.partition(MARK)
    if not mark:
        raise ValueError("the page has no mark")
    return rows_apart(before + after)


def rows_apart(text: str) -> str:
    """Python statements, with a mark around each that has a list in rows. Each row ends with a comma, also the last
    one, so that a formatter puts each item on its own line."""
    given = text.split("\n")
    lines, nodes = list(given), list(_walk(ast.parse(text)))
    rows = [node.lineno for node in nodes if _in_rows(node, given)]
    for node in nodes if rows else ():
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return) and any(
            node.lineno <= first <= (node.end_lineno or 0) for first in rows
        ):
            margin, last = " " * node.col_offset, (node.end_lineno or 0) - 1
            lines[node.lineno - 1] = f"{margin}# fmt: off\n{lines[node.lineno - 1]}"
            lines[last] = f"{lines[last]}\n{margin}# fmt: on"
    return "\n".join(lines)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes of several lines: no other one is or has a list in rows."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr | ast.stmt) or child.lineno != child.end_lineno:
            yield child
            yield from _walk(child)


def _in_rows(node: ast.AST, lines: Sequence[str]) -> TypeGuard[ast.expr]:
    if not isinstance(node, ast.List | ast.Tuple | ast.Call) or not lines[(node.end_lineno or 0) - 2].endswith(","):
        return False
    items = node.args if isinstance(node, ast.Call) else node.elts
    return any(one.end_lineno == other.lineno for one, other in pairwise(items))
