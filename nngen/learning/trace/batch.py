"""Steps of training with several examples together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from nngen.common.messages import message
from nngen.learning.trace.batch_pass import BatchPass, running_statistic
from nngen.learning.trace.example import Example
from nngen.learning.trace.excerpt import Cut, folded
from nngen.learning.trace.statements import Module
from nngen.learning.trace.stepper import Stepper
from nngen.learning.trace.worksheet import BACKWARD, FORWARD, LOSS, UPDATE, Section, Step
from nngen.plan import Plan, Scope, derivative_of, equations


class BatchStepper(Stepper):
    """Steps with a batch."""

    def __init__(self, plan: Plan, module: Module, cut: Cut, decode: Callable[[Any], Any] | None) -> None:
        super().__init__(plan, module, cut, decode)
        listed = equations(plan, Scope.BATCH)
        to_the_loss = [(FORWARD, listed.training + listed.weight), (LOSS, listed.loss + listed.penalty)]
        self.to_the_loss = [(part, section) for part, sections in to_the_loss for section in sections]
        self.slopes = [(BACKWARD, section) for section in listed.backward + listed.penalty_slopes]

    def parameters_given(self, params: Sequence[float]) -> Iterator[Section]:
        """The parameters before the step. Running statistics are named apart from those of the batch."""
        measured = {name for block in self.plan.blocks if block.running_statistic for name in block.rows[0]}
        for section in super().parameters_given(params):
            lines = (
                replace(line, symbol=running_statistic(line.symbol)) if line.symbol.name in measured else line
                for line in section.lines
            )
            yield replace(section, lines=tuple(lines))

    def step(
        self, number: int, params: list[float], state: Any, examples: Sequence[Example]
    ) -> tuple[Step, list[float], Any]:
        """Run a step with all examples together. The results are those of a step with one."""
        batch = BatchPass(self, params, examples)
        sections = [*batch.given(), *self.parameters_given(params), *batch.scaled()]
        sections += [batch.section(part, section) for part, section in (*self.to_the_loss, *self.slopes)]
        slopes = [float(batch.shared(derivative_of(name), 0.0)) for name in self.parameters]
        moved, running = list(params), list(batch.running(params))
        for place, line in running:
            moved[place] = line.number
        new, state, updates = self.stepped(moved, slopes, state)
        if running:
            shown = tuple(line for _, line in running if self.cut.shows(line.symbol))
            title = message("the running statistics move towards those of the batch")
            sections.append(Section(UPDATE, title, "", shown, len(running) - len(shown)))
        after = BatchPass(self, new, examples, records=False)
        for part, section in self.to_the_loss:
            after.section(part, section)
        loss, later = float(batch.shared("loss")), float(after.shared("loss"))
        done = tuple(folded([*sections, *updates]))
        return Step(number, examples[0], done, loss, later, count=len(examples)), new, state
