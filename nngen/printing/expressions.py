"""Writes expressions of the source in a language with braces; each language says where it differs."""

import ast
import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from nngen.printing.kinds import ARRAYS, certain, is_list, item, optional
from nngen.printing.names import Names
from nngen.printing.operators import ATOM, CHOICE, COMPARED, OR, PREFIX, Pair
from nngen.printing.program import Argument, Function

ALIKE: Mapping[str, str] = {
    **dict.fromkeys("by_class by_column by_columns by_name dated_cell float F64 unusual".split(), "{0}"),
    **dict.fromkeys(("content_of", "text_of_content"), "{0}"),
    **dict.fromkeys("undrawn unused".split(), ""),
    "_ends": "ENDS",
    "cell_of": "{0}[{1}]",
}
"""How most languages write some calls: many give what they get."""


class Expressions(Names):
    """What languages with braces write alike."""

    calls: ClassVar[Mapping[str, str]]
    """How functions of the kit and of Python are called, with their arguments in place of {0}, {1}."""
    choices: ClassVar[str] = "{0} ? {1} : {2}"
    """One of two values {1} and {2} by a condition {0}; nothing if no expression is that."""
    instead: ClassVar[str] = "{0} ?? {1}"
    """A value {0}, or another one {1} if it is missing."""
    there: ClassVar[str] = "{}"
    """A value where one may be missing."""
    items_form: ClassVar[str] = "[{1}]"
    """A list of values {1} that have a type {0}."""
    new_list: ClassVar[str] = "new {0}[{1}]"
    """A list of zeros of a type {0}, as many as {1}."""
    no_list: ClassVar[str] = ""
    """A list without values that would have a type {0}, where it is written in another way."""
    callee: Function
    """The function whose call is written."""

    def whole(self, node: ast.expr, kind: str) -> str:
        """An expression that is all of a value of a type."""
        return self.typed(node, kind)

    def typed(self, node: ast.expr, kind: str, needed: int = CHOICE, depth: int = 1) -> str:
        """An expression whose constants have a type; the other arguments are those of ``write``."""
        before, self.wanted = self.wanted, kind
        text = self.write(node, needed, depth)
        self.wanted = before
        return text

    def write(self, node: ast.expr, needed: int = CHOICE, depth: int = 1) -> str:
        """An expression, in parentheses if its place needs them.

        Args:
            node: the expression.
            needed: how tightly its place binds.
            depth: for layouts whose spaces depend on it, how deep it stands.
        """
        text, binds = self.expression(node, depth)
        if binds >= needed:
            return text
        text, _ = self.expression(node, max(1, depth - 1))
        return f"({text})" if text.isascii() else f"(⟨{text}⟩)"

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """The text of an expression, and how tightly it binds."""
        match node:
            case ast.Constant(value=value):
                return self.constant(value), ATOM
            case ast.Name(id=name):
                return self.value(name), ATOM
            case ast.Attribute(value=value, attr=name):
                return f"{self.write(value, ATOM)}.{self.field(name)}", ATOM
            case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper)):
                ends = [self.write(one, depth=depth + 1) if one else "" for one in (lower, upper)]
                return self.part(self.kinds(value), self.write(value, ATOM), *ends), ATOM
            case ast.Subscript(value=value, slice=place):
                return f"{self.write(value, ATOM)}[{self.index(place, depth + 1)}]", ATOM
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"{self.operators.get('!', '!')}{self.write(operand, PREFIX, depth)}", PREFIX
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"-{self.write(operand, PREFIX, depth)}", PREFIX
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as op], comparators=[_]):
                return self.missing(self.write(left), self.kinds(left), isinstance(op, ast.Is)), COMPARED
            case ast.BinOp() | ast.Compare() | ast.BoolOp():
                pair = Pair.of(node)
                return self.binary(pair, self.kinds(pair.left if pair.binds == COMPARED else node), depth), pair.binds
            case ast.IfExp(test=test, body=body, orelse=other) if unless_there(test) == ast.unparse(other):
                return self.instead.format(self.write(other), self.write(body, OR)), CHOICE
            case ast.IfExp(test=test, body=body, orelse=other):
                parts = self.write(test, OR), self.write(body, OR), self.write(other, CHOICE)
                return self.choice(*parts), CHOICE
            case ast.Call(func=ast.Name(id="list"), args=[ast.Call(func=ast.Name(id="range"), args=[count])]):
                return self.places(self.write(count, depth=2)), ATOM
            case ast.ListComp():
                return self.filtered(node), ATOM
            case ast.List(elts=items):
                if self.wanted in ARRAYS:
                    return self.numbers(self.wanted, [self.typed(one, "Num") for one in items]), ATOM
                kind = item(certain(self.wanted if is_list(self.wanted) else self.kinds(node)))
                return self.items(kind, [self.typed(one, kind) for one in items]), ATOM
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=args):
                return self.calls[name].format(self.write(value, ATOM), *self.arguments(args, depth + 1)), ATOM
            case ast.Call(func=ast.Name(id=name), args=args) if name in self.formulas:
                return f"⟦{self.formulas[name](*(self.write(one, ATOM) for one in args))}⟧", CHOICE
            case ast.Call(func=ast.Name(id=name), args=[value]) if self.is_type(name, self.kinds(value)):
                return self.expression(value, depth)
            case ast.Call(func=ast.Name(id=name), args=args) if self.program.fields.get(name):
                return self.record(name, args), ATOM
            case ast.Call(func=ast.Name(id=name), args=[value]) if self.calls.get(name) == "{0}":
                return self.expression(value, depth)
            case ast.Call(func=ast.Name(id=name), args=args):
                text = self.calls.get(name, "")
                return self.call(name, args, depth), OR if " || " in text else COMPARED if "= " in text else ATOM
        raise TypeError(self.function.place(node))

    def value(self, name: str) -> str:
        """A name in an expression."""
        if name in self.program.names:
            return self.constants.get(name, name)
        declared = next((one.kind for one in self.function.arguments if one.name == name), "")
        there = optional(declared) and not optional(self.kinds.of[name])
        return self.certain(name, declared) if there else self.local(name)

    def index(self, place: ast.expr, depth: int) -> str:
        """A place in a list."""
        return self.write(place, depth=depth)

    def binary(self, pair: "Pair", kind: str, depth: int) -> str:
        """Two operands with their operator.

        Args:
            pair: the operands.
            kind: the type of the result; of a comparison, that of its operands.
            depth: how deep they stand.
        """
        first, second = (
            self.typed(one, kind, needed, depth)
            for one, needed in zip((pair.left, pair.right), pair.around, strict=True)
        )
        return f"{first} {self.sign(pair.op)} {second}"

    def choice(self, test: str, yes: str, no: str) -> str:
        """One of two values."""
        return self.choices.format(test, yes, no)

    def missing(self, value: str, kind: str, yes: bool) -> str:
        """Whether a value of a type is missing, or there."""
        none = self.nones.get(kind, self.none)
        if none == "-1":
            return f"{value} {'<' if yes else '>='} 0"
        if none == self.calls["nan"]:
            return f"{'' if yes else '!'}{self.calls['is_nan'].format(value)}"
        return f"{value} {self.sign(ast.Eq() if yes else ast.NotEq())} {none}"

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        raise NotImplementedError

    def numbers(self, kind: str, items: Sequence[str]) -> str:
        """Numbers, as many as the type has."""
        return self.items(item(kind), items)

    def items(self, kind: str, items: Sequence[str]) -> str:
        """A list of some values."""
        return self.items_form.format(self.kind(kind) if "{0}" in self.items_form else "", ", ".join(items))

    def sized(self, kind: str, size: str) -> str:
        """A new list of a size."""
        return self.new_list.format(self.kind(kind), size)

    def places(self, count: str) -> str:
        """The places up to a count."""
        return self.calls["list"].format(count)

    def filtered(self, node: ast.ListComp) -> str:
        """The places up to a count for which a condition holds."""
        raise NotImplementedError

    def record(self, name: str, args: Sequence[ast.expr]) -> str:
        """A new record with its first fields."""
        raise NotImplementedError

    def is_type(self, name: str, kind: str) -> bool:
        """Whether a conversion gives the type that a value has."""
        return name == kind or (not self.narrow and {name, kind} == {"F64", "Num"})

    def arguments(self, args: Sequence[ast.expr], depth: int) -> list[str]:
        """The arguments of a call."""
        return [self.write(one, depth=depth + (len(args) > 1)) for one in args]

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """A call of a function of the source, of the kit or of Python."""
        if name in self.calls:
            first = [self.write(args[0], ATOM)] if re.match(r"\{0\}[. \[]", self.calls[name]) else []
            form = self.sized_by(self.calls[name]) if name.startswith("no_") else self.calls[name]
            return form.format(*first, *self.arguments(args[len(first) :], depth))
        if name == "filled":
            return self.sized(self.kinds(args[1]), self.write(args[0], depth=2))
        if name in self.kinds.of:  # a function that is given
            return f"{self.write(ast.Name(name))}({', '.join(self.arguments(args, depth))})"
        known = self.made.known.get(name) or self.program.known[name]
        inner = depth + (len(args) > 1)
        pairs = list(zip(args, known.arguments, strict=False))
        texts = [self.passed(given, one.kind, inner) for given, one in pairs]
        self.callee = known
        written = [self.said_as(one, given, text) for (given, one), text in zip(pairs, texts, strict=True)]
        return f"{self.name(name)}({', '.join(written)})"

    def said_as(self, argument: Argument, given: ast.expr, text: str) -> str:
        """A value as an argument, perhaps with the name of this."""
        return text

    def passed(self, node: ast.expr, kind: str, depth: int) -> str:
        """A value as an argument that has a type."""
        given = self.kinds(node)
        if given == "None":
            return self.nones.get(kind, self.none)
        if isinstance(node, ast.List) and not node.elts:
            return self.no_items(kind)
        text = self.typed(node, kind, depth=depth)
        return self.some(text, kind) if optional(kind) and not optional(given) else text

    def some(self, text: str, kind: str) -> str:
        """A value for a type of which one may be missing."""
        return self.there.format(text)

    def no_items(self, kind: str) -> str:
        """A list of nothing."""
        return self.no_list.format(self.kind(item(kind))) if self.no_list else self.items(item(kind), [])

    def filter_parts(self, node: ast.ListComp) -> tuple[str, str, str]:
        """The name of the places, their count, and the condition of a list of places."""
        self.kinds(node)
        match node:
            case ast.ListComp(
                elt=ast.Name(id=name),
                generators=[
                    ast.comprehension(iter=ast.Call(func=ast.Name(id="range"), args=[count]), ifs=[test]),
                ],
            ):
                return self.local(name), self.write(count), self.write(test)
        raise TypeError(self.function.place(node))


def unless_there(test: ast.expr) -> str:
    """The name of the value that a condition asks for; none if it is another condition."""
    match test:
        case ast.Compare(left=ast.Name() | ast.Attribute() as value, ops=[ast.Is()]):
            return ast.unparse(value)
    return ""
