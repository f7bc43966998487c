"""C#: its types and calls, and braces on lines of their own."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from nngen.printing import ARRAYS, PREFIX, Function, Printer, item
from nngen.targets import csharp


class CSharpPrinter(Printer):
    """Writes functions of the source in C# 7.2."""

    flags: ClassVar[Mapping[str, bool]] = {"SIZES": True, "THROWS": True}
    constants: ClassVar[Mapping[str, str]] = {"CLASSES": "Classes", "MISSING": "Missing", "OUTPUTS": "Outputs"}
    types: ClassVar[Mapping[str, str]] = {
        "Class": "string", **dict.fromkeys(ARRAYS, "Num[]"), "Row": "params object[]",
        "int": "int", "U32": "uint", "F64": "double", "Num": "Num", "bool": "bool", "str": "string",
        "U32 | None": "uint?", "int | None": "int", "Cell": "object", "F64 | None": "double?", "I64": "long",
        "I64 | None": "long?", "Title": "string", "Style": "Style",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        "abs": "Math.Abs({0})", "endswith": "Ends({0}, {1})", "F64": "{0}",
        "has": "{0}.Contains({1})", "find": "{0}.IndexOf({1}, StringComparison.Ordinal)", "float": "{0}",
        "int": "(int){0}",
        "by_class": "{0}", "check_size": "CheckSize({0}, {1}, {2})",
        "is_digits": "AllDigits({0})", "joined": "string.Concat({0})", "len": "{0}.Length",
        "max": "Math.Max({0}, {1})", "min": "Math.Min({0}, {1})", "nan": "double.NaN", "bare": "Bare({0})",
        "contains": "Array.IndexOf({0}, {1}) >= 0", "cos": "Math.Cos({0})", "I64": "(long){0}",
        "is_nan": "double.IsNaN({0})", "is_none": "{0} == null || {0} is DBNull",
        "is_number": "NumberIn({0}) is double number", "is_text": "{0} is string text",
        "is_truth": "{0} is bool truth", "is_whole": "{0} % 1 == 0", "number_in": "number",
        "number_texts": "NumberTexts({0})", "pi": "Math.PI", "sin": "Math.Sin({0})", "text_in": "text",
        "truth_in": "truth",
        "parsed": "Parsed({0})", "replace": "{0}.Replace({1}, {2})", "rounded": "(int)Math.Round({0})",
        "split": "{0}.Split(new[] {{ {1} }}, StringSplitOptions.None)", "sqrt": "Math.Sqrt({0})",
        "startswith": "Begins({0}, {1})", "stripped": "{0}.Trim(' ')",
    }  # fmt: skip

    def definition(self, function: Function) -> str:
        """A function of one expression is that, and sums of 32 bits are not checked."""
        text = super().definition(function)
        head, _, body = text.partition("\n{\n")
        lines = body.splitlines()[:-1]
        if any("0x" in line for line in lines):
            inner = "\n".join(f"    {line}" if line else "" for line in lines)
            return f"{head}\n{{\n    unchecked\n    {{\n{inner}\n    }}\n}}"
        *_, last = head.splitlines()
        alone = f"{last} => {lines[0].strip().removeprefix('return ')}"
        if len(lines) == 1 and lines[0].startswith("    return ") and len(alone) <= csharp.STYLE.width:
            return f"{head.removesuffix(last)}{alone}"
        return text

    def head(self, function: Function) -> str:
        """The comment and the head."""
        arguments = [
            f"{'params ' * one.several}{self.kind(one.kind)} {self.local(one.name)}" for one in function.arguments
        ]
        gives = "void" if function.gives == "None" else self.kind(function.gives)
        return csharp.function(arguments, self.name(function.name), gives, self.says(function), public=function.public)

    def name(self, name: str) -> str:
        """A name whose words begin with capitals."""
        return csharp.pascal(name.lstrip("_"))

    def local(self, name: str) -> str:
        """A name with capitals between its words."""
        if name == "params":
            return "parameters"  # a word of C#
        first, *rest = name.split("_")
        return first + "".join(part.capitalize() for part in rest)

    def field(self, name: str) -> str:
        """The name of a field of a record."""
        return csharp.pascal(name)

    def opened(self, head: str, depth: int) -> Iterator[str]:
        """A brace has its own line."""
        yield self.line(depth, head)
        yield self.line(depth, "{")

    def otherwise(self, head: str, depth: int) -> Iterator[str]:
        """Both braces have their own lines."""
        yield self.line(depth, "}")
        yield from self.opened(head, depth)

    def each(self, name: str, kind: str, over: ast.expr) -> str:
        """A loop over items."""
        if isinstance(over, ast.Tuple):
            return f"foreach ({self.kind(kind)} {name} in new[] {{ {', '.join(map(self.write, over.elts))} }})"
        return f"foreach ({self.kind(kind)} {name} in {self.write(over)})"

    def number(self, value: float) -> str:
        """A constant of the width that its place wants."""
        return f"{value!r}f" if self.narrow and self.wanted == "Num" else repr(value)

    def constant(self, value: object) -> str:
        """A constant; a large whole number has no sign."""
        text = super().constant(value)
        return f"{text}u" if text.startswith("0x") else text

    def certain(self, name: str, kind: str) -> str:
        """A value that is there."""
        return self.local(name) if kind == "int | None" else f"{self.local(name)}.Value"

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        if kind == "str":
            return f"{value}.Substring({first or 0}{last and f', {between(first, last)}'})"
        return f"Part({value}, {first or 0}, {between(first, last or f'{value}.Length')})"

    def filtered(self, node: ast.ListComp) -> str:
        """The places up to a count for which a condition holds."""
        place, count, test = self.filter_parts(node)
        return f"Places({count}, {place} => {test})"

    def items(self, kind: str, items: Sequence[str]) -> str:
        """An array of some values."""
        return f"new[] {{ {', '.join(items)} }}"

    def no_items(self, kind: str) -> str:
        """An array of nothing."""
        return f"new {self.kind(item(kind))}[0]"

    def places(self, count: str) -> str:
        """The places up to a count."""
        return f"Places({count})"

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """A list of zeros is an array."""
        if name == "Num":
            return f"(Num){self.write(args[0], PREFIX)}"
        if name == "filled":
            return self.sized(self.kinds(args[1]), self.write(args[0]))
        if name == "U32":
            value = self.write(args[0])
            return value if isinstance(args[0], ast.Constant) else f"(uint){value}"
        return super().call(name, args, depth)


def between(first: str, last: str) -> str:
    """How many places are from a first one to before a last one."""
    if first.isdigit() and last.isdigit():
        return str(int(last) - int(first))
    found = re.fullmatch(r"(.*) - (\d+)", last)
    if found and first.isdigit():
        return f"{found[1]} - {int(found[2]) + int(first)}"
    return f"{last} - {first}" if first else last
