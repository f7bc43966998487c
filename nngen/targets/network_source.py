"""Functions that a network decides, as text in the words of the source, with its formulas."""

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from nngen.mathematics.formulas import Formula, Words
from nngen.printing import Program, program_of


class Source:
    """A text that grows line by line."""

    def __init__(self, imports: Iterable[str], words: Words, wide: Words, long: str) -> None:
        """Begin a text that calls functions of some modules of the source.

        ``words`` and ``wide`` write formulas, and ``long`` is what a constant of 64 bits ends with.
        """
        self._lines = [f"from nngen.runtime.{one} import *" for one in imports]
        narrow = replace(words, variable="{}")
        self._words = {"Num": narrow, "bool": narrow, "F64": replace(wide, variable="{}")}
        self._long = long
        self._said: dict[int, str] = {}
        self._above: list[str] = []
        self.tables: list[tuple[Sequence[Sequence[str]], int]] = []
        """Numbers as texts, row by row, and the place of the first among the parameters."""
        self.texts: list[str] = []
        """The equations of functions."""
        self.rows: list[Sequence[str] | str] = []
        """Derivatives by their names, or the vector that has them."""
        self.kept: set[str] = set()
        """Local names that these say, too, and that no language writes in another way."""
        self._kinds: dict[str, str] = {}
        self.formulas: dict[str, Callable[..., str]] = {}
        """What writes the formula that a call of this name stands for."""

    def function(self, head: str, says: str) -> None:
        """Begin a function."""
        self._lines += [f"def {head}:", f"    {says!r}"]

    def add(self, line: str, why: str = "") -> None:
        """Add a line to the function, and perhaps a comment beside it."""
        self._lines.append(f"    {line}")
        if self._above:
            self._said[-len(self._lines)] = " ".join(self._above)
            self._above = []
        if why:
            self._said[len(self._lines)] = why

    def comment(self, text: str, *, apart: bool = True) -> None:
        """Add a comment above the next line, perhaps after an empty line."""
        self._lines += [""] * apart
        self._above.append(text)

    def gap(self) -> None:
        """Add an empty line."""
        self._lines.append("")

    def formula(self, formula: Formula, kind: str = "F64", **names: str) -> str:
        """A formula in numbers of a kind, some of whose variables are other expressions."""
        given = [names.get(variable, variable) for variable in formula.variables]
        if formula.bare:
            return given[0]
        if isinstance(formula.tree, ast.Constant):
            return formula.text
        name = f"formula_{len(self.formulas)}"
        self._kinds[name] = kind

        def write(*texts: str) -> str:
            written = formula.write(self._words[kind], lambda variable: f"given_{formula.variables.index(variable)}")
            return re.sub(r"\bgiven_(\d+)\b", lambda found: texts[int(found[1])], written)

        self.formulas[name] = write
        return f"{name}({', '.join(given)})"

    def whole(self, value: int) -> str:
        """A whole number, such as the seed of a block, as users wrote it."""
        name = f"whole_{len(self.formulas)}"
        self._kinds[name] = "U32"
        self.formulas[name] = lambda: f"{value}{self._long}"
        return f"{name}()"

    def text(self, text: str, *, apart: bool = False) -> int:
        """Add equations that ``equations`` stands for with this place, perhaps after an empty line.

        They may begin or end with one.
        """
        self.texts.append("\n" * apart + re.sub(r"\n\n+", "\n\n", text).removeprefix("\n").removesuffix("\n"))
        return len(self.texts) - 1

    def row(self, names: Sequence[str] | str) -> int:
        """Add derivatives that ``row_of`` stands for with this place: their names, or that of a vector."""
        self.rows.append(names)
        return len(self.rows) - 1

    def numbers(self, rows: Sequence[Sequence[str]], start: int) -> None:
        """Add a line that gives numbers to parameters from a place on."""
        self.add(f"set_numbers(params, {len(self.tables)})")
        self.tables.append((rows, start))

    def program(self, state: Mapping[str, str]) -> Program:
        """The functions; the fields of the state of the optimizer have these types."""
        text = "\n".join([*self._lines, ""])
        return program_of(text, tuple(self._said.items()), tuple(self._kinds.items()), tuple(state.items()))
