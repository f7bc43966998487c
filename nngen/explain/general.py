"""General equations on a living page: MathML whose symbols belong to no element of the network."""

import re

from markupsafe import Markup

from nngen.typeset import Digits, Equation, Name, Node, mathml


def formula(node: Node, language: str = "en") -> Markup:
    """A formula without the names of a page, with its words in a language."""
    markup = re.sub(r' data-name="[^"]*"', "", mathml(node, Digits(language=language)))
    return Markup(markup.replace("<mi>sum</mi>", "<mo>∑</mo>"))  # noqa: S704 (names are escaped)


def line(equation: Equation, sign: str) -> Markup:
    """An equation with ``=``, or ``←`` if it replaces an old value."""
    return Markup("{}<mo>{}</mo>{}").format(formula(Name(equation.symbol)), sign, formula(equation.value))
