"""Compares every form of page of a spec with the reference, in units in the last place (ULP).

The distance of two vectors is that of their most different elements; the unit is the spacing of floats at the largest
element. Some networks magnify rounding, for example a normalization of two almost equal numbers, and no module is to
blame for that. So the unit is at least the change of the reference's result if each of its operations rounds at random
(``rounding``). Near a kink this unit is large and the comparison shows nothing; random inputs and parameters hardly
ever are near one.

Each spec is judged twice: with ordinary numbers, and with numbers from 1e-160 to 1e160, whose squares overflow. No page
may then raise an error, and a page is finite if the reference is (``Ends``).
"""

import inspect
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nngen.description.data import encoding
from nngen.description.model.spec import Spec
from nngen.description.model.targets import NumpyTarget, PythonTarget
from nngen.mathematics.catalogue import LOSSES, Loss
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.modules import targets
from tests.support.network import coupled
from tests.support.rounding import EPSILON, DisagreementError, Ends, Found, Results, Unit, judged, shaken, shaking, wide
from tests.support.scales import differs_from_table, scaled

Array = NDArray[np.float64]

BATCH = 4
DECADES = 160.0
"""Extreme numbers are ordinary numbers times up to 10 to this power, or to its negative."""
STEPS = 4
EPOCHS = 2
LINEAR = {"gradient_descent", "momentum", "nesterov", "perceptron"}
"""The optimizers for which ``fit`` is compared. Others divide a derivative by its size, or take its sign: rounding in a
derivative of 0 would become a full step."""


@dataclass(frozen=True)
class Case:
    """A network, parameters near its initial ones, and examples that its loss accepts."""

    network: Network
    flat: Array
    x: Array
    y: Array
    weights: Array | None
    extreme: bool = False

    @classmethod
    def of(cls, spec: Spec) -> "Case":
        """The same case for the same spec. The numbers are random, so that none is on a kink by chance."""
        network, random = Network(spec), np.random.default_rng(1)
        initial = np.array(network.pack(network.init()))
        flat = initial + random.normal(scale=0.1, size=len(initial))
        x = random.uniform(-1.0, 1.0, size=(BATCH, len(spec.input_names)))
        weights = random.uniform(0.5, 2.0, size=BATCH) if spec.loss.example_weights else None
        y = targets(spec, BATCH, random)
        if spec.indices:  # some rows are 0, and so are the slopes of what they are multiplied by
            x[:, : len(spec.indices)] = [[random.integers(one.count) for one in spec.indices] for _ in range(BATCH)]
            params = network.unpack(flat.tolist())
            for values, parameter in zip(params, network._parameters, strict=True):
                if parameter.ids:
                    values[random.random(len(values)) < 0.3] = 0.0
            flat = np.array(network.pack(params))
            if weights is not None and spec.loss.batch != "weighted_mean":
                weights[1] = 0.0
        if spec.loss.class_weights is not None and y.shape[1] > 1:  # an example of no class would count nothing
            y[(y <= 0.0).all(axis=1), 0] = 1.0
        return cls(network, np.where(_variances(network), np.abs(flat), flat), x, y, weights)

    def stretched(self) -> "Case":
        """The same case with extreme inputs, parameters and, if the loss accepts them, targets."""
        random, ids = drawing(self.network), len(self.network.spec.indices)
        free = self.network.spec.loss.name in FREE
        y = magnified(self.y, random, 17.0) if free and random.random() < 0.5 else self.y
        x = np.hstack([self.x[:, :ids], magnified(self.x[:, ids:], random)])
        return Case(self.network, magnified(self.flat, random), x, y, self.weights, extreme=True)


FREE = [loss.name for loss in LOSSES.values() if loss.targets == Loss.targets]
"""The losses whose targets may be any numbers below 1e18 in size."""


def drawing(network: Network) -> np.random.Generator:
    """A generator of random numbers with a seed from the spec."""
    return np.random.default_rng(zlib.crc32(network.spec.model_dump_json().encode()))


def magnified(values: Array, random: np.random.Generator, up: float = DECADES) -> Array:
    """Numbers times powers of ten: a different one for each, one for all, or for a single number."""
    decades = random.uniform(-DECADES, up, size=values.shape)
    way = random.integers(4)
    if way == 0 or not values.size:
        return values
    if way == 1:
        decades = decades.flat[:1]
    elif way == 2:
        decades = np.where(np.arange(values.size).reshape(values.shape) == random.integers(values.size), decades, 0.0)
    return np.asarray(values * 10.0**decades)


def _variances(network: Network) -> NDArray[np.bool_]:
    """Marks the running variances, which are never negative."""
    params = network.unpack(np.zeros(sum(map(np.size, network.init()))).tolist())
    place = 0
    for layer in network.spec.layers:
        place += len(layer.sources or (None,)) + (layer.bias is not None)
        if layer.normalization is not None:
            place += {"layer_norm": 2, "rms_norm": 1, "batch_norm": 4}[layer.normalization.name]
            if layer.normalization.name == "batch_norm":
                params[place - 1] += 1.0
    return np.asarray(np.array(network.pack(params)) == 1.0)


def _trained(network: Network) -> NDArray[np.bool_]:
    """Marks the parameters that a step changes: those that are not frozen."""
    count = len(network.pack(network.init()))
    still, ahead = network.unpack([0.0] * count), network.unpack([1.0] * count)
    moved, _ = network.step(still, ahead, network.init_state(still))
    return np.asarray(np.array(network.pack(moved)) != 0.0)


def _expected(
    case: Case, seeds: ArrayLike, params: list[Array], slopes: Sequence[Array]
) -> Iterator[dict[str, ArrayLike]]:
    """The results of the reference for the batch, for the first example alone, and for some steps with these slopes."""
    network = case.network
    yield {"forward": network.forward(params, case.x)}
    for name, rows in (("batch", slice(None)), ("one", slice(1))):
        weights = None if case.weights is None else case.weights[rows]
        x, y = case.x[rows], case.y[rows]
        loss, gradient = network.gradient(params, x, y, weights)
        yield {f"loss, {name}": loss, f"gradient, {name}": network.pack(gradient)}
        chosen = np.asarray(seeds)[rows]
        loss, gradient, after = network.batch_gradient(params, x, y, chosen, weights, training=name == "batch")
        yield {
            f"training loss, {name}": loss,
            f"training gradient, {name}": network.pack(gradient),
            f"after, {name}": network.pack(after),
        }
    if network.spec.training.optimizer.name in LINEAR:
        trained, history = network.fit(params, case.x, case.y, EPOCHS, weights=case.weights)
        yield {"fit": network.pack(trained), "history": history}
    if network.spec.training.optimizer.name in LINEAR and not coupled(network.spec):
        yield {"train_step": _expected_train_steps(case, seeds, params)}
    yield {"steps": _expected_steps(case, params, slopes)}


def expected(case: Case, seeds: ArrayLike, params: list[Array], slopes: Sequence[Array]) -> Results:
    """All results of the reference, by name."""
    parts = [part.items() for part in _expected(case, seeds, params, slopes)]
    return {name: np.array(values, np.float64) for part in parts for name, values in part}


def _overflowing(case: Case, seeds: ArrayLike, params: list[Array], slopes: Sequence[Array]) -> frozenset[str]:
    """The names of results for which the reference computes numbers that overflow."""
    found: set[str] = set()
    met: list[str] = []
    parts = _expected(case, seeds, params, slopes)
    with np.errstate(all="ignore", over="call", call=lambda what, flag: met.append(what)):
        for part in parts:
            if met or not all(np.isfinite(values).all() for values in part.values()):
                found |= part.keys()
            met.clear()
    return frozenset(found)


def _has(function: Callable[..., object], **arguments: Any) -> dict[str, Any]:
    """The arguments that a function of a module accepts."""
    return {name: value for name, value in arguments.items() if name in inspect.signature(function).parameters}


def computed(module: Any, target: str, case: Case, seeds: NDArray[np.int_]) -> Results:
    """The results of a module, as far as its form of page has them."""
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


def pages(spec: Spec) -> Iterator[tuple[str, str, str, Any]]:
    """Each form of page: its name, target, the width of its floats, and the module."""
    for target, options in (
        ("python", {"unroll": "weights"}),
        ("python", {"unroll": "layers"}),
        ("numpy", {"dtype": "float64"}),
        ("numpy", {"dtype": "float32"}),
    ):
        if (coupled(spec) or spec.indices) and options == {"unroll": "weights"}:
            continue  # an equation for each weight takes a single example, and has no rows
        chosen = spec.model_copy(update={"targets": (_target(target, **options),)})
        module = as_module("net", render(plan(chosen, encoding(chosen, Path())), chosen, target))
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
        units = {width: unit_of(case, seeds, width) for width in EPSILON}
        stretched, joint = case.stretched(), coupled(spec)
        ends = ends_of(stretched, seeds)
        for page, target, width, module in pages(spec):
            for what, values in _all_of(module, target, case, seeds, width).items():
                yield units[width].apart(page, what, values)
            if width == "float64":
                for what, values in _extremes_of(module, target, stretched, seeds).items():
                    # a batch whose outputs are equal has no variance but that of rounding, and shaking ends that
                    if not (joint and what.startswith(("training gradient", "fit", "history"))):
                        yield ends.apart(f"{page}, extreme", what, values)
            same_bits(case, page, width, module)
            # below its clip a loss has the slope at the clip; with 32 bits a difference has few digits
            checked = width == "float64" and "clip" not in spec.loss.options
            if checked and not (error := module._check_gradient()) < 1e-6:
                raise DisagreementError(f"{page}: its own check says that its gradient is {error} apart")
            if spec.data is not None and spec.data.scale is not None:
                apart, unit = scaled(spec, module, target, width)
                yield Found("scale", page, apart / unit if apart else 0.0, 0.0)
    for what in differs_from_table(spec) if spec.data is not None else ():
        raise DisagreementError(f"{what} of rows and of the same rows in a file differ")


def unit_of(case: Case, seeds: NDArray[np.int_], width: str) -> Unit:
    """The results of the reference for a case, with the units of disagreement."""
    slopes = gradients(case, width)

    def moved(epsilon: float, seed: int) -> Results:
        with shaking(epsilon, seed):
            params = [shaken(w) for w in case.network.unpack(case.flat.tolist())]
            other = replace(case, x=shaken(case.x))
            return expected(other, seeds, params, slopes)

    return Unit(width, expected(case, seeds, case.network.unpack(case.flat.tolist()), slopes), moved)


def ends_of(case: Case, seeds: NDArray[np.int_]) -> Ends:
    """The same for a case with extreme numbers."""
    unit, slopes = unit_of(case, seeds, "float64"), gradients(case)
    overflowing = _overflowing(case, seeds, case.network.unpack(case.flat.tolist()), slopes)
    with wide():
        return Ends(unit, expected(case, seeds, case.network.unpack(case.flat.tolist()), slopes), overflowing)


def _all_of(module: Any, target: str, case: Case, seeds: NDArray[np.int_], width: str) -> Results:
    """All results of a module that are compared."""
    return {**computed(module, target, case, seeds), "steps": _steps(case, module, gradients(case, width))}


def _extremes_of(module: Any, target: str, case: Case, seeds: NDArray[np.int_]) -> Results:
    """The results of a module; empty if Python raises an error that docs/module.md describes.

    Raises:
        DisagreementError: it raises another one.
    """
    try:
        return _all_of(module, target, case, seeds, "float64")
    except (ArithmeticError, ValueError) as error:
        if target == "python" and isinstance(error, ValueError | ZeroDivisionError) and undefined(case.network.spec):
            return {}
        raise DisagreementError(f"{target}: {type(error).__name__}: {error}") from error


def undefined(spec: Spec) -> bool:
    """Whether a formula may raise an error in Python where others give NaN or infinity: the sine of infinity, 1 / 0."""
    own = [one.formulas() for one in spec.activations.values()] + [one.formulas() for one in spec.losses.values()]
    called = {name for pair in own for formula in pair for name in formula.calls}
    divides = any("/" in formula.text for pair in own for formula in pair)
    sine = any(layer.activation.name == "sine" for layer in spec.layers)
    return sine or divides or not called.isdisjoint({"cos", "log", "sin", "sqrt"})


def gradients(case: Case, width: str = "float64") -> list[Array]:
    """The gradients for some steps, flat: those of the reference, in floats of this width.

    Page and reference take the same gradients, because some optimizers use only the sign, and of a derivative that is
    nearly 0 the sign is rounding.
    """
    network, moving = case.network, case.network.unpack(case.flat.tolist())
    if case.extreme:  # any numbers, but 0 for what is frozen
        random, learns = drawing(network), _trained(network)
        return [np.where(learns, magnified(random.normal(size=len(learns)), random), 0.0) for _ in range(STEPS)]
    memory, found = network.init_state(moving), []
    for step in range(STEPS):
        chosen = np.roll(np.arange(BATCH), step)[:2]
        weights = None if case.weights is None else case.weights[chosen]
        gradient = network.gradient(moving, case.x[chosen], case.y[chosen], weights)[1]
        found.append(np.array(network.pack(gradient), width).astype(np.float64))
        moving, memory = network.step(moving, gradient, memory)
    return found


def _expected_steps(case: Case, params: list[Array], slopes: Sequence[Array]) -> Array:
    """The parameters after each step of the reference, ``(steps, parameters)``."""
    network, memory, found = case.network, case.network.init_state(params), []
    for gradient in slopes:
        params, memory = network.step(params, network.unpack(gradient.tolist()), memory)
        found.append(network.pack(params))
    return np.array(found)


def _expected_train_steps(case: Case, seeds: ArrayLike, params: list[Array]) -> Array:
    """The loss and the parameters after a step on each example, ``(examples, 1 + parameters)``."""
    network, memory, found = case.network, case.network.init_state(params), []
    for k in range(BATCH):
        x, weights = case.x[[k]], None if case.weights is None else case.weights[[k]]
        loss, gradient, params = network.batch_gradient(params, x, case.y[[k]], np.asarray(seeds)[[k]], weights)
        params, memory = network.step(params, gradient, memory, x)
        found.append([loss, *network.pack(params)])
    return np.array(found)


def _steps(case: Case, module: Any, slopes: Sequence[Array]) -> Array:
    """The parameters after each step of a module."""
    params, places = module.unpack(case.flat.tolist()), plan(case.network.spec).embeddings
    state, found = module.init_state(params), []
    for gradient in slopes:
        params, state = module.step(params, sparse(module.unpack(gradient.tolist()), places), state)
        found.append(module.pack(params))
    return np.array(found)


def sparse(slopes: list[Any], embeddings: Sequence[int]) -> list[Any]:
    """Slopes as ``gradient`` of Python or NumPy gives them: of an embedding only the rows that are not all 0."""
    for place in embeddings:
        rows = slopes[place]
        chosen = np.flatnonzero(np.any(rows, axis=1))
        slopes[place] = {int(i): rows[i] for i in chosen} if isinstance(rows, list) else (chosen, rows[chosen])
    return slopes


def same_bits(case: Case, page: str, width: str, module: Any) -> None:
    """Check bit for bit: initial values, ``pack`` and ``unpack``, ``save`` and ``load``, up to rounding to 32 bits."""
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


def judge(spec: Spec) -> list[Found]:
    """Every disagreement of a spec's modules with the reference.

    Raises:
        DisagreementError: one is above the bound, or what has to be the same bits is not.
    """
    return judged(list(examine(spec)))
