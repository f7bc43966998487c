"""``fit`` continues a training, in every form of page, as if there had been no break."""

from typing import Any

import numpy as np
import pytest

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.cases import PAGES, examples
from tests.support.stopping import MEASURED, STOP

EPOCHS = 7

LAYERS = [
    {"name": "h", "units": 6, "activation": "tanh", "dropout": 0.3},
    {"name": "g", "units": 4, "activation": "relu"},
    {"name": "o", "units": 2, "activation": "sigmoid"},
]

TRAININGS: dict[str, dict[str, Any]] = {
    "adam, steps": {
        "optimizer": {"name": "adam", "rate": 0.05},
        "schedule": {"name": "steps", "every": 5, "factor": 0.5},
    },
    "nadam, clip": {"optimizer": {"name": "nadam", "rate": 0.05}, "clip": {"name": "norm", "most": 0.1}},
    "momentum, single examples": {"optimizer": {"name": "momentum", "rate": 0.1}, "batch_size": 1},
    "in the order given": {"optimizer": {"name": "gradient_descent", "rate": 0.5}, "shuffle": False},
    **{
        f"{name} of {what}": {
            "optimizer": {"name": "rprop", "rate": 0.1},
            "batch_size": "full",
            "stop": {"name": name, **measured, **options},
        }
        for name, options in {**STOP, "target": {"target": 0.1}}.items()
        for what, measured in MEASURED.items()
    },
}


def of(training: dict[str, Any], unroll: str, *, normalized: bool) -> Spec:
    batch = [{**LAYERS[0], "normalization": "batch_norm", "bias": False}, *LAYERS[1:]]
    return Spec.model_validate(
        {
            "name": "net",
            "inputs": ["x1", "x2", "x3"],
            "layers": batch if normalized else LAYERS,
            "loss": {"name": "binary_cross_entropy", "outputs": "sum"},
            "training": {"batch_size": 4, "epochs": EPOCHS, **training},
            "targets": [{"name": "python", "unroll": unroll}, "numpy"],
        }
    )


FORMS = [
    (*page, normalized) for page in PAGES for normalized in (False, True) if not normalized or page[1] != "weights"
]
CASES = [
    (*form, name)
    for i, form in enumerate(FORMS)
    for j, name in enumerate(TRAININGS)
    if (i + j + j // len(MEASURED)) % 2
]
"""Half of the forms of page for each training, in turn: each form has all rules, and all that these measure."""


@pytest.mark.parametrize(("target", "unroll", "normalized", "name"), CASES)
def test_a_training_that_was_interrupted_ends_with_the_same_bits(
    target: str, unroll: str, normalized: bool, name: str
) -> None:
    spec = of(TRAININGS[name], unroll, normalized=normalized)
    module, network = as_module("net", render(plan(spec), spec, target)), Network(spec)
    x, y = examples(network, 18)
    data = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    met: list[Any] = []
    params, history = module.fit(module.init(), *data, callback=lambda *given: met.append(given))
    expected, losses = network.fit(network.init(), x, y)
    np.testing.assert_allclose(history, losses, rtol=1e-9)
    np.testing.assert_allclose(module.pack(params), network.pack(expected), rtol=1e-9)
    assert len(met) == len(history)
    for epoch, _, after, progress in met:
        continued, rest = module.fit(after, *data, progress=progress)
        assert module.pack(continued) == module.pack(params)
        assert rest == history[epoch + 1 :]


def test_more_epochs_than_the_stop_rule_allows_change_nothing() -> None:
    spec = of({**TRAININGS["patience of a share"], "epochs": 60}, "weights", normalized=False)
    module = as_module("net", render(plan(spec), spec, "python"))
    x, y = (values.tolist() for values in examples(Network(spec), 18))
    met: list[Any] = []
    params, history = module.fit(module.init(), x, y, callback=lambda *given: met.append(given))
    assert len(history) < 60
    _, _, last, progress = met[-1]
    assert module.fit(last, x, y, epochs=99, progress=progress) == (params, [])
