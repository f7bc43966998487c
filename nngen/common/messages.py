"""Messages that catalogues translate; ``nngen/learning/translation.py`` does it for who shows them."""

from collections.abc import Iterable


class Message(str):
    """An English text that catalogues translate. It is a plain string for all that know nothing of languages."""

    template: str
    """The text, with ``{name}`` for each value."""
    values: dict[str, object]
    """The values, which may be messages themselves."""

    def __new__(cls, template: str, **values: object) -> "Message":
        """Make a message from a text that the catalogues have. ``message`` does it for a text in the code."""
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template, made.values = template, values
        return made


def message(template: str, **values: object) -> Message:
    """Make a message of a text in the code: ``message("{unit} receives an error.", unit=name)``.

    ``make messages`` collects the first arguments of all calls. Values stay as they are, unless they are messages.
    """
    return Message(template, **values)


def joined(separator: str, parts: Iterable[str]) -> Message:
    """Join texts to a message. Messages among them are translated, other texts stay as they are."""
    named = {f"part{place}": part for place, part in enumerate(parts)}
    return Message(separator.join(f"{{{name}}}" for name in named), **named)
