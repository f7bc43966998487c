"""Modules of PyTorch for the tests, and any module by its code. Without its types, PyTorch is Any to mypy."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn


class Function(nn.Module):  # type: ignore[misc]
    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(x)


class Frozen(nn.Module):  # type: ignore[misc]
    """A module whose parameters are constants here."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner.requires_grad_(False)

    def forward(self, x: Any) -> Any:
        return self.inner(x)


class Residual(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.out = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 3)

    def forward(self, x: Any) -> Any:
        hidden = torch.tanh(self.first(x))
        return self.out(hidden + torch.relu(self.second(hidden)))


class Concat(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.left, self.right, self.out = nn.Linear(8, 8), nn.Linear(8, 4), nn.Linear(20, 3)

    def forward(self, x: Any) -> Any:
        parts = [torch.tanh(self.left(x)), x, torch.sigmoid(self.right(x))]
        return self.out(torch.cat(parts, dim=1))


class Functional(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(8, 8)), nn.Parameter(torch.randn(8))
        self.out = nn.Linear(8, 3)

    def forward(self, x: Any) -> Any:
        hidden = nn.functional.elu(x @ self.weight.t() + self.bias)
        return self.out(hidden).flatten(1)


class Scaled(nn.Module):  # type: ignore[misc]
    """A module between constants; its input has any shape."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner
        self.register_buffer("mean", torch.arange(8.0, dtype=torch.float64))

    def forward(self, x: Any) -> Any:
        return 2 - 3 * self.inner((x.flatten(1) - self.mean) / 2.5)


ROWS = 12


def built(code: str) -> tuple[Any, Any]:
    """A module in float64 with parameters of its own, and inputs for it."""
    torch.manual_seed(3)
    module = eval(code).double()
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.requires_grad:
                parameter += 0.3 * torch.randn_like(parameter)
        for name, buffer in module.named_buffers():
            if name.endswith("running_mean"):
                buffer += torch.randn_like(buffer)
            if name.endswith("running_var"):
                buffer += torch.rand_like(buffer)
    return module, torch.randn(ROWS, 8, dtype=torch.float64)
