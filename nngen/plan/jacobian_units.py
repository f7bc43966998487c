"""The Jacobian by single units: an output after the other, back to the inputs.

A derivative that is 0 or 1, such as that of an output by another one, has no equation of its own, and neither has one
that equals another number: the equations that use it say so.
"""

from collections.abc import Callable, Iterator
from dataclasses import field
from functools import reduce

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.mathematics.formulas import Formula, Words, folded
from nngen.plan.assignment import Assignment, UnitForm
from nngen.plan.by_inputs import Of, start, way_back
from nngen.plan.by_unit import sections_by_unit
from nngen.plan.equation import Elementwise, Equation, Form, Product
from nngen.plan.layer import Layer
from nngen.plan.names import full_name
from nngen.plan.network import Plan
from nngen.plan.sections import Section

ZERO, ONE = "0.0", "1.0"


@dataclass(frozen=True)
class Jacobian:
    """The equations from the inputs to the derivatives, and the rows of the matrix: a name or number for each input."""

    sections: tuple[Section[Assignment], ...]
    rows: tuple[tuple[str, ...], ...]


def jacobian_by_unit(plan: Plan, words: Words, of: Of = Of.OUTPUT) -> Jacobian:
    """The Jacobian of the outputs by the inputs that are numbers.

    Args:
        plan: the plan of the network.
        words: the names of functions in the target language.
        of: whether the outputs are derived, or their scores before the activation.
    """
    whole_layers = way_back(plan, of)
    sections = list(sections_by_unit(whole_layers.forward + whole_layers.common, words))
    rows = []
    for unit in plan.output.units:
        whole = full_name("a" if of is Of.OUTPUT else start(plan, of)[1:], unit)
        one = _Pass(plan, words, of, unit, f"d{whole}_")
        sections.append(
            Section(message("d{name}_dX is the derivative of {name} with respect to X", name=whole), tuple(one.lines()))
        )
        rows.append(tuple(one.row))
    return Jacobian(tuple(sections), tuple(rows))


@dataclass
class _Pass:
    """The way back from one output; ``known`` has the derivatives that are numbers, or equal another name."""

    plan: Plan
    words: Words
    of: Of
    unit: str
    prefix: str
    known: dict[str, str] = field(default_factory=dict)

    def lines(self) -> Iterator[Assignment]:
        """The equations in order."""
        symbol = self.named(start(self.plan, self.of))
        for unit in self.plan.output.units:
            self.known[full_name(symbol, unit)] = ONE if unit == self.unit else ZERO
        for section in way_back(self.plan, self.of, named=self.named).passes:
            for equation in section.equations:
                yield from self.expanded(equation)

    @property
    def row(self) -> Iterator[str]:
        """The derivatives with respect to the inputs."""
        for name in self.plan.numbers:
            yield self.text(f"{self.named('d')}{name}")

    def named(self, symbol: str) -> str:
        """The symbol of a derivative of this output."""
        return self.prefix + symbol

    def text(self, name: str) -> str:
        """What stands for a name in an equation."""
        found = self.known.get(name, name)
        if found in (ZERO, ONE):
            return self.words.number.format(found) if self.words.number else found
        return self.words.variable.format(found)

    def expanded(self, e: Equation) -> Iterator[Assignment]:
        """The equations of the single units."""
        match e.form:
            case Form.UNIT:
                for unit in e.layer.units:
                    names = self.of_unit(e.layer, unit)
                    yield from self.stated(names(e.symbol), [self.term(e.formula, names)])
            case Form.LAYER:
                yield from self.stated(e.name, [self.term(e.formula, e.layer.name_of)])
            case Form.SUM | Form.MEAN:
                terms = [self.term(e.formula, self.of_unit(e.layer, unit)) for unit in e.layer.units]
                yield from self.stated(e.name, terms, len(terms) if e.form is Form.MEAN else 1)
            case Form.RETURNED:
                for place, name in enumerate(e.layer.names(e.symbol)):
                    yield from self.stated(name, list(self.returned(e, place)))
            case form:
                raise TypeError(form)

    def of_unit(self, layer: Layer, unit: str) -> Callable[[str], str]:
        """Names of the values of one unit. Shared values keep the name of the layer."""

        def name(symbol: str) -> str:
            shared = symbol.removeprefix(self.prefix) in layer.shared
            return layer.name_of(symbol) if shared else full_name(symbol, unit)

        return name

    def returned(self, e: Equation, place: int) -> Iterator["_Term"]:
        """The terms of the derivative with respect to a value that other layers take."""
        for term in e.terms:
            match term:
                case Product(weights, vector):
                    for slope, row in zip(vector.units, weights.rows, strict=True):
                        yield self.term(Formula("dz * w"), {"dz": slope, "w": row[place]}.__getitem__)
                case Elementwise(formula, vectors):
                    names = {letter: v.units[place if len(v.units) > 1 else 0] for letter, v in vectors}
                    yield self.term(formula, names.__getitem__)

    def term(self, formula: Formula, names: Callable[[str], str]) -> "_Term":
        """A formula with the names of units, without derivatives that are numbers."""
        numbers = {v: self.known.get(names(v), "") for v in formula.variables}
        left = folded(formula.rename({v: number for v, number in numbers.items() if number in (ZERO, ONE)}))

        def shown(variable: str) -> str:
            return self.known.get(names(variable), names(variable))

        if left.bare or left.text in (ZERO, ONE):
            return _Term(shown(left.text) if left.bare else left.text, "", "")
        return _Term("", left.write(self.words, shown), left.operand(self.words, shown))

    def stated(self, name: str, terms: list["_Term"], count: int = 1) -> Iterator[Assignment]:
        """The equation of a name: a sum of terms, divided by a count."""
        there = [term for term in terms if term.known != ZERO]
        if not there or (len(there) == 1 and there[0].known and count == 1):
            self.known[name] = there[0].known if there else ZERO
            return
        listed = [term.operand or self.text(term.known) for term in there]
        written = self.words.variable.format(name)
        if count > 1:
            total = reduce(lambda left, right: self.words.joined(left, "+", right), listed)
            number = f"{count}.0"
            number = self.words.number.format(number) if self.words.number else number
            yield Assignment(written, UnitForm.VALUE, (self.words.joined(f"(⟨{total}⟩)", "/", number),))
        elif len(there) == 1:
            yield Assignment(written, UnitForm.VALUE, (there[0].alone,))
        else:
            yield Assignment(written, UnitForm.SUM, tuple(listed))


@dataclass(frozen=True)
class _Term:
    """A term: a number or another name that it equals, or its text, alone and in a sum."""

    known: str
    alone: str
    operand: str
