"""The target Go: its words, and the layout of its pages, which gofmt leaves as it is."""

import ast
import re
import unicodedata
from collections.abc import Iterable, Sequence

from nngen.common.text import columns
from nngen.mathematics.formulas import Words, flat
from nngen.targets import loop_names, rows
from nngen.targets.braces import Braces
from nngen.targets.compiled import commenting, head, prose, quoting, slicing, storing
from nngen.targets.definitions import Syntax
from nngen.targets.gofmt import Rounding, constant, operation, spaced, tree, written
from nngen.targets.mentions import uses
from nngen.targets.prose import pieces, span, wrap
from nngen.targets.target import MAX_TRAINED_OF_OTHERS, Dialect, Target

WIDTH, TAB = 100, 4
"""Columns of a line that this layout breaks, and of a tab. gofmt has no limit."""

STYLE = Braces(step=TAB, last_comma=",", width=WIDTH)

FUNCTIONS = "abs cos erfc exp expm1 floor log log1p maximum minimum sigmoid sign sin softplus sqrt tanh".split()
WORDS = Words(
    {name: name for name in FUNCTIONS} | {"smooth_clip": "smoothClip", "where": "choose"},
    conjunction="and",  # formulas are read with Python's parser, see ``spaced``
    number="{}",
    power="power",
    modulo="remainder",
)
"""The page defines all of them."""

KEYWORDS = frozenset(
    (
        "break case chan const continue default defer else fallthrough for func go goto if import interface map package"
        " range return select struct switch type var"
    ).split()
)
"""The reserved words of Go (The Go Programming Language Specification)."""

RESERVED = KEYWORDS.union(
    FUNCTIONS,
    (
        "any append bool byte cap clear close comparable complex copy delete error false float32 float64 imag int int64"
        " iota len make max min new nil panic print println real recover rune string true uint32 uint64"
        " init json main math slices sort strconv strings utf8 Num Inputs Outputs Parameters Params"
        " choose power remainder smoothClip keep largest classWeight seed params loss slopes x y"
    ).split(),
)
"""These, names that Go states before, and names that modules state, call or have beside inputs."""

UNNAMED = re.compile(
    r".*[^\x00-\x7f].*|internal|testdata|vendor|.*_test"
    r"|.*_(?:aix|android|darwin|dragonfly|freebsd|hurd|illumos|ios|js|linux|nacl|netbsd|openbsd|plan9|solaris|wasip1"
    r"|windows|zos|386|amd64|amd64p32|arm|arm64|arm64be|armbe|loong64|mips|mips64|mips64le|mips64p32|mips64p32le|mipsle"
    r"|ppc|ppc64|ppc64le|riscv|riscv64|s390|s390x|sparc|sparc64|wasm)"
)
"""Names of files and folders that `go build` leaves out, on some machines or everywhere, or cannot import."""

BUILD = "printf 'module nets\\n\\ngo 1.21\\n' > go.mod && {} go build -o program ."

SYNTAX = Syntax(re.compile(r"^(?:func (?:\(\w+ \*?|Default)?|const |var |type |\t(?=[A-Z]\w* +=))(\w+)", re.MULTILINE))
"""What states a name; a method, and a function that makes a default, that of its type."""

PACKAGES = ("encoding/json", "math", "slices", "sort", "strconv", "strings")
"""What modules may import."""

_CODE = re.compile(r'//.*|"(?:\\.|[^"\\])*"|`[^`]*`|(?P<type>\bNum\b)|(?P<other>[^\x00-\x7f])')
"""What a module writes in another way, after what it does not: comments and texts."""


def statement(value: str, start: str, indent: int = 1, kind: str = "") -> str:
    """``start`` and an expression, on as many lines as it needs: a long sum has a line for each term.

    Without a ``kind`` of its numbers, an expression that is converted to ``Num`` has 64 bits before.
    """
    kind = kind or ("float64" if value.startswith("Num(") else "Num")
    text = spaced(value, kind=kind)
    if indent * TAB + columns(start + text) <= WIDTH:
        return start + text
    node, terms = Rounding(kind).rounded(tree(value), True), ""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        terms = f" {operation(node)[0]}\n{chr(9) * (indent + 1)}{written(node.right, 5, 2)}{terms}"
        node = node.left
    return start + written(node, 4, 2 if terms else 1) + terms


def assign(value: str, name: str, indent: int = 1) -> str:
    """``name := value``; a number gets its type."""
    return statement(f"Num({value})" if constant(tree(value)) else value, f"{name} := ", indent, "Num")


def change(value: str, name: str, indent: int = 1, sign: str = "=", kind: str = "Num") -> str:
    """``name = value``, or with another sign such as ``+=``."""
    return statement(value, f"{spaced(name)} {sign} ", indent, kind)


def items(names: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 1) -> str:
    """The items of all rows in brackets: on one line, or row by row if they do not fit."""
    written = [[_item(flat(item)) for item in row] for row in names]
    text = STYLE.items(written, opening, closing, indent * TAB)
    return re.sub(r"^(?: {4})+", lambda margin: "\t" * (len(margin[0]) // TAB), text, flags=re.MULTILINE)


def _item(text: str) -> str:
    """An item of an array: Go has no constant -0."""
    return "Num(math.Copysign(0.0, -1.0))" if text == "-0.0" else text


def unpack(names: Iterable[Sequence[str]], source: str, body: str) -> str:
    """``name, name := source[0], source[1]``: the numbers of an array that a body uses, as many on a line as fit."""
    lines = []
    for named in rows.placed(names, source, body):
        while named:
            pairs = [", ".join(pair) for pair in named]
            count = len(rows.fitting(pairs, WIDTH - TAB - len(" := "))[0])
            lines.append(" := ".join(map(", ".join, zip(*named[:count], strict=True))))
            del named[:count]
    return "\n\t".join(lines)


stored, slice_of, text_of = storing(change, "\t"), slicing("{}[{}:{}]"), quoting("\\U%08x")
comment = commenting(WIDTH, lambda text: text.replace("\ufeff", ""), "\t")
"""Filters that other languages have, too."""


def doc(text: str) -> str:
    """Paragraphs of a documentation comment, of which those that are indented are programs."""
    lines: list[str] = []
    for paragraph in text.strip("\n").replace("\ufeff", "").replace("``", "“").replace("''", "”").split("\n\n"):
        margin = "\t" * paragraph.startswith("    ")
        wrapped = [f"{margin}{line}" for line in wrap(paragraph, WIDTH - len("//     "))]
        lines += ["", *wrapped]
    return "\n".join(f"//{'' if line.startswith(chr(9)) else ' '}{line}".rstrip() for line in lines[1:])


def function(arguments: Sequence[str], name: str, gives: str, says: str) -> str:
    """The comment and the head of a function; ``gives`` is what it returns, or nothing."""
    lines = head(arguments, f"func {name}(", f"){f' {gives}' if gives else ''} {{", WIDTH, ",\n")
    return f"{doc(f'{name} {says}')}\n{lines.replace('    ', chr(9))}"


def strings(parts: Sequence[str], start: str) -> str:
    """``start"part part ..."``, on as many lines as it needs."""
    line = f'{start}"{" ".join(parts)}"'
    if columns(line) <= WIDTH:
        return line
    return f"{start}" + " +\n\t".join(f'"{piece}"' for piece in pieces(parts))


def package(name: str) -> str:
    """The name of a network's package: Go has reserved words, and ``main`` is a program."""
    return f"{name}_net" if name in KEYWORDS | {"init", "main"} else name


def cased(name: str) -> str:
    """A name that users call, such as ``InitState`` for ``init_state``."""
    return "IDs" if name == "IDS" else "".join(part.capitalize() for part in name.split("_"))


def finished(text: str, dtype: str) -> str:
    """The text of a module: with the type of its numbers in place of ``Num``, and with its imports.

    Names in Go have no marks above or below letters, which are numbers then.
    """
    text = _CODE.sub(lambda found: dtype if found["type"] else _letter(found["other"]) or found[0], text)
    if dtype == "float64":  # what the library gives has this type already
        text = re.sub(r"\bfloat64\((math\.\w+\((?:[^()]|\([^()]*\))*\))\)", r"\1", text)
        text = re.sub(r"(math\.\w+\(.*)", lambda found: re.sub(r"float64\((x|y|params\[i\])\)", r"\1", found[0]), text)
        text = re.sub(r":= float64\(([\d.e+-]+)\)$", r":= \1", text, flags=re.MULTILINE)
    code = _CODE.sub("", text)
    used = [f'"{one}"' for one in PACKAGES if re.search(rf"\b{one.rpartition('/')[2]}\.", code)]
    together = "".join(f"\t{one}\n" for one in used)
    imports = f"import (\n{together})\n\n" if len(used) > 1 else f"import {used[0]}\n\n" if used else ""
    return text.replace("// imports\n\n", imports, 1)


def _letter(letter: str | None) -> str:
    """A letter as names have it, if it is another one."""
    marked = letter and unicodedata.category(letter) not in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd")
    return f"_{ord(letter):x}" if letter and marked else ""


DIALECT = Dialect(
    forward="Forward",
    seeded="The seed draws the units that dropout leaves out; -1 leaves out none, as in Forward.",
    expression=spaced,
)

TARGET = Target(
    name="go",
    words=WORDS,
    suffix=".go",
    filters=(
        *(*loop_names.STEP, *rows.FILTERS),
        *(assign, cased, change, comment, doc, items, package, prose),
        *(slice_of, span, stored, strings, text_of, unpack, uses),
    ),
    max_trained=MAX_TRAINED_OF_OTHERS,
    syntax=SYNTAX,
    dialect=DIALECT,
    wide_calls=(("sqrt", "math.Sqrt"),),
    entries=("Inputs", "Outputs", "Seed", "Params", "Row"),
    cased=cased,
    reserved=RESERVED,
    unnamed=UNNAMED,
    finished=finished,
    narrow="[Inputs]float32",
    compiler=("sh", "-c", BUILD.format("")),
    fast=("sh", "-c", BUILD.format("GOAMD64=v3")),
    runs=("./program",),
    apart=True,
)
"""The target, for ``TARGETS``."""
