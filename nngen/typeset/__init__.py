"""Equations as mathematics: plain text, LaTeX, MathML."""

from nngen.typeset.digits import FULL, Digits
from nngen.typeset.joined import joined, joined_back
from nngen.typeset.latex import escaped, greek, latex, latex_pieces, latex_symbol
from nngen.typeset.mathml import math, mathml, mathml_pieces, mathml_symbol
from nngen.typeset.parse import Term, read, terms, with_numbers
from nngen.typeset.symbols import Symbol, Symbols
from nngen.typeset.textbook import General, general
from nngen.typeset.tree import (
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
from nngen.typeset.unicode import FUNCTIONS, alike, places, symbol_text, text, wrapped

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
