"""Java and C#: arrays, and numbers whose constants have a width."""

import ast
from collections.abc import Sequence
from typing import ClassVar

from nngen.printing import PREFIX, Function, Printer, certain
from nngen.targets.compiled import in_width


class ArrayPrinter(Printer):
    """What both print alike."""

    cast: ClassVar[str]
    """A conversion to the type of the numbers."""

    def kind(self, kind: str) -> str:
        """A type; a value that may be missing is null, or has a type of its own."""
        return in_width(self.types[kind] if kind in self.types else super().kind(certain(kind)), self.narrow)

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
            case "filled", [count, value]:
                return self.sized(self.kinds(value), self.write(count))
        return super().call(name, args, depth)


def returned(function: Function) -> list[str]:
    """The names of several values that a function returns."""
    match function.body[-1]:
        case ast.Return(value=ast.Tuple(elts=values)):
            return [ast.unparse(one) for one in values]
    return []
