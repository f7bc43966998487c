"""nngen: from a declarative network description to a module that holds its forward and backward equations.

Networks of other libraries become a spec and its parameters: ``from_sklearn``, ``from_torch`` and ``from_keras``. What
``__all__`` lists is the public interface; the changelog names each change of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nngen.bridges.importing import from_keras, from_sklearn, from_torch, parameter_file
    from nngen.common.diagnostics import SpecError

    __version__: str

__all__ = ["SpecError", "__version__", "from_keras", "from_sklearn", "from_torch", "parameter_file"]


def __getattr__(name: str) -> Any:
    """Load the interface on demand: ``import nngen`` alone loads nothing else."""
    if name == "__version__":
        from importlib.metadata import version  # slower than all other imports of the command line together

        return version("nngen-backprop")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "nngen.common.diagnostics" if name == "SpecError" else "nngen.bridges.importing"
    return getattr(import_module(module), name)
