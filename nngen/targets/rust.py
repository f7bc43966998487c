"""The target Rust: its words, and the layout of its pages, which rustfmt leaves as it is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nngen.common.text import columns
from nngen.mathematics.formulas import Words, flat
from nngen.plan import Block
from nngen.targets import loop_names, rows
from nngen.targets.braces import Braces
from nngen.targets.compiled import commenting, prose, quoting, replaced, storing
from nngen.targets.definitions import Syntax
from nngen.targets.line_breaks import Group, Place, lay_out
from nngen.targets.mentions import uses
from nngen.targets.prose import pieces, span, wrap
from nngen.targets.rows import until_last
from nngen.targets.target import MAX_TRAINED_OF_OTHERS, Dialect, Target

STYLE = Braces(step=4, last_comma=",", width=100)

SKIP = "#[rustfmt::skip]"
"""Stands above what rustfmt would break in another way, such as the rows of a matrix."""

MAX_ARGUMENTS, MAX_FIELDS = 60, 18
"""Columns of arguments, or of the items of an array, and of the fields of a struct, that rustfmt leaves on one line."""

FUNCTIONS = "abs cos erfc exp expm1 floor log log1p maximum minimum sigmoid sign sin softplus sqrt tanh".split()
WORDS = Words(
    {name: name for name in FUNCTIONS} | {"smooth_clip": "smooth_clip", "where": "choose"},
    conjunction="&&",
    number="{}",
    power="power",
)
"""The page defines all of them."""

KEYWORDS = frozenset(
    (
        "abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen"
        " if impl in let loop macro match mod move mut override priv pub ref return self static struct super trait true"
        " try type typeof unsafe unsized use virtual where while yield f32 f64 bool str usize u32 from_fn term"
        " choose power smooth_clip keep largest class_weight seed"
    ).split()
)
"""The reserved words of Rust (The Rust Reference, 2.1), and names that equations call or have beside inputs."""

COMPILER = ("rustc", "--edition", "2021", "-A", "warnings", "_driver.rs", "-o", "program")

SYNTAX = Syntax(
    re.compile(r"^(?:pub )?(?:fn|const|static|struct|enum|type|trait|use [\w:]+::)[ {]?(\w+)", re.MULTILINE),
    before=r"(?<![.:])",
    texts=r"'(?:\\(?:.|u\{\w+\})|[^'\\])'|'\w+|\"(?:\\.|[^\"\\])*\"",  # 'static is no text
)
"""What states a name."""


def statement(value: str, start: str, indent: int = 4) -> str:
    """``start``, an expression and a semicolon, on as many lines as they need."""
    line = f"{start}{flat(value)};"
    if indent + columns(line) <= STYLE.width and _plain(flat(value)):
        return line
    margin = " " * (indent + STYLE.step)
    if columns(f"{margin}{flat(value)};") <= STYLE.width and _plain(flat(value)):
        return f"{start.rstrip()}\n{margin}{flat(value)};"
    parts = STYLE.parts(value)
    if len(parts) == 1 and isinstance(parts[0], Group):
        parts = parts[0].parts
    operands = _operands(parts)
    if len(operands) > 2 and len({operand[0] for operand in operands[1:]}) == 1 and all(map(_plain, operands)):
        lines = [f"{start}{operands[0]}", *(margin + operand for operand in operands[1:])]
        lines[-1] += ";"
        if all(columns(line) <= STYLE.width for line in [" " * indent + lines[0], *lines[1:]]):
            return "\n".join(lines)
    if not start.startswith("let "):  # no mark may stand above an expression
        return f"{statement(value, 'let term = ', indent)}\n{' ' * indent}{start}term;"
    broken = Group((start, Place("", "", STYLE.step), *parts, Place("", "", -STYLE.step), ";"))
    return f"{SKIP}\n{' ' * indent}{lay_out((broken,), indent, STYLE.width)}"


def _operands(parts: Sequence[object]) -> list[str]:
    """The operands of the loosest operators of an expression, each with its operator, on one line."""
    texts = [""]
    for part in parts:
        if isinstance(part, Place):
            texts.append("")
        else:
            texts[-1] += _text(part)
    return texts


def _text(part: object) -> str:
    """A part on one line."""
    return "".join(map(_text, part.parts)) if isinstance(part, Group) else getattr(part, "flat", str(part))


def _plain(text: str) -> bool:
    """Whether rustfmt leaves an expression on one line: its calls and arrays are short."""
    opened: list[int] = []
    for place, letter in enumerate(text):
        if letter in "([":
            opened.append(place)
        elif letter in ")]" and opened:
            start = opened.pop()
            called = text[start] == "[" or (start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"))
            if called and place - start - 1 > MAX_ARGUMENTS and text[start + 1] != "|":
                return False
    return True


def assign(value: str, name: str, indent: int = 4, changed: bool = False) -> str:
    """``let name = value;``, or ``let mut name = value;`` if the page changes it later."""
    return statement(value, f"let {'mut ' if changed else ''}{name} = ", indent)


def change(value: str, name: str, indent: int = 4, sign: str = "=") -> str:
    """``name = value;``, or with another sign such as ``+=``."""
    return statement(value, f"{name} {sign} ", indent)


def result(value: str, indent: int = 4) -> str:
    """The value of a function, as its last expression."""
    line = flat(value)
    if indent + columns(line) <= STYLE.width and _plain(line):
        return line
    return f"{statement(value, 'let value = ', indent)}\n{' ' * indent}value"


def call(arguments: Sequence[str], name: str, indent: int = 4) -> str:
    """``name(argument, argument);``, with a line for each argument if they are long."""
    line = ", ".join(arguments)
    if len(line) <= MAX_ARGUMENTS:
        return f"{name}({line});"
    margin = f"\n{' ' * (indent + STYLE.step)}"
    return f"{name}({''.join(f'{margin}{one},' for one in arguments)}\n{' ' * indent});"


def struct(fields: Sequence[str], name: str, indent: int = 4) -> str:
    """``name { field: value }``, with a line for each field if they are long."""
    line = ", ".join(fields)
    if len(line) <= MAX_FIELDS:
        return f"{name} {{ {line} }}" if line else f"{name} {{}}"
    margin = f"\n{' ' * (indent + STYLE.step)}"
    return f"{name} {{{''.join(f'{margin}{one},' for one in fields)}\n{' ' * indent}}}"


def items(rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 4) -> str:
    """The items of all rows in brackets: on one line, or row by row under a mark for rustfmt."""
    rows = [list(map(flat, row)) for row in rows]
    line = f"{opening}{', '.join(item for row in rows for item in row)}{closing}"
    if indent + columns(line) <= STYLE.width and _plain(line):
        return line
    return f"{SKIP}\n{' ' * indent}{STYLE.items(rows, opening, closing, indent)}"


def unpack(rows: Iterable[Sequence[str]], source: str, indent: int = 4) -> str:
    """``let [names] = *source;``."""
    named = [list(row) for row in rows]
    rows = until_last(named, "_")
    rows += [[".."]] * (sum(map(len, rows)) < sum(map(len, named)))
    line = f"let [{', '.join(name for row in rows for name in row)}] = *{source};"
    if indent + columns(line) <= STYLE.width:
        return line
    return f"{SKIP}\n{' ' * indent}{STYLE.items(rows, 'let [', f'] = *{source};', indent)}"


def slice_of(block: Block, values: str) -> str:
    """The numbers of a block in an array of all: ``&params[8..16]``."""
    return f"{values}[{block.start or ''}..{block.stop}]"


stored, comment, text_of = storing(change), commenting(STYLE.width), quoting("\\u{%x}")
"""Filters that other languages have, too."""


def doc(text: str, mark: str = "///") -> str:
    """Paragraphs of a documentation comment: an indented one is no program, brackets no link, and a sign no list."""
    lines: list[str] = []
    for paragraph in text.strip("\n").split("\n\n"):
        said = re.sub(r"\S*\[\S*\]", r"`\g<0>`", paragraph.replace("<", "\\<"))
        wrapped = [re.sub(r"^(\d*)([-+*.)]) ", r"\1\\\2 ", line) for line in wrap(said, STYLE.width - len(mark) - 1)]
        lines += ["", *(["```text", *wrapped, "```"] if paragraph.startswith("    ") else wrapped)]
    return "\n".join(f"{mark} {line}".rstrip() for line in lines[1:])


ERRORS = "# Errors\n\nAn argument is wrong; the error says which, and what it has to be."
"""The section of a comment about a function that may fail."""


def function(arguments: Sequence[str], name: str, gives: str, says: str, public: bool = True) -> str:
    """The comment and the head of a function; ``gives`` is the type that it returns, or nothing."""
    start, end = f"{'pub ' * public}fn {name}(", f"){f' -> {gives}' if gives else ''} {{"
    head = f"{start}{', '.join(arguments)}{end}"
    if columns(head) > STYLE.width:
        head = "\n    ".join([start, *(f"{one}," for one in arguments)]) + f"\n{end}"
    if public and gives.startswith("Result<"):
        says += f"\n\n{ERRORS}"
    kept = public and gives and not gives.startswith("Result<") and not any("&mut " in one for one in arguments)
    above = ["#[must_use]"] * bool(kept) + ["#[allow(clippy::too_many_arguments)]"] * (len(arguments) > 7)
    return "\n".join([doc(says), *above, head])


def strings(parts: Sequence[str], start: str) -> str:
    """``start"part part ...";``, on as many lines as it needs."""
    line = f'{start}"{" ".join(parts)}";'
    if columns(line) <= STYLE.width:
        return line
    broken = "\\\n    ".join(re.sub("^ ", r"\\x20", text) for text in pieces(parts))
    return f'{start}"\\\n    {broken}";'


def number_type(dtype: str) -> str:
    """The type of numbers of a width."""
    return {"float64": "f64", "float32": "f32"}[dtype]


def typed(text: str, dtype: str) -> str:
    """A fixed definition with the type of the numbers in place of ``Num``, and the largest number of a cell."""
    words = {"Num": number_type(dtype), **rows.limits(dtype)}
    return replaced(text, rf"\b(?:{'|'.join(words)})\b", lambda found: words[found[0]])


def wide(words: Words) -> Words:
    """The words for initial values, which are always drawn in 64 bits."""
    return replace(words, calls={**words.calls, "sqrt": "f64::sqrt"})


DIALECT = Dialect(
    trains="Each epoch takes the examples in a new random order, or as they are without a seed. After each epoch fit"
    " calls `callback(epoch, loss, params{})`; true ends training."
)

TARGET = Target(
    name="rust",
    words=WORDS,
    suffix=".rs",
    filters=(
        *(*loop_names.STEP, *rows.FILTERS, uses),
        *(assign, change, comment, doc, items, number_type, prose),
        *(slice_of, span, stored, strings, struct, unpack),
    ),
    max_trained=MAX_TRAINED_OF_OTHERS,
    syntax=SYNTAX,
    dialect=DIALECT,
    wide=wide,
    entries=("INPUTS", "OUTPUTS", "SEED", "Params", "Row"),
    reserved=KEYWORDS.union(FUNCTIONS),
    narrowed=typed,
    narrow="[f32; INPUTS]",
    compiler=(*COMPILER, "-C", "opt-level=0"),
    fast=(*COMPILER, "-C", "opt-level=3", "-C", "target-cpu=native"),
    runs=("./program",),
)
"""The target, for ``TARGETS``."""
