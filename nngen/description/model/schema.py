"""The JSON Schema of a spec: the basis of the schema for editors and of the messages about mistakes."""

from typing import Any

from nngen.description.model.fields import Model
from nngen.description.model.spec import Spec


def schema() -> dict[str, Any]:
    """The JSON Schema of a spec, without keywords that tell a reader or an editor nothing."""
    _build(Model)
    draft, own = "https://json-schema.org/draft/2020-12/schema", "urn:nngen:spec"  # it has no public address yet
    return {"$schema": draft, "$id": own, **_plain(Spec.model_json_schema())}


def _build(model: type[Model]) -> None:
    """Build models that no spec has used yet: Pydantic 2.11 needs them for the defaults of others."""
    model.model_rebuild()
    for each in model.__subclasses__():
        _build(each)


def _plain(node: Any) -> Any:
    """A part of the schema without titles, tags and empty defaults; nested choices become one choice."""
    match node:
        case list():
            return [_plain(item) for item in node]
        case {"oneOf": choices, **rest} | {"anyOf": choices, **rest}:
            flat = [choice.get("anyOf", [choice]) for choice in _plain(choices)]
            return {**_plain(rest), "anyOf": [choice for group in flat for choice in group]}
        case {"patternProperties": patterns, "propertyNames": names, **rest}:  # names that do not match are mistakes
            ((pattern, value),) = patterns.items()
            return _plain({**rest, "additionalProperties": value, "propertyNames": {**names, "pattern": pattern}})
        case dict():
            kept = {key: _plain(value) for key, value in node.items() if value is not None and key != "discriminator"}
            return {key: value for key, value in kept.items() if key != "title" or not isinstance(value, str)}
        case str():
            return " ".join(node.split()) or node  # a docstring's lines; a space alone is a word
    return node
