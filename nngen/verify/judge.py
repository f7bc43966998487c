"""Checks that need a spec: the module against the reference. The long class has a method for each check."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from nngen.plan import Plan
from nngen.reference import Array, Network, nearer_to_zero
from nngen.spec import Spec
from nngen.verify import contract
from nngen.verify.calls import Calls
from nngen.verify.cases import (
    Case,
    cases,
    examples,
    narrowed,
    variances,
)
from nngen.verify.child import MAX_MESSAGE, Declared, callback, kept, rows, value
from nngen.verify.rows import OPEN, RIGHT, WRONG, Row, checked, measured
from nngen.verify.ulps import EPSILON, Distance, NotJudged, distance, shaped

ALLOWED = 2.0**12
"""Allowed distance from the reference in units in the last place: 12 digits agree, or 3 with 32 bits.

Module and reference add in different orders and use different forms of a function. Over the committed modules and the
networks of the tests, in every form, the largest distance was 256 with 64 bits and 118 with 32.
"""

ALLOWED_EXTREME = 2.0**20
"""Allowed distance for extreme inputs. The sine of a sum of thousands loses these digits; the largest was 26,931."""

STEPS = 12
EPOCHS = 3
EPOCHS_TO_STOP = 10
"""Epochs of a network with a stop rule, so that the rule can apply."""

MAX_EPOCHS = 60
"""At most so many epochs if the rule measures its loss every few epochs."""

MAX_EXAMPLES = 400
"""At most so many examples, of which some are kept for validation."""

PERTURBATION = 16.0
"""Perturbation of the parameters in units in the last place, to see whether rounding matters.

The reference also rounds activations differently. If tanh is nearly 1, only that has an effect: 1 - a * a is then
mostly rounding.
"""

SENSITIVE = ALLOWED / 4.0
"""The largest effect of rounding on a result that is judged by ``ALLOWED``."""

MISTAKE_FACTOR = 64.0
"""A sensitive result is wrong if its distance is this many times the effect of rounding."""

SEEDS = (None, 0, 5, 2**32 - 1)


BY_SIGN = ("rprop", "rprop_plus", "rprop_minus", "lion")
"""Optimizers that use only the sign of a slope. A slope of 1e-50 is 0 with 32 bits."""


class Judge:
    """Compares a module with the reference. The plan knows the targets of the loss and the scaling of data."""

    def __init__(self, calls: Calls, network: Network, plan: Plan) -> None:
        self.calls, self.network, self.plan = calls, network, plan
        self.dtype = calls.child.code.dtype
        self.kind = plan.loss.target_kind
        start = np.array(network.pack(network.init()))
        self.positive = variances(" ".join(plan.layout), calls.shapes)
        planned = list(cases(start, " ".join(plan.layout), calls.shapes, calls.outputs, self.kind, self.dtype))
        self.usual = calls.of([case for case in planned if not case.extreme])
        seeds = tuple(range(5, 8)) if plan.has_dropout else ()
        several = [replace(case, seeds=seeds) for case in planned if not case.extreme]
        self.training = several if plan.needs_batch else calls.of(several)
        self.extreme = calls.of([case for case in planned if case.extreme])
        self.start = narrowed(start, self.dtype)

    def rows(self) -> Iterator[Row]:
        """The rows of all checks."""
        calls, cases = self.calls, self.usual
        yield measured("init", ("init",), 0.0, cases[:1], self.init)
        yield measured("forward", ("forward",), ALLOWED, cases, self.forward)
        yield measured("loss", ("gradient", "loss"), ALLOWED, cases, self.loss)
        yield measured("gradient", ("gradient",), ALLOWED, cases, self.gradient)
        yield contract.differences(calls, self.start, self.kind, self.dtype)
        yield measured("extreme inputs, outputs", ("forward",), ALLOWED_EXTREME, self.extreme, self.forward)
        yield measured("extreme inputs, gradient", ("gradient",), ALLOWED_EXTREME, self.extreme, self.gradient)
        if self.plan.needs_batch:
            yield self.in_training("batch_gradient", "batch_gradient")
        elif self.plan.has_dropout:
            yield self.in_training("gradient, with dropout", "gradient")
        yield measured(f"step, {STEPS} times", ("init_state", "step"), ALLOWED, cases[:1], self.steps)
        yield measured(f"fit, {self.epochs} epochs", ("fit",), ALLOWED, cases[:1], self.fit)
        yield checked("fit, its defaults", ("fit",), self.defaults)
        yield checked("fit, its callback", ("fit",), self.callback)
        if self.plan.scaling:
            yield measured("scale", ("scale",), 1.0, cases[:1], self.scale)
        yield from contract.rows(calls, self.usual[0], self.kind, self.dtype)

    @property
    def epochs(self) -> int:
        """The number of epochs to compare: with a stop rule, two measurements or more."""
        stop = self.network.spec.training.stop
        return EPOCHS if stop is None else max(EPOCHS_TO_STOP, min(2 * stop.every, MAX_EPOCHS))

    def params(self, case: Case) -> list[Array]:
        """The parameters of a case as the reference takes them, an array for each block."""
        return self.network.unpack(case.flat.tolist())

    def init(self, _: Case) -> Distance:
        """Initial parameters with several seeds: bit for bit."""
        found, expected = [], []
        for seed in SEEDS:
            answer = self.calls.call("init", *([] if seed is None else [value(seed)]))
            found.append(self.calls.flat(answer.result, "the result of init"))
            expected.append(narrowed(np.array(self.network.pack(self.network.init(seed))), self.dtype))
        return distance(np.concatenate(found), np.concatenate(expected), self.dtype)

    def forward(self, case: Case) -> Distance:
        """Outputs."""
        with np.errstate(all="ignore"):
            return distance(self.calls.forward(case), self.network.forward(self.params(case), case.x), self.dtype)

    def loss(self, case: Case) -> Distance:
        """The loss."""
        return distance([self.calls.loss(case)], [self.network.loss(self.params(case), case.x, case.y)], self.dtype)

    def gradient(self, case: Case) -> Distance:
        """The gradient and the loss that ``gradient`` returns."""
        with np.errstate(all="ignore"):
            loss, expected = self.network.gradient(self.params(case), case.x, case.y)
            actual, slopes = self.calls.gradient(case)
            whole = distance(slopes, self.network.pack(expected), self.dtype)
            value = distance([actual], [loss], self.dtype)
        return value if value.ulps > whole.ulps else whole

    def in_training(self, what: str, name: str) -> Row:
        """The row of the function that training calls for gradients, with batch statistics and dropout."""
        cases = [case for case in self.training if self.decided(case)]
        if not cases:
            return Row(what, None, ALLOWED, OPEN, "rounding decides the result", (name,))

        def measure(case: Case) -> Distance:
            return self.furthest(self.calls.training(name, case), self.expected(case, case.flat))

        return measured(what, (name,), ALLOWED, cases, measure)

    def expected(self, case: Case, flat: Array, network: Network | None = None) -> list[Array]:
        """The reference's loss, gradient and new running statistics of a case in training, flat."""
        network = network or self.network
        with np.errstate(all="ignore"):
            loss, gradient, after = network.batch_gradient(
                network.unpack(flat.tolist()), case.x, case.y, case.seeds or None
            )
        return [np.array([loss]), *(np.array(network.pack(part)) for part in (gradient, after))]

    def furthest(self, found: Sequence[Array], expected: Sequence[Array]) -> Distance:
        """The largest distance among several lists, each in its own units."""
        far = [distance(mine, meant, self.dtype) for mine, meant in zip(found, expected, strict=False)]
        return max(far, key=lambda error: error.ulps)

    def decided(self, case: Case) -> bool:
        """Whether the reference gives nearly the same result for perturbed parameters.

        If examples are nearly equal, their deviations from the mean are rounding errors.
        """
        random, meant = np.random.default_rng(9), self.expected(case, case.flat)
        beside = (self.expected(case, self.beside(case.flat, random), self.rounded(random)) for _ in range(2))
        return all(self.furthest(found, meant).ulps <= SENSITIVE for found in beside)

    def beside(self, flat: Array, random: np.random.Generator) -> Array:
        """Parameters, shape ``(size,)``, changed by a few units in the last place."""
        return flat * (1.0 + PERTURBATION * EPSILON[self.dtype] * random.normal(size=len(flat)))

    def rounded(self, random: np.random.Generator, spec: Spec | None = None) -> Network:
        """A reference that rounds about half of all activations differently."""
        epsilon = EPSILON[self.dtype]
        return Network(
            spec or self.network.spec, lambda a: nearer_to_zero(a, random.integers(0, 2, np.shape(a)), epsilon)
        )

    def gradients(self) -> Iterator[Array]:
        """Gradients for steps, shape ``(size,)``, at random parameters and examples."""
        random = np.random.default_rng(5)
        for seed in range(STEPS):
            flat = self.start + random.normal(scale=0.5, size=len(self.start))
            params = self.network.unpack(np.where(self.positive, np.abs(flat), flat).tolist())
            x, y = examples(1, self.calls.inputs, self.calls.outputs, self.kind, self.dtype, seed)
            yield narrowed(np.array(self.network.pack(self.network.gradient(params, x, y)[1])), self.dtype)

    def steps(self, case: Case) -> Distance:
        """The parameters after each step."""
        self.calls.start(case.flat)
        expected, state = self.params(case), self.network.init_state(self.params(case))
        worst = Distance(0.0, 0, 0.0, 0.0)
        for number, gradient in enumerate(self.gradients()):
            found = self.calls.step(None if number else self.calls.params(case.flat), gradient)
            expected, state = self.network.step(expected, self.network.unpack(gradient.tolist()), state)
            worst = max(worst, distance(found, self.network.pack(expected), self.dtype), key=lambda error: error.ulps)
        return worst

    def examples(self) -> Case:
        """Enough examples for training and validation."""
        stop = self.plan.stop
        count = 10
        if stop and stop.places:
            count = max(count, stop.least + 1)
            if count > MAX_EXAMPLES:
                raise NotJudged(f"place {stop.places[-1]:,} is kept for validation: that takes too many examples")
        elif stop and stop.share:
            count = min(MAX_EXAMPLES, max(count, round(2.0 / stop.share), round(2.0 / (1.0 - stop.share))))
        return Case(self.usual[0].flat, *examples(count, self.calls.inputs, self.calls.outputs, self.kind, self.dtype))

    def fit(self, _: Case) -> Distance:
        """The parameters and the history of some epochs, with several batch sizes, in order and shuffled."""
        if self.dtype == "float32" and self.network.spec.training.optimizer.name in BY_SIGN:
            raise NotJudged("with 32 bits slopes underflow, and this optimizer uses their signs")
        many, worst, judged, sensitivity = self.examples(), Distance(0.0, 0, 0.0, 0.0), 0, 0.0
        single = [] if self.network.spec.training.stop else [Case(many.flat, many.x[:1], many.y[:1])]
        for data in (many, *single):
            for size, seed in ((1, 7), (4, 7), (None, 7), (1, None), (4, None), (None, None)):
                params, history, moved = self.trained(data, size, seed)
                if moved == np.inf:
                    continue
                settings = value(self.epochs), value(size), value(seed)
                ended, losses, _calls = self.calls.fit(self.calls.params(data.flat), data, *settings)
                error = max(
                    distance(ended, params, self.dtype),
                    distance(losses, history, self.dtype),
                    key=lambda error: error.ulps,
                )
                if moved > SENSITIVE and error.ulps <= MISTAKE_FACTOR * moved:
                    sensitivity = max(sensitivity, moved)
                    continue
                worst = max(worst, error, key=lambda error: error.ulps)
                judged += 1
        if not judged and sensitivity:
            raise NotJudged(
                f"too sensitive to judge: the last bits move it by {sensitivity:.0e} units in the last place"
            )
        if not judged:
            raise NotJudged("rounding decides where training ends")
        return worst

    def trained(self, data: Case, size: int | None, seed: int | None) -> tuple[list[float], list[float], float]:
        """The parameters and the history of the reference's ``fit``, and the effect of rounding on them.

        The effect is in units in the last place. It is infinite if rounding decides when training ends.
        """
        training = self.network.spec.training.model_copy(update={"shuffle": seed is not None, "batch_size": size})
        spec = self.network.spec.model_copy(update={"training": training})
        random = np.random.default_rng(8)

        def fit(network: Network, flat: Array) -> tuple[list[float], list[float]]:
            with np.errstate(all="ignore"):
                ended, history = network.fit(network.unpack(flat.tolist()), data.x, data.y, self.epochs, seed=seed)
            return network.pack(ended), history

        params, history = fit(Network(spec), data.flat)
        moved = 0.0
        for _ in range(2):
            others, losses = fit(self.rounded(random, spec), self.beside(data.flat, random))
            if len(losses) != len(history):
                return params, history, np.inf
            far = distance(others, params, self.dtype).ulps, distance(losses, history, self.dtype).ulps
            moved = max(moved, *far)
        return params, history, moved

    def defaults(self) -> str:
        """The wrong defaults of fit, if any: epochs, batch size and seed must be those of the spec."""
        training = self.network.spec.training
        expected = {
            "epochs": training.epochs,
            "batch_size": training.batch_size,
            "seed": training.seed if training.shuffle else None,
        }
        found = self.calls.child.declared.defaults.get("fit", {})
        wrong = [
            f"{name} is {str(found.get(name, 'not set'))[:MAX_MESSAGE]}, the spec says {wanted}"
            for name, wanted in expected.items()
            if name not in found or found[name] != wanted
        ]
        return "; ".join(wrong)

    def callback(self) -> str:
        """The fault of the callback, if any: it must get each epoch, and be able to end training and to continue it."""
        data = self.examples()
        start, settings = self.calls.params(data.flat), [value(max(9, self.epochs)), value(4), value(7)]
        expected, losses, _ = self.calls.fit(start, data, *settings)
        _, history, calls = self.calls.fit(start, data, *settings, callback(2))
        if calls != [[epoch, loss] for epoch, loss in enumerate(history)]:
            return "it does not get the number and the loss of each epoch"
        early = self.network.spec.training.stop is not None and len(history) < 3
        if len(history) != 3 and not early:
            return f"it stopped training after 3 epochs, but there were {len(history)}"
        ended, rest, _ = self.calls.fit(kept("callback", 0), data, *settings, progress=kept("callback", 1))
        same = np.array_equal(ended, expected, equal_nan=True) and history + rest == losses
        return "" if same else "training that continues after it is not the same as without a break"

    def scale(self, _: Case) -> Distance:
        """The scaled inputs."""
        scaling = self.plan.scaling
        assert scaling is not None  # noqa: S101 (there is no row without)
        x = narrowed(np.random.default_rng(6).uniform(-2.0, 20.0, size=(3, self.calls.inputs)), self.dtype)
        given = x.tolist() if self.calls.batched else x[0].tolist()
        answer = self.calls.call("scale", rows(given))
        found = shaped(answer.result, np.shape(given), "the scaled input")
        return distance(found, [scaling(tuple(row)) for row in x][: len(np.atleast_2d(found))], self.dtype)


def declares(layout: str, names: tuple[str, ...], declared: Declared) -> Row:
    """Check that PARAMETERS and LAYOUT are those of the spec."""
    if declared.layout != layout:
        return Row("PARAMETERS, LAYOUT", None, None, WRONG, "the module has no LAYOUT")
    if declared.parameters != list(names):
        return Row("PARAMETERS, LAYOUT", None, None, WRONG, "PARAMETERS differs from the spec")
    return Row("PARAMETERS, LAYOUT", None, None, RIGHT)
