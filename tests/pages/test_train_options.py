"""Options of ``nngen train``: values that replace those of the spec, histories, seeds, folds, and compiled code."""

import csv
import statistics
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from tests.support.modules import ROOT

pytestmark = pytest.mark.usefixtures("quick_compiler")

IRIS = ROOT / "specs" / "iris.yaml"
XOR = ROOT / "specs" / "xor_mlp.yaml"


def run(*arguments: object, code: int = 0) -> str:
    """Train, and return what is printed."""
    result = CliRunner().invoke(main, ["train", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def loss(printed: str) -> str:
    """The line of the training loss."""
    return next(line for line in printed.splitlines() if line.startswith("training examples"))


def test_values_replace_those_of_the_spec(tmp_path: Path) -> None:
    text = IRIS.read_text("utf-8")
    changed = tmp_path / "iris.yaml"
    changed.write_text(
        text.replace("epochs: 100", "epochs: 5")
        .replace("units: 8", "units: 3")
        .replace("{name: gradient_descent, rate: 0.1}", "{name: adam, rate: 0.02}"),
        "utf-8",
    )
    options = ("training.epochs=5", "layers.0.units=3", "training.optimizer=adam", "training.optimizer.rate=0.02")
    found = run(IRIS, *(part for option in options for part in ("--set", option)))
    (tmp_path / "data").symlink_to(ROOT / "specs" / "data")
    assert found == run(changed, "--data-root", ROOT)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("training.optimizer.rate=-1", "training.optimizer.rate: expected a number greater than 0, got -1"),
        ("trainin.epochs=3", "there is no 'trainin'"),
        ("layers.2.units=3", "there is no 'layers.2': 2 are listed, from 0"),
        ("training.epochs.a=x", "'training.epochs' is 100, which has no parts"),
        ("epochs", "expected a place and a value, such as training.epochs=100, got 'epochs'"),
        ("training.epochs=[", "--set"),
        ("training.epoch=3", "training: unknown field 'epoch'"),
    ],
)
def test_values_that_do_not_fit(option: str, message: str) -> None:
    assert message in run(IRIS, "--set", option, code=2)


def test_the_history_has_a_line_for_each_epoch(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    run(IRIS, "--epochs", "7", "--history", path)
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert [row["epoch"] for row in rows] == list("1234567")
    losses = [float(row["loss"]) for row in rows]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("option", ["--save", "--history"])
def test_a_file_that_cannot_be_written_is_refused_before_the_training(option: str, tmp_path: Path) -> None:
    printed = run(IRIS, "--epochs", "2", option, tmp_path / ("a" * 256), code=2)
    assert "the file cannot be written: file name too long" in printed.lower()
    assert "epoch" not in printed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--history", "--report"])
def test_a_file_of_others_is_refused_before_the_training(option: str, tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.write_text("mine\n", "utf-8")
    for file, message in (path, "the file exists already"), (tmp_path / "none" / "mine", "there is no such folder"):
        printed = run(IRIS, "--epochs", "2", option, file, code=2)
        assert message in printed
        assert "epoch" not in printed
    assert path.read_text("utf-8") == "mine\n"


def test_seeds_give_mean_and_standard_deviation() -> None:
    lines = run(IRIS, "--epochs", "2", "--seeds", "3", "--jobs", "1").splitlines()
    values = [float(line.split()[2]) for line in lines[2:5]]
    assert [line.split()[0] for line in lines[2:]] == ["seed", "seed", "seed", "mean", "±"]
    assert float(lines[5].split()[1]) == pytest.approx(statistics.fmean(values), abs=1e-4)
    assert float(lines[6].split()[2]) == pytest.approx(statistics.stdev(values), abs=1e-4)


def test_folds_hold_out_each_example_once() -> None:
    lines = run(IRIS, "--epochs", "1", "--folds", "2", "--jobs", "2").splitlines()
    assert [line.split("  ")[0] for line in lines[2:4]] == ["seed 1, fold 1 of 2", "seed 1, fold 2 of 2"]
    assert "expected 5 or more examples, one for each fold, got 4" in run(XOR, "--folds", "5", "--jobs", "1", code=2)


def test_a_search_has_a_row_for_each_combination() -> None:
    options = ("--search", "training.optimizer.rate=0.1,0.5", "--search", "layers.0.units=3,8", "--epochs", "2")
    parts = [part.splitlines() for part in run(IRIS, *options, "--seeds", "2", "--jobs", "1").split("\n\n")]
    for part in parts:  # the table is wider than a terminal
        assert [line.split("  ")[0] for line in part[2:]] == [
            f"training.optimizer.rate={rate}, layers.0.units={units}" for rate in (0.1, 0.5) for units in (3, 8)
        ]
    alone = run(IRIS, "--set", "training.optimizer.rate=0.5", "--epochs", "2", "--seeds", "2", "--jobs", "1")
    mean, spread = (line.split()[-4] for line in alone.splitlines()[-2:])
    assert f"{mean} ± {spread}" in parts[0][-1]
    for wrong in ("layers.0.units", "layers.0.units=", "layers.0.units=3,"):
        assert "expected a place and values, such as layers.0.units=8,16" in run(IRIS, "--search", wrong, code=2)
    assert "expected a whole number" in run(IRIS, "--search", "layers.0.units=3,x", code=2)


def test_compiled_code_learns_the_same(tmp_path: Path) -> None:
    assert loss(run(IRIS, "--epochs", "3", "--target", "c")) == loss(run(IRIS, "--epochs", "3", "--target", "python"))


@pytest.mark.parametrize("option", ["--save", "--resume", "--history", "--report"])
def test_several_trainings_write_no_file(tmp_path: Path, option: str) -> None:
    assert "are about one training" in run(IRIS, "--seeds", "2", option, tmp_path / "file", code=2)


@pytest.mark.parametrize("target", ["numpy", "python", "c"])
def test_training_begins_with_given_parameters(target: str, tmp_path: Path) -> None:
    """Two epochs by full batches, whose order does not matter, one after the other: the same as two in a row."""
    options = XOR, "--target", target, "--save"
    run(*options, tmp_path / "one.json", "--epochs", 1)
    run(*options, tmp_path / "two.json", "--epochs", 2)
    run(*options, tmp_path / "more.json", "--epochs", 1, "--params", tmp_path / "one.json")
    assert (tmp_path / "more.json").read_bytes() == (tmp_path / "two.json").read_bytes()


@pytest.mark.parametrize("other", [("--seed", 1), ("--seeds", 2), ("--folds", 2), ("--resume", "net.checkpoint")])
def test_given_parameters_and_others(other: tuple[object, ...], tmp_path: Path) -> None:
    assert "leave out --resume, --seed" in run(XOR, "--params", tmp_path / "net.json", *other, code=2)


def test_parameters_of_another_network(tmp_path: Path) -> None:
    run(XOR, "--epochs", 1, "--save", tmp_path / "xor.json")
    printed = run(IRIS, "--params", tmp_path / "xor.json", "--save", tmp_path / "iris.json", code=2)
    assert "xor_mlp" in printed
    assert not (tmp_path / "iris.json").exists()
