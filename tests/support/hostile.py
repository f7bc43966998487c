"""Numbers and what is none, for modules to take or to refuse."""

from array import array
from collections import deque
from typing import Any

import numpy as np

from nngen.description.model.spec import Spec


def small(activation: str) -> Spec:
    """A network of two inputs, two hidden units and two outputs, which are linear."""
    layer = {"name": "hidden", "units": 2, "activation": activation}
    return Spec.model_validate(
        {
            "name": "net",
            "inputs": ["x1", "x2"],
            "layers": [layer, {"name": "output", "units": ["y1", "y2"], "activation": "linear"}],
            "loss": {"name": "squared_error", "outputs": "sum"},
            "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
        }
    )


class Sequence:
    """An object with a length, and numbers by position."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> float:
        return (0.5, 0.25)[index]


NUMBERS: dict[str, tuple[Any, list[float]]] = {
    "tuple": ((0.5, 0.25), [0.5, 0.25]),
    "integers": ([1, 2**60 + 1], [1.0, 2.0**60]),
    "truth values": ([True, False], [1.0, 0.0]),
    "range": (range(2), [0.0, 1.0]),
    "bytearray": (bytearray(b"ab"), [97.0, 98.0]),
    "memoryview": (memoryview(b"ab"), [97.0, 98.0]),
    "deque": (deque([0.5, 0.25]), [0.5, 0.25]),
    "array": (array("f", [0.5, 0.25]), [0.5, 0.25]),
    "sequence": (Sequence(), [0.5, 0.25]),
    "float64": (np.array([0.1, 0.2]), [0.1, 0.2]),
    "float32": (np.array([0.1, 0.2], np.float32), [0.10000000149011612, 0.20000000298023224]),
    "float16": (np.array([60000.0, 60000.0], np.float16), [60000.0, 60000.0]),
    "longdouble": (np.array([0.1, 0.2], np.longdouble), [0.1, 0.2]),
    "int8": (np.array([100, 100], np.int8), [100.0, 100.0]),
    "uint8": (np.array([200, 200], np.uint8), [200.0, 200.0]),
    "bool": (np.array([True, False]), [1.0, 0.0]),
    "float32 in a list": ([np.float64(0.1), np.float32(0.2)], [0.1, 0.20000000298023224]),
    "strided": (np.array([0.5, 9.0, 0.25, 9.0])[::2], [0.5, 0.25]),
}
"""An example as a program may have it, and as a list of floats."""

KINDS = [*NUMBERS, "series"]


def numbers(kind: str) -> tuple[Any, list[float]]:
    """An example of this kind, and as a list of floats."""
    if kind != "series":
        return NUMBERS[kind]
    import pandas as pd  # here, since it takes half a second to import

    return pd.Series([0.5, 0.25], index=[1, 0]), [0.5, 0.25]


NO_NUMBERS: dict[str, Any] = {
    "text": "ab",
    "text of digits": "12",
    "set": {0.5, 0.25},
    "frozenset": frozenset((0.5, 0.25)),
    "mapping": {"x1": 0.5, "x2": 0.25},
    "mapping by numbers": {0.5: 0, 0.25: 0},
    "mapping by places": {0: 0.5, 1: 0.25},
    "bytes": b"ab",
    "masked": np.ma.MaskedArray([0.5, 0.25], [True, False]),
    "masked in a list": [np.ma.masked, 0.25],
    "complex": np.array([1j, 0.0]),
    "complex in a list": [0.5, np.complex64(1j)],
    "view": {"x1": 0.5, "x2": 0.25}.values(),
    "texts": np.array(["1", "2"]),
    "objects": np.array([0.5, None]),
    "dates": np.array(["2020-01-01", "2020-01-02"], "datetime64[D]"),
    "durations": np.array([1, 2], "timedelta64[s]"),
    "durations in nanoseconds": np.array([1, 2], "timedelta64[ns]"),
    "records": np.array([(0.5,), (0.25,)], [("a", "f8")]),
}
"""An object with two members that is no list of numbers."""


TEXTS: dict[str, str] = {
    "quotes": "a\"b'c''d\"\"",
    "backslashes": "\\a\\\\b\\",
    "escapes": "\\n\\u0041\\x41\\0101\\N{BULLET}",
    "line breaks": "a\nb\n\nc",
    "comments": "*/ a /* // b # c --> d",
    "script": "</script><!--<script>alert(1)</script>",
    "template": "`${alert(1)}`",
    "percent": "%s %n %d %% %(x)s",
    "trigraphs": "??/ ??= ??' ??( ??)",
    "jinja": "{{ 7 * 7 }}{% raw %}{# x #}",
    "emoji": "\U0001f600\u00e9\u6f22\U0001f468",
    "right to left": "\u05d0\u05d1\u0627",
    "spaces": "a  b",
    "long": "x" * 4_000,
}
"""Texts with a meaning in some language, which columns, categories and classes may have."""

UNSEEN: dict[str, tuple[str, str]] = {
    "NUL": ("a\0b", "the invisible character U+0000"),
    "return": ("a\rb", "the invisible character U+000D"),
    "escape": ("\x1b[31m", "the invisible character U+001B"),
    "override": ("\u202eab", "the invisible character U+202E RIGHT-TO-LEFT OVERRIDE"),
    "mark": ("a\u200f", "the invisible character U+200F RIGHT-TO-LEFT MARK"),
    "separator": ("a\u2028b", "the invisible character U+2028 LINE SEPARATOR"),
    "joined emoji": ("\U0001f468\u200d\U0001f469", "the invisible character U+200D ZERO WIDTH JOINER"),
    "10,000 characters": ("x" * 10_000, "the text has 10000 characters, but at most 4000 are allowed"),
}
"""Texts that they may not have, and what is said."""
