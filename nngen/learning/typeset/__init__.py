"""Equations as mathematics: plain text, LaTeX, MathML."""

from nngen.learning.typeset.digits import FULL, Digits
from nngen.learning.typeset.joined import joined, joined_back
from nngen.learning.typeset.latex import escaped, greek, latex, latex_pieces, latex_symbol
from nngen.learning.typeset.mathml import math, mathml, mathml_pieces, mathml_symbol
from nngen.learning.typeset.parse import Term, read, terms, with_numbers
from nngen.learning.typeset.symbols import Symbol, Symbols
from nngen.learning.typeset.textbook import General, general
from nngen.learning.typeset.tree import (
    Call,
    Choice,
    Comparison,
    Equation,
    Name,
    Negative,
    Node,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Rest,
    Series,
    Sum,
    replaced,
    walk,
)
from nngen.learning.typeset.unicode import FUNCTIONS, alike, places, symbol_text, text, wrapped

__all__ = [
    "FULL",
    "FUNCTIONS",
    "Call",
    "Choice",
    "Comparison",
    "Digits",
    "Equation",
    "General",
    "Name",
    "Negative",
    "Node",
    "Number",
    "Partial",
    "Power",
    "Product",
    "Quotient",
    "Rest",
    "Series",
    "Sum",
    "Symbol",
    "Symbols",
    "Term",
    "alike",
    "escaped",
    "general",
    "greek",
    "joined",
    "joined_back",
    "latex",
    "latex_pieces",
    "latex_symbol",
    "math",
    "mathml",
    "mathml_pieces",
    "mathml_symbol",
    "places",
    "read",
    "replaced",
    "symbol_text",
    "terms",
    "text",
    "walk",
    "with_numbers",
    "wrapped",
]
