"""The functions of ``worker`` and ``reading`` in a form that reaches workers without nngen."""

from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import Any


@cache
def shipped() -> Any:
    """Both modules as one, whose functions pickle by value.

    Pickle names a function by its module, which a worker would have to import. This copy cannot be imported by anybody,
    so that cloudpickle sends the code of its functions.
    """
    module = ModuleType("nngen_dask_worker")
    for name in ("worker.py", "reading.py"):
        path = files(__package__) / name
        exec(compile(path.read_text("utf-8"), str(path), "exec"), module.__dict__)  # noqa: S102 (files of this package)
    return module
