"""Blocks split at separators have the cells that Python's reader finds; columns of texts are the same in each form."""

import csv
import io

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nngen.description.data.csv_split import cells_of_block
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
    found = cells_of_block(text.encode(), text, ",", 2)
    plain = all(len(row) == 2 and {*row} <= {"", "a", "1.5", '"a"', '""'} for row in rows)
    assert found is not None or not plain
    if found is not None:
        read = [*csv.reader(io.StringIO(text, newline="\n"), strict=True)]
        assert found == [cell for row in read for cell in row]
        assert {len(row) for row in read} == {2}


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
