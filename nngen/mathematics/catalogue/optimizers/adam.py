"""Adam and its variants: running means of the gradient and of its square."""

from dataclasses import replace

from nngen.mathematics.catalogue.entry import Option
from nngen.mathematics.catalogue.optimizers.optimizer import BETA1, BETA2, DECAY, RATE, Memory, Optimizer, epsilon

_MOMENTS = ("m = beta1 * m + (1.0 - beta1) * g", "v = beta2 * v + (1.0 - beta2) * g**2")
_ADAM = "w = w - rate * (m / (1.0 - beta1**t)) / (sqrt(v / (1.0 - beta2**t)) + epsilon)"
_EARLY = "w = w - rate * (1.0 - beta2**t) ** 0.5 / (1.0 - beta1**t) * m / (sqrt({}) + epsilon)"

ADAM = (
    Optimizer(
        name="adam",
        textbook="m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)",
        lines=(*_MOMENTS, _ADAM),
        memory=(Memory("m"), Memory("v")),
        options=(RATE, BETA1, BETA2, epsilon(1e-8)),
        source="Kingma and Ba, ICLR (2015)",
    ),
    Optimizer(
        name="adam_early",
        textbook="adam with epsilon before the bias correction: sqrt(v) + epsilon",
        lines=(*_MOMENTS, _EARLY.format("v")),
        memory=(Memory("m"), Memory("v")),
        options=(RATE, BETA1, BETA2, epsilon(1e-7)),
        source="Kingma and Ba, ICLR (2015), section 2, with another epsilon",
    ),
    Optimizer(
        name="amsgrad",
        textbook="adam with the largest v so far",
        lines=(*_MOMENTS, "u = maximum(u, v)", _ADAM.replace("sqrt(v /", "sqrt(u /")),
        memory=(Memory("m"), Memory("v"), Memory("u")),
        options=(RATE, BETA1, BETA2, epsilon(1e-8)),
        source="Reddi, Kale and Kumar, ICLR (2018)",
    ),
    Optimizer(
        name="amsgrad_early",
        textbook="amsgrad with epsilon before the bias correction",
        lines=(*_MOMENTS, "u = maximum(u, v)", _EARLY.format("u")),
        memory=(Memory("m"), Memory("v"), Memory("u")),
        options=(RATE, BETA1, BETA2, epsilon(1e-7)),
        source="the same, with another epsilon",
    ),
    Optimizer(
        name="adamax",
        textbook="m = mean of g, u = max(beta2 u, |g|), w = w - rate / (1 - beta1^t) m / (u + epsilon)",
        lines=(
            _MOMENTS[0],
            "u = maximum(beta2 * u, abs(g))",
            "w = w - rate / (1.0 - beta1**t) * m / (u + epsilon)",
        ),
        memory=(Memory("m"), Memory("u")),
        options=(RATE, BETA1, BETA2, epsilon(1e-7)),
        source="Kingma and Ba, ICLR (2015), section 7.1",
    ),
    Optimizer(
        name="adamax_inside",
        textbook="m = mean of g, u = max(beta2 u, |g| + epsilon), w = w - rate / (1 - beta1^t) m / u",
        lines=(
            _MOMENTS[0],
            "u = maximum(beta2 * u, abs(g) + epsilon)",
            "w = w - rate / (1.0 - beta1**t) * m / u",
        ),
        memory=(Memory("m"), Memory("u")),
        options=(RATE, BETA1, BETA2, epsilon(1e-8)),
        source="the same, with epsilon inside the maximum",
    ),
    Optimizer(
        name="adamw",
        textbook="w = w - rate decay w, then adam",
        lines=("w = w - rate * decay * w", *_MOMENTS, _ADAM),
        memory=(Memory("m"), Memory("v")),
        keeps=False,
        options=(RATE, replace(DECAY, default=0.01), BETA1, BETA2, epsilon(1e-8)),
        source="Loshchilov and Hutter, ICLR (2019)",
    ),
    Optimizer(
        name="nadam",
        textbook="adam with Nesterov momentum",
        lines=(
            "now = beta1 * (1.0 - 0.5 * 0.96 ** (t * slack))",
            "soon = beta1 * (1.0 - 0.5 * 0.96 ** ((t + 1) * slack))",
            "p = p * now",
            *_MOMENTS,
            "h = soon * m / (1.0 - p * soon) + (1.0 - now) * g / (1.0 - p)",
            "w = w - rate * h / (sqrt(v / (1.0 - beta2**t)) + epsilon)",
        ),
        memory=(Memory("m"), Memory("v"), Memory("p", "1.0")),
        options=(
            RATE,
            BETA1,
            BETA2,
            Option("slack", "How fast the momentum rises to beta1.", default=0.004, above=0.0),
            epsilon(1e-8),
        ),
        source="Dozat, ICLR workshop (2016)",
    ),
)
