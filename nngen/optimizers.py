"""The catalogue of optimizers: ``w`` is a parameter, ``g`` its gradient, ``t`` the number of the step, from 1."""

from dataclasses import dataclass

from nngen.catalogue import Option, catalogue


@dataclass(frozen=True)
class Optimizer:
    """An optimizer, as its textbook lines; ``loss`` names the one loss that it works with."""

    name: str
    textbook: str
    lines: tuple[str, ...]
    loss: str | None = None
    options: tuple[Option, ...] = ()
    source: str = ""


OPTIMIZERS = catalogue(
    [
        Optimizer(
            name="gradient_descent",
            textbook="w = w - rate g",
            lines=("w = w - rate * g",),
            options=(Option("rate", "The learning rate: how far a step goes down the gradient.", above=0.0),),
            source="Cauchy, C. R. Acad. Sci. 25 (1847)",
        ),
        Optimizer(
            name="perceptron",
            textbook="w = w + rate (y - a) x",
            lines=("w = w - rate * g",),  # with the perceptron criterion, g is (a - y) x
            loss="perceptron",
            options=(Option("rate", "The learning rate: the length of a correction.", default=1.0, above=0.0),),
            source="Rosenblatt, Psychological Review 65 (1958)",
        ),
    ]
)
