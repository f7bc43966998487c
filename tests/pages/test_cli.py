"""The command: its output and exit codes."""

import os
import re
import shlex
import shutil
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from nngen.cli import main
from nngen.cli.examples import EXAMPLES
from nngen.common.choices import Trains
from nngen.common.languages import LANGUAGES
from nngen.targets.targets import TARGETS
from tests.support.modules import ROOT, named

XOR = str(named("xor_mlp"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_the_command_offers_all_targets() -> None:
    assert tuple(TARGETS) == LANGUAGES


def test_build_check_and_diff(tmp_path: Path) -> None:
    out = str(tmp_path)
    assert run("build", XOR, "--out", out, "--check").exit_code == 1
    first = run("build", XOR, "--out", out)
    assert first.exit_code == 0
    assert first.stdout == ""
    assert first.stderr.splitlines() == [
        f"wrote {tmp_path / target.name / 'xor_mlp'}{target.suffix}"
        for target in TARGETS.values()
        if not target.runs  # a spec names those that it wants
    ]
    assert run("build", XOR, "--out", out).stderr.startswith("same  ")
    assert run("build", XOR, "--out", out, "--check").exit_code == 0
    file = tmp_path / "python" / "xor_mlp.py"
    edited = file.read_text().replace("a_y - y_y", "y_y - a_y")
    file.write_text(edited)
    check = run("build", XOR, "--out", out, "--check")
    assert check.exit_code == 1
    assert f"{file} differs from the module that nngen writes for this spec" in check.stdout
    assert f"nngen build {XOR} --out {out}" in check.stderr
    diff = run("build", XOR, "--out", out, "--diff")
    assert diff.exit_code == 1
    assert "-    dz_y = y_y - a_y\n+    dz_y = a_y - y_y\n" in diff.stdout
    assert file.read_text() == edited


def test_build_of_one_target(tmp_path: Path) -> None:
    assert run("build", XOR, "--out", str(tmp_path), "--target", "numpy").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["numpy"]


def test_check_of_a_folder_finds_what_no_spec_gives(tmp_path: Path) -> None:
    specs, out = tmp_path / "specs", tmp_path / "out"
    specs.mkdir()
    (specs / "a.yaml").write_text(Path(XOR).read_text())
    assert run("build", str(specs), "--out", str(out)).exit_code == 0
    (out / "python" / "old.py").write_text((out / "python" / "xor_mlp.py").read_text().replace("xor_mlp", "old"))
    result = run("build", str(specs), "--out", str(out), "--check")
    assert result.exit_code == 1
    assert "old.py comes from none of the specs" in result.stdout


@pytest.mark.parametrize("command", ["build", "show", "train"])
def test_mistakes_go_to_stderr_with_exit_code_2(command: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(Path(XOR).read_text().replace("sigmoid", "sigmod"))
    result = run(command, str(bad), *(["--out", str(tmp_path / "out")] if command == "build" else []))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "^^^^^^ did you mean 'sigmoid'?" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["build", "show", "train"])
def test_a_missing_file(command: str) -> None:
    result = run(command, "nowhere.yaml")
    assert (result.exit_code, result.stderr) == (2, "error: this file does not exist\n  --> nowhere.yaml\n")


@pytest.mark.parametrize(
    "arguments", [("show",), ("train", "--seeds", "2"), ("evaluate", "--params", "p.json"), ("export", "--params", "p")]
)
def test_ctrl_c_ends_each_command_with_exit_code_130(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nngen.reading.load", interrupted)
    command, *options = arguments
    result = run(command, XOR, *options, *(["--onnx", "o"] if command == "export" else []))
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "interrupted\n")


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    result = run("build", XOR, "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert (tmp_path / "out").read_text() == "mine"


def test_show_counts() -> None:
    lines = run("show", str(named("digits"))).stdout.splitlines()
    assert lines[0] == "digits: pixel: 64 -> hidden: 32 relu -> output: 10 softmax"
    assert lines[4].split() == ["hidden", "pixel", "relu", "32", "x", "64", "2080", "2048"]
    assert lines[5].split() == ["output", "hidden", "softmax", "10", "x", "32", "330", "320"]
    assert lines[6].split() == ["total", "2410", "2368"]
    first = next(number for number, line in enumerate(lines) if line.startswith("module ")) + 2
    assert [line.split()[0] for line in lines[first:]] == ["python", "numpy", "javascript", "c", "binding", "binding.c"]


def test_show_starts_no_other_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = tmp_path / "called"
    for name in ("gcc", "cc", "clang", "arm-none-eabi-gcc"):
        (tmp_path / name).write_text(f"#!/bin/sh\ntouch {called}\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    assert run("show", str(named("xor_mlp"))).exit_code == 0
    assert not called.exists()


def test_show_names_every_source() -> None:
    assert "hidden + x" in run("show", str(named("skip_mlp"))).stdout.replace("x + hidden", "hidden + x")


@pytest.mark.parametrize("target", get_args(Trains))
def test_train_learns_prints_and_saves(target: str, tmp_path: Path) -> None:
    file = tmp_path / "params.json"
    result = run("train", XOR, "--target", target, "--save", str(file))
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()[-4:]]
    assert [(row[0] + row[1], row[2], round(float(row[3]))) for row in rows] == [
        ("00", "0", 0),
        ("01", "1", 1),
        ("10", "1", 1),
        ("11", "0", 0),
    ]
    assert file.exists()


def test_train_takes_seed_and_epochs() -> None:
    result = run("train", XOR, "--epochs", "3", "--seed", "5")
    assert [line.split(":")[0] for line in result.stdout.splitlines()[:3]] == [f"epoch {i} of 3" for i in (1, 2, 3)]
    assert result.stdout != run("train", XOR, "--epochs", "3", "--seed", "6").stdout


def test_train_tells_how_the_held_out_examples_went() -> None:
    result = run("train", str(named("iris")))
    assert "held-out examples: loss" in result.stdout
    assert "as setosa  as versicolor  as virginica" in result.stdout


def test_train_without_data(tmp_path: Path) -> None:
    spec = tmp_path / "bare.yaml"
    spec.write_text(Path(XOR).read_text().split("data:")[0])
    result = run("train", str(spec))
    assert result.exit_code == 2
    assert "the spec has no data to train on" in result.stderr


def test_train_says_where_it_cannot_save(tmp_path: Path) -> None:
    result = run("train", XOR, "--epochs", "1", "--save", str(tmp_path / "nowhere" / "params.json"))
    assert result.exit_code == 2
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "cannot be written" in result.stderr


def test_formulas_lists_every_entry() -> None:
    from nngen.mathematics.catalogue.activations import ACTIVATIONS
    from nngen.mathematics.catalogue.initializers import INITIALIZERS
    from nngen.mathematics.catalogue.losses import LOSSES
    from nngen.mathematics.catalogue.optimizers import OPTIMIZERS

    first = {line.split("(")[0].split(" ")[0] for line in run("formulas").stdout.splitlines()}
    assert {*ACTIVATIONS, *LOSSES, *OPTIMIZERS, *INITIALIZERS} <= first


def test_nothing_ends_in_a_traceback_on_odd_arguments(tmp_path: Path) -> None:
    for arguments in (
        [],
        ["build"],
        ["build", str(tmp_path)],
        ["show", str(tmp_path)],
        ["build", os.devnull],
        ["nonsense"],
    ):
        result = run(*arguments)
        assert result.exit_code in (0, 2), arguments
        assert "Traceback" not in result.output


@pytest.mark.parametrize("text", ["1_0", "\u0661\u0662", "nan", "inf", "1e300", "0", "two"])
@pytest.mark.parametrize("arguments", [("train", XOR, "--epochs"), ("verify", XOR, "--timeout")])
def test_options_take_numbers_as_data_have_them(arguments: tuple[str, ...], text: str) -> None:
    result = run(*arguments, text)
    assert result.exit_code == 2
    assert f"Invalid value for '{arguments[-1]}': " in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", ""],
        ["build", XOR, ""],
        ["build", XOR, "--out", ""],
        ["show", ""],
        ["train", XOR, "--save", ""],
        ["trace", XOR, "--csv", ""],
        ["trace", XOR, "--params", ""],
        ["trace", XOR, "-o", ""],
        ["explain", XOR, "-o", ""],
        ["verify", ""],
        ["verify", XOR, "--spec", ""],
    ],
    ids=" ".join,
)
def test_an_empty_path_is_no_folder(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert "the path is empty" in result.stderr
    assert not [*tmp_path.iterdir()]


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """The files that examples begin with."""
    shutil.copy(ROOT / "specs" / "data" / "penguins.csv", tmp_path)
    first = (tmp_path / "penguins.csv").read_text("utf-8").splitlines(keepends=True)[:4]
    (tmp_path / "new.csv").write_text("".join(first), "utf-8")
    shutil.copy(ROOT / "specs" / "xor_mlp.yaml", tmp_path / "xor.yaml")
    return tmp_path


@pytest.mark.parametrize("name", main.commands)
def test_help_ends_with_an_example(name: str) -> None:
    words = shlex.split(EXAMPLES[name])
    assert words[:2] == ["nngen", name]
    main.commands[name].make_context(name, words[2:])  # its options are there, and what it needs is given
    assert run(name, "--help").output.endswith(f"\n  Example: {EXAMPLES[name]}\n")


def test_examples_work_in_their_order(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of prove, course and import run in tests of their own: they take long, or need a model."""
    monkeypatch.chdir(begun)
    for name, example in EXAMPLES.items():
        if name not in ("prove", "course", "import"):
            done = run(*shlex.split(example)[1:])
            assert done.exit_code == 0, done.output


def test_without_a_command_it_shows_how_to_begin() -> None:
    shown = run().output
    ways = re.findall(r"^ +nngen (\w+)(.*?)   ", shown, re.MULTILINE)
    assert [name for name, _ in ways] == ["init", "build", "import"]
    for name, words in ways:
        main.commands[name].make_context(name, shlex.split(words))
