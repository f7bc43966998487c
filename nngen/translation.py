"""Messages in other languages, by gettext catalogues. The messages of a page are those of its templates and scripts."""

import gettext
import json
import re
from collections.abc import Callable
from pathlib import Path

LANGUAGES = ("en", "ko")
"""The languages of living pages, courses and worksheets."""

LOCALE = Path(__file__).parent / "locale"
"""The folder of the catalogues. ``make messages`` writes them."""

_SAID = re.compile(r'\bsay\(\s*("(?:[^"\\]|\\.)*")')
"""A message in a script."""


def catalogue(language: str) -> gettext.NullTranslations:
    """The messages of a language. English ones stand in the code.

    Raises:
        FileNotFoundError: there is no catalogue of this language.
    """
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("nngen", LOCALE, [language])


def message(text: str) -> str:
    """Mark a text as a message of the catalogues. The page that shows it translates it."""
    return text


def said(script: str) -> list[str]:
    """The messages of a script: the texts that it gives to its function ``say``."""
    return [json.loads(text) for text in dict.fromkeys(_SAID.findall(script))]


def messages_of(script: str, translate: Callable[[str], str]) -> dict[str, str]:
    """The messages of a script that another language has, for the page that runs the script."""
    pairs = ((message, translate(message)) for message in said(script))
    return {message: other for message, other in pairs if other != message}
