"""JSON of model files: no key twice, and nothing nested deep enough to exhaust the stack."""

import json
from typing import Any

from nngen.bridges.importing.limits import LIMITS
from nngen.common.files import refused


class _RefusedError(ValueError):
    """The text is JSON, but not what a model file may hold."""


def parse(text: str | bytes, where: str, name: str, *, nan: bool = False) -> Any:
    """The value of a JSON text.

    Args:
        text: the text, or its bytes in UTF-8.
        where: the file, for messages.
        name: the part of the file, for messages.
        nan: whether NaN and infinities are allowed.

    Raises:
        SpecError: the text is too long, not JSON, nested too deeply, or a mapping has a key twice.
    """
    if len(text) > LIMITS.characters:
        raise refused(where, f"{name} is longer than {LIMITS.characters:,} bytes")
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
        return json.loads(decoded, object_pairs_hook=_mapping, parse_constant=None if nan else _constant)
    except _RefusedError as error:
        raise refused(where, f"{name}: {error}") from None
    except ValueError:
        raise refused(where, f"{name} is not valid JSON") from None
    except RecursionError:
        raise refused(where, f"{name} is nested too deeply") from None


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _RefusedError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} occurs twice")
    return found


def _constant(word: str) -> None:
    raise _RefusedError(f"expected a finite number, got {word}")
