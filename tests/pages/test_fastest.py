"""The target that trains: C where it saves seconds, NumPy otherwise; and what the user sees of it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands import compiled as choice
from nngen.commands.compiled import compiled, of_checkpoint
from nngen.common.diagnostics import SpecError
from nngen.plan import plan
from nngen.reading import parse

SPEC = """
name: net
inputs: {name: x, size: %d}
layers: [{name: hidden, units: 10, activation: relu}, {name: y, units: [out], activation: linear}]
loss: {name: squared_error, outputs: sum}
training: {optimizer: {name: gradient_descent, rate: 0.01}, batch_size: %d, epochs: 1}
"""


def chosen(rows: int, epochs: int, size: int = 2, batch: int = 1, more: str = "") -> str:
    spec = parse(SPEC % (size, batch) + more, "net.yaml")
    return choice.fastest(spec, plan(spec), rows, epochs)


def test_c_trains_where_it_saves_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "compiler", lambda: True)
    assert chosen(1_000, 100) == "numpy"  # 4 seconds at most
    assert chosen(10_000, 100) == "c"
    assert chosen(10_000, 100, batch=10_000) == "numpy"  # few steps
    assert chosen(10_000, 10_000, size=100, batch=1_000) == "c"
    assert chosen(10_000, 1_000, size=1_000, batch=1_000) == "c"
    assert chosen(10_000, 1_000, size=5_000, batch=1_000) == "numpy"  # large products, which have threads
    assert chosen(10_000, 100, more="targets: [numpy, python]") == "numpy"
    assert chosen(10_000, 100, more="targets: [{name: numpy, dtype: float32}, c]") == "numpy"
    monkeypatch.setattr(choice, "compiler", lambda: False)
    assert chosen(10_000, 100) == "numpy"


def test_train_says_what_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "WORTH", 0.0)
    path = tmp_path / "net.yaml"
    path.write_text(SPEC % (1, 1) + "data: {rows: [{x: [1], y: [2]}, {x: [2], y: [4]}]}", "utf-8")

    def train(*more: str) -> str:
        result = CliRunner().invoke(main, ["train", str(path), "--save", str(tmp_path / "net.json"), *more])
        assert result.exit_code == 0, result.output
        return result.stderr

    says = "trains the module of C, the fastest here; the last bits differ from those of --target numpy\n"
    assert (says in train()) == choice.compiler()
    assert of_checkpoint(tmp_path / "net.checkpoint") == ("c" if choice.compiler() else "numpy")
    assert says not in train("--target", "numpy")
    assert of_checkpoint(tmp_path / "net.checkpoint") == "numpy"
    assert says not in train("--epochs", "3", "--resume", str(tmp_path / "net.checkpoint"))
    assert of_checkpoint(path) == ""


def test_numpy_trains_where_the_compiler_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "WORTH", 0.0)
    monkeypatch.setattr(choice, "compiler", lambda: True)
    monkeypatch.setenv("CC", "false")
    path = tmp_path / "net.yaml"
    path.write_text(SPEC % (1, 1) + "data: {rows: [{x: [1], y: [2]}]}", "utf-8")
    with pytest.raises(SpecError, match="cannot be compiled"):
        compiled(parse(path.read_text("utf-8"), str(path)), tmp_path)
    result = CliRunner().invoke(main, ["train", str(path)])
    assert (result.exit_code, result.stderr) == (0, "")
