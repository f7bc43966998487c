"""Numbers of lessons that follow from mathematics alone."""

from collections.abc import Mapping

Numbers = Mapping[str, float]

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
