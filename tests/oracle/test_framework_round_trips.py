"""Between frameworks and back: the same outputs, gradients and names of layers."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nngen
from nngen.bridges.exporting.frameworks import source
from nngen.bridges.exporting.onnx_model import onnx_model
from nngen.bridges.importing import assemble
from nngen.bridges.importing.onnx.file import read_graph
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.reading import load, parse
from nngen.reading.safetensors import written as safetensors
from nngen.targets import as_module
from tests.oracle.imported import Imported, read_file
from tests.oracle.onnx_models import answers
from tests.support.cases import start
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

LOSS = "half_squared_error"

TOLERANCE = 2e-6, 2e-7
"""Relative and absolute: Keras narrows inputs and normalizes in 32 bits, whatever it is given."""


def of_torch() -> Any:
    """A network with square layers, which a missing transpose would not change in shape."""
    import torch
    from torch import nn

    torch.manual_seed(3)
    layers = [nn.Linear(6, 6), nn.BatchNorm1d(6, eps=1e-3), nn.LeakyReLU(0.2), nn.Linear(6, 6), nn.LayerNorm(6)]
    layers += [nn.GELU(), nn.Dropout(0.3), nn.Linear(6, 6, bias=False), nn.ELU(0.7), nn.Linear(6, 3), nn.Softmax(1)]
    made = nn.Sequential(*layers).double()
    for name, values in [*made.named_parameters(), *made.named_buffers()]:
        if values.is_floating_point():
            with torch.no_grad():
                values.add_(torch.rand_like(values) * (1.0 if "running_var" in name else 0.4))
    return made.eval()


def test_from_torch_and_back(tmp_path: Path) -> None:
    import torch

    made = of_torch()
    x = torch.randn(9, 6, dtype=torch.float64, requires_grad=True)
    text, params = nngen.from_torch(made, x[:1].detach())
    spec = parse(text, "the spec")
    path = tmp_path / "net.safetensors"
    path.write_bytes(safetensors(plan(spec), params, "float64"))
    back = as_module("net_torch", source(spec, "torch")).load(str(path))
    gradients = []
    for network in (made, back):
        outputs = network(x)
        (torch.arange(27.0, dtype=torch.float64).reshape(9, 3).sin() * outputs).sum().backward()
        gradients.append([x.grad.clone(), *(each.grad for each in network.parameters()), outputs.detach()])
        x.grad = None
    assert len(gradients[0]) == len(gradients[1])
    for expected, found in zip(*gradients, strict=True):
        np.testing.assert_allclose(found, expected, 1e-9, 1e-12)


def of_keras(normalization: str) -> Any:
    """A network of 64 bits with square layers, a skip connection and a normalization."""
    from tests.oracle.judges import keras

    made = partial(keras.layers.Dense, dtype="float64")
    x = keras.Input((5,), dtype="float64")
    h = getattr(keras.layers, normalization)(dtype="float64")(made(5, activation="tanh")(x))
    joined = keras.layers.Concatenate(dtype="float64")([x, made(5)(h)])
    model = keras.Model(x, made(2, activation="softmax")(keras.layers.LeakyReLU(0.25, dtype="float64")(joined)))
    random = np.random.default_rng(1)
    model.set_weights([random.uniform(0.2, 1.2, size=values.shape) for values in model.get_weights()])
    return model


def slopes_of_keras(model: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """The outputs of a model, and the gradient of its halved squared error in the order of nngen's parameters."""
    import torch

    outputs = model(torch.tensor(x), training=False)
    (0.5 * ((outputs - torch.tensor(y)) ** 2).sum(1).mean()).backward()
    trained = {id(variable) for variable in model.trainable_variables}
    slopes = [w.value.grad if id(w) in trained else w.value.detach() for w in model.weights]
    model.set_weights([values.numpy() for values in slopes])  # as parameters they come in that order
    return outputs.detach().numpy(), nngen.from_keras(model)[1]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")  # in Keras's own constants
@pytest.mark.parametrize("normalization", ["BatchNormalization", "LayerNormalization"])
def test_from_keras_to_onnx_and_back(normalization: str, tmp_path: Path) -> None:
    """The outputs of ONNX Runtime, and the gradients of what is imported from Keras and from ONNX.

    ONNX has batch normalization as it is after training, so that the network that comes back has other parameters.
    """
    model, random = of_keras(normalization), np.random.default_rng(2)
    x, y = random.normal(size=(7, 5)), random.normal(size=(7, 2))
    first = Imported(*nngen.from_keras(model, loss=LOSS))
    exported, path = onnx_model(first.spec, None, first.flat, "float64"), tmp_path / "net.onnx"
    path.write_bytes(exported)
    made = assemble(read_graph(str(path)), str(path), loss=LOSS)
    read = Imported(made.text, list(made.parameters))
    outputs, slopes = slopes_of_keras(model, x, y)
    for found in answers(exported, {"x": x}):
        np.testing.assert_allclose(found["outputs"], outputs, *TOLERANCE)
    for network in (first, read):
        np.testing.assert_allclose(network.outputs(x), outputs, *TOLERANCE)
    for network in (first, read) if normalization == "LayerNormalization" else (first,):
        gradient = network.module.pack(network.module.gradient(network.params, x, y)[1])
        np.testing.assert_allclose(np.array(gradient)[first.trained], np.array(slopes)[first.trained], *TOLERANCE)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
@pytest.mark.parametrize("normalization", ["BatchNormalization", "LayerNormalization"])
def test_from_keras_and_back(normalization: str, tmp_path: Path) -> None:
    model, random = of_keras(normalization), np.random.default_rng(2)
    x, y = random.normal(size=(7, 5)), random.normal(size=(7, 2))
    text, params = nngen.from_keras(model)
    spec, path = parse(text, "the spec"), tmp_path / "net.safetensors"
    path.write_bytes(safetensors(plan(spec), params, "float64"))
    back = as_module("net_keras", source(spec, "keras")).load(str(path))
    for found, expected in zip(slopes_of_keras(back, x, y), slopes_of_keras(model, x, y), strict=True):
        np.testing.assert_allclose(found, expected, 1e-8, 1e-11)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
@pytest.mark.parametrize("name", ["skip_mlp", "iris", "digits"])
def test_to_frameworks_and_back(name: str, tmp_path: Path) -> None:
    """Layers, parameters and their names; the file that Keras saves has them, too."""
    import torch

    first = load(ROOT / "specs" / f"{name}.yaml")
    flat = start(Network(first))
    path = tmp_path / "net.safetensors"
    path.write_bytes(safetensors(plan(first), flat, "float64"))
    of_torch = as_module("net_torch", source(first, "torch")).load(str(path))
    of_keras = as_module("net_keras", source(first, "keras")).load(str(path))
    of_keras.save(tmp_path / "net.keras")
    example = torch.zeros(1, len(first.input_names), dtype=torch.float64)
    for text, params in (
        nngen.from_torch(of_torch, example),
        nngen.from_keras(of_keras),
        read_file(tmp_path / "net.keras", "net"),
    ):
        found = [(layer.name, len(layer.unit_names), layer.activation) for layer in parse(text, "the spec").layers]
        assert found == [(layer.name, len(layer.unit_names), layer.activation) for layer in first.layers]
        assert params == flat
