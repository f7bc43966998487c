"""Reads the text of a module without running it: its form, the name of its network, its functions."""

import ast
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from nngen.common import files
from nngen.common.diagnostics import SpecError
from nngen.common.records import dataclass
from nngen.proof.verify.child import Code
from nngen.reading import load

MARK = "Written by nngen from the spec "
"""A sentence in every generated module."""

INTEGERS = "neural network in integers"
"""What the first line of a predictor in integers says."""

BINDING = '#include "binding.c"'
"""A line of C in the modules that compile a header."""

OTHERS = {
    ".mjs": ("JavaScript", "selftest", ", under Node or in a browser"),
    ".h": ("a C header", "NAME_selftest", ""),
    ".c": ("C", "NAME_selftest", ", in its header"),
}
"""What cannot run here, by the end of the name: its language, its test of itself, and where that runs."""

MAX_MODULE = 20_000_000
"""Bytes of a module. An unrolled one has about 400 for each weight."""


@dataclass(frozen=True)
class Text:
    """The text of a module."""

    path: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree; empty if it is not Python."""
        try:
            return ast.parse(self.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.Module([], [])

    @cached_property
    def nodes(self) -> Sequence[ast.AST]:
        """All nodes of this tree."""
        return [*ast.walk(self.tree)]

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Its functions by name."""
        return {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}

    @cached_property
    def program(self) -> list[str]:
        """The names that it uses outside its functions, when it is imported or runs as a program."""
        return [name for node in self.tree.body if not isinstance(node, ast.FunctionDef) for name in _used(node)]

    @cached_property
    def form(self) -> str:
        """The form of its parameters, from its imports and constants: ``numpy``, ``layers`` or ``weights``."""
        if "numpy" in set(self._imports()):
            return "numpy"
        names = self.constant("PARAMETERS")
        matrices = isinstance(names, tuple) and any(isinstance(name, str) and name.startswith("W_") for name in names)
        return "layers" if matrices else "weights"

    @cached_property
    def dtype(self) -> str:
        """The width of its numbers."""
        narrow = any(isinstance(node, ast.Attribute) and node.attr == "float32" for node in self.nodes)
        return "float32" if narrow else "float64"

    @property
    def network(self) -> str | None:
        """The name of its network, from its docstring or its layout."""
        said = ast.get_docstring(self.tree) or re.sub(r"^\W+", "", self.source, flags=re.MULTILINE)
        match = re.search(re.escape(MARK) + r"(\w+)", " ".join(said.split()))
        layout = self.constant("LAYOUT")
        if match:
            return match[1]
        return layout.split(" ")[0] if isinstance(layout, str) else None

    def code(self, record: tuple[str, ...] = ()) -> Code:
        """The module as code to run."""
        return Code(Path(self.path).name, self.source, self.form, self.dtype, record)

    def line(self, number: int) -> str:
        """A line of its source."""
        lines = self.source.splitlines()
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def _imports(self) -> Iterator[str]:
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield (node.module or "").split(".")[0]

    def constant(self, name: str) -> object:
        """The value of a constant, if it is a literal."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                try:
                    return ast.literal_eval(node.value)
                except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                    return None
        return None


def read(path: Path) -> Text:
    """Read a module.

    Raises:
        SpecError: it cannot be read, is too large, or is not Python.
    """
    advice = "build it with --selftest: its `{}` compares it with the same reference{}"
    if path.suffix in OTHERS:
        called, *tested = OTHERS[path.suffix]
        raise files.refused(path, f"`nngen verify` cannot run {called}", advice.format(*tested))
    source = files.text(path, MAX_MODULE)
    if BINDING in source:
        message = "`nngen verify` cannot run a module that compiles a C header"
        raise files.refused(path, message, advice.format("selftest", ""))
    if INTEGERS in source.partition("\n")[0]:
        message = "`nngen verify` compares numbers in floating point, and this module has integers"
        raise files.refused(path, message, "`nngen evaluate --dtype int8` compares its answers with those in float64")
    text = Text(str(path), source)
    if path.suffix not in ("", ".py") and not text.tree.body:
        message = f"nngen knows no language whose modules end with {path.suffix!r}, and this is not Python"
        raise files.refused(path, message, "give a module of `nngen build`; `--target` names a language of your own")
    return text


def candidates(text: Text) -> Iterator[Path]:
    """Files that may hold a module's spec: named after its network, beside or above it, or in a folder ``specs``."""
    if text.network is not None:
        yield from near(Path(text.path), text.network)


def near(path: Path, name: str) -> Iterator[Path]:
    """Files that may hold the spec of a network: named after it, beside or above a file, or in a folder ``specs``."""
    for folder in dict.fromkeys([*path.absolute().parents, Path.cwd()]):
        for place in (folder, folder / "specs"):
            for suffix in (".yaml", ".yml", ".json"):
                if os.path.isfile(place / f"{name}{suffix}"):
                    yield place / f"{name}{suffix}"


def of_network(paths: Iterable[Path], network: str | None, root: Path | None) -> Path | None:
    """The first of some files that is a spec of a network."""
    for path in paths:
        try:
            if load(path, root).name == network:
                return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        except SpecError:
            continue  # another file with this name
    return None


def calls(functions: dict[str, ast.FunctionDef], start: Iterable[str]) -> list[str]:
    """These functions of a module and the functions that they call."""
    called: list[str] = []
    waiting = list(start)
    while waiting:
        name = waiting.pop(0)
        if name in functions and name not in called:
            called.append(name)
            waiting += _used(functions[name])
    return called


def _used(node: ast.AST) -> list[str]:
    """The names that a statement uses and does not assign; an argument or a variable may have a function's name."""
    nodes = [*ast.walk(node)]
    own = {inside.arg for inside in nodes if isinstance(inside, ast.arg)}
    names = [inside for inside in nodes if isinstance(inside, ast.Name)]
    own |= {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    return [name.id for name in names if name.id not in own]


def difference(mine: Text, theirs: Text, start: Iterable[str]) -> tuple[int, str, str] | None:
    """The first statement that differs from another module: its line, and both versions.

    Comments, docstrings, annotations and line breaks do not count.
    """
    for name in calls(theirs.functions, start):
        if name in mine.functions and (found := within(mine, theirs, name)):  # an earlier check reports missing ones
            return found
    return None


def within(mine: Text, theirs: Text, name: str) -> tuple[int, str, str] | None:
    """The same for the statements of one function."""
    left, right = (list(_statements(text.functions[name])) for text in (mine, theirs))
    for (line, actual), (_, expected) in zip(left, right, strict=False):
        if actual != expected:
            return line, actual, expected
    if len(left) == len(right):
        return None
    longer = left if len(left) > len(right) else right
    line, text = longer[min(len(left), len(right))]
    last = mine.functions[name].end_lineno or 0
    return (line, text, "") if longer is left else (last, "", text)


def _statements(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """The statements with their lines, each as one line of text. Of a compound statement only the head."""
    yield function.lineno, f"def {function.name}({_arguments(function.args)}):"
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    yield from _block(body)


def _block(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    for node in body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield node.lineno, f"{_written(node.target)} = {_written(node.value)}"
            continue
        yield node.lineno, _written(node)
        for part in ("body", "handlers", "orelse", "finalbody"):
            yield from _block(getattr(node, part, []))


def _written(node: ast.AST) -> str:
    """The first line of a node's source."""
    try:
        return ast.unparse(node).splitlines()[0]
    except RecursionError:
        return "an expression nested too deep"


def _arguments(arguments: ast.arguments) -> str:
    bare = [ast.arg(argument.arg) for argument in arguments.args]
    return ast.unparse(ast.arguments([], bare, defaults=arguments.defaults, kwonlyargs=[], kw_defaults=[]))
