"""C#: its types and calls, and braces on lines of their own."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from nngen.common.text import columns
from nngen.printing import (
    ALIKE,
    ARRAYS,
    CONSTANTS,
    Argument,
    Constant,
    Field,
    Function,
    Record,
    optional,
    several,
    without_texts,
)
from nngen.targets import csharp
from nngen.targets.compiled import between, camel, in_width
from nngen.targets.printers.arrays import ArrayPrinter, returned


class CSharpPrinter(ArrayPrinter):
    """Writes functions of the source in C# 7.2."""

    record_head, apart = "public sealed class ", "\n\n"
    flags: ClassVar[Mapping[str, bool]] = {"CHECKS_BEFORE": True, "SIZES": True, "THROWS": True}
    types: ClassVar[Mapping[str, str]] = {
        "Within": "bool[]", "Notes": "string[]", "Class": "string", **dict.fromkeys(ARRAYS, "Num[]"),
        "Row": "params object[]", "U32": "uint", "F64": "double", "str": "string", "U32 | None": "uint?",
        "Size | None": "int?", "int | None": "int", "Cell": "object", "F64 | None": "double?", "I64": "long",
        "I64 | None": "long?", "Title": "string", "Content": "string", "list[Inputs]": "IReadOnlyList<Num[]>",
        "list[Outputs]": "IReadOnlyList<Num[]>", "list[Num] | None": "IReadOnlyList<Num>",
        "list[U32] | None": "IReadOnlyList<uint>",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        **ALIKE,
        "abs": "Math.Abs({0})", "endswith": "Ends({0}, {1})",
        "has": "{0}.Contains({1})", "find": "{0}.IndexOf({1}, StringComparison.Ordinal)",
        "int": "(int){0}",
        "check_size": "CheckSize({0}, {1}, {2})",
        "is_digits": "AllDigits({0})", "joined": "string.Join({1}, {0})", "len": "{0}.Length", "list": "Places({0})",
        "max": "Math.Max({0}, {1})", "min": "Math.Min({0}, {1})", "nan": "double.NaN", "bare": "Bare({0})",
        "contains": "Array.IndexOf({0}, {1}) >= 0", "cos": "Math.Cos({0})", "I64": "(long){0}",
        "exp": "Math.Exp({0})", "floor": "Math.Floor({0})", "log": "Math.Log({0})",
        "_expm1": "Expm1({0})", "_log1p": "Log1p({0})", "_tanh": "Math.Tanh({0})",
        "is_finite": "Math.Abs({0}) <= Num.MaxValue", "shortest": "Shortest({0})",
        "is_nan": "double.IsNaN({0})", "is_none": "{0} == null || {0} is DBNull",
        "is_number": "NumberIn({0}) is double number", "is_text": "{0} is string text",
        "is_truth": "{0} is bool truth", "is_whole": "{0} % 1 == 0", "number_in": "number",
        "number_texts": "NumberTexts({0})", "pi": "Math.PI", "sin": "Math.Sin({0})", "text_in": "text",
        "truth_in": "truth",
        "parsed": "Parsed({0})", "replace": "{0}.Replace({1}, {2})", "rounded": "(int)Math.Round({0})",
        "split": "{0}.Split(new[] {{ {1} }}, StringSplitOptions.None)", "sqrt": "Math.Sqrt({0})",
        "clear": "Array.Clear({0}, 0, Parameters)", "copied": "{0}.Copy()", "infinity": "Num.PositiveInfinity",
        "distinct": "new List<int>(new SortedSet<int>({0})).ToArray()", "kept": "(Num[]){0}.Clone()",
        "no_slopes": "new Num[Parameters]", "no_slopes_in": "NoSlopes({0})",
        "picked": "Array.ConvertAll({1}, k => {0}[k])", "put_back": "{1}.CopyTo({0}, 0)",
        "resume": "{0} = {1}.Copy()", "slopes_of_training": "new Num[Parameters]",
        "check_row": 'CheckSize({0}, Columns.Count, "row")', "dated_cell": "Dated({0})", "no_inputs": "new Num[Inputs]",
        "no_bounds": "new Num[2 * Outputs]", "no_outputs": "new Num[Outputs]", "no_jacobian": "new Num[Outputs][]",
        "no_numbers": "new Num[Columns.Count]", "no_notes": "new string[Columns.Count]",
        "no_rows": "Array.ConvertAll(new Num[{0}][], _ => new Num[Columns.Count])",
        "copy_of": "(Num[]){0}.Clone()",
        "no_params": "new Num[Parameters]", "categories_of": "Categories[{1}]",
        "ids_of": "Ids[{0}].Listed",
        "startswith": "Begins({0}, {1})", "stripped": "{0}.Trim(' ')",
    }  # fmt: skip

    constants: ClassVar[Mapping[str, str]] = {name: csharp.pascal(name) for name in CONSTANTS}
    cast = "(Num)"
    documented, text = staticmethod(csharp.doc), staticmethod(csharp.text_of)
    nested, added, results = "new[] {{ {} }}", "{0}.Add({1})", "({})"
    grows, no_list, row_form = "var {0} = new List<{2}>()", "new {0}[0]", ("new {0} ", ";")
    walks, items_form = "foreach ({0} {1} in {2})", "new[] {{ {1} }}"
    width, hanging = csharp.STYLE.width, True
    noted, laid, array = staticmethod(csharp.comment), staticmethod(csharp.statement), staticmethod(csharp.items)

    def definition(self, function: Function) -> str:
        """A function of one expression is that, and sums of 32 bits are not checked."""
        text = super().definition(function)
        head, _, body = text.partition("\n{\n")
        lines = body.splitlines()[:-1]
        if any("0x" in without_texts(line) for line in lines):
            inner = "\n".join(f"    {line}" if line else "" for line in lines)
            return f"{head}\n{{\n    unchecked\n    {{\n{inner}\n    }}\n}}"
        *_, last = head.splitlines()
        alone = f"{last} => {lines[0].strip().removeprefix('return ')}"
        if len(lines) == 1 and lines[0].startswith("    return ") and len(alone) <= csharp.STYLE.width:
            return f"{head.removesuffix(last)}{alone}"
        return text

    def head(self, function: Function) -> str:
        """The comment and the head."""
        arguments = list(map(self.argument, function.arguments))
        kinds, names = several(function.gives), returned(function)
        if names:
            pairs = zip(kinds, names, strict=True)
            gives = f"({', '.join(f'{self.kind(kind)} {csharp.pascal(name)}' for kind, name in pairs)})"
        else:
            gives = "void" if function.gives == "None" else self.kind(function.gives)
        return csharp.function(arguments, self.name(function.name), gives, self.says(function), public=function.public)

    def field_of(self, field: Field) -> str:
        """A property."""
        value = self.starting(field) if field.start not in ("", "None") else ""
        if field.kind == "Kept" and field.name != "best_params":
            value = f"Filled({value}, Parameters)" if value else "new Num[Parameters]"
        start = f"public {self.kind(field.kind)} {self.field(field.name)} {{ get; set; }}"
        return f"{start}{value and f' = {value};'}"

    def more_of(self, one: Record) -> Iterator[str]:
        """The rest of a state: what it keeps for later, and its copy."""
        for field in one.private:
            yield f"{self.documented(self.said_of(field))}\ninternal Num[] {self.field(field.name)} {{ get; set; }}"
        if one.name == "State":
            names = ((self.field(field.name), field.kind == "Kept") for field in one.fields)
            copies = [[f"{name} = {f'(Num[]){name}.Clone()' if array else name}" for name, array in names]]
            made = csharp.items(copies, "return new State ", ";", 8) if one.fields else "return new State();"
            says = self.documented("A copy, which later steps leave as it is.")
            yield f"{says}\npublic State Copy()\n{{\n    {made}\n}}"

    def valued(self, one: Constant) -> str:
        """A constant, or what cannot be given another value."""
        name = self.constants.get(one.name, csharp.pascal(one.name))
        start = f"{'public' if one.public else 'private'} static readonly"
        if one.kind == "U32":
            return f"public const uint {name} = {one.values[0]};"
        if one.kind == "Categories":
            lines = [csharp.texts(some, f"[{self.text(column)}] = ", ",", 8) for column, _, some in one.table]
            inner = "\n".join(f"        {line}" for line in lines)
            kind = "Dictionary<string, string[]>"
            return f"{start} IReadOnly{kind} {name} =\n    new {kind}\n    {{\n{inner}\n    }};"
        if one.kind == "Ids":
            lines = [csharp.texts(some, f"({self.text(column)}, {count}, ", "),") for column, count, some in one.table]
            inner = "\n".join(f"    {line}" for line in lines)
            return f"{start} (string Column, int Count, string[] Listed)[] {name} =\n{{\n{inner}\n}};"
        suffix = "f" * (self.narrow and one.kind in ARRAYS)
        rows = [[f"{value}{suffix}" for value in row] for row in self.listed_values(one)]
        kind, new = self.kind("list[str]" if one.kind == "Texts" else one.kind).removeprefix("params "), ""
        if one.kind == "Texts" and one.public:
            kind, new = "IReadOnlyList<string>", "new[] "
        return csharp.items(rows, f"{start} {kind} {name} = {new}", ";", 0)

    def argument(self, one: Argument) -> str:
        """An argument with its type, and with its default, which has to be a constant."""
        kind = "Func<int, Num, Num[], bool>" if one.name == "callback" else self.kind(one.kind)
        if one.name == "callback" and self.gets_progress:
            kind = "Func<int, Num, Num[], Progress, bool>"
        default = ""
        if one.default is not None:
            given = isinstance(one.default, ast.Constant) and one.default.value is not None
            default = f" = {self.typed(one.default, one.kind)}" if given or one.name == "seed" else " = null"
        return f"{'params ' * one.several}{in_width(kind, self.narrow)} {self.local(one.name)}{default}"

    def block(self, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """A record that may be left out is a new one then."""
        for one in self.function.arguments if body is self.function.body else ():
            if isinstance(one.default, ast.Name) and self.program.fields.get(one.kind):
                yield self.line(depth, f"{one.name} = {one.name} ?? new {one.kind}();")
        yield from super().block(body, depth)

    def given_numbers(self, params: str, numbers: Sequence[Sequence[str]], start: int) -> str:
        """An array is copied."""
        written = [[f"{one}{'f' * self.narrow}" for one in row] for row in numbers]
        return csharp.items(written, f"new {self.kind('Num')}[] ", f".CopyTo({params}, {start});")

    def unpacked(self, names: ast.Tuple, value: ast.expr, depth: int) -> Iterator[str]:
        """A name with its type for each result."""
        found = [ast.unparse(one) for one in names.elts]
        typed = [one if one == "_" else f"{self.kind(self.kinds.of[one])} {self.local(one)}" for one in found]
        yield self.line(depth, f"({', '.join(typed)}) = {self.write(value)};")

    def declared(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """A record has its fields in braces."""
        match value:
            case ast.Call(func=ast.Name(id=record), args=args) if fields := self.program.fields.get(record):
                yield self.line(depth, f"{record} {name} = new {record}")
                yield self.line(depth, "{")
                for (one, kind), given in zip(fields.items(), args, strict=False):
                    yield self.line(depth + 1, f"{self.field(one)} = {self.passed(given, kind, 1)},")
                yield self.line(depth, "};")
            case _:
                yield from super().declared(name, value, depth)

    def returned(self, value: ast.expr, depth: int) -> Iterator[str]:
        """An array of a list, also of one of the caller."""
        if isinstance(value, ast.Name) and value.id in self.grown:
            yield self.line(depth, f"return {self.local(value.id)}.ToArray();")
        elif isinstance(value, ast.Name) and self.is_given_list(value):
            yield self.line(depth, f"return new List<Num>({self.local(value.id)}).ToArray();")
        else:
            yield from super().returned(value, depth)

    def is_given_list(self, node: ast.expr) -> bool:
        """Whether this is a list of the caller, not an array."""
        declared = [one.kind for one in self.function.arguments if one.name == ast.unparse(node)]
        return bool(declared) and self.kind(declared[0]).startswith("IReadOnlyList<")

    def cased(self, name: str) -> str:
        """A name whose words begin with capitals."""
        return csharp.pascal(name.lstrip("_"))

    def local(self, name: str) -> str:
        """A name with capitals between its words."""
        return name if name in self.kept else camel(re.sub(r"(?<![a-z])params(?![a-z])", "parameters", name))

    def field(self, name: str) -> str:
        """The name of a field of a record."""
        return csharp.pascal(name.replace("params", "parameters"))

    def opened(self, head: str, depth: int) -> Iterator[str]:
        """A brace has its own line."""
        yield self.line(depth, head)
        yield self.line(depth, "{")

    def otherwise(self, head: str, depth: int) -> Iterator[str]:
        """Both braces have their own lines."""
        yield self.line(depth, "}")
        yield from self.opened(head, depth)

    def constant(self, value: object) -> str:
        """A constant; a large whole number has no sign."""
        text = super().constant(value)
        return f"{text}u" if text.startswith("0x") else text

    def said_as(self, argument: Argument, given: ast.expr, text: str) -> str:
        """A truth value, or a constant for what may be missing, has its name."""
        constant = not any(isinstance(node, ast.Name) for node in ast.walk(given))
        named = text in ("true", "false") or (optional(argument.kind) and constant)
        return f"{self.local(argument.name)}: {text}" if named else text

    def refused(self, place: str, expected: str, depth: int) -> Iterator[str]:
        """An exception; a text that is longer than a line has a name, and an argument that of C#."""
        if any(place == f'"{one.name}"' for one in self.function.arguments):
            place = f'"{self.local(place[1:-1])}"'
        if expected.startswith('"') and 4 * (depth + 1) + columns(f"{expected});") > self.width:
            stated = csharp.strings([expected[1:-1]], "const string Expected = ", 4 * depth)
            yield from self.line(depth, stated).split("\n")
            expected = "Expected"
        yield from super().refused(place, expected, depth)

    def certain(self, name: str, kind: str) -> str:
        """A value that is there."""
        return f"{self.local(name)}{'.Value' * self.types.get(kind, '').endswith('?')}"

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        if kind == "str":
            return f"{value}.Substring({first or 0}{last and f', {between(first, last)}'})"
        return f"Part({value}, {first or 0}, {between(first, last or f'{value}.Length')})"

    def filtered(self, node: ast.ListComp) -> str:
        """The places up to a count for which a condition holds."""
        place, count, test = self.filter_parts(node)
        return f"Places({count}, {place} => {test})"

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """A list of zeros is an array."""
        if name == "len" and (self.is_given_list(args[0]) or self.kinds(args[0]).startswith("tuple[")):
            return f"{self.write(args[0])}.Count"
        if name == "check_size":
            args = [*args[:2], ast.Constant(self.local(ast.literal_eval(args[2])))]
        if name == "U32":
            value = self.write(args[0])
            return value if isinstance(args[0], ast.Constant) else f"(uint){value}"
        return super().call(name, args, depth)
