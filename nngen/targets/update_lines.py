"""What some pages take from the update lines of an optimizer: its powers, and the rate of gradient descent."""

import ast
from copy import deepcopy
from dataclasses import replace

from nngen.mathematics.formulas import Formula, Line, spelled
from nngen.plan import Optimizer


def descent(optimizer: Optimizer) -> float | None:
    """The rate of a step that is nothing but ``w - rate * g``; None for any other."""
    if not optimizer.plain:
        return None
    match optimizer.lines[0].formula.tree:
        case ast.BinOp(ast.Name("w"), ast.Sub(), ast.BinOp(ast.Constant(float(rate)), ast.Mult(), ast.Name("g"))):
            return rate
    return None


def powers(optimizer: Optimizer) -> list[Line]:
    """The powers that depend on the number of the step alone: a page computes each once for all parameters."""
    return _hoisted(optimizer)[0]


def lines_with_powers(optimizer: Optimizer) -> list[Line]:
    """The update lines with each of these powers replaced by its name."""
    return _hoisted(optimizer)[1]


def _hoisted(optimizer: Optimizer) -> tuple[list[Line], list[Line]]:
    powers = _Powers()
    lines = [replace(line, formula=spelled(powers.visit(deepcopy(line.formula.tree)))) for line in optimizer.lines]
    return [Line(name, Formula(text)) for text, name in powers.names.items()], lines


class _Powers(ast.NodeTransformer):
    """Replaces each power whose only variable is ``t`` by a name."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        """The name of each power, by its text."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        variables = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        if isinstance(node.op, ast.Pow) and variables == {"t"}:
            return ast.Name(self.names.setdefault(spelled(node).text, f"power{len(self.names) + 1}"))
        node.left, node.right = self.visit(node.left), self.visit(node.right)
        return node
