"""Parameters as the text of a file, and back."""

from nngen.runtime.files import _numbers_of_file
from nngen.runtime.kit import Num, Params, Start, check_size, filled, is_finite, joined, refuse, shortest
from nngen.runtime.network import LAYOUT, PARAMETERS


def save(params: Params) -> str:
    """The parameters as the text of a JSON file that the module of every target can load, exact to the last bit."""
    check_size(params, PARAMETERS, "params")
    for value in params:
        if not is_finite(value):
            refuse("params", "finite parameters, not infinity or NaN")
    numbers = [shortest(value) for value in params]
    listed = joined(numbers, ", ")
    return '{"layout": "' + LAYOUT + '", "parameters": [' + listed + "]}"


def load(text: str) -> Start:
    """Read parameters from the text of such a file."""
    numbers = _numbers_of_file(text, LAYOUT)
    params = filled(len(numbers), Num(0.0))
    for i, number in enumerate(numbers):
        params[i] = Num(number)
        if not is_finite(params[i]):
            refuse("file", "a file of save, complete, with a layout and finite parameters")
    if len(params) != PARAMETERS:
        refuse("file", "as many parameters as the network has")
    return params
