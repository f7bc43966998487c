"""From real tables to modules in four languages, by the commands of a user: the same answers for all held-out rows."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.description.data import encoding, read_examples
from nngen.description.model import Numeric, Spec, Table
from nngen.reading import load
from tests.oracle.bindings import imported
from tests.oracle.c_rows import answers_in_c
from tests.oracle.node import Job, run
from tests.support.real_tables import CHOSEN, RealTable, held_out

pytestmark = pytest.mark.oracle

Row = dict[str, float | str | None]


def command(*words: object) -> None:
    """A command of nngen that succeeds."""
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, done.output


def built(table: RealTable, folder: Path) -> Path:
    """The spec of a table, and beside it the modules of a network that has learned a little."""
    path = table.write(folder)
    spec, params = path.with_suffix(".yaml"), folder / "params.json"
    command("init", path, "--target", table.target, "--out", spec)
    command("train", spec, "--epochs", 3, "--save", params)
    for target in ("python", "numpy", "javascript", "c"):
        command("build", spec, "--params", params, "--target", target, "--out", folder)
    return spec


def held_out_rows(spec: Spec, path: Path) -> list[Row]:
    """These rows as in the table, in the spec's columns."""
    assert isinstance(spec.data, Table)
    assert spec.data.split
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {
            name: None if row[name] == "" else float(row[name]) if isinstance(column, Numeric) else row[name]
            for column in spec.columns
            for name in [column.column or column.name]
        }
        for row, out in zip(rows, held_out(len(rows), spec.data.split), strict=True)
        if out
    ]


def of_c(spec: Spec, rows: Sequence[Row], folder: Path, numeric: bool) -> list[Any]:
    """The answers of a program of C."""
    name = spec.name
    call = f"{name}_predict({name}_trained, &row"
    body = (
        f'double answer; {call}, &answer); printf("%.17g\\n", answer);'
        if numeric
        else f"puts({name}_name_of_class({call})));"
    )
    measured = encoding(spec, folder)
    assert measured
    texts = [[None if cell is None else str(cell) for cell in row.values()] for row in rows]
    lines = answers_in_c(name, (folder / "c" / f"{name}.h").read_text("utf-8"), measured, texts, body, folder)
    return list(map(float, lines)) if numeric else lines


@pytest.mark.parametrize("table", CHOSEN, ids=lambda table: table.name)
def test_all_languages_give_the_same_answers(table: RealTable, tmp_path: Path) -> None:
    path = built(table, tmp_path)
    spec = load(path)
    rows, examples = held_out_rows(spec, path.with_suffix(".csv")), read_examples(spec, tmp_path)
    python, numpy = (imported(tmp_path / target / f"{spec.name}.py") for target in ("python", "numpy"))
    assert np.array([python.encode(row) for row in rows]) == pytest.approx(examples.test_x, rel=1e-14, abs=1e-14)

    expected = [python.predict(python.TRAINED, row) for row in rows]
    numeric = not examples.labels
    page = (tmp_path / "javascript" / f"{spec.name}.mjs").read_text("utf-8")
    [found] = run([Job(page, "return given.map((row) => m.predict(m.TRAINED, row))", rows)], tmp_path)
    answers = {
        "numpy": list(numpy.predict(numpy.TRAINED, rows)),
        "javascript": found["gives"],
        "c": of_c(spec, rows, tmp_path, numeric),
    }
    assert len(set(expected)) > 1
    for target, given in answers.items():
        assert given == (pytest.approx(expected, rel=1e-12) if numeric else expected), target
