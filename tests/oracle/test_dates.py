"""JavaScript, MicroPython and C read dates as the reference does, as Python does in ``tests/description``."""

import json
from pathlib import Path

import pytest

from nngen.description.model import Spec
from nngen.targets import texts
from nngen.targets.modules import as_module
from tests.oracle.bindings import imported, put
from tests.oracle.c_rows import answers_in_c
from tests.oracle.micropython import micropython
from tests.oracle.node import Job
from tests.oracle.node import run as run_node
from tests.support.date_texts import ENCODING, NAMES, SPEC, WIDTH, right, rows

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


def test_c_reads_random_dates_as_the_reference(tmp_path: Path) -> None:
    given = [row for row in rows(800, seed=7) if "\n" not in "".join(row)]
    assert ENCODING
    tries = "\n".join(
        f"""
        other = row;
        {"".join(f"other.{name} = NAN;" for name in NAMES if name != tried)}
        if (dated_encode(&other, x)) printf("refused ");
        else for (int i = {WIDTH * place}; i < {WIDTH * place + WIDTH}; i++) printf("%.17g,", x[i]);
        printf(" ");
        """
        for place, tried in enumerate(NAMES)
    )
    body = f'dated_row other; double x[DATED_INPUTS]; {tries} puts("");'
    lines = answers_in_c("dated", texts(SPEC, Path(), ["c"])["c"], ENCODING, given, body, tmp_path)
    found = [
        [None if cell == "refused" else [*map(float, cell.rstrip(",").split(","))] for cell in line.split()]
        for line in lines
    ]
    _agree(found, given)


def test_the_binding_reads_dates_as_the_module_of_python(tmp_path: Path) -> None:
    spec = Spec.model_validate(SPEC.model_dump(by_alias=True) | {"targets": ["python", {"name": "c", "binding": True}]})
    made = texts(spec, tmp_path)
    python = as_module(spec.name, made["python"])
    module = imported(put(spec.name, made["c"], made["binding"], tmp_path))
    row = ["29.02.2024" if name == NAMES[2] else "2024-02-29 13:45" for name in NAMES]
    assert module.predict(module.init(), row) == pytest.approx(python.predict(python.init(), row), rel=1e-12)
