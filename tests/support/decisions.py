"""The class that the outputs of an example stand for."""

from collections.abc import Sequence


def decide(outputs: Sequence[float], negative_target: float = 0.0) -> int:
    """The index of the largest output; of a single output, whether it is nearer to 1 than to the other target."""
    if len(outputs) > 1:
        return max(range(len(outputs)), key=lambda i: float(outputs[i]))
    return int(outputs[0] > (1.0 + negative_target) / 2.0)
