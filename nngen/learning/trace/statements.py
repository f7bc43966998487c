"""The module of a worksheet, whose statements can run one at a time, and the equations of a plan as code."""

import ast
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import cached_property
from types import CodeType
from typing import Any

from nngen.common.records import dataclass
from nngen.mathematics.formulas import flat
from nngen.plan import Assignment, UnitForm
from nngen.targets import as_module


@dataclass(frozen=True)
class Module:
    """The text of a Python module with an equation for each weight."""

    name: str
    text: str

    @cached_property
    def names(self) -> dict[str, Any]:
        """The definitions of the module."""
        return as_module(self.name, self.text).__dict__

    @cached_property
    def _functions(self) -> dict[str, ast.FunctionDef]:
        return {node.name: node for node in ast.parse(self.text).body if isinstance(node, ast.FunctionDef)}

    def body(self, function: str) -> Sequence[ast.stmt]:
        """The statements of a function after its docstring."""
        return self._functions[function].body[1:]

    def frame(self, function: str, *arguments: Any, **more: Any) -> "Frame":
        """A call of a function, before its first statement."""
        bound = inspect.signature(self.names[function]).bind(*arguments, **more)
        bound.apply_defaults()
        return Frame({**self.names, **bound.arguments})


@dataclass
class Frame:
    """A call in progress, with the current values of its names."""

    names: dict[str, Any]
    lists: dict[str, Sequence[str]] = field(default_factory=dict)
    """Names for the numbers of some lists: ``dw_h1_x1`` and so on for ``gradient``."""

    def listed(self, name: ast.expr) -> Sequence[str]:
        """The names for the numbers of a list."""
        return self.lists.get(name.id, ()) if isinstance(name, ast.Name) else ()

    def run(self, statement: ast.stmt) -> None:
        """Run a statement. It may raise the errors of the module."""
        exec(compile(ast.Module([statement], []), "<page>", "exec"), self.names)  # noqa: S102 (our own page)

    def value(self, expression: ast.expr) -> Any:
        """The current value of an expression."""
        return eval(compile(ast.Expression(expression), "<page>", "eval"), self.names)  # noqa: S307 (our own page)

    def loop(self, target: ast.expr, lists: ast.expr) -> Iterator[None]:
        """Run a loop over lists: before each iteration, assign its variables."""
        names = [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
        for values in self.value(lists):
            self.names.update(zip(names, values, strict=True))
            yield


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
    return compile(ast.Expression(expression), "<batch>", "eval")


def names_in(expression: ast.AST) -> set[str]:
    """The names in an expression."""
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
