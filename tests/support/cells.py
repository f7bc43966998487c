"""Cells that programs and files have, for columns of each kind: every target and the command read them alike."""

import math
from collections.abc import Iterator
from typing import Any

from nngen.description.model import Spec
from nngen.proof.reference import Encoder

LISTED = ["Seoul", "Dream", " Jeju ", "NA", "3", "2.0", "true", "False", "0.5", "1e-05", "01", "-0", "a,b", '"', "서울"]

SPEC = Spec.model_validate(
    {
        "name": "cells",
        "inputs": [
            {"name": "user", "ids": LISTED},
            {"name": "item", "ids": ["ann", "bob", "1", "None"], "unknown": "row"},
            {"name": "place", "ids": 5},
            {"name": "spot", "column": "the spot", "ids": 5, "unknown": "row"},
            "amount",
            {"name": "debt", "missing": -7.5, "indicator": True, "scale": {"name": "divide", "by": 4.0}},
            {"name": "city", "categories": LISTED},
            {
                "name": "kind",
                "categories": ["Dream", " Torgersen", "?", "1", "1.0"],
                "missing": {"category": " Torgersen"},
                "indicator": True,
                "unknown": "zeros",
            },
            {
                "name": "price",
                "number": {"thousands": ".", "decimal": ",", "prefix": "€", "suffix": "kr.", "minus": "after"},
                "missing_texts": ["-", "k. A. ", "?!"],
                "missing": 5.5,
                "indicator": True,
            },
            {"name": "balance", "number": {"thousands": "'", "suffix": "%", "minus": "parentheses"}},
        ],
        "layers": [
            *({"name": f"of_{name}", "kind": "embedding", "from": name, "units": 2} for name in ("user", "item")),
            *({"name": f"of_{name}", "kind": "embedding", "from": name, "units": 2} for name in ("place", "spot")),
            {
                "name": "output",
                "units": ["low", "high"],
                "activation": "softmax",
                "from": ["of_user", "of_item", "of_place", "of_spot", "x"],
            },
        ],
        "loss": "cross_entropy",
        "training": {"optimizer": {"name": "adam", "rate": 0.1}},
        "data": {"classes": ["low", "high"]},
        "targets": ["python", "numpy", "javascript", {"name": "c", "binding": True}],
    }
)

COLUMNS = [str(column.column) for column in SPEC.columns]

ROW: list[Any] = ["Seoul", "ann", 1, 2, 1.5, 2.5, "Seoul", "Dream", 1234, 1234]
"""A row that is accepted."""

_WORDS = [
    *("Seoul", "seoul", "Dream", "Dream\x00", "Jeju", "NA", "na", "N/A", "nan", "NaN", "NAN", "None", "none", "null"),
    *("<NA>", "NaT", "#N/A", "?", "-", ".", "ann", "bob", "Torgersen", "true", "True", "TRUE", "False", "false"),
    *(
        "서울",
        "\u0663",
        "\uff13",
        "²",
        "½",
        "\u200b",
        "\ufeffann",
        "a,b",
        '"',
        "a\nb",
        "constructor",
        "__proto__",
        "toString",
    ),
]
_NUMBERS = [
    *("0", "-0", "+0", "00", "01", "1", "+1", "+7", "3", "4", "5", "-1", "1.0", "2.0", "2", "3.", ".5", "0.5", "1e0"),
    *("1E0", "1e-05", "0.00001", "1e5", "1e+2", "1e", "e1", "1e1.5", "--1", "+-1", "1-", "1 2", "1,5", "1_0", "0x10"),
    *("0b1", "1n", "1f", "1d", "1e100", "1.1e100", "1e400", "-1e400", "1e-400", "inf", "Infinity", "-inf", "1j"),
    *("9007199254740993", "123456789012345678901234567890", "0" * 5_000 + "1", "9" * 300),
]
_SPACED = [
    around.replace("x", text)
    for text in ("Seoul", "Dream", "3", "1", "NA", "", "bob")
    for around in (" x", "x ", "\tx\n", "\r\nx", "\v\fx ", "  x  ", "\xa0x", "x\u3000", "\x1cx", "\x85x", "\ufeffx")
]
_STYLED = [
    *(
        "€ 1.234,5",
        "€1.234",
        "1.234,5",
        "1234,5",
        "1.23",
        "1.2345",
        "12.34,5",
        "0.123",
        "1.234.567,89",
        "1.234.56",
        "€",
    ),
    *("1,5", "1,", ",5", "1,5,5", "1.234,5.6", "-€5", "€-5", "€ - 5", "5-", "5 -", "5,-", "5-€", "€ 5-", "--5", "-5-"),
    *("+5", "5+", "\u22125", "5\u2212", "(5)", "(1'234)", "(5", "5)", "((5))", "(-5)", "( 5 % )", "(5)%", "%5", "5%%"),
    *("5kr.", "5,kr.", "5 kr. -", "€5kr.", "€€5", "5\xa0kr.", "\u202f5\u2009kr.", "1\xa0234", "1'234", "1\u2019234"),
    *("1'234.5%", "1'23", "1''234", "1'234'567", "1,5e3", "1.234E-2", "1,5e", "5e3kr.", "1'234e2%", "e3", "€e3"),
    *("k. A.", "k.\xa0A.", " ?! ", "?!", "\xa0", "-\u2009", "\u0661.234", "1.234\0", "1\n", "€\n1"),
]
TEXTS = [*_WORDS, *_NUMBERS, *_SPACED, *_STYLED, "x" * 100_000]
"""Cells of a table as text."""

TYPED: list[Any] = [
    *(None, True, False, math.nan, math.inf, -math.inf, 0, 1, 2, 3, 4, 5, 7, -1, 10**30, 10**400, 2**53, 1e21),
    *(0.0, -0.0, 1.0, 2.0, 3.0, 0.5, 0.1 + 0.2, 1e-5, 1.5e-7, 1e16, 1e22, 1e100, 1.1e100, 5e-324, -2.5),
]
"""Cells of programs, and of tables with types."""

OTHERS: list[Any] = [[], [1], ["Seoul"], {}, {"a": 1}, [[]]]
"""Cells that are none."""


def cases() -> Iterator[tuple[int, Any]]:
    """The place of a column and a cell for it, for all columns and cells."""
    for place in range(len(COLUMNS)):
        for cell in [*TEXTS, *TYPED, *OTHERS]:
            yield place, cell


def row(place: int, cell: Any) -> list[Any]:
    """The row with another cell at a place."""
    return [*ROW[:place], cell, *ROW[place + 1 :]]


def expected(place: int, cell: Any) -> list[float] | str:
    """The inputs for this row by the reference, or why it refuses it."""
    try:
        return answer(ENCODER.encode({name: [value] for name, value in zip(COLUMNS, row(place, cell), strict=True)}))
    except ValueError as error:
        return kind(str(error))


def kind(message: str) -> str:
    """What a message says of a refused cell: it names the column, and is short."""
    if len(message) > 400 or not any(f"{name}: " in message for name in COLUMNS):
        return message
    return "missing" if "value is missing" in message else "refused"


def answer(inputs: Any) -> list[float]:
    """The inputs of one row."""
    [found] = inputs.tolist()
    return [float(value) for value in found]


ENCODER = Encoder(SPEC, {})
