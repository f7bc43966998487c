"""What is measured: networks, batch sizes, and kinds of work.

Each peer runs the same network (relu between layers, a linear output, half the squared error) with the same parameters
and examples in the same precision. All peers support this, even micrograd, which has no other activation. Small
networks run in float64, like Python's numbers; those with 784 inputs in float32, the default of frameworks.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.parts import ALL, of_module
from nngen.targets.render import render

Array = NDArray[Any]

NETWORKS = ((2, 2, 1), (4, 8, 3), (9, 16, 2), (64, 32, 10), (784, 30, 10), (784, 300, 100, 10))
BATCHES = (1, 32, 256)
EXAMPLES = 256
"""The number of examples in an epoch."""

WIDE = 100
"""Networks with more inputs run in float32."""

RATE = 0.001


@dataclass(frozen=True)
class Cell:
    """A network and a batch size, with everything that a peer needs."""

    sizes: tuple[int, ...]
    batch: int

    @property
    def name(self) -> str:
        """The sizes of the layers, as a name."""
        return "-".join(map(str, self.sizes))

    @property
    def dtype(self) -> str:
        """The precision of the comparison."""
        return "float32" if self.sizes[0] > WIDE else "float64"

    @property
    def layers(self) -> int:
        """The number of layers with weights."""
        return len(self.sizes) - 1

    @cached_property
    def spec(self) -> Spec:
        """The network as a spec."""
        *hidden, last = self.sizes[1:]
        rows: list[dict[str, Any]] = [
            {"name": f"h{i}", "units": units, "activation": "relu"} for i, units in enumerate(hidden, 1)
        ]
        return Spec.model_validate(
            {
                "name": "net",
                "inputs": {"name": "x", "size": self.sizes[0]},
                "layers": [*rows, {"name": "y", "units": last, "activation": "linear"}],
                "loss": {"name": "half_squared_error", "outputs": "sum"},
                "training": {"optimizer": {"name": "gradient_descent", "rate": RATE}},
                "targets": ["python", *({"name": name, "dtype": self.dtype} for name in ("numpy", "c"))],
            }
        )

    def page(self, target: str, *, whole: bool = True) -> str:
        """The generated module of a target, with all parts or with those that a module usually has."""
        planned = plan(self.spec)
        contents = ALL if whole else of_module(self.spec, planned, target, trained=False)
        return render(planned, self.spec, target, contents=contents)

    @cached_property
    def x(self) -> Array:
        """The inputs of an epoch, a row for each example."""
        return np.random.default_rng(1).normal(size=(EXAMPLES, self.sizes[0])).astype(self.dtype)

    @cached_property
    def y(self) -> Array:
        """The targets of an epoch."""
        return np.random.default_rng(2).normal(size=(EXAMPLES, self.sizes[-1])).astype(self.dtype)

    @cached_property
    def params(self) -> list[Array]:
        """The initial parameters of all peers: a matrix ``(units, inputs)`` and a vector for each layer."""
        return [np.asarray(p, self.dtype) for p in Network(self.spec).init(1)]

    @cached_property
    def expected(self) -> tuple[float, list[Array]]:
        """The reference's loss and gradient of the first batch."""
        x, y = self.x[: self.batch].astype(np.float64), self.y[: self.batch].astype(np.float64)
        return Network(self.spec).gradient([np.asarray(p, np.float64) for p in self.params], x, y)

    @cached_property
    def outputs(self) -> Array:
        """The reference's outputs of the first batch."""
        x = self.x[: self.batch].astype(np.float64)
        return Network(self.spec).forward([np.asarray(p, np.float64) for p in self.params], x)
