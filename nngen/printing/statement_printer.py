"""Writes statements of the source; each language says where it differs."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from nngen.common.nodes import nodes
from nngen.printing.kinds import item, several
from nngen.printing.loop_printer import LoopPrinter
from nngen.printing.statements import in_chunks, missing


class Written(str):
    """Lines that a template laid out."""

    __slots__ = ()


class StatementPrinter(LoopPrinter):
    """The statements of a function."""

    fills: ClassVar[bool] = False
    """Whether the language has an expression for a list of the same values."""
    chunks: ClassVar[bool] = False
    """Whether the language has a loop over the parts of a list."""
    comment: ClassVar[str] = "//"
    """What begins a comment."""
    asks: ClassVar[str] = "if ({})"
    """The head of a condition."""
    grows: ClassVar[str] = "{0} = []"
    """The statement of an empty list: its name {0}, its type {1}, and the type of its items {2}."""
    added: ClassVar[str] = "{0}.push({1})"
    """The statement that appends a value {1} to a list {0}."""
    increments: ClassVar[bool] = True
    """Whether the language has an operator that adds 1."""
    raises: ClassVar[str] = "throw"
    """The word before the error of an argument."""
    results: ClassVar[str] = "[{}]"
    """Several values that a function returns."""
    right: ClassVar[str] = "{}"
    """What a function that may fail returns if it does not: a value, or several."""
    done_well: ClassVar[str] = ""
    """The end of a function that may fail and returns nothing."""
    begins: ClassVar[str] = "{0} = "
    """What stands before the first value of a name {0}."""
    names_typed: ClassVar[bool] = True
    """Whether the type of a new name stands before it."""
    row_form: ClassVar[tuple[str, str]] = "[", "];"
    """What stands before and after the derivatives of an array, which has a type {0}."""
    copies: ClassVar[tuple[str, str]]
    """The same for numbers that become those of an array {0} from the place {1} to below {2}; {3} is how many."""
    filters: ClassVar[bool] = True
    """Whether the places for which a condition holds are an expression."""
    appends: ClassVar[bool] = False
    """Whether each list grows term by term."""
    fails: bool
    """Whether the function may fail."""
    grown: set[str]
    """The lists of the function to which values are appended."""

    @staticmethod
    def noted(text: str, margin: int, /) -> str:
        """A comment after some columns, or tabs, on as many lines as it needs."""
        raise NotImplementedError

    def begun(self, name: str, kind: str) -> str:
        """The text before the first value of a local name."""
        return self.begins.format(self.stated(name, kind))

    @staticmethod
    def array(rows: Iterable[Sequence[str]], opening: str, closing: str, /) -> str:
        """Rows of numbers between two brackets, on as many lines as they need."""
        raise NotImplementedError

    def row_of(self, start: str, names: Sequence[str]) -> str:
        """The statement that gives derivatives to what begins it."""
        opening, closing = (one.format(self.kind("ByInput")) for one in self.row_form)
        return self.step + self.array([names], start + opening, closing)

    def vector_of(self, start: str, name: str) -> str:
        """The same for derivatives that a vector has."""
        return f"{start}{self.local(name)}{self.end}"

    def block(self, body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
        """The lines of statements, with their comments."""
        for statement in body:
            comments = self.function.comments
            above = comments.get(-statement.lineno, "")
            if statement.lineno in self.function.apart:
                yield ""
            if above:
                yield from self.line(depth, self.noted(above, len(self.step) * depth)).split("\n")
            lines = list(self.statement(statement, depth))
            if lines and (beside := comments.get(statement.lineno)):
                lines[0] += f" {self.comment} {beside}"
            yield from lines

    def statement(self, node: ast.stmt, depth: int) -> Iterator[str]:
        """The lines of a statement."""
        match node:
            case ast.Return(value=ast.Call(func=ast.Name(id="filled"), args=[count, ast.Call() as value])) if (
                not self.fills
            ):
                places = ast.Call(ast.Name("range"), [count], [])
                term = ast.ListComp(value, [ast.comprehension(ast.Name("i"), places, [], 0)])
                yield from self.returned(term, depth)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="equations"), args=args)):
                self.kinds.of[name] = "Num"
                yield Written(self.texts[ast.literal_eval(args[0])])
            case ast.Assign(targets=[target], value=ast.Call(func=ast.Name(id="row_of"), args=[place])):
                listed = self.rows[ast.literal_eval(place)]
                start = f"{self.write(target)} = "
                if isinstance(target, ast.Name):
                    self.kinds.of[target.id] = "ByInput"
                    start = self.begun(target.id, "ByInput")
                if isinstance(listed, str):
                    yield self.line(depth, self.vector_of(start, listed))
                else:
                    yield Written(self.row_of(start, listed))
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in self.kinds.of:
                self.kinds.of[name] = self.kinds(value)
                yield from self.declared(name, value, depth)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=ast.expr() as value) if (
                name in self.kinds.of
            ):
                yield from self.rebound(name, value, depth)
                self.kinds.of[name] = ast.unparse(kind)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=ast.expr() as value):
                self.kinds.of[name] = ast.unparse(kind)
                empty = isinstance(value, ast.List) and not value.elts
                yield from self.growing(name, depth) if empty else self.declared(name, value, depth)
            case ast.Assign(targets=[ast.Tuple() as names], value=value):
                self.kinds.unpacked(names, value)
                yield from self.unpacked(names, value, depth)
            case ast.Assign(targets=[target], value=value):
                yield from self.given(self.write(target), self.kinds(target), value, depth)
            case ast.AugAssign(target=target, op=op, value=value):
                yield self.line(depth, f"{self.augmented(target, op, value)}{self.end}")
            case ast.Return(value=ast.Tuple(elts=values)):
                yield from self.given_back(values, depth)
            case ast.Return(value=ast.expr() as value):
                yield from self.returned(value, depth)
            case ast.Break() | ast.Continue():
                yield self.line(depth, f"{ast.unparse(node)}{self.end}")
            case ast.Expr(value=ast.Call(func=ast.Name(id="refuse"), args=[place, expected])):
                yield from self.refused(self.write(place), self.write(expected), depth)
            case ast.Expr(value=ast.Call(func=ast.Name(id="refuse"), args=[place, expected, got])):
                yield from self.refused_but(place, expected, got, depth)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=values, attr="append"), args=[value])):
                yield self.line(depth, f"{self.appended(values, value)}{self.end}")
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=values, attr="extend"), args=[ast.Call() as over])):
                yield from self.extended(values, over, depth)
            case ast.Expr(value=ast.Call(func=ast.Name(id=name)) as call):
                yield from self.done(name, call, depth)
            case ast.If():
                yield from self.condition(node, depth)
            case ast.While(test=test, body=body):
                yield from self.opened(self.loop(test), depth)
                yield from self.block(body, depth + 1)
                yield from self.closed(depth)
            case ast.For(iter=ast.Call(func=ast.Name(id="chunks"))) if not self.chunks:
                yield from self.statement(in_chunks(node), depth)
            case ast.For(target=target, iter=over, body=body):
                self.kinds.loop(target, over)
                yield from self.repeated(target, over, body, depth)
                yield from self.closed(depth)
            case _:
                raise TypeError(self.function.place(node))

    def test(self, test: ast.expr) -> str:
        """The head of a condition."""
        return self.asks.format(self.write(test))

    def condition(self, node: ast.If, depth: int) -> Iterator[str]:
        """The lines of a condition."""
        yield from self.opened(self.test(node.test), depth)
        with self.kinds.where(node.test):
            yield from self.block(node.body, depth + 1)
        other = node.orelse
        while len(other) == 1 and isinstance(other[0], ast.If):
            yield from self.otherwise(f"else {self.test(other[0].test)}", depth)
            yield from self.block(other[0].body, depth + 1)
            other = other[0].orelse
        if other:
            yield from self.otherwise("else", depth)
            yield from self.block(other, depth + 1)
        yield from self.closed(depth)
        if name := missing(node):  # what follows is only for a value that is there
            self.kinds.known(name)

    def declared(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """The lines that state a local name with its first value."""
        kind = self.kinds.of[name]
        match value:
            case ast.ListComp() if self.is_loop(value):
                yield from self.listed(self.local(name), kind, value, depth)
            case ast.IfExp(test=test, body=body, orelse=other) if not self.chooses(value):
                with self.kinds.where(test, holds=False):
                    yield from self.declared(name, other, depth)
                yield from self.opened(self.test(test), depth)
                yield from self.statement(ast.Assign([ast.Name(name)], body), depth + 1)
                yield from self.closed(depth)
            case _:
                yield self.line(depth, f"{self.begun(name, kind)}{self.whole(value, kind)}{self.end}")

    def is_loop(self, value: ast.ListComp) -> bool:
        """Whether a loop fills a list."""
        return not self.filters or not value.generators[0].ifs

    def chooses(self, value: ast.IfExp) -> bool:
        """Whether one of two values is an expression."""
        return bool(self.choices)

    def listed(self, name: str, kind: str, node: ast.ListComp, depth: int) -> Iterator[str]:
        """The lines that state a list, of whose terms only some may be there."""
        generator = node.generators[0]
        if not self.appends and not generator.ifs:
            yield from super().listed(name, kind, node, depth)
            return
        self.kinds(node)
        yield self.line(depth, f"{self.grows.format(name, self.kind(kind), self.kind(item(kind)))}{self.end}")
        yield from self.repeated(generator.target, generator.iter, (), depth)
        for test in generator.ifs:
            yield from self.opened(self.test(test), depth + 1)
        added = self.added.format(name, self.whole(node.elt, item(kind)))
        yield self.line(depth + 1 + len(generator.ifs), f"{added}{self.end}")
        for _ in generator.ifs:
            yield from self.closed(depth + 1)
        yield from self.closed(depth)

    def rebound(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """The lines that give an argument a value that is there."""
        yield self.line(depth, f"{self.begins.format(self.local(name))}{self.write(value)}{self.end}")

    def growing(self, name: str, depth: int) -> Iterator[str]:
        """The lines that state an empty list to which values are appended."""
        self.grown.add(name)
        kinds = map(self.kind, (self.kinds.of[name], item(self.kinds.of[name])))
        yield self.line(depth, f"{self.grows.format(self.local(name), *kinds)}{self.end}")

    def appended(self, values: ast.expr, value: ast.expr) -> str:
        """A value after the last of a list."""
        return self.added.format(self.write(values), self.write(value, depth=2))

    def extended(self, values: ast.expr, over: ast.Call, depth: int) -> Iterator[str]:
        """The lines that append the numbers of a range to a list."""
        call = ast.Call(ast.Attribute(values, "append"), [ast.Name("i")], [])
        yield from self.statement(ast.For(ast.Name("i"), over, [ast.copy_location(ast.Expr(call), over)], []), depth)

    def unpacked(self, names: ast.Tuple, value: ast.expr, depth: int) -> Iterator[str]:
        """The lines that state a name for each result of a call."""
        found = ", ".join(self.local(ast.unparse(one)) for one in names.elts)
        yield self.line(depth, f"{self.begins.format(self.results.format(found))}{self.write(value)}{self.end}")

    def given_back(self, values: Sequence[ast.expr], depth: int) -> Iterator[str]:
        """The lines that return several values."""
        kinds = several(self.function.gives)
        texts = [self.whole(one, kind) for one, kind in zip(values, kinds, strict=True)]
        yield self.line(depth, f"return {self.succeeded(self.results.format(', '.join(texts)))}{self.end}")

    def succeeded(self, text: str) -> str:
        """What a function returns that does not fail."""
        return self.right.format(text) if self.fails else text

    def may_fail(self, value: ast.expr) -> bool:
        """Whether a value is a call that may fail."""
        called = ast.unparse(value.func) if isinstance(value, ast.Call) else ""
        return called in self.made.failing and called != "refuse"

    def refused_but(self, place: ast.expr, expected: ast.expr, got: ast.expr, depth: int) -> Iterator[str]:
        """The lines that refuse an argument, and say what it is instead."""
        said = self.text(f"{ast.literal_eval(expected)}, not {ast.literal_eval(got)}")
        yield from self.refused(self.write(place), said, depth)

    def done(self, name: str, call: ast.Call, depth: int) -> Iterator[str]:
        """The line of a call that gives nothing; none where a language needs no such call."""
        if name in ("equations", "equations_of_slopes"):
            yield Written(self.texts[ast.literal_eval(call.args[name == "equations_of_slopes"])])
        elif name == "set_numbers":
            numbers, start = self.tables[ast.literal_eval(call.args[1])]
            yield from self.line(depth, self.given_numbers(self.write(call.args[0]), numbers, start)).split("\n")
        elif text := self.write(call):
            yield self.line(depth, f"{text}{self.end}")

    def given_numbers(self, params: str, numbers: Sequence[Sequence[str]], start: int) -> str:
        """The statement that gives some numbers to parameters from a place on."""
        count = sum(map(len, numbers))
        return self.array(numbers, *(one.format(params, start, start + count, count) for one in self.copies))

    @property
    def gets_progress(self) -> bool:
        """Whether a callback gets what a training needs to continue."""
        calls = (node for node in nodes(self.function.body) if isinstance(node, ast.Call))
        return any(ast.unparse(one.func) == "callback" and len(one.args) == 4 for one in calls)

    def stated(self, name: str, kind: str) -> str:
        """What stands before the first value of a name."""
        return f"{self.kind(kind)} {self.local(name)}" if self.names_typed else self.local(name)

    def given(self, target: str, kind: str, value: ast.expr, depth: int) -> Iterator[str]:
        """The lines that give another value to a name or a place."""
        if self.appends and isinstance(value, ast.ListComp):
            yield from self.listed(target, kind, value, depth)
        else:
            yield self.line(depth, f"{target} = {self.whole(value, kind)}{self.end}")

    def augmented(self, target: ast.expr, op: ast.operator, value: ast.expr) -> str:
        """A change of a number."""
        if self.increments and isinstance(op, ast.Add) and isinstance(value, ast.Constant) and value.value == 1:
            return f"{self.write(target)}++"
        return f"{self.write(target)} {self.sign(op)}= {self.whole(value, self.kinds(target))}"

    def returned(self, value: ast.expr, depth: int) -> Iterator[str]:
        """The lines that return a value."""
        match value:
            case ast.ListComp() if self.is_loop(value):
                self.kinds.of["found"] = self.function.gives
                yield from self.listed(self.local("found"), self.function.gives, value, depth)
                yield from self.returned(ast.Name("found"), depth)
            case ast.IfExp(test=test, body=body, orelse=other) if not self.chooses(value):
                yield from self.opened(self.test(test), depth)
                yield from self.returned(body, depth + 1)
                yield from self.closed(depth)
                with self.kinds.where(test, holds=False):
                    yield from self.returned(other, depth)
            case _:
                text = self.whole(value, self.function.gives)
                text = text if self.may_fail(value) else self.succeeded(text)
                yield self.line(depth, f"return {text}{self.end}")

    def refused(self, place: str, expected: str, depth: int) -> Iterator[str]:
        """The lines that refuse an argument."""
        yield self.line(depth, f"{self.raises} {self.name('_refused')}({place}, {expected}){self.end}")
