"""The options of a command are the parameters of its function: each is declared once, by its annotation."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from numbers import Integral
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import click

from nngen.cli.errors import explained
from nngen.cli.values import PATH, Listed, Real, Whole, known_encoding
from nngen.common import choices
from nngen.common.ranges import Within

ARGUMENT = object()
"""Annotates a parameter that is no option: its value stands alone."""

Spec = Annotated[Path, ARGUMENT]
Data = Annotated[Path | None, ARGUMENT]
Params = Annotated[Path, "A parameter file of `nngen train --save`."]
AcceptLoss = Annotated[bool, "Also write a predictor in integers whose answers are worse than in float64."]
DataRoot = Annotated[
    Path | None,
    "--data-root FOLDER",
    "Specs may also use data in this folder, not only in their own folder and the working directory.",
]
Encoding = Annotated[
    str | None,
    "--encoding NAME",
    known_encoding,
    "The encoding of a table of text, such as cp949 or cp1252; default: the spec's, or UTF-8.",
]
Decimal = Annotated[
    choices.Decimal | None,
    "The decimal sign of the numbers in a table of text; default: the spec's, or what the columns show.",
]
Language = Annotated[choices.Tongue, "The language of sentences."]


def command(function: Callable[..., None]) -> click.Command:
    """A command, whose options and arguments are the parameters of a function.

    A parameter is ``Annotated[TYPE, ..., "help"]``. A text that begins with ``-`` is how the option is written, where
    its name does not say it: ``--by COLUMN``, or ``-o, --out``. The others are ``ARGUMENT``, a range, a type of click,
    or a function that click calls with the value. A tuple may be repeated; what may be None is optional.
    """
    made = click.command(function.__name__.rstrip("_"))(explained(function))
    made.params = [_declared(one) for one in inspect.signature(function).parameters.values()]
    return made


def _declared(parameter: inspect.Parameter) -> click.Parameter:
    """A parameter of a function as one of a command."""
    kind, *metadata = get_args(parameter.annotation)
    optional = get_origin(kind) in (Union, UnionType)
    if optional:
        (kind,) = (one for one in get_args(kind) if one is not NoneType)
    many = get_args(kind)[1:] == (...,)
    kind = get_args(kind)[0] if many else kind
    settings: dict[str, Any] = {"type": next(_types(kind, metadata), None)}
    settings["callback"] = next(filter(inspect.isfunction, metadata), None)
    texts = [one for one in metadata if isinstance(one, str)]
    if ARGUMENT in metadata:
        settings |= {"nargs": -1 if many else 1, "metavar": texts[0] if texts else None}
        return click.Argument([parameter.name], required=not optional, **settings)
    written = texts[0] if texts[0].startswith("-") else f"--{parameter.name.replace('_', '-')}"
    names = [word.rstrip(",") for word in written.split()]
    settings["metavar"] = None if names[-1].startswith("-") else names.pop()
    if parameter.default is not inspect.Parameter.empty:
        settings |= {"default": parameter.default, "show_default": bool(parameter.default)}
    elif kind is not bool:
        settings["required"] = not (optional or many)
    return click.Option(
        [*names, parameter.name], help=texts[-1], multiple=many, is_flag=kind is bool or None, **settings
    )


def _types(kind: Any, metadata: list[Any]) -> Iterator[Any]:
    """The type of click for the values of an annotation; one that is stated comes first."""
    yield from (one for one in metadata if isinstance(one, click.ParamType))
    within = next((one for one in (*get_args(kind), *metadata) if isinstance(one, Within)), None)
    if within:
        number: Any = Whole if within.kind is Integral else Real
        yield number(*within.ends)
    if get_origin(kind) is Literal:
        yield click.Choice(get_args(kind))
    if get_origin(kind) is Sequence:
        yield Listed(get_args(get_args(kind)[0]))
    if kind is Path:
        yield PATH


def stated(spec: Path, data_root: Path | None, encoding: str | None, decimal: str | None) -> tuple[str, ...]:
    """The encoding and the decimal sign of a table of text as values of a spec, as ``--set`` takes them."""
    found = () if encoding is None else (f'data.encoding="{encoding}"',)
    if decimal is None:
        return found
    from nngen.commands.number_columns import in_decimal
    from nngen.reading import load

    return (*found, *in_decimal(load(spec, data_root), decimal))
