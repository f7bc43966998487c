"""All languages and the commands read hard cells as the reference does, and in linear time."""

import json
import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from nngen.description.model import parts
from nngen.proof.compiled import Program
from nngen.targets import TARGETS
from tests.oracle.c_rows import answers_in_c
from tests.support.hard_cells import MOST_OF_A_TABLE, SPEC, answers, cases, row
from tests.support.languages import LANGUAGES, module
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

LIMIT = 20.0
"""Seconds for all cells of a language, and in compiled ones for each: see ``MANY``."""

MOST_IN_C = 255
"""Bytes of a number in a style that a header reads, as docs/module.md says; longer ones are refused."""

Answer = list[float] | str
PREDICTION = parts(["prediction"])

IN_PYTHON = """
import json, hard

def answer(row):
    try:
        return [float(value) for value in hard.encode(row)]
    except ValueError:
        return "refused"

def answer_in_numpy(row):
    try:
        return hard.encode([row])[0].tolist()
    except ValueError:
        return "refused"

with open("rows.json") as file:
    print(json.dumps([ANSWER(row) for row in json.load(file)]))
"""

IN_TABLES = """
import csv, io, json, sys
from pathlib import Path
from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding, expected_of, frame_of, inputs
from tests.support.hard_cells import ROW, SPEC

def answer(row):
    text = io.StringIO()
    csv.writer(text).writerows([ROW, row])
    try:
        frame = frame_of(text.getvalue().encode(), "table", [expected_of(column) for column in SPEC.columns], least=1)
        return inputs(encoding(SPEC, Path()), frame)[0].tolist()
    except SpecError:
        return "refused"

print(json.dumps([answer(row) for row in json.load(sys.stdin)]))
"""

IN_JAVASCRIPT = """
import { readFileSync } from "node:fs";
import { encode } from "./hard.mjs";
const answer = (row) => {
  try {
    return encode(row);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return "refused";
  }
};
console.log(JSON.stringify(JSON.parse(readFileSync("rows.json", "utf8")).map(answer)));
"""


def in_python(target: str, rows: Sequence[Sequence[str]], folder: Path) -> list[Answer]:
    answer = {"python": "answer", "numpy": "answer_in_numpy"}[target]
    (folder / "main.py").write_text(IN_PYTHON.replace("ANSWER", answer), "utf-8")
    return _printed([sys.executable, "main.py"], target, rows, folder)


def in_javascript(target: str, rows: Sequence[Sequence[str]], folder: Path) -> list[Answer]:
    (folder / "main.mjs").write_text(IN_JAVASCRIPT, "utf-8")
    return _printed(["node", "main.mjs"], target, rows, folder)


def _printed(command: Sequence[str], target: str, rows: Sequence[Sequence[str]], folder: Path) -> list[Answer]:
    (folder / TARGETS[target].file("hard")).write_text(module(SPEC, target, contents=PREDICTION).text, "utf-8")
    (folder / "rows.json").write_text(json.dumps(rows), "utf-8")
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=LIMIT)
    found: list[Answer] = json.loads(done.stdout)
    return found


def in_tables(_: str, rows: Sequence[Sequence[str]], folder: Path) -> list[Answer]:
    command = [sys.executable, "-c", IN_TABLES]
    given = json.dumps(rows).encode()
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, cwd=ROOT, check=True, timeout=LIMIT)
    found: list[Answer] = json.loads(done.stdout)
    return found


def in_c(target: str, rows: Sequence[Sequence[str]], folder: Path) -> list[Answer]:
    one = module(SPEC, target, contents=PREDICTION)
    assert one.plan.encoding
    inputs = 'for (int i = 0; i < HARD_INPUTS; i++) printf(refused ? "" : "%.17g ", x[i]);'
    body = f'double x[HARD_INPUTS]; const int refused = hard_encode(&row, x); {inputs} puts("");'
    lines = answers_in_c("hard", one.text, one.plan.encoding, rows, body, folder, seconds=LIMIT)
    return [[float(value) for value in line.split()] or "refused" for line in lines]


def compiled(target: str, rows: Sequence[Sequence[str]], folder: Path) -> list[Answer]:
    def answer(row: Sequence[str]) -> Answer:
        try:
            return program.numbers("hard", "encode", row=row)
        except ValueError:
            return "refused"

    with Program(target, [module(SPEC, target, contents=PREDICTION)], folder, seconds=LIMIT) as program:
        return [answer(row) for row in rows]


RUNS: dict[str, Callable[[str, Sequence[Sequence[str]], Path], list[Answer]]] = {
    "python": in_python,
    "numpy": in_python,
    "javascript": in_javascript,
    "c": in_c,
    **dict.fromkeys(LANGUAGES, compiled),
    "commands": in_tables,
}


def test_the_table_runs_through_all_languages() -> None:
    assert [*RUNS] == [*TARGETS, "commands"]
    assert len(TARGETS) == 10


@pytest.mark.parametrize("target", RUNS)
def test_hard_cells_are_read_as_the_reference_reads_them(target: str, tmp_path: Path) -> None:
    found = RUNS[target](target, [row(*case) for case in cases()], tmp_path)
    for (column, text), answer, expected in zip(cases(), found, answers(), strict=True):
        if target == "c" and column == "amount":
            continue  # of which the caller makes a number
        most = (
            MOST_IN_C if target == "c" and column != "city" else MOST_OF_A_TABLE if target == "commands" else math.inf
        )
        right = expected if len(text.encode()) <= most else "refused"
        assert answer == right, (column, text[:40], text[-40:])
