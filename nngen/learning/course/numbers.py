"""The exact numbers of lessons: answers, and what typical mistakes lead to.

The reference engine computes what is about the network of a page. A few numbers follow from mathematics alone and are
written here, such as the slope of a step.
"""

import math
from collections.abc import Callable, Mapping
from itertools import takewhile

import numpy as np

from nngen.learning.course.given import Given, sigmoid

Numbers = Mapping[str, float]


def threshold_neuron(given: Given) -> Numbers:
    """A neuron with a step, for the inputs 1 and 0, and for 1 and 1."""
    (weights, bias) = given.start
    w1, w2, b = float(weights[0, 0]), float(weights[0, 1]), float(bias[0])
    found = {"w1": w1, "w2": w2, "b": b, "z": w1 + b, "z_both": w1 + w2 + b, "no_bias": w1, "both": w1 + w2 + b}
    answer = float(given.network.forward([weights, bias], [[1.0, 0.0]])[0, 0])
    return found | {"both_no_bias": w1 + w2, "answer": answer}


def perceptron_rule(given: Given) -> Numbers:
    """A step of Rosenblatt's rule after a wrong answer."""
    weights, bias = given.start
    _, _, (stepped, b) = given.after([1.0, 0.0], 0.0)
    w1, w2 = (float(weight) for weight in weights[0])
    found = {"w1": float(stepped[0, 0]), "w1_up": w1 + 1.0, "w1_same": w1, "w2_before": w2}
    return found | {
        "b": float(b[0]),
        "b_up": float(bias[0] + 1.0),
        "b_before": float(bias[0]),
        "w1_again": 1.25,
        "w1_again_down": -0.75,
    }


def hidden_layer(given: Given) -> Numbers:
    """The sums of two hidden units for two inputs of 1, and for one."""
    (weights, biases, _, _) = given.start
    z = weights @ [1.0, 1.0] + biases
    low = float(weights[1, 0] + biases[1])
    found = {"z_h2": float(z[1]), "z_h1": float(z[0]), "z_no_bias": float(weights[1].sum())}
    return found | {"z_h2_low": low, "z_h2_low_sign": -low}


def backpropagation(given: Given) -> Numbers:
    """All numbers of a step with the inputs 1 and 0."""
    (hidden, biases, output, _), x, y = given.start, np.array([1.0, 0.0]), 1.0
    z = hidden @ x + biases
    a = [sigmoid(value) for value in z]
    answer = float(given.network.forward(given.start, [x])[0, 0])
    loss, gradient, stepped = given.after([1.0, 0.0], y)
    w_h1, w_h2 = (float(weight) for weight in output[0])
    delta, delta_h1 = answer - y, float(gradient[1][0])
    return {
        "x1": x[0],
        "x2": x[1],
        "z_h1": float(z[0]),
        "z_h2": float(z[1]),
        "a_h1": a[0],
        "a_h2": a[1],
        "a_y": answer,
        "z_h1_both": float(z[0] + hidden[0, 1]),
        "z_h1_no_bias": float(hidden[0, 0]),
        "zero": 0.0,
        "w_y_h1": w_h1,
        "w_y_h2": w_h2,
        "received": w_h1 * delta,
        "received_h2": w_h2 * delta,
        "delta_y": delta,
        "delta_y_sign": -delta,
        "delta_y_slope": delta * answer * (1.0 - answer),
        "delta_y_other": -0.6,
        "delta_y_other_sign": 0.6,
        "delta_h1": delta_h1,
        "delta_h1_sign": -delta_h1,
        "delta_h2": float(gradient[1][1]),
        "delta_h1_no_weight": delta * a[0] * (1.0 - a[0]),
        "dw": delta * a[0],
        "dw_sign": -delta * a[0],
        "w_new": float(stepped[2][0, 0]),
        "w_new_up": 2 * w_h1 - float(stepped[2][0, 0]),
        "w_new_no_rate": w_h1 - delta * a[0],
        "w_change": w_h1 - float(stepped[2][0, 0]),
        "w_first_new": float(stepped[0][0, 0]),
        "w_first_new_up": float(2 * hidden[0, 0] - stepped[0][0, 0]),
        "w_first_new_no_rate": float(hidden[0, 0]) - delta_h1,
        "moved": float(sum(np.count_nonzero(new != old) for new, old in zip(stepped, given.start, strict=True))),
        "all": float(sum(one.size for one in stepped)),
        "loss": loss,
        "loss_after": float(given.network.gradient(stepped, [x], [[y]])[0]),
    }


def several_layers(given: Given) -> Numbers:
    """How δ fades on its way back through sigmoids."""
    _, gradient, _ = given.after([0.0, 0.0], 0.0)
    start = given.network.loss(given.start, *given.examples)
    flat = max(epoch for epoch, _, _ in takewhile(lambda one: one[1] > 0.99 * start, given.training(100)))
    f, g, h = (float(gradient[place][0]) for place in (1, 3, 5))
    paths = given.start[4][:, 0] * gradient[5]
    found = {"w_h1_g1": float(given.start[4][0, 0]), "w_h2_g1": float(given.start[4][1, 0])}
    found |= {"h2": float(gradient[5][1]), "path_h1": float(paths[0]), "path_h2": float(paths[1])}
    found |= {"g1_gets": float(paths.sum()), "paths_apart": float(paths[0] - paths[1])}
    found |= {"share": 0.25**3, "share_two": 0.25**2, "one_slope": 0.25, "sum": 0.75, "count": 2.0, "count_one": 1.0}
    return found | {"f": f, "g": g, "h": h, "flat": float(flat)}


def learning_rate(given: Given) -> Numbers:
    """Steps of a single weight from 0 to the best one, which is 2."""
    _, gradient, (weights,) = given.after([1.0], 2.0)
    w, slope_at_0 = float(weights[0, 0]), float(gradient[0][0, 0])
    rate = -w / slope_at_0
    return {"rate": rate, "w": w, "w_two": w - rate * 2 * (w - 2), "slope": slope_at_0, "wrong_way": -w}


def saturation(given: Given) -> Numbers:
    """A neuron that is sure and wrong: its target is 0."""
    (weights, bias) = given.start
    a = sigmoid(float(weights[0, 0] + bias[0]))
    _, gradient, _ = given.after([1.0], 0.0)
    delta = float(gradient[1][0])
    found = {"slope": a * (1.0 - a), "slope_two": 0.88 * 0.12, "value": a, "quarter": 0.25}
    return found | {"delta": delta, "half_delta": delta / 2, "error": 2 * a, "z": float(weights[0, 0] + bias[0])}


def dead_units(given: Given) -> Numbers:
    """A hidden unit whose sum is below 0 for each example."""
    (hidden, biases, output, _) = given.start
    _, gradient, _ = given.after([1.0, 1.0], 0.0)
    delta, w = float(gradient[3][0]), float(output[0, 0])
    found = {
        "b": float(biases[0]),
        "w1": float(hidden[0, 0]),
        "w2": float(hidden[0, 1]),
        "z_h1": float(hidden[0].sum() + biases[0]),
        "z_no_bias": float(hidden[0].sum()),
        "z_h1_far": float(hidden[0, 0] + biases[0]),
    }
    return found | {"dw": float(gradient[0][0, 0]), "leak": delta, "delta_y": delta, "w_y_h1": w, "received": w * delta}


def symmetry(given: Given) -> Numbers:
    """The derivatives of two hidden units, which are equal if the units are."""
    hidden = given.start[0]
    _, gradient, _ = given.after([1.0, 0.0], 1.0)
    dw1, dw2 = (float(slopes[0]) for slopes in gradient[0])
    return {"dw1": dw1, "dw2": dw2, "w_h1_x1": float(hidden[0, 0]), "w_h2_x1": float(hidden[1, 0])}


def ratings(given: Given) -> Numbers:
    """A rating as a mean plus a dot product, and the derivatives of the two rows."""
    params = given.start
    viewers, films, (mean,) = params
    (ada, ben, *_), (comet, *_), stars = viewers, films, float(given.examples[1][0, 0])  # of Ada for Comet
    rating, other = (float(given.network.forward(params, [[row, 0.0]])[0, 0]) for row in (0.0, 1.0))
    _, gradient, _ = given.after([0.0, 0.0], stars)
    products = ada * comet
    dp, dp2 = (float(slope) for slope in gradient[0][0])
    return {
        "mean": float(mean),
        "p1": float(ada[0]),
        "p2": float(ada[1]),
        "ben1": float(ben[0]),
        "ben2": float(ben[1]),
        "q1": float(comet[0]),
        "q2": float(comet[1]),
        "rating": rating,
        "no_mean": float(products.sum()),
        "no_sign": float(mean + abs(products).sum()),
        "one_factor": float(mean + products[0]),
        "rating_ben": other,
        "no_mean_ben": float(ben @ comet),
        "dp": dp,
        "dp2": dp2,
        "dp_sign": -dp,
        "delta": rating - stars,
        "touched": float(sum(np.count_nonzero(slopes) for slopes in gradient)),
        "all": float(sum(slopes.size for slopes in gradient[:2])),
        "one_row": float(ada.size),
        "angle": float(round(math.degrees(math.acos(ada @ comet / math.sqrt((ada @ ada) * (comet @ comet)))))),
        "viewers": float(len(viewers)),
        "films": float(len(films)),
        "ratings": float(len(given.examples[1])),
        "stars": stars,
    }


def losses(given: Given) -> Numbers:
    """Two losses of the same answer, whose target is 1."""
    a = float(given.network.forward(given.start, [[1.0]])[0, 0])
    loss, _, _ = given.after([1.0], 1.0)
    found = {
        "a": a,
        "squared": (a - 1.0) ** 2,
        "error": 1.0 - a,
        "squared_wrong": a * a,
        "log": loss,
        "log_sign": -loss,
    }
    return found | {"squared_two": 0.36, "error_two": 0.6}


def delta(given: Given) -> Numbers:
    """δ of a sigmoid with the log loss, and of a linear neuron that says 0.7 for the target 1."""
    a = float(given.says()[0, 0])
    found = float(given.after([1.0], 1.0)[1][1][0])
    slope = found * a * (1.0 - a)
    linear = {"linear": 0.7 - 1.0, "linear_sign": 1.0 - 0.7, "linear_loss": 0.5 * 0.3**2}
    return {**linear, "a": a, "delta": found, "delta_sign": -found, "delta_slope": slope}


def descent(given: Given) -> Numbers:
    """A step of a line with the mean gradient of two examples."""
    xs, ys = [[1.0], [2.0]], [[3.0], [4.5]]
    params = given.start
    _, gradient = given.network.gradient(params, xs, ys)
    (w, b), _ = given.network.step(params, gradient, given.network.init_state(params))
    _, first, _ = given.after(xs[0], 3.0)
    _, second, _ = given.after(xs[1], 4.5)
    delta, delta_two, dw_two, db = (float(one.item()) for one in (first[1], second[1], second[0], gradient[1]))
    return {
        "delta": delta,
        "delta_sign": -delta,
        "delta_two": delta_two,
        "dw_one": float(first[0].item()),
        "dw_two": dw_two,
        "dw_two_sign": -dw_two,
        "db": db,
        "db_sum": 2 * db,
        "b": float(b.item()),
        "b_sign": -float(b.item()),
        "w": float(w.item()),
        "w_sign": 2.0 - float(w.item()),
        "steps": 40.0,
        "size": 25.0,
    }


def inference(given: Given) -> Numbers:
    """How many units compute, and how many parameters they have."""
    hidden, output = given.start[0], given.start[2]
    units = len(hidden) + len(output)
    weights = hidden.size + output.size
    found = {"computing": units, "all_units": units + hidden.shape[1], "hidden_only": len(hidden)}
    return {
        name: float(value) for name, value in (found | {"parameters": weights + units, "no_biases": weights}).items()
    }


def squared_error(given: Given) -> Numbers:
    """δ of the output and of a hidden unit with half the squared error, for the target 1."""
    (hidden, biases, output, _), x = given.start, [1.0, 0.0]
    o = float(given.network.forward(given.start, [x])[0, 0])
    _, gradient, _ = given.after(x, 1.0)
    h, w = sigmoid(float(hidden[0, 0] + biases[0])), float(output[0, 0])
    delta, delta_h1 = float(gradient[3][0]), float(gradient[1][0])
    return {
        "o": o,
        "t": 1.0,
        "w": w,
        "h": h,
        "delta": delta,
        "delta_sign": -delta,
        "error": o - 1.0,
        "slope": o * (1.0 - o),
        "delta_sure": -0.99 * 0.01 * 0.99,
        "error_sure": -0.99,
        "received": w * delta,
        "delta_h1": delta_h1,
        "delta_h1_sign": -delta_h1,
        "dw": float(gradient[2][0, 0]),
    }


CONSTANTS: Mapping[str, Numbers] = {
    "own_table": {"rows": 20.0},
    "one_layer": {"right": 3.0, "all": 4.0, "half": 2.0},
    "threshold": {"bias": -1.5, "theta": 1.5, "theta_two": -0.5, "theta_two_sign": 0.5},
    "slope": {
        "step": 0.0,
        "step_one": 1.0,
        "sigmoid": 0.25,
        "sigmoid_value": 0.5,
        "sigmoid_one": 1.0,
        "sigmoid_far": 0.09,
    },
    "derivatives": {
        "chain": 0.5,
        "chain_sum": 2.25,
        "chain_three": -2.0,
        "sigmoid": 0.8 * 0.2,
        "one_minus": 0.2,
        "tanh_slope": 0.75,
        "sigmoid_half": 0.25,
        "relu": 1.0,
        "relu_value": 3.0,
        "relu_below": 0.0,
    },
}
"""The numbers of lessons that need no network: points of XOR that a line gets right, thresholds as biases, slopes."""


def numbers_of(lesson: str, given: Given) -> Numbers:
    """The numbers of a lesson: by the function of its name, constants, or none where no number is asked for."""
    of: Callable[[Given], Numbers] | None = globals().get(lesson)
    return CONSTANTS.get(lesson, {}) if of is None else of(given)
