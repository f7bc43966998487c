"""Anomaly detectors: the inputs are the target, and a row has a score; commands, and modules of Python."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.reading import load
from nngen.targets import as_module
from tests.support import detectors


def run(*arguments: object, code: int = 0) -> str:
    """Run a command, and return what it prints."""
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module")
def pump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spec with its tables; pump.json has its parameters."""
    path = detectors.write(tmp_path_factory.mktemp("pump"))
    said = run("train", path, "--save", path.with_suffix(".json"))
    assert "95 % of the training rows have at most the score" in said
    return path


def module(path: Path, target: str) -> Any:
    """The module with trained parameters, by `nngen build`."""
    run("build", path, "--params", path.with_suffix(".json"), "--target", target, "--out", path.parent)
    return as_module("pump", (path.parent / target / "pump.py").read_text())


def rows(path: Path) -> list[list[str]]:
    """The rows of both.csv, without the label."""
    return [row[:-1] for row in csv.reader((path.parent / "both.csv").read_text().splitlines()[1:])]


def test_a_score_is_the_mean_squared_error_of_the_encoded_columns(pump: Path) -> None:
    one, many = module(pump, "python"), module(pump, "numpy")
    given = rows(pump)
    scores = [one.anomaly_score(one.TRAINED, row) for row in given]
    for row, score in zip(given, scores, strict=True):
        x = one.encode(row)
        assert score == pytest.approx(np.mean(np.subtract(one.forward(one.TRAINED, x), x) ** 2), rel=1e-12)
        assert one.predict(one.TRAINED, row) == one.forward(one.TRAINED, x)
    assert many.anomaly_score(many.TRAINED, given) == pytest.approx(scores, rel=1e-9)
    flags = [one.is_anomaly(one.TRAINED, row) for row in given]
    assert many.is_anomaly(many.TRAINED, given).tolist() == flags


def test_so_many_percent_of_the_training_rows_are_no_anomalies(pump: Path) -> None:
    one = module(pump, "python")
    training = list(csv.reader((pump.parent / "normal.csv").read_text().splitlines()[1:]))
    assert sum(one.is_anomaly(one.TRAINED, row) for row in training) == 10  # 5 % of 200


def test_a_module_without_parameters_has_scores_only(pump: Path) -> None:
    run("build", pump, "--target", "python", "--out", pump.parent / "bare")
    text = (pump.parent / "bare" / "python" / "pump.py").read_text()
    assert "def anomaly_score(" in text
    assert "is_anomaly" not in text


def test_predict_says_scores(pump: Path) -> None:
    one = module(pump, "python")
    said = run("predict", pump, pump.parent / "both.csv", "--params", pump.with_suffix(".json"))
    head, *found = csv.reader(said.splitlines())
    assert head == ["score", "anomaly"]
    assert [float(score) for score, _ in found] == pytest.approx(
        [one.anomaly_score(one.TRAINED, row) for row in rows(pump)], rel=1e-9
    )
    assert [flag for _, flag in found] == [str(one.is_anomaly(one.TRAINED, row)) for row in rows(pump)]


def test_evaluate_compares_with_labels_where_a_table_has_some(pump: Path) -> None:
    one, params = module(pump, "python"), pump.with_suffix(".json")
    said = run("evaluate", pump, pump.parent / "both.csv", "--params", params)
    scores = np.array([one.anomaly_score(one.TRAINED, row) for row in rows(pump)])
    fine, worn = scores[::2], scores[1::2]
    area = np.mean(worn[:, None] > fine[None, :])
    assert area > 0.8
    assert f"AUC: {area:.4f}" in said
    assert "AUC" not in run("evaluate", pump, pump.parent / "normal.csv", "--params", params)
    assert "AUC" not in run("evaluate", pump, "--params", params)
    narrow = run("evaluate", pump, pump.parent / "both.csv", "--params", params, "--dtype", "int8")
    assert f"{area:.4f}" in narrow


def test_verify_compares_scores_with_the_reference(pump: Path) -> None:
    module(pump, "python")
    file = pump.parent / "python" / "pump.py"
    assert "anomalies" in run("verify", file, "--spec", pump)
    (pump.parent / "wrong.py").write_text(file.read_text().replace("total / 5", "total / 4"))
    assert "the score is" in run("verify", pump.parent / "wrong.py", "--spec", pump, code=1)


def test_init_proposes_a_detector(pump: Path) -> None:
    made = pump.parent / "made.yaml"
    run("init", pump.parent / "normal.csv", "--target", "inputs", "--out", made)
    spec = load(made)
    assert spec.layers[-1].unit_names == tuple(f"output{i}" for i in range(1, 6))
    assert "anomalies" in run("train", made, "--epochs", "2")


def test_a_column_can_be_called_inputs(tmp_path: Path) -> None:
    lines = [f"{i},{3 * i % 41 + 0.5}" for i in range(0, 160, 3)]
    (tmp_path / "t.csv").write_text("\n".join(["a,inputs", *lines, ""]))
    run("init", tmp_path / "t.csv", "--target", "inputs", "--out", tmp_path / "t.yaml")
    assert "target: [inputs]" in (tmp_path / "t.yaml").read_text()
    assert "RMSE" in run("train", tmp_path / "t.yaml", "--epochs", "2")


@pytest.mark.parametrize(
    ("command", "options", "says"),
    [
        ("prove", ["--dtype", "int8"], "nngen prove has no contract for anomaly scores"),
        ("export", ["--arduino", "library"], "a library for Arduino gives answers, and no anomaly scores"),
    ],
)
def test_what_a_detector_cannot_have_is_refused(command: str, options: list[str], says: str, pump: Path) -> None:
    assert says in run(command, pump, "--params", pump.with_suffix(".json"), *options, code=2)
