"""What a module states itself: here that of a small network, which the source runs with. It is never printed."""

from nngen.runtime.kit import (
    U32,
    Bounds,
    ByInputs,
    Inputs,
    Num,
    Outputs,
    Params,
    Products,
    Row,
    Size,
    State,
    add_products,
    refuse,
)
from nngen.runtime.network import (
    CHECKS,
    COPIES,
    COUNTS_EPOCHS,
    DESCENDS,
    DROPOUT,
    EXAMPLE_WEIGHTS,
    FAILS,
    IDS,
    LATER,
    LAZY,
    MEASURED_BEFORE,
    OWN_WEIGHT,
    REMEMBERS,
    UNTYPED_SEEDS,
    WEIGHED,
)
from nngen.runtime.random_numbers import _keep
from nngen.runtime.weights import _check_weight


def forward(params: Params, x: Inputs) -> Outputs:
    """The outputs of one example, in which an id may be wrong."""
    if IDS and x[0] < 0.0:
        refuse("id", "a whole number from 0 to below the number of its rows")
    return [w * x[0] for w in params]


def encode(row: Row) -> Inputs:
    """The inputs of the network for a row of the data, in which each cell may be wrong."""
    if len(row) == 0:
        refuse("x", "a value, but the value is missing")
    return [float(str(cell)) for cell in row]


def scale(x: Inputs) -> Inputs:
    """The inputs of the network, from the numbers of the data."""
    return [value / 2.0 for value in x]


def _bounds(outputs: Outputs) -> Bounds:
    """The lower and the upper bound of each answer."""
    return [outputs[0] - 1.5, outputs[0] + 1.5]


def jacobian(params: Params, x: Inputs) -> ByInputs:
    """The derivative of each output with respect to each input, in which an id may be wrong."""
    if IDS and x[0] < 0.0:
        refuse("id", "a whole number from 0 to below the number of its rows")
    return [[w * x[0]] for w in params]


def _scores(params: Params, x: Inputs) -> ByInputs:
    """The same of each output before its activation."""
    if IDS and x[0] < 0.0:
        refuse("id", "a whole number from 0 to below the number of its rows")
    return [[w * x[0]] for w in params]


def _add_gradient(
    params: Params,
    x: Inputs,
    y: Outputs,
    weight: Num,
    seed: U32 | None,
    slopes: Params | None,
    products: Products | None = None,
    factor: Num = 1.0,
) -> Num:
    """The loss of one example; its derivatives, times a factor, are added to the slopes, if there are any."""
    if FAILS and y[0] < -1e100:
        refuse("y", "targets that are larger")
    error = params[0] * x[0] + params[1] - y[0]
    if DROPOUT:
        error = error * _keep(seed, 0, 0.5)
    if WEIGHED:
        error = error * weight
    slope = 2.0 * error
    if DESCENDS:
        slope = factor * slope
    if LATER and products is not None:
        add_products(products)
    if slopes is not None:
        slopes[0] += slope * x[0]
        slopes[1] += slope
    return error * error


def batch_gradient(
    params: Params,
    xs: list[Inputs],
    ys: list[Outputs],
    weights: list[Num] | None = None,
    seeds: list[U32] | None = None,
    training: bool = True,
    with_slopes: bool = True,
) -> tuple[Num, Params, Params]:
    """The loss of a batch, its derivatives unless a language can leave them out, and the parameters after it."""
    slopes = [0.0 for _ in params]
    after = list(params)
    total = 0.0
    for k in range(len(xs)):
        weight = 1.0
        seed = None
        if EXAMPLE_WEIGHTS and weights is not None:
            weight = weights[k]
        if DROPOUT and seeds is not None:
            seed = seeds[k]
        total += _add_gradient(params, xs[k], ys[k], weight, seed, slopes)
    if COPIES and not with_slopes:
        return total, [], params
    if training:
        after[0] = 0.9 * params[0]
    if len(xs) == 0:
        refuse("xs", "at least 1")
    return total, slopes, after


def _check_targets(targets: Outputs) -> None:
    """Refuse targets that the loss does not accept."""
    if targets[0] < -1e100:
        refuse("y", "targets that are larger")


def _class_weight(y: list[Num]) -> Num:
    """What an example of a class counts."""
    return y[0]


def _check_example(params: Params, x: Inputs, y: Outputs, weight: Num) -> None:
    """Refuse an example of other sizes."""
    if len(params) != 2 or len(x) != 1 or len(y) != 1:
        refuse("x", "a list of 1")
    if CHECKS and OWN_WEIGHT:
        _check_weight(weight)


def _check_examples(params: Params, xs: list[Inputs], ys: list[Outputs], seed: U32 | None) -> None:
    """Refuse examples of other sizes."""
    for k in range(len(xs)):
        _check_example(params, xs[k], ys[k], 1.0)
    if UNTYPED_SEEDS and seed is not None and seed % 1 != 0:
        refuse("seed", "a whole number")


def _ends(measured: Num, best: Num, since: Num) -> bool:
    """Whether the stop rule ends training. Languages write the condition itself."""
    if COUNTS_EPOCHS and since > 20.0:
        return True
    return MEASURED_BEFORE and (measured < 0.01 or measured > 2.0 * best)


def _size_of(params: Params, xs: list[Inputs], ys: list[Outputs], size: Size | None, seed: U32 | None) -> int:
    """The examples of a step; those of other sizes are refused."""
    if CHECKS:
        _check_examples(params, xs, ys, seed)
    if len(xs) != len(ys):
        refuse("xs", "as many as ys")
    return len(xs) if size is None else size


def init_state() -> State:
    """The state before the first step."""
    return State()


def _update(params: Params, slopes: Params, state: State, places: list[int]) -> None:
    """A step of the parameters at some places, or of all."""
    if LAZY:
        state.slots = [list(slopes)]
        for i in places:
            params[i] -= 0.1 * slopes[i]
    else:
        if REMEMBERS:
            state.slots = [list(slopes)]
        for i in range(len(params)):
            params[i] -= 0.1 * slopes[i]
