"""How each language writes equations of layers from the loops of ``nngen.plan.layer_forms``."""

from nngen.targets.equations.csharp import CSharpEquations
from nngen.targets.equations.expressions import EquationWriter
from nngen.targets.equations.go import GoEquations
from nngen.targets.equations.java import JavaEquations
from nngen.targets.equations.javascript import JavaScriptEquations
from nngen.targets.equations.rust import RustEquations

WRITERS: dict[str, type[EquationWriter]] = {
    "csharp": CSharpEquations,
    "go": GoEquations,
    "java": JavaEquations,
    "javascript": JavaScriptEquations,
    "rust": RustEquations,
}
"""The writer of each language."""

__all__ = ["WRITERS", "EquationWriter"]
