"""The reference of one spec against PyTorch in float64, in the units of the campaign."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue import KINDS
from nngen.proof.reference.normalization import keep
from tests.oracle.engine import Engine, tensor
from tests.support.campaign import BATCH, Case, gradients, unit_of
from tests.support.rounding import Found, judged

STEPPED = {"gradient_descent", "adam"}
"""The optimizers that the engine has; ``test_optimizers`` compares the others with PyTorch's."""


def examine(spec: Spec) -> Iterator[Found]:
    """Every disagreement of the reference with PyTorch; nothing where a convention of one of them decides.

    Layers that join others are compared in ``test_kinds_frameworks``.
    """
    case, seeds = Case.of(spec), np.arange(BATCH) + 5
    if not all(KINDS[layer.kind].dense for layer in spec.layers) or _in_single(spec) or _at_a_kink(case):
        return
    with np.errstate(all="ignore"):
        unit = unit_of(case, seeds, "float64")
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
        training = spec.training
        if training.optimizer.name in STEPPED and training.schedule.name == "constant" and training.clip is None:
            found["steps"] = _steps(case)
        for what, values in found.items():
            yield unit.apart("PyTorch", what, np.asarray(values, np.float64))


def _steps(case: Case) -> NDArray[np.float64]:
    """The parameters after each step by the optimizer, by the gradients of the reference."""
    network, engine = case.network, Engine(case.network.spec, case.flat.tolist())
    found = []
    for flat in gradients(case):
        gradient = network.unpack(flat.tolist())
        for leaf, slope in zip(engine.leaves, gradient, strict=True):
            leaf.grad = tensor(slope) if leaf.requires_grad else None
        found.append(engine.step())
    return np.array(found)


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
