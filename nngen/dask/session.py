"""A cluster for one command: that of an address, or workers of this machine."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import numpy as np

from nngen import files
from nngen.dask.fit import fit
from nngen.data import Array

LOCAL = "local"
"""The address that stands for workers of this machine."""

SHARDS = 8
"""The shards of arrays that a command spreads. It is fixed, since the last bits of a training depend on it."""


@contextmanager
def connected(address: str, workers: int | None = None) -> Iterator[Any]:
    """A client of the scheduler at an address, or of so many workers of this machine, by default one per processor.

    Raises:
        SpecError: there is no scheduler at this address.
    """
    from distributed import Client, LocalCluster

    with ExitStack() as held, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending large graph", UserWarning)  # rows travel with the tasks
        given: Any = address
        if address == LOCAL:
            options: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
            given = held.enter_context(LocalCluster(n_workers=workers, **options))
        try:
            client = held.enter_context(Client(given))
        except (OSError, ValueError) as error:
            advice = "start one: dask scheduler, or use `--dask local`"
            raise files.refused(address, f"there is no scheduler at this address: {error}", advice) from None
        yield client


def spread_fit(client: Any, text: str) -> Callable[..., Any]:
    """A function with the arguments of the ``fit`` of a module, which computes on the workers of a client.

    Raises:
        SpecError: by the function, the workers are missing, lost, or compute differently.
    """

    def spread(params: Any, xs: Array, ys: Array, weights: Array | None = None, **options: Any) -> Any:
        split = partial(np.array_split, indices_or_sections=min(SHARDS, len(xs)))
        parts = [split(values) for values in (xs, ys, weights) if values is not None]
        try:
            return fit(client, text, params, [*zip(*parts, strict=True)], **options)
        except RuntimeError as error:
            raise files.refused("--dask", str(error)) from None

    return spread
