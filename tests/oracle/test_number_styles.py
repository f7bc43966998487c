"""JavaScript, MicroPython and C read texts of numbers as the reference does, as Python in ``tests/description``."""

import json
from pathlib import Path

import pytest

from nngen.targets import texts
from tests.oracle.c_rows import answers_in_c
from tests.oracle.micropython import micropython
from tests.oracle.node import Job
from tests.oracle.node import run as run_node
from tests.support.number_texts import ENCODING, SPEC, right, rows

pytestmark = pytest.mark.oracle

PROGRAM = """
import json, styled

def cell(row, place):
    try:
        return styled.encode([row[i] if i == place else 0.0 for i in range(len(row))])[place]
    except ValueError:
        return 0.5

with open("rows.json") as file:
    print(json.dumps([[cell(row, place) for place in range(len(row))] for row in json.load(file)]))
"""
"""It prints what each text is; 0.5, which no text of the rows is, stands for a refusal."""


def test_javascript_reads_random_texts_as_the_reference(tmp_path: Path) -> None:
    body = """
        const cell = (row, place) => {
          try {
            return m.encode(row.map((text, i) => (i === place ? text : 0)))[place];
          } catch (error) {
            return error instanceof RangeError ? null : String(error);
          }
        };
        return given.map((row) => row.map((_, place) => cell(row, place)));
    """
    given = list(rows(800, seed=5))
    [found] = run_node([Job(texts(SPEC, Path(), ["javascript"])["javascript"], body, given)], tmp_path)
    assert found["gives"] == [right(row) for row in given]


def test_micropython_reads_random_texts_as_the_reference(tmp_path: Path) -> None:
    given = [[text for text in row if "\0" not in text] for row in rows(60, seed=6)]
    given = [row for row in given if len(row) == len(SPEC.columns)]
    (tmp_path / "styled.py").write_text(texts(SPEC, Path(), ["python"])["python"], "utf-8")
    (tmp_path / "rows.json").write_text(json.dumps(given), "utf-8")
    (tmp_path / "main.py").write_text(PROGRAM, "utf-8")
    found = json.loads(micropython(tmp_path, "main.py"))
    for row, answers in zip(given, found, strict=True):
        assert answers == pytest.approx([0.5 if value is None else value for value in right(row)], rel=1e-12)


def test_c_reads_random_texts_as_the_reference(tmp_path: Path) -> None:
    given = [row for row in rows(800, seed=7) if not {"\0", "\n"} & set("".join(row))]
    assert ENCODING
    names = [column.name for column in ENCODING.columns]
    cells = " ".join(f'printf("%.17g ", isnan(row.{name}) ? 7.25 : row.{name});' for name in names)
    lines = answers_in_c("styled", texts(SPEC, Path(), ["c"])["c"], ENCODING, given, f'{cells} puts("");', tmp_path)
    found = [[None if cell == "inf" else float(cell) for cell in line.split()] for line in lines]
    assert found == [right(row) for row in given]
    assert sum(value is None for row in found for value in row) > 1_000
