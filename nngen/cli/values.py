"""Types of the values of options, as click takes them."""

from pathlib import Path
from typing import Any

import click


class _Named(click.Path):
    """A path. An empty text is refused, because it would mean the working directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path.

        Raises:
            BadParameter: the text is empty.
        """
        if value == "":
            self.fail("the path is empty", param, ctx)
        return super().convert(value, param, ctx)


class _InDigits(click.ParamType):  # type: ignore[type-arg, unused-ignore]  # generic in newer click
    """A number with the digits that data may have: 0 to 9, without underscores, NaN and infinity."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number.

        Raises:
            BadParameter: the text is not a number, or out of range.
        """
        if not set(str(value)) <= set("0123456789+-.eE"):
            self.fail(f"{str(value)!r} is not a number", param, ctx)
        return super().convert(value, param, ctx)


class Target(click.Choice):  # type: ignore[type-arg, unused-ignore]  # generic in newer click
    """A built-in language; or the name of an installed one, or a file, which the command looks up."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text as it is."""
        return value


class Listed(click.Choice):  # type: ignore[type-arg, unused-ignore]  # generic in newer click
    """Some of the choices, between commas."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The choices.

        Raises:
            BadParameter: one of them does not exist.
        """
        return tuple(super(Listed, self).convert(one.strip(), param, ctx) for one in value.split(","))


class Whole(_InDigits, click.IntRange):
    """A whole number within a range."""


class Real(_InDigits, click.FloatRange):
    """A number within a range."""


def known_encoding(context: click.Context, option: click.Parameter, name: str | None) -> str | None:
    """The name of an encoding.

    Raises:
        BadParameter: there is no such encoding.
    """
    if name is None:
        return None
    from nngen.description import model

    try:
        return model.known_encoding(name)
    except ValueError as error:
        raise click.BadParameter(str(error), context, option) from None


PATH = _Named(path_type=Path)
FILE = _Named(path_type=Path, dir_okay=False)
