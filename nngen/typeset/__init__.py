r"""Typesetting: an expression of a page, as Unicode text for a terminal, as LaTeX, or as MathML.

Three steps, each a pure function::

    symbols = Symbols(plan)                             # what each name of a page means: the plan knows
    equation = read("dz_y * w_y_h1", symbols)           # text, or Python's syntax tree, to mathematics
    text(equation)                                      # '∂loss/∂z_y · w_y_h1'
    latex(equation)                                     # '\frac{\partial L}{\partial z_{y}} \cdot w_{y,h_{1}}'
    mathml(equation)                                    # '<mrow><mfrac data-name="dz_y">...</mrow>'
    math(equation)                                      # the same as a whole <math> element

``read`` takes what stands on a page of the target python that has an equation for each weight, and the formulas of
the catalogues (``formula.tree``), too: there ``z``, ``a``, ``w``, ``b`` are letters, and ``dz`` is a derivative.
``assignment`` reads a whole statement. ``with_numbers`` puts numbers in the place of names. In MathML each symbol is
one element with the page's own name for it in ``data-name``, such as ``dw_h1_x1``, and so is a number that stands for
one: by this name equations, code and pictures can find one another.

The numbers are written with ``Digits``: so many significant ones, or as many as it takes to read the same number back.
Names come from specs that strangers write: each writer escapes them for its format.
"""

from nngen.typeset.latex import latex, latex_pieces, latex_symbol
from nngen.typeset.mathml import math, mathml, mathml_pieces, mathml_symbol
from nngen.typeset.numbers import FULL, Digits
from nngen.typeset.reading import Term, assignment, read, terms, with_numbers
from nngen.typeset.symbols import Symbol, Symbols
from nngen.typeset.text import FUNCTIONS, aligned, symbol_text, text, wrapped
from nngen.typeset.tree import Equation, Node

__all__ = [
    "FULL",
    "FUNCTIONS",
    "Digits",
    "Equation",
    "Node",
    "Symbol",
    "Symbols",
    "Term",
    "aligned",
    "assignment",
    "latex",
    "latex_pieces",
    "latex_symbol",
    "math",
    "mathml",
    "mathml_pieces",
    "mathml_symbol",
    "read",
    "symbol_text",
    "terms",
    "text",
    "with_numbers",
    "wrapped",
]
