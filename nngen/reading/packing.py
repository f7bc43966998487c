"""The text of a checkpoint: JSON with packed numbers and a checksum.

Numbers are the base64 text of float64 in little-endian order, exact to the last bit, also for infinity and NaN.
"""

import base64
import hashlib
import json
from array import array
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError, show
from nngen.common.text import counted
from nngen.description.data import Array

MAX_COUNT = 2**53
"""The largest number of steps or epochs: above it, float64 has no odd numbers."""

SEAL = "sha256"
"""The name of the checksum in a checkpoint."""

MAX_DIFFERENCES = 10
"""So many differences of settings are listed."""


def numbers(value: Any) -> Array:
    """The numbers of a state, one after the other."""
    if isinstance(value, tuple | list):
        return np.concatenate([np.zeros(0), *map(numbers, value)])
    return np.asarray(value, np.float64).ravel()


def parameters(module: Any, params: Any) -> Array:
    """The parameters of a module in one array, in the order of its layout; it may share the memory of ``params``."""
    return np.asarray(params if isinstance(params, array) else module.pack(params), np.float64)  # that of C is flat


def like(pattern: Any, values: Iterator[float]) -> Any:
    """A state in the form of another one, with the numbers in turn.

    Raises:
        ValueError: a number of steps or epochs is none.
    """
    if isinstance(pattern, tuple | list):
        return type(pattern)(like(part, values) for part in pattern)
    if isinstance(pattern, np.ndarray):
        return np.array(list(islice(values, pattern.size)), pattern.dtype).reshape(pattern.shape)
    if isinstance(pattern, int):
        return whole(next(values))
    if isinstance(pattern, float):
        return next(values)
    return type(pattern)(pattern.typecode, islice(values, len(pattern)))  # an array of the C binding


def whole(value: float, most: int = MAX_COUNT) -> int:
    """A number of steps or epochs.

    Raises:
        ValueError: it is not a whole number from 0 to ``most``.
    """
    if not (0 <= value <= most and value % 1 == 0):
        raise ValueError(f"expected a whole number from 0 to {most}, got {value:g}")
    return int(value)


def sealed(content: Mapping[str, Any]) -> str:
    """The text of a checkpoint with this content; its last entry is the SHA-256 of the others."""
    return _json({**content, SEAL: _digest(content)})


def opened(path: Path, most: int, name: str, layout: str, expected: str, advice: str = "") -> dict[str, Any]:
    """The content of a checkpoint of a network, after a comparison with its SHA-256.

    Args:
        path: the file.
        most: the most bytes that it may have.
        name: the entry with the layout of its network, which no other file has.
        layout: the layout of the network that continues from it.
        expected: what the file has to be, for messages.
        advice: what to do if it is something else.

    Raises:
        SpecError: it cannot be read, is damaged, or is of another network.
    """
    try:
        found = json.loads(files.read(path, most))
    except (ValueError, RecursionError):
        found = None
    there = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(there, str):
        raise files.refused(path, f"expected a checkpoint{expected}", advice)
    try:
        same = found.pop(SEAL, None) == _digest(found)
    except RecursionError:
        same = False
    if not same:
        advice = "continue from a copy, or train from the start"
        raise files.refused(path, "the checkpoint is damaged: its content has another SHA-256 than it says", advice)
    if there != layout:
        one, other = (show(text.split(" ")[0]) for text in (layout, there))
        shape = " of another shape" if one == other else ""
        raise files.refused(path, f"expected a checkpoint of {one}, got one of {other}{shape}")
    return found


def compare(path: Path, there: Any, here: Mapping[str, Any], anew: str) -> None:
    """Compare the settings of a checkpoint with those of a training; ``anew`` says how to train from the start.

    Raises:
        SpecError: they differ.
    """
    if not isinstance(there, dict):
        raise files.refused(path, "the checkpoint has no settings")
    missing = object()
    names = [name for name in {**here, **there} if there.get(name, missing) != here.get(name, missing)]
    said = [
        f"{name if name in here else show(name)} is {_said(there, name)} in the checkpoint, {_said(here, name)} here"
        for name in names[:MAX_DIFFERENCES]
    ]
    if said:
        advice = f"continue with the settings of the checkpoint, or {anew}"
        raise SpecError([Diagnostic(str(path), None, None, text, help=advice * (text == said[-1])) for text in said])


def _said(values: Mapping[str, Any], name: str) -> str:
    return show(values[name]) if name in values else "not set"


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(_json(content).encode("utf-8", "surrogatepass")).hexdigest()


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)


def text(values: Array) -> str:
    """The base64 text of numbers."""
    return base64.b64encode(values.astype("<f8").tobytes()).decode()


def decoded(path: Path, name: str, given: Any, count: int) -> Array:
    """The numbers of a base64 text, of which a checkpoint has to have so many under a name.

    Raises:
        SpecError: it is no such text.
    """
    try:
        data = base64.b64decode(given, validate=True)
    except (TypeError, ValueError):
        data = b""
    if len(data) != 8 * count:
        raise files.refused(path, f"expected {counted(count, 'number')} under '{name}'; the checkpoint is damaged")
    return np.frombuffer(data, "<f8").astype(np.float64)
