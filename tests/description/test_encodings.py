"""Tables as text in any encoding: read in parts with the same cells, or refused in one line."""

import gzip
import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from nngen.common.diagnostics import SpecError
from nngen.description.data import Expected, frames, recognized, tables
from nngen.description.data.csv_head import distinct, titles
from nngen.description.data.csv_records import Ahead
from nngen.description.data.spaced import spaced
from nngen.description.data.tables import frame_of

ROWS = 30_000
CITIES = ["서울", "부산", "대구"]
TEXT = "나이,도시\n" + "".join(f"{i % 90},{CITIES[i % 3]}\n" for i in range(ROWS))
EXPECTED = [Expected("나이", "number"), Expected("도시", "text")]


@pytest.mark.parametrize("how", ["file", "gzip", "standard input"])
@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-16-be"])
def test_a_table_is_read_in_parts(how: str, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Characters are cut between parts of the bytes, and none is lost."""
    monkeypatch.setattr(tables, "BLOCK", 50_000)
    content = TEXT.encode(encoding)
    path: Path | None = tmp_path / "table.csv"
    assert path is not None
    path.write_bytes(gzip.compress(content) if how == "gzip" else content)
    if how == "standard input":
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        path = None
    found = [*frames(path, EXPECTED, encoding="" if encoding == "utf-16" else encoding)]
    assert len(found) > 5
    assert [text for frame in found for text in frame.texts("도시")] == [CITIES[i % 3] for i in range(ROWS)]
    assert sum(float(frame.numbers("나이").sum()) for frame in found) == sum(i % 90 for i in range(ROWS))


def test_large_tables_are_the_same_with_pyarrow(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes((TEXT + TEXT.partition("\n")[2] * 8).encode("cp949"))
    assert path.stat().st_size > 2_000_000
    assert sum(frame.texts("도시").count("부산") for frame in frames(path, EXPECTED, encoding="cp949")) == 3 * ROWS


WRONG = {
    "another byte": (TEXT.encode() + b"1,\xff\n", "", "expected text in UTF-8", "--encoding cp1252"),
    "no cp949": ("a,b\n1,2\n3,€\n".encode("cp1252"), "cp949", "line 3: expected text in cp949, got the byte 0x80", ""),
    "an odd byte": (
        "나이,도시\n1,서울\n".encode("utf-16") + b"\0",
        "",
        "expected text in utf-16, got the byte 0x00",
        "",
    ),
}


@pytest.mark.parametrize(("content", "encoding", "message", "advice"), WRONG.values(), ids=WRONG)
def test_wrong_bytes_are_refused_in_one_line(
    content: bytes, encoding: str, message: str, advice: str, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        list(frames(path, encoding=encoding))
    assert message in caught.value.diagnostics[0].message
    assert advice in caught.value.diagnostics[0].help != ""


@pytest.mark.parametrize("how", ["file", "gzip", "pyarrow"])
def test_cells_between_spaces_are_read_in_parts(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGE" if how == "pyarrow" else "BLOCK", 50_000)
    lines = [f'  {i % 90:>6}   {CITIES[i % 3]} \t "a {i % 7}"\n' for i in range(ROWS)]
    content = ("  나이 도시   word\n" + "".join(lines)).replace("\t", " ").encode()
    path = tmp_path / "table.dat"
    path.write_bytes(gzip.compress(content) if how == "gzip" else content)
    found = [*frames(path, [*EXPECTED, Expected("word", "text")])]
    assert found[0].said == ("the cells are separated by spaces",)
    assert [text for frame in found for text in frame.texts("도시")] == [CITIES[i % 3] for i in range(ROWS)]
    assert [text for frame in found for text in frame.texts("word")] == [f"a {i % 7}" for i in range(ROWS)]
    assert sum(float(frame.numbers("나이").sum()) for frame in found) == sum(i % 90 for i in range(ROWS))


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("a b\n1 2\n", 0),
        ("\ufeffa  b\n\n 1 2\n3   4", 0),
        ("a b\nx 1 2\n", 1),
        ("# a b\n1 2\n", -1),
        ("a b c\n1 2\n", None),
        ("a b\n1 2\n1 2 3\n", None),
        ("a b;c\n1 2;3\n", None),
        ("a b\n", None),
        ("a\n1\n", None),
        ('"a b" c\n1 2\n', 0),
        ("", None),
    ],
)
def test_spaces_between_cells_are_recognized(text: str, lacks: int | None) -> None:
    assert spaced(text.encode()) == lacks


def test_a_name_of_two_words_is_a_name() -> None:
    content = b"full name\nAnn Lee\nBo Li\n"
    assert frame_of(content, "table.csv", [Expected("full name", "text")]).texts("full name") == ["Ann Lee", "Bo Li"]
    with pytest.raises(SpecError, match=r"name: expected a number, got 'Lee'(.|\n)*table.csv:2"):
        frame_of(content, "table.csv", [Expected("name", "number")])


def test_encodings_are_recognized() -> None:
    known = {
        "Größe;Preis\n1;2\n": "cp1252",
        "price;unit\n5;€\n": "cp1252",
        "note\nit\u2019s \u201cfine\u201d \u2013 ok\n": "cp1252",
        "20 °C;x\n": "cp1252",
        "Änderung;x\n1;2\n": "cp1252",
        "ciudad,año\nCórdoba,5\nMálaga,6\n": "cp1252",
        "나이,y\n1,2\n": "cp949",
        "도시,집값\n서울,1\n부산,2\n": "cp949",
    }
    assert {text: recognized(text.encode(encoding), "t.csv") for text, encoding in known.items()} == known
    assert {recognized(text.encode(), "t.csv") for text in known} == {""}
    assert {recognized(text.encode("utf-16"), "t.csv") for text in known} == {""}
    for text, encoding in (("день;год\nИюль;Минск\n", "cp1251"), ("名前,都市\n田中,東京\n鈴木,大阪\n", "cp932")):
        with pytest.raises(SpecError, match=f"--encoding {encoding}"):
            recognized(text.encode(encoding), "t.csv")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Report\na,b\n1,2\n", 1),
        ("Report\n\nof 2024\n\na;b\n1;2\n", 4),
        ("Report, of 2024\na;b;c\n1;2;3\n", 1),
        ("Report,,\na,b,c\n1,2,3\n", 1),
        ("a,b\n1,2\n3,4\n", 0),
        ("a\n1\n2\n", 0),
        ("a\n1,5\n2,5\n", 0),
        (",a\n0,x\n1,y\n", 0),
        ("a,,\n1,2,3\n4,5,6\n", 0),
        ("a,b\nx;y;z,u;v;w\nx;y;z,u;v;w\n", 0),
        ("text\nfoo\na; b\nc\n", 0),
        ("text\n", 0),
        ("", 0),
    ],
)
def test_titles_are_told_from_names(text: str, count: int) -> None:
    assert titles(Ahead(io.BytesIO(text.encode()))) == count


def test_columns_get_distinct_names() -> None:
    assert distinct(["a", "b"]) == (("a", "b"), [])
    assert distinct(["a", "", "a", "a_1", ""])[0] == ("a_1_", "column_2", "a_2", "a_1", "column_5")
