"""Writes the expressions of equations of layers; each language says where it differs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from nngen.plan import Equation, Place, loops, statements
from nngen.targets.sums import signed_sum

if TYPE_CHECKING:
    from nngen.targets.page import Page


class EquationWriter(ABC):
    """What languages write alike. Expressions have marks where a line may break."""

    between: ClassVar[str] = "\n"
    """What stands between two lines, if these have no margin of their own."""
    first_place: ClassVar[int] = 0
    """The first place in a vector, and where counters begin."""
    seed_of_example: ClassVar[str]
    """The seed of example k."""

    def __init__(self, page: "Page", batch: bool = False) -> None:
        """Write equations of a page, for an example or over a batch."""
        self.page, self.words, self.batch = page, page.words, batch

    def __call__(self, equation: Equation) -> str:
        """The lines of an equation; the first has no margin."""
        self.equation, depth = equation, self.page.margin // 4
        lines = (line for one in statements(equation, self.batch) for line in self.statement(one, depth))
        return self.between.join(lines).strip()

    @abstractmethod
    def statement(self, statement: loops.Statement, depth: int) -> Iterator[str]:
        """The lines of a statement, which stands in ``depth`` blocks."""

    def value(self, value: loops.Value) -> str:
        """An expression."""
        match value:
            case loops.Number():
                return self.number(value)
            case loops.Element():
                return self.element(value)
            case loops.Same(name):
                return name
            case loops.Applied(formula):
                return formula.write(self.words, self.named(value))
            case loops.Sum(terms):
                return signed_sum(map(self.operand, terms), self.words)
            case loops.Product(factors):
                return self.words.operator.format("*").join(map(self.value, factors))
            case loops.Divided(inner, by):
                return f"{self.value(inner)}{self.words.operator.format('/')}{self.divisor(by)}"
            case loops.Called(function, vectors):
                return self.called(function, list(map(self.vector, vectors)))
            case loops.Largest():
                return self.largest(value)
            case loops.ClassWeight(targets):
                return self.called("class_weight", [self.vector(targets)])
            case loops.Keep(first, index, rate):
                seed = self.seed_of_example if self.batch else "seed"
                place = f"{first}" if index == "0" else f"{first} + {index}" if first else index
                return self.called("keep", [seed, place, rate])
        raise TypeError(value)

    def operand(self, value: loops.Value) -> str:
        """A term of a sum."""
        if isinstance(value, loops.Applied):
            return value.formula.operand(self.words, self.named(value))
        return self.value(value)

    def named(self, applied: loops.Applied) -> Callable[[str], str]:
        """The names of the numbers in a formula."""
        return {one.symbol: self.value(one) for one in applied.numbers}.__getitem__

    def number(self, number: loops.Number) -> str:
        """A number, or a vector of numbers."""
        return f"{number.name}{''.join(f'[{self.place(place)}]' for place in number.at)}"

    def place(self, place: str | Place) -> str:
        """A place in a vector or matrix."""
        return place if isinstance(place, str) else place.counted(self.first_place)

    @abstractmethod
    def element(self, element: loops.Element) -> str:
        """A number of a row of an embedding."""

    def largest(self, value: loops.Largest) -> str:
        """The largest number of a vector that has a name."""
        return self.called("largest", [self.vector(value.vector)] if value.vector else [])

    def divisor(self, by: int | str) -> str:
        """What a value is divided by."""
        return f"{by}.0" if isinstance(by, int) else by

    def vector(self, vector: loops.Number) -> str:
        """A vector as an argument."""
        return self.number(vector)

    def called(self, name: str, arguments: Sequence[str]) -> str:
        """A call."""
        return f"{self.function(name)}(⟨{',↵'.join(arguments)}⟩)"

    def function(self, name: str) -> str:
        """The name of a function of the module, or of the language."""
        return name
