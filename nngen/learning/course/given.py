"""What a page of a lesson is about: a network and its examples, as the reference engine sees them."""

from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nngen.common.records import dataclass
from nngen.description.data import Examples, read_examples
from nngen.description.model import Spec
from nngen.mathematics.formulas import UndefinedError
from nngen.plan import Plan, plan
from nngen.proof.reference import Network
from nngen.reading import load

Array = NDArray[np.float64]

MAX_STEPS = 100_000
"""Epochs times examples of a network that a sentence may train; the largest of the course has 18,000."""


@dataclass(frozen=True)
class Given:
    """The network of a page."""

    path: Path
    """The file of its spec."""
    overrides: tuple[str, ...] = ()
    """Values that replace those of the spec."""

    @cached_property
    def spec(self) -> Spec:
        """The spec of the page."""
        return load(self.path, overrides=self.overrides)

    @cached_property
    def network(self) -> Network:
        """The reference engine of the spec."""
        return Network(self.spec)

    @cached_property
    def data(self) -> Examples:
        """Its examples, also those that are held out."""
        return read_examples(self.spec, self.path.parent)

    @property
    def examples(self) -> tuple[Array, Array]:
        """The inputs and the targets of its examples, a row for each."""
        return self.data.train_x, self.data.train_y

    @cached_property
    def plan(self) -> Plan:
        """The plan of the network."""
        return plan(self.spec)

    @cached_property
    def start(self) -> list[Array]:
        """The initial parameters."""
        return self.network.init()

    @property
    def steps(self) -> int:
        """The number of examples in all epochs of its training."""
        return self.spec.training.epochs * (len(self.examples[0]) if self.spec.data else 0)

    @property
    def trainable(self) -> "Given":
        """The same.

        Raises:
            UndefinedError: its training takes too long.
        """
        if self.steps > MAX_STEPS:
            raise UndefinedError(f"training of more than {MAX_STEPS:,} steps")
        return self

    @cached_property
    def trained(self) -> list[Array]:
        """The parameters after training.

        Raises:
            UndefinedError: it takes too long.
        """
        return self.trainable.network.fit(self.start, *self.examples)[0]

    def other(self, *overrides: str) -> "Given":
        """The same with other values in the spec, in place of those that it had of the same names."""
        found: dict[str, str] = {}
        for one in (*self.overrides, *overrides):
            name = one.partition("=")[0]
            found.pop(name, None)
            found[name] = one
        return given_of(self.path, (*found.values(),))


given_of = cache(Given)
"""The network of a page: it is the same in each language, and for each sentence about it."""
