"""Options and arguments that several commands share, and types of their values."""

from itertools import chain
from pathlib import Path
from typing import Any, get_args

import click

from nngen.common.choices import Decimal, Integers, Machine, Part, Scene, Tongue, Trains

TRAINED = get_args(Trains)
PARTS = get_args(Part)
SCENES = get_args(Scene)
DTYPES = get_args(Integers)
MACHINES = get_args(Machine)
LANGUAGES = get_args(Tongue)


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


class _InDigits(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A number with the digits that data may have: 0 to 9, without underscores, NaN and infinity."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number.

        Raises:
            BadParameter: the text is not a number, or out of range.
        """
        if not set(str(value)) <= set("0123456789+-.eE"):
            self.fail(f"{str(value)!r} is not a number", param, ctx)
        return super().convert(value, param, ctx)


class Target(click.Choice):  # type: ignore[type-arg, unused-ignore]
    """A built-in language; or the name of an installed one, or a file, which the command looks up."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text as it is."""
        return value


class Listed(click.Choice):  # type: ignore[type-arg, unused-ignore]
    """Some of the choices, between commas."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The choices.

        Raises:
            BadParameter: one of them does not exist.
        """
        return tuple(super(Listed, self).convert(one.strip(), param, ctx) for one in value.split(","))


def joined(context: click.Context, option: click.Parameter, given: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The choices of an option that is repeated."""
    return tuple(chain.from_iterable(given))


class Whole(_InDigits, click.IntRange):
    """A whole number within a range."""


class Real(_InDigits, click.FloatRange):
    """A number within a range."""


def _known_encoding(context: click.Context, option: click.Parameter, name: str | None) -> str | None:
    """The name of an encoding.

    Raises:
        BadParameter: there is no such encoding.
    """
    if name is None:
        return None
    from nngen.description.model import known_encoding

    try:
        return known_encoding(name)
    except ValueError as error:
        raise click.BadParameter(str(error), context, option) from None


PATH = _Named(path_type=Path)
FILE = _Named(path_type=Path, dir_okay=False)

spec = click.argument("spec", type=PATH)
data = click.argument("data", type=PATH, required=False)
params = click.option("--params", type=PATH, required=True, help="A parameter file of `nngen train --save`.")
accept_loss = click.option(
    "--accept-loss", is_flag=True, help="Also write a predictor in integers whose answers are worse than in float64."
)
data_root = click.option(
    "--data-root",
    type=PATH,
    metavar="FOLDER",
    help="Specs may also use data in this folder, not only in their own folder and the working directory.",
)
encoding = click.option(
    "--encoding",
    callback=_known_encoding,
    metavar="NAME",
    help="The encoding of a table of text, such as cp949 or cp1252; default: the spec's, or UTF-8.",
)
decimal = click.option(
    "--decimal",
    type=click.Choice(get_args(Decimal)),
    help="The decimal sign of the numbers in a table of text; default: the spec's, or what the columns show.",
)

language = click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="The language of sentences."
)


def stated(spec: Path, data_root: Path | None, encoding: str | None, decimal: str | None) -> tuple[str, ...]:
    """The encoding and the decimal sign of a table of text as values of a spec, as ``--set`` takes them."""
    found = () if encoding is None else (f'data.encoding="{encoding}"',)
    if decimal is None:
        return found
    from nngen.commands.decimal_sign import in_decimal
    from nngen.reading import load

    return (*found, *in_decimal(load(spec, data_root), decimal))
