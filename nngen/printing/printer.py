"""Writes functions of the source, what a module states and its records; each language says where it differs."""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from nngen.common.text import columns
from nngen.printing.brackets import opening, separated
from nngen.printing.front import changes
from nngen.printing.kinds import Kinds
from nngen.printing.program import Argument, Function
from nngen.printing.stated import Constant, Field, Record
from nngen.printing.statement_printer import StatementPrinter, Written
from nngen.printing.statements import changed


class Printer(StatementPrinter):
    """The head of a function, its lines, and what a module states."""

    nested: ClassVar[str] = "{{{}}}"
    """A list within a list of constants."""
    width: ClassVar[int] = 100
    """Columns of a line."""
    last_comma: ClassVar[str] = ""
    """What stands after the last argument if each has its own line."""
    hanging: ClassVar[bool] = False
    """Whether the bracket that closes such arguments stands after the last one."""
    entry: ClassVar[str] = ""
    """An item of a table of texts: its column {0}, how many ids it has, and a comma {1}, and its texts {2}."""
    keyed: ClassVar[str] = "{1}"
    """An item of a row: its column {0}, and its cell {1}."""
    lists_texts: ClassVar[bool] = False
    """Whether its table of ids has only columns whose ids are texts."""
    subjects: ClassVar[Sequence[str]] = ()
    """Modules of the source whose functions the language has in its own runtime file."""

    @staticmethod
    def documented(text: str, /) -> str:
        """A documentation comment."""
        raise NotImplementedError

    @staticmethod
    def laid(value: str, start: str, margin: int, /) -> str:
        """A statement after some columns, or tabs: its expression with marks, and what stands before it."""
        raise NotImplementedError

    @classmethod
    def has(cls, function: Function) -> bool:
        """Whether the language has a function of the source itself."""
        return function.name in cls.calls or function.module in cls.subjects

    def definition(self, function: Function) -> str:
        """The text of a function, with its comment."""
        self.function, self.kinds = function, Kinds(self.program, function)
        self.fails, self.grown = function.name in self.made.failing, set[str]()
        functions = {**self.program.known, **self.made.known}
        self.changed = changed(function.body)
        self.filled = changes(function, functions, self.made.changed)
        end = self.done_well if self.fails and function.gives == "None" else ""
        lines = [*self.block(function.body, 1), *[self.line(1, end)] * bool(end)]
        body = [part for line in lines for part in ([line] if isinstance(line, Written) else self.broken(line))]
        return "\n".join([self.head(function), *body, *self.closed(0)])

    def constant_of(self, one: Constant) -> str:
        """The text of a constant, with its comment; a table may have only the columns with texts."""
        if self.lists_texts and one.table:
            says = one.says.replace(", or how many there are if they are", "; other ids are")
            one = replace(one, says=says, table=[column for column in one.table if column[2]])
            if not one.table:
                return ""
        return f"{self.documented(self.worded_names(one.says))}\n{self.valued(one)}"

    def valued(self, one: Constant) -> str:
        """The statement of a constant."""
        raise NotImplementedError

    def cell(self, written: str | None) -> str:
        """A cell of a row: a text, a number or nothing."""
        return self.none if written is None else written

    def record_of(self, one: Record) -> str:
        """The type of a record, with its comments, and what makes a record of it."""
        raise NotImplementedError

    def said_of(self, one: Record | Field, none: str = "") -> str:
        """What the comment of a record or a field says, with the words of the language."""
        text = re.sub(r"\bNone\b", none or self.none, one.says)
        return re.sub(r"`(\w+)`", lambda found: f"`{self.name(found[1])}`", text)

    def starting(self, field: Field) -> str:
        """What a new record has in a field, or in each place of an array there, as code."""
        self.function = self.program.known["init_state"]
        self.kinds = Kinds(self.program, self.function)
        return self.passed(
            ast.parse(field.start or "0.0", mode="eval").body, "Num" if field.kind == "Kept" else field.kind, 1
        )

    def listed_values(self, one: Constant) -> list[list[str]]:
        """The values of a constant as code, row by row."""
        if one.table:
            counts = one.kind == "Ids"
            table = ((self.text(name), f"{n}, " * counts, map(self.text, texts)) for name, n, texts in one.table)
            return [[self.entry.format(name, count, ", ".join(texts))] for name, count, texts in table]
        if one.kind == "Row":
            values = map(ast.literal_eval, one.values)
            written = (v if v is None else self.text(v) if isinstance(v, str) else repr(float(v)) for v in values)
            named = zip(one.columns, map(self.cell, written), strict=True)
            return [[self.keyed.format(self.text(column), cell) for column, cell in named]]
        if one.kind == "Texts":
            return [[*map(self.text, row)] for row in one.rows]
        if one.kind == "list[list[int]]":
            lists = (", ".join(self.constants.get(word, word) for word in row.split()) for row in one.values)
            return [[self.nested.format(row)] for row in lists]
        return [[*row] for row in one.rows]

    def broken(self, line: str) -> list[str]:
        """A line, or several if it is too long; one with a formula breaks where its marks allow it."""
        found = re.fullmatch(r"(\s*)(return |.*? [-+:]?= |)(.*)", line.removesuffix(self.end))
        if not found or not re.search("[⟨⟦↵]", line) or line.lstrip().startswith(self.comment):
            return self.fitted(line)
        margin, start, value = found.groups()
        return (margin + self.laid(value, start, len(margin))).split("\n")

    def fitted(self, line: str) -> list[str]:
        """A line, or, if it is too long and ends with a call, several: the arguments stand on their own lines."""
        written = line.expandtabs(4)
        place = opening(line.removesuffix(self.end))
        if columns(written) <= self.width or place < 0 or not line.endswith(self.end):
            return [line]
        margin = line[: len(line) - len(line.lstrip())]
        given = line.removesuffix(self.end)[place + 1 : -1]
        together = f"{margin}{self.step}{given}{self.last_comma}"
        some = [given] if columns(together.expandtabs(4)) <= self.width else separated(given)
        inner = [f"{margin}{self.step}{one}," for one in some]
        inner[-1] = inner[-1].removesuffix(",") + self.last_comma
        if self.hanging:
            return [line[: place + 1], *inner[:-1], f"{inner[-1]}){self.end}"]
        return [line[: place + 1], *inner, f"{margin}){self.end}"]

    @staticmethod
    def in_order(function: Function) -> Sequence[Argument]:
        """Arguments as languages have them whose callers do not name them: users give a state as the last."""
        return sorted(function.arguments, key=lambda one: function.public and one.kind == "State")

    def head(self, function: Function) -> str:
        """The comment and the head of a function."""
        raise NotImplementedError
