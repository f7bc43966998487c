"""The numbers of pyarrow's arrays as arrays of NumPy.

``to_numpy`` gives the same, but imports pandas where it is installed, which takes longer than a table of many rows.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


def numbers_in(cells: "pa.ChunkedArray", kind: "type[np.generic]", missing: float) -> NDArray[Any]:
    """The numbers of a column, shape ``(rows,)``.

    Args:
        cells: the column, of the type of ``kind``.
        kind: the type, such as ``np.float64``.
        missing: what a null becomes.
    """
    parts = [_of_chunk(chunk, kind, missing) for chunk in cells.chunks]
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _of_chunk(chunk: "pa.Array", kind: "type[np.generic]", missing: float) -> NDArray[Any]:
    there, values = chunk.buffers()
    rows = slice(chunk.offset, chunk.offset + len(chunk))
    numbers: NDArray[Any] = np.frombuffer(values or b"", kind)[rows]
    if not chunk.null_count:
        return numbers
    bits = np.unpackbits(np.frombuffer(there, np.uint8), bitorder="little")[rows]
    return np.where(bits, numbers, np.array(missing, kind))
