"""The module of a worksheet, and the equations of a plan as code, which runs one equation at a time."""

import ast
from collections.abc import Sequence
from dataclasses import field
from functools import cached_property
from types import CodeType
from typing import Any

from nngen.common.records import dataclass
from nngen.mathematics.formulas import flat
from nngen.plan import Assignment, UnitForm
from nngen.targets import TARGETS, as_module

WORDS = TARGETS["python"].words
"""The words in which the equations of a plan become code."""


@dataclass(frozen=True)
class Module:
    """The text of a Python module with an equation for each weight."""

    name: str
    text: str

    @cached_property
    def names(self) -> dict[str, Any]:
        """The definitions of the module."""
        return as_module(self.name, self.text).__dict__


@dataclass
class Frame:
    """A step in progress, with the current values of its names."""

    names: dict[str, Any]
    lists: dict[str, Sequence[str]] = field(default_factory=dict)
    """Names for the numbers of some lists: ``dw_h1_x1`` and so on for ``gradient``."""

    def listed(self, name: ast.expr) -> Sequence[str]:
        """The names for the numbers of a list."""
        return self.lists.get(name.id, ()) if isinstance(name, ast.Name) else ()

    def value(self, expression: ast.expr) -> Any:
        """The current value of an expression."""
        return eval(compiled(expression), self.names)  # noqa: S307 (our own page)


def text_of(assignment: Assignment) -> str:
    """The right side of an assignment."""
    terms = assignment.terms
    match assignment.form:
        case UnitForm.VALUE:
            return terms[0]
        case UnitForm.SUM if assignment.factor:
            return f"{terms[0]} + {assignment.factor} * ({' + '.join(terms[1:])})"
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
    return compile(ast.Expression(expression), "<page>", "eval")


def names_in(expression: ast.AST) -> set[str]:
    """The names in an expression."""
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
