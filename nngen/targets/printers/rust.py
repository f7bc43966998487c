"""Rust: what is borrowed, what changes, and expressions in place of returns."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from nngen.common.text import columns
from nngen.printing import (
    ARRAYS,
    ATOM,
    CHOICE,
    PREFIX,
    SUM,
    Function,
    Pair,
    Printer,
    is_list,
    item,
    missing,
    optional,
    refuses,
)
from nngen.targets import rust

MAX_CHAIN, MAX_CHOICE = 60, 50
"""Columns of a chain of calls, and of a choice, that rustfmt leaves on one line."""


class RustPrinter(Printer):
    """Writes functions of the source in Rust, as rustfmt leaves them."""

    none = "None"
    flags: ClassVar[Mapping[str, bool]] = {"SIZES": False, "THROWS": False}
    types: ClassVar[Mapping[str, str]] = {
        "Class": "&'static str", "Inputs": "[Num; INPUTS]", "Outputs": "[Num; OUTPUTS]", "Params": "Params",
        "Row": "Row", "Shares": "[Num; CLASSES.len()]",
        "int": "usize", "U32": "u32", "F64": "f64", "Num": "Num", "bool": "bool", "str": "&str",
        "U32 | None": "Option<u32>", "Cell": "Cell", "F64 | None": "Option<f64>", "I64": "i64",
        "I64 | None": "Option<i64>", "int | None": "Option<usize>", "Title": "&'static str",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        "bare": "bare({0})", "contains": "{0}.contains(&{1})", "cos": "cos64({0})", "find": "{0}.find({1})",
        "has": "{0}.contains({1})", "is_digits": "all_digits({0})", "is_nan": "{0}.is_nan()",
        "is_none": "{0} == Cell::Missing", "is_number": "let Cell::Number(number) = {0}",
        "is_text": "let Cell::Text(text) = {0}", "is_whole": "{0} % 1.0 == 0.0", "nan": "f64::NAN",
        "number_in": "number", "parsed": "parsed({0})", "pi": "core::f64::consts::PI", "sin": "sin64({0})",
        "startswith": "{0}.starts_with({1})", "text_in": "text",
        "by_class": "{0}", "abs": "{0}.abs()", "len": "{0}.len()", "max": "{0}.max({1})", "min": "{0}.min({1})",
        "rounded": "{0}.round_ties_even() as usize", "sqrt": "{0}.sqrt()",
    }  # fmt: skip
    casts: ClassVar[Mapping[str, str]] = {
        "F64": "f64",
        "float": "f64",
        "I64": "i64",
        "int": "usize",
        "Num": "Num",
        "U32": "u32",
    }

    def definition(self, function: Function) -> str:
        """A function whose local lists may change, and whose local values that may be missing are asked for at once."""
        self.owned: set[str] = set()
        self.asked: dict[str, str] = {}
        self.last = False
        return super().definition(function)

    def head(self, function: Function) -> str:
        """The comment and the head."""
        arguments = [f"{one.name}: {self.borrowed(one.kind)}" for one in function.arguments]
        gives = "" if function.gives == "None" else self.kind(function.gives)
        name = self.name(function.name)
        if gives == "&str" and len(arguments) > 1:  # it is a part of the first argument
            name, gives, arguments[0] = f"{name}<'a>", "&'a str", arguments[0].replace("&", "&'a ")
        if self.fails:
            gives = f"Result<{gives or '()'}, Error>"
        return rust.function(arguments, name, gives, function.says, public=function.public)

    def borrowed(self, kind: str) -> str:
        """The type of an argument."""
        if kind in ARRAYS or kind == "Row":
            return f"&{self.types[kind]}"
        return f"&[{self.kind(item(kind))}]" if is_list(kind) else self.types[kind]

    def numbers(self, kind: str, items: Sequence[str]) -> str:
        """An array."""
        return f"[{', '.join(items)}]"

    def kind(self, kind: str) -> str:
        """A type."""
        return f"Vec<{self.kind(item(kind))}>" if is_list(kind) else self.types[kind]

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
            if body is self.function.body and self.fails and self.function.gives == "None":
                yield self.line(depth, "Ok(())")

    def test(self, test: ast.expr) -> str:
        """A condition without parentheses."""
        return f"if {self.write(test)}"

    def loop(self, test: ast.expr) -> str:
        """A loop with a condition."""
        return f"while {self.write(test)}"

    def condition(self, node: ast.If, depth: int) -> Iterator[str]:
        """A value without which nothing goes on."""
        if name := missing(node):
            yield self.line(depth, f"let Some({name}) = {self.asked.get(name, name)} else {{")
            yield from self.block(node.body, depth + 1)
            yield self.line(depth, "};")
            self.kinds.known(name)
        else:
            yield from super().condition(node, depth)

    def counted(self, name: str, first: str, last: str, by: str) -> str:
        """A loop over whole numbers."""
        return f"for {name} in ({first}..{last}).step_by({by})" if by else f"for {name} in {first}..{last}"

    def each(self, name: str, kind: str, over: ast.expr) -> str:
        """A loop over items, which are copied."""
        if isinstance(over, ast.Tuple):
            return f"for {name} in [{', '.join(map(self.write, over.elts))}]"
        return f"for &{name} in {self.lent(over)}"

    def repeated(self, target: ast.expr, over: ast.expr, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """A loop over places and values has both."""
        match over, target:
            case ast.Call(func=ast.Name(id="enumerate"), args=[values]), ast.Tuple(elts=[place, value]):
                names = f"({ast.unparse(place)}, &{ast.unparse(value)})"
                yield from self.opened(f"for {names} in {self.write(values)}.iter().enumerate()", depth)
                yield from self.block(body, depth + 1)
            case _:
                yield from super().repeated(target, over, body, depth)

    def stated(self, name: str, kind: str) -> str:
        """A name that changes is mutable; a list has its type."""
        self.owned.add(name)
        mutable = name in self.changed or name in self.filled
        return f"let {'mut ' * mutable}{name}"

    def lent(self, node: ast.expr) -> str:
        """A list that is read."""
        if isinstance(node, ast.List) and not node.elts:
            return "&[]"
        text = self.write(node, PREFIX)
        return f"&{text}" if not isinstance(node, ast.Name) or node.id in self.owned else text

    def passed(self, node: ast.expr, kind: str, depth: int) -> str:
        """A list is lent."""
        return self.lent(node) if is_list(kind) or kind in ARRAYS else super().passed(node, kind, depth)

    def some(self, text: str, kind: str) -> str:
        """A value where one may be missing."""
        return f"Some({text})"

    def replaced(self, value: str, other: str) -> str:
        """A value, or another one if it is missing."""
        return f"{value}.unwrap_or({other})"

    def declared(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """A choice or a chain has several lines if it is long."""
        kind = self.kinds.of[name]
        match value:
            case ast.ListComp():
                yield from self.listed(self.stated(name, kind), kind, value, depth)
            case _ if optional(kind):
                self.asked[name] = self.whole(value, kind)
            case _:
                typed = f": {self.kind(kind)}" if needs_type(value) else ""
                yield from self.laid_out(f"{self.stated(name, kind)}{typed} = ", value, kind, ";", depth)

    def returned(self, value: ast.expr, depth: int) -> Iterator[str]:
        """A value, which is ``Ok`` if the function may fail."""
        around = ("return Ok(", ");") if self.fails else ("return ", ";")
        if isinstance(value, ast.Name) and is_list(self.kinds(value)) and value.id not in self.owned:
            yield self.line(depth, f"{around[0]}{value.id}.to_vec(){around[1]}")
        elif isinstance(value, ast.ListComp):
            yield from self.chain(around[0], self.chained(value), around[1], depth)
        else:
            yield from self.laid_out(around[0], value, self.function.gives, around[1], depth)

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
        yield from self.chain(f"{name}: {self.kind(kind)} = ", self.chained(node), ";", depth)

    def chained(self, node: ast.ListComp) -> list[str]:
        """The calls that make a list."""
        self.kinds(node)
        generator = node.generators[0]
        name = ast.unparse(generator.target)
        match generator.iter:
            case ast.Call(func=ast.Name(id="range"), args=[count]):
                first = f"(0..{self.write(count, SUM)})"
                given = name
            case values:
                first, given = f"{self.write(values, ATOM)}.iter()", f"&{name}"
        parts = [first]
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

    def refused(self, place: str, expected: str, depth: int) -> Iterator[str]:
        """An error is returned."""
        arguments = f"{place}, {expected}"
        if len(arguments) <= rust.MAX_ARGUMENTS:
            yield self.line(depth, f"return refused({arguments});")
            return
        yield self.line(depth, "return refused(")
        yield self.line(depth + 1, f"{place},")
        yield self.line(depth + 1, f"{expected},")
        yield self.line(depth, ");")

    def items(self, kind: str, items: Sequence[str]) -> str:
        """An array of some values."""
        return f"[{', '.join(items)}]"

    def places(self, count: str) -> str:
        """The places up to a count."""
        return f"(0..{count}).collect()"

    def choice(self, test: str, yes: str, no: str) -> str:
        """One of two values."""
        return f"if {test} {{ {yes} }} else {{ {no} }}"

    def missing(self, value: str, kind: str, yes: bool) -> str:
        """Whether a value is missing."""
        return f"{value}.is_{'none' if yes else 'some'}()"

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        part = f"{value}[{first}..{last}]"
        return f"{part}.to_vec()" if is_list(kind) else f"&{part}"

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """A sum or a product of numbers of 32 bits without higher bits."""
        match node:
            case ast.BinOp(left=left, op=ast.Add() | ast.Mult() as op, right=right) if self.kinds(node) == "U32":
                method = "wrapping_add" if isinstance(op, ast.Add) else "wrapping_mul"
                return f"{self.write(left, ATOM)}.{method}({self.write(right)})", ATOM
        return super().expression(node, depth)

    def binary(self, pair: Pair, kind: str, depth: int) -> str:
        """Whether a text is empty is a question of its own."""
        match pair.op, pair.right:
            case ast.Eq() | ast.NotEq(), ast.Constant(value=""):
                return f"{'!' * isinstance(pair.op, ast.NotEq)}{self.write(pair.left, ATOM)}.is_empty()"
        return super().binary(pair, kind, depth)

    def constant(self, value: object) -> str:
        """A constant; a large one has its digits in groups."""
        text = super().constant(value)
        return f"{text[:-4]}_{text[-4:]}" if text.startswith("0x") else text

    def text(self, value: str) -> str:
        """A constant that is a text."""
        return rust.text_of(value)

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """Conversions, and lists of zeros."""
        if name == "filled":
            return f"vec![{self.write(args[1])}; {self.write(args[0])}]"
        if name in self.casts:
            if isinstance(args[0], ast.Constant):
                return self.write(args[0])
            if self.kinds(args[0]) == "U32" and name == "F64":
                return f"f64::from({self.write(args[0])})"
            return f"{self.write(args[0], PREFIX)} as {self.casts[name]}"
        if name in self.calls:
            return self.calls[name].format(
                *(
                    self.write(one, ATOM if self.calls[name].startswith("{0}") and not i else CHOICE)
                    for i, one in enumerate(args)
                )
            )
        text = super().call(name, args, depth)
        return f"{text}?" if name in self.made.failing else text


def needs_type(value: ast.expr) -> bool:
    """Whether a value has no type of its own: a constant of 32 bits, or a list that is collected."""
    match value:
        case ast.Call(func=ast.Name(id="U32"), args=[ast.Constant()]) | ast.Call(func=ast.Name(id="list")):
            return True
    return False
