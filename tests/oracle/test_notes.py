"""The unusual cells of rows in every language, beside the reference and what ``nngen predict`` counts."""

import csv
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from nngen.commands.unlike import Unlike
from nngen.common.languages import LANGUAGES
from nngen.description.data import encoding, expected_of, frames, inputs
from nngen.description.model import Spec, parts
from nngen.proof.reference import Encoder
from nngen.proof.verify import verify
from nngen.targets.modules import texts
from tests.oracle.c_rows import answers_in_c
from tests.support.languages import module
from tests.support.modules import ROOT, named
from tests.support.modules import spec as spec_of
from tests.support.runners import running
from tests.support.unusual_cells import COLUMNS, SCALES, hotel, many, rows_of

pytestmark = pytest.mark.oracle


REFUSING = frozenset({"plain", "stars", "still"})
"""Columns that refuse a missing value."""


def expected(spec: Spec, rows: Sequence[Sequence[Any]]) -> list[str]:
    """The words of the reference for each row, with commas between the columns."""
    names = [str(column.column) for column in spec.columns]
    table = dict(zip(names, zip(*rows, strict=True), strict=True))
    return [",".join(one.get(name, "") for name in names) for one in Encoder(spec, {}).notes(table)]


@pytest.mark.parametrize("target", [one for one in LANGUAGES if one != "c"])
def test_the_unusual_cells_of_rows(target: str, tmp_path: Path) -> None:
    """Those at the limits are usual; what ``encode`` refuses as missing or unknown has a word, too."""
    specs = [hotel(), *(many(scale) for scale in SCALES)]
    made = [
        module(spec, target, contents=parts(["notes"]), form={"unroll": "layers"} if target != "numpy" else {})
        for spec in specs
    ]
    with running(target, made, tmp_path) as runner:
        for spec in specs:
            rows = [*rows_of(spec, 60)]
            words = expected(spec, rows)
            for row, meant in zip(rows, words, strict=True):
                assert runner.call(spec.name, "notes", {"row": row}) == meant, row
            found = Counter(word for one in words for word in one.split(","))
            assert min(found["far"], found["missing"], found["unknown"] or spec.name != "hotel") > 0


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_unusual_cells_of_rows_in_c(dtype: str, tmp_path: Path) -> None:
    for spec in (hotel(), *(many(scale) for scale in SCALES)):
        wanted = ["notes"] if spec.name == "hotel" else ["all", "notes"]  # with the type of a row of many numbers
        made = module(spec, "c", contents=parts(wanted), form={"dtype": dtype})
        rows = [[None if cell is None else str(cell) for cell in row] for row in rows_of(spec, 60)]
        if spec.name == "hotel":  # a program reads the numbers of ids, and plain numbers, itself
            rows = [[*row[:1], str(int(float(row[1] or 0))), *row[2:]] for row in rows]
            rows = [
                ["" if cell in ("NA", "nan") and place == 2 else cell for place, cell in enumerate(row)] for row in rows
            ]
        count = len(spec.columns)
        given = (
            "row" if f"typedef {'float' if dtype == 'float32' else 'double'} {spec.name}_row" in made.text else "&row"
        )
        body = f"const char *found[{count}]; {spec.name}_notes({given}, found);"
        body += f'for (int i = 0; i < {count}; i++) printf("%s%s", i ? "," : "", found[i]); printf("\\n");'
        assert made.plan.encoding
        assert answers_in_c(spec.name, made.text, made.plan.encoding, rows, body, tmp_path) == expected(spec, rows)


def test_the_command_counts_the_same_cells(tmp_path: Path) -> None:
    spec, path = hotel(), tmp_path / "table.csv"
    read_rows = (row for row in rows_of(spec, 400) if not any(_refused(row)))
    kept = [["" if cell is None else str(cell) for cell in row] for row in read_rows]
    assert len(kept) > 30
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[column.column for column in spec.columns], *kept])
    how = encoding(spec, tmp_path)
    assert how
    unlike, unknown = Unlike(), Counter[str]()
    for part in frames(path, [expected_of(column, "float64") for column in spec.columns]):
        unlike.look(how, part)
        inputs(how, part, unknown)
    words = [one.split(",") for one in expected(spec, kept)]
    names = [str(column.column) for column in spec.columns]
    counted = {
        word: Counter(name for row in words for name, one in zip(names, row, strict=True) if one == word)
        for word in ("far", "missing", "unknown")
    }
    assert {"far": unlike.far, "missing": +unlike.missing, "unknown": +unknown} == counted


def _refused(row: Sequence[Any]) -> Iterator[bool]:
    """Which cells of a row a table cannot have."""
    for column, cell in zip(COLUMNS, row, strict=True):
        missing = cell is None or cell in ("", "NA") or (isinstance(cell, float) and math.isnan(cell))
        yield missing and column["name"] in REFUSING


@pytest.mark.parametrize("target", ["python", "numpy", "lua"])
def test_wrong_notes_are_found(target: str, tmp_path: Path) -> None:
    """`nngen verify` judges a module without them as before, and finds a limit that is not that of the training."""
    found = spec_of(named("penguins"))
    text = texts(found, ROOT / "specs", [target], contents=["notes"])[target]
    path = tmp_path / f"penguins.{'lua' if target == 'lua' else 'py'}"
    for old, new, wrong in (("", "", []), ("97.8", "97.0", ["notes"]), ('"missing"', '"absent"', ["notes"])):
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        rows = {row.what: row.verdict for row in verify(path, named("penguins"), 20.0).rows}
        assert "notes" in rows
        assert [what for what, verdict in rows.items() if verdict != "right"] == wrong
