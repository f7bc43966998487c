"""Optimizers, learning rate schedules and gradient clipping from the papers, on whole arrays."""

import math
from collections.abc import Sequence

import numpy as np

from nngen.description.model import Training
from nngen.proof.reference.generator import Array

Memory = tuple[Array, ...]


def begin(training: Training, w: Array) -> Memory:
    """The memory of the optimizer for a parameter before the first step."""
    optimizer = training.optimizer
    zeros = np.zeros_like(w)
    match optimizer.name:
        case "gradient_descent" | "perceptron":
            return ()
        case "momentum" | "dampened_momentum" | "nesterov" | "rmsprop" | "rmsprop_inside" | "lion":
            return (zeros,)
        case "adagrad" | "adagrad_inside":
            return (np.full_like(w, optimizer.options["initial"]),)
        case "adam" | "adam_early" | "adamw" | "adadelta" | "adamax" | "adamax_inside":
            return zeros, zeros
        case "rmsprop_momentum" | "rmsprop_inside_momentum":
            return zeros, zeros
        case "amsgrad" | "amsgrad_early" | "rmsprop_centered" | "rmsprop_inside_centered":
            return zeros, zeros, zeros
        case "nadam":
            return zeros, zeros, np.ones_like(w)
        case "rprop" | "rprop_minus":
            return zeros, np.full_like(w, optimizer.options["rate"])
        case "rprop_plus":
            return zeros, np.full_like(w, optimizer.options["rate"]), zeros
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
    w = w - rate * training.decay * w  # Loshchilov and Hutter (2019)
    match optimizer.name:
        case "gradient_descent" | "perceptron":
            return w - rate * g, ()
        case "momentum":  # Rumelhart, Hinton and Williams (1986): dw(t) = -rate dE/dw + momentum dw(t - 1)
            change = o["momentum"] * memory[0] - rate * g
            return w + change, (change,)
        case "nesterov":  # Sutskever et al. (2013), after the change of variables that makes g the gradient at w
            change = o["momentum"] * memory[0] - rate * g
            return w + (1.0 + o["momentum"]) * change - o["momentum"] * memory[0], (change,)
        case "dampened_momentum":  # PyTorch: the first step takes the whole gradient
            velocity = g if t == 1 else o["momentum"] * memory[0] + (1.0 - o["dampening"]) * g
            return w - rate * velocity, (velocity,)
        case "adagrad" | "adagrad_inside":
            squares = memory[0] + g * g
            inside = optimizer.name == "adagrad_inside"
            root = np.sqrt(squares + o["epsilon"]) if inside else np.sqrt(squares) + o["epsilon"]
            return w - rate * g / root, (squares,)
        case "adadelta":  # Zeiler (2012), algorithm 1
            squares = o["keep"] * memory[0] + (1.0 - o["keep"]) * g * g
            change = g * np.sqrt((memory[1] + o["epsilon"]) / (squares + o["epsilon"]))
            return w - rate * change, (squares, o["keep"] * memory[1] + (1.0 - o["keep"]) * change * change)
        case "rmsprop" | "rmsprop_inside":
            mean = memory[0] + (1.0 - o["keep"]) * (g * g - memory[0])
            inside = optimizer.name == "rmsprop_inside"
            root = np.sqrt(mean + o["epsilon"]) if inside else np.sqrt(mean) + o["epsilon"]
            return w - rate * g / root, (mean,)
        case "rmsprop_momentum" | "rmsprop_inside_momentum" | "rmsprop_centered" | "rmsprop_inside_centered":
            return _graves(training, rate, w, g, memory)
        case "adam_early":  # Kingma and Ba (2015), the efficient form at the end of section 2
            first, second = _moments(o, g, memory)
            return w - _efficient(o, rate, t) * first / (np.sqrt(second) + o["epsilon"]), (first, second)
        case "amsgrad" | "amsgrad_early":  # Reddi, Kale and Kumar (2018), algorithm 2
            first, second = _moments(o, g, memory)
            largest = np.maximum(memory[2], second)
            if optimizer.name == "amsgrad_early":
                change = _efficient(o, rate, t) * first / (np.sqrt(largest) + o["epsilon"])
            else:
                root = np.sqrt(largest / (1.0 - o["beta2"] ** t))
                change = rate * first / (1.0 - o["beta1"] ** t) / (root + o["epsilon"])
            return w - change, (first, second, largest)
        case "adamax" | "adamax_inside":  # Kingma and Ba (2015), algorithm 2
            first = o["beta1"] * memory[0] + (1.0 - o["beta1"]) * g
            small, least = (0.0, o["epsilon"]) if optimizer.name == "adamax_inside" else (o["epsilon"], 0.0)
            largest = np.maximum(o["beta2"] * memory[1], np.abs(g) + least)
            return w - rate * first / (1.0 - o["beta1"] ** t) / (largest + small), (first, largest)
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
            size = np.clip(_resized(o, sign, size), o["least"], o["most"])
            g = np.where(sign < 0.0, 0.0, g)
            return w - np.sign(g) * size, (g, size)
        case "rprop_plus":  # Igel and Hüsken (2003), Rprop+
            sign = np.sign(g * memory[0])
            size = np.clip(_resized(o, sign, memory[1]), o["least"], o["most"])
            moved = np.where(sign < 0.0, -memory[2], -np.sign(g) * size)
            return w + moved, (np.where(sign < 0.0, 0.0, g), size, moved)
        case "rprop_minus":  # Igel and Hüsken (2003), Rprop-
            size = np.clip(_resized(o, np.sign(g * memory[0]), memory[1]), o["least"], o["most"])
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


def _efficient(o: dict[str, float], rate: float, t: int) -> float:
    """The rate with both bias corrections of Adam."""
    return rate * math.sqrt(1.0 - o["beta2"] ** t) / (1.0 - o["beta1"] ** t)


def _graves(training: Training, rate: float, w: Array, g: Array, memory: Memory) -> tuple[Array, Memory]:
    """RMSProp with momentum, centered or not: Graves (2013), equations 38 to 41."""
    name, o = training.optimizer.name, training.optimizer.options
    keep, epsilon = o["keep"], o["epsilon"]
    squares = keep * memory[0] + (1.0 - keep) * g * g
    means = [keep * memory[1] + (1.0 - keep) * g] if name.endswith("centered") else []
    variance = np.maximum(squares - means[0] ** 2, 0.0) if means else squares
    if "inside" in name:  # as in Keras, the rate is part of the velocity
        velocity = o["momentum"] * memory[-1] + rate * g / np.sqrt(variance + epsilon)
        return w - velocity, (squares, *means, velocity)
    velocity = o["momentum"] * memory[-1] + g / (np.sqrt(variance) + epsilon)
    return w - rate * velocity, (squares, *means, velocity)


def _resized(o: dict[str, float], sign: Array, size: Array) -> Array:
    """The lengths of the steps of RPROP: longer where the sign stays the same, shorter where it changes."""
    return np.where(sign > 0.0, size * o["growth"], np.where(sign < 0.0, size * o["shrink"], size))
