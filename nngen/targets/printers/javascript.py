"""JavaScript: its types in comments, and numbers of 32 bits."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from nngen.common.nodes import nodes
from nngen.printing import ATOM, CHOICE, Constant, Function, Pair, Printer, several
from nngen.targets import javascript_layout

SETTINGS = {"epochs": "EPOCHS", "batch_size": "BATCH_SIZE", "seed": "ORDER_SEED"}
"""What each of these options is by default."""

PROGRESS = ("epochs", "state", "measured", "best", "best_params", "since")
"""The fields of what a training needs to continue, in the order in which users find them in a list."""


class JavaScriptPrinter(Printer):
    """Writes functions of the source in JavaScript, about as Prettier does."""

    grows = "const {0} = /** @type {{{1}}} */ ([])"
    counts, walks = "for (let {0} = {1}; {0} < {2}; {3})", "for (const {1} of {2})"
    step, width, last_comma, keyed = "  ", 120, ",", "{0}: {1}"
    noted, array = staticmethod(javascript_layout.comment), staticmethod(javascript_layout.items)
    flags: ClassVar[Mapping[str, bool]] = {
        "COPIES": True, "DIVIDES": True, "SHOWS": True, "UNTYPED": True, "UNTYPED_SEEDS": True,
    }  # fmt: skip
    placeholders: ClassVar[frozenset[str]] = Printer.placeholders | frozenset(
        "BATCH_SIZE CLEARED COPIED DIVIDED EPOCHS ORDER_SEED Progress SIZE STATE_COPY Slopes TYPES_SEEN ZEROS".split()
    )
    constants: ClassVar[Mapping[str, str]] = {
        "MISSING": "_MISSING", "PARAMETERS": "SIZE", "VALIDATION_PLACES": "_VALIDATION",
    }  # fmt: skip
    types: ClassVar[Mapping[str, str]] = {
        "Class": "(typeof CLASSES)[number]", **dict.fromkeys(("Inputs", "Outputs"), "number[]"),
        "Shares": "Record<string, number>", "Within": "Record<string, boolean>", "Bounds": "number[]",
        "ByInput": "number[]", "ByInputs": "number[][]", "ByColumn": "Record<string, number>",
        "Notes": 'Partial<Record<(typeof COLUMNS)[number], "far" | "missing" | "unknown">>',
        "ByColumns": "Record<string, number[]>", "int": "number", "U32": "number", "F64": "number", "Num": "number",
        "bool": "boolean", "str": "string", "U32 | None": "number | null", "int | None": "number", "Cell": "unknown",
        "F64 | None": "number | null", "I64": "number", "I64 | None": "number | null", "Texts": "readonly string[]",
        "Title": "string", "Size | None": "number | null", "Progress | None": "Progress",
        "Callback | None": "(epoch: number, loss: number, TYPES_SEEN) => unknown", "list[Num] | None": "number[]",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        "abs": "Math.abs({0})", "endswith": "{0}.endsWith({1})", "F64": "{0}", "find": "{0}.indexOf({1})",
        "has": "{0}.includes({1})",
        "I64": "{0}", "bare": "_bare({0})", "contains": "{0}.includes({1})", "cos": "Math.cos({0})",
        "dated": "`a date written as ${{{0}}}`", "such_as": "_such_as({0})",
        "is_none": "{0} === null || {0} === undefined", "is_number": 'typeof {0} === "number"',
        "is_object": 'typeof {0} === "object"', "is_text": 'typeof {0} === "string"',
        "is_truth": 'typeof {0} === "boolean"', "is_whole": "Number.isInteger({0})",
        **dict.fromkeys(("number_in", "text_in", "truth_in"), "{0}"), "number_texts": "_number_texts({0})",
        "one_of": "_one_of({0})", "pi": "Math.PI", "sin": "Math.sin({0})", "_place_of": "_place_of({0}, {1})",
        "whole_below": "`a whole number from 0 to ${{{0} - 1}}`",
        "float": "{0}", "int": "{0}", "is_digits": "/^[0-9]+$/.test({0})", "joined": '{0}.join("")',
        "len": "{0}.length", "is_nan": "Number.isNaN({0})",
        **dict.fromkeys(("by_class", "by_name"), "Object.fromEntries(CLASSES.map((name, i) => [name, {0}[i]]))"),
        "by_column": "Object.fromEntries(COLUMNS.map((name, i) => [name, {0}[i]]))",
        "by_columns": "Object.fromEntries(COLUMNS.map((name, i) => [name, {0}.map((row) => row[i])]))",
        "cell_of": "cells[{1}]", "check_row": "const cells = _values({0})",
        "categories_of": "_listed(CATEGORIES, {1})", "dated_cell": "{0}", "ids_of": "_listed(IDS, {1})",
        "no_notes": 'Array(COLUMNS.length).fill("")',
        "unusual": "Object.fromEntries(COLUMNS.map((name, i) => [name, {0}[i]]).filter(([, word]) => word))",
        "no_inputs": "x.map(() => 0.0)",
        "no_jacobian": "[]", "no_outputs": "Array(OUTPUTS).fill(0.0)", "no_numbers": "Array(COLUMNS.length).fill(0.0)",
        "no_rows": "Array.from({{ length: {0} }}, () => Array(COLUMNS.length).fill(0.0))", "undrawn": "",
        "_choose": "({0} ? {1} : {2})",
        "_maximum": "Math.max({0}, {1})", "_minimum": "Math.min({0}, {1})", "_sign": "Math.sign({0})",
        "max": "Math.max({0}, {1})", "min": "Math.min({0}, {1})", "nan": "NaN", "Num": "{0}",
        "parsed": "_parsed({0})", "replace": "{0}.replaceAll({1}, {2})", "rounded": "_rounded({0})",
        "sorted_by": "[...{1}.keys()].sort((i, k) => {1}[i] - {1}[k]).map((i) => {0}[i])", "split": "{0}.split({1})",
        "sqrt": "Math.sqrt({0})", "startswith": "{0}.startsWith({1})",
        "stripped": '{0}.replace(/^ +|(?<! ) +$/g, "")',
        "add_products": "{0}.forEach(([sums, v, w]) => _add_outer(sums, v, w))", "check_size": "", "clear": "CLEARED",
        "copied": "STATE_COPY",
        "divide": "DIVIDED",
        "infinity": "Infinity", "init_state": "init_state(params)", "kept": "COPIED", "picked": "_at({0}, {1})",
        **dict.fromkeys(("no_slopes", "no_slopes_in", "slopes_of_training"), "ZEROS"),
        "put_back": "Object.assign({0}, {1})", "with_params": "[{0}, {1}]", "with_state": "[{0}, {1}, {2}]",
        "_class_weight": "_weight({0})", "_ends": "ENDS", "_whole_of": "_total({0})",
        "_check_weight": "_check_weights([{0}], 1)", "_weights_of": "_check_weights({0} ?? xs.map(() => 1.0), {1})",
    }  # fmt: skip
    nones: ClassVar[Mapping[str, str]] = {"int | None": "-1"}
    operators: ClassVar[Mapping[str, str]] = {"==": "===", "!=": "!=="}

    @staticmethod
    def laid(value: str, start: str, margin: int) -> str:
        """A statement with a formula."""
        return javascript_layout.BRACES.statement(start, value, margin)

    def definition(self, function: Function) -> str:
        """A function; a setting is an option, which has its name already."""
        self.options: dict[str, str] = {}
        return super().definition(function)

    def head(self, function: Function) -> str:
        """The comment with the types, and the head. What a caller of many settings may leave out are options."""
        given = [(one.name, one.kind, one.default) for one in function.arguments if one.kind != "Settings"]
        options: list[str] = []
        if len(given) < len(function.arguments):
            fields_of = (node for node in nodes(function.body) if isinstance(node, ast.Attribute))
            read = {node.attr for node in fields_of if ast.unparse(node.value) == "settings"}
            fields = self.program.fields["Settings"].items()
            named = [(name, kind) for name, kind in fields if name in read and name != "progress"]
            named += [(name, kind) for name, kind, default in reversed(given) if default]
            named += [("progress", "Progress | None")] * ("progress" in read)
            options = [f"{name}: {self.kind(kind)}{equals(SETTINGS.get(name))}" for name, kind in named]
            given = [one for one in given if not one[2]]
        arguments = [
            f"{self.local(name)}: {self.type_of(name, kind)}{equals(self.typed(default, kind) if default else None)}"
            for name, kind, default in given
        ]
        arguments, options = [self.worded(one) for one in arguments], [self.worded(one) for one in options]
        gives = self.worded(self.type_given(function))
        return javascript_layout.function(arguments, function.name, gives, function.says, function.public, options)

    def type_of(self, name: str, kind: str) -> str:
        """The type of an argument or a result; derivatives may have another one than parameters."""
        return "Slopes" if kind.startswith("Params") and name == "slopes" else self.kind(kind)

    def type_given(self, function: Function) -> str:
        """The type of what a function returns: a list of several results, also of new parameters and a new state."""
        match function.body[-1]:
            case ast.Return(value=ast.Tuple(elts=values)):
                kinds = zip(map(ast.unparse, values), several(function.gives), strict=True)
                return f"[{', '.join(self.type_of(*one) for one in kinds)}]"
            case ast.Return(value=ast.Call(func=ast.Name(id="with_params" | "with_state"), args=values)):
                return f"[{', '.join(map(self.kind, map(self.kinds, values)))}]"
        return "void" if function.gives == "None" else self.kind(function.gives)

    def cased(self, name: str) -> str:
        """A function of the source has its name, but for what a module states itself."""
        return {"_add_gradient": "_gradient", "_size_of": "_size"}.get(name, name)

    def local(self, name: str) -> str:
        """A name, or that of an option."""
        return self.options.get(name, name)

    def block(self, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """Fields of a record that are taken one after the other are those of a list. One result needs no name."""
        taken: dict[str, str] = {}
        for one in body:
            match one:
                case ast.Assign(
                    targets=[ast.Name(id=name)], value=ast.Attribute(value=ast.Name(id=record), attr=field)
                ) if record in self.options:
                    taken[field] = name
                case _:
                    break
        if taken:
            names = [taken.get(one, "") for one in PROGRESS[: 6 if "since" in taken else 2]]
            yield self.line(depth, f"[{', '.join(names)}] = {self.local(record)};")
        match body:
            case [
                ast.Assign(targets=[ast.Tuple(elts=[first, *others])], value=value),
                ast.Return(value=ast.Name(id=name)),
            ] if ast.unparse(first) == name and all(ast.unparse(one) == "_" for one in others):
                yield self.line(depth, f"return {self.write(value)}[0];")
            case _:
                yield from super().block(body[len(taken) :], depth)

    def declared(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """A name with its first value, unless it is an option."""
        match value:
            case ast.Attribute(value=ast.Name(id="settings"), attr=option):
                self.options[name] = option
            case _:
                yield from super().declared(name, value, depth)

    def constant_of(self, one: Constant) -> str:
        """A row by the names of its columns."""
        stated = javascript_layout.items(self.listed_values(one), f"export const {one.name} = {{ ", " };", 0)
        return f"{javascript_layout.comment(one.says, 0)}\n{stated}".replace("{ \n", "{\n").replace("\n };", "\n};")

    def unpacked(self, names: ast.Tuple, value: ast.expr, depth: int) -> Iterator[str]:
        """A name for each result, up to the last one that is read."""
        found = [ast.unparse(one) for one in names.elts]
        while found[-1] == "_":
            found.pop()
        yield self.line(depth, f"const [{', '.join(found)}] = {self.write(value)};")

    def record(self, name: str, args: Sequence[ast.expr]) -> str:
        """A record is a list, and a style an object."""
        fields = dict(zip(self.program.fields[name], map(self.write, args), strict=False))
        if name == "Style":
            return f"{{ {', '.join(f'{field}: {value}' for field, value in fields.items())} }}"
        return f"[{', '.join(fields[one] for one in PROGRESS if one in fields)}]"

    def missing(self, value: str, kind: str, yes: bool) -> str:
        """Whether a value is missing; an option may be missing in two ways."""
        if kind.startswith(("Callback", "Progress")):
            return f"{'!' * yes}{value}"
        return super().missing(value, kind, yes)

    def stated(self, name: str, kind: str) -> str:
        """A name that changes is a ``let``; an option gets another value."""
        if any(one.kind == "Settings" for one in self.function.arguments) and name in self.program.fields["Settings"]:
            return name
        return f"{'let' if name in self.changed else 'const'} {self.local(name)}"

    def listed(self, name: str, kind: str, node: ast.ListComp, depth: int) -> Iterator[str]:
        """A list is one expression."""
        yield self.line(depth, f"const {name} = {self.write(node)};")

    def returned(self, value: ast.expr, depth: int) -> Iterator[str]:
        """A list is one expression, too."""
        yield self.line(depth, f"return {self.whole(value, self.function.gives)};")

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """A list with a term for each place or item, an option, or a call of a function that may be missing."""
        match node:
            case ast.Attribute(value=ast.Name(id="settings"), attr=option):
                return option, ATOM
            case ast.BoolOp(
                op=ast.And(),
                values=[
                    ast.Compare(left=ast.Name(id=name), ops=[ast.IsNot()]),
                    ast.Call(func=ast.Name(id=called)) as call,
                ],
            ) if name == called:
                return self.write(call).replace("(", "?.(", 1), ATOM
            case ast.ListComp(elt=term, generators=[ast.comprehension(target=target, iter=over, ifs=[])]):
                self.kinds(node)
                name = ast.unparse(target)
                match over:
                    case ast.Call(func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[values])]):
                        # faster than Array.from
                        return f"{self.write(values)}.map((_, {name}) => {self.write(term)})", CHOICE
                    case ast.Call(func=ast.Name(id="range"), args=[count]):
                        size = f"{{ length: {self.write(count)} }}"
                        return f"Array.from({size}, (_, {name}) => {self.write(term)})", CHOICE
                return f"{self.write(over)}.map(({name}) => {self.write(term)})", CHOICE
        return super().expression(node, depth)

    def whole(self, node: ast.expr, kind: str) -> str:
        """A number of 32 bits has no sign and no higher bits."""
        text = self.typed(node, kind)
        if kind != "U32" or not isinstance(node, ast.BinOp):
            return text
        return f"{text} >>> 0" if isinstance(node.op, ast.Mult) else f"({text}) >>> 0"

    def binary(self, pair: Pair, kind: str, depth: int) -> str:
        """A product of numbers of 32 bits, a share or a rest with parentheses, and a shift without a sign."""
        if kind == "U32" and isinstance(pair.op, ast.Mult):
            return f"Math.imul({self.write(pair.left)}, {self.write(pair.right)})"
        match pair:
            case Pair(ast.BinOp(op=ast.Div()), ast.Mult()) | Pair(ast.BinOp(op=ast.Mod()), ast.Add() | ast.Div()):
                return f"({self.write(pair.left)}) {self.sign(pair.op)} {self.typed(pair.right, kind, ATOM)}"
        text = super().binary(pair, kind, depth)
        if isinstance(pair.op, ast.FloorDiv):
            return f"Math.floor({text})"
        return text.replace(" >> ", " >>> ") if isinstance(pair.op, ast.RShift) else text

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text, which ends where they do."""
        within = re.fullmatch(rf"Math\.min\((.*), {re.escape(value)}\.length\)", last)
        last = within[1] if within else last
        return f"{value}.slice({first or 0}{last and f', {last}'})"

    def places(self, count: str) -> str:
        """The places up to a count, or those of a list; ``[...list.keys()]`` takes a third of an epoch of few units."""
        if count.endswith(".length"):
            return f"{count.removesuffix('.length')}.map((_, i) => i)"
        return f"[...Array({count}).keys()]"

    def filtered(self, node: ast.ListComp) -> str:
        """The places up to a count for which a condition holds."""
        place, count, test = self.filter_parts(node)
        return f"[...Array({count}).keys()].filter(({place}) => {test})"

    def refused(self, place: str, expected: str, depth: int) -> Iterator[str]:
        """An exception with a text, which begins with the name of a column."""
        said = f"`${{{place}}}: expected {expected[1:-1]}`" if place.isidentifier() else f'"expected {expected[1:]}'
        yield self.line(depth, f"throw new RangeError({said});")

    def refused_but(self, place: ast.expr, expected: ast.expr, got: ast.expr, depth: int) -> Iterator[str]:
        """An exception with a text that says what there is instead."""
        found = self.piece(got) if isinstance(got, ast.Constant) else f"${{_shown({self.write(got)})}}"
        said = f"{self.piece(place)}: expected {self.piece(expected)}, got {found}"
        yield self.line(depth, f"throw new RangeError({f'`{said}`' if '${' in said else self.text(said)});")

    def piece(self, node: ast.expr) -> str:
        """A piece of a template literal."""
        if isinstance(node, ast.Constant):
            return str(node.value)
        text = self.write(node)
        return text[1:-1] if text.startswith("`") else f"${{{text}}}"

    def is_type(self, name: str, kind: str) -> bool:
        """A number that a user gives may have a sign and higher bits."""
        return name != "U32" and super().is_type(name, kind)

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """A list of zeros, and a number of 32 bits."""
        if name == "filled":
            return f"Array({self.write(args[0])}).fill({self.write(args[1])})"
        if name == "U32":
            value = self.write(args[0])
            return value if isinstance(args[0], ast.Constant) else f"{value} >>> 0"
        return super().call(name, args, depth)


def equals(default: str | None) -> str:
    """What stands after an argument that has a default."""
    return f" = {default}" if default else ""
