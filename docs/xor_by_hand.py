"""XOR, learned by a network of nine weights: what an expert writes by hand."""

import math


def sigmoid(z: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-z))


def forward(w: list[float], x: list[float]) -> tuple[float, float, float]:
    """The activations of both hidden units and of the output."""
    h1 = sigmoid(w[4] + w[0] * x[0] + w[1] * x[1])
    h2 = sigmoid(w[5] + w[2] * x[0] + w[3] * x[1])
    return h1, h2, sigmoid(w[8] + w[6] * h1 + w[7] * h2)


def gradient(w: list[float], x: list[float], y: float) -> tuple[float, list[float]]:
    """The loss of one example, and its derivative with respect to each weight."""
    h1, h2, a = forward(w, x)
    loss = -math.log(a if y else 1.0 - a)
    d = a - y
    d1 = d * w[6] * h1 * (1.0 - h1)
    d2 = d * w[7] * h2 * (1.0 - h2)
    return loss, [d1 * x[0], d1 * x[1], d2 * x[0], d2 * x[1], d1, d2, d * h1, d * h2, d]


def fit(w: list[float], xs: list[list[float]], ys: list[float], epochs: int, rate: float = 5.0) -> list[float]:
    """Train on all examples in each step."""
    for _ in range(epochs):
        total = [0.0] * 9
        for x, y in zip(xs, ys, strict=True):
            total = [t + g for t, g in zip(total, gradient(w, x, y)[1], strict=True)]
        w = [v - rate * t / len(xs) for v, t in zip(w, total, strict=True)]
    return w
