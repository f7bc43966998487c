"""PyTorch as the judge of optimizers, schedules and clipping, over 20 steps."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.combinations import NORMALIZED
from tests.support.trainings import CLIP, OPTIMIZER, SCHEDULE, of

pytestmark = pytest.mark.oracle

STEPS = 20
HAS_NONE = {
    "perceptron",
    "adagrad_inside",
    "rmsprop_inside",
    "rmsprop_inside_momentum",
    "rmsprop_inside_centered",
    "adam_early",
    "amsgrad_early",
    "adamax",
    "rprop_plus",
    "rprop_minus",
    "lion",
}
"""PyTorch has no such optimizer."""


def optimizer(name: str, o: Mapping[str, float], params: Any) -> Any:
    from torch import optim

    betas = (o.get("beta1", 0.9), o.get("beta2", 0.999))

    def graves(*, centered: bool) -> Any:
        return optim.RMSprop(
            params, o["rate"], alpha=o["keep"], eps=o["epsilon"], momentum=o["momentum"], centered=centered
        )

    made: dict[str, Callable[[], Any]] = {
        "gradient_descent": lambda: optim.SGD(params, lr=o["rate"]),
        "momentum": lambda: optim.SGD(params, lr=o["rate"], momentum=o["momentum"]),
        "dampened_momentum": lambda: optim.SGD(params, lr=o["rate"], momentum=o["momentum"], dampening=o["dampening"]),
        "adadelta": lambda: optim.Adadelta(params, lr=o["rate"], rho=o["keep"]),
        "rmsprop_momentum": lambda: graves(centered=False),
        "rmsprop_centered": lambda: graves(centered=True),
        "amsgrad": lambda: optim.Adam(params, lr=o["rate"], betas=betas, amsgrad=True),
        "adamax_inside": lambda: optim.Adamax(params, lr=o["rate"], betas=betas, eps=o["epsilon"]),
        "nesterov": lambda: optim.SGD(params, lr=o["rate"], momentum=o["momentum"], nesterov=True),
        "adagrad": lambda: optim.Adagrad(params, lr=o["rate"], eps=1e-10),
        "rmsprop": lambda: optim.RMSprop(params, lr=o["rate"], alpha=o["keep"], eps=o["epsilon"]),
        "adam": lambda: optim.Adam(params, lr=o["rate"], betas=betas, eps=1e-8),
        "adamw": lambda: optim.AdamW(params, lr=o["rate"], betas=betas, eps=1e-8, weight_decay=o["decay"]),
        "nadam": lambda: optim.NAdam(params, lr=o["rate"], betas=betas, eps=1e-8, momentum_decay=0.004),
        "rprop": lambda: optim.Rprop(params, lr=o["rate"], etas=(0.5, 1.2), step_sizes=(o["least"], o["most"])),
    }
    return made[name]()


def scheduler(name: str, o: Mapping[str, float], given: Any) -> Any:
    from torch.optim import lr_scheduler

    made: dict[str, Callable[[], Any]] = {
        "constant": lambda: lr_scheduler.ConstantLR(given, factor=1.0),
        "steps": lambda: lr_scheduler.StepLR(given, int(o["every"]), o["factor"]),
        "exponential": lambda: lr_scheduler.ExponentialLR(given, o["factor"]),
        "inverse_time": lambda: lr_scheduler.LambdaLR(given, lambda k: 1.0 / (1.0 + o["decay"] * k)),
        "cosine": lambda: lr_scheduler.CosineAnnealingLR(given, int(o["steps"]), o["final"]),
        "warm_up": lambda: lr_scheduler.LinearLR(given, 1.0 / o["steps"], total_iters=int(o["steps"]) - 1),
    }
    return made[name]()


def cases() -> list[Any]:
    one = [{"optimizer": name} for name in OPTIMIZER]
    # classical momentum and PyTorch's part where the rate changes, so that schedules are tried with two others
    two = [{"optimizer": base, "schedule": name} for base in ("gradient_descent", "adam") for name in SCHEDULE]
    three = [{"optimizer": base, "clip": name} for base in ("gradient_descent", "momentum") for name in CLIP]
    chosen = [case for case in (*one, *two, *three) if case["optimizer"] not in HAS_NONE]
    return [pytest.param(case, id="-".join(case.values())) for case in chosen]


@pytest.fixture(autouse=True)
def _wide() -> Iterator[None]:
    """In PyTorch, what NAdam counts has the width of the default type."""
    import torch

    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("case", cases())
def test_steps_are_those_of_pytorch(case: Mapping[str, str]) -> None:
    import torch
    from torch.nn.utils import clip_grad_norm_, clip_grad_value_

    options = {"optimizer": OPTIMIZER, "schedule": SCHEDULE, "clip": CLIP}
    spec = of({kind: {"name": name, **options[kind][name]} for kind, name in case.items()})
    network, module = Network(spec), as_module("net", render(plan(spec), spec, "numpy"))
    trainable = [block.trainable for block in plan(spec).blocks]
    params, expected = module.init(), network.init()
    state, memory = module.init_state(params), network.init_state(expected)
    tensors = [torch.tensor(w, requires_grad=True) for w in network.init()]
    judge = optimizer(
        case["optimizer"], OPTIMIZER[case["optimizer"]], [t for t, on in zip(tensors, trainable, strict=True) if on]
    )
    schedule = scheduler(case.get("schedule", "constant"), SCHEDULE.get(case.get("schedule", ""), {}), judge)
    random = np.random.default_rng(3)
    for step in range(STEPS):
        if case.get("schedule") == "cosine" and step > SCHEDULE["cosine"]["steps"]:
            break  # PyTorch's cosine goes up again
        gradient = [random.normal(size=w.shape) * on for w, on in zip(expected, trainable, strict=True)]
        for tensor, g in zip(tensors, gradient, strict=True):
            tensor.grad = torch.tensor(g)
        if case.get("clip") == "value":
            clip_grad_value_(tensors, CLIP["value"]["most"])
        elif case.get("clip") == "norm":
            clip_grad_norm_(tensors, CLIP["norm"]["most"])
        judge.step()
        schedule.step()
        params, state = module.step(params, gradient, state)
        expected, memory = network.step(expected, gradient, memory)
        judged = [value for tensor in tensors for value in tensor.detach().numpy().ravel()]
        np.testing.assert_allclose(network.pack(expected), judged, rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(module.pack(params), judged, rtol=1e-10, atol=1e-13)


def test_a_monotone_training_is_that_of_pytorch_with_clamped_weights() -> None:
    """Forward, backward, Adam, and after each step the signs of the weights from the first and the last input."""
    import torch

    spec = next(one for one in NORMALIZED if one.name == "signs")
    adam = spec.training.model_validate({"optimizer": {"name": "adam", "rate": 0.2}, "batch_size": "full"})
    spec = spec.model_copy(update={"training": adam})
    random = np.random.default_rng(4)
    x, y = random.normal(size=(20, 3)), random.integers(0, 2, (20, 1)).astype(float)
    module = as_module("net", render(plan(spec), spec, "numpy"))
    params, history = module.fit(module.init(), x, y, epochs=STEPS)
    tensors = [torch.tensor(w, requires_grad=True) for w in Network(spec).init()]
    h, b_h, g_h, g_x, b_g, o, b_o = tensors
    judge, losses = torch.optim.Adam(tensors, lr=0.2), []
    for _ in range(STEPS):
        given = torch.tensor(x)
        hidden = torch.tanh(given @ h.T + b_h)
        above = torch.relu(hidden @ g_h.T + given @ g_x.T + b_g)
        loss = torch.nn.functional.binary_cross_entropy(torch.sigmoid(above @ o.T + b_o), torch.tensor(y))
        judge.zero_grad()
        loss.backward()
        judge.step()
        losses.append(loss.item())
        with torch.no_grad():
            for w in (h, g_x):
                w[:, 0].clamp_(min=0.0)
                w[:, 2].clamp_(max=0.0)
            for w in (g_h, o):
                w.clamp_(min=0.0)
    assert 0.0 in module.pack(params)  # a step has stopped a weight
    np.testing.assert_allclose(history, losses, rtol=1e-9)
    np.testing.assert_allclose(module.pack(params), [w.item() for one in tensors for w in one.ravel()], rtol=1e-9)
