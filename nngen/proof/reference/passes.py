"""The forward and the backward pass, with loops over the layers.

A layer computes ``z = b + sum of W @ a`` over its sources, and ``a = activation(z)``. In the backward pass, ``da`` and
``dz`` are the derivatives of the loss with respect to ``a`` and ``z`` (Rumelhart, Hinton and Williams, Nature 323,
1986).
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from nngen.description.model import Layer, Spec
from nngen.proof.reference.generator import Array
from nngen.proof.reference.kinds import combined, one_hot, shared_out
from nngen.proof.reference.layers import Rounding, Trace, after, ahead, back, parameters
from nngen.proof.reference.losses import output_error, terms
from nngen.proof.reference.normalization import keep
from nngen.proof.reference.parameters import Parameters
from nngen.proof.reference.penalties import penalty, penalty_slope
from nngen.proof.reference.weights import shares


def batch_of(values: ArrayLike, width: int) -> Array:
    """Examples as an array.

    Raises:
        ValueError: the shape is not ``(n, width)``.
    """
    rows = np.asarray(values, np.float64)
    if rows.ndim != 2 or rows.shape[1] != width:
        raise ValueError(f"expected the shape (n, {width}), got {rows.shape}")
    return rows


def _across(layer: Layer, weights: Array) -> Array:
    """Weights with a row for each unit as weights with a row for each value of the source, or back again.

    Embeddings have a row for each value of the source anyway.
    """
    return weights if layer.kind == "embedding" else weights.T


class Passes(Parameters):
    """The outputs, the loss and the gradient of a network."""

    def __init__(self, spec: Spec, rounding: Rounding = lambda activations: activations) -> None:
        super().__init__(spec)
        self._rounding = rounding

    def _run(
        self, params: Sequence[Array], x: ArrayLike, seeds: ArrayLike | None = None, *, training: bool = False
    ) -> tuple[dict[str, Array], dict[str, Trace], list[Array]]:
        """The outputs of the input and of every layer, the traces of the layers, and the parameters afterwards."""
        x = batch_of(x, self._width)
        outputs = {self.spec.input_name: x[:, len(self._rows) :]}
        outputs |= {name: one_hot(ids, count) for (name, count), ids in zip(self._rows.items(), x.T, strict=False)}
        traces: dict[str, Trace] = {}
        moved: list[Array] = []
        following, dropped = iter(params), 0
        for layer, sources in self._layers:
            given = [outputs[source] for source in sources]
            weights = [next(following) for _ in sources if layer.weighted]
            if layer.weighted:
                z = sum((a @ _across(layer, w) for a, w in zip(given, weights, strict=True)), start=np.zeros(()))
            else:
                z = combined(layer.kind, given)
            biases = [next(following)] if layer.bias is not None else []
            norm_params = [next(following) for _ in parameters(layer)]
            mask = keep(layer.dropout, seeds, dropped, self._sizes[layer.name])
            dropped += self._sizes[layer.name] if layer.dropout is not None else 0
            trace = ahead(self.spec, layer, sum(biases, start=z), norm_params, mask, self._rounding, training=training)
            traces[layer.name], outputs[layer.name] = trace, trace.outputs
            moved += [*weights, *biases, *after(layer, trace, norm_params)]
        return outputs, traces, moved

    def forward(self, params: Sequence[Array], x: ArrayLike) -> Array:
        """The outputs, ``(n, outputs)``."""
        return self._run(params, x)[0][self._last.name]

    def _scale(self, y: Array, weights: ArrayLike | None) -> Array:
        """The factor of each example in the loss, ``(n, 1)``, from the reductions of ``spec.loss`` and the weights."""
        outputs = self._sizes[self._last.name] if self.spec.loss.outputs == "mean" else 1
        return shares(self.spec.loss, self._last, y, weights)[:, np.newaxis] / outputs

    def _reduced(self, z: Array, a: Array, y: Array, weights: ArrayLike | None) -> float:
        return float((terms(self.spec, self._last, z, a, y) * self._scale(y, weights)).sum())

    def loss(self, params: Sequence[Array], x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> float:
        """The loss, reduced over the outputs by ``loss.outputs`` and over the examples by ``loss.batch``."""
        outputs, traces, _ = self._run(params, x)
        a = outputs[self._last.name]
        z = traces[self._last.name].taken
        y = batch_of(y, a.shape[1])
        return self._reduced(z, a, y, weights) + self._penalty(params, self._used(outputs, y, weights))

    def gradient(
        self, params: Sequence[Array], x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None
    ) -> tuple[float, list[Array]]:
        """The loss and its derivatives with respect to the parameters; zeros for frozen ones."""
        return self.batch_gradient(params, x, y, weights=weights, training=False)[:2]

    def batch_gradient(
        self,
        params: Sequence[Array],
        x: ArrayLike,
        y: ArrayLike,
        seeds: ArrayLike | None = None,
        weights: ArrayLike | None = None,
        *,
        training: bool = True,
    ) -> tuple[float, list[Array], list[Array]]:
        """The loss, its derivatives, and the parameters with updated running statistics.

        Without ``training``, the running statistics are used in place of those of the batch, and stay unchanged. With a
        seed for each example there is dropout: unit k of the layers with dropout is dropped if random number k is below
        the rate.
        """
        outputs, traces, moved = self._run(params, x, seeds, training=training)
        y = batch_of(y, self._sizes[self._last.name])
        derivatives, _, _ = self._back(params, outputs, traces, y, weights)
        pairs = zip(derivatives, self._parameters, strict=True)
        whole = [d if p.trainable else np.zeros_like(d) for d, p in pairs]
        used = self._used(outputs, y, weights)
        for d, w, counts, factor in zip(whole, params, self._counts, used, strict=True):
            if counts:
                d += factor * penalty_slope(self.spec.training, w)
        z, a = traces[self._last.name].taken, outputs[self._last.name]
        return self._reduced(z, a, y, weights) + self._penalty(params, used), whole, moved

    def _back(
        self,
        params: Sequence[Array],
        outputs: Mapping[str, Array],
        traces: Mapping[str, Trace],
        y: Array,
        weights: ArrayLike | None,
    ) -> tuple[list[Array], dict[str, Array], dict[str, Array]]:
        """The derivatives with respect to the parameters, to the outputs of layers, and to their weighted sums.

        That of the network's outputs is 0: its error begins at the sums.
        """
        z, a = traces[self._last.name].taken, outputs[self._last.name]
        dz = output_error(self.spec, self._last, z, a, y) * self._scale(y, weights)
        da = {name: np.zeros_like(values) for name, values in outputs.items()}  # summed over the layers that it feeds
        by_sums: dict[str, Array] = {}
        derivatives: list[Array] = []
        preceding = reversed(params)
        for layer, sources in reversed(self._layers):
            norm_params = [next(preceding) for _ in parameters(layer)][::-1]
            error = dz if layer is self._last else da[layer.name]
            dz, by_norm_params = back(
                self.spec, layer, traces[layer.name], norm_params, error, taken=layer is self._last
            )
            by_sums[layer.name] = dz
            derivatives += reversed(by_norm_params)
            if layer.bias is not None:
                next(preceding)
                derivatives.append(dz.sum(axis=0))
            given = [outputs[source] for source in sources]
            if not layer.weighted:
                for source, slope in zip(sources, shared_out(layer.kind, given, dz), strict=True):
                    da[source] += slope
                continue
            for source in reversed(sources):
                derivatives.append(_across(layer, outputs[source].T @ dz))
                da[source] += dz @ _across(layer, next(preceding)).T
        return derivatives[::-1], da, by_sums

    def values(self, params: Sequence[Array], x: Array, y: Array) -> dict[str, dict[str, Array]]:
        """The values of one example, ``(inputs,)`` and ``(outputs,)``, by layer: ``z``, ``a``, ``da`` and ``dz``.

        The last layer has no ``da``.
        """
        outputs, traces, _ = self._run(params, x[np.newaxis])
        _, da, dz = self._back(params, outputs, traces, batch_of(y[np.newaxis], self._sizes[self._last.name]), None)
        found = {
            name: {"z": trace.taken[0], "a": outputs[name][0], "da": da[name][0], "dz": dz[name][0]}
            for name, trace in traces.items()
        }
        del found[self._last.name]["da"]
        return found

    @property
    def _counts(self) -> list[bool]:
        """Whether the penalty includes each parameter: trainable weights, and biases if the spec includes them."""
        chosen = self.spec.training.penalty
        return [chosen is not None and p.trainable and (len(p.shape) == 2 or chosen.biases) for p in self._parameters]

    def _used(self, outputs: Mapping[str, Array], y: Array, weights: ArrayLike | None) -> list[Array]:
        """The factor of the penalty of each parameter in a batch: it is part of each example's loss.

        These are averaged or summed. A row of an embedding is part of the loss only of the examples that select it.
        """
        loss = self.spec.loss
        by_example = {"sum": np.ones(len(y)), "mean": np.full(len(y), 1.0 / len(y))}.get(loss.batch)
        if by_example is None:
            by_example = shares(loss, self._last, y, weights)
        total = np.array(len(y) if loss.batch == "sum" else 1)
        return [(by_example @ outputs[p.ids])[:, np.newaxis] if p.ids else total for p in self._parameters]

    def _penalty(self, params: Sequence[Array], used: Sequence[Array]) -> float:
        triples = zip(params, self._counts, used, strict=True)
        return sum(float((factor * penalty(self.spec.training, w)).sum()) for w, on, factor in triples if on)
