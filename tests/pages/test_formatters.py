"""A module in another project: its formatter and its linter leave the module's bytes as they are."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from tests.support.formatted import MARK, unmarked
from tests.support.modules import ROOT, named

FORMATTERS = [
    "ruff format --isolated",
    "ruff check --isolated --fix --unsafe-fixes --select ALL --ignore PGH004",  # a mark for all rules
    "black --quiet",
]


def run(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", *command.split(), "generated"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", FORMATTERS)
def test_a_project_with_other_settings_leaves_modules_as_they_are(command: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "generated", tmp_path / "generated")
    done = run(command, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    built = CliRunner().invoke(main, ["build", "--check", str(ROOT / "specs"), "--out", str(tmp_path / "generated")])
    assert built.exit_code == 0, built.output


@pytest.mark.parametrize("command", FORMATTERS)
def test_it_would_not_without_the_mark(command: str, tmp_path: Path) -> None:
    page = tmp_path / "generated" / "iris.py"
    page.parent.mkdir()
    text = (ROOT / "generated" / "python" / "iris.py").read_text("utf-8")
    page.write_text(text.replace(MARK, ""), "utf-8")
    run(command, tmp_path)
    assert page.read_text("utf-8") != text.replace(MARK, "")


LAYOUT, EDIT = "differs only in layout, as after a formatter", "differs from the module that nngen writes for this spec"


@pytest.mark.parametrize(
    ("kind", "was", "now", "wrong"),
    [
        ("python/xor_mlp.py", "return (a_y,)", "return (\n        a_y,\n    )  # the output", LAYOUT),
        ("python/xor_mlp.py", "return (a_y,)", "return (a_y, )[::1]", EDIT),
        ("javascript/xor_mlp.mjs", "return [a_y];", "return [\n    a_y,\n  ];", LAYOUT),
        ("javascript/xor_mlp.mjs", "return [a_y];", "return [ -a_y ];", EDIT),
        ("c/xor_mlp.h", "return loss;", "return  loss;", LAYOUT),
        ("c/xor_mlp.h", "return loss;", "return -loss;", EDIT),
    ],
)
def test_a_check_tells_what_a_formatter_has_done(kind: str, was: str, now: str, wrong: str, tmp_path: Path) -> None:
    text = (ROOT / "generated" / kind).read_text("utf-8")
    assert was in text
    page = tmp_path / kind
    page.parent.mkdir()
    page.write_text(text.replace(was, now), "utf-8")
    target = kind.partition("/")[0]
    options = ["--check", "--target", target, "--out", str(tmp_path)]
    result = CliRunner().invoke(main, ["build", str(named("xor_mlp")), *options])
    assert result.exit_code == 1
    assert f"{page} {wrong}\n" in result.output
    assert (".prettierignore" in result.output) == (wrong == LAYOUT)


@pytest.mark.parametrize(
    ("command", "was", "now"),
    [
        ("ruff format --isolated --line-length=120 --check", "return (a_y,)", "return (a_y ,)"),
        ("ruff check --isolated", "import math\n", "import math\nimport os\n"),
    ],
)
def test_our_judges_look_behind_the_mark(command: str, was: str, now: str, tmp_path: Path) -> None:
    page = tmp_path / "generated" / "xor_mlp.py"
    page.parent.mkdir()
    text = (ROOT / "generated" / "python" / "xor_mlp.py").read_text("utf-8")
    page.write_text(unmarked(text), "utf-8")
    assert run(command, tmp_path).returncode == 0
    assert was in text
    page.write_text(unmarked(text.replace(was, now, 1)), "utf-8")
    assert run(command, tmp_path).returncode == 1
