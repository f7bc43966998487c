"""A module whose rows are spread over shards: its own ``fit`` runs here, and its gradients come from the workers.

``fit`` of a module asks for the gradient of some rows, step after step. Here its arrays are replaced by the numbers of
the rows, and its ``gradient`` by one that asks the workers that have these rows. All else is the module's own: the
order of an epoch, the seeds of dropout, the optimizer, the stop rule and the history.
"""

import inspect
import math
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import accumulate
from typing import Any

import numpy as np

from nngen.common.text import counted, joined
from nngen.dask.cluster import engine_of
from nngen.dask.gradients import Nodes, merged
from nngen.dask.kernels import Module
from nngen.dask.modules import numpy_module
from nngen.dask.rows import Span, pieces
from nngen.dask.shards import Columns, recipe_of, sources
from nngen.targets import as_module

NAMED = 3
"""So many shards are named whose loss is infinite or NaN."""

TRIAL = 10_000
"""Rows of a trial without a network; a share of them can be kept for validation."""


class Spread:
    """A module whose rows are spread over shards.

    Args:
        client: a ``distributed.Client``; None computes in this process.
        module: the module.
        shards: the rows; see ``sources``.
        columns: the columns of targets and weights, if the shards are tables.
        wait: the seconds to wait for a worker.

    Raises:
        ValueError: the module is not one of nngen, or a shard does not fit it.
        RuntimeError: there are no workers, they compute differently, or the module does not run on them.
    """

    def __init__(self, client: Any, module: Module, shards: Any, columns: Columns | None, wait: float) -> None:
        self._module = module
        self._net = numpy_module(self._module)
        listed = sources(shards)
        self._engine = engine_of(client, wait)
        self._engine.load(listed, recipe_of(self._net, self._module, columns, listed, targets=True))
        try:
            found = self._engine.described()
        except Exception:
            self._engine.close()
            raise
        self._engine.expect([(shard["rows"], shard["digest"]) for shard in found])
        self._names = [source.where for source in listed]
        self._bounds: list[int] = [*accumulate((shard["rows"] for shard in found), initial=0)]
        self.digest = sha256("".join(shard["digest"] for shard in found).encode()).hexdigest()[:16]
        self.computes = ""
        for shard in found:
            self._same(shard["computes"])
        counts = [shard["weights"] for shard in found if shard["weights"] is not None]
        self._counts = np.concatenate(counts) if counts else None
        self._mean = self._counts is not None or self._takes_means()

    def close(self) -> None:
        """Let the workers forget the rows."""
        self._engine.close()

    @property
    def rows(self) -> int:
        """The number of all rows."""
        return self._bounds[-1]

    @property
    def shards(self) -> int:
        """The number of shards."""
        return len(self._bounds) - 1

    def check(self, params: Any) -> None:
        """Refuse parameters of another shape.

        Raises:
            ValueError: they are of another network.
        """
        arrays = isinstance(params, list | tuple) and all(isinstance(values, np.ndarray) for values in params)
        shapes = tuple(values.shape for values in params) if arrays else repr(params)
        if shapes != self._net._SHAPES:
            raise ValueError(f"expected parameters of shapes {self._net._SHAPES}, got {shapes!s:.80}")

    def first(self, params: Any) -> Any:
        """The progress before the first epoch, as the module's ``fit`` begins."""
        stopping = (np.inf, np.inf, params, 0) if "best_params" in self._net.fit.__code__.co_varnames else ()
        return 0, self._net.init_state(params), *stopping

    def settings(self, chosen: Mapping[str, Any], shuffle: bool) -> dict[str, Any]:
        """All that the numbers of a training depend on, by name, except the number of epochs."""
        defaults = inspect.signature(self._net.fit).parameters
        return {
            "the module": self._module[0].removeprefix("nngen_"),
            **{name: chosen.get(name, defaults[name].default) for name in ("batch_size", "seed")},
            "shuffle": shuffle,
            "the number of shards": self.shards,
            "the number of rows": self.rows,
            "the SHA-256 of the rows": self.digest,
            "what computes": self.computes,
        }

    def module(self, *, shuffle: bool, whole: bool) -> Any:
        """A copy of the module whose arrays are numbers of rows, and whose gradients come from the workers."""
        net = self._copy()
        order, draws = net._order, hasattr(net, "_kept") and not hasattr(net, "_VALIDATION")

        def chosen(count: int, seed: int | None, epoch: int) -> Any:
            nonlocal draws
            if draws:  # fit first draws the rows that it keeps for validation
                draws = False
            elif seed is None or not shuffle or (whole and not hasattr(net, "batch_gradient")):  # a sum has no order
                return Span(0, count) if count == self.rows else np.arange(count)
            return order(count, seed, epoch)

        net._order = chosen
        net.gradient, net.loss = self._gradient, self._loss
        if hasattr(net, "batch_gradient"):
            net.batch_gradient = self._batch_gradient
        return net

    def _copy(self) -> Any:
        """The module, with checks that take numbers of rows."""
        net: Any = as_module(*self._module[:2])
        net._checked = lambda params, x: x
        net._checked_targets = lambda y, n: y
        net._checked_weights = lambda weights, n: Span(0, n)
        net._weight = lambda rows, *_: self._weights(rows)
        return net

    def _gradient(self, params: Any, rows: Any, *more: Any, checked: bool) -> tuple[float, list[Any]]:
        return self._result(params, rows, self._seeds(more))

    def _loss(self, params: Any, rows: Any, *_: Any) -> float:
        return self._result(params, rows, None, slopes=False)[0]

    def _result(self, params: Any, rows: Any, seeds: Any, *, slopes: bool = True) -> tuple[float, list[Any]]:
        """The loss and the gradient of some rows, added as a tree whose leaves are their pieces in the shards."""
        listed = [*pieces(rows, self._bounds)]
        leaves = [(piece.shard, piece.rows, None if seeds is None else seeds[piece.places]) for piece in listed]
        nodes, wrong = Nodes(), dict[int, float]()
        for found, bad, computes in self._engine.gradient(params, leaves, self._mean, slopes):
            nodes |= found
            wrong |= bad
            for text in computes:
                self._same(text)
        if wrong:
            self._finite(max(wrong.values()), [listed[place].shard for place in sorted(wrong)])
        ((count, loss, found),) = merged(nodes, len(listed), self._mean).values()
        if count == 0.0:
            raise ValueError("expected weights that do not sum to 0 over a batch")
        self._finite(loss, [piece.shard for piece in listed])
        return loss, [_like(p, own) for p, own in zip(params, found, strict=slopes)]

    def _batch_gradient(self, params: Any, rows: Any, *more: Any, checked: bool) -> Any:
        """With batch normalization, all rows of a batch meet at one worker."""
        listed = [*pieces(rows, self._bounds)]
        tasks = [(piece.shard, piece.rows) for piece in listed]
        places = [np.arange(len(rows))[piece.places] for piece in listed]
        *found, wrong, computes = self._engine.joined(params, tasks, places, self._seeds(more))
        self._same(computes)
        self._finite(found[0], [listed[place].shard for place in wrong or range(len(listed))])
        return found

    def _seeds(self, more: Sequence[Any]) -> Any:
        """The seeds of dropout among the arguments: after the targets and the weights, which are numbers of rows."""
        return more[-1] if hasattr(self._net, "_keep") else None

    def _weights(self, rows: Any) -> Any:
        """How much some rows count in a weighted mean, in a column."""
        assert self._counts is not None  # noqa: S101 (only a weighted mean asks)
        chosen = self._counts[rows.start : rows.stop] if isinstance(rows, Span) else self._counts[rows]
        if np.sum(chosen) == 0.0:
            raise ValueError("expected weights that do not sum to 0 over a batch")
        return chosen[:, np.newaxis]

    def _same(self, computes: str) -> None:
        """Refuse workers whose bits differ.

        Raises:
            RuntimeError: two workers compute differently.
        """
        self.computes = self.computes or computes
        if computes != self.computes:
            message = f"the workers compute differently: {self.computes}; {computes}"
            raise RuntimeError(f"{message}. Give all workers the same libraries and kind of processor")

    def _finite(self, loss: float, shards: Sequence[int]) -> None:
        """Refuse a loss that is infinite or NaN.

        Args:
            loss: the loss of a batch.
            shards: those from which it comes.

        Raises:
            FloatingPointError: it is infinite or NaN.
        """
        if math.isfinite(loss):
            return
        names = [self._names[shard] for shard in shards[:NAMED]]
        if more := len(shards) - len(names):
            names.append(counted(more, "other shard"))
        raise FloatingPointError(f"the loss is {loss:g} in {joined(names, 'and')}")

    def _takes_means(self) -> bool:
        """Whether the loss of a batch is a mean, and not a sum: ``fit`` shows it, when each batch has the loss 1."""
        net = self._copy()
        params = [np.zeros(shape) for shape in net._SHAPES]

        def one(params: Any, *_: Any, _into: Sequence[Any] = (), **__: Any) -> tuple[Any, ...]:
            for values in _into:
                values[...] = 0.0
            return (1.0, params, params) if hasattr(self._net, "batch_gradient") else (1.0, params)

        net.gradient = net.batch_gradient = one
        net.loss = lambda *_: 0.0
        net.step = net._step_in_place = lambda params, slopes, state: (params, state)
        net._order = lambda count, *_: np.arange(count)
        rows = np.arange(max(TRIAL, self.rows))  # those that are kept for validation may be listed
        _, history = net.fit(params, rows, rows, epochs=1, batch_size=len(rows) // 100)
        return bool(np.isclose(history[0], 1.0))


def _like(param: Any, slopes: Any) -> Any:
    """The derivatives of a parameter with its type of numbers; sums have float64."""
    if isinstance(slopes, tuple):
        return slopes[0], slopes[1].astype(param.dtype, copy=False)
    return np.asarray(slopes, param.dtype)
