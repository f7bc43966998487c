"""Where does an equation for each weight stop to pay? The python target at its two levels, side by side.

For networks of growing size, a training step (gradient and update, one example) is timed at both levels in turn, in
one process. What counts is the ratio; the times depend on the machine.

    python benchmarks/unroll.py
"""

import sys
from statistics import median
from time import perf_counter
from typing import Any

from nngen.planner import plan
from nngen.render import render
from nngen.spec import Spec
from nngen.train import as_module

SIZES = ((2, 2, 1), (4, 8, 3), (6, 10, 4), (8, 14, 4), (8, 18, 6), (12, 20, 6), (16, 24, 6), (16, 32, 8), (32, 32, 8))
ROUNDS = 41
SECONDS = 0.01
"""How long a round of one level takes, about."""


def spec(inputs: int, hidden: int, outputs: int, target: str, unroll: str, activation: str = "tanh") -> Spec:
    """A network of two layers, for one target at one level."""
    return Spec.model_validate(
        {
            "name": "net",
            "inputs": {"name": "i", "size": inputs},
            "layers": [
                {"name": "h", "units": hidden, "activation": activation},
                {"name": "o", "units": outputs, "activation": "sigmoid"},
            ],
            "loss": {"name": "half_squared_error", "outputs": "sum"},
            "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
            "targets": [{"name": target, "unroll": unroll}],
        }
    )


def network(inputs: int, hidden: int, outputs: int, unroll: str) -> tuple[Any, int, int]:
    """The module of a network, the number of its parameters, and the lines of its page."""
    made = spec(inputs, hidden, outputs, "python", unroll)
    text = render(plan(made), made, "python")
    return as_module("net", text), plan(made).size, text.count("\n")


def seconds(module: Any, inputs: int, outputs: int, steps: int) -> float:
    """The time of a training step."""
    x, y, params, state = [0.5] * inputs, [1.0] * outputs, module.init(1), module.init_state(None)
    gradient, step = module.gradient, module.step
    begun = perf_counter()
    for _ in range(steps):
        params, state = step(params, gradient(params, x, y)[1], state)
    return (perf_counter() - begun) / steps


def main() -> None:
    """Print a row for each size."""
    print(f"Python {sys.version.split()[0]}")
    print("network     parameters  lines  weights (us)  layers (us)  layers / weights")
    for inputs, hidden, outputs in SIZES:
        scalar, size, lines = network(inputs, hidden, outputs, "weights")
        rows, _, _ = network(inputs, hidden, outputs, "layers")
        steps = max(1, round(SECONDS / seconds(rows, inputs, outputs, 20)))
        pairs = [
            (seconds(scalar, inputs, outputs, steps), seconds(rows, inputs, outputs, steps)) for _ in range(ROUNDS)
        ]
        name = f"{inputs}-{hidden}-{outputs}"
        times = [1e6 * median(times) for times in zip(*pairs, strict=True)]
        ratio = median(b / a for a, b in pairs)
        print(f"{name:<10}  {size:>10}  {lines:>5}  {times[0]:>12.1f}  {times[1]:>11.1f}  {ratio:>16.2f}")


if __name__ == "__main__":
    main()
