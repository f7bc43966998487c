"""JavaScript and MicroPython read dates as the reference does, as Python does in ``tests/description``."""

import json
from pathlib import Path

import pytest

from nngen.targets import texts
from tests.oracle.micropython import micropython
from tests.oracle.node import Job
from tests.oracle.node import run as run_node
from tests.support.date_texts import SPEC, WIDTH, right, rows

pytestmark = pytest.mark.oracle

PROGRAM = """
import json, dated

def cell(row, place):
    try:
        return dated.encode([row[i] if i == place else None for i in range(len(row))])[8 * place : 8 * place + 8]
    except ValueError:
        return None

with open("rows.json") as file:
    print(json.dumps([[cell(row, place) for place in range(len(row))] for row in json.load(file)]))
"""


def _agree(found: list[list[list[float] | None]], given: list[list[str]]) -> None:
    for row, answers in zip(given, found, strict=True):
        for text, answer, wanted in zip(row, answers, right(row), strict=True):
            assert (answer is None) == (wanted is None), text
            assert wanted is None or answer == pytest.approx(wanted, rel=1e-12, abs=1e-12), text


def test_javascript_reads_random_dates_as_the_reference(tmp_path: Path) -> None:
    body = """
        const cell = (row, place) => {
          try {
            const inputs = m.encode(row.map((text, i) => (i === place ? text : null)));
            return inputs.slice(WIDTH * place, WIDTH * (place + 1));
          } catch (error) {
            return error instanceof RangeError ? null : String(error);
          }
        };
        return given.map((row) => row.map((_, place) => cell(row, place)));
    """.replace("WIDTH", str(WIDTH))
    given = list(rows(800, seed=5))
    [found] = run_node([Job(texts(SPEC, Path(), ["javascript"])["javascript"], body, given)], tmp_path)
    _agree(found["gives"], given)


def test_micropython_reads_random_dates_as_the_reference(tmp_path: Path) -> None:
    given = list(rows(60, seed=6))
    (tmp_path / "dated.py").write_text(texts(SPEC, Path(), ["python"])["python"], "utf-8")
    (tmp_path / "rows.json").write_text(json.dumps(given), "utf-8")
    (tmp_path / "main.py").write_text(PROGRAM, "utf-8")
    _agree(json.loads(micropython(tmp_path, "main.py")), given)
