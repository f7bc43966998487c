"""Modules of PyTorch, imported: training continues as it does in PyTorch."""

from collections.abc import Iterator

import numpy as np
import pytest

import nngen
from tests.oracle.imported import Imported

pytestmark = pytest.mark.oracle

FIRST = "{name: adam, rate: 0.001}"
"""The optimizer of the spec if the source says nothing."""

OPTIMIZERS = {
    "Adam(p, lr=0.001)": FIRST,
    "Adam(p, lr=0.01, amsgrad=True)": "{name: amsgrad, rate: 0.01}",
    "AdamW(p, lr=0.01, weight_decay=0.1)": "{name: adamw, rate: 0.01, decay: 0.1}",
    "NAdam(p, lr=0.01)": "{name: nadam, rate: 0.01}",
    "Adamax(p, lr=0.01)": "{name: adamax_inside, rate: 0.01}",
    "SGD(p, lr=0.01)": "{name: gradient_descent, rate: 0.01}",
    "SGD(p, lr=0.01, momentum=0.9, dampening=0.5)": "{name: dampened_momentum, rate: 0.01, dampening: 0.5}",
    "SGD(p, lr=0.01, momentum=0.9, nesterov=True)": "{name: nesterov, rate: 0.01}",
    "RMSprop(p, lr=0.01, alpha=0.8, momentum=0.9, centered=True)": (
        "{name: rmsprop_centered, rate: 0.01, keep: 0.8, momentum: 0.9}"
    ),
    "Adagrad(p, lr=0.01, initial_accumulator_value=0.1)": "{name: adagrad, rate: 0.01, initial: 0.1}",
    "Adadelta(p, lr=1.0, rho=0.9)": "{name: adadelta}",
    "Rprop(p, lr=0.01)": "{name: rprop, rate: 0.01}",
}
"""Optimizers of PyTorch, and how a spec writes them."""


@pytest.fixture
def _wide() -> Iterator[None]:
    """In PyTorch, what NAdam counts has the width of the default type."""
    import torch

    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.usefixtures("_wide")
@pytest.mark.parametrize("code", OPTIMIZERS)
def test_training_continues(code: str) -> None:
    """Twenty steps after the import, in PyTorch and in nngen."""
    import torch

    from tests.oracle.torch_modules import built

    module, x = built("nn.Sequential(nn.Linear(8, 8, bias=False), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 3))")
    text, flat = nngen.from_torch(module, x, loss="half_squared_error")
    assert FIRST in text
    network = Imported(text.replace(FIRST, OPTIMIZERS[code]), flat)
    y = torch.randn(len(x), 3, dtype=torch.float64)
    optimizer = eval(code, {**vars(torch.optim), "p": module.parameters()})
    params = network.params
    state = network.module.init_state(params)
    module.train()
    for _ in range(20):
        optimizer.zero_grad()
        (0.5 * ((module(x) - y) ** 2).sum(1).mean()).backward()
        optimizer.step()
        _, slopes, params = network.module.batch_gradient(params, x.numpy(), y.numpy())
        params, state = network.module.step(params, slopes, state)
    expected = nngen.from_torch(module, x)[1]
    assert np.abs(np.subtract(expected, flat)).max() > 0.01
    np.testing.assert_allclose(network.module.pack(params), expected, rtol=1e-9, atol=1e-11)
