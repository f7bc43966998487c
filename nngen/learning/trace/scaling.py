"""How the columns of a row of the data become inputs, for a worksheet."""

import math
from collections.abc import Iterator

from nngen.common.messages import Message, joined, message
from nngen.common.text import printable
from nngen.description.data import CategoryColumn, DateColumn, IndexColumn, NumberColumn
from nngen.learning.trace.example import Example
from nngen.learning.trace.worksheet import FORWARD, Line, Section
from nngen.learning.typeset import Symbols, tree
from nngen.plan import Plan


def encoded(plan: Plan, symbols: Symbols, example: Example) -> Iterator[Section]:
    """The columns of a row as inputs, as in the module's ``encode``."""
    if example.raw is None or plan.encoding is None:
        return
    values = dict(zip(plan.inputs, example.x, strict=True))
    for column in plan.encoding.columns:
        given = example.raw.get(column.column)
        written = repr(given).removesuffix(".0") if isinstance(given, float) else given
        title = message("{column} is missing", column=printable(column.column))
        if given is not None:
            title = Message("{column} = {value}", column=printable(column.column), value=printable(f"{written}"))
        forms: tuple[tree.Node, ...] = ()
        if isinstance(column, CategoryColumn):
            names = column.inputs
            title = message("{value}: 1 for the category, 0 for the others", value=title)
        elif isinstance(column, IndexColumn):
            names = (column.name,)
            title = message("{value}: the place of this id, from 0", value=title) if column.ids else title
        else:
            title = joined(": ", (title, column.filled_by)) if given is None else title
            if isinstance(column, DateColumn):
                names = tuple(name for part in column.parts for name in part.inputs)
            else:
                names = (column.name,)
                number = column.fill if given is None else given
                if isinstance(number, float) and column.scaled.text != "x":
                    forms = (_scaled(column, number),)
        named = [*names, *([column.indicator] if column.indicator else [])]
        lines = [Line(symbols(name), None, forms if name in names else (), values[name]) for name in named]
        yield Section(FORWARD, title, "", tuple(lines))


def _scaled(column: NumberColumn, number: float) -> tree.Node:
    """The scaled number of a column, as the module's ``encode`` computes it."""
    if math.isinf(column.divide):
        return tree.Number(0.0)
    plain = tree.Quotient(tree.difference(number, column.subtract), tree.Number(column.divide))
    if not column.clipped:
        return plain
    third = tree.Power(tree.Quotient(plain, tree.Number(3.0)), tree.Number(2.0))
    return tree.Quotient(plain, tree.Call("sqrt", (tree.Sum((tree.Number(1.0), third)),)))
