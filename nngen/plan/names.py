"""The naming conventions of a page.

``z_h1`` and ``a_h1`` are the weighted sum and the activation of the unit ``h1``. ``w_h1_x1`` is the weight that leads
to ``h1`` from ``x1``. ``z_hidden`` and ``W_hidden`` belong to the whole layer ``hidden``. ``dX`` is the derivative of
the loss with respect to ``X``.
"""


def full_name(symbol: str, *parts: str) -> str:
    """Join the parts of a name: the symbol, the unit or layer, and the unit or layer that feeds it."""
    return "_".join((symbol, *parts))


def derivative_of(name: str) -> str:
    """The name of the derivative of the loss with respect to a value."""
    return f"d{name}"
