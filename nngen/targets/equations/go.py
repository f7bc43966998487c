"""Go: arrays of numbers, slices of them as arguments, and loops over a range."""

from collections.abc import Iterator, Sequence

from nngen.plan import Block, loops
from nngen.targets import go
from nngen.targets.compiled import camel
from nngen.targets.equations.loops import LoopWriter
from nngen.targets.gofmt import spaced


class GoEquations(LoopWriter):
    """Writes equations in Go, as gofmt leaves them."""

    margin, laid = "\t", staticmethod(go.statement)
    least = "Num(math.Inf(-1))"
    heads, ranges, lends = "{} {} {{", "{0} := 0; {0} < {1}; {0}++", "{}[:]"
    seed_of_example = "seedOf(seeds, k)"

    def function(self, name: str) -> str:
        """Names have capital letters inside; numbers and vectors are added by different functions."""
        return camel("add_vector" if name == "add" else name)

    def changed(self, place: str, value: str, depth: int, sign: str = "=") -> str:
        """A product is rounded, as Go may add to it before that."""
        if sign == "*=":
            value, sign = f"{place} * {value}", "="
        return super().changed(spaced(place), value, depth, sign)

    def declared(self, name: str, value: loops.Value, again: bool = False) -> str:
        """The type of a name is that of its value."""
        return f"{name} := "

    def stated(self, name: str, value: str, changed: bool = False) -> str:
        """A constant gets its type."""
        return self.margin + go.assign(value, name)

    def zeros(self, value: loops.Value) -> str:
        """A number, or a slice for all examples."""
        return self.least if isinstance(value, loops.Largest) else "Num(0.0)"

    def started(self, name: str, value: loops.Value, depth: int) -> str:
        """An array, a slice for all examples, or a number."""
        match list(loops.shape(value)):
            case [int(count)]:
                return f"{self.margin * depth}var {name} [{count}]Num"
            case [count, *rest]:
                made = f"make([]{''.join(f'[{one}]' for one in rest)}Num, {count})"
                return f"{self.margin * depth}{name} := {made}"
        return super().started(name, value, depth)

    def single(self, name: str, value: str, depth: int) -> str:
        """An array with a number."""
        return f"{self.margin * depth}{name} := [1]Num{{{spaced(value)}}}"

    def places(self, index: str, count: int | str, over: str) -> str:
        """A range has the places of a vector."""
        return f"{index} := range {over}" if over else super().places(index, count, over)

    def largest(self, value: loops.Largest) -> str:
        """The function takes any count of numbers."""
        return self.called("largest", [f"*{self.vector(value.vector)}"] if value.vector else [])

    def slopes(self, block: Block) -> Sequence[str]:
        """A slice of them."""
        return (go.slice_of(block, "slopes"),)

    def vector(self, vector: loops.Number) -> str:
        """A slice of an array."""
        return vector.name if vector.name in ("losses", "weight") else self.lent(self.number(vector))

    def affine(self, place: str, value: loops.Affine, depth: int, started: bool) -> Iterator[str]:
        """The first call begins with the biases, others go on."""
        start = value.biases.name if value.biases else self.lent(place)
        for block, vector in value.products:
            yield self.call("affine", [self.lent(place), block.name, self.vector(vector), start], depth)
            start = self.lent(place)

    def weights(self, added: loops.AddPenalty | loops.AddPenaltySlopes, depth: int) -> Iterator[str]:
        """A range over the parameters themselves, or over a row of them."""
        block, place = added.block, "i" if isinstance(added, loops.AddPenaltySlopes) else "_"
        values = block.name
        if block.index:
            start = self.offset("", block, "0")
            values = spaced(f"{values}[{start} : {start} + {added.count}]")
        yield self.opened("for", f"{place}, w := range {values}", depth)

    def share(self, depth: int) -> Iterator[str]:
        """Weights whose sum is none are refused."""
        lines = ["all, err := wholeOf(weight)", "if err != nil {", "\treturn 0.0, nil, nil, err", "}"]
        lines += ["for k := range weight {", "\tweight[k] /= all", "}"]
        yield from (self.margin * depth + line for line in lines)
