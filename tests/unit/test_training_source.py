"""The source of training, run as Python, trains as the module of Python does."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from nngen.description.model import Spec
from nngen.runtime import training
from nngen.runtime.kit import Progress, RefusedError, Settings
from tests.support.campaign import Case
from tests.support.combinations import NORMALIZED, ROWS
from tests.support.network import described, layer
from tests.support.trained_source import Own, sourced

RATE: Mapping[str, Any] = {"optimizer": {"name": "momentum", "rate": 0.05}, "epochs": 12, "batch_size": 3}
OWN = {"name": "squared_error", "example_weights": True}
CLASSES = {"name": "cross_entropy", "class_weights": [1.0, 2.0, 3.0]}
HIDDEN = layer("h", 3, "tanh", dropout=0.3)
PLATEAU = {"name": "patience", "epochs": 2}


def _spec(loss: Any, batch: str = "mean", *layers: object, **more: Any) -> Spec:
    activation = "softmax" if "cross" in str(loss) else "linear"
    return Spec.model_validate(
        described([*layers, layer("o", 3, activation)], loss, batch=batch, training={**RATE, **more})
    )


SPECS = [
    *NORMALIZED,
    *ROWS,
    _spec("squared_error", "sum"),
    _spec(OWN, "mean", HIDDEN),
    _spec(OWN, "weighted_mean", stop=PLATEAU),
    _spec(CLASSES, "weighted_mean", HIDDEN, stop={**PLATEAU, "validation": 0.25}),
    _spec(
        CLASSES | OWN | {"name": "cross_entropy"}, "weighted_mean", stop={**PLATEAU, "every": 2, "validation": [1, 4]}
    ),
    _spec(OWN, "mean", stop={"name": "target", "target": 0.7, "validation": 0.25}),
    _spec(OWN, "weighted_mean", layer("h", 3, "tanh", normalization="batch_norm", dropout=0.5), stop=PLATEAU),
]


def _examples(spec: Spec) -> dict[str, Any]:
    """Eight examples."""
    case = Case.of(spec)
    found = {"xs": np.vstack([case.x, 1.5 * case.x if not spec.indices else case.x]), "ys": np.vstack([case.y, case.y])}
    if case.weights is not None:
        found["weights"] = np.hstack([case.weights, 0.5 * case.weights])
    return {name: values.tolist() for name, values in found.items()} | {"params": case.flat.tolist()}


def _both(own: Own, spec: Spec, **options: Any) -> tuple[list[float], list[float]]:
    """Parameters and losses after a training by the source, and by the module."""
    given = _examples(spec)
    params = [*given["params"]]
    epochs, size = spec.training.epochs, spec.training.batch_size
    options = {"epochs": min(epochs, 12), "batch_size": size, "seed": 7} | options
    history = training.fit(params, given["xs"], given["ys"], given.get("weights"), Settings(**options))
    given["params"] = own.module.unpack(given["params"])
    trained, expected = own.module.fit(**given, **options)
    return [*params, *history], [*own.module.pack(trained), *expected]


@pytest.mark.parametrize("spec", SPECS, ids=range(len(SPECS)))
def test_the_source_trains_as_the_module(spec: Spec) -> None:
    with sourced(spec) as own:
        for options in ({}, {"seed": None, "batch_size": None}, {"epochs": 1}, {"epochs": 0}, {"batch_size": 1}):
            found, expected = _both(own, spec, **options)
            assert found == pytest.approx(expected, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("spec", SPECS[-5:-3], ids=["weighted", "validated"])
def test_a_training_goes_on_where_another_one_ended(spec: Spec) -> None:
    given = _examples(spec)
    seen: list[Progress] = []

    trained: list[float] = []

    def ends(epoch: int, loss: float, params: list[float], progress: Progress) -> bool:
        seen.append(progress)
        trained[:] = params  # fit itself returns the best ones
        return epoch == 2

    with sourced(spec):
        rest = (given["xs"], given["ys"], given.get("weights"))
        whole, halves = [*given["params"]], [*given["params"]]
        options: dict[str, Any] = {"batch_size": 3, "seed": 7}
        history = training.fit(whole, *rest, Settings(epochs=6, **options))
        first = training.fit(halves, *rest, Settings(epochs=6, **options), ends)
        assert first == history[:3]
        last = training.fit(trained, *rest, Settings(epochs=6, progress=seen[-1], **options))
        assert [*first, *last] == history
        assert trained == whole


def test_wrong_examples_are_refused() -> None:
    with sourced(SPECS[0]):
        given = _examples(SPECS[0])
        for xs, settings in (([], Settings()), (given["xs"][1:], Settings()), (given["xs"], Settings(batch_size=0))):
            with pytest.raises(RefusedError, match="xs: expected as many as ys, at least 1, in batches of at least 1"):
                training.fit(given["params"], xs, given["ys"], None, settings)
