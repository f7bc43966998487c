"""JavaScript: its types in comments, and numbers of 32 bits."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from nngen.printing import CHOICE, Function, Pair, Printer, is_list, item, next_of
from nngen.targets import javascript_layout


class JavaScriptPrinter(Printer):
    """Writes functions of the source in JavaScript, about as Prettier does."""

    step, width = "  ", 120
    types: ClassVar[Mapping[str, str]] = {
        "Class": "(typeof CLASSES)[number]", **dict.fromkeys(("Inputs", "Outputs"), "number[]"), "Params": "Params",
        "Row": "Row", "Shares": "Record<string, number>",
        "int": "number", "U32": "number", "F64": "number", "Num": "number", "bool": "boolean", "str": "string",
        "U32 | None": "number | null", "int | None": "number", "Style": "Record<string, string>",
    }  # fmt: skip
    calls: ClassVar[Mapping[str, str]] = {
        "abs": "Math.abs({0})", "endswith": "{0}.endsWith({1})", "F64": "{0}", "find": "{0}.indexOf({1})",
        "has": "{0}.includes({1})",
        "float": "{0}", "int": "{0}", "is_digits": "/^[0-9]+$/.test({0})", "joined": '{0}.join("")',
        "len": "{0}.length", "is_nan": "Number.isNaN({0})",
        "by_class": "Object.fromEntries(CLASSES.map((name, i) => [name, {0}[i]]))",
        "_choose": "({0} ? {1} : {2})",
        "_maximum": "Math.max({0}, {1})", "_minimum": "Math.min({0}, {1})", "_sign": "Math.sign({0})",
        "max": "Math.max({0}, {1})", "min": "Math.min({0}, {1})", "nan": "NaN", "Num": "{0}",
        "parsed": "Number({0})", "replace": "{0}.replaceAll({1}, {2})", "rounded": "_rounded({0})",
        "sorted_by": "[...{1}.keys()].sort((i, k) => {1}[i] - {1}[k]).map((i) => {0}[i])", "split": "{0}.split({1})",
        "sqrt": "Math.sqrt({0})", "startswith": "{0}.startsWith({1})",
        "stripped": '{0}.replace(/^ +|(?<! ) +$/g, "")',
    }  # fmt: skip
    operators: ClassVar[Mapping[str, str]] = {"==": "===", "!=": "!=="}

    def head(self, function: Function) -> str:
        """The comment with the types, and the head."""
        arguments = [f"{self.local(one.name)}: {self.kind(one.kind)}" for one in function.arguments]
        gives = "void" if function.gives == "None" else self.kind(function.gives)
        return javascript_layout.function(arguments, function.name, gives, function.says, exported=function.public)

    def name(self, name: str) -> str:
        """A function of the source has its name."""
        return name

    def kind(self, kind: str) -> str:
        """A type of TypeScript."""
        return f"{self.kind(item(kind))}[]" if is_list(kind) else self.types[kind]

    def stated(self, name: str, kind: str) -> str:
        """A name that changes is a ``let``."""
        return f"{'let' if name in self.changed else 'const'} {self.local(name)}"

    def counted(self, name: str, first: str, last: str, by: str) -> str:
        """A loop over whole numbers."""
        return f"for (let {name} = {first}; {name} < {last}; {next_of(name, by)})"

    def each(self, name: str, kind: str, over: ast.expr) -> str:
        """A loop over items."""
        values = f"[{', '.join(map(self.write, over.elts))}]" if isinstance(over, ast.Tuple) else self.write(over)
        return f"for (const {name} of {values})"

    def listed(self, name: str, kind: str, node: ast.ListComp, depth: int) -> Iterator[str]:
        """A list is one expression."""
        yield self.line(depth, f"const {name} = {self.write(node)};")

    def returned(self, value: ast.expr, depth: int) -> Iterator[str]:
        """A list is one expression, too."""
        yield self.line(depth, f"return {self.whole(value, self.function.gives)};")

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """A list with a term for each place or item."""
        match node:
            case ast.ListComp(elt=term, generators=[ast.comprehension(target=target, iter=over, ifs=[])]):
                self.kinds(node)
                name = ast.unparse(target)
                match over, term:
                    case ast.Call(func=ast.Name(id="range"), args=[count]), ast.expr():
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
        """A product of numbers of 32 bits, and a shift without a sign."""
        if kind == "U32" and isinstance(pair.op, ast.Mult):
            return f"Math.imul({self.write(pair.left)}, {self.write(pair.right)})"
        text = super().binary(pair, kind, depth)
        return text.replace(" >> ", " >>> ") if isinstance(pair.op, ast.RShift) else text

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        return f"{value}.slice({first or 0}{last and f', {last}'})"

    def items(self, kind: str, items: Sequence[str]) -> str:
        """A list of some values."""
        return f"[{', '.join(items)}]"

    def places(self, count: str) -> str:
        """The places up to a count."""
        return f"[...Array({count}).keys()]"

    def filtered(self, node: ast.ListComp) -> str:
        """The places up to a count for which a condition holds."""
        place, count, test = self.filter_parts(node)
        return f"[...Array({count}).keys()].filter(({place}) => {test})"

    def refused(self, place: str, expected: str, depth: int) -> Iterator[str]:
        """An exception with a text."""
        yield self.line(depth, f'throw new RangeError("expected {expected[1:]});')

    def refused_but(self, place: str, expected: str, got: str, depth: int) -> Iterator[str]:
        """An exception with a text that says what there is instead."""
        yield self.line(depth, f"throw new RangeError({self.text(f'{place}: expected {expected}, got {got}')});")

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
