"""Reads damaged model files: ``python -m tests.oracle.damaged_models KIND START STOP``.

It prints the number of each file before it is read, and the messages about it after that.
"""

import json
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from nngen.bridges.importing import assemble
from nngen.bridges.importing.source import READERS
from nngen.bridges.importing.tensors import tensors
from nngen.common.diagnostics import SpecError
from tests.support import pt2_files
from tests.support.model_files import (
    array,
    entry,
    estimator,
    keras,
    legacy,
    node,
    regression,
    safetensors,
    saved,
    sequential,
    skops,
    value,
    weights,
    zipped,
)


def damaged(content: bytes, seed: int) -> bytes:
    """A file with some bytes changed, left out, doubled or cut off."""
    draw = random.Random(seed)
    changed = bytearray(content)
    for _ in range(draw.choice([1, 1, 2, 8])):
        place, length = draw.randrange(len(changed) + 1), draw.randrange(1, 9)
        match draw.randrange(9):
            case 0 | 1 | 2:
                changed[place : place + 1] = bytes([draw.randrange(256)])
            case 3 | 4:
                changed[place : place + 1] = draw.choice([b"0", b"{", b"}", b"[", b'"', b"-", b"null", b"1e999"])
            case 5 | 6:
                del changed[place : place + length]
            case 7:
                changed[place:place] = changed[place : place + length]
            case 8:
                del changed[max(place, len(changed) - 40) :]
    return bytes(changed)


def network(suffix: str, content: bytes) -> None:
    """Read a file, and make a spec of it."""
    made = assemble(READERS[suffix](content, "model"), "model")
    assert np.isfinite(made.parameters).all()


def of_keras(member: str, content: bytes) -> None:
    """Read a ``.keras`` file with another member."""
    members: Any = {member: content}
    network(".keras", keras(**members))


def of_skops(schema: bytes) -> None:
    """Read a ``.skops`` file with this schema."""
    network(".skops", zipped({"schema.json": schema, "1.npy": saved([2.0, 1.0, 4.0])}))


def arrays(content: bytes) -> None:
    """Read a ``.safetensors`` file."""
    assert all(np.isfinite(found).all() for found in tensors(content, "model").values())


def of_torch(model: bytes) -> None:
    """Read a ``.pt2`` file with this description of its program."""
    network(".pt2", pt2_files.archive({**pt2_files.parts(), "models/model.json": model}))


def schema() -> bytes:
    """The schema of a pipeline with scaling and categories."""
    scaler = estimator("StandardScaler", mean_=[1.0, 2.0, 3.0], scale_=array("1.npy"))
    encoder = estimator("OneHotEncoder", categories_=[["a", "b"]], handle_unknown="ignore")
    places = node("DictNode", {"a": value([0]), "b": value([1])}, "dict")
    parts: Any = [("a", "passthrough", [0]), ("b", encoder, [1])]
    listed = [node("TupleNode", [part if isinstance(part, dict) else value(part) for part in one]) for one in parts]
    transformers: dict[str, Any] = {"transformers_": node("ListNode", listed), "_transformer_to_input_indices": places}
    columns = estimator("ColumnTransformer", n_features_in_=2, **transformers)
    steps = [("a", columns), ("b", scaler), ("c", regression(coef_=value([1.0, 2.0, 3.0])))]
    nodes = [node("TupleNode", [value(name), step]) for name, step in steps]
    root = estimator("Pipeline", steps=node("ListNode", nodes))
    return json.dumps({**root, "protocol": 2}).encode()


CONFIG = json.dumps(sequential()).encode()
TENSORS = safetensors({"a.weight": entry(0, 16, (2, 2)), "a.bias": entry(16, 24)}, np.ones(6, "<f4").tobytes())

FILES: dict[str, tuple[Callable[[bytes], None], bytes]] = {
    "keras": (lambda content: network(".keras", content), keras()),
    "layers": (lambda content: of_keras("config.json", content), CONFIG),
    "weights": (lambda content: of_keras("model.weights.h5", content), weights()),
    "h5": (lambda content: network(".h5", content), legacy()),
    "skops": (lambda content: network(".skops", content), skops()),
    "schema": (of_skops, schema()),
    "array": (lambda content: network(".skops", skops(numbers=content)), saved([2.0, -1.0])),
    "safetensors": (arrays, TENSORS),
    "pt2": (lambda content: network(".pt2", content), pt2_files.archive(pt2_files.parts())),
    "program": (of_torch, json.dumps(pt2_files.parts()["models/model.json"]).encode()),
}
"""The reader of each kind of file, and an undamaged file."""


def main(kind: str, start: int, stop: int) -> None:
    """Read some damaged files of a kind."""
    read, content = FILES[kind]
    read(content)
    for seed in range(start, stop):
        print(seed, flush=True)
        try:
            read(damaged(content, seed))
        except SpecError as error:
            print(json.dumps([found.message for found in error.diagnostics]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
