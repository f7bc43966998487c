"""Files of safetensors that hold the parameters of a network, and files that must be refused."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from nngen.plan import Plan
from nngen.reading import safetensors


def file_of(header: dict[str, Any], data: bytes) -> bytes:
    """A file of a header and its data."""
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def parts_of(content: bytes) -> tuple[dict[str, Any], bytes]:
    """The header and the data of a file."""
    end = 8 + int.from_bytes(content[:8], "little")
    return json.loads(content[8:end]), content[end:]


def backwards(content: bytes) -> bytes:
    """The same arrays, the last one first."""
    header, data = parts_of(content)
    found: dict[str, Any] = {"__metadata__": header.pop("__metadata__")}
    moved = b""
    for name, entry in reversed(header.items()):
        begin, end = entry["data_offsets"]
        found[name] = {**entry, "data_offsets": [len(moved), len(moved) + end - begin]}
        moved += data[begin:end]
    return file_of(found, moved)


def hostile(planned: Plan) -> Iterator[tuple[str, bytes]]:
    """Files that are none of the parameters of a network, each with the word of what is wrong."""
    good = safetensors.written(planned, [0.5] * planned.size, "float64")
    header, data = parts_of(good)
    length = int.from_bytes(good[:8], "little")
    first, second = (block.name for block in planned.blocks[:2])

    def changed(name: str, **values: object) -> bytes:
        return file_of({**header, name: {**header.get(name, {}), **values}}, data)

    yield "length", (2**62).to_bytes(8, "little") + good[8:]
    yield "length", (length + 10**6).to_bytes(8, "little") + good[8:]
    yield "end", good[:20]
    yield "nested", good[:8] + b"{" * length + data
    yield "nested", (20_000).to_bytes(8, "little") + b'{"a":' + b"[" * 19_995 + data
    yield "layout", changed("__metadata__", layout="net W")
    yield "layout", file_of({**header, "__metadata__": [1]}, data)
    yield "layout", file_of({name: entry for name, entry in header.items() if name != "__metadata__"}, data)
    yield "type", changed(first, dtype="I64")
    yield "type", changed(first, dtype=[])
    yield "shape", changed(first, shape=[10**12, 10**12])
    yield "shape", changed(first, shape="2")
    yield "place", changed(first, data_offsets=[0, 2**70])
    yield "place", changed(first, data_offsets=[-16, 0])
    yield "place", changed(first, data_offsets=[True, "a"])
    yield "place", changed(first, data_offsets=5)
    yield "entry", file_of({**header, first: 5}, data)
    yield "entry", file_of({name: entry for name, entry in header.items() if name != first}, data)
    yield "order", changed(second, data_offsets=header[first]["data_offsets"])
    yield "more", changed("more", dtype="F64", shape=[0], data_offsets=[0, 0])
    yield "longer", good + b"\0" * 8
    yield "shorter", good[:-8]
    yield "NaN", good[:-8] + np.array([np.nan]).tobytes()
    yield "infinite", good[:-8] + np.array([-np.inf]).tobytes()
