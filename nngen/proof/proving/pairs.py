"""Bounds of two rows that differ in one column: of both, and of how far they are apart in each layer.

The differences follow Paulsen, Wang and Wang, *ReluDiff: differential verification of deep neural networks* (ICSE
2020), here for two rows of one network. The bounds of a single pair are its two answers.
"""

import numpy as np

from nngen.integers import Integers
from nngen.proof.proving.bounds import Bools, Ends, Reached, Weights
from nngen.proof.proving.questions import Question

MOST_CLASSES = 50
"""Each two classes are compared: 50 make 1,225 sums."""


class Pairs:
    """The bounds of a network, prepared for a property of walks along a column: monotone or equal."""

    def __init__(self, network: Integers, asked: Question) -> None:
        self.network, self.asked = network, asked
        self.hidden = [(Weights(layer.weights, layer.biases), Reached(layer)) for layer in network.hidden]
        output = network.output
        weights, biases = [np.array(w) for w in output.weights], np.array(output.biases)
        self.later, self.earlier = np.array([1]), np.array([0])
        if output.threshold is not None:
            biases = biases - output.threshold
        elif network.classes:  # by how much the sum of a later class is above that of an earlier one
            self.later, self.earlier = np.tril_indices(output.units, -1)
            weights = [w[self.later] - w[self.earlier] for w in weights]
            biases = biases[self.later] - biases[self.earlier]
        self.output = Weights(weights, biases)

    def holding(self, before: Ends, after: Ends, apart: Ends) -> Bools:
        """Which boxes of pairs keep the property, where the bounds say so: ``(boxes,)``."""
        network, asked = self.network, self.asked
        known = [{network.inputs.name: ends} for ends in (before, after, apart)]
        for layer, (weights, reached) in zip(network.hidden, self.hidden, strict=True):
            sums = _tight(*(weights.sums(layer, one, apart=one is known[2]) for one in known))
            values = reached(sums[0]), reached(sums[1])
            for one, ends in zip(known, _tight(*values, reached.apart(*sums)), strict=True):
                one[layer.name] = ends
        sums = _tight(*(self.output.sums(network.output, one, apart=one is known[2]) for one in known))
        if not network.classes:
            ends_of = [Ends(low[:, asked.output], high[:, asked.output]) for low, high in sums]
            answer = Reached(network.output.answers[asked.output])
            low, high = _tight(answer(ends_of[0]), answer(ends_of[1]), answer.apart(*ends_of))[2]
            falls, rises = np.asarray(low < 0), np.asarray(high > 0)
        else:
            lost, lost_then = (self._lost(ends) for ends in sums[:2])
            later, earlier, (low, high) = self.later, self.earlier, sums[2]
            falls = np.asarray((~lost[:, later] & ~lost_then[:, earlier] & (low < 0)).any(axis=1))
            rises = np.asarray((~lost[:, earlier] & ~lost_then[:, later] & (high > 0)).any(axis=1))
        if asked.kind == "equal":
            return ~(falls | rises)
        return ~(falls if asked.rises else rises)

    def _lost(self, above: Ends) -> Bools:
        """Which classes another one is before, ``(boxes, classes)``; at a tie, the first class is the answer."""
        lost = [
            (above.high[:, self.later == k] <= 0).any(axis=1) | (above.low[:, self.earlier == k] > 0).any(axis=1)
            for k in range(self.later.max() + 1)
        ]
        return np.stack(lost, axis=1)


def _tight(before: Ends, after: Ends, apart: Ends) -> tuple[Ends, Ends, Ends]:
    """The same bounds, as each two of them say something of the third."""
    apart = apart.within(after.less(before))
    return before.within(after.less(apart)), after.within(before.plus(apart)), apart
