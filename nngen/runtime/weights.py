"""What each example counts."""

from nngen.runtime.kit import Num, filled, refuse
from nngen.runtime.numbers import _sum


def _weights_of(weights: list[Num] | None, count: int) -> list[Num]:
    """The weights of all examples: 1 for each if there are none."""
    if weights is None:
        return filled(count, Num(1.0))
    if len(weights) != count:
        refuse("weights", "a weight for each example")
    for weight in weights:
        _check_weight(weight)
    return weights


def _check_weight(weight: Num) -> None:
    """Refuse the weight of an example that is negative or not finite."""
    if not (weight >= 0.0 and weight < 1e18):
        refuse("weight", "a weight of at least 0 and less than 1e18")


def _whole_of(weights: list[Num]) -> Num:
    """The sum of the weights of a batch."""
    total = _sum(weights)
    if total > 0.0:
        return total
    refuse("weights", "weights that do not sum to 0 over a batch")
