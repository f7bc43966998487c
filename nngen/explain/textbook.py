"""The general equations of a network, as a textbook has them, before those of single units."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from nngen.catalogue import NORMALIZATIONS, OPTIMIZERS
from nngen.plan import Plan
from nngen.spec import Spec, custom_formulas
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
"""Greek symbols that textbooks use for names of the catalogue."""


@dataclass(frozen=True)
class Normalized:
    """A normalization: ``s`` from ``v``, and its backward lines."""

    name: str
    of: str
    """The meaning of ``v``: the ``sums`` of the units or their ``activations``."""
    formula: Markup
    over: str
    """The values of which it takes the mean and the variance."""
    back: tuple[Markup, ...]
    reason: str


@dataclass(frozen=True)
class General:
    """The parts of the general equations that depend on the network, as MathML."""

    activations: tuple[tuple[str, Markup], ...]
    """The activations, each with its formula."""
    normalizations: tuple[Normalized, ...]
    loss: Markup
    """Its term for one output."""
    mean: bool
    """Whether the loss is the mean over the outputs and not the sum."""
    cancels: bool
    """Whether the loss and the last activation are fused."""
    error: Markup
    """The derivative of the loss at the output: by the weighted sum if they are fused, otherwise by the activation."""
    update: tuple[Markup, ...]
    criterion: bool
    """Whether the loss is the perceptron criterion, whose derivative takes the activation for a constant."""


class _General(Symbols):
    """Symbols of formulas. Values of a unit get the index j."""

    def __call__(self, name: str) -> Symbol:
        if name == "g":
            return Symbol("dw", "w", slope=True)
        if name in ("ds", "dv", "dhat"):
            return Symbol(name, name[1:], ("j",), slope=True)
        if name == "hat":
            return Symbol(name, name, ("j",))
        return Symbol(name, GREEK.get(name, name), ("j",) if name in ("z", "a", "y", "v", "s") else ())


def general(plan: Plan, spec: Spec) -> General:
    """The general equations of a network.

    Args:
        plan: the plan of the network.
        spec: its spec.
    """
    symbols, catalogue = _General(plan), custom_formulas.activations(spec.activations)
    error = plan.output.error
    names = dict.fromkeys(layer.activation for layer in plan.layers)
    return General(
        activations=tuple(
            (name, _typeset((catalogue[name].textbook, catalogue[name].value), symbols)) for name in names
        ),
        normalizations=tuple(_normalizations(spec, symbols)),
        loss=_typeset((plan.loss.textbook, plan.loss.value.text), symbols),
        mean=spec.loss.outputs == "mean",
        cancels=error is not None and error.name != "da",
        error=_typeset((error.formula.text,), symbols) if error else Markup(),
        update=tuple(_updates(plan.optimizer.name, symbols)),
        criterion=plan.loss.name == "perceptron" and plan.output.activation != "undecided_step",
    )


def _normalizations(spec: Spec, symbols: Symbols) -> Iterator[Normalized]:
    """Each normalization of the spec, once."""
    chosen = (layer.normalization for layer in spec.layers if layer.normalization)
    for name, of in dict.fromkeys((one.name, one.of) for one in chosen):
        entry = NORMALIZATIONS[name]
        formula, _, over = entry.textbook.partition(", over ")
        means = [line.split(" = ") for line in entry.back[1:-1]]
        slope = entry.back[-1]
        for mean, value in reversed(means):  # the longer name begins with the shorter one
            slope = slope.replace(mean, value.replace("batch_mean", "mean"))
        yield Normalized(
            name=name,
            of=of,
            formula=_typeset((re.sub(r"mean of (\S+)", r"mean(\1)", formula),), symbols),
            over=over,
            back=tuple(_line(line, "=", symbols) for line in (entry.back[0], slope)),
            reason=entry.reason,
        )


def _updates(name: str, symbols: Symbols) -> Iterator[Markup]:
    """The lines of a step: those of the textbook, or those of the catalogue if the textbook uses words."""
    entry = OPTIMIZERS[name]
    try:
        lines = [_update(line, symbols) for line in re.split(r"[,;] (?=\w+ = )", entry.textbook)]
    except (SyntaxError, ValueError):
        lines = [_update(line, symbols) for line in entry.lines]
    yield from lines


def _update(line: str, symbols: Symbols) -> Markup:
    return _line(line, "←", symbols)


def _line(line: str, sign: str, symbols: Symbols) -> Markup:
    name, _, value = line.partition(" = ")
    left, right = (_without_names(mathml(read(_spelled(side), symbols))) for side in (name, value))
    return Markup(f"{left}<mo>{sign}</mo>{right}")  # noqa: S704 (names are escaped)


def _typeset(texts: tuple[str, ...], symbols: Symbols) -> Markup:
    """Typeset the first of several forms of a formula that can be parsed; otherwise return the first as text."""
    for text in texts:
        try:
            return Markup(_without_names(mathml(read(_spelled(text), symbols))))  # noqa: S704 (names are escaped)
        except (SyntaxError, ValueError):
            continue
    return Markup("<mtext>{}</mtext>").format(texts[0])


def _spelled(text: str) -> ast.expr:
    """Parse a formula as textbooks write it: ``^`` is a power, a space a product, ``if`` a choice."""
    text = text.replace("^", "**")
    if " if " in text:
        return ast.parse(text.replace(", else", " else"), mode="eval").body
    return ast.parse(re.sub(r"(?<=[\w)]) +(?=[\w(])", " * ", text), mode="eval").body


def _without_names(markup: str) -> str:
    """Remove the names: general symbols belong to no element of the network."""
    return re.sub(r' data-name="[^"]*"', "", markup).replace("<mi>sum</mi>", "<mo>∑</mo>")
