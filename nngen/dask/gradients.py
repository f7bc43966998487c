"""The gradient of a batch on the workers that have its rows. Like ``worker``, it needs nothing of nngen.

The rows of a batch in one shard are a leaf of a binary tree, which depends on the number of the leaves alone. A worker
adds the parts of the tree that it has completely, and the client adds the others: each sum has the same bits, whoever
computes it.
"""

import asyncio
import ctypes
import math
import pickle
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import numpy as np

from nngen.dask.kernels import Module, kernel_batch_gradient, kernel_gradient, module_of
from nngen.dask.worker import Shard, computes, counts_of

BLOCK = 1024
"""So many rows are computed at a time: their numbers fit a cache, and their memory is used again. Larger arrays cost
twice the time, as each step gets new memory from the system. It is fixed, since the last bits depend on it."""

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, KEPT = -1, -3, 1 << 25
"""Two options of ``mallopt`` in glibc, and so many bytes."""

Part = tuple[float, float, list[Any]]
"""How much some rows count, their loss, and its gradient."""

Nodes = dict[tuple[int, int], Part]
"""Parts of a tree by level and number: the node ``(level, k)`` has the leaves from ``k * 2**level`` on."""

Piece = tuple[int, Shard, Any, Any]
"""A leaf: its number, its shard, its rows and their seeds as ``piece_gradient`` takes them."""


def answer(
    params: Any, pieces: Iterable[Piece], leaves: int, mean: bool, slopes: bool
) -> tuple[Nodes, dict[int, float], set[str]]:
    """The nodes of some leaves, the losses that are infinite or NaN by leaf, and the results of ``computes``.

    ``leaves`` counts those of the whole tree; ``mean`` says that the loss is a mean over the rows, and not a sum.
    """
    params = [np.require(p, requirements=["C", "A"]) for p in params]
    nodes, wrong, by = Nodes(), dict[int, float](), set[str]()
    for place, shard, rows, seeds in pieces:
        part = piece_gradient(shard, params, rows, seeds, mean, slopes)
        by.add(computes(shard))
        if math.isfinite(part[1]):
            nodes[0, place] = part
        else:
            wrong[place] = part[1]
    return merged(nodes, leaves, mean), wrong, by


def merged(nodes: Nodes, leaves: int, mean: bool) -> Nodes:
    """The nodes, with siblings added as far as both are there; all nodes of a tree give its root alone."""
    found = dict(nodes)
    for level in range(leaves.bit_length()):
        for name in [name for name in sorted(found) if name[0] == level and name[1] % 2 == 0]:
            right = level, name[1] + 1
            if (right[1] << level) >= leaves:  # there is no sibling
                found[level + 1, name[1] // 2] = found.pop(name)
            elif right in found:
                found[level + 1, name[1] // 2] = added(found.pop(name), found.pop(right), mean)
    return found


def added(one: Part, other: Part, mean: bool) -> Part:
    """Two parts of a batch as one.

    A mean of each part is weighted by how much the part counts, so that a penalty, which each part has whole, counts
    once. In a sum, the penalty is part of each summand. Rows that do not count add nothing.
    """
    if one[0] == 0.0 or other[0] == 0.0:  # without rounding
        return other if one[0] == 0.0 else one
    count = one[0] + other[0]
    a, b = (one[0] / count, other[0] / count) if mean else (1.0, 1.0)
    slopes = [_sum(a, mine, b, yours) for mine, yours in zip(one[2], other[2], strict=True)]
    return count, a * one[1] + b * other[1], slopes


def _sum(a: float, one: Any, b: float, other: Any) -> Any:
    """The weighted sum of a parameter's derivatives, in float64; of an embedding, the rows that one of them has."""
    if not isinstance(one, tuple):
        found = a * np.asarray(one, np.float64)
        found += b * np.asarray(other, np.float64)
        return found
    rows = np.union1d(one[0], other[0])
    sums = np.zeros((len(rows), one[1].shape[1]))
    for share, (own, values) in (a, one), (b, other):
        sums[np.searchsorted(rows, own)] += share * values.astype(np.float64)
    return rows, sums


def piece_gradient(
    shard: Shard, params: list[Any], rows: Any, seeds: Any, mean: bool = True, slopes: bool = True
) -> Part:
    """The loss and the gradient of some rows of a shard, computed block by block.

    Args:
        shard: the shard.
        params: the parameters.
        rows: their numbers in the shard, a pair of the first and the last but one, or None for all.
        seeds: the seeds of dropout of each row, or None.
        mean: whether the loss is a mean over the rows, and not a sum.
        slopes: whether to compute the gradient.
    """
    first, count = (0, len(shard["x"])) if rows is None else (0, len(rows))
    if isinstance(rows, tuple):
        first, count = rows[0], rows[1] - rows[0]
    total: Part = 0.0, 0.0, []
    for start in range(0, count, BLOCK):
        stop = min(start + BLOCK, count)
        own = rows[start:stop] if isinstance(rows, np.ndarray) else (first + start, first + stop)
        part = _gradient(shard, params, own, None if seeds is None else seeds[start:stop], mean, slopes)
        if not math.isfinite(part[1]):
            return part
        total = added(total, part, mean)
    return total


def _gradient(shard: Shard, params: list[Any], rows: Any, seeds: Any, mean: bool, slopes: bool) -> Part:
    net = module_of(shard["module"])
    x, y, weights = rows_of(shard, rows)
    own = {} if weights is None else {"weights": weights}
    drawn = {} if seeds is None else {"seeds": seeds}
    count, counts = float(len(x)), None
    if hasattr(net, "_weight"):
        counts = counts_of(net, y, weights)
        count = float(np.sum(counts))
        if count == 0.0:  # the module refuses such rows alone; with others they add nothing
            return count, 0.0, []
    if shard["module"][2]:
        batch = (x, y, weights)
        options = {"mean": mean, "slopes": slopes}
        loss, found = _or_nan(lambda: kernel_gradient(shard["module"], params, batch, seeds, counts, **options))[:2]
    elif slopes:
        loss, found = net.gradient(params, x, y, **own, **drawn, checked=True)
    else:
        loss, found = net.loss(params, x, y, **own), []
    return count, float(loss), found


def rows_of(shard: Shard, rows: Any) -> list[Any]:
    """The inputs, targets and weights of some rows; ``rows`` is that of ``piece_gradient``."""
    chosen = slice(*rows) if isinstance(rows, tuple) else rows
    parts = [shard[name] for name in ("x", "y", "weights")]
    return [part if part is None or rows is None else part[chosen] for part in parts]


def joined_gradient(
    module: Module, params: Any, parts: list[list[Any]], places: list[Any], seeds: Any
) -> tuple[Any, ...]:
    """The loss and the gradient of a whole batch with batch normalization, and the parameters after it.

    Then follow the places of the parts with numbers that make the loss infinite or NaN, and ``computes()``.

    Args:
        module: the module.
        params: the parameters.
        parts: the inputs, targets and weights of the rows of the batch in each shard.
        places: the places of these rows in the batch.
        seeds: the seeds of dropout in the order of the batch, or None.
    """
    net = module_of(module)
    order = np.argsort(np.concatenate(places))
    x, y, weights = (None if part[0] is None else np.concatenate(part)[order] for part in zip(*parts, strict=True))
    by = computes({"module": module, "x": x, "y": y})
    if module[2]:
        found = _or_nan(lambda: kernel_batch_gradient(module, params, (x, y, weights), seeds))
    else:
        own = {} if weights is None else {"weights": weights}
        drawn = {} if seeds is None else {"seeds": seeds}
        found = net.batch_gradient(params, x, y, **own, **drawn, checked=True)
    wrong = [] if math.isfinite(found[0]) else [place for place, part in enumerate(parts) if not _are_finite(part)]
    return *found, wrong, by


def _or_nan(compute: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
    """What a kernel computes, or NaN as its loss: Python raises an error where NumPy has infinity or NaN."""
    try:
        return compute()
    except (ArithmeticError, ValueError):
        return math.nan, [], []


def _are_finite(arrays: list[Any]) -> bool:
    return all(np.isfinite(values).all() for values in arrays if values is not None)


def listen(name: str, dask_worker: Any) -> None:
    """Let a worker of Dask answer the messages of this name, see ``_answered``."""
    _keep_memory()

    async def answered(job: bytes, pieces: bytes) -> bytes:
        try:
            found = await _answered(dask_worker, pickle.loads(job), pickle.loads(pieces))  # noqa: S301
            return pickle.dumps(found, 5)
        except Exception as error:
            try:
                return pickle.dumps(error)
            except Exception:
                return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))

    dask_worker.handlers[name] = answered


async def _answered(worker: Any, job: tuple[Any, ...], pieces: dict[str, Any]) -> list[Any] | None:
    """Answers for the pieces of this worker, one for each of its threads; None if it lacks a shard."""
    params, *more = job
    mine = pieces[worker.address]
    if any(key not in worker.data for _, key, *_ in mine):
        return None
    listed = [(place, worker.data[key], *own) for place, key, *own in mine]
    loop, pool = asyncio.get_running_loop(), worker.executors["default"]
    size = -(-len(listed) // worker.state.nthreads)
    parts = [listed[start : start + size] for start in range(0, len(listed), size)]
    return await asyncio.gather(*(loop.run_in_executor(pool, answer, params, part, *more) for part in parts))


def _keep_memory() -> None:
    """Let glibc keep the memory of a block for the next one.

    Dask's nanny sets MALLOC_TRIM_THRESHOLD_ to 64 KiB: the system then takes memory back after each array and gives it
    again, empty and page by page. That costs as much time as the gradients.
    """
    with suppress(AttributeError, OSError, TypeError):  # systems without glibc
        for option in (M_TRIM_THRESHOLD, M_MMAP_THRESHOLD):
            ctypes.CDLL(None).mallopt(option, KEPT)
