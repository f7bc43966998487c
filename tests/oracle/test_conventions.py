"""What docs/conventions.md says of PyTorch: its cells are computed, and compared with the reference.

Those of activations are what the engine of test_torch runs.
"""

import re

import numpy as np
import pytest

from nngen.reading.reader import read
from nngen.reference import Network
from tests.modules import ROOT, targets
from tests.networks import layer, network

pytestmark = pytest.mark.oracle

PAGE = (ROOT / "docs" / "conventions.md").read_text("utf-8").split("## Optimizers")[0]  # they have a test of their own


def rows() -> list[tuple[str, ...]]:
    """The rows of the table of losses, each with its cells up to that of PyTorch."""
    lines = [line.strip("|").split(" | ") for line in re.findall(r"^\| `{name.*\|$", PAGE, re.M)]
    return [tuple(cell.strip().strip("`") for cell in cells[:-1]) for cells in lines]


def written(cell: str) -> object:
    return read(f"value: {cell}", "conventions.md").value["value"]


def compare(net: Network, expression: str) -> None:
    """The loss and its gradient, where an expression of PyTorch stands for the loss."""
    import torch

    from tests.oracle.engine import activate

    choice = net.spec.layers[-1].activation
    random = np.random.default_rng(6)
    x, y = random.normal(size=(7, 3)), targets(net.spec, 7, random)
    (weights, biases) = params = net.init()
    leaves = [torch.tensor(values, requires_grad=True) for values in (weights, biases)]
    z = torch.tensor(x) @ leaves[0].T + leaves[1]
    letters = {"z": z, "a": activate(choice.name, z, choice.options), "y": torch.tensor(y)}
    loss = eval(expression, {"torch": torch, "F": torch.nn.functional, **letters})
    loss.backward()
    measured, gradient = net.gradient(params, x, y)
    assert measured == pytest.approx(loss.item(), rel=1e-12)
    for found, leaf in zip(gradient, leaves, strict=True):
        np.testing.assert_allclose(found, leaf.grad, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(("loss", "output", "expression"), rows())
def test_losses(loss: str, output: str, expression: str) -> None:
    chosen = written(loss)
    assert isinstance(chosen, dict)
    net = network([layer("o", 3, output)], chosen, chosen["outputs"], chosen.get("batch", "mean"))
    compare(net, expression)
