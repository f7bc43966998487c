"""Optimizers, learning rate schedules and gradient clipping from the papers, on whole arrays."""

import math
from collections.abc import Sequence

import numpy as np

from nngen.reference.generator import Array
from nngen.spec import Training

Memory = tuple[Array, ...]


def begin(training: Training, w: Array) -> Memory:
    """The memory of the optimizer for a parameter before the first step."""
    optimizer = training.optimizer
    zeros = np.zeros_like(w)
    match optimizer.name:
        case "gradient_descent" | "perceptron":
            return ()
        case "momentum" | "nesterov" | "adagrad" | "rmsprop" | "rmsprop_inside" | "lion":
            return (zeros,)
        case "adam" | "adamw":
            return zeros, zeros
        case "nadam":
            return zeros, zeros, np.ones_like(w)
        case "rprop":
            return zeros, np.full_like(w, optimizer.options["rate"])
    raise KeyError(optimizer.name)


def _power(base: float, exponent: float) -> float:
    """A power that is infinite on overflow, where Python raises an error."""
    with np.errstate(over="ignore"):
        return float(np.power(base, exponent))


def rate_at(training: Training, t: int) -> float:
    """The learning rate of step ``t``, counted from 1."""
    rate, set_to = training.optimizer.options["rate"], training.schedule.options
    before = t - 1
    match training.schedule.name:
        case "constant":
            return rate
        case "steps":
            return rate * _power(set_to["factor"], before // set_to["every"])
        case "exponential":
            return rate * _power(set_to["factor"], before)
        case "inverse_time":
            return rate / (1.0 + set_to["decay"] * before)
        case "cosine":
            angle = math.pi * min(before, set_to["steps"]) / set_to["steps"]
            return set_to["final"] + (rate - set_to["final"]) * (1.0 + math.cos(angle)) / 2.0
        case "warm_up":
            return rate * min(1.0, t / set_to["steps"])
    raise KeyError(training.schedule.name)


def clip(training: Training, gradient: Sequence[Array]) -> list[Array]:
    """The gradient after clipping."""
    if training.clip is None:
        return list(gradient)
    most = training.clip.options["most"]
    if training.clip.name == "value":
        return [np.clip(g, -most, most) for g in gradient]
    norm = float(np.linalg.norm(np.concatenate([g.ravel() for g in gradient])))
    return [g * min(1.0, most / (norm + 1e-6)) for g in gradient]


def update(training: Training, rate: float, t: int, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
    """A parameter after step ``t``, and its new memory."""
    optimizer = training.optimizer
    o = optimizer.options
    match optimizer.name:
        case "gradient_descent" | "perceptron":
            return w - rate * g, ()
        case "momentum":  # Rumelhart, Hinton and Williams (1986): dw(t) = -rate dE/dw + momentum dw(t - 1)
            change = o["momentum"] * memory[0] - rate * g
            return w + change, (change,)
        case "nesterov":  # Sutskever et al. (2013), after the change of variables that makes g the gradient at w
            change = o["momentum"] * memory[0] - rate * g
            return w + (1.0 + o["momentum"]) * change - o["momentum"] * memory[0], (change,)
        case "adagrad":
            squares = memory[0] + g * g
            return w - rate * g / (np.sqrt(squares) + o["epsilon"]), (squares,)
        case "rmsprop" | "rmsprop_inside":
            mean = memory[0] + (1.0 - o["keep"]) * (g * g - memory[0])
            inside = optimizer.name == "rmsprop_inside"
            root = np.sqrt(mean + o["epsilon"]) if inside else np.sqrt(mean) + o["epsilon"]
            return w - rate * g / root, (mean,)
        case "adam" | "adamw":  # Kingma and Ba (2015), algorithm 1; Loshchilov and Hutter (2019), algorithm 2
            first, second = _moments(o, g, memory)
            unbiased = first / (1.0 - o["beta1"] ** t), second / (1.0 - o["beta2"] ** t)
            decayed = w - rate * o.get("decay", 0.0) * w
            return decayed - rate * unbiased[0] / (np.sqrt(unbiased[1]) + o["epsilon"]), (first, second)
        case "nadam":  # Dozat (2016), algorithm 2
            first, second = _moments(o, g, memory)
            momentum = [o["beta1"] * (1.0 - 0.96 ** (i * o["slack"]) / 2.0) for i in (t, t + 1)]
            product = memory[2] * momentum[0]
            ahead = momentum[1] * first / (1.0 - product * momentum[1]) + (1.0 - momentum[0]) * g / (1.0 - product)
            second_unbiased = second / (1.0 - o["beta2"] ** t)
            return w - rate * ahead / (np.sqrt(second_unbiased) + o["epsilon"]), (first, second, product)
        case "rprop":  # Igel and Hüsken (2003), iRprop-
            before, size = memory
            sign = np.sign(g * before)
            size = np.where(sign > 0.0, size * o["growth"], np.where(sign < 0.0, size * o["shrink"], size))
            size = np.clip(size, o["least"], o["most"])
            g = np.where(sign < 0.0, 0.0, g)
            return w - np.sign(g) * size, (g, size)
        case "lion":  # Chen et al. (2023), program 1
            blend = o["beta1"] * memory[0] + (1.0 - o["beta1"]) * g
            kept = o["beta2"] * memory[0] + (1.0 - o["beta2"]) * g
            return w - rate * (np.sign(blend) + o["decay"] * w), (kept,)
    raise KeyError(optimizer.name)


def _moments(options: dict[str, float], g: Array, memory: Memory) -> tuple[Array, Array]:
    """The running means of the gradient and of its square."""
    first = options["beta1"] * memory[0] + (1.0 - options["beta1"]) * g
    second = options["beta2"] * memory[1] + (1.0 - options["beta2"]) * g * g
    return first, second
