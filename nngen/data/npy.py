"""Reads arrays of NumPy without its loader, which can unpickle."""

import math
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from nngen import files


def npy_array(code: bytes, where: str, member: str) -> NDArray[Any]:
    """The array of a ``.npy`` file; its header is checked before memory is allocated, and nothing is unpickled.

    Args:
        code: the bytes of the file.
        where: the archive that holds it, for messages.
        member: its name in the archive, which ends in ``.npy``.

    Raises:
        SpecError: it is damaged, or holds Python objects.
    """
    file = BytesIO(code)
    try:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(file)
    except ValueError as error:
        raise files.refused(Path(where), f"{member} is not a NumPy array: {error}") from None
    name = member[:-4]
    if dtype.hasobject:
        message = f"{name}: expected numbers or texts, got pickled Python objects, which can run code"
        advice = "save it with a NumPy type: `values.astype(float)` or `values.astype(str)`"
        raise files.refused(Path(where), message, advice)
    count = math.prod(shape)
    if count * dtype.itemsize != len(code) - file.tell():
        raise files.refused(Path(where), f"{name}: the array is damaged or incomplete")
    values = np.frombuffer(code, dtype, count, file.tell()) if count else np.empty(0, dtype)
    return values.reshape(shape, order="F" if fortran else "C")
