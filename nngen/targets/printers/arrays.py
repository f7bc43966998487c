"""Java and C#: arrays, and numbers whose constants have a width."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from textwrap import indent
from typing import ClassVar

from nngen.printing import PREFIX, Field, Function, Printer, Record
from nngen.targets.compiled import in_width


class ArrayPrinter(Printer):
    """What both print alike."""

    nones: ClassVar[Mapping[str, str]] = {"int | None": "-1"}
    cast: ClassVar[str]
    """A conversion to the type of the numbers."""
    record_head: ClassVar[str]
    """What stands before the name of a record."""
    apart: ClassVar[str]
    """What stands between two members of a record."""

    def field_of(self, field: Field) -> str:
        """A field of a record with what a new one has there."""
        raise NotImplementedError

    def more_of(self, one: Record) -> Iterable[str]:
        """Further members of a record."""
        raise NotImplementedError

    def kind(self, kind: str) -> str:
        """A type; a value that may be missing is null, or has a type of its own."""
        return in_width(super().kind(kind), self.narrow)

    def record_of(self, one: Record) -> str:
        """A class, and what makes a new state."""
        fields = [f"{self.documented(self.said_of(field))}\n{self.field_of(field)}" for field in one.fields]
        inner = indent(self.apart.join([*fields, *self.more_of(one)]), "    ")
        text = "\n".join([self.documented(self.said_of(one)), *self.opened(self.record_head + one.name, 0)])
        text = f"{text}\n{inner}{chr(10) * bool(inner)}}}"
        if one.name == "State":
            self.function = replace(self.program.known["init_state"], body=())
            text += f"\n\n{self.head(self.function)}\n    return new State();\n}}"
        return text

    def number(self, value: float) -> str:
        """A constant of the width that its place wants."""
        text = super().number(value)
        return f"{text}f" if self.narrow and self.wanted == "Num" else text

    def broken(self, line: str) -> list[str]:
        """A line, or several; a formula is as long as with the type of its numbers."""
        return super().broken(line.replace("(Num)", "(float)") if self.narrow and "⟦" in line else line)

    def fitted(self, line: str) -> list[str]:
        """A line, which is as long as with the type of its numbers."""
        return super().fitted(in_width(line, self.narrow))

    def call(self, name: str, args: Sequence[ast.expr], depth: int) -> str:
        """A conversion of a number, and an array of zeros."""
        match name, args:
            case "Num", [value] if isinstance(value, ast.Constant) or self.kinds(value) == "int":
                return self.typed(value, "Num")
            case "Num", [value]:
                return f"{self.cast}{self.write(value, PREFIX)}"
        return super().call(name, args, depth)


def returned(function: Function) -> list[str]:
    """The names of several values that a function returns."""
    match function.body:
        case [*_, ast.Return(value=ast.Tuple(elts=values))]:
            return [ast.unparse(one) for one in values]
    return []
