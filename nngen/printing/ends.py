"""Writes functions of the source in a language whose blocks end with ``end``, and whose lists count from 1."""

import ast
from collections.abc import Iterator, Sequence
from typing import ClassVar

from nngen.common.nodes import nodes
from nngen.printing.expressions import unless_there
from nngen.printing.kinds import is_list, item, optional
from nngen.printing.operators import AND, ATOM, OR, SUM
from nngen.printing.printer import Printer
from nngen.printing.program import Function


class EndPrinter(Printer):
    """Statements without types, braces and semicolons."""

    end, asks, repeats, endless, results = "", "if {} then", "while {} do", "while true do", "{}"
    words: ClassVar[frozenset[str]]
    """The words of the language."""
    started: ClassVar[str] = "{0} = {1}"
    """How a local name gets its first value."""
    empty: ClassVar[str] = "[]"
    """A list without items."""

    def definition(self, function: Function) -> str:
        """A function; the places of its lists count from 0 in the source."""
        self.from_one: set[str] = set()
        self.names_called = {
            self.called_as(node.func.id)
            for node in nodes(function.body)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        return super().definition(function)

    def called_as(self, name: str) -> str:
        """What stands before the arguments of a call."""
        return self.calls[name].partition("(")[0] if name in self.calls else self.name(name)

    def local(self, name: str) -> str:
        """A name that is no word of the language, and that hides nothing that the function calls."""
        return f"{name}_" if name in self.names_called or name in self.words else name

    def counted(self, name: str, first: str, last: str, by: str = "") -> str:
        """A loop over whole numbers up to the last one."""
        return f"for {name} = {first}, {last}{by and f', {by}'} do"

    def over(self, name: str, values: str) -> str:
        """The head of a loop over values."""
        return self.numbered("_", name, values)

    def statement(self, node: ast.stmt, depth: int) -> Iterator[str]:
        """There is no ``+=``."""
        match node:
            case ast.AugAssign(target=target, op=op, value=value):
                changed = ast.BinOp(ast.parse(ast.unparse(target), mode="eval").body, op, value)
                yield from self.given(self.write(target), self.kinds(target), changed, depth)
            case _:
                yield from super().statement(node, depth)

    def opened(self, head: str, depth: int) -> Iterator[str]:
        """A head says itself that a block begins."""
        yield self.line(depth, head)

    def otherwise(self, head: str, depth: int) -> Iterator[str]:
        """The line between two blocks."""
        yield self.line(depth, head.replace("else if", "elseif"))

    def closed(self, depth: int) -> Iterator[str]:
        """The line that ends a block."""
        yield self.line(depth, "end")

    def stated(self, name: str, kind: str) -> str:
        """A name has no type."""
        return self.started.partition(" = ")[0].format(self.local(name))

    def expression(self, node: ast.expr, depth: int) -> tuple[str, int]:
        """A name that counts from 1 is one more than in the source."""
        match node:
            case ast.IfExp(test=test, body=body, orelse=other) if not unless_there(test):
                return self.choice(self.write(test, AND), self.write(body, AND), self.write(other, OR)), OR
            case ast.Name(id=name) if name in self.from_one:
                return f"{self.local(name)} - 1", SUM
            case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper)):
                first = self.write(plus(lower or ast.Constant(0), 1))
                return self.part(
                    self.kinds(value), self.write(value, ATOM), first, self.write(upper) if upper else ""
                ), ATOM
        return super().expression(node, depth)

    def index(self, place: ast.expr, depth: int) -> str:
        """A place is one more than in the source."""
        if isinstance(place, ast.Name) and place.id in self.from_one:
            return self.local(place.id)
        return self.write(plus(place, 1), depth=depth)

    def places_of(self, name: str, args: Sequence[ast.expr], body: Sequence[ast.AST]) -> str:
        """The head of a loop over whole numbers; one whose names are all places of lists counts from 1."""
        first, last = (ast.Constant(0), args[0]) if len(args) == 1 else args[:2]
        step = self.write(args[2]) if len(args) == 3 else ""
        self.from_one.discard(name)
        numbers = first, plus(last, -1)
        if not step and only_places(name, body):
            self.from_one.add(name)
            numbers = plus(first, 1), last
        return self.counted(self.local(name), self.write(numbers[0]), self.write(numbers[1]), step)

    def repeated(self, target: ast.expr, over: ast.expr, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """The lines of a loop but the last."""
        match over, target:
            case ast.Call(func=ast.Name(id="range"), args=args), ast.Name(id=name):
                yield from self.opened(self.places_of(name, args, body), depth)
            case ast.Call(func=ast.Name(id="enumerate"), args=[values]), ast.Tuple(elts=[ast.Name(id=place), value]):
                self.from_one.add(place)
                yield from self.opened(self.numbered(self.local(place), self.write(value), self.write(values)), depth)
            case ast.Tuple(elts=items), ast.Name(id=name):
                self.from_one.discard(name)
                listed = self.items(self.kinds.of[name], list(map(self.write, items)))
                yield from self.opened(self.over(self.local(name), listed), depth)
            case _, ast.Name(id=name):
                self.from_one.discard(name)
                yield from self.opened(self.over(self.local(name), self.write(over)), depth)
            case _:
                raise TypeError(self.function.place(over))
        yield from self.block(body, depth + 1)

    def numbered(self, place: str, value: str, values: str) -> str:
        """The head of a loop over places and values."""
        raise NotImplementedError

    def declared(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """A list has a loop; a choice that may be false has a condition."""
        kind = self.kinds.of[name]
        match value:
            case ast.Call(func=ast.Name(id="list"), args=[ast.Call(func=ast.Name(id="range")) as places]):
                at = ast.Name("i")
                yield from self.listed(
                    self.local(name), kind, ast.ListComp(at, [ast.comprehension(at, places, [], 0)]), depth
                )
            case _:
                yield from super().declared(name, value, depth)

    def is_loop(self, value: ast.ListComp) -> bool:
        """Each list has a loop."""
        return True

    def chooses(self, value: ast.IfExp) -> bool:
        """The first of two values of an expression cannot be false."""
        return self.certainly_true(value.body)

    def certainly_true(self, node: ast.expr) -> bool:
        """Whether a value cannot be false or missing, as numbers, texts and lists."""
        kind = self.kinds(node)
        return kind not in ("bool", "None") and not optional(kind)

    def listed(self, name: str, kind: str, node: ast.ListComp, depth: int) -> Iterator[str]:
        """The lines that state a list with a term for each place or item of another one."""
        self.kinds(node)
        generator = node.generators[0]
        yield self.line(depth, self.started.format(name, self.empty))
        match generator.iter, generator.target:
            case ast.Call(func=ast.Name(id="range"), args=args), ast.Name(id=at):
                yield from self.opened(self.places_of(at, args, [node.elt, *generator.ifs]), depth)
                place = self.index(ast.Name(at), depth)
            case values, ast.Name(id=value):
                self.from_one.discard(value)
                yield from self.opened(self.numbered("i", self.local(value), self.write(values)), depth)
                place = "i"
        if generator.ifs:
            yield from self.opened(self.test(generator.ifs[0]), depth + 1)
            yield self.line(depth + 2, self.added.format(name, self.write(node.elt)))
            yield from self.closed(depth + 1)
        else:
            yield self.line(depth + 1, f"{name}[{place}] = {self.whole(node.elt, item(kind))}")
        yield from self.closed(depth)

    def growing(self, name: str, depth: int) -> Iterator[str]:
        """An empty list to which values are added."""
        yield self.line(depth, self.started.format(self.local(name), self.empty))

    def unpacked(self, names: ast.Tuple, value: ast.expr, depth: int) -> Iterator[str]:
        """A name for each result of a call, up to the last one that is read."""
        given = [ast.unparse(one) for one in names.elts]
        while given[-1] == "_":
            given.pop()
        yield self.line(depth, self.started.format(", ".join(map(self.local, given)), self.write(value)))

    def part(self, kind: str, value: str, first: str, last: str) -> str:
        """A part of a list or of a text."""
        return (self.part_of_list if is_list(kind) else self.part_of_text)(value, first, last)

    def part_of_list(self, value: str, first: str, last: str) -> str:
        """A part of a list, from a place that counts from 1 to another one."""
        raise NotImplementedError

    def part_of_text(self, value: str, first: str, last: str) -> str:
        """The same of a text."""
        raise NotImplementedError


def plus(node: ast.expr, more: int) -> ast.expr:
    """A whole number and one more, or one less."""
    match node:
        case ast.Constant(value=int(value)):
            return ast.Constant(value + more)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=ast.Constant(value=int(value))):
            total = more + (value if isinstance(op, ast.Add) else -value)
            return plus(left, total) if total else left
        case ast.BinOp(left=ast.Constant(value=int(value)), op=ast.Add() as op, right=right):
            return ast.BinOp(ast.Constant(value + more), op, right)
    return ast.BinOp(node, ast.Add() if more > 0 else ast.Sub(), ast.Constant(abs(more)))


def only_places(name: str, body: Sequence[ast.AST]) -> bool:
    """Whether a name is nothing but the place of a value in a list."""
    there = nodes(body)
    uses = sum(isinstance(node, ast.Name) and node.id == name for node in there)
    return uses == sum(
        isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name) and node.slice.id == name for node in there
    )
