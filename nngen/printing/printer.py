"""Writes functions of the source in a language with braces; each language says where it differs."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from nngen.common.nodes import nodes
from nngen.common.text import columns
from nngen.printing.brackets import opening, separated
from nngen.printing.expressions import SUM, Expressions
from nngen.printing.front import changes
from nngen.printing.kinds import Kinds, item
from nngen.printing.program import Function
from nngen.printing.stated import Constant, Field, Record
from nngen.printing.statements import changed, in_chunks, missing, with_place


class Written(str):
    """Lines that a template laid out."""

    __slots__ = ()


class Printer(Expressions):
    """The statements of a function, and its head."""

    nested: ClassVar[str] = "{{{}}}"
    """A list within a list of constants."""

    step: ClassVar[str] = "    "
    """A step of the margin."""
    fills: ClassVar[bool] = False
    """Whether the language has an expression for a list of the same values."""
    chunks: ClassVar[bool] = False
    """Whether the language has a loop over the parts of a list."""
    width: ClassVar[int] = 100
    """Columns of a line."""
    last_comma: ClassVar[str] = ""
    """What stands after the last argument if each has its own line."""
    hanging: ClassVar[bool] = False
    """Whether the bracket that closes such arguments stands after the last one."""
    lists_texts: ClassVar[bool] = False
    """Whether its table of ids has only columns whose ids are texts."""
    end: ClassVar[str] = ";"
    """The end of a statement."""
    comment: ClassVar[str] = "//"
    """What begins a comment."""
    asks: ClassVar[str] = "if ({})"
    """The head of a condition."""
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
    grows: ClassVar[str] = "{0} = []"
    """The statement of an empty list: its name {0}, its type {1}, and the type of its items {2}."""
    added: ClassVar[str] = "{0}.push({1})"
    """The statement that appends a value {1} to a list {0}."""
    results: ClassVar[str] = "return [{}]"
    """The statement that returns several values."""
    subjects: ClassVar[Sequence[str]] = ()
    """Modules of the source whose functions the language has in its own runtime file."""

    @staticmethod
    def documented(text: str, /) -> str:
        """A documentation comment."""
        raise NotImplementedError

    @staticmethod
    def noted(text: str, margin: int, /) -> str:
        """A comment after some columns, or tabs, on as many lines as it needs."""
        raise NotImplementedError

    @staticmethod
    def laid(value: str, start: str, margin: int, /) -> str:
        """A statement after some columns, or tabs: its expression with marks, and what stands before it."""
        raise NotImplementedError

    @classmethod
    def has(cls, function: Function) -> bool:
        """Whether the language has a function of the source itself."""
        return function.name in cls.calls or function.module in cls.subjects

    def definition(self, function: Function) -> str:
        """The text of a function, with its comment."""
        self.function, self.kinds = function, Kinds(self.program, function)
        self.fails, self.grown = function.name in self.made.failing, set[str]()
        functions = {**self.program.known, **self.made.known}
        self.changed = changed(function.body)
        self.filled = changes(function, functions, self.made.changed)
        lines = self.block(function.body, 1)
        body = [part for line in lines for part in ([line] if isinstance(line, Written) else self.broken(line))]
        return "\n".join([self.head(function), *body, *self.closed(0)])

    def constant_of(self, one: Constant) -> str:
        """The text of a constant, with its comment; a table may have only the columns with texts."""
        if self.lists_texts and one.table:
            says = one.says.replace(", or how many there are if they are", "; other ids are")
            one = replace(one, says=says, table=[column for column in one.table if column[2]])
            if not one.table:
                return ""
        return f"{self.documented(self.worded_names(one.says))}\n{self.valued(one)}"

    def valued(self, one: Constant) -> str:
        """The statement of a constant."""
        raise NotImplementedError

    def begun(self, name: str) -> str:
        """What stands before the value of a local name that has derivatives."""
        return f"{self.stated(name, 'ByInput')} = "

    def row_of(self, start: str, names: Sequence[str]) -> str:
        """The statement that gives derivatives to what begins it."""
        raise NotImplementedError

    def vector_of(self, start: str, name: str) -> str:
        """The same for derivatives that a vector has."""
        return f"{start}{self.local(name)}{self.end}"

    def cells(self, one: Constant) -> list[str]:
        """The cells of a row as code."""
        values = map(ast.literal_eval, one.values)
        return [
            self.cell(None if v is None else self.text(v) if isinstance(v, str) else repr(float(v)), v) for v in values
        ]

    def cell(self, written: str | None, value: object) -> str:
        """A cell of a row: a text, a number or nothing."""
        return self.none if written is None else written

    def record_of(self, one: Record) -> str:
        """The type of a record, with its comments, and what makes a record of it."""
        raise NotImplementedError

    def said_of(self, one: Record | Field, none: str = "") -> str:
        """What the comment of a record or a field says, with the words of the language."""
        text = re.sub(r"\bNone\b", none or self.none, one.says)
        return re.sub(r"`(\w+)`", lambda found: f"`{self.name(found[1])}`", text)

    def starting(self, field: Field) -> str:
        """What a new record has in a field, or in each place of an array there, as code."""
        self.function = self.program.known["init_state"]
        self.kinds = Kinds(self.program, self.function)
        return self.passed(ast.parse(field.start, mode="eval").body, "Num" if field.kind == "Kept" else field.kind, 1)

    def listed_values(self, one: Constant) -> list[list[str]]:
        """The values of a constant as code, row by row."""
        if one.kind == "Texts":
            return [[*map(self.text, row)] for row in one.rows]
        if one.kind == "list[list[int]]":
            lists = (", ".join(self.constants.get(word, word) for word in row.split()) for row in one.values)
            return [[self.nested.format(row)] for row in lists]
        return [[*row] for row in one.rows]

    def broken(self, line: str) -> list[str]:
        """A line, or several if it is too long; one with a formula breaks where its marks allow it."""
        found = re.fullmatch(r"(\s*)(return |.*? [-+:]?= |)(.*)", line.removesuffix(self.end))
        if not found or not re.search("[⟨⟦↵]", line) or line.lstrip().startswith(self.comment):
            return self.fitted(line)
        margin, start, value = found.groups()
        return (margin + self.laid(value, start, len(margin))).split("\n")

    def fitted(self, line: str) -> list[str]:
        """A line, or, if it is too long and ends with a call, several: the arguments stand on their own lines."""
        written = line.expandtabs(4)
        place = opening(line.removesuffix(self.end))
        if columns(written) <= self.width or place < 0 or not line.endswith(self.end):
            return [line]
        margin = line[: len(line) - len(line.lstrip())]
        given = line.removesuffix(self.end)[place + 1 : -1]
        together = f"{margin}{self.step}{given}{self.last_comma}"
        some = [given] if columns(together.expandtabs(4)) <= self.width else separated(given)
        inner = [f"{margin}{self.step}{one}," for one in some]
        inner[-1] = inner[-1].removesuffix(",") + self.last_comma
        if self.hanging:
            return [line[: place + 1], *inner[:-1], f"{inner[-1]}){self.end}"]
        return [line[: place + 1], *inner, f"{margin}){self.end}"]

    def head(self, function: Function) -> str:
        """The comment and the head of a function."""
        raise NotImplementedError

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

    def line(self, depth: int, text: str) -> str:
        """A line with its margin."""
        return f"{self.step * depth}{text}"

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
                    start = self.begun(target.id)
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

    def opened(self, head: str, depth: int) -> Iterator[str]:
        """The line that begins a block."""
        yield self.line(depth, f"{head} {{")

    def otherwise(self, head: str, depth: int) -> Iterator[str]:
        """The line between two blocks."""
        yield self.line(depth, f"}} {head} {{")

    def closed(self, depth: int) -> Iterator[str]:
        """The line that ends a block."""
        yield self.line(depth, "}")

    def test(self, test: ast.expr) -> str:
        """The head of a condition."""
        return self.asks.format(self.write(test))

    def loop(self, test: ast.expr) -> str:
        """The head of a loop that goes on while a condition holds."""
        return self.endless if isinstance(test, ast.Constant) else self.repeats.format(self.write(test))

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
        if isinstance(value, ast.ListComp) and not value.generators[0].ifs:
            yield from self.listed(self.local(name), kind, value, depth)
        else:
            yield self.line(depth, f"{self.stated(name, kind)} = {self.whole(value, kind)}{self.end}")

    def rebound(self, name: str, value: ast.expr, depth: int) -> Iterator[str]:
        """The lines that give an argument a value that is there."""
        yield self.line(depth, f"{self.local(name)} = {self.write(value)}{self.end}")

    def growing(self, name: str, depth: int) -> Iterator[str]:
        """The lines that state an empty list to which values are appended."""
        self.grown.add(name)
        kinds = map(self.kind, (self.kinds.of[name], item(self.kinds.of[name])))
        yield self.line(depth, f"{self.grows.format(self.local(name), *kinds)}{self.end}")

    def appended(self, values: ast.expr, value: ast.expr) -> str:
        """A value after the last of a list."""
        return self.added.format(self.write(values), self.write(value, depth=2))

    def unpacked(self, names: ast.Tuple, value: ast.expr, depth: int) -> Iterator[str]:
        """The lines that state a name for each result of a call."""
        raise NotImplementedError

    def given_back(self, values: Sequence[ast.expr], depth: int) -> Iterator[str]:
        """The lines that return several values."""
        yield self.line(depth, f"{self.results.format(', '.join(map(self.write, values)))}{self.end}")

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
        raise NotImplementedError

    @property
    def gets_progress(self) -> bool:
        """Whether a callback gets what a training needs to continue."""
        calls = (node for node in nodes(self.function.body) if isinstance(node, ast.Call))
        return any(ast.unparse(one.func) == "callback" and len(one.args) == 4 for one in calls)

    def stated(self, name: str, kind: str) -> str:
        """What stands before the first value of a name."""
        return f"{self.kind(kind)} {self.local(name)}"

    def given(self, target: str, kind: str, value: ast.expr, depth: int) -> Iterator[str]:
        """The lines that give another value to a name or a place."""
        yield self.line(depth, f"{target} = {self.whole(value, kind)}{self.end}")

    def augmented(self, target: ast.expr, op: ast.operator, value: ast.expr) -> str:
        """A change of a number."""
        if isinstance(op, ast.Add) and isinstance(value, ast.Constant) and value.value == 1:
            return f"{self.write(target)}++"
        return f"{self.write(target)} {self.sign(op)}= {self.whole(value, self.kinds(target))}"

    def returned(self, value: ast.expr, depth: int) -> Iterator[str]:
        """The lines that return a value."""
        if isinstance(value, ast.ListComp) and not value.generators[0].ifs:
            yield from self.listed("found", self.function.gives, value, depth)
            yield from self.returned(ast.Name("found"), depth)
        else:
            yield self.line(depth, f"return {self.whole(value, self.function.gives)}{self.end}")

    def refused(self, place: str, expected: str, depth: int) -> Iterator[str]:
        """The lines that refuse an argument."""
        yield self.line(depth, f"throw {self.name('_refused')}({place}, {expected}){self.end}")

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
                term, size = node.elt, self.write(count)
            case values, ast.Name(id=value):
                place, size = "i", self.length(values)
                self.kinds.of[place] = "int"
                (term,) = with_place([node.elt], value, values, place)
        yield self.line(depth, f"{self.kind(kind)} {name} = {self.sized(item(kind), size)}{self.end}")
        yield from self.opened(self.counted(self.local(place), "0", size, ""), depth)
        yield self.line(depth + 1, f"{name}[{self.local(place)}] = {self.whole(term, item(kind))}{self.end}")
        yield from self.closed(depth)

    def sized(self, kind: str, size: str) -> str:
        """A new list of a size."""
        return f"new {self.kind(kind)}[{size}]"
