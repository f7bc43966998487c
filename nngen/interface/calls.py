"""How the functions of the interface are called: their arguments are checked, and messages speak of Python."""

import os
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from tempfile import gettempdir
from typing import ParamSpec, TypeVar

from nngen.common.arguments import annotations, check
from nngen.common.cautions import Caution
from nngen.common.diagnostics import Diagnostic, GivenError, SpecError

P = ParamSpec("P")
R = TypeVar("R")

PREFIX = "nngen-"
"""The beginning of the names of temporary folders."""

_WORDS = {
    "`--force`": "`overwrite=True`",
    "`--accept-loss`": "`accept_loss=True`",
    "`--target c`": "`c`",
    "--set": "settings",
}
"""Options of the command, and what the interface calls them."""


def called(function: Callable[P, R]) -> Callable[P, R]:
    """A function of the interface, which checks its arguments by its annotations."""
    where = f"nngen.{function.__qualname__}"

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            check(function, where, dict(zip(annotations(function), args, strict=False), **kwargs))
            return function(*args, **kwargs)
        except SpecError as error:
            raise GivenError(map(in_python, error.diagnostics)) from None

    return call


def in_python(found: Diagnostic) -> Diagnostic:
    """A message without options of the command and without temporary files, of which the user knows nothing."""
    return replace(found, path=_said(found.path), message=_said(found.message), help=_said(found.help))


def _said(text: str) -> str:
    temporary = re.escape(os.path.join(gettempdir(), PREFIX)) + r"[^\\/]*[\\/]"
    text = re.sub(f"(?:[.][.][\\\\/])*{temporary}table[.](csv|feather)", "the table", text)
    text = re.sub(temporary, "", text)
    for option, words in _WORDS.items():
        text = text.replace(option, words)
    text = re.sub(
        "nngen train SPEC --search ([^`=]+)=([^`]+)",
        lambda found: f"nngen.train(network, search={{{found[1]!r}: [{found[2].replace(',', ', ')}]}})",
        text,
    )
    text = re.sub(r"^--([a-z-]+)$", lambda found: found[1].replace("-", "_"), text)
    return re.sub(r"`--([a-z-]+)( [A-Z]+)?`", lambda found: f"`{found[1].replace('-', '_')}`", text)


def warn(cautions: Iterable[str], depth: int = 4) -> None:
    """Warn the caller of a function of the interface: past this function, that of the interface, and ``call``."""
    for text in cautions:
        warnings.warn(_said(text), Caution, stacklevel=depth)
