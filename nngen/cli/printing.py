"""Prints lines and writes files for the commands."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print lines that may contain names and texts of files: nothing in them acts on the terminal."""
    from nngen.common.text import printable

    click.echo("\n".join(map(printable, text.split("\n"))), err=err, nl=nl)


def note(text: str) -> None:
    """Print what happens, such as which file is written, on standard error: standard output is for results alone."""
    echo(text, err=True)


def write_file(path: Path, content: str | bytes | Iterable[str], *, force: bool, mark: str = "") -> None:
    """Write a file or to ``/dev/stdout``; the arguments are those of ``commands.output.save``."""
    from nngen.commands.output import STDOUT, save

    if path == STDOUT:
        for part in (content,) if isinstance(content, str | bytes) else content:
            click.echo(part, nl=False)
        return
    save(path, content, force=force, mark=mark)
    note(f"wrote {path}")


def notes(texts: Iterable[str]) -> None:
    """Print several notes."""
    for text in texts:
        note(text)


def command_line(**changed: Any) -> str:
    """The command that runs now, with some values changed, as a user would type it."""
    context = click.get_current_context()
    words = context.command_path.split()
    for parameter in context.command.params:
        given = (context.params | changed)[parameter.name or ""]
        if given in (None, (), False) or given == parameter.default:
            continue
        option = [max(parameter.opts, key=len)] if isinstance(parameter, click.Option) else []
        for value in given if isinstance(given, tuple) else (given,):
            words += [*option, *([] if value is True else [str(value)])]
    return shlex.join(words)
