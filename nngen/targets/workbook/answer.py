"""The sheet of answers: a row for each record, its cells checked, and what the trained network says of it."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any

from nngen.common.records import dataclass
from nngen.description.data import (
    DateColumn,
    Encoding,
    IndexColumn,
)
from nngen.mathematics.formulas import Formula
from nngen.targets.workbook.book import Book
from nngen.targets.workbook.cells import EPOCH, Cell, Texts, gaps_of, known_texts, texts_of
from nngen.targets.workbook.example import GIVEN, Example
from nngen.targets.workbook.passes import Passes, Value
from nngen.targets.workbook.records import place_of, seconds_of, typical
from nngen.targets.workbook.terms import Formulas, Place, letters
from nngen.targets.workbook.words import filled

SHEET, LISTS, STEPS = "answer", "lists", "steps"

HEAD = 4
"""The row above the first record, from 0."""

MAX_RECORDS = 200
"""The most records."""

MAX_CELLS = 10_000
"""The most cells of all steps."""

STATE = "state of the row"
"""The title of the column that has 0 for an empty record, 1 for a right one, and 2 for a wrong one."""

Record = Mapping[str, object]
"""The cells of a record by the names of their columns; None for an empty one."""


@dataclass
class Answers:
    """Writes the sheets of answers, of lists, and of the steps to the answers."""

    book: Book
    passes: Passes
    encoding: Encoding
    example: Example
    """Where the parameters are."""
    ranges: Mapping[str, tuple[float, float]]
    """The least and the greatest number of columns in the training data."""
    columns: dict[str, int] = field(default_factory=dict)
    """The columns of the steps, by their titles."""
    lists: int = 0
    """The next free column of the lists."""
    count: int = 0
    """The rows for records."""

    def write(self, records: Sequence[Record]) -> None:
        """Write the sheets.

        Args:
            records: the first records; their cells are for the user to change.
        """
        for sheet in (SHEET, LISTS, STEPS):
            self.book.sheet(sheet)
        self.sheet.freeze_panes(HEAD + 1, 0)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        title = f"{self.passes.plan.name}: write or paste records into the yellow cells; the answers follow"
        self.book.text(Place(SHEET, 0, 0), title, bold=True, font_size=14)
        listed = [self._listed(column) for column in self.encoding.columns]
        classes = self.listing("classes", self.encoding.classes)
        for place, title in enumerate((*(column.column for column in self.encoding.columns), *self.titles)):
            width = max(len(title), len(self._about(place))) + 3
            self.sheet.set_column(place, place, min(max(14, width), 40))
            self.book.text(Place(SHEET, HEAD - 1, place), title, bold=True)
            self.book.text(Place(SHEET, HEAD, place), self._about(place), italic=True, bottom=1)
        row = HEAD + 1
        self._record(row, records[0] if records else None, listed, classes)
        self.count = max(20, len(records), min(MAX_RECORDS, MAX_CELLS // len(self.columns)))
        for place in range(1, self.count):
            self._record(row + place, records[place] if place < len(records) else None, listed, classes)
        for label, column in self.columns.items():
            self.book.text(Place(STEPS, HEAD, column), label, bold=True, bottom=1)
        self._validate(row, row + self.count - 1, listed)

    @cached_property
    def sheet(self) -> Any:
        """The sheet of answers."""
        return self.book.book.get_worksheet_by_name(SHEET)

    @cached_property
    def shown(self) -> dict[str, str]:
        """The cells of the parameters."""
        return {name: self.example.shown_elsewhere(name) for name in self.example.places}

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the answers."""
        if not self.encoding.classes:
            return (*self.passes.plan.output.units, "what is wrong")
        shares = [f"probability of {name}" for name in self.encoding.classes] * self.encoding.probabilities
        return ("answer", *shares, "what is wrong")

    def _about(self, place: int) -> str:
        """What a column takes."""
        if place >= len(self.encoding.columns):
            return ""
        column = self.encoding.columns[place]
        if texts_of(column):
            text = "choose from the list"
        elif isinstance(column, IndexColumn):
            text = f"0 to {column.count - column.unknown - 1}"
        elif isinstance(column, DateColumn):
            text = "a date"
        else:
            ends = self.ranges.get(column.column)
            text = f"{ends[0]:g} to {ends[1]:g}" if ends else "a number"
        return text + ("" if getattr(column, "fill", None) is None else ", or empty")

    def listing(self, title: str, texts: Iterable[str]) -> str:
        """Write a list, and return its range."""
        column = self.lists
        self.lists += 1
        self.book.text(Place(LISTS, 0, column), title, bold=True)
        row = 0
        for row, text in enumerate(texts, 1):
            self.book.text(Place(LISTS, row, column), text)
        return f"{LISTS}!${letters(column)}$2:${letters(column)}${max(row, 1) + 1}"

    def _listed(self, column: Any) -> tuple[str, str, Texts | None]:
        """Write the lists of a column: the texts that mean a missing value, its categories, and their spellings."""
        gaps = self.listing(f"{column.column}: missing", gaps_of(column))
        listed = texts_of(column)
        if not listed:
            return gaps, "", None
        shown = self.listing(column.column, listed)
        known = list(known_texts(listed))
        texts = self.listing(f"{column.column}: text", (text for text, _ in known))
        at = self.lists
        places = self.listing(f"{column.column}: place", ())
        for row, (_, place) in enumerate(known, 1):
            self.book.number(Place(LISTS, row, at), float(place))
        return gaps, shown, Texts(texts, f"{places.rpartition('$')[0]}${len(known) + 1}")

    def _validate(self, first: int, last: int, listed: Sequence[tuple[str, str, Texts | None]]) -> None:
        """What a user may choose from, and what a cell says of itself."""
        for place, (column, (_, shown, _)) in enumerate(zip(self.encoding.columns, listed, strict=True)):
            rule: dict[str, object] = {"validate": "any", "input_message": self._about(place)[:255]}
            if shown:
                open_to_others = getattr(column, "unknown", False) or getattr(column, "fill", None) is not None
                strict = "warning" if open_to_others else "stop"
                rule |= {"validate": "list", "source": f"={shown}", "error_type": strict}
            elif column.column in self.ranges:
                low, high = self.ranges[column.column]
                rule |= {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
                rule |= {"error_type": "warning", "error_message": "outside of the training data"}
            self.sheet.data_validation(first, place, last, place, rule)

    def _put(self, row: int, label: str, formula: str, value: Value) -> str:
        """Write a step, and return its address."""
        column = self.columns.setdefault(label, len(self.columns))
        self.book.formula(Place(STEPS, row, column), formula, value)
        return f"{letters(column)}{row + 1}"

    def _record(self, row: int, record: Record | None, listed: Sequence[Any], classes: str) -> None:
        """Write a record, its steps, and its answers."""
        cells = self._cells(row, record or {}, listed)
        wrong = self.refused(record)
        flags = [self._put(row, f"{one.column.column}: wrong", one.wrong, wrong[i]) for i, one in enumerate(cells)]
        first, last = flags[0], flags[-1]
        given = f"{SHEET}!A{row + 1}:{letters(len(cells) - 1)}{row + 1}"
        found = 0.0 if record is None else 2.0 if any(wrong) else 1.0
        state = self._put(row, STATE, f"IF(COUNTA({given}) = 0, 0, IF(SUM({first}:{last}) = 0, 1, 2))", found)
        if row == HEAD + 1:
            for one in cells:
                self.book.text(Place(STEPS, HEAD - 1, self.columns[f"{one.column.column}: wrong"]), one.says)
        whole = record if found == 1.0 else None
        names, values = self._network(row, state, cells, whole)
        message = (
            f"INDEX({STEPS}!${_letter(first)}${HEAD}:${_letter(last)}${HEAD}, MATCH(1, {STEPS}!{first}:{last}, 0))"
        )
        says = cells[wrong.index(1.0)].says if found == 2.0 else ""
        results = [*self._answers(names, values, classes, whole), (message, says, 2)]
        for place, (formula, value, needed) in enumerate(results, len(cells)):
            known = f'IF({STEPS}!{state} = {needed}, {formula}, "")'
            self.book.formula(
                Place(SHEET, row, place), known, value if found == needed else "", bold=place == len(cells)
            )

    def _cells(self, row: int, record: Record, listed: Sequence[tuple[str, str, Texts | None]]) -> list[Cell]:
        """Write the cells of a record, and what is known of each."""
        made = []
        for place, (column, (gaps, _, texts)) in enumerate(zip(self.encoding.columns, listed, strict=True)):
            value = record.get(column.column)
            self._given(Place(SHEET, row, place), value, column)
            for label in ("place", "missing"):
                self.columns.setdefault(f"{column.column}: {label}", len(self.columns))
            at, gap = (f"{letters(self.columns[f'{column.column}: {one}'])}{row + 1}" for one in ("place", "missing"))
            cell = Cell(column, f"{SHEET}!{letters(place)}{row + 1}", gap, at, gaps, texts)
            if cell.of_place:
                self._put(row, f"{column.column}: place", cell.of_place, place_of(column, value))
            self._put(row, f"{column.column}: missing", cell.of_missing, float(value is None))
            made.append(cell)
        return made

    def _given(self, place: Place, value: object, column: Any) -> None:
        """Write a cell of a record."""
        seconds = seconds_of(value, column)
        if seconds is not None:
            self.book.number(place, seconds / 86_400 + EPOCH, bg_color=GIVEN, num_format="yyyy-mm-dd hh:mm")
        elif isinstance(value, bool):
            self.sheet.write_boolean(place.row, place.column, value, self.book.format(bg_color=GIVEN))
        elif isinstance(value, int | float):
            self.book.number(place, float(value), bg_color=GIVEN)
        elif value is None:
            shown = {"num_format": "yyyy-mm-dd"} if isinstance(column, DateColumn) else {}
            self.sheet.write_blank(place.row, place.column, None, self.book.format(bg_color=GIVEN, **shown))
        else:
            self.book.text(place, str(value), bg_color=GIVEN)

    def refused(self, record: Record | None) -> list[float]:
        """Which cells of a record the module refuses: 1 for each of them."""
        encode: Callable[[Record], object] = self.passes.module["encode"]  # type: ignore[assignment]
        right = self.typical()

        def refuses(row: Record) -> bool:
            try:
                encode(row)
            except ValueError:
                return True
            return False

        if record is not None and not refuses(record):
            return [0.0] * len(self.encoding.columns)
        names = [column.column for column in self.encoding.columns]
        return [float(refuses({**right, name: (record or {}).get(name)})) for name in names]

    def typical(self) -> dict[str, object]:
        """A record that is near the middle of the training data."""
        return dict(map(typical, self.encoding.columns))

    def _network(
        self, row: int, state: str, cells: Sequence[Cell], record: Record | None
    ) -> tuple[Mapping[str, str], Mapping[str, Value]]:
        """Write the inputs and the equations of a record; return the cells and the values of all."""
        plan, words = self.passes.plan, self.passes.words
        names, places = ChainMap(dict[str, str](), self.shown), ChainMap(dict[str, Place](), self.example.places)
        values = ChainMap(dict[str, Value](), self.example.values)
        x: Sequence[float] = self.passes.module["encode"](record) if record is not None else ()  # type: ignore[operator]
        formulas = [formula for cell in cells for formula in cell.inputs(words)]

        def put(name: str, formula: str, value: Value) -> None:
            names[name] = self._put(row, name, f'IF(${state} = 1, {formula}, "")', value if record is not None else "")
            places[name] = Place(STEPS, row, self.columns[name])
            values[name] = value

        for place, (name, formula) in enumerate(zip(plan.inputs, formulas, strict=True)):
            put(name, formula, x[place] if record is not None else 0.0)
        for block, whole in zip(plan.blocks, self.passes.whole.blocks, strict=True):
            if block.index:
                ids = {index.name: _known(values[index.name]) for index in plan.indices}
                chosen = self.example.tables.selected(whole, names[block.index], ids)
                for (name,), (formula, value) in zip(block.rows, chosen, strict=True):
                    put(name, formula, value if record is not None else 0.0)
        for step in self.passes.forward:
            formula = Formulas(STEPS, places, names.__getitem__).of(step.written)
            put(step.name, formula, self.passes.value(step, values) if record is not None else 0.0)
        return names, values

    def _answers(
        self, names: Mapping[str, str], values: Mapping[str, Value], classes: str, record: Record | None
    ) -> list[tuple[str, Value, int]]:
        """The formulas of the answers with their values, for a record that is right."""
        encoding, outputs = self.encoding, self.passes.plan.output.names("a")
        cells = [f"{STEPS}!{names[name]}" for name in outputs]
        numbers = [values[name] for name in outputs]
        if not encoding.classes:
            known = encoding.answers or (Formula("a"),) * len(cells)
            written = [self.passes.formula(formula) for formula in known]
            return [
                (filled(one.text, lambda _, cell=cell: cell), self.passes.computed(one.code, {"a": value}), 1)  # type: ignore[misc]
                for one, cell, value in zip(written, cells, numbers, strict=True)
            ]
        answer = str(self.passes.module["decode"](numbers)) if record is not None else ""  # type: ignore[operator]
        if len(cells) == 1:
            chosen = f"INDEX({classes}, IF({cells[0]} > {encoding.threshold!r}, 2, 1))"
            shares: list[tuple[str, Value, int]] = [
                (f"1 - {cells[0]}", _minus(numbers[0]), 1),
                (cells[0], numbers[0], 1),
            ]
        else:
            span = f"{cells[0]}:{names[outputs[-1]]}"
            chosen = f"INDEX({classes}, MATCH(MAX({span}), {span}, 0))"
            shares = [(cell, number, 1) for cell, number in zip(cells, numbers, strict=True)]
        return [(chosen, answer, 1), *(shares if encoding.probabilities else [])]


def _letter(cell: str) -> str:
    """The column of an address."""
    return cell.rstrip("0123456789")


def _known(value: Value) -> float:
    return 0.0 if isinstance(value, str) else value


def _minus(value: Value) -> Value:
    return value if isinstance(value, str) else 1.0 - value
