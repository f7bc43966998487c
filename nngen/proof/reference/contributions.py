"""How much each column moves the answer to a row away from that to a typical row, by integrated gradients."""

from collections.abc import Sequence

import numpy as np

from nngen.description.model import Categorical, Column, Dated
from nngen.proof.reference.encoding import Encoder, Table
from nngen.proof.reference.engine import Network
from nngen.proof.reference.generator import Array


def contributions(
    network: Network,
    encoder: Encoder,
    params: Sequence[Array],
    rows: Table,
    *,
    classes: bool,
    threshold: float = 0.5,
    most: int = 1_024,
) -> dict[str, Array]:
    """The contributions of each column, ``(n, answers)``; a classifier's are to the output of its answer.

    They are the integral of the derivatives on the straight way between the inputs of the two rows, times their
    distance (Sundararajan et al., ICML 2017).

    Args:
        network: the network.
        encoder: how rows become inputs, and outputs answers.
        params: its parameters.
        rows: the rows.
        classes: whether an answer is a class.
        threshold: for one output and two classes, an output above it means the second class.
        most: the most midpoints.
    """
    x, start = encoder.encode(rows), encoder.typical()
    outputs = network.forward(params, x)
    count = outputs.shape[1]
    signs, places = np.ones(len(x)), np.arange(count)[None].repeat(len(x), axis=0)
    if classes and count > 1:
        places = outputs.argmax(axis=1)[:, None]
    elif classes:
        signs = np.where(outputs[:, 0] > threshold, 1.0, -1.0)
    units = np.ones(count) if classes else encoder.units
    moves = [
        [sign * units[k] * _integral(network, params, start[0], row, k, most) for k in chosen]
        for row, chosen, sign in zip(x, places.tolist(), signs, strict=True)
    ]
    ends = np.cumsum([0, *map(_inputs, encoder.columns)])
    found = np.reshape(np.array(moves), (len(x), places.shape[1], -1))
    names = [str(column.column) for column in encoder.columns]
    return {name: found[:, :, a:b].sum(axis=2) for name, a, b in zip(names, ends[:-1], ends[1:], strict=True)}


def _integral(network: Network, params: Sequence[Array], start: Array, end: Array, k: int, most: int) -> Array:
    """What each input adds to the difference of an output, by midpoints: 16, 32, ... up to the most."""
    first, last = network.forward(params, np.array([start, end]))[:, k]
    for steps in 2 ** np.arange(4, int(np.log2(most)) + 1):
        way = (2.0 * np.arange(steps) + 1.0) / (2.0 * steps)
        slopes = network.jacobian(params, start + np.outer(way, end - start))[:, k]
        parts: Array = slopes.sum(axis=0) / steps * (end - start)
        if np.abs(parts.sum() - (last - first)) <= np.maximum(np.abs(last - first) / 100.0, 1e-6):
            break
    return parts


def _inputs(column: Column) -> int:
    """The number of inputs of a column."""
    if isinstance(column, Categorical):
        count = len(column.categories)
    elif isinstance(column, Dated):  # each part that is no number is a point on a circle
        count = 2 * len(column.parts) - len(column.numbers)
    else:
        count = 1
    return count + bool(getattr(column, "indicator", False))
