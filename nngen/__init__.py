"""nngen: from a declarative network description to a module that holds its forward and backward equations.

    network = nngen.init("loans.csv", "approved")
    result = nngen.train(network)
    nngen.predict(result, [{"income": 30_000, "purpose": "car"}])

What ``__all__`` lists is the public interface; the changelog names each change of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nngen.bridges.importing import from_keras, from_sklearn, from_torch, parameter_file
    from nngen.common.cautions import Caution
    from nngen.common.diagnostics import SpecError
    from nngen.interface import (
        Comparison,
        DivergedError,
        Evaluation,
        Module,
        Network,
        Page,
        Proof,
        Ranking,
        Result,
        Runs,
        Search,
        build,
        course,
        evaluate,
        explain,
        export,
        formulas,
        import_,
        init,
        load,
        predict,
        predictor,
        prove,
        schema,
        show,
        trace,
        train,
        verify,
    )

    __version__: str

__all__ = [
    "Caution",
    "Comparison",
    "DivergedError",
    "Evaluation",
    "Module",
    "Network",
    "Page",
    "Proof",
    "Ranking",
    "Result",
    "Runs",
    "Search",
    "SpecError",
    "__version__",
    "build",
    "course",
    "evaluate",
    "explain",
    "export",
    "formulas",
    "from_keras",
    "from_sklearn",
    "from_torch",
    "import_",
    "init",
    "load",
    "parameter_file",
    "predict",
    "predictor",
    "prove",
    "schema",
    "show",
    "trace",
    "train",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Load the interface on demand: ``import nngen`` alone loads nothing else."""
    if name == "__version__":
        from importlib.metadata import version  # slower than all other imports of the command line together

        return version("nngen-backprop")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    imported = name.startswith("from_") or name == "parameter_file"
    common = {"Caution": "common.cautions", "SpecError": "common.diagnostics"}
    place = "bridges.importing" if imported else common.get(name, "interface")
    return getattr(import_module(f"nngen.{place}"), name)


def __dir__() -> list[str]:
    """The names for completion and ``help``, which load a module only when its name is looked up."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
