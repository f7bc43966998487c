"""The catalogue of optimizers, of learning rate schedules, and of gradient clipping.

``w`` is a parameter, ``g`` its gradient, ``t`` the number of the step, counted from 1. The lines of an optimizer hold
for each parameter separately; its memory keeps values from step to step.
"""

from dataclasses import dataclass

from nngen.catalogue.entry import Option, catalogue


@dataclass(frozen=True)
class Memory:
    """A value that is kept from step to step for each parameter; ``start`` is a number or the name of an option."""

    symbol: str
    start: str = "0.0"


@dataclass(frozen=True)
class Optimizer:
    """An optimizer as its textbook lines; ``loss`` is the only loss that it works with."""

    name: str
    textbook: str
    lines: tuple[str, ...]
    memory: tuple[Memory, ...] = ()
    keeps: bool = True
    """Whether a parameter stays unchanged if its gradient is always 0."""
    loss: str | None = None
    options: tuple[Option, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Schedule:
    """A schedule of the learning rate: ``value`` is the rate at step ``t``, and ``rate`` the initial one."""

    name: str
    textbook: str
    value: str
    options: tuple[Option, ...] = ()
    source: str = ""


RATE = Option("rate", "The learning rate.", above=0.0)
DECAY = Option("decay", "The weight decay: each step subtracts rate * decay * w.", default=0.0, least=0.0)


BETA1 = Option("beta1", "The decay rate of the running mean of the gradient.", default=0.9, least=0.0, below=1.0)
BETA2 = Option(
    "beta2",
    "The decay rate of the running mean of the squared gradient.",
    default=0.999,
    least=0.0,
    below=1.0,
)
MOMENTUM = Option(
    "momentum", "The share of the last step that is added to this one.", default=0.9, least=0.0, below=1.0
)
KEEP = Option("keep", "The decay rate of the running mean of the squared gradient.", default=0.9, least=0.0, below=1.0)


def _epsilon(default: float) -> Option:
    return Option("epsilon", "A small number that avoids division by 0.", default=default, above=0.0)


def _initial(default: float) -> Option:
    return Option("initial", "The first value of the sum of squares.", default=default, least=0.0)


_MOMENTS = ("m = beta1 * m + (1.0 - beta1) * g", "v = beta2 * v + (1.0 - beta2) * g**2")
_ADAM = "w = w - rate * (m / (1.0 - beta1**t)) / (sqrt(v / (1.0 - beta2**t)) + epsilon)"
_EARLY = "w = w - rate * (1.0 - beta2**t) ** 0.5 / (1.0 - beta1**t) * m / (sqrt({}) + epsilon)"
_SQUARES = "s = keep * s + (1.0 - keep) * g**2"
_MEAN = "m = keep * m + (1.0 - keep) * g"
_LENGTH = "d = minimum(maximum(d * where(turn > 0.0, growth, where(turn < 0.0, shrink, 1.0)), least), most)"
_LENGTHS = (
    Option("rate", "The length of the first step.", default=0.1, above=0.0),
    Option("growth", "The factor if the sign of the gradient stays the same.", default=1.2, above=1.0),
    Option("shrink", "The factor if the sign of the gradient changes.", default=0.5, above=0.0, below=1.0),
    Option("least", "The shortest step.", default=1e-6, above=0.0),
    Option("most", "The longest step.", default=50.0, above=0.0),
)
_NO_MOMENTUM = Option("momentum", MOMENTUM.description, default=0.0, least=0.0, below=1.0)

OPTIMIZERS = catalogue(
    [
        Optimizer(
            name="gradient_descent",
            textbook="w = w - rate g",
            lines=("w = w - rate * g",),
            options=(Option("rate", "The learning rate.", above=0.0),),
            source="Cauchy, C. R. Acad. Sci. 25 (1847)",
        ),
        Optimizer(
            name="perceptron",
            textbook="w = w + rate (y - a) x",
            lines=("w = w - rate * g",),  # with the perceptron criterion, g is (a - y) x
            loss="perceptron",
            options=(Option("rate", "The learning rate.", default=1.0, above=0.0),),
            source="Rosenblatt, Psychological Review 65 (1958)",
        ),
        Optimizer(
            name="momentum",
            textbook="v = momentum v - rate g, w = w + v",
            lines=("v = momentum * v - rate * g", "w = w + v"),
            memory=(Memory("v"),),
            options=(RATE, MOMENTUM),
            source="Rumelhart, Hinton and Williams, Nature 323 (1986)",
        ),
        Optimizer(
            name="dampened_momentum",
            textbook="v = momentum v + (1 - dampening) g, in the first step g; w = w - rate v",
            lines=("v = where(t > 1, momentum * v + (1.0 - dampening) * g, g)", "w = w - rate * v"),
            memory=(Memory("v"),),
            options=(
                RATE,
                MOMENTUM,
                Option("dampening", "The share of the gradient that is left out.", default=0.0, least=0.0, below=1.0),
            ),
            source="PyTorch, torch.optim.SGD",
        ),
        Optimizer(
            name="nesterov",
            textbook="v = momentum v - rate g, w = w + momentum v - rate g",
            lines=("v = momentum * v - rate * g", "w = w + momentum * v - rate * g"),
            memory=(Memory("v"),),
            options=(RATE, MOMENTUM),
            source="Nesterov, Soviet Math. Doklady 27 (1983); Sutskever, Martens, Dahl and Hinton, ICML (2013)",
        ),
        Optimizer(
            name="adagrad",
            textbook="s = s + g^2, w = w - rate g / (sqrt(s) + epsilon)",
            lines=("s = s + g**2", "w = w - rate * g / (sqrt(s) + epsilon)"),
            memory=(Memory("s", "initial"),),
            options=(RATE, _epsilon(1e-10), _initial(0.0)),
            source="Duchi, Hazan and Singer, JMLR 12 (2011)",
        ),
        Optimizer(
            name="adagrad_inside",
            textbook="s = s + g^2, w = w - rate g / sqrt(s + epsilon)",
            lines=("s = s + g**2", "w = w - rate * g / sqrt(s + epsilon)"),
            memory=(Memory("s", "initial"),),
            options=(RATE, _epsilon(1e-7), _initial(0.1)),
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
            options=(Option("rate", RATE.description, default=1.0, above=0.0), KEEP, _epsilon(1e-6)),
            source="Zeiler, arXiv:1212.5701 (2012)",
        ),
        Optimizer(
            name="rmsprop",
            textbook="s = keep s + (1 - keep) g^2, w = w - rate g / (sqrt(s) + epsilon)",
            lines=(_SQUARES, "w = w - rate * g / (sqrt(s) + epsilon)"),
            memory=(Memory("s"),),
            options=(RATE, KEEP, _epsilon(1e-8)),
            source="Tieleman and Hinton, lecture 6.5 of Neural Networks for Machine Learning (2012)",
        ),
        Optimizer(
            name="rmsprop_inside",
            textbook="s = keep s + (1 - keep) g^2, w = w - rate g / sqrt(s + epsilon)",
            lines=(_SQUARES, "w = w - rate * g / sqrt(s + epsilon)"),
            memory=(Memory("s"),),
            options=(RATE, KEEP, _epsilon(1e-7)),
            source="the same, with epsilon inside the root",
        ),
        Optimizer(
            name="rmsprop_momentum",
            textbook="s = mean of g^2, v = momentum v + g / (sqrt(s) + epsilon), w = w - rate v",
            lines=(_SQUARES, "v = momentum * v + g / (sqrt(s) + epsilon)", "w = w - rate * v"),
            memory=(Memory("s"), Memory("v")),
            options=(RATE, KEEP, MOMENTUM, _epsilon(1e-8)),
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
            options=(RATE, KEEP, _NO_MOMENTUM, _epsilon(1e-8)),
            source="Graves, arXiv:1308.0850 (2013), section 4.2",
        ),
        Optimizer(
            name="rmsprop_inside_momentum",
            textbook="s = mean of g^2, v = momentum v + rate g / sqrt(s + epsilon), w = w - v",
            lines=(_SQUARES, "v = momentum * v + rate * g / sqrt(s + epsilon)", "w = w - v"),
            memory=(Memory("s"), Memory("v")),
            options=(RATE, KEEP, MOMENTUM, _epsilon(1e-7)),
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
            options=(RATE, KEEP, _NO_MOMENTUM, _epsilon(1e-7)),
            source="rmsprop_centered, with epsilon inside the root",
        ),
        Optimizer(
            name="adam",
            textbook="m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)",
            lines=(*_MOMENTS, _ADAM),
            memory=(Memory("m"), Memory("v")),
            options=(RATE, BETA1, BETA2, _epsilon(1e-8)),
            source="Kingma and Ba, ICLR (2015)",
        ),
        Optimizer(
            name="adam_early",
            textbook="adam with epsilon before the bias correction: sqrt(v) + epsilon",
            lines=(*_MOMENTS, _EARLY.format("v")),
            memory=(Memory("m"), Memory("v")),
            options=(RATE, BETA1, BETA2, _epsilon(1e-7)),
            source="Kingma and Ba, ICLR (2015), section 2, with another epsilon",
        ),
        Optimizer(
            name="amsgrad",
            textbook="adam with the largest v so far",
            lines=(*_MOMENTS, "u = maximum(u, v)", _ADAM.replace("sqrt(v /", "sqrt(u /")),
            memory=(Memory("m"), Memory("v"), Memory("u")),
            options=(RATE, BETA1, BETA2, _epsilon(1e-8)),
            source="Reddi, Kale and Kumar, ICLR (2018)",
        ),
        Optimizer(
            name="amsgrad_early",
            textbook="amsgrad with epsilon before the bias correction",
            lines=(*_MOMENTS, "u = maximum(u, v)", _EARLY.format("u")),
            memory=(Memory("m"), Memory("v"), Memory("u")),
            options=(RATE, BETA1, BETA2, _epsilon(1e-7)),
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
            options=(RATE, BETA1, BETA2, _epsilon(1e-7)),
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
            options=(RATE, BETA1, BETA2, _epsilon(1e-8)),
            source="the same, with epsilon inside the maximum",
        ),
        Optimizer(
            name="adamw",
            textbook="w = w - rate decay w, then adam",
            lines=("w = w - rate * decay * w", *_MOMENTS, _ADAM),
            memory=(Memory("m"), Memory("v")),
            keeps=False,
            options=(RATE, Option("decay", DECAY.description, default=0.01, least=0.0), BETA1, BETA2, _epsilon(1e-8)),
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
                _epsilon(1e-8),
            ),
            source="Dozat, ICLR workshop (2016)",
        ),
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
            options=(RATE, DECAY, BETA1, Option("beta2", BETA2.description, default=0.99, least=0.0, below=1.0)),
            source="Chen et al., NeurIPS (2023)",
        ),
    ]
)

SCHEDULES = catalogue(
    [
        Schedule(
            name="constant", textbook="rate", value="rate", source="Robbins and Monro, Ann. Math. Stat. 22 (1951)"
        ),
        Schedule(
            name="steps",
            textbook="rate factor^floor((t - 1) / every)",
            value="rate * factor ** floor((t - 1) / every)",
            options=(
                Option("factor", "The factor of the rate.", default=0.1, above=0.0),
                Option("every", "The number of steps between two changes.", above=0.0),
            ),
            source="He, Zhang, Ren and Sun, CVPR (2016)",
        ),
        Schedule(
            name="exponential",
            textbook="rate factor^(t - 1)",
            value="rate * factor ** (t - 1)",
            options=(Option("factor", "The factor of the rate after each step.", above=0.0),),
            source="Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.3",
        ),
        Schedule(
            name="inverse_time",
            textbook="rate / (1 + decay (t - 1))",
            value="rate / (1.0 + decay * (t - 1))",
            options=(Option("decay", "How fast the rate falls.", above=0.0),),
            source="Robbins and Monro, Ann. Math. Stat. 22 (1951)",
        ),
        Schedule(
            name="cosine",
            textbook="final + (rate - final) (1 + cos(pi min(t - 1, steps) / steps)) / 2",
            value="final + 0.5 * (rate - final) * (1.0 + cos(3.141592653589793 * minimum((t - 1) / steps, 1.0)))",
            options=(
                Option("steps", "The number of steps until the final rate.", above=0.0),
                Option("final", "The final rate.", default=0.0, least=0.0),
            ),
            source="Loshchilov and Hutter, ICLR (2017)",
        ),
        Schedule(
            name="warm_up",
            textbook="rate min(t / steps, 1)",
            value="rate * minimum(t / steps, 1.0)",
            options=(Option("steps", "The number of steps until the full rate.", above=0.0),),
            source="Goyal et al., arXiv:1706.02677 (2017)",
        ),
    ]
)


@dataclass(frozen=True)
class Clip:
    """Gradient clipping: a line before those of the optimizer.

    Its ``factor`` depends on ``norm``, the Euclidean norm of the whole gradient.
    """

    name: str
    textbook: str
    line: str
    factor: str | None = None
    options: tuple[Option, ...] = ()
    source: str = ""


CLIPS = catalogue(
    [
        Clip(
            name="value",
            textbook="g = min(max(g, -most), most)",
            line="g = minimum(maximum(g, -most), most)",
            options=(Option("most", "The largest size of a derivative.", above=0.0),),
            source="Mikolov, Statistical Language Models Based on Neural Networks (2012)",
        ),
        Clip(
            name="norm",
            textbook="g = g min(1, most / (norm + 1e-6))",
            line="g = g * factor",
            factor="minimum(most / (norm + 1e-6), 1.0)",
            options=(Option("most", "The largest norm of the gradient.", above=0.0),),
            source="Pascanu, Mikolov and Bengio, ICML (2013)",
        ),
    ]
)
