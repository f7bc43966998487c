"""The forms in which users give the rows, each as a list of sources.

A source makes one shard, on any machine, again and again, with the same bits.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np

from nngen.common.records import dataclass
from nngen.dask.kernels import Module
from nngen.description.data import MISSING

SUFFIXES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".parquet", ".pq", ".feather", ".arrow")


@dataclass(frozen=True)
class Columns:
    """The columns of a table beside those of the inputs, which the module knows itself."""

    target: str | Sequence[str]
    """The column of the class, or those of the numbers to predict, in the order of the outputs."""
    weight: str | None = None
    """The column of the example weights."""
    classes: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """The targets of each class; without them, 1 for the output of a class and 0 for the others."""
    subtract: Sequence[float] = (0.0,)
    """Subtracted from numbers, one for each target or one for all."""
    divide: Sequence[float] = (1.0,)
    """What they are then divided by."""
    log: bool = False
    """Whether that is done to their natural logarithms."""
    written: Sequence[str] = ()
    """The columns of numbers or dates whose texts the module reads, such as ``$1,234``; others have plain numbers."""


@dataclass(frozen=True)
class RowGroups:
    """Successive row groups of a Parquet file, which a worker reads without the others."""

    path: str
    first: int
    stop: int
    """The number of the last one, plus one."""


@dataclass(frozen=True)
class Source:
    """How a shard is made, by functions of ``worker`` and ``reading``."""

    where: str
    """The name of the shard, for messages."""
    value: Any
    """A tuple of arrays, the path of a file, or a lazy value of Dask or a tuple of them."""
    lazy: bool = False
    """Whether a cluster computes the value."""
    part: tuple[int, ...] = ()
    """The part of the file that the shard has, see ``reading.columns_of``; empty for the whole file."""
    version: str = ""
    """Of an object at an address for fsspec when it was listed, see ``reading.version_of``; empty for any."""

    @property
    def path(self) -> str:
        """The path of its file, or an empty text."""
        return "" if self.lazy or isinstance(self.value, tuple) else os.fspath(self.value)


def sources(shards: Any, *, targets: bool = True) -> list[Source]:
    """The sources of shards.

    Args:
        shards: a list with an entry for each shard: a tuple of arrays, a path of a CSV, Parquet or Feather file or its
            address for fsspec, a part of one from ``shards_of``, or a delayed value of such a tuple or of a DataFrame.
            Or a Dask DataFrame, or a tuple of Dask arrays, with a shard for each of their chunks of rows. A tuple has
            inputs, targets and, if the loss has them, weights.
        targets: whether shards have targets; without, they are inputs alone.

    Raises:
        ValueError: there are none, or they are something else.
    """
    if _is_lazy(shards) and hasattr(shards, "columns"):
        return [Source(f"partition {k}", part, lazy=True) for k, part in enumerate(shards.to_delayed(), 1)]
    if hasattr(shards, "chunks"):
        shards = (shards,)
    if isinstance(shards, tuple) and shards and all(hasattr(array, "chunks") for array in shards):
        return _of_arrays(shards)
    if not isinstance(shards, list | tuple) or not shards:
        raise ValueError(f"expected a list of shards, at least one, got {shards!r:.80}")
    return [_listed(place, shard, targets) for place, shard in enumerate(shards, 1)]


def _listed(place: int, shard: Any, targets: bool) -> Source:
    where = f"shard {place}"
    if isinstance(shard, Source):
        return shard
    if isinstance(shard, RowGroups):
        return of_row_groups(shard.path, shard.first, shard.stop)
    if isinstance(shard, str | os.PathLike):
        path = os.fspath(shard)
        if not path.endswith(SUFFIXES):
            raise ValueError(f"{path}: expected a file that ends in {', '.join(SUFFIXES)}")
        return Source(path, path)
    if _is_lazy(shard):
        return Source(where, shard, lazy=True)
    if not targets and not isinstance(shard, tuple | list):
        shard = (shard,)
    if not isinstance(shard, tuple | list) or not (1 if not targets else 2) <= len(shard) <= 3:
        raise ValueError(f"{where}: expected inputs and targets, a path, or a delayed value, got {shard!r:.80}")
    return Source(where, tuple(map(np.asarray, shard)))


def of_row_groups(path: str, first: int, stop: int, version: str = "") -> Source:
    """The source of successive row groups of a Parquet file, see ``RowGroups``."""
    return Source(f"{path}, row groups {first + 1} to {stop}", path, part=(first, stop), version=version)


def _of_arrays(arrays: tuple[Any, ...]) -> list[Source]:
    first, *others = arrays
    first = first.rechunk({1: -1}) if first.ndim == 2 else first
    known = not any(np.isnan(size) for size in first.chunks[0])
    if known:
        others = [array.rechunk({0: first.chunks[0]} | dict.fromkeys(range(1, array.ndim), -1)) for array in others]
    blocks = [array.to_delayed().ravel() for array in (first, *others)]
    if len({len(listed) for listed in blocks}) > 1:
        counts = [len(listed) for listed in blocks]
        raise ValueError(f"expected arrays with chunks of the same rows, got arrays of {counts} chunks")
    return [Source(f"chunk {k}", parts, lazy=True) for k, parts in enumerate(zip(*blocks, strict=True), 1)]


def _is_lazy(value: Any) -> bool:
    return hasattr(value, "__dask_graph__")


@dataclass(frozen=True)
class Recipe:
    """What all sources share on their way to shards."""

    module: Module
    """The module that computes."""
    targets: bool
    """Whether shards have targets."""
    table: dict[str, Any] | None
    """The columns of targets and weights in a table."""
    reading: tuple[list[str], dict[str, list[str]]]
    """The columns that a worker reads from a file: those of numbers, and those of texts with their gaps."""


def recipe_of(net: Any, module: Module, columns: Columns | None, listed: Sequence[Source], *, targets: bool) -> Recipe:
    """The recipe for the shards of a module, whose text with the target numpy runs as ``net``.

    ``columns`` are those of targets and weights in tables; None without targets, or for arrays.

    Raises:
        ValueError: there are files, and the module does not know their columns.
    """
    if any(source.path for source in listed) and not hasattr(net, "encode"):
        advice = "let its spec describe `columns` or name a file under `data`, or load arrays by delayed values"
        raise ValueError(f"the module has no `encode` for the rows of files: {advice}")
    ids = {name: known for name, known in getattr(net, "IDS", {}).items() if not isinstance(known, int)}
    categories = getattr(net, "CATEGORIES", {}) | ids
    numbers = [name for name in getattr(net, "COLUMNS", ()) if name not in categories]
    texts = {name: [text for text in MISSING if text not in known] for name, known in [*categories.items(), ("", ())]}
    if columns is None:
        return Recipe(module, targets, None, (numbers, texts))
    texts |= {name: [] for name in columns.written}  # a file may have numbers there, too
    target = [columns.target] if isinstance(columns.target, str) else list(columns.target)
    classes = {name: list(values) for name, values in columns.classes.items()} or _classes(net)
    if classes:
        texts[target[0]] = []
    else:
        numbers += target
    table = {
        "target": target,
        "weight": columns.weight,
        "classes": classes,
        "subtract": list(columns.subtract),
        "divide": list(columns.divide),
        "log": columns.log,
    }
    return Recipe(module, targets, table, (numbers + ([columns.weight] if columns.weight else []), texts))


def _classes(net: Any) -> dict[str, list[float]]:
    """The targets of each class: 1 for its own output and 0 for others; of a single output, 0 and 1."""
    names = getattr(net, "CLASSES", ())
    rows = np.eye(len(names)) if net._SHAPES[-1][0] > 1 else np.array([[0.0], [1.0]])
    return dict(zip(names, rows.tolist(), strict=False))
