"""The numbers of a module's self-test, which the reference gives: what ``nngen build --selftest`` writes.

NumPy and the reference are imported where they are needed, so that other builds do not wait for them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nngen.plan import Plan
from nngen.spec import Spec

STEPS = 3
"""Examples, and steps of training by them."""

MAX_NUMBERS = 300
"""The most parameters that are written out one by one; of more, a page would be mostly numbers."""

DIGITS = 10
"""Digits of a number: those of which platforms agree, so that the same spec gives the same page."""


SEEDS = range(1, 21)
"""Seeds that are tried until the examples have a gradient: the perceptron's rule learns nothing where it is right."""


@dataclass(frozen=True)
class SelfTest:
    """What a page compares itself with: rows of numbers, of what it draws by a seed.

    For each example they are its outputs, the loss and the gradient, all of the same parameters, and at the end the
    parameters after a step by each gradient. With ``sums``, four sums with random signs stand for each such list.
    """

    seed: int
    rows: tuple[tuple[str, ...], ...]
    sums: bool
    steps: int = STEPS


def selftest(plan: Plan, spec: Spec, target: str) -> SelfTest:
    """Run the reference on the examples that the page draws by its own generator.

    Args:
        plan: the plan of the spec, for its size and its targets.
        spec: the spec.
        target: a name in ``TARGETS``: ``numpy`` takes two examples at a time.

    Raises:
        OverflowError: a number is infinite or NaN.
    """
    import numpy as np

    from nngen.reference import Array, Network, bits, uniform

    network, sums = Network(spec), plan.size > MAX_NUMBERS
    count = 2 if target == "numpy" else 1
    inputs, outputs = len(plan.inputs), len(plan.output.units)

    def row(values: Sequence[float] | Array) -> tuple[str, ...]:
        flat = np.ravel(np.asarray(values, np.float64))
        if sums:
            signs = [np.where(bits(k, np.arange(len(flat))) & np.uint64(1), 1.0, -1.0) for k in range(4)]
            flat = np.array([flat @ sign for sign in signs])
        return tuple(map(written, flat.tolist()))

    def examples(seed: int) -> Iterator[tuple[Array, Array]]:
        for k in range(STEPS):
            x = (2.0 * uniform(seed + 1 + k, np.arange(count * inputs)) - 1.0).reshape(count, inputs)
            if plan.loss.distribution:
                yield x, np.eye(outputs)[(np.arange(count) + k) % outputs]
            else:
                odd = (np.arange(count * outputs) + k) % 2
                yield x, np.where(odd, 1.0, plan.loss.no).reshape(count, outputs)

    def start(seed: int) -> list[Array]:
        flat = np.array(network.pack(network.init(seed))) + 0.2 * uniform(seed, np.arange(plan.size)) - 0.1
        return network.unpack(flat.tolist())

    def learns(seed: int) -> bool:
        return any(np.any(g) for x, y in examples(seed) for g in network.gradient(start(seed), x, y)[1])

    with np.errstate(all="ignore"):  # what overflows is refused
        seed = next(filter(learns, SEEDS), SEEDS[0])
        first, rows = start(seed), list[tuple[str, ...]]()
        params, state = first, network.init_state(first)
        for x, y in examples(seed):
            loss, gradient = network.gradient(first, x, y)
            rows += [row(network.forward(first, x)), (written(loss),), row(network.pack(gradient))]
            params, state = network.step(params, gradient, state)
    return SelfTest(seed, (*rows, row(network.pack(params))), sums)


def written(value: float) -> str:
    """A number as it stands in a page.

    Raises:
        OverflowError: it is infinite or NaN.
    """
    if value - value != 0.0:
        raise OverflowError("the numbers of the self-test overflow")
    return repr(float(f"{value + 0.0:.{DIGITS}g}"))
