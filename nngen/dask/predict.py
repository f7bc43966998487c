"""The outputs of a module for rows on many machines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nngen.dask.cluster import engine_of
from nngen.dask.fit import WAIT
from nngen.dask.kernels import Module
from nngen.dask.modules import chosen, numpy_module
from nngen.dask.shards import recipe_of, sources
from nngen.description.data import Array


def predict(
    client: Any, module: str | Path | Module, params: Any, shards: Any, *, wait: float = WAIT
) -> Iterator[Array]:
    """The outputs for the rows of each shard, shape ``(rows, outputs)``, in the order of the shards.

    One shard at a time comes here, so that the client needs no memory for all of them; ``decode`` of the module turns
    outputs into answers.

    Args:
        client: a ``distributed.Client``; None computes in this process.
        module: as in ``fit``.
        params: its parameters.
        shards: the rows, as ``fit`` takes them, also without targets.
        wait: the seconds to wait for a worker.

    Raises:
        ValueError: the module, the parameters or the shards are wrong.
        RuntimeError: there are no workers, or the module does not run on them.
    """
    known = chosen(module)
    net, listed = numpy_module(known), sources(shards, targets=False)
    engine = engine_of(client, wait)
    engine.load(listed, recipe_of(net, known, None, listed, targets=False))
    try:
        yield from engine.outputs(params)
    finally:
        engine.close()
