"""The general equations of a network and of kinds of layers, as a textbook has them, before those of single units."""

import ast
import re
from collections.abc import Iterator, Mapping

from nngen.common.records import dataclass
from nngen.description.model import Spec, custom_formulas
from nngen.learning.typeset import tree
from nngen.learning.typeset.parse import read
from nngen.learning.typeset.symbols import Symbol, Symbols, slope, symbol
from nngen.mathematics.catalogue import KINDS, NORMALIZATIONS, OPTIMIZERS, LayerKind
from nngen.plan import Plan

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
    formula: tree.Node
    over: str
    """The values of which it takes the mean and the variance."""
    back: tuple[tree.Equation, ...]
    reason: str
    running: bool
    """Whether running statistics take the place of these after training."""


@dataclass(frozen=True)
class General:
    """The parts of the general equations that depend on the network."""

    activations: tuple[tuple[str, tree.Node], ...]
    """The activations, each with its formula."""
    normalizations: tuple[Normalized, ...]
    loss: tree.Node
    """Its term for one output."""
    mean: bool
    """Whether the loss is the mean over the outputs and not the sum."""
    cancels: bool
    """Whether the loss and the last activation are fused."""
    error: tree.Node | None
    """The derivative of the loss at the output: by the weighted sum if they are fused, otherwise by the activation.

    None if the network has no derivative there."""
    update: tuple[tree.Equation, ...]
    """The lines of a step. Each replaces the old value of its symbol."""
    criterion: bool
    """Whether the loss is the perceptron criterion, whose derivative takes the activation for a constant."""


class _Textbook(Symbols):
    """Symbols of formulas about no particular unit: those with a meaning, and letters."""

    def __init__(self, plan: Plan, meanings: Mapping[str, Symbol]) -> None:
        super().__init__(plan)
        self.meanings = meanings

    def __call__(self, name: str) -> Symbol:
        return self.meanings.get(name) or symbol(GREEK.get(name, name))


_OF_UNIT = {name: symbol(name, "j") for name in ("z", "a", "y", "v", "s", "hat")}
_OF_UNIT |= {f"d{name}": slope(name, "j") for name in ("s", "v", "hat")}


def general(plan: Plan, spec: Spec) -> General:
    """The general equations of a network."""
    symbols, catalogue = _Textbook(plan, _OF_UNIT), custom_formulas.activations(spec.activations)
    error = plan.output.error
    names = dict.fromkeys(layer.activation for layer in plan.layers)
    return General(
        activations=tuple((name, _formula(catalogue[name].textbook, symbols, catalogue[name].value)) for name in names),
        normalizations=tuple(_normalizations(spec, symbols)),
        loss=_formula(plan.loss.textbook, symbols, plan.loss.value.text),
        mean=spec.loss.outputs == "mean",
        cancels=error is not None and error.name != "da",
        error=_formula(error.formula.text, symbols) if error else None,
        update=_updates(plan.optimizer.name, _Textbook(plan, {"g": slope("w")})),
        criterion=plan.loss.name == "perceptron" and plan.output.activation != "undecided_step",
    )


def _normalizations(spec: Spec, symbols: Symbols) -> Iterator[Normalized]:
    """Each normalization of the spec, once."""
    chosen = (layer.normalization for layer in spec.layers if layer.normalization)
    for name, of in dict.fromkeys((one.name, one.of) for one in chosen):
        entry = NORMALIZATIONS[name]
        formula, _, over = entry.textbook.partition(", over ")
        means = [line.split(" = ") for line in entry.back[1:-1]]
        last = entry.back[-1]
        for mean, value in reversed(means):  # the longer name begins with the shorter one
            last = last.replace(mean, value.replace("batch_mean", "mean"))
        yield Normalized(
            name=name,
            of=of,
            formula=_formula(re.sub(r"mean of (\S+)", r"mean(\1)", formula), symbols),
            over=over,
            back=tuple(_equation(line, symbols) for line in (entry.back[0], last)),
            reason=entry.reason,
            running=bool(entry.running),
        )


def _updates(name: str, symbols: Symbols) -> tuple[tree.Equation, ...]:
    """The lines of a step for one weight: those of the textbook, or those of the catalogue if the textbook uses words.

    Its ``v`` is a memory of the optimizer.
    """
    entry = OPTIMIZERS[name]
    try:
        return tuple(_equation(line, symbols) for line in re.split(r"[,;] (?=\w+ = )", entry.textbook))
    except (SyntaxError, ValueError):
        return tuple(_equation(line, symbols) for line in entry.lines)


def _equation(line: str, symbols: Symbols) -> tree.Equation:
    name, _, value = line.partition(" = ")
    return tree.Equation(symbols(name), read(_spelled(value), symbols))


def _formula(text: str, symbols: Symbols, otherwise: str = "") -> tree.Node:
    """A formula of a textbook, or another form of it if it cannot be parsed. That of the catalogue always can."""
    try:
        return read(_spelled(text), symbols)
    except (SyntaxError, ValueError):
        return read(_spelled(otherwise), symbols)


def _spelled(text: str) -> ast.expr:
    """Parse a formula as textbooks write it: ``^`` is a power, a space a product, ``if`` a choice."""
    text = text.replace("^", "**")
    if " if " in text:
        return ast.parse(text.replace(", else", " else"), mode="eval").body
    return ast.parse(re.sub(r"(?<=[\w)]) +(?=[\w(])", " * ", text), mode="eval").body


def kinds_of(plan: Plan) -> list[LayerKind]:
    """The kinds of a network's layers, in the order of the catalogue."""
    used = {layer.kind for layer in plan.layers}
    return [kind for kind in KINDS.values() if kind.name in used]


def joined(plan: Plan, kind: LayerKind) -> tree.Equation:
    """What a kind computes, with biases if a layer of the network has them."""
    unit = _unit(kind)
    value = tree.name("w", "j", "r") if kind.of_ids else _read(plan, kind, kind.value)
    value = tree.Series("j", value) if kind.over_units else tree.Series("s", value) if kind.total else value
    biases = any(layer.biases for layer in plan.layers if layer.kind == kind.name)
    return tree.Equation(symbol("z", *unit), tree.Sum((tree.Name(symbol("b", *unit)), value)) if biases else value)


def joined_back(plan: Plan, kind: LayerKind) -> Iterator[tree.Equation]:
    """What a kind returns to its sources."""
    for letter, formula in zip("uv", kind.slopes, strict=False):
        indices = ("s", "j") if kind.total else ("j",)
        yield tree.Equation(slope(letter, *indices), _read(plan, kind, formula))


def _unit(kind: LayerKind) -> tuple[str, ...]:
    return () if kind.over_units else ("j",)


def _read(plan: Plan, kind: LayerKind, formula: str) -> tree.Node:
    """A formula of ``u``, ``v`` and ``dz``, with the indices of units, and of a source among many."""
    u = symbol("u", "s", "j") if kind.total else symbol("u", "j")
    named = {"u": tree.Name(u), "v": tree.name("v", "j"), "dz": tree.name("δ", *_unit(kind))}
    return tree.renamed(read(formula, Symbols(plan)), named.get)
