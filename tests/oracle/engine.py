"""A spec as PyTorch runs it in float64: gradients by autograd, losses and steps by its own functions."""

import ast
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from numpy.typing import ArrayLike, NDArray

from nngen.spec import Spec
from nngen.structure import Layer

ACTIVATIONS: dict[str, Callable[..., torch.Tensor]] = {
    "step": lambda z: (z > 0).double(),
    "bipolar_step": lambda z: torch.where(z > 0, 1.0, -1.0).double(),
    "undecided_step": lambda z, theta: torch.where(torch.abs(z) > theta, torch.sign(z), 0.0),
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z, slope: F.leaky_relu(z, slope),
    "elu": lambda z, alpha: F.elu(z, alpha),
    "selu": F.selu,
    "celu": lambda z, alpha: F.celu(z, alpha),
    "gelu": F.gelu,
    "gelu_tanh": lambda z: F.gelu(z, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "softplus": lambda z: F.softplus(z, threshold=40.0),  # above which it is z in float64, and not from 20 on
    "softsign": F.softsign,
    "hard_sigmoid": lambda z, slope: torch.clamp(slope * z + 0.5, 0.0, 1.0),  # torch has 1 / 6 in 32 bits
    "hard_tanh": F.hardtanh,
    "relu6": F.relu6,
    "hard_swish": F.hardswish,
    "scaled_tanh": lambda z: 1.7159 * torch.tanh(2.0 / 3.0 * z),
    "gaussian": lambda z: torch.exp(-(z**2)),
    "sine": torch.sin,
    "softmax": lambda z: F.softmax(z, dim=1),
}


def categorical_hinge(z: torch.Tensor, a: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """As Keras has it, where y's own output times 0 is one of the rivals."""
    return torch.clamp(1.0 + ((1.0 - y) * a).max(dim=1).values - (y * a).sum(dim=1), min=0.0)


# Of z, a and y; (n, outputs), or summed over the outputs: (n,).
LOSSES: dict[str, Callable[..., torch.Tensor]] = {
    "squared_error": lambda z, a, y: F.mse_loss(a, y, reduction="none"),
    "half_squared_error": lambda z, a, y: F.mse_loss(a, y, reduction="none") / 2,
    "absolute_error": lambda z, a, y: F.l1_loss(a, y, reduction="none"),
    "huber": lambda z, a, y, delta: F.huber_loss(a, y, reduction="none", delta=delta),
    "smooth_l1": lambda z, a, y, beta: F.smooth_l1_loss(a, y, reduction="none", beta=beta),
    "log_cosh": lambda z, a, y: torch.log(torch.cosh(a - y)),
    "hinge": lambda z, a, y: F.relu(1.0 - y * a),
    "squared_hinge": lambda z, a, y: F.relu(1.0 - y * a) ** 2,
    "categorical_hinge": categorical_hinge,
    "poisson": lambda z, a, y, epsilon: F.poisson_nll_loss(a, y, log_input=False, eps=epsilon, reduction="none"),
    "kl_divergence": lambda z, a, y, clip: F.kl_div(torch.log(a), y, reduction="none"),
    "binary_cross_entropy": lambda z, a, y, clip: F.binary_cross_entropy(a, y, reduction="none"),
    "cross_entropy": lambda z, a, y, clip: -y * torch.log(a),
    "smoothed_cross_entropy": lambda z, a, y, smoothing, clip: (
        -((1.0 - smoothing) * y + smoothing / y.shape[1]) * torch.log(a)
    ),
    "perceptron": lambda z, a, y: (a - y) * z,  # no gradient goes through a step
}
AS_ONE: dict[tuple[str, str], Callable[..., torch.Tensor]] = {
    ("binary_cross_entropy", "sigmoid"): lambda z, a, y, clip: F.binary_cross_entropy_with_logits(
        z, y, reduction="none"
    ),
    ("cross_entropy", "softmax"): lambda z, a, y, clip: F.cross_entropy(z, y, reduction="none"),
    ("smoothed_cross_entropy", "softmax"): lambda z, a, y, smoothing, clip: F.cross_entropy(
        z, y, reduction="none", label_smoothing=smoothing
    ),
    ("kl_divergence", "softmax"): lambda z, a, y, clip: F.kl_div(F.log_softmax(z, dim=1), y, reduction="none"),
    ("perceptron", "bipolar_step"): lambda z, a, y: F.relu(-y * z),
    ("perceptron", "undecided_step"): lambda z, a, y: F.relu(0.2 - y * z),
}


OWN: dict[str, Callable[..., torch.Tensor]] = {
    "sigmoid": torch.sigmoid,
    "softplus": ACTIVATIONS["softplus"],
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
    """A formula of a spec's own, whose slope autograd finds."""
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

    def _run(self, x: ArrayLike) -> tuple[torch.Tensor, torch.Tensor]:
        z = a = tensor(x)
        outputs = {self.spec.input_name: a}
        for layer, (sources, weights, bias) in zip(self.spec.layers, self.layers, strict=True):
            # one matrix over all sources side by side
            z = F.linear(torch.cat([outputs[source] for source in sources], dim=1), torch.cat(weights, dim=1), bias)
            a = outputs[layer.name] = self._activate(layer, z)
        return z, a

    def _activate(self, layer: Layer, z: torch.Tensor) -> torch.Tensor:
        if layer.activation.name in self.spec.activations:
            return own(self.spec.activations[layer.activation.name].value, {"z": z})
        return ACTIVATIONS[layer.activation.name](z, **layer.activation.options)

    def forward(self, x: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(self._run(x)[1].detach())

    def gradient(self, x: ArrayLike, y: ArrayLike) -> tuple[float, list[float]]:
        """The loss and its gradient, flat."""
        self.optimizer.zero_grad()
        z, a = self._run(x)
        pair = (self.spec.loss.name, self.spec.layers[-1].activation.name)
        if self.spec.loss.name in self.spec.losses:
            terms = own(self.spec.losses[self.spec.loss.name].value, {"a": a, "y": tensor(y)})
        else:
            terms = AS_ONE.get(pair, LOSSES[pair[0]])(z, a, tensor(y), **self.spec.loss.options)
        loss = terms.sum() / (a.shape[1] if self.spec.loss.outputs == "mean" else 1)
        loss = loss / (len(a) if self.spec.loss.batch == "mean" else 1)
        loss.backward()
        return loss.item(), flat(torch.zeros_like(leaf) if leaf.grad is None else leaf.grad for leaf in self.leaves)

    def step(self) -> list[float]:
        """One step down the gradient that was computed last; gives the parameters, flat."""
        self.optimizer.step()
        return flat(leaf.detach() for leaf in self.leaves)
