"""Training on shards, with checkpoints."""

import inspect
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from types import EllipsisType
from typing import Any

from nngen.commands import output
from nngen.dask import modules
from nngen.dask.checkpoint import Checkpoint, Moment, Recorder
from nngen.dask.kernels import Module
from nngen.dask.progress import logged
from nngen.dask.rows import Span
from nngen.dask.shards import Columns
from nngen.dask.spread import Spread

WAIT = 30.0
"""The seconds to wait for a worker, by default."""


def fit(
    client: Any,
    module: str | Path | Module,
    params: Any,
    shards: Any,
    *,
    epochs: int | EllipsisType = ...,
    batch_size: int | EllipsisType | None = ...,
    shuffle: bool = True,
    seed: int | EllipsisType | None = ...,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    every: int | None = None,
    callback: Callable[..., Any] | None = None,
    progress: Any = None,
    columns: Columns | None = None,
    wait: float = WAIT,
) -> tuple[Any, list[float]]:
    """Train a module on the rows of all shards, as its own ``fit`` trains on these rows in one array.

    The result has the same bits for any number of workers, and without a cluster. It differs from that of the module's
    own ``fit`` by the rounding of sums, which are added by shard. The logger ``nngen.dask`` gets a line for each epoch.

    Args:
        client: a ``distributed.Client``; None computes in this process.
        module: the text or the path of a module with the target ``numpy``. Or the path of one of Python, or of the
            binding of a header of C: workers then compute by it, and the module in ``../numpy`` does all else.
        params: parameters of the target ``numpy``.
        shards: the rows; see ``nngen.dask.shards.sources``.
        epochs: as in the module's ``fit``; ``...`` stands for its default, also below.
        batch_size: as there; None takes all rows in one step.
        shuffle: whether each epoch has its own order of rows; without, it is the given one.
        seed: as there.
        checkpoint: a file to continue from; it is written after each epoch.
        resume: whether to continue from the checkpoint, if it exists.
        every: the number of steps after which the checkpoint is also written.
        callback: as in the module's ``fit``.
        progress: as there; not with ``checkpoint``.
        columns: the columns of targets and weights, if the shards are tables.
        wait: the seconds to wait for a worker.

    Returns:
        The parameters and the loss of each epoch, with those before a break.

    Raises:
        ValueError: the module, the parameters or the shards are wrong; the message says which and why.
        SpecError: the checkpoint is that of another training, or cannot be read or written.
        FloatingPointError: a loss or a parameter is infinite or NaN; the message says in which epoch and which shards.
        RuntimeError: there are no workers, they compute differently, or the module does not run or compile on them.
    """
    with closing(Spread(client, modules.chosen(module), shards, columns, wait)) as spread:
        spread.check(params)
        given = {"epochs": epochs, "batch_size": batch_size, "seed": seed}
        return trained(
            spread,
            params,
            {name: value for name, value in given.items() if value is not ...},
            shuffle=shuffle,
            checkpoint=checkpoint,
            resume=resume,
            every=every,
            callback=callback,
            progress=progress,
        )


def trained(
    spread: Spread,
    params: Any,
    chosen: Mapping[str, Any],
    *,
    shuffle: bool = True,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    every: int | None = None,
    callback: Callable[..., Any] | None = None,
    progress: Any = None,
) -> tuple[Any, list[float]]:
    """The same as ``fit`` for a module whose rows are spread; ``chosen`` are arguments of its own ``fit``."""
    net = spread.module(shuffle=shuffle, whole=chosen.get("batch_size", ...) is None)
    start, kept = Moment(params, progress or spread.first(params)), None
    with ExitStack() as held:
        if checkpoint is not None:
            held.enter_context(output.locked(Path(checkpoint)))
            kept = Checkpoint(Path(checkpoint), net, spread.settings(chosen, shuffle))
            start = kept.begin(start, resume=resume)
        recorder = Recorder(net, start, kept, every)
        rows = Span(0, spread.rows)
        epochs = chosen.get("epochs", inspect.signature(net.fit).parameters["epochs"].default)
        ended = logged(epochs, start.progress[0], recorder.ended(callback))
        following: dict[str, Any] = {"callback": ended, "progress": start.progress}
        found, history = net.fit(start.params, rows, rows, **chosen, **following)
    return found, [*start.history, *history]
