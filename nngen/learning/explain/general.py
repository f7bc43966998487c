"""General equations on a living page: MathML whose symbols belong to no element of the network."""

import re

from markupsafe import Markup

from nngen.learning.typeset import Comparison, Digits, Equation, Name, Node, Symbol, mathml, replaced


def plain(node: Node) -> Node:
    """A formula for readers: a module tests by ``y == y`` whether a target is known, since NaN differs from itself."""

    def known(part: Node) -> Node | None:
        itself = isinstance(part, Comparison) and len(set(part.parts)) == 1
        return Name(Symbol("known", "known")) if itself else None

    return replaced(node, known)


def formula(node: Node, language: str = "en") -> Markup:
    """A formula without the names of a page, with its words in a language."""
    markup = re.sub(r' data-name="[^"]*"', "", mathml(plain(node), Digits(language=language)))
    return Markup(markup.replace("<mi>sum</mi>", "<mo>∑</mo>"))  # noqa: S704 (names are escaped)


def line(equation: Equation, sign: str, language: str = "en") -> Markup:
    """An equation with ``=``, or ``←`` if it replaces an old value, with its words in a language."""
    return Markup("{}<mo>{}</mo>{}").format(formula(Name(equation.symbol)), sign, formula(equation.value, language))
