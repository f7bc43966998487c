"""Reads the tables of a FlatBuffer, each number within the file: https://flatbuffers.dev/internals.

Tables and lists may share bytes, so that a small file could describe a large one: what is read has a limit.
"""

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHARED = 4
"""How often a file may be read: converters share few bytes."""


class DamagedError(Exception):
    """A place leads out of the file, or the file describes more than it has."""


class FlatBuffer:
    """The bytes of a file."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._left = SHARED * len(content)

    def root(self) -> "Table":
        """The table that has all others."""
        return self.table(self.target(0))

    def number(self, place: int, kind: str) -> Any:
        """The number at a place; ``kind`` is a letter of ``struct``."""
        size = struct.calcsize(kind)
        self._read(place, size)
        return struct.unpack_from(f"<{kind}", self._content, place)[0]

    def target(self, place: int) -> int:
        """Where the offset at a place leads."""
        return place + int(self.number(place, "I"))

    def table(self, place: int) -> "Table":
        """The table at a place: before it lies the list of its fields' places."""
        fields = place - int(self.number(place, "i"))
        return Table(self, place, fields, int(self.number(fields, "H")))

    def numbers(self, place: int, kind: str) -> NDArray[Any]:
        """The list of numbers at a place; it is not copied."""
        count, size = int(self.number(place, "I")), np.dtype(kind).itemsize
        self._read(place + 4, count * size)
        return np.frombuffer(self._content, kind, count, place + 4)

    def _read(self, place: int, size: int) -> None:
        if not 0 <= place <= len(self._content) - size:
            raise DamagedError("a place in it leads out of the file")
        self._left -= size
        if self._left < 0:
            raise DamagedError("its parts share so many bytes that it describes a file of another size")


@dataclass(frozen=True)
class Table:
    """A table: fields by their numbers in the schema, any of which may be left out."""

    _file: FlatBuffer
    _place: int
    _fields: int
    _size: int
    """Bytes of the list of its fields' places."""

    def number(self, field: int, kind: str, default: Any = 0) -> Any:
        """A number; ``kind`` is a letter of ``struct``."""
        place = self._at(field)
        return default if place is None else self._file.number(place, kind)

    def numbers(self, field: int, kind: str) -> NDArray[Any]:
        """A list of numbers of a type of NumPy; an empty one if it is left out."""
        place = self._at(field)
        return np.empty(0, kind) if place is None else self._file.numbers(self._file.target(place), kind)

    def text(self, field: int) -> str:
        """A text; an empty one if it is left out."""
        return self.numbers(field, "u1").tobytes().decode(errors="replace")

    def table(self, field: int) -> "Table | None":
        """A table; None if it is left out."""
        place = self._at(field)
        return None if place is None else self._file.table(self._file.target(place))

    def tables(self, field: int) -> "list[Table]":
        """A list of tables; an empty one if it is left out."""
        place = self._at(field)
        if place is None:
            return []
        start = self._file.target(place)
        count = len(self._file.numbers(start, "<u4"))
        return [self._file.table(self._file.target(start + 4 + 4 * index)) for index in range(count)]

    def _at(self, field: int) -> int | None:
        """The place of a field; None if it is left out."""
        entry = 4 + 2 * field
        offset = int(self._file.number(self._fields + entry, "H")) if entry + 2 <= self._size else 0
        return self._place + offset if offset else None
