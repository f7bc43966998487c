"""Steps of training, with one example or a batch: each equation of the network with its numbers, for a worksheet."""

from collections.abc import Iterator, Sequence
from typing import Any

from nngen.common.messages import message
from nngen.learning.trace.example import Example
from nngen.learning.trace.excerpt import folded
from nngen.learning.trace.passes import Pass, running_statistic
from nngen.learning.trace.scaling import encoded
from nngen.learning.trace.traced import Traced
from nngen.learning.trace.update import update
from nngen.learning.trace.worksheet import BACKWARD, GIVEN, UPDATE, Line, Section, Step
from nngen.plan import derivative_of


def take_step(
    net: Traced, number: int, params: list[float], state: Any, examples: Sequence[Example]
) -> tuple[Step, list[float], Any]:
    """Run a step with the only example, or with all examples of a batch together.

    Returns:
        The recorded step, the new parameters and the new state.

    Raises:
        ValueError, ArithmeticError: as the module does, which refuses examples and changes the parameters.
    """
    first = examples[0]
    names, x = net.module.names, list(first.x)[len(net.whole.indices) :]
    run = Pass(net, params, examples)
    sections = [*run.given(), *_parameters(net, params), *run.scaled(), *encoded(net.whole, net.symbols, first)]
    if first.y is None:
        outputs = names["forward"](params, x)
        answer = net.decode(outputs) if net.decode else outputs
        sections += [run.section(*one) for one in net.parts(training=False)]
        numbers = answer if isinstance(answer, list | tuple) else [answer]
        shown = answer if isinstance(answer, str) else tuple(numbers)
        return Step(number, first, tuple(folded(sections)), None, 0.0, shown), params, state
    if not net.batch:
        names["loss"](params, x, list(first.y), **first.weight)  # it refuses what the module refuses
    parts = net.parts(training=True)
    sections += [run.section(*one) for one in parts]
    slopes = [float(run.shared(derivative_of(name), 0.0)) for name in net.parameters]
    moved, running = list(params), list(run.running(params))
    for place, line in running:
        moved[place] = line.number
    if running:
        lines = tuple(line for _, line in running if net.cut.shows(line.symbol))
        title = message("the running statistics move towards those of the batch")
        sections.append(Section(UPDATE, title, "", lines, len(running) - len(lines)))
    sections += update(net, moved, slopes, state)
    new, state = names["step"](moved, slopes, state)
    if net.batch:
        after = Pass(net, new, examples, records=False)
        for part, section in parts:
            if part != BACKWARD:
                after.section(part, section)
        later = float(after.shared("loss"))
    else:
        later = names["loss"](new, x, list(first.y), **first.weight)
    loss, done = float(run.shared("loss")), tuple(folded(sections))
    return Step(number, first, done, loss, later, count=len(examples)), new, state


def _parameters(net: Traced, params: Sequence[float]) -> Iterator[Section]:
    """The parameters before the step. Running statistics are named apart from those of a batch."""
    blocks = net.plan.blocks if net.batch else ()
    measured = {name for block in blocks if block.running_statistic for name in block.rows[0]}
    given = zip(map(net.symbols, net.parameters), params, strict=True)
    lines = [
        Line(running_statistic(symbol) if symbol.name in measured else symbol, None, (), value)
        for symbol, value in given
        if net.cut.shows(symbol)
    ]
    yield Section(GIVEN, message("the parameters"), "", tuple(lines), len(params) - len(lines))
