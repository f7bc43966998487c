"""Precedence of expressions: one that binds less tightly than its place needs gets parentheses."""

from nngen.learning.typeset.tree import (
    Choice,
    Comparison,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Rest,
    Series,
    Sum,
)

CHOICE, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)


def binding(node: Node) -> int:
    """The precedence of an expression."""
    match node:
        case Choice():
            return CHOICE
        case Comparison():
            return COMPARE
        case Sum():
            return SUM
        case Product() | Quotient() | Series():
            return PRODUCT
        case Negative():
            return SIGN
        case Number(value) if value < 0:
            return SIGN
        case Rest(value=float() as value) if value < 0:
            return SIGN
        case Power():
            return POWER
    return ATOM
