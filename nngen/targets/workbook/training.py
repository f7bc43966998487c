"""The sheet that trains a small network: a row for each step, each with the parameters of the row above."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from nngen.common.records import dataclass
from nngen.plan import Plan, derivative_of
from nngen.targets.workbook.book import Book
from nngen.targets.workbook.example import GIVEN, parameter_names
from nngen.targets.workbook.passes import Passes, Value, finite
from nngen.targets.workbook.terms import Formulas, Place, letters
from nngen.targets.workbook.update import Cell, Update

SHEET = "training"

MAX_PARAMETERS = 60
"""The most parameters of a network with this sheet."""

MAX_STEPS = 300
"""The most steps."""

MAX_COLUMNS = 400
"""The most columns of steps that take all examples; with more, a step takes one example after the other."""

MAX_CELLS = 24_000
"""The most cells of all steps: LibreOffice opens them in a second. Who wants more steps copies the last row down."""

MAX_EXAMPLES = 1_000
"""The most examples of the table."""

HEAD = 20
"""The row above the first example and the first step, from 0. Above is the chart."""

Row = Sequence[float]


def why_not(plan: Plan) -> str:
    """Why a network has no such sheet; empty if it has."""
    drawn = next((layer.name for layer in plan.layers if layer.dropout_start is not None), None)
    batch = next((layer.name for layer in plan.layers if layer.running_updates), None)
    embedding = next((layer.name for layer in plan.layers if layer.embedding), None)
    if plan.size > MAX_PARAMETERS:
        return f"it has {plan.size:,} parameters, more than {MAX_PARAMETERS}"
    if embedding is not None:
        return f"each example selects its own row of the embedding {embedding}"
    if batch is not None:
        return f"the batch normalization of layer {batch} learns from batches"
    if drawn is not None:
        return f"the dropout of layer {drawn} is drawn anew in each step"
    return (
        "its examples have weights of their own"
        if plan.loss.example_weights
        else ("its loss divides by the weights of a batch" if plan.loss.weighted_mean else "")
    )


@dataclass
class Training:
    """Writes the sheet."""

    book: Book
    passes: Passes
    xs: Sequence[Row]
    ys: Sequence[Row]
    columns: dict[str, int] = field(default_factory=dict)
    """The column of each value of a step, by its title."""
    row: int = HEAD

    def __post_init__(self) -> None:
        plan = self.passes.plan
        self.steps = [step for section in self.passes.equations.gradient for step in self.passes.steps(section)]
        self.names = list(parameter_names(plan))
        self.given = (*plan.inputs, *plan.output.names("y"))
        self.slopes = [name for name in self.names if any(step.name == derivative_of(name) for step in self.steps)]
        width = len(self.xs) * len(self.steps) + len(self.names) * (2 + len(plan.optimizer.memory))
        self.together = plan.batch_size != 1 and len(self.xs) > 1 and width <= MAX_COLUMNS
        self.update = Update(self.passes)

    def write(self, parameters: Sequence[float]) -> None:
        """Write the sheet: the table of examples, a chart of the loss, and the steps."""
        sheet = self.book.sheet(SHEET)
        sheet.freeze_panes(HEAD + 1, 0)
        how = "all examples" if self.together else "one example after the other"
        title = f"{self.passes.plan.name}: each row is a step with {how}, and begins with the weights of the row above"
        self.book.text(Place(SHEET, 0, 0), title, bold=True, font_size=14)
        self.book.text(Place(SHEET, 1, 0), "Change the yellow cells; for more steps, copy the last row down.")
        self._examples()
        now = self._step(self._first(parameters))
        steps = min(MAX_STEPS, max(1, MAX_CELLS // len(self.columns)))
        for _ in range(steps - 1):
            now = self._step(self._moved(now))
        for label, column in self.columns.items():
            self.book.text(Place(SHEET, HEAD, column), label, bold=True, bottom=1)
        self._chart(sheet)

    def _examples(self) -> None:
        """The table of examples, whose cells the user may change."""
        for column, title in enumerate(("example", *self.given)):
            self.book.text(Place(SHEET, HEAD, column), title, bold=True, bottom=1)
        for number, (x, y) in enumerate(zip(self.xs, self.ys, strict=True), 1):
            self.book.number(Place(SHEET, HEAD + number, 0), float(number))
            for column, value in enumerate((*x, *y), 1):
                self.book.number(Place(SHEET, HEAD + number, column), value, bg_color=GIVEN)

    def _chart(self, sheet: Any) -> None:
        chart = self.book.book.add_chart({"type": "line"})
        at = self.columns["loss"]
        chart.add_series({"name": "loss", "values": [SHEET, HEAD + 1, at, self.row, at], "line": {"width": 1.5}})
        chart.set_title({"name": "loss before each step", "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        chart.set_size({"width": 640, "height": 330})
        sheet.insert_chart(2, 0, chart)

    def put(self, label: str, formula: str, value: Value, **properties: object) -> Cell:
        """Write a value of the step into the column of its title."""
        place = self._place(label)
        self.book.formula(place, formula, value, **properties)
        return address(place), value

    def _place(self, label: str) -> Place:
        column = self.columns.setdefault(label, len(self.given) + 2 + len(self.columns))
        return Place(SHEET, self.row, column)

    def _first(self, parameters: Sequence[float]) -> dict[str, Cell]:
        """Write the beginning of the first row: the first parameters, and the first memory of the optimizer."""
        self._next()
        now = {"step": self.put("step", "1", 1.0)}
        self._place("loss")  # its column
        starts = [
            (f"{m} {name}", float(s)) for m, s in self.passes.plan.optimizer.memory.items() for name in self.names
        ]
        for label, value in (*zip(self.names, parameters, strict=True), *starts):
            place = self._place(label)
            self.book.number(place, value, bg_color=GIVEN)
            now[label] = address(place), value
        return now

    def _next(self) -> None:
        self.row += 1

    def _moved(self, above: Mapping[str, Cell]) -> dict[str, Cell]:
        """Write the beginning of a row: the parameters and the memory after the step above."""
        self._next()
        count = self.row - HEAD
        now = {"step": self.put("step", f"{above['step'][0]} + 1", float(count))}
        found = [above[derivative_of(name)] for name in self.slopes]
        values = [value for _, value in found if not isinstance(value, str)]
        squares = f"SUMSQ({', '.join(cell for cell, _ in found)})", sum(value * value for value in values)
        shared = self.update.shared(above["step"], squares, lambda *one: self.put(*one)[0])
        for place, name in enumerate(self.names):
            self.update.parameter(place, shared, _Moved(self, name, above, now))
        return now

    def _step(self, now: dict[str, Cell]) -> dict[str, Cell]:
        """Write the rest of a row: the equations of its examples, and the means over them."""
        count = len(self.xs) if self.together else 1
        passes = [self._pass(number, now) for number in range(count)]
        over = f" / {count}" if self.passes.plan.loss.mean and count > 1 else ""
        for name in ("loss", *map(derivative_of, self.slopes)):
            cells = [found[name] for found in passes]
            if name != "loss" and count == 1:
                now[name] = cells[0]
                continue
            formula = " + ".join(cell for cell, _ in cells)
            now[name] = self.put(name, f"({formula}){over}" if over else formula, self._total(cells, bool(over)))
        return now

    @staticmethod
    def _total(cells: Sequence[Cell], mean: bool) -> Value:
        total = 0.0
        for _, value in cells:
            if isinstance(value, str):
                return value
            total += value
        return finite(total / len(cells) if mean else total)

    def _pass(self, number: int, shared: Mapping[str, Cell]) -> dict[str, Cell]:
        """Write the equations of an example of the step, and return its values."""
        now = dict(shared) | dict(zip(self.given, self._example(number, shared["step"][0]), strict=True))
        left = Counter(step.name for step in self.steps)
        known = {name: value for name, (_, value) in now.items()}
        formulas = Formulas(SHEET, {}, lambda name: now[name][0])
        for step in self.steps:
            left[step.name] -= 1
            label = f"{step.name}{'_part' if left[step.name] else ''}"
            known[step.name] = self.passes.value(step, known)
            title = f"{label}, example {number + 1}" if self.together else f"{label}, example"
            now[step.name] = self.put(title, formulas.of(step.written), known[step.name])
        return now

    def _example(self, number: int, step: str) -> Iterator[Cell]:
        """The inputs and the targets of an example of the step."""
        count = len(self.xs)
        at = number if self.together else (self.row - HEAD - 1) % count
        for place, (name, value) in enumerate(zip(self.given, (*self.xs[at], *self.ys[at]), strict=True), 1):
            column = f"${letters(place)}${HEAD + 2}:${letters(place)}${HEAD + 1 + count}"
            if self.together:
                yield Place(SHEET, HEAD + 1 + at, place).address, value
            else:
                formula = f"INDEX({column}, MOD({step} - 1, {count}) + 1)"
                if self.passes.plan.loss.missing:
                    formula = f'IF(ISNUMBER({formula}), {formula}, "")'  # else an empty cell would be 0
                yield self.put(f"{name}, example", formula, value)


@dataclass(frozen=True)
class _Moved:
    """A parameter in a step."""

    sheet: Training
    name: str
    above: Mapping[str, Cell]
    now: dict[str, Cell]
    """Gets its new values."""

    def given(self, symbol: str) -> Cell:
        """What the row above has."""
        if symbol == "g":
            return self.above.get(derivative_of(self.name), ("0", 0.0))
        return self.above[self.name if symbol == "w" else f"{symbol} {self.name}"]

    def put(self, symbol: str, formula: str, value: Value, last: bool) -> str:
        """Write its new value, or what leads to it, into its column."""
        label = self.name if symbol == "w" else f"{symbol} {self.name}"
        cell = self.sheet.put(f"{label}{'' if last else '_part'}", formula, value)
        if last:
            self.now[label] = cell
        return cell[0]


def address(place: Place) -> str:
    """The address of a cell in a row that may be copied."""
    return f"{letters(place.column)}{place.row + 1}"
