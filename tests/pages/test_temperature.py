"""The temperature of a classifier: what `train` divides the last layer by, and what stays as it was."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import nngen
from nngen.cli import main
from nngen.commands.train import Trainer
from nngen.proof.reference import Network
from nngen.reading import load

SPEC = """
name: sure
inputs: [a, b]
layers:
  - {{name: hidden, units: 30, activation: tanh}}
  - {{name: output, units: {units}, activation: {activation}}}
loss: {loss}
training:
  optimizer: {{name: adam, rate: 0.05}}
  epochs: 150
  batch_size: 16
  stop: {{name: patience, epochs: 150, every: 150, validation: {share}}}
data: {{file: table.csv, target: y, classes: {classes}, split: {{test: 0.25}}}}
"""
KINDS = {
    "softmax": {
        "units": "[no, yes, both]",
        "activation": "softmax",
        "loss": "cross_entropy",
        "classes": "[no, yes, both]",
    },
    "sigmoid": {"units": "1", "activation": "sigmoid", "loss": "binary_cross_entropy", "classes": "[no, yes]"},
}


def written(folder: Path, kind: str, share: float = 0.4) -> Path:
    """A spec beside a table whose classes are noisy, so that a long training is too sure of them."""
    random = np.random.default_rng(2)
    x = random.normal(size=(600, 2))
    noisy = x[:, 0] + random.normal(size=600)
    names = np.array(["no", "yes", "both"])[np.digitize(noisy, [0.0, 1.0] if kind == "softmax" else [0.0])]
    rows = [f"{a!r},{b!r},{name}" for (a, b), name in zip(x.tolist(), names, strict=True)]
    (folder / "table.csv").write_text("\n".join(["a,b,y", *rows]) + "\n")
    path = folder / f"{kind}.yaml"
    path.write_text(SPEC.format(share=share, **KINDS[kind]))
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_layer_is_divided_by_what_lowers_the_validation_loss(tmp_path: Path, kind: str) -> None:
    path, saved = written(tmp_path, kind), tmp_path / "p.json"
    result = CliRunner().invoke(main, ["train", str(path), "--save", str(saved)])
    said = re.search(r"probabilities are less sure .* divided by ([0-9.]+), the temperature", result.output)
    assert said, result.output
    temperature = float(said[1])

    trainer = Trainer(load(path), path, "numpy", None, None)
    trainer.run(lambda epoch, epochs, losses: None)
    network, kept = Network(trainer.spec), trainer.parts["validation"]
    before = network.unpack(trainer.module.pack(trainer.progress[4]))
    after = network.unpack(json.loads(saved.read_text())["parameters"])
    for place, (one, other) in enumerate(zip(before, after, strict=True)):
        assert other == pytest.approx(one / (temperature if place >= 2 else 1.0), rel=1e-3)  # four digits are printed

    def loss(divisor: float) -> float:
        params = [*before[:2], *(block / divisor for block in before[2:])]
        return float(network.loss(params, kept.x, kept.y))

    losses = [loss(divisor) for divisor in (0.9 * temperature, temperature, 1.1 * temperature, 1.0)]
    assert min(losses) == losses[1]
    assert trainer.scores()["validation"].loss == pytest.approx(losses[1], rel=1e-6)
    assert f"validation examples: loss {losses[1]:.4f}" in result.output
    first, second = (network.forward(params, kept.x) for params in (before, after))
    assert np.array_equal(np.argmax(first, axis=1), np.argmax(second, axis=1))
    assert np.array_equal(first > 0.5, second > 0.5) or kind == "softmax"


def test_a_checkpoint_keeps_what_training_left(tmp_path: Path) -> None:
    path = written(tmp_path, "softmax")
    for epochs, more in (("75", []), ("150", ["--resume", str(tmp_path / "half.checkpoint")])):
        name = tmp_path / ("half.json" if epochs == "75" else "whole.json")
        done = CliRunner().invoke(
            main, ["train", str(path), "--epochs", epochs, "--save", str(name), *more, "--set", "training.stop.every=5"]
        )
        assert done.exit_code == 0, done.output
    once = tmp_path / "once.json"
    CliRunner().invoke(main, ["train", str(path), "--save", str(once), "--set", "training.stop.every=5"])
    assert (tmp_path / "whole.json").read_text() == once.read_text()


def test_few_validation_rows_choose_no_temperature(tmp_path: Path) -> None:
    assert "temperature" not in nngen.train(written(tmp_path, "softmax", 0.2)).report  # 90 rows
    assert "temperature" in nngen.train(written(tmp_path, "softmax"), target="c").report
