"""``nngen verify`` of networks with columns of dates, their worksheet, and what cannot have dates."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from tests.support.date_texts import SPEC

CHANGES = [
    ("+ 3) % 7", "+ 4) % 7", "encode"),
    ("(153 * ((month + 9) % 12) + 2) // 5", "(153 * ((month + 9) % 12) + 1) // 5", "encode"),
    ("year // 4 - year // 100 + year // 400", "year // 4 - 15", "encode"),
    ("day // 1460", "day // 1461", "encode"),
    ("0 < day <=", "0 < day <= 1 +", "cells"),
    ("0 < month < 13", "month < 14", "cells"),
    ("hour < 24", "hour < 25", "cells"),
    ("sorted(", "list(", "encode"),
]
"""Mistakes in a module, and the check that finds each."""


def files(folder: Path, target: object, columns: int = 3) -> tuple[Path, Path]:
    """The spec with some of its columns, and its module."""
    path = folder / "dated.json"
    spec = SPEC.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
    spec["inputs"] = spec["inputs"][:columns]
    path.write_text(json.dumps(spec | {"targets": [target]}), "utf-8")
    result = CliRunner().invoke(main, ["build", str(path), "--out", str(folder / "made"), "--selftest"])
    assert result.exit_code == 0, result.output
    return path, next((folder / "made").rglob("dated.py"))


def verdicts(path: Path, module: Path) -> dict[str, str]:
    """The verdict of each check."""
    printed = CliRunner().invoke(main, ["verify", str(module), "--spec", str(path), "--json"]).output
    return {row["what"]: row["verdict"] for row in json.loads(printed)["rows"]}


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_modules_are_right_and_mistakes_are_found(target: str, tmp_path: Path) -> None:
    path, module = files(tmp_path, target)
    found = verdicts(path, module)
    assert found["encode"] == found["predict"] == found["cells"] == found["selftest"] == "right"
    assert "wrong" not in found.values()
    text = module.read_text("utf-8")
    for before, after, row in CHANGES[target == "numpy" :: 2]:
        assert before in text, before
        module.write_text(text.replace(before, after), "utf-8")
        assert verdicts(path, module)[row] == "wrong", before


def test_a_module_in_32_bits_is_right(tmp_path: Path) -> None:
    """``encode`` makes numbers of 64 bits, which ``forward`` rounds: so does the judge."""
    found = verdicts(*files(tmp_path, {"name": "numpy", "dtype": "float32"}))
    assert found["encode"] == found["cells"] == "right"
    assert "wrong" not in found.values()


def test_a_worksheet_names_the_parts(tmp_path: Path) -> None:
    path, _ = files(tmp_path, "python", len(SPEC.columns))
    x = "2024-02-29,2024/2/29,29.02.2024 12:00,29/2/2024,,,"
    done = CliRunner().invoke(main, ["trace", str(path), "--x", x, "--y", "1"])
    assert done.exit_code == 0, done.output
    assert "d2 = 29.02.2024 12:00" in done.stdout
    assert "d2_weekday_sin" in done.stdout
    assert "d4 is missing" in done.stdout
    refused = CliRunner().invoke(main, ["trace", str(path), "--x", x.replace("29/2", "30/2"), "--y", "1"])
    assert refused.exit_code == 2
    assert "there is no date '30/2/2024'" in refused.stderr
