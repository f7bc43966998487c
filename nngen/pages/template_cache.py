"""Compiled templates, kept where Python keeps compiled modules: compiling is half of what a first build takes."""

import contextlib
import os
import pickle
import sys
from collections.abc import Callable
from functools import wraps
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import BytecodeCache, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context


class Compiled(BytecodeCache):
    """The compiled form of each template in the folder ``__pycache__`` beside it, or where Python is told to keep such.

    It holds the hash of the template that it was made of, and is made anew where that has changed. Where it cannot be
    read, or not be written, the template is compiled.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The file of a template's compiled form."""
        return cache_from_source(filename or name)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a compiled template."""
        with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError), open(bucket.key, "rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a compiled template by a draft beside it, so that it is whole at every moment."""
        if sys.dont_write_bytecode:
            return
        path = Path(bucket.key)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(bucket.bytecode_to_string())
            draft.replace(path)


def late(function: Callable[..., object]) -> Callable[..., object]:
    """The same function, called for each page; else what it gives for a constant would be kept when it has changed."""

    @pass_context
    @wraps(function)
    def called(context: Context, *args: object, **options: object) -> object:
        return function(*args, **options)

    return called
