"""The loss of one example, and its derivatives."""

from nngen.runtime.kit import U32, Inputs, Num, Outputs, Params, no_slopes
from nngen.runtime.network import OWN_WEIGHT, SIZES, TOGETHER
from nngen.runtime.stated import _add_gradient, _check_example, batch_gradient


def loss(params: Params, x: Inputs, y: Outputs, weight: Num = 1.0) -> Num:
    """The SAYS_LOSS."""
    if SIZES:
        _check_example(params, x, y, weight)
    if TOGETHER:
        loss, _, _ = batch_gradient(params, [x], [y], [weight if OWN_WEIGHT else 1.0], None, False, False)
        return loss
    return _add_gradient(params, x, y, weight if OWN_WEIGHT else 1.0, None, None)


def gradient(params: Params, x: Inputs, y: Outputs, weight: Num = 1.0, seed: U32 | None = None) -> tuple[Num, Params]:
    """The SAYS_SLOPES."""
    if SIZES:
        _check_example(params, x, y, weight)
    if TOGETHER:
        loss, slopes, _ = batch_gradient(params, [x], [y], [weight if OWN_WEIGHT else 1.0], None, False)
        return loss, slopes
    slopes = no_slopes(params)
    loss = _add_gradient(params, x, y, weight if OWN_WEIGHT else 1.0, seed, slopes)
    return loss, slopes
