"""Tables as programs write them: each folder of ``tests/tables`` has one, the reason, and what nngen makes of it.

``expected.yaml`` has ``reason``, the ``target``, options of ``init``, what it ``says`` on standard error, parts of the
``spec``, what ``train`` says, and the ``answer`` of ``nngen predict`` for the first row of the table, or of
``later.csv`` with the options in ``later``. With ``refused``, ``nngen init`` without options says this instead.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from nngen.cli import main

FOLDER = Path(__file__).parents[1] / "tables"
TABLES = sorted(path.name for path in FOLDER.iterdir())


def run(*words: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [*map(str, words)])
    assert result.exit_code == code, result.output
    return result


def part(spec: Any, place: str) -> Any:
    """The part of a spec at a place such as ``inputs.0.name``; None if there is none."""
    for step in place.split("."):
        if isinstance(spec, list):
            spec = spec[int(step)] if int(step) < len(spec) else None
        else:
            spec = spec.get(step) if isinstance(spec, dict) else None
    return spec


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_as_it_is(name: str, tmp_path: Path) -> None:
    expected = YAML(typ="safe").load(FOLDER / name / "expected.yaml")
    assert expected["reason"]
    [table] = (FOLDER / name).glob("table.*")
    spec, params = tmp_path / "spec.yaml", tmp_path / "params.json"
    begin: Sequence[str | Path] = ("init", table, "--target", expected["target"], "-o", spec)
    if "refused" in expected:
        assert expected["refused"] in run(*begin, code=2).stderr
        assert not spec.exists()
    said = run(*begin, *expected.get("init", ())).stderr
    assert [line for line in expected.get("says", ()) if line not in said] == [], said
    assert ("\nread as" in said) == any(line.startswith("read as") for line in expected.get("says", ()))
    written = YAML(typ="safe").load(spec)
    places = expected["spec"]
    assert {place: part(written, place) for place in places} == places

    root = ("--data-root", FOLDER / name)
    said = run("train", spec, "--save", params, *root).stderr
    assert [line for line in expected.get("train", ()) if line not in said] == [], said
    later = [FOLDER / name / "later.csv", *expected["later"]] if "later" in expected else []
    head, answer, *_ = run("predict", spec, "--params", params, *later, *root).stdout.splitlines()
    assert head.split(",")[0] == expected["target"]
    assert expected.get("answer", answer.split(",")[0]) == answer.split(",")[0]
    judged = run("evaluate", spec, "--params", params, *root)
    assert ("left out" in judged.stderr) == ("left out" in "".join(expected.get("train", ())))
