"""The activations once more, a row for each: as the textbook has them, and as PyTorch and Keras call them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.support.catalogues import sympy

x = sympy.Symbol("x", real=True)
alpha, slope, theta = sympy.symbols("alpha slope theta", positive=True)
HALF = sympy.Rational(1, 2)
ALPHA, SCALE = sympy.Rational(1.6732632423543772), sympy.Rational(1.0507009873554805)  # Klambauer et al., eq. 14


def sigmoid(z: Any) -> Any:
    return 1 / (1 + sympy.exp(-z))


def softplus(z: Any) -> Any:
    return sympy.log(1 + sympy.exp(z))


def pieces(*parts: Any) -> Any:
    """Formulas from left to right, between them the ends: each holds up to its end, and at it."""
    *left, last = parts
    return sympy.Piecewise(*((part, x <= end) for part, end in zip(left[::2], left[1::2], strict=True)), (last, True))


@dataclass(frozen=True)
class Row:
    """An activation, in letters of SymPy: ``x``, and options by their names; softmax has another test.

    The calls are expressions of ``z`` and of the options; one without these is that of their defaults here. ``torch``
    and ``F`` are PyTorch and its ``nn.functional``; what Keras has is in ``keras.activations``, or missing.
    """

    textbook: Any
    torch: str
    keras: str = ""


ROWS: Mapping[str, Row] = {
    "step": Row(pieces(0, 0, 1), "(z > 0).double()"),
    "bipolar_step": Row(pieces(-1, 0, 1), "torch.where(z > 0, 1.0, -1.0).double()"),
    "undecided_step": Row(
        sympy.Piecewise((-1, x < -theta), (0, x <= theta), (1, True)),
        "torch.where(torch.abs(z) > theta, torch.sign(z), 0.0)",
    ),
    "linear": Row(x, "z", "linear(z)"),
    "sigmoid": Row(sigmoid(x), "torch.sigmoid(z)", "sigmoid(z)"),
    "tanh": Row(sympy.tanh(x), "torch.tanh(z)", "tanh(z)"),
    "relu": Row(pieces(0, 0, x), "F.relu(z)", "relu(z)"),
    "leaky_relu": Row(pieces(slope * x, 0, x), "F.leaky_relu(z, slope)", "leaky_relu(z, slope)"),
    "elu": Row(pieces(alpha * (sympy.exp(x) - 1), 0, x), "F.elu(z, alpha)", "elu(z, alpha)"),
    "selu": Row(pieces(SCALE * ALPHA * (sympy.exp(x) - 1), 0, SCALE * x), "F.selu(z)", "selu(z)"),
    "celu": Row(pieces(alpha * (sympy.exp(x / alpha) - 1), 0, x), "F.celu(z, alpha)", "celu(z, alpha)"),
    "gelu": Row(x * sympy.erfc(-x / sympy.sqrt(2)) / 2, "F.gelu(z)", "gelu(z)"),
    "gelu_tanh": Row(
        x * sigmoid(2 * sympy.sqrt(2 / sympy.pi) * (x + sympy.Rational("0.044715") * x**3)),
        'F.gelu(z, approximate="tanh")',
        "gelu(z, approximate=True)",
    ),
    "silu": Row(x * sigmoid(x), "F.silu(z)", "silu(z)"),
    "mish": Row(x * sympy.tanh(softplus(x)), "F.mish(z)", "mish(z)"),
    "softplus": Row(softplus(x), "F.softplus(z, threshold=40)", "softplus(z)"),
    "log_sigmoid": Row(sympy.log(sigmoid(x)), "F.logsigmoid(z)", "log_sigmoid(z)"),
    "softsign": Row(pieces(x / (1 - x), 0, x / (1 + x)), "F.softsign(z)", "softsign(z)"),
    "hard_sigmoid": Row(
        pieces(0, -HALF / slope, slope * x + HALF, HALF / slope, 1),
        "torch.clamp(slope * z + 0.5, 0, 1)",
        "hard_sigmoid(z)",
    ),
    "hard_tanh": Row(pieces(-1, -1, x, 1, 1), "F.hardtanh(z)", "hard_tanh(z)"),
    "relu6": Row(pieces(0, 0, x, 6, 6), "F.relu6(z)", "relu6(z)"),
    "hard_swish": Row(pieces(0, -3, x * (x + 3) / 6, 3, x), "F.hardswish(z)", "hard_swish(z)"),
    "soft_shrink": Row(
        pieces(x + theta, -theta, 0, theta, x - theta), "F.softshrink(z, theta)", "soft_shrink(z, theta)"
    ),
    "hard_shrink": Row(
        sympy.Piecewise((x, x < -theta), (0, x <= theta), (x, True)), "F.hardshrink(z, theta)", "hard_shrink(z, theta)"
    ),
    "scaled_tanh": Row(sympy.Rational("1.7159") * sympy.tanh(2 * x / 3), "1.7159 * torch.tanh(2 / 3 * z)"),
    "gaussian": Row(sympy.exp(-(x**2)), "torch.exp(-(z**2))"),
    "sine": Row(sympy.sin(x), "torch.sin(z)"),
    "softmax": Row(None, "F.softmax(z, 1)", "softmax(z)"),
}


def textbook(name: str, options: Mapping[str, float] | None = None) -> Any:
    """The textbook's formula of ``x``, with numbers for the options, exactly as they are in binary."""
    numbers = {letter.name: letter for letter in (alpha, slope, theta)}
    return ROWS[name].textbook.subs({numbers[key]: sympy.Rational(number) for key, number in (options or {}).items()})


def ends(formula: Any) -> Iterator[tuple[float, bool]]:
    """The points between the pieces of a formula, and whether it has a jump or a kink there."""
    for (left, until), (right, _) in pairwise(formula.args if isinstance(formula, sympy.Piecewise) else ()):
        assert until.lhs == x
        end = until.rhs
        meet = all((one - other).subs(x, end) == 0 for one, other in ((left, right), (left.diff(x), right.diff(x))))
        yield float(end), not meet
