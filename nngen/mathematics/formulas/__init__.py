"""One line of mathematics: its text, its value, its derivative, and a user's text that becomes one."""

from nngen.mathematics.formulas.derivative import derivative
from nngen.mathematics.formulas.evaluate import Computation, UndefinedError, computation
from nngen.mathematics.formulas.folding import folded
from nngen.mathematics.formulas.formula import MAX_LENGTH, Formula, spelled
from nngen.mathematics.formulas.grammar import COMPARISONS, FUNCTIONS, OPERATORS, FormulaError
from nngen.mathematics.formulas.lines import SHARED, Kind, Line, line
from nngen.mathematics.formulas.marks import BREAK_AFTER, BREAK_BEFORE, MARKS, flat
from nngen.mathematics.formulas.printer import number
from nngen.mathematics.formulas.user_text import MAX_TEXT, TextError, normal_form
from nngen.mathematics.formulas.vocabulary import Words

__all__ = [
    "BREAK_AFTER",
    "BREAK_BEFORE",
    "COMPARISONS",
    "FUNCTIONS",
    "MARKS",
    "MAX_LENGTH",
    "MAX_TEXT",
    "OPERATORS",
    "SHARED",
    "Computation",
    "Formula",
    "FormulaError",
    "Kind",
    "Line",
    "TextError",
    "UndefinedError",
    "Words",
    "computation",
    "derivative",
    "flat",
    "folded",
    "line",
    "normal_form",
    "number",
    "spelled",
]
