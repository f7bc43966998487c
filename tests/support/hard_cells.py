"""Cells that are hard to read: numbers of many digits, and many characters. One table for all languages."""

from collections.abc import Iterator
from functools import cache

from nngen.description.model import Spec
from nngen.proof.reference import Encoder

SPEC = Spec.model_validate(
    {
        "name": "hard",
        "inputs": [
            "amount",
            {"name": "price", "number": {"thousands": ",", "prefix": "$", "minus": "after"}},
            {"name": "cost", "number": {"thousands": ".", "decimal": ",", "suffix": "%", "minus": "parentheses"}},
            {"name": "day", "date": "DD.MM.YYYY", "parts": ["year", "hour"]},
            {"name": "city", "categories": ["Seoul", " Jeju "], "unknown": "zeros"},
            {"name": "member", "categories": ["FALSE", " true", "1.0"]},
        ],
        "layers": [{"name": "output", "units": ["low", "high"], "activation": "softmax"}],
        "loss": "cross_entropy",
        "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
        "data": {"classes": ["low", "high"]},
    }
)

ROW = {
    "amount": "1.5",
    "price": "$1,234.50",
    "cost": "1.234,5 %",
    "day": "31.12.2024 13:45",
    "city": "Seoul",
    "member": "FALSE",
}
"""A row that is accepted."""

MANY = 250_000
"""Characters of a long cell. If its time grows with the square of its length, each language takes minutes for it, else
milliseconds: a limit between them tells the two apart on any machine."""

MOST_OF_A_TABLE = 131_000
"""Characters of the cells of a table, nearly: longer ones are refused whatever they are."""

_ZEROS = "0" * 100_000
_NUMBERS = [
    *(f"1e{'0' * 45}5", f"-1e-{'0' * 1_000}5", f"0.{'0' * 300}1e301", f"1{'0' * 300}e-300", f"{'0' * 5_000}1"),
    *(f"0.{_ZEROS}1e100001", f"-1{_ZEROS}e-100000", f"1{_ZEROS}", f"0.{_ZEROS}1", f"{_ZEROS}.0", "1e" + _ZEROS),
    # exponents that some readers of numbers do not count to the end
    *(f"0.{'0' * 700_000}1e700001", f"-1{'0' * 700_000}e-700000"),
    # in the middle of two numbers that are next to each other, above it, and below it
    *(f"9007199254740993.{'0' * 900}{end}" for end in "01"),
    *(f"-9007199254740993{'0' * 900}{end}e-901" for end in "01"),
    f"9007199254740992.{'9' * 900}",
    *(f"{'1234567890' * 100}e-{power}" for power in (950, 1_000, 1_323)),
    *("1e-99999999999999999999", "0e99999999999999999999", "1e99999999999999999999", f"1e1{_ZEROS}", "4.9e-324"),
]


_TRUTHS = ["True", "true", " TRUE ", "False", "false", "1", "0", "1.0", "tRUE", "yes", "t", "10", "+1", "true\u017f"]
"""Spellings of truth values, and texts that are none."""


def _long() -> Iterator[tuple[str, str]]:
    """A column, and a text of many characters that takes long if a part of it is read again and again."""
    spaces, digits = " " * MANY, "1" * MANY
    yield from (("amount", f"1{spaces}2"), ("price", f"${spaces}-"), ("cost", f"({spaces},5)"), ("city", f"a{spaces}b"))
    yield from ((column, spaces + row[column] + spaces) for row in [ROW] for column in ("cost", "city"))
    yield from (("amount", digits + end) for end in ("x", ".", "e5x"))
    yield "amount", digits[:MOST_OF_A_TABLE] + "x"
    yield "amount", f"1e{'0' * MANY}x"
    yield from (("price", digits + end) for end in (".1x", " 1"))
    yield "price", "$1" + ",234" * (MANY // 4)
    yield "price", "$1,23" + ",45" * (MANY // 3) + ",67x"
    yield "cost", "1" + ".234" * (MANY // 4) + ",5x"
    yield from (("price", "-" * MANY), ("cost", "(" * MANY), ("amount", "." * MANY), ("price", "\u00a0$" * (MANY // 2)))
    yield from (("day", text) for text in (f"31.12.2024{spaces}13:45", f"31.12.2024 13:45:00.{digits}x", digits))


def cases() -> Iterator[tuple[str, str]]:
    """A column, and a text for it."""
    for text in _NUMBERS:
        yield "amount", text
        yield "price", text.lstrip("-") + "-" * text.startswith("-")
        yield "cost", f"({text[1:]})".replace(".", ",") if text.startswith("-") else text.replace(".", ",")
    yield from (("member", text) for text in _TRUTHS)
    yield from _long()


def row(column: str, text: str) -> list[str]:
    """The row with another text in a column."""
    return [*(ROW | {column: text}).values()]


@cache
def answers() -> list[list[float] | str]:
    """For each case the inputs by the reference, or "refused"."""
    return [_answer(ROW | {column: text}) for column, text in cases()]


def _answer(cells: dict[str, str]) -> list[float] | str:
    try:
        [inputs] = Encoder(SPEC, {}).encode({name: [cell] for name, cell in cells.items()}).tolist()
    except ValueError:
        return "refused"
    return [float(value) for value in inputs]
