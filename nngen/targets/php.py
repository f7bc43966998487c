"""The target PHP: its words, and the layout of its modules, each a class of static methods in PSR-12."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import indent
from typing import ClassVar

from nngen.common.nodes import nodes
from nngen.common.text import columns
from nngen.mathematics.catalogue import PAGE_FUNCTIONS
from nngen.mathematics.formulas import Words, flat
from nngen.plan import Block, loops
from nngen.printing import (
    ALIKE,
    ATOM,
    CONSTANTS,
    PREFIX,
    Argument,
    Constant,
    Function,
    Pair,
    Printer,
    Record,
    certain,
    item,
    optional,
    separated,
    several,
)
from nngen.targets import loop_names, rows
from nngen.targets.braces import Braces
from nngen.targets.compiled import between, commenting, head, network_of, prose, quoting, storing
from nngen.targets.definitions import Syntax
from nngen.targets.equations.arrays import PlaceWriter
from nngen.targets.prose import pieces, span, wrap
from nngen.targets.target import MAX_TRAINED_OF_OTHERS, Dialect, Target

STYLE = Braces(step=4, last_comma=",", width=116)
"""A class puts four more columns before each line."""

PAGE = frozenset(PAGE_FUNCTIONS)
"""The activations that modules define, and their slopes."""


def camel(name: str) -> str:
    """The name of a method or of a local variable: ``initState`` for ``init_state``."""
    return re.sub(r"(?<=[^_])_([a-z0-9])", lambda found: found[1].upper(), name.lstrip("_"))


def own_name(function: str) -> str:
    """The name of an activation that a module defines; those of a spec end like no other method."""
    return camel(function) if function in PAGE else f"{function}_formula"


WORDS = Words(
    {name: name for name in "abs cos exp expm1 floor log log1p sin sqrt tanh".split()}
    | {"maximum": "max(⟨{1},↵{0}⟩)", "minimum": "min(⟨{1},↵{0}⟩)"}  # so that NaN in {0} is the result
    | {name: f"self::{name}" for name in "erfc sigmoid sign softplus".split()}
    | {"smooth_clip": "self::smoothClip", "where": "{0}↵? {1}↵: {2}"},
    conjunction="&&",
    variable="${}",
    number="{}",
    tight_powers=False,
    modulo="fmod",
    prefix="self::",
    cased=own_name,
)

TAKEN = frozenset(
    "abstract and array as bool break callable case catch class clone closure const continue declare default die do"
    " echo else elseif empty enddeclare endfor endforeach endif endswitch endwhile enum eval exit extends false final"
    " finally float fn for foreach function generator global goto if implements include instanceof insteadof int"
    " interface invalidargumentexception isset iterable list match mixed namespace never new null numeric object or"
    " parent print private protected public readonly require resource return self static string switch throw trait"
    " true try unset use var void while xor yield".split()
)
"""Names that a class cannot have, in small letters: reserved words of PHP, and classes that modules use."""

SYNTAX = Syntax(
    re.compile(r"^(?:use |(?: {4})?(?:public|private) (?:static function|const) )(\w+)", re.MULTILINE),
)
"""What states a name: a method or a constant, inside the class of the module or not yet."""


def class_name(network: str) -> str:
    """The class of a network, and its file: ``XorMlp`` for ``xor_mlp``. A digit keeps its underscore."""
    name = re.sub(r"(?:^|_)([^\W\d_])", lambda found: found[1].upper(), network)
    return f"{name}Network" if name.lower() in TAKEN else name


_VARIABLE = re.compile(
    r"""('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?<![\w$:'\\>.])(?!(?:self|true|false|null|NAN|INF)\b)([^\W\d]\w*)(?![\w(:])|(\bself)\."""
)
"""A text, a name that is neither a function nor a constant, or what stands before a constant."""


def dollars(text: str) -> str:
    """An expression with the mark of a variable before each; ``self.b`` is a constant of the class."""
    return _VARIABLE.sub(lambda found: found[1] or (f"{found[3]}::" if found[3] else f"${found[2]}"), text)


def assign(value: str, name: str, indent: int = 4, sign: str = "=") -> str:
    """``$name = value;``, or with another sign such as ``+=``."""
    return STYLE.statement(f"{dollars(name)} {sign} ", dollars(value), indent)


def statement(value: str, start: str, indent: int = 4) -> str:
    """``start``, an expression and a semicolon."""
    return STYLE.statement(start, dollars(value), indent)


def unpack(names: Iterable[Sequence[str]], source: str) -> str:
    """``[$w_h1_x1, $w_h1_x2] = $params;``."""
    named = rows.until_last(names)
    return items(([dollars(name) for name in row] for row in named), "[", f"] = {source};") if named else ""


def items(listed: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 4) -> str:
    """Items in brackets, on as many lines as they need."""
    return STYLE.items(listed, opening, closing, indent)


def texts(listed: Sequence[str], opening: str, closing: str, indent: int = 4) -> str:
    """Texts in brackets."""
    return items([list(map(text_of, listed))], opening, closing, indent)


def strings(parts: Sequence[str], start: str) -> str:
    """``start'part part ...';``, on as many lines as it needs."""
    line = f"{start}'{' '.join(parts)}';"
    if columns(line) <= STYLE.width:
        return line
    return f"{start.rstrip()}\n    " + "\n    . ".join(f"'{one}'" for one in pieces(parts)) + ";"


def text_of(text: str) -> str:
    """A text constant; what cannot be seen, and what layouts know as a mark, is a number in it."""
    if text.isascii() and text.isprintable() and "'" not in text:
        return "'" + re.sub(r"\\(?=\\|\Z)", r"\\\\", text) + "'"
    return quoting("\\u{%x}", '"$')(text)


def native(kind: str) -> str:
    """The type of PHP for one of a comment."""
    return re.sub(r"^(\??)(?:(?:list|array|callable)\b.*|State|Progress)$", _native, kind)


def _native(found: re.Match[str]) -> str:
    return found[1] + ("callable" if "callable" in found[0] else "array")


def method(arguments: Sequence[str], name: str, gives: str, says: str, public: bool = True, fails: bool = False) -> str:
    """The comment and the head of a method.

    Args:
        arguments: types, as comments have them, and names: ``list<float> $params``.
        name: the name of the method.
        gives: the type of what it returns.
        says: its comment, in paragraphs.
        public: whether users call it.
        fails: whether it may throw something.
    """
    given = [re.findall(r"^(.+?) (&?(\$\w+).*)$", one)[0] for one in arguments]
    tags = ["@template T"] * any("<T>" in one for one in arguments)
    tags += [f"@param {kind} {named}" for kind, _, named in given if native(kind) != kind]
    tags += [f"@return {gives}"] * (native(gives) != gives) + ["@throws InvalidArgumentException"] * fails
    start = f"{'public' if public else 'private'} static function {name}("
    text = head([f"{native(kind)} {rest}" for kind, rest, _ in given], start, f"): {native(gives)}", STYLE.width, ",\n")
    return f"{doc(says, tags)}\n{text}" + (" {" if "\n" in text else "\n{")


def doc(text: str, tags: Sequence[str] = ()) -> str:
    """A documentation comment of some paragraphs, and tags; an indented paragraph is a program."""
    lines: list[str] = []
    for said in text.replace("*/", "* /").strip("\n").split("\n\n"):
        margin = "    " * said.startswith("    ")
        lines += [""] * bool(lines) + [margin + one for one in wrap(said, STYLE.width - 3 - len(margin))]
    lines += [""] * bool(tags) + [*tags]
    if len(lines) == 1 and columns(lines[0]) <= STYLE.width - len("/**  */"):
        return f"/** {lines[0]} */"
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in lines), " */"])


def finished(text: str, dtype: str) -> str:
    """The members of a module within its class."""
    top, members = text.split("\n{\n", 1)
    return f"{top}\n{{\n{indent(members.strip(), '    ')}\n}}\n"


MASK = "0xffffffff"

SETTINGS = {"epochs": "self::EPOCHS", "batch_size": "self::BATCH_SIZE", "seed": "self::ORDER_SEED", "progress": "null"}
"""What those of a network are."""

CALLED: Mapping[type[ast.AST], str] = {ast.FloorDiv: "intdiv", ast.Mod: "fmod"}
"""Operators that are functions; that of remainders only of numbers that are not whole."""


stored, comment = storing(assign), commenting(STYLE.width)
"""Filters that other languages have, too."""


ZEROS = ("no_params", "no_slopes", "no_slopes_in", "slopes_of_training")
"""Functions of the kit that make parameters or derivatives of 0."""


class PhpPrinter(Printer):
    """Writes functions of the source as static methods of PHP 8."""

    width, noted, laid = STYLE.width, staticmethod(comment), staticmethod(statement)
    last_comma, nested, keyed, added = ",", "[{}]", "{0} => {1}", "{0}[] = {1}"
    counts, walks = "for ({0} = {1}; {0} < {2}; {3})", "foreach ({2} as {1})"
    pairs = "foreach ({2} as {0} => {1})"
    documented, text, array = staticmethod(doc), staticmethod(text_of), staticmethod(items)
    copies = "array_splice({0}, {1}, {3}, [", "]);"
    fills = chunks = lists_texts = appends = True
    filters = names_typed = False
    flags: ClassVar[Mapping[str, bool]] = {"CHECKS_BEFORE": True, "SIZES": True, "THROWS": True}
    types: ClassVar[Mapping[str, str]] = {
        "Within": "list<bool>", "Notes": "list<string>",
        "Bounds": "list<float>", "ByInput": "list<float>", "ByColumn": "list<float>",
        "int": "int", "I64": "int", "U32": "int", "F64": "float", "Num": "float", "bool": "bool", "str": "string",
        "Params": "list<float>", "Inputs": "list<float>", "Outputs": "list<float>", "Shares": "list<float>",
        "Kept": "list<float>", "Start": "list<float>", "Size": "int", "State": "State", "Progress": "Progress",
        "Row": "array<mixed>", "Class": "string",
        "Title": "string", "Texts": "list<string>", "Cell": "mixed", "Style": "array<string, mixed>",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        **ALIKE,
        "abs": "abs({0})", "bare": 'trim({0}, " \\t\\n\\v\\f\\r")', "contains": "in_array({1}, {0}, true)",
        "chunks": "array_chunk({0}, {1})", "cos": "cos({0})", "exp": "exp({0})",
        "floor": "floor({0})",
        "endswith": "str_ends_with({0}, {1})", "find": "self::find({0}, {1})",
        "has": "str_contains({0}, {1})", "infinity": "INF",
        "is_nan": "is_nan({0})", "is_none": "{0} === null", "is_number": "is_int({0}) || is_float({0})",
        "is_text": "is_string({0})", "is_truth": "is_bool({0})", "is_whole": "fmod({0}, 1.0) == 0.0",
        "number_in": "(float) {0}", "number_texts": "self::numberTexts({0})", "pi": "M_PI", "sin": "sin({0})",
        "text_in": "{0}", "truth_in": "{0}",
        "I64": "(int) {0}", "kept": "{0}", "copied": "{0}", "put_back": "{0} = {1}", "resume": "{0} = {1}",
        "clear": "{0} = array_fill(0, self::PARAMETERS, 0.0)", "check_size": "self::checkSize({2}, count({0}), {1})",
        "sum_of": "array_sum({0})", "picked": "self::picked({0}, {1})", "distinct": "self::distinct({0})",
        **dict.fromkeys(ZEROS, "array_fill(0, self::PARAMETERS, 0.0)"),
        "filled": "array_fill(0, {0}, {1})", "int": "(int) {0}",
        "is_digits": "ctype_digit({0})", "joined": "implode('', {0})", "len": "count({0})", "max": "max({0}, {1})",
        "min": "min({0}, {1})", "nan": "NAN", "_choose": "({0} ? {1} : {2})", "_expm1": "expm1({0})",
        "_log1p": "log1p({0})", "_tanh": "tanh({0})", "log": "log({0})",
        "_maximum": "max({1}, {0})", "_minimum": "min({1}, {0})", "_largest": "max({0})", "_sum": "array_sum({0})",
        "parsed": "self::parsed({0})", "replace": "str_replace({1}, {2}, {0})",
        "rounded": "(int) round({0}, 0, PHP_ROUND_HALF_EVEN)",
        "split": "explode({1}, {0})", "sqrt": "sqrt({0})", "startswith": "str_starts_with({0}, {1})",
        "cell_of": "$cells[{1}]", "check_row": "$cells = self::cellsOf({0})", "copy_of": "{0}",
        "categories_of": "self::CATEGORIES[{1}]", "ids_of": "self::IDS[{1}]",
        "no_inputs": "array_fill(0, self::INPUTS, 0.0)", "no_bounds": "array_fill(0, 2 * self::OUTPUTS, 0.0)",
        "no_outputs": "array_fill(0, self::OUTPUTS, 0.0)", "no_jacobian": "[]",
        "no_notes": "[]", "no_numbers": "array_fill(0, count(self::COLUMNS), 0.0)",
        "no_rows": "array_fill(0, {0}, array_fill(0, count(self::COLUMNS), 0.0))",
        "stripped": "trim({0}, ' ')", "list": "range(0, {0} - 1)",
    }  # fmt: skip

    constants: ClassVar[Mapping[str, str]] = {name: f"self::{name}" for name in CONSTANTS}

    def head(self, function: Function) -> str:
        """The comment and the head."""
        arguments = [one for given in function.arguments for one in self.declaration(function, given)]
        gives = "void" if function.gives == "None" else self.kind(function.gives)
        fails = self.fails or any("self::check" in self.calls.get(one, self.name(one)) for one in called(function))
        name = self.name(function.name).removeprefix("self::")
        return method(arguments, name, gives, function.says, function.public, fails)

    def declaration(self, function: Function, given: Argument) -> Iterator[str]:
        """An argument; each of the settings that a function reads is one."""
        if given.kind == "Callback | None":
            more = ", Progress" * any("progress = " in ast.unparse(one) for one in function.body)
            yield f"?callable(int, float, list<float>{more}): mixed $callback = null"
        elif given.kind == "Settings":
            read = {one.attr for one in nodes(function.body) if isinstance(one, ast.Attribute)}
            for name, kind in self.program.fields["Settings"].items():
                if name in read:
                    yield f"{self.kind(kind)} {self.local(name)} = {SETTINGS[name]}"
        else:
            by = "&" * (given.name in self.made.changed[function.name])
            start = (
                f" = {self.write(given.default)}" if given.default else " = null" * bool(by and optional(given.kind))
            )
            yield f"{self.kind(given.kind)} {by}{self.local(given.name)}{start}"

    def valued(self, one: Constant) -> str:
        """A constant of the class."""
        start = f"{'public' if one.public else 'private'} const {one.name} = "
        if one.kind == "U32":
            return f"{start}{one.values[0]};"
        if one.table:
            entries = (texts(some, f"{text_of(name)} => [", "],") for name, _, some in one.table)
            return "\n    ".join([f"{start}[", *entries]) + "\n];"
        return items(self.listed_values(one), f"{start}[", "];", 0)

    def record_of(self, one: Record) -> str:
        """What makes a state, or the settings of the spec; an array has no type."""
        if one.name == "State":
            starts = (f"array_fill(0, self::PARAMETERS, {self.starting(f)})" for f in one.fields)
            pairs = zip(one.fields, starts, strict=True)
            listed = (f"'{f.name}' => {start if f.kind == 'Kept' else '0.0'}," for f, start in pairs)
            lines = "".join(f"\n        {line}" for line in listed)
            head = method([], "initState", "State", "The state before the first step.")
            return f"{head}\n    return [{lines}{lines and chr(10)}{'    ' * bool(lines)}];\n}}"
        if one.name == "Progress":
            return ""
        names = ("EPOCHS", "BATCH_SIZE", "ORDER_SEED")
        stated = (f"public const {n} = {self.starting(f)};" for n, f in zip(names, one.fields, strict=False))
        return "\n".join([doc("What `fit` takes unless its caller says something else."), *stated])

    def cased(self, name: str) -> str:
        """A method of the same class."""
        return f"self::{camel(name)}"

    def local(self, name: str) -> str:
        """A variable."""
        return f"${name if name in self.kept else camel(name)}"

    def kind(self, kind: str) -> str:
        """A type of a comment; ``method`` finds that of the language."""
        if kind.startswith("tuple["):
            return f"array{{{', '.join(map(self.kind, several(kind)))}}}"
        if optional(kind):
            return f"?{self.kind(certain(kind))}"
        return self.types.get(kind) or f"list<{self.kind(item(kind))}>"

    def otherwise(self, head: str, depth: int) -> Iterator[str]:
        """The line between two blocks."""
        yield from super().otherwise(head.replace("else if", "elseif"), depth)

    def fitted(self, line: str) -> list[str]:
        """A long record has a line for each field, a long condition one for each alternative."""
        found = re.fullmatch(r"( *)(.* = \[|if \()('.*|.*\|\| .*)(\];|\) \{)", line)
        if found is None or columns(line) <= self.width:
            return super().fitted(line)
        record = found[4] == "];"
        inner = [f"{one}," for one in separated(found[3])] if record else re.split(r" (?=\|\| )", found[3])
        return [found[1] + found[2], *(f"{found[1]}    {one}" for one in inner), found[1] + found[4]]

    def unpacked(self, names: ast.Tuple, value: ast.expr, depth: int) -> Iterator[str]:
        """A name for each result that is read."""
        listed = ", ".join("" if ast.unparse(one) == "_" else self.local(ast.unparse(one)) for one in names.elts)
        yield self.line(depth, f"[{listed.rstrip(', ')}] = {self.write(value)};")

    def record(self, name: str, args: Sequence[ast.expr]) -> str:
        """A record is an array with the names of its fields."""
        fields = zip(self.program.fields[name], map(self.write, args), strict=False)
        return f"[{', '.join(f'{camel(field)!r} => {value}' for field, value in fields)}]"

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """A field of a record, or one of the settings."""
        match node:
            case ast.Attribute(value=ast.Name(id=record), attr=name) if self.kinds.of[record] == "Settings":
                return self.local(name), ATOM
            case ast.Attribute(value=value, attr=name):
                return f"{self.write(value)}['{camel(name)}']", ATOM
        return super().expression(node, depth)

    def whole(self, node: ast.expr, kind: str) -> str:
        """A sum of whole numbers of 32 bits loses its higher bits."""
        text = self.typed(node, kind)
        grows = kind == "U32" and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
        return f"({text}) & {MASK}" if grows else text

    def binary(self, pair: Pair, kind: str, depth: int) -> str:
        """A product of whole numbers of 32 bits; texts are joined; what is no float is equal in its type, too."""
        called = "self::product32" if isinstance(pair.op, ast.Mult) and kind == "U32" else CALLED.get(type(pair.op))
        if called == "fmod" and kind not in ("F64", "Num"):
            called = None
        if called:
            return f"{called}({self.write(pair.left)}, {self.write(pair.right)})"
        text = super().binary(pair, kind, depth)
        if isinstance(pair.op, ast.Add) and kind == "str":
            return text.replace(" + ", " . ")
        strict = isinstance(pair.op, ast.Eq | ast.NotEq) and kind not in ("F64", "Num")
        return re.sub(r" ([!=]=) ", r" \1= ", text) if strict else text

    def missing(self, value: str, kind: str, yes: bool) -> str:
        """Whether a value is missing."""
        return f"{value} {'===' if yes else '!=='} null"

    def choice(self, test: str, yes: str, no: str) -> str:
        """One of two values; another choice among them has parentheses."""
        yes, no = (f"({one})" if " ? " in one else one for one in (yes, no))
        return f"{test} ? {yes} : {no}"

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        length = last and f", {between(first, last)}"
        return f"{'substr' if kind == 'str' else 'array_slice'}({value}, {first or 0}{length})"

    def is_type(self, name: str, kind: str) -> bool:
        """A number that a user gives may have a sign and higher bits."""
        return name != "U32" and super().is_type(name, kind)

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """Lengths of texts, numbers of 32 bits, and nothing for what a function would change."""
        known = self.made.known.get(name)
        if known and args and ast.unparse(args[-1]) == "None" and known.arguments[-1].name in self.made.changed[name]:
            return super().call(name, args, depth).replace(", null)", ")")
        if name == "Num":
            whole = isinstance(args[0], ast.Name) and self.kinds(args[0]) == "int"
            return f"{'(float) ' * whole}{self.write(args[0])}"
        if name == "len" and self.kinds(args[0]) == "str":
            return f"strlen({self.write(args[0])})"
        if name == "U32":
            value = self.write(args[0], PREFIX)
            return value if isinstance(args[0], ast.Constant) else f"{value} & {MASK}"
        return super().call(name, args, depth)


def called(function: Function) -> set[str]:
    """The functions that a function calls."""
    return {ast.unparse(node.func) for node in nodes(function.body) if isinstance(node, ast.Call)}


class PhpEquations(PlaceWriter):
    """Writes equations of layers in PHP, in which matrices are places among all parameters."""

    ranges = "{0} = 0; {0} < {1}; {0}++"
    least, renames, singles = "-INF", "{} = ", ("{} = ", "[⟨{}⟩]")
    seed_of_example = "seeds[k] ?? null"

    def function(self, name: str) -> str:
        """A method of the class, or what PHP has."""
        return {"maximum": "max", "largest": "max", "sum": "array_sum"}.get(name, f"self::{camel(name)}")

    def line(self, start: str, value: str, depth: int) -> str:
        """A statement with a semicolon."""
        return self.margin * depth + statement(value, dollars(start), 4 * depth)

    def declared(self, name: str, value: loops.Value, again: bool = False) -> str:
        """A name has no type."""
        return f"{name} = "

    def zeros(self, value: loops.Value) -> str:
        """Biases, an empty list whose rows are made later, or zeros to which something is added."""
        match value:
            case loops.Affine(count, Block(name=name)):
                return f"array_slice(⟨params,↵self.{name},↵{count}⟩)"
            case loops.Affine(count):
                return f"array_fill(0, {count}, 0.0)"
            case loops.Largest():
                return "-INF"
        inner = value
        while isinstance(inner, loops.Each):
            inner = inner.value
        if isinstance(inner, loops.Affine | loops.Largest) or (isinstance(value, loops.Each) and self.inline(inner)):
            return "[]"
        start = "0.0"
        for size in reversed(list(loops.shape(value))):
            start = f"array_fill(0, {size}, {start})"
        return start

    def opened(self, word: str, head: str, depth: int) -> str:
        """The first line of a block."""
        return super().opened(word, dollars(head), depth)

    def first(self, block: Block) -> str:
        """The constant that says where a block begins."""
        return f"self.{block.name}"


DIALECT = Dialect(
    seeded="The seed draws the units that dropout leaves out; without it none is, as in `forward`.",
    row=": its cells by the names of columns, or in the order of COLUMNS.",
    expression=lambda text: dollars(flat(text)),
)
COMPILER = ("php", "_driver.php")

TARGET = Target(
    name="php",
    words=WORDS,
    imports=frozenset(),
    suffix=".php",
    printer=PhpPrinter,
    equations=PhpEquations,
    stem=class_name,
    network_of=network_of,
    filters=(
        *(*loop_names.C, *rows.FILTERS),
        *(assign, class_name, comment, doc, dollars, flat, items, method, prose),
        *(span, stored, strings, unpack),
    ),
    max_trained=MAX_TRAINED_OF_OTHERS,
    max_parameters=MAX_TRAINED_OF_OTHERS,
    syntax=SYNTAX,
    dialect=DIALECT,
    finished=finished,
    entries=("INPUTS", "OUTPUTS"),
    cased=camel,
    reserved=frozenset({"this", "seed", "weight"}),
    compiler=COMPILER,
    fast=COMPILER,
    runs=COMPILER,
)
"""The target, for ``TARGETS``."""
