"""snake, a neural network: its equations forward and backward, and how it learns.

    x: 1 -> hidden: 8 snake -> output: 1 linear

Learns a sine from -6 to 6 and continues it beyond. The activation is a custom formula, from which nngen derives the
slope. It grows with its argument and swings around it, so that the network learns what repeats; a network of tanh
continues flat (Ziyin, Hartwig and Ueda, Neural networks fail to learn periodic functions and how to fix it, NeurIPS
2020).

Activation: snake, z + sin(z) ** 2.
Loss: squared_error, (a - y)^2, summed over the outputs, the mean over a batch.
Training: adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), rate =
0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 1000 epochs in batches of 8.

dX is the derivative of the loss by X. z is a weighted sum, a an activation, y a target; w_hidden1_x1 is the weight that
leads to hidden1 from x1.

Written by nngen from the spec snake: `nngen build` with that spec writes these bytes again. The file is yours: read it,
change it, ship it. It needs nothing but Python.
"""

# formatters and linters skip this module
# fmt: off
# flake8: noqa

import math

PARAMETERS = (
    "w_hidden1_x1",
    "w_hidden2_x1",
    "w_hidden3_x1",
    "w_hidden4_x1",
    "w_hidden5_x1",
    "w_hidden6_x1",
    "w_hidden7_x1",
    "w_hidden8_x1",
    "b_hidden1", "b_hidden2", "b_hidden3", "b_hidden4", "b_hidden5", "b_hidden6", "b_hidden7", "b_hidden8",
    "w_y1_hidden1", "w_y1_hidden2", "w_y1_hidden3", "w_y1_hidden4",
    "w_y1_hidden5", "w_y1_hidden6", "w_y1_hidden7", "w_y1_hidden8",
    "b_y1",
)

# the network, and the order of its parameters in a flat list, for pack, unpack, save and load
LAYOUT = (
    "snake "
    "W_hidden[hidden1..hidden8, 8][x1] "
    "b_hidden[hidden1..hidden8, 8] "
    "W_output[y1][hidden1..hidden8, 8] "
    "b_output[y1]"
)


def forward(params: list[float], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: x1 → y1."""
    params, x = _checked(params, x)
    (
        w_hidden1_x1,
        w_hidden2_x1,
        w_hidden3_x1,
        w_hidden4_x1,
        w_hidden5_x1,
        w_hidden6_x1,
        w_hidden7_x1,
        w_hidden8_x1,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6, b_hidden7, b_hidden8,
        w_y1_hidden1, w_y1_hidden2, w_y1_hidden3, w_y1_hidden4, w_y1_hidden5, w_y1_hidden6, w_y1_hidden7, w_y1_hidden8,
        b_y1,
    ) = params
    (x1,) = x

    # hidden ← x: weighted sums, then snake
    z_hidden1 = b_hidden1 + w_hidden1_x1 * x1
    z_hidden2 = b_hidden2 + w_hidden2_x1 * x1
    z_hidden3 = b_hidden3 + w_hidden3_x1 * x1
    z_hidden4 = b_hidden4 + w_hidden4_x1 * x1
    z_hidden5 = b_hidden5 + w_hidden5_x1 * x1
    z_hidden6 = b_hidden6 + w_hidden6_x1 * x1
    z_hidden7 = b_hidden7 + w_hidden7_x1 * x1
    z_hidden8 = b_hidden8 + w_hidden8_x1 * x1
    a_hidden1 = z_hidden1 + math.sin(z_hidden1) ** 2
    a_hidden2 = z_hidden2 + math.sin(z_hidden2) ** 2
    a_hidden3 = z_hidden3 + math.sin(z_hidden3) ** 2
    a_hidden4 = z_hidden4 + math.sin(z_hidden4) ** 2
    a_hidden5 = z_hidden5 + math.sin(z_hidden5) ** 2
    a_hidden6 = z_hidden6 + math.sin(z_hidden6) ** 2
    a_hidden7 = z_hidden7 + math.sin(z_hidden7) ** 2
    a_hidden8 = z_hidden8 + math.sin(z_hidden8) ** 2

    # output ← hidden: weighted sums
    z_y1 = (
        b_y1
        + w_y1_hidden1 * a_hidden1
        + w_y1_hidden2 * a_hidden2
        + w_y1_hidden3 * a_hidden3
        + w_y1_hidden4 * a_hidden4
        + w_y1_hidden5 * a_hidden5
        + w_y1_hidden6 * a_hidden6
        + w_y1_hidden7 * a_hidden7
        + w_y1_hidden8 * a_hidden8
    )
    a_y1 = z_y1

    return (a_y1,)


def loss(params: list[float], x: list[float], y: list[float]) -> float:
    """The loss of one example."""
    return gradient(params, x, y, slopes=False)[0]


def gradient(
    params: list[float], x: list[float], y: list[float], *, slopes: bool = True, checked: bool = False
) -> tuple[float, list[float]]:
    """The loss of one example, and its derivative by each parameter.

    slopes=False computes only the loss. checked=True skips the checks of the arguments.
    """
    if not checked:
        params, x, y = _checked_example(params, x, y)
    (
        w_hidden1_x1,
        w_hidden2_x1,
        w_hidden3_x1,
        w_hidden4_x1,
        w_hidden5_x1,
        w_hidden6_x1,
        w_hidden7_x1,
        w_hidden8_x1,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6, b_hidden7, b_hidden8,
        w_y1_hidden1, w_y1_hidden2, w_y1_hidden3, w_y1_hidden4, w_y1_hidden5, w_y1_hidden6, w_y1_hidden7, w_y1_hidden8,
        b_y1,
    ) = params
    (x1,) = x
    (y_y1,) = y

    # hidden ← x: weighted sums, then snake
    z_hidden1 = b_hidden1 + w_hidden1_x1 * x1
    z_hidden2 = b_hidden2 + w_hidden2_x1 * x1
    z_hidden3 = b_hidden3 + w_hidden3_x1 * x1
    z_hidden4 = b_hidden4 + w_hidden4_x1 * x1
    z_hidden5 = b_hidden5 + w_hidden5_x1 * x1
    z_hidden6 = b_hidden6 + w_hidden6_x1 * x1
    z_hidden7 = b_hidden7 + w_hidden7_x1 * x1
    z_hidden8 = b_hidden8 + w_hidden8_x1 * x1
    a_hidden1 = z_hidden1 + math.sin(z_hidden1) ** 2
    a_hidden2 = z_hidden2 + math.sin(z_hidden2) ** 2
    a_hidden3 = z_hidden3 + math.sin(z_hidden3) ** 2
    a_hidden4 = z_hidden4 + math.sin(z_hidden4) ** 2
    a_hidden5 = z_hidden5 + math.sin(z_hidden5) ** 2
    a_hidden6 = z_hidden6 + math.sin(z_hidden6) ** 2
    a_hidden7 = z_hidden7 + math.sin(z_hidden7) ** 2
    a_hidden8 = z_hidden8 + math.sin(z_hidden8) ** 2

    # output ← hidden: weighted sums
    z_y1 = (
        b_y1
        + w_y1_hidden1 * a_hidden1
        + w_y1_hidden2 * a_hidden2
        + w_y1_hidden3 * a_hidden3
        + w_y1_hidden4 * a_hidden4
        + w_y1_hidden5 * a_hidden5
        + w_y1_hidden6 * a_hidden6
        + w_y1_hidden7 * a_hidden7
        + w_y1_hidden8 * a_hidden8
    )
    a_y1 = z_y1

    # the loss: squared_error
    loss = (a_y1 - y_y1) * (a_y1 - y_y1)

    if not slopes:
        return loss, []

    # output: the slope of the loss, then that of linear
    da_y1 = 2.0 * (a_y1 - y_y1)
    dz_y1 = da_y1
    dw_y1_hidden1 = dz_y1 * a_hidden1
    dw_y1_hidden2 = dz_y1 * a_hidden2
    dw_y1_hidden3 = dz_y1 * a_hidden3
    dw_y1_hidden4 = dz_y1 * a_hidden4
    dw_y1_hidden5 = dz_y1 * a_hidden5
    dw_y1_hidden6 = dz_y1 * a_hidden6
    dw_y1_hidden7 = dz_y1 * a_hidden7
    dw_y1_hidden8 = dz_y1 * a_hidden8
    db_y1 = dz_y1

    # hidden ← output: the error flows back along the same weights
    da_hidden1 = dz_y1 * w_y1_hidden1
    da_hidden2 = dz_y1 * w_y1_hidden2
    da_hidden3 = dz_y1 * w_y1_hidden3
    da_hidden4 = dz_y1 * w_y1_hidden4
    da_hidden5 = dz_y1 * w_y1_hidden5
    da_hidden6 = dz_y1 * w_y1_hidden6
    da_hidden7 = dz_y1 * w_y1_hidden7
    da_hidden8 = dz_y1 * w_y1_hidden8
    dz_hidden1 = da_hidden1 * snake_slope(z_hidden1)
    dz_hidden2 = da_hidden2 * snake_slope(z_hidden2)
    dz_hidden3 = da_hidden3 * snake_slope(z_hidden3)
    dz_hidden4 = da_hidden4 * snake_slope(z_hidden4)
    dz_hidden5 = da_hidden5 * snake_slope(z_hidden5)
    dz_hidden6 = da_hidden6 * snake_slope(z_hidden6)
    dz_hidden7 = da_hidden7 * snake_slope(z_hidden7)
    dz_hidden8 = da_hidden8 * snake_slope(z_hidden8)
    dw_hidden1_x1 = dz_hidden1 * x1
    dw_hidden2_x1 = dz_hidden2 * x1
    dw_hidden3_x1 = dz_hidden3 * x1
    dw_hidden4_x1 = dz_hidden4 * x1
    dw_hidden5_x1 = dz_hidden5 * x1
    dw_hidden6_x1 = dz_hidden6 * x1
    dw_hidden7_x1 = dz_hidden7 * x1
    dw_hidden8_x1 = dz_hidden8 * x1
    db_hidden1 = dz_hidden1
    db_hidden2 = dz_hidden2
    db_hidden3 = dz_hidden3
    db_hidden4 = dz_hidden4
    db_hidden5 = dz_hidden5
    db_hidden6 = dz_hidden6
    db_hidden7 = dz_hidden7
    db_hidden8 = dz_hidden8

    return loss, [
        dw_hidden1_x1,
        dw_hidden2_x1,
        dw_hidden3_x1,
        dw_hidden4_x1,
        dw_hidden5_x1,
        dw_hidden6_x1,
        dw_hidden7_x1,
        dw_hidden8_x1,
        db_hidden1, db_hidden2, db_hidden3, db_hidden4, db_hidden5, db_hidden6, db_hidden7, db_hidden8,
        dw_y1_hidden1, dw_y1_hidden2, dw_y1_hidden3, dw_y1_hidden4,
        dw_y1_hidden5, dw_y1_hidden6, dw_y1_hidden7, dw_y1_hidden8,
        db_y1,
    ]


def snake_slope(z: float) -> float:
    """The derivative of snake with respect to z."""
    return 1.0 + 2.0 * math.sin(z) * math.cos(z)


# --- Below: training, files and a check of the gradient. ---


def init_state(params: list[float]) -> tuple[int, list[float], list[float]]:
    """The initial state of adam: the number of steps, m and v."""
    return (0, [0.0] * 25, [0.0] * 25)


def step(
    params: list[float], gradient: list[float], state: tuple[int, list[float], list[float]]
) -> tuple[list[float], tuple[int, list[float], list[float]]]:
    """One step of training by adam."""
    old_t, old_m, old_v = state
    t = old_t + 1
    new_w: list[float] = []
    new_m: list[float] = []
    new_v: list[float] = []
    for w, g, m, v in zip(params, gradient, old_m, old_v):
        m = 0.9 * m + (1.0 - 0.9) * g
        v = 0.999 * v + (1.0 - 0.999) * (g * g)
        w = w - 0.01 * (m / (1.0 - 0.9**t)) / (math.sqrt(v / (1.0 - 0.999**t)) + 1e-08)
        new_w.append(w)
        new_m.append(m)
        new_v.append(v)
    return new_w, (t, new_m, new_v)


def _batch(params: list[float], xs: list[list[float]], ys: list[list[float]]) -> tuple[float, list[float]]:
    """The loss of several examples and its gradient, the mean over the examples."""
    total, slopes = gradient(params, xs[0], ys[0], checked=True)
    for x, y in zip(xs[1:], ys[1:]):
        more, others = gradient(params, x, y, checked=True)
        total += more
        slopes = [slope + other for slope, other in zip(slopes, others)]
    return total / len(xs), [slope / len(xs) for slope in slopes]


def fit(
    params: list[float],
    xs: list[list[float]],
    ys: list[list[float]],
    epochs: int = 1000,
    batch_size: int | None = 8,
    seed: int | None = 0,
    callback: object = None,
    progress: tuple[int, tuple[int, list[float], list[float]]] | None = None,
) -> tuple[list[float], list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all examples in one step. After each epoch fit calls callback(epoch, loss, params, progress); a true result
    ends training. Called again with those params and that progress, fit continues after that epoch.
    """
    xs = _rows(xs, 1, "input")
    ys = _rows(ys, 1, "target")
    size = len(xs) if batch_size is None else batch_size
    if len(xs) != len(ys) or len(xs) == 0 or size < 1:
        got = f"{len(xs)}, {len(ys)} and {size}"
        raise ValueError(f"expected as many xs as ys, at least 1, and batches of at least 1; got {got}")
    params = _floats(params, 25, "parameters")
    for x, y in zip(xs, ys):
        _checked_example(params, x, y)
    history: list[float] = []
    done, state = progress or (0, init_state(params))
    for epoch in range(done, epochs):
        order = _order(len(xs), seed, epoch)
        total = 0.0
        for start in range(0, len(xs), size):
            if size == 1:
                i = order[start]
                batch_loss, slopes = gradient(params, xs[i], ys[i], checked=True)
            else:
                batch = order[start : start + size]
                batch_loss, slopes = _batch(params, [xs[i] for i in batch], [ys[i] for i in batch])
                batch_loss *= len(batch)
            params, state = step(params, slopes, state)
            total += batch_loss
        history.append(total / len(xs))
        progress = (epoch + 1, state)
        if callable(callback) and callback(epoch, history[-1], params, progress):
            break
    return params, history


def init(seed: int = 0) -> list[float]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    W_hidden = [math.sqrt(6.0 / (1 + 8)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(8)]
    b_hidden = [0.0] * 8
    W_output = [math.sqrt(6.0 / (8 + 1)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(16, 24)]
    b_output = [0.0]
    return unpack(W_hidden + b_hidden + W_output + b_output)


def pack(params: list[float]) -> list[float]:
    """The parameters as a flat list, in the order of LAYOUT."""
    return list(params)


def unpack(flat: list[float]) -> list[float]:
    """The parameters from a flat list, in the order of LAYOUT."""
    return _floats(flat, 25, "parameters")


def _checked(params: list[float], x: list[float]) -> tuple[list[float], list[float]]:
    """The parameters, and the inputs as floats."""
    try:
        (x1,) = x
        # a quick check: only a sum of floats is a float; one with NumPy's float32, for example, is not
        plain = type(params) is type(x) is list and len(params) == 25 and type(x1 + 0.0) is float
    except (OverflowError, TypeError, ValueError):
        plain = False
    if not plain:
        params, x = _floats(params, 25, "parameters"), _floats(x, 1, "input")
    return params, x


def _checked_example(
    params: list[float], x: list[float], y: list[float]
) -> tuple[list[float], list[float], list[float]]:
    """The parameters, and the inputs and the targets as floats."""
    try:
        (x1,) = x
        (y_y1,) = y
        # a quick check: only a sum of floats is a float; one with NumPy's float32, for example, is not
        plain = type(params) is type(x) is type(y) is list and len(params) == 25 and type(x1 + y_y1 + 0.0) is float
    except (OverflowError, TypeError, ValueError):
        plain = False
    if not plain:
        params, x = _floats(params, 25, "parameters"), _floats(x, 1, "input")
        y = _floats(y, 1, "target")
        (y_y1,) = y
    if not (-1e18 < y_y1 < 1e18):
        raise ValueError(f"expected targets that are finite numbers below 1e18 in size, got {y}")
    return params, x, y


def _order(count: int, seed: int | None, epoch: int) -> list[int]:
    """The order of the examples in an epoch: each has a random number, and the smallest comes first."""
    if seed is None:
        return list(range(count))
    return sorted(range(count), key=lambda i: _bits(seed, epoch * count + i))


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


def save(params: list[float], path: str) -> None:
    """Write the parameters to a JSON file that the module of every target can load, exact to the last bit."""
    import json  # here, because the module loads faster without it

    flat = pack(params)
    if not all(value - value == 0.0 for value in flat):
        raise ValueError("expected finite parameters, got infinity or NaN")
    text = json.dumps({"layout": LAYOUT, "parameters": flat})
    with open(path, "w") as file:
        file.write(text)


def load(path: str) -> list[float]:
    """Read parameters from a JSON file; a file of another network, or a broken one, is a ValueError."""
    import json

    try:
        with open(path) as file:
            content = json.load(file)
    except RuntimeError:  # MicroPython's RecursionError
        raise ValueError("expected a JSON object of a text and a list, got one nested too deep") from None
    layout = content.get("layout") if isinstance(content, dict) else None
    if layout != LAYOUT:
        raise ValueError(f"expected the parameters of {LAYOUT!r}, got those of {layout!r:.80}")
    flat = content.get("parameters")
    if not isinstance(flat, list) or not all(
        type(value) in (int, float) and value - value == 0.0 and abs(value) <= 1.7976931348623157e308 for value in flat
    ):
        raise ValueError(f"expected a list of finite numbers under 'parameters', got {flat!r:.80}")
    return unpack([float(value) for value in flat])


def _floats(values: list[float], size: int, noun: str) -> list[float]:
    """Numbers as floats, by position; refuses mappings, bytes, masked and complex numbers, and another size."""
    try:
        if type(values) in (list, tuple) and type(sum(values)) is float:
            floats = list(values)
        else:
            array = values.to_numpy() if hasattr(values, "to_numpy") else values  # in pandas, values[i] is by label
            if hasattr(array, "keys") or isinstance(array, bytes):
                raise TypeError
            numbers = [array[i] - 0.0 for i in range(len(array))]
            # tolist makes a Python number; float() would drop the imaginary part or the mask of a NumPy number
            floats = [float(n.tolist() if hasattr(n, "tolist") else n) for n in numbers]
    except (LookupError, OverflowError, TypeError):
        raise ValueError(f"expected a list of numbers, got {values!r:.80}") from None
    if len(floats) != size:
        raise ValueError(f"expected {size} {noun}, got {len(floats)}")
    return floats


def _rows(xs: list[list[float]], size: int, noun: str) -> list[list[float]]:
    """Examples as lists of floats, by position; mappings and sets are refused."""
    rows = xs.to_numpy() if hasattr(xs, "to_numpy") else xs  # pandas gives the columns of a table
    try:
        if hasattr(rows, "keys") or isinstance(rows, (set, frozenset, str, bytes)):
            raise TypeError
        return [_floats(row, size, noun) for row in rows]
    except TypeError:
        raise ValueError(f"expected a list of examples, got {xs!r:.80}") from None


def _check_gradient() -> float:
    """The largest error of the gradient, compared with differences of the loss along random directions.

    It is relative to 1 + |slope| + |curvature|. A difference across a kink, such as that of relu, is
    no slope; its curvature is huge, so that its error does not count.
    """
    h = 1e-6
    errors = []
    for trial in range(7):
        weights = [w + 0.2 * _uniform(trial, i) - 0.1 for i, w in enumerate(pack(init(trial)))]
        direction = [2.0 * _uniform(trial + 100, i) - 1.0 for i in range(25)]
        xs = [[2.0 * _uniform(trial + 200, k) - 1.0] for k in range(4)]
        ys = [[float(k % 2)] for k in range(4)]
        here, slopes = _batch(unpack(weights), xs, ys)
        slope = sum(d * g for d, g in zip(direction, pack(slopes)))
        forth = [w + h * d for w, d in zip(weights, direction)]
        back = [w - h * d for w, d in zip(weights, direction)]
        ahead, _ = _batch(unpack(forth), xs, ys)
        behind, _ = _batch(unpack(back), xs, ys)
        curvature = (ahead - 2.0 * here + behind) / (h * h)
        errors.append(abs(slope - (ahead - behind) / (2.0 * h)) / (1.0 + abs(slope) + abs(curvature)))
    return max(errors) + 0.0 * sum(errors)  # NaN if one of them is NaN


if __name__ == "__main__":
    network = "snake, 25 parameters: x: 1 -> hidden: 8 snake -> output: 1 linear"
    print(network)
    error = _check_gradient()
    print(f"gradient against differences of the loss: {error:.0e} apart: {'right' if error < 1e-6 else 'WRONG'}")
    raise SystemExit(not error < 1e-6)
