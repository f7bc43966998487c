"""Random texts of numbers, right and wrong ones, for columns of several styles."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nngen.description.data import encoding
from nngen.description.model import NumberStyle, Spec
from nngen.proof.reference import Encoder

STYLES = [
    {"thousands": ",", "prefix": "$"},
    {"thousands": ".", "decimal": ",", "suffix": "€", "minus": "after"},
    {"thousands": " ", "decimal": ",", "prefix": "kr.", "suffix": "%"},
    {"thousands": "'", "prefix": "CHF", "minus": "parentheses"},
    {"decimal": ",", "suffix": "e"},
    {"suffix": "%", "minus": "parentheses", "prefix": "%"},
    {"minus": "before"},
]
NAMES = [f"c{place}" for place in range(len(STYLES))]
SPEC = Spec.model_validate(
    {
        "name": "styled",
        "inputs": [
            {"name": name, "number": style, "missing": 7.25, "missing_texts": ["-", "k. A.", "#N/A"]}
            for name, style in zip(NAMES, STYLES, strict=True)
        ],
        "layers": [{"name": "output", "units": ["answer"], "activation": "linear"}],
        "loss": "squared_error",
        "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
    }
)
ENCODING = encoding(SPEC, Path())
ENCODER = Encoder(SPEC, {})
_PIECES = ["0", "1", "23", "456", ",", ".", " ", "'", "\u2019", "-", "+", "\u2212", "(", ")", "$", "%", "€", "e", "E"]
_PIECES += ["kr.", "CHF", "\u00a0", "\u2009", "\u202f", "\t", "\u0663", "k. A.", "#N/A", "\0"]


def rows(count: int, seed: int) -> Iterator[list[str]]:
    """Rows with a text for each column."""
    source = random.Random(seed)
    styles = [NumberStyle.model_validate(style) for style in STYLES]
    for _ in range(count):
        yield [_number(style, source) if source.random() < 0.7 else _any(source) for style in styles]


def _any(source: random.Random) -> str:
    return "".join(source.choice(_PIECES) for _ in range(source.randrange(1, 8)))


def _number(style: NumberStyle, source: random.Random) -> str:
    """A text that is a number of the style, or is near to one."""
    whole = f"{source.randrange(10 ** source.randrange(1, 9)):,}"
    if style.thousands == "," and source.random() < 0.3:  # as India writes it, or nearly so
        whole = re.sub(r"\B(?=(\d\d)*\d{3}$)", ",", whole.replace(",", ""))
    parts = [
        source.choice(["", "", "-", "+", "\u2212", "("]),
        source.choice(["", style.prefix or ""]),
        source.choice(["", " ", "\u00a0"]),
        whole.replace(",", style.thousands or "")
        if source.random() < 0.9
        else whole.replace(",", source.choice(",.'")),
        source.choice(["", f"{style.decimal}{source.randrange(1_000)}", f".{source.randrange(1, 5_000)}"]),
        source.choice(["", "", "", "e5", "E-3"]),
        source.choice(["", " ", "\u202f"]),
        source.choice(["", style.suffix or ""]),
        source.choice(["", "", "-", ")"]),
    ]
    if source.random() < 0.1:
        source.shuffle(parts)
    return "".join(parts)


def right(row: list[str]) -> list[Any]:
    """The inputs for each text by the reference, and None where it refuses it."""
    found: list[Any] = []
    for name, text in zip(NAMES, row, strict=True):
        others = {other: [0.0] for other in NAMES}
        try:
            found.append(float(ENCODER.encode({**others, name: [text]})[0, NAMES.index(name)]))
        except ValueError:
            found.append(None)
    return found
