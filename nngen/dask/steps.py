"""A step on the workers of a cluster: a message to each worker with rows of the batch, and its answer.

The scheduler passes them on. A task of Dask would cost it, the client and the worker one to three milliseconds more.
"""

import asyncio
import pickle
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError
from hashlib import sha256
from typing import Any
from uuid import uuid4

from nngen.dask import gradients
from nngen.dask.shipping import Shipped

RETRIES = 3
"""How often a worker that raised an error is asked again, and a task is tried again."""

LOSSES = 5
"""How often the same step is tried again after a loss."""

LARGE = 100_000
"""Bytes of the numbers of rows from which each worker gets its own alone."""

LOOK = 0.5
"""After so many seconds without an answer, the client looks whether the workers are still there."""

MARK = 5.0
"""After so many seconds a step also sends a task: the dashboard shows it, and the scheduler knows that it is in use.
Workers that have joined get shards then."""

Leaf = tuple[int, Any, Any]
"""The number of a shard, its rows in a batch, and their seeds of dropout; see ``gradients.piece_gradient``."""


class Steps:
    """Asks the workers that have shards."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._listen = Shipped(gradients.listen)
        self._name = f"nngen_{sha256(self._listen.blob).hexdigest()[:16]}"
        self._owners: list[str] = []
        self._marked, self._steps, self._mark = time.monotonic(), 0, None  # the last task

    def moved(self) -> None:
        """Forget which worker has which shard."""
        self._owners = []

    def show(self) -> bool:
        """Count a step, and show it on the dashboard by a task, if the last such task is old; return whether it is."""
        self._steps += 1
        if time.monotonic() - self._marked < MARK:
            return False
        self._marked = time.monotonic()
        self._mark = self._client.submit(int, self._steps, key=f"nngen-step-{self._steps}-{uuid4().hex}")
        return True

    def asked(
        self, job: tuple[Any, ...], leaves: Sequence[Leaf], shards: Sequence[Any], wait: Callable[[Sequence[Any]], None]
    ) -> list[Any]:
        """The answers of all workers, see ``gradients.answer``.

        Args:
            job: the parameters, and the arguments after the pieces.
            leaves: the rows of the batch.
            shards: the futures of all shards.
            wait: waits for futures, as long as there are workers.

        Raises:
            CancelledError: the shards are lost, or workers were lost again and again.
            Exception: that of a worker, again and again.
        """
        sent, errors = pickle.dumps(job, 5), 0
        for attempt in range(LOSSES + RETRIES):
            if not self._owners:
                self._find(shards, wait)
            found = self._client.sync(self._messages, sent, self._by_worker(leaves, shards))
            answers = [pickle.loads(one) if isinstance(one, bytes) else None for one in found]  # noqa: S301
            wrong = [answer for answer in answers if isinstance(answer, Exception)]
            if not wrong and None not in answers:
                return [part for answer in answers for part in answer or ()]
            errors += bool(wrong)
            if errors > RETRIES:
                raise wrong[0]
            if None in answers:  # a worker is lost, or has given its shards to others
                self.moved()
                time.sleep(0.05 * 2**attempt)
        raise CancelledError

    def _find(self, shards: Sequence[Any], wait: Callable[[Sequence[Any]], None]) -> None:
        """Find the workers that have the shards, and let them listen."""
        wait(shards)
        for future in shards:
            if future.status != "finished":
                future.result()  # raises its error
        holders = self._client.who_has(shards)
        owners = [(holders[future.key] or [""])[0] for future in shards]
        self._client.run(self._listen, self._name, workers=sorted({*owners} - {""}), on_error="ignore")
        self._owners = owners

    def _by_worker(self, leaves: Sequence[Leaf], shards: Sequence[Any]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for place, (shard, *own) in enumerate(leaves):
            found.setdefault(self._owners[shard], []).append((place, shards[shard].key, *own))
        return found

    async def _messages(self, job: bytes, pieces: dict[str, list[Any]]) -> list[Any]:
        """What the workers answer: bytes, or something else if one is lost or does not listen."""

        async def answered(workers: Iterable[str], own: bytes) -> list[Any]:
            message = {"op": self._name, "job": job, "pieces": own}
            asked = asyncio.ensure_future(
                self._client.scheduler.broadcast(msg=message, workers=[*workers], on_error="ignore")
            )
            while not (await asyncio.wait({asked}, timeout=LOOK))[0]:
                if not {*workers} <= (await self._client.scheduler.ncores()).keys():  # it would try for 30 s
                    asked.cancel()
                    return [None for _ in workers]
            found = asked.result()
            return [found.get(worker) for worker in workers]

        together = pickle.dumps(pieces, 5)
        if len(together) < LARGE:
            return await answered(pieces, together)
        each = [answered([worker], pickle.dumps({worker: own}, 5)) for worker, own in pieces.items()]
        return [one for found in await asyncio.gather(*each) for one in found]
