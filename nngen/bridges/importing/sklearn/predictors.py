"""The last step of a scikit-learn pipeline as dense layers: networks, and linear models, which are one layer."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Activate, Array, Dense, Node
from nngen.bridges.importing.sklearn.fitted import Fitted, as_numbers, words
from nngen.common.records import dataclass

ACTIVATIONS = {"identity": "linear", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "softmax": "softmax"}
"""The activations of scikit-learn's networks, each with its name here."""

BATCH = 200
"""The largest size of a batch if ``batch_size`` is "auto"."""

MAX_LAYERS = 1_000
"""Layers of a network."""


@dataclass(frozen=True, kw_only=True)
class Predictor:
    """The nodes of a predictor, and what it says about its outputs and its loss."""

    nodes: tuple[Node, ...]
    outputs: int
    classes: tuple[str, ...] = ()
    loss: Mapping[str, Any] | None = None
    training: Mapping[str, Any] | None = None
    dtype: Literal["float32", "float64"] = "float64"
    notes: tuple[str, ...] = ()
    """Comments for the head of the spec."""


@dataclass(frozen=True)
class Attributes:
    """The attributes of a fitted predictor, checked as they are read."""

    fitted: Fitted
    source: str
    """The name of the node before it."""
    width: int
    """The number of values of that node."""

    def get(self, name: str) -> Any:
        """An attribute as it is; None if there is none."""
        return self.fitted.get(name)

    def array(self, value: Any, name: str, shape: tuple[int, ...]) -> Array:
        """Finite numbers of this shape."""
        return as_numbers(value, f"{self.fitted.kind}.{name}", shape)

    def classes(self, count: int) -> tuple[str, ...]:
        """The names of so many classes, as Python prints them: ``False``, ``0``; errors as in ``array``."""
        given = self.get("classes_")
        given = given.tolist() if isinstance(given, np.ndarray) else given
        if isinstance(given, list):
            given = [str(one) if isinstance(one, bool) else one for one in given]
        found = words(given, f"{self.fitted.kind}.classes_")
        if len(found) != count:
            raise UnfitError(f"expected {count:,} classes as {self.fitted.kind}.classes_, got {len(found):,}")
        return found

    def scores(self) -> Dense:
        """``coef_ @ x + intercept_``; errors as in ``array``."""
        weights = np.atleast_2d(as_numbers(self.get("coef_"), f"{self.fitted.kind}.coef_"))
        weights = self.array(weights, "coef_", (len(weights), self.width))
        bias = None
        if self.get("fit_intercept") is not False:
            bias = np.atleast_1d(as_numbers(self.get("intercept_"), f"{self.fitted.kind}.intercept_"))
            bias = self.array(bias, "intercept_", (len(weights),))
        return Dense(name="output", sources=(self.source,), weights=(weights,), bias=bias)

    @property
    def dtype(self) -> Literal["float32", "float64"]:
        """The type of the weights, which is that of the data of the training."""
        coefficients = self.get("coefs_") or [self.get("coef_")]
        return "float32" if all(getattr(one, "dtype", None) == np.float32 for one in coefficients) else "float64"


def network(read: Attributes) -> Predictor:
    """Layers and their training, of which twenty steps equal ``partial_fit``."""
    matrices, shifts = read.get("coefs_"), read.get("intercepts_")
    if not isinstance(matrices, list) or not isinstance(shifts, list) or not 0 < len(matrices) <= MAX_LAYERS:
        raise UnfitError(f"expected the matrices of a network as {read.fitted.kind}.coefs_")
    if len(shifts) != len(matrices):
        raise UnfitError(f"expected {len(matrices):,} arrays as {read.fitted.kind}.intercepts_")
    nodes: list[Node] = []
    source, width = read.source, read.width
    for number, (matrix, shift) in enumerate(zip(matrices, shifts, strict=True), 1):
        last = number == len(matrices)
        name = "output" if last else f"hidden{number}" if len(matrices) > 2 else "hidden"
        units = np.shape(matrix)[-1] if np.ndim(matrix) == 2 else 0
        weights = read.array(matrix, "coefs_", (width, units)).T
        bias = read.array(shift, "intercepts_", (units,))
        word = read.get("out_activation_" if last else "activation")
        nodes.append(Dense(name=name, sources=(source,), weights=(weights,), bias=bias))
        source, width = f"{name} {word}", units
        nodes.append(activation_node(source, name, word, read))
    loss, classes = _loss_and_classes(read, width)
    return Predictor(
        nodes=tuple(nodes), outputs=width, classes=classes, loss=loss, training=_training(read), dtype=read.dtype
    )


def _training(read: Attributes) -> Mapping[str, Any] | None:
    """The training by stochastic steps; None for other solvers, and for rates that change."""
    rate = {"rate": read.get("learning_rate_init")}
    match read.get("solver"):
        case "adam":
            betas = {"beta1": read.get("beta_1"), "beta2": read.get("beta_2"), "epsilon": read.get("epsilon")}
            optimizer = {"name": "adam_early", **rate, **betas}
        case "sgd" if read.get("learning_rate") == "constant" and not read.get("momentum"):
            optimizer = {"name": "gradient_descent", **rate}
        case "sgd" if read.get("learning_rate") == "constant":
            name = "nesterov" if read.get("nesterovs_momentum") else "momentum"
            optimizer = {"name": name, **rate, "momentum": read.get("momentum")}
        case _:
            return None
    batch, epochs, alpha = read.get("batch_size"), read.get("max_iter"), read.get("alpha")
    batch = BATCH if batch == "auto" else batch
    numbers = [value for key, value in optimizer.items() if key != "name"]
    if not all(type(number) in (int, float) and 0.0 < number < math.inf for number in (*numbers, batch, epochs)):
        return None
    training: dict[str, Any] = {"optimizer": optimizer, "batch_size": batch, "epochs": epochs}
    if type(alpha) in (int, float) and 0.0 < alpha < math.inf:
        training["penalty"] = {"name": "l2", "strength": alpha / batch}  # the mean over the batch divides it, too
    return training


def activation_node(name: str, source: str, word: object, read: Attributes) -> Activate:
    """An activation by its name in scikit-learn; errors as in ``Attributes.array``."""
    if word == "exp":  # the output for a Poisson loss
        return Activate(name=name, source=source, activation="exponential", formula="exp(z)")
    if not isinstance(word, str) or word not in ACTIVATIONS:
        raise UnfitError(f"expected an activation of scikit-learn, got {word!r}")
    return Activate(name=name, source=source, activation=ACTIVATIONS[word])


def _loss_and_classes(read: Attributes, outputs: int) -> tuple[Mapping[str, Any] | None, tuple[str, ...]]:
    word = read.get("out_activation_")
    if read.fitted.kind == "MLPRegressor":
        return ({"name": "half_squared_error", "outputs": "sum"} if word == "identity" else None), ()
    if word == "softmax":
        return {"name": "cross_entropy", "outputs": "sum"}, read.classes(outputs)
    # one output for two classes; several of them are labels, each with its own yes or no
    return {"name": "binary_cross_entropy", "outputs": "sum"}, read.classes(2) if outputs == 1 else ()


RESTS = "each class against the rest: scikit-learn's probabilities are the sigmoids of these sums, divided by their sum"
"""A note on weighted sums of which the largest is the class."""


def logistic(read: Attributes) -> Predictor:
    """``sigmoid`` for two classes, ``softmax`` for more; weighted sums of a model for each class."""
    dense = read.scores()
    outputs = len(dense.weights[0])
    kind = read.fitted.kind
    one_each = kind == "SGDClassifier" or read.get("multi_class") == "ovr" or read.get("solver") == "liblinear"
    if outputs > 1 and one_each:
        return _activated(read, replace(dense, note=RESTS), "linear", None, read.classes(outputs))
    if outputs == 1 and read.get("multi_class") == "multinomial":
        advice = "fit it without multi_class='multinomial'"
        raise UnfitError(f"{kind} with softmax over two classes has one sigmoid here", advice)
    activation = "sigmoid" if outputs == 1 else "softmax"
    loss = "binary_cross_entropy" if outputs == 1 else "cross_entropy"
    return _activated(read, dense, activation, {"name": loss, "outputs": "sum"}, read.classes(max(outputs, 2)))


def linear(read: Attributes) -> Predictor:
    """``linear``, with the squared error."""
    return _activated(read, read.scores(), "linear", {"name": "squared_error", "outputs": "mean"}, ())


def robust(read: Attributes) -> Predictor:
    """``linear``, with another loss than the source."""
    return _activated(read, read.scores(), "linear", None, ())


def generalized(read: Attributes) -> Predictor:
    """``exp(z)``, or ``linear`` for the link of the identity."""
    link, power = read.get("link"), read.get("power")
    if read.fitted.kind == "TweedieRegressor" and (link == "identity" or (link == "auto" and power <= 0)):
        return robust(read)
    dense = read.scores()
    return _single(read, dense, activation_node("output exp", dense.name, "exp", read), None, ())


def perceptron(read: Attributes) -> Predictor:
    """``step`` for two classes, ``linear`` for more."""
    dense = read.scores()
    outputs = len(dense.weights[0])
    if outputs > 1:
        return _activated(read, dense, "linear", {"name": "hinge", "outputs": "sum"}, read.classes(outputs))
    loss = {"name": "perceptron", "outputs": "sum"}
    return _activated(read, dense, "step", loss, read.classes(2), {"optimizer": {"name": "perceptron"}})


def margin(read: Attributes) -> Predictor:
    """``linear``: above 0 is the second class of two, else the largest sum."""
    dense = read.scores()
    outputs = len(dense.weights[0])
    word = read.get("loss")
    loss = {"name": word, "outputs": "sum"} if word in ("hinge", "squared_hinge") else None
    return _activated(read, dense, "linear", loss, read.classes(max(outputs, 2)))


def stochastic(read: Attributes) -> Predictor:
    """``sigmoid`` for ``log_loss`` of two classes, else ``linear``."""
    return logistic(read) if read.get("loss") in ("log_loss", "log") else margin(read)


def _activated(
    read: Attributes,
    dense: Dense,
    activation: str,
    loss: Mapping[str, Any] | None,
    classes: tuple[str, ...],
    training: Mapping[str, Any] | None = None,
) -> Predictor:
    """A single layer with an activation of the catalogue."""
    node = Activate(name=f"output {activation}", source=dense.name, activation=activation)
    return _single(read, dense, node, loss, classes, training)


def _single(
    read: Attributes,
    dense: Dense,
    activation: Activate,
    loss: Mapping[str, Any] | None,
    classes: tuple[str, ...],
    training: Mapping[str, Any] | None = None,
) -> Predictor:
    outputs = len(dense.weights[0])
    nodes = (dense, activation)
    return Predictor(nodes=nodes, outputs=outputs, classes=classes, loss=loss, training=training, dtype=read.dtype)


LEAST_SQUARES = (
    "LinearRegression Ridge RidgeCV Lasso LassoCV ElasticNet ElasticNetCV MultiTaskLasso MultiTaskLassoCV "
    "MultiTaskElasticNet MultiTaskElasticNetCV Lars LarsCV LassoLars LassoLarsCV LassoLarsIC BayesianRidge "
    "ARDRegression OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV"
).split()
"""Linear regressors by the squared error, whatever their penalty."""

OTHER_LINES = (
    "LinearSVR SGDRegressor HuberRegressor PassiveAggressiveRegressor QuantileRegressor TheilSenRegressor".split()
)
"""Linear regressors by another error."""

MODELS: Mapping[str, Callable[[Attributes], Predictor]] = {
    **dict.fromkeys(("LogisticRegression", "LogisticRegressionCV", "LinearDiscriminantAnalysis"), logistic),
    **dict.fromkeys(("LinearSVC", "PassiveAggressiveClassifier", "RidgeClassifier", "RidgeClassifierCV"), margin),
    "SGDClassifier": stochastic,
    "Perceptron": perceptron,
    **dict.fromkeys(LEAST_SQUARES, linear),
    **dict.fromkeys(OTHER_LINES, robust),
    **dict.fromkeys(("PoissonRegressor", "GammaRegressor", "TweedieRegressor"), generalized),
}
"""The readers of linear models, by the name of the class."""
