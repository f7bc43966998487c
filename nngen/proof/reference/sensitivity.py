"""How the answers to rows of the data change with each column of numbers."""

from collections.abc import Sequence

import numpy as np

from nngen.description.model import Numeric
from nngen.proof.reference.encoding import Encoder, Table
from nngen.proof.reference.engine import Network
from nngen.proof.reference.generator import Array


def sensitivity(
    network: Network, encoder: Encoder, params: Sequence[Array], rows: Table, *, classes: bool, threshold: float = 0.5
) -> dict[str, Array]:
    """The derivatives with respect to each column of numbers, ``(n, answers)``, of a classifier for its answer.

    These are two: of its score, which is the output before its activation, and of the output, its probability.

    Args:
        network: the network.
        encoder: how rows become inputs, and outputs answers.
        params: its parameters.
        rows: the rows.
        classes: whether an answer is a class.
        threshold: for one output and two classes, an output above it means the second class.
    """
    x = encoder.encode(rows)
    outputs, slopes = network.forward(params, x), network.jacobian(params, x)
    if classes:
        scores, each = network.jacobian(params, x, scores=True), np.arange(len(x))
        if outputs.shape[1] == 1:
            sign = np.where(outputs > threshold, 1.0, -1.0)
            slopes = np.stack([sign * scores[:, 0], sign * slopes[:, 0]], axis=1)
        else:
            chosen = outputs.argmax(axis=1)
            slopes = np.stack([scores[each, chosen], slopes[each, chosen]], axis=1)
    else:
        slopes = slopes * encoder.answer_rates(outputs)[:, :, np.newaxis]
    names = network.spec.numbers
    columns = [column for column in network.spec.columns if isinstance(column, Numeric)]
    return {
        str(one.column): slopes[:, :, names.index(one.name)] * encoder.rates(one, rows)[:, np.newaxis]
        for one in columns
    }
