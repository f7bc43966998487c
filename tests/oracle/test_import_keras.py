"""Models of Keras, in memory and in files: the same outputs, and the same gradients as PyTorch's autograd."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import nngen
from nngen.bridges.importing.keras.files import read_h5, read_keras
from nngen.reading import parse
from tests.oracle.imported import Imported, read_file
from tests.oracle.keras_models import ROWS, made, rows
from tests.support.differences import seen

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

FUNCTIONS = (
    "linear relu leaky_relu relu6 softmax celu elu selu softplus softsign soft_shrink silu swish gelu tanh tanh_shrink"
    " sigmoid exponential hard_sigmoid hard_silu hard_swish hard_tanh hard_shrink mish log_sigmoid squareplus"
).split()
"""Activations by name."""

LAYERS = {
    "ReLU": "L.ReLU()",
    "ReLU 6": "L.ReLU(max_value=6)",
    "ReLU slope": "L.ReLU(negative_slope=0.1)",
    "LeakyReLU": "L.LeakyReLU()",
    "LeakyReLU 0.1": "L.LeakyReLU(negative_slope=0.1)",
    "ELU": "L.ELU()",
    "ELU 0.5": "L.ELU(alpha=0.5)",
    "PReLU": "L.PReLU(alpha_initializer=keras.initializers.Constant(0.2), trainable=False)",
    "Softmax": "L.Softmax()",
    "Activation": "L.Activation('tanh')",
    "Activation by layer": "L.Dense(8, activation=L.LeakyReLU(negative_slope=0.15))",
    "Identity": "L.Identity()",
}

MODELS = {
    "no bias": "[L.Dense(8, 'tanh', use_bias=False), L.Dense(8, use_bias=False), L.Dense(3)]",
    "batch norm": "[L.Dense(8), L.BatchNormalization(), L.ReLU(), L.Dense(3)]",
    "batch norm, momentum": "[L.Dense(8), L.BatchNormalization(momentum=0.9, epsilon=1e-5), L.ReLU(), L.Dense(3)]",
    "batch norm, neither": "[L.Dense(8), L.BatchNormalization(scale=False, center=False), L.Dense(3)]",
    "batch norm after": "[L.Dense(8, 'relu'), L.BatchNormalization(axis=1), L.Dense(3)]",
    "layer norm": "[L.Dense(8), L.LayerNormalization(), L.Activation('gelu'), L.Dense(3)]",
    "layer norm, neither": "[L.Dense(8), L.LayerNormalization(scale=False, center=False), L.Dense(3)]",
    "rms norm": "[L.Dense(8, 'silu'), L.RMSNormalization(), L.Dense(3)]",
    "nested": "[L.Dense(8, 'tanh'), keras.Sequential([L.Input((8,)), L.Dense(8, 'relu'), L.Dense(8)]), L.Dense(3)]",
    "not trained": "[L.Dense(8, trainable=False), L.LayerNormalization(trainable=False), L.Dense(8), L.Dense(3)]",
    "many of a class": "[*(L.Dense(8, 'tanh') for _ in range(12)), L.Dense(3)]",
}

OUTPUTS = {
    "dropout": "[L.Dropout(0.1), L.Dense(8, 'relu'), L.Dropout(0.3), L.Dense(3, 'softmax')]",
    "half a norm": "[L.Dense(8), L.BatchNormalization(scale=False), L.LayerNormalization(center=False), L.Dense(3)]",
    "half of it": "[L.Dense(8), L.BatchNormalization(center=False), L.LayerNormalization(scale=False), L.Dense(3)]",
    "constant norm": "[L.Dense(8), L.BatchNormalization(trainable=False), L.ReLU(), L.Dense(3)]",
    "given": "[L.Normalization(mean=list(range(8)), variance=[0.0, *range(1, 8)]), L.Dense(3)]",
    "one for all": "[L.Normalization(mean=2.0, variance=3.0), L.Dense(3)]",
    "measured": "[adapted(L.Normalization()), L.Dense(8, 'tanh'), L.Dense(3)]",
    "measured for all": "[adapted(L.Normalization(axis=None)), L.Dense(3)]",
    "rescaling": "[L.Rescaling(1 / 255, offset=-0.5), L.Dense(3)]",
    "rescaling each": "[L.Dense(8), L.Rescaling([1.0, 2, 3, 4, 5, 6, 7, 8]), L.Dense(3)]",
    "ReLU with all options": "[L.Dense(8), L.ReLU(max_value=1.0, negative_slope=0.1, threshold=0.5), "
    "L.Dense(8), L.ReLU(max_value=2.0), L.Dense(3)]",
    "subtract": "L.Dense(3)(L.Subtract()([L.Dense(8, 'tanh')(x), L.Dense(8)(x)]))",
    "average": "L.Dense(3)(L.Average()([L.Dense(8, 'tanh')(x), x, L.Dense(8)(x)]))",
    "minimum": "L.Dense(3)(L.Minimum()([L.Dense(8, 'tanh')(x), x, L.Dense(8)(x)]))",
    "noise": "[L.GaussianNoise(0.1), L.Dense(8, 'relu'), L.AlphaDropout(0.1), L.GaussianDropout(0.1), "
    "L.ActivityRegularization(0.1), L.Dense(3)]",
    "slopes": "[L.Dense(8), L.PReLU(alpha_initializer='random_normal'), L.Dense(3)]",
    "one unit": "[L.Dense(1), L.LayerNormalization(), L.Dense(3)]",
    "shared": "L.Dense(3)(L.Add()([(relu := L.ReLU())(L.Dense(4)(x)), relu(L.Dense(4)(x))]))",
    "flatten": "[L.Reshape((8,)), L.Flatten(), L.Dense(3)]",
}

FUNCTIONAL = {
    "concatenate": "L.Dense(3)(L.Concatenate()([L.Dense(8, 'relu')(x), x, L.Dense(4, 'tanh')(x)]))",
    "add": "L.Dense(3)(L.Activation('tanh')(L.Add()([L.Dense(8)(x), L.Dense(8)(x)])))",
    "residual": "L.Dense(3)(L.Add()([x, L.Dense(8, 'relu')(x)]))",
    "nested": "L.Dense(3)(keras.Sequential([L.Input((8,)), L.Dense(8, 'relu'), L.Dense(8)])(L.Dense(8)(x)))",
}


@pytest.fixture(autouse=True)
def _products_in_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PyTorch, Keras multiplies matrices in float32, even those of float64."""
    from tests.oracle.judges import keras, torch

    monkeypatch.setattr(keras.src.backend.numpy, "matmul", torch.matmul)


def gradient(model: Any, x: NDArray[np.float64], targets: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gradient of half the squared error, in the order in which the parameters are imported."""
    from tests.oracle.judges import keras, torch

    outputs = model(torch.tensor(x), training=True)
    (0.5 * ((outputs - torch.tensor(targets)) ** 2).sum(1).mean()).backward()
    slopes = keras.models.clone_model(model)
    for slope, variable in zip(slopes.weights, model.weights, strict=True):
        if variable.value.grad is not None:
            slope.assign(variable.value.grad)
    return np.array(nngen.from_keras(slopes)[1])


def parts(layer: Any) -> list[str]:
    """The classes of a layer or model and of all layers in it; a layer with an activation is one, too."""
    named = ["Activation"] if hasattr(getattr(layer, "activation", None), "__name__") else []
    return [type(layer).__name__, *named, *(name for inner in getattr(layer, "layers", ()) for name in parts(inner))]


def same(model: Any, folder: Path, tolerance: float = 1e-12) -> Imported:
    """The same network in memory and in both kinds of files, with the same outputs."""
    from tests.oracle.judges import torch

    x = rows()
    text, flat = nngen.from_keras(model, loss="half_squared_error", name="model")
    for suffix in (".keras", ".h5"):
        path = folder / f"model{suffix}"
        model.save(path)
        judged = suffix == ".keras" or not any(getattr(layer, "axis", -1) in (None, ()) for layer in model.layers)
        found, parameters = read_file(
            path, "Model", parts(model), judged=judged, name="model", loss="half_squared_error"
        )
        assert parameters == flat
        assert found.partition("inputs:")[2] == text.partition("inputs:")[2]
    network = Imported(text, flat)
    expected = model(torch.tensor(x), training=False).detach().numpy()
    seen("Keras", parts(model), network.outputs(x), expected)
    np.testing.assert_allclose(network.outputs(x), expected, rtol=tolerance, atol=tolerance)
    return network


def compare(model: Any, folder: Path, tolerance: float = 1e-12) -> None:
    """The same outputs, and the same gradient."""
    network, x = same(model, folder, tolerance), rows()
    targets = np.random.default_rng(3).normal(size=(ROWS, 3))
    slopes, wanted = (
        network.gradient(x, targets)[network.trained],
        np.array(gradient(model, x, targets))[network.trained],
    )
    np.testing.assert_allclose(slopes, wanted, rtol=100 * tolerance, atol=tolerance)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name: str, tmp_path: Path) -> None:
    # PyTorch, and so Keras, has 1/6 in float32
    compare(
        made(f"[L.Dense(8, '{name}'), L.Dense(8), L.Dense(3)]"), tmp_path, 1e-8 if name == "hard_sigmoid" else 1e-12
    )


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name: str, tmp_path: Path) -> None:
    compare(made(f"[L.Dense(8), {LAYERS[name]}, L.Dense(8), L.Dense(3)]"), tmp_path)


@pytest.mark.parametrize("name", MODELS)
def test_models(name: str, tmp_path: Path) -> None:
    # Keras takes the statistics of batches in float32 on PyTorch
    compare(made(MODELS[name]), tmp_path, tolerance=1e-5 if "norm" in name or name == "not trained" else 1e-12)


@pytest.mark.parametrize("name", OUTPUTS)
def test_outputs(name: str, tmp_path: Path) -> None:
    in_float32 = "half constant given one measured ReLU minimum".split()  # the roots of Keras, and options of PyTorch
    same(made(OUTPUTS[name]), tmp_path, tolerance=1e-5 if name.partition(" ")[0] in in_float32 else 1e-12)


@pytest.mark.parametrize("name", FUNCTIONAL)
def test_functional_models(name: str, tmp_path: Path) -> None:
    compare(made(FUNCTIONAL[name]), tmp_path)


def test_numbers_of_16_bits_are_widened(tmp_path: Path) -> None:
    model = made("[L.Dense(8, 'tanh', dtype='float16'), L.Dense(3, dtype='mixed_float16')]")
    text, flat = nngen.from_keras(model, name="model")
    assert "16 bits" in text
    assert flat == [number for array in model.get_weights() for number in array.T.astype(float).flat]
    model.save(tmp_path / "model.keras")
    assert read_file(tmp_path / "model.keras", "Sequential", parts(model), name="model") == (text, flat)


def test_what_training_does_not_change() -> None:
    spec, _ = nngen.from_keras(
        made("[L.Dense(8, trainable=False), L.BatchNormalization(), L.Dropout(0.2), L.Dense(3)]")
    )
    layer = parse(spec, "model.yaml").layers[0]
    assert (layer.weights.trainable, layer.bias and layer.bias.trainable, layer.dropout) == (False, False, 0.2)
    assert layer.normalization is not None
    options = {"epsilon": 1e-3, "momentum": 0.01, "correction": 0.0}
    assert layer.normalization.options == pytest.approx(options)


def test_the_loss_of_a_compiled_model(tmp_path: Path) -> None:
    model = made("[L.Dense(8, 'relu'), L.Dense(3, 'softmax')]")
    model.compile(loss="categorical_crossentropy", optimizer="adam")
    model.save(tmp_path / "model.keras")
    read_file(tmp_path / "model.keras", "Sequential")  # which Keras judges, though it has an optimizer
    graph = read_keras((tmp_path / "model.keras").read_bytes(), "model.keras")
    assert graph.loss == {"name": "cross_entropy", "outputs": "sum"}
    model.compile(loss="binary_crossentropy")
    model.save(tmp_path / "model.h5")
    graph = read_h5((tmp_path / "model.h5").read_bytes(), "model.h5")
    assert graph.loss == {"name": "binary_cross_entropy", "outputs": "mean"}


def test_images_are_flattened(tmp_path: Path) -> None:
    from tests.oracle.judges import keras, torch

    layers = keras.layers
    model = keras.Sequential([layers.Input((2, 4)), layers.Rescaling(0.5), layers.Flatten(), layers.Dense(3)])
    x = rows()
    expected = model(torch.tensor(x.reshape(-1, 2, 4))).detach().numpy()
    np.testing.assert_allclose(Imported(*nngen.from_keras(model)).outputs(x), expected, rtol=1e-12, atol=1e-12)


def test_numbers_and_ids_as_ones(tmp_path: Path) -> None:
    """Bins of numbers, also at their edges, and ids, beside one another."""
    from tests.oracle.judges import keras, torch

    layers = keras.layers
    number, one = layers.Input((1,), name="number"), layers.Input((1,), dtype="int32", name="one")
    bins = layers.Discretization([-0.5, 0.25, 1.0], output_mode="one_hot")(number)
    codes = layers.CategoryEncoding(4, output_mode="one_hot")(one)
    model = keras.Model([number, one], layers.Dense(3)(layers.Concatenate()([bins, codes])))
    path = tmp_path / "model.keras"
    model.save(path)
    network = Imported(*read_file(path, "Model", parts(model), name="model"))
    numbers, ids = np.array([-3.0, -0.5, 0.0, 0.25, 0.5, 1.0, 7.0]), np.arange(7) % 4
    expected = model([torch.tensor(numbers[:, None]), torch.tensor(ids[:, None])]).detach().numpy()
    found = network.outputs([[*row] for row in zip(ids.tolist(), numbers.tolist(), strict=True)])
    seen("Keras", parts(model), found, expected)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_only_models_of_layers() -> None:
    from tests.oracle.judges import keras

    class Own(keras.Model):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x

    for given in (3, object(), Own()):
        with pytest.raises(nngen.SpecError, match="expected a Sequential or functional model"):
            nngen.from_keras(given)


def test_a_file_of_a_class_of_ones_own(tmp_path: Path) -> None:
    from tests.oracle.judges import keras

    class Own(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.layer = keras.layers.Dense(2)

        def call(self, x: Any) -> Any:
            return self.layer(x)

    model = Own()
    model(np.zeros((1, 3)))
    model.save(tmp_path / "model.keras")
    with pytest.raises(nngen.SpecError, match="expected a Sequential or functional model, got 'Own'"):
        read_keras((tmp_path / "model.keras").read_bytes(), "model.keras")


def test_layers_that_no_spec_has_are_listed() -> None:
    model = made("[L.Dense(8, 'glu'), L.Lambda(lambda z: z + 1), L.UnitNormalization(), L.Dense(2, 'sparsemax')]")
    with pytest.raises(nngen.SpecError) as caught:
        nngen.from_keras(model)
    names = [layer.name for layer in model.layers]
    assert [found.message for found in caught.value.diagnostics] == [
        f"layer 2, Dense {names[0]!r}: the activation 'glu' has no equal in a spec",
        f"layer 3, Lambda {names[1]!r}: no layer of a spec is like it",
        f"layer 4, UnitNormalization {names[2]!r}: no layer of a spec is like it",
        f"layer 5, Dense {names[3]!r}: the activation 'sparsemax' has no equal in a spec",
    ]
