"""Layout of a JavaScript page: statements, comments and functions. Lines break about as Prettier breaks them."""

from collections.abc import Iterable, Sequence
from itertools import count

from nngen.common.text import columns
from nngen.mathematics.formulas import flat
from nngen.plan import Block
from nngen.targets import loop_names, rows
from nngen.targets.braces import Braces, stored, stored_rows
from nngen.targets.line_breaks import WIDTH
from nngen.targets.prose import keywords, literal, paragraphs, pieces, quote, span, wrap
from nngen.targets.rows import until_last

BRACES = Braces(step=2, last_comma=",")


def assign(value: str, name: str, indent: int = 2, changed: bool = False) -> str:
    """``const name = value;``, or ``let name = value;`` if the page changes it later."""
    return BRACES.statement(f"{'let' if changed else 'const'} {name} = ", value, indent)


def change(value: str, name: str, indent: int = 2) -> str:
    """``name = value;``."""
    return BRACES.statement(f"{name} = ", value, indent)


def returned(value: str, indent: int = 2) -> str:
    """``return value;``."""
    return BRACES.statement("return ", value, indent)


def items(rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 2) -> str:
    """The items of all rows in brackets: on one line, or row by row if they do not fit."""
    return BRACES.items(rows, opening, closing, indent)


def unpack(rows: Iterable[Sequence[str]], source: str, indent: int = 2) -> str:
    """``const [names] = source;``."""
    return items(until_last(rows), "const [", f"] = {source};", indent)


def by_place(rows: Iterable[Sequence[str]], source: str, indent: int = 2) -> str:
    """``const { 0: w, 1: b } = source;``: an engine reads them several times as fast as ``[w, b]``, which iterates."""
    places = count()
    placed = [[(next(places), name) for name in row] for row in rows]
    numbered = [[f"{place}: {name}" for place, name in row if name] for row in placed]
    numbered = list(filter(None, numbered))
    if not numbered:
        return f"{source};" if source.endswith(")") else ""
    text = items(numbered, "const { ", f" }} = {source};", indent)
    return text.replace("{ \n", "{\n").replace(f"\n{' ' * indent} }}", f"\n{' ' * indent}}}")


def comment(text: str, indent: int = 2) -> str:
    """A comment on as many lines as it needs."""
    margin = f"\n{' ' * indent}// "
    return "// " + margin.join(wrap(text, WIDTH - indent - len("// ")))


def prose(text: str, indent: int = 0) -> str:
    """Wrapped paragraphs of a block comment. Nothing in them ends it or the HTML around the module."""
    return paragraphs(_harmless(text), indent)


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
        exported: whether the module exports it.
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
    said = _harmless(says.strip())
    line = f"/** {said} {kind} */"
    if columns(line) <= WIDTH and "\n" not in said:
        return f"{line}\n{head}"
    if not exported and columns(f"/** {kind} */") <= WIDTH:
        return f"{comment(said, 0)}\n/** {kind} */\n{head}"
    lines = [line for one in said.split("\n\n") for line in ("", *wrap(one, _ROOM))]
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in (*lines[1:], *_type(kind))), " */", head])


_ROOM = WIDTH - len(" * ")
"""Columns of a line in the comment of a function."""


def _type(kind: str) -> list[str]:
    """The type of a function, on as many lines as it needs."""
    first, *more = wrap(kind, _ROOM - 2)
    return [first, *(f"  {line}" for line in more)]


def _argument(text: str) -> tuple[str, str, str]:
    """Split an argument into its name, its type and its default."""
    declared, equals, default = text.partition(" = ")
    name, _, kind = declared.partition(": ")
    return name, kind, equals + default


def strings(parts: Sequence[str], name: str, indent: int = 0) -> str:
    """``name = "part part ..."``. If it does not fit on one line, each part becomes a string of its own."""
    line = quote(" ".join(parts))
    margin = " " * indent
    if indent + columns(f"{name} = {line};") <= WIDTH:
        return f"{name} = {line};"
    joined = f" +\n{margin}  ".join(quote(piece) for piece in pieces(parts))
    return f"{name} =\n{margin}  {joined};"


def trainable(blocks: Iterable[Block], prefix: str) -> list[list[str]]:
    """The names of trainable blocks with a prefix, as matrices, in one row; frozen blocks leave an empty place."""
    blocks = list(blocks)
    (names,) = rows.as_matrices(blocks, prefix)
    places = [name if block.trainable else "" for block, name in zip(blocks, names, strict=True)]
    while places and not places[-1]:
        places.pop()
    return [places]


def added(blocks: Iterable[Block], to: str, sign: str, indent: int = 2) -> dict[str, str]:
    """For the last derivative of each row of parameters, the statements that add those of the row to an array."""
    listed = rows.slope_rows(blocks)
    lines = stored_rows(listed, to, sign, indent=indent)
    return {row[-1]: line for row, line in zip(listed, lines, strict=True) if line}


FILTERS = (
    *loop_names.STEP,
    *rows.FILTERS,
    assign,
    by_place,
    change,
    comment,
    flat,
    function,
    items,
    keywords,
    literal,
    prose,
    returned,
    span,
    stored,
    strings,
    trainable,
    unpack,
)
"""The filters of JavaScript templates."""
