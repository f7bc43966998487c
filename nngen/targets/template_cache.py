"""Compiled templates: compiling takes half of a first build.

A wheel has them as Python source, which hatch_build.py writes; a checkout has a cache in ``__pycache__``.
"""

import contextlib
import os
import pickle
import sys
from collections.abc import Callable
from functools import wraps
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context

OPTIONS: dict[str, Any] = {
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "optimized": False,  # it takes a fifth of the compile time, and pages have few constants
    "autoescape": False,  # pages are programs, not HTML, and the spec has passed its checks
}
"""The options of Jinja that compiled templates depend on."""


class Compiled(BytecodeCache):
    """Stores the compiled form of each template in the folder ``__pycache__`` beside it, or in Python's cache prefix.

    Jinja compares a hash of the template and compiles it again after a change. If the cache cannot be read or written,
    the template is compiled each time.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The file of a compiled template."""
        return cache_from_source(filename or name)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a compiled template."""
        with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError), open(bucket.key, "rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a compiled template to a draft and rename it, so that the file is always complete."""
        if sys.dont_write_bytecode:
            return
        path = Path(bucket.key)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(bucket.bytecode_to_string())
            draft.replace(path)


def late(function: Callable[..., object]) -> Callable[..., object]:
    """Wrap a filter so that Jinja calls it for each page and does not store its value for constants."""

    @pass_context
    @wraps(function)
    def called(context: Context, *args: object, **options: object) -> object:
        return function(*args, **options)

    return called
