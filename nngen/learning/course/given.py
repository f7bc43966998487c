"""What a page of a lesson is about: a network and its examples, as the reference engine sees them."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nngen.common.records import dataclass
from nngen.description.data import Examples, read_examples
from nngen.description.model import Spec
from nngen.proof.reference import Network
from nngen.reading import load

Array = NDArray[np.float64]


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
    def start(self) -> list[Array]:
        """The initial parameters."""
        return self.network.init()

    def other(self, *overrides: str) -> "Given":
        """The same with other values in the spec."""
        return Given(self.path, (*self.overrides, *overrides))

    def says(self, params: Sequence[Array] | None = None) -> Array:
        """The outputs for all examples, by default at the initial parameters."""
        return self.network.forward(self.start if params is None else params, self.examples[0])

    def right(self, params: Sequence[Array] | None = None) -> int:
        """How many examples have an answer on the right side of one half."""
        return int(((self.says(params) > 0.5) == (self.examples[1] > 0.5)).all(axis=1).sum())

    @property
    def first(self) -> tuple[Array, Array, float, list[Array]]:
        """The first example: its inputs and targets, and its loss and gradient at the initial parameters."""
        (x, *_), (y, *_) = self.examples
        loss, gradient = self.network.gradient(self.start, [x], [y])
        return x, y, float(loss), gradient

    def training(self, every: int) -> Iterator[tuple[int, float, list[Array]]]:
        """Training, until its epochs end: after ``every`` epochs their count, the loss of the last, the parameters.

        It may pause anywhere, since no optimizer of a lesson has a memory, and no lesson shuffles.
        """
        params = self.start
        for epoch in range(every, self.spec.training.epochs + 1, every):
            params, history = self.network.fit(params, *self.examples, epochs=every)
            yield epoch, history[-1], params

    def trained(self, done: Callable[[list[Array], float], bool], every: int = 10) -> list[Array] | None:
        """The parameters with which training is done, for the parameters and the loss; None if it never is."""
        return next((params for _, loss, params in self.training(every) if done(params, loss)), None)
