"""Fitted objects of scikit-learn as plain data, whether they come from a file or from memory.

Nothing of scikit-learn is imported: its objects are mappings of attributes, which all of its versions share.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.limits import LIMITS
from nngen.common.files import refused

TREES = re.compile(r"(xgboost|lightgbm|catboost)\..*|.*(Tree|Forest|Boost).*")
"""Models of trees, by their class and perhaps its module."""

LISTED = "docs/bridges.md lists the networks, linear models and transformers that are read"


@dataclass(frozen=True)
class Fitted:
    """An object of scikit-learn: the name of its class, and its attributes."""

    kind: str
    attributes: Mapping[str, Any]


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


def numbers(fitted: Fitted, name: str, where: str) -> NDArray[np.float64]:
    """An attribute that is an array of finite numbers.

    Raises:
        SpecError: it is missing, or something else.
    """
    return as_numbers(fitted.attributes.get(name), f"{fitted.kind}.{name}", where)


def as_numbers(value: Any, name: str, where: str) -> NDArray[np.float64]:
    """A value that is an array of finite numbers; errors as in ``numbers``."""
    if isinstance(value, list):
        value = np.asarray(value) if all(type(item) in (int, float) for item in value) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = np.asarray(value)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu":
        raise refused(where, f"expected an array of numbers as {name}", "fit the estimator before it is saved")
    array = np.asarray(value, np.float64)
    if not np.isfinite(array).all():
        raise refused(where, f"expected finite numbers, got NaN or an infinity in {name}")
    return array


def words(values: Any, name: str, where: str) -> tuple[str, ...]:
    """Classes or categories as a file of data writes them: whole numbers without a point, ``true`` and ``false``.

    Raises:
        SpecError: a value is neither a text nor a number.
    """
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise refused(where, f"expected a list of texts or numbers as {name}")
    return tuple(_word(value, name, where) for value in listed)


def _word(value: object, name: str, where: str) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case str() | int() | float():
            return str(value)
    raise refused(where, f"expected a list of texts or numbers as {name}")
