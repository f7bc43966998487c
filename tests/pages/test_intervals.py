"""Intervals from the calibration rows of a spec: what train measures, and who uses it."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import nngen
from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.description.data import read_examples
from nngen.description.model import Calibrated, Spec
from nngen.proof.reference import Network, score
from nngen.reading import load, parse
from nngen.targets import as_module

SPEC = """
name: {name}
inputs: [a, b]
layers:
  - {{name: hidden, units: 6, activation: tanh}}
  - {{name: output, units: {units}, activation: {activation}}}
loss: {loss}
training: {{optimizer: {{name: adam, rate: 0.02}}, epochs: 10, batch_size: 32}}
data: {{file: table.csv, target: {target}, scale: standardize, interval: 0.9, split: {{{split}}}{more}}}
"""
NUMBERS: dict[str, str] = {"units": "1", "activation": "linear", "loss": "squared_error", "target": "y", "more": ""}
CLASSES = {
    "units": "[low, middle, high]", "activation": "softmax", "loss": "cross_entropy", "target": "kind", "more": ""
}  # fmt: skip
KINDS: dict[str, dict[str, str]] = {"price": NUMBERS, "kinds": CLASSES}


def written(folder: Path, name: str, rows: int = 900, split: str = "test: 0.3, calibration: 0.3") -> Path:
    """The file of a spec, beside its table."""
    random = np.random.default_rng(1)
    x, noise = random.normal(size=(rows, 2)), random.normal(size=rows)
    y = 3.0 * x[:, 0] + x[:, 1] ** 2 + noise
    with (folder / "table.csv").open("w", newline="") as file:
        kinds = np.array(["low", "middle", "high"])[np.digitize(y, [-1.0, 2.0])]
        table = csv.writer(file)
        table.writerow(["a", "b", "y", "kind", "group", "day"])
        table.writerows(
            [*map(str, row), str(one), kind, i % 30, i]
            for i, (row, one, kind) in enumerate(zip(x, y, kinds, strict=True))
        )
    path = folder / f"{name}.yaml"
    path.write_text(SPEC.format(name=name, split=split, **KINDS[name]))
    return path


def ran(*arguments: object) -> Result:
    """A command that succeeds."""
    result = CliRunner().invoke(main, [*map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result


def distances(spec: Spec, folder: Path, params: Any) -> Any:
    """How far the answers for the calibration rows are from the truth, by the reference."""
    data = read_examples(spec, folder)
    network = Network(spec)
    outputs = network.forward(network.unpack(params), data.calibration_x)
    if spec.data and not data.encoding.classes:
        return np.abs(outputs - data.calibration_y)[:, 0]
    return 1.0 - np.sum(outputs * data.calibration_y, axis=1)


@pytest.mark.parametrize("name", KINDS)
def test_train_measures_intervals_that_hold_in_commands_and_modules(tmp_path: Path, name: str) -> None:
    path, params = written(tmp_path, name), tmp_path / "p.json"
    output = ran("train", path, "--save", params).output
    held = re.search(r"held-out examples: .* at 0\.9.*?: ([0-9.]+)% of 270 targets are", output)
    assert held
    assert 84.0 < float(held[1]) < 96.0  # four standard errors of 270 rows, and those of the calibration
    assert held[0].removeprefix("held-out examples: ") in ran("evaluate", path, "--params", params).output
    content = json.loads(params.read_text())
    stored = float(re.findall(r"interval of [^=]*= 0\.9: ([-0-9.e]+)", content["network"])[0])
    assert stored == pytest.approx(score(distances(load(path), tmp_path, content["parameters"]), 0.9), rel=1e-12)

    answers = list(csv.DictReader(ran("predict", path, "--params", params, "--interval").stdout.splitlines()))
    ran("build", path, "--params", params, "--target", "python", "--out", tmp_path / "out")
    module = as_module(name, (tmp_path / "out" / "python" / f"{name}.py").read_text())
    with (tmp_path / "table.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row, answer in list(zip(rows, answers, strict=True))[:20]:
        found = module.predict_interval(module.TRAINED, row)
        if name == "kinds":
            assert "|".join(kind for kind, there in found.items() if there) == answer["classes"]
        else:
            assert found == pytest.approx([float(answer["lower(y)"]), float(answer["upper(y)"])], rel=1e-12)
    assert "predict_interval" not in nngen.build(path, "python").text  # nothing is measured yet

    result = nngen.train(path)
    again = nngen.predict(result, interval=True)[:20]
    assert [list(map(str, row.values())) for row in again] == [list(row.values()) for row in answers[:20]]
    saved = result.save(tmp_path / "again.json")
    assert json.loads(saved.read_text())["network"] == content["network"]
    assert hasattr(result.module(), "predict_interval")


def test_too_few_rows_are_refused_and_few_draw_a_caution(tmp_path: Path) -> None:
    path = written(tmp_path, "price", rows=40, split="test: 0.2, calibration: 0.2")
    with pytest.raises(SpecError, match=r"8 rows for calibration, and an interval of 0\.9 needs 9"):
        nngen.train(path)
    path = written(tmp_path, "price", rows=45, split="test: 0.2, calibration: 0.2")
    with pytest.warns(nngen.Caution, match="9 rows for calibration: with fewer than 100"):
        nngen.train(path)
    assert [Calibrated.least(level) for level in (0.5, 0.8, 0.9, 0.95, 0.99)] == [1, 4, 9, 19, 99]


@pytest.mark.parametrize("by", ["groups: group", "time: day"])
def test_without_exchangeable_rows_the_output_guarantees_nothing(tmp_path: Path, by: str) -> None:
    path = written(tmp_path, "price", split=f"test: 0.2, calibration: 0.2, {by}")
    with pytest.warns(nngen.Caution, match=f"the split is by {by.split(':')[0]}: .* guarantee no share"):
        nngen.train(path)
    data = read_examples(load(path), tmp_path)
    parts = [len(x) for x in (data.train_x, data.calibration_x, data.test_x)]
    assert parts == [540, 180, 180]
    inputs = [tuple(row) for x in (data.train_x, data.calibration_x, data.test_x) for row in x.tolist()]
    assert len(set(inputs)) == len(inputs) == 900


def test_what_has_no_intervals_is_refused_with_advice(tmp_path: Path) -> None:
    path, params = written(tmp_path, "price"), tmp_path / "p.json"
    ran("train", path, "--save", params)
    content = json.loads(params.read_text())
    content["network"] = content["network"].partition("; interval of ")[0]
    (tmp_path / "old.json").write_text(json.dumps(content))
    for given, expected in (
        ((path, "--params", tmp_path / "old.json"), "no training has measured intervals of 0.9"),
        ((path, "--params", params, "--top", "3"), "--top has no intervals"),
    ):
        result = CliRunner().invoke(main, ["predict", *map(str, given), "--interval"])
        assert result.exit_code == 2
        assert expected in result.output
    result = CliRunner().invoke(
        main, ["build", str(path), "--params", str(params), "--dtype", "int8", "--out", str(tmp_path / "o")]
    )
    assert result.exit_code == 2
    assert "integers have no intervals" in result.output
    without = path.read_text().replace("interval: 0.9, ", "").replace(", calibration: 0.3", "")
    (tmp_path / "plain.yaml").write_text(without)
    result = CliRunner().invoke(main, ["predict", str(tmp_path / "plain.yaml"), "--params", str(params), "--interval"])
    assert "the spec asks for no intervals" in result.output


def test_changed_scores_are_found(tmp_path: Path) -> None:
    path, params = written(tmp_path, "price"), tmp_path / "p.json"
    ran("train", path, "--save", params)
    text = path.read_text().replace("interval: 0.9", "interval: {level: 0.9, score: 123}")
    assert parse(text, "x.yaml", tmp_path).data
    path.write_text(text)
    result = CliRunner().invoke(main, ["predict", str(path), "--params", str(params), "--interval"])
    assert result.exit_code == 2
    assert "interval of output1: the parameters were trained with 0.9: " in result.output


ENDS = """
name: ends
inputs: [a, b]
layers:
  - {{name: hidden, units: 6, activation: tanh}}
  - {{name: middle, units: 1, activation: linear}}
  - {{name: spread, units: 1, activation: softplus, from: [hidden]}}
  - name: output
    units: [low, high]
    from: [middle, spread]
    activation: linear
    weights: {{initial: {{name: values, values: {{middle: [[1], [1]], spread: [[-1], [1]]}}}}, trainable: false}}
    bias: {{trainable: false}}
loss: {loss}
training: {{optimizer: {{name: adam, rate: 0.02}}, epochs: 10, batch_size: 32}}
data: {{file: table.csv, target: {target}, scale: standardize, scale_targets: standardize{more}}}
"""
QUANTILES, DEVIATIONS = "{name: two_quantiles, level: 0.6}", "gaussian_nll"
CALIBRATED = ", interval: 0.9, split: {test: 0.3, calibration: 0.3}"


@pytest.mark.parametrize("loss", [QUANTILES, DEVIATIONS])
def test_ends_are_moved_until_they_hold_the_calibration_rows(tmp_path: Path, loss: str) -> None:
    """By the reference: ceil(271 * 0.9) of 270 rows are inside, and one of them is at an end."""
    path, params = written(tmp_path, "price").with_name("ends.yaml"), tmp_path / "p.json"
    path.write_text(ENDS.format(loss=loss, target="[y, y]", more=CALIBRATED))
    card = tmp_path / "card.md"
    output = ran("train", path, "--save", params, "--card", card).output
    said = card.read_text("utf-8")
    assert "- Target: y\n" in said
    assert said.count("| the target |") == 1
    held = re.search(r"held-out examples: ([0-9.]+)% of 270 targets are between the answers low and high, .*", output)
    assert held
    assert 84.0 < float(held[1]) < 96.0
    assert held[0].endswith("calibrated at 0.9: losses are those of these ends")
    assert held[0].removeprefix("held-out examples: ") in ran("evaluate", path, "--params", params).output
    spec = load(path)
    data, network = read_examples(spec, tmp_path), Network(spec)
    values = json.loads(params.read_text())["parameters"]
    ends, y = network.forward(network.unpack(values), data.calibration_x), data.calibration_y[:, 0]
    outside = np.maximum(ends[:, 0] - y, y - ends[:, 1])
    assert int(np.sum(outside <= 1e-12)) == 244
    assert np.min(np.abs(outside)) < 1e-12
    if loss == QUANTILES:
        assert values[-2] == -values[-1] < 0.0, "ends of 60 % of the rows are moved apart"
    else:  # middle - factor * spread, middle + factor * spread
        assert values[-6:] == [1.0, 1.0, -values[-3], values[-3], 0.0, 0.0]
        assert 1.3 < values[-3] < 2.1, "1.645 deviations of a normal distribution hold 90 %"

    answers = list(csv.DictReader(ran("predict", path, "--params", params).stdout.splitlines()))
    ran("build", path, "--params", params, "--target", "python", "--out", tmp_path / "out")
    module = as_module("ends", (tmp_path / "out" / "python" / "ends.py").read_text())
    with (tmp_path / "table.csv").open() as file:
        for row, answer in list(zip(csv.DictReader(file), answers, strict=True))[:20]:
            found = module.predict(module.TRAINED, row)
            assert found == pytest.approx((float(answer["low"]), float(answer["high"])), rel=1e-12)
            assert found[0] < found[1]
    result = CliRunner().invoke(main, ["predict", str(path), "--params", str(params), "--interval"])
    assert result.exit_code == 2
    assert "the answers are the ends of an interval" in result.output
    r2 = re.search(r"held-out +RMSE +\S+ .*\n.*\n +R² +([0-9.]+)", output)
    assert r2
    assert float(r2[1]) > 0.8, "the metrics are those of the middle of the ends"


def test_two_quantiles_are_of_one_target(tmp_path: Path) -> None:
    path = written(tmp_path, "price").with_name("ends.yaml")
    for target in ("y", "[y, group]"):
        path.write_text(ENDS.format(loss=QUANTILES, target=target, more=""))
        with pytest.raises(SpecError, match=r"ends of an interval of one target(.|\n)*`target: \[y, y\]`"):
            load(path)


def test_a_deviation_is_learned_where_it_depends_on_the_row(tmp_path: Path) -> None:
    """The loss is nearly that of the true means and deviations, and the answers are near these."""
    random = np.random.default_rng(2)
    a, b = random.uniform(-1.0, 1.0, (2, 4000))
    mean, deviation = 20.0 + 3.0 * a, np.exp(b)
    y = random.normal(mean, deviation)
    with (tmp_path / "table.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["a", "b", "y"], *zip(a, b, y, strict=True)])
    path = tmp_path / "ends.yaml"
    path.write_text(ENDS.format(loss=DEVIATIONS, target="[y, y]", more=", split: {test: 0.5}"))
    result = nngen.train(path, epochs=80)
    answers = nngen.predict(result)
    low, high = (np.array([row[end] for row in answers]) for end in ("low", "high"))

    def loss(means: Any, deviations: Any) -> float:
        return float(np.mean(np.log(deviations) + ((y - means) / deviations) ** 2 / 2.0))

    assert loss((low + high) / 2.0, (high - low) / 2.0) < loss(mean, deviation) + 0.02
    assert loss(mean, deviation) < loss(mean, np.std(y - mean)) - 0.1, "one deviation for all rows is worse"
    assert np.mean(np.abs(np.log((high - low) / 2.0) - b)) < 0.15
    held = re.search(
        r"held-out examples: ([0-9.]+)% of 2000 targets are between the answers low and high", result.report
    )
    assert held
    assert 65.0 < float(held[1]) < 71.5, "68.3 % are within one deviation"
