"""Reads arrays of HDF5 files, and nothing that an HDF5 file can lead to.

An HDF5 file can name other files: by external links, by external storage, by virtual datasets. Soft links lead anywhere
in the file, hard links make loops, and a dataset without storage declares any size. All of it is refused before a
number is read.
"""

import math
from collections.abc import Mapping
from io import BytesIO
from types import ModuleType, TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.limits import LIMITS
from nngen.common.files import refused

_DAMAGED = (OSError, RuntimeError, ValueError, KeyError, TypeError, OverflowError, MemoryError)
"""The exceptions of h5py for a file with wrong bytes."""


class Hdf5:
    """An open HDF5 file. Use it in a ``with`` block, and in a process of its own: libhdf5 expects no hostile files."""

    def __init__(self, content: bytes, where: str) -> None:
        self._content, self._where = content, where

    def __enter__(self) -> "Hdf5":
        """Open the file.

        Raises:
            SpecError: it is no HDF5 file, or h5py is not installed.
        """
        self._h5py = _h5py(self._where)
        try:
            self._file = self._h5py.File(BytesIO(self._content), "r")
        except _DAMAGED:
            raise refused(self._where, "this is not an HDF5 file, or it is damaged") from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def text(self, name: str, group: str = "/") -> str | None:
        """The text of an attribute of a group; None if there is none.

        Raises:
            SpecError: the attribute is no text, or too long.
        """
        try:
            attributes = self._file[group].attrs
            if name not in attributes:
                return None
            attribute = attributes.get_id(name)
            text = attributes[name] if attribute.shape == () and attribute.dtype.kind in "OS" else None
            text = text.decode() if isinstance(text, bytes) else text
        except _DAMAGED:
            raise refused(self._where, f"the attribute {name!r} is damaged") from None
        if not isinstance(text, str) or len(text) > LIMITS.characters:
            raise refused(
                self._where, f"expected a text of at most {LIMITS.characters:,} characters as attribute {name!r}"
            )
        return text

    def datasets(self, root: str) -> Mapping[str, Any]:
        """The datasets below a group by their paths from it; their sizes are checked, and no number is read.

        Raises:
            SpecError: the group is missing, leads out of the file, or has something other than plain numbers.
        """
        found: dict[str, Any] = {}
        try:
            waiting = [("", self._group(root), 0)]
            left = LIMITS.nodes
            while waiting:
                prefix, group, depth = waiting.pop()
                if depth > LIMITS.depth:
                    raise refused(self._where, f"the groups of {root!r} are nested deeper than {LIMITS.depth}")
                for name in group:
                    left -= 1
                    if left < 0:
                        raise refused(self._where, f"{root!r} has more than {LIMITS.nodes:,} groups and datasets")
                    path = f"{prefix}{name}"
                    item = self._item(group, name, path)
                    if isinstance(item, self._h5py.Group):
                        waiting.append((f"{path}/", item, depth + 1))
                    else:
                        self._check(item, path)
                        found[path] = item
        except _DAMAGED:
            raise refused(self._where, f"the group {root!r} is damaged") from None
        if sum(math.prod(dataset.shape) * dataset.dtype.itemsize for dataset in found.values()) > len(self._content):
            raise refused(self._where, f"the datasets of {root!r} share their bytes")
        return found

    def _group(self, root: str) -> Any:
        """A group of the file by its name."""
        group = self._item(self._file, root, root) if root in self._file else None
        if not isinstance(group, self._h5py.Group):
            raise refused(self._where, f"the group {root!r} is missing")
        return group

    def _item(self, group: Any, name: str, path: str) -> Any:
        """An item of a group, where it is in the file itself."""
        link = group.get(name, getlink=True)
        if isinstance(link, self._h5py.ExternalLink):
            raise refused(self._where, f"{path!r} is a link to another file")
        if not isinstance(link, self._h5py.HardLink):
            raise refused(self._where, f"{path!r} is a soft link")
        return group[name]

    def _check(self, item: Any, path: str) -> None:
        """Refuse what is no plain dataset of numbers with all of its bytes in the file."""
        if not isinstance(item, self._h5py.Dataset) or item.shape is None or item.dtype.kind not in "fiu":
            raise refused(self._where, f"expected numbers, got something else as {path!r}")
        if item.is_virtual:
            raise refused(self._where, f"{path!r} is a virtual dataset: its numbers are elsewhere")
        if item.external:
            raise refused(self._where, f"the numbers of {path!r} are in another file")
        if item.chunks is not None:
            raise refused(self._where, f"expected plain numbers, got compressed ones or parts of them as {path!r}")
        if item.id.get_storage_size() != math.prod(item.shape) * item.dtype.itemsize:
            raise refused(self._where, f"the file has not all numbers of {path!r}, which has the shape {item.shape}")


def numbers(dataset: Any, shape: tuple[int, ...], name: str, where: str) -> NDArray[np.float64]:
    """The numbers of a dataset as float64.

    Args:
        dataset: one of ``Hdf5.datasets``, while the file is open.
        shape: the shape that it must have.
        name: what it is, for messages.
        where: the file, for messages.

    Raises:
        SpecError: it has another shape, or a number that is not finite.
    """
    if dataset.shape != shape:
        raise refused(where, f"expected {name} of the shape {shape}, got {dataset.shape}")
    try:
        array = np.asarray(dataset[()], np.float64)
    except _DAMAGED:
        raise refused(where, f"{name} is damaged") from None
    if not np.isfinite(array).all():
        raise refused(where, f"expected finite numbers, got NaN or an infinity in {name}")
    return array


def _h5py(where: str) -> ModuleType:
    """The package h5py, which is loaded only for HDF5 files."""
    try:
        import h5py
    except ImportError:
        raise refused(where, "this file needs h5py", "install it: pip install h5py") from None
    module: ModuleType = h5py
    return module
