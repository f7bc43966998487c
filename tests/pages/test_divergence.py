"""Training that leads to infinite numbers or NaN is no success: it ends at once, says where, and saves nothing."""

from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from nngen.cli import main
from nngen.common.choices import Trains

NETWORK = """
name: net
inputs: [p]
layers:
  - {name: output, units: [y], activation: ACTIVATION}
loss: {name: squared_error, outputs: sum, batch: mean}
training:
  optimizer: {name: gradient_descent, rate: RATE}
  epochs: 40
  batch_size: 2
data:
  rows: [{x: [100], y: [3]}, {x: [200], y: [5]}, {x: [150], y: [1]}]
"""


def trained(tmp_path: Path, target: str, **words: str) -> Result:
    text = NETWORK
    for word, meant in words.items():
        text = text.replace(word.upper(), meant)
    (tmp_path / "net.yaml").write_text(text, "utf-8")
    (tmp_path / "params.json").write_text('{"layout": "net V", "parameters": [1.5]}', "utf-8")
    arguments = ["train", tmp_path / "net.yaml", "--target", target, "--save", tmp_path / "params.json"]
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("target", get_args(Trains))
@pytest.mark.parametrize(
    ("activation", "rate", "place"),
    [
        ("linear", "10.0", "epoch 14, batch 2: "),
        ("linear", "1e300", "epoch 1, batch 2: "),
        ("sine", "1e308", "epoch 1, batch 2: "),  # Python's sine refuses what is infinite
        ("relu", "1e308", "epoch 1: a parameter is infinite or NaN"),  # and the loss is finite
    ],
)
def test_training_ends_at_the_first_loss_that_is_no_number(
    activation: str, rate: str, place: str, target: str, tmp_path: Path
) -> None:
    result = trained(tmp_path, target, activation=activation, rate=rate)
    assert result.exit_code == 1
    if target == "c" and "batch" in place:  # compiled code is watched after each epoch
        place = f"{place.split(',')[0]}: the loss is "
    assert result.stderr.startswith(f"error: training diverged in {place}")
    assert result.stderr.splitlines()[1:] == [
        f"  --> {tmp_path / 'net.yaml'}",
        "  = help: lower the optimizer's `rate`, or scale inputs and targets to sizes near 1 (`scale: standardize`)",
    ]
    assert not set(result.stdout.split()) & {"nan", "inf"}
    assert (tmp_path / "params.json").read_text("utf-8") == '{"layout": "net V", "parameters": [1.5]}'


@pytest.mark.parametrize("target", get_args(Trains))
def test_targets_that_the_loss_does_not_take_are_no_divergence(target: str, tmp_path: Path) -> None:
    for row, held_out in (
        ("7", ""),
        ("7", "  split: {test: 0.5, seed: 2}\n"),
        ("7", "  split: {test: 0.5, seed: 3}\n"),
    ):
        (tmp_path / "data.csv").write_text(f"p,y\n1,0\n2,1\n3,{row}\n", "utf-8")
        network = NETWORK.split("  rows:")[0].replace("ACTIVATION", "sigmoid").replace("RATE", "1.0")
        network = network.replace("squared_error", "binary_cross_entropy")
        (tmp_path / "net.yaml").write_text(f"{network}  file: data.csv\n  target: y\n{held_out}", "utf-8")
        result = CliRunner().invoke(main, ["train", str(tmp_path / "net.yaml"), "--target", target])
        assert result.exit_code == 2
        assert result.stderr.startswith("error: the data do not fit the network: expected targets ")
        assert "the targets are 'y' of data.csv: name another column, or a loss that accepts them" in result.stderr
