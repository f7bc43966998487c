"""Worksheets of batches: their numbers are those of the reference, and each line of numbers gives its value."""

import csv
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from nngen.cli import main
from nngen.learning.trace import Request, Worksheet
from nngen.learning.trace.tracing import of_spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.reading.source import parse
from nngen.targets.modules import as_module
from nngen.targets.render import render_by_weights
from tests.support.modules import built, named, targets
from tests.support.networks import NEEDS_BATCH, NETWORKS
from tests.support.typeset import FULL, computed, text
from tests.support.worksheets import ALONE, SEED

COUNT = 3


def batch(network: Network) -> tuple[Any, Any]:
    """Examples of a network."""
    random = np.random.default_rng(5)
    return random.uniform(-1.0, 1.0, size=(COUNT, len(network.spec.input_names))), targets(network.spec, COUNT, random)


def worksheet(network: Network, folder: Path, **more: Any) -> Worksheet:
    """A worksheet of the batch, which a file has, with all equations."""
    x, y = batch(network)
    table = folder / "rows.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*network.spec.input_names, *network.spec.layers[-1].unit_names])
        writer.writerows(np.hstack([x, y]).tolist())
    seed = SEED if plan(network.spec).has_dropout else None
    request = Request(csv=table, batch=COUNT, whole=True, dropout_seed=seed, **more)
    return of_spec(network.spec, Path("net.yaml"), request)


WEIGHTED = """
name: weighted
inputs: [x1, x2]
layers:
  - {name: hidden, units: [h1, h2], activation: tanh, %s}
  - {name: output, units: [o1, o2, o3], activation: softmax}
loss: {name: cross_entropy, outputs: sum, batch: %s, class_weights: [1, 2, 3], example_weights: true}
training:
  optimizer: {name: adam, rate: 0.1}
  penalty: {name: l2, strength: 0.3, biases: true}
  batch_size: 3
data:
  rows:
    - {x: [0.5, -0.2], y: [1, 0, 0], weight: 2}
    - {x: [0.1, 0.9], y: [0, 0, 1], weight: 0.5}
    - {x: [-0.7, 0.3], y: [0, 1, 0], weight: 3}
"""


@pytest.mark.parametrize("way", ["mean", "sum", "weighted_mean"])
@pytest.mark.parametrize("more", ["normalization: batch_norm", "normalization: layer_norm"])
def test_weights_and_penalties(way: str, more: str) -> None:
    spec = parse(WEIGHTED % (more, way), "net.yaml")
    network = Network(spec)
    rows = spec.data.rows  # type: ignore[union-attr] # the spec has rows
    x, y, weights = ([getattr(row, part) for row in rows] for part in ("x", "y", "weight"))
    sheet = of_spec(spec, Path("net.yaml"), Request(batch=3, whole=True))
    loss, slopes, moved = network.batch_gradient(network.init(), x, y, weights=weights)
    after, _ = network.step(moved, slopes, network.init_state(moved))
    assert sheet.steps[0].loss == pytest.approx(loss, rel=1e-11)
    assert sheet.steps[0].after == pytest.approx(network.batch_gradient(after, x, y, weights=weights)[0], rel=1e-10)
    values = found(sheet)
    every = [name for row in plan(spec).parameter_rows() for name in row]
    pairs = dict(zip(every, network.pack(slopes), strict=True))
    names = [name for name in every if not name.startswith(("mean", "variance"))]
    assert [values[f"d{name}"] for name in names] == pytest.approx([pairs[name] for name in names], rel=1e-8, abs=1e-12)


def found(sheet: Worksheet) -> dict[str, Any]:
    """The last value of each symbol."""
    (step,) = sheet.steps
    return {line.symbol.name: line.value for section in step.sections for line in section.lines}


@pytest.mark.parametrize("name", [*NEEDS_BATCH, *ALONE[::12]])
def test_derivatives_and_new_parameters_are_those_of_the_reference(name: str, tmp_path: Path) -> None:
    network = NETWORKS[name]
    sheet, (x, y) = worksheet(network, tmp_path), batch(network)
    params = network.init()
    seeds = [SEED + place for place in range(COUNT)] if plan(network.spec).has_dropout else None
    loss, slopes, moved = network.batch_gradient(params, x, y, seeds=seeds)
    after, _ = network.step(moved, slopes, network.init_state(params))
    assert sheet.steps[0].loss == pytest.approx(loss, rel=1e-11)
    values, planned = found(sheet), plan(network.spec)
    names = [name for row in planned.parameter_rows() for name in row]
    frozen = {name for block in planned.frozen for row in block.rows for name in row}
    running = {name for block in planned.blocks if block.running_statistic for name in block.rows[0]}
    for name_, slope, new in zip(names, network.pack(slopes), network.pack(after), strict=True):
        if name_ in running:
            assert values[f"running_{name_}"] == pytest.approx(new, rel=1e-11, abs=1e-13)
        elif name_ not in frozen:
            assert values[f"d{name_}"] == pytest.approx(slope, rel=1e-8, abs=1e-12)
            assert values[name_] == pytest.approx(new, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("name", [*NEEDS_BATCH[::3], *ALONE[::24]])
def test_the_numbers_of_a_line_give_its_value(name: str, tmp_path: Path) -> None:
    network = NETWORKS[name]
    module = as_module("net", render_by_weights(plan(network.spec), network.spec)).__dict__ | {
        "floor": math.floor,
        "pi": math.pi,
    }
    checked = 0
    for section in worksheet(network, tmp_path).steps[0].sections:
        for line in section.lines:
            shown = text(line.forms[-1], FULL) if line.forms else "seed"
            if "seed" not in shown:
                assert computed(shown, module) == pytest.approx(line.value, rel=1e-9, abs=1e-12), line.symbol.name
                checked += 1
    assert checked > COUNT


DIGITS = str(named("digits_batch_norm"))
XOR = str(named("xor_mlp"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["trace", *arguments])


@pytest.mark.parametrize(
    ("arguments", "place", "message"),
    [
        ([XOR, "--batch", "5"], "--batch", "expected at most 4 rows, as the data have them, got 5"),
        ([XOR, "--batch", "0"], "--batch", "0 is not in the range x>=1"),
        ([XOR, "--batch", "2", "--x", "1,0", "--y", "1"], "--batch", "a batch takes rows of the data"),
        ([XOR, "--batch", "2", "--weight", "2"], "--weight", "this network's examples have no weights"),
        ([DIGITS, "--batch", "1"], "--batch", "batch normalization needs a batch of at least 2 rows"),
        ([DIGITS, "--x", ",".join(["1"] * 64), "--y", "3"], "--y", "batch normalization needs a whole batch"),
    ],
)
def test_what_is_refused(arguments: list[str], place: str, message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert place in result.output
    assert message in result.output


def test_a_batch_of_the_spec_is_the_default_with_batch_normalization(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(WEIGHTED % ("normalization: batch_norm", "mean"), "utf-8")
    sheet = run(str(path)).stdout
    assert sheet == run(str(path), "--batch", "3").stdout
    assert sheet.startswith("weighted: a step of training with 3 examples\n")
    assert "The loss of these 3 examples was" in sheet


def test_a_forward_pass_takes_the_running_statistics(tmp_path: Path) -> None:
    module = built(named("digits_batch_norm"), "python")
    module.save(module.init(), str(tmp_path / "params.json"))
    sheet = run(DIGITS, "--params", str(tmp_path / "params.json"), "--x", ",".join(["1"] * 64)).stdout
    assert f"The answer is {module.decode(module.forward(module.init(), module.scale([1.0] * 64)))}." in sheet


def test_steps_take_the_next_rows() -> None:
    sheet = run(XOR, "--batch", "3", "--steps", "2").stdout
    first, second = sheet.split("Step 2")
    assert re.findall(r"x1⁽(.)⁾ = (.)    x2⁽.⁾ = (.)\n", first) == [("¹", "0", "0"), ("²", "0", "1"), ("³", "1", "0")]
    assert re.findall(r"x1⁽(.)⁾ = (.)    x2⁽.⁾ = (.)\n", second) == [("¹", "1", "1"), ("²", "0", "0"), ("³", "0", "1")]


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html"])
def test_an_exercise_of_a_batch_has_no_computed_number(form: str, tmp_path: Path) -> None:
    key = tmp_path / "key"
    sheet = run(XOR, "--batch", "4", "--format", form, "--blank", "--key", str(key)).stdout
    assert key.read_text("utf-8") == run(XOR, "--batch", "4", "--format", form).stdout
    numbers = re.compile(r"\d\.\d{4,}")
    assert "0.129225" in sheet
    computed_ = set(numbers.findall(key.read_text("utf-8"))) - set(numbers.findall(run(XOR, "--blank").stdout))
    assert len(computed_) > 40
    assert computed_.isdisjoint(numbers.findall(sheet))


def test_a_korean_batch_has_no_english() -> None:
    """All formats have the same sentences."""
    sheet = run(DIGITS, "--batch", "2", "--language", "ko", "--format", "html").stdout
    assert "배치" in sheet
    for word in ("The", "the", "batch ", "mean and", "examples", "weighted", "more"):
        assert word not in re.sub("(?s)<style>.*</style>", "", sheet)
