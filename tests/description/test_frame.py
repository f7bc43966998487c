"""Tables of all kinds become the same frame, by a fast and by a slow way; what is wrong with them is said."""

import gzip
import io
import math
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyarrow import feather, parquet

from nngen.common import files
from nngen.common.diagnostics import SpecError
from nngen.description.data import Expected, arrow_table, frames, read_frame, sources, tables
from nngen.description.data.csv_table import CsvTable
from nngen.description.data.tables import frame_of

PEOPLE = "age,city,paid\n31,Rome,1.5\n,Oslo,-2\n7,?,0\n"
EXPECTED = [Expected("paid", "number"), Expected("age", "number", gaps=True), Expected("city", "category", gaps=True)]
TABLE = pa.table({"age": [31, None, 7], "city": ["Rome", "Oslo", None], "paid": [1.5, -2.0, 0.0]})


def parquet_of(table: pa.Table) -> bytes:
    file = io.BytesIO()
    parquet.write_table(table, file)
    return file.getvalue()


def feather_of(table: pa.Table, compression: str = "lz4") -> bytes:
    file = io.BytesIO()
    feather.write_feather(table, file, compression)
    return file.getvalue()


def npz_of(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


KINDS: Mapping[str, bytes] = {
    "commas": PEOPLE.encode(),
    "semicolons": PEOPLE.replace(",", ";").encode(),
    "tabs": PEOPLE.replace(",", "\t").encode(),
    "bars, Windows, mark of UTF-8": b"\xef\xbb\xbf" + PEOPLE.replace(",", "|").replace("\n", "\r\n").encode(),
    "quotes": PEOPLE.replace("Rome", '"Rome"').replace("age", '"age"').encode(),
    "gzip": gzip.compress(PEOPLE.encode()),
    "parquet": parquet_of(TABLE),
    "parquet, other types": parquet_of(
        pa.table(
            {
                "age": pa.array([31, None, 7], pa.decimal128(5, 1)),
                "city": pa.array(["Rome", "Oslo", None]).dictionary_encode(),
                "paid": pa.array([1.5, -2.0, 0.0], pa.float32()),
            }
        )
    ),
    "feather": feather_of(TABLE),
    "feather, other types": feather_of(
        pa.table(
            {
                "age": pa.array([31, None, 7], pa.uint8()).dictionary_encode(),
                "city": pa.array(["Rome", "Oslo", None], pa.large_string()),
                "paid": pa.array(["1.5", "-2", "0"]),
            }
        ),
        "uncompressed",
    ),
    "npz": npz_of(age=[31, math.nan, 7], city=["Rome", "Oslo", ""], paid=np.array([1.5, -2, 0], np.float16)),
}


@pytest.mark.parametrize("content", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("large", [0, 10**9])
def test_tables_of_all_kinds_give_the_same_frame(
    content: bytes, large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LARGE", large)
    path = tmp_path / "people"
    path.write_bytes(content)
    people = read_frame(path, EXPECTED)
    assert (people.names, len(people)) == (("age", "city", "paid"), 3)
    np.testing.assert_array_equal(people.numbers("age"), [31.0, math.nan, 7.0])
    assert people.texts("city") == ["Rome", "Oslo", None]
    assert people.numbers("paid").tolist() == [1.5, -2.0, 0.0]
    assert people.select([2, 0]).texts("age") == ["7", "31"]


def test_a_frame_without_expectations_has_all_columns_as_they_are() -> None:
    people = frame_of(PEOPLE.encode(), "people.csv")
    assert people.texts("age") == ["31", None, "7"]
    np.testing.assert_array_equal(people.numbers("age"), [31.0, math.nan, 7.0])
    assert (people.is_numeric("age"), people.is_numeric("city")) == (True, False)
    with pytest.raises(SpecError, match="city: expected a number, got 'Rome'") as caught:
        people.numbers("city")
    assert [(found.line, found.column) for found in caught.value.diagnostics] == [(2, 4), (3, 2)]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PEOPLE.replace("31", "old").encode())))
    with pytest.raises(SpecError) as caught:
        [*frames(None, EXPECTED)]
    assert "--> standard input:2:1\n" in str(caught.value)


def test_arrays_with_columns_give_names_with_numbers() -> None:
    x = np.arange(6.0).reshape(3, 2)
    for array in (x, np.asfortranarray(x), x.astype(">i4")):
        points = frame_of(npz_of(x=array, y=["a", "b", "a"]), "points.npz", [Expected("x2", "number")])
        assert points.numbers("x2").tolist() == [1.0, 3.0, 5.0]
    assert frame_of(npz_of(x=x, y=[True, False, True]), "points.npz").names == ("x1", "x2", "y")
    assert frame_of(npz_of(y=[True, False, True]), "points.npz").texts("y") == ["True", "False", "True"]


DATES = "write what the network should see of a date as a number, such as the year or the days since the first one"
DAYS = pa.table({"age": [time(12)], "city": [["Rome"]], "paid": [b"1"]})
WRONG: Mapping[str, tuple[bytes, Sequence[tuple[str, str]]]] = {
    "dates, nested types and bytes in Parquet": (
        parquet_of(DAYS),
        [
            ("paid: expected numbers or texts, got the type 'binary'", "write it as numbers or as texts"),
            ("age: expected numbers or texts, got dates or times (time64[us])", DATES),
            (
                "city: expected numbers or texts, got the nested type 'list<element: string>'",
                "split it into one column for each part",
            ),
        ],
    ),
    "dates and nested types in Feather": (
        feather_of(DAYS.select(["age", "city"]).append_column("paid", [[{"euro": 1}]])),
        [
            (
                "paid: expected numbers or texts, got the nested type 'struct<euro: int64>'",
                "split it into one column for each part",
            ),
            ("age: expected numbers or texts, got dates or times (time64[us])", DATES),
            (
                "city: expected numbers or texts, got the nested type 'list<item: string>'",
                "split it into one column for each part",
            ),
        ],
    ),
    "a column missing in Parquet": (
        parquet_of(pa.table({"ages": [1], "city": ["Rome"], "paid": [1]})),
        [("expected one column 'age', got none", "did you mean 'ages'?")],
    ),
    "a column twice in Feather": (
        feather_of(pa.table([[1], [2], ["Rome"], [1]], names=["age", "age", "city", "paid"])),
        [
            (
                "expected one column 'age', got 2",
                "the columns of this name are read as 'age_1' and 'age_2': name one of them",
            )
        ],
    ),
    "wrong cells in Parquet": (
        parquet_of(pa.table({"age": ["old", "1,5"], "city": ["", "NA"], "paid": [None, math.inf]})),
        [
            ("age, row 1: expected a number, got 'old'", ""),
            (
                "paid, row 1: expected a number, got nothing",
                "to accept a missing value, say what replaces it at the input: `missing: median`",
            ),
            ("age, row 2: expected a number, got '1,5'", ""),
            ("paid, row 2: expected a number, got 'inf'", ""),
        ],
    ),
    "damaged Parquet": (
        KINDS["parquet"][:-9],
        [
            (
                "the file cannot be read: Parquet magic bytes not found in footer. "
                "Either the file is corrupted or this is not a parquet file.",
                "",
            )
        ],
    ),
    "pickled objects": (
        npz_of(age=np.array([1, "x"], object)),
        [
            (
                "age: expected numbers or texts, got pickled Python objects, which can run code",
                "save it with a NumPy type: `values.astype(float)` or `values.astype(str)`",
            )
        ],
    ),
    "three dimensions": (
        npz_of(age=np.zeros((2, 8, 8))),
        [
            (
                "age: expected an array of 1 or 2 dimensions, got 3",
                "reshape it to rows and columns: `age.reshape(len(age), -1)`",
            )
        ],
    ),
    "arrays of different lengths": (
        npz_of(age=[1], paid=[1, 2]),
        [("the arrays have different numbers of rows: age has 1 row, paid has 2 rows", "")],
    ),
    "a name twice": (
        npz_of(age=[[1, 2]], age2=[1]),
        [("expected one column 'age2', got 2", "an array with columns and another array give this name")],
    ),
    "dates in arrays": (
        npz_of(age=np.array(["2024-02-29"], "M8[D]"), city=["Rome"], paid=[1]),
        [("age: expected numbers or texts, got dates or times (datetime64[D])", DATES)],
    ),
    "complex numbers": (
        npz_of(age=[1j], city=["Rome"], paid=[1]),
        [("age: expected numbers or texts, got the type 'complex128'", "save it as numbers or as texts")],
    ),
    "a damaged archive": (
        KINDS["npz"][:-30],
        [("the file of arrays is damaged or incomplete", "")],
    ),
    "a damaged gzip file": (
        KINDS["gzip"][:-9],
        [("the gzip file is damaged or incomplete", "")],
    ),
}


@pytest.mark.parametrize(("content", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_table_is_said(
    content: bytes, expected: Sequence[tuple[str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "people"
    path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        read_frame(path, EXPECTED)
    assert [(found.message, found.help) for found in caught.value.diagnostics] == expected


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SpecError) as caught:
        frame_of(KINDS["feather"], "people.feather")
    [found] = caught.value.diagnostics
    assert found.message == "pyarrow, which reads Feather files, is not installed"
    assert found.help == "install pyarrow: `pip install pyarrow`"
    monkeypatch.setattr(tables, "LARGE", 0)
    assert len(frame_of(PEOPLE.encode(), "people.csv", EXPECTED)) == 3


def bomb_in_a_header() -> bytes:
    """An archive whose array claims to have a trillion rows."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            header,
            {"descr": "<f8", "fortran_order": False, "shape": (10**12,)},
        )
        archive.writestr("age.npy", header.getvalue() + bytes(80))
    return file.getvalue()


BOMBS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "file": (lambda: b"a\n" * 60_000, "the file is larger than 100,000 bytes"),
    "gzip": (lambda: gzip.compress(b"a\n" * 10**7), "the unpacked file is larger than 100,000 bytes"),
    "npz": (lambda: npz_of(age=np.zeros(10**6)), "the unpacked columns are larger than 100,000 bytes"),
    "npz header": (bomb_in_a_header, "age: the array is damaged or incomplete"),
    "parquet": (
        lambda: parquet_of(pa.table({"age": np.zeros(50_000)})),
        "the unpacked columns are larger than 100,000 bytes",
    ),
    "feather": (
        lambda: feather_of(pa.table({"age": np.zeros(10**6)})),
        "the unpacked columns are larger than 100,000 bytes",
    ),
    "parquet rows": (
        lambda: parquet_of(pa.table({"age": np.zeros(10**6)})),
        "expected at most 60,000 examples",
    ),
}


@pytest.mark.parametrize(("content", "message"), BOMBS.values(), ids=BOMBS)
def test_a_table_is_bounded(
    content: Callable[[], bytes], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(content())
    counted = "examples" in message
    monkeypatch.setattr(sources, "MAX_FILE", 10**7 if counted else 100_000)
    monkeypatch.setattr(sources, "MAX_ROWS", 60_000 if counted else 10**7)
    with pytest.raises(SpecError) as caught:
        read_frame(path, [Expected("age", "number")])
    assert [found.message for found in caught.value.diagnostics] == [message]


BROKEN = 'age,"ci\nty",paid\r\n1,"Ro\r\n\r\nme",2\r\n\r\n3,"",4\n5,"O""s\n,\nlo",6\n'


@pytest.mark.parametrize("size", [1, 7, 20, 10**6])
def test_cells_have_line_breaks_in_quotes(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BLOCK", size)
    found = frame_of(BROKEN.encode(), "people.csv")
    assert found.names == ("age", "ci\nty", "paid")
    assert found.texts("ci\nty") == ["Ro\r\n\r\nme", None, 'O"s\n,\nlo']
    assert found.texts("paid") == ["2", "4", "6"]


@pytest.mark.parametrize("size", [1, 7, 20, 10**6])
def test_mistakes_beside_line_breaks_have_their_places(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BLOCK", size)
    wrong = BROKEN.replace(",6", ",six").replace(",2", ",two") + '7,"open,8\n9,Bonn,10\n11\n'
    with pytest.raises(SpecError) as caught:
        frame_of(wrong.encode(), "people.csv", [Expected("paid", "number")])
    assert [(found.line, found.column, found.source) for found in caught.value.diagnostics] == [
        (5, 5, 'me",two'),
        (10, 5, 'lo",six'),
        (11, 1, '7,"open,8'),
        (13, 1, "11"),
    ]


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")
    opened = files.opened

    class Growing:
        """A file to which another program writes while it is read."""

        def __init__(self, file: BinaryIO) -> None:
            self.file = file
            self.fileno, self.readinto = file.fileno, file.readinto  # type: ignore[attr-defined]

        def read(self, most: int) -> bytes:
            if path.stat().st_size == len(PEOPLE):
                with path.open("a") as other:
                    other.write("40,Bonn")
            return self.file.read(most)

    @contextmanager
    def written(path: Path) -> Iterator[Any]:
        with opened(path) as file:
            yield Growing(file)

    monkeypatch.setattr(files, "opened", written)
    with pytest.raises(SpecError) as caught:
        read_frame(path, EXPECTED)
    assert str(caught.value) == (
        "error: the file changed while it was read, from 41 to 48 bytes\n"
        f"  --> {path}\n"
        "  = help: wait until it is complete, or read a copy of it"
    )


CELLS = st.sampled_from(
    [
        *("1", "-1.5", "+.5", "7.", "1e5", "2E-3", "5e-324", "1e-400", "0.1", "123456789012345678901234567890", " 8 "),
        *(
            "1e99",
            "1e101",
            "1e400",
            "inf",
            "nan",
            "NaN",
            "-nan",
            "NAN",
            "",
            " ",
            "NA",
            " NA ",
            "?",
            "None",
            "+-1",
            "++1",
        ),
        *("1_0", "0x10", "1e", "1,5", "\t9", "\x1c9", "\u0665", "\u00a07", "a", "b ", '"q"', '"4"', '"a,b"', '"a""b"'),
        *('a"b', '"a"b', ' "a"', '"a\nb"', '"open', "a\rb", "\r", "é", "\ud83d\ude00", "\x00", "\x0b1"),
    ]
) | st.floats(allow_nan=False, allow_infinity=False).map(repr)
MANY = [
    Expected("a", "number"),
    Expected("b", "number", gaps=True),
    Expected("c", "category", gaps=True),
    Expected("d", "class", known=("a", "b", "1", "")),
    Expected("e", "weight"),
]


def outcome(content: bytes, expected: Sequence[Expected], large: int) -> list[object]:
    """The contents of a table as read: bits of numbers and texts, or the mistakes."""
    tables.LARGE, usual = large, tables.LARGE
    try:
        read = frame_of(content, "table.csv", expected)
    except SpecError as error:
        return [*error.diagnostics]
    finally:
        tables.LARGE = usual
    return [
        read.numbers(column.name).view(np.uint64).tolist() if column.numeric else read.texts(column.name)
        for column in expected
    ]


@given(
    st.lists(st.lists(CELLS, min_size=6, max_size=6) | st.lists(CELLS, max_size=3), max_size=4),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.lists(st.sampled_from(MANY), min_size=1, max_size=5, unique=True),
)
@example([["1", "NA", "?", "", "2", '"q"']], ",", "\n", MANY)
@example([["1", "2", "a", "b", "2", ""]] * 2, ";", "\r\n", MANY)
@example([["1", "2", '"a"b', "b", "2", ""]], ",", "\n", MANY)
@example([[*("1", "2", "a", "b", "2", "x\r1"), *("2", "a", "b", "2", "x")]], ",", "\n", MANY)
@example([["1", "2", '"a\nb"', "b", "2", ""]], ",", "\n", MANY)
@example([["1", "2", "a", "b", "2", "\ud83d"]], ",", "\n", MANY)
@example([["1", "2", "a", "b", "2", "x" * 140_000]], ",", "\n", MANY)
@example([["1", "2", "a", "b", "2", ""], [""], ["", "", "", "", "", ""]], "\t", "\n", MANY[2:3])
def test_the_fast_way_reads_what_the_slow_one_reads(
    rows: list[list[str]], separator: str, end: str, expected: list[Expected]
) -> None:
    lines = [separator.join(cells) for cells in (["a", "b", "c", "d", "e", "other"], *rows)]
    content = end.join(lines).encode("utf-8", "surrogatepass")
    assert outcome(content, expected, 0) == outcome(content, expected, 10**9)


def test_the_fast_way_is_taken() -> None:
    content = b'a,b,c,d,e\r\n1, 2 ,"x, y",a,0.5\r\n-0.0,NA,?,b,1e-310\r\n'
    table = CsvTable("table.csv", io.BytesIO(content))
    table.next_block(tables.BLOCK)
    columns = arrow_table.csv_columns(table, range(5), MANY)
    assert columns is not None
    assert not isinstance(columns[2], np.ndarray)
    assert columns[2].texts() == ["x, y", None]
    assert str(columns[0]) == "[ 1. -0.]"
