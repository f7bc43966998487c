"""The numbers of pyarrow's arrays as arrays of NumPy.

``to_numpy`` gives the same, but imports pandas where it is installed, which takes longer than a table of many rows.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


def numbers_in(cells: "pa.ChunkedArray", kind: "type[np.generic]", missing: float) -> NDArray[Any]:
    """The numbers of a column of this type, such as ``np.float64``, shape ``(rows,)``; a null becomes ``missing``."""
    numbers: NDArray[Any] = np.empty(len(cells), kind)
    start = 0
    for chunk in cells.chunks:
        there, values = chunk.buffers()
        rows, part = slice(chunk.offset, chunk.offset + len(chunk)), numbers[start : start + len(chunk)]
        part[:] = np.frombuffer(values or b"", kind)[rows]
        if chunk.null_count:
            part[np.unpackbits(np.frombuffer(there, np.uint8), bitorder="little")[rows] == 0] = missing
        start += len(chunk)
    return numbers
