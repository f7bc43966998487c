"""The equations of a step: how each parameter changes."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from nngen.common.messages import Message, joined, message
from nngen.learning.trace.statements import Frame, names_in, parsed
from nngen.learning.trace.traced import Traced
from nngen.learning.trace.worksheet import UPDATE, Line, Section
from nngen.learning.typeset import Symbol, tree
from nngen.plan import derivative_of
from nngen.targets import TARGETS

SIGNS = message("the nearest weights of the right sign, so that the output is monotone")
"""The title of the last equations of a monotone network."""


def update(net: Traced, params: Sequence[float], slopes: Sequence[float], state: Any) -> Iterator[Section]:
    """The equations of the update, as the function ``step`` of the module has them."""
    common, lines = list[Line](), list[Line]()
    frame = net.module.frame("step", params, slopes, state)
    frame.lists["gradient"] = list(map(derivative_of, net.parameters))
    frame.names.update(zip(frame.lists["gradient"], slopes, strict=True))
    frozen = {name for block in net.plan.frozen for row in block.rows for name in row}
    for statement in net.module.body("step"):
        for name, variable, value in _of_parameters(net, statement, frame):
            symbol = net.symbols(name)
            if net.cut.shows(symbol) and name not in frozen:
                lines.append(_line(net, symbol, variable, value, frame))
        match statement:
            case ast.For() | ast.Return():
                continue
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not name.startswith("new_"):
                common.append(_line(net, net.symbols(name), name, value, frame))
        frame.run(statement)
    if common:
        shared = message("{optimizer}: values shared by all parameters", optimizer=net.plan.optimizer.name)
        yield Section(UPDATE, shared, "", tuple(common))
    shown = {line.symbol.name for line in lines}
    left = sum(name not in shown and name not in frozen for name in net.parameters)
    optimizer = net.plan.optimizer
    title = joined("", (f"{optimizer.name}: ", Message(optimizer.textbook), optimizer.settings))
    yield Section(UPDATE, title, "", tuple(lines), left)
    if signs := tuple(_nearest(net, frame, lines)):
        yield Section(UPDATE, SIGNS, "", signs)


def _of_parameters(net: Traced, statement: ast.stmt, frame: Frame) -> Iterator[tuple[str, str, ast.expr]]:
    """The equations of single parameters in a statement: the parameter, the variable that changes, and its new value.

    Each can be computed in the frame when it comes. In a loop over the parameters, ``w`` and ``g`` stand for each.
    """
    match statement:
        case ast.Return(value=ast.Tuple(elts=[ast.List(elts=updates), _])):
            yield from zip(net.parameters, net.parameters, updates, strict=True)
        case ast.Return(value=ast.Tuple(elts=[ast.ListComp(elt=update, generators=[loop]), _])):
            for name, _ in zip(net.parameters, frame.loop(loop.target, loop.iter), strict=True):
                yield name, "w", update
        case ast.For(target=target, iter=lists, body=body):
            for name, _ in zip(net.parameters, frame.loop(target, lists), strict=True):
                for part in body:
                    match part:
                        case ast.Assign(targets=[ast.Name(id=variable)], value=value):
                            yield name, variable, value
                    frame.run(ast.fix_missing_locations(part))


def _line(net: Traced, parameter: Symbol, variable: str, value: ast.expr, frame: Frame) -> Line:
    """The equation of a variable, with the parameter in place of ``w`` and its derivative in place of ``g``."""
    place = {"w": parameter, "g": net.symbols(derivative_of(parameter.name))}

    def named(node: tree.Node) -> tree.Node | None:
        match node:
            case tree.Name(symbol) if symbol.name in place:
                return tree.Name(place[symbol.name])
            case tree.Number(number, Symbol(name=name)) if name in place:
                return tree.Number(number, place[name])
        return None

    forms = net.cut.forms(value, net.symbols, frame, parameter)
    again = variable in names_in(value)
    written = tuple(tree.replaced(form, named) for form in forms)
    return Line(place.get(variable, net.symbols(variable)), None, written, float(frame.value(value)), again)


def _nearest(net: Traced, frame: Frame, lines: Sequence[Line]) -> Iterator[Line]:
    """The last equations of a monotone network: its weights become the nearest ones of the right sign.

    There are none if the update of each parameter keeps its sign. ``lines`` have the weights after the update.
    """
    last = {line.symbol.name: line for line in lines}
    words = replace(TARGETS["python"].words, whole={})
    for signs in net.plan.monotone.kept if "new_w" in frame.names else ():
        for column in signs.columns:
            for name in (net.parameters[place] for place in signs.places(column)):
                if name in last:
                    frame.names["w"] = last[name].value
                    yield _line(net, last[name].symbol, "w", parsed(column.nearest.write(words)), frame)
