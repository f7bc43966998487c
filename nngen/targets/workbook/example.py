"""The sheet of one example: a row for each equation, with its value; they follow whatever a reader changes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

from nngen.common.records import dataclass
from nngen.mathematics.formulas import flat
from nngen.plan import Equation, Plan, Section, UnitForm, derivative_of
from nngen.targets.workbook.book import Book
from nngen.targets.workbook.passes import Passes, Step, Value
from nngen.targets.workbook.tables import Tables
from nngen.targets.workbook.terms import FEW, MAX_FORMULA, Formulas, Place
from nngen.targets.workbook.update import Cell, Update
from nngen.targets.workbook.words import filled

SHEET = "example"

MAX_NAMED = 1_000
"""The most parameters with a name each for themselves, their derivatives and their new values."""

GIVEN = "#FFF2CC"
"""The colour of cells to change."""

UPDATED = "#E4DFEC"
"""The colour of the step."""

COLOURS = ("#DDEBF7", "#E2EFDA", "#FCE4D6", "#EDEDED", "#D9E1F2", "#F8DDF0")
"""The colours of layers, one after the other."""


@dataclass
class Example:
    """Writes the sheet from top to bottom."""

    book: Book
    passes: Passes
    tables: Tables
    places: dict[str, Place] = field(default_factory=dict)
    """The cell of each value: that of its last equation so far."""
    values: dict[str, Value] = field(default_factory=dict)
    row: int = 0
    names: dict[Place, str] = field(default_factory=dict)
    """The names of the cells that have one."""

    def write(self, parameters: Sequence[float], x: Sequence[float], y: Sequence[float]) -> None:
        """Write the sheet."""
        sheet = self.book.sheet(SHEET, {0: 26, 1: 22, 2: 90})
        sheet.freeze_panes(2, 0)
        sheet.fit_to_pages(1, 0)
        self._head()
        plan = self.passes.plan
        self._section("inputs: write other numbers into the yellow cells")
        self._given(zip(plan.inputs, x, strict=True))
        if not plan.needs_batch:
            self._section("targets")
            self._given(zip(plan.output.names("y"), y, strict=True))
            if plan.loss.example_weights and not plan.loss.weighted_mean:
                self._given([("weight", 1.0)])
        self._section("weights and biases")
        for block, whole in zip(plan.blocks, self.passes.whole.blocks, strict=True):
            names = [name for row in block.rows for name in row]
            if not block.index:
                self._given(zip(names, parameters[whole.start : whole.stop], strict=True))
                continue
            chosen = self.tables.selected(whole, self.shown(block.index), dict(zip(plan.inputs, x, strict=True)))
            for name, (formula, value) in zip(names, chosen, strict=True):
                self.put(name, name, formula, value, f"that of the row of {block.index} in {block.name}", "#FFFFFF")
        sections = self.sections()
        left = Counter(step.name for section in sections for step in self.passes.steps(section))
        for section in sections:
            self._section(str(section.comment), self.colour(section.equations[0].layer.name))
            for step in self.passes.steps(section):
                left[step.name] -= 1
                self._step(step, f"{step.name}_part" if left[step.name] else step.name)
        if not plan.needs_batch:
            self._update()

    def sections(self) -> Sequence[Section[Equation]]:
        """The equations of the sheet; with batch normalization, which learns from batches, those of an answer."""
        listed = self.passes.equations
        chosen = listed.forward if self.passes.plan.needs_batch else listed.gradient
        return [section for section in chosen if any(True for _ in self.passes.steps(section))]

    def shown(self, name: str) -> str:
        """The name of a value's cell, or its address."""
        place = self.places[name]
        return self.names.get(place, place.address)

    def shown_elsewhere(self, name: str) -> str:
        """The same for formulas of other sheets."""
        place = self.places[name]
        return self.names.get(place, f"{SHEET}!{place.address}")

    def colour(self, layer: str) -> str:
        """The colour of a layer."""
        names = [each.name for each in self.passes.plan.layers]
        return COLOURS[names.index(layer) % len(COLOURS)]

    def _head(self) -> None:
        plan = self.passes.plan
        self.book.text(Place(SHEET, 0, 0), f"{plan.name}: {plan.summary}", bold=True, font_size=14)
        for column, title in enumerate(("name", "value", "equation")):
            self.book.text(Place(SHEET, 1, column), title, bold=True, bottom=1, indent=column // 2)
        self.row = 2

    def _section(self, comment: str, colour: str = "#FFFFFF") -> None:
        self.row += 1
        for column, text in enumerate((comment, "", "")):
            self.book.text(Place(SHEET, self.row, column), text, bold=True, bg_color=colour)
        self.row += 1

    def _given(self, numbers: Iterable[tuple[str, float]]) -> None:
        for name, value in numbers:
            place = self.place(name, name)
            self.book.number(place, value, bg_color=GIVEN)
            self.values[name] = value

    def place(self, name: str, label: str) -> Place:
        """A new row for a value."""
        place = Place(SHEET, self.row, 1)
        self.book.text(Place(SHEET, self.row, 0), label)
        if self.passes.plan.size <= MAX_NAMED:
            self.names[place] = self.book.name(label, place)
        self.places[name] = place
        self.row += 1
        return place

    def put(self, name: str, label: str, formula: str, value: Value, equation: str, colour: str) -> None:
        """Write a formula in a new row."""
        place = self.place(name, label)
        self.book.formula(place, formula, value, bg_color=colour)
        self.book.text(Place(SHEET, place.row, 2), f"{label} = {equation}", indent=1)
        self.values[name] = value

    def _step(self, step: Step, label: str) -> None:
        """Write an equation."""
        if step.drawn:
            place = self.place(step.name, label)
            self.book.number(place, 1.0, bg_color=GIVEN)
            rate = step.written.terms[1]
            self.book.text(
                Place(SHEET, place.row, 2), f"dropout: write 0 to leave this unit out, else 1 / (1 - {rate})"
            )
            self.values[step.name] = 1.0
            return
        formula = self.formulas.of(step.written)
        if len(formula) >= MAX_FORMULA and step.written.form in (UnitForm.SUM, UnitForm.MEAN):
            formula = self._in_parts(step, label)
        self.put(step.name, label, formula, self.passes.value(step, self.values), _text(step), self.colour(step.layer))

    def _update(self) -> None:
        """Write the new weights after one step."""
        plan, update = self.passes.plan, Update(self.passes)
        optimizer = plan.optimizer
        self._section(f"new weights, after one step of {optimizer.name}: {optimizer.textbook}{optimizer.settings}")
        slopes = [derivative_of(name) for name in parameter_names(plan)]
        shared = update.shared(("1", 1.0), self._squares(slopes), lambda *one: self._of_step(*one))
        for place, name in enumerate(parameter_names(plan)):
            update.parameter(place, shared, _Moved(self, name))

    def _of_step(self, label: str, formula: str, value: Value) -> str:
        """Write a value of the step, and return its cell."""
        name = f"step {label}"  # no equation has a name with a space
        self.put(name, label, formula, value, formula, UPDATED)
        return self.shown(name)

    def _squares(self, names: Iterable[str]) -> tuple[str, float]:
        """The sum of the squares of some values, as a formula and as a number."""
        rows = sorted(self.places[name].row for name in names if name in self.places)
        runs = [row for row in rows if row - 1 not in rows], [row for row in rows if row + 1 not in rows]
        ranges = (f"$B${first + 1}:$B${last + 1}" for first, last in zip(*runs, strict=True))
        values = (self.values[name] for name in names if name in self.places)
        return f"SUMSQ({', '.join(ranges)})", sum(float(value) ** 2 for value in values)

    @property
    def formulas(self) -> Formulas:
        """The writer of formulas of this sheet."""
        return Formulas(SHEET, self.places, self.shown)

    def _in_parts(self, step: Step, label: str) -> str:
        """Write parts of a long sum into rows of their own, and return the formula of the whole."""
        terms, first, made = step.written.terms, self.row, 0
        while made < len(terms):
            size = 1
            while size < len(terms) - made and sum(map(len, terms[made : made + size])) < MAX_FORMULA // 2:
                size += 1
            chosen = slice(made, made + size)
            written = replace(step.written, terms=terms[chosen], form=UnitForm.SUM)
            part = replace(step, written=written, terms=step.terms[chosen])
            value, name = self.passes.value(part, self.values), f"{label} terms {made + 1} to {made + size}"
            self.put(name, name, self.formulas.of(written), value, f"{size} terms", self.colour(step.layer))
            made += size
        whole = f"SUM(B{first + 1}:B{self.row})"
        return whole if step.written.form is UnitForm.SUM else f"{whole} / {len(terms)}"


@dataclass(frozen=True)
class _Moved:
    """A parameter in the first step."""

    sheet: Example
    name: str

    def given(self, symbol: str) -> Cell:
        """Its weight, its derivative, or the first value of a memory."""
        if symbol in ("w", "g"):
            name = self.name if symbol == "w" else derivative_of(self.name)
            return (self.sheet.shown(name), self.sheet.values[name]) if name in self.sheet.places else ("0", 0.0)
        start = self.sheet.passes.plan.optimizer.memory[symbol]
        return start, float(start)

    def put(self, symbol: str, formula: str, value: Value, last: bool) -> str:
        """Write its new value, or what leads to it, in a new row."""
        label = f"{'new' if symbol == 'w' else symbol}_{self.name}{'' if last else '_part'}"
        return self.sheet._of_step(label, formula, value)


def parameter_names(plan: Plan) -> Iterator[str]:
    """The names of all parameters in their order."""
    return (name for row in plan.parameter_rows() for name in row)


def _text(step: Step) -> str:
    """The right side of an equation, shortened."""
    terms, more = [filled(term, str) for term in step.written.terms[:FEW]], len(step.written.terms) - FEW
    match step.written.form:
        case UnitForm.VALUE:
            return flat(terms[0])
        case UnitForm.MAX:
            return f"the greatest of {', '.join(terms)}{f' and {more} more' if more > 0 else ''}"
        case UnitForm.MEAN:
            return f"the mean of {', '.join(terms)}{f' and {more} more' if more > 0 else ''}"
    return f"{' + '.join(terms)}{f' + ... ({more} more)' if more > 0 else ''}"
