"""From a row of the data to an answer in the words of the data."""

from math import sqrt

from nngen.runtime.kit import (
    F64,
    Answer,
    Interval,
    Num,
    Outputs,
    Params,
    Row,
    Shares,
    by_class,
    by_name,
    check_size,
    is_nan,
    not_there,
    refuse,
)
from nngen.runtime.network import (
    ANOMALIES,
    CLASSES,
    CLASSIFIES,
    ENCODED,
    INTERVALS,
    LIMIT,
    LIMITED,
    OUTPUTS,
    PREDICTS,
    PROBABILITIES,
    SCORE,
    SEVERAL,
    SIZES,
    THRESHOLD,
    THROWS,
)
from nngen.runtime.stated import _bounds, encode, forward


def decode(outputs: Outputs) -> Answer:
    """The class that the outputs stand for."""
    if not PREDICTS or not CLASSIFIES:
        not_there()
    if THROWS:
        _check_outputs(outputs)
    if not SEVERAL:
        return CLASSES[1] if outputs[0] > THRESHOLD else CLASSES[0]
    best = 0
    for i, output in enumerate(outputs):
        if output > outputs[best]:
            best = i
    return CLASSES[best]


def predict(params: Params, row: Row) -> Answer:
    """The answer for a row of the data."""
    if not PREDICTS:
        not_there()
    if THROWS:
        return decode(forward(params, encode(row)))
    outputs = forward(params, encode(row))
    _check_outputs(outputs)
    return decode(outputs)


def predict_proba(params: Params, row: Row) -> Shares:
    """The probability of each of CLASSES for a row of the data."""
    if not PREDICTS or not PROBABILITIES:
        not_there()
    outputs = forward(params, encode(row))
    _check_outputs(outputs)
    if SEVERAL:
        return by_class(outputs)
    shares: Shares = [1.0 - outputs[0], outputs[0]]
    return by_class(shares)


def anomaly_score(params: Params, row: Row) -> Num:
    """The anomaly score of a row of the data: the mean squared error of its encoded columns."""
    if not PREDICTS or not ANOMALIES:
        not_there()
    x = encode(row)
    outputs = forward(params, x)
    _check_outputs(outputs)
    total: Num = 0.0
    for i, output in enumerate(outputs):
        total += (output - x[i]) * (output - x[i])
    return total / ENCODED


def is_anomaly(params: Params, row: Row) -> bool:
    """SAYS_ANOMALY."""
    if not PREDICTS or not ANOMALIES or not LIMITED:
        not_there()
    score = anomaly_score(params, row)
    return score > LIMIT


def predict_interval(params: Params, row: Row) -> Interval:
    """The SAYS_INTERVAL."""
    if not PREDICTS or not INTERVALS:
        not_there()
    outputs = forward(params, encode(row))
    _check_outputs(outputs)
    if not CLASSIFIES:
        return _bounds(outputs)
    if SEVERAL:
        chosen = [1.0 - share <= SCORE for share in outputs]
        return by_name(chosen)
    shares: Shares = [1.0 - outputs[0], outputs[0]]
    likely = [1.0 - share <= SCORE for share in shares]
    return by_name(likely)


def _smooth_clip(x: F64) -> F64:
    """A number within 3 of 0; a small one stays nearly as it is: the smooth clip of RealMLP."""
    return x / sqrt(1.0 + (x / 3.0) * (x / 3.0))


def _check_outputs(outputs: Outputs) -> None:
    """Refuse outputs that are no numbers: NaN comes of numbers that are too large."""
    if SIZES:
        check_size(outputs, OUTPUTS, "outputs")
    for output in outputs:
        if is_nan(output):
            refuse("outputs", "numbers", "NaN")
