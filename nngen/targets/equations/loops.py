"""Writes equations of layers as loops; each language says where it differs."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar

from nngen.plan import Block, Place, loops
from nngen.targets.equations.units import UnitWriter


class LoopWriter(UnitWriter):
    """What languages write alike: a vector, a sum and a maximum are computed in loops, unless they are ``inline``.

    The depth of a statement is how many blocks it stands in.
    """

    margin: ClassVar[str] = "    "
    """What each of these blocks puts before a line."""
    parameters: ClassVar[str] = "params"
    """The array of all parameters."""
    heads: ClassVar[str] = "{} ({}) {{"
    """The first line of a block: its word, and what it says."""
    ranges: ClassVar[str] = "int {0} = 0; {0} < {1}; {0}++"
    """What a loop says over the places {0} below a count {1}."""
    lends: ClassVar[str] = "{}"
    """A vector that a function changes, as an argument."""
    singles: ClassVar[tuple[str, str]]
    """A vector of a single number: what states its name {0} with the type {1} of the number, and its value {0}."""
    renames: ClassVar[str] = ""
    """What states another name {0} of the targets of a batch, of numbers of a type {1}, if the loss uses it."""

    @staticmethod
    def number_type(dtype: str, /) -> str:
        """The type of numbers of a width; nothing where the language does not state it."""
        return ""

    @property
    def kind(self) -> str:
        """The type of the page's numbers."""
        return self.number_type(self.page.dtype)

    @property
    def least(self) -> str:
        """A number that is less than all others."""
        raise NotImplementedError

    def statement(self, statement: loops.Statement, depth: int) -> Iterator[str]:
        """The lines of a statement."""
        match statement:
            case loops.Let(name, value, again):
                yield from self.let(name, value, depth, again)
            case loops.Multiply(name, value):
                yield self.multiplied(name, self.value(value), depth)
            case loops.Slopes(name, block, value):
                if block.trainable or self.batch:
                    yield from self.let(name, value, depth)
                if block.trainable:
                    yield self.call("add", [*self.slopes(block), self.vector(loops.Number(name))], depth)
            case loops.AddVector(block, vector):
                yield self.call("add", [*self.slopes(block), self.vector(vector)], depth)
            case loops.Add([(index, count), *inner], into, value):
                rest = loops.Add(tuple(inner), into, value)
                yield from self.loop(index, count, lambda deep: self.statement(rest, deep), depth)
            case loops.Add(_, into, value):
                yield self.changed(self.value(into), self.value(value), depth, "+=")
            case loops.AddOuter(block, slopes, values):
                yield self.call("add_outer", [*self.slopes(block), self.vector(slopes), self.vector(values)], depth)
            case loops.AddPenalty():
                yield from self.penalty(statement, depth)
            case loops.AddPenaltySlopes():
                yield from self.penalty_slopes(statement, depth)
            case loops.Share():
                yield from self.share(depth)
            case loops.Targets(name):
                yield from self.targets(name, depth)
            case loops.Examples(body):
                yield from self.loop("k", "count", lambda deep: self.statement(body, deep), depth)

    def let(self, name: str, value: loops.Value, depth: int, again: bool = False) -> Iterator[str]:
        """A value gets a name; ``again`` says whether it changes later."""
        match value:
            case loops.Product((loops.Number(factor, ()), loops.Total() as total)):
                yield from self.let(name, total, depth, True)
                yield self.changed(name, factor, depth, "*=")
            case loops.Total("0", _, inner) | loops.Largest("0", _, inner):
                yield from self.let(name, inner, depth, again)
            case loops.Divided(loops.Total("0") as total, by):
                yield from self.let(name, total, depth, True)
                yield self.changed(name, self.divisor(by), depth, "/=")
            case loops.Each("0", _, inner):
                yield self.single(name, self.value(inner), depth)
            case _ if self.inline(value):
                again = again and not list(loops.shape(value))
                yield self.line(self.declared(name, value, again), self.value(value), depth)
            case _:
                yield self.started(name, value, depth)
                yield from self.filled(name, value, depth, started=True)

    def filled(self, place: str, value: loops.Value, depth: int, started: bool = False) -> Iterator[str]:
        """A place gets a value. Sums begin with the 0 that is there, others too if they are ``started``."""
        match value:
            case _ if self.inline(value):
                yield self.changed(place, self.value(value), depth)
            case loops.Each(index, count, inner):
                each = f"{place}[{index}]"
                yield from self.loop(index, count, lambda deep: self.filled(each, inner, deep), depth, place)
            case loops.Total(index, count, inner):
                term = self.value(inner)
                yield from self.loop(index, count, lambda deep: [self.changed(place, term, deep, "+=")], depth)
            case loops.Divided(inner, by):
                yield from self.filled(place, inner, depth, started)
                yield self.changed(place, self.divisor(by), depth, "/=")
            case loops.Largest(index, count, inner):
                if not started:
                    yield self.changed(place, self.least, depth)
                larger = self.called("maximum", [place, self.value(inner)])
                yield from self.loop(index, count, lambda deep: [self.changed(place, larger, deep)], depth)
            case loops.Affine():
                yield from self.affine(place, value, depth, started)
            case loops.Columns(index, count, products, terms):
                for block, vector in products:
                    yield self.call("add_columns", [self.lent(place), *self.matrix(block), self.vector(vector)], depth)
                each, added = f"{place}[{index}]", list(map(self.value, terms))

                def lines(deep: int) -> list[str]:
                    return [self.changed(each, one, deep, "+=") for one in added]

                yield from self.loop(index, count, lines, depth, place) if added else []
            case loops.Grown(_, added):
                for one in added:
                    yield from self.statement(one, depth)
            case loops.InTraining(inner, statistic, at):
                yield self.opened("if", "training", depth)
                yield from self.filled(place, inner, depth + 1)
                if statistic:
                    yield self.otherwise(depth)
                    yield self.changed(place, self.measured(statistic, at), depth + 1)
                yield self.closed(depth)

    def value(self, value: loops.Value) -> str:
        """An expression. A number of a matrix stands at one place among all of them."""
        match value:
            case loops.Number(name, (Place() as row, Place() as column), Block() as block):
                return self.number(loops.Number(name, (loops.flat(block, row, column),), block))
            case loops.Slope(block, (Place() as row, Place() as column)):
                return self.slope(block, self.place(loops.flat(block, row, column)))
            case loops.Slope(block, (place,)):
                return self.slope(block, self.place(place))
        return super().value(value)

    def inline(self, value: loops.Value) -> bool:
        """Whether a value is an expression."""
        match value:
            case loops.Each() | loops.Total() | loops.Affine() | loops.Columns() | loops.Grown() | loops.InTraining():
                return False
            case loops.Largest():
                return value.vector is not None
            case loops.Divided(inner):
                return self.inline(inner)
        return True

    def loop(
        self, index: str, count: int | str, body: Callable[[int], Iterable[str]], depth: int, over: str = ""
    ) -> Iterator[str]:
        """A loop over places, or its body for a single place.

        Args:
            index: the name of a place.
            count: how many there are.
            body: the lines inside, as deep as they stand.
            depth: how deep the loop stands.
            over: a vector with these places, if there is one.
        """
        if index == "0":
            yield from body(depth)
        else:
            yield self.opened("for", self.places(index, count, over), depth)
            yield from body(depth + 1)
            yield self.closed(depth)

    def places(self, index: str, count: int | str, over: str) -> str:
        """The head of a loop."""
        return self.ranges.format(index, count)

    def opened(self, word: str, head: str, depth: int) -> str:
        """The first line of a block."""
        return self.margin * depth + self.heads.format(word, head)

    def otherwise(self, depth: int) -> str:
        """What stands between the two blocks of a condition."""
        return f"{self.margin * depth}}} else {{"

    def closed(self, depth: int) -> str:
        """The last line of a block."""
        return f"{self.margin * depth}}}"

    @staticmethod
    def laid(value: str, start: str, margin: int, /) -> str:
        """A statement after some columns: its expression with marks, and what stands before it."""
        raise NotImplementedError

    def line(self, start: str, value: str, depth: int) -> str:
        """A statement with an expression at its end."""
        return self.margin * depth + self.laid(value, start, len(self.margin) * depth)

    def changed(self, place: str, value: str, depth: int, sign: str = "=") -> str:
        """``place = value``, or with another sign such as ``+=``."""
        return self.line(f"{place} {sign} ", value, depth)

    def call(self, name: str, arguments: Sequence[str], depth: int) -> str:
        """A call as a statement."""
        return self.line("", self.called(name, arguments), depth)

    @abstractmethod
    def zeros(self, value: loops.Value) -> str:
        """What a value begins with."""

    def started(self, name: str, value: loops.Value, depth: int) -> str:
        """A name for a value that further statements compute."""
        return self.line(self.declared(name, value, again=True), self.zeros(value), depth)

    def single(self, name: str, value: str, depth: int) -> str:
        """A name for a vector of a single number."""
        start, form = self.singles
        return self.line(start.format(name, self.kind), form.format(value), depth)

    def affine(self, place: str, value: loops.Affine, depth: int, started: bool) -> Iterator[str]:
        """A place gets the products of matrices and vectors, added to biases: by an expression, or by statements."""
        yield self.changed(place, self.value(value), depth)

    @abstractmethod
    def share(self, depth: int) -> Iterator[str]:
        """The weights of a batch are divided by their sum."""

    def targets(self, name: str, depth: int) -> Iterator[str]:
        """The targets of a batch get another name, unless they have it."""
        if self.renames and name != "y":
            yield self.line(self.renames.format(name, self.kind), "y", depth)

    def penalty(self, added: loops.AddPenalty, depth: int) -> Iterator[str]:
        """A sum of its own, which is added to the loss."""
        name = f"penalty_{added.block.name}"
        yield self.started(name, loops.Number(name), depth)
        yield from self.weights(added, depth)
        yield self.changed(name, added.formula.write(self.words), depth + 1, "+=")
        yield self.closed(depth)
        yield self.changed("loss", times(added.factor, name), depth, "+=")

    def penalty_slopes(self, added: loops.AddPenaltySlopes, depth: int) -> Iterator[str]:
        """Each slope is added to a derivative."""
        slope = added.formula.write(self.words)
        yield from self.weights(added, depth)
        value = times(added.factor, f"(⟨{slope}⟩)" if added.factor else slope)
        yield self.changed(self.slope(added.block, "i"), value, depth + 1, "+=")
        yield self.closed(depth)

    def weights(self, added: loops.AddPenalty | loops.AddPenaltySlopes, depth: int) -> Iterator[str]:
        """The beginning of a loop over parameters w and their places i."""
        block, place = added.block, "i" if added.count > 1 else "0"
        row, whole = loops.Element(block, place), loops.Number(block.name, ("i",), block)
        weight = row if block.index else whole
        yield self.opened("for", self.places("i", added.count, ""), depth)
        yield self.line(self.declared("w", weight), self.value(weight), depth + 1)

    @abstractmethod
    def slopes(self, block: Block) -> Sequence[str]:
        """The derivatives with respect to a block as arguments that a function changes."""

    def matrix(self, block: Block) -> Sequence[str]:
        """A matrix as arguments."""
        return (block.name,)

    def lent(self, place: str) -> str:
        """A vector that a function changes, as an argument."""
        return self.lends.format(place)

    def element(self, element: loops.Element) -> str:
        """A number of a row of an embedding."""
        return f"{element.block.name}[{self.offset('', element.block, element.place)}]"

    def slope(self, block: Block, place: str) -> str:
        """The derivative with respect to a number of a block, or of a row."""
        return f"slopes[{self.offset(self.first(block), block, place)}]"

    def measured(self, statistic: Block, place: str) -> str:
        """A running statistic among all parameters, as its name is that of the statistic of a batch."""
        return f"{self.parameters}[{self.offset(f'{statistic.start}', statistic, place)}]"

    def offset(self, start: str, block: Block, place: str) -> str:
        """Where a number of a block is, or one of the row that an id selects, behind the place where the block is."""
        width, row = len(block.inputs), block.row if block.index else ""
        parts = [start, f"{width} * {row}" if row and width > 1 else row, place * (place != "0")]
        return " + ".join(filter(None, parts)) or "0"

    def first(self, block: Block) -> str:
        """Where a block begins among all derivatives; nothing at their beginning."""
        return f"{block.start}" if block.start else ""


def times(factor: str, value: str) -> str:
    """A value, times a factor if there is one."""
    return f"{factor}↵* {value}" if factor else value
