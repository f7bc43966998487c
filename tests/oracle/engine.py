"""A spec as PyTorch runs it in float64: gradients by autograd, losses and steps by its own functions."""

import ast
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from numpy.typing import ArrayLike, NDArray

from nngen.description.model.layers import Layer, Normalization
from nngen.description.model.spec import Spec
from tests.support import activations, losses


def called(call: str, letters: Mapping[str, object]) -> torch.Tensor:
    """The value of a call of PyTorch."""
    tensor = eval(call, {"torch": torch, "F": F, **letters})
    assert isinstance(tensor, torch.Tensor)
    return tensor


def activate(name: str, z: torch.Tensor, options: Mapping[str, float]) -> torch.Tensor:
    """An activation, as the row of the tests calls it."""
    return called(activations.ROWS[name].torch, {"z": z, **options})


STABLE: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "gelu": lambda z: 0.5 * z * torch.erfc(-z / math.sqrt(2.0)),
    "gelu_tanh": lambda z: z * torch.sigmoid(2.0 * math.sqrt(2.0 / math.pi) * (z + 0.044715 * z**3)),
}
"""Functions whose form in PyTorch takes 1 + erf or 1 + tanh, which cancels below 0; here they do not cancel."""

OWN: dict[str, Callable[..., torch.Tensor]] = {
    "sigmoid": torch.sigmoid,
    "softplus": lambda z: F.softplus(z, threshold=40.0),  # above which it is z in float64
    **{name: getattr(torch, name) for name in ("abs cos erfc exp expm1 floor log log1p maximum minimum").split()},
    **{name: getattr(torch, name) for name in ("sign sin sqrt tanh where").split()},
    "+": torch.add,
    "-": torch.sub,
    "*": torch.mul,
    "/": torch.div,
    "**": torch.pow,
    "<": torch.lt,
    ">": torch.gt,
}


def own(text: str, letters: dict[str, torch.Tensor]) -> torch.Tensor:
    """A custom formula, whose slope autograd finds."""
    like = next(iter(letters.values()))

    def walk(node: ast.expr) -> torch.Tensor:
        match node:
            case ast.Name(id=letter):
                return letters[letter]
            case ast.Constant(value=int() | float() as number):
                return torch.full_like(like, number, requires_grad=False)
            case ast.UnaryOp(operand=operand):
                return -walk(operand)
            case ast.BinOp(left=left, op=op, right=right):
                return OWN[{"Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "Pow": "**"}[type(op).__name__]](
                    walk(left), walk(right)
                )
            case ast.Compare(left=left, ops=ops, comparators=rest):
                parts = [walk(left), *map(walk, rest)]
                pairs = zip(ops, parts, parts[1:], strict=False)
                holds = [OWN[{"Lt": "<", "Gt": ">"}[type(op).__name__]](u, v) for op, u, v in pairs]
                return torch.stack(holds).all(dim=0)
            case ast.Call(func=ast.Name(id=name), args=args):
                return OWN[name](*map(walk, args))
        raise AssertionError(ast.dump(node))

    return walk(ast.parse(text, mode="eval").body)


def tensor(values: ArrayLike | torch.Tensor) -> torch.Tensor:
    """Numbers as a tensor; one that autograd follows stays as it is."""
    return values if isinstance(values, torch.Tensor) else torch.tensor(np.asarray(values), dtype=torch.float64)


def normalize(
    chosen: Normalization, values: torch.Tensor, own: Sequence[torch.Tensor], *, training: bool
) -> torch.Tensor:
    """The values after a normalization, which moves its running statistics in training."""
    epsilon = chosen.options["epsilon"]
    match chosen.name:
        case "layer_norm":
            return F.layer_norm(values, values.shape[1:], *own, eps=epsilon)
        case "rms_norm":
            return F.rms_norm(values, values.shape[1:], own[0], epsilon)
    gain, shift, mean, variance = own
    momentum = chosen.options["momentum"]
    # PyTorch computes values * alpha + (shift - mean * alpha), which loses the digits by which alpha is larger than
    # shift: so the mean is taken away before, as a number that autograd does not follow
    center = values.detach().mean(dim=0) if training else mean
    moved = mean - center, variance.clone()
    normal = F.batch_norm(values - center, *moved, gain, shift, training, momentum, epsilon)
    if not training:
        return normal
    mean.copy_(moved[0] + center)
    if chosen.options["correction"] == 0.0:  # which PyTorch has not: it always corrects by n - 1
        kept, n = variance * (1.0 - momentum), len(values)
        variance.copy_(kept + (moved[1] - kept) * (n - 1) / n)
    else:
        variance.copy_(moved[1])
    return normal


def flat(tensors: Iterable[torch.Tensor]) -> list[float]:
    return [float(number) for one in tensors for number in one.flatten()]


class Engine:
    """A network that begins with the given parameters, a flat list in pack order. ``x`` and ``y`` are rows."""

    def __init__(self, spec: Spec, params: Sequence[float]) -> None:
        self.spec = spec
        self.leaves: list[torch.Tensor] = []
        self.rest = tensor(params)
        self.layers: list[tuple[Sequence[str], list[torch.Tensor], torch.Tensor | None, list[torch.Tensor]]] = []
        sizes = {spec.input_name: len(spec.input_names)}
        for layer in spec.layers:
            sources = layer.sources or list(sizes)[-1:]
            units = len(layer.unit_names)
            weights = [self._take(layer.weights.trainable, units, sizes[source]) for source in sources]
            bias = self._take(layer.bias.trainable, units) if layer.bias else None
            self.layers.append((sources, weights, bias, self._normalizing(layer, units)))
            sizes[layer.name] = units
        assert len(self.rest) == 0
        trained = [leaf for leaf in self.leaves if leaf.requires_grad]
        options = spec.training.optimizer.options
        self.optimizer: torch.optim.Optimizer = torch.optim.SGD(trained, lr=options["rate"])
        if spec.training.optimizer.name == "adam":
            betas = (options["beta1"], options["beta2"])
            self.optimizer = torch.optim.Adam(trained, lr=options["rate"], betas=betas, eps=options["epsilon"])

    def _take(self, trainable: bool, *shape: int) -> torch.Tensor:
        size = torch.Size(shape).numel()
        leaf = self.rest[:size].reshape(shape).clone().requires_grad_(trainable)
        self.rest = self.rest[size:]
        self.leaves.append(leaf)
        return leaf

    def _normalizing(self, layer: Layer, units: int) -> list[torch.Tensor]:
        """The gain and shift of a normalization, and the running mean and variance."""
        if layer.normalization is None:
            return []
        trained = {"layer_norm": 2, "rms_norm": 1, "batch_norm": 2}[layer.normalization.name]
        measured = 2 if layer.normalization.name == "batch_norm" else 0
        return [
            self._take(layer.normalization.trainable and place < trained, units) for place in range(trained + measured)
        ]

    def _activate(self, layer: Layer, z: torch.Tensor) -> torch.Tensor:
        if layer.activation.name in self.spec.activations:
            return own(self.spec.activations[layer.activation.name].value, {"z": z})
        if layer.activation.name in STABLE:
            return STABLE[layer.activation.name](z)
        return activate(layer.activation.name, z, layer.activation.options)

    def run(
        self, x: ArrayLike | torch.Tensor, keep: Iterator[torch.Tensor] | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The weighted sums and the outputs of the last layer; in training, ``keep`` has the factors of each
        dropout."""
        taken = a = tensor(x)
        outputs = {self.spec.input_name: a}
        for layer, (sources, weights, bias, own) in zip(self.spec.layers, self.layers, strict=True):
            # one matrix over all sources side by side
            taken = F.linear(torch.cat([outputs[source] for source in sources], dim=1), torch.cat(weights, dim=1), bias)
            chosen = layer.normalization
            if chosen is not None and chosen.of == "sums":
                taken = normalize(chosen, taken, own, training=keep is not None)
            a = self._activate(layer, taken)
            if chosen is not None and chosen.of == "activations":
                a = normalize(chosen, a, own, training=keep is not None)
            if layer.dropout is not None and keep is not None:
                a = a * next(keep)
            outputs[layer.name] = a
        return taken, a

    def forward(self, x: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(self.run(x)[1].detach())

    def gradient(
        self,
        x: ArrayLike,
        y: ArrayLike,
        keep: Iterator[torch.Tensor] | None = None,
        weights: ArrayLike | None = None,
    ) -> tuple[float, list[float]]:
        """The loss and its gradient, flat; in training with ``keep``, which also updates the running statistics."""
        self.optimizer.zero_grad()
        z, a = self.run(x, keep)
        letters = {"z": z, "a": a, "y": tensor(y)}
        if self.spec.loss.name in self.spec.losses:
            terms = own(self.spec.losses[self.spec.loss.name].value, letters)
        else:
            row, activation = losses.ROWS[self.spec.loss.name], self.spec.layers[-1].activation
            numbers = {"outputs": a.shape[1], **activation.options, **self.spec.loss.options}
            terms = called(row.as_one.get(activation.name, row.torch), {**letters, **numbers})
        counts = self._counts(tensor(y)) * (1.0 if weights is None else tensor(weights))
        each = terms.reshape(len(a), -1).sum(dim=1) / (a.shape[1] if self.spec.loss.outputs == "mean" else 1)
        by = {"mean": len(a), "sum": 1, "weighted_mean": counts.sum()}[self.spec.loss.batch]
        loss = (counts * each).sum() / by
        penalty = self.spec.training.penalty
        if penalty is not None:  # of each example's loss
            counted = [leaf for leaf in self.leaves if leaf.requires_grad and (leaf.ndim == 2 or penalty.biases)]
            size, square = sum(leaf.abs().sum() for leaf in counted), sum(leaf.square().sum() for leaf in counted)
            options = {"l1": 0.0, "l2": 0.0, penalty.name: penalty.options.get("strength", 0.0)} | penalty.options
            cost = options["l1"] * size + 0.5 * options["l2"] * square
            loss = loss + cost * (len(a) if self.spec.loss.batch == "sum" else 1)
        loss.backward()
        return loss.item(), flat(torch.zeros_like(leaf) if leaf.grad is None else leaf.grad for leaf in self.leaves)

    def _counts(self, y: torch.Tensor) -> torch.Tensor:
        """The weight of each example's class."""
        weights = self.spec.loss.class_weights
        if weights is None:
            return torch.ones(len(y), dtype=torch.float64)
        if (y < 0.0).any() or not (y < 1.0).any():  # targets of -1 and 1
            y = (y + 1.0) / 2.0
        return torch.cat([1.0 - y, y], dim=1)[:, -len(weights) :] @ tensor(weights)

    def step(self) -> list[float]:
        """One step down the gradient that was computed last; gives the parameters, flat."""
        self.optimizer.step()
        return flat(leaf.detach() for leaf in self.leaves)
