"""Optimizers, schedules and clipping: every form of page against the reference, and the papers by hand."""

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
import pytest

from nngen.common.languages import Language
from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue import CLIPS, OPTIMIZERS, SCHEDULES
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.cases import PAGES
from tests.support.trainings import CLIP, OPTIMIZER, SCHEDULE, of, trainings

STEPS = 14
"""More than any schedule here takes to end."""


def test_every_entry_is_tried() -> None:
    assert (set(OPTIMIZER), set(SCHEDULE), set(CLIP)) == (set(OPTIMIZERS), set(SCHEDULES), set(CLIPS))


def test_each_is_written_in_every_language() -> None:
    """Java has a constructor for the state of some."""
    for name in OPTIMIZER:
        spec = of({"optimizer": {"name": name, **OPTIMIZER[name]}})
        planned = plan(spec)
        for target in get_args(Language):
            assert "forward" in render(planned, spec, target).lower(), (name, target)


@pytest.mark.parametrize("training", trainings())
def test_steps_are_those_of_the_reference(training: Mapping[str, Any]) -> None:
    network, random = Network(of(training)), np.random.default_rng(1)
    expected = network.init()
    memory = network.init_state(expected)
    xs, ys = random.normal(size=(STEPS, 1, 3)), random.integers(2, size=(STEPS, 1, 2)).astype(float)
    path = []
    for x, y in zip(xs, ys, strict=True):
        expected, memory = network.step(expected, network.gradient(expected, x, y)[1], memory)
        path.append(network.pack(expected))
    for target, unroll in PAGES:
        spec = of(training, unroll)
        module = as_module("net", render(plan(spec), spec, target))
        params = module.init()
        state, begun = module.init_state(params), module.pack(params)
        for x, y, after in zip(xs, ys, path, strict=True):
            one = (x, y) if target == "numpy" else (x[0].tolist(), y[0].tolist())
            before = module.pack(params)
            _, gradient = module.gradient(params, *one)
            changed, state = module.step(params, gradient, state)
            assert module.pack(params) == before, "a step leaves what it was given as it was"
            params = changed
            np.testing.assert_allclose(
                module.pack(params), after, rtol=1e-12, atol=1e-14, err_msg=f"{target}, {unroll}"
            )
        frozen = [i for block in plan(spec).frozen for i in range(block.start, block.stop)]
        assert frozen
        assert [module.pack(params)[i] for i in frozen] == [begun[i] for i in frozen]
        assert module.pack(params) != begun


@pytest.mark.parametrize("training", [*trainings()[: len(OPTIMIZER)], *trainings()[len(OPTIMIZER) :: 3]])
def test_float32_stays_float32(training: Mapping[str, Any]) -> None:
    spec = of(training, dtype="float32")
    module = as_module("net", render(plan(spec), spec, "numpy"))
    params = module.init()
    state = module.init_state(params)
    for _ in range(2):
        params, state = module.step(params, [np.ones_like(p) for p in params], state)
    assert {p.dtype for p in params} == {np.dtype(np.float32)}
    assert all(p.dtype == np.float32 for part in state if isinstance(part, list) for p in part)


def steps(optimizer: Mapping[str, Any], gradients: list[float], **training: Any) -> list[float]:
    """The path of a single weight that begins at 1, with given gradients."""
    spec = Spec.model_validate(
        {
            "name": "net",
            "inputs": ["x1"],
            "layers": [{"name": "o", "units": ["y"], "activation": "linear", "bias": False}],
            "loss": {"name": "squared_error", "outputs": "sum"},
            "training": {"optimizer": optimizer, **training},
        }
    )
    module = as_module("net", render(plan(spec), spec, "python"))
    params, found = [1.0], []
    state = module.init_state(params)
    for g in gradients:
        params, state = module.step(params, [g], state)
        found.append(params[0])
    return found


@pytest.mark.parametrize(
    ("optimizer", "gradients", "expected"),
    [
        ({"name": "momentum", "rate": 0.1, "momentum": 0.5}, [1.0, 1.0, 0.0], [0.9, 0.75, 0.675]),
        ({"name": "nesterov", "rate": 0.1, "momentum": 0.5}, [1.0, 0.0], [0.85, 0.825]),
        ({"name": "adagrad", "rate": 0.1, "epsilon": 1e-30}, [3.0, 4.0], [0.9, 0.82]),
        ({"name": "rmsprop", "rate": 0.1, "keep": 0.75, "epsilon": 1e-30}, [2.0, 0.0], [0.8, 0.8]),
        ({"name": "rmsprop_inside", "rate": 0.1, "keep": 0.75, "epsilon": 3.0}, [2.0], [0.9]),
        ({"name": "adam", "rate": 0.1, "epsilon": 1e-30}, [5.0, 5.0], [0.9, 0.8]),
        ({"name": "adamw", "rate": 0.1, "decay": 0.5, "epsilon": 1e-30}, [5.0], [0.85]),
        ({"name": "rprop", "rate": 0.1}, [1.0, 1.0, -1.0, -1.0, -1.0], [0.9, 0.78, 0.78, 0.84, 0.912]),
        (
            {"name": "rprop", "rate": 0.1, "least": 0.08, "most": 0.11},
            [1.0, 1.0, 1.0, -1.0, -1.0],
            [0.9, 0.79, 0.68, 0.68, 0.76],
        ),
        ({"name": "rprop_plus", "rate": 0.1}, [1.0, 1.0, -1.0, -1.0, -1.0], [0.9, 0.78, 0.9, 0.96, 1.032]),
        ({"name": "rprop_minus", "rate": 0.1}, [1.0, 1.0, -1.0, -1.0], [0.9, 0.78, 0.84, 0.912]),
        (
            {"name": "adam_early", "rate": 0.1, "epsilon": 1.0},
            [5.0],
            [1.0 - 0.1 * 0.5 * 0.001**0.5 / 0.1 / (1.0 + 5.0 * 0.001**0.5)],
        ),
        (
            {"name": "adadelta", "rate": 0.5, "keep": 0.75, "epsilon": 4.0},
            [4.0],
            [1.0 - 0.5 * 4.0 * (4.0 / 8.0) ** 0.5],
        ),
        # m is 0.07 after the first step, so that the sign of 0.9 * 0.07 - 0.1 decides the second
        ({"name": "lion", "rate": 0.1, "decay": 0.5}, [7.0, -1.0], [0.85, 0.85 - 0.1 * (-1.0 + 0.5 * 0.85)]),
    ],
)
def test_by_hand(optimizer: Mapping[str, Any], gradients: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(steps(optimizer, gradients), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ({"name": "steps", "factor": 0.5, "every": 2}, [0.1, 0.1, 0.05, 0.05, 0.025]),
        ({"name": "exponential", "factor": 0.5}, [0.1, 0.05, 0.025]),
        ({"name": "inverse_time", "decay": 1.0}, [0.1, 0.05, 0.1 / 3.0]),
        ({"name": "cosine", "steps": 2, "final": 0.02}, [0.1, 0.06, 0.02, 0.02]),
        ({"name": "warm_up", "steps": 4}, [0.025, 0.05, 0.075, 0.1, 0.1]),
    ],
)
def test_schedules_by_hand(schedule: Mapping[str, Any], rates: list[float]) -> None:
    found = steps({"name": "gradient_descent", "rate": 0.1}, [1.0] * len(rates), schedule=schedule)
    np.testing.assert_allclose(-np.diff([1.0, *found]), rates, rtol=1e-12)


def test_clipping_by_hand() -> None:
    descent = {"name": "gradient_descent", "rate": 1.0}
    assert steps(descent, [5.0, -0.25], clip={"name": "value", "most": 0.5}) == [0.5, 0.75]
    np.testing.assert_allclose(steps(descent, [4.0], clip={"name": "norm", "most": 0.5}), [0.5], rtol=1e-6)
    assert steps(descent, [0.25], clip={"name": "norm", "most": 0.5}) == [0.75]
