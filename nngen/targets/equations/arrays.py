"""Matrices as places among all parameters, as Java, C#, Lua and PHP write them, and arrays whose types are stated."""

from collections.abc import Iterator, Sequence

from nngen.plan import Block, loops
from nngen.targets.compiled import number_type
from nngen.targets.equations.loops import LoopWriter


class PlaceWriter(LoopWriter):
    """Writes equations in which a name says where a matrix begins among all parameters."""

    def number(self, number: loops.Number) -> str:
        """What has no array of its own is a part of all parameters."""
        if number.block and number.at and self.is_place(number.block):
            return self.parameter(number.block, self.place(number.at[0]))
        return super().number(number)

    def is_place(self, block: Block) -> bool:
        """Whether the name of a block is where it begins."""
        return True

    def element(self, element: loops.Element) -> str:
        """A number of a row of an embedding."""
        return self.parameter(element.block, element.place)

    def parameter(self, block: Block, place: str) -> str:
        """A number of a block."""
        return f"{self.parameters}[{self.offset(self.first(block), block, place)}]"

    def matrix(self, block: Block) -> Sequence[str]:
        """All parameters, and where those of the block begin."""
        return self.parameters, self.first(block)

    def slopes(self, block: Block) -> Sequence[str]:
        """All derivatives, and where those by the block begin."""
        return "slopes", self.first(block) or "0"

    def affine(self, place: str, value: loops.Affine, depth: int, started: bool) -> Iterator[str]:
        """The biases, to which products are added."""
        if not started:
            yield self.changed(place, self.zeros(value), depth)
        for block, vector in value.products:
            yield self.call("add_rows", [place, *self.matrix(block), self.vector(vector)], depth)

    def share(self, depth: int) -> Iterator[str]:
        """Each weight is divided."""
        yield self.line(self.declared("whole", loops.Number("whole")), self.called("whole_of", ["weight"]), depth)
        yield from self.loop("k", "count", lambda deep: [self.changed("weight[k]", "whole", deep, "/=")], depth)


class ArrayWriter(PlaceWriter):
    """Writes equations with arrays."""

    number_type = staticmethod(number_type)

    def declared(self, name: str, value: loops.Value, again: bool = False) -> str:
        """A name with its type."""
        return f"{self.kind}{'[]' * len(list(loops.shape(value)))} {name} = "

    def divisor(self, by: int | str) -> str:
        """A whole number is converted."""
        return f"{by}"
