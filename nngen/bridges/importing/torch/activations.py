"""The activations of PyTorch."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from nngen.bridges.importing.graph import Activate, Node
from nngen.bridges.importing.torch.call import Call, Rule, UnfitError


def _activation(name: str, *options: tuple[int, str, str, float]) -> Rule:
    """An activation; each option has its position, its name in ATen, its name here and its default."""

    def rule(call: Call) -> Node:
        """The activation of this name."""
        values = {ours: float(call.get(place, theirs, default)) for place, theirs, ours, default in options}
        return activate(call, name, values)

    return rule


def activate(
    call: Call, name: str, options: Mapping[str, float] | None = None, formula: str = "", note: str = ""
) -> Node:
    """The node of an activation."""
    return call.made(Activate, activation=name, options=options or {}, formula=formula, note=note)


def _formula(name: str, formula: str) -> Rule:
    def rule(call: Call) -> Node:
        """A custom activation."""
        return activate(call, name, formula=formula)

    return rule


def _gelu(call: Call) -> Node:
    """``gelu`` or ``gelu_tanh``."""
    return activate(call, "gelu_tanh" if call.get(1, "approximate", "none") == "tanh" else "gelu")


def _elu(call: Call) -> Node:
    """The activation of this name."""
    if (call.get(2, "scale", 1), call.get(3, "input_scale", 1)) != (1, 1):
        raise UnfitError("its scales are not 1")
    return activate(call, "elu", {"alpha": float(call.get(1, "alpha", 1.0))})


def _softplus(call: Call) -> Node:
    """The activation of this name."""
    beta, threshold = float(call.get(1, "beta", 1.0)), float(call.get(2, "threshold", 20.0))
    if beta != 1.0 or threshold < 20.0:
        raise UnfitError("its beta is not 1, or its threshold is below 20")
    return activate(call, "softplus", note="PyTorch computes softplus as z above the threshold, an error of 2e-9")


def _hardtanh(call: Call) -> Node:
    """``relu``, ``relu6`` or ``hard_tanh``; other limits are refused."""
    low, high = call.get(1, "min_val", -1), call.get(2, "max_val", 1)
    return _clamped(call, low, high)


def _clamp(call: Call) -> Node:
    """``relu``, ``relu6`` or ``hard_tanh``; other limits are refused."""
    return _clamped(call, call.get(1, "min"), call.get(2, "max"))


def _clamped(call: Call, low: Any, high: Any) -> Node:
    match low, high:
        case 0, None:
            return activate(call, "relu")
        case 0, 6:
            return activate(call, "relu6")
        case -1, 1:
            return activate(call, "hard_tanh")
    raise UnfitError(f"its limits are {low} and {high}: only [0, none], [0, 6] and [-1, 1] have equals")


def _prelu(call: Call) -> Node:
    """``leaky_relu``, if all slopes are equal."""
    slopes = np.unique(call.constants(call.get(1, "weight")))
    if slopes.size != 1:
        raise UnfitError("its units have different slopes")
    return activate(call, "leaky_relu", {"slope": float(slopes[0])})


def _rrelu(call: Call) -> Node:
    """``leaky_relu`` with the mean of its slopes."""
    low, high = float(call.get(1, "lower", 1 / 8)), float(call.get(2, "upper", 1 / 3))
    note = f"PyTorch trains with random slopes from {low:g} to {high:g}"
    return activate(call, "leaky_relu", {"slope": (low + high) / 2}, note=note)


def _threshold(call: Call) -> Node:
    """A custom activation, or ``relu``."""
    limit, value = float(call.get(1, "threshold")), float(call.get(2, "value"))
    if (limit, value) == (0.0, 0.0):
        return activate(call, "relu")
    name = re.sub(r"\W", "_", f"threshold_{limit!r}_{value!r}")
    return activate(call, name, formula=f"where(z > {limit!r}, z, {value!r})")


def _softmax(name: str) -> Rule:
    def rule(call: Call) -> Node:
        """``softmax`` over the features, of which it may be the logarithm at the output."""
        call.over_units(call.get(1, "dim"))
        return activate(call, name)

    return rule


ACTIVATIONS: Mapping[str, Rule] = {
    "leaky_relu.default": _activation("leaky_relu", (1, "negative_slope", "slope", 0.01)),
    "celu.default": _activation("celu", (1, "alpha", "alpha", 1.0)),
    "softshrink.default": _activation("soft_shrink", (1, "lambd", "theta", 0.5)),
    "hardshrink.default": _activation("hard_shrink", (1, "lambd", "theta", 0.5)),
    "hardsigmoid.default": _activation("hard_sigmoid"),
    "hardswish.default": _activation("hard_swish"),
    "sin.default": _activation("sine"),
    **{
        f"{name}.default": _activation(name)
        for name in ("relu", "relu6", "selu", "silu", "mish", "log_sigmoid", "tanh", "sigmoid")
    },
    "exp.default": _formula("exponential", "exp(z)"),
    "abs.default": _formula("absolute", "abs(z)"),
    "elu.default": _elu,
    "gelu.default": _gelu,
    "softplus.default": _softplus,
    "hardtanh.default": _hardtanh,
    "clamp.default": _clamp,
    "clamp_min.default": _clamp,
    "prelu.default": _prelu,
    "rrelu.default": _rrelu,
    "threshold.default": _threshold,
    "softmax.int": _softmax("softmax"),
    "log_softmax.int": _softmax("log_softmax"),
}
"""The rules of activations, by the names of operators."""
