"""Optimizers that divide by the root of the squared gradients: adagrad, adadelta and rmsprop."""

from dataclasses import replace

from nngen.mathematics.catalogue.entry import Option
from nngen.mathematics.catalogue.optimizers.optimizer import MOMENTUM, RATE, Memory, Optimizer, epsilon

_KEEP = Option("keep", "The decay rate of the running mean of the squared gradient.", default=0.9, least=0.0, below=1.0)
_NO_MOMENTUM = replace(MOMENTUM, default=0.0)
_SQUARES = "s = keep * s + (1.0 - keep) * g**2"
_MEAN = "m = keep * m + (1.0 - keep) * g"
_INITIAL = Option("initial", "The first value of the sum of squares.", default=0.0, least=0.0)

SQUARES = (
    Optimizer(
        name="adagrad",
        textbook="s = s + g^2, w = w - rate g / (sqrt(s) + epsilon)",
        lines=("s = s + g**2", "w = w - rate * g / (sqrt(s) + epsilon)"),
        memory=(Memory("s", "initial"),),
        options=(RATE, epsilon(1e-10), _INITIAL),
        source="Duchi, Hazan and Singer, JMLR 12 (2011)",
    ),
    Optimizer(
        name="adagrad_inside",
        textbook="s = s + g^2, w = w - rate g / sqrt(s + epsilon)",
        lines=("s = s + g**2", "w = w - rate * g / sqrt(s + epsilon)"),
        memory=(Memory("s", "initial"),),
        options=(RATE, epsilon(1e-7), replace(_INITIAL, default=0.1)),
        source="the same, with epsilon inside the root",
    ),
    Optimizer(
        name="adadelta",
        textbook="s = mean of g^2, d = sqrt(u + epsilon) / sqrt(s + epsilon) g, u = mean of d^2, w = w - rate d",
        lines=(
            _SQUARES,
            "d = sqrt(u + epsilon) / sqrt(s + epsilon) * g",
            "u = keep * u + (1.0 - keep) * d**2",
            "w = w - rate * d",
        ),
        memory=(Memory("s"), Memory("u")),
        options=(replace(RATE, default=1.0), _KEEP, epsilon(1e-6)),
        source="Zeiler, arXiv:1212.5701 (2012)",
    ),
    Optimizer(
        name="rmsprop",
        textbook="s = keep s + (1 - keep) g^2, w = w - rate g / (sqrt(s) + epsilon)",
        lines=(_SQUARES, "w = w - rate * g / (sqrt(s) + epsilon)"),
        memory=(Memory("s"),),
        options=(RATE, _KEEP, epsilon(1e-8)),
        source="Tieleman and Hinton, lecture 6.5 of Neural Networks for Machine Learning (2012)",
    ),
    Optimizer(
        name="rmsprop_inside",
        textbook="s = keep s + (1 - keep) g^2, w = w - rate g / sqrt(s + epsilon)",
        lines=(_SQUARES, "w = w - rate * g / sqrt(s + epsilon)"),
        memory=(Memory("s"),),
        options=(RATE, _KEEP, epsilon(1e-7)),
        source="the same, with epsilon inside the root",
    ),
    Optimizer(
        name="rmsprop_momentum",
        textbook="s = mean of g^2, v = momentum v + g / (sqrt(s) + epsilon), w = w - rate v",
        lines=(_SQUARES, "v = momentum * v + g / (sqrt(s) + epsilon)", "w = w - rate * v"),
        memory=(Memory("s"), Memory("v")),
        options=(RATE, _KEEP, MOMENTUM, epsilon(1e-8)),
        source="Graves, arXiv:1308.0850 (2013), section 4.2, without the mean of g",
    ),
    Optimizer(
        name="rmsprop_centered",
        textbook="s, m = means of g^2, g; v = momentum v + g / (sqrt(s - m^2) + epsilon), w = w - rate v",
        lines=(
            _SQUARES,
            _MEAN,
            "d = maximum(s - m**2, 0.0)",
            "v = momentum * v + g / (sqrt(d) + epsilon)",
            "w = w - rate * v",
        ),
        memory=(Memory("s"), Memory("m"), Memory("v")),
        options=(RATE, _KEEP, _NO_MOMENTUM, epsilon(1e-8)),
        source="Graves, arXiv:1308.0850 (2013), section 4.2",
    ),
    Optimizer(
        name="rmsprop_inside_momentum",
        textbook="s = mean of g^2, v = momentum v + rate g / sqrt(s + epsilon), w = w - v",
        lines=(_SQUARES, "v = momentum * v + rate * g / sqrt(s + epsilon)", "w = w - v"),
        memory=(Memory("s"), Memory("v")),
        options=(RATE, _KEEP, MOMENTUM, epsilon(1e-7)),
        source="rmsprop_momentum, with epsilon inside the root",
    ),
    Optimizer(
        name="rmsprop_inside_centered",
        textbook="s, m = means of g^2, g; v = momentum v + rate g / sqrt(s - m^2 + epsilon), w = w - v",
        lines=(
            _SQUARES,
            _MEAN,
            "d = maximum(s - m**2, 0.0)",
            "v = momentum * v + rate * g / sqrt(d + epsilon)",
            "w = w - v",
        ),
        memory=(Memory("s"), Memory("m"), Memory("v")),
        options=(RATE, _KEEP, _NO_MOMENTUM, epsilon(1e-7)),
        source="rmsprop_centered, with epsilon inside the root",
    ),
)
