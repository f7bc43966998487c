"""Equations in the order of a page: sections with a comment each, grouped by purpose."""

from collections import Counter
from dataclasses import fields, replace
from itertools import chain
from typing import Generic, Self, TypeVar

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.plan.assignment import Assignment
from nngen.plan.equation import Equation, Form

T = TypeVar("T", Equation, Assignment)

_ADDED = {Form.OUTER, Form.GRADIENT, Form.BIAS_GRADIENT, Form.NESTED_GRADIENT}
"""The forms of derivatives with respect to parameters."""


@dataclass(frozen=True)
class Section(Generic[T]):
    """Equations under one comment."""

    comment: str
    equations: tuple[T, ...]


@dataclass(frozen=True)
class Equations(Generic[T]):
    """All equations of a network by purpose, in the order of a page."""

    forward: tuple[Section[T], ...]
    """From the inputs to the outputs."""
    training: tuple[Section[T], ...]
    """From the inputs to the outputs, in training."""
    weight: tuple[Section[T], ...]
    """The weight of the example, or of each example of a batch."""
    loss: tuple[Section[T], ...]
    backward: tuple[Section[T], ...]
    """The derivatives of each layer, from the output to the inputs."""
    frozen: tuple[Section[T], ...]
    """The derivatives with respect to frozen parameters."""
    penalty: tuple[Section[T], ...]
    """The penalty that large parameters add to the loss."""
    penalty_slopes: tuple[Section[T], ...]
    """The slope of the penalty, added to the derivatives."""

    @property
    def gradient(self) -> tuple[Section[T], ...]:
        """All sections but ``forward``: first the loss, then the derivatives."""
        return self.to_the_loss + self.slopes

    @property
    def to_the_loss(self) -> tuple[Section[T], ...]:
        """From the inputs to the loss, in training."""
        return self.training + self.weight + self.loss + self.penalty

    @property
    def slopes(self) -> tuple[Section[T], ...]:
        """All derivatives of the loss."""
        return self.backward + self.frozen + self.penalty_slopes

    @property
    def additions_last(self) -> tuple[Section[T], ...]:
        """The sections of ``backward``, then one with what they add to the derivatives with respect to parameters.

        No equation reads a parameter after the first addition, so a step may change the parameters themselves.
        """
        kept = (
            replace(section, equations=tuple(one for one in section.equations if one.form not in _ADDED))
            for section in self.backward
        )
        added = tuple(one for section in self.backward for one in section.equations if one.form in _ADDED)
        last = Section(message("the derivative with respect to a weight: that of its unit, times its input"), added)
        return tuple(section for section in chain(kept, [last]) if section.equations)

    def marked(self) -> Self:
        """A copy in which each equation knows whether other equations of the gradient assign its name."""
        names = Counter(equation.name for section in self.gradient for equation in section.equations)
        changed = {name for name, count in names.items() if count > 1}

        def mark(section: Section[T]) -> Section[T]:
            marked = (
                replace(equation, changed=True) if equation.name in changed else equation
                for equation in section.equations
            )
            return replace(section, equations=tuple(marked))

        return replace(self, **{part.name: tuple(map(mark, getattr(self, part.name))) for part in fields(self)})
