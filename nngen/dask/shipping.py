"""The functions of ``nngen.dask.worker`` in a form that reaches workers without nngen."""

from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import Any


@cache
def shipped(name: str = "worker") -> Any:
    """A module of this package whose functions pickle by value.

    Pickle names a function by its module, which a worker would have to import. This copy of the module cannot be
    imported by anybody, so that Dask's cloudpickle sends the code of its functions.
    """
    path = files(__package__) / f"{name}.py"
    module = ModuleType(f"nngen_dask_{name}")
    exec(compile(path.read_text("utf-8"), str(path), "exec"), module.__dict__)  # noqa: S102 (a file of this package)
    return module
