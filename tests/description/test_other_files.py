"""Tables in files of other programs: workbooks, databases, JSON and archives, and hostile ones of each."""

import bz2
import datetime
import gzip
import json
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped, unused-ignore]

from nngen.common.diagnostics import SpecError
from nngen.description.data import Frame, read_frame
from nngen.interface import init
from nngen.reading import load
from tests.support.modules import ROOT

NAMES = ["name", "n", "x", "day", "at", "ok", "gap"]

ROWS = [
    ["a, b", 3, 2.5, datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 13, 5), True, None],
    ["007", 12345678901234, -0.1, datetime.date(1999, 12, 31), datetime.datetime(2024, 1, 2, 13, 5, 9), False, "é"],
]

CELLS: Mapping[str, Sequence[str | None]] = {
    "name": ["a, b", "007"],
    "n": ["3", "12345678901234"],
    "x": ["2.5", "-0.1"],
    "day": ["2024-01-02", "1999-12-31"],
    "at": ["2024-01-02 13:05", "2024-01-02 13:05:09"],
    "ok": ["true", "false"],
    "gap": [None, "é"],
}


def cells(frame: Frame) -> Mapping[str, list[str | None]]:
    """The columns as texts."""
    return {name: [*frame.texts(name)] for name in frame.names}


def workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        hidden, sheet, other = (book.add_worksheet(name) for name in ("Notes", "Rows", "Other"))
        hidden.hide()
        sheet.activate()
        sheet.set_first_sheet()
        forms: Mapping[type, str] = {datetime.date: "yyyy-mm-dd", datetime.datetime: "yyyy-mm-dd hh:mm:ss"}
        sheet.write_row(0, 0, NAMES)
        for number, row in enumerate(ROWS, 1):
            for place, value in enumerate(row):
                form = forms.get(type(value))
                if form is not None:
                    sheet.write_datetime(number, place, value, book.add_format({"num_format": form}))
                elif value is not None:
                    sheet.write(number, place, value)
        other.write_row(0, 0, ["a", "b"])
        other.write_row(1, 0, [1, "=1+1"])


def plain() -> list[dict[str, object]]:
    """The rows as records that JSON and databases can hold: days and times are texts."""
    found = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
    return [record | {name: CELLS[name][k] for name in ("day", "at")} for k, record in enumerate(found)]


def lines(path: Path) -> None:
    path.write_text("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in plain()), "utf-8")


def listed(path: Path) -> None:
    path.write_text(f" {json.dumps(plain(), indent=1)}\n", "utf-8")


def database(path: Path) -> None:
    with sqlite3.connect(path) as made:
        made.execute(f"CREATE TABLE rows ({', '.join(NAMES)})")
        for record in plain():
            said = [str(value).lower() if isinstance(value, bool) else value for value in record.values()]
            made.execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", said)
        made.execute(
            "CREATE VIEW endless AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n FROM t) SELECT * FROM t"
        )
    made.close()


def packed(pack: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        lines(path)
        path.write_bytes(pack(path.read_bytes()))

    return write


def archive(path: Path) -> None:
    lines(path.with_name("rows.jsonl"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.write(path.with_name("rows.jsonl"), "folder/rows.jsonl")
        made.writestr("__MACOSX/folder/._rows.jsonl", b"\0\5\26\7")


FILES: Mapping[str, Callable[[Path], None]] = {
    "book.xlsx": workbook,
    "rows.jsonl": lines,
    "rows.json": listed,
    "shop.sqlite": database,
    "rows.zip": archive,
    "rows.jsonl.bz2": packed(bz2.compress),
    "rows.jsonl.gz": packed(gzip.compress),
}


@pytest.mark.parametrize("name", FILES)
def test_a_table_has_the_same_cells_in_each_kind_of_file(name: str, tmp_path: Path) -> None:
    FILES[name](tmp_path / name)
    assert cells(read_frame(tmp_path / name)) == CELLS


def test_a_part_is_named_after_the_file(tmp_path: Path) -> None:
    workbook(tmp_path / "book.xlsx")
    assert cells(read_frame(tmp_path / "book.xlsx#Other")) == {"a": ["1"], "b": ["0"]}  # no formula runs: its value
    (tmp_path / "a#b.csv").write_text("x,y\n1,2\n")
    assert read_frame(tmp_path / "a#b.csv").names == ("x", "y")


def test_a_spec_of_a_sheet_is_made_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with xlsxwriter.Workbook("book.xlsx") as book:
        book.add_worksheet("Empty")
        sheet = book.add_worksheet("My rows")
        for row, values in enumerate([["size", "buys"], *([k % 7, "yes" if k % 7 > 3 else "no"] for k in range(40))]):
            sheet.write_row(row, 0, values)
    network = init("book.xlsx#My rows", target="buys")
    assert 'file: "book.xlsx#My rows"' in str(network)


def test_nested_objects_lists_and_missing_keys(tmp_path: Path) -> None:
    text = '{"a": {"b": {"c": 1}, "d": [1, "x"]}}\n\n{"e": 1.50, "a": {"b": null}}\n{"e": NaN}\n'
    (tmp_path / "rows.jsonl").write_text(text)
    assert cells(read_frame(tmp_path / "rows.jsonl")) == {
        "a.b.c": ["1", None, None],
        "a.d": ['["1", "x"]', None, None],
        "e": [None, "1.50", None],
        "a.b": [None, None, None],
    }


def far(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 16_383, 1)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book, book.open("xl/worksheets/sheet1.xml", "w") as sheet:
        for _ in range(600):
            sheet.write(bytes(1_000_000))


def cut(path: Path) -> None:
    workbook(path)
    path.write_bytes(path.read_bytes()[:3000])


def several(path: Path) -> None:
    with sqlite3.connect(path) as made:
        made.executescript("CREATE TABLE orders (a); CREATE TABLE 'it''s \"x\"' (b); INSERT INTO orders VALUES (1)")
    made.close()


def damaged(path: Path) -> None:
    database(path)
    path.write_bytes(path.read_bytes()[:5000] + b"\xff" * 9000)


def unsaved(path: Path) -> None:
    database(path)
    path.with_name(f"{path.name}-wal").write_bytes(b"x")


def text(content: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(content, "utf-8")

    return write


def encrypted(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("rows.csv", "a,b\n1,2\n")
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


def nested(path: Path) -> None:
    archive(path.with_name("inner.zip"))
    with zipfile.ZipFile(path, "w") as made:
        made.write(path.with_name("inner.zip"), "inner.zip")


HOSTILE: Mapping[str, tuple[str, Callable[[Path], None], str]] = {
    "a sheet of 17 billion cells": ("b.xlsx", far, "it may use 1 GB of memory"),
    "a workbook of 600 MB": ("b.xlsx", bomb, "the unpacked workbook is larger than 512,000,000 bytes"),
    "a workbook that is cut": ("b.xlsx", cut, "the workbook cannot be read: "),
    "no such sheet": ("b.xlsx#rows", workbook, "there is no sheet 'rows' in this file"),
    "several tables": ("s.db", several, "expected one table, got 2: 'orders' and 'it\\'s \"x\"'"),
    "a view": ("s.db#endless", database, "there is no table 'endless' in this file"),
    "a damaged database": ("s.db", damaged, "the database cannot be read: "),
    "changes beside a database": ("s.db", unsaved, "some changes of this database are still in s.db-wal"),
    "no JSON": ("r.jsonl", text('{"a": 1}\n{"a": }\n'), "this is not JSON: Expecting value"),
    "no object": ("r.jsonl", text('{"a": 1}\n[1]\n'), "expected an object, a key and a value for each column"),
    "two objects": ("r.jsonl", text('{"a": 1} {"a": 2}\n'), "expected one object in a line"),
    "no comma": ("r.json", text('[{"a": 1}\n{"a": 2}]'), "expected a list of objects, with commas"),
    "no end": ("r.json", text('[{"a": 1},'), "this is not JSON: Expecting value"),
    "deep": ("r.jsonl", text('{"a": ' * 100_000 + "1" + "}" * 100_000), "it is nested too deeply"),
    "many keys": ("r.jsonl", text("{" + ", ".join(f'"{k}": 1' for k in range(10_001)) + "}"), "10,000 different keys"),
    "encrypted": ("r.zip", encrypted, "the zip archive is encrypted"),
    "nested archives": ("r.zip", nested, "expected a table, got an archive or a workbook within a packed file"),
    "a damaged archive": ("r.zip", text("PK\3\4" + "x" * 60), "the zip archive is damaged or incomplete"),
    "a part of CSV": ("r.csv#a", text("a,b\n1,2\n"), "the file has no parts, so none is 'a'"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_wrong_is_refused(case: str, tmp_path: Path) -> None:
    name, write, message = HOSTILE[case]
    write(tmp_path / name.partition("#")[0])
    with pytest.raises(SpecError) as caught:
        read_frame(tmp_path / name)
    [found] = caught.value.diagnostics
    assert message in found.message
    assert found.line is not None or case not in ("no JSON", "no object", "two objects", "no comma", "no end", "deep")


def test_the_package_that_reads_workbooks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook(tmp_path / "book.xlsx")
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(SpecError, match="python-calamine, which reads workbooks, is not installed") as caught:
        read_frame(tmp_path / "book.xlsx")
    assert "pip install python-calamine` (the extra `files`)" in str(caught.value)


def test_a_mistake_in_a_cell_has_its_place(tmp_path: Path) -> None:
    from nngen.description.data import Expected

    (tmp_path / "rows.jsonl").write_text('{"a": 1, "b": 2}\n{"a": 1, "b": "x"}\n')
    with pytest.raises(SpecError) as caught:
        read_frame(tmp_path / "rows.jsonl", [Expected("b", "number")])
    [found] = caught.value.diagnostics
    assert (found.path, found.line, found.column) == (f"{tmp_path / 'rows.jsonl'} (as CSV)", 3, 3)


def test_a_link_with_a_part_does_not_leave_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``data.csv#x`` is a file that is not there, beside a link that leads out of the folder."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    several(outside / "secret.db")
    (inside / "data.db").symlink_to(outside / "secret.db")
    spec = (ROOT / "specs" / "xor_mlp.yaml").read_text("utf-8").split("data:")[0]
    (inside / "net.yaml").write_text(f"{spec}data: {{file: 'data.db#orders', target: a}}\n", "utf-8")
    monkeypatch.chdir(inside)
    with pytest.raises(SpecError, match="the file is outside the spec's folder"):
        load(inside / "net.yaml")
