"""Layout of a C page: statements, comments and functions."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count, pairwise

from nngen.common.text import columns, counted
from nngen.description.data import AnyColumn, CategoryColumn, DateColumn, Encoding, IndexColumn, date
from nngen.description.data import number as number_of
from nngen.mathematics.catalogue import in_order
from nngen.mathematics.formulas import BREAK_AFTER, Words, flat
from nngen.plan import Assignment, Block, Section
from nngen.targets import loop_names, rows
from nngen.targets.braces import Braces, stored
from nngen.targets.line_breaks import WIDTH
from nngen.targets.mentions import names_in, uses
from nngen.targets.prose import paragraphs, pieces, quote, span, wrap
from nngen.targets.rows import fitting
from nngen.targets.sums import plus, signed_sum
from nngen.targets.update_lines import lines_with_powers, powers


def narrowed(words: Words) -> Words:
    """Words for 32-bit numbers: ``expf(z)``, ``0.5f``. A 64-bit word would widen the whole formula."""
    calls = {name: word if "{" in word else f"{word}f" for name, word in words.calls.items()}
    return replace(words, calls=calls, number="{}f", power="powf", modulo="fmodf")


BRACES = Braces(step=4, last_comma="")


def assign(value: str, name: str, indent: int = 4) -> str:
    """``name = value;``. The name may include its type."""
    return BRACES.statement(f"{name} = ", value, indent)


def grow(value: str, name: str, indent: int = 4) -> str:
    """``name += value;``."""
    return BRACES.statement(f"{name} += ", value, indent)


def add(terms: Iterable[str], name: str, indent: int = 4) -> str:
    """``name = term + term + ...;``, in one statement: GCC and Clang accept 8,000 terms, pages have 5,000."""
    return assign(plus(terms, BREAK_AFTER), name, indent)


def average(terms: Sequence[str], name: str, number: str, indent: int = 4) -> str:
    """``name = (term + term + ...) / number;``."""
    return assign(f"(⟨{plus(terms, BREAK_AFTER)}⟩) /↵{number}", name, indent)


def returned(value: str, indent: int = 4) -> str:
    """``return value;``."""
    return BRACES.statement("return ", value, indent)


def items(rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 4) -> str:
    """The items of all rows in brackets: on one line, or row by row if they do not fit."""
    return BRACES.items(rows, opening, closing, indent)


def unpack(
    rows: Iterable[Sequence[str]], source: str, start: str, read: str = "%s", indent: int = 4, body: str | None = None
) -> str:
    """``const double w = params[0], v = params[1];``: names for the numbers of an array, a line for each row.

    ``read`` says how a number is read. With a body, only names that it has are stated.
    """
    places, used = count(), None if body is None else names_in(body)
    placed = [[(name, next(places)) for name in row] for row in rows]
    named = [
        [f"{name} = {read % f'{source}[{place}]'}" for name, place in row if used is None or name in used]
        for row in placed
    ]
    pieces = (piece for row in named if row for piece in fitting(row, WIDTH - indent - len(start) - len(";")))
    return f"\n{' ' * indent}".join(f"{start}{', '.join(piece)};" for piece in pieces)


def used(blocks: Iterable[Block], body: str) -> list[Block]:
    """The blocks whose names a text has."""
    found = names_in(body)
    return [block for block in blocks if block.name in found]


def begin(blocks: Iterable[Block], source: str, start: str, indent: int = 4) -> str:
    """``const double *W = params, *b = params + 8;``: where blocks of parameters begin in an array."""
    places = [f"*{block.name} = {source}{f' + {block.start}' if block.start else ''}" for block in blocks]
    pieces = fitting(places, WIDTH - indent - len(start) - len(";"))
    return f"\n{' ' * indent}".join(f"{start}{', '.join(piece)};" for piece in pieces)


def harmless(text: str) -> str:
    """The text of a comment. Nothing in it ends the comment, opens another one or joins two lines.

    In C99 ``??/`` is a backslash, and a line that ends in a backslash continues on the next line.
    """
    for mark in ("*/", "/*", "??"):
        text = text.replace(mark, f"{mark[0]} {mark[1]}")
    return "".join(f"{c}u005c" if c == "\\" and after.isspace() else c for c, after in pairwise(f"{text} "))


def comment(text: str, indent: int = 4) -> str:
    """A comment on as many lines as it needs."""
    margin = f"\n{' ' * indent}   "
    return f"/* {margin.join(wrap(harmless(text), WIDTH - indent - len('/*  */')))} */"


def prose(text: str, indent: int = 0) -> str:
    """Wrapped paragraphs of a comment."""
    return paragraphs(harmless(text), indent)


def function(arguments: Sequence[str], name: str, gives: str, says: str) -> str:
    """The comment and the head of a function."""
    start = f"static inline {gives}{'' if gives.endswith('*') else ' '}{name}("
    return f"{commented(harmless(says))}\n{head(start, arguments)}"


def define(value: object, name: str, says: str) -> str:
    """``#define NAME value /* says */``, with the comment above if the line is too long."""
    line = f"#define {name} {value}"
    return f"{line} /* {says} */" if columns(f"{line} /* {says} */") <= WIDTH else f"/* {says} */\n{line}"


def commented(says: str) -> str:
    """Paragraphs as the comment above a definition; empty ones are left out."""
    paragraphs = filter(None, (wrap(paragraph, WIDTH - len("/*  */")) for paragraph in says.split("\n\n")))
    doc = "\n\n".join("\n".join(f"   {line}" for line in lines) for lines in paragraphs)
    return f"/* {doc[3:]} */"


def head(start: str, arguments: Sequence[str]) -> str:
    """The head of a function, on as many lines as its arguments need."""
    rows = [start]
    for number, argument in enumerate(arguments, 1):
        ends = "," if number < len(arguments) else ") {"
        gap = "" if rows[-1].endswith("(") else " "
        if columns(rows[-1] + gap + argument + ends) > WIDTH:
            rows.append("    " + argument + ends)
        else:
            rows[-1] += gap + argument + ends
    return "\n".join(rows)


def text(parts: Sequence[str], name: str) -> str:
    """``#define name "part part ..."``. If it does not fit on one line, each part becomes a string of its own."""
    line = f"#define {name} {quote(' '.join(parts))}"
    if columns(line) <= WIDTH:
        return line
    return " \\\n    ".join([f"#define {name}", *map(quote, pieces(parts))])


def c_text(text: str) -> str:
    """A text as C writes it: all but plain ASCII as octal bytes of UTF-8, which nothing after it can lengthen."""
    plain = set(range(32, 127)) - set(b'"\\?')  # of two question marks, C makes trigraphs
    return '"' + "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in text.encode()) + '"'


def c_numbers(rows: Iterable[Sequence[str]], suffix: str) -> list[list[str]]:
    """Numbers as constants of C, with the suffix of their type."""
    return [[f"{number}{suffix if set(number) & set('.e') else '.0' + suffix}" for number in row] for row in rows]


def row(block: Block, i: str) -> str:
    """A row of a matrix whose rows follow one another."""
    return " + ".join(filter(None, [block.name, _start(block, i)]))


def entry(block: Block, i: str, j: str, name: str = "") -> str:
    """A number of such a matrix, or of one of this size with another name."""
    return f"{name or block.name}[{' + '.join(filter(None, [_start(block, i), j.lstrip('0')])) or 0}]"


def _start(block: Block, i: str) -> str:
    """Where a row begins; nothing for the first one."""
    width = len(block.inputs)
    return "" if i == "0" else i if width == 1 else f"{width} * {i}"


def c_cell(column: AnyColumn, value: float | str | None, network: str) -> str:
    """A cell of the data as a member of a row: a number, the code of a category or an id, or the seconds of a date."""
    if isinstance(column, IndexColumn):
        return str(column.ids.index(str(value)) if column.ids else value)
    if isinstance(column, CategoryColumn):
        place = f"{column.name}_missing" if value is None else column.inputs[column.categories.index(str(value))]
        return f"{network.upper()}_{place}"
    if isinstance(value, str):
        value = date(value, column.form) if isinstance(column, DateColumn) else number_of(value, column.style)
    return "(double)NAN" if value is None else repr(float(value))


def typical(encoding: Encoding, network: str) -> list[str]:
    """The cells of a typical row of the training data."""
    return [c_cell(column, value, network) for column, value in zip(encoding.columns, encoding.typical, strict=True)]


def assigned(assignment: str) -> str:
    """What an assignment such as ``age = 3`` assigns."""
    return assignment.partition(" = ")[2]


def typed(name: str, kind: str) -> str:
    """An argument: its type, which ends with a space or a star, and its name."""
    return f"{kind}{name}"


def values(sections: Iterable[Section[Assignment]]) -> dict[str, str]:
    """The first term of each equation by its name."""
    return {equation.name: equation.terms[0] for section in sections for equation in section.equations}


FILTERS = (
    *loop_names.C,
    *rows.FILTERS,
    add,
    assign,
    assigned,
    average,
    begin,
    c_numbers,
    used,
    uses,
    c_text,
    comment,
    counted,
    define,
    entry,
    flat,
    function,
    grow,
    in_order,
    items,
    lines_with_powers,
    powers,
    prose,
    returned,
    row,
    signed_sum,
    span,
    stored,
    text,
    typed,
    typical,
    unpack,
    values,
)
"""The filters of C templates."""
