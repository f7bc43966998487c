"""Equations as mathematics: plain text, LaTeX, MathML."""

from nngen.learning.typeset import tree
from nngen.learning.typeset.boxes import matrix_width
from nngen.learning.typeset.digits import Digits
from nngen.learning.typeset.latex import LaTeX, escaped, greek
from nngen.learning.typeset.layers import TRANSPOSE, Nodes, added, by_number
from nngen.learning.typeset.mathml import MathML, math
from nngen.learning.typeset.parse import Reader, Term, read, terms, with_numbers
from nngen.learning.typeset.symbols import Symbol, Symbols, slope, symbol
from nngen.learning.typeset.textbook import General, general, joined, joined_back, kinds_of
from nngen.learning.typeset.unicode import Text, rows, with_matrices, wrapped

__all__ = [
    "TRANSPOSE",
    "Digits",
    "General",
    "LaTeX",
    "MathML",
    "Nodes",
    "Reader",
    "Symbol",
    "Symbols",
    "Term",
    "Text",
    "added",
    "by_number",
    "escaped",
    "general",
    "greek",
    "joined",
    "joined_back",
    "kinds_of",
    "math",
    "matrix_width",
    "read",
    "rows",
    "slope",
    "symbol",
    "terms",
    "tree",
    "with_matrices",
    "with_numbers",
    "wrapped",
]
