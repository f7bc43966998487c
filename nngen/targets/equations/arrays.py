"""Arrays whose types are stated, and matrices as places among all parameters: what Java and C# write alike."""

from typing import TYPE_CHECKING

from nngen.plan import Block, loops
from nngen.targets.compiled import number_type
from nngen.targets.equations.loops import LoopWriter

if TYPE_CHECKING:
    from nngen.targets.page import Page


class ArrayWriter(LoopWriter):
    """Writes equations with arrays."""

    def __init__(self, page: "Page", batch: bool = False) -> None:
        """Write equations with numbers of the page's width."""
        super().__init__(page, batch)
        self.kind = number_type(page.dtype)

    def declared(self, name: str, value: loops.Value, again: bool = False) -> str:
        """A name with its type."""
        return f"{self.kind}{'[]' * len(list(loops.shape(value)))} {name} = "

    def divisor(self, by: int | str) -> str:
        """A whole number is converted."""
        return f"{by}"

    def number(self, number: loops.Number) -> str:
        """What has no array of its own is a part of all parameters."""
        if number.block and number.at and self.is_place(number.block):
            return f"{self.parameters}[{self.offset(number.name, number.block, number.at[0])}]"
        return super().number(number)

    def is_place(self, block: Block) -> bool:
        """Whether the name of a block is where it begins."""
        return True

    def element(self, element: loops.Element) -> str:
        """A number of a row of an embedding."""
        return f"{self.parameters}[{self.offset(self.first(element.block), element.block, element.place)}]"
