"""The source as a network needs it: its functions, their arguments, which can fail, and what they change."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from nngen.common.nodes import nodes, written
from nngen.common.records import dataclass
from nngen.printing.decided import copied, decided, without_unread
from nngen.printing.program import KIT, Argument, Function, Program


@dataclass(frozen=True)
class _Facts:
    """What the statements of a function name."""

    read: frozenset[str]
    """The names whose values are read."""
    filled: frozenset[str]
    """The names of values with parts to which it assigns."""
    calls: tuple[tuple[str, Sequence[str]], ...]
    """The functions that it calls, and what it gives them."""


@cache
def _facts(function: Function) -> _Facts:
    read: set[str] = set()
    filled: set[str] = set()
    calls: list[tuple[str, Sequence[str]]] = []
    for node in nodes(function.body):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case (
                ast.Subscript(value=ast.Name(id=name), ctx=ast.Store())
                | ast.Attribute(value=ast.Name(id=name), ctx=ast.Store())
                | ast.Subscript(value=ast.Attribute(value=ast.Name(id=name)), ctx=ast.Store())
                | ast.Subscript(value=ast.Subscript(value=ast.Name(id=name)), ctx=ast.Store())
            ):
                filled.add(name)
            case ast.Call(func=ast.Name(id="unused" | "set_numbers"), args=[ast.Name(id=name), *_]):
                filled.add(name)
            case ast.Call(func=ast.Name(id=called), args=args):
                calls.append((called, [*map(written, args)]))
    return _Facts(frozenset(read), frozenset(filled), tuple(calls))


@dataclass(frozen=True)
class Made:
    """The functions that a network needs."""

    functions: tuple[Function, ...]
    known: Mapping[str, Function]
    """These, and those of other subjects that they call, also through others, by name."""
    failing: frozenset[str]
    """Those that may refuse something, also ``refuse`` itself."""
    changed: Mapping[str, frozenset[str]]
    """The arguments that each function changes in place."""


def made(program: Program, flags: Mapping[str, bool]) -> Made:
    """The functions of a program that a network has, as it needs them: without arguments that nothing reads.

    Those of a function that users call stay, unless they have a default. Nobody may change their statements: they are
    remembered.

    Args:
        program: what it calls counts, too: it may fail, and has no more arguments than it reads.
        flags: what the network has.
    """
    return _made(program, frozenset(flags.items()))


@lru_cache(maxsize=256)  # a program may be that of a single network
def _made(program: Program, given: frozenset[tuple[str, bool]]) -> Made:
    flags = dict(given)
    source = {name: one for name, one in program.known.items() if one.module != KIT}
    found, todo = dict[str, Function](), {one.name for one in program.functions}
    while todo := todo & source.keys() - found.keys():
        new = {name: decided(source[name], flags) for name in todo}
        found, todo = found | new, {called for one in new.values() for called, _ in _facts(one).calls}
    while unread := {one.name: places for one in found.values() if (places := _unread(one))}:
        found = {name: _without(one, unread) for name, one in found.items()}
    fails = {"refuse"}
    while more := {one.name for one in found.values() if any(name in fails for name, _ in _facts(one).calls)} - fails:
        fails |= more
    own = [found[one.name] for one in there(program, flags)]
    kit = {name: one for name, one in program.known.items() if one.module == KIT}
    return Made(tuple(own), found, frozenset(fails), _changed({**kit, **found}))


def there(program: Program, flags: Mapping[str, bool]) -> list[Function]:
    """The functions of a program that a network has: those that do not begin with ``not_there()``."""
    return [one for one in program.functions if not (_may_lack(one.body) and _lacks(decided(one, flags).body))]


def _may_lack(body: Sequence[ast.stmt]) -> bool:
    return isinstance(body[0], ast.If) and _lacks(body[0].body)


def _lacks(body: Sequence[ast.stmt]) -> bool:
    match body:
        case [ast.Expr(value=ast.Call(func=ast.Name(id="not_there"))), *_]:
            return True
    return False


def hiding_none(program: Program, function: Function, others: Iterable[str]) -> Function:
    """A copy of a function whose local names end with an underscore where they are like others, whatever their letters.

    Arguments keep their names, which callers may say, and so do those that a field of a record has, too.
    """
    hidden = set(map(_plain, others))
    kept = {name for fields in program.fields.values() for name in fields} | {one.name for one in function.arguments}
    stored = (node for node in nodes(function.body) if isinstance(node, ast.Name))
    local = {node.id for node in stored if isinstance(node.ctx, ast.Store)} - kept
    names = {name: f"{name}_" for name in local if _plain(name) in hidden}

    class Renamed(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.copy_location(ast.Name(names.get(node.id, node.id), node.ctx), node)

    body = copied(function)
    return replace(function, body=tuple(map(Renamed().visit, body) if names else body))


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _unread(function: Function) -> frozenset[int]:
    """The places of the arguments that a function does not read, as far as it may lose them."""
    read = _facts(function).read
    return frozenset(
        place
        for place, one in enumerate(function.arguments)
        if one.name not in read and (one.default is not None or not function.public)
    )


def _changed(functions: Mapping[str, Function]) -> dict[str, frozenset[str]]:
    """The arguments that each function changes in place, or that one does to which it gives them."""
    callers: dict[str, set[str]] = {}
    for one in functions.values():
        for called, _ in _facts(one).calls:
            callers.setdefault(called, set()).add(one.name)
    found: dict[str, frozenset[str]] = dict.fromkeys(functions, frozenset())
    todo = {name for name, one in functions.items() if _facts(one).filled}
    while todo:
        name = todo.pop()
        one = functions[name]
        changed = changes(one, functions, found) & {given.name for given in one.arguments}
        if changed != found[name]:
            found[name] = changed
            todo |= callers.get(name, set())
    return found


def changes(
    function: Function, functions: Mapping[str, Function], known: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """The names whose values a function changes in place, by what is known of others."""
    facts = _facts(function)
    changed = set(facts.filled)
    for called, given in facts.calls:
        pairs = zip(functions[called].arguments, given, strict=False) if called in known else ()
        changed |= {name for one, name in pairs if one.name in known[called]}
    return frozenset(changed)


def _without(function: Function, unread: Mapping[str, frozenset[int]]) -> Function:
    """A function without its unread arguments, which also does not give those of others."""
    named = {function.name, *(called for called, _ in _facts(function).calls)}
    gone = frozenset((name, unread[name]) for name in named if name in unread)
    return _without_arguments(function, gone) if gone else function


@cache
def _without_arguments(function: Function, unread: frozenset[tuple[str, frozenset[int]]]) -> Function:
    left_out = dict(unread)

    class Calls(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.Call:
            self.generic_visit(node)
            gone = left_out.get(node.func.id, frozenset()) if isinstance(node.func, ast.Name) else frozenset()
            return ast.Call(node.func, [one for i, one in enumerate(node.args) if i not in gone], [])

    gone = left_out.get(function.name, frozenset())
    arguments: tuple[Argument, ...] = tuple(one for i, one in enumerate(function.arguments) if i not in gone)
    body = without_unread(map(Calls().visit, copied(function)))
    return replace(function, arguments=arguments, body=body)
