"""A spec as a document whose layers can be changed, and back."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nngen.description.model import Spec
from nngen.reading import parse


def document_of(spec: Spec) -> dict[str, Any]:
    """The fields that the spec sets."""
    return spec.model_dump(mode="json", by_alias=True, exclude_unset=True)


def parsed(document: Mapping[str, Any]) -> Spec:
    """The spec of a changed document.

    Raises:
        SpecError: the checks of specs refuse it.
    """
    return parse(json.dumps(document), "variant.json")


def with_rate(spec: Spec, rate: float) -> Spec:
    """The spec with another learning rate."""
    optimizer = spec.training.optimizer.model_copy(update={"rate": rate})
    return spec.model_copy(update={"training": spec.training.model_copy(update={"optimizer": optimizer})})


def fitting(layer: Mapping[str, Any]) -> dict[str, Any]:
    """A layer without initial values that are listed for each unit or input."""
    changed = {**layer}
    for part in ("weights", "bias"):
        found = changed.get(part)
        if isinstance(found, dict) and (found.get("initial") or {}).get("name") == "values":
            changed[part] = {key: value for key, value in found.items() if key != "initial"}
    return changed


def units_like(known: int | Sequence[str], count: int) -> int | list[str]:
    """As many units: `h1`, `h2` become `h1`, `h2`, `h3`."""
    if isinstance(known, int):
        return count
    stem = re.sub(r"\d+$", "", known[0]) or "h"
    return [f"{stem}{number}" for number in range(1, count + 1)]
