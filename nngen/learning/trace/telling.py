"""The row of a worksheet that nobody has chosen: the first one that has something to show.

After a right answer, a perceptron has the error 0: all numbers of its backward pass would be 0.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from nngen.description.model import Spec
from nngen.learning.trace.example import Example, Request, chosen, together
from nngen.learning.trace.statements import Module
from nngen.plan import Plan

MOST_ROWS = 100
"""The most rows that are tried: the first ones have an error, unless nearly all answers are right."""


def telling(spec: Spec, path: Path, plan: Plan, module: Module, params: Any, request: Request) -> Request:
    """The request with the first row that has an error; without an error, the first that has an input other than 0.

    A request that names a row or an example stays as it is, and so does one for several rows together.
    """
    asked = (request.row, request.x, request.y, request.csv)
    if any(value is not None for value in asked) or plan.indices or together(plan, request):
        return request
    rows = list(_rows(spec, path, plan, module, request))
    wrong = (example.row for example in rows if _has_error(module, params, example))
    filled = (example.row for example in rows if any(example.x))
    return replace(request, row=next(chain(wrong, filled), None))


def _rows(spec: Spec, path: Path, plan: Plan, module: Module, request: Request) -> Iterator[Example]:
    """The first rows of the data, each once."""
    several = replace(request, row=1, steps=MOST_ROWS)
    for number, (example,) in enumerate(chosen(spec, path, plan, several, module.names.get("encode")), 1):
        if example.row != number:  # they begin again
            return
        yield example


def _has_error(module: Module, params: Any, example: Example) -> bool:
    """Whether a derivative is not 0; an example that the module refuses has none."""
    try:
        _, slopes = module.names["gradient"](params, list(example.x), list(example.y or ()), **example.more)
    except (ValueError, ArithmeticError):
        return False
    return any(slope != 0 for slope in slopes)
