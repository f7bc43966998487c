"""Gradient descent, also with momentum, and the rule of the perceptron."""

from dataclasses import replace

from nngen.mathematics.catalogue.entry import Option
from nngen.mathematics.catalogue.optimizers.optimizer import MOMENTUM, RATE, Memory, Optimizer

DESCENT = (
    Optimizer(
        name="gradient_descent",
        textbook="w = w - rate g",
        lines=("w = w - rate * g",),
        options=(RATE,),
        source="Cauchy, C. R. Acad. Sci. 25 (1847)",
    ),
    Optimizer(
        name="perceptron",
        textbook="w = w + rate (y - a) x",
        lines=("w = w - rate * g",),  # with the perceptron criterion, g is (a - y) x
        loss="perceptron",
        options=(replace(RATE, default=1.0),),
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
)
