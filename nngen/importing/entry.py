"""The inputs of a source in several arrays: vectors of numbers, and ids, which only embeddings take."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from nngen.identifiers import Identifiers
from nngen.importing.graph import Columns, Embedding, Input, Node, Select, sources
from nngen.spec import LOCALS, Column, Index, Numeric, numbered

ALL = "all inputs"
"""The name of the node of all inputs, where some are ids."""


@dataclass(eq=False)
class _Array:
    """An input, by the name of its node, which is its name in the source."""

    name: str
    width: int
    whole: bool
    """Whether it has whole numbers."""
    ids: int = 0
    """How many ids there are; 0 for none."""

    @property
    def titles(self) -> tuple[str, ...]:
        """A name for each of its columns."""
        return (self.name,) if self.width == 1 else numbered(self.name, self.width)


class EntryError(Exception):
    """The inputs cannot be those of a spec: what is wrong, and what to do."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


@dataclass
class Entry:
    """Collects the inputs in their order."""

    _arrays: dict[str, _Array] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        """Whether an input has this name."""
        return name in self._arrays

    def add(self, name: str, width: int, *, whole: bool = False) -> None:
        """Add an input."""
        self._arrays[name] = _Array(name, width, whole)

    def ids(self, name: str, count: int) -> int:
        """Let an input have ids; returns its place among the inputs, for ``graph.Embedding`` before ``finished``.

        Raises:
            EntryError: it is no input of one number, or has another number of ids.
        """
        array = self._arrays.get(name)
        if array is None:
            raise EntryError("its ids are not those of an input", "give it an input of its own")
        if array.width != 1:
            message = f"it takes {array.width:,} ids of the input {name!r} at once"
            raise EntryError(message, "give each id an input and an embedding of its own")
        if array.ids not in (0, count):
            message = f"the input {name!r} has {array.ids:,} ids for another embedding, and {count:,} for this one"
            raise EntryError(message, "give both embeddings the same number of rows")
        array.ids = count
        return [*self._arrays].index(name)

    def finished(self, nodes: Iterable[Node]) -> tuple[Node, ...]:
        """All nodes: those of the inputs, ids before numbers, and then the others.

        Raises:
            EntryError: the inputs are neither one vector of numbers nor ids, perhaps with numbers beside them.
        """
        nodes = tuple(nodes)
        arrays = [*self._arrays.values()]
        taken = {name for node in nodes for name in sources(node)}
        for array in arrays:
            if array.ids and array.name in taken:
                advice = "give the numbers an input of their own"
                raise EntryError(f"the input {array.name!r} has ids, but is taken as a number as well", advice)
            if array.whole and not array.ids:
                message = f"the input {array.name!r} has whole numbers that no embedding takes"
                raise EntryError(message, "let it have numbers of float32 or float64")
        ordered = sorted(arrays, key=lambda array: not array.ids)
        if not any(array.ids for array in arrays):
            if len(arrays) != 1:
                names = ", ".join(repr(array.name) for array in arrays)
                advice = "a network has one vector of inputs: concatenate them"
                raise EntryError(f"the model has {len(arrays)} inputs: {names}", advice)
            return (Input(name=arrays[0].name, width=arrays[0].width), *nodes)
        places = [ordered.index(array) for array in arrays]
        moved = (replace(node, column=places[node.column]) if isinstance(node, Embedding) else node for node in nodes)
        return (*_columns(ordered), *moved)


def _columns(arrays: Sequence[_Array]) -> Iterator[Node]:
    """The node of all inputs, and one for each vector of numbers."""
    titles = [title for array in arrays for title in array.titles]
    if len(set(titles)) < len(titles):
        raise EntryError("two inputs have the same name", "give each its own")
    names = Identifiers(["x"])
    columns: list[Column] = []
    vectors: list[Node] = []
    width = 0
    for array in arrays:
        for title in array.titles:
            name = names.make(f"{title}_id" if array.ids and title in LOCALS else title, "column")
            other = None if name == title else title
            columns.append(
                Index(name=name, column=other, ids=array.ids) if array.ids else Numeric(name=name, column=other)
            )
        if not array.ids:
            vectors.append(Select(name=array.name, source=ALL, indices=tuple(range(width, width + array.width))))
            width += array.width
    yield Columns(name=ALL, columns=tuple(columns))
    yield from vectors
