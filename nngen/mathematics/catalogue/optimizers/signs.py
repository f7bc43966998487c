"""Optimizers that use the signs of derivatives: rprop and lion."""

from dataclasses import replace

from nngen.mathematics.catalogue.entry import Option
from nngen.mathematics.catalogue.optimizers.optimizer import BETA1, BETA2, DECAY, RATE, Memory, Optimizer

_LENGTH = "d = minimum(maximum(d * where(turn > 0.0, growth, where(turn < 0.0, shrink, 1.0)), least), most)"
_LENGTHS = (
    Option("rate", "The length of the first step.", default=0.1, above=0.0),
    Option("growth", "The factor if the sign of the gradient stays the same.", default=1.2, above=1.0),
    Option("shrink", "The factor if the sign of the gradient changes.", default=0.5, above=0.0, below=1.0),
    Option("least", "The shortest step.", default=1e-6, above=0.0),
    Option("most", "The longest step.", default=50.0, above=0.0),
)

SIGNS = (
    Optimizer(
        name="rprop",
        textbook="d = growth d if sign(g) stays, shrink d if it changes; w = w - d sign(g) if it stays",
        lines=(
            "turn = g * last",
            _LENGTH,
            "last = where(turn < 0.0, 0.0, g)",  # after a change of sign, the next step keeps its length
            "w = w - d * sign(last)",
        ),
        memory=(Memory("last"), Memory("d", "rate")),
        options=_LENGTHS,
        source="Riedmiller and Braun, ICNN (1993), without going back; Igel and Hüsken, Neurocomputing 50 (2003)",
    ),
    Optimizer(
        name="rprop_plus",
        textbook="rprop that takes a step back where the sign of g changes",
        lines=(
            "turn = g * last",
            _LENGTH,
            "v = where(turn < 0.0, -v, -d * sign(g))",
            "last = where(turn < 0.0, 0.0, g)",
            "w = w + v",
        ),
        memory=(Memory("last"), Memory("d", "rate"), Memory("v")),
        options=_LENGTHS,
        source="Riedmiller and Braun, ICNN (1993)",
    ),
    Optimizer(
        name="rprop_minus",
        textbook="rprop that never pauses: w = w - d sign(g) in each step",
        lines=("turn = g * last", _LENGTH, "last = g", "w = w - d * sign(g)"),
        memory=(Memory("last"), Memory("d", "rate")),
        options=_LENGTHS,
        source="Riedmiller, Computer Standards and Interfaces 16 (1994)",
    ),
    Optimizer(
        name="lion",
        textbook="w = w - rate (sign(beta1 m + (1 - beta1) g) + decay w), m = beta2 m + (1 - beta2) g",
        lines=(
            "w = w - rate * (sign(beta1 * m + (1.0 - beta1) * g) + decay * w)",
            "m = beta2 * m + (1.0 - beta2) * g",
        ),
        memory=(Memory("m"),),
        keeps=False,
        options=(RATE, DECAY, BETA1, replace(BETA2, default=0.99)),
        source="Chen et al., NeurIPS (2023)",
    ),
)
