"""Networks and examples at the ends of what floats hold, for the pages of all languages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.mathematics.catalogue.normalizations import NORMALIZATIONS
from nngen.mathematics.catalogue.optimizers import OPTIMIZERS
from nngen.proof.reference import Network
from tests.support.losses import ROWS
from tests.support.network import Described, described, layer
from tests.support.networks import OWN, OWN_LOSSES
from tests.support.penalties import PENALTY
from tests.support.rounding import wide
from tests.support.trainings import CLIP, OPTIMIZER

Array = NDArray[np.float64]
Found = Mapping[str, Array]


@dataclass(frozen=True)
class Extreme:
    """A network with its parameters and examples, ``(n, inputs)`` and ``(n, outputs)``."""

    described: Described
    start: list[float]
    x: Array
    y: Array

    @cached_property
    def network(self) -> Network:
        """The network, built when a test first uses it."""
        return Network(Spec.model_validate(self.described))

    @cached_property
    def expected(self) -> Sequence[Found]:
        """The results of the reference for each example, and again where nothing overflows: both are right."""
        with np.errstate(all="ignore"):
            found = self._computed()
            with wide():
                return found, self._computed()

    def _computed(self) -> Found:
        made, params = self.network, self.network.unpack(self.start)
        rows: dict[str, list[object]] = {"forward": [], "loss": [], "gradient": [], "step": []}
        for x, y in zip(self.x, self.y, strict=True):
            loss, gradient = made.gradient(params, [x], [y])
            moved, _ = made.step(params, gradient, made.init_state(params))
            for name, values in zip(
                rows, (made.forward(params, [x])[0], loss, made.pack(gradient), made.pack(moved)), strict=True
            ):
                rows[name].append(values)
        return {name: np.array(values, np.float64).astype(float) for name, values in rows.items()}

    def wrong(self, found: Found) -> list[str]:
        """The results that are neither those of the reference nor those without overflow."""
        said = []
        for name, values in found.items():
            right = np.zeros(values.shape, bool)
            for wanted in (one[name] for one in self.expected):
                right |= np.isclose(values, wanted, rtol=1e-11, atol=1e-300, equal_nan=True)
            for at in np.argwhere(~right):
                place = tuple(at)
                either = [float(one[name][place]) for one in self.expected]
                said.append(f"{name} {place}: {values[place]!r}, expected {either}")
        return said


LOGITS = (0.0, 1e8, 1e17, -1e17)
"""Three equal weighted sums, the biases, under softmax: for any value, the loss is that of three equal outputs."""

SOFTMAX_LOSSES = ("cross_entropy", "smoothed_cross_entropy", "kl_divergence")


def equal_logits(loss: str, logit: float) -> Extreme:
    """A network with three equal logits, and an example of the first class."""
    made = described([layer("o", 3, "softmax")], loss)
    return Extreme(made, [0.0] * 9 + [logit] * 3, np.ones((1, 3)), np.eye(3)[:1])


SIZES = (1e-160, 1e-80, 1e-8, 1.0, 1e8, 1e80, 1e160)
SIGNED: Array = np.array([[size, -size, 0.5] for size in SIZES])
"""Inputs; with the identity for weights, these are the weighted sums."""

IDENTITY = np.eye(3).ravel().tolist()
"""The weights of three units with three inputs."""

GROWING: Mapping[str, Mapping[str, object]] = {
    "growing": {"value": "exp(z / 4)"},
    "stairs": {"value": "floor(z) + expm1(z / 9)"},
    "quintic": {"value": "z**5 / 9"},
    "steep": {"value": "abs(z)**2.5"},
}
"""Activations of a spec's own that soon are too large."""


PARAMETERS = {"rms_norm": 3, "layer_norm": 6, "batch_norm": 12}
"""The number of parameters of each normalization in a layer of three units."""


def _learning(**training: object) -> dict[str, Any]:
    return {"training": {"optimizer": {"name": "gradient_descent", "rate": 0.05}, **training}}


def _extremes() -> Iterator[tuple[str, Extreme]]:
    y = np.tile([0.0, 1.0, 0.0], (len(SIZES), 1))
    own: dict[str, Any] = {"activations": {**OWN, **GROWING}, "losses": OWN_LOSSES}
    # of infinity, these have a sine, which Python refuses
    learning = [name for name, entry in ACTIVATIONS.items() if entry.learns and name != "sine"]
    for name in [*learning, *(name for name in own["activations"] if name not in ("snake", "wave"))]:
        made = described(
            [layer("h", 3, name, bias=False), layer("o", 3, "linear", bias=False)], "half_squared_error", **own
        )
        yield f"activation {name}", Extreme(made, IDENTITY * 2, SIGNED, y)
    for name in LOSSES:
        fused = [fusion.activation for fusion in LOSSES[name].fused]
        for over in dict.fromkeys([ROWS[name].over, *fused]):
            training = _learning(optimizer="perceptron") if name == "perceptron" else _learning()
            made = described([layer("o", 3, over, bias=False)], name, **training)
            of = -1.0 if LOSSES[name].over(over).negative_target < 0.0 else 0.0
            targets = np.tile([of, 1.0, of], (len(SIZES), 1))
            yield f"loss {name} over {over}", Extreme(made, IDENTITY, SIGNED, targets)
    for name in OWN_LOSSES:
        over = "soft_step" if name == "focal" else "linear"
        made = described([layer("o", 3, over, bias=False)], name, **own)
        yield f"loss {name}", Extreme(made, IDENTITY, SIGNED, 2.0 * y - 1.0 if name == "margin" else y)
    for name in OPTIMIZERS:
        if name != "perceptron":
            training = _learning(optimizer={"name": name, **OPTIMIZER[name]})
            made = described([layer("o", 3, "linear", bias=False)], "absolute_error", **training)
            yield f"optimizer {name}", Extreme(made, IDENTITY, SIGNED, y)
    for name in CLIP:
        made = described([layer("o", 3, "linear")], "absolute_error", **_learning(clip={"name": name, **CLIP[name]}))
        yield f"clip {name}", Extreme(made, [*IDENTITY, 1.0, 1.0, 1.0], SIGNED, y)
    for name, size in product(PENALTY, (SIZES[0], SIZES[-1])):
        training = _learning(penalty={"name": name, **PENALTY[name]})
        made = described([layer("o", 3, "linear", bias=False)], "absolute_error", **training)
        yield f"penalty {name} {size}", Extreme(made, [w * size for w in IDENTITY], np.ones((1, 3)), y[:1])
    for name in NORMALIZATIONS:
        made = described([layer("o", 3, "linear", bias=False, normalization=name)], "absolute_error")
        after = [0.9, 1.0, 1.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.0, 2.0, 3.0][: PARAMETERS[name]]
        yield f"normalization {name}", Extreme(made, IDENTITY + after, SIGNED, y)


EXTREMES = dict(_extremes())
