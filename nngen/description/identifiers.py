"""Names of inputs, units and modules, made from any texts."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from nngen.description.model import InputName, ModuleName

LONGEST = 24
"""Characters of a name: more may be added, such as a category or a number."""

ACCENTS = 200
"""The first combining class of marks at a letter that a name leaves out; lower ones are vowels and their kin."""

_INPUT: TypeAdapter[str] = TypeAdapter(InputName)
_MODULE: TypeAdapter[str] = TypeAdapter(ModuleName)


def module_name(text: str) -> str:
    """A name for a network, made from the name of a file."""
    word = _word(text).encode("ascii", "ignore").decode().strip("_") or "network"
    return next(name for name in (word, f"{word}_network", "network") if _is(name, _MODULE))


class Identifiers:
    """Names that are valid and distinct; ``used`` are those that are taken already."""

    def __init__(self, used: Iterable[str]) -> None:
        self._used = set(used)

    def make(self, text: str, kind: str, makes: Callable[[str], Iterable[str]] = lambda name: (name,)) -> str:
        """A name made from a text; the text itself if it is a name, and ``kind`` where no letter of it can be in one.

        ``makes`` gives all names that the network has by this name.
        """
        for name in self._candidates(text, kind):
            made = set(makes(name))
            if _is(name, _INPUT) and not made & self._used:
                self._used |= made
                return name
        raise AssertionError("the numbers are used up")

    def take(self, names: Sequence[str]) -> bool:
        """Take these names if they are identifiers and not taken; whether they are."""
        free = not self._used.intersection(names) and len(set(names)) == len(names)
        if free and all(name.isidentifier() for name in names):
            self._used.update(names)
            return True
        return False

    def _candidates(self, text: str, kind: str) -> Iterable[str]:
        word = _word(text)
        if len(text) <= LONGEST:
            yield text
        if word:
            yield word
            yield f"{kind}_{word}"[:LONGEST]
        base = word if word[:1].isalpha() else f"{kind}_{word}".strip("_")
        yield from (f"{base}{number}" if base == kind else f"{base}_{number}" for number in range(1, 1_000_000))


def _word(text: str) -> str:
    """The letters and digits of a text, in small letters without accents, with underscores between."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one if f"a{one}".isidentifier() else "_" for one in apart if unicodedata.combining(one) < ACCENTS)
    return re.sub("_+", "_", unicodedata.normalize("NFC", plain)).strip("_")[:LONGEST].strip("_")


def _is(name: str, kind: "TypeAdapter[Any]") -> bool:
    try:
        kind.validate_python(name)
    except ValidationError:
        return False
    return True
