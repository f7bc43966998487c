"""The last equations of a step of a monotone network: its weights become the nearest ones of the right sign."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nngen.common.messages import message
from nngen.learning.trace.statements import Frame, parsed
from nngen.learning.trace.worksheet import Line
from nngen.learning.typeset import Symbol
from nngen.plan import Plan
from nngen.targets import TARGETS

SIGNS = message("the nearest weights of the right sign, so that the output is monotone")
"""The title of these equations."""


def nearest(
    plan: Plan, frame: Frame, parameters: Sequence[str], lines: Sequence[Line]
) -> Iterator[tuple[Symbol, ast.expr]]:
    """Each weight that keeps its sign, and the nearest one as an expression of ``w``, which the frame then has.

    There are none if the update of each parameter keeps its sign. ``lines`` have the weights after the update.
    """
    last = {line.symbol.name: line for line in lines}
    words = replace(TARGETS["python"].words, whole={})
    for signs in plan.monotone.kept if "new_w" in frame.names else ():
        for column in signs.columns:
            for name in (parameters[place] for place in signs.places(column)):
                if name in last:
                    frame.names["w"] = last[name].value
                    yield last[name].symbol, parsed(column.nearest.write(words))
