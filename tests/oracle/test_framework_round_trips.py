"""Between frameworks and back: the same outputs, gradients and names of layers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nngen
from nngen.exporting.frameworks import source
from nngen.exporting.onnx_model import onnx_model
from nngen.exporting.safetensors import safetensors
from nngen.pages import as_module
from nngen.plan import plan
from nngen.reading import load, parse
from nngen.reference import Network
from tests.oracle.imported import read_twice
from tests.oracle.onnx_models import answers
from tests.support.cases import start
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle


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


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")  # in Keras's own constants
def test_from_keras_to_onnx() -> None:
    from tests.oracle.judges import keras

    x = keras.Input((5,))
    h = keras.layers.Dense(5, activation="tanh")(x)
    h = keras.layers.BatchNormalization()(h)
    joined = keras.layers.Concatenate()([x, keras.layers.Dense(5)(h)])
    model = keras.Model(x, keras.layers.Dense(2, activation="softmax")(keras.layers.LeakyReLU()(joined)))
    random = np.random.default_rng(1)
    model.set_weights([random.uniform(0.2, 1.2, size=values.shape) for values in model.get_weights()])
    text, params = nngen.from_keras(model)
    spec = parse(text, "the spec")
    inputs = random.normal(size=(7, 5))
    for found in answers(onnx_model(spec, None, params, "float64"), {"x": inputs}):
        np.testing.assert_allclose(found["outputs"], model(inputs, training=False).detach(), 1e-6, 1e-6)


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
        read_twice(tmp_path / "net.keras", "net"),
    ):
        found = [(layer.name, len(layer.unit_names), layer.activation) for layer in parse(text, "the spec").layers]
        assert found == [(layer.name, len(layer.unit_names), layer.activation) for layer in first.layers]
        assert params == flat
