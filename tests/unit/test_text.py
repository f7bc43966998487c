"""Widths of text, and tables of wide characters."""

import pytest

from nngen.text import columns, padded, table


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("xor", 3),
        ("학습", 4),
        ("\u1112\u1161\u11a8", 2),  # the same first syllable in its parts
        ("e\u0301t\u00e9", 3),
        ("x\u20dd", 1),  # in a circle
        ("नी", 2),
        ("a\u200db", 2),
        ("\uff21\uff22", 4),
        ("😀", 2),
    ],
)
def test_columns(text: str, width: int) -> None:
    assert columns(text) == width
    assert padded(text, 6) == text + " " * (6 - width)
    assert padded(text, 6, right=True) == " " * (6 - width) + text


def test_tables_align_wide_characters() -> None:
    printed = table(("층", "값"), [("은닉층", "1"), ("output", "학")], numbers=(1,))
    assert printed.splitlines() == [
        "층      값",
        "------  --",
        "은닉층   1",
        "output  학",
    ]
