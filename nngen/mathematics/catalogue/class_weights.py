"""Weights of classes: how much an example counts by its targets.

The weight of an example is the sum of the class weights, each times the share of its class in the targets. An example
of one class has the weight of that class (for two classes: King and Zeng, Political Analysis 9, 2001).
"""

import math

from nngen.mathematics.catalogue.loss import Loss
from nngen.mathematics.formulas import Formula, computation


def class_weight(outputs: int, negative_target: float) -> Formula:
    """The weight of an example, as a formula of its target ``y``.

    Args:
        outputs: the number of outputs. With several outputs, the weight is the sum of this formula over the outputs,
            where ``c`` is the weight of the output's class. With one output, ``c0`` and ``c1`` are the weights of its
            two classes.
        negative_target: the target of outputs whose class an example does not have, 0 or -1.
    """
    if outputs > 1:
        return Formula("c * y" if negative_target == 0.0 else "c * (1.0 + y) / 2.0")
    if negative_target == 0.0:
        return Formula("c0 * (1.0 - y) + c1 * y")
    return Formula("c0 * (1.0 - y) / 2.0 + c1 * (1.0 + y) / 2.0")


def class_weight_of(y: tuple[float, ...], weights: tuple[float, ...], negative_target: float) -> float:
    """The weight of an example with the targets ``y``, given the weights of the classes."""
    term = class_weight(len(y), negative_target)
    if len(y) == 1:
        return computation(term, "y", "c0", "c1")(y[0], *weights)[0]
    compute = computation(term, "y", "c")
    return sum(compute(target, weight)[0] for target, weight in zip(y, weights, strict=True))


def names_classes(loss: Loss) -> bool:
    """Whether the targets of a loss are classes: they lie between ``loss.negative_target`` and 1, both included."""
    low, high = loss.negative_target, 1.0
    accepts = computation(Formula(loss.target), "y")
    outside = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
    return all(accepts(y)[0] for y in (low, high)) and not any(accepts(y)[0] for y in outside)
