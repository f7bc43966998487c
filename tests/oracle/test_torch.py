from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nngen.description.model.spec import Spec
from nngen.proof.reference import Network
from nngen.proof.reference.normalization import keep
from nngen.reading.source import load, parse
from tests.support.modules import SPECS as PATHS
from tests.support.modules import built, targets
from tests.support.networks import NETWORKS

pytestmark = pytest.mark.oracle

FOLDER = Path(__file__).parents[2] / "specs"
SPECS = {path.relative_to(FOLDER).with_suffix("").as_posix(): path for path in PATHS}
TOLERANCE = {"float64": (1e-10, 1e-13), "float32": (1e-4, 1e-5)}  # relative and absolute
STEPS = 10
BATCH = 6


def examples(spec: Spec, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Random inputs, and random targets that the loss allows."""
    random = np.random.default_rng(1)
    x = random.uniform(-1.0, 1.0, size=(count, len(spec.input_names)))
    return x, targets(spec, count, random)


def compare(spec: Spec, network: Any, flat: Sequence[float], batch: int | None, dtype: str = "float64") -> None:
    """The same outputs, loss and gradient as PyTorch, and the same parameters, in each of ten steps.

    The network takes ``batch`` examples at once, or (None) one that is not in a batch.
    """
    from tests.oracle.engine import Engine  # here, so that the other tests are collected without PyTorch

    rtol, atol = TOLERANCE[dtype]
    # near the parameters, not at them: zeros would hide mistakes
    flat = (np.array(flat) + np.random.default_rng(2).normal(scale=0.2, size=len(flat))).tolist()
    engine = Engine(spec, flat)
    params = network.unpack(flat)
    state = network.init_state(params)
    xs, ys = examples(spec, STEPS * (batch or 1))
    for x, y in zip(np.split(xs, STEPS), np.split(ys, STEPS), strict=True):
        one = (x, y) if batch else (x[0].tolist(), y[0].tolist())
        outputs = network.forward(params, one[0])
        loss, gradient = network.gradient(params, *one)
        assert loss == pytest.approx(network.loss(params, *one), rel=rtol)
        np.testing.assert_allclose(np.atleast_2d(outputs), engine.forward(x), rtol, atol)
        expected_loss, expected_gradient = engine.gradient(x, y)
        assert loss == pytest.approx(expected_loss, rel=rtol, abs=atol)
        np.testing.assert_allclose(network.pack(gradient), expected_gradient, rtol, atol)
        params, state = network.step(params, gradient, state)
        np.testing.assert_allclose(network.pack(params), engine.step(), rtol, atol)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_reference_on_its_own_networks(name: str) -> None:
    network = NETWORKS[name]
    compare(network.spec, network, network.pack(network.init()), BATCH)


@pytest.mark.parametrize("name", SPECS)
def test_the_reference(name: str) -> None:
    network = Network(load(SPECS[name]))
    compare(network.spec, network, network.pack(network.init()), BATCH)


@pytest.mark.parametrize("name", SPECS)
def test_the_python_module(name: str) -> None:
    module = built(SPECS[name], "python")
    compare(load(SPECS[name]), module, module.pack(module.init()), None)


@pytest.mark.parametrize("name", SPECS)
def test_the_numpy_module(name: str) -> None:
    spec = load(SPECS[name])
    module = built(SPECS[name], "numpy")
    compare(spec, module, module.pack(module.init()), BATCH, spec.dtype("numpy"))


IN_TRAINING = {
    name: network
    for name, network in NETWORKS.items()
    if any(layer.normalization or layer.dropout for layer in network.spec.layers)
    and not network.spec.loss.example_weights
}


@pytest.mark.parametrize("name", IN_TRAINING)
def test_training_with_dropout_and_statistics_of_batches(name: str) -> None:
    from tests.oracle.engine import Engine, tensor

    network = IN_TRAINING[name]
    random = np.random.default_rng(4)
    params = network.init()
    state = network.init_state(params)
    engine = Engine(network.spec, network.pack(params))
    for step in range(STEPS):
        x, y = random.normal(size=(BATCH, 3)), targets(network.spec, BATCH, random)
        seeds = np.arange(BATCH) + 100 * step
        first, masks = 0, []
        for layer in network.spec.layers:
            if layer.dropout is not None:
                masks.append(tensor(keep(layer.dropout, seeds, first, len(layer.unit_names))))
                first += len(layer.unit_names)
        loss, gradient, params = network.batch_gradient(params, x, y, seeds)
        expected, expected_gradient = engine.gradient(x, y, iter(masks))
        assert loss == pytest.approx(expected, rel=1e-10)
        np.testing.assert_allclose(network.pack(gradient), expected_gradient, 1e-10, 1e-13)
        params, state = network.step(params, gradient, state)
        np.testing.assert_allclose(network.pack(params), engine.step(), 1e-10, 1e-13)
    np.testing.assert_allclose(network.forward(params, x), engine.forward(x), 1e-10, 1e-13)


EQUAL = """\
name: net
inputs: [x1]
layers:
  - name: h0
    units: 2
    activation: step
    weights: {trainable: false}
    bias: false
    normalization: {name: layer_norm, trainable: false}
    dropout: 0.25
  - name: h1
    units: 2
    activation: step
    weights: {trainable: false}
    bias: {trainable: false}
    normalization: {name: batch_norm, of: activations, trainable: false}
  - {name: output, units: 1, activation: step, bias: false}
loss: {name: perceptron, outputs: sum, example_weights: true, batch: mean}
training: {optimizer: perceptron, batch_size: 4}
"""


def test_batches_of_equal_values_and_their_shift() -> None:
    """Found by ``make fuzz``: such a batch leaves only the shift, of which PyTorch loses two digits."""
    from tests.oracle.campaign import judge

    judge(parse(EQUAL, "net.yaml"))
