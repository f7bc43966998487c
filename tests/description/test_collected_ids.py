"""``ids: data``: the spec is that which lists the ids of the table."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.description.data import tables
from nngen.description.model import Index, TableIds
from nngen.reading import load, parse

SPEC = """\
name: stars
inputs:
  - {name: user, column: who, ids: USERS}
  - {name: film, ids: FILMS}
layers:
  - {name: p, kind: embedding, from: user, units: 2}
  - {name: q, kind: embedding, from: film, units: 2}
  - {name: rating, kind: dot, from: [p, q]}
loss: squared_error
training: {optimizer: {name: gradient_descent, rate: 0.1}, epochs: 3}
data: {file: ratings.csv, target: stars}
"""

ROWS = [("10", "Up", 4), ("9", "é", 2), ("x", "Jaws", 3), ("9", "Up", 5), ("10", "true", 1), ("101", "NA film", 2)]


def written(folder: Path, users: str = "data", films: str = "data", text: str = SPEC) -> Path:
    """A spec beside its table."""
    lines = ["who,film,stars", *(f"{user},{film},{stars}" for user, film, stars in ROWS)]
    (folder / "ratings.csv").write_text("\n".join(lines) + "\n", "utf-8")
    path = folder / "stars.yaml"
    path.write_text(text.replace("USERS", users).replace("FILMS", films), "utf-8")
    return path


def ids(path: Path) -> list[int | tuple[str, ...]]:
    return [column.ids for column in load(path).columns if isinstance(column, Index)]


def test_numbers_by_size_and_then_texts(tmp_path: Path) -> None:
    assert ids(written(tmp_path)) == [("9", "10", "101", "x"), ("Jaws", "NA film", "Up", "true", "é")]


def test_it_is_the_spec_that_lists_them(tmp_path: Path) -> None:
    collected = load(written(tmp_path))
    listed = load(written(tmp_path, "[9, 10, 101, x]", "[Jaws, NA film, Up, 'true', é]"))
    assert collected == listed


@pytest.mark.parametrize("suffix", ["parquet", "feather", "npz"])
def test_tables_of_other_kinds(suffix: str, tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import feather, parquet

    columns: dict[str, Any] = {"who": [10, 9, 9, 101], "film": ["b", "a", "b", "a"], "stars": [1.0, 2.0, 3.0, 4.0]}
    if suffix == "npz":
        columns["film"] = [3, 1, 3, 1]
        arrays: dict[str, Any] = {name: np.array(values) for name, values in columns.items()}
        np.savez(tmp_path / "ratings.npz", **arrays)
    else:
        write: Any = parquet.write_table if suffix == "parquet" else feather.write_feather
        write(pa.table(columns), str(tmp_path / f"ratings.{suffix}"))
    path = written(tmp_path, text=SPEC.replace("ratings.csv", f"ratings.{suffix}"))
    assert ids(path) == [("9", "10", "101"), ("1", "3") if suffix == "npz" else ("a", "b")]


@pytest.mark.parametrize("large", [0, 10**9])
@pytest.mark.parametrize(
    "texts",
    [
        ["7", "10", "9", "10", "123456789012345678"],
        ["3000000000", "1", "1", "2"],
        ["07", "7", "10", "007"],
        ["100", "1e2", "0x1F", "31", "0"],
        ["b", "10", "2", "²", "B", ""],
        ["12345", "", "12345", "x", "12345", "-0", "0", "00"],
        ["1" * 19, "1" * 25, "2", "+3", "-4", "5.0", " 6"],
    ],
)
def test_each_row_has_the_place_of_its_id(
    texts: list[str], large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LARGE", large)
    if large:  # blocks of a line or two: numbers in one, texts in another
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        monkeypatch.setattr(tables, "PLAIN", 10)
    path = written(tmp_path)
    (tmp_path / "ratings.csv").write_text("who,film,stars\n" + "".join(f"{text},Up,3\n" for text in texts), "utf-8")
    found = ids(path)[0]
    bare = [text.strip() for text in texts]
    numbers = sorted({text for text in bare if text.isdigit()}, key=lambda text: (len(text), text))
    assert found == (*numbers, *sorted({text for text in bare if text and not text.isdigit()}))
    assert isinstance(found, TableIds)
    assert [found[place] if place >= 0 else "" for place in found.places] == bare


def test_ids_of_a_table_are_checked_as_those_of_a_spec(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "ratings.csv").write_text("who,film,stars\nA\u200bnn,Up,3\nBo,Up,3\n", "utf-8")
    with pytest.raises(SpecError, match="invisible character U\\+200B"):
        load(path)


def test_a_missing_id_is_no_id(tmp_path: Path) -> None:
    path = written(tmp_path)
    table = tmp_path / "ratings.csv"
    table.write_text(table.read_text("utf-8") + "NA,Up,3\n,Up,3\n", "utf-8")
    assert ids(path)[0] == ("9", "10", "101", "x")
    table.write_text("who,film,stars\nNA,Up,3\n", "utf-8")
    with pytest.raises(SpecError, match="every value of the column 'who' is missing"):
        load(path)


def test_a_text_has_no_table() -> None:
    with pytest.raises(SpecError) as caught:
        parse(SPEC.replace("USERS", "data").replace("FILMS", "5"), "the spec")
    [found] = caught.value.diagnostics
    assert (
        found.message == "inputs.0.ids: `ids: data` takes the ids of a table, but the spec is a text without a folder"
    )


def test_a_mistake_of_the_table_is_shown_once(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "ratings.csv").write_text("who,film,stars\n1,a,3\n2,b\n", "utf-8")
    with pytest.raises(SpecError) as caught:
        load(path)
    assert [(found.path, found.line) for found in caught.value.diagnostics] == [(str(tmp_path / "ratings.csv"), 3)]


def test_a_table_elsewhere_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    written(tmp_path)
    path = inner / "stars.yaml"
    path.write_text(SPEC.replace("USERS", "data").replace("FILMS", "data").replace("ratings.csv", "../ratings.csv"))
    with pytest.raises(SpecError, match=r"data\.file: the file is outside the spec's folder"):
        load(path)
    assert load(path, tmp_path).indices[0].count == 4


def test_train_predict_and_another_table(tmp_path: Path) -> None:
    """Parameters belong to the ids of the table: with others, they do not fit."""
    path, params = written(tmp_path), tmp_path / "p.json"

    def run(*arguments: object, code: int = 0) -> str:
        result = CliRunner().invoke(main, list(map(str, arguments)))
        assert result.exit_code == code, result.output
        return result.output

    run("train", path, "--save", params)
    assert len(run("predict", path, "--params", params, "--top", 2, "--for", "10").splitlines()) == 3
    table = tmp_path / "ratings.csv"
    table.write_text(table.read_text("utf-8") + "77,Up,3\n", "utf-8")
    output = run("predict", path, "--params", params, code=2)
    assert "got those of 'stars' of another shape" in output
    assert "the layout must be: stars W_p[user 0..4][p1 p2] W_q[film 0..4][q1 q2]" in output
