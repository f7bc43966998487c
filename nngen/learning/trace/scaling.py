"""How a number of the data becomes an input, for a worksheet."""

import math

from nngen.description.data import NumberColumn
from nngen.learning.typeset import Call, Negative, Node, Number, Power, Quotient, Sum


def scaled(column: NumberColumn, number: float) -> Node:
    """The scaled number of a column, as the module's ``encode`` computes it."""
    if math.isinf(column.divide):
        return Number(0.0)
    above = Sum((Number(number), Negative(Number(column.subtract)))) if column.subtract else Number(number)
    plain = Quotient(above, Number(column.divide))
    if not column.clipped:
        return plain
    third = Power(Quotient(plain, Number(3.0)), Number(2.0))
    return Quotient(plain, Call("sqrt", (Sum((Number(1.0), third)),)))
