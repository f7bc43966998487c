"""Checks that need a spec: the module against the reference."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from nngen.plan import Plan
from nngen.proof.reference import Array, Network
from nngen.proof.verify import contract
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.cases import Case, cases, narrowed
from nngen.proof.verify.child import Declared, rows, value
from nngen.proof.verify.rows import OPEN, RIGHT, WRONG, Row, measured
from nngen.proof.verify.training import TrainingJudge
from nngen.proof.verify.ulps import ALLOWED, SENSITIVE, Distance, beside, distance, rounded, shaped

ALLOWED_EXTREME = 2.0**20
"""Allowed distance for extreme inputs. The sine of a sum of thousands loses these digits; the largest was 26,931."""

SEEDS = (None, 0, 5, 2**32 - 1)


class Judge:
    """Compares a module with the reference. The plan knows the targets of the loss and the scaling of data."""

    def __init__(self, calls: Calls, network: Network, plan: Plan) -> None:
        self.calls, self.network, self.plan = calls, network, plan
        self.dtype = calls.child.code.dtype
        self.kind = plan.loss.target_kind
        start = np.array(network.pack(network.init()))
        layout, sizes = " ".join(plan.layout), (calls.inputs, calls.outputs)
        planned = list(cases(start, layout, calls.shapes, *sizes, self.kind, self.dtype, calls.ids))
        self.usual = calls.of([case for case in planned if not case.extreme])
        seeds = tuple(range(5, 8)) if plan.has_dropout else ()
        several = [replace(case, seeds=seeds) for case in planned if not case.extreme]
        self.training = several if plan.needs_batch else calls.of(several)
        self.extreme = calls.of([case for case in planned if case.extreme])
        self.start = narrowed(start, self.dtype)
        self.training_judge = TrainingJudge(calls, network, plan, self.usual[0])

    def rows(self) -> Iterator[Row]:
        """The rows of all checks, as far as the module has their functions."""
        calls, cases, declared = self.calls, self.usual, self.calls.child.start()
        if declared.has("init"):
            yield measured("init", ("init",), 0.0, cases[:1], self.init)
        yield measured("forward", ("forward",), ALLOWED, cases, self.forward)
        if declared.has("loss", "gradient"):
            yield measured("loss", ("gradient", "loss"), ALLOWED, cases, self.loss)
            yield measured("gradient", ("gradient",), ALLOWED, cases, self.gradient)
            yield contract.differences(calls, self.start, self.kind, self.dtype)
        yield measured("extreme inputs, outputs", ("forward",), ALLOWED_EXTREME, self.extreme, self.forward)
        if declared.has("loss", "gradient"):
            yield measured("extreme inputs, gradient", ("gradient",), ALLOWED_EXTREME, self.extreme, self.gradient)
            if self.plan.needs_batch:
                yield self.in_training("batch_gradient", "batch_gradient")
            elif self.plan.has_dropout:
                yield self.in_training("gradient, with dropout", "gradient")
        if declared.has("input_gradient", "jacobian"):
            yield measured("input_gradient", ("input_gradient",), ALLOWED, cases, self.input_gradient)
            yield measured("jacobian", ("jacobian",), ALLOWED, cases, self.jacobian)
        yield from self.training_judge.rows()
        if self.plan.scaling and declared.has("scale"):
            yield measured("scale", ("scale",), 1.0, cases[:1], self.scale)
        yield from contract.rows(calls, self.usual[0], self.kind, self.dtype)

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

    def input_gradient(self, case: Case) -> Distance:
        """The loss and its derivatives with respect to the inputs that are numbers."""
        with np.errstate(all="ignore"):
            loss, expected = self.network.input_gradient(self.params(case), case.x, case.y)
            actual, slopes = self.calls.input_gradient(case)
        return self.furthest([np.array([actual]), slopes], [np.array([loss]), expected])

    def jacobian(self, case: Case) -> Distance:
        """The derivatives of the outputs with respect to these inputs."""
        with np.errstate(all="ignore"):
            return distance(self.calls.jacobian(case), self.network.jacobian(self.params(case), case.x), self.dtype)

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
        spec, dtype = self.network.spec, self.dtype
        moved = (self.expected(case, beside(case.flat, dtype, random), rounded(spec, dtype, random)) for _ in range(2))
        return all(self.furthest(found, meant).ulps <= SENSITIVE for found in moved)

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
    """Check that PARAMETERS and, if the module has it, LAYOUT are those of the spec."""
    what = "PARAMETERS" if declared.layout is None else "PARAMETERS, LAYOUT"
    if declared.layout not in (layout, None):
        return Row(what, None, None, WRONG, "LAYOUT differs from the spec")
    if declared.parameters != list(names):
        return Row(what, None, None, WRONG, "PARAMETERS differs from the spec")
    return Row(what, None, None, RIGHT)
