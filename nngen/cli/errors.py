"""How a command ends when its input is wrong, or its output cannot be written."""

import atexit
import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, wraps
from pathlib import Path
from traceback import walk_tb
from typing import Any, ParamSpec

import click

from nngen.cli.printing import note
from nngen.cli.values import FILE

P = ParamSpec("P")


def explained(command: Callable[P, None]) -> Callable[P, None]:
    """A command that prints the mistakes of a spec and exits with code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from nngen.common import files
        from nngen.common.diagnostics import SpecError

        try:
            with files.remembered(), _cautions():
                _keep_inputs(click.get_current_context())
                command(*args, **kwargs)
        except SpecError as error:
            click.echo(str(error), err=True)
            raise SystemExit(2) from None

    return run


@contextmanager
def _cautions() -> Iterator[None]:
    """Print the cautions within the block on standard error."""
    from nngen.common.cautions import Caution

    with warnings.catch_warnings():
        warnings.simplefilter("always", Caution)
        usual = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if issubclass(category, Caution):
                note(f"caution: {message}")
            else:
                usual(message, category, *where, **more)

        warnings.showwarning = show
        yield


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
        written = parameter.type is FILE and isinstance(parameter, click.Option)
        paths = outputs if written else inputs
        paths += [path for path in (given if isinstance(given, tuple) else (given,)) if isinstance(path, Path)]
    files.remember(*inputs)
    for path in outputs:
        files.refuse_input(path)


class Commands(click.Group):
    """The commands. If standard output cannot be written, for example on a full disk, they print one line.

    So they do after any other error of the system that no command expects.
    """

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
            SystemExit: always; the code is 1 if the reader of the output has stopped, 2 after an error of the system.
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
                note(f"error: {_what_failed(error)}")
            code = 2
        with suppress(OSError):  # Python must not try to write the rest again when it ends
            sys.stdout.close()
        raise SystemExit(code)


def _what_failed(error: OSError) -> str:
    """What happened, in words."""
    from jinja2 import TemplateNotFound

    if isinstance(error, TemplateNotFound):
        return f"nngen has no template {error.name}; install it again"
    reason = (error.strerror or str(error)).lower()
    *_, (innermost, _) = walk_tb(error.__traceback__)
    if innermost.f_code in (click.echo.__code__, Commands.main.__code__):  # the last one flushes what is printed
        return f"standard output cannot be written: {reason}"
    return f"{error.filename}: {reason}" if error.filename else reason


@cache
def _be_quick() -> None:
    """Spare a short command a third of its time.

    Loading makes many objects and no garbage, so that the collector need not look so often; at the end all memory is
    given back at once. And our models need no plugin, for which Pydantic would search all packages that are installed.
    """
    gc.set_threshold(1_000_000)
    atexit.register(gc.freeze)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
