"""Writes the source of ``nngen.runtime`` in other languages, as a network needs it."""

from nngen.printing.brackets import opening, separated, without_texts
from nngen.printing.ends import EndPrinter
from nngen.printing.expressions import ALIKE, unless_there
from nngen.printing.front import Made, hiding_none, made, there
from nngen.printing.kinds import ARRAYS, certain, is_list, item, optional, several
from nngen.printing.operators import AND, ATOM, CHOICE, COMPARED, OR, PREFIX, PRODUCT, SUM, Pair
from nngen.printing.printer import Printer
from nngen.printing.program import (
    Argument,
    Function,
    Program,
    constants,
    functions,
    program,
    program_of,
    records,
    subjects,
)
from nngen.printing.stated import CONSTANTS, Constant, Field, Record
from nngen.printing.statements import missing, refuses
from nngen.printing.subset import SubsetError, mistakes

__all__ = [
    "ALIKE",
    "AND",
    "ARRAYS",
    "ATOM",
    "CHOICE",
    "COMPARED",
    "CONSTANTS",
    "OR",
    "PREFIX",
    "PRODUCT",
    "SUM",
    "Argument",
    "Constant",
    "EndPrinter",
    "Field",
    "Function",
    "Made",
    "Pair",
    "Printer",
    "Program",
    "Record",
    "SubsetError",
    "certain",
    "constants",
    "functions",
    "hiding_none",
    "is_list",
    "item",
    "made",
    "missing",
    "mistakes",
    "opening",
    "optional",
    "program",
    "program_of",
    "records",
    "refuses",
    "separated",
    "several",
    "subjects",
    "there",
    "unless_there",
    "without_texts",
]
