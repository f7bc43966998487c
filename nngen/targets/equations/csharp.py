"""C#: arrays, matrices as places among all parameters, and functions of a place over a batch."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nngen.plan import Block, loops
from nngen.targets import csharp
from nngen.targets.compiled import number_type
from nngen.targets.equations.loops import LoopWriter, times

if TYPE_CHECKING:
    from nngen.targets.page import Page


class CSharpEquations(LoopWriter):
    """Writes equations in C#."""

    parameters = "parameters"
    seed_of_example = "seeds?[k]"

    def __init__(self, page: "Page", batch: bool = False) -> None:
        """Write equations with numbers of the page's width."""
        super().__init__(page, batch)
        self.kind = number_type(page.dtype)

    def function(self, name: str) -> str:
        """Names begin with a capital letter."""
        return csharp.pascal(name)

    def line(self, start: str, value: str, depth: int) -> str:
        """A statement with a semicolon."""
        return self.margin * depth + csharp.statement(value, start, 4 * depth)

    def declared(self, name: str, value: loops.Value, again: bool = False) -> str:
        """A name with its type."""
        return f"{self.kind}{'[]' * len(list(loops.shape(value)))} {name} = "

    def zeros(self, value: loops.Value) -> str:
        """An array, or rows, or a number."""
        match list(loops.shape(value)):
            case [count]:
                return f"new {self.kind}[{count}]"
            case [count, width]:
                return f"Rows({count}, {width}, (k, i) => 0)"
        return "0"

    def single(self, name: str, value: str, depth: int) -> str:
        """An array with a number."""
        return self.margin * depth + csharp.single(value, name, self.kind)

    def divisor(self, by: int | str) -> str:
        """A whole number is converted."""
        return f"{by}"

    def opened(self, word: str, head: str, depth: int) -> str:
        """A brace has a line of its own."""
        return f"{self.margin * depth}{word} ({head})\n{self.margin * depth}{{"

    def inline(self, value: loops.Value) -> bool:
        """Over a batch, all but what a function adds to; an example has loops, which are faster."""
        match value:
            case loops.Columns() | loops.Each(_, _, loops.Columns()):
                return False
            case loops.Affine() | loops.Largest():
                return True
        return self.batch or super().inline(value)

    def value(self, value: loops.Value) -> str:
        """Functions of a place in place of loops."""
        match value:
            case loops.Each("k", count, loops.Each("i", width, inner)):
                return f"Rows(⟨{count},↵{width},↵(k, i) =>↳{self.value(inner)}⟩)"
            case loops.Each(index, count, inner) | loops.Total(index, count, inner):
                name = "Each" if isinstance(value, loops.Each) else "TotalOf"
                return f"{name}(⟨{count},↵{index} =>↳{self.value(inner)}⟩)"
            case loops.InTraining(loops.Divided(inner, by), statistic, place):
                other = self.measured(statistic, place) if statistic else "0"
                return f"training↵? {self.value(inner)} / {by}↵: {other}"
            case loops.Affine(count, biases, products):
                text = biases.name if biases else f"new {self.kind}[{count}]"
                for block, vector in products:
                    text = self.called("affine", [*self.matrix(block), self.vector(vector), text])
                return text
            case loops.Largest(_, count, inner) if not value.vector:
                return self.called("largest", [self.value(loops.Each("i", count, inner))])
        return super().value(value)

    def element(self, element: loops.Element) -> str:
        """A number of a row of an embedding."""
        return f"parameters[{self.offset(self.first(element.block), element.block, element.place)}]"

    def slopes(self, block: Block) -> Sequence[str]:
        """All derivatives, and where those by the block begin: only a matrix has a name for this."""
        return "slopes", block.name if block.matrix else f"{block.start}"

    def affine(self, place: str, value: loops.Affine, depth: int, started: bool) -> Iterator[str]:
        """An expression."""
        yield self.changed(place, self.value(value), depth)

    def penalty(self, added: loops.AddPenalty, depth: int) -> Iterator[str]:
        """A function computes the term of a parameter."""
        start = self.offset(self.first(added.block), added.block, "0")
        total = f"SumOf(⟨parameters,↵{start}, {added.count},↵w =>↳{added.formula.write(self.words)}⟩)"
        yield self.changed("loss", times(added.factor, total), depth, "+=")

    def penalty_slopes(self, added: loops.AddPenaltySlopes, depth: int) -> Iterator[str]:
        """A function computes the slope at a parameter."""
        block, slope = added.block, added.formula.write(self.words)
        value = times(added.factor, f"(⟨{slope}⟩)" if added.factor else slope)
        given = ["slopes", "parameters", f"{block.start}, {block.size}", f"w =>↳{value}"]
        yield self.call("add_slopes", given, depth)

    def share(self, depth: int) -> Iterator[str]:
        """Each weight is divided."""
        yield self.line(f"{self.kind} whole = ", "WholeOf(weight)", depth)
        yield self.changed("weight", "Array.ConvertAll(weight, one => one / whole)", depth)

    def targets(self, name: str, depth: int) -> Iterator[str]:
        """The name that the loss uses."""
        if name != "y":
            yield self.line(f"IReadOnlyList<{self.kind}[]> {name} = ", "ys", depth)
