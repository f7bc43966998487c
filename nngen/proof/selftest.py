"""The numbers of a module's self-test, computed by the reference for ``nngen build --selftest``.

NumPy and the reference are imported late, so that other builds do not wait for them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nngen.description.model import Spec
from nngen.plan import Plan
from nngen.proof.raw_rows import answer, cells, members, raw_rows
from nngen.targets import SelfTest

if TYPE_CHECKING:
    from nngen.proof.reference import Encoder

STEPS = 3
"""The number of examples and of training steps."""

MAX_NUMBERS = 300
"""The most parameters that are listed one by one. With more, a page would be mostly numbers."""

MAX_TESTED = 1_000_000
"""The most parameters of a network with a self-test. The reference needs seconds and some hundred megabytes."""

DIGITS = 10
"""Significant digits of a number. Platforms agree in these, so that the same spec gives the same page."""

SENSITIVE = 1e-10
"""The largest change of a number by rounding: a tenth of the page's tolerance."""


SEEDS = range(1, 21)
"""Seeds to try until some example has a gradient. The perceptron's rule has none if the answer is right."""


class SelfTestError(ValueError):
    """The reason why a network cannot have a self-test."""


def module_numbers(plan: Plan, spec: Spec, folder: Path, target: str, sensitive: bool) -> SelfTest:
    """The numbers of the self-test of a module, for ``nngen.targets.texts``; the file of data is named from ``folder``.

    Raises:
        SelfTestError: the network cannot have a self-test.
    """
    if plan.encoding is None or not plan.encoding.predicts:
        return selftest(plan, spec, target, sensitive=sensitive)
    from nngen.description.data import measures, training_columns
    from nngen.proof.reference import Encoder

    columns = training_columns(spec, folder) if measures(spec) else ({},)
    return selftest(plan, spec, target, Encoder(spec, *columns), sensitive=sensitive)


def selftest(
    plan: Plan, spec: Spec, target: str, encoder: "Encoder | None" = None, *, sensitive: bool = False
) -> SelfTest:
    """Run the reference on examples that the page can draw, too; ``numpy`` takes two at a time.

    A page that is ``sensitive`` has derivatives with respect to the inputs.

    Raises:
        SelfTestError: the network is too large, a number overflows, or rounding changes it too much.
    """
    import numpy as np

    from nngen.proof.reference import Array, Network, bits, nearer_to_zero, uniform

    if plan.size > MAX_TESTED:
        raise SelfTestError(
            f"a self-test takes networks of at most {MAX_TESTED:,} parameters; this one has {plan.size:,}"
        )
    network, sums = Network(spec), plan.size > MAX_NUMBERS
    raw = raw_rows(plan.encoding) if plan.encoding is not None and encoder is not None else []
    count = 2 if target == "numpy" else 1
    inputs, outputs = len(plan.inputs), len(plan.output.units)

    def row(values: Sequence[float] | Array) -> Array:
        flat = np.ravel(np.asarray(values, np.float64))
        if sums:
            signs = [np.where(bits(k, np.arange(len(flat))) & np.uint64(1), 1.0, -1.0) for k in range(4)]
            flat = np.array([flat @ sign for sign in signs])
        return flat

    def examples(seed: int) -> Iterator[tuple[Array, Array]]:
        for k in range(STEPS):
            x = (2.0 * uniform(seed + 1 + k, np.arange(count * inputs)) - 1.0).reshape(count, inputs)
            for place, index in enumerate(plan.indices):
                x[:, place] = np.floor((x[:, place] + 1.0) / 2.0 * index.count)
            if plan.loss.distribution:
                yield x, np.eye(outputs)[(np.arange(count) + k) % outputs]
            else:
                odd = (np.arange(count * outputs) + k) % 2
                yield x, np.where(odd, 1.0, plan.loss.negative_target).reshape(count, outputs)

    def start(seed: int) -> list[Array]:
        flat = np.array(network.pack(network.init(seed))) + 0.2 * uniform(seed, np.arange(plan.size)) - 0.1
        return network.unpack(flat.tolist())

    def learns(seed: int) -> bool:
        return any(np.any(g) for x, y in examples(seed) for g in network.gradient(start(seed), x, y)[1])

    def tested(network: Network) -> Iterator[Array]:
        first = start(seed)
        params, state = first, network.init_state(first)
        for x, y in examples(seed):
            loss, gradient = network.gradient(first, x, y)
            yield from (row(network.forward(first, x)), np.array([loss]), row(network.pack(gradient)))
            if sensitive:
                yield from (row(network.input_gradient(first, x, y)[1]), row(network.jacobian(first, x)))
            params, state = network.step(params, gradient, state)
        yield row(network.pack(params))
        for values in raw:
            assert encoder is not None  # noqa: S101 (otherwise there are no such rows)
            x = encoder.encode({name: [value] for name, value in values.items()})
            yield row(x)
            yield np.array(answer(network.forward(first, x), plan, encoder))

    with np.errstate(all="ignore"):  # numbers that overflow are refused below
        seed = next(filter(learns, SEEDS), SEEDS[0])
        rows = list(tested(network))
        rounded = tested(Network(spec, lambda a: nearer_to_zero(a, 1.0, 2.0**-52)))
        for expected, other in zip(rows, rounded, strict=True):
            if np.any(np.abs(other - expected) > SENSITIVE * (1.0 + np.abs(expected))):
                raise SelfTestError("the numbers of the self-test depend on how activations are rounded")
    numbers = tuple(tuple(map(written, values.tolist())) for values in rows)
    nothing = "null" if target == "javascript" else "None"
    rows_of_data = tuple(cells(values, nothing) for values in raw)
    assigned = tuple(members(values, plan) for values in raw)
    return SelfTest(seed, numbers, sums, STEPS, rows_of_data, assigned)


def written(value: float) -> str:
    """A number as a page writes it.

    Raises:
        SelfTestError: it is infinite or NaN.
    """
    if value - value != 0.0:
        raise SelfTestError("the numbers of the self-test overflow")
    return repr(float(f"{value + 0.0:.{DIGITS}g}"))
