"""The names of encodings of text."""

import codecs
from typing import Annotated

from pydantic import AfterValidator, Field

_OF_NO_FILE = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "unicode-escape", "mbcs", "oem"}
"""Encodings of Python that no table has, or that mean another one on each machine."""


def known_encoding(name: str) -> str:
    """The name itself, if Python can read text in this encoding.

    Raises:
        ValueError: there is no such encoding of text.
    """
    try:
        usable = name not in _OF_NO_FILE and codecs.lookup(name).name not in _OF_NO_FILE
        if usable and "a,\n".encode(name).decode(name) == "a,\n":
            return name
    except (LookupError, ValueError):
        pass
    raise ValueError(
        f"unknown encoding {name!r}; known are utf-8, utf-16, cp949, cp1252, latin-1, and others of Python"
    )


TextEncoding = Annotated[str, Field(strict=True, min_length=1, max_length=40), AfterValidator(known_encoding)]
"""The name of an encoding of text, such as ``cp949``."""
