"""Parameters in the format of safetensors: the length of a header in 8 bytes, the header in JSON, and the numbers.

All numbers begin with their lowest byte (https://huggingface.co/docs/safetensors). A header that the format does not
allow is refused, and so is one with other arrays than those of the network; nothing is made of what it promises before
that is checked.
"""

import json
import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from nngen.common import files
from nngen.common.diagnostics import show
from nngen.plan import Plan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_HEADER = 1_000_000
"""Bytes of a header; the largest of a network has 100 arrays or so."""

PIECE = 100_000
"""Numbers of a file that are checked at once."""

_TYPES = {"F32": "<f4", "F64": "<f8"}
_NAMES = {"float32": "F32", "float64": "F64"}


def metadata_in(begin: bytes) -> dict[str, Any]:
    """The metadata in the header of a file with these first bytes, with a layout; empty for any other file."""
    length = int.from_bytes(begin[:8], "little")
    if begin[8:9] != b"{" or not 2 <= length <= min(MAX_HEADER, len(begin) - 8):
        return {}
    about = _header(begin).get("__metadata__")
    return about if isinstance(about, dict) and isinstance(about.get("layout"), str) else {}


def _header(content: bytes | memoryview) -> dict[str, Any]:
    """The header; empty if it is none."""
    try:
        header = json.loads(bytes(content[8 : 8 + int.from_bytes(content[:8], "little")]))
    except (ValueError, RecursionError):
        return {}
    return header if isinstance(header, dict) else {}


def numbers(path: Path, planned: Plan) -> "NDArray[np.float64]":
    """The parameters in a file whose layout is that of the network, in the order of the layout.

    The file is mapped: of parameters as ``written`` writes them in float64, memory has only those that are used.

    Raises:
        SpecError: an array is missing or has another type or shape, or the arrays do not follow one another.
    """
    with files.opened(path) as file:
        return _numbers(path, file, planned)


def _numbers(path: Path, file: BinaryIO, planned: Plan) -> "NDArray[np.float64]":
    import numpy as np

    content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    header = _header(content)
    header.pop("__metadata__", None)
    first = 8 + int.from_bytes(content[:8], "little")
    data = content[first:]
    found: list[NDArray[Any]] = []
    ends: list[tuple[int, int]] = []
    for block in planned.blocks:
        entry = header.pop(block.name, None)
        kind = entry.get("dtype") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(kind, str) or kind not in _TYPES:
            raise files.refused(path, f"{block.name}: expected an array of F32 or F64, got {show(kind)}")
        if entry.get("shape") != [*block.shape]:
            raise files.refused(
                path, f"{block.name}: expected the shape {[*block.shape]}, got {show(str(entry.get('shape')))}"
            )
        begin, end = _ends(entry.get("data_offsets"))
        if end - begin != block.size * np.dtype(_TYPES[kind]).itemsize or not 0 <= begin <= end <= len(data):
            raise files.refused(path, f"{block.name}: its bytes are not in the file")
        if not _are_finite(file, first + begin, _TYPES[kind], block.size):
            raise files.refused(path, "a parameter is infinite or NaN")
        found.append(np.frombuffer(data[begin:end], _TYPES[kind]))
        ends.append((begin, end))
    if header:
        raise files.refused(path, f"unexpected array {show(next(iter(header)))}")
    in_order = sorted(ends)
    if [0, *(end for _, end in in_order)] != [*(begin for begin, _ in in_order), len(data)]:
        raise files.refused(path, "the arrays do not follow one another")
    if ends == in_order and all(array.dtype == np.float64 for array in found):
        return np.frombuffer(data, "<f8")
    return np.concatenate(found, dtype=np.float64)


def _are_finite(file: BinaryIO, begin: int, dtype: str, count: int) -> bool:
    """Whether all numbers from an offset on are finite; they are read, since looking into the map would load it."""
    import numpy as np

    file.seek(begin)
    sizes = (min(PIECE, count - start) for start in range(0, count, PIECE))
    return all(np.isfinite(np.fromfile(file, dtype, size)).all() for size in sizes)


def _ends(offsets: object) -> tuple[int, int]:
    match offsets:
        case [int(begin), int(end)]:
            return begin, end
    return 0, -1


def written(
    planned: Plan, parameters: "Sequence[float] | NDArray[np.float64]", dtype: str, network: str | None = None
) -> bytes:
    """The bytes of a safetensors file: an array for each name of ``PARAMETERS``, and metadata.

    Args:
        planned: the plan of the network.
        parameters: the parameters, in the order of the layout.
        dtype: ``float32`` or ``float64``, the type of the numbers.
        network: the fingerprint of the network, which the metadata have beside its layout.
    """
    import numpy as np

    numbers = np.asarray(parameters, np.dtype(dtype).newbyteorder("<"))
    about = {"layout": " ".join(planned.layout)} | ({} if network is None else {"network": network})
    header: dict[str, object] = {"__metadata__": about}
    for block in planned.blocks:
        ends = [block.start * numbers.itemsize, block.stop * numbers.itemsize]
        header[block.name] = {"dtype": _NAMES[dtype], "shape": block.shape, "data_offsets": ends}
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # so that the numbers are aligned
    return len(text).to_bytes(8, "little") + text + numbers.tobytes()
