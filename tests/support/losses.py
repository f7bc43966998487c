"""The losses once more, a row for each: as the textbook has them, and as PyTorch computes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """A loss, in letters: the output ``a``, the target ``y``, the weighted sum ``z``, options by their names.

    ``textbook`` is its term for each output in NumPy (``np``), ``torch`` in PyTorch (``torch`` and its
    ``nn.functional``, ``F``), where it may be summed over the outputs. Losses that look at all outputs, or are one with
    an activation, have a test of their own in place of a formula. ``over`` is an activation that it stands over in the
    tests, ``as_one`` its term by PyTorch with activations with which it is one.
    """

    textbook: str
    torch: str
    over: str
    as_one: Mapping[str, str] = field(default_factory=dict)


SMOOTHED = "((1 - smoothing) * y + smoothing / outputs)"
ROWS: Mapping[str, Row] = {
    "squared_error": Row("(a - y) ** 2", 'F.mse_loss(a, y, reduction="none")', "linear"),
    "half_squared_error": Row("(a - y) ** 2 / 2", 'F.mse_loss(a, y, reduction="none") / 2', "linear"),
    "absolute_error": Row("abs(a - y)", 'F.l1_loss(a, y, reduction="none")', "linear"),
    "huber": Row(
        "np.where(abs(a - y) < delta, (a - y) ** 2 / 2, delta * (abs(a - y) - delta / 2))",
        'F.huber_loss(a, y, reduction="none", delta=delta)',
        "linear",
    ),
    "smooth_l1": Row(
        "np.where(abs(a - y) < beta, (a - y) ** 2 / 2 / beta, abs(a - y) - beta / 2)",
        'F.smooth_l1_loss(a, y, reduction="none", beta=beta)',
        "tanh",
    ),
    "pinball": Row(
        "np.maximum(quantile * (y - a), (quantile - 1) * (y - a))",
        "torch.maximum(quantile * (y - a), (quantile - 1) * (y - a))",
        "linear",
    ),
    "two_quantiles": Row(
        "",
        "torch.where(a < a.mean(1, keepdim=True), torch.maximum((y - a) * (1 - level) / 2, (a - y) * (1 + level) / 2),"
        " torch.maximum((y - a) * (1 + level) / 2, (a - y) * (1 - level) / 2))",
        "linear",
    ),
    "gaussian_nll": Row(
        "",
        "F.gaussian_nll_loss(a.mean(1, True).expand_as(y), y, a.var(1, correction=0, keepdim=True).expand_as(y)"
        ' + epsilon, reduction="none") / 2',
        "linear",
    ),
    "log_cosh": Row("np.log(np.cosh(a - y))", "torch.log(torch.cosh(a - y))", "linear"),
    "hinge": Row("np.maximum(1 - y * a, 0)", "F.relu(1 - y * a)", "linear"),
    "squared_hinge": Row("np.maximum(1 - y * a, 0) ** 2", "F.relu(1 - y * a) ** 2", "tanh"),
    "categorical_hinge": Row("", "F.relu(1 + ((1 - y) * a).amax(1) - (y * a).sum(1))", "linear"),
    "poisson": Row(
        "a - y * np.log(a + epsilon)",
        'F.poisson_nll_loss(a, y, log_input=False, eps=epsilon, reduction="none")',
        "softplus",
    ),
    "kl_divergence": Row(
        "y * np.log(np.where(y == 0, 1, y) / a)",
        'F.kl_div(torch.log(a), y, reduction="none")',
        "gaussian",
        {"softmax": 'F.kl_div(F.log_softmax(z, 1), y, reduction="none")'},
    ),
    "binary_cross_entropy": Row(
        "-y * np.log(a) - (1 - y) * np.log(1 - a)",
        'F.binary_cross_entropy(a, y, reduction="none")',
        "hard_sigmoid",
        {"sigmoid": 'F.binary_cross_entropy_with_logits(z, y, reduction="none")'},
    ),
    "cross_entropy": Row(
        "-y * np.log(a)",
        "-y * torch.log(a)",
        "sigmoid",
        {"softmax": 'F.cross_entropy(z, y, reduction="none")'},
    ),
    "smoothed_cross_entropy": Row(
        f"-{SMOOTHED} * np.log(a)",
        f"-{SMOOTHED} * torch.log(a)",
        "sigmoid",
        {"softmax": 'F.cross_entropy(z, y, reduction="none", label_smoothing=smoothing)'},
    ),
    "perceptron": Row(
        "",
        "(a - y) * z",  # no gradient goes through a step
        "step",
        {"bipolar_step": "F.relu(-y * z)", "undecided_step": "F.relu(theta - y * z)"},
    ),
}
