"""The sizes of the pages of a Parquet file, read before pyarrow unpacks them.

A page of a few hundred bytes can unpack to two gigabytes. Its header says how many, in the compact protocol of Thrift
(https://github.com/apache/parquet-format, ``PageHeader``).
"""

from collections.abc import Collection, Iterator
from typing import Any, BinaryIO, NamedTuple

from nngen.common import files
from nngen.description.data import sources

MAX_PAGE = 128_000_000
"""Unpacked bytes of a page. Most writers make pages of 1 MB, DuckDB of up to 100 MB."""

MAX_BATCH = 64_000_000
"""Bytes of a column in the rows that are read at once."""

MAX_HEADER = 16_000_000
"""Bytes of a header; pyarrow reads no longer ones."""

COMMON = 4_096
"""Most headers are shorter."""

MAX_DEPTH = 8
"""Structures within structures; the headers of the format have two levels."""

_DICTIONARY = 2
"""The type of a page with a dictionary."""


class Page(NamedTuple):
    """A page: the bytes that it takes when it is unpacked, and its values, 0 for a dictionary."""

    unpacked: int
    values: int


def rows_at_once(file: BinaryIO, where: str, metadata: Any, wanted: Collection[str]) -> int:
    """How many rows of the wanted columns fit the memory; ``metadata`` is ``pyarrow.parquet.FileMetaData``.

    Raises:
        SpecError: a page is too large to be unpacked, or its header is damaged.
    """
    most = 1.0
    names = [metadata.schema.column(place).path for place in range(metadata.num_columns)]
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for place, name in enumerate(names):
            if name not in wanted:
                continue
            chunk = group.column(place)
            start = min(chunk.dictionary_page_offset or chunk.data_page_offset, chunk.data_page_offset)
            try:
                for page in pages(file, start, chunk.total_compressed_size, chunk.num_values):
                    if page.unpacked > MAX_PAGE:
                        message = f"{name}: a page takes {page.unpacked:,} bytes, and at most {MAX_PAGE:,} are read"
                        raise files.refused(where, message, "write the file with smaller pages")
                    most = max(most, page.unpacked / max(1, page.values or page.unpacked))
            except ValueError as error:
                raise files.refused(where, f"the file is damaged: {error}") from None
    return max(1, min(sources.BATCH, int(MAX_BATCH / most)))


def pages(file: BinaryIO, start: int, length: int, values: int) -> Iterator[Page]:
    """The pages of a column in a row group: so many bytes with their headers, and so many values; no more are read.

    Raises:
        ValueError: a header is damaged.
    """
    end = start + length
    while start < end and values > 0:
        fields, size = _header(file, start, end)
        data = fields.get(5) or fields.get(8)
        count = 0 if fields.get(1) == _DICTIONARY or not isinstance(data, dict) else data.get(1)
        sizes = [number for number in (fields.get(2), fields.get(3), count) if isinstance(number, int) and number >= 0]
        if len(sizes) < 3:
            raise ValueError("a page has no size")
        unpacked, packed, count = sizes
        yield Page(unpacked, count)
        start += size + packed
        values -= count


def _header(file: BinaryIO, start: int, end: int) -> tuple[dict[int, Any], int]:
    """The fields of a header, and its size."""
    for most in (COMMON, MAX_HEADER):
        file.seek(start)
        reader = _Compact(file.read(min(most, end - start)))
        try:
            return reader.structure(), reader.place
        except IndexError:  # the header goes on
            continue
    raise ValueError("a header of a page is incomplete")


class _Compact:
    """Reads the compact protocol: whole numbers and structures; it passes over all else."""

    def __init__(self, content: bytes) -> None:
        self._content, self.place = content, 0

    def structure(self, depth: int = 0) -> dict[int, Any]:
        """The fields by their numbers."""
        if depth > MAX_DEPTH:
            raise ValueError("a header of a page is nested too deeply")
        found: dict[int, Any] = {}
        name = 0
        while byte := self._byte():
            name = name + (byte >> 4) if byte >> 4 else self._whole()
            kind = byte & 15
            found[name] = kind if kind in (1, 2) else self._value(kind, depth)  # a truth value is in its type
        return found

    def _value(self, kind: int, depth: int) -> Any:
        match kind:
            case 4 | 5 | 6:
                return self._whole()
            case 12:
                return self.structure(depth + 1)
            case 1 | 2 | 3:
                self._pass(1)
            case 7:
                self._pass(8)
            case 8:
                self._pass(self._natural())
            case 9 | 10:
                head = self._byte()
                for _ in range(self._natural() if head >> 4 == 15 else head >> 4):
                    self._value(head & 15, depth + 1)
            case _:
                raise ValueError(f"a header of a page has a field of the type {kind}")
        return None

    def _byte(self) -> int:
        self.place += 1
        return self._content[self.place - 1]

    def _pass(self, count: int) -> None:
        """Pass over some bytes; without a check, a list could have more members than there are bytes."""
        self.place += count
        if self.place > len(self._content):
            raise IndexError

    def _natural(self) -> int:
        """A number in groups of seven bits, the lowest first."""
        found = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            found |= (byte & 127) << shift
            if byte < 128:
                return found
        raise ValueError("a number in a header of a page is too long")

    def _whole(self) -> int:
        """A number with its sign in the lowest bit."""
        found = self._natural()
        return (found >> 1) ^ -(found & 1)
