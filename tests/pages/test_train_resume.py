"""``nngen train --resume``: a training that was interrupted ends with the same bits as one without a break."""

import base64
import json
import math
import os
import shlex
import signal
import subprocess
import sys
from itertools import cycle
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands.interrupts import Interrupted
from nngen.commands.train import Trainer
from nngen.common.choices import Trains
from nngen.reading import load, packing
from tests.support.modules import ROOT

pytestmark = pytest.mark.usefixtures("quick_compiler")

NETWORK = """
name: net
inputs: [x1, x2]
layers:
  - {name: h, units: 5, activation: tanh, dropout: 0.2, normalization: batch_norm}
  - {name: o, units: [a, b], activation: softmax}
initial: {seed: 3}
loss: cross_entropy
training:
  optimizer: {name: adam, rate: 0.05}
  schedule: {name: steps, every: 20, factor: 0.5}
  stop: {name: patience, epochs: 4, validation: 0.25, seed: 2}
  batch_size: 4
  epochs: 60
data: {file: points.csv, target: kind, scale: standardize}
"""


EVERY_4 = "--set", "training.stop.every=4"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A network with dropout, batch normalization, a schedule and a stop rule, beside its data."""
    lines = [f"{i * 7 % 23},{i * 5 % 19},{'ab'[i * 7 % 23 > i * 5 % 19]}" for i in range(40)]
    (tmp_path / "points.csv").write_text("\n".join(["x1,x2,kind", *lines, ""]), "utf-8")
    path = tmp_path / "net.yaml"
    path.write_text(NETWORK, "utf-8")
    return path


def train(*arguments: object, code: int = 0) -> str:
    """Train, and return what is printed."""
    result = CliRunner().invoke(main, ["train", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


PLACES = "--set", "training.stop.validation=[3, 0, 17, 21]", *EVERY_4


@pytest.mark.parametrize(("target", "stop"), [*zip(get_args(Trains), cycle(((), PLACES)), strict=False)])
def test_a_training_that_continues_ends_with_the_same_bits(
    target: str, stop: tuple[str, ...], spec: Path, tmp_path: Path
) -> None:
    once, twice = tmp_path / "once.json", tmp_path / "twice.json"
    chosen = "--target", target, *stop
    printed = train(spec, *chosen, "--save", once, "--history", tmp_path / "once.csv")
    train(spec, *chosen, "--save", twice, "--epochs", 3)
    for epochs in (9, 60):
        more = "--resume", tmp_path / "twice.checkpoint", "--history", tmp_path / "twice.csv", "--epochs", epochs
        again = train(spec, *chosen, "--save", twice, *more)
    for suffix in (".json", ".checkpoint", ".csv"):
        assert twice.with_suffix(suffix).read_bytes() == once.with_suffix(suffix).read_bytes()
    found = [text[text.index("training ended") :].replace("twice", "once") for text in (again, printed)]
    assert found[0] == found[1]
    assert "by the rule patience (epochs 4): validation loss" in printed, "the rule ended it"
    assert train(spec, *chosen, "--resume", tmp_path / "once.checkpoint", "--epochs", 99).startswith(
        "training ended after epoch "
    ), "a training that the rule has ended stays ended"


def test_the_validation_examples_are_those_that_fit_keeps(spec: Path, tmp_path: Path) -> None:
    printed = train(spec, "--history", tmp_path / "history.csv")
    lines = dict(line.split(" examples: loss ") for line in printed.splitlines() if " examples: loss " in line)
    rows = [line.split(",") for line in (tmp_path / "history.csv").read_text("utf-8").splitlines()]
    assert rows[0] == ["epoch", "loss", "validation_loss"]
    lowest = min(rows[1:], key=lambda row: float(row[2]))
    assert lines["validation"].startswith(f"{float(lowest[2]):.4f}, right ")
    assert lines["training"].split(" (")[0].endswith(" of 30")
    assert lines["validation"].split(" (")[0].endswith(" of 10")
    assert f"the lowest, {float(lowest[2]):.6f}, was that of epoch {lowest[0]}, whose parameters are kept" in printed


def test_a_loss_that_is_not_measured_is_an_empty_cell(spec: Path, tmp_path: Path) -> None:
    kept = train(spec, *EVERY_4, "--epochs", 6, "--history", tmp_path / "history.csv", "--save", tmp_path / "6.json")
    rows = [line.split(",") for line in (tmp_path / "history.csv").read_text("utf-8").splitlines()]
    assert [row[0] for row in rows if row[2]] == ["epoch", "4"]
    assert f"validation loss {float(rows[4][2]):.6f} in epoch 4, the lowest, whose parameters are kept" in kept
    train(spec, *EVERY_4, "--epochs", 4, "--save", tmp_path / "4.json")
    assert (tmp_path / "6.json").read_bytes() == (tmp_path / "4.json").read_bytes()


def test_the_parameters_are_the_last_ones_until_the_loss_is_measured(spec: Path, tmp_path: Path) -> None:
    early = train(spec, *EVERY_4, "--epochs", 3, "--save", tmp_path / "3.json")
    assert "training ended after all 3 epochs, none of them measured; the last parameters are kept" in early
    train(spec, "--set", "training.stop.every=3", "--epochs", 3, "--save", tmp_path / "measured.json")
    assert (tmp_path / "3.json").read_bytes() == (tmp_path / "measured.json").read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--set", "training.stop.validation=[1, 40]"],
            "there is no example 40: the data have 40 examples, counted from 0",
        ),
        (
            ["--set", f"training.stop.validation={[*range(40)]}"],
            "all 40 examples are kept for validation, none to learn from",
        ),
        (
            ["--set", "training.stop.validation=[1]", "--folds", "2"],
            "the places under `stop.validation` count all examples, and folds hold some out",
        ),
    ],
)
def test_places_that_the_data_do_not_have_are_refused(options: list[str], message: str, spec: Path) -> None:
    assert message in train(spec, *options, code=2)


def test_without_a_rule_all_epochs_are_done() -> None:
    last = train(ROOT / "specs" / "iris.yaml", "--epochs", 3).splitlines()[2:4]
    assert last[1] == f"training ended after all 3 epochs: {last[0].partition(': ')[2]}, the lowest"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--seed", "4"], "initial.seed is 3 in the checkpoint, 4 here"),
        (["--target", "python"], "--target is 'numpy' in the checkpoint, 'python' here"),
        (["--set", "training.optimizer.rate=0.1"], "training.optimizer.rate is 0.05 in the checkpoint, 0.1 here"),
        (["--set", "training.seed=9"], "training.seed is 0 in the checkpoint, 9 here"),
        (
            ["--set", "training.clip={name: norm, most: 1}"],
            "training.clip.name is not set in the checkpoint, 'norm' here",
        ),
        (["--set", "layers.0.activation=relu"], "layers.0.activation.name is 'tanh' in the checkpoint, 'relu' here"),
        (["--set", "layers.0.units=6"], "expected a checkpoint of 'net', got one of 'net' of another shape"),
        (["--set", "name=other"], "expected a checkpoint of 'other', got one of 'net'"),
        (["--set", "data.split={test: 0.5}"], "the number of training rows is 40 in the checkpoint, 20 here"),
        (["--epochs", "2"], "the checkpoint has 3 epochs already; 2 are asked for"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused(options: list[str], message: str, spec: Path) -> None:
    train(spec, "--save", spec.with_name("net.json"), "--epochs", 3)
    printed = train(spec, "--resume", spec.with_name("net.checkpoint"), *options, code=2)
    assert f"error: {message}" in printed.splitlines(), printed


def test_other_rows_are_refused(spec: Path) -> None:
    train(spec, "--save", spec.with_name("net.json"), "--epochs", 3)
    rows = spec.with_name("points.csv")
    rows.write_text(rows.read_text("utf-8").replace("7,5,b", "8,5,b"), "utf-8")
    printed = train(spec, "--resume", spec.with_name("net.checkpoint"), code=2)
    assert "error: the SHA-256 of the training rows is '" in printed


WRONG = (-3.0, 0.5, 1e300, math.nan, math.inf, 4.0)
"""Numbers of steps or epochs that a training of three epochs cannot have; of steps, the last is possible."""


def replaced(packed: str, place: int, value: float) -> str:
    """The packed numbers, with another one at a place."""
    numbers = np.frombuffer(base64.b64decode(packed), "<f8").copy()
    numbers[place] = value
    return base64.b64encode(numbers.tobytes()).decode()


def test_what_is_no_checkpoint_is_refused(spec: Path) -> None:
    params, checkpoint = spec.with_name("net.json"), spec.with_name("net.checkpoint")
    train(spec, "--save", params, "--epochs", 3)
    assert f"resume from {checkpoint}" in train(spec, "--resume", params, code=2)
    whole = json.loads(checkpoint.read_text("utf-8"))
    for name, value, message in (
        ("epochs", 1.5, "expected the number of epochs, got 1.5"),
        ("state", whole["state"][:-4], " under 'state'; the checkpoint is damaged"),
        ("losses", [1.0], "expected 6 numbers under 'losses'; the checkpoint is damaged"),
        ("best", "AAAAAAAA+H8=", " under 'best'; the checkpoint is damaged"),
        ("settings", None, "the checkpoint has no settings"),
        *(("best", replaced(whole["best"], 2, since), ": the checkpoint is damaged") for since in WRONG),
        *(("best", replaced(whole["best"], place, math.nan), ": the checkpoint is damaged") for place in (1, 3)),
        *(("state", replaced(whole["state"], 0, steps), ": the checkpoint is damaged") for steps in WRONG[:-1]),
        ("parameters", replaced(whole["parameters"], 1, math.inf), ": the checkpoint is damaged"),
        ("losses", replaced(whole["losses"], 2, -math.inf), ": the checkpoint is damaged"),
    ):
        others = {**whole, name: value}
        checkpoint.write_text(json.dumps(others), "utf-8")
        assert "the checkpoint is damaged: its content has another SHA" in train(spec, "--resume", checkpoint, code=2)
        del others["sha256"]
        checkpoint.write_text(packing.sealed(others), "utf-8")
        assert message in train(spec, "--resume", checkpoint, code=2)
    for text in ("[" * 100_000, '{"checkpoint": 1}', "net", "\x00\xff"):
        checkpoint.write_text(text, "utf-8")
        assert "expected a checkpoint, as `nngen train --save` writes it" in train(spec, "--resume", checkpoint, code=2)


def test_a_file_of_others_is_not_overwritten_by_a_checkpoint(spec: Path) -> None:
    mine = spec.with_name("net.checkpoint")
    mine.write_text("mine", "utf-8")
    printed = train(spec, "--save", spec.with_name("net.json"), code=2)
    assert "the file exists already" in printed
    assert "epoch" not in printed
    assert mine.read_text("utf-8") == "mine"
    train(spec, "--save", spec.with_name("net.json"), "--force", "--epochs", 1)


PROCESS = "import signal, nngen.cli; signal.signal(signal.SIGINT, signal.default_int_handler); nngen.cli.main()"
"""The command in a process that hears Ctrl-C even if the tests run in the background."""


def interrupted(number: signal.Signals, *arguments: object) -> tuple[int, str]:
    """Train in a process that gets a signal after its first epochs; returns its exit code and its errors."""
    command = [sys.executable, "-c", PROCESS, "train", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("epoch ")
        process.send_signal(number)
        _, errors = process.communicate()
    return process.returncode, errors


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_the_last_complete_epoch(number: signal.Signals, code: int, spec: Path, tmp_path: Path) -> None:
    forever = "--set", "training.stop.epochs=1e9", "--epochs", 1_000_000
    returned, errors = interrupted(number, spec, *forever, "--save", tmp_path / "net.json")
    assert returned == code, errors
    checkpoint = json.loads((tmp_path / "net.checkpoint").read_text("utf-8"))
    done, target = checkpoint["epochs"], checkpoint["settings"]["--target"]  # c where there is a compiler
    says, _, command = errors.splitlines()[-1].partition("; to continue: ")
    assert says == f"interrupted after epoch {done} of 1000000"
    words = shlex.split(command)
    assert words[words.index(str(spec)) :] == [
        *(str(spec), "--epochs", "1000000", "--set", "training.stop.epochs=1e9"),
        *("--save", str(tmp_path / "net.json"), "--resume", str(tmp_path / "net.checkpoint")),
    ]
    more = "--set", "training.stop.epochs=1e9", "--epochs", done + 3
    train(spec, *more, "--save", tmp_path / "net.json", "--resume", tmp_path / "net.checkpoint")
    train(spec, *more, "--save", tmp_path / "once.json", "--target", target)
    assert (tmp_path / "net.checkpoint").read_bytes() == (tmp_path / "once.checkpoint").read_bytes()
    assert (tmp_path / "net.json").read_bytes() == (tmp_path / "once.json").read_bytes()


def test_an_epoch_is_done_as_a_whole_or_not_at_all(spec: Path) -> None:
    """Wherever a signal comes while the losses of an epoch are kept."""

    class Ended(list[Any]):
        def append(self, losses: Any) -> None:
            super().append(losses)
            if len(self) == 3:
                raise Interrupted(signal.SIGTERM)

    trainer = Trainer(load(spec), spec, None, None, 5)
    trainer.continue_from(trainer.params, None, Ended())
    with pytest.raises(Interrupted):
        trainer.run(lambda epoch, epochs, losses: None)
    assert (trainer.done, len(trainer.losses)) == (2, 2)
    assert {len(losses) for losses in trainer.losses} == {2}


def test_a_signal_without_save_says_what_would_be_saved(spec: Path, tmp_path: Path) -> None:
    before = sorted(os.listdir(tmp_path))
    returned, errors = interrupted(
        signal.SIGINT, spec, "--set", "training.stop.epochs=1e9", "--epochs", 1_000_000, "--target", "python"
    )
    assert returned == 130, errors
    assert errors.startswith("interrupted after epoch ")
    assert errors.endswith("; nothing is saved: --save FILE would have kept this epoch, to continue from it\n")
    assert sorted(os.listdir(tmp_path)) == before


def test_two_trainings_do_not_save_to_one_path(spec: Path, tmp_path: Path) -> None:
    """The second is refused before it trains, also as the other kind of file, which has the same checkpoint."""
    first = [spec, "--set", "training.stop.epochs=1e9", "--epochs", 1_000_000, "--save", tmp_path / "net.json"]
    command = [sys.executable, "-c", PROCESS, "train", *map(str, first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("epoch ")
        for name in ("net.json", "net.safetensors"):
            printed = train(spec, "--save", tmp_path / name, code=2)
            assert printed.startswith(
                f"error: another process is writing this file\n  --> {tmp_path / 'net.checkpoint'}\n"
            )
            assert "epoch" not in printed
        train(spec, "--epochs", 1, "--save", tmp_path / "other.json")
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == 130
    left = {path.name for path in tmp_path.iterdir()} - {"points.csv", "net.yaml"}
    assert left == {"net.json", "net.checkpoint", "other.json", "other.checkpoint"}


@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_parameters_of_another_training_are_not_replaced(suffix: str, spec: Path, tmp_path: Path) -> None:
    saved, checkpoint = tmp_path / f"net{suffix}", tmp_path / "net.checkpoint"
    train(spec, "--epochs", 3, "--seed", 4, "--save", saved)
    others = saved.read_bytes()
    train(spec, "--epochs", 3, "--save", saved)
    again = "--epochs", 5, "--resume", checkpoint, "--save"
    train(spec, "--epochs", 4, "--resume", checkpoint, "--save", saved)
    saved.write_bytes(others)
    printed = train(spec, *again, saved, code=2)
    message = f"these are not the parameters that {checkpoint} was saved with: another training has written one of them"
    advice = "save to another file, or overwrite it with `--force`"
    assert printed == f"error: {message}\n  --> {saved}\n  = help: {advice}\n"
    assert saved.read_bytes() == others
    train(spec, *again, tmp_path / "new.json")
    train(spec, *again, saved, "--force")
    assert saved.read_bytes() != others
