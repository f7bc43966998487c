"""How the tests write a network: its layers, its loss, and the rest as most of them have it."""

from collections.abc import Mapping, Sequence

from nngen.reference import Network
from nngen.spec.spec import Spec

WIDE: Mapping[str, object] = {"weights": {"name": "normal", "deviation": 0.7}, "biases": "normal", "seed": 3}
DESCENT: Mapping[str, object] = {"optimizer": {"name": "gradient_descent", "rate": 0.05}}


def layer(name: str, units: int, activation: object, sources: object = None, **more: object) -> dict[str, object]:
    return {"name": name, "units": units, "activation": activation, "from": sources, **more}


def network(
    layers: Sequence[object],
    loss: str | Mapping[str, object],
    outputs: str = "sum",
    batch: str = "mean",
    **more: object,
) -> Network:
    spec = {
        "name": "net",
        "inputs": ["x1", "x2", "x3"],
        "layers": layers,
        "initial": WIDE,
        "loss": {"outputs": outputs, "batch": batch, **({"name": loss} if isinstance(loss, str) else loss)},
        "training": DESCENT,
    }
    return Network(Spec.model_validate(spec | more))


FROZEN = {"trainable": False}
