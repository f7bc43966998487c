"""C#: arrays, and matrices as places among all parameters."""

from collections.abc import Iterator

from nngen.plan import Block, loops
from nngen.targets import csharp
from nngen.targets.equations.arrays import ArrayWriter


class CSharpEquations(ArrayWriter):
    """Writes equations in C#."""

    parameters = "parameters"
    laid = staticmethod(csharp.statement)
    seed_of_example = "seeds?[k]"

    @property
    def least(self) -> str:
        """Minus infinity."""
        return f"{self.kind}.NegativeInfinity"

    def function(self, name: str) -> str:
        """Names begin with a capital letter."""
        return csharp.pascal(name)

    def zeros(self, value: loops.Value) -> str:
        """An array, or rows, which are made later if they are products, or a number."""
        match list(loops.shape(value)):
            case [count]:
                return f"new {self.kind}[{count}]"
            case [count, width]:
                made_later = isinstance(value, loops.Each) and self.inline(value.value)
                return f"new {self.kind}[{count}][]" if made_later else f"Rows({count}, {width})"
        return self.least if isinstance(value, loops.Largest) else "0"

    def single(self, name: str, value: str, depth: int) -> str:
        """An array with a number."""
        return self.margin * depth + csharp.single(value, name, self.kind)

    def opened(self, word: str, head: str, depth: int) -> str:
        """A brace has a line of its own."""
        return f"{self.margin * depth}{word} ({head})\n{self.margin * depth}{{"

    def otherwise(self, depth: int) -> str:
        """Both braces have lines of their own."""
        return "\n".join(f"{self.margin * depth}{part}" for part in ("}", "else", "{"))

    def inline(self, value: loops.Value) -> bool:
        """Products of matrices are a function."""
        return isinstance(value, loops.Affine) or super().inline(value)

    def value(self, value: loops.Value) -> str:
        """Products are added to biases, if there are any."""
        match value:
            case loops.Affine(count, biases, products):
                text = biases.name if biases else f"new {self.kind}[{count}]"
                for block, vector in products:
                    text = self.called("affine", [*self.matrix(block), self.vector(vector), text])
                return text
        return super().value(value)

    def is_place(self, block: Block) -> bool:
        """Only a matrix; vectors are arrays."""
        return block.matrix

    def first(self, block: Block) -> str:
        """Only a matrix has a name for where it begins."""
        return block.name if block.matrix else super().first(block)

    def share(self, depth: int) -> Iterator[str]:
        """Each weight is divided."""
        yield self.line(f"{self.kind} whole = ", "WholeOf(weight)", depth)
        yield self.changed("weight", "Array.ConvertAll(weight, one => one / whole)", depth)

    def targets(self, name: str, depth: int) -> Iterator[str]:
        """The name that the loss uses."""
        if name != "y":
            yield self.line(f"IReadOnlyList<{self.kind}[]> {name} = ", "ys", depth)
