"""Parameters as the text of a file, and back."""

from nngen.runtime.files import _numbers_of_file
from nngen.runtime.kit import (
    F64,
    Content,
    Num,
    Params,
    Start,
    check_size,
    content_of,
    is_finite,
    joined,
    no_params,
    refuse,
    shortest,
    text_of_content,
)
from nngen.runtime.network import LAYOUT, PARAMETERS


def save(params: Params) -> Content:
    """The parameters as the text of a JSON file that the module of every target can load, exact to the last bit."""
    check_size(params, PARAMETERS, "params")
    for value in params:
        if not is_finite(value):
            refuse("params", "finite parameters, not infinity or NaN")
    numbers = [shortest(F64(value)) for value in params]
    listed = joined(numbers, ", ")
    return content_of('{"layout": "' + LAYOUT + '", "parameters": [' + listed + "]}")


def load(text: Content) -> Start:
    """Read parameters from the text of such a file."""
    numbers = _numbers_of_file(text_of_content(text), LAYOUT)
    for number in numbers:
        if not is_finite(Num(number)):
            refuse("file", "a file of save, complete, with a layout and finite parameters")
    if len(numbers) != PARAMETERS:
        refuse("file", "as many parameters as the network has")
    params = no_params()
    for i, number in enumerate(numbers):
        params[i] = Num(number)
    return params
