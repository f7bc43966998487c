"""The checks of training: the optimizer's steps and ``fit`` against the reference."""

from collections.abc import Iterator

import numpy as np

from nngen.plan import Plan
from nngen.proof.reference import Array, Network
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.cases import Case, narrowed, variances
from nngen.proof.verify.child import MAX_MESSAGE, callback, kept, value
from nngen.proof.verify.rows import Row, checked, measured
from nngen.proof.verify.ulps import ALLOWED, MISTAKE_FACTOR, SENSITIVE, Distance, NotJudged, beside, distance, rounded

STEPS = 12
EPOCHS = 3
EPOCHS_TO_STOP = 10
"""Epochs of a network with a stop rule, so that the rule can apply."""

MAX_EPOCHS = 60
"""The largest number of epochs if the rule measures its loss every few epochs."""

MAX_EXAMPLES = 400
"""The largest number of examples, including those kept for validation."""

BY_SIGN = ("rprop", "rprop_plus", "rprop_minus", "lion")
"""Optimizers that use only the sign of a slope. A slope of 1e-50 is 0 with 32 bits."""


class TrainingJudge:
    """Compares the training of a module with that of the reference, from the parameters of a case."""

    def __init__(self, calls: Calls, network: Network, plan: Plan, case: Case) -> None:
        self.calls, self.network, self.plan, self.case = calls, network, plan, case
        self.dtype = calls.child.code.dtype
        self.kind = plan.loss.target_kind

    def rows(self) -> Iterator[Row]:
        """The rows of all checks of training, as far as the module has their functions."""
        declared = self.calls.child.start()
        if declared.has("init_state", "step"):
            yield measured(f"step, {STEPS} times", ("init_state", "step"), ALLOWED, [self.case], self.steps)
        if not declared.has("fit"):
            return
        yield measured(f"fit, {self.epochs} epochs", ("fit",), ALLOWED, [self.case], self.fit)
        yield checked("fit, its defaults", ("fit",), self.defaults)
        yield checked("fit, its callback", ("fit",), self.callback)

    @property
    def epochs(self) -> int:
        """The number of epochs to compare: with a stop rule, two measurements or more."""
        stop = self.network.spec.training.stop
        return EPOCHS if stop is None else max(EPOCHS_TO_STOP, min(2 * stop.every, MAX_EPOCHS))

    def gradients(self) -> Iterator[Array]:
        """Gradients for steps, shape ``(size,)``, at random parameters and examples."""
        random = np.random.default_rng(5)
        start = narrowed(np.array(self.network.pack(self.network.init())), self.dtype)
        positive = variances(" ".join(self.plan.layout), self.calls.shapes)
        for seed in range(STEPS):
            flat = start + random.normal(scale=0.5, size=len(start))
            params = self.network.unpack(np.where(positive, np.abs(flat), flat).tolist())
            x, y = self.calls.draw(1, self.kind, seed)
            yield narrowed(np.array(self.network.pack(self.network.gradient(params, x, y)[1])), self.dtype)

    def steps(self, case: Case) -> Distance:
        """The parameters after each step."""
        self.calls.start(case.flat)
        expected = self.network.unpack(case.flat.tolist())
        state = self.network.init_state(expected)
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
        return Case(self.case.flat, *self.calls.draw(count, self.kind))

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
            others, losses = fit(rounded(spec, self.dtype, random), beside(data.flat, self.dtype, random))
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
        """The fault of the callback, if any: it must get each epoch, and be able to end training.

        With ``progress`` it must be able to continue training, too; without, it gets the parameters and no more.
        """
        data, progress = self.examples(), self.calls.child.declared.progress
        start, settings = self.calls.params(data.flat), [value(max(9, self.epochs)), value(4), value(7)]
        expected, losses, _ = self.calls.fit(start, data, *settings)
        ended, history, calls = self.calls.fit(start, data, *settings, callback(2))
        if [call[:2] for call in calls] != [[epoch, loss] for epoch, loss in enumerate(history)]:
            return "it does not get the number and the loss of each epoch"
        given = f"the epoch, the loss, the parameters{' and the progress' if progress else ', and nothing else'}"
        if any(call[2] != 3 + progress for call in calls):
            return f"it does not get {given}"
        early = self.network.spec.training.stop is not None and len(history) < 3
        if len(history) != 3 and not early:
            return f"it stopped training after 3 epochs, but there were {len(history)}"
        if not progress:
            return self.kept_parameters(data, ended)
        ended, rest, _ = self.calls.fit(kept("callback", 0), data, *settings, progress=kept("callback", 1))
        same = np.array_equal(ended, expected, equal_nan=True) and history + rest == losses
        return "" if same else "training that continues after it is not the same as without a break"

    def kept_parameters(self, data: Case, ended: Array) -> str:
        """The fault of the parameters that the last callback got: without a stop rule, ``fit`` returns the same."""
        if self.network.spec.training.stop is not None:
            return ""
        x = self.calls.examples(data)[0]
        given, expected = (
            np.array(self.calls.call("forward", params, x).result, np.float64)
            for params in (kept("callback", 0), self.calls.params(ended))
        )
        return "" if np.array_equal(given, expected, equal_nan=True) else "it does not get the parameters of its epoch"
