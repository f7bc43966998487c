"""Java: its types and calls. A whole number of 32 bits without a sign is a ``long``."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from nngen.printing import (
    ALIKE,
    ARRAYS,
    ATOM,
    SUM,
    Argument,
    Constant,
    Field,
    Function,
    Pair,
    Record,
    item,
    several,
)
from nngen.targets import java
from nngen.targets.compiled import camel
from nngen.targets.printers.arrays import ArrayPrinter, returned

MASK = "0xffffffffL"

CALLBACK = """\
/** What {{@code fit}} calls after each epoch; true ends training. */
public interface Callback {{
    /** Whether training ends after an epoch. */
    boolean ends(int epoch, Num loss, Num[] params{});
}}"""


class JavaPrinter(ArrayPrinter):
    """Writes functions of the source in Java."""

    cast, lists_texts = "(Num) ", True
    record_head, apart = "public static final class ", "\n"
    instead = "{0} == null ? {1} : {0}"
    items_form, added = "new {0}[] {{{1}}}", "{0}.add({1})"
    documented, text = staticmethod(java.doc), staticmethod(java.text_of)
    width, noted, laid = java.STYLE.width, staticmethod(java.comment), staticmethod(java.statement)
    flags: ClassVar[Mapping[str, bool]] = {"CHECKS_SIZES": True, "SIZES": True, "THROWS": True}
    types: ClassVar[Mapping[str, str]] = {
        "Within": "boolean[]", "Notes": "String[]", "Class": "String", **dict.fromkeys(ARRAYS, "Num[]"),
        "Row": "Object...", "U32": "long", "F64": "double", "bool": "boolean", "str": "String", "U32 | None": "Long",
        "Size | None": "Integer", "int | None": "int", "Cell": "Object", "F64 | None": "Double", "I64": "long",
        "I64 | None": "Long", "Texts": "List<String>", "Title": "String", "Content": "String",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        **ALIKE,
        "abs": "Math.abs({0})", "endswith": "{0}.endsWith({1})", "find": "{0}.indexOf({1})",
        "has": "{0}.contains({1})",
        "int": "(int) {0}", "is_digits": '{0}.matches("[0-9]+")', "joined": "String.join({1}, {0})",
        "shortest": "Double.toString({0})", "is_finite": "Double.isFinite({0})",
        "check_size": "checkSize({2}, {0}.length, {1})",
        "len": "{0}.length", "max": "Math.max({0}, {1})", "min": "Math.min({0}, {1})", "nan": "Double.NaN",
        "bare": "bare({0})", "contains": "{0}.contains({1})", "cos": "StrictMath.cos({0})", "I64": "(long) {0}",
        "is_nan": "Double.isNaN({0})", "is_none": "{0} == null", "is_number": "{0} instanceof Number",
        "is_text": "{0} instanceof String", "is_truth": "{0} instanceof Boolean", "is_whole": "{0} % 1.0 == 0.0",
        "list": "IntStream.range(0, {0}).toArray()",
        "number_in": "((Number) {0}).doubleValue()", "number_texts": "numberTexts({0})", "pi": "Math.PI",
        "sin": "StrictMath.sin({0})", "text_in": "(String) {0}", "truth_in": "(Boolean) {0}",
        "parsed": "parsed({0})", "replace": "{0}.replace({1}, {2})",
        "exp": "StrictMath.exp({0})", "floor": "Math.floor({0})", "log": "StrictMath.log({0})",
        **{f"_{name}": f"StrictMath.{name}({{0}})" for name in ("expm1", "log1p", "tanh")},
        "_maximum": "Math.max({0}, {1})", "_minimum": "Math.min({0}, {1})", "_sign": "Math.signum({0})",
        "_choose": "({0} ? {1} : {2})",
        "rounded": "(int) Math.rint({0})", "split": "{0}.split(Pattern.quote({1}), -1)", "sqrt": "Math.sqrt({0})",
        "clear": "Arrays.fill({0}, 0)", "copied": "{0}.copy()", "infinity": "(Num) Double.POSITIVE_INFINITY",
        "distinct": "Arrays.stream({0}).sorted().distinct().toArray()", "kept": "{0}.clone()",
        "no_slopes_in": "noSlopes({0})", "put_back": "System.arraycopy({1}, 0, {0}, 0, PARAMETERS)",
        "resume": "{0} = {1}.copy()", "slopes_of_training": "new Num[PARAMETERS]",
        "_check_example": "",
        "_check_examples": 'checkSize("params", {0}.length, PARAMETERS)',
        "check_row": 'checkSize("row", {0}.length, COLUMNS.size())',
        "copy_of": "{0}.clone()",
        "no_params": "new Num[PARAMETERS]", "categories_of": "CATEGORIES.get({1})",
        "ids_of": "IDS.get({1})", "no_inputs": "new Num[INPUTS]", "no_bounds": "new Num[2 * OUTPUTS]",
        "no_notes": "new String[COLUMNS.size()]",
        "no_outputs": "new Num[OUTPUTS]", "no_jacobian": "new Num[OUTPUTS][]", "no_numbers": "new Num[COLUMNS.size()]",
        "no_rows": "new Num[{0}][COLUMNS.size()]",
        "startswith": "{0}.startsWith({1})", "stripped": '{0}.replaceAll("^ +|(?<! ) +$", "")',
    }  # fmt: skip

    def head(self, function: Function) -> str:
        """The comment and the head."""
        first, *others = several(function.gives)
        shown = [one for one in self.in_order(function) if not (others and one.name == "training")]
        arguments = [f"{self.argument(one)} {self.local(one.name)}" for one in shown]
        arguments += [f"{self.kind(kind)} {name}" for kind, name in zip(others, returned(function)[1:], strict=True)]
        gives = "" if first == "None" else self.kind(first)
        return java.function(arguments, self.name(function.name), gives, self.says(function), public=function.public)

    def field_of(self, field: Field) -> str:
        """A public field; the constructor fills arrays."""
        array = " = new Num[PARAMETERS]" * (field.name != "best_params")
        value = f" = {self.starting(field)}" if field.start not in ("", "None") else ""
        return f"public {self.kind(field.kind)} {self.local(field.name)}{array if field.kind == 'Kept' else value};"

    def more_of(self, one: Record) -> Iterator[str]:
        """The rest of a state: what it keeps for later, how it begins, and its copy."""
        for field in one.private:
            yield f"{self.documented(self.said_of(field))}\nprivate final Num[] {field.name} = new Num[PARAMETERS];"
        if starts := [
            f"    Arrays.fill({field.name}, {self.starting(field)});"
            for field in one.fields
            if field.kind == "Kept" and field.start
        ]:
            yield "\n".join(["\n/** The state before the first step. */", "public State() {", *starts, "}"])
        if one.name == "State" and one.continues:
            copies = [f"    copy.{f.name} = {f.name}{'.clone()' * (f.kind == 'Kept')};" for f in one.fields]
            yield "\n".join(
                ["\nprivate State copy() {", "    State copy = new State();", *copies, "    return copy;", "}"]
            )

    def record_of(self, one: Record) -> str:
        """A class; that of settings has the interface of callbacks beside it."""
        text = super().record_of(one)
        return f"{text}\n\n{CALLBACK.format(', Progress progress' * one.continues)}" if one.name == "Progress" else text

    def valued(self, one: Constant) -> str:
        """A constant; lists of texts cannot change."""
        start = f"{'public' if one.public else 'private'} static final"
        if one.table:
            listed = {column: texts for column, _, texts in one.table}
            return java.table(listed, f"{start} Map<String, List<String>> {one.name} = ", one.many)
        if one.kind == "Texts":
            return java.texts(one.values, f"{start} List<String> {one.name} = ", one.many)
        if one.kind == "U32":
            return f"{start} long {one.name} = {one.values[0]}L;"
        kind = self.kind(one.kind).replace("...", "[]")
        if kind.startswith(("int", "Object")):
            return java.STYLE.items(self.listed_values(one), f"{start} {kind} {one.name} = {{", "};", 0)
        return java.array(one.rows, self.kind("Num"), f"{start} {kind} {one.name} = ")

    def block(self, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """A function gets an array for the parameters after a training, and null without one."""
        if body is self.function.body and any(one.name == "training" for one in self.function.arguments):
            yield self.line(depth, "boolean training = after != null;")
        yield from super().block(body, depth)

    def argument(self, one: Argument) -> str:
        """The type of an argument."""
        if one.kind == "Row" and not self.function.public:
            return "Object[]"
        return f"{self.kind(item(one.kind))}..." if one.several else self.kind(one.kind)

    def definition(self, function: Function) -> str:
        """A function whose local lists may grow."""
        self.builders: set[str] = set()
        return re.sub(r"\S+ (\w+) = (.*;)\n +return \1;", r"return \2", super().definition(function))

    def given_numbers(self, params: str, numbers: Sequence[Sequence[str]], start: int) -> str:
        """An array is copied."""
        kind, size = self.kind("Num"), sum(map(len, numbers))
        stated = java.array(numbers, kind, f"{kind}[] values{start} = ", indent=4)
        return f"{stated}\n    System.arraycopy(values{start}, 0, {params}, {start}, {size});"

    def row_of(self, start: str, names: Sequence[str]) -> str:
        """An array; that of the caller gets its numbers."""
        opening, closing = f"new {self.kind('Num')}[] {{", "}"
        if " slopes = " not in start:
            return self.step + java.STYLE.items([names], f"{start}{opening}", f"{closing};", 4)
        check = f'    checkSize("slopes", slopes.length, {len(names)});\n    '
        copied = f"System.arraycopy({opening}", f"{closing}, 0, slopes, 0, {len(names)});"
        return check + java.STYLE.items([names], *copied, 4)

    def vector_of(self, start: str, name: str) -> str:
        """A name for a vector; the array of the caller gets its numbers."""
        if " slopes = " not in start:
            return super().vector_of(start, name)
        check = f'checkSize("slopes", slopes.length, {name}.length);'
        return f"{check}\n    System.arraycopy({name}, 0, slopes, 0, {name}.length);"

    def growing(self, name: str, depth: int) -> Iterator[str]:
        """A stream of numbers."""
        self.builders.add(name)
        stream = "IntStream" if self.kinds.of[name] == "list[int]" else "DoubleStream"
        yield self.line(depth, f"{stream}.Builder {self.local(name)} = {stream}.builder();")

    def unpacked(self, names: ast.Tuple, value: ast.expr, depth: int) -> Iterator[str]:
        """Arrays, which the call fills; what comes after training is null without it."""
        assert isinstance(value, ast.Call)  # noqa: S101 (see subset.py)
        first, *others = map(ast.unparse, names.elts)
        for one in others:
            if one not in ("_", *returned(self.function)[1:]):
                yield self.line(depth, f"{self.kind('Params')} {one} = new Num[PARAMETERS];")
        last = "null" if others[-1] == "_" else others[-1]
        arrays = ["new Num[PARAMETERS]" if one == "_" else one for one in others[:-1]]
        call = self.write(ast.Call(value.func, value.args[:-1], [])).removesuffix(")")
        yield self.line(depth, f"{self.kind(self.kinds.of[first])} {first} = {', '.join([call, *arrays, last])});")

    def given_back(self, values: Sequence[ast.expr], depth: int) -> Iterator[str]:
        """The first value; the others are in arrays of the caller."""
        yield self.line(depth, f"return {self.write(values[0])};")

    def declared(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """An array of the caller, and a record with its fields."""
        match value:
            case ast.Call(func=ast.Name(id="no_slopes" | "no_params")) if name in returned(self.function)[1:]:
                yield self.line(depth, f'checkSize("{name}", {name}.length, PARAMETERS);')
                yield self.line(depth, f"Arrays.fill({name}, 0);")
            case ast.Call(func=ast.Name(id="kept")) if name in returned(self.function)[1:]:
                yield from self.opened("if (training)", depth)
                yield self.line(depth + 1, f'checkSize("{name}", {name}.length, PARAMETERS);')
                yield self.line(depth + 1, f"System.arraycopy(params, 0, {name}, 0, PARAMETERS);")
                yield from self.closed(depth)
            case ast.Call(func=ast.Name(id="Style"), args=[*marks, missing]):
                texts = [*map(self.write, marks), self.passed(missing, "Texts", depth)]
                yield self.line(depth, f"Style {name} = new Style({', '.join(texts)});")
            case ast.Call(func=ast.Name(id=record), args=args) if fields := self.program.fields.get(record):
                yield self.line(depth, f"{record} {name} = new {record}();")
                for one, given in zip(fields, args, strict=False):
                    yield self.line(depth, f"{name}.{self.field(one)} = {self.write(given)};")
            case _:
                yield from super().declared(name, value, depth)

    def returned(self, value: ast.expr, depth: int) -> Iterator[str]:
        """An array of a stream."""
        if isinstance(value, ast.Name) and value.id in self.builders:
            array = f"{self.local(value.id)}.build().toArray()"
            narrow = self.narrow and self.function.gives == "list[Num]"
            yield self.line(depth, f"return {f'narrow({array})' if narrow else array};")
        else:
            yield from super().returned(value, depth)

    def cased(self, name: str) -> str:
        """A name with capitals between its words."""
        return name if name in self.kept else camel(name.lstrip("_"))

    local = cased

    def passed(self, node: ast.expr, kind: str, depth: int) -> str:
        """Texts are a list, others an array."""
        if kind == "Texts" and isinstance(node, ast.List):
            return f"List.of({', '.join(map(self.write, node.elts))})"
        return super().passed(node, kind, depth)

    def whole(self, node: ast.expr, kind: str) -> str:
        """A sum or a product of whole numbers of 32 bits loses its higher bits."""
        text = self.typed(node, kind)
        grows = kind == "U32" and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult)
        return f"({text}) & {MASK}" if grows else text

    def binary(self, pair: Pair, kind: str, depth: int) -> str:
        """Texts are equal by their letters."""
        if kind == "str" and isinstance(pair.op, ast.Eq | ast.NotEq):
            left, right = self.write(pair.left, ATOM), self.write(pair.right)
            equal = f"{left}.isEmpty()" if right == '""' else f"{left}.equals({right})"
            return f"{'!' * isinstance(pair.op, ast.NotEq)}{equal}"
        return super().binary(pair, kind, depth)

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """What a module states as a list is no array."""
        match node:
            case ast.Subscript(value=ast.Name(id=name) as value, slice=at) if self.kinds.of.get(name, "").startswith(
                ("Texts", "tuple[")
            ):
                return f"{self.write(value)}.get({self.write(at)})", ATOM
        return super().expression(node, depth)

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        if kind == "str":
            return f"{value}.substring({first or 0}{last and f', {last}'})"
        return f"Arrays.copyOfRange({value}, {first or 0}, {last or f'{value}.length'})"

    def filtered(self, node: ast.ListComp) -> str:
        """The places up to a count for which a condition holds."""
        place, count, test = self.filter_parts(node)
        return f"IntStream.range(0, {count}).filter({place} -> {test}).toArray()"

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """A list of zeros is an array; a number of 32 bits is one of 64 without higher bits."""
        if name == "len" and (self.kinds(args[0]) in ("str", "Texts") or self.kinds(args[0]).startswith("tuple[")):
            return f"{self.write(args[0], ATOM)}.{'length' if self.kinds(args[0]) == 'str' else 'size'}()"
        if name == "picked":
            values, places = map(self.write, args)
            kind = item(self.kinds(args[0]))
            if kind == "U32":
                return f"Arrays.stream({places}).mapToLong(k -> {values}[k]).toArray()"
            return f"{'picked' if kind == 'Num' else 'rowsOf'}({values}, {places})"
        if self.kinds.of.get(name, "").startswith("Callback"):
            return f"{name}.ends({', '.join(map(self.write, args))})"
        if name == "U32":
            value = self.write(args[0], SUM)
            return value if isinstance(args[0], ast.Constant) else f"{value} & {MASK}"
        return super().call(name, args, depth)

    def constant(self, value: object) -> str:
        """A constant; a large whole number has 64 bits."""
        text = super().constant(value)
        long = isinstance(value, int) and (
            self.wanted in ("I64 | None", "U32 | None") or text.startswith("0x") or value >= 2**31
        )
        return f"{text}L" if long else text
