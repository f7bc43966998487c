"""Models of Keras, imported: training continues as it does in Keras."""

from pathlib import Path

import numpy as np
import pytest

import nngen
from tests.oracle.imported import Imported
from tests.oracle.keras_models import ROWS, made, rows

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(autouse=True)
def _products_in_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PyTorch, Keras multiplies matrices in float32, even those of float64."""
    from tests.oracle.judges import keras, torch

    monkeypatch.setattr(keras.src.backend.numpy, "matmul", torch.matmul)


OPTIMIZERS = (
    "SGD(0.125)",
    "SGD(0.125, momentum=0.9)",
    "SGD(0.125, momentum=0.9, nesterov=True, weight_decay=0.125)",
    "Adam(0.125, epsilon=1e-3)",
    "Adam(0.125, amsgrad=True)",
    "AdamW(0.125, weight_decay=0.125)",
    "RMSprop(0.125, rho=0.75)",
    "RMSprop(0.125, momentum=0.5)",
    "RMSprop(0.125, momentum=0.5, centered=True)",
    "Nadam(0.125)",
    "Adamax(0.125)",
    "Adagrad(0.125, initial_accumulator_value=0.25)",
    "Adadelta(0.125)",
    "Lion(0.125, weight_decay=0.125)",
)


@pytest.mark.parametrize("code", OPTIMIZERS)
def test_training_continues(code: str, tmp_path: Path) -> None:
    """Twenty steps after the import, in Keras and in nngen."""
    from tests.oracle.judges import keras

    model = made("[L.Dense(8, 'tanh'), L.Dense(3)]")
    model.compile(loss="mse", optimizer=eval(f"o.{code}", {"o": keras.optimizers}))
    network = Imported(*nngen.from_keras(model))
    params = network.params
    state = network.module.init_state(params)
    x, y = rows(), np.random.default_rng(3).normal(size=(ROWS, 3))
    for _ in range(20):
        model.train_on_batch(x, y)
        _, slopes = network.module.gradient(params, x, y)
        params, state = network.module.step(params, slopes, state)
    expected = nngen.from_keras(model)[1]
    np.testing.assert_allclose(network.module.pack(params), expected, rtol=1e-4, atol=1e-5)  # means in float32
