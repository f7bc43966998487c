"""The names that nngen writes into the metadata of an ONNX file. They are texts of the file: any may be wrong."""

import json
from typing import Any


def names(proto: Any) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """The names of the columns, and those of the units of each layer; empty where there are none."""
    units = _value(proto, "units")
    listed = {name: _texts(given) for name, given in units.items()} if isinstance(units, dict) else {}
    return _texts(_value(proto, "columns")), listed


def _value(proto: Any, key: str) -> Any:
    """A text of the metadata, in JSON; None if there is none, or something else."""
    try:
        return json.loads(next((entry.value for entry in proto.metadata_props if entry.key == key), "null"))
    except (ValueError, RecursionError):
        return None


def _texts(given: Any) -> tuple[str, ...]:
    """A list of texts; empty if it is something else."""
    return tuple(given) if isinstance(given, list) and all(isinstance(text, str) for text in given) else ()
