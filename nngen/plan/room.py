"""How many numbers a page of C works with, and whether they are on the stack or in memory that the caller gives."""

from collections.abc import Iterable
from dataclasses import dataclass

from nngen.formulas import Line
from nngen.plan.layer import Layer
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
    forward = sum(len(layer.units) + _arrays(layer, layer.forward) for layer in plan.layers)
    if plan.coupled:
        example, shared = _batch(plan)
        return Room(max(forward, example + shared), example, matrix, unrolled, names)
    return Room(max(forward, _gradient(plan)), 0, matrix, unrolled, names)


def _arrays(layer: Layer, lines: Iterable[Line]) -> int:
    """The numbers of the arrays that lines fill for one example."""
    filled = [line for line in lines if line.over in ("each", "parameter", "keep") and not layer.renames(line)]
    return len(filled) * len(layer.units)


def _gradient(plan: Plan) -> int:
    """The numbers of the arrays of the gradient of one example."""
    numbers = _arrays(plan.output, plan.output.judged)
    numbers += sum(len(layer.units) + _arrays(layer, layer.trained) for layer in plan.layers)
    for layer in plan.learning:
        given = layer.error is not None and plan.loss.weighed(layer.error.formula).bare
        numbers += (0 if given else len(layer.units)) + _arrays(layer, layer.backward)
    return numbers


def _batch(plan: Plan) -> tuple[int, int]:
    """The numbers of the gradient of a batch: for each example, and those that the examples share."""
    example = len(plan.inputs) + len(plan.output.units) + bool(plan.loss.own) + bool(plan.loss.weight)
    shared = 0
    for layer in plan.layers:
        units = len(layer.units)
        example += units * (2 if layer.learns else 1)  # z, and the error that comes back
        judged = layer.judged if layer is plan.output else ()
        for line in (*layer.trained, *judged, *(layer.backward if layer.learns else ())):
            if line.over in ("measured", "batch", "parameter") or layer.common(line):
                shared += units
            elif line.over in ("each", "keep"):
                example += 0 if layer.renames(line) else units
            else:
                example += 1
    return example, shared


def _named(plan: Plan) -> int:
    """The names of the gradient of one example, where there is an equation for each weight."""

    def values(layer: Layer, lines: Iterable[Line]) -> int:
        return sum(len(layer.units) if line.over in ("each", "parameter", "keep") else 1 for line in lines)

    numbers = plan.size + len(plan.inputs) + len(plan.output.units) + values(plan.output, plan.output.judged)
    for layer in plan.layers:
        numbers += len(layer.units) + values(layer, layer.trained)
    for layer in plan.learning:
        numbers += len(layer.units) + values(layer, layer.backward)
    return numbers + sum(block.size for block in plan.blocks if block.trainable)
