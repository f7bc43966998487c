"""Layout of a JavaScript page: statements, comments and functions.

Lines break about as Prettier breaks them. Expressions are split at brackets and at operators between spaces; pages
contain nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from nngen.pages import loop_names, python_layout
from nngen.pages.line_breaks import (
    WIDTH,
    Group,
    Part,
    Parts,
    Place,
    lay_out,
)
from nngen.pages.python_layout import MAX_TERMS
from nngen.text import columns

_LEVELS = (
    (" ? ", " : "),
    (" || ",),
    (" && ",),
    (" === ", " == ", " <= ", " >= ", " < ", " > "),
    (" + ", " - "),
    (" * ", " / ", " % "),
)
"""Operators where a line may break, the loosest first."""

_ARROW = " => "
_BINDS = {mark: level for level, marks in enumerate(((_ARROW,), *_LEVELS)) for mark in marks}
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_QUOTES = "\"'`"
_TOKEN = re.compile("|".join([r"[()\[\]{}]", *(f"{q}[^{q}]*{q}?" for q in _QUOTES), ", ", *map(re.escape, _BINDS)]))
"""The tokens of an expression: brackets, strings, commas and operators."""


def assign(value: str, name: str, indent: int = 2, changed: bool = False) -> str:
    """``const name = value;``, or ``let name = value;`` if the page changes it later."""
    return statement(f"{'let' if changed else 'const'} {name} = ", value, indent)


def change(value: str, name: str, indent: int = 2) -> str:
    """``name = value;``."""
    return statement(f"{name} = ", value, indent)


def returned(value: str, indent: int = 2) -> str:
    """``return value;``."""
    return statement("return ", value, indent)


def refused(message: str, indent: int = 4) -> str:
    """``throw new RangeError(`message`);``."""
    return statement("throw ", f"new RangeError(`{message}`)", indent)


def add(terms: Iterable[str], name: str, indent: int = 2, word: str = "const ") -> str:
    """``const name = term + term + ...;``, in several statements if the sum is too long for a parser."""
    return _statements(list(python_layout.sums(terms, name)), name, indent, word)


def average(terms: Iterable[str], name: str, indent: int = 2) -> str:
    """``const name = (term + term + ...) / number of terms;``."""
    return _statements(list(python_layout.averages(terms, name)), name, indent, "const ")


def _statements(values: Sequence[str], name: str, indent: int, word: str) -> str:
    """Assign the values to a name, one after the other."""
    word = "let " if word and len(values) > 1 else word
    words = [word, *[""] * (len(values) - 1)]
    statements = (statement(f"{word}{name} = ", value, indent) for word, value in zip(words, values, strict=True))
    return f"\n{' ' * indent}".join(statements)


def return_sum(terms: Iterable[str], indent: int = 2) -> str:
    """``return term + term + ...;``, in several statements if the sum is too long for a parser."""
    terms = list(terms)
    first, last = terms[:-MAX_TERMS], " + ".join(terms[-MAX_TERMS:])
    if not first:
        return returned(last, indent)
    return f"{add(first, 'total', indent)}\n{' ' * indent}{returned(f'total + {last}', indent)}"


def items(rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 2) -> str:
    """The items of all rows in brackets: on one line, or row by row if they do not fit."""
    rows = list(rows)
    line = ", ".join(item for row in rows for item in row)
    if indent + columns(opening + line + closing) <= WIDTH:
        return f"{opening}{line}{closing}"
    pieces = [", ".join(piece) for row in rows for piece in python_layout.fitting(row, WIDTH - indent - len("  ,"))]
    return f"\n{' ' * indent}".join([opening, *(f"  {piece}," for piece in pieces), closing])


def unpack(rows: Iterable[Sequence[str]], source: str, indent: int = 2) -> str:
    """``const [names] = source;``."""
    return items(rows, "const [", f"] = {source};", indent)


def unless(condition: str, indent: int = 2) -> str:
    """``if (!(condition)) {``."""
    line = f"if (!{condition}) {{"
    if indent + columns(line) <= WIDTH:
        return line
    return lay_out((Group(("if (", Place("", "\n", 2), "!", *_parts(condition), Place("", "\n", -2), ") {")),), indent)


def comment(text: str, indent: int = 2) -> str:
    """A comment on as many lines as it needs."""
    margin = f"\n{' ' * indent}// "
    return "// " + margin.join(python_layout.wrap(text, WIDTH - indent - len("// ")))


def prose(text: str, indent: int = 0) -> str:
    """Wrapped paragraphs of a block comment. Nothing in them ends it or the HTML around the module."""
    return python_layout.paragraphs(_harmless(text), indent)


def _harmless(text: str) -> str:
    for mark in ("*/", "</", "<!--"):
        text = text.replace(mark, f"{mark[0]}\\{mark[1:]}")
    return text


def function(
    arguments: Sequence[str],
    name: str,
    gives: str,
    says: str,
    exported: bool = True,
    options: Sequence[str] = (),
) -> str:
    """The comment and the head of a function.

    Args:
        arguments: each as ``name: type`` or ``name: type = default``.
        name: its name.
        gives: the type of what it returns.
        says: what it does, in paragraphs.
        exported: whether the module exports it; others have a shorter comment.
        options: further arguments by name, in the same form; each may be left out.
    """
    given, named = [_argument(one) for one in arguments], [_argument(one) for one in options]
    heads = [f"{called}{default}" for called, _, default in given]
    types = [f"{called}{'?' if default else ''}: {kind}" for called, kind, default in given]
    if named:
        heads.append(f"{{ {', '.join(f'{called}{default}' for called, _, default in named)} }} = {{}}")
        types.append(f"options?: {{ {', '.join(f'{called}?: {kind}' for called, kind, _ in named)} }}")
    head = f"{'export ' * exported}function {name}({', '.join(heads)}) {{"
    if columns(head) > WIDTH:
        head = "\n  ".join([f"{'export ' * exported}function {name}(", *(f"{one}," for one in heads)]) + "\n) {"
    kind = f"@type {{({', '.join(types)}) => {gives}}}"
    if not exported and columns(f"/** {kind} */") <= WIDTH:
        said = comment(_harmless(says.strip()), 0)
        return f"{said}\n/** {kind} */\n{head}"
    lines = [line for one in _harmless(says.strip()).split("\n\n") for line in ("", *python_layout.wrap(one, _ROOM))]
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in (*lines[1:], *_type(kind))), " */", head])


_ROOM = WIDTH - len(" * ")
"""Columns of a line in the comment of a function."""


def _type(kind: str) -> list[str]:
    """The type of a function, on as many lines as it needs."""
    first, *more = python_layout.wrap(kind, _ROOM - 2)
    return [first, *(f"  {line}" for line in more)]


def _argument(text: str) -> tuple[str, str, str]:
    """Split an argument into its name, its type and its default."""
    declared, equals, default = text.partition(" = ")
    name, _, kind = declared.partition(": ")
    return name, kind, equals + default


def strings(parts: Sequence[str], name: str, indent: int = 0) -> str:
    """``name = "part part ..."``. If it does not fit on one line, each part becomes a string of its own."""
    line = python_layout.quote(" ".join(parts))
    margin = " " * indent
    if indent + columns(f"{name} = {line};") <= WIDTH:
        return f"{name} = {line};"
    joined = f" +\n{margin}  ".join(python_layout.quote(piece) for piece in python_layout.pieces(parts))
    return f"{name} =\n{margin}  {joined};"


def statement(start: str, value: str, indent: int) -> str:
    """``start``, an expression and a semicolon, on as many lines as they need."""
    if indent + columns(f"{start}{value};") <= WIDTH:
        return f"{start}{value};"
    parts, joined = _parts(value), any(_BINDS.get(word) for _, word in _outermost(value))
    if joined and start == "return ":
        return lay_out((Group(("return (", Place("", "\n", 2), Group(parts), Place("", "\n", -2), ");")),), indent)
    if not joined:
        text = lay_out((Group((start, *parts, ";")),), indent)
        if indent + columns(text.partition("\n")[0]) <= WIDTH:
            return text
    return lay_out((Group((start.rstrip(), Place(" ", "\n", 2), Group((*parts, ";")))),), indent)


def _parts(text: str) -> Parts:
    """Split an expression at its loosest operators."""
    level = min((_BINDS[word] for _, word in _outermost(text) if word in _BINDS), default=None)
    if level is None:
        return tuple(_atoms(text))
    if level == _BINDS[_ARROW]:
        head, _, inner = text.partition(_ARROW)
        return f"{head} =>", Group((Place(" ", "\n", 2), Group(_parts(inner)), Place("", "", -2)))
    first, *rest = _split(text, _LEVELS[level - 1])
    parts: list[Part] = [Group(_parts(first))]
    for sign, operand in zip(rest[::2], rest[1::2], strict=True):
        parts += (Place(" "), sign.lstrip()) if level == 1 else (sign.rstrip(), Place(" "))
        parts.append(Group(_parts(operand)))
    return tuple(parts)


def _atoms(text: str) -> Iterator[str | Group]:
    """The parts of an expression without operators: names, numbers and strings, and groups in brackets."""
    start = 0
    for left, right in _brackets(text):
        yield text[start:left]
        inside, start = text[left + 1 : right], right + 1
        if not inside or text[left] == "{":
            yield text[left:start]
            continue
        first, *rest = _split(inside, (", ",))[::2]
        listed: list[Part] = [Group(_parts(first))]
        for item in rest:
            listed += [",", Place(" "), Group(_parts(item))]
        called = text[left] == "[" or left > 0
        if called and rest:
            listed.append(Place("", ","))
        yield Group((text[left], Place("", "\n", 2), Group(tuple(listed)), Place("", "\n", -2), _PAIRS[text[left]]))
    yield text[start:]


def _outermost(text: str) -> Iterator[tuple[int, str]]:
    """The brackets, commas and operators outside of brackets and strings, with their indices."""
    depth = 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        depth -= word in ")]}"
        if not depth and word[0] not in _QUOTES:
            yield token.start(), word
        depth += word in "([{"


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """The indices of the outermost pairs of brackets."""
    places = [place for place, word in _outermost(text) if word in "()[]{}"]
    return zip(places[::2], places[1::2], strict=True)


def _split(text: str, marks: Sequence[str]) -> list[str]:
    """Split a text at marks outside of brackets and strings. The marks stay between the pieces."""
    pieces, start = [], 0
    for place, word in _outermost(text):
        if word in marks:
            pieces += [text[start:place], word]
            start = place + len(word)
    return [*pieces, text[start:]]


_SHARED = {
    "as_matrices",
    "counted",
    "literal",
    "literal_rows",
    "literals",
    "named",
    "quoted",
    "shapes",
    "slope_rows",
    "written",
}

FILTERS = (
    *loop_names.JAVASCRIPT,
    *(shared for shared in python_layout.FILTERS if shared.__name__ in _SHARED),
    python_layout.span,
    add,
    assign,
    average,
    change,
    comment,
    function,
    items,
    prose,
    refused,
    return_sum,
    returned,
    strings,
    unless,
    unpack,
)
"""The filters of JavaScript templates."""
