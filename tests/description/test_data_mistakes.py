"""Mistakes in a file of data are shown at their place in it."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest

from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.description.data import Array, Expected, read_frame, sources
from nngen.description.data.examples import read_examples
from nngen.reading.source import load
from tests.support.modules import named
from tests.support.tables import csv_file, spec

HINT = "for two classes, name them: `classes: [first, second]`, for 0 and 1"
GAP = "to accept a missing value, say what replaces it at the input: `missing: median`"
TWICE = "the columns of this name are read as 'b_1' and 'b_2': name one of them"
ENCODING = "name its encoding: `--encoding cp1252`, or in a spec `data: {encoding: cp1252}`"
LEAVE_OUT = "leave such rows out: `missing_target: leave_out`"
CLASSES = "the classes are no and yes"
MISTAKES: Mapping[str, tuple[str | bytes, Mapping[str, object], tuple[int, int, int, str, str, str]]] = {
    "no number": ("a,b,y\n1,x,0\n", {}, (2, 3, 1, "b: expected a number, got 'x'", "", "")),
    "no number, after a quoted comma": (
        'a,"c,d",b,y\n1,"2,5",x,0',
        {},
        (2, 9, 1, "b: expected a number, got 'x'", "", ""),
    ),
    "no target": ("a,b,y\n1,2,no\n", {}, (2, 5, 2, "y: expected a number, got 'no'", "", HINT)),
    "empty cell": ("a,b,y\n1,2,3\n1,,0\n", {}, (3, 3, 1, "b: expected a number, got nothing", "", GAP)),
    "blank cell": ("a,b,y\n1, ,0\n", {}, (2, 3, 1, "b: expected a number, got nothing", "", GAP)),
    "NaN": ("a,b,y\nnan,2,0\n", {}, (2, 1, 3, "a: expected a number, got 'nan'", "", GAP)),
    "infinite": ("a,b,y\n-inf,2,0\n", {}, (2, 1, 4, "a: expected a number, got '-inf'", "", "")),
    "digit of another script": ("a,b,y\n\u0665,2,0\n", {}, (2, 1, 1, "a: expected a number, got '\u0665'", "", "")),
    "underscore": ("a,b,y\n1_0,2,0\n", {}, (2, 1, 3, "a: expected a number, got '1_0'", "", "")),
    "too large": ("a,b,y\n1,-1e999,0\n", {}, (2, 3, 6, "b: expected a number up to 1e+100, got '-1e999'", "", "")),
    "too few cells": ("a,b,y\n1,2\n", {}, (2, 1, 3, "expected 3 cells, as there are column names, got 2", "", "")),
    "too many cells": (
        "a,b,y\n1,2,3,\n",
        {},
        (
            *(2, 1, 6, "expected 3 cells, as there are column names, got 4", ""),
            "a cell that contains commas needs double quotes",
        ),
    ),
    "unknown class": (
        "a,b,y\n1,2,yess\n",
        {"classes": ["no", "yes"]},
        (2, 5, 4, "y: unknown class 'yess'", "did you mean 'yes'?", CLASSES),
    ),
    "no class": (
        "a,b,y\n1,2,\n",
        {"classes": ["no", "yes"]},
        (2, 5, 1, "y: expected a class, got nothing", "", f"{LEAVE_OUT}; {CLASSES}"),
    ),
    "one of many classes": (
        "a,b,y\n1,2,30\n",
        {"classes": [f"kind{i}" for i in range(21)]},
        (2, 5, 2, "y: unknown class '30'", "", ""),
    ),
    "no column": ("a,bb,y\n1,2,3\n", {}, (1, 1, 6, "expected one column 'b', got none", "did you mean 'bb'?", "")),
    "twice a column": (
        "a,b,b,y\n1,2,3,4\n",
        {},
        (1, 1, 7, "expected one column 'b', got 2", "", TWICE),
    ),
    "empty file": ("", {}, (1, 1, 1, "expected a line of column names, got an empty file", "", "")),
    "no rows": ("a,b,y\n\n", {}, (1, 1, 5, "expected 1 or more examples below the column names, got none", "", "")),
    "nothing to split": (
        "a,b,y\n1,2,3\n",
        {"split": {"test": 0.5}},
        (1, 1, 5, "expected 2 or more examples below the column names, got 1", "", ""),
    ),
    "not UTF-8": (b"a,b,y\n1,2,3\n1,\xe9,2\n", {}, (3, 1, 5, "expected text in UTF-8", "", ENCODING)),
    "open quote": (
        'a,b,y\n1,"2,3\n4,5,6\n',
        {},
        (2, 1, 6, "expected cells separated by commas, each plain or completely in quotes", "", ""),
    ),
}


@pytest.mark.parametrize(("content", "more", "expected"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_in_a_file(
    tmp_path: Path, content: str | bytes, more: Mapping[str, object], expected: tuple[int, int, int, str, str, str]
) -> None:
    path = csv_file(tmp_path, content)
    outputs = [f"out{i}" for i in range(21)] if len(str(more)) > 100 else ["out"]
    with pytest.raises(SpecError) as caught:
        read_examples(spec({"file": "data.csv", "target": "y", **more}, outputs), tmp_path)
    [found] = caught.value.diagnostics
    assert found.path == str(path)
    assert (found.line, found.column, found.width, found.message, found.label, found.help) == expected


def test_a_mistake_is_shown_at_its_place(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b,y\n0.5,0.25,yess\n")
    with pytest.raises(SpecError) as caught:
        read_examples(spec({"file": "data.csv", "target": "y", "classes": ["no", "yes"]}), tmp_path)
    assert str(caught.value) == (
        "error: y: unknown class 'yess'\n"
        f"  --> {path}:2:10\n"
        "   |\n"
        " 2 | 0.5,0.25,yess\n"
        "   |          ^^^^ did you mean 'yes'?\n"
        "   |\n"
        "   = help: the classes are no and yes"
    )


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_ROWS", 2)
    csv_file(tmp_path, "a,b,y\n" + "1,2,3\n" * 3)
    with pytest.raises(SpecError, match="expected at most 2 examples"):
        read_examples(spec({"file": "data.csv", "target": "y"}), tmp_path)


def weights(path: Path) -> Array:
    return read_frame(path, [Expected("count", "weight")]).numbers("count")


@pytest.mark.parametrize("cell", ["-1", "1e18", "heavy"])
def test_a_weight_in_a_file_is_a_number_from_0(cell: str, tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"a,y,count\n1,2,0.5\n3,4,{cell}\n")
    with pytest.raises(SpecError, match=f"count: expected a (weight of at least 0|number).*'{cell}'") as caught:
        weights(path)
    assert caught.value.diagnostics[0].line == 3
    path = csv_file(tmp_path, "a,y,count\n1,2,0.5\n3,4,0\n")
    assert weights(path).tolist() == [0.5, 0.0]


def found(tmp_path: Path, content: str | bytes, **more: object) -> list[Diagnostic]:
    csv_file(tmp_path, content)
    with pytest.raises(SpecError) as caught:
        read_examples(spec({"file": "data.csv", "target": "y", **more}), tmp_path)
    return list(caught.value.diagnostics)


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    content = b'a,b,y\n1,x,0\n1,2\n5,6,7\nnan,,0\n\xff\n1,"2,3\n"1,5",2,one\n'
    mistakes = found(tmp_path, content)
    assert [(mistake.line, mistake.column, mistake.message.split(",")[0]) for mistake in mistakes] == [
        (2, 3, "b: expected a number"),
        (3, 1, "expected 3 cells"),
        (5, 1, "a: expected a number"),
        (5, 5, "b: expected a number"),
        (6, 1, "expected text in UTF-8"),
        (7, 1, "expected cells separated by commas"),
        (8, 1, "a: expected a number"),
        (8, 9, "y: expected a number"),
    ]
    assert mistakes[6].help == '`number: {decimal: ","}` reads it as 1.5'
    assert [mistake.message for mistake in found(tmp_path, "b,c\n1,2\n")] == [
        "expected one column 'a', got none",
        "expected one column 'y', got none",
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [(10, ""), (11, "1 more mistake in this file"), (5_000, "at least 990 more mistakes in this file")],
)
def test_of_many_mistakes_ten_are_shown(rows: int, said: str, tmp_path: Path) -> None:
    mistakes = found(tmp_path, "a,b,y\n" + "1,2,x\n" * rows)
    assert [mistake.line for mistake in mistakes] == [*range(2, 12), *([None] if said else [])]
    assert mistakes[-1].message == said or not said


OTHER = {
    gzip.compress(gzip.compress(b"a,b,y\n1,2,0\n")): (
        "expected a table, got a gzip file within a packed file",
        "unpack it: `gunzip data.csv`",
    ),
    gzip.compress(b"SQLite format 3\0"): ("a workbook or a database is read from its own file", ""),
    b"\x93NUMPY\x01\x00": ("expected a table, got a single array of NumPy", "numpy.savez"),
}


@pytest.mark.parametrize(("content", "said"), OTHER.items(), ids=[message for message, _ in OTHER.values()])
def test_files_of_other_kinds_are_known_by_what_is_in_them(
    content: bytes, said: tuple[str, str], tmp_path: Path
) -> None:
    [mistake] = found(tmp_path, content)
    assert mistake.message.startswith(said[0])
    assert said[1] in mistake.help


def test_columns_whose_names_are_no_names_of_inputs(tmp_path: Path) -> None:
    """Each message leads to the next step, until the spec is right."""
    csv_file(tmp_path, "mean radius,worst-area,y\n1,2,0\n")
    network = named("xor_mlp").read_text("utf-8").split("data:")[0]
    path = tmp_path / "net.yaml"

    def says(inputs: str, data: str) -> str:
        text = network.replace("[x1, x2]", inputs, 1)
        path.write_text(f"{text}data: {{file: data.csv, target: y{data}}}\n", "utf-8")
        try:
            return str(load(path).name)
        except SpecError as error:
            return str(error)

    assert "did you mean 'mean_radius'?" in says("[mean radius, worst-area]", "")
    assert "list them under `data`: `inputs: [...]`" in says("[mean radius, worst-area]", "")
    assert "list them under `data`: `inputs: [...]`" in says("[mean_radius, worst_area]", "")
    assert says("[mean_radius, worst_area]", ", inputs: [mean radius, worst-area]") == "xor_mlp"


COUNTED = "raise the number of `ids`, or give unknown ids one more row: `unknown: row`"
LISTED = "list it under `ids`, or give unknown ids one more row: `unknown: row`"
NAMED = "list ids that are no whole numbers from 0, as in `ids: [ann, bob]`, or take those of the table: `ids: data`"
ABSENT = "remove the rows without an id"
UNRATED = f"{LEAVE_OUT}, or let the loss ignore them: `missing: ignore`"
IDS = {
    "0,a,1": (),
    "5,a,1": ("user: expected a whole number from 0 to 4, got '5'", COUNTED),
    "-1,a,1": ("user: expected a whole number from 0 to 4, got '-1'", NAMED),
    "1.5,a,1": ("user: expected a whole number from 0 to 4, got '1.5'", NAMED),
    "bob,a,1": ("user: expected a number, got 'bob'", NAMED),
    ",a,1": ("user: expected a number, got nothing", ABSENT),
    "1,d,1": ("item: unknown id 'd'", LISTED),
    "1,,1": ("item: expected an id, got nothing", ABSENT),
    "1,a,": ("stars: expected a number, got nothing", UNRATED),
}
"""Rows of ratings, and what is said about them."""

IDS_WITH_A_ROW_FOR_OTHERS = {
    **dict.fromkeys(("5,a,1", "-1,a,1", "1,d,1"), ()),
    "bob,a,1": ("user: expected a number, got 'bob'", NAMED),
    ",a,1": ("user: expected a number, got nothing", ABSENT),
    "1,,1": ("item: expected an id, got nothing", ABSENT),
}


@pytest.mark.parametrize(
    ("row", "said", "unknown"),
    [
        *((row, said, "error") for row, said in IDS.items()),
        *((row, said, "row") for row, said in IDS_WITH_A_ROW_FOR_OTHERS.items()),
    ],
)
def test_ids(row: str, said: tuple[str, ...], unknown: str, tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text(f"user,item,stars\n{row}\n")
    path = tmp_path / "ratings.yaml"
    path.write_text(
        f"""
name: ratings
inputs: [{{name: user, ids: 5, unknown: {unknown}}}, {{name: item, ids: [a, b, c], unknown: {unknown}}}]
layers:
  - {{name: p, kind: embedding, from: user, units: 2}}
  - {{name: q, kind: embedding, from: item, units: 2}}
  - {{name: rating, kind: dot, from: [p, q]}}
loss: squared_error
training: {{optimizer: {{name: adam, rate: 0.1}}}}
data: {{file: ratings.csv, target: stars}}
"""
    )
    found: list[Diagnostic] = []
    try:
        read_examples(load(path), tmp_path)
    except SpecError as error:
        found = [*error.diagnostics]
    assert [part for one in found for part in (one.message, one.help)] == [*said]
