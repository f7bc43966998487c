"""The target Lua 5.4: its words, how it writes the source, and the layout of its pages."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from nngen.mathematics.formulas import Words, flat
from nngen.printing import ATOM, EndPrinter, Function, Pair
from nngen.targets import loop_names, rows
from nngen.targets.braces import Braces, conditions
from nngen.targets.compiled import storing
from nngen.targets.definitions import Syntax
from nngen.targets.prose import span, wrap
from nngen.targets.sums import averages, plus, signed_sum, sums
from nngen.targets.target import MAX_TRAINED_OF_OTHERS, Target
from nngen.targets.update_lines import lines_with_powers, powers

KEYWORDS = (
    "and break do else elseif end false for function goto if in local nil not or repeat return then true until while"
).split()
"""The reserved words of Lua (Reference Manual 5.4, 3.1)."""

MAX_LOCALS = 180
"""Local names of a page with an equation for each weight: a function of Lua has at most 200."""


class LuaPrinter(EndPrinter):
    """Writes functions of the source in Lua."""

    none = "nil"
    comment = "--"
    started = "local {0} = {1}"
    empty = "{}"
    words = frozenset(KEYWORDS)
    added = "{0}[#{0} + 1] = {1}"
    types: ClassVar[Mapping[str, str]] = {}
    calls: ClassVar[Mapping[str, str]] = {
        "abs": "math.abs({0})", "endswith": "ends_with({0}, {1})", "F64": "{0}", "filled": "filled({0}, {1})",
        "find": "find({0}, {1})", "has": "(find({0}, {1}) ~= nil)", "float": "{0}", "int": "{0}",
        "is_digits": "is_digits({0})",
        "joined": "table.concat({0})", "len": "#{0}", "max": "math.max({0}, {1})", "min": "math.min({0}, {1})",
        "nan": "(0 / 0)", "Num": "{0}", "parsed": "tonumber({0})", "replace": "table.concat(parts({0}, {1}), {2})",
        "rounded": "rounded({0})", "sorted_by": "sorted_by({0}, {1})", "split": "parts({0}, {1})",
        "sqrt": "math.sqrt({0})", "startswith": "starts_with({0}, {1})", "stripped": "stripped({0})",
    }  # fmt: skip
    operators: ClassVar[Mapping[str, str]] = {"!=": "~=", "&&": "and", "||": "or", "!": "not ", "^": "~"}

    def head(self, function: Function) -> str:
        """The comment and the head."""
        arguments = [self.local(one.name) for one in function.arguments]
        return function_head(
            arguments, self.name(function.name), function.says, public=not function.name.startswith("_")
        )

    def test(self, test: ast.expr) -> str:
        """The head of a condition."""
        return f"if {self.write(test)} then"

    def loop(self, test: ast.expr) -> str:
        """The head of a loop with a condition."""
        return f"while {self.write(test)} do"

    def counted(self, name: str, first: str, last: str, by: str) -> str:
        """A loop over whole numbers up to the last one."""
        return f"for {name} = {first}, {last}{by and f', {by}'} do"

    def numbered(self, place: str, value: str, values: str) -> str:
        """A loop over places and values."""
        return f"for {place}, {value} in ipairs({values}) do"

    def over(self, name: str, values: str) -> str:
        """A loop over values."""
        return self.numbered("_", name, values)

    def statement(self, node: ast.stmt, depth: int) -> Iterator[str]:
        """There is no ``+=``."""
        match node:
            case ast.AugAssign(target=target, op=op, value=value):
                changed = ast.BinOp(ast.parse(ast.unparse(target), mode="eval").body, op, value)
                yield from self.given(self.write(target), self.kinds(target), changed, depth)
            case _:
                yield from super().statement(node, depth)

    def whole(self, node: ast.expr, kind: str) -> str:
        """A number of 32 bits has no higher bits."""
        text = self.typed(node, kind)
        masked = kind == "U32" and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult)
        return f"({text}) & 0xFFFFFFFF" if masked else text

    def sign(self, op: ast.AST) -> str:
        """A division of whole numbers has a sign of its own."""
        return "//" if isinstance(op, ast.FloorDiv) else super().sign(op)

    def binary(self, pair: Pair, kind: str, depth: int) -> str:
        """Texts are joined by points."""
        text = super().binary(pair, kind, depth)
        return text.replace(" + ", " .. ", 1) if kind == "str" and isinstance(pair.op, ast.Add) else text

    def choice(self, test: str, yes: str, no: str) -> str:
        """One of two values, of which the first is neither false nor missing."""
        return f"{test} and {yes} or {no}"

    def replaced(self, value: str, other: str) -> str:
        """A value, or another one if it is missing."""
        return f"{value} or {other}"

    def missing(self, value: str, kind: str, yes: bool) -> str:
        """Whether a value is missing."""
        return f"{value} {'==' if yes else '~='} nil"

    def part_of_list(self, value: str, first: str, last: str) -> str:
        """A part of a list."""
        return f"table.move({value}, {first}, {last or f'#{value}'}, 1, {{}})"

    def part_of_text(self, value: str, first: str, last: str) -> str:
        """A part of a text."""
        return f"{value}:sub({first}{last and f', {last}'})"

    def items(self, kind: str, items: Sequence[str]) -> str:
        """A list of some values."""
        return f"{{{', '.join(items)}}}"

    def text(self, value: str) -> str:
        """A constant that is a text."""
        return text_of(value)

    def refused(self, place: str, expected: str, depth: int) -> Iterator[str]:
        """An error without a place in the module."""
        message = (
            f'"{place[1:-1]}: expected {expected[1:]}' if place[0] == '"' else f'{place} .. ": expected {expected[1:]}'
        )
        yield self.line(depth, f"error({message}, 0)")

    def is_type(self, name: str, kind: str) -> bool:
        """A number that a user gives may have a sign and higher bits."""
        return name != "U32" and super().is_type(name, kind)

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """A whole number as one of 32 bits."""
        if name == "U32":
            value = self.write(args[0], ATOM)
            return value if isinstance(args[0], ast.Constant) else f"{value} & 0xFFFFFFFF"
        return super().call(name, args, depth)


class _Layout(Braces):
    """Statements without semicolons."""

    def statement(self, start: str, value: str, indent: int) -> str:
        """``start`` and an expression, on as many lines as it needs."""
        return super().statement(start, value, indent).removesuffix(";")


STYLE = _Layout(step=4, last_comma="")


def assign(value: str, name: str, indent: int = 4, sign: str = "=") -> str:
    """``name = value``; with the sign ``+=`` a sum."""
    if sign == "+=":
        value = f"{name}↵+ {value}"
    return STYLE.statement(f"{name} = ", value, indent)


def statement(value: str, start: str, indent: int = 4) -> str:
    """``start`` and an expression."""
    return STYLE.statement(start, value, indent)


def assigned(values: Iterable[str], name: str) -> str:
    """``local name = value``, and a statement for each further value."""
    first, *others = values
    return "\n    ".join([assign(first, f"local {name}"), *(assign(value, name) for value in others)])


def unpack(listed: Iterable[Sequence[str]], source: str) -> str:
    """``local name = source[1]``, a line for each name."""
    names = (name for row in listed for name in row)
    return "\n    ".join(f"local {name} = {source}[{place}]" for place, name in enumerate(names, 1))


def items(listed: Iterable[Sequence[str]], start: str, indent: int = 0) -> str:
    """``start{items}``, row by row if they are many."""
    return STYLE.items(listed, f"{start}{{", "}", indent)


def text_of(text: str) -> str:
    """A text constant; what cannot be seen is a number in it."""
    return (
        '"'
        + "".join(one if one.isprintable() and one not in '"\\⟨⟩⟦⟧↵↳' else f"\\u{{{ord(one):x}}}" for one in text)
        + '"'
    )


def texts(listed: Iterable[str]) -> list[list[str]]:
    """Text constants, in one row."""
    return [list(map(text_of, listed))]


def strings(parts: Sequence[str], start: str) -> str:
    """``start"part part ..."``, joined from several lines if it is long."""
    lines = wrap(" ".join(parts), STYLE.width - 12)
    spaced = [*(f"{line} " for line in lines[:-1]), lines[-1]]
    return start + "\n    .. ".join(map(text_of, spaced))


def comment(text: str, indent: int = 4) -> str:
    """A comment on as many lines as it needs."""
    return f"\n{' ' * indent}".join(f"-- {line}" for line in wrap(text, STYLE.width - indent - len("-- ")))


def doc(text: str) -> str:
    """A comment of LDoc, of some paragraphs; an indented one is a program."""
    lines: list[str] = []
    for said in text.strip("\n").split("\n\n"):
        written = said.split("\n") if said.startswith("    ") else wrap(said, STYLE.width - len("--- "))
        lines += [""] * bool(lines) + written
    return "\n".join(f"--{'-' * (not place)} {line}".rstrip() for place, line in enumerate(lines))


def function_head(arguments: Sequence[str], name: str, says: str, public: bool = True) -> str:
    """The comment and the head of a function; a private one is a local name that the head of the module states."""
    return f"{doc(says)}\nfunction {'M.' * public}{name}({', '.join(arguments)})"


def prose(text: str, indent: int = 0) -> str:
    """The text, which ``doc`` wraps."""
    return text


stored = storing(assign)
SYNTAX = Syntax(
    re.compile(r"^(?:function |local )?(?:M\.)?(\w+)(?= = |\()", re.MULTILINE),
    comments=r"--.*",
    before=r"(?:(?<!\.)|(?<=\bM\.))",
)
"""What states a name: a function, or a value at the start of a line."""


def finished(text: str, dtype: str) -> str:
    """A module whose head states the names of its private definitions, which may stand in any order below."""
    names = dict.fromkeys(re.findall(r"^(?:function )?(\w+)(?= = |\()", text, re.MULTILINE))
    lines = wrap(f"local {', '.join(names)} -- stated below", STYLE.width)
    return text.replace("-- private names\n", "\n    ".join(lines) + "\n" if names else "")


CALLS = {name: f"math.{name}" for name in "abs cos exp log sin sqrt".split()}
CALLS |= {"maximum": "math.max", "minimum": "math.min", "floor": "{0} // 1.0", "where": "{0}↵and {1}↵or {2}"}
CALLS |= {name: name for name in "erfc expm1 log1p sigmoid sign softplus tanh".split()}
"""The page defines the last ones."""

TARGET = Target(
    name="lua",
    words=Words(CALLS, conjunction="and", number="{}", power="{}^{}"),
    imports=frozenset(),
    suffix=".lua",
    filters=(
        *(*loop_names.C, *rows.FILTERS),
        *(assign, assigned, averages, comment, conditions, doc, flat, function_head, items, lines_with_powers),
        *(
            plus,
            powers,
            prose,
            signed_sum,
            span,
            statement,
            stored,
            strings,
            sums,
            text_of,
            texts,
        ),
        *(unpack,),
    ),
    max_scalars=60,
    max_trained=MAX_TRAINED_OF_OTHERS,
    max_parameters=MAX_TRAINED_OF_OTHERS,
    syntax=SYNTAX,
    entries=("INPUTS", "OUTPUTS", "SEED"),
    reserved=frozenset(
        [*KEYWORDS, *"M math table string tonumber type ipairs error params slopes seed weight".split()]
    ),
    finished=finished,
    compiler=("lua5.4", "_driver.lua", "loads"),
    fast=("lua5.4", "_driver.lua", "loads"),
    runs=("lua5.4", "_driver.lua"),
)
"""The target, for ``TARGETS``."""
