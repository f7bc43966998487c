"""Predictors in integers: the module of Python, the reference of docs/int8.md, and a run over many rows agree."""

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.common.diagnostics import SpecError
from nngen.integers import MISSING, Clip, encoded, run
from nngen.integers.clip import clipped
from nngen.integers.columns import resolution
from nngen.integers.memory import placed
from nngen.proof.reference.int8_units import power_of_ten
from nngen.reading import load
from nngen.targets import as_module, texts
from tests.support import integer_networks
from tests.support.integers import (
    HELD,
    REFUSED,
    answers,
    expected,
    modules_of,
    network_of,
    path_of,
    reference_of,
    rows,
    trained,
    trained_by,
)
from tests.support.modules import ALL_SPECS, ROOT, spec


def module_of(name: str, size: int = 256) -> Any:
    """The module of Python of a committed network in integers."""
    path = path_of(name)
    return as_module(spec(path).name, modules_of(spec(path), path, trained(name), ["python"], size)["python"])


def test_each_committed_network_is_held_or_refused_by_name() -> None:
    names = {str(path.relative_to(ROOT / "specs").with_suffix("")) for path in (ROOT / "specs").rglob("*.yaml")}
    assert names == {*HELD, *REFUSED}
    assert len(ALL_SPECS) > len(REFUSED) / 2
    for name, message in REFUSED.items():
        described = spec(path_of(name))
        flat = [0.5] * 1000 if "there are none" in message else trained(name, 1)
        with pytest.raises(SpecError) as caught:
            network_of(described, path_of(name), flat)
        assert message in str(caught.value)


@pytest.mark.parametrize("name", HELD)
def test_the_module_has_the_integers_of_the_reference(name: str) -> None:
    path, flat = path_of(name), trained(name)
    network, module = network_of(spec(path), path, flat), module_of(name)
    reference, tried = reference_of(spec(path), path, flat), rows(network, 20 if network.inputs.count > 30 else 60)
    for row in tried:
        assert answers(network, module, row) == expected(network, reference, row), row
    found = run(network, tried)
    assert found.sums.tolist() == [module.sums(row) for row in tried]
    if network.classes:
        assert found.answers.tolist() == [network.classes.index(module.predict(row)) for row in tried]
    elif found.shares is None:
        assert found.answers.tolist() == [answers(network, module, row)[network.output.units :] for row in tried]


@pytest.mark.parametrize("size", [16, 33, 255])
def test_a_table_has_the_size_that_is_asked_for(size: int) -> None:
    path, flat = path_of("penguins"), trained("penguins")
    network, module = network_of(spec(path), path, flat, size), module_of("penguins", size)
    assert len(network.hidden[0].table) == size
    reference = reference_of(spec(path), path, flat, size)
    assert all(
        answers(network, module, row) == expected(network, reference, row) for row in rows(network, 50, seed=size)
    )


def test_random_networks_have_the_integers_of_the_reference(tmp_path: Path) -> None:
    tried = 0
    for seed in range(20):
        drawn = integer_networks.network(seed, tmp_path, clipped=seed >= 12)
        if drawn is None:
            continue
        try:
            network = network_of(*drawn)
        except SpecError:  # answers in units that its sums cannot reach
            continue
        made = modules_of(drawn.spec, drawn.path, drawn.flat, ["python"], drawn.size)
        module, reference = as_module("net", made["python"]), reference_of(*drawn)
        for row in rows(network, 10, seed):
            assert answers(network, module, row) == expected(network, reference, row), seed
        tried += 1
    assert tried > 15


def test_no_sum_leaves_the_range_that_is_proven() -> None:
    """The bounds are reached: each input at the end that the sign of its weight asks for."""
    network = network_of(spec(path_of("iris")), path_of("iris"), trained("iris"))
    layer = network.hidden[0]
    low, high = network.inputs.bounds
    ends = [
        (sum(w * (low if w > 0 else high) for w in row) + b, sum(w * (high if w > 0 else low) for w in row) + b)
        for row, b in zip(layer.weights[0], layer.biases, strict=True)
    ]
    assert (min(0, *(least for least, _ in ends)), max(0, *(most for _, most in ends))) == (layer.low, layer.high)
    found = run(network, rows(network, 1000))
    assert network.output.low <= found.sums.min()
    assert found.sums.max() <= network.output.high


def test_a_row_of_the_data_becomes_whole_numbers_and_saturates() -> None:
    module = module_of("penguins")
    row = {"bill_length_mm": 46.54, "bill_depth_mm": "17.9", "flipper_length_mm": math.inf, "body_mass_g": -math.inf}
    assert module.whole({**row, "island": " Dream ", "sex": None}) == [465, 179, 231, 2700, 1, -2]
    gaps = [math.nan, None, "NA", "", "Mars", "male"]
    assert module.whole(gaps) == [MISSING, MISSING, MISSING, MISSING, -1, 1]
    # a missing number counts as the median, as the spec says, and another island as none
    assert module.encode(module.whole(gaps)) == module.encode([447, 173, 197, 4050, -1, 1])
    assert module.encode([32767] * 4 + [9, 9]) == module.encode([580, 212, 231, 6300, -1, -1])
    iris = module_of("iris")
    assert iris.encode([MISSING, 30, 40, 10]) == iris.encode([43, 30, 40, 10])  # without a rule: the lower end
    with pytest.raises(ValueError, match="bill_length_mm: expected a number, got 'long'"):
        module.whole(["long", 1, 2, 3, "Dream", "male"])
    with pytest.raises(ValueError, match="expected a whole number for each of the 6 COLUMNS"):
        module.encode([1, 2])
    with pytest.raises(TypeError):
        module.encode([1.5, 2, 3, 4, 5, 6])


def test_no_two_vectors_share_a_byte_while_both_are_needed() -> None:
    drawn = random.Random(1)
    for _ in range(300):
        counts = [drawn.randint(0, 9) for _ in range(drawn.randint(1, 12))]
        last = {i: drawn.randint(i + 1, len(counts)) for i in range(len(counts)) if drawn.random() < 0.9}
        starts, size = placed(counts, last)
        for made in range(len(counts)):
            needed = [i for i in range(made + 1) if i == made or last.get(i, i) >= made]
            taken = [byte for i in needed for byte in range(starts[i], starts[i] + counts[i])]
            assert len(taken) == len({*taken})
        assert size == max(map(sum, zip(starts, counts, strict=True)))
    assert placed([4, 4, 4], {0: 1, 1: 2}) == ((0, 4, 0), 8)  # the third takes the place of the first


TABLE = """
name: pump
inputs:
  - {name: pressure, resolution: 0.25, range: [0, 10]}
  - {name: weight, missing: 3, indicator: true}
layers:
  - {name: first, units: 4, activation: relu}
  - {name: second, units: 3, activation: linear}
  - {name: output, units: [flow], activation: linear}
loss: squared_error
training: {optimizer: {name: gradient_descent, rate: 0.01}, epochs: 20}
data: {file: pump.csv, target: flow, scale: standardize, scale_targets: standardize}
"""


def test_numbers_are_answered_in_their_unit_and_a_range_is_stated(tmp_path: Path) -> None:
    lines = [f"{i % 37 / 4},{i * 7 % 11 if i % 5 else ''},{100 + i % 37 * 3 + i * 7 % 11}" for i in range(200)]
    (tmp_path / "pump.csv").write_text("pressure,weight,flow\n" + "\n".join(lines) + "\n")
    path = tmp_path / "pump.yaml"
    path.write_text(TABLE)
    described = load(path)
    flat = trained_by(described, tmp_path, 20)
    network = network_of(described, path, flat)
    module = as_module("pump", modules_of(described, path, flat, ["python"])["python"])
    assert module.whole([9.3, 4]) == [37, 4]  # 37 quarters
    assert module.whole([1000, 4])[0] == 40
    assert module.UNITS == (1.0,)
    reference = reference_of(described, path, flat)
    assert all(answers(network, module, row) == expected(network, reference, row) for row in rows(network, 200))
    network_of_64 = as_module("pump64", texts(described, tmp_path, ["python"])["python"])
    wide = [network_of_64.predict(network_of_64.unpack(flat), [i % 37 / 4, i * 7 % 11]) for i in range(1, 100)]
    narrow = [module.predict([i % 37, i * 7 % 11])[0] for i in range(1, 100)]
    assert np.abs(np.array(wide) - narrow).max() <= 5  # of 100 to 218


def test_a_unit_follows_the_size_of_its_column() -> None:
    """A column of any size has the digits that its numbers have, and rounding in their last digits does not matter."""
    columns = {
        1e-7: [1e-7, 2e-7, 5e-7],
        1e-19: [1.5e-18, 3e-19, 0.0],
        0.1: [5.1, 0.2, 0.1 + 0.2 - 0.3, float(np.float32(7.9))],
        0.01: [5.1, 0.02, 327.67],
        1.0: [5.1, 0.02, 3276.8],
        1e4: [1e8, 3.0],
    }
    assert {resolution(values): values for values in columns.values()} == columns
    drawn = random.Random(1)
    for _ in range(300):
        size = float(f"1e{drawn.randint(-320, 300)}")
        values = [drawn.choice([drawn.gauss(0.0, 1.0), drawn.randint(-40_000, 40_000)]) * size for _ in range(3)]
        given = values, drawn.choice([0.0, 3.0 * abs(values[0])]), drawn.choice([0, 100])
        assert resolution(*given) == power_of_ten(*given)


def test_a_proof_that_fails_names_the_layer(tmp_path: Path) -> None:
    names = ", ".join(f"x{i}" for i in range(40))
    (tmp_path / "wide.yaml").write_text(
        f"name: wide\ninputs: [{names}]\nlayers: [{{name: output, units: 1, activation: linear}}]\n"
        "loss: squared_error\ntraining: {optimizer: {name: gradient_descent, rate: 1}}\ndata:\n  rows: [{x: ["
        + "1, " * 40
        + "], y: [1]}]\n"
    )
    path = tmp_path / "wide.yaml"
    flat = [1e-9] * 40 + [1e9]  # a bias that all weights together cannot move
    network = network_of(load(path), path, flat)
    assert network.output.high <= 2**24  # the scale follows the bias
    with pytest.raises(SpecError, match="layer output: its sums overflow on the training rows"):
        network_of(load(path), path, [1e308] * 41)


def test_lines_between_knots_are_near_the_clip() -> None:
    """Docs and the network say 0.0036 of 6, and an activation is 6 / 254 at most."""
    t = np.arange(31_750)
    found = clipped(Clip(2**15, 0, 0, 0), t) / 8192
    assert np.abs(found - t / 1024 / np.hypot(1, t / 3072)).max() < 0.0036
    assert (np.diff(found) >= 0).all()
    below = clipped(Clip(2**15, 31_749, 0, 0), t) / 8192
    assert (below == -found[::-1]).all()


PRICES = """
name: prices
inputs: [{name: a, scale: {name: robust, median: 10, spread: 2}}]
layers: [{name: out, units: 1, activation: linear}]
loss: squared_error
training: {optimizer: {name: gradient_descent, rate: 0.1}}
data: {file: a.csv, target: y}
"""


def test_a_clip_keeps_the_levels_of_most_rows(tmp_path: Path) -> None:
    """One value in ten is far away: those beyond 31 spreads count as the nearest such number."""
    values = [*range(5, 15), 9_000]
    (tmp_path / "a.csv").write_text("a,y\n" + "".join(f"{v},{v}\n" for v in values))
    (tmp_path / "net.yaml").write_text(PRICES)
    described = load(tmp_path / "net.yaml")
    network = network_of(described, tmp_path / "net.yaml", [1.0, 0.0])
    (column,) = network.inputs.wholes
    assert (column.resolution, column.low, column.high) == (1.0, 5, 14)
    assert encoded(network.inputs, np.array([[5], [9_000], [14]]))[:, 0].tolist() == [-127, 127, 127]


def test_a_layer_that_is_no_sum_is_refused_with_the_format_that_holds_it(tmp_path: Path) -> None:
    changes = {
        "normalization: layer_norm": "layer hidden: layer_norm cannot be folded into the weights",
        "normalization: {name: batch_norm, of: activations}": "batch_norm after the activation cannot be folded",
        "activation: softmax": "layer hidden: int8 takes softmax at the output only",
    }
    text = path_of("iris").read_text()
    (tmp_path / "data").symlink_to(ROOT / "specs" / "data")
    for change, message in changes.items():
        path = tmp_path / "iris.yaml"
        made = change if "activation:" in change else f"{change}\n    activation: tanh"
        path.write_text(text.replace("activation: tanh", made))
        described = load(path, ROOT)
        size = 67 + (16 if "layer_norm" in change else 32 if "batch" in change else 0)
        with pytest.raises(SpecError) as caught:
            network_of(described, path, [0.1] * size)
        assert message in str(caught.value)
        assert "dtype: float32" in str(caught.value)
