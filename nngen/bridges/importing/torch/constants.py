"""The operators of PyTorch on constants alone, which a file of a program may have, by NumPy."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


def _same(value: Any, *_: Any) -> Any:
    return value


def _arange(*ends: Any) -> Any:
    return np.arange(*ends)


def _weight_norm(weights: Any, sizes: Any, dimension: int = 0) -> Any:
    axes = tuple(axis for axis in range(weights.ndim) if axis != dimension)
    return weights * (sizes / np.sqrt((weights * weights).sum(axes, keepdims=True)))


FOLDED: Mapping[str, Callable[..., Any]] = {
    **{
        f"aten.{name}": _same
        for name in (
            "lift_fresh_copy.default detach.default detach_.default clone.default alias.default contiguous.default "
            "to.dtype to.dtype_layout to.device _to_copy.default"
        ).split()
    },
    **{f"aten.arange.{form}": _arange for form in ("default", "start", "start_step")},
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
