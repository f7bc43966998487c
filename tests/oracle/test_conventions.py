"""What docs/conventions.md says of PyTorch: its cells are computed, and compared with the reference."""

import re

import numpy as np
import pytest

from nngen.reading.reader import read
from nngen.reference import Network
from tests.modules import ROOT, targets
from tests.networks import layer, network

pytestmark = pytest.mark.oracle

PAGE = (ROOT / "docs" / "conventions.md").read_text("utf-8").split("## Optimizers")[0]  # they have a test of their own


def rows(columns: int) -> list[tuple[str, ...]]:
    """The rows of the table with so many columns, each with its cells up to that of PyTorch."""
    lines = [line.strip("|").split(" | ") for line in re.findall(r"^\| `.*\|$", PAGE, re.M)]
    return [tuple(cell.strip().strip("`") for cell in cells[:-1]) for cells in lines if len(cells) == columns]


def written(cell: str) -> object:
    return read(f"value: {cell}", "conventions.md").value["value"]


def compare(net: Network, expression: str, *, of_loss: bool) -> None:
    """The loss and its gradient, where an expression of PyTorch stands for the loss, or for the activation."""
    import torch

    random = np.random.default_rng(6)
    x, y, own = random.normal(size=(7, 3)), targets(net.spec, 7, random), None
    if net.spec.loss.class_weights:  # of examples that are of one class
        y = y.round() if y.shape[1] == 1 else np.eye(3)[y.argmax(axis=1)]
    if net.spec.loss.example_weights:
        own = random.uniform(0.0, 3.0, size=7)
    (weights, biases) = params = net.init()
    leaves = [torch.tensor(values, requires_grad=True) for values in (weights, biases)]
    z = torch.tensor(x) @ leaves[0].T + leaves[1]
    letters = {"torch": torch, "F": torch.nn.functional, "z": z, "y": torch.tensor(y)}
    if own is not None:
        letters["w"] = torch.tensor(own if net.spec.loss.outputs == "sum" else own[:, np.newaxis])
    if of_loss:
        loss = eval(expression, {**letters, "a": activated(net, z)})
    else:
        loss = torch.nn.functional.mse_loss(eval(expression, letters), letters["y"])
    loss.backward()
    measured, gradient = net.gradient(params, x, y, own)
    assert measured == pytest.approx(loss.item(), rel=1e-12)
    for found, leaf in zip(gradient, leaves, strict=True):
        np.testing.assert_allclose(found, leaf.grad, rtol=1e-10, atol=1e-13)


def activated(net: Network, z: object) -> object:
    from tests.oracle.engine import ACTIVATIONS

    choice = net.spec.layers[-1].activation
    return ACTIVATIONS[choice.name](z, **choice.options)


@pytest.mark.parametrize(("loss", "output", "expression"), rows(4))
def test_losses(loss: str, output: str, expression: str) -> None:
    chosen = written(loss)
    assert isinstance(chosen, dict)
    units = 1 if len(chosen.get("class_weights", ())) == 2 else 3
    net = network([layer("o", units, output)], chosen, chosen["outputs"], chosen.get("batch", "mean"))
    compare(net, expression, of_loss=True)


@pytest.mark.parametrize(("activation", "expression"), rows(3))
def test_activations(activation: str, expression: str) -> None:
    net = network([layer("o", 3, written(activation))], "squared_error", "mean")
    compare(net, expression, of_loss=False)
