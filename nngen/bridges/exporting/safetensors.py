"""The parameters of a network as a safetensors file."""

import json
from collections.abc import Sequence

import numpy as np

from nngen.plan import Plan

_TYPES = {"float32": "F32", "float64": "F64"}


def safetensors(plan: Plan, parameters: Sequence[float], dtype: str) -> bytes:
    """The bytes of a safetensors file: an array for each name of ``PARAMETERS``, and the layout as metadata.

    The format is a header in JSON after its length in 8 bytes, and the numbers, the lowest byte first:
    https://huggingface.co/docs/safetensors.

    Args:
        plan: the plan of the network.
        parameters: the parameters, in the order of the layout.
        dtype: ``float32`` or ``float64``, the type of the numbers.
    """
    numbers = np.array(parameters, np.dtype(dtype).newbyteorder("<"))
    header: dict[str, object] = {"__metadata__": {"layout": " ".join(plan.layout)}}
    for block in plan.blocks:
        ends = [block.start * numbers.itemsize, block.stop * numbers.itemsize]
        header[block.name] = {"dtype": _TYPES[dtype], "shape": block.shape, "data_offsets": ends}
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # so that the numbers are aligned
    return len(text).to_bytes(8, "little") + text + numbers.tobytes()
