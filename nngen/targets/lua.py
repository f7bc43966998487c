"""The target Lua, which LuaJIT reads, too: its words, how it writes the source, and the layout of its pages.

LuaJIT has no whole numbers and no operators of them: a number of 32 bits is a float, and a remainder takes its higher
bits away.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from nngen.mathematics.formulas import Words, flat
from nngen.plan import Block, loops
from nngen.printing import ATOM, COMPARED, Constant, EndPrinter, Function, Pair, Record
from nngen.targets import loop_names, rows
from nngen.targets.braces import Braces
from nngen.targets.compiled import quoting
from nngen.targets.definitions import Syntax
from nngen.targets.equations.arrays import PlaceWriter
from nngen.targets.prose import span, wrap
from nngen.targets.target import MAX_TRAINED_OF_OTHERS, Dialect, Target

KEYWORDS = (
    "and break do else elseif end false for function goto if in local nil not or repeat return then true until while"
).split()
"""The reserved words of Lua (Reference Manual 5.4, 3.1)."""

MAX_LOCALS = 180
"""Local names of a page with an equation for each weight: a function of Lua has at most 200."""


ONE = "clear copied distinct number_texts parsed rounded shortest"
"""Functions of the kit with one argument, which the template states."""


COMPARISONS = {"has": "{0}:find({1}, 1, true) ~= nil", "is_nan": "{0} ~= {0}", "is_none": "{0} == nil"}
COMPARISONS |= {"is_finite": "{0} - {0} == 0", "is_number": 'type({0}) == "number"', "is_text": 'type({0}) == "string"'}
COMPARISONS |= {"startswith": "{0}:sub(1, #{1}) == {1}", "endswith": "{0}:sub(-#{1}) == {1}"}
COMPARISONS |= {
    "is_digits": '{0}:find("^[0-9]+$") ~= nil',
    "is_truth": 'type({0}) == "boolean"',
    "is_whole": "{0} % 1 == 0",
}
"""Functions of the kit that are comparisons."""


class LuaPrinter(EndPrinter):
    """Writes functions of the source in Lua."""

    none, keyed = "nil", "[{0}] = {1}"
    comment, lists_texts = "--", True
    choices, instead = "{0} and {1} or {2}", "{0} or {1}"  # the first is neither false nor missing
    started = "local {0} = {1}"
    empty = "{}"
    words = frozenset(KEYWORDS)
    added = "{0}[#{0} + 1] = {1}"
    types: ClassVar[Mapping[str, str]] = {}
    flags: ClassVar[Mapping[str, bool]] = {
        "CHECKS_BEFORE": True, "SIZES": True, "THROWS": True, "UNTYPED_SEEDS": True,
    }  # fmt: skip
    constants: ClassVar[Mapping[str, str]] = {
        name: f"M.{name}" for name in "CLASSES COLUMNS INPUTS LAYOUT OUTPUTS PARAMETERS SEED TYPICAL".split()
    }
    calls: ClassVar[Mapping[str, str]] = {
        **COMPARISONS,
        **{name: f"{name}({{0}})" for name in ONE.split()},
        **{name: f"{name}({{0}}, {{1}})" for name in "contains filled find picked sorted_by".split()},
        **{name: f"math.{name}({{0}})" for name in "abs cos exp floor log sin sqrt".split()},
        **{name: f"math.{name}({{0}}, {{1}})" for name in ("max", "min")},
        **dict.fromkeys("F64 I64 Num by_class by_column by_columns by_name unusual".split(), "{0}"),
        **dict.fromkeys("content_of float int number_in text_in text_of_content truth_in".split(), "{0}"),
        **dict.fromkeys(("no_params", "no_slopes", "no_slopes_in", "slopes_of_training"), "filled(M.PARAMETERS, 0.0)"),
        "_ends": "ENDS", "check_size": "check_size({2}, {0}, {1})",
        "infinity": "math.huge", "joined": "table.concat({0}, {1})",
        "kept": "table.move({0}, 1, #{0}, 1, {{}})", "len": "#{0}", "nan": "(0 / 0)",
        "bare": 'without({0}, " \\t\\n\\v\\f\\r")', "pi": "math.pi", "stripped": 'without({0}, " ")',
        "resume": "for key, value in pairs(copied({1})) do {0}[key] = value end",
        "put_back": "table.move({1}, 1, #{1}, 1, {0})",
        "replace": "table.concat(parts({0}, {1}), {2})", "split": "parts({0}, {1})",
        "check_row": "", "categories_of": "M.CATEGORIES[{1}]", "ids_of": "M.IDS[{1}]",
        "copy_of": "table.move({0}, 1, #{0}, 1, {{}})",
        "unused": "", "undrawn": "", "dated_cell": "{0}", "no_inputs": "filled(M.INPUTS, 0.0)",
        "no_bounds": "filled(2 * M.OUTPUTS, 0.0)", "no_jacobian": "{{}}", "no_notes": "{{}}",
        "no_outputs": "filled(M.OUTPUTS, 0.0)",
        "no_numbers": "filled(#M.COLUMNS, 0.0)", "no_rows": "zeros({0}, #M.COLUMNS)", "sum_of": "sum({0})",
    }  # fmt: skip
    operators: ClassVar[Mapping[str, str]] = {"!=": "~=", "&&": "and", "||": "or", "!": "not "}

    @staticmethod
    def documented(text: str) -> str:
        """A comment of LDoc."""
        return doc(text)

    @staticmethod
    def noted(text: str, margin: int) -> str:
        """A comment on as many lines as it needs."""
        return comment(text, margin)

    @staticmethod
    def laid(value: str, start: str, margin: int) -> str:
        """A statement with a formula."""
        return statement(value, start, margin)

    def head(self, function: Function) -> str:
        """The comment and the head."""
        arguments = [self.local(one.name) for one in function.arguments]
        lines = [function_head(arguments, self.name(function.name), function.says)]
        for one, name in zip(function.arguments, arguments, strict=True):
            match one.default:
                case ast.Constant(value=float()) as default:
                    lines.append(f"    {name} = {name} or {self.write(default)}")
                case ast.Constant(value=True):
                    lines.append(f"    {name} = {name} ~= false")
                case ast.Name(id="SEED"):
                    lines.append(f"    {name} = {name} or M.SEED")
                case ast.Name(id="DEFAULTS"):
                    lines.append(f"    {name} = with_defaults({name})")
        return "\n".join(lines)

    def valued(self, one: Constant) -> str:
        """A value of the module, or a private one."""
        start = f"M.{one.name} = " if one.public else f"{one.name} = "
        if one.kind == "U32":
            return f"{start}{one.values[0]}"
        if one.table:
            tables = (items(texts(listed), f"[{text_of(column)}] = ", 4, ",") for column, _, listed in one.table)
            return "\n    ".join([f"{start}{{", *tables]) + "\n}"
        return items(self.listed_values(one), start)

    def record_of(self, one: Record) -> str:
        """What makes a state, or the settings of the spec; a table has no type."""
        if one.name == "State":
            starts = (f"filled(M.PARAMETERS, {f.start or '0.0'})" if f.kind == "Kept" else "0" for f in one.fields)
            pairs = zip(one.fields, starts, strict=True)
            lines = "".join(f"\n        {field.name} = {start}," for field, start in pairs)
            head = function_head([], "M.init_state", f"The state before the first step. {one.says}")
            return f"{head}\n    return {{{lines}{lines and chr(10)}{'    ' * bool(lines)}}}\nend"
        if one.name == "Progress":
            return ""
        says = "How `fit` trains if its settings say nothing else; false takes all examples in one step, or in order."
        stated = (f"{field.name} = {field.start.replace('None', 'false')}" for field in one.fields[:3])
        return f"{doc(says)}\nM.DEFAULTS = {{{', '.join(stated)}}}"

    def cased(self, name: str) -> str:
        """A name of the module, or a private one."""
        return name[1:] if name.startswith("_") else f"M.{name}"

    def given_numbers(self, params: str, numbers: Sequence[Sequence[str]], start: int) -> str:
        """A list is copied."""
        return items(numbers, "table.move(", 4, f", 1, {sum(map(len, numbers))}, {start + 1}, {params})")

    def row_of(self, start: str, names: Sequence[str]) -> str:
        """A list."""
        return self.step + items([names], start, 4)

    def record(self, name: str, args: Sequence[ast.expr]) -> str:
        """A table with the first fields of a record."""
        given = zip(self.program.fields[name], args, strict=False)
        return f"{{⟨{',↵'.join(f'{field} = {self.write(value)}' for field, value in given)}⟩}}"

    def line(self, depth: int, text: str) -> str:
        """A line, or several if it is long; that of a formula is broken later."""
        if "⟦" in text:
            return super().line(depth, text)
        return self.step * depth + STYLE.lay_out(text, 4 * depth)

    def numbered(self, place: str, value: str, values: str) -> str:
        """A loop over places and values."""
        return f"for {place}, {value} in ipairs({values}) do"

    def whole(self, node: ast.expr, kind: str) -> str:
        """A sum of numbers of 32 bits has no higher bits."""
        text = self.typed(node, kind)
        masked = kind == "U32" and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
        return f"({text}) % 4294967296" if masked else text

    def binary(self, pair: Pair, kind: str, depth: int) -> str:
        """Texts are joined by points; some operators of whole numbers are functions."""
        match pair, kind:
            case Pair(op=ast.Mult()), "U32":
                return f"multiply({self.write(pair.left)}, {self.write(pair.right)})"
            case Pair(op=ast.BitXor()), _:
                return f"xor({self.write(pair.left)}, {self.write(pair.right)})"
            case Pair(op=ast.RShift(), right=ast.Constant(int(bits))), _:
                return f"math.floor({self.write(pair.left, ATOM)} / {2**bits})"
            case Pair(op=ast.FloorDiv()), _:
                return f"math.floor({super().binary(Pair(pair.left, ast.Div(), pair.right), kind, depth)})"
        text = super().binary(pair, kind, depth)
        return text.replace(" + ", " .. ", 1) if kind == "str" and isinstance(pair.op, ast.Add) else text

    def missing(self, value: str, kind: str, yes: bool) -> str:
        """Whether a value is missing."""
        return f"not {value}" if yes else value

    def part_of_list(self, value: str, first: str, last: str) -> str:
        """A part of a list."""
        return f"table.move({value}, {first}, {last or f'#{value}'}, 1, {{}})"

    def part_of_text(self, value: str, first: str, last: str) -> str:
        """A part of a text."""
        return f"{value}:sub({first}{last and f', {last}'})"

    def items(self, kind: str, items: Sequence[str]) -> str:
        """A list of some values."""
        return f"{{{', '.join(items)}}}"

    @staticmethod
    def text(value: str, /) -> str:
        """A constant that is a text."""
        return text_of(value)

    def refused(self, place: str, expected: str, depth: int) -> Iterator[str]:
        """An error without a place in the module."""
        message = f'{place} .. ": expected " .. {expected}'.replace('" .. "', "")
        yield self.line(depth, f"error({message}, 0)")

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """Some functions of the kit are comparisons."""
        match node:
            case ast.Call(func=ast.Name(id=name), args=args) if name in COMPARISONS:
                return COMPARISONS[name].format(*(self.write(one, ATOM) for one in args)), COMPARED
            case ast.Call(func=ast.Attribute(attr="startswith" | "endswith" as name, value=value), args=[part]):
                text = COMPARISONS[name].format(self.write(value, ATOM), self.write(part))
                return re.sub(r'#("[^"\\]*")', lambda found: f"{len(found[1].encode()) - 2}", text), COMPARED
        return super().expression(node, depth)

    def is_type(self, name: str, kind: str) -> bool:
        """A number that a user gives may have a sign and higher bits."""
        return name != "U32" and super().is_type(name, kind)

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """A cell by the name of its column, and a whole number as one of 32 bits."""
        if name == "cell_of":
            bare = isinstance(args[2], ast.Constant) and is_name(ast.literal_eval(args[2]))
            return f"row.{ast.literal_eval(args[2])}" if bare else f"row[{self.write(args[2])}]"
        if name == "U32":
            value = self.write(args[0], ATOM)
            return value if isinstance(args[0], ast.Constant) else f"{value} % 4294967296"
        return super().call(name, args, depth)


class _Layout(Braces):
    """Statements without semicolons."""

    def statement(self, start: str, value: str, indent: int) -> str:
        """``start`` and an expression, on as many lines as it needs."""
        return super().statement(start, value, indent).removesuffix(";")


STYLE = _Layout(step=4, last_comma="")


def assign(value: str, name: str, indent: int = 4, sign: str = "=") -> str:
    """``name = value``; with a sign such as ``+=`` the sum of both."""
    if sign != "=":
        value = f"{name}↵{sign[0]} (⟨{value}⟩)" if _is_sum(flat(value)) else f"{name}↵{sign[0]} {value}"
    return STYLE.statement(f"{name} = ", value, indent)


def _is_sum(text: str) -> bool:
    """Whether an expression has an operator outside brackets that binds no tighter than a sum."""
    while text != (text := re.sub(r"\([^()]*\)|\[[^][]*\]", "", text)):
        pass
    return re.search(r" (?:[-+<>]|and|or) ", text) is not None


def statement(value: str, start: str, indent: int = 4) -> str:
    """``start`` and an expression."""
    return STYLE.statement(start, value, indent)


def unpack(listed: Iterable[Sequence[str]], source: str) -> str:
    """``local name = source[1]``, a line for each name."""
    names = (name for row in listed for name in row)
    return "\n    ".join(f"local {name} = {source}[{place}]" for place, name in enumerate(names, 1) if name)


def items(listed: Iterable[Sequence[str]], start: str, indent: int = 0, end: str = "") -> str:
    """``start{items}``, row by row if they are many, and what follows."""
    return STYLE.items(listed, f"{start}{{", f"}}{end}", indent)


text_of = quoting("\\u{%x}")


def texts(listed: Iterable[str]) -> list[list[str]]:
    """Text constants, in one row."""
    return [list(map(text_of, listed))]


def is_name(text: str) -> bool:
    """Whether a text may stand behind a point."""
    return re.fullmatch(r"[A-Za-z_]\w*", text, re.ASCII) is not None and text not in KEYWORDS


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


def function_head(arguments: Sequence[str], name: str, says: str) -> str:
    """The comment and the head of a function; a private one is a local name that the head of the module states."""
    return f"{doc(says)}\nfunction {name}({', '.join(arguments)})"


def prose(text: str, indent: int = 0) -> str:
    """The text, which ``doc`` wraps."""
    return text


def stored(listed: Iterable[Sequence[str]], to: str, sign: str) -> str:
    """``slopes[1] = slopes[1] + dw``, a line for each derivative but 0.0."""
    places = enumerate((name for row in listed for name in row), 1)
    return "\n    ".join(assign(value, f"{to}[{place}]", sign=sign) for place, value in places if value != "0.0")


class LuaEquations(PlaceWriter):
    """Writes equations of layers: loops count from 1, and ``AT`` says where each block begins."""

    first_place = 1
    laid = staticmethod(statement)
    seed_of_example = "seeds and seeds[k]"
    ranges = "{0} = 1, {1}"
    least, renames = "-math.huge", "local {} = "
    singles = "local {} = ", "{{⟨{}⟩}}"

    def function(self, name: str) -> str:
        """The name of a function."""
        return "math.max" if name == "maximum" else name

    def value(self, value: loops.Value) -> str:
        """The random number of a unit counts from 0."""
        match value:
            case loops.Keep(first, index, rate):
                place = f"{first}" if index == "0" else f"{first - 1} + i" if first > 1 else "i" if first else "i - 1"
                return f"keep({self.seed_of_example if self.batch else 'seed'}, {place}, {rate})"
        return super().value(value)

    def opened(self, word: str, head: str, depth: int) -> str:
        """The first line of a block."""
        return f"{self.margin * depth}{word} {head} {'do' if word == 'for' else 'then'}"

    def otherwise(self, depth: int) -> str:
        """What stands between the two blocks of a condition."""
        return f"{self.margin * depth}else"

    def closed(self, depth: int) -> str:
        """The last line of a block."""
        return f"{self.margin * depth}end"

    def changed(self, place: str, value: str, depth: int, sign: str = "=") -> str:
        """A place gets another value."""
        return self.margin * depth + assign(value, place.replace("[0]", "[1]"), 4 * depth, sign)

    def declared(self, name: str, value: loops.Value, again: bool = False) -> str:
        """A local name."""
        return f"local {name} = "

    def listed(self, terms: Sequence[str]) -> Sequence[str]:
        """A list."""
        return [f"{{⟨{',↵'.join(terms)}⟩}}"]

    def zeros(self, value: loops.Value) -> str:
        """The biases, or zeros, or a list whose items follow."""
        sizes = list(map(str, loops.shape(value)))
        match value:
            case loops.Affine(count, Block() as biases):
                first = self.first(biases)
                return f"table.move(⟨params,↵{first} + 1,↵{first} + {count},↵1,↵{{}}⟩)"
            case loops.Each(_, _, inner) if isinstance(inner, loops.Affine) or (len(sizes) == 1 and self.inline(inner)):
                return "{}"
            case loops.Largest():
                return self.least
        return ("0.0", "filled({}, 0.0)", "zeros({}, {})")[len(sizes)].format(*sizes)

    def number(self, number: loops.Number) -> str:
        """A single number is the first."""
        return super().number(number).replace("[0]", "[1]")

    def measured(self, statistic: Block, place: str) -> str:
        """A running statistic among the parameters."""
        return self.parameter(statistic, place)

    def offset(self, start: str, block: Block, place: str) -> str:
        """Where a number of a block is."""
        return super().offset(start, block, place) + " + 1" * (place == "0")

    def first(self, block: Block) -> str:
        """Where a block begins."""
        return f"AT.{block.name}"


SYNTAX = Syntax(
    re.compile(r"^(?:function |local )?(?:M\.)?(\w+)(?= = |\()", re.MULTILINE),
    comments=r"--.*",
    before=r"(?:(?<![.:])|(?<=\bM\.))",
)
"""What states a name: a function, or a value at the start of a line."""


def finished(text: str, dtype: str) -> str:
    """A module whose head states the names of its private definitions, which may stand in any order below."""
    names = dict.fromkeys(re.findall(r"^(?:function )?(\w+)(?= = |\()", text, re.MULTILINE))
    stated = "\n    ".join(wrap(f"local {', '.join(names)}", STYLE.width - 4))
    return text.replace(
        "-- private names\n", f"-- what the module keeps for itself, stated below\n{stated}\n" * bool(names)
    )


CALLS = {name: f"math.{name}" for name in "abs cos exp log sin sqrt".split()}
CALLS |= {"maximum": "math.max", "minimum": "math.min", "floor": "math.floor({0}) + 0.0", "where": "{0}↵and {1}↵or {2}"}
CALLS |= {name: name for name in "erfc expm1 log1p sigmoid sign smooth_clip softplus tanh".split()}
"""The page defines the last ones."""

TARGET = Target(
    name="lua",
    words=Words(CALLS, conjunction="and", number="{}", power="{}^{}"),
    suffix=".lua",
    printer=LuaPrinter,
    equations=LuaEquations,
    filters=(
        *(*loop_names.C, *rows.FILTERS),
        *(assign, comment, doc, flat, items, prose),
        *(span, stored, strings, text_of, texts, unpack),
    ),
    ascii=True,  # Reference Manual 5.4, 3.1
    max_names=MAX_LOCALS,
    max_trained=MAX_TRAINED_OF_OTHERS,
    max_parameters=MAX_TRAINED_OF_OTHERS,
    syntax=SYNTAX,
    dialect=Dialect(
        row=": a table by the names of columns. What is not in it is missing.",
        seeded="A seed draws the units that dropout leaves out; without it, none is left out, as in `forward`.",
        trains="Each epoch takes the examples in a new random order, or as they are if `seed` is false. After each"
        " epoch, `fit` calls `callback(epoch, loss, params{})`; a true result ends training.",
    ),
    entries=("INPUTS", "OUTPUTS", "SEED"),
    reserved=frozenset(
        [*KEYWORDS, *"M math table string tonumber type ipairs error params slopes seed weight".split()]
    ),
    finished=finished,
    compiler=("lua5.4", "_driver.lua"),
    fast=("lua5.4", "_driver.lua"),
    runs=("lua5.4", "_driver.lua"),
)
"""The target, for ``TARGETS``."""
