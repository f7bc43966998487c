"""Messages in other languages, by gettext catalogues.

The messages of a page are those of its templates and scripts. Python code marks a message where it makes it, with
``message``, and the page or worksheet that shows it translates it with ``translated``.
"""

import gettext
import json
import re
from collections.abc import Callable
from pathlib import Path

from nngen.common.messages import Message

LANGUAGES = ("en", "ko")
"""The languages of living pages, courses and worksheets."""

LOCALE = Path(__file__).parent / "locale"
"""The folder of the catalogues. ``make messages`` writes them."""

_SAID = re.compile(r'\bsay\(\s*("(?:[^"\\]|\\.)*")')
"""A message in a script."""


class _Untranslated(gettext.NullTranslations):
    """What a catalogue does with a message that it has not: it refuses it, so that no page is half in English."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def gettext(self, message: str) -> str:
        raise LookupError(f'{self._language}/LC_MESSAGES/nngen.po has no translation of "{message}": make messages')


def catalogue(language: str) -> gettext.NullTranslations:
    """The messages of a language. English ones stand in the code.

    Raises:
        FileNotFoundError: there is no catalogue of this language.
        LookupError: by ``gettext`` of a catalogue: it has no translation of a message.
    """
    if language == "en":
        return gettext.NullTranslations()
    found = _catalogue(language)
    found.add_fallback(_Untranslated(language))
    return found


def _catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language as it is: a message that it has not stays in English."""
    return gettext.translation("nngen", LOCALE, [language])


def translated(text: str, language: str) -> str:
    """A message in a language. Any other text, such as the name of a unit or a formula, stays as it is."""
    if not isinstance(text, Message) or language == "en":
        return text
    values = {
        key: translated(value, language) if isinstance(value, str) else value for key, value in text.values.items()
    }
    template = _catalogue(language).gettext(text.template) if text.template else ""
    return template.format(**values) if values else template


def said(script: str) -> list[str]:
    """The messages of a script: the texts that it gives to its function ``say``."""
    return [json.loads(text) for text in dict.fromkeys(_SAID.findall(script))]


def messages_of(script: str, translate: Callable[[str], str]) -> dict[str, str]:
    """The messages of a script that another language has, for the page that runs the script."""
    pairs = ((message, translate(message)) for message in said(script))
    return {message: other for message, other in pairs if other != message}
