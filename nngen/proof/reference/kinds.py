"""The kinds of layers: what they compute from their sources, and the derivatives with respect to these.

An embedding is the weighted sum of a one-hot vector, whose only 1 stands at the id of the example.
"""

import numpy as np

from nngen.proof.reference.generator import Array


def one_hot(ids: Array, count: int) -> Array:
    """The one-hot vectors of some ids, ``(n, count)``.

    Raises:
        ValueError: an id is no whole number from 0 to count - 1.
    """
    chosen = np.asarray(ids[:, np.newaxis] == np.arange(count))
    if not chosen.any(axis=1).all():
        raise ValueError(f"expected whole numbers from 0 to {count - 1}")
    return chosen.astype(np.float64)


def combined(kind: str, values: list[Array]) -> Array:
    """The values of a layer without weights, ``(n, units)``, before its biases."""
    match kind:
        case "product":
            return np.asarray(values[0] * values[1])
        case "dot":
            return np.asarray(np.sum(values[0] * values[1], axis=1, keepdims=True))
        case "ratio":
            return np.asarray(values[0] / values[1])
        case "average":
            return np.asarray(np.mean(values, axis=0))
        case "maximum":
            return np.asarray(np.max(values, axis=0))
    return np.asarray(np.sum(values, axis=0))


def shared_out(kind: str, values: list[Array], dz: Array) -> list[Array]:
    """The derivative with respect to each of the values."""
    match kind:
        case "product" | "dot":
            return [dz * values[1], dz * values[0]]
        case "ratio":
            return [dz / values[1], -dz * values[0] / values[1] ** 2]
        case "maximum":  # at a tie the first one gets the slope
            first = np.argmax(values, axis=0) == 0
            return [dz * first, dz * ~first]
        case "average":
            return [dz / len(values)] * len(values)
    return [dz] * len(values)
