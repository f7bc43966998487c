"""The equations of a network twice: as a spreadsheet writes them, and as Python computes their values."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import CodeType

from nngen.common.records import dataclass
from nngen.description.model import Spec, parts
from nngen.mathematics.catalogue import page_functions
from nngen.mathematics.formulas import Formula, Words, flat
from nngen.plan import Assignment, Equation, Equations, Plan, Scope, Section, UnitForm, equations, section_by_unit
from nngen.targets.modules import as_module
from nngen.targets.render import render
from nngen.targets.targets import words as words_of
from nngen.targets.workbook.words import words

Value = float | str
"""A number, or an error of a spreadsheet, such as ``#NUM!``."""

NO_NUMBER = "#NUM!"
"""What a spreadsheet has for a result that is no finite number."""


KNOWN = re.compile("(«[^»]*») = \\1")
"""Whether a target is there: NaN, a missing one, equals nothing; a sheet has an empty cell."""


@dataclass(frozen=True)
class Step:
    """An equation between numbers."""

    name: str
    layer: str
    written: Assignment
    """In the words of a spreadsheet."""
    terms: tuple[CodeType, ...]
    """The same terms for Python."""

    @property
    def drawn(self) -> bool:
        """Whether it is the dropout factor of a unit, which no formula gives."""
        return self.written.form is UnitForm.DROPOUT


@dataclass(frozen=True)
class Written:
    """A formula in the words of a spreadsheet, and for Python."""

    text: str
    code: CodeType
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Passes:
    """A network and its module, whose functions compute the values."""

    plan: Plan
    """The plan for one example, see ``tables.of_example``."""
    spec: Spec
    whole: Plan

    @cached_property
    def module(self) -> dict[str, object]:
        """The definitions of its Python module."""
        asked = ["training", *(["prediction"] if self.plan.encoding and self.plan.encoding.predicts else [])]
        text = render(self.whole, self.spec, "python", contents=parts(asked))
        return dict(as_module(self.spec.name, text).__dict__)

    @cached_property
    def words(self) -> Words:
        """The words of spreadsheets, with the functions of the network."""
        return words(page_functions.in_order(self.plan.page_functions))

    @cached_property
    def python(self) -> Words:
        """The words of Python."""
        return words_of(self.spec, "python")

    @cached_property
    def equations(self) -> Equations[Equation]:
        """All equations, for one example."""
        return equations(self.plan, Scope.EXAMPLE)

    @cached_property
    def forward(self) -> tuple[Step, ...]:
        """The equations of an answer."""
        return tuple(step for section in self.equations.forward for step in self.steps(section))

    def steps(self, section: Section[Equation]) -> Iterator[Step]:
        """The equations of a section, one by one."""
        layer = section.equations[0].layer.name
        pairs = zip(*(section_by_unit(section, one).equations for one in (self.words, self.python)), strict=True)
        for listed, computed in pairs:
            written = replace(listed, terms=tuple(KNOWN.sub(r"ISNUMBER(\1)", term) for term in listed.terms))
            terms = () if written.form is UnitForm.DROPOUT else tuple(map(compiled, computed.terms))
            yield Step(computed.name, layer, written, terms)

    def value(self, step: Step, known: Mapping[str, Value]) -> Value:
        """The value of an equation, from those before it."""
        values = [self.computed(term, known) for term in step.terms]
        if any(isinstance(value, str) for value in values):
            return NO_NUMBER
        return finite(_joined(step.written.form, [float(value) for value in values]))

    def computed(self, code: CodeType, known: Mapping[str, Value]) -> Value:
        """The value of an expression."""
        try:
            return finite(float(eval(code, self.module, known)))  # noqa: S307 (our own equation, see Formula)
        except (ArithmeticError, ValueError, TypeError):  # TypeError: of a value that is no number
            return NO_NUMBER

    def formula(self, formula: Formula) -> "Written":
        """A formula in the words of a spreadsheet, and for Python."""
        return Written(formula.write(self.words), compiled(formula.write(self.python)), formula.variables)


def compiled(text: str) -> CodeType:
    """The code of an expression of Python."""
    return compile(flat(text).strip(), "<workbook>", "eval")


def finite(value: float) -> Value:
    """A number as a cell has it."""
    return value if math.isfinite(value) else NO_NUMBER


def _joined(form: UnitForm, values: Sequence[float]) -> float:
    if form is UnitForm.MAX:
        return max(values)
    total = values[0]
    for value in values[1:]:  # from left to right, as modules add
        total += value
    return total / len(values) if form is UnitForm.MEAN else total
