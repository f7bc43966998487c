"""digits_batch_norm, a neural network: its equations forward and backward, and how it learns.

    pixel: 64 -> hidden: 32 batch_norm, relu, dropout -> output: 10 softmax

The digits again, trained as larger networks are. With batch normalization, gradient descent learns them in fewer
epochs. Dropout keeps the hidden units from relying on one another. After training, nothing is dropped, and the running
statistics among the parameters replace those of a batch.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.5; 10 epochs in batches of 32.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target, hat a normalized
value and s the same after gain and shift, f the activation before dropout or normalization; W_hidden[i][j] is the
weight that leads to unit i of hidden from unit j of pixel.

Written by nngen from the spec digits_batch_norm: `nngen build` with that spec writes these bytes again. The file is
yours: read it, change it, ship it. It needs nothing but Python.
"""

# fmt: off
# flake8: noqa

import math

PARAMETERS = ("W_hidden", "gain_hidden", "shift_hidden", "mean_hidden", "variance_hidden", "W_output", "b_output")
_SHAPES = ((32, 64), (1, 32), (1, 32), (1, 32), (1, 32), (10, 32), (1, 10))


def forward(params: list[list[list[float]]], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: 64 numbers → 10 numbers."""
    _check(params, [x])
    W_hidden, [gain_hidden], [shift_hidden], [mean_hidden], [variance_hidden], W_output, [b_output] = params

    # hidden ← pixel: weighted sums, then batch_norm, then relu (the slope at z = 0 is set to 0)
    z_hidden = [sumprod(w, x) for w in W_hidden]
    deviation_hidden = [math.sqrt(variance + 1e-05) for variance in variance_hidden]
    hat_hidden = [(z - mean) / deviation for z, mean, deviation in zip(z_hidden, mean_hidden, deviation_hidden)]
    s_hidden = [gain * hat + shift for gain, hat, shift in zip(gain_hidden, hat_hidden, shift_hidden)]
    a_hidden = [0.0 if s < 0.0 else s for s in s_hidden]

    # output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    z_output = [b + sumprod(w, a_hidden) for b, w in zip(b_output, W_output)]
    top_output = max(z_output)
    e_output = [math.exp(z - top_output) for z in z_output]
    total_output = sum(e_output)
    a_output = [e / total_output for e in e_output]

    return tuple(a_output)


def loss(params: list[list[list[float]]], x: list[float], y: list[float]) -> float:
    """The loss of one example."""
    return gradient(params, x, y)[0]


def gradient(params: list[list[list[float]]], x: list[float], y: list[float]) -> tuple[float, list[list[list[float]]]]:
    """The loss of one example, and its derivative with respect to each parameter."""
    return batch_gradient(params, [x], [y], training=False)[:2]


def batch_gradient(
    params: list[list[list[float]]],
    xs: list[list[float]],
    ys: list[list[float]],
    seeds: list[int] | None = None,
    training: bool = True,
) -> tuple[float, list[list[list[float]]], list[list[list[float]]]]:
    """The loss of a batch, its derivative with respect to each parameter, and the parameters after it.

    The loss is the mean over the examples.
    In training each unit is normalized by its mean and variance over the batch, and the running statistics among the
    parameters are updated. Otherwise the running statistics are used unchanged.
    The seeds, one for each example, draw the units that dropout leaves out.
    """
    _check(params, xs, ys)
    x, y_output, n = xs, ys, len(xs)
    W_hidden, [gain_hidden], [shift_hidden], [mean_hidden], [variance_hidden], W_output, [b_output] = params
    drawn: list[int | None] = [None] * n if seeds is None else list(seeds)

    # hidden ← pixel: weighted sums, then batch_norm, then relu, then dropout (the slope at z = 0 is set to 0)
    z_hidden = [[sumprod(w, x_row) for w in W_hidden] for x_row in x]
    mean_hidden = [sum(z_column, 0.0) / n if training else mean for z_column, mean in zip(zip(*z_hidden), mean_hidden)]
    variance_hidden = [
        sum([(z - mean) * (z - mean) for z in z_column], 0.0) / n if training else variance
        for z_column, mean, variance in zip(zip(*z_hidden), mean_hidden, variance_hidden)
    ]
    deviation_hidden = [math.sqrt(variance + 1e-05) for variance in variance_hidden]
    hat_hidden = [
        [(z - mean) / deviation for z, mean, deviation in zip(z_row, mean_hidden, deviation_hidden)]
        for z_row in z_hidden
    ]
    s_hidden = [
        [gain * hat + shift for hat, gain, shift in zip(hat_row, gain_hidden, shift_hidden)] for hat_row in hat_hidden
    ]
    f_hidden = [[0.0 if s < 0.0 else s for s in s_row] for s_row in s_hidden]
    keep_hidden = [[_keep(seed, i, 0.1) for i in range(32)] for seed in drawn]
    a_hidden = [[keep * f for keep, f in zip(keep_row, f_row)] for keep_row, f_row in zip(keep_hidden, f_hidden)]

    # output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    z_output = [[b + sumprod(w, a_hidden_row) for b, w in zip(b_output, W_output)] for a_hidden_row in a_hidden]
    top_output = [max(z_row) for z_row in z_output]
    e_output = [[math.exp(z - top) for z in z_row] for z_row, top in zip(z_output, top_output)]
    total_output = [sum(e_row) for e_row in e_output]
    a_output = [[e / total for e in e_row] for e_row, total in zip(e_output, total_output)]

    # the loss: cross_entropy, the mean over the examples
    losses = [
        sum(y * (math.log(total) - (z - top)) for y, z in zip(y_row, z_row))
        for y_row, z_row, total, top in zip(y_output, z_output, total_output, top_output)
    ]
    loss = sum(losses) / n

    # output: the slopes of softmax and of the logarithm cancel, only the difference remains
    dz_output = [[(a - y) / n for a, y in zip(a_row, y_row)] for a_row, y_row in zip(a_output, y_output)]
    dW_output = [[sumprod(dz, values) for values in zip(*a_hidden)] for dz in zip(*dz_output)]
    db_output = [sum(dz, 0.0) for dz in zip(*dz_output)]

    # hidden ← output: the error flows back along the same weights; batch_norm: in training, mean and deviation depend
    # on all examples, so each error reaches all examples
    da_hidden = [[sumprod(w, dz_output_row) for w in zip(*W_output)] for dz_output_row in dz_output]
    df_hidden = [[da * keep for da, keep in zip(da_row, keep_row)] for da_row, keep_row in zip(da_hidden, keep_hidden)]
    ds_hidden = [
        [df * (1.0 if s > 0.0 else 0.0) for df, s in zip(df_row, s_row)] for df_row, s_row in zip(df_hidden, s_hidden)
    ]
    dgain_hidden = [
        sum([ds * hat for ds, hat in zip(ds_column, hat_column)], 0.0)
        for ds_column, hat_column in zip(zip(*ds_hidden), zip(*hat_hidden))
    ]
    dshift_hidden = [sum(ds_column, 0.0) for ds_column in zip(*ds_hidden)]
    dhat_hidden = [[ds * gain for ds, gain in zip(ds_row, gain_hidden)] for ds_row in ds_hidden]
    mean_dhat_hidden = [sum(dhat_column, 0.0) / n if training else 0.0 for dhat_column in zip(*dhat_hidden)]
    mean_dhat_hat_hidden = [
        sum([dhat * hat for dhat, hat in zip(dhat_column, hat_column)], 0.0) / n if training else 0.0
        for dhat_column, hat_column in zip(zip(*dhat_hidden), zip(*hat_hidden))
    ]
    dz_hidden = [
        [
            (dhat - mean_dhat - hat * mean_dhat_hat) / deviation
            for dhat, hat, mean_dhat, mean_dhat_hat, deviation in zip(
                dhat_row, hat_row, mean_dhat_hidden, mean_dhat_hat_hidden, deviation_hidden
            )
        ]
        for dhat_row, hat_row in zip(dhat_hidden, hat_hidden)
    ]
    dW_hidden = [[sumprod(dz, values) for values in zip(*x)] for dz in zip(*dz_hidden)]

    # measured, not learned
    dmean_hidden = [0.0] * 32
    dvariance_hidden = [0.0] * 32

    # the running statistics move towards those of the batch
    after = list(params)
    if training:
        after[3] = [[0.9 * old + 0.1 * new for old, new in zip(params[3][0], mean_hidden)]]
        after[4] = [
            [0.9 * old + 0.1 * (new * n / max(n - 1.0, 1.0)) for old, new in zip(params[4][0], variance_hidden)],
        ]
    return loss, [
        dW_hidden, [dgain_hidden], [dshift_hidden], [dmean_hidden], [dvariance_hidden], dW_output, [db_output],
    ], after


# --- Below: training and predictions. ---


def scale(x: list[float]) -> list[float]:
    """The inputs of the network, from the numbers of the data."""
    if len(x) != 64:
        raise ValueError(f"expected 64 inputs, got {len(x)}")
    return [value / 16.0 for value in x]


# the columns of a row, as the data name them
COLUMNS = (
    "pixel1", "pixel2", "pixel3", "pixel4", "pixel5", "pixel6", "pixel7", "pixel8", "pixel9", "pixel10",
    "pixel11", "pixel12", "pixel13", "pixel14", "pixel15", "pixel16", "pixel17", "pixel18", "pixel19", "pixel20",
    "pixel21", "pixel22", "pixel23", "pixel24", "pixel25", "pixel26", "pixel27", "pixel28", "pixel29", "pixel30",
    "pixel31", "pixel32", "pixel33", "pixel34", "pixel35", "pixel36", "pixel37", "pixel38", "pixel39", "pixel40",
    "pixel41", "pixel42", "pixel43", "pixel44", "pixel45", "pixel46", "pixel47", "pixel48", "pixel49", "pixel50",
    "pixel51", "pixel52", "pixel53", "pixel54", "pixel55", "pixel56", "pixel57", "pixel58", "pixel59", "pixel60",
    "pixel61", "pixel62", "pixel63", "pixel64",
)

# the classes in the order of the outputs
CLASSES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")

# what does not count around a text, and the texts that mean a missing value
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")


def encode(row: dict[str, object] | list[object]) -> list[float]:
    """The inputs of the network for a row of the data: values by column name, or in the order of COLUMNS."""
    return scale([_number(column, value) for column, value in zip(COLUMNS, _values(row))])


def decode(outputs: list[float] | tuple[float, ...]) -> str:
    """The class that the outputs stand for."""
    if any(a != a for a in outputs):
        raise ValueError("outputs: expected numbers, got NaN")
    return CLASSES[max(range(10), key=lambda i: outputs[i])]


def predict(params: list[list[list[float]]], row: dict[str, object] | list[object]) -> str:
    """The answer for a row of the data; encode says what a row is."""
    return decode(forward(params, encode(row)))


def predict_proba(params: list[list[list[float]]], row: dict[str, object] | list[object]) -> dict[str, float]:
    """The probability of each class for a row of the data."""
    outputs = forward(params, encode(row))
    decode(outputs)  # refuses NaN
    return dict(zip(CLASSES, outputs))


def init_state(params: list[list[list[float]]]) -> tuple[()]:
    """The initial state of gradient_descent: empty."""
    return ()


def step(
    params: list[list[list[float]]], gradient: list[list[list[float]]], state: tuple[()]
) -> tuple[list[list[list[float]]], tuple[()]]:
    """One step of training by gradient_descent."""
    updated = []
    for W, dW in zip(params, gradient):
        updated.append([[w - 0.5 * g for w, g in zip(ws, gs)] for ws, gs in zip(W, dW)])
    return updated, state


def init(seed: int = 1) -> list[list[list[float]]]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    W_hidden = [math.sqrt(2.0 / 64) * _normal(seed, i) for i in range(2048)]
    gain_hidden = [1.0] * 32
    variance_hidden = [1.0] * 32
    W_output = [math.sqrt(2.0 / 32) * _normal(seed, i) for i in range(2176, 2496)]
    return unpack(W_hidden + gain_hidden + [0.0] * 32 + [0.0] * 32 + variance_hidden + W_output + [0.0] * 10)


def fit(
    params: list[list[list[float]]],
    xs: list[list[float]],
    ys: list[list[float]],
    epochs: int = 10,
    batch_size: int | None = 32,
    seed: int | None = 0,
    callback: object = None,
) -> tuple[list[list[list[float]]], list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all in one step. After each epoch fit calls callback(epoch, loss, params); a true result ends it.
    """
    size = len(xs) if batch_size is None else batch_size
    if not 0 < len(xs) == len(ys) or size < 1:
        raise ValueError(f"expected some xs, as many ys, and batches of 1 or more; got {len(xs)}, {len(ys)} and {size}")
    examples = list(zip(xs, ys))
    state = init_state(params)
    history: list[float] = []
    n = len(examples)
    for epoch in range(epochs):
        order = range(n) if seed is None else sorted(range(n), key=lambda i: _bits(seed, epoch * n + i))
        # the seed also draws which units dropout leaves out, for each example of each epoch
        draw = 0 if seed is None else seed
        drawn = [examples[i] + (_bits(draw, epoch * n + i),) for i in order]
        total = 0.0
        for start in range(0, n, size):
            batch = drawn[start : start + size]
            xs, ys, seeds = map(list, zip(*batch))
            batch_loss, slopes, params = batch_gradient(params, xs, ys, seeds)
            params, state = step(params, slopes, state)
            total += batch_loss * len(batch)
        history.append(total / n)
        if callable(callback) and callback(epoch, history[-1], params):
            break
    return params, history


def unpack(flat: list[float]) -> list[list[list[float]]]:
    """The parameters from a flat list, in the order of PARAMETERS."""
    params = []  # a vector is a matrix of one row
    start = 0
    for rows, columns in _SHAPES:
        params.append([flat[start + i * columns : start + (i + 1) * columns] for i in range(rows)])
        start += rows * columns
    return params


def _check(params: list[list[list[float]]], xs: list[list[float]], ys: list[list[float]] | None = None) -> None:
    """Refuse other sizes, which zip would cut."""
    if [list(map(len, W)) for W in params] != [[columns] * rows for rows, columns in _SHAPES]:
        raise ValueError(f"expected parameters of shapes {_SHAPES}")
    if ys is not None and (len(xs) == 0 or len(ys) != len(xs)):
        raise ValueError(f"expected as many xs as ys, at least 1; got {len(xs)} and {len(ys)}")
    for x in xs:
        if len(x) != 64:
            raise ValueError(f"expected 64 inputs, got {len(x)}")
    for y in ys or ():
        if len(y) != 10:
            raise ValueError(f"expected 10 targets, got {len(y)}")


try:
    from operator import mul
except ImportError:  # MicroPython has no such module

    def _times(a: float, b: float) -> float:
        return a * b

    mul = _times


def _sumprod(p: list[float] | tuple[float, ...], q: list[float] | tuple[float, ...]) -> float:
    total: float = sum(map(mul, p, q))
    return total


# the sum of products: that of the library, where it has one, is faster and rounds less
sumprod = getattr(math, "sumprod", _sumprod)


def _bits(seed: int, index: int) -> int:
    """The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic."""
    h = 0
    for word in (index, seed):
        h = (h + word + 0x9E3779B9) & 0xFFFFFFFF
        h = ((h ^ (h >> 16)) * 0x21F0AAAD) & 0xFFFFFFFF
        h = ((h ^ (h >> 15)) * 0x735A2D97) & 0xFFFFFFFF
        h ^= h >> 15
    return h


def _uniform(seed: int, index: int) -> float:
    """The index-th random number of this seed, uniform from 0 to 1."""
    return _bits(seed, index) / 2**32


def _keep(seed: int | None, index: int, rate: float) -> float:
    """The dropout factor of unit index: 0 with probability rate, otherwise 1 / (1 - rate); 1 without a seed."""
    if seed is None:
        return 1.0
    return 0.0 if _uniform(seed, index) < rate else 1.0 / (1.0 - rate)


def _normal(seed: int, index: int) -> float:
    """The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6."""
    return sum(_bits(seed, 12 * index + k) for k in range(12)) / 2**32 - 6.0


def _values(row: dict[str, object] | list[object] | str) -> list[object]:
    """The values of a row in the order of COLUMNS; other columns of a mapping are ignored."""
    if not isinstance(row, (list, str)) and hasattr(row, "keys"):
        names = list(row.keys())
        absent = [column for column in COLUMNS if column not in names]
        if absent:
            raise ValueError(f"expected a row with the columns {', '.join(COLUMNS)}; missing: {', '.join(absent)}")
        return [row[column] for column in COLUMNS]
    values = list(row)
    if len(values) != len(COLUMNS):
        raise ValueError(f"expected a value for each of the {len(COLUMNS)} COLUMNS, got {row!r:.80}")
    return values


def _number(column: str, value: object) -> float:
    """The number of a column, also one written as a text."""
    if _missing(value):
        raise ValueError(f"{column}: the value is missing")
    text = str(value).strip(_SPACE)
    try:
        # float alone would take more, such as True, 1_000 and digits of other scripts
        number = float("nan" if text.strip("+-.0123456789eE") else value if hasattr(value, "__float__") else text)
    except (OverflowError, ValueError):
        number = float("nan")
    if not abs(number) <= 1e100:
        raise ValueError(f"{column}: expected a number up to 1e+100, got {value!r:.80}")
    return number


def _missing(value: object, known: dict[str, int] | tuple[()] = ()) -> bool:
    """Whether a value is missing: None, NaN, the NA of pandas, or a text of _MISSING that is not known."""
    if isinstance(value, str):
        return value.strip(_SPACE) in _MISSING and value.strip(_SPACE) not in known
    try:
        return value is None or bool(value != value)
    except TypeError:  # NA has no truth value
        return True
