"""PHP: its types and calls; what changes the arrays of its caller takes them by reference."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from nngen.printing import CHOICE, PREFIX, Function, Pair, Printer, is_list, item, optional
from nngen.targets import php

MASK = "0xffffffff"


class PhpPrinter(Printer):
    """Writes functions of the source as static methods of PHP 8."""

    types: ClassVar[Mapping[str, str]] = {
        "int": "int", "U32": "int", "F64": "float", "Num": "float", "bool": "bool", "str": "string",
        "U32 | None": "?int", "Style": "array<string, string>",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        "abs": "abs({0})", "endswith": "str_ends_with({0}, {1})", "F64": "{0}", "find": "self::find({0}, {1})",
        "filled": "array_fill(0, {0}, {1})", "float": "{0}", "int": "(int) {0}",
        "is_digits": "ctype_digit({0})", "joined": "implode('', {0})", "len": "count({0})", "max": "max({0}, {1})",
        "min": "min({0}, {1})", "nan": "NAN", "Num": "{0}", "parsed": "(float) ({0})",
        "replace": "str_replace({1}, {2}, {0})", "rounded": "(int) round({0}, 0, PHP_ROUND_HALF_EVEN)",
        "split": "explode({1}, {0})", "sqrt": "sqrt({0})", "startswith": "str_starts_with({0}, {1})",
        "stripped": "trim({0}, ' ')",
    }  # fmt: skip

    def head(self, function: Function) -> str:
        """The comment and the head."""
        arguments = [
            f"{self.kind(one.kind)} {'&' * (one.name in self.filled)}{self.local(one.name)}"
            for one in function.arguments
        ]
        gives = "void" if function.gives == "None" else self.kind(function.gives)
        return php.function(arguments, php.camel(function.name), gives, function.says, False, self.fails)

    def name(self, name: str) -> str:
        """A method of the same class."""
        return f"self::{php.camel(name)}"

    def local(self, name: str) -> str:
        """A variable."""
        return f"${php.camel(name)}"

    def kind(self, kind: str) -> str:
        """A type of a comment; ``function`` finds that of the language."""
        return f"list<{self.kind(item(kind))}>" if is_list(kind) else self.types[kind]

    def stated(self, name: str, kind: str) -> str:
        """A name has no type of its own."""
        return self.local(name)

    def counted(self, name: str, first: str, last: str, by: str) -> str:
        """A loop over whole numbers."""
        return super().counted(name, first, last, by).replace("(int ", "(", 1)

    def each(self, name: str, kind: str, over: ast.expr) -> str:
        """A loop over items."""
        values = self.items(kind, list(map(self.write, over.elts))) if isinstance(over, ast.Tuple) else self.write(over)
        return f"foreach ({values} as {name})"

    def repeated(self, target: ast.expr, over: ast.expr, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """A loop over places and values has both."""
        match over, target:
            case ast.Call(func=ast.Name(id="enumerate"), args=[values]), ast.Tuple(
                elts=[ast.Name(id=place), ast.Name(id=value)]
            ):
                names = f"{self.local(place)} => {self.local(value)}"
                yield from self.opened(f"foreach ({self.write(values)} as {names})", depth)
                yield from self.block(body, depth + 1)
            case _:
                yield from super().repeated(target, over, body, depth)

    def declared(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """A list is filled by a loop."""
        if isinstance(value, ast.ListComp):
            yield from self.listed(self.local(name), self.kinds.of[name], value, depth)
        else:
            yield from super().declared(name, value, depth)

    def returned(self, value: ast.expr, depth: int) -> Iterator[str]:
        """A list is filled before it is returned."""
        if isinstance(value, ast.ListComp):
            yield from self.listed("$found", self.function.gives, value, depth)
            yield self.line(depth, "return $found;")
        else:
            yield from super().returned(value, depth)

    def listed(self, name: str, kind: str, node: ast.ListComp, depth: int) -> Iterator[str]:
        """A loop that adds the terms."""
        self.kinds(node)
        generator = node.generators[0]
        added = self.line(depth + 1 + len(generator.ifs), f"{name}[] = {self.whole(node.elt, item(kind))};")
        yield self.line(depth, f"{name} = [];")
        yield from self.repeated(generator.target, generator.iter, (), depth)
        for test in generator.ifs:
            yield from self.opened(self.test(test), depth + 1)
        yield added
        for _ in generator.ifs:
            yield from self.closed(depth + 1)
        yield from self.closed(depth)

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """A field of a record."""
        match node:
            case ast.Attribute(value=value, attr=name):
                return f"{self.write(value)}['{name}']", PREFIX
        return super().expression(node, depth)

    def whole(self, node: ast.expr, kind: str) -> str:
        """A sum of whole numbers of 32 bits loses its higher bits."""
        text = self.typed(node, kind)
        grows = kind == "U32" and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
        return f"({text}) & {MASK}" if grows else text

    def binary(self, pair: Pair, kind: str, depth: int) -> str:
        """A product of whole numbers of 32 bits; texts are joined; what is no float is equal in its type, too."""
        if isinstance(pair.op, ast.Mult) and kind == "U32":
            return f"self::product32({self.write(pair.left)}, {self.write(pair.right)})"
        text = super().binary(pair, kind, depth)
        if isinstance(pair.op, ast.Add) and kind == "str":
            return text.replace(" + ", " . ")
        strict = isinstance(pair.op, ast.Eq | ast.NotEq) and kind not in ("F64", "Num")
        return re.sub(r" ([!=]=) ", r" \1= ", text) if strict else text

    def missing(self, value: str, yes: bool) -> str:
        """Whether a value is missing."""
        return f"{value} {'===' if yes else '!=='} null"

    def choice(self, test: str, yes: str, no: str) -> str:
        """One of two values; another choice among them has parentheses."""
        yes, no = (f"({one})" if " ? " in one else one for one in (yes, no))
        return f"{test} ? {yes} : {no}"

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        length = last and f", {php.between(first, last)}"
        return f"{'substr' if kind == 'str' else 'array_slice'}({value}, {first or 0}{length})"

    def items(self, kind: str, items: Sequence[str]) -> str:
        """A list of some values."""
        return f"[{', '.join(items)}]"

    def places(self, count: str) -> str:
        """The places up to a count of at least 1."""
        return f"range(0, {count} - 1)"

    def text(self, value: str) -> str:
        """A constant that is a text."""
        return php.text_of(value)

    def is_type(self, name: str, kind: str) -> bool:
        """A number that a user gives may have a sign and higher bits."""
        return name != "U32" and super().is_type(name, kind)

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """Lengths of texts, and numbers of 32 bits."""
        if name == "len" and self.kinds(args[0]) == "str":
            return f"strlen({self.write(args[0])})"
        if name == "U32":
            value = self.write(args[0], PREFIX)
            return value if isinstance(args[0], ast.Constant) else f"{value} & {MASK}"
        return super().call(name, args, depth)
