"""The reference engine: it runs any spec in NumPy, in float64, with loops over its layers.

Generated modules are tested against it. It uses only the spec and is written from textbooks, so it cannot share a
mistake with the modules. Examples are rows: ``x`` has shape ``(n, inputs)``, and ``y`` has ``(n, outputs)``.
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nngen.proof.reference.derivatives import Derivatives
from nngen.proof.reference.generator import Array, bits
from nngen.proof.reference.kinds import one_hot
from nngen.proof.reference.optimizers import Memory, begin, clip, rate_at, update
from nngen.proof.reference.parameters import Parameter
from nngen.proof.reference.passes import batch_of
from nngen.proof.reference.weights import counted

State: TypeAlias = tuple[int, list[Memory]]


class Network(Derivatives):
    """A network that is ready to run: its parameters, its passes, and here its training.

    No method changes its arguments. ``rounding`` changes the activations of every layer, to measure how much it
    matters.

    All methods that take examples raise a ValueError if ``x`` is not ``(n, inputs)`` or ``y`` is not ``(n, outputs)``.
    """

    def init_state(self, params: Sequence[Array]) -> State:
        """The initial state: the number of steps, 0, and the memory of the optimizer for each parameter."""
        return 0, [begin(self.spec.training, w) for w in params]

    def step(
        self, params: Sequence[Array], gradient: Sequence[Array], state: State, x: ArrayLike | None = None
    ) -> tuple[list[Array], State]:
        """One step of the optimizer; frozen parameters stay unchanged, weights of the wrong sign become 0.

        Rows of embeddings that the examples ``x`` do not select stay unchanged, too, with their memory, unless
        ``training.embeddings`` is ``dense``. Without ``x``, these are the rows whose gradient is 0.
        """
        training, t = self.spec.training, state[0] + 1
        rate = rate_at(training, t)
        moved = [
            update(training, rate, t, w, g, memory)
            for w, g, memory in zip(params, clip(training, gradient), state[1], strict=True)
        ]
        if training.embeddings == "lazy" and self._rows:
            chosen = [self._selected(p, g, x) for p, g in zip(self._parameters, gradient, strict=True)]
            moved = [
                (np.where(on, new, old), tuple(np.where(on, m, was) for m, was in zip(memory, before, strict=True)))
                for on, (new, memory), old, before in zip(chosen, moved, params, state[1], strict=True)
            ]
        pairs = zip(params, moved, self._parameters, strict=True)
        return [p.kept(new) if p.trainable else old for old, (new, _), p in pairs], (t, [memory for _, memory in moved])

    def _selected(self, parameter: Parameter, gradient: Array, x: ArrayLike | None) -> NDArray[np.bool_]:
        """The rows of a parameter that a step updates, as truth values that fit its shape."""
        if not parameter.ids:
            return np.array(True)
        if x is None:
            return np.asarray(gradient.any(axis=1, keepdims=True))
        ids = np.asarray(x)[:, [*self._rows].index(parameter.ids)]
        return np.asarray(one_hot(ids, parameter.shape[0]).any(axis=0))[:, np.newaxis]

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
        x, y = batch_of(xs, self._width), batch_of(ys, self._sizes[self._last.name])
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
            seeds = bits(draws, epoch * n + np.arange(n))
            order = np.argsort(seeds) if training.shuffle else np.arange(n)
            total = 0.0
            for start in range(0, n, size):
                batch = order[start : start + size]
                loss, gradient, params = self.batch_gradient(
                    params, x[batch], y[batch], seeds[batch], example_weights[batch]
                )
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
