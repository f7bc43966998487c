"""Columns of texts in memory: each different text once, or as pyarrow holds them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nngen.description.data.arrow_numbers import numbers_in
from nngen.description.data.floats import PLAIN, Array, Texts, cells_of, floats, valid

if TYPE_CHECKING:
    import pyarrow as pa


SOME = 1_000
"""Texts that are made at once."""

MAX_DIGITS = 18
"""Digits of a whole number that 64 bits hold."""


_CODE = re.compile("0[0-9]+")


class Coded:
    """A column of texts, each different one once.

    Args:
        known: the different texts, None for a missing value, in the order of the rows.
        places: which of them each row has, shape ``(rows,)``.
    """

    def __init__(self, known: Texts, places: NDArray[np.int32]) -> None:
        self.known, self.places = known, places

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.places)

    def __iter__(self) -> Iterator[str]:
        """The different texts, without missing ones."""
        return (text for text in self.known if text is not None)

    def texts(self) -> Texts:
        """The text of each row, None for a missing value."""
        chosen: Texts = np.array(self.known, object)[self.places].tolist()
        return chosen

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """The rows by their texts."""
        return np.argsort(self.places, kind="stable")

    @property
    def count(self) -> int:
        """How many different texts there are; a missing one counts as one."""
        return len(self.known)

    def contains(self, mark: str) -> bool:
        """Whether a text contains this one."""
        return any(mark in text for text in self)

    @property
    def code(self) -> str:
        """The first text of digits with a zero in front; empty if there is none."""
        return next((text for text in self if _CODE.fullmatch(text)), "")

    def coded(self) -> "Coded":
        """The column itself."""
        return self

    @cached_property
    def numbers(self) -> Array | None:
        """The plain numbers of the texts, NaN for a missing value; None if a text is none."""
        values = floats(cells_of(self.known), PLAIN)
        return None if values is None else values[self.places]

    def select(self, rows: NDArray[np.intp]) -> "Coded":
        """The rows with these indices."""
        return coded(self.known, self.places[rows])


class ArrowTexts:
    """A column of texts that pyarrow holds, with a null for each missing value."""

    def __init__(self, held: "pa.ChunkedArray") -> None:
        self.held = held

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.held)

    def __iter__(self) -> Iterator[str]:
        """The texts of the first rows, and then the different ones of all, without missing ones."""
        yield from filter(None, self.held.slice(0, SOME).to_pylist())
        if len(self.held) > SOME:
            yield from self._coded

    def texts(self) -> Texts:
        """The text of each row, None for a missing value."""
        return self._coded.texts()

    @cached_property
    def count(self) -> int:
        """How many different texts there are; a missing one counts as one."""
        from pyarrow import compute

        return int(compute.count_distinct(self.held, "all").as_py())

    def contains(self, mark: str) -> bool:
        """Whether a text contains this one."""
        from pyarrow import compute

        held = (chunk.buffers()[2] for chunk in self.held.chunks)  # what holds its texts, perhaps among others
        if not any(mark.encode() in data.to_pybytes() for data in held if data):
            return False
        parts = (self.held.slice(0, SOME), self.held.slice(SOME))  # a column of numbers has points at its begin
        return any(compute.any(compute.match_substring(part, mark)).as_py() for part in parts)

    @property
    def code(self) -> str:
        """The first text of digits with a zero in front; empty if there is none."""
        from pyarrow import compute

        some = self.held.filter(compute.starts_with(self.held, "0"))
        found = compute.index(compute.match_substring_regex(some, f"^{_CODE.pattern}$"), True).as_py()
        return "" if found < 0 else str(some[found].as_py())

    def coded(self) -> Coded:
        """The same with each different text once."""
        return self._coded

    @cached_property
    def _coded(self) -> Coded:
        import pyarrow as pa

        return from_dictionary(pa.chunked_array([self.held.combine_chunks().dictionary_encode()]))

    @cached_property
    def numbers(self) -> Array | None:
        """The plain numbers of the texts, NaN for a missing value; None if a text is none."""
        import pyarrow as pa

        try:
            numbers: Array = numbers_in(self.held.cast(pa.float64()), np.float64, np.nan)
        except pa.ArrowInvalid:
            return self._coded.numbers  # Python also takes +1
        return numbers if valid(numbers, PLAIN, self.held.null_count) else None

    @cached_property
    def digits(self) -> NDArray[np.int64] | None:
        """The texts as whole numbers from 0, if each is written in digits as Python writes it; else None."""
        import pyarrow as pa
        from pyarrow import compute

        if self.held.null_count or not compute.all(compute.ascii_is_decimal(self.held)).as_py():
            return None
        lengths = numbers_in(compute.binary_length(self.held), np.int32, 0)
        if not len(lengths) or lengths.max() > MAX_DIGITS:
            return None
        numbers: NDArray[np.int64] = numbers_in(self.held.cast(pa.int64()), np.int64, 0)
        powers = 10 ** np.arange(1, MAX_DIGITS, dtype=np.int64)
        return numbers if np.array_equal(np.searchsorted(powers, numbers, "right") + 1, lengths) else None

    def select(self, rows: NDArray[np.intp]) -> "ArrowTexts":
        """The rows with these indices."""
        return ArrowTexts(self.held.take(rows))


TextColumn = Coded | ArrowTexts
"""A column of texts."""


def coded(known: Iterable[str | None], places: NDArray[Any]) -> Coded:
    """A column of texts, of which ``known`` may have some twice, in another order, or for no row."""
    index: dict[str | None, int] = {}
    of_known = np.array([index.setdefault(text, len(index)) for text in known], np.int32)
    return _in_order([*index], of_known[places])


def _in_order(known: Texts, places: NDArray[Any]) -> Coded:
    """The same where ``known`` has each text once."""
    count = len(places)
    first = np.full(len(known), count)
    first[places[::-1]] = np.arange(count)[::-1]
    if len(first) == 0 or (first[-1] < count and (np.diff(first) > 0).all()):
        return Coded(known, places.astype(np.int32, copy=False))
    order = np.argsort(first)[: int(np.sum(first < count))]
    there = np.empty(len(known), np.int32)
    there[order] = np.arange(len(order), dtype=np.int32)
    return Coded([known[place] for place in order.tolist()], there[places])


def of_texts(texts: Sequence[str | None]) -> Coded:
    """The column of some texts."""
    index = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return Coded([*index], np.fromiter(map(index.__getitem__, texts), np.int32, len(texts)))


def joined(parts: Sequence[TextColumn]) -> TextColumn:
    """The rows of some columns, one after another; there is at least one."""
    held = [part.held for part in parts if isinstance(part, ArrowTexts)]
    if len(held) == len(parts):
        import pyarrow as pa

        return ArrowTexts(pa.chunked_array([chunk for column in held for chunk in column.chunks], pa.string()))
    index: dict[str | None, int] = {}
    places = []
    for part in (each.coded() for each in parts):
        places.append(np.array([index.setdefault(t, len(index)) for t in part.known], np.int32)[part.places])
    return Coded([*index], np.concatenate(places))


def from_dictionary(cells: "pa.ChunkedArray") -> Coded:
    """The column that a dictionary-encoded array of pyarrow has; a null is a missing value."""
    import pyarrow as pa

    unified = cells.unify_dictionaries()
    known = unified.chunks[0].dictionary.to_pylist() if unified.num_chunks else []
    indices = pa.chunked_array([chunk.indices.cast(pa.int32()) for chunk in unified.chunks], pa.int32())
    places = numbers_in(indices, np.int32, len(known))
    return _in_order([*known, *[None] * bool(cells.null_count)], places)
