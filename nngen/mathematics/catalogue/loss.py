"""A loss as data: its term for one output, the derivative, and the targets that it takes."""

import math
from dataclasses import replace
from typing import Literal

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option

ANY = (-math.inf, math.inf)

TargetKind = Literal["number", "share", "one_hot", "zero_one", "signed"]
"""The values of targets: any numbers; numbers that sum to 1; 0 with a single 1; 0 or 1; -1 or 1."""


@dataclass(frozen=True)
class Fusion:
    """A loss combined with the activation of the output: ``value`` in terms of ``z``, ``slope`` its derivative."""

    activation: str
    value: str
    slope: str
    reason: str
    """Why the slope has this form; printed on the page."""
    algebra: str = ""
    """The chain rule through loss and activation, down to the slope; printed on worksheets."""
    textbook: str | None = None
    target: str | None = None
    targets: str | None = None
    target_kind: TargetKind | None = None
    negative_target: float | None = None
    """These five replace the loss's own values; None keeps them."""


@dataclass(frozen=True)
class Loss:
    """A loss, as one term for each output.

    ``value`` is the term and ``slope`` its derivative with respect to ``a``. A loss without them exists only fused with
    an activation. ``across`` has lines before them that combine all outputs. ``target`` is the condition for each
    ``y``, and ``targets`` is the same in words.
    """

    name: str
    textbook: str
    value: str | None = None
    slope: str | None = None
    across: tuple[str, ...] = ()
    fused: tuple[Fusion, ...] = ()
    bounds: tuple[float, float] = ANY
    """The smallest and the largest output that the loss accepts."""
    target: str = "-1e18 < y < 1e18"  # the squares of larger numbers overflow in 32 bits
    targets: str = "finite numbers below 1e18 in size"
    target_kind: TargetKind = "number"
    negative_target: float = 0.0
    """The target of an output whose class an example does not have; for its own class the target is 1."""
    trial_target: float = 1.0
    """A second valid target, for checks of the gradient."""
    ends: bool = False
    """Whether two outputs are the ends of an interval of one target."""
    deviations: bool = False
    """Whether these ends are one standard deviation away from the mean."""
    optimizer: str | None = None
    """The only optimizer that it works with."""
    options: tuple[Option, ...] = ()
    source: str = ""
    reduction: str = "sum"
    """The default reduction over the outputs: ``sum`` or ``mean``."""
    reduction_source: str = ""
    """The source of this default."""

    @property
    def distribution(self) -> bool:
        """Whether the targets of an example must sum to 1."""
        return self.target_kind in ("share", "one_hot")

    def fusion(self, activation: str) -> Fusion | None:
        """The fused form with this activation, if there is one."""
        return next((fusion for fusion in self.fused if fusion.activation == activation), None)

    def over(self, activation: str) -> "Loss":
        """The loss for outputs with this activation."""
        fusion = self.fusion(activation)
        if fusion is None:
            return self
        fields = ("textbook", "target", "targets", "target_kind", "negative_target")
        return replace(self, **{key: value for key in fields if (value := getattr(fusion, key)) is not None})
