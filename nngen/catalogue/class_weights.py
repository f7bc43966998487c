"""How much an example counts: its own weight, that of its class, or the product of the two.

The weight of its class is the sum of the weights of all classes by their shares in the targets: an example of one class
counts as much as that class does (for two classes: King and Zeng, Political Analysis 9, 2001).
"""

import math

from nngen.catalogue.losses import Loss
from nngen.formulas import Formula, computation


def class_weight(outputs: int, no: float) -> Formula:
    """What the class of an example weighs.

    Args:
        outputs: how many there are. With several, the formula is a term for each, in which ``c`` is the weight of its
            class; with a single one it is all, with ``c0`` and ``c1`` for its two classes.
        no: the target for what an example is not, 0 or -1; for what it is, it is 1.
    """
    if outputs > 1:
        return Formula("c * y" if no == 0.0 else "c * (1.0 + y) / 2.0")
    return Formula("c0 * (1.0 - y) + c1 * y" if no == 0.0 else "c0 * (1.0 - y) / 2.0 + c1 * (1.0 + y) / 2.0")


def class_weight_of(y: tuple[float, ...], weights: tuple[float, ...], no: float) -> float:
    """What the class of an example with the targets ``y`` weighs; ``weights`` are those of the classes."""
    term = class_weight(len(y), no)
    if len(y) == 1:
        return computation(term, "y", "c0", "c1")(y[0], *weights)[0]
    compute = computation(term, "y", "c")
    return sum(compute(target, weight)[0] for target, weight in zip(y, weights, strict=True))


def names_classes(loss: Loss) -> bool:
    """Whether the targets of a loss name classes: they lie between ``no`` and 1, and both ends are targets."""
    accepts = computation(Formula(loss.target), "y")
    ends, beyond = (loss.no, 1.0), (math.nextafter(loss.no, -math.inf), math.nextafter(1.0, math.inf))
    return all(accepts(y)[0] for y in ends) and not any(accepts(y)[0] for y in beyond)
