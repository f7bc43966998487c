"""Sentences that explain the equations of a section of a worksheet."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nngen.common.messages import Message, message
from nngen.learning.trace.worksheet import BACKWARD, LOSS, Line
from nngen.mathematics.catalogue import LOSSES
from nngen.plan import Plan


def about_section(plan: Plan, part: str, layer: str, lines: Sequence[Line], names: Mapping[str, Any]) -> Iterator[str]:
    """What the equations of a section of a layer do not show; ``names`` has the values of the example."""
    loss = LOSSES.get(plan.loss.name)
    fusion = loss.fusion(plan.output.activation) if loss else None
    if fusion and fusion.algebra and part == LOSS and lines and lines[0].symbol.base == "loss":
        yield message("This is {formula}, in a form that cannot overflow.", formula=plan.loss.textbook)
    if part == LOSS and plan.loss.name == "perceptron" and lines and lines[-1].value == 0.0:
        pairs = zip(plan.output.units, plan.output.names("a"), plan.output.names("y"), strict=True)
        wrong = [unit for unit, a, y in pairs if names[a] != names[y]]
        if wrong and not lines[0].symbol.example:
            yield message(
                "The loss is 0, but the answer of {units} is wrong: the weighted sum is on the boundary. The rule "
                "changes the weights all the same.",
                units=", ".join(wrong),
            )
    if fusion and fusion.algebra and part == BACKWARD and layer == plan.output.name:
        yield message("By the chain rule: {algebra}.", algebra=Message(fusion.algebra))
    for line in lines:
        unit = "".join(line.symbol.by.indices[:1]) if line.symbol.slope else ""
        if line.symbol.name == f"dz_{unit}" and line.value == 0.0 and names.get(f"da_{unit}"):
            activation = next(found.activation for found in plan.layers if unit in found.units)
            yield message(
                "{unit} receives an error, but the slope of {activation} is 0 at its weighted sum: the error "
                "stops here, and the derivatives with respect to the weights of {unit} are 0 for this example.",
                unit=unit,
                activation=activation,
            )
