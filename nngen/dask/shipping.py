"""The functions of ``worker``, ``reading`` and ``kernels`` in a form that reaches workers without nngen."""

from collections.abc import Callable
from typing import Any

import cloudpickle

from nngen.dask import kernels, reading, worker

MODULES = (worker, reading, kernels)


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
