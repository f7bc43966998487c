"""Where the tasks run: on the workers of a cluster, or one after the other in this process."""

import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, Protocol

import dask
import distributed
from dask.utils import apply

from nngen.dask import reading, worker
from nngen.dask.shards import Recipe, Source
from nngen.dask.shipping import shipped

RETRIES = 3
"""How often a task that raised is tried again."""

LOSSES = 5
"""How often the same step is tried again after its futures were lost."""

LARGE = 100_000
"""Bytes of parameters from which they travel once for a step, and not with each task."""


FUNCTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        worker.same,
        reading.columns_of,
        worker.shard_of,
        worker.described,
        worker.unchanged,
        worker.gradient_of,
        worker.rows_of,
        worker.joined_gradient,
        worker.outputs_of,
    )
}
"""The functions that run on workers."""


class Engine(Protocol):
    """Holds the shards, and computes with them."""

    def load(self, sources: Sequence[Source], recipe: Recipe) -> None:
        """Load the shards."""

    def expect(self, known: Sequence[tuple[int, str]]) -> None:
        """Let each shard keep its rows: how many there are, and their digest."""

    def each(self, name: str, tasks: Sequence[tuple[int, Any]], params: Any = None) -> list[Any]:
        """Results of a function of ``worker``, in the order of the tasks: a shard's number, and arguments."""

    def joined(self, params: Any, tasks: Sequence[tuple[int, Any]], *more: Any) -> Any:
        """The result of ``joined_gradient`` for some rows of several shards; ``more`` are its last arguments."""

    def outputs(self, params: Any) -> Iterator[Any]:
        """The outputs of each shard, one at a time."""

    def close(self) -> None:
        """Forget the shards."""


class Here:
    """This process: without a cluster, as a judge of the others, and for small data."""

    def load(self, sources: Sequence[Source], recipe: Recipe) -> None:
        """Load the shards.

        Raises:
            ValueError: one of them does not fit the network.
        """
        self._module = recipe.module
        self._shards = [self._loaded(source, recipe) for source in sources]

    def _loaded(self, source: Source, recipe: Recipe) -> Any:
        value = source.value
        if source.lazy:
            (value,) = dask.compute(value, scheduler="synchronous")
        elif source.path:
            value = reading.columns_of(source.where, source.path, source.part, *recipe.reading)
        return worker.shard_of(recipe.module, source.where, value, recipe.targets, recipe.table)

    def expect(self, known: Sequence[tuple[int, str]]) -> None:
        """Do nothing: no shard is loaded again."""

    def each(self, name: str, tasks: Sequence[tuple[int, Any]], params: Any = None) -> list[Any]:
        """The results of a function, one task after the other."""
        given = () if params is None else (params,)
        with _one_thread():
            return [FUNCTIONS[name](self._shards[shard], *given, *more) for shard, more in tasks]

    def joined(self, params: Any, tasks: Sequence[tuple[int, Any]], *more: Any) -> Any:
        """The result of ``joined_gradient``."""
        with _one_thread():
            parts = [worker.rows_of(self._shards[shard], *rows) for shard, rows in tasks]
            return worker.joined_gradient(self._module, params, parts, *more)

    def close(self) -> None:
        """Forget the shards."""
        self._shards = []

    def outputs(self, params: Any) -> Iterator[Any]:
        """The outputs of each shard."""
        for place in range(len(self._shards)):
            yield self.each("outputs_of", [(place, ())], params)[0]


class Cluster:
    """The workers of a client. What they lose with a worker, a scheduler or a connection is computed again."""

    def __init__(self, client: Any, wait: float) -> None:
        self._client, self._wait = client, wait
        self._shards: list[Any] = []
        self._known: Sequence[tuple[int, str]] = ()
        self._functions: dict[str, Any] = {}

    def load(self, sources: Sequence[Source], recipe: Recipe) -> None:
        """Load the shards by tasks: what is lost with a worker is loaded again by another.

        Raises:
            RuntimeError: there are no workers.
        """
        self._sources, self._recipe = sources, recipe
        self._begin()

    def _begin(self) -> None:
        self._await_workers()
        # a function is a value like others: it stays in the memory of the workers, and tasks name it
        blobs = {name: shipped(function) for name, function in FUNCTIONS.items()}
        self._functions = {name: self._client.submit(pickle.loads, blob, pure=False) for name, blob in blobs.items()}
        recipe = self._recipe
        module = self._map("same", [(recipe.module,)])[0]
        values = [self._value(source) for source in self._sources]
        self._shards = self._map(
            "shard_of",
            [
                (module, source.where, value, recipe.targets, recipe.table)
                for source, value in zip(self._sources, values, strict=True)
            ],
        )
        if self._known:
            self.expect(self._known)

    def expect(self, known: Sequence[tuple[int, str]]) -> None:
        """Let each shard keep its rows, also where it is loaded again: a task that finds others raises an error."""
        self._known = known
        listed = zip(self._shards, self._sources, known, strict=True)
        self._shards = self._map("unchanged", [(shard, source.where, *own) for shard, source, own in listed])

    def _value(self, source: Source) -> Any:
        """What makes a shard: futures, or arrays that travel within the task, so that they are not lost."""
        if source.path:
            return self._map("columns_of", [(source.where, source.path, source.part, *self._recipe.reading)])[0]
        if not source.lazy:
            return source.value
        parts = source.value if isinstance(source.value, tuple) else (source.value,)
        futures = self._client.compute(list(parts), retries=RETRIES)
        return tuple(futures) if isinstance(source.value, tuple) else futures[0]

    def _map(self, name: str, tasks: Sequence[tuple[Any, ...]]) -> list[Any]:
        functions = [self._functions[name]] * len(tasks)
        options = {"key": name, "pure": False, "retries": RETRIES}
        futures: list[Any] = self._client.map(apply, functions, tasks, **options)
        return futures

    def each(self, name: str, tasks: Sequence[tuple[int, Any]], params: Any = None) -> list[Any]:
        """The results of a function.

        Raises:
            RuntimeError: the workers were lost again and again.
        """

        def submitted() -> list[Any]:
            given = () if params is None else (self._sent(params),)
            return self._map(name, [(self._shards[shard], *given, *more) for shard, more in tasks])

        return list(self._gathered(submitted))

    def joined(self, params: Any, tasks: Sequence[tuple[int, Any]], *more: Any) -> Any:
        """The result of ``joined_gradient``: one worker receives the rows from the others."""

        def submitted() -> list[Any]:
            parts = self._map("rows_of", [(self._shards[shard], *rows) for shard, rows in tasks])
            return self._map("joined_gradient", [(self._recipe.module, self._sent(params), parts, *more)])

        return self._gathered(submitted)[0]

    def outputs(self, params: Any) -> Iterator[Any]:
        """The outputs of each shard: the workers compute all, and one at a time comes here.

        Raises:
            RuntimeError: the workers were lost again and again.
        """
        futures: list[Any] = []

        def submitted(done: int) -> list[Any]:
            if not futures:  # at first, or after a loss
                sent = self._sent(params)
                futures.extend(self._map("outputs_of", [(shard, sent) for shard in self._shards[done:]]))
            return futures[:1]

        for done in range(len(self._shards)):
            yield self._gathered(partial(submitted, done), futures.clear)[0]
            del futures[:1]

    def close(self) -> None:
        """Let the workers forget the shards."""
        self._shards = []
        self._functions = {}

    def _sent(self, params: Any) -> Any:
        """The parameters: large ones as a task, so that the client sends them once."""
        if sum(p.nbytes for p in params) < LARGE:
            return params
        return self._map("same", [(params,)])[0]

    def _gathered(self, submitted: Callable[[], list[Any]], forget: Callable[[], object] = list) -> Sequence[Any]:
        for _ in range(LOSSES):
            try:
                futures = submitted()
                self._await(futures)
                found: Sequence[Any] = self._client.gather(futures)
                return found
            except Exception as error:
                if not isinstance(error, _lost()) and self._client.status == "running":
                    raise
                forget()
                self._begin()
        raise RuntimeError(f"the workers of {_address(self._client)} were lost {LOSSES} times in one step")

    def _await(self, futures: Sequence[Any]) -> None:
        """Wait for results as long as there are workers: without one, Dask itself would wait for ever."""
        while True:
            try:
                distributed.wait(futures, timeout=self._wait)
            except TimeoutError:
                self._await_workers()
            else:
                return

    def _await_workers(self) -> None:
        end = time.monotonic() + self._wait
        while time.monotonic() < end:
            if self._client.status == "running" and self._client.scheduler_info()["workers"]:
                return
            time.sleep(0.05)
        address = _address(self._client)
        raise RuntimeError(f"{address} has no workers after {self._wait:g} s; start some: dask worker {address}")


def engine_of(client: Any, wait: float) -> Engine:
    """The workers of a client, or this process for None."""
    return Here() if client is None else Cluster(client, wait)


def _address(client: Any) -> str:
    return str(client.scheduler.address) if client.scheduler else "the closed client"


def _lost() -> tuple[type[BaseException], ...]:
    """The errors that mean that results were lost, and not that a function failed."""
    from concurrent.futures import CancelledError

    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError
    from distributed.scheduler import KilledWorker

    return CancelledError, FutureCancelledError, CommClosedError, KilledWorker


def _one_thread() -> AbstractContextManager[Any]:
    """One thread for BLAS, as Dask gives each worker: the order of sums may depend on their number."""
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return nullcontext()
    limits: AbstractContextManager[Any] = threadpool_limits(1)
    return limits
