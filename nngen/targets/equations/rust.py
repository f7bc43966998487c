"""Rust: arrays that functions of a place make, and references to them."""

from collections.abc import Iterator, Sequence

from nngen.plan import Block, loops
from nngen.targets import rust
from nngen.targets.equations.loops import LoopWriter


class RustEquations(LoopWriter):
    """Writes equations in Rust, as rustfmt leaves them."""

    ranges, lends = "{0} in 0..{1}", "&mut {}"
    heads, laid, number_type = "{} {} {{", staticmethod(rust.statement), staticmethod(rust.number_type)
    singles, renames = ("let {0} = ", "[⟨{0}⟩]"), "let {} = "
    seed_of_example = "seeds.map(⟨|seeds| seeds[k]⟩)"

    def declared(self, name: str, value: loops.Value, again: bool = False) -> str:
        """A name; arrays have a type, unless they begin as zeros."""
        match list(loops.shape(value)):
            case [int(count)] if not again and not isinstance(value, loops.Same):
                name += f": [{self.kind}; {count}]"
            case [_, count] if not again and not isinstance(value, loops.Same):
                name += f": Vec<[{self.kind}; {count}]>"
        return f"let {'mut ' * again}{name} = "

    def zeros(self, value: loops.Value) -> str:
        """Zeros in arrays, and in a list for all examples."""
        zeros = "0.0"
        for count in reversed(list(loops.shape(value))):
            zeros = f"{'vec!' * (count == 'count')}[{zeros}; {count}]"
        return zeros

    def multiplied(self, name: str, factor: str, depth: int) -> str:
        """An argument does not change."""
        return self.line(f"let {name} = ", f"{name}↵* {factor}", depth)

    def listed(self, terms: Sequence[str]) -> Sequence[str]:
        """An array."""
        return [f"&[⟨{',↵'.join(terms)}⟩]"]

    def inline(self, value: loops.Value) -> bool:
        """All but what a function adds to, and sums of an example."""
        match value:
            case loops.Columns() | loops.Grown() | loops.Each(_, _, loops.Columns() | loops.Grown()):
                return False
            case loops.Total() | loops.Divided(loops.Total()):
                return self.batch
        return True

    def value(self, value: loops.Value) -> str:
        """Functions of a place in place of loops."""
        match value:
            case loops.Same(name, shape):
                return name + ".clone()" * (len(shape) > 1)
            case loops.Each("k", count, inner):
                return f"list(⟨{count},↵|k| {self.value(inner)}⟩)"
            case loops.Each(index, _, inner):
                return f"from_fn(⟨|{index}| {self.value(inner)}⟩)"
            case loops.Total(index, count, inner):
                return f"total_of(⟨{count},↵|{index}| {self.value(inner)}⟩)"
            case loops.Largest(_, count, inner) if not value.vector:
                return f"largest(⟨&from_fn::<{self.kind}, {count}, _>(⟨|i| {self.value(inner)}⟩)⟩)"
            case loops.InTraining(loops.Divided(inner, by), statistic, place):
                other = f"{statistic.name}[{place}]" if statistic else "0.0"
                return f"choose(⟨training,↵{self.value(inner)} / {by},↵{other}⟩)"
            case loops.Affine(count, biases, products):
                text = biases.name if biases else f"&[0.0; {count}]"
                for block, vector in products[:-1]:
                    text = f"&{self.called(f'affine::<{count}>', [block.name, self.vector(vector), text])}"
                block, vector = products[-1]
                return self.called("affine", [block.name, self.vector(vector), text])
        return super().value(value)

    def slopes(self, block: Block) -> Sequence[str]:
        """A slice of them."""
        return (f"&mut {rust.slice_of(block, 'slopes')}",)

    def vector(self, vector: loops.Number) -> str:
        """A reference, which the inputs and the targets are already."""
        given = not vector.at and vector.name in ("x", "y", self.page.plan.output.name_of("y"))
        return vector.name if given else f"&{self.number(vector)}"

    def share(self, depth: int) -> Iterator[str]:
        """Each weight is divided."""
        yield f"{self.margin * depth}let all = whole_of(&weight)?;"
        yield f"{self.margin * depth}let weight = list(count, |k| weight[k] / all);"
