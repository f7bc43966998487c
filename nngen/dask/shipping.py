"""The functions that run on workers, in a form that reaches workers without nngen."""

import pickle
from collections.abc import Callable
from typing import Any

import cloudpickle

from nngen.dask import gradients, kernels, reading, worker

MODULES = (gradients, worker, reading, kernels)


def shipped(function: Callable[..., Any]) -> bytes:
    """A function with all that it needs of these modules, for ``pickle.loads``.

    Pickle names a function by its module, which a worker would have to import. Here cloudpickle sends its code.
    """
    for module in MODULES:
        cloudpickle.register_pickle_by_value(module)
    try:
        blob: bytes = cloudpickle.dumps(function)
    finally:
        for module in MODULES:
            cloudpickle.unregister_pickle_by_value(module)
    return blob


class Shipped:
    """A function that pickle sends with its code; where it arrives, it is the function itself."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.blob = shipped(function)

    def __reduce__(self) -> tuple[Any, ...]:
        return pickle.loads, (self.blob,)
