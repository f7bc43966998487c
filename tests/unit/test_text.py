"""Widths of text, and tables of wide characters."""

import pytest

from nngen.common.text import WIDTH, columns, counted, padded, table


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


def test_a_wide_table_of_numbers_is_cut() -> None:
    classes = [f"as species {number}" for number in range(42)]
    rows = [[f"species {number}", *(str(number * place) for place in range(42))] for number in range(42)]
    printed = table(["held-out: class", *classes], rows, range(1, 43))
    parts = [part.splitlines() for part in printed.split("\n\n")]
    assert max(map(columns, printed.splitlines())) <= WIDTH
    assert [name for part in parts for name in part[0].split("  ") if name.strip().startswith("as ")] == classes
    for number, row in enumerate(rows, 2):
        assert all(part[number].startswith(f"{row[0]} ") for part in parts)
        assert [cell for part in parts for cell in part[number].removeprefix(row[0]).split()] == row[1:]


def test_the_rows_of_another_wide_table_become_paragraphs() -> None:
    printed = table(("loss", "formula", "source"), [("hinge", "max 0 " * 20, ""), ("squared", "(a - y)^2", "Gauss")])
    assert printed.splitlines() == [
        "loss",
        "-------",
        "hinge",
        "  formula  max 0 max 0 max 0 max 0 max 0 max 0 max 0 max 0 max 0 max 0 max 0 max 0 max 0 max 0 max 0",
        "           max 0 max 0 max 0 max 0 max 0",
        "squared",
        "  formula  (a - y)^2",
        "  source   Gauss",
    ]


def test_counted() -> None:
    assert [counted(1, "row"), counted(2, "row"), counted(2, "class", "classes")] == ["1 row", "2 rows", "2 classes"]


def test_a_cell_stays_on_its_line_and_leaves_the_cursor() -> None:
    assert table(("name", "is"), [("a\nb", "\x1b[2J"), ("c", "d")]).splitlines()[2:] == [
        "a b   \N{REPLACEMENT CHARACTER}[2J",
        "c     d",
    ]
