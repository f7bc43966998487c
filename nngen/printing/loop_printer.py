"""Writes blocks and loops of the source; each language says where it differs."""

import ast
from collections.abc import Iterator, Sequence
from typing import ClassVar

from nngen.printing.expressions import Expressions
from nngen.printing.kinds import item
from nngen.printing.operators import SUM
from nngen.printing.statements import with_place


class LoopPrinter(Expressions):
    """Blocks, and loops over numbers and items."""

    step: ClassVar[str] = "    "
    """A step of the margin."""
    end: ClassVar[str] = ";"
    """The end of a statement."""
    repeats: ClassVar[str] = "while ({})"
    """The head of a loop that goes on while a condition holds."""
    endless: ClassVar[str] = "while (true)"
    """The head of a loop that only its body ends."""
    counts: ClassVar[str] = "for (int {0} = {1}; {0} < {2}; {3})"
    """The head of a loop over whole numbers from {1} to below {2}, with its step."""
    walks: ClassVar[str] = "for ({0} {1} : {2})"
    """The head of a loop over the items {1} of a list {2}, which have a type {0}."""
    pairs: ClassVar[str] = ""
    """The head of a loop over the places {0} and the items {1} of a list {2}; without it, items are asked for."""

    def line(self, depth: int, text: str) -> str:
        """A line with its margin."""
        return f"{self.step * depth}{text}"

    def opened(self, head: str, depth: int) -> Iterator[str]:
        """The line that begins a block."""
        yield self.line(depth, f"{head} {{")

    def otherwise(self, head: str, depth: int) -> Iterator[str]:
        """The line between two blocks."""
        yield self.line(depth, f"}} {head} {{")

    def closed(self, depth: int) -> Iterator[str]:
        """The line that ends a block."""
        yield self.line(depth, "}")

    def loop(self, test: ast.expr) -> str:
        """The head of a loop that goes on while a condition holds."""
        return self.endless if isinstance(test, ast.Constant) else self.repeats.format(self.write(test))

    def repeated(self, target: ast.expr, over: ast.expr, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """The lines of a loop but the last."""
        match over, target:
            case ast.Call(func=ast.Name(id="range"), args=args), ast.Name(id=name):
                yield from self.opened(self.counted(self.local(name), *self.bounds(args)), depth)
                yield from self.block(body, depth + 1)
            case ast.Call(func=ast.Name(id="enumerate"), args=[values]), ast.Tuple(elts=names) if self.pairs:
                both = [self.local(ast.unparse(one)) for one in names]
                yield from self.opened(self.pairs.format(*both, self.write(values)), depth)
                yield from self.block(body, depth + 1)
            case ast.Call(func=ast.Name(id="enumerate"), args=[values]), ast.Tuple(elts=[ast.Name(id=place), value]):
                count = self.length(values)
                yield from self.opened(self.counted(self.local(place), "0", count, ""), depth)
                used = with_place(body, ast.unparse(value), values, place)
                yield from self.block(used, depth + 1)
            case _, ast.Name(id=name):
                yield from self.opened(self.each(self.local(name), self.kinds.of[name], over), depth)
                yield from self.block(body, depth + 1)
            case _:
                raise TypeError(self.function.place(over))

    def bounds(self, args: Sequence[ast.expr]) -> tuple[str, str, str]:
        """The first number, the end and the step of a range; the end is compared."""
        first, last = ("0", args[0]) if len(args) == 1 else (self.write(args[0]), args[1])
        return first, self.write(last, SUM, 2), self.write(args[2]) if len(args) == 3 else ""

    def length(self, values: ast.expr) -> str:
        """How many items a list has."""
        return self.call("len", [values], 1)

    def counted(self, name: str, first: str, last: str, by: str) -> str:
        """The head of a loop over whole numbers."""
        return self.counts.format(name, first, last, f"{name} += {by}" if by else f"{name}++")

    def each(self, name: str, kind: str, over: ast.expr) -> str:
        """The head of a loop over the items of a list."""
        items = [self.write(one, depth=2) for one in over.elts] if isinstance(over, ast.Tuple) else []
        return self.walks.format(self.kind(kind), name, self.items(kind, items) if items else self.write(over))

    def listed(self, name: str, kind: str, node: ast.ListComp, depth: int) -> Iterator[str]:
        """The lines that state a list with a term for each place or item of another one."""
        self.kinds(node)
        generator = node.generators[0]
        match generator.iter, generator.target:
            case ast.Call(func=ast.Name(id="range"), args=[count]), ast.Name(id=place):
                term, size, value = node.elt, self.write(count, depth=2), ""
            case values, ast.Name(id=value):
                place, size, term = "i", self.length(values), node.elt
                self.kinds.of[place] = "int"
                if not self.pairs:
                    (term,) = with_place([node.elt], value, values, place)
        yield self.line(depth, f"{self.begun(name, kind)}{self.sized(item(kind), size)}{self.end}")
        if value and self.pairs:
            yield from self.opened(self.pairs.format(place, self.local(value), self.write(values)), depth)
        else:
            yield from self.opened(self.counted(self.local(place), "0", size, ""), depth)
        yield self.line(depth + 1, f"{name}[{self.local(place)}] = {self.whole(term, item(kind))}{self.end}")
        yield from self.closed(depth)

    def begun(self, name: str, kind: str) -> str:
        """The text before the first value of a local name."""
        raise NotImplementedError

    def block(self, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """The lines of statements, with their comments."""
        raise NotImplementedError
