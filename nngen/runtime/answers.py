"""From a row of the data to an answer in the words of the data."""

from nngen.runtime.kit import Answer, Outputs, Params, Row, Shares, by_class, check_size, is_nan, only_if, refuse
from nngen.runtime.network import (
    CLASSES,
    CLASSIFIES,
    OUTPUTS,
    PREDICTS,
    PROBABILITIES,
    SEVERAL,
    SIZES,
    THRESHOLD,
    THROWS,
)
from nngen.runtime.stated import encode, forward


@only_if(PREDICTS and CLASSIFIES)
def decode(outputs: Outputs) -> Answer:
    """The class that the outputs stand for."""
    if THROWS:
        _check_outputs(outputs)
    if not SEVERAL:
        return CLASSES[1] if outputs[0] > THRESHOLD else CLASSES[0]
    best = 0
    for i, output in enumerate(outputs):
        if output > outputs[best]:
            best = i
    return CLASSES[best]


@only_if(PREDICTS)
def predict(params: Params, row: Row) -> Answer:
    """The answer for a row of the data."""
    if THROWS:
        return decode(forward(params, encode(row)))
    outputs = forward(params, encode(row))
    _check_outputs(outputs)
    return decode(outputs)


@only_if(PREDICTS and PROBABILITIES)
def predict_proba(params: Params, row: Row) -> Shares:
    """The probability of each of CLASSES for a row of the data."""
    outputs = forward(params, encode(row))
    _check_outputs(outputs)
    if SEVERAL:
        return by_class(outputs)
    shares: Shares = [1.0 - outputs[0], outputs[0]]
    return by_class(shares)


def _check_outputs(outputs: Outputs) -> None:
    """Refuse outputs that are no numbers: NaN comes of numbers that are too large."""
    if SIZES:
        check_size("outputs", outputs, OUTPUTS)
    for output in outputs:
        if is_nan(output):
            refuse("outputs", "numbers", "NaN")
