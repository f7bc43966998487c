"""How many numbers a page of C works with, and whether they are on the stack or in memory that the caller gives."""

from collections.abc import Iterable
from dataclasses import dataclass

from nngen.plan.equations import SHARED_FORMS, Equation, Form, Scope, Section, equations
from nngen.plan.network import Plan

MAX_STACK = 1_000
"""The most numbers of one example that functions put on the stack: 8 KB in 64 bits.

The smallest stacks of threads: 16 KB by POSIX, 32 KB that Python allows, 128 KB by musl, 512 KB on macOS. All arrays of
a network 784-128-10 are 600 numbers.
"""


@dataclass(frozen=True)
class Room:
    """What the functions of a page work with, in numbers."""

    single: int
    """What ``forward`` or ``gradient`` of one example computes and keeps until it ends, whichever is more."""
    example: int
    """Where batches are measured together: so many more for each example, its inputs and targets among them."""
    matrix: int
    """The largest orthogonal matrix, where numbers of 32 bits are drawn in 64."""
    unrolled: bool
    """Whether there is an equation for each weight: its numbers are names, not arrays, and stay on the stack."""

    names: int
    """The names of arrays."""

    @property
    def few(self) -> int:
        """The most numbers on the stack."""
        return MAX_STACK

    @property
    def work(self) -> int:
        """The numbers of one example that are in the caller's memory: 0 where they are on the stack."""
        return 0 if self.unrolled or self.single <= MAX_STACK else self.single

    @property
    def drawn(self) -> int:
        """The numbers of 64 bits in the caller's memory for ``init``: 0 where they are on the stack."""
        return 0 if self.matrix <= MAX_STACK else self.matrix

    @property
    def stack(self) -> int:
        """The numbers on the stack; those of 64 bits count twice."""
        return max(0 if self.work else self.single, 0 if self.drawn else 2 * self.matrix)

    @property
    def frames(self) -> int:
        """The bytes of the stack beside these numbers: a pointer and a counter for each name, and what calls need.

        By ``gcc -O0 -fcallgraph-info=su`` on x86, all networks of the tests need less.
        """
        return 1024 + 24 * self.names


def room(plan: Plan, *, unrolled: bool, narrow: bool) -> Room:
    """The room of a page: with an equation for each weight or for each layer, in numbers of 32 or of 64 bits."""
    matrix = max((block.size for block in plan.blocks if block.orthogonal), default=0) if narrow else 0
    if unrolled:
        return Room(_named(plan), 0, matrix, unrolled, 0)
    names = len(plan.blocks) + sum(len(layer.trained) + len(layer.backward) for layer in plan.layers)
    found = equations(plan, Scope.BATCH if plan.coupled else Scope.WEIGHTED_EXAMPLE)
    forward = _arrays(found.forward)
    if plan.coupled:
        example, shared = _batch(plan, found.gradient)
        return Room(max(forward, example + shared), example, matrix, unrolled, names)
    return Room(max(forward, _arrays(found.gradient)), 0, matrix, unrolled, names)


_BY_UNIT = {Form.WEIGHTED_SUM, Form.UNIT, Form.DROPOUT, Form.RETURNED, Form.GRADIENT}
"""The forms with a number for each unit of one example."""


def _listed(sections: Iterable[Section[Equation]]) -> list[Equation]:
    return [equation for section in sections for equation in section.equations]


def _arrays(sections: Iterable[Section[Equation]]) -> int:
    """The numbers of the arrays that equations fill for one example."""
    return sum(len(e.layer.units) for e in _listed(sections) if e.form in _BY_UNIT and not e.renames)


def _batch(plan: Plan, sections: Iterable[Section[Equation]]) -> tuple[int, int]:
    """The numbers of the gradient of a batch: for each example, and those that the examples share."""
    example = len(plan.inputs) + len(plan.output.units) + bool(plan.loss.own)
    shared = 0
    for e in _listed(sections):
        if e.form in (Form.RUNNING_MEAN, Form.BATCH_MEAN, Form.GRADIENT) or e.common:
            shared += len(e.layer.units)
        elif e.form in _BY_UNIT:
            example += 0 if e.aliases else len(e.layer.units)
        elif e.form in SHARED_FORMS or e.form is Form.CLASS_WEIGHT:
            example += 1
    return example, shared


def _named(plan: Plan) -> int:
    """The names of the gradient of one example, where there is an equation for each weight."""
    found = equations(plan, Scope.WEIGHTED_EXAMPLE)
    numbers = plan.size + len(plan.inputs) + len(plan.output.units)
    for e in _listed(found.training + found.loss + found.backward):
        numbers += len(e.layer.units) if e.form in _BY_UNIT else 1 if e.form in SHARED_FORMS else 0
    return numbers + sum(block.size for block in plan.blocks if block.trainable)
