"""Rust: what is borrowed, what changes, and expressions in place of returns."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent
from typing import ClassVar

from nngen.common.text import columns
from nngen.printing import (
    ARRAYS,
    ATOM,
    CHOICE,
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
    item,
    missing,
    opening,
    optional,
    refuses,
    separated,
    several,
)
from nngen.targets import rust

MAX_CHAIN, MAX_CHOICE = 60, 50
"""Columns of a chain of calls, and of a choice, that rustfmt leaves on one line."""

LENT = (*ARRAYS, "Progress", "Row", "Settings", "State", "Style")
"""Types beside lists whose values functions get as references."""


class RustPrinter(Printer):
    """Writes functions of the source in Rust, as rustfmt leaves them."""

    none, chunks, fills, nested, entry = "None", True, True, "[{}]", "({0}, {1}&[{2}])"
    right, done_well, results, list_type = "Ok({})", "Ok(())", "({})", "Vec<{}>"
    subjects = ("matrices", "spellings")
    nones: ClassVar[Mapping[str, str]] = {"Cell": "Cell::Missing"}
    asks, repeats, endless = "if {}", "while {}", "loop"
    choices, instead, raises = "if {0} {{ {1} }} else {{ {2} }}", "{0}.unwrap_or({1})", "return"
    pairs = "for ({0}, &{1}) in {2}.iter().enumerate()"
    documented, noted, text = staticmethod(rust.doc), staticmethod(rust.comment), staticmethod(rust.text_of)
    array, copies = staticmethod(rust.items), ("{0}[{1}..{2}].copy_from_slice(&[", "]);")
    flags: ClassVar[Mapping[str, bool]] = {"SIZES": False, "THROWS": False, "callback is not None": True}
    types: ClassVar[Mapping[str, str]] = {
        "Within": "[bool; CLASSES.len()]", "Notes": "[&'static str; COLUMNS.len()]", "Bounds": "[Num; 2 * OUTPUTS]",
        "Class": "&'static str", "Inputs": "[Num; INPUTS]", "Outputs": "[Num; OUTPUTS]", "Params": "Params",
        "Row": "Row", "Shares": "[Num; CLASSES.len()]", "Kept": "Box<Params>", "Start": "Box<Params>",
        "ByInput": "[Num; NUMBERS]", "ByInputs": "[[Num; NUMBERS]; OUTPUTS]", "ByColumn": "[Num; COLUMNS.len()]",
        "ByColumns": "[[Num; COLUMNS.len()]; ANSWERS]",
        "Progress": "Progress", "Settings": "Settings", "State": "State", "Style": "Style",
        "int": "usize", "U32": "u32", "F64": "f64", "Num": "Num", "bool": "bool", "str": "&str",
        "U32 | None": "Option<u32>", "Cell": "Cell", "F64 | None": "Option<f64>", "I64": "i64",
        "I64 | None": "Option<i64>", "Size | None": "Option<usize>", "Progress | None": "Option<Progress>",
        "int | None": "Option<usize>", "Content": "&str", "None": "", "Title": "&'static str",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys("by_class by_column by_columns by_name content_of text_of_content unusual".split(), "{0}"),
        "_even": "{0}.replace(['\\u{{a0}}', '\\u{{2009}}', '\\u{{202f}}'], \" \")", "_remainder": "{0} % {1}",
        "bare": "bare({0})", "contains": "{0}.contains(&{1})", "cos": "cos64({0})", "find": "find({0}, {1})",
        "is_digits": "all_digits({0})", "is_nan": "{0}.is_nan()",
        "is_none": "{0} == Cell::Missing", "is_number": "let Cell::Number(number) = {0}",
        "is_text": "let Cell::Text(text) = {0}", "is_whole": "{0} % 1.0 == 0.0", "nan": "f64::NAN",
        "number_in": "number", "parsed": "parsed({0})", "pi": "core::f64::consts::PI", "sin": "sin64({0})",
        "startswith": "{0}.starts_with({1})", "text_in": "text",
        "cell_of": "{0}[{1}]", "check_row": "", "check_size": "", "is_finite": "{0}.is_finite()",
        "shortest": 'format!("{{:?}}", {0})', "dated_cell": "{0}", "no_inputs": "[0.0; INPUTS]",
        "no_bounds": "[0.0; 2 * OUTPUTS]", "no_outputs": "[0.0; OUTPUTS]", "no_jacobian": "[[0.0; NUMBERS]; OUTPUTS]",
        "no_numbers": "[0.0; COLUMNS.len()]", "no_notes": "[\"\"; COLUMNS.len()]",
        "no_rows": "[[0.0; COLUMNS.len()]; {0}]",
        "copy_of": "*{0}",
        "unused": "let _ = {0}", "undrawn": "let _ = {0}", "no_params": "filled(0.0)",
        "categories_of": "CATEGORIES[{0}].1", "ids_of": "IDS[{0}].2",
        "endswith": "{0}.ends_with({1})", "exp": "exp({0})", "floor": "floor({0})", "joined": "{0}.join({1})",
        "replace": "{0}.replace({1}, {2})", "split": "{0}.split({1}).collect()", "stripped": "{0}.trim_matches(' ')",
        "abs": "{0}.abs()", "len": "{0}.len()", "max": "{0}.max({1})", "min": "{0}.min({1})",
        "rounded": "{0}.round_ties_even() as usize", "sqrt": "{0}.sqrt()",
        "clear": "{0}.fill(0.0)", "copied": "{0}.clone()", "distinct": "distinct({0})", "infinity": "Num::INFINITY",
        "kept": "boxed({0})", "list": "(0..{0}).collect()",
        "no_slopes": "[0.0; PARAMETERS]", "no_slopes_in": "[0.0; PARAMETERS]",
        "put_back": "{0}.copy_from_slice(&{1}[..])", "resume": "{0} = {1}.clone()",
        "slopes_of_training": "filled(0.0)", "_ends": "ENDS",
    }  # fmt: skip
    library: ClassVar[Mapping[str, str]] = {
        "abs": "abs", "exp": "exp", "expm1": "exp_m1", "log": "ln", "log1p": "ln_1p", "sqrt": "sqrt", "tanh": "tanh",
        "sin": "sin", "cos": "cos", "floor": "floor", "pow": "powf",
    }  # fmt: skip
    """The methods of functions of numbers; without the standard library, all but that of ``abs`` are in ``libm``."""
    casts: ClassVar[Mapping[str, str]] = {
        "F64": "f64", "float": "f64", "I64": "i64", "int": "usize", "Num": "Num", "U32": "u32",
    }  # fmt: skip

    @staticmethod
    def laid(value: str, start: str, margin: int) -> str:
        """A statement with a formula, or a formula that is the result of a function."""
        text = rust.statement(value, start, margin)
        return text if start else text.removesuffix(";")

    def definition(self, function: Function) -> str:
        """A function whose local lists may change, and whose local values that may be missing are asked for at once."""
        self.owned: set[str] = set()
        self.boxed: set[str] = set()
        self.strings: set[str] = set()
        self.asked: dict[str, str] = {}
        self.last = False
        text = rust.marked(super().definition(function))
        return text.replace("f64", "Num") if function.module == "special" else text

    @classmethod
    def has(cls, function: Function) -> bool:
        """Of special functions it lacks only that of errors, which is computed in the width of the network."""
        if function.module == "special":
            return function.name != "_erfc"
        return super().has(function) or function.name == "_erfc"

    def head(self, function: Function) -> str:
        """The comment and the head."""
        arguments = list(map(self.argument, self.in_order(function)))
        gives = "String" if function.gives == "Content" else self.kind(function.gives)
        name = self.name(function.name)
        if gives == "&str" and len(arguments) > 1:  # it is a part of the first argument
            name, gives, arguments[0] = f"{name}<'a>", "&'a str", arguments[0].replace("&", "&'a ")
        if gives == "Cell":
            name, gives, arguments = f"{name}<'a>", "Cell<'a>", [one.replace("Cell", "Cell<'a>") for one in arguments]
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
        """An argument with its type."""
        if one.name == "callback":
            return f"mut callback: impl FnMut(usize, Num, &Params{', &Progress' * self.gets_progress}) -> bool"
        return f"{one.name}: {self.borrowed(one.kind, one.name in self.made.changed[self.function.name])}"

    def borrowed(self, kind: str, changes: bool) -> str:
        """The type of an argument, which the function may change."""
        if optional(kind) and is_lent(kind):
            return f"Option<{self.borrowed(certain(kind), changes)}>"
        if not is_lent(kind):
            return self.types[kind]
        return f"&{'mut ' * changes}{f'[{self.kind(item(kind))}]' if is_list(kind) else self.types[kind]}"

    def fitted(self, line: str) -> list[str]:
        """A line, or several: the arguments of a long call have their own lines."""
        call = line.rstrip(";?")
        place, margin = opening(call), line[: len(line) - len(line.lstrip())]
        given = call[place + 1 : -1] if place > 0 and re.match(r"\w", call[place - 1]) else ""
        if len(given) > rust.MAX_ARGUMENTS and given.startswith("format!("):
            return [line[: place + 9], f"{margin}{self.step}{given[8:-1]}", f"{margin}){line[len(call) - 1 :]}"]
        if len(given) > rust.MAX_ARGUMENTS and not given.startswith("|"):
            some = (f"{margin}{self.step}{one}," for one in separated(given))
            return [line[: place + 1], *some, f"{margin}{line[len(call) - 1 :]}"]
        if columns(line) > rust.STYLE.width and line.lstrip().startswith("return ") and " && " in line:
            return f"\n{margin}{self.step}&& ".join(line.split(" && ")).split("\n")
        start, _, value = line.partition(" = ")
        return [f"{start} =", f"{margin}{self.step}{value}"] if columns(line) > rust.STYLE.width and value else [line]

    def kind(self, kind: str) -> str:
        """A type."""
        if kind.startswith("tuple["):
            return f"({', '.join(map(self.kind, several(kind)))})"
        return super().kind(kind)

    def block(self, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """The last value of a function is its result."""
        last = body[-1:]
        if body is self.function.body and last and (isinstance(last[0], ast.Return) or refuses(last[0])):
            yield from super().block(body[:-1], depth)
            self.last = True
            lines = list(super().block(last, depth))
            lines[0] = lines[0].replace("return ", "", 1)
            lines[-1] = lines[-1].removesuffix(";")
            yield from lines
        else:
            yield from super().block(body, depth)

    def condition(self, node: ast.If, depth: int) -> Iterator[str]:
        """A value without which nothing goes on, or for which something is done."""
        match node.test:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.IsNot()]) if name in self.asked:
                yield from self.opened(f"if let Some({name}) = {self.asked[name]}", depth)
                with self.kinds.where(node.test):
                    yield from self.block(node.body, depth + 1)
                yield from self.closed(depth)
            case _ if name := missing(node):
                yield self.line(depth, f"let Some({name}) = {self.asked.get(name, name)} else {{")
                yield from self.block(node.body, depth + 1)
                yield self.line(depth, "};")
                self.kinds.known(name)
            case _:
                yield from super().condition(node, depth)

    def statement(self, node: ast.stmt, depth: int) -> Iterator[str]:
        """Whole numbers that are added to a list one after the other are a range."""
        match node:
            case ast.For(
                target=ast.Name(id=name),
                iter=ast.Call(func=ast.Name(id="range"), args=[first, last]),
                body=[ast.Expr(ast.Call(ast.Attribute(values, "append"), [ast.Name(id=added)]))],
            ) if added == name:
                yield self.line(depth, f"{self.write(values)}.extend({self.write(first)}..{self.write(last)});")
            case _:
                yield from super().statement(node, depth)

    def counted(self, name: str, first: str, last: str, by: str) -> str:
        """A loop over whole numbers."""
        return f"for {name} in ({first}..{last}).step_by({by})" if by else f"for {name} in {first}..{last}"

    def each(self, name: str, kind: str, over: ast.expr) -> str:
        """A loop over items, which are copied, or over lists."""
        match over:
            case ast.Tuple(elts=items):
                return f"for {name} in [{', '.join(map(self.write, items))}]"
            case ast.Call(func=ast.Name(id="chunks"), args=[values, size]):
                return f"for {name} in {self.write(values, ATOM)}.chunks({self.write(size)})"
        return f"for {'&' * (not is_list(kind))}{name} in {self.lent(over)}"

    def stated(self, name: str, kind: str) -> str:
        """A name that changes is mutable; a list has its type."""
        self.owned.add(name)
        return f"let {'mut ' * (name in self.changed | self.filled)}{name}"

    def cell(self, written: str | None) -> str:
        """A variant."""
        kind = "Text" if written and written.startswith('"') else "Number"
        return f"Cell::{kind}({written})" if written else "Cell::Missing"

    def rebound(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """Another value of the same name."""
        yield self.line(depth, f"let {name} = {self.write(value)};")

    def growing(self, name: str, depth: int) -> Iterator[str]:
        """A list of nothing."""
        self.owned.add(name)
        yield self.line(depth, f"let mut {name} = Vec::new();")

    def unpacked(self, names: ast.Tuple, value: ast.expr, depth: int) -> Iterator[str]:
        """A name for each result; all parameters are on the heap."""
        found = [ast.unparse(one) for one in names.elts]
        self.owned |= {*found}
        self.boxed |= {one for one in found if self.kinds.of[one] == "Params"}
        yield self.line(depth, f"let ({', '.join(found)}) = {self.write(value)};")

    def given_back(self, values: Sequence[ast.expr], depth: int) -> Iterator[str]:
        """All values."""
        text = ", ".join("*" * (ast.unparse(one) in self.boxed) + self.write(one) for one in values)
        yield self.line(depth, f"return {self.succeeded(self.results.format(text))};")

    def augmented(self, target: ast.expr, op: ast.operator, value: ast.expr) -> str:
        """A change of a number."""
        return f"{self.write(target)} {self.sign(op)}= {self.whole(value, self.kinds(target))}"

    def whole(self, node: ast.expr, kind: str) -> str:
        """A value, which is a copy where another name has it, too."""
        text = super().whole(node, kind) + ".clone()" * (kind == "Kept" and not isinstance(node, ast.Call))
        if kind == "Cell" and self.kinds(node) == "F64":
            return f"{text}.into()"
        return self.some(text, kind) if optional(kind) and self.kinds(node) == certain(kind) else text

    def lent(self, node: ast.expr, changes: bool = False) -> str:
        """A reference to a value, which is read or changed."""
        if isinstance(node, ast.List):
            items = ("*" * (self.kinds(one) in ARRAYS) + self.write(one) for one in node.elts)  # arrays are copied
            return f"&[{', '.join(items)}]"
        text = self.write(node, PREFIX).removesuffix(".to_vec()")
        if self.kinds(node) == "Texts" and isinstance(node, ast.Call):
            return text
        given = isinstance(node, ast.Name) and node.id not in self.owned and node.id not in self.program.names
        return text if given else f"&{'mut ' * changes}{text}"

    def is_string(self, node: ast.expr) -> bool:
        """Whether a value is a text of its own, which others get as a reference."""
        match node:
            case ast.Name(id=name):
                return name in self.strings
            case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
                return name in ("_even", "joined", "replace", "shortest")
        return isinstance(node, ast.BinOp) and self.kinds(node) == "str"

    def passed(self, node: ast.expr, kind: str, depth: int, changes: bool = False) -> str:
        """A list is lent."""
        given = self.kinds(node)
        if self.is_string(node):
            return f"&{self.write(node, PREFIX)}"
        if given == "None" or not is_lent(kind):
            return super().passed(node, kind, depth)
        text = self.lent(node, changes)
        return self.some(text, kind) if optional(kind) and not optional(given) else text

    def some(self, text: str, kind: str) -> str:
        """A value where one may be missing."""
        return f"Some({text})"

    def declared(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """A choice or a chain has several lines if it is long."""
        kind = self.kinds.of[name]
        self.strings |= {name} if self.is_string(value) else set()
        match value:
            case ast.ListComp(generators=[ast.comprehension(iter=ast.Name(id="outputs" | "shares"))]):
                yield from self.chain(f"{self.stated(name, kind)} = ", self.chained(value), ";", depth)
            case ast.ListComp():
                yield from self.listed(self.stated(name, kind), kind, value, depth)
            case _ if optional(kind):
                self.asked[name] = "&" * is_lent(kind) + self.whole(value, kind)
            case ast.Name() if is_list(kind):  # another name of a list
                yield self.line(depth, f"let {name} = {self.lent(value)};")
            case ast.Call(func=ast.Name(id=record), args=args) if fields := self.program.fields.get(record):
                yield self.line(depth, f"{self.stated(name, kind)} = {record} {{")
                for (field, of), given in zip(fields.items(), args, strict=False):
                    text = self.lent(given) if is_list(of) else self.whole(given, of)
                    yield self.line(depth + 1, f"{field}," if text == field else f"{field}: {text},")
                yield self.line(depth, "};")
            case _:
                typed = f": {self.kind(kind)}" if needs_type(value) else ""
                yield from self.laid_out(f"{self.stated(name, kind)}{typed} = ", value, kind, ";", depth)

    def returned(self, value: ast.expr, depth: int) -> Iterator[str]:
        """A value, which is ``Ok`` if the function may fail."""
        if self.function.module == "functions":
            yield from self.of_library(value, depth)
            return
        given = isinstance(value, ast.Call) and ast.unparse(value.func) in self.made.failing  # a result already
        around = ("return Ok(", ");") if self.fails and not given else ("return ", ";")
        if given:
            yield self.line(depth, f"return {self.write(value).removesuffix('?')};")
        elif isinstance(value, ast.Name) and is_list(self.kinds(value)) and value.id not in self.owned:
            yield self.line(depth, f"{around[0]}{value.id}.to_vec(){around[1]}")
        elif isinstance(value, ast.ListComp):
            yield from self.chain(around[0], self.chained(value), around[1], depth)
        else:
            yield from self.laid_out(around[0], value, self.function.gives, around[1], depth)

    def of_library(self, value: ast.expr, depth: int) -> Iterator[str]:
        """A function that a library may have for 64 bits, or a number has as a method."""
        called = [ast.unparse(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)]
        (name,) = self.library.keys() & called
        first, *others = (one.name for one in self.function.arguments)
        if name != "abs":
            typed = "Num" in called
            given = ", ".join(f"{one}{'.into()' * typed}" for one in (first, *others))
            yield self.line(depth, '#[cfg(feature = "libm")]')
            yield self.line(depth, f"return libm::{name}({given}){' as Num' * typed};")
            yield self.line(depth, '#[cfg(not(feature = "libm"))]')
        yield self.line(depth, f"{first}.{self.library[name]}({', '.join(others)});")

    def laid_out(self, start: str, value: ast.expr, kind: str, end: str, depth: int) -> Iterator[str]:
        """A value on as many lines as it needs."""
        text = self.whole(value, kind)
        result = self.last and start == "return "
        if isinstance(value, ast.IfExp) and text.startswith("if ") and (len(text) > MAX_CHOICE or result):
            yield self.line(depth, f"{start}if {self.write(value.test)} {{")
            yield self.line(depth + 1, self.typed(value.body, kind))
            yield self.line(depth, "} else {")
            yield self.line(depth + 1, self.typed(value.orelse, kind))
            yield self.line(depth, f"}}{end}")
        else:
            yield self.line(depth, f"{start}{text}{end}")

    def listed(self, name: str, kind: str, node: ast.ListComp, depth: int) -> Iterator[str]:
        """A list is collected."""
        kind = "Vec<String>" if self.is_string(node.elt) else self.kind(kind)
        yield from self.chain(f"{name}: {kind} = ", self.chained(node), ";", depth)

    def chained(self, node: ast.ListComp) -> list[str]:
        """The calls that make a list."""
        self.kinds(node)
        generator = node.generators[0]
        name = ast.unparse(generator.target)
        match generator.iter:
            case ast.Name() as values if self.kinds(values) in ("Outputs", "Shares"):  # arrays, which have no heap
                return [self.write(values, ATOM), f".map(|{name}| {self.write(node.elt)})"]
            case ast.Call(func=ast.Name(id="range"), args=[count]):
                parts, given = [f"(0..{self.write(count, SUM)})"], name
            case values:
                parts, given = [self.write(values, ATOM), ".iter()"], f"&{name}"
        if generator.ifs:
            parts.append(f".filter(|&{name}| {self.write(generator.ifs[0])})")
        if not (isinstance(node.elt, ast.Name) and node.elt.id == name):
            parts.append(f".map(|{given}| {self.write(node.elt)})")
        return [*parts, ".collect()"]

    def chain(self, start: str, parts: Sequence[str], end: str, depth: int) -> Iterator[str]:
        """Calls one after the other, each on its own line if they are long."""
        line = "".join(parts)
        if columns(line) <= MAX_CHAIN and columns(self.line(depth, f"{start}{line}{end}")) <= rust.STYLE.width:
            yield self.line(depth, f"{start}{line}{end}")
            return
        yield self.line(depth, f"{start}{parts[0]}")
        for part in parts[1:-1]:
            yield self.line(depth + 1, part)
        yield self.line(depth + 1, f"{parts[-1]}{end}")

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        part = f"{value}[{first}..{last}]"
        return f"{part}.to_vec()" if is_list(kind) else f"&{part}"

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """A sum or a product of numbers of 32 bits without higher bits, and a conversion."""
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in self.casts:
                text, binds = super().expression(node, depth)
                return text, min(binds, PREFIX) if " as " in text else binds
            case ast.BinOp(left=left, op=ast.Add() | ast.Mult() as op, right=right) if self.kinds(node) == "U32":
                method = "wrapping_add" if isinstance(op, ast.Add) else "wrapping_mul"
                return f"{self.write(left, ATOM)}.{method}({self.write(right)})", ATOM
            case ast.BinOp() if self.is_string(node):
                return f'format!("{self.piece(node)}")', ATOM
            case ast.List(elts=[ast.Name() as one]) if self.is_string(one):
                return f"vec![&{one.id}[..]]", ATOM
        return super().expression(node, depth)

    def piece(self, node: ast.expr) -> str:
        """A text within another one."""
        if isinstance(node, ast.BinOp):
            return self.piece(node.left) + self.piece(node.right)
        text = self.write(node)
        return re.sub("[{}]", r"\g<0>\g<0>", text[1:-1]) if isinstance(node, ast.Constant) else f"{{{text}}}"

    def binary(self, pair: Pair, kind: str, depth: int) -> str:
        """Whether a text or a list is empty is a question of its own."""
        match pair:
            case (
                Pair(op=ast.Eq() | ast.NotEq(), left=values, right=ast.Constant(value=""))
                | Pair(op=ast.Eq(), left=ast.Call(func=ast.Name(id="len"), args=[values]), right=ast.Constant(value=0))
            ):
                return f"{'!' * isinstance(pair.op, ast.NotEq)}{self.write(values, ATOM)}.is_empty()"
        return super().binary(pair, kind, depth)

    def record_of(self, one: Record) -> str:
        """A struct, and what makes one; the comment of a state says enough of its fields."""
        lines = [f"pub {field.name}: {self.kind(field.kind)}," for field in one.fields]
        if one.name != "State":
            said = (self.documented(self.said_of(field)) for field in one.fields)
            lines = [line for pair in zip(said, lines, strict=True) for line in pair]
        body = indent("\n".join(["", *lines, ""]) * bool(lines), "    ")
        head = [self.documented(self.said_of(one)), "#[derive(Clone, Debug)]"]
        text = "\n".join([*head, f"pub struct {one.name} {{{body}}}"])
        if one.name == "Progress":
            return text
        values = [(f.name, f"filled({self.starting(f)})" if f.kind == "Kept" else self.starting(f)) for f in one.fields]
        starts = list(map(": ".join, values))
        if one.name == "State":
            made = rust.function([], "init_state", "State", "The state before the first step.")
            return f"{text}\n\n{made}\n    {rust.struct(starts, 'State')}\n}}"
        made = f"    fn default() -> Self {{\n        {rust.struct(starts, 'Settings', 8)}\n    }}"
        return f"{text}\nimpl Default for Settings {{\n{made}\n}}"

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """Conversions, and lists of zeros."""
        if name == "filled":
            return f"vec![{self.write(args[1])}; {self.write(args[0])}]"
        if name in self.casts:
            if isinstance(args[0], ast.Constant) or ast.unparse(args[0]).startswith("floor("):
                return self.write(args[0])
            if name == "Num" and ast.unparse(args[0]) in self.program.names:
                return f"{self.write(args[0])}.0"
            if self.kinds(args[0]) == "U32" and name == "F64":
                return f"f64::from({self.write(args[0])})"
            return f"{self.write(args[0], PREFIX)} as {self.casts[name]}"
        if name == "has":
            return f"{self.write(args[0], ATOM)}.contains({ast.unparse(args[1])})"  # a letter
        if name in self.calls:
            first = self.calls[name].startswith("{0}")
            given = (self.write(one, ATOM if first and not i else CHOICE) for i, one in enumerate(args))
            lent = ("&" * (not first or i > 0) * self.is_string(one) for i, one in enumerate(args))
            form = self.sized_by(self.calls[name]) if name.startswith("no_") else self.calls[name]
            return form.format(*map("".join, zip(lent, given, strict=True)))
        if name in self.kinds.of:  # a function that is given
            return f"{name}({', '.join(self.passed(one, self.kinds(one), depth) for one in args)})"
        known = self.made.known.get(name) or self.program.known[name]
        changed, pairs = self.made.changed[name], zip(args, known.arguments, strict=False)
        written = [self.passed(given, one.kind, depth, one.name in changed) for given, one in pairs]
        return f"{self.name(name)}({', '.join(written)}){'?' * (name in self.made.failing)}"


def is_lent(kind: str) -> bool:
    """Whether a function gets values of a type, if there are any, as references."""
    return certain(kind) in LENT or is_list(certain(kind))


def needs_type(value: ast.expr) -> bool:
    """Whether a value has no type of its own: a constant of 32 bits, or a list that is collected."""
    match value:
        case ast.Call(func=ast.Name(id="U32"), args=[ast.Constant()]) | ast.Call(func=ast.Name(id="list")):
            return True
        case ast.Call(func=ast.Attribute(attr="split")):
            return True
    return False
