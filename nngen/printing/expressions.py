"""Writes expressions of the source in a language with braces; each language says where it differs."""

import ast
import re
from collections.abc import Callable, Mapping, Sequence, Set
from typing import ClassVar

from nngen.common.records import dataclass
from nngen.printing.front import Made
from nngen.printing.kinds import ARRAYS, Kinds, certain, is_list, item, optional
from nngen.printing.program import Argument, Function, Program

CHOICE, OR, AND, COMPARED, BITS, SUM, PRODUCT, PREFIX, ATOM = range(9)
"""How tightly an expression binds. Bits always have parentheses beside other operators."""

OPERATORS: Mapping[type[ast.AST], tuple[str, int]] = {
    ast.Add: ("+", SUM), ast.Sub: ("-", SUM), ast.Mult: ("*", PRODUCT), ast.Div: ("/", PRODUCT),
    ast.FloorDiv: ("/", PRODUCT), ast.Mod: ("%", PRODUCT), ast.BitXor: ("^", BITS), ast.RShift: (">>", BITS),
    ast.Is: ("==", COMPARED), ast.IsNot: ("!=", COMPARED),
    ast.Eq: ("==", COMPARED), ast.NotEq: ("!=", COMPARED), ast.Lt: ("<", COMPARED), ast.LtE: ("<=", COMPARED),
    ast.Gt: (">", COMPARED), ast.GtE: (">=", COMPARED), ast.And: ("&&", AND), ast.Or: ("||", OR),
}  # fmt: skip
"""The operators of the source; those of whole numbers that round down take numbers from 0."""

ALIKE: Mapping[str, str] = {
    **dict.fromkeys("by_class by_column by_columns by_name dated_cell float F64 unusual".split(), "{0}"),
    **dict.fromkeys("undrawn unused".split(), ""),
    "_ends": "ENDS",
    "cell_of": "{0}[{1}]",
}
"""How most languages write some calls: many give what they get."""


@dataclass(frozen=True)
class Pair:
    """An operator between two operands."""

    left: ast.expr
    op: ast.AST
    right: ast.expr

    @classmethod
    def of(cls, node: ast.BinOp | ast.Compare | ast.BoolOp) -> "Pair":
        """The last operator of an expression that is done."""
        match node:
            case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
                return cls(left, op, right)
            case ast.BoolOp(op=op, values=[*first, last]):
                return cls(first[0] if len(first) == 1 else ast.BoolOp(op, first), op, last)
        raise TypeError(ast.unparse(node))

    @property
    def binds(self) -> int:
        """How tightly it binds."""
        return OPERATORS[type(self.op)][1]

    @property
    def around(self) -> tuple[int, int]:
        """How tightly the operands have to bind that have no parentheses."""
        return {BITS: (PREFIX, PREFIX), COMPARED: (SUM, SUM)}.get(self.binds, (self.binds, self.binds + 1))


class Expressions:
    """What languages with braces write alike, in a function at a time."""

    types: ClassVar[Mapping[str, str]]
    """The types of the source in the words of the language."""
    calls: ClassVar[Mapping[str, str]]
    """How functions of the kit and of Python are called, with their arguments in place of {0}, {1}."""
    none: ClassVar[str] = "null"
    """A value that is missing."""
    nones: ClassVar[Mapping[str, str]] = {}
    """The same for types of which it is another one."""
    items_form: ClassVar[str] = "[{1}]"
    """A list of values {1} that have a type {0}."""
    operators: ClassVar[Mapping[str, str]] = {}
    """Operators that the language writes in another way."""
    flags: ClassVar[Mapping[str, bool]] = {
        "CHECKS_BEFORE": False, "CHECKS_SIZES": False, "COPIES": False, "SHOWS": False, "SIZES": False, "THROWS": True,
        "UNTYPED": False, "DESCENDS": False, "DIVIDES": False, "LATER": False, "REMEMBERS": True,
        "UNTYPED_SEEDS": False,
    }  # fmt: skip
    """What a language has, and what its modules have if they do not say it, see ``nngen.runtime.network``."""
    placeholders: ClassVar[frozenset[str]] = frozenset({"ENDS"})
    """Words that no source names, in whose place the printed text has what a network decides."""
    constants: ClassVar[Mapping[str, str]] = {}
    """The names of what modules state themselves, where it is another one than in the source."""

    function: Function
    """The function that is written."""
    kinds: Kinds
    """The types of its names."""
    callee: Function
    """The function whose call is written."""
    formulas: Mapping[str, Callable[..., str]]
    """What writes the formula that a call of this name stands for, with its variables as they are written."""
    tables: Sequence[tuple[Sequence[Sequence[str]], int]]
    """Numbers, row by row, and the place of the first among the parameters, in the order of ``set_numbers``."""

    texts: Sequence[str]
    """Equations that a template wrote."""
    rows: Sequence[Sequence[str] | str]
    """Derivatives by their names, or the vector that has them."""
    kept: Set[str]
    """Local names that these say, too."""

    def __init__(self, program: Program, made: Made, narrow: bool, stands: Mapping[str, str] | None = None) -> None:
        """Write functions of a program, as they were made for a network of narrow numbers or not.

        ``stands`` has what words stand for.
        """
        self.program, self.made, self.narrow, self.stands = program, made, narrow, stands or {}
        self.wanted = ""
        self.formulas: Mapping[str, Callable[..., str]] = {}
        self.tables: Sequence[tuple[Sequence[Sequence[str]], int]] = ()
        self.texts: Sequence[str] = ()
        self.rows: Sequence[Sequence[str] | str] = ()
        self.own: Mapping[str, str] = {}
        """Other names of functions."""
        self.kept: Set[str] = frozenset()

    def worded(self, text: str) -> str:
        """A text with what the words of a network stand for."""
        return re.sub(r"\b\w+\b", lambda found: self.stands.get(found[0], found[0]), text)

    def name(self, name: str) -> str:
        """The name of a function."""
        return self.own.get(name) or self.cased(name)

    def cased(self, name: str) -> str:
        """The same as the language writes names of the source."""
        return name.lstrip("_")

    def local(self, name: str) -> str:
        """The name of an argument or of a local value."""
        return name

    def sized_by(self, text: str) -> str:
        """A type, or a value of zeros, with the sizes that a network decides."""
        return re.sub(r"\b(?:ANSWERS|NUMBERS|OUTPUTS)\b", lambda found: self.stands.get(found[0], found[0]), text)

    def kind(self, kind: str) -> str:
        """A type."""
        return f"{self.kind(item(kind))}[]" if is_list(kind) else self.types[kind]

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
        return (f"({text})" if text.isascii() else f"(⟨{text}⟩)") if binds < needed else text

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
                return self.replaced(self.write(other), self.write(body, OR)), CHOICE
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

    def says(self, function: Function) -> str:
        """What a comment says of a function, with the names of the language."""
        return self.worded_names(function.says)

    def worded_names(self, text: str) -> str:
        """A sentence with the names of the language."""
        return re.sub(r"[A-Z_]{2,}", lambda found: self.constants.get(found[0], found[0]), text)

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

    def field(self, name: str) -> str:
        """The name of a field of a record."""
        return self.local(name)

    def certain(self, name: str, kind: str) -> str:
        """A value of a type that may be missing, where it is known to be there."""
        return self.local(name)

    def constant(self, value: object) -> str:
        """A constant."""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, float):
            return self.number(value)
        if value is None:
            return self.nones.get(self.wanted, self.none)
        large = self.wanted == "U32" and isinstance(value, int) and value > 99_999
        return f"0x{value:x}" if large else str(value)

    def number(self, value: float) -> str:
        """A constant that is no whole number."""
        return repr(value).replace("e+", "e").replace("e-0", "e-")

    @staticmethod
    def text(value: str, /) -> str:
        """A constant that is a text, in letters of ASCII."""
        seen = (one if " " <= one <= "~" else f"\\u{ord(one):04x}" for one in value.replace("\\", r"\\"))
        return '"' + "".join(seen).replace('"', r"\"") + '"'

    def sign(self, op: ast.AST) -> str:
        """An operator."""
        sign = OPERATORS[type(op)][0]
        return self.operators.get(sign, sign)

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
        return f"{test} ? {yes} : {no}"

    def replaced(self, value: str, other: str) -> str:
        """A value, or another one if it is missing."""
        return f"{value} ?? {other}"

    def missing(self, value: str, kind: str, yes: bool) -> str:
        """Whether a value of a type is missing, or there. A place that is missing is negative."""
        if kind == "int | None":
            return f"{value} {'<' if yes else '>='} 0"
        return f"{value} {self.sign(ast.Eq() if yes else ast.NotEq())} null"

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        raise NotImplementedError

    def numbers(self, kind: str, items: Sequence[str]) -> str:
        """Numbers, as many as the type has."""
        return self.items(item(kind), items)

    def items(self, kind: str, items: Sequence[str]) -> str:
        """A list of some values."""
        return self.items_form.format(self.kind(kind) if "{0}" in self.items_form else "", ", ".join(items))

    def places(self, count: str) -> str:
        """The places up to a count."""
        raise NotImplementedError

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
            first = [self.write(args[0], ATOM)] if self.calls[name].startswith("{0}.") else []
            form = self.sized_by(self.calls[name]) if name.startswith("no_") else self.calls[name]
            return form.format(*first, *self.arguments(args[len(first) :], depth))
        if name in self.kinds.of:  # a function that is given
            return f"{self.write(ast.Name(name))}({', '.join(self.arguments(args, depth))})"
        known = self.callee = self.made.known.get(name) or self.program.known[name]
        inner = depth + (len(args) > 1)
        pairs = zip(args, known.arguments, strict=False)
        written = [self.said_as(one, given, self.passed(given, one.kind, inner)) for given, one in pairs]
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
        return text

    def no_items(self, kind: str) -> str:
        """A list of nothing."""
        return self.items(item(kind), [])

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
