"""Exported modules of PyTorch and Keras against the NumPy modules: outputs, gradients and layout."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from nngen.bridges.exporting.frameworks import source
from nngen.description.model import Spec
from nngen.mathematics.catalogue import ACTIVATIONS
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.reading.safetensors import written as safetensors
from nngen.targets import as_module, render
from tests.oracle.imported import Imported, read_file
from tests.support.cases import start
from tests.support.catalogues import others
from tests.support.combinations import NORMALIZED
from tests.support.modules import SPECS, spec
from tests.support.network import FROZEN, described, layer
from tests.support.networks import DESCRIBED, DISTINCT, OWN

pytestmark = pytest.mark.oracle

SQUARED = {"name": "half_squared_error", "outputs": "sum", "batch": "sum"}
"""The loss of all networks here: PyTorch has it in one line."""


def squared(spec: Spec) -> Spec:
    """The network with ``SQUARED`` for its loss, and without a penalty."""
    changed = spec.model_dump(by_alias=True) | {"loss": SQUARED, "data": None}
    optimizer = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 8}
    return Spec.model_validate(changed | {"training": optimizer})


def every_activation() -> Spec:
    """A network with a layer for each activation, all between the inputs and the output."""
    hidden = []
    for name, entry in ACTIVATIONS.items():
        frozen = {} if entry.learns else {"weights": FROZEN, "bias": FROZEN}
        hidden.append(layer(f"h_{name}", 3, {"name": name, **others(entry)}, sources="x", **frozen))
    hidden += [layer(f"own_{name}", 3, name, sources="x") for name in OWN]
    output = layer("o", 2, "linear", sources=[each["name"] for each in hidden])
    return Spec.model_validate(described([*hidden, output], SQUARED, activations=OWN))


ALL: dict[str, Callable[[], Spec]] = {
    "every activation": every_activation,
    **{path.stem: partial(spec, path) for path in SPECS},
    **{name: partial(Spec.model_validate, DESCRIBED[name]) for name in DISTINCT if " twice" not in name},
}
OF_KERAS = [
    name for name in ALL if not name.startswith(("batch normalization,", "weights", "initial", "own", "dropout,"))
]
"""Without networks that would be the same again in Keras, which needs a second for each."""


class Case(NamedTuple):
    """A network, its module with parameters, and a safetensors file of these."""

    spec: Spec
    module: Any
    params: Any
    path: Path


def made(name: str, folder: Path) -> Case:
    chosen = squared(ALL[name]())
    planned = plan(chosen)
    module = as_module("net", render(planned, chosen, "numpy"))
    flat = start(Network(chosen))
    path = folder / "net.safetensors"
    path.write_bytes(safetensors(planned, flat, "float64"))
    return Case(chosen, module, module.unpack(flat), path)


def drawn(spec: Spec) -> tuple[Any, Any]:
    """Inputs and targets of a batch."""
    random = np.random.default_rng(6)
    widths = len(spec.input_names), len(spec.layers[-1].unit_names)
    return random.normal(size=(8, widths[0])), random.normal(size=(8, widths[1]))


@pytest.mark.parametrize("name", ALL)
def test_torch(name: str, tmp_path: Path) -> None:
    import torch

    chosen, module, params, path = made(name, tmp_path)
    x, y = drawn(chosen)
    network = as_module("net_torch", source(chosen, "torch")).load(str(path))
    outputs = network(torch.tensor(x))
    np.testing.assert_allclose(outputs.detach(), module.forward(params, x), 1e-12, 1e-12)
    if not outputs.requires_grad:
        return  # of a network that only the perceptron rule trains
    (0.5 * (outputs - torch.tensor(y)) ** 2).sum().backward()
    _, gradient = module.gradient(params, x, y)
    named = dict(network.named_parameters())
    for name, expected in zip(module.PARAMETERS, gradient, strict=True):
        found = named[name].grad if name in named else None
        np.testing.assert_allclose(np.zeros_like(expected) if found is None else found, expected, 1e-9, 1e-11)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")  # in Keras's own constants
@pytest.mark.parametrize("name", OF_KERAS)
def test_keras(name: str, tmp_path: Path) -> None:
    from tests.oracle.judges import keras

    chosen, module, params, path = made(name, tmp_path)
    x, _ = drawn(chosen)
    network = as_module("net_keras", source(chosen, "keras")).load(str(path))
    found = network(x, training=False)
    np.testing.assert_allclose(found.detach(), module.forward(params, x), 1e-6, 1e-5)  # Keras has constants in 32 bits
    keras.utils.clear_session(free_memory=False)


def signed(name: str, folder: Path) -> tuple[Spec, Path]:
    """A monotone network, and a file of its initial parameters."""
    chosen = next(one for one in NORMALIZED if one.name == name)
    path = folder / "net.safetensors"
    flat = [value for block in Network(chosen).init() for value in block.ravel().tolist()]
    path.write_bytes(safetensors(plan(chosen), flat, "float64"))
    return chosen, path


@pytest.mark.parametrize("name", ["signs", "gains"])
def test_torch_keeps_signs_in_training(name: str, tmp_path: Path) -> None:
    import torch

    chosen, path = signed(name, tmp_path)
    network = as_module("net_torch", source(chosen, "torch")).load(str(path)).train()
    x, y = drawn(chosen)
    judge, wrong = torch.optim.SGD(network.parameters(), lr=3.0), []
    for _ in range(5):
        judge.zero_grad()
        ((network(torch.tensor(x)) - torch.tensor(y)) ** 2).sum().backward()
        judge.step()
        for keep in (False, True):
            if keep:
                network.keep_signs()
            named = {**dict(network.named_parameters()), **dict(network.named_buffers())}
            flat = [v for block in plan(chosen).blocks for v in named[block.name].detach().ravel().tolist()]
            wrong.append(plan(chosen).monotone.wrong(flat))
    assert any(wrong[::2])
    assert not any(wrong[1::2])


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
def test_keras_keeps_signs_in_training_and_in_a_saved_model(tmp_path: Path) -> None:
    from tests.oracle.judges import keras

    chosen, path = signed("signs", tmp_path)
    model = as_module("net_keras", source(chosen, "keras")).load(str(path))
    x, y = drawn(chosen)
    model.compile(optimizer=keras.optimizers.SGD(3.0), loss="mse")
    free = [layer.kernel.numpy().copy() for layer in model.layers if hasattr(layer, "kernel")]
    model.fit(x, y, batch_size=2, epochs=3, shuffle=False, verbose=0)
    kernels = [layer.kernel.numpy() for layer in model.layers if hasattr(layer, "kernel")]
    signs = [np.array([1, 0, -1]), np.array([1, 1, 1, 0, -1]), np.array([1])]
    for kernel, before, sign in zip(kernels, free, signs, strict=True):
        assert (kernel * sign[:, None] >= 0.0).all()
        assert (kernel != before).any()
    assert any((kernel == 0.0).any() for kernel in kernels)  # a step has stopped a weight
    model.save(tmp_path / "net.keras")
    back = Imported(*read_file(tmp_path / "net.keras", "net"))
    np.testing.assert_allclose(back.outputs(x), model(x, training=False).detach(), 1e-5, 1e-5)
    keras.utils.clear_session(free_memory=False)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_safetensors_library_reads_the_file(dtype: str, tmp_path: Path) -> None:
    from safetensors import safe_open

    chosen, module, params, path = made("penguins", tmp_path)
    path.write_bytes(safetensors(plan(chosen), module.pack(params), dtype))
    with safe_open(path, "numpy") as file:
        assert file.metadata() == {"layout": module.LAYOUT}
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no mapping)
    assert set(arrays) == set(module.PARAMETERS)
    for name, expected in zip(module.PARAMETERS, params, strict=True):
        assert arrays[name].dtype == dtype
        np.testing.assert_array_equal(arrays[name], expected.astype(dtype))


@pytest.mark.parametrize("framework", ["torch", "keras"])
def test_layout_and_lint(framework: str, tmp_path: Path) -> None:
    for name, chosen in ALL.items():
        (tmp_path / f"{name.replace(' ', '_')}.py").write_text(source(chosen(), framework))
    ruff = [sys.executable, "-m", "ruff"]
    wide = ["--isolated", "--line-length", "120", str(tmp_path)]
    subprocess.run([*ruff, "check", "--select", "E,F,I,W,UP,B", *wide], check=True)
    subprocess.run([*ruff, "format", "--check", *wide], check=True)
