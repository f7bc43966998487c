"""The equations that every network of its kind has, before those of a single one: what a textbook begins with."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from nngen.catalogue import OPTIMIZERS, Activation
from nngen.plan import Plan
from nngen.typeset import Symbol, Symbols, mathml, read

GREEK = {
    "rate": "η",
    "momentum": "μ",
    "epsilon": "ε",
    "beta1": "β1",
    "beta2": "β2",
    "keep": "ρ",  # noqa: RUF001 (it is rho)
    "decay": "λ",
    "alpha": "α",  # noqa: RUF001 (it is alpha)
    "theta": "θ",
}
"""Letters that textbooks have for what the catalogue says in words."""


@dataclass(frozen=True)
class General:
    """What the general equations say that is not the same for all networks, as MathML."""

    activations: tuple[tuple[str, Markup], ...]
    """The activations, each with its formula."""
    loss: Markup
    """Its term for one output."""
    mean: bool
    """Whether the terms are averaged, and not summed."""
    cancels: bool
    """Whether the slope of the loss and that of the last activation are one."""
    error: Markup
    """The derivative of the loss at the output: by the weighted sum where they are one, else by the activation."""
    update: tuple[Markup, ...]


class _Letters(Symbols):
    """Letters of formulas, those of a unit with the index j."""

    def __call__(self, name: str) -> Symbol:
        if name == "g":
            return Symbol("dw", "w", slope=True)
        return Symbol(name, GREEK.get(name, name), ("j",) if name in ("z", "a", "y") else ())


def general(plan: Plan, catalogue: Mapping[str, Activation]) -> General:
    """The general equations of a network, with its activations from a catalogue."""
    letters = _Letters(plan)
    error = plan.output.error
    names = dict.fromkeys(layer.activation for layer in plan.layers)
    return General(
        activations=tuple(
            (name, _typeset((catalogue[name].textbook, catalogue[name].value), letters)) for name in names
        ),
        loss=_typeset((plan.loss.textbook, plan.loss.value.text), letters),
        mean=plan.loss.reduction.startswith("the mean over the outputs"),
        cancels=error is not None and error.name != "da",
        error=_typeset((error.formula.text,), letters) if error else Markup(),
        update=tuple(_updates(plan.optimizer.name, letters)),
    )


def _updates(name: str, letters: Symbols) -> Iterator[Markup]:
    """The lines of a step: those of the textbook, or where these are in words, those of the catalogue."""
    entry = OPTIMIZERS[name]
    try:
        lines = [_update(line, letters) for line in re.split(r"[,;] (?=\w+ = )", entry.textbook)]
    except (SyntaxError, ValueError):
        lines = [_update(line, letters) for line in entry.lines]
    yield from lines


def _update(line: str, letters: Symbols) -> Markup:
    name, _, value = line.partition(" = ")
    left, right = (_without_names(mathml(read(_spelled(side), letters))) for side in (name, value))
    return Markup(f"{left}<mo>←</mo>{right}")  # noqa: S704 (names are escaped)


def _typeset(texts: tuple[str, ...], letters: Symbols) -> Markup:
    """The first of some forms of a formula that can be set; if none can, the first as it is."""
    for text in texts:
        try:
            return Markup(_without_names(mathml(read(_spelled(text), letters))))  # noqa: S704 (names are escaped)
        except (SyntaxError, ValueError):
            continue
    return Markup("<mtext>{}</mtext>").format(texts[0])


def _spelled(text: str) -> ast.expr:
    """A formula as textbooks write it, with powers, choices and products as Python has them."""
    text = text.replace("^", "**")
    if " if " in text:
        return ast.parse(text.replace(", else", " else"), mode="eval").body
    return ast.parse(re.sub(r"(?<=[\w)]) +(?=[\w(])", " * ", text), mode="eval").body


def _without_names(markup: str) -> str:
    """General letters belong to no element of the network."""
    return re.sub(r' data-name="[^"]*"', "", markup).replace("<mi>sum</mi>", "<mo>∑</mo>")
