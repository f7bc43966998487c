"""Where the tasks run: on the workers of a cluster, or one after the other in this process."""

import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from typing import Any
from uuid import uuid4

import dask
import distributed
from dask.utils import apply

from nngen.dask import gradients, reading, worker
from nngen.dask.shards import Recipe, Source
from nngen.dask.shipping import shipped
from nngen.dask.steps import LOSSES, RETRIES, Leaf, Steps

FUNCTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        worker.same,
        reading.columns_of,
        worker.shard_of,
        worker.described,
        worker.unchanged,
        worker.outputs_of,
        gradients.rows_of,
        gradients.joined_gradient,
    )
}
"""The functions that run on workers."""


class Here:
    """This process: without a cluster, as a judge of the others, and for small data."""

    def __init__(self) -> None:
        self._one_thread = _one_thread()

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
            value = reading.columns_of(source.where, source.path, source.version, source.part, *recipe.reading)
        return worker.shard_of(recipe.module, source.where, value, recipe.targets, recipe.table)

    def expect(self, known: Sequence[tuple[int, str]]) -> None:
        """Do nothing: no shard is loaded again."""

    def described(self) -> list[dict[str, Any]]:
        """What ``described`` says of each shard."""
        with self._one_thread():
            return [worker.described(shard) for shard in self._shards]

    def gradient(self, params: Any, pieces: Sequence[Leaf], mean: bool, slopes: bool) -> list[Any]:
        """The results of ``gradients.answer`` for the rows of a batch, all of them together."""
        listed = [(place, self._shards[shard], rows, seeds) for place, (shard, rows, seeds) in enumerate(pieces)]
        with self._one_thread():
            return [gradients.answer(params, listed, len(pieces), mean, slopes)]

    def joined(self, params: Any, tasks: Sequence[tuple[int, Any]], *more: Any) -> Any:
        """The result of ``joined_gradient`` for some rows of several shards; ``more`` are its last arguments."""
        with self._one_thread():
            parts = [gradients.rows_of(self._shards[shard], rows) for shard, rows in tasks]
            return gradients.joined_gradient(self._module, params, parts, *more)

    def close(self) -> None:
        """Forget the shards."""
        self._shards = []

    def outputs(self, params: Any) -> Iterator[Any]:
        """The outputs of each shard, one at a time."""
        for shard in self._shards:
            with self._one_thread():
                found = worker.outputs_of(shard, params)
            yield found


class Cluster:
    """The workers of a client. What they lose with a worker, a scheduler or a connection is computed again."""

    def __init__(self, client: Any, wait: float) -> None:
        self._client, self._wait = client, wait
        self._shards: list[Any] = []
        self._known: Sequence[tuple[int, str]] = ()
        self._functions: dict[str, Any] = {}
        self._workers: set[str] = set()
        self._steps = Steps(client)

    def load(self, sources: Sequence[Source], recipe: Recipe) -> None:
        """Load the shards by tasks: what is lost with a worker is loaded again by another.

        Raises:
            RuntimeError: there are no workers.
        """
        self._sources, self._recipe = sources, recipe
        self._begin()

    def _begin(self) -> None:
        known = self._await_workers()
        self._workers = {*known}
        # a function is a value like others: it stays in the memory of the workers, and tasks name it
        blobs = {name: shipped(function) for name, function in FUNCTIONS.items()}
        self._functions = {name: self._client.submit(pickle.loads, blob, pure=False) for name, blob in blobs.items()}
        recipe = self._recipe
        module = self._task("same", "module", recipe.module)
        self._shards = []
        for source, owner in zip(self._sources, _owners(known, len(self._sources)), strict=True):
            value, where = self._value(source, owner), source.where
            given = module, where, value, recipe.targets, recipe.table
            self._shards.append(self._task("shard_of", "shard", *given, workers=owner))
        if self._known:
            self.expect(self._known)

    def expect(self, known: Sequence[tuple[int, str]]) -> None:
        """Let each shard keep its rows, also where it is loaded again: a task that finds others raises an error."""
        self._known = known
        listed = zip(self._shards, self._sources, known, strict=True)
        self._shards = [
            self._task("unchanged", "checked-shard", shard, source.where, *own) for shard, source, own in listed
        ]
        self._steps.moved()

    def _value(self, source: Source, owner: str) -> Any:
        """What makes a shard: futures, or arrays that travel within the task, so that they are not lost."""
        if source.path:
            given = source.where, source.path, source.version, source.part, *self._recipe.reading
            return self._task("columns_of", "read", *given, workers=owner)
        if not source.lazy:
            return source.value
        parts = source.value if isinstance(source.value, tuple) else (source.value,)
        futures = self._client.compute(list(parts), retries=RETRIES)
        return tuple(futures) if isinstance(source.value, tuple) else futures[0]

    def _task(self, function: str, name: str, *arguments: Any, workers: str | None = None) -> Any:
        """A task with a name that the dashboard shows, if possible on a worker."""
        options: dict[str, Any] = {"workers": workers, "allow_other_workers": True} if workers else {}
        options |= {"key": f"nngen-{name}-{uuid4().hex}", "pure": False, "retries": RETRIES}
        return self._client.submit(apply, self._functions[function], arguments, **options)

    def described(self) -> list[dict[str, Any]]:
        """What ``described`` says of each shard.

        Raises:
            RuntimeError: the workers were lost again and again.
        """
        return list(self._gathered(lambda: [self._task("described", "describe", shard) for shard in self._shards]))

    def gradient(self, params: Any, pieces: Sequence[Leaf], mean: bool, slopes: bool) -> list[Any]:
        """The results of ``gradients.answer`` of each worker for its rows of a batch.

        Raises:
            RuntimeError: the workers were lost again and again.
        """
        job = params, len(pieces), mean, slopes

        def asked() -> list[Any]:
            if self._steps.show():
                self._share()
            return self._steps.asked(job, pieces, self._shards, self._await)

        found: list[Any] = self._repeated(asked)
        return found

    def _share(self) -> None:
        """Give workers that have joined their part of the shards."""
        known = self._await_workers()
        joined = known.keys() - self._workers
        self._workers = {*known}
        if joined:
            owners = _owners(known, len(self._shards))
            pairs = zip(self._shards, owners, strict=True)
            self._shards = [self._task("same", "shard", shard, workers=owner) for shard, owner in pairs]
            self._steps.moved()

    def joined(self, params: Any, tasks: Sequence[tuple[int, Any]], *more: Any) -> Any:
        """The result of ``joined_gradient``: one worker receives the rows from the others."""

        def submitted() -> list[Any]:
            parts = [self._task("rows_of", "rows", self._shards[shard], rows) for shard, rows in tasks]
            return [self._task("joined_gradient", "gradient", self._recipe.module, params, parts, *more)]

        return self._gathered(submitted)[0]

    def outputs(self, params: Any) -> Iterator[Any]:
        """The outputs of each shard: the workers compute all, and one at a time comes here.

        Raises:
            RuntimeError: the workers were lost again and again.
        """
        futures: list[Any] = []

        def submitted(done: int) -> list[Any]:
            if not futures:  # at first, or after a loss
                sent = self._task("same", "parameters", params)
                futures.extend(self._task("outputs_of", "predict", shard, sent) for shard in self._shards[done:])
            return futures[:1]

        for done in range(len(self._shards)):
            yield self._gathered(partial(submitted, done), futures.clear)[0]
            del futures[:1]

    def close(self) -> None:
        """Let the workers forget the shards."""
        self._shards = []
        self._functions = {}
        self._steps = Steps(self._client)

    def _gathered(self, submitted: Callable[[], list[Any]], forget: Callable[[], object] = list) -> Sequence[Any]:
        def gathered() -> Any:
            futures = submitted()
            self._await(futures)
            return self._client.gather(futures)

        found: Sequence[Any] = self._repeated(gathered, forget)
        return found

    def _repeated(self, attempt: Callable[[], Any], forget: Callable[[], object] = list) -> Any:
        for _ in range(LOSSES):
            try:
                return attempt()
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

    def _await_workers(self) -> dict[str, int]:
        """The threads of each worker; there is at least one."""
        end = time.monotonic() + self._wait
        while time.monotonic() < end:
            with suppress(OSError):  # the connection is lost just now
                if self._client.status == "running" and (known := self._client.nthreads()):
                    return dict(known)
            time.sleep(0.05)
        address = _address(self._client)
        raise RuntimeError(f"{address} has no workers after {self._wait:g} s; start some: dask worker {address}")


Engine = Here | Cluster
"""Holds the shards, and computes with them."""


def engine_of(client: Any, wait: float) -> Engine:
    """The workers of a client, or this process for None."""
    return Here() if client is None else Cluster(client, wait)


def _owners(known: dict[str, int], count: int) -> list[str]:
    """Workers for so many shards: successive ones lie together, so that their gradients are added there."""
    threads = [worker for worker in sorted(known) for _ in range(known[worker])]
    return [threads[place * len(threads) // count] for place in range(count)]


def _address(client: Any) -> str:
    return str(client.scheduler.address) if client.scheduler else "the closed client"


def _lost() -> tuple[type[BaseException], ...]:
    """The errors that mean that results were lost, and not that a function failed."""
    from concurrent.futures import CancelledError

    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError
    from distributed.scheduler import KilledWorker

    return CancelledError, FutureCancelledError, CommClosedError, KilledWorker


def _one_thread() -> Callable[[], AbstractContextManager[Any]]:
    """Gives one thread to BLAS, as Dask gives each worker: the order of sums may depend on their number."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return nullcontext
    return partial(ThreadpoolController().limit, limits=1)
