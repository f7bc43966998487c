"""The forms in which users give the rows, each as a list of sources.

A source makes one shard, on any machine, again and again, with the same bits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nngen.dask.shipping import shipped


@dataclass(frozen=True)
class Source:
    """How a shard is made: by a function of ``worker`` from its name and a value, where the value may be lazy."""

    where: str
    """The name of the shard, for messages."""
    function: str
    value: Any
    lazy: bool = False
    """Whether the value is made of Dask's collections, which the cluster computes."""

    def here(self, module: tuple[str, str], targets: bool) -> Any:
        """The shard, made in this process.

        Raises:
            ValueError: it does not fit the network.
        """
        value = self.value
        if self.lazy:
            import dask

            (value,) = dask.compute(value, scheduler="synchronous")
        return getattr(shipped(), self.function)(module, self.where, value, targets)


def sources(shards: Any) -> list[Source]:
    """The sources of shards.

    Args:
        shards: a list of pairs or triples of arrays, of paths of files, or of delayed values; a tuple of Dask arrays;
            or a Dask DataFrame.

    Raises:
        ValueError: there are none, or they are something else.
    """
    if not isinstance(shards, list | tuple) or not shards:
        raise ValueError(f"expected a list of shards, at least one, got {shards!r:.80}")
    return [*_listed(shards)]


def _listed(shards: Sequence[Any]) -> Iterator[Source]:
    for place, shard in enumerate(shards, 1):
        yield Source(f"shard {place}", "shard_of", tuple(shard))


def text_of(module: str | Path) -> str:
    """The text of a module, which is given as such or by its path."""
    if isinstance(module, Path) or "\n" not in module:
        return Path(module).read_text("utf-8")
    return module
