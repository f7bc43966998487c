"""One equation of a network: its form, its terms and its name, for a whole layer or for a single unit."""

import itertools
from collections.abc import Iterator, Mapping
from enum import StrEnum, auto

from nngen.common.records import dataclass
from nngen.mathematics.formulas import Formula, Words
from nngen.plan.blocks import Block
from nngen.plan.layer import Layer
from nngen.plan.names import derivative_of
from nngen.plan.place import Place


class Form(StrEnum):
    """The form of an equation. A method of ``layer_forms`` has the same name, and so have macros that print it."""

    UNIT = auto()
    """A formula for each unit."""
    LAYER = auto()
    """One value for the layer: a formula of values that the units share."""
    SUM = auto()
    """The sum of a formula over the units of a layer."""
    MEAN = auto()
    """The mean of a formula over the units of a layer."""
    MAX = auto()
    """The maximum of a formula over the units of a layer."""
    WEIGHTED_SUM = auto()
    """For each unit: its bias plus the products of its weights and their inputs."""
    ELEMENTWISE = auto()
    """For each unit: its bias plus formulas of its sources."""
    DOT = auto()
    """The bias of a single unit plus the sum of products of two sources."""
    LOOKUP = auto()
    """For each unit: its bias plus its number in the row of an embedding that an index selects."""
    RETURNED = auto()
    """For each unit: the weights that lead away from it, times the derivatives of the units they lead to."""
    OUTER = auto()
    """For each weight: the derivative of its unit, times its input."""
    NESTED = auto()
    """For each unit: products that nested loops add up, in kinds of layers that have no form of their own."""
    NESTED_GRADIENT = auto()
    """For each parameter: such products. Over a batch, the sum over the examples."""
    ROW_GRADIENT = auto()
    """The derivatives with respect to the selected rows of an embedding, with the slope of their penalty."""
    GRADIENT = auto()
    """A formula for each unit. Over a batch, the sum over the examples."""
    BIAS_GRADIENT = auto()
    """For each bias: the derivative of its unit. Over a batch, the sum over the examples."""
    RUNNING_MEAN = auto()
    """In training, the mean of a formula over the examples. Otherwise, the running statistic."""
    BATCH_MEAN = auto()
    """In training, the mean of a formula over the examples. Otherwise, 0."""
    DROPOUT = auto()
    """For each unit: its dropout factor."""
    TARGETS = auto()
    """The targets under the name that the loss uses, unless the page has named them before."""
    TOTAL = auto()
    """The loss: the sum of a formula over the outputs, and over the examples of a batch."""
    CLASS_WEIGHT = auto()
    """The weight of an example: that of its class, its own, or their product."""
    SHARE = auto()
    """The weights of a batch, divided by their sum."""
    PENALTY = auto()
    """The loss plus the penalty of a block's parameters."""
    PENALTY_SLOPE = auto()
    """The derivative with respect to a block plus the slope of its penalty."""
    ZERO = auto()
    """The derivative with respect to a frozen block."""


SHARED_FORMS = {Form.LAYER, Form.SUM, Form.MEAN, Form.MAX}
"""The forms of values that the units of a layer share."""


@dataclass(frozen=True)
class Vector:
    """The name of a vector, such as ``a_hidden``, and the names of its numbers, such as ``a_h1``."""

    name: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class Product:
    """A weight matrix and the vector that it multiplies: values forward, derivatives backward."""

    weights: Block
    vector: Vector
    end: str
    """The name of the layer at the other end of the weights: the source forward, the fed layer backward."""


@dataclass(frozen=True)
class Elementwise:
    """A formula of vectors, computed for each unit. A vector of a single number has the same one for all units."""

    formula: Formula
    vectors: tuple[tuple[str, Vector], ...]
    """The vector that each variable of the formula stands for."""

    def write(self, words: Words, each: str, single: str = "{name}[0]") -> str:
        """Write the formula.

        Args:
            words: the words of the target.
            each: the pattern for a number of a vector, such as ``{name}[i]`` or ``{letter}``.
            single: the same for a vector of a single number.
        """
        names = {
            letter: (each if len(vector.units) > 1 else single).format(name=vector.name, letter=letter)
            for letter, vector in self.vectors
        }
        return self.formula.operand(words, names.__getitem__)

    def of_unit(self, words: Words, unit: int) -> str:
        """Write the formula with the names of the numbers at one unit."""
        names = {letter: v.units[unit if len(v.units) > 1 else 0] for letter, v in self.vectors}
        return self.formula.operand(words, names.__getitem__)

    @property
    def loop(self) -> dict[str, str]:
        """Loop variables and the lists they iterate over, e.g. ``{"u": "a_p"}``."""
        return {letter: vector.name for letter, vector in self.vectors if len(vector.units) > 1}


@dataclass(frozen=True)
class Entry:
    """A number of a vector or of parameters, at places that loops count: ``x[t + k]`` or ``w[c][k]``."""

    of: Vector | Block
    at: tuple[Place, ...]

    @property
    def parameters(self) -> bool:
        """Whether it is a parameter."""
        return isinstance(self.of, Block)

    def unit(self, counters: Mapping[str, int]) -> str:
        """The name of the number, where the loops are at some places."""
        rows = self.of.rows if isinstance(self.of, Block) else (self.of.units,)
        *row, place = (one.at(counters) for one in self.at)
        return rows[row[0] if row else 0][place]


@dataclass(frozen=True)
class Nested:
    """Products that loops add to a number: ``z[2 * t + c] += w[c][k] * x[t + k]``."""

    loops: tuple[tuple[str, int], ...]
    """The counter of each loop, and how many places it counts."""
    into: tuple[Place, ...]
    """The place of that number among those of the equation."""
    factors: tuple[Entry, ...]

    @property
    def counters(self) -> Iterator[dict[str, int]]:
        """The counters of all loops, step by step."""
        for places in itertools.product(*(range(count) for _, count in self.loops)):
            yield dict(zip((name for name, _ in self.loops), places, strict=True))


Term = Formula | Product | Elementwise | Nested | Vector | Block


@dataclass(frozen=True)
class Equation:
    """One equation of a layer."""

    symbol: str
    """The first part of its name: ``z``, ``dW``, ``loss``."""
    form: Form
    terms: tuple[Term, ...]
    layer: Layer
    block: Block | None = None
    """The block whose derivative or penalty it computes, if any."""
    factor: str = ""
    """A factor of the result: ``weight``, or ``n`` for the penalty of each of n examples; empty if there is none."""
    mean: bool = False
    """Whether the loss of a batch is divided by the number of examples."""
    numbers: tuple[float, ...] = ()
    """The value of ``c`` in the formula at each unit: the weight of its class."""
    changed: bool = False
    """Whether several equations of the gradient assign this name."""

    @property
    def name(self) -> str:
        """The name of its value, for the whole layer or block."""
        if self.symbol in ("loss", "weight"):
            return self.symbol
        return derivative_of(self.block.name) if self.block else self.layer.name_of(self.symbol)

    @property
    def unit_names(self) -> tuple[str, ...]:
        """The names of its numbers. A value that the units share has one name."""
        if self.symbol in ("loss", "weight"):
            return (self.symbol,)
        if self.block:
            return tuple(derivative_of(name) for row in self.block.rows for name in row)
        return (self.name,) if self.form in SHARED_FORMS else self.layer.names(self.symbol)

    @property
    def reads(self) -> frozenset[str]:
        """The names of the values that it needs, each for a whole layer."""
        names = set[str]()
        for term in self.terms:
            match term:
                case Formula():
                    names.update(map(self.layer.name_of, term.variables))
                case Product(_, vector):
                    names.add(vector.name)
                case Elementwise(_, vectors):
                    names.update(vector.name for _, vector in vectors)
                case Nested(_, _, factors):
                    names.update(factor.of.name for factor in factors if isinstance(factor.of, Vector))
                case Vector(name):
                    names.add(name)
        return frozenset(names)

    @property
    def renames(self) -> bool:
        """Whether it only gives the values of the units another name."""
        if self.form not in (Form.UNIT, Form.GRADIENT):
            return False
        return self.formula.bare and self.formula.text not in self.layer.shared

    @property
    def aliases(self) -> bool:
        """Whether it gives computed values another name. Targets do not count."""
        return self.renames and self.formula.text != "y"

    @property
    def common(self) -> bool:
        """Whether all examples of a batch share its value, since it depends on parameters alone."""
        if self.form is not Form.UNIT or self.layer.of_examples(self.formula):
            return False
        return not self.layer.of_units.isdisjoint(self.formula.variables)

    @property
    def formula(self) -> Formula:
        """The formula among its terms.

        Raises:
            StopIteration: there is none.
        """
        return next(term for term in self.terms if isinstance(term, Formula))

    @property
    def products(self) -> tuple[Product, ...]:
        """The products of weights and vectors among its terms."""
        return tuple(term for term in self.terms if isinstance(term, Product))

    @property
    def elementwise(self) -> tuple[Elementwise, ...]:
        """The formulas of vectors among its terms."""
        return tuple(term for term in self.terms if isinstance(term, Elementwise))

    @property
    def nested(self) -> tuple[Nested, ...]:
        """The products in loops among its terms."""
        return tuple(term for term in self.terms if isinstance(term, Nested))

    def into(self, nested: Nested) -> Entry:
        """What these products are added to: a number of a unit, or the derivative with respect to a parameter."""
        return Entry(self.block or Vector(self.name, self.unit_names), nested.into)

    @property
    def single_first(self) -> tuple[Product, ...]:
        """The products, those with a single number before the others: the order in which a page of C adds them."""
        return tuple(sorted(self.products, key=lambda product: len(product.vector.units) > 1))

    @property
    def vectors(self) -> tuple[Vector, ...]:
        """The vectors among its terms."""
        return tuple(term for term in self.terms if isinstance(term, Vector))

    @property
    def parameters(self) -> Block | None:
        """The parameters among its terms: biases or running statistics."""
        return next((term for term in self.terms if isinstance(term, Block) and not term.index), None)

    @property
    def matrix(self) -> Block:
        """The matrix of the embedding among its terms.

        Raises:
            StopIteration: there is none.
        """
        return next(term for term in self.terms if isinstance(term, Block) and term.index)
