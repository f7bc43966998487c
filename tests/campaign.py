"""One spec, in every form of page, against the reference: how far they disagree, in units of the last place (ULP).

Vectors are compared as wholes: the distance is the largest of any two elements, and the unit the spacing of floats at
the largest element. That alone would blame a module for a network that makes rounding large, as a normalization of two
almost equal numbers does. So the unit is at least what the reference itself moves by where each parameter and input,
and each sum and output of a layer is changed by one unit of its last place, up or down at random: what no program in
these floats can decide. Where an example lies that close to a kink, this unit is large, and the comparison says
nothing; inputs and parameters are random numbers, so that it hardly ever does.
"""

import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nngen.planner import plan
from nngen.reference import Network
from nngen.reference.layers import Trace, ahead
from nngen.render import render
from nngen.spec import NumpyTarget, PythonTarget, Spec
from nngen.structure import Layer
from nngen.train import as_module
from tests.modules import targets

Array = NDArray[np.float64]

BATCH = 4
STEPS = 4
EPOCHS = 2
LINEAR = {"gradient_descent", "momentum", "nesterov", "perceptron"}
"""The optimizers by which ``fit`` is compared. Others divide a derivative by its size, or take its sign: of one that is
0 but for rounding they make a step of full length, to any side."""
EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23}


@dataclass(frozen=True)
class Found:
    """A disagreement: of what, on which page, in ULP."""

    what: str
    page: str
    ulp: float
    raw: float
    """The same without regard to how the reference itself moves."""

    @property
    def width(self) -> str:
        """That of the page's floats."""
        return "float32" if "float32" in self.page else "float64"


class DisagreementError(AssertionError):
    """A module that is not what the reference says."""


@dataclass(frozen=True)
class Case:
    """A network, parameters that lie near its initial ones, and examples that its loss takes."""

    network: Network
    flat: Array
    x: Array
    y: Array
    weights: Array | None

    @classmethod
    def of(cls, spec: Spec) -> "Case":
        """Always the same for the same spec. Numbers are random, so that none lies on a kink but by a spec's doing."""
        network, random = Network(spec), np.random.default_rng(1)
        initial = np.array(network.pack(network.init()))
        flat = initial + random.normal(scale=0.1, size=len(initial))
        x = random.uniform(-1.0, 1.0, size=(BATCH, len(spec.input_names)))
        weights = random.uniform(0.5, 2.0, size=BATCH) if spec.loss.example_weights else None
        y = targets(spec, BATCH, random)
        if spec.loss.class_weights is not None and y.shape[1] > 1:  # an example of no class would count nothing
            y[(y <= 0.0).all(axis=1), 0] = 1.0
        return cls(network, np.where(_variances(network), np.abs(flat), flat), x, y, weights)


def nudged(case: Case, seeds: ArrayLike, epsilon: float, seed: int) -> "Results":
    """What the reference says where everything is changed by one unit of its last place, up or down.

    Whole numbers stay as they are: they are the ends of activations, which are met exactly, such as the 0 of relu.
    """
    random = np.random.default_rng(seed)

    def nudge(values: Array) -> Array:
        signs = random.choice([-1.0, 1.0], size=values.shape)
        return np.where(values == np.round(values), values, values * (1.0 + epsilon * signs))

    def moved(spec: Spec, layer: Layer, z: Array, own: list[Array], keep: Array, *, training: bool) -> Trace:
        trace = ahead(spec, layer, nudge(z), own, keep, training=training)
        given = nudge(trace.given)
        after = layer.normalization is not None and layer.normalization.of == "activations"
        outputs = nudge(trace.outputs) if after else given * keep
        return trace._replace(given=given, outputs=outputs)

    other = Case(case.network, nudge(case.flat), nudge(case.x), case.y, case.weights)
    with mock.patch("nngen.reference.engine.ahead", moved):
        return expected(other, seeds)


def _variances(network: Network) -> NDArray[np.bool_]:
    """Which parameters are running variances, which are never negative."""
    params = network.unpack(np.zeros(sum(map(np.size, network.init()))).tolist())
    place = 0
    for layer in network.spec.layers:
        place += len(layer.sources or (None,)) + (layer.bias is not None)
        if layer.normalization is not None:
            place += {"layer_norm": 2, "rms_norm": 1, "batch_norm": 4}[layer.normalization.name]
            if layer.normalization.name == "batch_norm":
                params[place - 1] += 1.0
    return np.asarray(np.array(network.pack(params)) == 1.0)


Results = Mapping[str, Array]


def expected(case: Case, seeds: ArrayLike) -> Results:
    """What the reference says: of the batch, and of the first example alone."""
    network, params = case.network, case.network.unpack(case.flat.tolist())
    found: dict[str, ArrayLike] = {"forward": network.forward(params, case.x)}
    for name, rows in (("batch", slice(None)), ("one", slice(1))):
        weights = None if case.weights is None else case.weights[rows]
        x, y = case.x[rows], case.y[rows]
        loss, gradient = network.gradient(params, x, y, weights)
        found |= {f"loss, {name}": loss, f"gradient, {name}": network.pack(gradient)}
        chosen = np.asarray(seeds)[rows]
        loss, gradient, after = network.batch_gradient(params, x, y, chosen, weights, training=name == "batch")
        found |= {f"training loss, {name}": loss, f"training gradient, {name}": network.pack(gradient)}
        found |= {f"after, {name}": network.pack(after)}
    if network.spec.training.optimizer.name in LINEAR:
        trained, history = network.fit(params, case.x, case.y, EPOCHS, weights=case.weights)
        found |= {"fit": network.pack(trained), "history": history}
    return {name: np.asarray(values, np.float64) for name, values in found.items()}


def _has(function: Callable[..., object], **arguments: Any) -> dict[str, Any]:
    """Those arguments that a function of a module takes."""
    return {name: value for name, value in arguments.items() if name in inspect.signature(function).parameters}


def computed(module: Any, target: str, case: Case, seeds: NDArray[np.int_]) -> Results:
    """The same by a module, as far as its form of page has it."""
    params = module.unpack(case.flat.tolist())
    found: dict[str, ArrayLike] = {}
    x: Any = case.x if target == "numpy" else case.x.tolist()
    y: Any = case.y if target == "numpy" else case.y.tolist()
    weights: Any = case.weights if target == "numpy" or case.weights is None else case.weights.tolist()
    chosen: Any = seeds if target == "numpy" else seeds.tolist()
    batched = {"weights": weights, "seeds": chosen}
    if target == "numpy":
        found["forward"] = module.forward(params, x)
        size, alone = "batch", _has(module.gradient, weights=weights)
        pair, dropped = (x, y), _has(module.gradient, **batched)
    else:
        found["forward"] = [module.forward(params, row) for row in x]
        own = {} if weights is None else {"weight": weights[0]}
        size, alone = "one", _has(module.gradient, **own)
        pair, dropped = (x[0], y[0]), _has(module.gradient, **own, seed=chosen[0])
    loss, gradient = module.gradient(params, *pair, **alone)
    if loss != module.loss(params, *pair, **alone) and loss == loss:
        raise DisagreementError(f"gradient has the loss {loss}, loss {module.loss(params, *pair, **alone)}")
    found |= {f"loss, {size}": loss, f"gradient, {size}": module.pack(gradient)}
    if hasattr(module, "batch_gradient"):
        loss, gradient, after = module.batch_gradient(params, x, y, **_has(module.batch_gradient, **batched))
        found |= {"training loss, batch": loss, "training gradient, batch": module.pack(gradient)}
        found |= {"after, batch": module.pack(after)}
    elif len(dropped) > len(alone):
        loss, gradient = module.gradient(params, *pair, **dropped)
        found |= {f"training loss, {size}": loss, f"training gradient, {size}": module.pack(gradient)}
    if case.network.spec.training.optimizer.name in LINEAR:
        trained, history = module.fit(params, x, y, EPOCHS, **_has(module.fit, weights=weights))
        found |= {"fit": module.pack(trained), "history": history}
    return {name: np.asarray(values, np.float64) for name, values in found.items()}


def _size(*vectors: Array) -> float:
    return max((float(np.max(np.abs(vector), initial=0.0)) for vector in vectors), default=0.0)


def spread(moved: Sequence[Results], still: Results, what: str) -> float:
    """How far the reference moves by rounding."""
    return max(_size(one[what] - still[what]) if one[what].shape == still[what].shape else np.inf for one in moved)


def distance(found: Array, wanted: Array, noise: float, width: str = "float64") -> tuple[float, float]:
    """How far two results lie apart, in ULP: by the unit that the noise allows, and by that of the numbers alone."""
    if found.shape != wanted.shape:
        raise DisagreementError(f"expected the shape {wanted.shape}, got {found.shape}")
    if not np.isfinite(wanted).all():
        return 0.0, 0.0  # what overflows, overflows at another place in another order
    apart = _size(found - wanted)
    if not np.isfinite(apart):
        return np.inf, np.inf
    least = FLOOR[width] if wanted.ndim else 1.0
    unit = float(EPSILON[width] * 2.0 ** np.floor(np.log2(max(_size(wanted), least))))
    return apart / max(unit, noise), apart / unit


FLOOR = {"float64": 2.0**-10, "float32": 1.0}
"""Vectors of smaller numbers are compared as if they were of this size, and a loss below 1 as if it were 1: they may be
what is left of larger numbers that cancel, as in the derivative by a bias whose mean is taken away again."""


def pages(spec: Spec) -> Iterator[tuple[str, str, str, Any]]:
    """Each form of page: its name, target, the width of its floats, and the module."""
    joint = any(layer.normalization and layer.normalization.name == "batch_norm" for layer in spec.layers)
    for target, options in (
        ("python", {"unroll": "weights"}),
        ("python", {"unroll": "layers"}),
        ("numpy", {"dtype": "float64"}),
        ("numpy", {"dtype": "float32"}),
    ):
        if joint and options == {"unroll": "weights"}:
            continue  # an equation for each weight takes a single example
        chosen = spec.model_copy(update={"targets": (_target(target, **options),)})
        module = as_module("net", render(plan(chosen), chosen, target))
        yield f"{target}, {next(iter(options.values()))}", target, options.get("dtype", "float64"), module


def _target(name: str, **options: str) -> PythonTarget | NumpyTarget:
    model: type[PythonTarget | NumpyTarget] = PythonTarget if name == "python" else NumpyTarget
    return model.model_validate({"name": name, **options})


def examine(spec: Spec) -> Iterator[Found]:
    """Every disagreement of a spec's modules with the reference.

    Raises:
        DisagreementError: what has to be the same bits is not.
    """
    case, seeds = Case.of(spec), np.arange(BATCH) + 5
    with np.errstate(all="ignore"):
        wanted = expected(case, seeds)
        noise = {
            width: [nudged(case, seeds, epsilon, seed) for seed in (2, 3, 4)] for width, epsilon in EPSILON.items()
        }
        for page, target, width, module in pages(spec):
            found = computed(module, target, case, seeds)
            for what, values in found.items():
                moved = spread(noise[width], wanted, what)
                yield Found(what, page, *distance(values, wanted[what], moved, width))
            yield from _steps(case, page, width, module)
            same_bits(case, page, width, module)


def _steps(case: Case, page: str, width: str, module: Any) -> Iterator[Found]:
    """Steps by the optimizer. Both sides take the gradient of the reference: where a rule looks at a derivative's sign
    alone, or divides by its size, rounding would be all that is left of one that is nearly 0."""
    network, moving = case.network, case.network.unpack(case.flat.tolist())
    params = module.unpack(case.flat.tolist())
    state, memory = module.init_state(params), network.init_state(moving)
    for step in range(STEPS):
        chosen = np.roll(np.arange(BATCH), step)[:2]
        weights = None if case.weights is None else case.weights[chosen]
        gradient = network.gradient(moving, case.x[chosen], case.y[chosen], weights)[1]
        if width == "float32":  # which both have to see alike
            gradient = [np.asarray(np.float32(g), np.float64) for g in gradient]
        params, state = module.step(params, module.unpack(network.pack(gradient)), state)
        moving, memory = network.step(moving, gradient, memory)
        wanted = np.array(network.pack(moving))
        yield Found("step", page, *distance(np.array(module.pack(params)), wanted, 0.0, width))


def same_bits(case: Case, page: str, width: str, module: Any) -> None:
    """Initial values, ``pack`` and ``unpack``, ``save`` and ``load``, which know no rounding but to 32 bits."""
    narrow = (lambda v: np.float32(v).astype(np.float64)) if width == "float32" else np.asarray
    flat = narrow(case.flat).tolist()
    params = module.unpack(flat)
    if module.pack(params) != flat:
        raise DisagreementError(f"{page}: pack(unpack(flat)) is not flat")
    for seed in (None, 11):
        initial = narrow(np.array(case.network.pack(case.network.init(seed)))).tolist()
        if module.pack(module.init(*([] if seed is None else [seed]))) != initial:
            raise DisagreementError(f"{page}: init({seed}) is not that of the reference")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "params.json"
        module.save(params, str(file))
        written = json.loads(file.read_text(encoding="utf-8"))
        if written != {"layout": module.LAYOUT, "parameters": flat} or module.pack(module.load(str(file))) != flat:
            raise DisagreementError(f"{page}: what save writes, load does not read")


BOUND = {"float64": 256.0, "float32": 2048.0}
"""ULP. What was seen is below a third of it (docs/proof.md); a wrong formula gives 10^10 and more in 64 bits."""


def judge(spec: Spec) -> list[Found]:
    """Every disagreement of a spec's modules with the reference.

    Raises:
        DisagreementError: one is above the bound, or what has to be the same bits is not.
    """
    return judged(list(examine(spec)))


def judged(found: list[Found]) -> list[Found]:
    """What was found, if all of it is within the bound."""
    for one in found:
        if not one.ulp <= BOUND[one.width]:
            raise DisagreementError(f"{one.page}: {one.what} differs by {one.ulp:.0f} ULP")
    return found
