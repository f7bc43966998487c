"""The derivatives with respect to the inputs: of the loss, of each output, and of each output before its activation.

They are those of ``forward``: no unit is dropped, and running statistics are constants. An id has no derivative.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum, auto

from nngen.common.messages import Message, message
from nngen.common.records import dataclass
from nngen.mathematics.catalogue import ACTIVATIONS
from nngen.mathematics.formulas import Line
from nngen.plan import kinds
from nngen.plan.equation import Equation, Form
from nngen.plan.equations import Scope, equations, error
from nngen.plan.layer import Inputs, Layer, Source
from nngen.plan.names import full_name
from nngen.plan.network import Plan
from nngen.plan.sections import Section


class Of(StrEnum):
    """What is derived by the inputs."""

    LOSS = auto()
    OUTPUT = auto()
    SCORE = auto()
    """An output before its activation."""


@dataclass(frozen=True)
class WayBack:
    """The equations from a derivative at the output to those at the inputs."""

    forward: tuple[Section[Equation], ...]
    """What they need of the equations from the inputs to the outputs."""
    common: tuple[Section[Equation], ...]
    """What the derivatives of all outputs share: slopes of activations."""
    passes: tuple[Section[Equation], ...]
    """What each of them has for itself."""


def unfit(plan: Plan) -> str:
    """The reason why a network has no derivatives with respect to its inputs; empty if it has."""
    if not plan.output.moved:
        return message("its output depends on no input that is a number")
    for layer in plan.layers:
        entry = ACTIVATIONS.get(layer.activation)
        if layer.moved and entry and not entry.learns:
            return message("layer {layer}: {activation} has no slope", layer=layer.name, activation=layer.activation)
    units = [unit for layer in plan.layers for unit in layer.units]
    made = {*inputs(plan).names("d"), *(full_name("slope", name) for name in units)}
    taken = next((name for name in plan.inputs if name in made or name.startswith(("da_", "dz_", "ds_"))), None)
    return message("the input {name} has the name of a derivative", name=taken) if taken else ""


def way_back(plan: Plan, of: Of, scope: Scope = Scope.EXAMPLE, named: Callable[[str], str] = str) -> WayBack:
    """The equations of the derivatives with respect to the inputs.

    Args:
        plan: the plan of the network.
        of: what is derived. That of an output begins with a derivative that has its name, see ``start``, already.
        scope: the examples that the loss covers.
        named: gives the symbol of a derivative, such as ``dz``, another name.
    """
    fed = defaultdict[str, list[tuple[Layer, Source]]](list)
    for after in reversed(plan.layers):
        for source in after.sources:
            fed["x" if source.vector == "x" else source.name].append((after, source))
    common, passes = list[Section[Equation]](), list[Section[Equation]]()
    for layer in reversed([layer for layer in plan.layers if layer.moved]):
        if layer is not plan.output:
            first = [_returned(layer, fed[layer.name], named, "da")]
        else:
            first = [error(plan, scope)] if of is Of.LOSS else []
        lines = list(_lines(plan, layer, of, named))
        slopes = [one for one in lines if one.symbol == "slope"]
        if slopes:
            text = message("{layer}: the slope of {activation}", layer=layer.name, activation=layer.activation)
            common.append(Section(text, tuple(slopes)))
        rest = [one for one in lines if one.symbol != "slope"]
        passes.append(Section(_says(layer, [after for after, _ in fed[layer.name]]), (*first, *rest)))
    given = inputs(plan)
    last = _returned(given, fed["x"], named, "d")
    passes.append(Section(_says(given, [after for after, _ in fed["x"]]), (last,)))
    forward = _needed(equations(plan, scope).forward, [*common, *passes])
    return WayBack(tuple(forward), tuple(common), tuple(section for section in passes if section.equations))


def _needed(sections: Sequence[Section[Equation]], of: Sequence[Section[Equation]]) -> list[Section[Equation]]:
    """The equations whose values others read, directly or through each other."""
    read = {name for section in of for equation in section.equations for name in equation.reads}
    kept = list[Section[Equation]]()
    for section in reversed(sections):
        needed = list[Equation]()
        for equation in reversed(section.equations):
            if equation.name in read:
                needed.append(equation)
                read |= equation.reads
        if needed:
            kept.append(Section(section.comment, tuple(reversed(needed))))
    return kept[::-1]


def start(plan: Plan, of: Of) -> str:
    """The symbol of the derivative at the output with which the way back begins."""
    normalized = any(line.name == "s" for line in plan.output.forward)
    return "da" if of is Of.OUTPUT else "ds" if normalized else "dz"


def inputs(plan: Plan) -> Inputs:
    """The inputs that are numbers."""
    return Inputs(
        name=plan.input_name,
        kind=plan.output.kind,
        units=plan.numbers,
        activation="",
        remark="",
        sources=(),
        biases=None,
        normalization_blocks=(),
        normalization="",
        running_updates=(),
        dropout_start=None,
        forward=(),
        training_lines=(),
        loss_lines=(),
        error=None,
        fusion_reason="",
        backward=(),
        learns=False,
        moved=True,
        answer_back=(),
        score_back=(),
        loss_back=(),
    )


def _lines(plan: Plan, layer: Layer, of: Of, named: Callable[[str], str]) -> Iterator[Equation]:
    """The equations from ``da`` to ``dz``. What the way back computes has other names."""
    listed = _chosen(plan, layer, of)
    derivatives = {line.name for line in listed if line.name != "slope"} | {"da", start(plan, of)}
    for line in listed:
        renamed = line.rename({name: named(name) for name in derivatives})
        yield Equation(renamed.name, Form[line.kind.name], (renamed.formula,), layer)


def _chosen(plan: Plan, layer: Layer, of: Of) -> tuple[Line, ...]:
    if of is Of.LOSS:
        return layer.loss_back
    return layer.score_back if of is Of.SCORE and layer is plan.output else layer.answer_back


def _returned(layer: Layer, fed: Sequence[tuple[Layer, Source]], named: Callable[[str], str], symbol: str) -> Equation:
    """The derivative with respect to the values of a layer, or of the inputs, from the layers that take them."""
    several = len(fed) > 1
    terms = (kinds.returned(*each, place if several else 0, named("dz")) for place, each in enumerate(fed, 1))
    return kinds.back(named(symbol), layer, terms)


def _says(layer: Layer, after: Sequence[Layer]) -> str:
    if not after:
        return message("{layer}: back through {activation}", layer=layer.name, activation=layer.activation)
    names = ", ".join(each.name for each in after)
    return Message(
        "{layer} ← {others}: {back}", layer=layer.name, others=names, back=message("the derivative flows back")
    )
