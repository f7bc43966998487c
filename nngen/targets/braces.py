"""Statements of languages with braces, JavaScript and C, on as many lines as they need."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from types import MappingProxyType

from nngen.common.text import columns
from nngen.mathematics.formulas import flat
from nngen.targets.line_breaks import WIDTH, Style
from nngen.targets.rows import fitting


class Braces(Style):
    """How a language with braces breaks its lines."""

    def statement(self, start: str, value: str, indent: int) -> str:
        """``start``, an expression and a semicolon, on as many lines as they need."""
        line = f"{start}{flat(value)};"
        if indent + columns(line) <= self.width:
            return line
        joined = self.operators(value) > 0
        if joined and start == "return ":
            return self.lay_out(f"return (⟨{value}⟩);", indent)
        if not joined:
            text = self.lay_out(f"{start}{value};", indent)
            if indent + columns(text.partition("\n")[0]) <= self.width:
                return text
        return self.lay_out(f"{start.rstrip()}↳{value};", indent)

    def items(self, rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int) -> str:
        """The items of all rows in brackets: on one line, or row by row if they do not fit."""
        rows = [list(map(flat, row)) for row in rows]
        line = ", ".join(item for row in rows for item in row)
        if indent + columns(opening + line + closing) <= self.width:
            return f"{opening}{line}{closing}"
        room = self.width - indent - self.step - len(",")
        pieces = [", ".join(piece) for row in rows for piece in fitting(row, room)]
        return f"\n{' ' * indent}".join([opening, *(f"{' ' * self.step}{piece}," for piece in pieces), closing])


def stored(
    rows: Iterable[Sequence[str]], to: str, sign: str, values: Mapping[str, str] = MappingProxyType({}), indent: int = 4
) -> str:
    """``gradient[0] += dw; gradient[1] += dv;``: the numbers of an array, a line for each row, but for 0.0.

    Args:
        rows: their names.
        to: the array.
        sign: how they are stored.
        values: what is stored in place of some names.
        indent: the columns before each line.
    """
    return f"\n{' ' * indent}".join(filter(None, stored_rows(rows, to, sign, values, indent)))


def stored_rows(
    rows: Iterable[Sequence[str]], to: str, sign: str, values: Mapping[str, str] = MappingProxyType({}), indent: int = 4
) -> list[str]:
    """The lines of ``stored`` for each row, which may be none. The arguments are the same."""
    places = count()
    written = [[(next(places), flat(values.get(name, name))) for name in row] for row in rows]
    lines = [[f"{to}[{place}] {sign} {value};" for place, value in row if value != "0.0"] for row in written]
    return [f"\n{' ' * indent}".join(map(" ".join, fitting(line, WIDTH - indent))) if line else "" for line in lines]
