"""Reads the source: its functions with their types, and the comments between their lines."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from nngen.common.nodes import written
from nngen.common.records import dataclass
from nngen.printing.stated import Field, Record
from nngen.printing.subset import SubsetError, mistakes

KIT, NETWORK, STATED = "kit", "network", "stated"
"""The modules of ``nngen.runtime`` with what languages bring themselves, with what differs between networks, and with
what a module states itself."""


ANSWER = {"CLASSIFIES", "SEVERAL"}
"""What decides the type of an answer."""


@dataclass(frozen=True)
class Argument:
    """An argument of a function."""

    name: str
    kind: str
    """Its type, as the source writes it: ``list[int]``."""
    several: bool = False
    """Whether it has all values of a call that follow."""
    default: ast.expr | None = None
    """What it is if a caller does not say it; a network without use for it leaves it out."""


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the source; what is found out about one is remembered, so nobody changes its statements."""

    name: str
    arguments: tuple[Argument, ...]
    gives: str
    """The type of what it returns; ``None`` for nothing."""
    says: str
    """Its documentation, in paragraphs."""
    body: tuple[ast.stmt, ...]
    comments: Mapping[int, str]
    """The comments of its module, by the line in which they stand; one above a line has its negative number."""
    module: str
    """The module of ``nngen.runtime`` that has it."""
    apart: frozenset[int] = frozenset()
    """The lines above which there is an empty one."""

    @property
    def public(self) -> bool:
        """Whether users of a module call it."""
        return not self.name.startswith("_") and self.module != KIT

    def place(self, node: ast.AST) -> str:
        """Where a part of it stands."""
        line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", 0) + 1
        return f"nngen/runtime/{self.module}.py:{line}:{column}"


@dataclass(frozen=True, eq=False)
class Program:
    """The source of one subject, with what it may name."""

    functions: tuple[Function, ...]
    known: Mapping[str, Function]
    """All functions of the source and of the kit, by name: their types count."""
    names: Mapping[str, str]
    """The types of what differs between networks and is named in these modules."""
    fields: Mapping[str, Mapping[str, str]]
    """The types of the fields of records, by the names of these."""


@cache
def program(subject: str) -> Program:
    """The functions of a module of ``nngen.runtime``."""
    parts = {name: functions(name) for name in (KIT, NETWORK, *_needed(_tree(subject)), subject)}
    known = {one.name: one for part in parts.values() for one in part}
    words = {word for name in parts if name not in (KIT, NETWORK) for word in re.findall(r"\w+", _text(name))}
    mentioned = words | ANSWER if "Answer" in words else words
    names = {name: kind for name, kind in constants().items() if name in mentioned}
    return Program(parts[subject], known, names, _fields())


@lru_cache(maxsize=256)  # the languages of a network have most texts in common
def program_of(
    text: str,
    comments: tuple[tuple[int, str], ...],
    formulas: tuple[tuple[str, str], ...],
    state: tuple[tuple[str, str], ...],
) -> Program:
    """The functions of a text that is written for one network.

    Args:
        text: a module of the source. Empty lines in a function stay.
        comments: its comments by the line beside which one stands; one above a line has its negative number.
        formulas: what calls of these names stand for has these types.
        state: the types of the fields of the state of its optimizer.

    Raises:
        SubsetError: it has what not every language can say.
    """
    tree = ast.parse(text)
    if wrong := list(mistakes(tree, NETWORK)):
        raise SubsetError("\n".join(wrong))
    apart = frozenset(i + 2 for i, one in enumerate(text.splitlines()) if not one)
    own = (_function(node, dict(comments), NETWORK) for node in tree.body if isinstance(node, ast.FunctionDef))
    found = tuple(replace(one, apart=apart) for one in own)
    parts = [functions(name) for name in (KIT, *_needed(tree))]
    stubs = (Function(name, (), kind, "", (), {}, KIT) for name, kind in formulas)
    known = {one.name: one for part in (*parts, stubs, found) for one in part}
    return Program(found, known, constants(), {**_fields(), "State": dict(state)})


def _needed(tree: ast.Module) -> list[str]:
    """The modules of the source that a module imports, and those that they import in turn."""
    found = [
        node.module.rpartition(".")[2]
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("nngen.runtime.")
    ]
    own = [name for name in found if name not in (KIT, NETWORK)]
    return [*(name for one in own for name in _needed(_tree(one))), *own]


@cache
def subjects() -> frozenset[str]:
    """The modules of the source."""
    names = (one.name for one in files("nngen.runtime").iterdir())
    found = frozenset(name.removesuffix(".py") for name in names if name.endswith(".py"))
    return found - {KIT, NETWORK, "__init__"}


@cache
def functions(name: str) -> tuple[Function, ...]:
    """The functions of a module of the source, in order."""
    comments = _comments(_text(name))
    return tuple(_function(node, comments, name) for node in _tree(name).body if isinstance(node, ast.FunctionDef))


@cache
def constants() -> dict[str, str]:
    """The types of what differs between networks."""
    nodes = (node for node in _tree(NETWORK).body if isinstance(node, ast.AnnAssign))
    return {written(node.target): written(node.annotation) for node in nodes}


@cache
def records() -> dict[str, Record]:
    """The records of the kit, with the comment of each field below it."""
    nodes = [node for node in _tree(KIT).body if isinstance(node, ast.ClassDef)]
    return {one.name: Record(one.name, ast.get_docstring(one) or "", [*_listed(one)]) for one in nodes}


def _listed(record: ast.ClassDef) -> Iterator[Field]:
    for node, below in pairwise([*record.body, ast.Pass()]):
        match node, below:
            case ast.AnnAssign(), ast.Expr(value=ast.Constant(value=str(says))):
                yield Field(written(node.target), written(node.annotation), says)
            case ast.AnnAssign(), _:
                yield Field(written(node.target), written(node.annotation), "")


def _fields() -> dict[str, dict[str, str]]:
    """The types of the fields of each record of the kit."""
    return {name: {one.name: one.kind for one in record.fields} for name, record in records().items()}


def _function(node: ast.FunctionDef, comments: Mapping[int, str], module: str) -> Function:
    given, defaults = node.args.args, node.args.defaults
    missing: list[ast.expr | None] = [None] * (len(given) - len(defaults))
    arguments = tuple(
        Argument(one.arg, written(one.annotation or ast.Constant(None)), default=default)
        for one, default in zip(given, [*missing, *defaults], strict=True)
    )
    if rest := node.args.vararg:
        kind = written(rest.annotation or ast.Constant(None))
        arguments += (Argument(rest.arg, f"list[{kind}]", several=True),)
    gives = written(node.returns or ast.Constant(None))
    return Function(node.name, arguments, gives, ast.get_docstring(node) or "", tuple(node.body[1:]), comments, module)


def _comments(text: str) -> dict[int, str]:
    """The comments of a text by their lines; one that stands alone has the line of what it stands above."""
    found: dict[int, str] = {}
    above: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        code, _, said = f"  {line}".partition("  # ")
        if said and not code.strip():
            above.append(said)
            continue
        if said:
            found[number] = said
        if above and code.strip():
            found[-number] = " ".join(above)
            above = []
    return found


@cache
def _tree(name: str) -> ast.Module:
    """A module of the source; tests ask for its ``mistakes``."""
    return ast.parse(_text(name))


@cache
def _text(name: str) -> str:
    return files("nngen.runtime").joinpath(f"{name}.py").read_text("utf-8")
