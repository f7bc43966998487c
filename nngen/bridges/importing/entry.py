"""The inputs of a source in several arrays: vectors of numbers, and ids, which only embeddings take."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from typing import Any

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Columns, Embedding, Input, Node, Select, sources
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import joined
from nngen.description.identifiers import Identifiers
from nngen.description.model import (
    Categorical,
    Column,
    FillCategory,
    Index,
    Numeric,
    ValueColumn,
    category_names,
    numbered,
)

ALL = "all inputs"
"""The name of the node of all inputs, where some are ids."""

OWN = "give it an input of its own"


@dataclass(eq=False)
class _Array:
    """An input, by the name of its node, which is its name in the source."""

    name: str
    width: int
    whole: str
    """The kind of its values, ``whole numbers`` or ``texts``, if only embeddings can take them; else empty."""
    index: Index | None = None
    """Its ids."""

    @property
    def titles(self) -> tuple[str, ...]:
        """A name for each of its columns."""
        return (self.name,) if self.width == 1 else numbered(self.name, self.width)


@dataclass
class Entry:
    """Collects the inputs in their order."""

    _arrays: dict[str, _Array] = field(default_factory=dict)
    lookups: dict[str, tuple[_Array, Index]] = field(default_factory=dict)
    """The inputs whose ids have names, by the lookup that knows these."""
    notes: tuple[str, ...] = ()
    """The notes about the inputs."""

    def __contains__(self, name: str) -> bool:
        """Whether an input has this name."""
        return name in self._arrays

    def add(self, name: str, width: int, *, whole: str = "") -> None:
        """Add an input."""
        self._arrays[name] = _Array(name, width, whole)

    def ids(self, name: str, count: int) -> int:
        """Let an input have ids; returns its place among the inputs, for ``graph.Embedding`` before ``finished``.

        Args:
            name: the input, or a lookup of its ids.
            count: the number of rows of the embedding.
        """
        array, index = self.lookups.get(name) or (self._one(name), Index(name="id", ids=count))
        if array.index and array.index != index:
            if isinstance(array.index.ids, tuple):
                raise UnfitError(f"the input {name!r} has ids by name, but is taken without a lookup as well", OWN)
            known = f"the input {name!r} has {array.index.count:,} ids for another embedding"
            raise UnfitError(f"{known}, and {count:,} for this one", "give both embeddings the same number of rows")
        if index.count != count:
            message = f"it has {count:,} rows, and the lookup {name!r} gives {index.count:,} ids"
            raise UnfitError(message, "let `input_dim` be `lookup.vocabulary_size()`")
        array.index = index
        return [*self._arrays].index(array.name)

    def look_up(self, name: str, lookup: str, index: Index) -> None:
        """Let an input have ids by name, which embeddings take as those of a lookup."""
        array = self._one(name)
        if array.index and array.index != index:
            raise UnfitError(f"the input {name!r} has other ids as well", OWN)
        array.index = index
        self.lookups[lookup] = array, index

    def unknown(self, name: str) -> bool:
        """Return True if the ids of a lookup have a row for unknown ones."""
        return name in self.lookups and self.lookups[name][1].unknown == "row"

    def _one(self, name: str) -> _Array:
        """An input of one id."""
        array = self._arrays.get(name)
        if array is None:
            raise UnfitError("its ids are not those of an input", OWN)
        if array.width != 1:
            message = f"it takes {array.width:,} ids of the input {name!r} at once"
            raise UnfitError(message, "give each id an input and an embedding of its own")
        return array

    def finished(self, nodes: Iterable[Node]) -> tuple[Node, ...]:
        """All nodes: those of the inputs, ids before numbers, and then the others."""
        nodes = tuple(nodes)
        arrays = [*self._arrays.values()]
        taken = {name for node in nodes for name in sources(node)}
        looked_up = [self.lookups[name][0].name for name in taken & self.lookups.keys()]
        for array in arrays:
            if array.index and (array.name in taken or array.name in looked_up):
                advice = "give the numbers an input of their own"
                raise UnfitError(f"the input {array.name!r} has ids, but is taken as a number as well", advice)
            if array.whole and not array.index:
                message = f"the input {array.name!r} has {array.whole} that no embedding takes"
                raise UnfitError(message, "let it have numbers of float32 or float64")
        ordered = sorted(arrays, key=lambda array: array.index is None)
        if ordered != arrays:
            names = joined((show(array.name) for array in ordered), "and")
            self.notes += (f"a spec has ids before numbers: its inputs are {names}, in this order",)
        if len(arrays) == 1 and not arrays[0].index:
            return (Input(name=arrays[0].name, width=arrays[0].width), *nodes)
        places = [ordered.index(array) for array in arrays]
        moved = (replace(node, column=places[node.column]) if isinstance(node, Embedding) else node for node in nodes)
        return (*_inputs(ordered), *moved)


def _inputs(arrays: Sequence[_Array]) -> Iterator[Node]:
    """The node of all inputs, and one for each vector of numbers."""
    titles = tuple(title for array in arrays for title in array.titles)
    if len(set(titles)) < len(titles):
        raise UnfitError("two inputs have the same name", "give each its own")
    if any(array.index for array in arrays):
        yield Columns(name=ALL, columns=tuple(_columns(arrays)))
    else:
        yield Input(name=ALL, width=len(titles), names=titles)
    start = 0
    for array in arrays:
        if not array.index:
            yield Select(name=array.name, source=ALL, indices=tuple(range(start, start + array.width)))
            start += array.width


def _columns(arrays: Sequence[_Array]) -> Iterator[Column]:
    """The columns of inputs with ids and without."""
    names = Identifiers(["x"])
    for array in arrays:
        for title in array.titles:
            if array.index is None:
                yield column_of(title, names)
                continue
            name = names.make(title, "column")
            yield array.index.model_copy(update={"name": name, "column": None if name == title else title})


def column_of(
    title: str,
    names: Identifiers,
    *,
    categories: tuple[str, ...] = (),
    fill: float | str | None = None,
    unknown: bool = False,
    indicator: bool = False,
    scale: Any = None,
) -> ValueColumn:
    """A column of numbers or categories as a spec has it, from what a source does with it.

    Args:
        title: its name in the data.
        names: the names of the columns before it, to which its own is added.
        categories: its categories; none for a column of numbers.
        fill: the replacement of missing values; None if they are an error, an empty text for no category.
        unknown: whether other categories are allowed, which are none.
        indicator: whether an input says where the value is missing.
        scale: the scale of a column of numbers.
    """
    name = names.make(title, "column", lambda made: (made, f"{made}_missing", *category_names(made, categories)))
    given: dict[str, Any] = {"name": name, "column": None if name == title else title, "indicator": indicator}
    missing: Any = "error" if fill is None else fill
    if not categories:
        return Numeric(**given, missing=missing, scale=scale)
    if fill is not None:
        missing = FillCategory(category=str(fill)) if fill else "zeros"
    return Categorical(**given, categories=categories, missing=missing, unknown="zeros" if unknown else "error")
