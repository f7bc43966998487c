"""Keras and scikit-learn find mistakes of the readers of their files, and load no file that would run code."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.bridges.importing.keras import judge as keras_judge
from nngen.bridges.importing.sklearn import judge as sklearn_judge
from tests.support.mistakes import MISTAKES, found, imported, swapped_scale
from tests.support.model_files import keras as keras_file
from tests.support.model_files import sequential

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_mistakes_with_a_file_of_keras(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.oracle.judges import keras

    layers = keras.layers
    model = keras.Sequential([keras.Input((3,)), layers.Dense(3, "tanh", bias_initializer="normal"), layers.Dense(1)])
    model.save(tmp_path / f"net{suffix}")
    command = [sys.executable, "-m", "nngen", "import", str(tmp_path / f"net{suffix}"), "--out", str(tmp_path / "own")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # in a process that writes no files
    assert "32 inputs compared with Keras in float32: largest difference" in done.stdout
    found(tmp_path / f"net{suffix}", MISTAKES, "Keras", monkeypatch)


def test_mistakes_with_a_file_of_scikit_learn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import skops.io
    from sklearn.neural_network import MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x = np.random.default_rng(1).normal(size=(40, 3)) * [1.0, 10.0, 0.1]
    network = MLPRegressor(hidden_layer_sizes=(3,), activation="tanh", max_iter=20, random_state=1)
    skops.io.dump(make_pipeline(StandardScaler(), network).fit(x, x[:, 0]), tmp_path / "net.skops")
    found(tmp_path / "net.skops", [*MISTAKES, swapped_scale], "scikit-learn", monkeypatch)
    monkeypatch.setattr(sklearn_judge, "version", lambda _: "0.12.0")
    other = (tmp_path / "net.skops").rename(tmp_path / "other.skops")
    done = imported(other, lambda node: node, monkeypatch)
    assert "scikit-learn fails: ValueError: this version of skops can run code of a file" in done.stdout


HOSTILE: dict[str, Any] = {
    "a lambda": {"class_name": "__lambda__", "config": {"value": ["4wA=", None, None]}},
    "a function": {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"},
    "a class": {"module": "subprocess", "class_name": "Constant", "config": {"args": "true"}},
    "a layer": {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/tmp"}},
    "nested": {"module": "keras.initializers", "class_name": "Constant", "config": {"value": {"class_name": "Lambda"}}},
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_keras_makes_no_other_objects(attack: str, tmp_path: Path) -> None:
    """The reader does not read initializers, but Keras would make them."""
    model = sequential()
    model["config"]["layers"][1]["config"]["kernel_initializer"] = HOSTILE[attack]
    path = tmp_path / "net.keras"
    path.write_bytes(keras_file(model))
    (judgement,) = keras_judge.judge(str(path), "", "", ["x1", "x2"], [[0.5], [1.0]])
    assert judgement.outputs is None
    assert "fails: ValueError: Keras would make an object of the class" in judgement.reason
