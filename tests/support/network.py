"""Builds networks for tests: its layers, its loss, and common defaults for the rest."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from nngen.description.model.spec import Spec
from nngen.proof.reference import Network

Described: TypeAlias = Mapping[str, Any]

WIDE: Mapping[str, object] = {"weights": {"name": "normal", "deviation": 0.7}, "biases": "normal", "seed": 3}
DESCENT: Mapping[str, object] = {"optimizer": {"name": "gradient_descent", "rate": 0.05}}


def layer(name: str, units: int, activation: object, sources: object = None, **more: object) -> dict[str, object]:
    return {"name": name, "units": units, "activation": activation, "from": sources, **more}


def described(
    layers: Sequence[object],
    loss: str | Mapping[str, object],
    outputs: str = "sum",
    batch: str = "mean",
    **more: object,
) -> Described:
    """The fields of a spec."""
    return {
        "name": "net",
        "inputs": ["x1", "x2", "x3"],
        "layers": layers,
        "initial": WIDE,
        "loss": {"outputs": outputs, "batch": batch, **({"name": loss} if isinstance(loss, str) else loss)},
        "training": DESCENT,
        **more,
    }


def network(
    layers: Sequence[object],
    loss: str | Mapping[str, object],
    outputs: str = "sum",
    batch: str = "mean",
    **more: object,
) -> Network:
    return Network(Spec.model_validate(described(layers, loss, outputs, batch, **more)))


def coupled(spec: Spec) -> bool:
    """Whether the examples of a batch are normalized together: to plan a network for that would take longer."""
    return any(one.normalization is not None and one.normalization.name == "batch_norm" for one in spec.layers)


def drops(spec: Spec) -> bool:
    """Whether training leaves out units."""
    return any(one.dropout for one in spec.layers)


class Networks(Mapping[str, Network]):
    """Networks by name. Each is built when a test first uses it, so that pytest can collect the tests quickly."""

    def __init__(self, described: Mapping[str, Described]) -> None:
        self._described = described
        self._built: dict[str, Network] = {}

    def __getitem__(self, name: str) -> Network:
        if name not in self._built:
            self._built[name] = Network(Spec.model_validate(self._described[name]))
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._described)

    def __len__(self) -> int:
        return len(self._described)


FROZEN = {"trainable": False}
