"""What the sources of the models say about fields: the texts below them."""

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel


def described(model: type[BaseModel], schema: dict[str, Any]) -> None:
    """Add the texts below the fields of a model to its JSON Schema, where it has no other description."""
    for base in model.__mro__[: model.__mro__.index(BaseModel)]:
        for field, text in _texts(base.__module__).get(base.__name__, {}).items():
            name = model.model_fields[field].alias or field
            schema["properties"][name].setdefault("description", text)


@cache
def _texts(module: str) -> dict[str, dict[str, str]]:
    """For each class of a module, the texts below its fields."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: dict(_below(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _below(node: ast.ClassDef) -> list[tuple[str, str]]:
    """The name and the text of each field that a text follows."""
    return [
        (field.target.id, inspect.cleandoc(text.value.value))
        for field, text in pairwise(node.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    ]
