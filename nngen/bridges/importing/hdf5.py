"""Reads arrays of HDF5 files, and nothing that an HDF5 file can lead to.

An HDF5 file can name other files: by external links, by external storage, by virtual datasets. Soft links lead anywhere
in the file, hard links make loops, and a dataset without storage declares any size. All of it is refused before a
number is read.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.limits import LIMITS
from nngen.common.files import refused

_DAMAGED = (OSError, RuntimeError, ValueError, KeyError, TypeError, OverflowError, MemoryError)
"""The exceptions of h5py for a file with wrong bytes."""


@contextmanager
def hdf5(content: bytes, where: str) -> Iterator["Hdf5"]:
    """Open a file, in a process of its own: libhdf5 expects no hostile files.

    Raises:
        SpecError: it is no HDF5 file, or h5py is not installed.
    """
    try:
        import h5py

        file = h5py.File(BytesIO(content), "r")
    except ImportError:
        raise refused(where, "this file needs h5py", "install it: pip install h5py") from None
    except _DAMAGED:
        raise refused(where, "this is not an HDF5 file, or it is damaged") from None
    with file:
        yield Hdf5(file, len(content), where)


class Hdf5:
    """An open HDF5 file of so many bytes."""

    def __init__(self, file: Any, size: int, where: str) -> None:
        self._file, self._size, self._where = file, size, where

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
            expected = f"a text of at most {LIMITS.characters:,} characters"
            raise refused(self._where, f"expected {expected} as attribute {name!r}")
        return text

    def datasets(self, root: str) -> Mapping[str, Any]:
        """The datasets below a group by their paths from it; their sizes are checked, and no number is read.

        Raises:
            SpecError: the group is missing, leads out of the file, or has something other than plain numbers.
        """
        import h5py

        found: dict[str, Any] = {}
        links: list[tuple[str, Any]] = []

        def look(path: str, link: Any) -> bool | None:
            links.append((path, link))
            return len(links) > LIMITS.nodes or path.count("/") > LIMITS.depth or None

        try:
            if not isinstance(self._file.get(root, getlink=True), h5py.HardLink):
                raise refused(self._where, f"the group {root!r} is missing")
            if self._file[root].visititems_links(look):  # each group once, so that no circle is endless
                most = f"{LIMITS.nodes:,} groups and datasets, or {LIMITS.depth} in one another"
                raise refused(self._where, f"{root!r} has more than {most}")
            for path, link in links:
                if not isinstance(link, h5py.HardLink):
                    raise refused(self._where, f"{path!r} is a link to something else, perhaps in another file")
                item = self._file[root][path]
                if not isinstance(item, h5py.Group):
                    self._check(item, path)
                    found[path] = item
        except _DAMAGED:
            raise refused(self._where, f"the group {root!r} is damaged") from None
        if sum(math.prod(dataset.shape) * dataset.dtype.itemsize for dataset in found.values()) > self._size:
            raise refused(self._where, f"the datasets of {root!r} share their bytes")
        return found

    def _check(self, item: Any, path: str) -> None:
        """Refuse what is no plain dataset of numbers with all of its bytes in the file."""
        import h5py

        if not isinstance(item, h5py.Dataset) or item.shape is None or item.dtype.kind not in "fiu":
            raise refused(self._where, f"expected numbers, got something else as {path!r}")
        if item.is_virtual or item.external:
            raise refused(self._where, f"the numbers of {path!r} are in another file")
        if item.chunks is not None:
            raise refused(self._where, f"expected plain numbers, got compressed ones or parts of them as {path!r}")
        if item.id.get_storage_size() != math.prod(item.shape) * item.dtype.itemsize:
            raise refused(self._where, f"the file has not all numbers of {path!r}, which has the shape {item.shape}")


def numbers(dataset: Any, shape: tuple[int, ...], name: str) -> NDArray[np.float64]:
    """The numbers of a dataset as float64.

    Args:
        dataset: one of ``Hdf5.datasets``, while the file is open.
        shape: the shape that it must have.
        name: what it is, for messages.
    """
    if dataset.shape != shape:
        raise UnfitError(f"expected {name} of the shape {shape}, got {dataset.shape}")
    try:
        array = np.asarray(dataset[()], np.float64)
    except _DAMAGED:
        raise UnfitError(f"{name} is damaged") from None
    if not np.isfinite(array).all():
        raise UnfitError(f"expected finite numbers, got NaN or an infinity in {name}")
    return array
