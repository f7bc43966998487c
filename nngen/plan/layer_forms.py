"""Each form of an equation as loops, for one example or over a batch of ``count`` examples.

``nngen.targets.equations`` writes them in the languages that compute layers in loops.
"""

from collections.abc import Iterable, Iterator

from nngen.common.records import dataclass
from nngen.mathematics.formulas import Formula
from nngen.plan import loops
from nngen.plan.blocks import Block
from nngen.plan.equation import Elementwise, Entry, Equation, Nested, Vector
from nngen.plan.loops import Applied, Each, Let, Number, Statement, Sum, Total, Value


def statements(equation: Equation, batch: bool) -> Iterable[Statement]:
    """The statements of an equation.

    Args:
        equation: the equation.
        batch: whether it is over a batch; then what differs by example has a place k.
    """
    stated: Iterable[Statement] = getattr(_Forms(equation, batch), equation.form)()
    return stated


@dataclass(frozen=True)
class _Forms:
    """An equation. There is a method for each ``Form``, with its name; the others say where its numbers are."""

    equation: Equation
    batch: bool

    @property
    def k(self) -> tuple[str, ...]:
        return ("k",) * self.batch

    @property
    def count(self) -> int:
        return len(self.equation.layer.units)

    @property
    def i(self) -> str:
        return "i" if self.count > 1 or self.batch else "0"

    @property
    def block(self) -> Block:
        if self.equation.block is None:
            raise TypeError(self.equation.form)
        return self.equation.block

    def number(self, symbol: str) -> Number:
        """The number that a variable of the formula stands for."""
        layer = self.equation.layer
        running = {block for block, _ in layer.running_updates} if self.batch else set()
        blocks = {block.symbol: block for block in layer.normalization_blocks if block not in running}
        at = (*self.k, self.i)
        if self.batch and symbol in layer.of_units:
            at = (self.i,)
        elif symbol in layer.shared:
            at = () if symbol == "n" else self.k
        return Number(layer.name_of(symbol), at, blocks.get(symbol), symbol)

    def applied(self) -> Applied:
        """The formula."""
        formula = self.equation.formula
        return Applied(formula, tuple(map(self.number, formula.variables)))

    def over_units(self) -> Total:
        """The sum of the formula over the units."""
        return Total(self.i, self.count, self.applied())

    def of_example(self, vector: Vector) -> Number:
        """A vector of an example."""
        return Number(vector.name, self.k)

    def bias(self, place: str) -> tuple[Number, ...]:
        """The bias of a unit, if there is one."""
        block = self.equation.parameters
        return (Number(block.name, (place,), block),) if block else ()

    def terms(self) -> tuple[Applied, ...]:
        """The formulas of vectors; the number of a single one is the same for all units."""

        def of(term: Elementwise) -> Applied:
            named = {letter: (vector.name, "i" if len(vector.units) > 1 else "0") for letter, vector in term.vectors}
            places = ((letter, *named[letter]) for letter in term.formula.variables)
            return Applied(term.formula, tuple(Number(name, (*self.k, at), None, one) for one, name, at in places))

        return tuple(map(of, self.equation.elementwise))

    def products(self) -> tuple[tuple[Block, Number], ...]:
        """The matrices, each with the vector that it multiplies."""
        return tuple((one.weights, self.of_example(one.vector)) for one in self.equation.products)

    def each(self, value: Value) -> Each:
        """A vector with a value for each unit."""
        return Each(self.i, self.count, value)

    def let(self, value: Value) -> Iterator[Statement]:
        """The name of the equation for a value of each example."""
        own = Each("k", "count", value) if self.batch else value
        yield Let(self.equation.name, own, self.equation.changed)

    def examples(self, body: Statement) -> Iterator[Statement]:
        """A statement for each example."""
        yield loops.Examples(body) if self.batch else body

    def unit(self) -> Iterator[Statement]:
        equation = self.equation
        if equation.common:
            yield Let(equation.name, self.each(self.applied()), equation.changed)
        elif equation.renames:
            shape: tuple[int | str, ...] = (*("count",) * self.batch, self.count)
            yield Let(equation.name, loops.Same(equation.layer.name_of(equation.formula.text), shape), equation.changed)
        else:
            yield from self.let(self.each(self.applied()))

    def layer(self) -> Iterator[Statement]:
        return self.let(self.applied())

    def sum(self) -> Iterator[Statement]:
        return self.let(self.over_units())

    def mean(self) -> Iterator[Statement]:
        return self.let(loops.Divided(self.over_units(), self.count))

    def max(self) -> Iterator[Statement]:
        return self.let(loops.Largest(self.i, self.count, self.applied()))

    def weighted_sum(self) -> Iterator[Statement]:
        return self.let(loops.Affine(self.count, self.equation.parameters, self.products()))

    def elementwise(self) -> Iterator[Statement]:
        return self.let(self.each(Sum((*self.bias(self.i), *self.terms()))))

    def dot(self) -> Iterator[Statement]:
        vectors = tuple(map(self.of_example, self.equation.vectors))
        return self.let(Each("0", 1, Sum((*self.bias("0"), loops.Called("dot", vectors)))))

    def lookup(self) -> Iterator[Statement]:
        return self.let(self.each(Sum((*self.bias(self.i), loops.Element(self.equation.matrix, self.i)))))

    def returned(self) -> Iterator[Statement]:
        products, terms = self.products(), self.terms()
        return self.let(loops.Columns(self.i, self.count, products, terms) if products else self.each(Sum(terms)))

    def dropout(self) -> Iterator[Statement]:
        first = self.equation.layer.dropout_start or 0
        return self.let(self.each(loops.Keep(first, self.i, self.equation.formula.text)))

    def running_mean(self) -> Iterator[Statement]:
        mean = loops.Divided(Total("k", "count", self.applied()), "n")
        value = self.each(loops.InTraining(mean, self.equation.parameters, self.i))
        yield Let(self.equation.name, value, self.equation.changed)

    batch_mean = running_mean

    def outer(self) -> Iterator[Statement]:
        slopes, values = map(self.of_example, self.equation.vectors)
        return self.examples(loops.AddOuter(self.block, slopes, values))

    def row_gradient(self) -> Iterator[Statement]:
        width = len(self.block.inputs)
        place = "i" if width > 1 else "0"
        known = {"w": loops.Element(self.block, place, "w")}
        slopes = [
            Applied(one, tuple(known.get(name) or Number(name, symbol=name) for name in one.variables))
            for one in self.equation.terms
            if isinstance(one, Formula)
        ]
        first = Number(self.equation.vectors[0].name, (place,), symbol="dz")
        yield loops.Add(((place, width),), loops.Slope(self.block, (place,)), Sum((first, *slopes)))

    def nested(self) -> Iterator[Statement]:
        return self.let(loops.Grown(self.count, tuple(map(self.added, self.equation.nested))))

    def nested_gradient(self) -> Iterator[Statement]:
        for one in self.equation.nested:
            yield from self.examples(self.added(one))

    def added(self, nested: Nested) -> loops.Add:
        """Products in loops."""

        def number(entry: Entry) -> Number:
            block = entry.of if isinstance(entry.of, Block) else None
            return Number(entry.of.name, entry.at if block else (*self.k, *entry.at), block)

        into = self.equation.into(nested)
        of = loops.Slope(into.of, into.at) if isinstance(into.of, Block) else number(into)
        return loops.Add(nested.loops, of, loops.Product(tuple(map(number, nested.factors))))

    def gradient(self) -> Iterator[Statement]:
        value: Value = Total("k", "count", self.applied()) if self.batch else self.applied()
        yield loops.Slopes(self.equation.name, self.block, self.each(value))

    def bias_gradient(self) -> Iterator[Statement]:
        return self.examples(loops.AddVector(self.block, self.of_example(self.equation.vectors[0])))

    def class_weight(self) -> Iterator[Statement]:
        name, factors = self.equation.name, list[Value]()
        if self.equation.factor:
            factors.append(Number("weights" if self.batch else name, self.k))
        if self.equation.terms:
            factors.append(loops.ClassWeight(Number("y", self.k), self.over_units()))
        if self.batch:
            yield from self.let(loops.Product(tuple(factors)))
        else:
            yield Let(name, factors[0]) if len(factors) == 1 else loops.Multiply(name, factors[1])

    def share(self) -> Iterator[Statement]:
        yield loops.Share()

    def targets(self) -> Iterator[Statement]:
        yield from [loops.Targets(self.equation.name)] if self.batch else []

    def total(self) -> Iterator[Statement]:
        equation = self.equation
        if self.batch:
            weight, losses = Number("weight"), Number("losses")
            yield Let("losses", Each("k", "count", self.over_units()))
            whole: Value = loops.Called("dot", (weight, losses)) if equation.factor else loops.Called("sum", (losses,))
            yield Let(equation.name, loops.Divided(whole, "n") if equation.mean else whole, equation.changed)
        else:
            total = self.over_units()
            whole = loops.Product((Number(equation.factor), total)) if equation.factor else total
            yield Let(equation.name, whole, equation.changed)

    def penalty(self) -> Iterator[Statement]:
        yield loops.AddPenalty(self.block, self.equation.formula, self.equation.factor)

    def penalty_slope(self) -> Iterator[Statement]:
        yield loops.AddPenaltySlopes(self.block, self.equation.formula, self.equation.factor)

    def zero(self) -> Iterator[Statement]:
        yield loops.Zeros(self.equation.name, self.block)
