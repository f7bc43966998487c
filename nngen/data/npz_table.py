"""Columns from the arrays of an ``.npz`` file."""

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen import files
from nngen.data import sources
from nngen.data.cells import DATES
from nngen.data.frame import Array, Texts, missing_column
from nngen.data.npy import npy_array
from nngen.diagnostics import SpecError, show
from nngen.spec import numbered
from nngen.text import counted


def npz_columns(
    content: bytes, where: str, names: Sequence[str]
) -> tuple[Mapping[str, Array | Texts], Mapping[str, str]]:
    """The columns of an ``.npz`` file; without names, all that can be read, and why others cannot.

    An array of shape ``(rows,)`` is a column of its name; one of shape ``(rows, n)`` is n columns, ``name1`` to
    ``nameN``. Nothing is unpickled.

    Raises:
        SpecError: the file is damaged or too large, or an array is no column of numbers or texts.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
            if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
                raise zipfile.BadZipFile
            if sum(member.file_size for member in members) > sources.MAX_FILE:
                raise files.refused(Path(where), f"the arrays are larger than {sources.MAX_FILE:,} bytes")
            arrays = {
                member.filename[:-4]: npy_array(archive.read(member), where, member.filename) for member in members
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise files.refused(Path(where), "the file of arrays is damaged or incomplete") from None
    return _columns(arrays, where, names)


def _columns(
    arrays: Mapping[str, NDArray[Any]], where: str, names: Sequence[str]
) -> tuple[Mapping[str, Array | Texts], Mapping[str, str]]:
    columns: dict[str, NDArray[Any]] = {}
    for name, array in arrays.items():
        if array.ndim not in (1, 2):
            advice = f"reshape it to rows and columns: `{name}.reshape(len({name}), -1)`"
            message = f"{name}: expected an array of 1 or 2 dimensions, got {array.ndim}"
            raise files.refused(Path(where), message, advice)
        rows = array[:, None] if array.ndim == 1 else array
        named = [name] if array.ndim == 1 else numbered(name, array.shape[1])
        parts = dict(zip(named, rows.T, strict=True))
        twice = next((part for part in parts if part in columns), None)
        if twice is not None:
            message = f"expected one column {show(twice)}, got 2"
            raise files.refused(Path(where), message, "an array with columns and another array give this name")
        columns |= parts
    counts = {name: len(array) for name, array in arrays.items()}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{name} has {counted(count, 'row')}" for name, count in counts.items())
        raise files.refused(Path(where), f"the arrays have different numbers of rows: {listed}")
    missing = [missing_column(where, name, columns) for name in names if name not in columns]
    if missing:
        raise SpecError([diagnostic for error in missing for diagnostic in error.diagnostics])
    unfit = {name: found for name, column in columns.items() if (found := _unfit(column.dtype))}
    wrong = [(name, found) for name, found in unfit.items() if name in names]
    if wrong:
        name, (what, advice) = wrong[0]
        raise files.refused(Path(where), f"{name}: expected numbers or texts, got {what}", advice)
    read = {name: _values(columns[name]) for name in columns if name not in unfit and (name in names or not names)}
    return read, {name: f"it holds {what}" for name, (what, _) in unfit.items()}


def _unfit(dtype: np.dtype[Any]) -> tuple[str, str] | None:
    """A description and advice for a type that is neither a number nor a text; otherwise None."""
    if dtype.kind in "iufbU":
        return None
    if dtype.kind in "mM":
        return f"dates or times ({dtype})", DATES
    return f"the type {show(str(dtype))}", "save it as numbers or as texts"


def _values(column: NDArray[Any]) -> Array | Texts:
    kind = column.dtype.kind
    if kind in "iuf":
        return column.astype(np.float64)
    if kind == "b":
        return [str(value) for value in column.tolist()]
    return [text.strip() or None for text in column.tolist()]
