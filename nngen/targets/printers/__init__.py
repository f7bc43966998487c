"""How each language writes the source that all modules share."""

from nngen.printing import Printer
from nngen.targets.printers.csharp import CSharpPrinter
from nngen.targets.printers.go import GoPrinter
from nngen.targets.printers.java import JavaPrinter
from nngen.targets.printers.javascript import JavaScriptPrinter
from nngen.targets.printers.php import PhpPrinter
from nngen.targets.printers.rust import RustPrinter

PRINTERS: dict[str, type[Printer]] = {
    "csharp": CSharpPrinter,
    "go": GoPrinter,
    "java": JavaPrinter,
    "javascript": JavaScriptPrinter,
    "php": PhpPrinter,
    "rust": RustPrinter,
}
"""The printer of each language."""

__all__ = ["PRINTERS"]
