"""Fitted objects of scikit-learn as plain data, from memory or from ``.skops`` files.

Nothing of scikit-learn is imported: its objects are mappings of attributes, which all of its versions share. A file is
a ZIP archive with a JSON schema and NumPy arrays. The schema is a tree of nodes. Each names the loader that would build
a Python object from it; this reader has its own few loaders, which build plain data alone. Classes are never imported,
and functions and types are not looked up.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.limits import LIMITS, members, parse
from nngen.common.files import refused
from nngen.common.records import dataclass
from nngen.description.data import npy_array

TREES = re.compile(r"(xgboost|lightgbm|catboost)\..*|.*(Tree|Forest|Boost).*")
"""Models of trees, by their class and perhaps its module."""

LISTED = "docs/bridges.md lists the networks, linear models and transformers that are read"


@dataclass(frozen=True)
class Fitted:
    """An object of scikit-learn: the name of its class, and its attributes."""

    kind: str
    attributes: Mapping[str, Any]

    def get(self, name: str, default: Any = None) -> Any:
        """An attribute as it is."""
        return self.attributes.get(name, default)


@dataclass(frozen=True)
class Other:
    """An object that is not data, such as a function or a class of another package; its name is for messages."""

    kind: str


def kind_of(value: Any) -> str:
    """The class of a value in words."""
    return value.kind if isinstance(value, Fitted | Other) else type(value).__name__


def unlike(kind: str, of: str = "") -> tuple[str, str]:
    """Why a class has no equal in a spec, perhaps as a part of another one, and what to do."""
    if TREES.fullmatch(kind):
        return f"{kind} has trees, and is no network", "m2cgen and treelite write trees as code without a library"
    return f"{of}{kind} has no equal in a spec", LISTED


def plain(value: Any, where: str, depth: int = 0) -> Any:
    """An object in memory as plain data: numbers, texts, arrays, lists, mappings, ``Fitted`` and ``Other``.

    Raises:
        SpecError: objects are nested too deeply.
    """
    if depth > LIMITS.depth:
        raise refused(where, f"objects are nested deeper than {LIMITS.depth}")
    match value:
        case None | bool() | int() | float() | str() | slice():
            return value
        case np.ndarray() | np.generic():
            return np.asarray(value).tolist() if np.asarray(value).dtype.hasobject else np.asarray(value)
        case list() | tuple():
            return [plain(item, where, depth + 1) for item in value]
        case dict():
            return {key: plain(item, where, depth + 1) for key, item in value.items()}
    kind = type(value)
    if isinstance(value, np.ufunc):
        return Other(f"numpy.{value.__name__}")
    if isinstance(value, FunctionType | BuiltinFunctionType):
        return Other(f"{value.__module__}.{value.__name__}")
    if kind.__module__.partition(".")[0] == "sklearn" and hasattr(value, "__dict__"):
        return Fitted(kind.__name__, {key: plain(item, where, depth + 1) for key, item in vars(value).items()})
    return Other(f"{kind.__module__}.{kind.__name__}")


Shape = tuple[int | None, ...]
"""The shape of an array; None for any size."""


def numbers(fitted: Fitted, name: str, shape: Shape | None = None) -> NDArray[np.float64]:
    """An attribute that is an array of finite numbers, of any shape where none is given."""
    return as_numbers(fitted.get(name), f"{fitted.kind}.{name}", shape)


def as_numbers(value: Any, name: str, shape: Shape | None = None) -> NDArray[np.float64]:
    """A value that is an array of finite numbers; errors as in ``numbers``."""
    if isinstance(value, list):
        value = np.asarray(value) if all(type(item) in (int, float) for item in value) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = np.asarray(value)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu":
        raise UnfitError(f"expected an array of numbers as {name}", "fit the estimator before it is saved")
    array = np.asarray(value, np.float64)
    if not np.isfinite(array).all():
        raise UnfitError(f"expected finite numbers, got NaN or an infinity in {name}")
    alike = shape is None or len(shape) == array.ndim
    if not alike or any(size not in (None, own) for size, own in zip(shape or (), array.shape, strict=False)):
        raise UnfitError(f"expected {name} of the shape {str(shape).replace('None', 'n')}, got {array.shape}")
    return array


def words(values: Any, name: str) -> tuple[str, ...]:
    """Classes or categories as a file of data writes them: whole numbers without a point, ``true`` and ``false``."""
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise UnfitError(f"expected a list of texts or numbers as {name}")
    return tuple(_word(value, name) for value in listed)


def _word(value: object, name: str) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case str() | int() | float():
            return str(value)
    raise UnfitError(f"expected a list of texts or numbers as {name}")


PROTOCOL = 2
"""The version of the schema that skops has written since 0.10 (2024)."""


def of_file(content: bytes, where: str) -> Any:
    """The object in a ``.skops`` file as plain data: numbers, texts, arrays, lists, mappings, ``Fitted`` and ``Other``.

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
