"""Reads ``.safetensors`` files: arrays by name, and nothing else.

The format is the length of a header in 8 bytes, the header in JSON, and the numbers:
https://huggingface.co/docs/safetensors. Readers differ in what they let pass; this one takes no key twice, no gaps, no
overlaps, and only finite numbers.
"""

import math
from typing import Any

import numpy as np

from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.limits import parse
from nngen.common.files import refused

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
"""The types of numbers, as NumPy has them. BF16 is the upper half of F32."""

COUNTERS = frozenset({"num_batches_tracked"})
"""Integers beside the parameters of a normalization, by the last part of their names; they are left out."""


def tensors(content: bytes, where: str) -> dict[str, Array]:
    """The arrays of a file as float64, by their names.

    Raises:
        SpecError: the file is damaged, or an array has another type or a number that is not finite.
    """
    length = int.from_bytes(content[:8], "little")
    start = 8 + length
    if len(content) < 8 or start > len(content):
        raise refused(where, "expected a .safetensors file: its header is not complete")
    header = parse(content[8:start], where, "the header")
    if not isinstance(header, dict):
        raise refused(where, "expected a mapping as header")
    header.pop("__metadata__", None)
    entries = sorted(((name, *_entry(entry, name, where)) for name, entry in header.items()), key=lambda one: one[3])
    found, place = {}, 0
    for name, dtype, shape, begin, end in entries:
        if begin != place:
            raise refused(where, f"the array {name!r:.60} begins at byte {begin:,}, expected {place:,}")
        if start + end > len(content):
            raise refused(where, f"the file ends before the array {name!r:.60}, which has the bytes up to {end:,}")
        array = np.frombuffer(content, np.uint8, end - begin, start + begin).view(TYPES.get(dtype, "V1"))
        if dtype in TYPES:
            found[name] = _numbers(array, dtype, shape, name, where)
        elif name.rpartition(".")[2] not in COUNTERS:
            raise refused(where, f"expected an array of F64, F32, F16 or BF16, got {dtype!r:.20} as {name!r:.60}")
        place = end
    if place != len(content) - start:
        raise refused(where, f"expected {place:,} bytes of numbers, got {len(content) - start:,}")
    return found


def _entry(entry: Any, name: str, where: str) -> tuple[str, tuple[int, ...], int, int]:
    """The type, the shape and the bytes of an array."""
    if isinstance(entry, dict) and entry.keys() == {"dtype", "shape", "data_offsets"}:
        dtype, shape, ends = entry["dtype"], entry["shape"], entry["data_offsets"]
        whole = all(
            isinstance(part, list) and all(type(size) is int and size >= 0 for size in part) for part in (shape, ends)
        )
        if isinstance(dtype, str) and whole and len(ends) == 2 and ends[0] <= ends[1]:
            size = np.dtype(TYPES[dtype]).itemsize if dtype in TYPES else None
            if size is None or math.prod(shape) * size == ends[1] - ends[0]:
                return dtype, tuple(shape), ends[0], ends[1]
    raise refused(where, f"expected dtype, shape and data_offsets that agree for the array {name!r:.60}")


def _numbers(array: Any, dtype: str, shape: tuple[int, ...], name: str, where: str) -> Array:
    if dtype == "BF16":
        array = (array.astype("<u4") << 16).view("<f4")
    numbers = array.astype(np.float64).reshape(shape)
    if not np.isfinite(numbers).all():
        raise refused(where, f"expected finite numbers, got NaN or an infinity in {name!r:.60}")
    return np.asarray(numbers)
