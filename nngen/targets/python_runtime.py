"""The fixed definitions of Python in the form that a network needs.

The runtime files of Python and NumPy are written for a network that has everything. A condition such as ``if DROPOUT:``
is decided when a module is written: the module of a network without dropout has neither the condition nor what it
guards, nor the arguments that only this reads. ``EPOCHS`` becomes its number. These files keep their own layout, which
printed source would lose.
"""

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from nngen.common.nodes import nodes
from nngen.common.text import columns
from nngen.targets.definitions import Definition
from nngen.targets.line_breaks import WIDTH
from nngen.targets.python_definitions import python_definitions
from nngen.targets.python_layout import signature
from nngen.targets.settings import Settings


def specific(
    definitions: Sequence[Definition], settings: Settings, names: Iterable[str] | None = None
) -> tuple[Definition, ...]:
    """Fixed definitions in the form that a network needs, without those that it has no use for.

    Args:
        definitions: those of a runtime file.
        settings: what the network has, and what words stand for.
        names: what the network names; others are left out unless these need them. Without it, all are made.
    """
    if names is None:
        return tuple(made for one in definitions for made in _of(one, settings))
    wanted, found = {*names}, dict[int, Sequence[Definition]]()
    while todo := {
        place
        for place, one in enumerate(definitions)
        if place not in found and (one.names & wanted or one.names == {one.text})  # the latter is a comment
    }:
        found |= {place: _of(definitions[place], settings) for place in todo}
        wanted = {name for place in todo for made in found[place] for name in made.uses}
    return tuple(made for place in sorted(found) for made in found[place])


def _of(one: Definition, settings: Settings) -> Sequence[Definition]:
    named = _named(one.text, frozenset(settings))
    return _specific(one, frozenset((name, settings[name]) for name in named))


@cache
def _named(text: str, known: frozenset[str]) -> frozenset[str]:
    """The settings that a fixed definition names: those of others do not matter to it."""
    found = _words(known).findall(text)
    return frozenset([*found, "CHECKS"]) & known if found else frozenset()


@cache
def _words(names: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")


@cache
def _specific(one: Definition, given: frozenset[tuple[str, bool | str]]) -> Sequence[Definition]:
    if not given:
        return (one,)
    settings = dict(given)
    flags = {name: value for name, value in settings.items() if isinstance(value, bool)}
    decided = _decided(one.text, flags)
    named = _words(frozenset(settings)).sub(lambda found: str(settings[found[0]]), decided)
    return python_definitions(f"{_tidied(named)}\n", one.gap) if named else ()


def _decided(text: str, settings: Mapping[str, bool]) -> str:
    """A text without the conditions that settings decide, and without what would follow a return."""
    text, mentioned = text if settings["CHECKS"] else text.replace(", checked=True", ""), _words(frozenset(settings))
    while mentioned.search(text) and (simpler := _simpler(text, settings)) is not None:
        text = simpler
    while (shorter := _until_return(text)) is not None:
        text = shorter
    return text


def _simpler(text: str, settings: Mapping[str, bool]) -> str | None:
    """A text with fewer conditions; None if there is none that settings decide."""
    there = nodes(ast.parse(text).body)
    decided = [node for node in there if isinstance(node, ast.If) and _value(node.test, settings) is not None]
    if decided:
        return _without(text, decided, settings)
    simpler, within = text, set[ast.AST]()
    for node in there:  # a node comes before those within it
        if isinstance(node, ast.expr) and node not in within and (parts := _left(node, settings)):
            within.update(nodes([node]))
            sources = {part: _source(text, part) for part in parts}
            simpler = _replaced(simpler, _source(text, node), sources, getattr(node, "op", None))
    return simpler if within else None


def _left(node: ast.expr, settings: Mapping[str, bool]) -> Sequence[ast.expr]:
    """The parts of an expression that settings leave; none if they decide nothing of it."""
    if isinstance(node, ast.IfExp) and (value := _value(node.test, settings)) is not None:
        return [node.body if value else node.orelse]
    if isinstance(node, ast.BoolOp):
        left = [operand for operand in node.values if _value(operand, settings) is None]
        return left if len(left) < len(node.values) else ()
    return ()


def _until_return(text: str) -> str | None:
    """A text without the statements that follow a return; None if there are none."""
    for node in nodes(ast.parse(text).body):
        body = node.body if isinstance(node, ast.FunctionDef | ast.If | ast.For) else []
        for statement in body[:-1]:
            if isinstance(statement, ast.Return):
                lines = text.splitlines()
                return "\n".join(lines[: statement.end_lineno] + lines[body[-1].end_lineno :])
    return None


def _value(test: ast.expr, settings: Mapping[str, bool]) -> bool | None:
    """The value of a condition if settings decide it."""
    match test:
        case ast.Name(name):
            return settings.get(name)
        case ast.UnaryOp(ast.Not(), operand):
            value = _value(operand, settings)
            return None if value is None else not value
        case ast.BoolOp(operator, operands):
            values = [_value(operand, settings) for operand in operands]
            decisive = isinstance(operator, ast.Or)
            return decisive if decisive in values else None if None in values else not decisive
    return None


def _without(text: str, decided: Sequence[ast.If], settings: Mapping[str, bool]) -> str:
    """A text without these conditions, but for those inside of others."""
    outer: list[ast.If] = []
    for node in sorted(decided, key=lambda node: node.lineno):
        if not outer or node.lineno > (outer[-1].end_lineno or 0):
            outer.append(node)
    for node in reversed(outer):  # so that lines keep their places
        text = _chosen(text, node, value=bool(_value(node.test, settings)))
    return text


def _chosen(text: str, node: ast.If, *, value: bool) -> str:
    """A text with one branch of a condition in its place."""
    lines = text.splitlines()
    start, stop = node.lineno - 1, node.end_lineno or 0
    last = node.body[-1].end_lineno or 0
    otherwise = " " * node.col_offset + "else:"
    kept = lines[node.test.end_lineno or 0 : last] if value else lines[last:stop]
    if not value and kept and kept[0].lstrip().startswith("elif "):
        kept[0] = kept[0].replace("elif ", "if ", 1)
    else:
        kept = [line.removeprefix("    ") for line in kept if line != otherwise]
    while not kept and lines[start - 1].startswith(" " * node.col_offset + "#"):  # its comment
        start -= 1
    return "\n".join([*lines[:start], *kept, *lines[stop:]])


def _replaced(text: str, whole: str, parts: Mapping[ast.expr, str], operator: ast.boolop | None) -> str:
    """A text with parts of an expression in its place, without parentheses that only held it together."""
    if len(parts) == 1:
        ((part, kept),) = parts.items()
        closed = isinstance(part, ast.Name | ast.Call | ast.Constant | ast.Attribute)
        return text.replace(f"({whole})" if closed and f" ({whole})" in text else whole, kept, 1)
    held = [f"({kept})" if isinstance(part, ast.BoolOp) else kept for part, kept in parts.items()]
    return text.replace(whole, (" or " if isinstance(operator, ast.Or) else " and ").join(held), 1)


def _source(text: str, node: ast.expr | ast.arg) -> str:
    """The text of a node. ``ast.get_source_segment`` takes most of the time that a module takes."""
    lines = text.encode().splitlines(keepends=True)[node.lineno - 1 : node.end_lineno]
    lines[-1] = lines[-1][: node.end_col_offset]
    lines[0] = lines[0][node.col_offset :]
    return b"".join(lines).decode()


def _given(text: str) -> set[str]:
    """The arguments that a function uses.

    Tables of symbols would not do: since Python 3.12 they list the names of comprehensions in another way.
    """
    return {
        argument
        for function in ast.parse(text).body
        if isinstance(function, ast.FunctionDef)
        for argument in {one.arg for one in nodes([function.args]) if isinstance(one, ast.arg)}
        & {node.id for node in nodes(function.body) if isinstance(node, ast.Name)}
    }


def _tidied(text: str) -> str:
    """A function without the arguments with a default that it does not use; its head has as many lines as it needs."""
    function = ast.parse(text).body[0]
    if not isinstance(function, ast.FunctionDef) or function.args.vararg:
        return text
    given, read = function.args, _given(text)
    places: list[ast.expr | None] = [None] * (len(given.args) - len(given.defaults))
    listed = _written(text, given.args, [*places, *given.defaults], read)
    named = _written(text, given.kwonlyargs, given.kw_defaults, read)
    gives = _source(text, function.returns) if function.returns else None
    lines = text.splitlines()
    head = signature([*listed, *["*"] * bool(named), *named], function.name, gives or "None")
    return "\n".join([*lines[: function.lineno - 1], head, *lines[function.body[0].lineno - 1 :]])


def _written(text: str, arguments: Sequence[ast.arg], defaults: Sequence[ast.expr | None], read: set[str]) -> list[str]:
    """Arguments with their defaults, as a function states them."""
    listed = []
    for one, default in zip(arguments, defaults, strict=True):
        name = _source(text, one)
        if default is None:
            listed.append(name)
        elif one.arg in read:
            listed.append(_broken(f"{name} = {_source(text, default)}"))
    return listed


def _broken(argument: str) -> str:
    """An argument on as many lines as its type needs."""
    margin, room = "\n    ", WIDTH - len("    ,")
    found = re.fullmatch(r"(\w+: tuple\[)(.+)(\]) (\| None = None)", argument)
    if found is None or columns(argument) <= room:
        return argument
    start, inner, bracket, end = found.groups()
    if columns(start + inner + bracket) <= room + 1:
        return f"{start}{inner}{bracket}{margin}{end}"
    return f"{start}{margin}    {inner}{margin}{bracket}{margin}{end}"
