"""How a spreadsheet writes formulas, and the names of its cells."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from nngen.mathematics.catalogue import PageFunction
from nngen.mathematics.formulas import Words

VARIABLE = re.compile("«([^»]*)»")
"""A variable in the words of a spreadsheet, until a sheet says where its cell is."""

CELL = re.compile(r"[a-z]{1,3}[0-9]+|r[0-9]*(c[0-9]*)?|c[0-9]*|true|false", re.IGNORECASE)
"""Names that mean something else in a formula: cells as A1 or R1C1 write them, and truth values."""

WORDS = Words(
    {
        "abs": "ABS",
        "cos": "COS",
        "erfc": "ERFC",
        "exp": "EXP",
        "expm1": "EXP({0}) - 1",
        "floor": "INT",
        "log": "LN",
        "log1p": "LN(1 + {0})",
        "maximum": "MAX",
        "minimum": "MIN",
        "sigmoid": "(EXP(MIN({0}, 0)) / (1 + EXP(-ABS({0}))))",
        "sign": "SIGN",
        "sin": "SIN",
        "smooth_clip": "(({0}) / SQRT(1 + (({0}) / 3) * (({0}) / 3)))",
        "softplus": "(MAX({0}, 0) + LN(1 + EXP(-ABS({0}))))",
        "sqrt": "SQRT",
        "tanh": "TANH",
        "where": "IF",
    },
    operator=" {} ",
    conjunction="*",
    comparison="({})",
    equal="=",
    variable="«{}»",
    power="POWER",  # the operator ^ goes from left to right, and binds less tightly than a sign
    modulo="MOD",
)
"""Functions that Excel 2016, LibreOffice and Google Sheets share."""


def filled(text: str, shown: Callable[[str], str]) -> str:
    """A text in these words with the cell of each variable."""
    return VARIABLE.sub(lambda found: shown(found[1]), text)


def words(functions: Iterable[PageFunction]) -> Words:
    """The words with the functions that a network adds. A sheet defines none, so each call becomes its formula.

    Args:
        functions: each after those that it calls.
    """
    known = WORDS
    for function in functions:
        if function.name not in known.calls:
            places = {name: f"({{{place}}})" for place, name in enumerate(function.arguments)}
            for line in function.lines:
                places[line.name] = f"({filled(line.formula.write(known), places.__getitem__)})"
            value = filled(function.value.write(known), places.__getitem__)
            known = replace(known, calls={**known.calls, function.name: f"({value})"})
    return known


class Names:
    """Names of cells, distinct without regard to case; one that looks like a cell gets an underscore."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, name: str) -> str:
        """The name of a cell, which no other cell gets."""
        chosen = name.replace(" ", "_")
        while CELL.fullmatch(chosen) or chosen.casefold() in self._taken:
            chosen += "_"
        self._taken.add(chosen.casefold())
        return chosen
