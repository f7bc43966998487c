"""How a command ends when its input is wrong, or its output cannot be written."""

import atexit
import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from nngen.cli import options
from nngen.cli.printing import note

P = ParamSpec("P")


def explained(command: Callable[P, None]) -> Callable[P, None]:
    """A command that prints the mistakes of a spec and exits with code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from nngen.common import files
        from nngen.common.diagnostics import SpecError

        try:
            with files.remembered():
                _keep_inputs(click.get_current_context())
                command(*args, **kwargs)
        except SpecError as error:
            click.echo(str(error), err=True)
            raise SystemExit(2) from None

    return run


def _keep_inputs(context: click.Context) -> None:
    """Remember the inputs that the command line names, and refuse to write over one of them, also with ``--force``.

    Raises:
        SpecError: a path of an option is that of an input.
    """
    from nngen.common import files

    inputs: list[Path] = []
    outputs: list[Path] = []
    for parameter in context.command.params:
        given = context.params[parameter.name or ""]
        written = parameter.type is options.FILE and isinstance(parameter, click.Option)
        paths = outputs if written else inputs
        paths += [path for path in (given if isinstance(given, tuple) else (given,)) if isinstance(path, Path)]
    files.remember(*inputs)
    for path in outputs:
        files.refuse_input(path)


class Commands(click.Group):
    """The commands. If standard output cannot be written, for example on a full disk, they print one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that the words name.

        Raises:
            SystemExit: the user ended it by Ctrl-C; the code is that of a shell, 130. That of click, 1, would mean
                that a check failed.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            note("interrupted")
            raise SystemExit(128 + signal.SIGINT) from None

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command, and write what it printed.

        Raises:
            SystemExit: always; the code is 1 if the reader of the output has stopped, 2 if it cannot be written.
        """
        _be_quick()
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()
        except BrokenPipeError:  # the reader has seen enough
            code = 1
        except OSError as error:
            with suppress(OSError):
                what = error.filename or "standard output"
                note(f"error: {what} cannot be written: {(error.strerror or str(error)).lower()}")
            code = 2
        with suppress(OSError):  # Python must not try to write the rest again when it ends
            sys.stdout.close()
        raise SystemExit(code)


@cache
def _be_quick() -> None:
    """Spare a short command a third of its time.

    Loading makes many objects and no garbage, so that the collector need not look so often; at the end all memory is
    given back at once. And our models need no plugin, for which Pydantic would search all packages that are installed.
    """
    gc.set_threshold(1_000_000)
    atexit.register(gc.freeze)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
