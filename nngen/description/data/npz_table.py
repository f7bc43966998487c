"""Columns from the arrays of an ``.npz`` file."""

import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nngen.common import files
from nngen.common.diagnostics import SpecError, show
from nngen.common.text import counted
from nngen.description.data import sources
from nngen.description.data.cells import DATES, stripped
from nngen.description.data.frame import Column, missing_column
from nngen.description.data.npy import NpyFile
from nngen.description.data.text_columns import of_texts
from nngen.description.model import numbered

_Read = tuple[Mapping[str, Column], Mapping[str, str], Sequence[str]]


def npz_batches(file: BinaryIO, where: str, names: Sequence[str]) -> Iterator[_Read]:
    """The rows of an ``.npz`` file, in batches.

    A batch has its columns; without names, all that can be read, and why others cannot. An array of shape
    ``(rows,)`` is a column of its name; one of shape ``(rows, n)`` is n columns, ``name1`` to ``nameN``. Nothing is
    unpickled.

    Raises:
        SpecError: the file is damaged or too large, or an array is no column of numbers or texts.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
            if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
                raise zipfile.BadZipFile
            opened = (NpyFile(archive.open(one), one.file_size, where, one.filename) for one in members)
            arrays = [_Rows(file, where) for file in opened]
            yield from _batches(arrays, where, names)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise files.refused(Path(where), "the file of arrays is damaged or incomplete") from None


class _Rows:
    """The rows of an array in an archive, shape ``(rows, width)``, to be taken one after another."""

    def __init__(self, file: NpyFile, where: str) -> None:
        self.name, self.shape, self.dtype = file.name, file.shape, file.dtype
        if len(self.shape) not in (1, 2):
            advice = f"reshape it to rows and columns: `{self.name}.reshape(len({self.name}), -1)`"
            message = f"{self.name}: expected an array of 1 or 2 dimensions, got {len(self.shape)}"
            raise files.refused(Path(where), message, advice)
        self.width = math.prod(self.shape[1:])
        if self.width * self.dtype.itemsize > sources.MAX_LINE:
            raise files.refused(Path(where), f"{self.name}: a row is larger than {sources.MAX_LINE:,} bytes")
        self._file, self._start = file, 0
        self._whole: NDArray[Any] | None = None
        if file.by_columns and self.width > 1:  # each row is scattered over the whole array
            if math.prod(self.shape) * self.dtype.itemsize > sources.MAX_FILE:
                advice = f"save it row by row: `numpy.ascontiguousarray({self.name})`"
                message = f"{self.name}: the array is larger than {sources.MAX_FILE:,} bytes"
                raise files.refused(Path(where), message, advice)
            self._whole = file.whole()

    def take(self, count: int) -> NDArray[Any]:
        """The next rows, shape ``(count, width)``."""
        self._start += count
        if self._whole is not None:
            return self._whole[self._start - count : self._start]
        return self._file.rows(count).reshape(count, self.width)


def _batches(arrays: Sequence[_Rows], where: str, names: Sequence[str]) -> Iterator[_Read]:
    columns: dict[str, tuple[_Rows, int]] = {}
    for array in arrays:
        named = [array.name] if len(array.shape) == 1 else numbered(array.name, array.width)
        twice = next((name for name in named if name in columns), None)
        if twice is not None:
            message = f"expected one column {show(twice)}, got 2"
            raise files.refused(Path(where), message, "an array with columns and another array give this name")
        columns |= {name: (array, place) for place, name in enumerate(named)}
    counts = {array.name: array.shape[0] for array in arrays}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{name} has {counted(count, 'row')}" for name, count in counts.items())
        raise files.refused(Path(where), f"the arrays have different numbers of rows: {listed}")
    missing = [missing_column(where, name, columns) for name in names if name not in columns]
    if missing:
        raise SpecError([diagnostic for error in missing for diagnostic in error.diagnostics])
    unfit = {name: found for name, (array, _) in columns.items() if (found := _unfit(array.dtype))}
    wrong = [(name, found) for name, found in unfit.items() if name in names]
    if wrong:
        name, (what, advice) = wrong[0]
        raise files.refused(Path(where), f"{name}: expected numbers or texts, got {what}", advice)
    left_out = {name: f"it holds {what}" for name, (what, _) in unfit.items()}
    read = {name: place for name, place in columns.items() if name not in unfit and (name in names or not names)}
    total, needed = max(counts.values(), default=0), dict.fromkeys(array for array, _ in read.values())
    for start in range(0, total + 1, sources.BATCH):  # one batch at least
        rows = {array: array.take(min(sources.BATCH, total - start)) for array in needed}
        yield {name: _values(rows[array][:, place]) for name, (array, place) in read.items()}, left_out, ()


def _unfit(dtype: np.dtype[Any]) -> tuple[str, str] | None:
    """A description and advice for a type that is neither a number nor a text; otherwise None."""
    if dtype.kind in "iufbU":
        return None
    if dtype.kind in "mM":
        return f"dates or times ({dtype})", DATES
    return f"the type {show(str(dtype))}", "save it as numbers or as texts"


def _values(column: NDArray[Any]) -> Column:
    kind = column.dtype.kind
    if kind in "iuf":
        return column.astype(np.float64)
    if kind == "b":
        return of_texts([str(value) for value in column.tolist()])
    return of_texts([stripped(text) or None for text in column.tolist()])
