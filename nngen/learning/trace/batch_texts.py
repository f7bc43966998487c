"""The right sides of assignments as expressions of Python, which a pass over a batch evaluates."""

import ast
from types import CodeType

from nngen.mathematics.formulas import flat
from nngen.plan import Assignment, UnitForm


def text_of(assignment: Assignment) -> str:
    """The right side of an assignment."""
    terms = assignment.terms
    match assignment.form:
        case UnitForm.VALUE:
            return terms[0]
        case UnitForm.SUM:
            return " + ".join(terms)
        case UnitForm.MEAN:
            return f"({' + '.join(terms)}) / {len(terms)}.0"
        case UnitForm.MAX:
            return f"max({', '.join(terms)})" if len(terms) > 1 else terms[0]
        case UnitForm.DROPOUT:
            return f"_keep(seed, {', '.join(terms)})"


def parsed(text: str) -> ast.expr:
    """The expression of a text."""
    return ast.parse(flat(text).strip(), mode="eval").body


def compiled(expression: ast.expr) -> CodeType:
    """The code that evaluates an expression."""
    return compile(ast.Expression(expression), "<batch>", "eval")


def names_in(text: str) -> set[str]:
    """The names of the values that a text uses."""
    return {node.id for node in ast.walk(parsed(text)) if isinstance(node, ast.Name)}


def contains(text: str, name: str) -> bool:
    """Return True if a text uses a value."""
    return name in names_in(text)
