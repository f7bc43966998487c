"""Java: arrays, and matrices as places among all parameters."""

from nngen.plan import Block, loops
from nngen.targets import java
from nngen.targets.compiled import camel
from nngen.targets.equations.arrays import ArrayWriter


class JavaEquations(ArrayWriter):
    """Writes equations in Java."""

    seed_of_example = "seeds == null ? null : seeds[k]"
    laid, renames = staticmethod(java.statement), "{1}[][] {0} = "
    singles = "{1}[] {0} = ", "{{⟨{0}⟩}}"

    @property
    def least(self) -> str:
        """Minus infinity."""
        return f"{self.kind.capitalize()}.NEGATIVE_INFINITY"

    def function(self, name: str) -> str:
        """Names have capital letters inside."""
        return "Math.max" if name == "maximum" else camel(name)

    def zeros(self, value: loops.Value) -> str:
        """An array, whose rows are made later if they begin as biases, or a number."""
        match value:
            case loops.Affine(count, Block(name)):
                return f"Arrays.copyOfRange(⟨params,↵{name},↵{name} + {count}⟩)"
            case loops.Affine(count):
                return f"new {self.kind}[{count}]"
            case loops.Each(_, count, loops.Affine()):
                return f"new {self.kind}[{count}][]"
        if sizes := "".join(f"[{count}]" for count in loops.shape(value)):
            return f"new {self.kind}{sizes}"
        return self.least if isinstance(value, loops.Largest) else "0"

    def first(self, block: Block) -> str:
        """The name of a block is where it begins."""
        return block.name
