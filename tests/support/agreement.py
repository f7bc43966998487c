"""Holds the module of any language to the reference: every number, within the effect of rounding."""

import contextlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.description.model import Spec
from nngen.plan import Plan
from nngen.proof.compiled import Module
from nngen.proof.reference import Encoder
from tests.support.campaign import BATCH, EPOCHS, LINEAR, Case, gradients, unit_of
from tests.support.network import coupled, drops
from tests.support.rounding import EPSILON, DisagreementError, Found, Results, Unit
from tests.support.runner_c import readable
from tests.support.runners import Runner
from tests.support.tabular_strategy import rows

ROWS = 6
"""Rows of cells for each module."""
SEEDS = np.arange(BATCH) + 5


class Judge:
    """The reference's numbers for one spec, in both widths."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.case = spec, Case.of(spec)
        self.unit = cache(self._unit)

    def _unit(self, width: str) -> Unit:
        with np.errstate(all="ignore"):
            return unit_of(self.case, SEEDS, width)

    def disagreements(self, runner: Runner, target: str, module: Module) -> Iterator[Found]:
        """How far a module is from the reference, in ULP.

        Raises:
            DisagreementError: what has to be the same bits is not, or a function fails.
        """
        name, width = module.plan.name, module.spec.dtype(target)
        page = f"{target}, {module.spec.unroll(target) if target != 'numpy' else 'layers'}, {width}"
        with np.errstate(all="ignore"):
            unit = self.unit(width)
            try:
                found = dict(self._computed(runner, name, target, width))
                self._same_bits(runner, name, page, width)
            except (ArithmeticError, ValueError, RuntimeError, EOFError) as error:
                raise DisagreementError(f"{page}: {type(error).__name__}: {error}") from error
            for what, values in found.items():
                yield unit.apart(page, what, values)
        encoding = module.plan.encoding
        if self.spec.data is None and encoding is not None and encoding.predicts:
            self._rows(runner, module.plan, page, target, width)

    def _computed(
        self, runner: Runner, name: str, target: str, width: str
    ) -> Iterator[tuple[str, NDArray[np.float64]]]:
        """The results of a module, by name."""
        case, spec, size = self.case, self.spec, len(self.case.flat)
        params, xs, ys = case.flat.tolist(), case.x.tolist(), case.y.tolist()
        weights = {} if case.weights is None else {"weights": case.weights.tolist()}

        def one(k: int) -> dict[str, object]:
            weight = {} if case.weights is None else {"weight": case.weights[k].item()}
            return {"params": params, "x": xs[k], "y": ys[k], **weight}

        def parts(loss: str, gradient: str, values: list[float]) -> Results:
            return {loss: np.array(values[0]), gradient: np.array(values[1 : 1 + size])}

        yield "forward", np.array([runner.numbers(name, "forward", params=params, x=x) for x in xs])
        yield "loss, one", np.array(runner.numbers(name, "loss", **one(0))[0])
        yield from parts("loss, one", "gradient, one", runner.numbers(name, "gradient", **one(0))).items()
        if coupled(spec):
            if case.weights is None:  # drivers give none
                seeds = SEEDS.tolist() if drops(spec) else None
                values = runner.numbers(name, "batch_gradient", params=params, xs=xs, ys=ys, seeds=seeds)
                yield from parts("training loss, batch", "training gradient, batch", values).items()
                yield "after, batch", np.array(values[1 + size :])
        elif drops(spec):
            values = runner.numbers(name, "gradient", **one(0), seed=SEEDS[0].item())
            yield from parts("training loss, one", "training gradient, one", values).items()
        linear = spec.training.optimizer.name in LINEAR
        if linear:
            training = spec.training
            settings = {"epochs": EPOCHS, "batch_size": training.batch_size}
            settings["seed"] = training.seed if training.shuffle else None
            values = runner.numbers(name, "fit", params=params, xs=xs, ys=ys, **settings, **weights)
            yield "fit", np.array(values[:size])
            yield "history", np.array(values[size:])
        if linear and not coupled(spec) and target != "c":  # a header has no train_step
            yield "train_step", np.array(list(train_steps(runner, name, case)))
        runner.numbers(name, "init_state")
        moved, found = params, []
        for slopes in gradients(case, width):
            moved = runner.numbers(name, "step", params=moved, slopes=slopes.tolist())
            found.append(moved)
        yield "steps", np.array(found)

    def _rows(self, runner: Runner, plan: Plan, page: str, target: str, width: str) -> None:
        """Check what rows of cells mean, and that an answer is that of the outputs."""
        name, params = plan.name, self.case.flat.tolist()
        for row in rows(self.spec, ROWS, seed=len(params)):
            if target == "c" and not readable(plan, row):
                continue
            wanted, found = encoded(self.spec, row), None
            with contextlib.suppress(ValueError):
                found = runner.numbers(name, "encode", row=row)
            if wanted is not None and width == "float32" and np.abs(wanted).max(initial=0.0) > 3e38:
                continue  # beyond these numbers
            if not _same(found, wanted, width):
                raise DisagreementError(f"{page}: encode gives {found} for {row}, expected {wanted}")
            if found is None or (target == "c" and plan.encoding and plan.encoding.classes):
                continue  # in C a class is a number
            outputs = runner.numbers(name, "forward", params=params, x=found)
            answer = runner.call(name, "predict", {"params": params, "row": row})
            if np.isfinite(outputs).all() and answer != answered(plan, outputs):
                raise DisagreementError(f"{page}: predict gives {answer} for {row}, but the outputs are {outputs}")

    def _same_bits(self, runner: Runner, name: str, page: str, width: str) -> None:
        """Check initial values and, but in C, files of parameters."""
        network, flat = self.case.network, self.case.flat
        narrow = (lambda values: np.float32(values).astype(np.float64)) if width == "float32" else np.asarray
        for seed in (None, 11):
            if runner.numbers(name, "init", seed=seed) != narrow(np.array(network.pack(network.init(seed)))).tolist():
                raise DisagreementError(f"{page}: init({seed}) is not that of the reference")
        if not page.startswith("c,"):
            written = runner.call(name, "save", {"params": flat.tolist()})
            if runner.numbers(name, "load", text=written) != narrow(flat).tolist():
                raise DisagreementError(f"{page}: load does not read what save writes")


def encoded(spec: Spec, row: list[Any]) -> list[float] | None:
    """The inputs for a row by the reference; None if it is refused."""
    table = {str(column.column): [cell] for column, cell in zip(spec.columns, row, strict=True)}
    try:
        return [float(value) for value in Encoder(spec, {}).encode(table)[0]]
    except ValueError:
        return None


def answered(plan: Plan, outputs: list[float]) -> list[float] | str:
    """The answer of a network without scaled targets that has these outputs."""
    assert plan.encoding
    if not plan.encoding.classes:
        return outputs
    several = len(outputs) > 1
    return plan.encoding.classes[int(np.argmax(outputs) if several else outputs[0] > plan.encoding.threshold)]


def _same(found: list[float] | None, wanted: list[float] | None, width: str) -> bool:
    """Whether both are refused, or the same within a rounding or two."""
    if found is None or wanted is None or len(found) != len(wanted):
        return found is wanted
    near = 2.0 * EPSILON[width]  # the sine of a date has an absolute error
    return np.allclose(found, wanted, rtol=near, atol=1e-15 if width == "float64" else 1e-7)


def train_steps(runner: Runner, name: str, case: Case, first: int = 0) -> Iterator[list[float]]:
    """The loss and the parameters after ``train_step`` on each example from the first on."""
    runner.numbers(name, "init_state")
    params = case.flat.tolist()
    for k in range(first, BATCH):
        weight = {} if case.weights is None else {"weight": case.weights[k].item()}
        example = {"x": case.x[k].tolist(), "y": case.y[k].tolist(), "seed": SEEDS[k].item(), **weight}
        found = runner.numbers(name, "train_step", params=params, **example)
        params = found[1:]
        yield found
