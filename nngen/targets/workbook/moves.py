"""The sheet of contributions: how much each column moved the answer to a record away from that to a typical row.

Integrated gradients (Sundararajan et al., ICML 2017) by midpoints. As modules do, a sheet takes the first round of
midpoints that is near enough; it has fewer rounds, because all of them stand there.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any

from nngen.common.records import dataclass
from nngen.description.data import AnyColumn, DateColumn, Encoding
from nngen.plan import Of, inputs, way_back
from nngen.targets.derivatives import Derivatives
from nngen.targets.workbook.answer import HEAD as ABOVE
from nngen.targets.workbook.answer import SHEET as ANSWERS
from nngen.targets.workbook.answer import STATE, STEPS, Answers, Record
from nngen.targets.workbook.book import Book
from nngen.targets.workbook.cells import EPOCH
from nngen.targets.workbook.example import GIVEN, parameter_names
from nngen.targets.workbook.passes import Passes, Step, Value, finite
from nngen.targets.workbook.records import seconds_of
from nngen.targets.workbook.terms import Formulas, Place, letters
from nngen.targets.workbook.training import MAX_CELLS

SHEET, WAY = "contributions", "way"

FIRST, MOST = 16, 1_024
"""The midpoints of the first round, and the most of a round; each round has twice as many."""

HEAD = 6
"""The row above the first column, from 0."""

RECORD, ANSWER, USED = (Place(SHEET, row, 1) for row in (2, 3, 4))
"""The cells of the record, the answer and the midpoints that count."""

OUTPUT, UNIT = "chosen output", "unit of the answer"
"""The titles of columns of the way; no equation has a name with a space."""

TYPICAL, END = 1, 2
"""The rows of the way, from 0, where it begins and ends."""


@dataclass
class Moves:
    """Writes the sheet of contributions, and that of the way from a typical row to the record."""

    book: Book
    passes: Passes
    encoding: Encoding
    answers: Answers
    """The sheet of answers, which is there already."""
    columns: dict[str, int] = field(default_factory=dict)
    """The columns of the way, by their titles."""
    means: list[int] = field(default_factory=list)
    """The rows of the way, from 0, with the mean derivatives of each round."""

    def write(self, record: Record) -> None:
        """Write both sheets for the first record of the sheet of answers."""
        sheet = self.book.sheet(SHEET, {0: 44, 1: 24, 2: 24, 3: 16} | dict.fromkeys(range(4, 11), 14))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        self.book.sheet(WAY)
        encode: Any = self.passes.module["encode"]
        typical = dict(zip((one.column for one in self.encoding.columns), self.encoding.typical, strict=True))
        self.right = not any(self.answers.refused(record))
        start = encode(typical)
        self._choice(sheet)
        ends = self._ends(start, encode(record) if self.right else start)
        rounds = [self._round(size, ends) for size in self._sizes()]
        self._table(typical, record, ends, rounds)
        for label, column in self.columns.items():
            self.book.text(Place(WAY, 0, column), label, bold=True, bottom=1)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The names of the outputs."""
        return self.passes.plan.output.names("a")

    @property
    def several(self) -> bool:
        """Whether the answers are several numbers, of which the user chooses one."""
        return len(self.outputs) > 1 and not self.encoding.classes

    @cached_property
    def back(self) -> tuple[Step, ...]:
        """The equations from the derivatives at the outputs to those at the inputs."""
        found = way_back(self.passes.plan, Of.OUTPUT)
        return tuple(step for section in (*found.common, *found.passes) for step in self.passes.steps(section))

    @cached_property
    def slopes(self) -> tuple[str, ...]:
        """The names of the derivatives with respect to the inputs."""
        return inputs(self.passes.plan).names("d")

    def _sizes(self) -> list[int]:
        """The midpoints of each round: as many rounds as there is room for."""
        width = 1 + len(self.passes.plan.inputs) + len(self.outputs) + len(self.passes.forward) + len(self.back)
        sizes = [FIRST]
        while 2 * sizes[-1] <= MOST and (sum(sizes) + 2 * sizes[-1]) * width <= MAX_CELLS:
            sizes.append(2 * sizes[-1])
        return sizes

    def _column(self, label: str) -> str:
        """The letters of a column of the way."""
        return letters(self.columns.setdefault(label, len(self.columns)))

    def _put(self, row: int, label: str, formula: str, value: float) -> float:
        """Write a value of the way, and return it."""
        self._column(label)
        self.book.formula(Place(WAY, row, self.columns[label]), formula, finite(value))
        return value

    def _of_record(self, sheet: str, column: int) -> str:
        """What the chosen record has in a column of a sheet."""
        letter = letters(column)
        cells = f"${letter}${ABOVE + 2}:${letter}${ABOVE + 1 + self.answers.count}"
        return f"INDEX({sheet}!{cells}, {SHEET}!{RECORD.address})"

    @cached_property
    def _known(self) -> str:
        """Whether the chosen record has an answer."""
        return f"{self._of_record(STEPS, self.answers.columns[STATE])} = 1"

    def _choice(self, sheet: Any) -> None:
        """The cells in which a user chooses."""
        name = self.passes.plan.name
        title = f"{name}: how much each column moved an answer away from that to a typical row"
        self.book.text(Place(SHEET, 0, 0), title, bold=True, font_size=14)
        self.book.text(Place(SHEET, RECORD.row, 0), f"record: its place on the sheet {ANSWERS}, from 1")
        self.book.number(RECORD, 1.0, bg_color=GIVEN)
        rule = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": self.answers.count}
        sheet.data_validation(RECORD.row, 1, RECORD.row, 1, rule)
        self.book.text(Place(SHEET, ANSWER.row, 0), "answer")
        self.book.text(Place(SHEET, USED.row, 0), "midpoints that count")
        if self.several:
            units = self.passes.plan.output.units
            self.units = self.answers.listing("outputs", units)
            self.book.text(ANSWER, units[0], bg_color=GIVEN)
            sheet.data_validation(ANSWER.row, 1, ANSWER.row, 1, {"validate": "list", "source": f"={self.units}"})

    def _ends(self, start: Sequence[float], end: Sequence[float]) -> tuple[dict[str, float], dict[str, float]]:
        """Write the typical row and the record, each up to its outputs, and which of these the user sees."""
        plan = self.passes.plan
        self._column("share of the way")
        found = []
        for row, values in ((TYPICAL, start), (END, end)):
            self.book.number(Place(WAY, row, 0), float(row == END))
            now = dict(self.parameters)
            for name, value in zip(plan.inputs, values, strict=True):
                letter, now[name] = self._column(name), value
                if row == TYPICAL:
                    self.book.number(Place(WAY, row, self.columns[name]), value)
                    continue
                of_record = self._of_record(STEPS, self.answers.columns[name])
                self._put(row, name, f"IF({self._known}, {of_record}, {letter}${TYPICAL + 1})", value)
            self._steps(row, self.passes.forward, now)
            found.append(now)
        cells = [f"{self._column(name)}{END + 1}" for name in self.outputs]
        numbers = [found[1][name] for name in self.outputs]
        chosen, self.chosen = "1", 0
        if self.several:
            chosen = f"MATCH({SHEET}!{ANSWER.address}, {self.units}, 0)"
        elif len(cells) > 1:
            span = f"{cells[0]}:{cells[-1]}"
            chosen, self.chosen = f"MATCH(MAX({span}), {span}, 0)", numbers.index(max(numbers))
        self._put(END, OUTPUT, chosen, float(self.chosen + 1))
        unit, self.unit = "1", 1.0
        if self.encoding.classes and len(cells) == 1:
            threshold = self.encoding.threshold
            unit, self.unit = f"IF({cells[0]} > {threshold!r}, 1, -1)", 1.0 if numbers[0] > threshold else -1.0
        elif self.encoding.targets and not self.encoding.classes:
            divide = self.encoding.targets.divide
            unit = f"CHOOSE({self._column(OUTPUT)}{END + 1}, {', '.join(map(repr, divide))})"
            self.unit = divide[self.chosen]
        self._put(END, UNIT, unit, self.unit)
        return found[0], found[1]

    @cached_property
    def parameters(self) -> dict[str, float]:
        """The parameters, which are on the sheet of one example."""
        return {name: _number(self.answers.example.values[name]) for name in parameter_names(self.passes.plan)}

    def _steps(self, row: int, steps: Sequence[Step], now: dict[str, float]) -> None:
        """Write the values of equations in a row."""

        def shown(name: str) -> str:
            return self.answers.shown[name] if name in self.parameters else f"{self._column(name)}{row + 1}"

        for step in steps:
            self._column(step.name)
        own = {name: Place(WAY, row, column) for name, column in self.columns.items()}
        formulas = Formulas(WAY, self.answers.example.places | own, shown)
        for step in steps:
            now[step.name] = self._put(row, step.name, formulas.of(step.written), _number(self.passes.value(step, now)))

    def _round(self, size: int, ends: tuple[Mapping[str, float], Mapping[str, float]]) -> list[float]:
        """Write the midpoints of a round and the mean derivatives; return what each input adds."""
        plan, (first, last) = self.passes.plan, ends
        begin = self.means[-1] + 1 if self.means else END + 1
        sums = [0.0] * len(self.slopes)
        for row in range(begin, begin + size):
            share = (row - begin + 0.5) / size
            self.book.number(Place(WAY, row, 0), share)
            now = dict(self.parameters)
            for name in plan.inputs:
                start, end = (f"{self._column(name)}${at + 1}" for at in (TYPICAL, END))
                value = first[name] + share * (last[name] - first[name])
                now[name] = self._put(row, name, f"{start} + $A{row + 1} * ({end} - {start})", value)
            self._steps(row, self.passes.forward, now)
            for place, name in enumerate(plan.output.names("da")):
                formula = f"IF(${self._column(OUTPUT)}${END + 1} = {place + 1}, 1, 0)" if self.outputs[1:] else "1"
                now[name] = self._put(row, name, formula, float(place == self.chosen))
            self._steps(row, self.back, now)
            sums = [total + now[name] for total, name in zip(sums, self.slopes, strict=True)]
        below = begin + size
        self.means.append(below)
        self.book.text(Place(WAY, below, 0), f"mean of {size}", italic=True)
        for name, total in zip(self.slopes, sums, strict=True):
            column = self._column(name)
            self._put(below, name, f"SUM({column}{begin + 1}:{column}{below}) / {size}", total / size)
        moved = zip(plan.inputs, sums, strict=True)
        return [(last[name] - first[name]) * total / size for name, total in moved]

    def _table(
        self,
        typical: Record,
        record: Record,
        ends: tuple[Mapping[str, float], Mapping[str, float]],
        rounds: Sequence[Sequence[float]],
    ) -> None:
        """Write the table of columns: what each adds by the round that counts, and by all rounds."""
        titles = [f"{size} midpoints" for size in self._sizes()]
        for place, title in enumerate(("column", "record", "typical row", "contribution", *titles)):
            self.book.text(Place(SHEET, HEAD, place), title, bold=True, bottom=1)
        output = self.outputs[self.chosen]
        whole = self.unit * (ends[1][output] - ends[0][output])
        parts = [[sum(one[a:b]) * self.unit for a, b in self._ranges] for one in rounds]
        near = [abs(whole - sum(one)) <= max(abs(whole) / 100.0, 1e-6 * abs(self.unit)) for one in parts]
        used = near.index(True) if any(near) else len(near) - 1
        self._shown(USED, f"INDEX({self._of_rounds(HEAD)}, {self._used})", titles[used])
        for place, column in enumerate(self.encoding.columns):
            row = HEAD + 1 + place
            self._cells(place, row, record, typical[column.column])
            for at, adds in enumerate(self._adds(place)):
                self._shown(Place(SHEET, row, 4 + at), adds, parts[at][place])
            self._counts(row, parts[used][place])
        self._sums(parts, whole, near, used)
        if not self.several:
            decode: Any = self.passes.module["decode"]
            answered = decode([ends[1][name] for name in self.outputs]) if self.right else ""
            self._shown(ANSWER, self._of_record(ANSWERS, len(self.encoding.columns)), answered, bold=True)

    def _cells(self, place: int, row: int, record: Record, usual: object) -> None:
        """Write the name of a column, and its cells of the record and of the typical row."""
        column = self.encoding.columns[place]
        self.book.text(Place(SHEET, row, 0), column.column)
        dated = {"num_format": "yyyy-mm-dd hh:mm"} if isinstance(column, DateColumn) else {}
        cell, value = self._of_record(ANSWERS, place), _cell(record.get(column.column), column)
        self._shown(Place(SHEET, row, 1), f'IF({cell} = "", "missing", {cell})', value, **dated)
        known = _cell(usual, column)
        if isinstance(known, str):
            self.book.text(Place(SHEET, row, 2), known)
        else:
            self.book.number(Place(SHEET, row, 2), known, **dated)

    def _adds(self, place: int) -> Iterator[str]:
        """What a column adds, for each round: the distances of its inputs times the mean derivatives."""
        own = slice(*self._ranges[place])
        begin, end = (self._span(self.passes.plan.inputs[own], row) for row in (TYPICAL, END))
        for mean in self.means:
            yield f"{self._unit} * SUMPRODUCT({end} - {begin}, {self._span(self.slopes[own], mean)})"

    def _sums(self, parts: Sequence[Sequence[float]], whole: float, near: Sequence[bool], used: int) -> None:
        """Write for each round the sum of the columns beside the whole difference, and whether it is near enough."""
        top, k = self._total, f"{WAY}!${self._column(OUTPUT)}${END + 1}"
        here, there = (f"INDEX({self._span(self.outputs, row)}, {k})" for row in (END, TYPICAL))
        says = ("sum", "difference from the typical row", "missed: what more midpoints would find", "near enough")
        for row, text in enumerate(says, top):
            self.book.text(Place(SHEET, row, 0), text, bold=row == top)
        for at, one in enumerate(parts, 4):
            letter = letters(at)
            most = f"MAX(ABS({letter}{top + 2}) / 100, 1E-6 * ABS({self._unit}))"
            self._shown(Place(SHEET, top, at), f"SUM({letter}{HEAD + 2}:{letter}{top})", sum(one))
            self._shown(Place(SHEET, top + 1, at), f"{self._unit} * ({here} - {there})", whole)
            self._shown(Place(SHEET, top + 2, at), f"{letter}{top + 2} - {letter}{top + 1}", whole - sum(one))
            self._shown(Place(SHEET, top + 3, at), f"IF(ABS({letter}{top + 3}) <= {most}, 1, 0)", float(near[at - 4]))
        for row, value in enumerate((sum(parts[used]), whole, whole - sum(parts[used])), top):
            self._counts(row, value)
        bars = {"type": "data_bar", "data_bar_2010": True, "bar_color": "#9BC2E6", "bar_negative_color": "#F4B084"}
        self.book.book.get_worksheet_by_name(SHEET).conditional_format(HEAD + 1, 3, top - 1, 3, bars)

    @property
    def _total(self) -> int:
        """The row of the sums."""
        return HEAD + 1 + len(self.encoding.columns)

    @property
    def _unit(self) -> str:
        """The cell of what the answer changes by, if its output changes by 1."""
        return f"{WAY}!${self._column(UNIT)}${END + 1}"

    @property
    def _used(self) -> str:
        """The number of the round that counts: the first that is near enough, or the last."""
        flags = self._of_rounds(self._total + 3, rows="$")
        return f"IF(SUM({flags}) = 0, {len(self.means)}, MATCH(1, {flags}, 0))"

    def _of_rounds(self, row: int, rows: str = "") -> str:
        """The cells of all rounds in a row."""
        return f"$E{rows}{row + 1}:${letters(3 + len(self.means))}{rows}{row + 1}"

    @cached_property
    def _ranges(self) -> list[tuple[int, int]]:
        """Where the inputs of each column begin and end."""
        return Derivatives(self.passes.plan, self.passes.python).ranges

    def _span(self, names: Sequence[str], row: int) -> str:
        """The cells of values that stand side by side in a row of the way."""
        return f"{WAY}!{self._column(names[0])}{row + 1}:{self._column(names[-1])}{row + 1}"

    def _counts(self, row: int, value: float) -> None:
        """Write the number of a row that counts: that of the round in use."""
        self._shown(Place(SHEET, row, 3), f"INDEX({self._of_rounds(row)}, {self._used})", value, bold=True)

    def _shown(self, place: Place, formula: str, value: Value, **properties: object) -> None:
        """Write what is known of a record that has an answer, and nothing of another one."""
        shown = (finite(value) if isinstance(value, float) else value) if self.right else ""
        self.book.formula(place, f'IF({self._known}, {formula}, "")', shown, **properties)


def _number(value: Value) -> float:
    return math.nan if isinstance(value, str) else value


def _cell(value: object, column: AnyColumn) -> Value:
    """A cell of a record as a sheet shows it."""
    seconds = seconds_of(value, column)
    if seconds is not None:
        return seconds / 86_400 + EPOCH
    if isinstance(value, bool):
        return value
    return "missing" if value is None else float(value) if isinstance(value, int | float) else str(value)
