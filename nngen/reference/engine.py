"""The reference engine: it runs any spec in NumPy, in float64, with loops over its layers.

Generated modules are tested against it. It uses only the spec and is written from textbooks, so it cannot share a
mistake with the modules. A layer computes ``z = b + sum of W @ a`` over its sources, and ``a = activation(z)``. In the
backward pass, ``da`` and ``dz`` are the derivatives of the loss with respect to ``a`` and ``z`` (Rumelhart, Hinton and
Williams, Nature 323, 1986). Examples are rows: ``x`` has shape ``(n, inputs)``, and ``y`` has ``(n, outputs)``.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nngen.reference.generator import Array, bits
from nngen.reference.initial import draw
from nngen.reference.kinds import combined, one_hot, shared_out
from nngen.reference.layers import (
    Rounding,
    Trace,
    after,
    ahead,
    back,
    parameters,
)
from nngen.reference.losses import output_error, terms
from nngen.reference.normalization import keep
from nngen.reference.optimizers import Memory, begin, clip, rate_at, update
from nngen.reference.penalties import penalty, penalty_slope
from nngen.reference.weights import counted, shares
from nngen.spec import Layer, Matrices, Scheme, Spec, Vector

State: TypeAlias = tuple[int, list[Memory]]


def _batch(values: ArrayLike, width: int) -> Array:
    rows = np.asarray(values, np.float64)
    if rows.ndim != 2 or rows.shape[1] != width:
        raise ValueError(f"expected the shape (n, {width}), got {rows.shape}")
    return rows


class _Parameter(NamedTuple):
    """A weight matrix or a bias vector: its initial values, and whether it is trained."""

    shape: tuple[int, ...]
    fan_in: int
    initial: Scheme | ArrayLike
    trainable: bool
    fan_out: int
    ids: str = ""
    """The input that selects a row, if it is the matrix of an embedding."""


def _across(layer: Layer, weights: Array) -> Array:
    """Weights with a row for each unit as weights with a row for each value of the source, or back again.

    Embeddings have a row for each value of the source anyway.
    """
    return weights if layer.kind == "embedding" else weights.T


class Network:
    """A network that is ready to run.

    Parameters are arrays in pack order: for each layer, a weight matrix ``(units, source size)`` for each source in the
    order of ``from``, then the bias vector ``(units,)``, if the layer has biases. ``shapes`` lists their shapes. No
    method changes its arguments. ``rounding`` changes the activations of every layer, to measure how much it matters.

    All methods that take examples raise a ValueError if ``x`` is not ``(n, inputs)`` or ``y`` is not ``(n, outputs)``.
    """

    def __init__(self, spec: Spec, rounding: Rounding = lambda activations: activations) -> None:
        self.spec, self._rounding = spec, rounding
        self._last = spec.layers[-1]
        names = [spec.input_name, *(layer.name for layer in spec.layers)]
        sizes = [len(spec.numbers), *(len(layer.unit_names) for layer in spec.layers)]
        self._width = len(spec.input_names)
        self._rows = {index.name: index.count for index in spec.indices}
        self._sizes = dict(zip(names, sizes, strict=True))
        # by default, the source of a layer is the layer before it, or the input
        self._layers = [(layer, layer.sources or (name,)) for name, layer in zip(names, spec.layers, strict=False)]
        self._parameters = [p for layer, sources in self._layers for p in self._of_layer(layer, sources)]
        self.shapes = tuple(parameter.shape for parameter in self._parameters)

    def _of_layer(self, layer: Layer, sources: Sequence[str]) -> Iterator[_Parameter]:
        units, weights = self._sizes[layer.name], layer.weights.initial or self.spec.initial.weights
        fan_in = sum(self._rows.get(source) or self._sizes[source] for source in sources)
        for source in sources if layer.weighted else ():
            rows: Scheme | ArrayLike
            if isinstance(weights, Matrices):  # a single source needs no name
                rows = weights.values[source if source in weights.values else ""]
            else:
                rows = weights
            shape = (self._rows[source], units) if layer.kind == "embedding" else (units, self._sizes[source])
            ids = source if layer.kind == "embedding" else ""
            yield _Parameter(shape, fan_in, rows, layer.weights.trainable, units, ids)
        if layer.bias is not None:
            biases = layer.bias.initial or self.spec.initial.biases
            row = biases.values if isinstance(biases, Vector) else biases
            yield _Parameter((units,), fan_in, row, layer.bias.trainable, units)
        for place, number in enumerate(parameters(layer)):  # of the normalization; the last two are running statistics
            trainable = layer.normalization is not None and layer.normalization.trainable and place < 2
            yield _Parameter((units,), fan_in, np.full(units, number), trainable, units)

    def init(self, seed: int | None = None) -> list[Array]:
        """The initial parameters; scalar k in pack order, from 0, uses the random number with index k.

        The seed is that of the initializer, else the one given here, else ``spec.initial.seed``. The fan-in is the
        number of inputs of a unit over all sources, the fan-out the number of units of the layer, also for biases.
        """
        seed = self.spec.initial.seed if seed is None else seed
        first, params = 0, []
        for shape, fan_in, initial, _, fan_out, _ in self._parameters:
            index = np.arange(first, first + math.prod(shape), dtype=np.uint64).reshape(shape)
            values = draw(initial, seed, index, fan_in, fan_out) if isinstance(initial, Scheme) else initial
            params.append(np.array(values, np.float64).reshape(shape))
            first += index.size
        return params

    def _run(
        self, params: Sequence[Array], x: ArrayLike, seeds: ArrayLike | None = None, *, training: bool = False
    ) -> tuple[dict[str, Array], dict[str, Trace], list[Array]]:
        """The outputs of the input and of every layer, the traces of the layers, and the parameters afterwards."""
        x = _batch(x, self._width)
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
        y = _batch(y, a.shape[1])
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
        z, a = traces[self._last.name].taken, outputs[self._last.name]
        y = _batch(y, a.shape[1])
        dz = output_error(self.spec, self._last, z, a, y) * self._scale(y, weights)
        da = {name: np.zeros_like(values) for name, values in outputs.items()}  # summed over the layers that it feeds
        derivatives: list[Array] = []
        preceding = reversed(params)
        for layer, sources in reversed(self._layers):
            norm_params = [next(preceding) for _ in parameters(layer)][::-1]
            error = dz if layer is self._last else da[layer.name]
            dz, by_norm_params = back(
                self.spec, layer, traces[layer.name], norm_params, error, taken=layer is self._last
            )
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
        pairs = zip(reversed(derivatives), self._parameters, strict=True)
        whole = [d if p.trainable else np.zeros_like(d) for d, p in pairs]
        used = self._used(outputs, y, weights)
        for d, w, counts, factor in zip(whole, params, self._counts, used, strict=True):
            if counts:
                d += factor * penalty_slope(self.spec.training, w)
        return self._reduced(z, a, y, weights) + self._penalty(params, used), whole, moved

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

    def init_state(self, params: Sequence[Array]) -> State:
        """The initial state: the number of steps, 0, and the memory of the optimizer for each parameter."""
        return 0, [begin(self.spec.training, w) for w in params]

    def step(
        self, params: Sequence[Array], gradient: Sequence[Array], state: State, x: ArrayLike | None = None
    ) -> tuple[list[Array], State]:
        """One step of the optimizer; frozen parameters stay unchanged.

        Rows of embeddings that the examples ``x`` do not select stay unchanged, too, with their memory, unless
        ``training.embeddings`` is ``dense``. Without ``x``, these are the rows whose gradient is 0.
        """
        training, t = self.spec.training, state[0] + 1
        rate = rate_at(training, t)
        moved = [
            update(training, rate, t, w, g, memory)
            for w, g, memory in zip(params, clip(training, gradient), state[1], strict=True)
        ]
        if training.embeddings == "lazy":
            chosen = [self._selected(p, g, x) for p, g in zip(self._parameters, gradient, strict=True)]
            moved = [
                (np.where(on, new, old), tuple(np.where(on, m, was) for m, was in zip(memory, before, strict=True)))
                for on, (new, memory), old, before in zip(chosen, moved, params, state[1], strict=True)
            ]
        pairs = zip(params, moved, self._parameters, strict=True)
        return [new if p.trainable else old for old, (new, _), p in pairs], (t, [memory for _, memory in moved])

    def _selected(self, parameter: _Parameter, gradient: Array, x: ArrayLike | None) -> NDArray[np.bool_]:
        """The rows of a parameter that a step updates, as truth values that fit its shape."""
        if not parameter.ids:
            return np.array(True)
        if x is None:
            return np.asarray(gradient.any(axis=1, keepdims=True))
        ids = np.asarray(x)[:, [*self._rows].index(parameter.ids)]
        return np.isin(np.arange(parameter.shape[0]), ids)[:, np.newaxis]

    def fit(
        self,
        params: Sequence[Array],
        xs: ArrayLike,
        ys: ArrayLike,
        epochs: int | None = None,
        batch_size: int | None = None,
        seed: int | None = None,
        weights: ArrayLike | None = None,
    ) -> tuple[list[Array], list[float]]:
        """Train; arguments that are None default to ``spec.training``. Returns the parameters and the history.

        With shuffling, epoch e, from 0, sorts the n examples i by ``bits(seed, e * n + i)``. It takes them in
        consecutive batches, the last of which may be smaller, with a gradient and a step for each. The history has the
        loss of each epoch, with each batch measured before its step. ``weights`` are the example weights, ``(n,)``, by
        default 1. With early stopping, the result are the parameters with the lowest loss among the measured epochs:
        that of the held-out examples, which the spec lists or which are the first by their random numbers, or else
        that of the epoch. Without a measured epoch they are the last ones.
        """
        training = self.spec.training
        x, y = _batch(xs, self._width), _batch(ys, self._sizes[self._last.name])
        example_weights = np.ones(len(x)) if weights is None else np.asarray(weights, np.float64)
        stop = training.stop
        held: tuple[Array, ...] = ()
        if stop is not None:
            if isinstance(stop.validation, float):
                drawn = np.argsort(bits(stop.seed, np.arange(len(x))))
                chosen = drawn[: round(stop.validation * len(x))]
            else:
                chosen = np.array(stop.validation)
            held, rest = (x[chosen], y[chosen], example_weights[chosen]), np.delete(np.arange(len(x)), chosen)
            x, y, example_weights = x[rest], y[rest], example_weights[rest]
        best, best_params, since = math.inf, list(params), 0
        n, counts = len(x), counted(self.spec.loss, self._last, y, example_weights)
        draws = training.seed if seed is None else seed
        size = batch_size or training.batch_size or n
        params, state, history = list(params), self.init_state(params), []
        for epoch in range(training.epochs if epochs is None else epochs):
            order = np.arange(n)
            if training.shuffle:
                order = np.argsort(bits(draws, epoch * n + order))
            total = 0.0
            for start in range(0, n, size):
                batch = order[start : start + size]
                seeds = bits(draws, epoch * n + batch)
                loss, gradient, params = self.batch_gradient(params, x[batch], y[batch], seeds, example_weights[batch])
                params, state = self.step(params, gradient, state, x[batch])
                total += loss if self.spec.loss.batch == "sum" else loss * counts[batch].sum() / counts.sum()
            history.append(total)
            if stop is None or (epoch + 1) % stop.every != 0:
                continue
            measured = self.loss(params, *held) if len(held[0]) else total
            since += stop.every
            if measured < best:
                best, best_params, since = measured, params, 0
            if self._ends(stop.name, stop.options, measured, best, since):
                break
        return params if stop is None or len(history) < stop.every else best_params, history

    @staticmethod
    def _ends(rule: str, options: dict[str, float], measured: float, best: float, since: int) -> bool:
        """Whether training ends; ``generalization_loss`` is that of Prechelt (1998), extended to negative losses."""
        match rule:
            case "patience":
                return since >= options["epochs"]
            case "target":
                return measured <= options["target"]
            case "generalization_loss":
                return 100.0 * (measured - best) > options["alpha"] * abs(best)
        raise KeyError(rule)

    def pack(self, params: Sequence[Array]) -> list[float]:
        """All parameters in one flat list, matrices row by row."""
        return [float(number) for values in params for number in values.flat]

    def unpack(self, flat: Sequence[float]) -> list[Array]:
        """The parameters from a flat list.

        Raises:
            ValueError: the list has a wrong length.
        """
        ends = np.cumsum([math.prod(shape) for shape in self.shapes])
        if len(flat) != ends[-1]:
            raise ValueError(f"expected {ends[-1]} numbers, got {len(flat)}")
        parts = np.split(np.array(flat, np.float64), ends[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)]
