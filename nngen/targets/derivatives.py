"""What templates get of the derivatives with respect to the inputs."""

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import accumulate, pairwise

from nngen.common.records import dataclass
from nngen.description.data import AnyColumn, CategoryColumn, DateColumn, Encoding, NumberColumn
from nngen.mathematics.formulas import Formula, Words, flat
from nngen.plan import (
    Assignment,
    Equation,
    Jacobian,
    Of,
    Plan,
    Scope,
    Section,
    WayBack,
    inputs,
    jacobian_by_unit,
    sections_by_unit,
    start,
    way_back,
)
from nngen.targets.prose import literal


@dataclass(frozen=True)
class Slope:
    """How the inputs of a network change with a column of numbers."""

    column: NumberColumn
    place: int
    """The place of its input among those that are numbers."""

    @property
    def constant(self) -> bool:
        """Whether the column is the same in all training rows, so that its input does not change."""
        return math.isinf(self.column.divide)

    def changes(self, slope: str = "") -> Formula:
        """How much the input c changes with the column, times the derivative with respect to the input, if it is named.

        The clip ``c(u) = u / sqrt(1 + (u / 3)^2)`` has the slope ``(1 - c^2 / 9)^1.5``.
        """
        if self.constant:
            return Formula("0.0")
        clip = "(1.0 - c * c / 9.0) * sqrt(1.0 - c * c / 9.0)" if self.column.clipped else ""
        product = " * ".join(filter(None, [slope, clip])) or "1.0"
        return Formula(product if self.column.divide == 1.0 else f"{product} / {self.column.divide!r}")


@dataclass(frozen=True)
class Derivatives:
    """The equations of a network's derivatives with respect to its inputs, in the words of a target."""

    plan: Plan
    words: Words

    def way_back(self, of: str, scope: str = "example") -> WayBack:
        """The equations of whole layers. What is derived is a value of ``Of``."""
        return way_back(self.plan, Of(of), Scope(scope))

    def bends(self, of: str) -> bool:
        """Whether the derivatives depend on the inputs; those of a linear network do not."""
        found = self.way_back(of)
        sections = found.forward + found.common + found.passes
        return any("x" in equation.reads for section in sections for equation in section.equations)

    def start(self, of: str) -> str:
        """The name of the derivative at the output with which they begin."""
        return self.plan.output.name_of(start(self.plan, Of(of)))

    def chosen(self, of: str) -> tuple[Section[Equation], ...]:
        """What each output has for itself, if its scores begin it and only matrices read them; otherwise nothing.

        The derivative at the scores is then a 1 among zeros, and a product with it is a row of the matrix.
        """
        score = self.plan.output.name_of("dz")
        if score != self.start(of) and self.scores != "output":
            return ()
        sections = [
            Section(section.comment, tuple(one for one in section.equations if one.name != score))
            for section in self.way_back(of).passes
        ]
        rest = [one for section in sections for one in section.equations]
        if any(score in one.reads and len(one.products) < len(one.terms) for one in rest):
            return ()
        return tuple(section for section in sections if section.equations)

    def jacobian(self, of: str) -> Jacobian:
        """The same for each unit."""
        return jacobian_by_unit(self.plan, self.words, Of(of))

    @cached_property
    def of_loss(self) -> tuple[Section[Assignment], ...]:
        """The equations of each unit that give the derivatives of the loss."""
        return sections_by_unit(self.way_back("loss").passes, self.words)

    @property
    def by_each(self) -> tuple[str, ...]:
        """The names of the derivatives with respect to the inputs."""
        return tuple(map(self.words.variable.format, inputs(self.plan).names("d")))

    @property
    def scores(self) -> str:
        """What is derived for the score of a class: outputs that are their own scores, or what an activation takes."""
        last = self.plan.output
        return "output" if last.activation == "linear" and not last.normalization else "score"

    @cached_property
    def slopes(self) -> tuple[Slope, ...]:
        """The columns of numbers."""
        return tuple(_slopes(self.plan, self.plan.encoding)) if self.plan.encoding else ()

    @property
    def places(self) -> list[str]:
        """The columns of numbers, each with its place, as pairs of Python."""
        return [f"({literal(one.column.column)}, {one.place})" for one in self.slopes]

    def rate(self, slope: Slope, x: str, times: str = "", unit: str = "") -> str:
        """How much an input changes with its column, perhaps times a number and a unit, as an expression.

        Args:
            slope: the column.
            x: the input.
            times: the number.
            unit: a constant, or what has its name.
        """
        factor = unit if unit[:1].isdigit() else "unit" * bool(unit)
        names = {"c": x, "s": times, "unit": unit}
        changes = slope.changes(" * ".join(filter(None, [factor, "s" * bool(times)])))
        return changes.write(replace(self.words, marked=True), names.__getitem__)

    @property
    def typical(self) -> list[str]:
        """The cells of a typical row of the training data, as pairs of Python."""
        cells = zip(self.rows.columns, self.rows.typical, strict=False)
        return [f"{literal(one.column)}: {literal(cell) if isinstance(cell, str) else cell}" for one, cell in cells]

    @property
    def spans(self) -> list[str]:
        """The columns, each with the places where its inputs begin and end, as triples of Python."""
        places = zip(self.rows.columns, self.ranges, strict=True)
        return [f"({literal(one.column)}, {start}, {stop})" for one, (start, stop) in places]

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """Where the inputs of each column begin and end."""
        ends = [0, *accumulate(map(_width, self.rows.columns))]
        return list(pairwise(ends))

    @property
    def answers(self) -> int:
        """The rows of ``sensitivity``, such as score and probability; 0 if each column has a number alone."""
        if self.rows.classes:
            return 2 if self.rows.probabilities else 0
        return len(self.plan.output.units) if len(self.plan.output.units) > 1 else 0

    @property
    def says_moves(self) -> str:
        """What ``contributions`` gives, in a sentence."""
        if self.rows.classes:
            what = f"the {'probability' if self.rows.probabilities else 'output'} of the predicted class"
        else:
            what = f"{self._log}{'each answer' if len(self.plan.output.units) > 1 else 'the answer'}"
        return f"How much each column moves {what} away from that of TYPICAL."

    @property
    def _log(self) -> str:
        """What is derived of a numeric answer, where the network learns logarithms: relative changes add up."""
        return "the logarithm of " * self.rows.in_logs

    @property
    def says_moves_more(self) -> str:
        """How contributions are computed."""
        ends = ", before it is kept in its range" * bool(self.rows.ends)
        return (
            "Integrated gradients (Sundararajan et al., ICML 2017): an input counts its distance from that of TYPICAL, "
            f"times the mean derivative of the output{ends} on the way. Steps are doubled, up to 1,024, until the "
            "contributions sum to the whole difference within 1 %, or 1e-6 of an output."
        )

    @property
    def says(self) -> str:
        """What ``sensitivity`` gives, in a sentence."""
        several = len(self.plan.output.units) > 1
        if self.rows.classes:
            both = self.rows.probabilities
            what = f"the score{' and the probability' * both} of the predicted class {'change' if both else 'changes'}"
        else:
            many = "the logarithms of the answers to a row change" if self._log else "the answers to a row change"
            what = many if several else f"{self._log}the answer to a row changes"
        return f"How {what} with each column of numbers."

    @property
    def says_more(self) -> str:
        """In which units, what a score is, and where nothing changes."""
        none = ["with respect to a missing number"] * self.gaps + ["of an answer at the ends of its range"] * bool(
            self.rows.ends
        )
        zero = f"; the derivative {' and '.join(none)} is 0" if none else ""
        score = "The score is the output before its activation. " if self.rows.classes else ""
        units = "relative: 0.02 is 2 % of the answer" if self.rows.in_logs else "in the units of the data"
        return f"{score}The derivatives are {units}{zero}."

    @property
    def rows(self) -> Encoding:
        """The encoding of rows.

        Raises:
            TypeError: there is none.
        """
        if self.plan.encoding is None:
            raise TypeError(self.plan.name)
        return self.plan.encoding

    def answer(self, place: int, output: str) -> str:
        """The answer of an output, as an expression, before it is kept in its range."""
        found = self.rows.unscaled
        return flat(found[place].write(self.words, {"a": output}.__getitem__)) if found else output

    def times(self, place: int, slope: str) -> str:
        """A derivative of an output as that of its answer."""
        divide = self.rows.targets.divide[place] if self.rows.targets else 1.0
        return slope if divide == 1.0 else f"{slope} * {divide!r}"

    @property
    def divides(self) -> list[str]:
        """By how much each answer changes with its output."""
        return [repr(one) for one in self.rows.targets.divide] if self.rows.targets else []

    @property
    def sure(self) -> bool:
        """Whether a column of numbers refuses missing ones."""
        return any(one.column.fill is None for one in self.slopes)

    @property
    def clips(self) -> bool:
        """Whether the rate of a column depends on its number."""
        return any(one.column.clipped and not one.constant for one in self.slopes)

    @property
    def gaps(self) -> bool:
        """Whether a number may be missing."""
        return any(one.column.fill is not None for one in self.slopes)


def _slopes(plan: Plan, encoding: Encoding) -> Iterator[Slope]:
    for column in encoding.numeric:
        yield Slope(column, plan.numbers.index(column.name))


def _width(column: AnyColumn) -> int:
    """The number of inputs of a column."""
    match column:
        case CategoryColumn(inputs=inputs):
            count = len(inputs)
        case DateColumn(parts=parts):
            count = sum(len(part.inputs) for part in parts)
        case _:
            count = 1
    return count + bool(column.indicator)
