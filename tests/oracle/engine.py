"""A spec as PyTorch runs it in float64: gradients by autograd, losses and steps by its own functions."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from numpy.typing import ArrayLike, NDArray

from nngen.spec import Spec
from tests import activations, losses


def called(call: str, letters: Mapping[str, object]) -> torch.Tensor:
    """What a call of PyTorch comes to."""
    tensor = eval(call, {"torch": torch, "F": F, **letters})
    assert isinstance(tensor, torch.Tensor)
    return tensor


def activate(name: str, z: torch.Tensor, options: Mapping[str, float]) -> torch.Tensor:
    """An activation, as the row of the tests calls it."""
    return called(activations.ROWS[name].torch, {"z": z, **options})


def tensor(values: ArrayLike) -> torch.Tensor:
    return torch.tensor(np.asarray(values), dtype=torch.float64)


def flat(tensors: Iterable[torch.Tensor]) -> list[float]:
    return [float(number) for one in tensors for number in one.flatten()]


class Engine:
    """A network that begins with the given parameters, a flat list in pack order. ``x`` and ``y`` are rows."""

    def __init__(self, spec: Spec, params: Sequence[float]) -> None:
        self.spec = spec
        self.leaves: list[torch.Tensor] = []
        self.rest = tensor(params)
        self.layers: list[tuple[Sequence[str], list[torch.Tensor], torch.Tensor | None]] = []
        sizes = {spec.input_name: len(spec.input_names)}
        for layer in spec.layers:
            sources = layer.sources or list(sizes)[-1:]
            units = len(layer.unit_names)
            weights = [self._take(layer.weights.trainable, units, sizes[source]) for source in sources]
            bias = self._take(layer.bias.trainable, units) if layer.bias else None
            self.layers.append((sources, weights, bias))
            sizes[layer.name] = units
        assert len(self.rest) == 0
        trained = [leaf for leaf in self.leaves if leaf.requires_grad]
        self.optimizer = torch.optim.SGD(trained, lr=spec.training.optimizer.options["rate"])

    def _take(self, trainable: bool, *shape: int) -> torch.Tensor:
        size = torch.Size(shape).numel()
        leaf = self.rest[:size].reshape(shape).clone().requires_grad_(trainable)
        self.rest = self.rest[size:]
        self.leaves.append(leaf)
        return leaf

    def _run(self, x: ArrayLike) -> tuple[torch.Tensor, torch.Tensor]:
        z = a = tensor(x)
        outputs = {self.spec.input_name: a}
        for layer, (sources, weights, bias) in zip(self.spec.layers, self.layers, strict=True):
            # one matrix over all sources side by side
            z = F.linear(torch.cat([outputs[source] for source in sources], dim=1), torch.cat(weights, dim=1), bias)
            a = outputs[layer.name] = activate(layer.activation.name, z, layer.activation.options)
        return z, a

    def forward(self, x: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(self._run(x)[1].detach())

    def gradient(self, x: ArrayLike, y: ArrayLike) -> tuple[float, list[float]]:
        """The loss and its gradient, flat."""
        self.optimizer.zero_grad()
        z, a = self._run(x)
        loss_row, activation = losses.ROWS[self.spec.loss.name], self.spec.layers[-1].activation
        letters = {
            "z": z,
            "a": a,
            "y": tensor(y),
            "outputs": a.shape[1],
            **activation.options,
            **self.spec.loss.options,
        }
        terms = called(loss_row.as_one.get(activation.name, loss_row.torch), letters)
        loss = terms.sum() / (a.shape[1] if self.spec.loss.outputs == "mean" else 1)
        loss = loss / (len(a) if self.spec.loss.batch == "mean" else 1)
        loss.backward()
        return loss.item(), flat(torch.zeros_like(leaf) if leaf.grad is None else leaf.grad for leaf in self.leaves)

    def step(self) -> list[float]:
        """One step down the gradient that was computed last; gives the parameters, flat."""
        self.optimizer.step()
        return flat(leaf.detach() for leaf in self.leaves)
