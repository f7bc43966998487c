"""Networks that PyTorch and Keras export to ONNX: read, and compared with these tools and with ONNX Runtime."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.bridges.importing import Imported
from tests.oracle.imported_onnx import Trained, imported
from tests.oracle.judges import keras, torch

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

nn = torch.nn
OF_TORCH: dict[str, Any] = {
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(0.3),
    "elu": nn.ELU(0.4),
    "selu": nn.SELU(),
    "celu": nn.CELU(0.7),
    "gelu": nn.GELU(),
    "gelu_tanh": nn.GELU(approximate="tanh"),
    "silu": nn.SiLU(),
    "mish": nn.Mish(),
    "softplus": nn.Softplus(),
    "log_sigmoid": nn.LogSigmoid(),
    "softsign": nn.Softsign(),
    "hard_sigmoid": nn.Hardsigmoid(),
    "hard_tanh": nn.Hardtanh(),
    "relu6": nn.ReLU6(),
    "hard_swish": nn.Hardswish(),
    "soft_shrink": nn.Softshrink(0.3),
    "hard_shrink": nn.Hardshrink(0.3),
    "tanh": nn.Tanh(),
    "sigmoid": nn.Sigmoid(),
}
"""Every activation that PyTorch has a module of."""


class Mixed(nn.Module):  # type: ignore[name-defined, misc]
    """Normalizations, dropout, a residual and a skip connection."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.third = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(8, 3)
        self.batch, self.layer, self.drop = nn.BatchNorm1d(4, eps=1e-3), nn.LayerNorm(4), nn.Dropout(0.3)
        for parameter in (*self.batch.parameters(), *self.batch.buffers(), *self.layer.parameters()):
            if parameter.dtype.is_floating_point:
                parameter.data = torch.rand(4) + 0.5

    def forward(self, x: Any) -> Any:
        """The probabilities of a batch."""
        hidden = self.drop(torch.relu(self.batch(self.first(x))))
        residual = self.layer(hidden + self.second(hidden))
        return torch.softmax(self.third(torch.cat([residual, x], 1)), 1)


def exported(module: Any, path: Path, **options: Any) -> None:
    torch.onnx.export(module.eval(), (torch.randn(2, 4),), str(path), verbose=False, **options)


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize(
    "options",
    [{"dynamo": True}, {"dynamo": False, "opset_version": 14}, {"dynamo": False, "opset_version": 9}],
    ids=["dynamo", "script-14", "script-9"],
)
def test_pytorch(tmp_path: Path, options: dict[str, Any]) -> None:
    torch.manual_seed(1)
    path = tmp_path / "net.onnx"
    old = options.get("opset_version", 20) < 14
    known = {name: module for name, module in OF_TORCH.items() if not old or name not in ("celu", "hard_swish")}
    layers = [layer for module in known.values() for layer in (nn.Linear(4, 4), module)]
    exported(nn.Sequential(*layers), path, **options)
    made = imported(path)
    assert [layer.activation.name for layer in made.spec.layers] == [*known]

    network = Mixed()
    exported(network, path, **options)
    made = imported(path)
    x = torch.randn(50, 4)
    outputs = Trained(made).outputs(x.double().numpy())
    np.testing.assert_allclose(outputs, network.double()(x.double()).detach().numpy(), rtol=0, atol=1e-7)


class Factorization(nn.Module):  # type: ignore[name-defined, misc]
    """Matrix factorization with biases and a mean, whose dot products are written in several ways."""

    def __init__(self, dot: Callable[[Any, Any], Any]) -> None:
        super().__init__()
        self.p, self.q, self.bu, self.bi = (
            nn.Embedding(7, 3),
            nn.Embedding(5, 3),
            nn.Embedding(7, 1),
            nn.Embedding(5, 1),
        )
        self.dot, self.mu = dot, nn.Parameter(torch.tensor(3.3))

    def forward(self, user: Any, item: Any) -> Any:
        """A rating for each user and item."""
        biases = self.bu(user).squeeze(1) + self.bi(item).squeeze(1)
        return self.dot(self.p(user), self.q(item)) + biases + self.mu


DOTS: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda p, q: (p * q).sum(1),
    "bmm": lambda p, q: torch.bmm(p.unsqueeze(1), q.unsqueeze(2)).flatten(),
    "einsum": lambda p, q: torch.einsum("nk,nk->n", p, q),
}


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("dynamo", [True, False])
@pytest.mark.parametrize("dot", DOTS)
def test_pytorch_with_ids(tmp_path: Path, dot: str, dynamo: bool) -> None:
    torch.manual_seed(1)
    path = tmp_path / "net.onnx"
    module = Factorization(DOTS[dot]).eval()
    user, item = torch.randint(0, 7, (50,)), torch.randint(0, 5, (50,))
    names = ["user", "item"]
    shapes: dict[str, Any] = {"dynamic_axes": {name: {0: "n"} for name in names}}
    if dynamo:
        shapes = {"dynamic_shapes": tuple({0: torch.export.Dim("n", min=2)} for _ in names)}
    torch.onnx.export(module, (user, item), str(path), input_names=names, dynamo=dynamo, verbose=False, **shapes)
    made = imported(path)
    kinds = {layer.name: layer.kind for layer in made.spec.layers}
    assert [*kinds.values()].count("embedding") == 4
    assert [*kinds.values()][-1] == "add"
    assert {"p", "q", "bu", "bi"} <= kinds.keys()
    outputs = Trained(made).outputs({"user": user.tolist(), "item": item.tolist()})
    expected = module.double()(user, item).detach().numpy()
    np.testing.assert_allclose(outputs[:, 0], expected, rtol=0, atol=1e-7)


@pytest.fixture
def narrow() -> Iterator[None]:
    """Keras with 32 bits, as its users have it."""
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")  # Keras keeps that of the first layer
    yield
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")


@pytest.mark.usefixtures("narrow")
def test_keras(tmp_path: Path) -> None:
    names = "relu sigmoid tanh softplus softsign selu elu gelu silu hard_sigmoid leaky_relu relu6 mish log_sigmoid"
    names += " hard_tanh hard_shrink soft_shrink"
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(4, activation=name, bias_initializer="glorot_normal") for name in names.split()]
    path = tmp_path / "net.onnx"

    def export(model: Any) -> Imported:
        model(np.zeros((2, 4), np.float32))
        model.export(str(path), format="onnx", verbose=False)
        return imported(path)

    made = export(keras.Sequential([keras.Input((4,)), *layers]))
    assert [layer.activation.name for layer in made.spec.layers] == names.split()

    source = keras.Input((4,))
    scaled = keras.layers.Normalization()
    scaled.adapt(np.random.default_rng(0).normal(3.0, 2.0, (50, 4)))
    hidden = keras.layers.Dense(5, activation="relu")(scaled(source))
    normal = keras.layers.BatchNormalization()
    hidden = keras.layers.Dropout(0.3)(normal(hidden))
    joined = keras.layers.Concatenate()([hidden, source])
    model = keras.Model(source, keras.layers.Dense(3, activation="softmax")(joined))
    normal.set_weights([np.random.default_rng(k).uniform(0.5, 2.0, 5) for k in range(4)])
    made = export(model)
    x = np.random.default_rng(1).normal(3.0, 2.0, (50, 4)).astype(np.float32)
    np.testing.assert_allclose(Trained(made).outputs(x.astype(float)), model.predict(x, verbose=0), rtol=0, atol=1e-6)
