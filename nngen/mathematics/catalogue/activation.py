"""An entry of the catalogue of activations."""

import math

from nngen.common.records import dataclass
from nngen.mathematics.catalogue.entry import Option


@dataclass(frozen=True)
class Activation:
    """An activation.

    ``value`` is the formula of the activation, and ``slope`` its derivative with respect to ``z``, in terms of ``z`` or
    ``a``. Without a slope, layers below it cannot learn by gradient descent. ``steps`` are lines before ``value``; a
    page then defines a function for the activation. If a unit's activation depends on the whole layer, ``across`` has
    the lines before ``value``, and ``back`` has the lines that compute ``dz`` from ``da``.
    """

    name: str
    textbook: str
    value: str
    slope: str | None = None
    steps: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    remark: str = ""
    """A remark for the reader of the page, such as the reason for this form of the formula."""
    options: tuple[Option, ...] = ()
    source: str = ""
    bounds: tuple[float, float] = (-math.inf, math.inf)
    """The smallest and the largest output, for any options."""
    rises: bool = True
    """Whether it never falls as ``z`` grows, for options of at least 0."""
    convex: bool = False
    """Whether its slope never falls, either, for the default options."""

    @property
    def learns(self) -> bool:
        """Whether an error can pass back through it."""
        return self.slope is not None or bool(self.back)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of its arguments: ``z`` and the options."""
        return "z", *(option.name for option in self.options)
