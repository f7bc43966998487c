"""Anomaly scores in all languages, with numbers of 64 and of 32 bits, beside those of Python."""

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.targets import TARGETS, as_module
from tests.oracle.compiling import STANDARD, WARNINGS, run
from tests.oracle.node import node
from tests.support import detectors
from tests.support.languages import LANGUAGES

pytestmark = pytest.mark.oracle


def called(*arguments: object) -> str:
    """Run a command, and return what it prints."""
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def pump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spec with its tables; pump.json has its parameters."""
    path = detectors.write(tmp_path_factory.mktemp("pump"))
    detectors.trained(path)
    return path


def built(path: Path, target: str, *, narrow: bool = False) -> Path:
    """The module with trained parameters; of 32 bits, if it is ``narrow``."""
    spec, out = path, path.parent
    if narrow:
        spec, out = path.with_name("narrow.yaml"), path.parent / "narrow"
        spec.write_text(f"{detectors.SPEC}targets: [{{name: {target}, dtype: float32}}]\n")
    called("build", spec, "--params", path.with_suffix(".json"), "--target", target, "--out", out)
    folder = out / target
    return next(one for one in folder.rglob("*") if one.is_file() and one.stem.lower() == "pump")


@pytest.mark.parametrize("target", LANGUAGES)
def test_compiled_modules_have_the_scores_of_the_reference(target: str, pump: Path) -> None:
    narrow = bool(TARGETS[target].narrow)
    file = built(pump, target, narrow=narrow)
    said = called("verify", file, "--spec", pump.with_name("narrow.yaml") if narrow else pump)
    (row,) = (line for line in said.splitlines() if line.startswith("anomalies"))
    assert row.endswith("right")


def expected(pump: Path) -> tuple[list[list[Any]], list[float], list[bool]]:
    """Rows, their scores, and which are anomalies, by Python."""
    one = as_module("pump", built(pump, "python").read_text())
    rows = [row[:-1] for row in csv.reader((pump.parent / "both.csv").read_text().splitlines()[1:])]
    scores = [one.anomaly_score(one.TRAINED, row) for row in rows]
    return rows, scores, [one.is_anomaly(one.TRAINED, row) for row in rows]


def test_javascript_has_the_same_scores(pump: Path) -> None:
    rows, scores, flags = expected(pump)
    file = built(pump, "javascript")
    body = "rows.map((row) => [net.anomaly_score(net.TRAINED, row), net.is_anomaly(net.TRAINED, row)])"
    body = f"const rows = {json.dumps(rows)}; console.log(JSON.stringify({body}));"
    ask = f'import("{file}").then((net) => {{ {body} }});'
    done = node("-e", ask, cwd=pump.parent)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [score for score, _ in found] == pytest.approx(scores, rel=1e-9)
    assert [flag for _, flag in found] == flags


@pytest.mark.parametrize("narrow", [False, True])
def test_c_has_the_same_scores(narrow: bool, pump: Path) -> None:
    rows, scores, flags = expected(pump)
    file, real = built(pump, "c", narrow=narrow), "float" if narrow else "double"
    listed = ",".join(f"{{{a or 'NAN'}, {b}, {c}, PUMP_mode_{mode}}}" for a, b, c, mode in rows)
    program = file.with_name("program.c")
    program.write_text(f"""
#include <stdio.h>
#include "{file.name}"
static const pump_row rows[] = {{{listed}}};
int main(void) {{
    for (int i = 0; i < {len(rows)}; i++) {{
        {real} score;
        if (pump_anomaly_score(pump_trained, &rows[i], &score) != 0) return 1;
        printf("%.17g %d\\n", (double)score, pump_is_anomaly(pump_trained, &rows[i]));
    }}
    const pump_row gap = {{1, NAN, 1, 0}};
    {real} score;
    printf("%d %d\\n", pump_anomaly_score(pump_trained, &gap, &score), pump_is_anomaly(pump_trained, &gap));
    return 0;
}}
""")
    run("gcc", *STANDARD["c"], *WARNINGS, program, "-o", program.with_suffix(""), "-lm")
    done = subprocess.run([program.with_suffix("")], capture_output=True, text=True, check=True)
    *lines, last = (line.split() for line in done.stdout.splitlines())
    assert [float(score) for score, _ in lines] == pytest.approx(scores, rel=1e-3 if narrow else 1e-9)
    assert narrow or [flag == "1" for _, flag in lines] == flags
    assert last == ["2", "-1"]
