"""A target whose logarithm is learned: the answers by hand, what is refused, and intervals."""

import csv
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from nngen.cli import main
from nngen.reading import parse
from nngen.targets import as_module, texts

SPEC = """
name: homes
inputs: [area]
layers:
  - {name: hidden, units: 3, activation: tanh}
  - {name: output, units: 1, activation: linear}
loss: squared_error
training: {optimizer: {name: adam, rate: 0.05}, epochs: 30, batch_size: 32}
data: {file: homes.csv, target: price, scale: standardize, scale_targets: log, MORE}
"""
SPLIT = "interval: 0.9, split: {test: 0.4, calibration: 0.3}"
ENDS = SPEC.replace("units: 1,", "units: 2,").replace("target: price", "target: [price, price]")


def written(folder: Path, text: str = SPEC, more: str = SPLIT, rows: int = 1_000, last: str = "") -> Path:
    """The file of a spec, beside its table of lognormal prices."""
    random = np.random.default_rng(5)
    area = random.normal(size=rows)
    prices = [*map(str, np.exp(4.0 + area + 0.5 * random.normal(size=rows)).tolist())]
    with (folder / "homes.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["area", "price"])
        table.writerows(zip(area.tolist(), [*prices[:-1], last or prices[-1]], strict=True))
    path = folder / "homes.yaml"
    path.write_text(text.replace("MORE", more), "utf-8")
    return path


def run(*arguments: object) -> Result:
    """A command."""
    return CliRunner().invoke(main, [*map(str, arguments)])


@cache
def by_value() -> Any:
    """A module of Python with constants by value."""
    text = SPEC.partition("data:")[0].replace("units: 3", "units: 1")
    data = "{scale_targets: {name: log, mean: 4, deviation: 0.5}, interval: {level: 0.9, score: 1.25}}"
    spec = parse(f"{text}data: {data}\n", "homes.yaml", Path())
    return as_module("homes", texts(spec, Path(), ["python"])["python"])


def test_an_answer_by_hand() -> None:
    module = by_value()
    params = [2.0, 0.5, 3.0, -1.0]  # of hidden: weight and bias; of output: the same
    output = 3.0 * math.tanh(2.0 * 0.25 + 0.5) - 1.0
    answer = math.exp(4.0 + 0.5 * output)
    assert module.predict(params, [0.25]) == pytest.approx(answer, rel=1e-14)
    assert module.predict_interval(params, [0.25]) == pytest.approx([answer / 1.25, answer * 1.25], rel=1e-14)


@given(st.floats(-1_400.0, allow_infinity=False))
def test_answers_are_positive_and_finite(output: float) -> None:
    assert 0.0 < by_value().decode([output]) <= math.exp(700.0)


def test_intervals_of_lognormal_prices_are_relative_and_hold(tmp_path: Path) -> None:
    path, params = written(tmp_path), tmp_path / "p.json"
    output = run("train", path, "--save", params).output
    assert "intervals at 0.9, the answer times or divided by " in output
    held = float(output.split("% of 400 targets")[0].rpartition(" ")[2])
    assert 84.0 < held < 96.0  # four standard errors of 400 rows, and those of the calibration
    printed = run("predict", path, "--params", params, "--interval", "--explain").stdout
    answers = list(csv.DictReader(printed.splitlines()))
    ratios = {round(float(one["upper(price)"]) / float(one["price"]), 9) for one in answers}
    assert ratios == {round(float(one["price"]) / float(one["lower(price)"]), 9) for one in answers}
    assert len(ratios) == 1
    assert 1.8 < min(ratios) < 2.8  # exp(0.5 * 1.645) is 2.28
    assert all(": *" in one["because"] for one in answers[:20])
    network = json.loads(params.read_text())["network"]
    assert "exp(a * " in network
    assert f"= 0.9: {min(ratios):.6f}"[:-3] in network


@pytest.mark.parametrize("loss", ["{name: two_quantiles, level: 0.9}", "gaussian_nll"])
def test_two_ends_are_positive_and_hold(tmp_path: Path, loss: str) -> None:
    path = written(tmp_path, ENDS.replace("loss: squared_error", f"loss: {loss}"))
    output = run("train", path, "--save", tmp_path / "p.json").output
    held = float(output.split("% of 400 targets")[0].rpartition(" ")[2])
    assert 84.0 < held < 96.0
    answers = csv.reader(run("predict", path, "--params", tmp_path / "p.json").stdout.splitlines()[1:])
    assert min(float(cell) for row in answers for cell in row) > 0.0


@pytest.mark.parametrize("price", ["0", "-3.5"])
def test_a_target_without_logarithm_is_refused_at_its_cell(tmp_path: Path, price: str) -> None:
    path = written(tmp_path, rows=60, last=price)
    result = run("train", path)
    assert result.exit_code == 2
    assert f"expected a number greater than 0, which has a logarithm, got '{price}'" in result.output
    assert "homes.csv:61:" in result.output
    assert "write `scale_targets: standardize`" in result.output


def test_integers_have_no_exponential_function(tmp_path: Path) -> None:
    path = written(tmp_path, more="split: {test: 0.2}")
    run("train", path, "--save", tmp_path / "p.json")
    result = run("build", path, "--params", tmp_path / "p.json", "--dtype", "int8")
    assert result.exit_code == 2
    assert "no exponential function" in result.output
