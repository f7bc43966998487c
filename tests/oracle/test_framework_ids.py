"""Exported modules of PyTorch and Keras that take ids: outputs, gradients, and the way back."""

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

import nngen
from nngen.bridges.exporting.frameworks import source
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.reading import load
from nngen.reading.safetensors import written as safetensors
from nngen.targets import as_module, texts
from tests.oracle.imported import Imported, read_file
from tests.support.cases import start
from tests.support.kinds import EVERY_KIND, FACTORIZATION, FROZEN, examples, network
from tests.support.modules import ROOT

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras"),
]

SQUARED = {"name": "half_squared_error", "outputs": "sum", "batch": "sum"}

PLAIN = network(FACTORIZATION, loss=SQUARED)

TAKEN = [{"name": "self", "ids": 5}, {"name": "item", "ids": ["a", "b", "c"], "unknown": "row"}]
"""Names that modules have for something else."""

SPECS: dict[str, Spec] = {
    "factorization": PLAIN,
    "frozen items": network(FROZEN, loss=SQUARED),
    "frozen mean": network(
        FACTORIZATION,
        loss=SQUARED,
        layers=[
            *FACTORIZATION["layers"][:-1],
            FACTORIZATION["layers"][-1] | {"bias": {"initial": [3.5], "trainable": False}},
        ],
    ),
    "every kind": network(EVERY_KIND, loss=SQUARED),
    "taken names": network(
        FACTORIZATION,
        loss=SQUARED,
        inputs=TAKEN,
        layers=[one | {"from": "self"} if one["from"] == "user" else one for one in FACTORIZATION["layers"]],
    ),
    **{
        path.stem: load(path).model_copy(update={name: getattr(PLAIN, name) for name in ("loss", "training")})
        for path in (ROOT / "specs" / "ratings_mf.yaml", *(ROOT / "specs" / "recommend").glob("[gnw]*.yaml"))
    },
}


class Case(NamedTuple):
    """A network, its module of NumPy, its parameters, and a safetensors file of these."""

    spec: Spec
    module: Any
    flat: list[float]
    path: Path


def made(name: str, folder: Path) -> Case:
    chosen = SPECS[name].model_copy(update={"data": None})
    module = as_module("net", texts(chosen, Path(), ["numpy"])["numpy"])
    flat = start(Network(chosen))
    path = folder / "net.safetensors"
    path.write_bytes(safetensors(plan(chosen), flat, "float64"))
    return Case(chosen, module, flat, path)


def arguments(chosen: Spec, x: NDArray[np.float64]) -> list[Any]:
    """The ids one by one, and all numbers together."""
    import torch

    count = len(chosen.indices)
    numbers = [torch.tensor(x[:, count:])] if chosen.numbers else []
    return [*(torch.tensor(ids.astype(np.int64)) for ids in x[:, :count].T), *numbers]


@pytest.mark.parametrize("name", SPECS)
def test_torch_and_back(name: str, tmp_path: Path) -> None:
    import torch

    chosen, module, flat, path = made(name, tmp_path)
    x, y = examples(chosen)
    net = as_module("net_torch", source(chosen, "torch")).load(str(path))
    given = arguments(chosen, x)
    outputs = net(*given)
    params = module.unpack(flat)
    np.testing.assert_allclose(outputs.detach(), module.forward(params, x), 1e-12, 1e-12)
    (0.5 * (outputs - torch.tensor(y)) ** 2).sum().backward()
    expected = module.unpack(module.pack(module.gradient(params, x, y)[1]))
    for block, wanted in zip(module.PARAMETERS, expected, strict=True):
        found = getattr(net, block).grad
        np.testing.assert_allclose(np.zeros_like(wanted) if found is None else found, wanted, 1e-9, 1e-11)
    back = Imported(*nngen.from_torch(net, tuple(given), loss="half_squared_error"))
    rows = {column.column or column.name: values for column, values in zip(back.spec.columns, x.T, strict=True)}
    np.testing.assert_allclose(back.outputs(rows), module.forward(params, x), 1e-12, 1e-12)
    assert kinds(back.spec) == kinds(chosen)


def kinds(chosen: Spec) -> list[Any]:
    """The kinds of the layers with parameters, and the shapes of these that are trained."""
    pairs = zip(plan(chosen).layers, chosen.layers, strict=True)
    found = [(one.kind, [(b.shape, b.trainable) for b in planned.blocks]) for planned, one in pairs if planned.blocks]
    return sorted(found)


@pytest.mark.parametrize("name", SPECS)
def test_keras_and_back(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.oracle.judges import keras, torch

    monkeypatch.setattr(keras.src.backend.numpy, "matmul", torch.matmul)
    chosen, module, flat, path = made(name, tmp_path)
    x, y = examples(chosen)
    net = as_module("net_keras", source(chosen, "keras")).load(str(path))
    given = arguments(chosen, x)
    outputs, params = net(given, training=False), module.unpack(flat)
    tolerance = 1e-6 if name == "every kind" else 1e-12  # Keras normalizes in 32 bits
    np.testing.assert_allclose(outputs.detach(), module.forward(params, x), tolerance, tolerance)
    parts = [type(one).__name__ for one in net.operations]
    for suffix in (".keras", ".h5"):
        net.save(tmp_path / f"net{suffix}")
        judged = suffix == ".keras" or name != "every kind"  # whose operators Keras does not load itself
        read = read_file(tmp_path / f"net{suffix}", "net", parts, judged=judged, loss="half_squared_error")
        same(read, module, flat)
    (0.5 * (outputs - torch.tensor(y)) ** 2).sum().backward()
    trained = {id(variable) for variable in net.trainable_variables}
    net.set_weights([w.value.grad if id(w) in trained else 0.0 * w.value.detach() for w in net.weights])
    expected = module.pack(module.gradient(params, x, y)[1])
    same(nngen.from_keras(net), module, expected, 10 * tolerance)
    keras.utils.clear_session(free_memory=False)


def same(imported: tuple[str, list[float]], module: Any, flat: list[float], tolerance: float = 0.0) -> None:
    """Check parameters by their names: Keras has layers in an order of its own."""
    back = Imported(*imported)
    found = dict(zip(back.module.PARAMETERS, back.params, strict=True))
    assert found.keys() <= set(module.PARAMETERS)  # constants of 0 have no name
    for name, expected in zip(module.PARAMETERS, module.unpack(flat), strict=True):
        np.testing.assert_allclose(found.get(name, 0.0 * expected), expected, tolerance, tolerance)


@pytest.mark.parametrize("framework", ["torch", "keras"])
def test_layout_and_lint(framework: str, tmp_path: Path) -> None:
    for name, chosen in SPECS.items():
        (tmp_path / f"{name.replace(' ', '_')}.py").write_text(source(chosen, framework))
    ruff = [sys.executable, "-m", "ruff"]
    wide = ["--isolated", "--line-length", "120", str(tmp_path)]
    subprocess.run([*ruff, "check", "--select", "E,F,I,W,UP,B", *wide], check=True)
    subprocess.run([*ruff, "format", "--check", *wide], check=True)
