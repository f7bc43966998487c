"""How each language writes the source that all modules share."""

from nngen.targets.printers.csharp import CSharpPrinter
from nngen.targets.printers.go import GoPrinter
from nngen.targets.printers.java import JavaPrinter
from nngen.targets.printers.javascript import JavaScriptPrinter
from nngen.targets.printers.rust import RustPrinter

__all__ = ["CSharpPrinter", "GoPrinter", "JavaPrinter", "JavaScriptPrinter", "RustPrinter"]
