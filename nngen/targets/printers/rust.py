"""Rust: what is borrowed, what changes, and expressions in place of returns."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent
from typing import ClassVar

from nngen.common.text import columns
from nngen.printing import (
    ALIKE,
    ARRAYS,
    ATOM,
    PREFIX,
    SUM,
    Argument,
    Constant,
    Function,
    Pair,
    Printer,
    Record,
    certain,
    is_list,
    missing,
    opening,
    optional,
    separated,
    several,
)
from nngen.targets import rust

MAX_CHAIN, MAX_CHOICE, MAX_FIELDS = 60, 50, 18
"""Columns of a chain of calls, of a choice, and of the fields of a struct, that rustfmt leaves on one line."""


class RustPrinter(Printer):
    """Writes functions of the source in Rust, as rustfmt leaves them."""

    none, chunks, fills, nested, entry = "None", True, True, "[{}]", "({0}, {1}&[{2}])"
    begins, raises, right, done_well, results = "let {0} = ", "return", "Ok({})", "Ok(())", "({})"
    list_type = "Vec<{}>"
    subjects = ("matrices", "spellings")
    nones: ClassVar[Mapping[str, str]] = {"Cell": "Cell::Missing"}
    asks, repeats, endless, walks, increments = "if {}", "while {}", "loop", "for {1} in {2}", False
    choices, instead, there = "if {0} {{ {1} }} else {{ {2} }}", "{0}.unwrap_or({1})", "Some({})"
    pairs, grows = "for ({0}, &{1}) in {2}.iter().enumerate()", "let mut {0} = Vec::new()"
    documented, noted, text = staticmethod(rust.doc), staticmethod(rust.comment), staticmethod(rust.text_of)
    array, copies = staticmethod(rust.items), ("{0}[{1}..{2}].copy_from_slice(&[", "]);")
    flags: ClassVar[Mapping[str, bool]] = {"SIZES": False, "THROWS": False, "callback is not None": True}
    types: ClassVar[Mapping[str, str]] = {
        "Within": "[bool; CLASSES.len()]", "Notes": "[&'static str; COLUMNS.len()]", "Bounds": "[Num; 2 * OUTPUTS]",
        "Class": "&'static str", "Inputs": "[Num; INPUTS]", "Outputs": "[Num; OUTPUTS]",
        "Shares": "[Num; CLASSES.len()]", "Kept": "Box<Params>", "Start": "Box<Params>", "ByInput": "[Num; NUMBERS]",
        "ByInputs": "[[Num; NUMBERS]; OUTPUTS]", "ByColumn": "[Num; COLUMNS.len()]",
        "ByColumns": "[[Num; COLUMNS.len()]; ANSWERS]", "int": "usize", "U32": "u32", "F64": "f64", "str": "&str",
        "I64": "i64", "Size": "usize", "Content": "&str", "None": "", "Title": "&'static str",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        **ALIKE, "_even": "{0}.replace(['\\u{{a0}}', '\\u{{2009}}', '\\u{{202f}}'], \" \")", "_remainder": "{0} % {1}",
        "contains": "{0}.contains(&{1})", "cos": "cos64({0})", "is_digits": "all_digits({0})", "is_nan": "{0}.is_nan()",
        "is_none": "{0} == Cell::Missing", "is_number": "let Cell::Number(number) = {0}",
        "is_text": "let Cell::Text(text) = {0}", "is_whole": "{0} % 1.0 == 0.0", "nan": "f64::NAN",
        "number_in": "number", "pi": "core::f64::consts::PI", "sin": "sin64({0})", "startswith": "{0}.starts_with({1})",
        "text_in": "text", "check_row": "", "check_size": "", "is_finite": "{0}.is_finite()",
        "shortest": 'format!("{{:?}}", {0})', "no_inputs": "[0.0; INPUTS]", "no_bounds": "[0.0; 2 * OUTPUTS]",
        "no_outputs": "[0.0; OUTPUTS]", "no_jacobian": "[[0.0; NUMBERS]; OUTPUTS]",
        "no_numbers": "[0.0; COLUMNS.len()]", "no_notes": "[\"\"; COLUMNS.len()]",
        "no_rows": "[[0.0; COLUMNS.len()]; {0}]", "copy_of": "*{0}", "F64": "{0} as f64", "float": "{0} as f64",
        "I64": "{0} as i64", "int": "{0} as usize", "Num": "{0} as Num", "U32": "{0} as u32",
        "chunks": "{0}.chunks({1})", "filled": "vec![{1}; {0}]", "unused": "let _ = {0}", "undrawn": "let _ = {0}",
        "no_params": "filled(0.0)", "categories_of": "CATEGORIES[{0}].1", "ids_of": "IDS[{0}].2",
        "endswith": "{0}.ends_with({1})", "joined": "{0}.join({1})", "replace": "{0}.replace({1}, {2})",
        "split": "{0}.split({1}).collect()", "stripped": "{0}.trim_matches(' ')", "abs": "{0}.abs()",
        "len": "{0}.len()", "max": "{0}.max({1})", "min": "{0}.min({1})", "rounded": "{0}.round_ties_even() as usize",
        "sqrt": "{0}.sqrt()", "clear": "{0}.fill(0.0)", "copied": "{0}.clone()", "infinity": "Num::INFINITY",
        "kept": "boxed({0})", "list": "(0..{0}).collect()", "no_slopes": "[0.0; PARAMETERS]",
        "no_slopes_in": "[0.0; PARAMETERS]", "put_back": "{0}.copy_from_slice(&{1}[..])", "resume": "{0} = {1}.clone()",
        "slopes_of_training": "filled(0.0)", "floor": "floor({0})", "distinct": "distinct({0})",
    }  # fmt: skip
    methods: ClassVar[Mapping[str, str]] = {"expm1": "exp_m1", "log": "ln", "log1p": "ln_1p", "pow": "powf"}
    """The methods of functions of numbers whose names are others."""

    @staticmethod
    def laid(value: str, start: str, margin: int) -> str:
        """A statement with a formula, or a formula that is the result of a function."""
        return rust.statement(value, start, margin).removesuffix("" if start else ";")

    def definition(self, function: Function) -> str:
        """A function whose local lists may change, and whose local values that may be missing are asked for at once."""
        self.asked: dict[str, str] = {}
        self.owned: set[str] = set()
        self.strings: set[str] = set()
        text = rust.marked(super().definition(function))
        return text.replace("f64", "Num") if function.module == "special" else text

    @classmethod
    def has(cls, function: Function) -> bool:
        """Of special functions it lacks only that of errors, which is computed in the width of the network."""
        of_errors = function.name == "_erfc"
        return of_errors != (function.module == "special") or super().has(function)

    def head(self, function: Function) -> str:
        """The comment and the head."""
        arguments = list(map(self.argument, self.in_order(function)))
        gives = "String" if function.gives == "Content" else self.kind(function.gives)
        name = self.name(function.name)
        lives = {"&str": "&'a str", "Cell": "Cell<'a>"}.get(gives)
        if lives and len(arguments) > 1:  # it is a part of the first argument of its type
            first = next(place for place, one in enumerate(arguments) if one.endswith(f": {gives}"))
            arguments[first] = arguments[first].replace(gives, lives)
            name, gives = f"{name}<'a>", lives
        if self.fails:
            gives = f"Result<{gives or '()'}, Error>"
        return rust.function(arguments, name, gives, self.says(function), public=function.public)

    def valued(self, one: Constant) -> str:
        """A constant; parameters are at one place."""
        start = "pub " * one.public
        if one.kind == "U32":
            return f"{start}const {one.name}: u32 = {one.values[0]};"
        kinds = {"Texts": "&str", "list[int]": "usize", "list[list[int]]": "[usize; 4]"}
        kinds |= {"Categories": "(&str, &[&str])", "Ids": "(&str, usize, &[&str])"}
        rows = self.listed_values(one)
        kind = f"[{kinds[one.kind]}; {sum(map(len, rows))}]" if one.kind in kinds else self.kind(one.kind)
        word = "static" if one.kind == "Params" else "const"
        return rust.items(rows, f"{start}{word} {one.name}: {kind} = [", "];", 0)

    def argument(self, one: Argument) -> str:
        """An argument with its type: a reference to what is not small, or to what the function changes."""
        if one.name == "callback":
            return f"mut callback: impl FnMut(usize, Num, &Params{', &Progress' * self.gets_progress}) -> bool"
        kind = self.kind(certain(one.kind))
        if is_lent(one.kind):
            kind = re.sub(r"^Vec<(.*)>$", r"[\1]", kind)
            kind = f"&{'mut ' * (one.name in self.made.changed[self.function.name])}{kind}"
        return f"{one.name}: {f'Option<{kind}>' if optional(one.kind) else kind}"

    def fitted(self, line: str) -> list[str]:
        """The lines that rustfmt makes of one."""
        margin, start, value, end = re.findall(r"^( *)((?:.*? = |return )?)(.*?)([;?]*)$", line)[0]
        text = rustfmt(start, value, long=columns(line) > rust.STYLE.width)
        return f"{margin}{text}{end}".replace("\n", f"\n{margin}").split("\n")

    def kind(self, kind: str) -> str:
        """A type."""
        if optional(kind):
            return f"Option<{self.kind(certain(kind))}>"
        if kind.startswith("tuple["):
            return f"({', '.join(map(self.kind, several(kind)))})"
        return super().kind(kind)

    def block(self, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """The last value of a function is its result."""
        lines = list(super().block(body, depth))
        if body is self.function.body and (found := re.fullmatch("    return (.*);", lines[-1])):
            lines[-1] = f"    {found[1]}"
        yield from lines

    def test(self, test: ast.expr) -> str:
        """A value without which nothing goes on, or for which something is done."""
        match test:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as op]):
                head = f"let Some({name}) = {self.asked.get(name, name)}"
                return f"{head} else" if isinstance(op, ast.Is) else f"if {head}"
        return super().test(test)

    def condition(self, node: ast.If, depth: int) -> Iterator[str]:
        """A value that is there has a name, so this is a statement."""
        *lines, last = super().condition(node, depth)
        yield from [*lines, last + ";" * bool(missing(node))]

    def extended(self, values: ast.expr, over: ast.Call, depth: int) -> Iterator[str]:
        """The numbers of a range are added at once."""
        first, last = map(self.write, over.args)
        yield self.line(depth, f"{self.write(values)}.extend({first}..{last});")

    def counted(self, name: str, first: str, last: str, by: str) -> str:
        """A loop over whole numbers."""
        return f"for {name} in ({first}..{last}).step_by({by})" if by else f"for {name} in {first}..{last}"

    def each(self, name: str, kind: str, over: ast.expr) -> str:
        """A loop over items, which are copied, or over lists."""
        if isinstance(over, ast.Tuple):
            return super().each(name, kind, over)
        return f"for {'&' * (not is_list(kind))}{name} in {self.passed(over, self.kinds(over), 1)}"

    def stated(self, name: str, kind: str) -> str:
        """A name that changes is mutable."""
        self.owned.add(name)
        return f"{'mut ' * (name in self.changed | self.filled)}{name}"

    def cell(self, written: str | None) -> str:
        """A variant."""
        kind = "Text" if written and written.startswith('"') else "Number"
        return f"Cell::{kind}({written})" if written else "Cell::Missing"

    def unpacked(self, names: ast.Tuple, value: ast.expr, depth: int) -> Iterator[str]:
        """A name for each result; all parameters are on the heap."""
        found = {ast.unparse(one) for one in names.elts}
        self.owned |= found
        self.kinds.of |= {one: "Kept" for one in found if self.kinds.of[one] == "Params"}
        yield from super().unpacked(names, value, depth)

    def whole(self, node: ast.expr, kind: str) -> str:
        """A value, which is a copy where another name has it, too."""
        text = super().whole(node, kind) + ".clone()" * (kind == "Kept" and not isinstance(node, ast.Call))
        if kind == "Params" and self.kinds(node) == "Kept":
            return f"*{text}"
        if kind == "Cell" and self.kinds(node) == "F64":
            return f"{text}.into()"
        return self.some(text, kind) if optional(kind) and self.kinds(node) == certain(kind) else text

    def is_string(self, node: ast.expr) -> bool:
        """Whether a value is a text of its own, which others get as a reference."""
        match node:
            case ast.Name(id=name):
                return name in self.strings
            case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
                return name in ("_even", "joined", "replace", "shortest")
            case ast.ListComp(elt=term):
                return self.is_string(term)
        return isinstance(node, ast.BinOp) and self.kinds(node) == "str"

    def passed(self, node: ast.expr, kind: str, depth: int) -> str:
        """A list is lent, and so is a text of its own."""
        given = self.kinds(node)
        if given == "None" or not (is_lent(kind) or self.is_string(node)):
            return super().passed(node, kind, depth)
        text = self.write(node, PREFIX).removesuffix(".to_vec()")
        if isinstance(node, ast.List):
            text = f"[{', '.join('*' * (self.kinds(one) in ARRAYS) + self.write(one) for one in node.elts)}]"
        text = text if self.is_reference(node) else f"&{text}"
        return self.some(text, kind) if optional(kind) and not optional(given) else text

    def is_reference(self, node: ast.expr) -> bool:
        """Whether this is an argument, an item of a list, another name of one of them, or a part of a list."""
        if isinstance(node, ast.Name):
            return node.id not in {*self.owned, *self.grown, *self.program.names}
        return isinstance(node, ast.Call) and ast.unparse(node.func) in ("categories_of", "chunks", "ids_of")

    def said_as(self, argument: Argument, given: ast.expr, text: str) -> str:
        """A reference to what a function changes."""
        return text.replace("&", "&mut ", 1) if argument.name in self.made.changed[self.callee.name] else text

    def arguments(self, args: Sequence[ast.expr], depth: int) -> list[str]:
        """Texts of their own are lent."""
        return ["&" * self.is_string(one) + self.write(one) for one in args]

    def declared(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """A value that may be missing is asked for where it is used; a list that is collected has its type."""
        kind = self.kinds.of[name]
        if optional(kind):
            self.asked[name] = "&" * is_lent(kind) + self.whole(value, kind)
        elif isinstance(value, ast.Name) and is_list(kind):  # another name of a list
            yield self.line(depth, f"let {name} = {self.passed(value, kind, depth)};")
        else:
            text = self.whole(value, kind)
            of_type = text.endswith(".collect()") or (kind == "U32" and text.isdigit())
            typed = f": {self.kind(kind)}" * of_type
            if self.is_string(value):
                self.strings.add(name)
                typed = typed.replace("&str", "String")
            yield self.line(depth, f"let {self.stated(name, kind)}{typed} = {text};")

    def returned(self, value: ast.expr, depth: int) -> Iterator[str]:
        """A value, which is ``Ok`` if the function may fail."""
        if self.function.module == "functions":
            yield from self.of_library(value, depth)
            return
        text = self.whole(value, self.function.gives)
        if is_list(self.kinds(value)) and self.is_reference(value):
            text += ".to_vec()"
        given = text.removesuffix("?") if self.may_fail(value) else self.succeeded(text)
        yield self.line(depth, f"return {given};")

    def of_library(self, value: ast.expr, depth: int) -> Iterator[str]:
        """A function that a library may have for 64 bits, or a number has as a method."""
        called = {ast.unparse(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)}
        (name,) = called - {"F64", "Num"}
        first, *others = (one.name for one in self.function.arguments)
        if name != "abs":  # the core has that one
            typed = "Num" in called
            given = ", ".join(f"{one}{'.into()' * typed}" for one in (first, *others))
            yield self.line(depth, '#[cfg(feature = "libm")]')
            yield self.line(depth, f"return libm::{name}({given}){' as Num' * typed};")
            yield self.line(depth, '#[cfg(not(feature = "libm"))]')
        yield self.line(depth, f"return {first}.{self.methods.get(name, name)}({', '.join(others)});")

    def filtered(self, node: ast.ListComp) -> str:
        """The calls that make a list."""
        self.kinds(node)
        generator = node.generators[0]
        name = ast.unparse(generator.target)
        match generator.iter:
            case ast.Name() as values if self.kinds(values) in ("Outputs", "Shares"):  # arrays, which have no heap
                return f"{self.write(values, ATOM)}.map(|{name}| {self.write(node.elt)})"
            case ast.Call(func=ast.Name(id="range"), args=[count]):
                text, given = f"(0..{self.write(count, SUM)})", name
            case values:
                text, given = f"{self.write(values, ATOM)}.iter()", f"&{name}"
        if generator.ifs:
            text += f".filter(|&{name}| {self.write(generator.ifs[0])})"
        if ast.unparse(node.elt) != name:
            text += f".map(|{given}| {self.write(node.elt)})"
        return f"{text}.collect()"

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        part = f"{value}[{first}..{last}]"
        return f"{part}.to_vec()" if is_list(kind) else f"&{part}"

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """A sum or a product of numbers of 32 bits without higher bits, and texts that are joined."""
        match node:
            case ast.BinOp(left=left, op=ast.Add() | ast.Mult() as op, right=right) if self.kinds(node) == "U32":
                method = "wrapping_add" if isinstance(op, ast.Add) else "wrapping_mul"
                return f"{self.write(left, ATOM)}.{method}({self.write(right)})", ATOM
            case ast.BinOp() if self.is_string(node):
                return f'format!("{self.piece(node)}")', ATOM
            case ast.List(elts=[ast.Name() as one]) if self.is_string(one):
                return f"vec![&{one.id}[..]]", ATOM
        text, binds = super().expression(node, depth)
        return text, PREFIX if binds == ATOM and re.search(r" as \w+$", text) else binds

    def piece(self, node: ast.expr) -> str:
        """A text within another one."""
        if isinstance(node, ast.BinOp):
            return self.piece(node.left) + self.piece(node.right)
        text = self.write(node)
        return re.sub("[{}]", r"\g<0>\g<0>", text[1:-1]) if isinstance(node, ast.Constant) else f"{{{text}}}"

    def binary(self, pair: Pair, kind: str, depth: int) -> str:
        """Whether a text or a list is empty is a question of its own."""
        text = super().binary(pair, kind, depth)
        found = re.fullmatch(r'(.*?)(?:\.len\(\) == 0| ([=!])= "")', text)
        return f"{'!' * (found[2] == '!')}{found[1]}.is_empty()" if found else text

    def record_of(self, one: Record) -> str:
        """A struct, and what makes one."""
        lines = [f"{self.documented(self.said_of(f))}\npub {f.name}: {self.kind(f.kind)}," for f in one.fields]
        body = indent("\n".join(["", *lines, ""]) * bool(lines), "    ")
        head = [self.documented(self.said_of(one)), "#[derive(Clone, Debug)]"]
        text = "\n".join([*head, f"pub struct {one.name} {{{body}}}"])
        if one.name == "Progress":
            return text
        values = [(f.name, f"filled({self.starting(f)})" if f.kind == "Kept" else self.starting(f)) for f in one.fields]
        made = rustfmt("", f"{one.name} {{ {', '.join(map(': '.join, values))} }}".replace("{  }", "{}"))
        if one.name == "State":
            start = rust.function([], "init_state", "State", "The state before the first step.")
            return f"{text}\n\n{start}\n{indent(made, '    ')}\n}}"
        made = f"    fn default() -> Self {{\n{indent(made, '        ')}\n    }}"
        return f"{text}\nimpl Default for Settings {{\n{made}\n}}"

    def record(self, name: str, args: Sequence[ast.expr]) -> str:
        """A record with its fields."""
        fields = []
        for (field, kind), given in zip(self.program.fields[name].items(), args, strict=False):
            text = self.passed(given, kind, 1) if is_list(kind) else self.whole(given, kind)
            fields.append(field if text == field else f"{field}: {text}")
        return f"{name} {{ {', '.join(fields)} }}"

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """Some constants and whole numbers have the type already; a function that may fail is asked for its result."""
        match name, args:
            case "F64" | "I64" | "Num" | "U32" | "float" | "int", [ast.Constant() as value]:
                return self.write(value)
            case "F64" | "Num", [ast.Call(func=ast.Name(id="floor")) as value]:
                return self.write(value)
            case "Num", [ast.Name(id=value)] if value in self.program.names:
                return f"{self.write(args[0])}.0"
            case "F64", [value] if self.kinds(value) == "U32":
                return f"f64::from({self.write(value)})"
            case "has", [value, mark]:
                return f"{self.write(value, ATOM)}.contains({ast.unparse(mark)})"  # a letter
            case "callback", _:
                return f"callback({', '.join(self.passed(one, self.kinds(one), depth) for one in args)})"
        return f"{super().call(name, args, depth)}{'?' * (name in self.made.failing)}"


def is_lent(kind: str) -> bool:
    """Whether a function gets values of a type, if there are any, as references."""
    kind = certain(kind)
    return is_list(kind) or kind in (*ARRAYS, "Progress", "Row", "Settings", "State", "Style")


def rustfmt(start: str, value: str, long: bool = False) -> str:
    """A statement as rustfmt breaks it: a choice, a chain of calls, arguments or fields, conditions, or after ``=``."""
    choice = re.fullmatch(r"(.*?)(if (.*?) \{ (.*) \} else \{ (.*) \})(.*)", value)
    if choice and (len(choice[2]) > MAX_CHOICE or not start + choice[1]):
        before, _, test, yes, no, after = choice.groups()
        return f"{start}{before}if {test} {{\n    {yes}\n}} else {{\n    {no}\n}}{after}"
    calls = re.split(r"(?=\.(?:iter|filter|map|split|collect)\()", value)
    if len(calls) > 1 and value.endswith(")") and (long or columns(value) > MAX_CHAIN):
        return start + "\n    ".join(calls)
    place, fields = opening(value), re.fullmatch(r"(\w+ \{) (.*) \}", value)
    first, given = fields.groups() if fields else (value[: place + 1], value[place + 1 : -1])
    most = MAX_FIELDS if fields else rust.MAX_ARGUMENTS
    if len(given) > most and re.search(r"\w\($|\w \{$", first) and not given.startswith("|"):
        if given.startswith("format!("):  # the only argument begins at once
            return f"{start}{first}format!(\n    {given[8:-1]}\n))"
        return "\n    ".join([start + first, *(f"{one}," for one in separated(given))]) + f"\n{value[-1]}"
    if long and start in ("", "return "):
        return start + value.replace(" && ", "\n    && ")
    return f"{start.rstrip()}\n    {value}" if long and " = " in start else start + value
