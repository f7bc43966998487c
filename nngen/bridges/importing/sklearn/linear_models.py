"""Linear models of scikit-learn as a dense layer: regressors, and classifiers by probabilities or by scores."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from nngen.bridges.importing.graph import Activate, Dense
from nngen.bridges.importing.sklearn.predictors import Attributes, Predictor, activation_node
from nngen.common.files import refused

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
        raise refused(read.where, f"{kind} with softmax over two classes has one sigmoid here", advice)
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
