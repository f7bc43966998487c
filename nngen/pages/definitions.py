"""The definitions of a module: which names each states and uses, and which fixed ones a module needs.

Each language has a runtime file beside its templates: an ordinary source file with the definitions that are the same in
all modules. A module gets those that its own text names, and those that these name in turn, as a bundler takes what is
used from a library.
"""

import ast
import re
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_MARK = re.compile(r"# helpers(?:, with (\w+) = (.+))?")
"""The comment in the text of a module in whose place its fixed definitions stand, and what a word in them means."""


@dataclass(frozen=True)
class Definition:
    """A statement at the top of a module, with the comment above it."""

    text: str
    gap: int
    """The empty lines above it."""
    names: frozenset[str]
    """The global names that it states; of a comment between statements, its text."""
    uses: frozenset[str]
    """The global names that it uses."""

    @property
    def imports(self) -> bool:
        """Whether it imports modules; nobody needs an import that is not used."""
        return self.text.startswith("import ")


def python_definitions(text: str) -> tuple[Definition, ...]:
    """The definitions of a Python module, in order. Its docstring and the comments below it are the first."""
    lines = text.splitlines()
    found = []
    gap = 0
    for start, stop in _places(lines, ast.parse(text).body):
        found.append(Definition("\n".join(lines[start:stop]), start - gap, *_names("\n".join(lines[start:stop]))))
        gap = stop
    return tuple(found)


def _places(lines: Sequence[str], nodes: Sequence[ast.stmt]) -> Iterator[tuple[int, int]]:
    """The lines of each statement with the comment above it, and of each comment that stands alone."""
    done = 0
    for first, last in [*((node.lineno - 1, node.end_lineno or 0) for node in nodes), (len(lines), len(lines))]:
        start = None
        for i in range(done, first):
            if lines[i] and start is None:
                start = i
            if not lines[i] and start is not None:
                yield start, i
                start = None
        if first < last:
            yield first if start is None else start, last
        done = last


def _names(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that a statement of Python states and uses."""
    top = symtable.symtable(text, "module", "exec")
    if not top.get_symbols():
        return frozenset({text}), frozenset()
    names = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    uses = {
        symbol.get_name()
        for table in _tables(top)
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table is top or symbol.is_global())
    }
    return frozenset(names), frozenset(uses - names)


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def complete(own: Sequence[Definition], runtime: Sequence[Definition], entries: Iterable[str]) -> str:
    """The text of a module: its own definitions, and the fixed ones that they need in place of the mark.

    Args:
        own: the definitions of the module; what it states itself is not taken from the runtime file.
        runtime: the fixed definitions of the language.
        entries: names that the users of a module call.
    """
    mark = next(found for definition in own if (found := _MARK.fullmatch(definition.text)))
    fixed = [one for one in needed(own, runtime, entries) if mark[1] not in one.names]
    used = {name for definition in (*own, *fixed) for name in definition.uses}
    text, gap = "", 0
    for definition in own:
        gap = max(gap, definition.gap)
        if definition.text == mark[0]:
            helpers = "".join("\n" * one.gap + one.text + "\n" for one in fixed)
            text += re.sub(rf"\b{mark[1]}\b", mark[2], helpers) if mark[1] else helpers
            gap = 0
        elif not definition.imports or definition.names & used:
            text += "\n" * gap + definition.text + "\n"
            gap = 0
    return text


def needed(own: Iterable[Definition], runtime: Sequence[Definition], entries: Iterable[str]) -> list[Definition]:
    """The fixed definitions that users call, or that others name, in the order of the runtime file."""
    stated = {name for definition in own for name in definition.names}
    known = {name: definition for definition in runtime for name in definition.names - stated}
    taken: set[str] = set()
    todo = {name for definition in own for name in definition.uses}.union(entries)
    while todo := todo & known.keys() - taken:
        taken |= todo
        todo = {name for one in todo for name in known[one].uses}
    return [definition for definition in runtime if definition.names & taken]
