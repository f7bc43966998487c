"""Reads arrays of NumPy without its loader, which can unpickle."""

import math
from io import BytesIO
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from nngen.common import files


def npy_array(code: bytes, where: str, member: str) -> NDArray[Any]:
    """The array in the bytes of a ``.npy`` file, see ``NpyFile``; nothing is unpickled.

    Raises:
        SpecError: it is damaged, or holds Python objects.
    """
    return NpyFile(BytesIO(code), len(code), where, member).whole()


class NpyFile:
    """An array in a file, which is read as a whole or row by row; its header is checked before memory is allocated.

    Args:
        file: the file.
        size: the number of its bytes.
        where: the archive that holds it, for messages.
        member: its name in the archive, which ends in ``.npy``.

    Raises:
        SpecError: it is damaged, or holds Python objects.
    """

    def __init__(self, file: IO[bytes], size: int, where: str, member: str) -> None:
        try:
            version = npy.read_magic(file)
            read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            self.shape, self.by_columns, self.dtype = read(file)
        except ValueError as error:
            raise files.refused(Path(where), f"{member} is not a NumPy array: {error}") from None
        except (SyntaxError, TokenError, TypeError, MemoryError, RecursionError):  # NumPy reads the header as Python
            raise files.refused(Path(where), f"{member} is not a NumPy array: its header is damaged") from None
        self.name = name = member[:-4]
        if self.dtype.hasobject:
            message = f"{name}: expected numbers or texts, got pickled Python objects, which can run code"
            advice = "save it with a NumPy type: `values.astype(float)` or `values.astype(str)`"
            raise files.refused(Path(where), message, advice)
        if math.prod(self.shape) * self.dtype.itemsize != size - file.tell():
            raise files.refused(Path(where), f"{name}: the array is damaged or incomplete")
        self._file = file

    def whole(self) -> NDArray[Any]:
        """The array.

        Raises:
            EOFError: the file is shorter than it says.
        """
        return self._read(math.prod(self.shape)).reshape(self.shape, order="F" if self.by_columns else "C")

    def rows(self, count: int) -> NDArray[Any]:
        """The next rows of an array that is stored by rows.

        Raises:
            EOFError: the file is shorter than it says.
        """
        return self._read(count * math.prod(self.shape[1:])).reshape(count, *self.shape[1:])

    def _read(self, count: int) -> NDArray[Any]:
        code = self._file.read(count * self.dtype.itemsize)
        if len(code) != count * self.dtype.itemsize:
            raise EOFError
        return np.frombuffer(code, self.dtype) if code else np.zeros(count, self.dtype)
