"""What a module is held to where its spec is known: the reference, and the contract."""

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
    kind,
    narrowed,
    variances,
)
from nngen.verify.child import MAX_SAID, Declared, callback, rows, value
from nngen.verify.rows import OPEN, RIGHT, WRONG, Row, checked, measured
from nngen.verify.ulps import EPSILON, Apart, Unjudged, apart, shaped

ALLOWED = 2.0**12
"""Units in the last place that a page may be away from the reference: 12 digits, or 3 with 32 bits.

They add in different orders, and take different forms of the same function. Over the committed modules and the networks
of the tests, in every form of page, the worst was 256 with 64 bits and 118 with 32.
"""

ALLOWED_EXTREME = 2.0**20
"""The same for extreme inputs: the sine of a sum of thousands has lost these digits; the worst was 26,931."""

STEPS = 12
EPOCHS = 3
EPOCHS_TO_STOP = 10
"""Epochs of a network with a rule that ends training: some, so that it can."""

BESIDE = 16.0
"""Units in the last place by which the reference begins beside the parameters, to see whether rounding matters.

Its activations are rounded otherwise, too. Where tanh is nearly 1, only that shows: there 1 - a * a is mostly rounding.
"""

SENSITIVE = ALLOWED / 4.0
"""Units in the last place by which such rounding may move a result that is judged by ``ALLOWED``."""

MISTAKE = 64.0
"""How many times as far as rounding moves it a sensitive result has to be off, to be wrong."""

SEEDS = (None, 0, 5, 2**32 - 1)


BY_SIGN = ("rprop", "lion")
"""Optimizers that go by the sign of a slope, however small: a slope of 1e-50 is none with 32 bits."""


class Judge:
    """A module and the reference, side by side; the plan says what targets the loss takes, and how data are scaled."""

    def __init__(self, calls: Calls, network: Network, plan: Plan) -> None:
        self.calls, self.network, self.plan = calls, network, plan
        self.dtype = calls.child.code.dtype
        self.kind = kind(plan.loss)
        start = np.array(network.pack(network.init()))
        self.positive = variances(" ".join(plan.layout), calls.shapes)
        made = list(cases(start, " ".join(plan.layout), calls.shapes, calls.outputs, self.kind, self.dtype))
        self.usual = calls.of([case for case in made if not case.extreme])
        seeds = tuple(range(5, 8)) if plan.has_dropout else ()
        several = [replace(case, seeds=seeds) for case in made if not case.extreme]
        self.training = several if plan.needs_batch else calls.of(several)
        self.extreme = calls.of([case for case in made if case.extreme])
        self.start = narrowed(start, self.dtype)

    def rows(self) -> Iterator[Row]:
        """Each thing that is looked at."""
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
        """How many epochs are compared."""
        return EPOCHS if self.network.spec.training.stop is None else EPOCHS_TO_STOP

    def params(self, case: Case) -> list[Array]:
        """The parameters of a case, as the reference takes them."""
        return self.network.unpack(case.flat.tolist())

    def init(self, _: Case) -> Apart:
        """Initial parameters, by several seeds: bit for bit."""
        found, expected = [], []
        for seed in SEEDS:
            answer = self.calls.call("init", *([] if seed is None else [value(seed)]))
            found.append(self.calls.flat(answer.result, "what init gives"))
            expected.append(narrowed(np.array(self.network.pack(self.network.init(seed))), self.dtype))
        return apart(np.concatenate(found), np.concatenate(expected), self.dtype)

    def forward(self, case: Case) -> Apart:
        """Outputs."""
        with np.errstate(all="ignore"):
            return apart(self.calls.forward(case), self.network.forward(self.params(case), case.x), self.dtype)

    def loss(self, case: Case) -> Apart:
        """The loss."""
        return apart([self.calls.loss(case)], [self.network.loss(self.params(case), case.x, case.y)], self.dtype)

    def gradient(self, case: Case) -> Apart:
        """The gradient, and the loss that comes with it."""
        with np.errstate(all="ignore"):
            loss, expected = self.network.gradient(self.params(case), case.x, case.y)
            met, found = self.calls.gradient(case)
            whole = apart(found, self.network.pack(expected), self.dtype)
            value = apart([met], [loss], self.dtype)
        return value if value.ulps > whole.ulps else whole

    def in_training(self, what: str, name: str) -> Row:
        """The row of the function that training takes the gradient of: by the measures of a batch, with dropout."""
        cases = [case for case in self.training if self.decided(case)]
        if not cases:
            return Row(what, None, ALLOWED, OPEN, "rounding decides what it gives", (name,))

        def measure(case: Case) -> Apart:
            return self.furthest(self.calls.training(name, case), self.expected(case, case.flat))

        return measured(what, (name,), ALLOWED, cases, measure)

    def expected(self, case: Case, flat: Array, network: Network | None = None) -> list[Array]:
        """What the reference says of a case in training: the loss, the gradient and the parameters after it, flat."""
        network = network or self.network
        with np.errstate(all="ignore"):
            loss, gradient, after = network.batch_gradient(
                network.unpack(flat.tolist()), case.x, case.y, case.seeds or None
            )
        return [np.array([loss]), *(np.array(network.pack(part)) for part in (gradient, after))]

    def furthest(self, found: Sequence[Array], expected: Sequence[Array]) -> Apart:
        """The worst of several lists, each in units of its own."""
        far = [apart(mine, meant, self.dtype) for mine, meant in zip(found, expected, strict=False)]
        return max(far, key=lambda one: one.ulps)

    def decided(self, case: Case) -> bool:
        """Whether the reference gives about the same a little beside the parameters.

        Of examples that are nearly equal, what their mean leaves is rounding.
        """
        random, meant = np.random.default_rng(9), self.expected(case, case.flat)
        beside = (self.expected(case, self.beside(case.flat, random), self.rounded(random)) for _ in range(2))
        return all(self.furthest(found, meant).ulps <= SENSITIVE for found in beside)

    def beside(self, flat: Array, random: np.random.Generator) -> Array:
        """Parameters a few units in the last place away."""
        return flat * (1.0 + BESIDE * EPSILON[self.dtype] * random.normal(size=len(flat)))

    def rounded(self, random: np.random.Generator, spec: Spec | None = None) -> Network:
        """The reference with about half of all activations rounded otherwise."""
        epsilon = EPSILON[self.dtype]
        return Network(
            spec or self.network.spec, lambda a: nearer_to_zero(a, random.integers(0, 2, np.shape(a)), epsilon)
        )

    def gradients(self) -> Iterator[Array]:
        """Gradients to make steps by: those of many parameters and examples."""
        random = np.random.default_rng(5)
        for seed in range(STEPS):
            flat = self.start + random.normal(scale=0.5, size=len(self.start))
            params = self.network.unpack(np.where(self.positive, np.abs(flat), flat).tolist())
            x, y = examples(1, self.calls.inputs, self.calls.outputs, self.kind, self.dtype, seed)
            yield narrowed(np.array(self.network.pack(self.network.gradient(params, x, y)[1])), self.dtype)

    def steps(self, case: Case) -> Apart:
        """The parameters after each of some steps."""
        self.calls.start(case.flat)
        expected, state = self.params(case), self.network.init_state(self.params(case))
        worst = Apart(0.0, 0, 0.0, 0.0)
        for number, gradient in enumerate(self.gradients()):
            found = self.calls.step(None if number else self.calls.params(case.flat), gradient)
            expected, state = self.network.step(expected, self.network.unpack(gradient.tolist()), state)
            worst = max(worst, apart(found, self.network.pack(expected), self.dtype), key=lambda met: met.ulps)
        return worst

    def examples(self) -> Case:
        """Enough examples to train on, and to keep a share of."""
        stop = self.network.spec.training.stop
        share = stop.validation if stop else 0.0
        count = min(400, max(10, round(2.0 / share), round(2.0 / (1.0 - share)))) if share else 10
        return Case(self.usual[0].flat, *examples(count, self.calls.inputs, self.calls.outputs, self.kind, self.dtype))

    def fit(self, _: Case) -> Apart:
        """The parameters and the history of some epochs, in batches of several sizes, in order and shuffled."""
        if self.dtype == "float32" and self.network.spec.training.optimizer.name in BY_SIGN:
            raise Unjudged("with 32 bits, slopes underflow, and their signs decide")
        many, worst, judged, sensitivity = self.examples(), Apart(0.0, 0, 0.0, 0.0), 0, 0.0
        one = [] if self.network.spec.training.stop else [Case(many.flat, many.x[:1], many.y[:1])]
        for data in (many, *one):
            for size, seed in ((1, 7), (4, 7), (None, 7), (1, None), (4, None), (None, None)):
                params, history, moved = self.trained(data, size, seed)
                if moved == np.inf:
                    continue
                found, met, _met = self.calls.fit(data.flat, data, value(self.epochs), value(size), value(seed))
                far = max(apart(found, params, self.dtype), apart(met, history, self.dtype), key=lambda one: one.ulps)
                if moved > SENSITIVE and far.ulps <= MISTAKE * moved:
                    sensitivity = max(sensitivity, moved)
                    continue
                worst = max(worst, far, key=lambda one: one.ulps)
                judged += 1
        if not judged and sensitivity:
            raise Unjudged(
                f"too sensitive to judge: the last bits move it by {sensitivity:.0e} units in the last place"
            )
        if not judged:
            raise Unjudged("rounding decides where training ends")
        return worst

    def trained(self, data: Case, size: int | None, seed: int | None) -> tuple[list[float], list[float], float]:
        """The parameters and the history that the reference gives for ``fit``, and how far rounding moves them.

        The distance is in units in the last place; it is infinite where rounding decides when training ends.
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
            far = apart(others, params, self.dtype).ulps, apart(losses, history, self.dtype).ulps
            moved = max(moved, *far)
        return params, history, moved

    def defaults(self) -> str:
        """The epochs, the size of batches and the seed of fit are the spec's."""
        training = self.network.spec.training
        expected = {
            "epochs": training.epochs,
            "batch_size": training.batch_size,
            "seed": training.seed if training.shuffle else None,
        }
        found = self.calls.child.declared.defaults.get("fit", {})
        wrong = [
            f"{name} is {str(found.get(name, 'not set'))[:MAX_SAID]}, the spec says {meant}"
            for name, meant in expected.items()
            if name not in found or found[name] != meant
        ]
        return "; ".join(wrong)

    def callback(self) -> str:
        """The callback is told each epoch, and ends training."""
        data = self.examples()
        settings = [value(9), value(4), value(7), callback(2)]
        _, history, met = self.calls.fit(data.flat, data, *settings)
        if met != [[epoch, loss] for epoch, loss in enumerate(history)]:
            return "it is not told the number of each epoch, and its loss"
        early = self.network.spec.training.stop is not None and len(history) < 3
        return (
            "" if len(history) == 3 or early else f"it asked for an end after 3 epochs, and there were {len(history)}"
        )

    def scale(self, _: Case) -> Apart:
        """What the network is fed."""
        scaling = self.plan.scaling
        assert scaling is not None  # noqa: S101 (there is no row without)
        x = narrowed(np.random.default_rng(6).uniform(-2.0, 20.0, size=(3, self.calls.inputs)), self.dtype)
        given = x.tolist() if self.calls.batched else x[0].tolist()
        answer = self.calls.call("scale", rows(given))
        found = shaped(answer.result, np.shape(given), "the scaled input")
        return apart(found, [scaling(tuple(row)) for row in x][: len(np.atleast_2d(found))], self.dtype)


def declares(layout: str, names: tuple[str, ...], declared: Declared) -> Row:
    """Whether a module has the names of the parameters that the spec gives; it has its layout."""
    if declared.layout != layout:
        return Row("PARAMETERS, LAYOUT", None, None, WRONG, "the module has no LAYOUT that says what its network is")
    if declared.parameters != list(names):
        return Row("PARAMETERS, LAYOUT", None, None, WRONG, "PARAMETERS has other names than the spec gives")
    return Row("PARAMETERS, LAYOUT", None, None, RIGHT)
