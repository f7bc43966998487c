"""Training on shards: the module's own ``fit`` runs here, and its gradients come from the workers.

``fit`` of a module asks for the gradient of some rows, step after step. Here its arrays are replaced by the numbers of
the rows, and its ``gradient`` by one that asks the workers that have these rows. All else is the module's own: the
order of an epoch, the seeds of dropout, the optimizer, the stop rule and the history.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from types import EllipsisType
from typing import Any

import numpy as np

from nngen.dask.cluster import Cluster, Engine, Here
from nngen.dask.combine import Span, combined, pieces
from nngen.dask.shards import sources, text_of
from nngen.dask.shipping import shipped
from nngen.pages import as_module

TRIAL = 10_000
"""Rows of a trial without a network; a share of them can be kept for validation."""


def fit(
    client: Any,
    module: str | Path,
    params: Any,
    shards: Any,
    *,
    epochs: int | EllipsisType = ...,
    batch_size: int | EllipsisType | None = ...,
    shuffle: bool = True,
    seed: int | EllipsisType | None = ...,
    callback: Callable[..., Any] | None = None,
    progress: Any = None,
    wait: float = 30.0,
) -> tuple[Any, list[float]]:
    """Train a module on the rows of all shards, as its own ``fit`` trains on these rows in one array.

    The result has the same bits for any number of workers, and without a cluster. It differs from that of the module's
    own ``fit`` by the rounding of sums, which are added by shard.

    Args:
        client: a ``distributed.Client``; None computes in this process.
        module: the text or the path of a module with the target ``numpy``.
        params: its parameters.
        shards: the rows; see ``nngen.dask.shards.sources``.
        epochs: as in the module's ``fit``; ``...`` stands for its default, also below.
        batch_size: as there; None takes all rows in one step.
        shuffle: whether each epoch has its own order of rows; without, it is the given one.
        seed: as there.
        callback: as there.
        progress: as there.
        wait: the seconds to wait for a worker.

    Returns:
        The parameters and the loss of each epoch.

    Raises:
        ValueError: the module, the parameters or the shards are wrong; the message says which and why.
        RuntimeError: there are no workers, they compute differently, or the module does not run on them.
    """
    spread = Spread(client, text_of(module), shards, wait)
    spread.check(params)
    given = {"epochs": epochs, "batch_size": batch_size, "seed": seed}
    chosen = {name: value for name, value in given.items() if value is not ...}
    net = spread.module(shuffle=shuffle, whole=batch_size is None)
    rows = Span(0, spread.rows)
    found: tuple[Any, list[float]] = net.fit(params, rows, rows, **chosen, callback=callback, progress=progress)
    return found


class Spread:
    """A module whose rows are spread over shards.

    Args:
        client: a ``distributed.Client``; None computes in this process.
        text: the text of the module.
        shards: the rows.
        wait: the seconds to wait for a worker.
    """

    def __init__(self, client: Any, text: str, shards: Any, wait: float) -> None:
        self._module = (f"nngen_{sha256(text.encode()).hexdigest()[:16]}", text)
        self._net = shipped().module_of(*self._module)
        if not hasattr(self._net, "_SHAPES"):
            raise ValueError("expected a module that nngen built with the target numpy")
        listed = sources(shards)
        self._engine: Engine = Here() if client is None else Cluster(client, wait)
        self._engine.load(listed, self._module, targets=True)
        found = self._engine.each("described", [(place, ()) for place in range(len(listed))])
        self._bounds: list[int] = [*accumulate((shard["rows"] for shard in found), initial=0)]
        self._computes = ""
        for shard in found:
            self._same(shard["computes"])
        counts = [shard["weights"] for shard in found if shard["weights"] is not None]
        self._counts = np.concatenate(counts) if counts else None
        self._mean = self._counts is not None or self._takes_means()

    @property
    def rows(self) -> int:
        """The number of all rows."""
        return self._bounds[-1]

    def check(self, params: Any) -> None:
        """Refuse parameters of another shape.

        Raises:
            ValueError: they are of another network.
        """
        shapes = tuple(np.shape(values) for values in params)
        if shapes != self._net._SHAPES:
            raise ValueError(f"expected parameters of shapes {self._net._SHAPES}, got {shapes}")

    def module(self, *, shuffle: bool, whole: bool) -> Any:
        """A copy of the module whose arrays are numbers of rows, and whose gradients come from the workers."""
        net = self._copy()
        order, draws = net._order, "drawn" in net.fit.__code__.co_varnames

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
        net: Any = as_module(*self._module)
        net._checked = lambda params, x: x
        net._checked_targets = lambda y, n: y
        net._checked_weights = lambda weights, n: Span(0, n)
        net._weight = lambda rows, *_: self._weights(rows)
        return net

    def _gradient(self, params: Any, rows: Any, *more: Any, checked: bool) -> tuple[float, list[Any]]:
        return combined(self._results(params, rows, self._seeds(more)), mean=self._mean)

    def _loss(self, params: Any, rows: Any, *_: Any) -> float:
        return combined(self._results(params, rows, None, slopes=False), mean=self._mean)[0]

    def _batch_gradient(self, params: Any, rows: Any, *more: Any, checked: bool) -> Any:
        """With batch normalization, all rows of a batch meet at one worker."""
        listed = [*pieces(rows, self._bounds)]
        tasks = [(piece.shard, (piece.rows,)) for piece in listed]
        places = [np.arange(len(rows))[piece.places] for piece in listed]
        *found, computes = self._engine.joined(params, tasks, places, self._seeds(more))
        self._same(computes)
        return found

    def _results(self, params: Any, rows: Any, seeds: Any, *, slopes: bool = True) -> Sequence[tuple[Any, ...]]:
        listed = [*pieces(rows, self._bounds)]
        drawn = [None if seeds is None else seeds[piece.places] for piece in listed]
        tasks = [(piece.shard, (piece.rows, own, slopes)) for piece, own in zip(listed, drawn, strict=True)]
        results = self._engine.each("gradient_of", tasks, params)
        for result in results:
            self._same(result[3])
        return results

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
        self._computes = self._computes or computes
        if computes != self._computes:
            message = f"the workers compute differently: {self._computes}; {computes}"
            raise RuntimeError(f"{message}. Give all workers the same libraries and kind of processor")

    def _takes_means(self) -> bool:
        """Whether the loss of a batch is a mean, and not a sum: ``fit`` shows it, when each batch has the loss 1."""
        net = self._copy()
        params = [np.zeros(shape) for shape in net._SHAPES]
        net.gradient = lambda params, *_, **__: (1.0, params)
        net.batch_gradient = lambda params, *_, **__: (1.0, params, params)
        net.loss = lambda *_: 0.0
        net.step = lambda params, slopes, state: (params, state)
        net._order = lambda count, *_: np.arange(count)
        rows = np.arange(TRIAL)
        _, history = net.fit(params, rows, rows, epochs=1, batch_size=TRIAL // 100)
        return bool(np.isclose(history[0], 1.0))
