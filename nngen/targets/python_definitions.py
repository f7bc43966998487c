"""The definitions of a module of Python: which names each states and uses."""

import re
import symtable
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property, lru_cache

from nngen.targets.definitions import Definition

_STATED = re.compile(r"(?:[#@].*\n)*(?:(?:def|class) (\w+)|(\w+) = (?!.* = ))")
"""A statement of Python that states one name."""

_QUOTES = '"""'

_OPEN = re.compile(rf"(?:\w+ = )?r?{_QUOTES}(?!.*{_QUOTES}$)")
"""A line with the start of a text of several lines, as a docstring is."""


class PythonDefinition(Definition):
    """A statement of Python; what it uses is found when a module may need it: a module needs few of the fixed ones."""

    def __init__(self, text: str, gap: int, names: frozenset[str]) -> None:
        vars(self).update(text=text, gap=gap, names=names)

    @cached_property
    def uses(self) -> frozenset[str]:
        """The global names that it uses."""
        return _uses(self.text) - self.names


def python_definitions(text: str, gap: int | None = None) -> tuple[Definition, ...]:
    """The definitions of a formatted Python module, in order. Its docstring and the comments below it are the first.

    In formatted text a statement begins where a line does; to parse a module takes longer than to write it.

    Args:
        text: the module.
        gap: the empty lines above each, if not those of the text.
    """
    lines, done, found = text.splitlines(), 0, []
    for start, stop in _places(lines, [*_statements(lines)]):
        part = "\n".join(lines[start:stop])
        found.append(PythonDefinition(part, min(start - done, 2) if gap is None else gap, _stated(part)))
        done = stop
    return tuple(found)


def _statements(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The lines of each statement of a formatted file."""
    begin, end, in_text, decorated = 0, 0, False, False
    for place, line in enumerate(lines):
        if in_text:
            in_text = not line.endswith(_QUOTES)
        elif not line:
            continue
        elif not (decorated or line.startswith((" ", ")", "]", "}", "except ", "else:", "finally:"))):
            if end:
                yield begin, end
            begin, end = place, 0
            if line.startswith("#"):
                continue
            in_text = _OPEN.match(line) is not None
        decorated = not in_text and (decorated or line.startswith("@")) and not line.startswith(("def ", "class "))
        end = place + 1
    if end:
        yield begin, end


def _places(lines: Sequence[str], statements: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The lines of each statement with the comment above it, and of each comment that stands alone."""
    done = 0
    for first, last in [*statements, (len(lines), len(lines))]:
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


def _stated(text: str) -> frozenset[str]:
    """The global names that a statement of Python states; its text if it states none."""
    if (found := _STATED.match(text)) and "__name__" not in text:
        return frozenset(filter(None, found.groups()))
    top = _table(text)
    names = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return frozenset({text} if not top.get_symbols() or "__name__" in top.get_identifiers() else names)


@lru_cache(maxsize=2048)  # most statements of a module are those of many networks
def _uses(text: str) -> frozenset[str]:
    """The global names that a statement of Python uses, or states."""
    top = _table(text)
    return frozenset(
        symbol.get_name()
        for table in _tables(top)
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table is top or symbol.is_global())
    )


def _table(text: str) -> symtable.SymbolTable:
    return symtable.symtable(text, "module", "exec")


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def taken(listed: Iterable[Definition], marks: Set[str]) -> frozenset[str]:
    """The global names of a module, and the local ones of definitions that use certain names."""
    found = set[str]()
    for one in listed:
        found |= one.names | one.uses
        if marks & one.uses and one.text.lstrip().startswith(("def ", "@")):  # with braces, local names are among these
            found |= {symbol.get_name() for table in _tables(_table(one.text)) for symbol in table.get_symbols()}
    return frozenset(found)
