"""Runs a generated module one statement at a time, so that a worksheet shows the values of the module itself."""

import ast
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

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
    result: Any = None
    """The returned value, after the return statement."""

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
