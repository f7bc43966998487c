"""What a module states itself: here that of a small network, which the source runs with. It is never printed."""

from nngen.runtime.kit import Inputs, Outputs, Params, Row, refuse
from nngen.runtime.network import IDS


def forward(params: Params, x: Inputs) -> Outputs:
    """The outputs of one example, in which an id may be wrong."""
    if IDS and x[0] < 0.0:
        refuse("id", "a whole number from 0 to below the number of its rows")
    return [w * x[0] for w in params]


def encode(row: Row) -> Inputs:
    """The inputs of the network for a row of the data, in which each cell may be wrong."""
    if len(row) == 0:
        refuse("x", "a value, but the value is missing")
    return [float(str(cell)) for cell in row]
