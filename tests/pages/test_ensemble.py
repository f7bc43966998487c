"""``nngen train --ensemble``: one network, whose answers are the mean of those of its members."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from nngen.cli import main
from nngen.plan import plan
from nngen.reading import load
from tests.support.modules import ROOT

NUMBERS = """
name: prices
inputs:
  - {name: town, ids: [north, south], unknown: row}
  - size
layers:
  - {name: known, kind: embedding, from: town, units: 2}
  - {name: hidden, from: [known, x], units: [p, q], activation: tanh, weights: {initial: {name: values, values: ROWS}}}
  - {name: output, units: [price], activation: linear}
loss: LOSS
training: {optimizer: {name: adam, rate: 0.1}, epochs: 5, batch_size: 4}
data: {file: prices.csv, target: price, scale: standardize, scale_targets: standardize}
"""


def run(*arguments: object, code: int = 0) -> str:
    """Call a command, and return what is printed."""
    result = CliRunner().invoke(main, [*map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def answers(spec: Path, params: Path, table: Path) -> NDArray[np.float64]:
    """The numbers of the answers to a table."""
    out = params.with_suffix(".csv")
    run("predict", spec, table, "--params", params, "--out", out, "--force")
    rows = [*csv.reader(out.read_text("utf-8").splitlines())][1:]
    return np.array([[float(cell) for cell in row if cell[0] in "-0123456789"] for row in rows])


def members(spec: Path, table: Path, count: int) -> NDArray[np.float64]:
    """The answers of networks that are trained one by one, with the seeds 1, 2, ...; shape ``(count, rows, ...)``."""
    found = []
    for seed in range(1, count + 1):
        params = spec.with_name(f"alone{seed}.json")
        run("train", spec, "--target", "numpy", "--seed", seed, "--save", params)
        found.append(answers(spec, params, table))
    return np.array(found)


def together(spec: Path, table: Path, count: int) -> tuple[Path, Path]:
    """The spec of the ensemble and its parameters."""
    params = spec.with_name("together.json")
    printed = run("train", spec, "--ensemble", count, "--seed", 1, "--save", params, "--jobs", 1)
    assert "together:\n" in printed
    assert f"next: nngen build {params.with_suffix('.yaml')} --params {params}" in printed
    return params.with_suffix(".yaml"), params


@pytest.fixture
def penguins(tmp_path: Path) -> Path:
    table = tmp_path / "penguins.csv"
    table.write_text((ROOT / "specs" / "data" / "penguins.csv").read_text("utf-8"), "utf-8")
    spec = tmp_path / "penguins.yaml"
    run("init", table, "--target", "species", "-o", spec)
    spec.write_text(spec.read_text("utf-8").replace("epochs: 300", "epochs: 3"), "utf-8")
    return spec


def prices(folder: Path, loss: str = "squared_error") -> Path:
    random = np.random.default_rng(1)
    rows = [("north" if n % 2 else "south", size, 3.0 * size + n % 2) for n, size in enumerate(random.normal(size=30))]
    lines = [f"{town},{size:.3f},{price:.3f}" for town, size, price in rows]
    (folder / "prices.csv").write_text("\n".join(["town,size,price", *lines, ""]), "utf-8")
    spec = folder / "prices.yaml"
    given = NUMBERS.replace("ROWS", "{known: [[1, 2], [0, 1]], x: [[1], [-1]]}").replace("LOSS", loss)
    spec.write_text(given, "utf-8")
    return spec


def test_probabilities_are_the_mean_of_those_of_the_members(penguins: Path) -> None:
    table = penguins.with_name("penguins.csv")
    spec, params = together(penguins, table, 3)
    alone = members(penguins, table, 3)
    found = answers(spec, params, table)
    assert found == pytest.approx(alone.mean(axis=0), abs=1e-15)
    assert np.abs(alone[0] - alone[1]).max() > 0.01
    assert found.sum(axis=1) == pytest.approx(1.0, abs=1e-14)


@pytest.mark.parametrize("logs", [False, True])
def test_answers_are_the_mean_of_those_of_the_members(tmp_path: Path, logs: bool) -> None:
    """Of logarithms the geometric mean."""
    spec = prices(tmp_path)
    table = spec.with_suffix(".csv")
    if logs:
        spec.write_text(spec.read_text("utf-8").replace("scale_targets: standardize", "scale_targets: log"), "utf-8")
        head, *rows = [line.split(",") for line in table.read_text("utf-8").splitlines()]
        positive = [head, *([town, size, f"{np.exp(float(price))}"] for town, size, price in rows)]
        table.write_text("\n".join(map(",".join, positive)), "utf-8")
    alone = members(spec, table, 2)
    mean = np.exp(np.log(alone).mean(axis=0)) if logs else alone.mean(axis=0)
    assert answers(*together(spec, table, 2), table) == pytest.approx(mean, rel=1e-13, abs=1e-13)
    assert np.abs(alone[0] - alone[1]).max() > 0.01


def test_the_ends_of_an_interval_hold_the_rows_of_the_calibration(tmp_path: Path) -> None:
    spec = prices(tmp_path, "{name: two_quantiles, level: 0.8}")
    text = (
        spec.read_text("utf-8")
        .replace("units: [price]", "units: [low, high]")
        .replace("target: price", "target: [price, price]")
    )
    split = "interval: 0.8, split: {test: 0.2, calibration: 0.3}, scale: standardize, scale_targets"
    spec.write_text(text.replace("scale: standardize, scale_targets", split), "utf-8")
    made, params = together(spec, spec.with_suffix(".csv"), 2)
    assert load(made).layers[-1].bias is not None
    assert any(json.loads(params.read_text("utf-8"))["parameters"][-2:])  # the biases of the mean
    assert "calibrated at 0.8" in run("train", spec, "--ensemble", 2, "--jobs", 1)


def test_modules_of_the_ensemble_are_right(penguins: Path) -> None:
    spec, params = together(penguins, penguins.with_suffix(".csv"), 2)
    out = penguins.with_name("out")
    run("build", spec, "--params", params, "--out", out, "--target", "python", "--target", "numpy")
    for module in ("python", "numpy"):
        assert run("verify", out / module / "penguins.py", "--spec", spec).endswith("right\n")
    refused = run("build", spec, "--params", params, "--out", out, "--target", "c", "--dtype", "int8", code=2)
    assert "int8 takes softmax at the output only" in refused


def test_names_that_are_too_long_are_numbered(penguins: Path) -> None:
    long = "h" * 35
    penguins.write_text(penguins.read_text("utf-8").replace("name: hidden", f"name: {long}"), "utf-8")
    spec, _ = together(penguins, penguins.with_suffix(".csv"), 2)
    assert [layer.name for layer in load(spec).layers] == [
        *(f"member{member}_layer{number}" for member in (1, 2) for number in (1, 2)),
        "output",
    ]


def test_what_an_ensemble_refuses(penguins: Path) -> None:
    save = penguins.with_suffix(".json")
    replaced = run("train", penguins, "--ensemble", 2, "--save", save, code=2)
    assert "the spec of the ensemble would replace that of its networks" in replaced
    assert "`--save penguins2.json`" in replaced
    assert not save.exists()
    other = penguins.with_name("other.yaml")
    other.write_text("mine", "utf-8")
    assert "the file exists already" in run(
        "train", penguins, "--ensemble", 2, "--save", other.with_suffix(".json"), code=2
    )
    assert other.read_text("utf-8") == "mine"
    for more in (("--seeds", 2), ("--history", "h.csv"), ("--resume", save), ("--report", "r.html")):
        assert "--ensemble is about several trainings" in run("train", penguins, "--ensemble", 2, *more, code=2)
    assert "1 is not in the range" in run("train", penguins, "--ensemble", 1, code=2)


def test_best_proposes_an_ensemble_and_says_what_it_costs(tmp_path: Path) -> None:
    table, spec = tmp_path / "penguins.csv", tmp_path / "penguins.yaml"
    table.write_text((ROOT / "specs" / "data" / "penguins.csv").read_text("utf-8"), "utf-8")
    said = run("init", table, "--target", "species", "-o", spec, "--best")
    parameters = 5 * plan(load(spec)).size
    found = re.search(r"an ensemble of 5 networks: (\d+) parameters, in Python some (\d+) kB; training takes", said)
    assert found is not None
    assert int(found[1]) == parameters
    saved = tmp_path / "penguins_best.json"
    assert f"next: nngen train {spec} --ensemble 5 --save {saved}" in said
    done = run("init", table, "--target", "species", "-o", spec, "--best", "--train", "--force")
    assert f"next: nngen build {saved.with_suffix('.yaml')} --params {saved}" in done
    assert len(json.loads(saved.read_text("utf-8"))["parameters"]) == parameters
    run("build", saved.with_suffix(".yaml"), "--params", saved, "--target", "python", "--out", tmp_path)
    assert (tmp_path / "python" / "penguins.py").stat().st_size == pytest.approx(1000 * int(found[2]), rel=0.2)


@pytest.mark.parametrize(("rows", "best", "hidden"), [(100, False, 64), (100, True, 256), (600, False, 64)])
def test_a_wide_table_gets_smaller_steps_and_a_clip(rows: int, best: bool, hidden: int, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    names = [*(f"gene {n}" for n in range(rows // 5 + 40)), "y"]
    table = tmp_path / "genes.csv"
    lines = [",".join(f"{value:.3f}" for value in row) for row in random.normal(size=(rows, len(names)))]
    table.write_text("\n".join([",".join(names), *lines, ""]), "utf-8")
    spec = tmp_path / "genes.yaml"
    run("init", table, "--target", "y", "-o", spec, *["--best"] * best)
    made = load(spec)
    assert len(made.layers[0].unit_names) == hidden
    assert made.training.optimizer.options["rate"] == 0.003
    assert made.data is not None
    assert made.data.scale is not None
    assert made.data.scale.name == "robust"
    narrow = table.read_text("utf-8").splitlines()
    table.write_text(
        "\n".join(line.rsplit(",", len(names) - 10)[0] + f",{line.rsplit(',', 1)[1]}" for line in narrow), "utf-8"
    )
    run("init", table, "--target", "y", "-o", spec, "--force")
    usual = load(spec).data
    assert usual is not None
    assert usual.scale is not None
    assert usual.scale.name == "standardize"
