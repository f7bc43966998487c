"""Writes equations of single units; each language says where it differs."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence

from nngen.plan import Assignment, Equation, loops
from nngen.targets.equations.expressions import EquationWriter
from nngen.targets.sums import averages, plus, sums


class UnitWriter(EquationWriter):
    """What languages write alike of the forms of an equation, which its terms have."""

    def __call__(self, equation: Equation | Assignment) -> str:
        """The lines of an equation; the first has no margin."""
        if isinstance(equation, Assignment):
            return self.between.join(self.unit(equation)).strip()
        return super().__call__(equation)

    def unit(self, e: Assignment) -> Iterator[str]:
        """The statements of an equation of a unit."""
        match e.form:
            case "value" if e.again:
                yield self.changed(e.name, e.terms[0], 1)
            case "value":
                yield self.stated(e.name, e.terms[0], e.changed)
            case "sum" if e.again:
                more = plus(e.terms[1:], self.words.operator)
                yield self.changed(e.name, f"{e.factor}↵* (⟨{more}⟩)" if e.factor else more, 1, "+=")
            case "sum":
                yield from self.several(e.name, list(sums(e.terms, e.name, self.words.operator)), e.changed)
            case "mean":
                terms = averages(e.terms, e.name, self.words.operator, self.words.number or "{}")
                yield from self.several(e.name, list(terms))
            case "max":
                yield self.stated(e.name, self.called("largest", self.listed(e.terms)))
            case "dropout":
                yield self.stated(e.name, self.called("keep", ["seed", *e.terms]))
            case "class_weight":
                counted = self.called("class_weight", [self.vector(loops.Number("y"))])
                yield self.multiplied("weight", counted, 1) if e.factor else self.stated("weight", counted)

    def several(self, name: str, values: Sequence[str], changed: bool = False) -> Iterator[str]:
        """A name with its value up to each part of a sum that is too long for a parser."""
        first, *others = values
        yield self.stated(name, first, changed or bool(others))
        yield from (self.changed(name, value, 1) for value in others)

    def stated(self, name: str, value: str, changed: bool = False) -> str:
        """A name of a number with its value, which may change later."""
        return self.line(self.declared(name, loops.Number(name), changed), value, 1)

    def listed(self, terms: Sequence[str]) -> Sequence[str]:
        """Numbers as arguments of a function that takes any count of them."""
        return terms

    def multiplied(self, name: str, factor: str, depth: int) -> str:
        """A number is multiplied."""
        return self.changed(name, factor, depth, "*=")

    @abstractmethod
    def changed(self, place: str, value: str, depth: int, sign: str = "=") -> str:
        """``place = value``, or with another sign such as ``+=``."""

    @abstractmethod
    def line(self, start: str, value: str, depth: int) -> str:
        """A statement with an expression at its end."""

    @abstractmethod
    def declared(self, name: str, value: loops.Value, again: bool = False) -> str:
        """What states the name of a value, up to this."""
