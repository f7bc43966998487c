"""The reference of one spec against PyTorch in float64, in the units of the campaign."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from nngen.reference.normalization import keep
from nngen.spec import Spec
from tests.campaign import BATCH, STEPS, Case, Found, distance, expected, judged, nudged, spread
from tests.oracle.engine import Engine, tensor

STEPPED = {"gradient_descent", "adam"}
"""The optimizers that the engine has; ``test_optimizers`` compares the others with PyTorch's."""


def examine(spec: Spec) -> Iterator[Found]:
    """Every disagreement of the reference with PyTorch; nothing where a convention of one of them decides."""
    case, seeds = Case.of(spec), np.arange(BATCH) + 5
    if _in_single(spec) or _at_a_kink(case):
        return
    with np.errstate(all="ignore"):
        wanted = expected(case, seeds)
        moved = [nudged(case, seeds, 2.0**-52, seed) for seed in (2, 3, 4)]
    first, masks = 0, []
    for layer in spec.layers:
        if layer.dropout is not None:
            masks.append(tensor(keep(layer.dropout, seeds, first, len(layer.unit_names))))
            first += len(layer.unit_names)
    engine = Engine(spec, case.flat.tolist())
    found: dict[str, ArrayLike] = {"forward": engine.forward(case.x)}
    found["loss, batch"], found["gradient, batch"] = engine.gradient(case.x, case.y, None, case.weights)
    found["training loss, batch"], found["training gradient, batch"] = engine.gradient(
        case.x, case.y, iter(masks), case.weights
    )
    for what, values in found.items():
        noise = spread(moved, wanted, what)
        yield Found(what, "PyTorch", *distance(np.asarray(values), wanted[what], noise))
    if spec.training.optimizer.name in STEPPED and spec.training.schedule.name == "constant":
        yield from _steps(case)


def _steps(case: Case) -> Iterator[Found]:
    """Steps by the optimizer, both by the gradient of the reference."""
    network, engine = case.network, Engine(case.network.spec, case.flat.tolist())
    moving = network.unpack(case.flat.tolist())
    memory = network.init_state(moving)
    if network.spec.training.clip is not None:
        return
    for _ in range(STEPS):
        gradient = network.gradient(moving, case.x, case.y, case.weights)[1]
        for leaf, slope in zip(engine.leaves, gradient, strict=True):
            leaf.grad = tensor(slope) if leaf.requires_grad else None
        moving, memory = network.step(moving, gradient, memory)
        wanted = np.array(network.pack(moving))
        yield Found("step", "PyTorch", *distance(np.array(engine.step()), wanted, 0.0))


def _in_single(spec: Spec) -> bool:
    """Whether PyTorch computes in 32 bits after all: the gradient of its ``celu`` rounds ``alpha`` to them."""
    alphas = [layer.activation.options["alpha"] for layer in spec.layers if layer.activation.name == "celu"]
    return any(float(np.float32(alpha)) != alpha for alpha in alphas)


def _at_a_kink(case: Case) -> bool:
    """Whether a sum is exactly 0 or another end of a formula's pieces, where PyTorch may take the slope of another
    side; or an output so near to 0 or 1 that it is the bound of a logarithm that counts, which is each one's own."""
    spec, params = case.network.spec, case.network.unpack(case.flat.tolist())
    with np.errstate(all="ignore"):
        for training in (False, True):
            _, traces, _ = case.network._run(params, case.x, np.arange(BATCH) + 5, training=training)
            if any((trace.taken == np.round(trace.taken)).any() for trace in traces.values()):
                return True
            given = traces[spec.layers[-1].name].given
            if (given == np.round(given)).any() and (
                spec.loss.name in spec.losses or spec.loss.name == "categorical_hinge" or "clip" in spec.loss.options
            ):
                return True
            if "clip" in spec.loss.options and (np.minimum(given, 1.0 - given) < 1e-6).any():
                return True
    return False


def judge(spec: Spec) -> list[Found]:
    """Every disagreement.

    Raises:
        DisagreementError: one is above the bound.
    """
    return judged(list(examine(spec)))
