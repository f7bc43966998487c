"""The equations of a step: how each parameter changes."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from nngen.common.messages import Message, joined, message
from nngen.learning.trace.statements import WORDS, Frame, names_in, parsed
from nngen.learning.trace.traced import Traced
from nngen.learning.trace.worksheet import UPDATE, Line, Section
from nngen.learning.typeset import Symbol, tree
from nngen.plan import Optimizer, derivative_of

SIGNS = message("the nearest weights of the right sign, so that the output is monotone")
"""The title of the last equations of a monotone network."""


def update(net: Traced, params: Sequence[float], slopes: Sequence[float], state: Any) -> Iterator[Section]:
    """The equations of the update; last, those by which the weights of a monotone network get the right sign again.

    An optimizer of a single line keeps the signs in that line.
    """
    plan, optimizer = net.plan, net.plan.optimizer
    counts, derivatives = int(optimizer.counts), list(map(derivative_of, net.parameters))
    frame = Frame({**net.module.names, **dict(zip(derivatives, slopes, strict=True)), "gradient": slopes})
    frame.names["old_t"], frame.lists["gradient"] = state[0] if counts else None, derivatives
    common, lines, last, left = list[Line](), list[Line](), list[Line](), 0
    for name, text in _common(optimizer):
        common.append(_line(net, net.symbols(name), name, parsed(text), frame))
    if common:
        shared = message("{optimizer}: values shared by all parameters", optimizer=optimizer.name)
        yield Section(UPDATE, shared, "", tuple(common))
    frozen = {place for block in plan.frozen for place in range(block.start, block.stop)}
    nearest = {
        place: column.nearest for one in plan.monotone.kept for column in one.columns for place in one.places(column)
    }
    for place, symbol in enumerate(map(net.symbols, net.parameters)):
        if place in frozen or not net.cut.shows(symbol):
            left += place not in frozen
            continue
        memory = zip(optimizer.memory, state[counts:], strict=True)
        frame.names |= {"w": params[place], "g": slopes[place], **{name: values[place] for name, values in memory}}
        kept = nearest.get(place)
        for one in optimizer.lines:
            formula = kept.rename({"w": one.formula.text}) if kept and optimizer.plain else one.formula
            lines.append(_line(net, symbol, one.name, parsed(formula.write(WORDS)), frame))
        if kept and not optimizer.plain:
            last.append(_line(net, symbol, "w", parsed(kept.write(replace(WORDS, whole={}))), frame))
    title = joined("", (f"{optimizer.name}: ", Message(optimizer.textbook), optimizer.settings))
    yield Section(UPDATE, title, "", tuple(lines), left)
    if last:
        yield Section(UPDATE, SIGNS, "", tuple(last))


def _common(optimizer: Optimizer) -> Iterator[tuple[str, str]]:
    """The values that all parameters share, each with its expression."""
    if optimizer.counts:
        yield "t", "old_t + 1"
    if optimizer.rate:
        yield "rate", optimizer.rate.write(WORDS)
    if optimizer.factor:
        yield "norm", "math.sqrt(sum(g * g for g in gradient))"
        yield "factor", optimizer.factor.write(WORDS)


def _line(net: Traced, parameter: Symbol, variable: str, value: ast.expr, frame: Frame) -> Line:
    """The equation of a variable, with the parameter for ``w`` and its derivative for ``g``; the frame gets it."""
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
    frame.names[variable] = frame.value(value)
    written = tuple(tree.replaced(form, named) for form in forms)
    return Line(place.get(variable, net.symbols(variable)), None, written, float(frame.names[variable]), again)
