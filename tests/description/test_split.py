"""Blocks split at separators have the cells that Python's reader finds; columns of texts are the same in each form."""

import csv
import io
import re

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nngen.description.data.csv_split import cells_of_block
from nngen.description.data.plain_cells import DIGITS, EXACT
from nngen.description.data.text_columns import ArrowTexts, coded, joined, of_texts

CELLS = st.sampled_from(
    ["", "a", "1.5", '"a"', '""', '"a,b"', '"a""b"', '""""', '"a\nb"', " a", "a ", '"', 'a"b', "\r"]
)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@example([["a", '"b"'], ["", "2"]], "\r\n", False)
def test_cells_are_what_is_between_separators(rows: list[list[str]], end: str, ended: bool) -> None:
    text = end.join(",".join(row) for row in rows) + end * ended
    found = cells_of_block(text.encode(), ",", 2)
    plain = all(len(row) == 2 and {*row} <= {"", "a", "1.5", '"a"', '""'} for row in rows)
    assert found is not None or not plain
    if found is not None:
        read = [*csv.reader(io.StringIO(text, newline="\n"), strict=True)]
        columns = [[*column] for column in zip(*read, strict=True)]
        assert found.texts([0, 1]) == columns
        assert found.texts([1]) == columns[1:]
        assert {len(row) for row in read} == {2}


NUMBERS = st.from_regex(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", fullmatch=True) | st.sampled_from(
    [
        "",
        '""',
        '"-2.5"',
        "-0",
        "-0.0",
        "-",
        ".",
        ".5",
        "5.",
        "1.2.3",
        "--1",
        "1-",
        "+1",
        "1e5",
        "0x10",
        "1_0",
        "nan",
        "1:2",
        "²",
    ]
)


@given(st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=1), st.sampled_from(",;\t|"))
@example([["-0.30964", "99999999.9999999"], ["12345678.1234567", "0.00000001"]], "|")
@example([["99999999.99999999", "123456789"], ["", "1"]], ",")
def test_numbers_are_those_of_float(rows: list[list[str]], separator: str) -> None:
    found = cells_of_block("\n".join(map(separator.join, rows)).encode(), separator, 2)
    assert found is not None
    numbers, whole = found.numbers([0, 1]), found.numbers([0, 1], [0, 1])
    for place, cells in enumerate(zip(*rows, strict=True)):
        values = numbers.get(place)
        texts = [cell.strip('"') for cell in cells]
        sizes = [(len(text.lstrip("-").split(".")[0]), len(text.partition(".")[2])) for text in texts]
        few = all(max(size) <= DIGITS and sum(size) <= EXACT for size in sizes)
        plain = all(re.fullmatch(r"(-?[0-9]+(\.[0-9]+)?)?", text, re.ASCII) for text in texts)
        assert (values is not None) == (plain and few)
        if values is not None:
            expected = np.array([float(text or "nan") for text in texts])
            assert values.view(np.uint64).tolist() == expected.view(np.uint64).tolist()
            assert (place in whole) == all(
                text == "" or (text.lstrip("-").isdigit() and text == str(int(text))) for text in texts
            )


@settings(deadline=None)
@given(st.lists(st.sampled_from([None, "a", "b", "2", "-1.5", "+3"]), min_size=1), st.data())
def test_columns_of_texts_are_the_same(texts: list[str | None], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(texts)))
    rows = np.array(data.draw(st.lists(st.integers(0, len(texts) - 1))), np.intp)
    half = pa.chunked_array([pa.array(texts[:at], pa.string()), pa.array(texts[at:], pa.string())])
    for column in (
        of_texts(texts),
        ArrowTexts(half),
        joined([of_texts(texts[:at]), ArrowTexts(half.slice(at))]),
        coded(["b", None, *texts], np.arange(len(texts)) + 2),
    ):
        present = [*dict.fromkeys(text for text in texts if text is not None)]
        assert column.texts() == column.coded().texts() == texts
        assert [*dict.fromkeys(column)] == [*column.coded()] == present
        assert column.count == len({*texts})
        assert column.contains("b") == ("b" in texts)
        assert column.select(rows).texts() == [texts[row] for row in rows]
        numeric = {"a", "b"}.isdisjoint(texts)
        expected = np.array([np.nan if text is None else float(text) for text in texts]) if numeric else None
        assert numeric == (column.numbers is not None)
        np.testing.assert_array_equal(column.numbers if numeric else expected, expected)
