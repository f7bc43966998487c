"""A call of an operator of PyTorch, and the operators on single numbers and on constants alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.entry import Entry
from nngen.bridges.importing.expressions import Expression, call
from nngen.bridges.importing.functions import ONE, SEVERAL, WITH_OPTIONS, clip, gelu, gelu_tanh
from nngen.bridges.importing.graph import Array, Node
from nngen.bridges.importing.nodes import Vector
from nngen.common.records import dataclass


@dataclass(frozen=True)
class Ids:
    """Ids, each by the name of its input, and their shape for one example."""

    inputs: tuple[str, ...]
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Call:
    """A call of an operator. Its arguments are vectors, arrays and plain values, by position or by name."""

    name: str
    """The name of its node."""
    place: str
    arguments: Sequence[Any]
    named: Mapping[str, Any]
    shape: tuple[int, ...]
    """The shape of its result for one example."""
    epsilon: float
    """The machine epsilon of its numbers."""
    nodes: dict[str, Node]
    """The nodes that were made before it, by their names."""
    entry: Entry
    """The inputs of the network."""
    trained: bool
    """Whether PyTorch trains any of its parameters."""

    def get(self, position: int, name: str, default: Any = None) -> Any:
        """An argument, or its default."""
        return self.arguments[position] if position < len(self.arguments) else self.named.get(name, default)

    @property
    def input(self) -> Vector:
        """The first argument, or the second one where the first is a constant."""
        first = self.get(0, "input")
        first = first if isinstance(first, Vector) else self.get(1, "other")
        if not isinstance(first, Vector) or len(first.shape) > 1:
            raise UnfitError("its input is not a vector for each example: flatten it")
        return first

    def made(self, kind: Callable[..., Node], **fields: Any) -> Node:
        """A node of its input."""
        return kind(name=self.name, place=self.place, source=self.input.node, **fields)

    @property
    def pair(self) -> tuple[Vector, Any]:
        """The two arguments of an operator in which their order does not count, the vector first."""
        first, other = self.get(0, "input"), self.get(1, "other")
        return self.input, other if isinstance(first, Vector) else first

    def constants(self, value: Any, default: float | None = None) -> Array:
        """A number for each value of the input, from a number or an array; ``default`` stands for None."""
        value = default if value is None else value
        array = np.asarray(value, np.float64)
        array = array.reshape(array.shape[1:]) if array.ndim == 2 and len(array) == 1 else array
        if array.ndim > 1 or array.size not in (1, self.input.width):
            raise UnfitError("its constants are not numbers for each value")
        return np.broadcast_to(array, (self.input.width,))

    def over_units(self, dimension: Any) -> None:
        """Check that a dimension is that of the units."""
        if dimension not in (1, -1) or not self.input.shape:
            raise UnfitError(f"it is over dimension {dimension}: use dim=-1")


Rule = Callable[[Call], Node | None]
"""Makes the node that a call becomes; None where the call passes its input on.

Raises ``UnfitError`` where it has no equal.
"""


def each(function: Callable[[Any], Any], value: Any) -> Any:
    """Nested arguments with a function of each plain value."""
    if isinstance(value, Mapping):
        return {key: each(function, item) for key, item in value.items()}
    return [each(function, item) for item in value] if isinstance(value, list | tuple) else function(value)


def flat_of(value: Any) -> list[Any]:
    """The plain values of nested arguments."""
    if isinstance(value, Mapping):
        return flat_of([*value.values()])
    return [plain for item in value for plain in flat_of(item)] if isinstance(value, list) else [value]


FORMS = ("default", "Tensor", "Scalar", "Tensor_Scalar", "self", "ScalarOther", "ScalarSelf")
"""The forms of operators on single numbers, after their names."""


def function_of(operator: str, called: Call) -> Vector | None:
    """What an operator makes of the numbers of one vector; None if it takes other tensors, or is another one."""
    name, _, form = operator.partition(".")
    if name not in FUNCTIONS or form not in FORMS:
        return None
    build, *options = FUNCTIONS[name]
    given = [called.get(place, option, default) for place, (option, default) in enumerate(options)]
    vectors = [value for value in given if isinstance(value, Vector)]
    alike = len({(vector.node, vector.shape) for vector in vectors}) == 1 and len(vectors[0].shape) < 2
    if not alike or any(isinstance(value, Ids) or np.size(value) != 1 for value in given):
        return None
    if name == "rrelu":
        called.entry.notes += (
            f"{called.name} has the mean of its slopes, which are random in the training of PyTorch",
        )
    return Vector(vectors[0].node, called.shape, build(*map(_operand, given)))


def _operand(value: Any) -> Any:
    """The function of a vector; the number of an array of one."""
    value = float(value.item()) if isinstance(value, np.ndarray) else value
    return value.function if isinstance(value, Vector) else value


def _softplus(z: Expression, beta: float, threshold: float) -> Expression:
    if beta != 1.0 or threshold < 20.0:
        raise UnfitError("its beta is not 1, or its threshold is below 20")
    return ONE["Softplus"](z)


def _elu(z: Expression, alpha: float, scale: float, input_scale: float) -> Expression:
    if (scale, input_scale) != (1, 1):
        raise UnfitError("its scales are not 1")
    return WITH_OPTIONS["Elu"][0](z, alpha)


def _divided(first: Any, other: Any, rounding: str | None) -> Expression:
    if rounding is not None:
        raise UnfitError("it rounds")
    return call("/", first, other)


def _times(factor: float, value: Any) -> Any:
    return value if factor == 1 else call("*", factor, value)


_leaky, _shrink = WITH_OPTIONS["LeakyRelu"][0], WITH_OPTIONS["Shrink"][0]
_PLAIN = {"maximum": "Max", "minimum": "Min", "mul": "Mul"}
_PLAIN |= {"ge": "GreaterOrEqual", "gt": "Greater", "le": "LessOrEqual", "lt": "Less"}
_Z, _OTHER, _ALPHA = ("self", None), ("other", None), ("alpha", 1)

FUNCTIONS: Mapping[str, tuple[Any, ...]] = {
    **{kind.lower(): (ONE[kind], _Z) for kind in ONE if kind not in ("Not", "Softplus", "Softsign")},
    **{name: (SEVERAL[kind], _Z, _OTHER) for name, kind in _PLAIN.items()},
    "add": (lambda one, other, alpha: call("+", one, _times(alpha, other)), _Z, _OTHER, _ALPHA),
    "celu": (WITH_OPTIONS["Celu"][0], _Z, ("alpha", 1.0)),
    "clamp": (clip, _Z, ("min", None), ("max", None)),
    "clamp_max": (lambda z, high: clip(z, None, high), _Z, ("max", None)),
    "clamp_min": (lambda z, low: clip(z, low, None), _Z, ("min", None)),
    "div": (_divided, _Z, _OTHER, ("rounding_mode", None)),
    "elu": (_elu, _Z, ("alpha", 1.0), ("scale", 1), ("input_scale", 1)),
    "gelu": (lambda z, form: (gelu_tanh if form == "tanh" else gelu)(z), _Z, ("approximate", "none")),
    "hardshrink": (lambda z, limit: _shrink(z, 0.0, limit), _Z, ("lambd", 0.5)),
    "hardsigmoid": (lambda z: WITH_OPTIONS["HardSigmoid"][0](z, 1.0 / 6.0, 0.5), _Z),
    "hardtanh": (clip, _Z, ("min_val", -1.0), ("max_val", 1.0)),
    "leaky_relu": (_leaky, _Z, ("negative_slope", 0.01)),
    "log_sigmoid": (lambda z: call("*", -1.0, call("softplus", call("*", -1.0, z))), _Z),
    "pow": (SEVERAL["Pow"], _Z, ("exponent", None)),
    "relu6": (lambda z: clip(z, 0.0, 6.0), _Z),
    "rrelu": (lambda z, low, high: _leaky(z, (low + high) / 2), _Z, ("lower", 1 / 8), ("upper", 1 / 3)),
    "rsub": (lambda one, other, alpha: call("-", other, _times(alpha, one)), _Z, _OTHER, _ALPHA),
    "selu": (lambda z: WITH_OPTIONS["Selu"][0](z, *WITH_OPTIONS["Selu"][1].values()), _Z),
    "silu": (lambda z: WITH_OPTIONS["Swish"][0](z, 1.0), _Z),
    "softplus": (_softplus, _Z, ("beta", 1.0), ("threshold", 20.0)),
    "softshrink": (lambda z, limit: _shrink(z, limit, limit), _Z, ("lambd", 0.5)),
    "square": (lambda z: call("**", z, 2.0), _Z),
    "sub": (lambda one, other, alpha: call("-", one, _times(alpha, other)), _Z, _OTHER, _ALPHA),
    "threshold": (lambda z, limit, low: call("where", call(">", z, limit), z, low), _Z, ("threshold", 0), ("value", 0)),
    "where": (SEVERAL["Where"], ("condition", None), _Z, _OTHER),
}
"""By the names of operators, the function that each computes, and its arguments with their defaults."""


def _weight_norm(weights: Any, sizes: Any, dimension: int = 0) -> Any:
    axes = tuple(axis for axis in range(weights.ndim) if axis != dimension)
    return weights * (sizes / np.sqrt((weights * weights).sum(axes, keepdims=True)))


_COPIES = (
    "lift_fresh_copy.default detach.default detach_.default clone.default alias.default contiguous.default to.dtype "
    "to.dtype_layout to.device _to_copy.default"
).split()

FOLDED: Mapping[str, Callable[..., Any]] = {
    **{f"aten.{name}": lambda value, *_: value for name in _COPIES},
    **dict.fromkeys(("aten.arange.default", "aten.arange.start", "aten.arange.start_step"), np.arange),
    "aten._weight_norm.default": _weight_norm,
    "aten.t.default": np.transpose,
    "aten.transpose.int": np.swapaxes,
    "aten.unsqueeze.default": np.expand_dims,
    "aten.view.default": np.reshape,
    "aten.reshape.default": np.reshape,
    "aten.full.default": np.full,
    "aten.ones.default": np.ones,
    "aten.zeros.default": np.zeros,
    "aten.add.Tensor": lambda one, other, alpha=1: one + alpha * other,
    "aten.sub.Tensor": lambda one, other, alpha=1: one - alpha * other,
    "aten.mul.Tensor": np.multiply,
    "aten.div.Tensor": np.divide,
    "aten.neg.default": np.negative,
    "aten.exp.default": np.exp,
    "aten.sqrt.default": np.sqrt,
}
"""By the names of operators; a tensor is an array."""
