"""The target Rust: its words, and the layout of its pages, which rustfmt leaves as it is."""

import re
from collections.abc import Iterable, Sequence

from nngen.common.text import columns
from nngen.mathematics.formulas import Words, flat
from nngen.targets import loop_names, rows
from nngen.targets.braces import Braces
from nngen.targets.compiled import changing, commenting, head, prose, quoting, replaced, slicing, storing
from nngen.targets.definitions import Syntax
from nngen.targets.line_breaks import Group, Place, lay_out
from nngen.targets.mentions import uses
from nngen.targets.prose import pieces, span, wrap
from nngen.targets.rows import until_last
from nngen.targets.target import MAX_TRAINED_OF_OTHERS, Dialect, Target

STYLE = Braces(step=4, last_comma=",", width=100)

SKIP = "#[rustfmt::skip]"
"""Stands above what rustfmt would break in another way, such as the rows of a matrix."""

MAX_ARGUMENTS = 60
"""Columns of arguments, or of the items of an array, that rustfmt leaves on one line."""

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
    """``start``, an expression and a semicolon; under a mark if rustfmt would break it in another way."""
    whole, margin = f"{flat(value)};", " " * (indent + STYLE.step)
    lines = [f"{start}{whole}"]
    if indent + columns(lines[0]) > STYLE.width and start:
        lines = [start.rstrip(), f"{margin}{whole}"]
    if columns(lines[-1]) <= STYLE.width - indent * (len(lines) == 1):
        text = "\n".join(lines)
        return text if columns(whole) <= MAX_ARGUMENTS or "(" not in whole else f"{SKIP}\n{' ' * indent}{text}"
    deeper = STYLE.step if STYLE.operators(value) else 0
    parts = (start, Place("", "", deeper), *STYLE.parts(value), Place("", "", -deeper), ";")
    return f"{SKIP}\n{' ' * indent}{lay_out((Group(parts),), indent, STYLE.width)}"


def marked(text: str) -> str:
    """A function whose statements have marks with a single one, above its head."""
    plain = re.sub(rf"\n *{re.escape(SKIP)}(?=\n)", "", text)
    return text if plain == text else re.sub("^(?=(?:pub )?fn )", f"{SKIP}\n", plain, count=1, flags=re.MULTILINE)


def items(rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 4) -> str:
    """The items of all rows in brackets: on one line, or row by row under a mark for rustfmt."""
    text = STYLE.items(rows, opening, closing, indent)
    short = "\n" not in text and columns(text) - columns(opening + closing) <= MAX_ARGUMENTS
    return text if short else f"{SKIP}\n{' ' * indent}{text}"


def unpack(names: Iterable[Sequence[str]], source: str, body: str) -> str:
    """``let [names] = *source;``: the names that a text has, if there are any."""
    named = rows.only_in(names, body)
    used = until_last(named, "_")
    all_used = sum(map(len, used)) == sum(map(len, named))
    return items(used if all_used else [*used, [".."]], "let [", f"] = *{source};") if used else ""


change, slice_of, text_of = changing(statement), slicing("{}[{}..{}]"), quoting("\\u{%x}")
stored, comment = storing(change), commenting(STYLE.width)
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
    if public and gives.startswith("Result<"):
        says += f"\n\n{ERRORS}"
    kept = public and gives and not gives.startswith("Result<") and not any("&mut " in one for one in arguments)
    above = ["#[must_use]"] * bool(kept) + ["#[allow(clippy::too_many_arguments)]"] * (len(arguments) > 7)
    return "\n".join([doc(says), *above, head(arguments, start, end, STYLE.width, ",\n")])


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
        *(change, comment, doc, items, number_type, prose),
        *(slice_of, span, stored, strings, unpack),
    ),
    max_trained=MAX_TRAINED_OF_OTHERS,
    syntax=SYNTAX,
    dialect=DIALECT,
    wide_calls=(("sqrt", "f64::sqrt"),),
    entries=("INPUTS", "OUTPUTS", "SEED", "Params", "Row"),
    reserved=KEYWORDS.union(FUNCTIONS),
    narrowed=lambda text, dtype: replaced(text, r"\bNum\b", lambda found: number_type(dtype)),
    narrow="[f32; INPUTS]",
    compiler=(*COMPILER, "-C", "opt-level=0"),
    fast=(*COMPILER, "-C", "opt-level=3", "-C", "target-cpu=native"),
    runs=("./program",),
)
"""The target, for ``TARGETS``."""
