"""Reads ``.skops`` files of scikit-learn as data: a ZIP archive with a JSON schema and NumPy arrays.

The schema is a tree of nodes. Each names the loader that would build a Python object from it; this reader has its own
few loaders, which build plain data alone. Classes are never imported, and functions and types are not looked up.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nngen.bridges.importing.archive import members
from nngen.bridges.importing.limits import LIMITS
from nngen.bridges.importing.sklearn.fitted import Fitted, Other
from nngen.bridges.importing.strict_json import parse
from nngen.common.files import refused
from nngen.description.data import npy_array

PROTOCOL = 2
"""The version of the schema that skops has written since 0.10 (2024)."""


def fitted(content: bytes, where: str) -> Any:
    """The object in a ``.skops`` file as plain data, see ``nngen.bridges.importing.sklearn.fitted``.

    Raises:
        SpecError: the file is damaged, too large, of another protocol, or holds pickled objects.
    """
    archive = members(content, where)
    if "schema.json" not in archive:
        raise refused(where, "expected a .skops file, which has a member 'schema.json'")
    schema = parse(archive["schema.json"], where, "schema.json")
    protocol = schema.get("protocol") if isinstance(schema, dict) else None
    if protocol != PROTOCOL:
        advice = "save the estimator again, with a version of skops that writes this protocol"
        raise refused(where, f"expected protocol {PROTOCOL} of skops, got {protocol}", advice)
    return _Tree(archive, where).value(schema, 0)


class _Tree:
    """The nodes of a schema, and the arrays that they name."""

    def __init__(self, archive: Mapping[str, bytes], where: str) -> None:
        self._archive, self._where = archive, where
        self._loaders: dict[str, Callable[[dict[str, Any], int], Any]] = {
            "ObjectNode": self._object,
            "DictNode": self._dict,
            "ListNode": self._list,
            "TupleNode": self._list,
            "SetNode": self._list,
            "JsonNode": self._json,
            "NdArrayNode": self._array,
            "SliceNode": self._slice,
        }

    def value(self, node: Any, depth: int) -> Any:
        """The plain data of a node.

        Raises:
            SpecError: a part of the node is missing or of the wrong type.
        """
        if depth > LIMITS.depth:
            raise refused(self._where, f"schema.json: nodes are nested deeper than {LIMITS.depth}")
        load: Callable[[dict[str, Any], int], Any] = self._loaders.get(self._part(node, "__loader__", str), self._other)
        return load(node, depth + 1)

    def _part(self, node: Any, key: str, kind: type[Any]) -> Any:
        part = node.get(key) if isinstance(node, dict) else None
        if not isinstance(part, kind):
            raise refused(self._where, f"schema.json: expected a node with {key!r}, a {kind.__name__}")
        return part

    def _object(self, node: dict[str, Any], depth: int) -> Fitted | Other:
        module, kind = self._part(node, "__module__", str), self._part(node, "__class__", str)
        if module.partition(".")[0] != "sklearn" or not isinstance(node.get("content"), dict):
            return Other(f"{module}.{kind}")
        attributes = self.value(node["content"], depth)
        if not isinstance(attributes, dict):
            return Other(f"{module}.{kind}")
        return Fitted(kind, attributes)

    def _dict(self, node: dict[str, Any], depth: int) -> dict[str, Any]:
        return {key: self.value(item, depth) for key, item in self._part(node, "content", dict).items()}

    def _list(self, node: dict[str, Any], depth: int) -> list[Any]:
        return [self.value(item, depth) for item in self._part(node, "content", list)]

    def _json(self, node: dict[str, Any], depth: int) -> Any:
        return parse(self._part(node, "content", str), self._where, "a value in schema.json", nan=True)

    def _array(self, node: dict[str, Any], depth: int) -> Any:
        if node.get("type") == "json":  # an array of objects
            return self._list(node, depth)
        name = self._part(node, "file", str)
        if name not in self._archive:
            raise refused(self._where, f"schema.json: the member {name!r} is missing")
        return np.asarray(npy_array(self._archive[name], self._where, name))

    def _slice(self, node: dict[str, Any], depth: int) -> slice:
        ends = [self._part(node, "content", dict).get(key) for key in ("start", "stop", "step")]
        if not all(end is None or type(end) is int for end in ends):
            raise refused(self._where, "schema.json: expected whole numbers in a slice")
        return slice(*ends)

    def _other(self, node: dict[str, Any], depth: int) -> Other:
        return Other(f"{node.get('__module__')}.{node.get('__class__')}")
