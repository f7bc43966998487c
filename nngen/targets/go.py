"""The target Go: its words, and the layout of its pages, which gofmt leaves as it is."""

import ast
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nngen.common.text import columns, counted
from nngen.mathematics.formulas import MARKS, Words, flat
from nngen.plan import Block
from nngen.targets import loop_names, rows
from nngen.targets.definitions import Syntax
from nngen.targets.prose import pieces, span, wrap
from nngen.targets.sums import averages, plus, signed_sum, sums
from nngen.targets.target import MAX_TRAINED_OF_OTHERS, Target
from nngen.targets.update_lines import lines_with_powers, powers

WIDTH, TAB = 100, 4
"""Columns of a line that this layout breaks, and of a tab. gofmt has no limit."""

FUNCTIONS = "abs cos erfc exp expm1 floor log log1p maximum minimum sigmoid sign sin softplus sqrt tanh".split()
WORDS = Words(
    {name: name for name in FUNCTIONS} | {"where": "choose"},
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
        " init json main math sort strconv strings utf8 Num Inputs Outputs Parameters Params"
        " choose power remainder keep largest classWeight seed params loss slopes x y"
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

SYNTAX = Syntax(
    re.compile(
        r'^(?:import "(?:\w+/)*|func (?:\(\w+ \*?)?|const |var |type |\t(?=[A-Z]\w* +=))(\w+)',  # also of a method
        re.MULTILINE,
    )
)
"""What states a name."""

_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"} | {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="
}  # fmt: skip
_BINDS = {"and": 2, "<": 3, "+": 4, "-": 4, "*": 5, "/": 5}
"""How tightly operators bind, in the numbers of Go; comparisons all as ``<``."""
_UNARY = 6


def spaced(value: str, depth: int = 1, kind: str = "Num") -> str:
    """An expression as Go has it: with the spaces of gofmt, and each operation rounded like those of other languages.

    Go may compute ``x*y + z`` without rounding the product, and computes with constants exactly. Where a conversion
    such as ``float64(x*y)`` is, it rounds.

    Args:
        value: the expression.
        depth: what gofmt calls so: 2 for one of several arguments.
        kind: the type of its numbers.
    """
    return _text(_Rounding(kind).rounded(_tree(value), True), 0, depth)


def _tree(value: str) -> ast.expr:
    return ast.parse(flat(value), mode="eval").body


@dataclass(frozen=True)
class _Rounding:
    """Writes conversions around products that a sum may take, and around a number that another one is computed with."""

    kind: str
    """The type of the numbers."""

    def rounded(self, node: ast.expr, summed: bool = False) -> ast.expr:
        """The expression with these conversions. If it is a product, ``summed`` says whether a sum may take it."""
        match node:
            case ast.BinOp(left=ast.Constant(left), right=ast.Constant(right)) if left % 1 == right % 1 == 0.0:
                return node  # exact before it is rounded, as everywhere
            case ast.BinOp() if _constant(node):
                return self.typed(node)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                return ast.BinOp(self.rounded(left, True), op, self.rounded(right, True))
            case ast.BinOp(left=left, op=op, right=right):
                product = ast.BinOp(self.rounded(left), op, self.rounded(right))
                return self.converted(product) if summed and isinstance(op, ast.Mult) else product
            case ast.UnaryOp(op=op, operand=operand):
                return ast.UnaryOp(op, self.rounded(operand, True))
            case ast.Compare(left=left, ops=ops, comparators=others):
                return ast.Compare(self.rounded(left), ops, list(map(self.rounded, others)))
            case ast.BoolOp(op=op, values=values):
                return ast.BoolOp(op, list(map(self.rounded, values)))
            case ast.Call(func=func, args=args):
                converts = isinstance(func, ast.Name) and func.id in ("Num", "float32", "float64")
                return ast.Call(func, [self.rounded(one, not converts) for one in args], [])
        return node

    def typed(self, node: ast.expr) -> ast.expr:
        """An expression of numbers alone, in which each operation has an operand with a type."""
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                return ast.BinOp(self.typed(left), op, self.typed(right) if isinstance(right, ast.BinOp) else right)
        return self.converted(node)

    def converted(self, node: ast.expr) -> ast.expr:
        return ast.Call(ast.Name(self.kind), [node], [])


def _constant(node: ast.expr) -> bool:
    """Whether Go would compute this exactly: it has numbers alone, no name and no call."""
    return not any(isinstance(part, ast.Name) for part in ast.walk(node))


def _text(node: ast.expr, needed: int, depth: int) -> str:
    """A part of an expression, in parentheses if its place needs them. ``depth`` is what gofmt calls so."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=value):
            return repr(value) if not isinstance(value, str) else f'"{value}"'
        case ast.Starred(value=value):
            return f"{_text(value, _UNARY, depth)}..."
        case ast.Attribute(value=value, attr=attr):
            return f"{_text(value, _UNARY, depth)}.{attr}"
        case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper)):
            ends = [_text(one, 0, depth + 1) if one else "" for one in (lower, upper)]
            apart = depth <= 1 and all(ends) and any(isinstance(one, ast.BinOp) for one in (lower, upper))
            return f"{_text(value, _UNARY, 1)}[{(' : ' if apart else ':').join(ends)}]"
        case ast.Subscript(value=value, slice=place):
            return f"{_text(value, _UNARY, 1)}[{_text(place, 0, depth + 1)}]"
        case ast.Call(func=func, args=args):
            inner = depth + (len(args) > 1)
            return f"{_text(func, _UNARY, inner)}({', '.join(_text(one, 0, inner) for one in args)})"
        case ast.UnaryOp(operand=operand):
            twice = isinstance(operand, ast.UnaryOp)
            return f"-({_text(operand, 0, depth)})" if twice else f"-{_text(operand, _UNARY, depth)}"
    sign, (left, right) = _operation(node)
    binds = _BINDS[sign]
    if binds < needed:
        return f"({_text(node, 0, max(1, depth - 1))})"
    space = " " if binds < _cutoff(node, depth) else ""
    before = _text(left, binds, depth + (_operation(left)[1] == () or _BINDS[_operation(left)[0]] != binds))
    return f"{before}{space}{_written_sign(node)}{space}{_text(right, binds + 1, depth + 1)}"


def _operation(node: ast.expr) -> tuple[str, tuple[ast.expr, ...]]:
    """The operator of an expression, comparisons all as ``<``, and both operands; none of others."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return _SIGNS[type(op)], (left, right)
        case ast.Compare(left=left, comparators=[right]):
            return "<", (left, right)
        case ast.BoolOp(op=op, values=[*first, last]):
            return "and", (first[0] if len(first) == 1 else ast.BoolOp(op, first), last)
    return "", ()


def _written_sign(node: ast.expr) -> str:
    match node:
        case ast.Compare(ops=[op]):
            return _SIGNS[type(op)]
        case ast.BoolOp():
            return "&&"
    return _operation(node)[0]


def _cutoff(node: ast.expr, depth: int) -> int:
    """The operators that bind as tightly as this, or more, have no spaces: the rule of gofmt."""
    found = _levels(node)
    if 0 in found:  # a minus after a minus
        return 5
    if {4, 5} <= found:
        return 5 if depth == 1 else 4
    return 6 if depth == 1 else 4


def _levels(node: ast.expr) -> set[int]:
    """How tightly the operators of an expression bind, but for those in parentheses and calls."""
    sign, operands = _operation(node)
    binds = _BINDS.get(sign, 0)
    found = {binds}
    if sign == "-" and isinstance(operands[1], ast.UnaryOp):
        found.add(0)
    for place, operand in enumerate(operands):
        if _BINDS.get(_operation(operand)[0], 0) >= binds + place:
            found |= _levels(operand)
    return found


def statement(value: str, start: str, indent: int = 1, kind: str = "Num") -> str:
    """``start`` and an expression, on as many lines as it needs: a long sum has a line for each term."""
    text = spaced(value, kind=kind)
    if indent * TAB + columns(start + text) <= WIDTH:
        return start + text
    tree, terms = _Rounding(kind).rounded(_tree(value), True), []
    while isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add | ast.Sub):
        terms.append(f" {_SIGNS[type(tree.op)]}\n{chr(9) * (indent + 1)}{_text(tree.right, 5, 2)}")
        tree = tree.left
    return start + _text(tree, 4, 2 if terms else 1) + "".join(reversed(terms))


def assign(value: str, name: str, indent: int = 1) -> str:
    """``name := value``; a number gets its type."""
    return statement(f"Num({value})" if _constant(_tree(value)) else value, f"{name} := ", indent)


def change(value: str, name: str, indent: int = 1, sign: str = "=", kind: str = "Num") -> str:
    """``name = value``, or with another sign such as ``+=``."""
    return statement(value, f"{spaced(name)} {sign} ", indent, kind)


def result(value: str, indent: int = 1) -> str:
    """``return value``."""
    return statement(value, "return ", indent)


def add(terms: Iterable[str], name: str) -> str:
    """``name := term + term + ...``, in several statements if the sum is too long for a parser."""
    return _statements(list(sums(terms, name)), name)


def average(terms: Sequence[str], name: str) -> str:
    """``name := (term + term + ...) / number of terms``."""
    return _statements(list(averages(terms, name)), name)


def _statements(values: Sequence[str], name: str) -> str:
    return "\n\t".join([assign(values[0], name), *(change(value, name) for value in values[1:])])


def items(rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 1) -> str:
    """The items of all rows in brackets: on one line, or row by row if they do not fit."""
    rows = [[_item(flat(item)) for item in row] for row in rows]
    line = ", ".join(item for row in rows for item in row)
    if indent * TAB + columns(opening + line + closing) <= WIDTH:
        return f"{opening}{line}{closing}"
    margin, room = f"\n{chr(9) * indent}", WIDTH - (indent + 1) * TAB - len(",")
    lines = [", ".join(piece) for row in rows for piece in fitting(row, room)]
    return margin.join([opening, *(f"\t{one}," for one in lines), closing])


def _item(text: str) -> str:
    """An item of an array: Go has no constant -0."""
    return "Num(math.Copysign(0.0, -1.0))" if text == "-0.0" else text


def fitting(row: Sequence[str], room: int) -> list[Sequence[str]]:
    """The pieces of a row that fit on lines."""
    return rows.fitting(row, room) if row else []


def stored(names: Iterable[Sequence[str]], to: str, sign: str) -> str:
    """``slopes[0] += dw``: the numbers of an array, a line for each, but for 0.0."""
    places = enumerate(name for row in names for name in row)
    return "\n\t".join(f"{to}[{place}] {sign} {value}" for place, value in places if value != "0.0")


def unpack(rows: Iterable[Sequence[str]], source: str, body: str) -> str:
    """``name, name := source[0], source[1]``: the numbers of an array that a body uses, as many on a line as fit."""
    used, place, lines = names_in(body), 0, []
    for row in rows:
        named = [(name, f"{source}[{place + i}]") for i, name in enumerate(row) if name in used]
        place += len(row)
        both = [f"{name}, {number}" for name, number in named]
        start = 0
        for piece in fitting(both, WIDTH - TAB - len(" := ")):
            names, numbers = zip(*named[start : start + len(piece)], strict=True)
            start += len(piece)
            lines.append(f"{', '.join(names)} := {', '.join(numbers)}")
    return "\n\t".join(lines)


def uses(body: str, name: str) -> bool:
    """Whether a text has this name."""
    return name in names_in(body)


def names_in(text: str) -> set[str]:
    """The names in a text; those of users may have marks, too."""
    return set(re.findall(r"[\w\x80-\U0010ffff]+", text))


def slice_of(block: Block, values: str) -> str:
    """The numbers of a block in an array of all: ``params[8:16]``."""
    return f"{values}[{block.start or ''}:{block.stop}]"


def comment(text: str, indent: int = 1) -> str:
    """A comment on as many lines as it needs."""
    lines = wrap(text.replace("\ufeff", ""), WIDTH - indent * TAB - len("// "))
    return f"\n{chr(9) * indent}".join(f"// {line}" for line in lines)


def prose(text: str, indent: int = 0) -> str:
    """The text, which ``doc`` wraps."""
    return text


def doc(text: str) -> str:
    """Paragraphs of a documentation comment, as gofmt has them: an indented one, or one that begins as a list."""
    lines: list[str] = []
    for paragraph in text.strip("\n").replace("\ufeff", "").replace("``", "“").replace("''", "”").split("\n\n"):
        wrapped = wrap(paragraph, WIDTH - len("//     "))
        if paragraph.startswith("    "):
            wrapped = [f"\t{line}" for line in wrapped]
        elif found := re.match(r"(?:[-*+•]|\d+[.)]) ", paragraph.lstrip()):
            mark = "  - " if not found[0][0].isdigit() else f" {found[0]}"
            wrapped = wrap(paragraph.lstrip()[found.end() :], WIDTH - len("//     "))
            wrapped = [f"{mark if place == 0 else '    '}{line}" for place, line in enumerate(wrapped)]
        lines += ["", *wrapped]
    return "\n".join(f"//{'' if line.startswith(chr(9)) else ' '}{line}".rstrip() for line in lines[1:])


def function(arguments: Sequence[str], name: str, gives: str, says: str) -> str:
    """The comment and the head of a function; ``gives`` is what it returns, or nothing."""
    start, end = f"func {name}(", f"){f' {gives}' if gives else ''} {{"
    head = f"{start}{', '.join(arguments)}{end}"
    if columns(head) > WIDTH:
        head = "\n\t".join([start, *(f"{one}," for one in arguments)]) + f"\n{end}"
    return f"{doc(f'{name} {says}')}\n{head}"


def aligned(fields: Iterable[str], tabs: int = 1) -> str:
    """Lines of a name and what follows it, which stands below each other."""
    pairs = [field.split(" ", 1) for field in fields]
    width = max((len(name) for name, _ in pairs), default=0)
    return f"\n{chr(9) * tabs}".join(f"{name:{width}} {rest}" for name, rest in pairs)


def text_of(text: str) -> str:
    """A string constant of Go; what cannot be seen, and what layouts know as a mark, is a number in it."""
    seen = (one if one.isprintable() and one not in f'{MARKS}"\\' else f"\\U{ord(one):08x}" for one in text)
    return f'"{"".join(seen)}"'


def strings(parts: Sequence[str], start: str) -> str:
    """``start"part part ..."``, on as many lines as it needs."""
    line = f'{start}"{" ".join(parts)}"'
    if columns(line) <= WIDTH:
        return line
    return f"{start}" + " +\n\t".join(f'"{piece}"' for piece in pieces(parts))


def style_marks(marks: Mapping[str, str]) -> list[str]:
    """The marks of a style of numbers in the order of the fields of ``style``, with those that it leaves out."""
    whole = {"thousands": "", "decimal": ".", "prefix": "", "suffix": "", "minus": "before"} | dict(marks)
    return [text_of(value) for value in whole.values()]


def place_of(text: str, listed: Sequence[str]) -> str:
    """The place of a text among those that are listed, or ``nowhere``."""
    bare = [one.strip(" \t\n\v\f\r") for one in listed]
    found = text.strip(" \t\n\v\f\r")
    return str(bare.index(found)) if found in bare else "nowhere"


def package(name: str) -> str:
    """The name of a network's package: Go has reserved words, and ``main`` is a program."""
    return f"{name}_net" if name in KEYWORDS | {"init", "main"} else name


def cased(name: str) -> str:
    """A name that users call, such as ``InitState`` for ``init_state``."""
    return "IDs" if name == "IDS" else "".join(part.capitalize() for part in name.split("_"))


def wide(words: Words) -> Words:
    """The words for initial values, which are always drawn in 64 bits."""
    return replace(words, calls={**words.calls, "sqrt": "math.Sqrt"})


def finished(text: str, dtype: str) -> str:
    """The text of a module: with the type of its numbers in place of ``Num``, and its imports together.

    Names in Go have no marks above or below letters, which are numbers then.
    """
    code = re.compile(r'//.*|"(?:\\.|[^"\\])*"|(?P<type>\bNum\b)|(?P<other>[^\x00-\x7f])')
    text = code.sub(lambda found: dtype if found["type"] else _named(found["other"]) or found[0], text)
    if dtype == "float64":  # what the library gives has this type already
        text = re.sub(r"\bfloat64\((math\.\w+\((?:[^()]|\([^()]*\))*\))\)", r"\1", text)
        text = re.sub(r"(math\.\w+\(.*)", lambda found: re.sub(r"float64\((x|y|params\[i\])\)", r"\1", found[0]), text)
    return re.sub(r'(?:^import "\S+"\n\n?)+', _together, text, count=1, flags=re.MULTILINE)


def _named(letter: str | None) -> str:
    """A letter as names have it."""
    marked = letter and unicodedata.category(letter) not in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd")
    return f"_{ord(letter):x}" if letter and marked else ""


def _together(imports: re.Match[str]) -> str:
    names = re.findall(r'"\S+"', imports[0])
    if len(names) == 1:
        return f"import {names[0]}\n\n"
    return "import (\n" + "".join(f"\t{name}\n" for name in names) + ")\n\n"


TARGET = Target(
    name="go",
    words=WORDS,
    imports=frozenset(),
    suffix=".go",
    filters=(
        *loop_names.C,
        *rows.FILTERS,
        add,
        aligned,
        assign,
        average,
        cased,
        change,
        comment,
        counted,
        doc,
        flat,
        function,
        items,
        lines_with_powers,
        package,
        place_of,
        plus,
        powers,
        prose,
        result,
        signed_sum,
        slice_of,
        spaced,
        span,
        statement,
        stored,
        strings,
        style_marks,
        text_of,
        unpack,
        uses,
        wide,
    ),
    max_trained=MAX_TRAINED_OF_OTHERS,
    max_parameters=MAX_TRAINED_OF_OTHERS,
    syntax=SYNTAX,
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
