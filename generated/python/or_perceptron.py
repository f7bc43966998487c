"""or_perceptron, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> output: 1 step

A perceptron learns the logical OR: 1 where at least one input is 1. It starts with weights of 0, and Rosenblatt's rule
corrects them after each wrong answer. That ends with every answer right, because a straight line separates the ones
from the zeros.

Loss: perceptron, (a - y) z, summed over the outputs, the mean over a batch.
Training: perceptron, w = w + rate (y - a) x, rate = 1.0; 10 epochs in batches of 1.

dX is the derivative of the loss by X. z is a weighted sum, a an activation, y a target; w_y_x1 is the weight that leads
to y from x1.

Written by nngen from the spec or_perceptron: `nngen build` with that spec writes these bytes again. The file is yours:
read it, change it, ship it. It needs nothing but Python.
"""

# formatters and linters skip this module
# fmt: off
# flake8: noqa

PARAMETERS = ("w_y_x1", "w_y_x2", "b_y")

# the network, and the order of its parameters in a flat list, for pack, unpack, save and load
LAYOUT = "or_perceptron W_output[y][x1 x2] b_output[y]"


def forward(params: list[float], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: x1, x2 → y."""
    params, x = _checked(params, x)
    w_y_x1, w_y_x2, b_y = params
    x1, x2 = x

    # output ← x: weighted sums, then step (the value at z = 0 is 0)
    z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2
    a_y = 1.0 if z_y > 0.0 else 0.0

    return (a_y,)


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
    w_y_x1, w_y_x2, b_y = params
    x1, x2 = x
    (y_y,) = y

    # output ← x: weighted sums, then step (the value at z = 0 is 0)
    z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2
    a_y = 1.0 if z_y > 0.0 else 0.0

    # the loss: perceptron
    loss = (a_y - y_y) * z_y

    if not slopes:
        return loss, []

    # output: 0 for a right answer, otherwise the sign of the error; step has no useful slope
    dz_y = a_y - y_y
    dw_y_x1 = dz_y * x1
    dw_y_x2 = dz_y * x2
    db_y = dz_y

    return loss, [dw_y_x1, dw_y_x2, db_y]


# --- Below: training, files and a check of the gradient. ---


def init_state(params: list[float]) -> tuple[()]:
    """The initial state of perceptron: empty."""
    return ()


def step(params: list[float], gradient: list[float], state: tuple[()]) -> tuple[list[float], tuple[()]]:
    """One step of training by perceptron."""
    w_y_x1, w_y_x2, b_y = params
    dw_y_x1, dw_y_x2, db_y = gradient
    return [w_y_x1 - dw_y_x1, w_y_x2 - dw_y_x2, b_y - db_y], state


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
    epochs: int = 10,
    batch_size: int | None = 1,
    seed: int | None = None,
    callback: object = None,
    progress: tuple[int, tuple[()]] | None = None,
) -> tuple[list[float], list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all examples in one step. After each epoch fit calls callback(epoch, loss, params, progress); a true result
    ends training. Called again with those params and that progress, fit continues after that epoch.
    """
    xs = _rows(xs, 2, "inputs")
    ys = _rows(ys, 1, "target")
    size = len(xs) if batch_size is None else batch_size
    if len(xs) != len(ys) or len(xs) == 0 or size < 1:
        got = f"{len(xs)}, {len(ys)} and {size}"
        raise ValueError(f"expected as many xs as ys, at least 1, and batches of at least 1; got {got}")
    params = _floats(params, 3, "parameters")
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
    W_output = [0.0] * 2
    b_output = [0.0]
    return unpack(W_output + b_output)


def pack(params: list[float]) -> list[float]:
    """The parameters as a flat list, in the order of LAYOUT."""
    return list(params)


def unpack(flat: list[float]) -> list[float]:
    """The parameters from a flat list, in the order of LAYOUT."""
    return _floats(flat, 3, "parameters")


def _checked(params: list[float], x: list[float]) -> tuple[list[float], list[float]]:
    """The parameters, and the inputs as floats."""
    try:
        x1, x2 = x
        # a quick check: only a sum of floats is a float; one with NumPy's float32, for example, is not
        plain = type(params) is type(x) is list and len(params) == 3 and type(x1 + x2 + 0.0) is float
    except (OverflowError, TypeError, ValueError):
        plain = False
    if not plain:
        params, x = _floats(params, 3, "parameters"), _floats(x, 2, "inputs")
    return params, x


def _checked_example(
    params: list[float], x: list[float], y: list[float]
) -> tuple[list[float], list[float], list[float]]:
    """The parameters, and the inputs and the targets as floats."""
    try:
        x1, x2 = x
        (y_y,) = y
        # a quick check: only a sum of floats is a float; one with NumPy's float32, for example, is not
        plain = type(params) is type(x) is type(y) is list and len(params) == 3 and type(x1 + x2 + y_y + 0.0) is float
    except (OverflowError, TypeError, ValueError):
        plain = False
    if not plain:
        params, x = _floats(params, 3, "parameters"), _floats(x, 2, "inputs")
        y = _floats(y, 1, "target")
        (y_y,) = y
    if not (y_y * (1.0 - y_y) == 0.0):
        raise ValueError(f"expected targets that are 0 or 1, got {y}")
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
        direction = [2.0 * _uniform(trial + 100, i) - 1.0 for i in range(3)]
        xs = [[2.0 * _uniform(trial + 200, 2 * k + i) - 1.0 for i in range(2)] for k in range(4)]
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
    network = "or_perceptron, 3 parameters: x: 2 -> output: 1 step"
    print(network)
    error = _check_gradient()
    print(f"gradient against differences of the loss: {error:.0e} apart: {'right' if error < 1e-6 else 'WRONG'}")
    raise SystemExit(not error < 1e-6)
