"""The outputs of a fitted estimator in float64, by scikit-learn's own formulas from its attributes.

It judges what the reader makes of a ``.skops`` file. The two share the safe reading of the file as plain data. The
reader turns scalers and encoders into columns of a spec; here, each step transforms a matrix, as in scikit-learn. The
reader has accepted the estimator before, so nothing is checked again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.sklearn.fitted import Fitted
from nngen.bridges.importing.sklearn.transformed import numbers, transformed

Table = Mapping[str, Sequence[float | str | None]]


def outputs(estimator: Any, table: Table) -> Array:
    """The outputs, of shape (examples, outputs), in the units of the targets.

    Args:
        estimator: as in ``nngen.bridges.importing.sklearn.fitted``.
        table: the values of each column that the imported network takes, by its name. They are taken in their order, as
            those of a row, which has no names: so a network with its inputs in another order differs.
    """
    estimator = estimator.attributes.get("best_estimator_", estimator)
    if estimator.kind == "TransformedTargetRegressor":
        found = outputs(estimator.attributes["regressor_"], table)
        return _restored(estimator.attributes["transformer_"], found)
    names, width = _first(estimator, "feature_names_in_"), _first(estimator, "n_features_in_")
    columns = [f"x{number + 1}" for number in range(width)] if names is None else [*map(str, names)]
    rows = len(next(iter(table.values())))
    unused = np.random.default_rng(1).normal(size=rows)  # a column that the reader has left out must not matter
    taken = iter(table.values())
    x = np.array([list(next(taken) if column in table else unused) for column in columns], object).T
    while estimator.kind == "Pipeline":
        *steps, (_, estimator) = estimator.attributes["steps"]
        for _, transformer in steps:
            x = transformed(transformer, x)
    predict: Callable[[Mapping[str, Any], Array], Any] = PREDICTORS.get(estimator.kind, _decision)
    return np.asarray(predict(estimator.attributes, numbers(x)), np.float64).reshape(rows, -1)


def _first(estimator: Fitted, name: str) -> Any:
    """An attribute of an estimator, or of the first step of a pipeline that has it."""
    own = estimator.attributes
    voters = own.get("estimators_") if estimator.kind.startswith("Voting") else None
    listed = own.get("steps", own.get("transformer_list", voters))
    if listed is None:
        return own.get(name)
    steps = [step[-1] if isinstance(step, list) else step for step in listed]
    steps = [step for step in steps if isinstance(step, Fitted)]
    return next((found for found in (_first(step, name) for step in steps) if found is not None), None)


def _restored(scaler: Fitted, y: Array) -> Array:
    """The targets in their units: the inverse of a scaler."""
    own = scaler.attributes
    match scaler.kind:
        case "StandardScaler":
            scaled = y * own["scale_"] if own["with_std"] else y
            return np.asarray(scaled + own["mean_"] if own["with_mean"] else scaled)
        case "RobustScaler":
            scaled = y * own["scale_"] if own["with_scaling"] else y
            return np.asarray(scaled + own["center_"] if own["with_centering"] else scaled)
        case "MinMaxScaler":
            return np.asarray((y - own["min_"]) / own["scale_"])
        case "MaxAbsScaler":
            return np.asarray(y * own["scale_"])
    return y


def _logistic(z: Array) -> Any:
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _softmax(z: Array) -> Any:
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


ACTIVATIONS: Mapping[str, Callable[[Array], Any]] = {
    "identity": lambda z: z,
    "logistic": _logistic,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "softmax": _softmax,
    "exp": np.exp,
}


def _network(own: Mapping[str, Any], x: Array) -> Any:
    names = [own["activation"]] * (len(own["coefs_"]) - 1) + [own["out_activation_"]]
    for weights, biases, name in zip(own["coefs_"], own["intercepts_"], names, strict=True):
        x = ACTIVATIONS[name](x @ np.asarray(weights, np.float64) + np.asarray(biases, np.float64))
    return x


def _decision(own: Mapping[str, Any], x: Array) -> Array:
    """``X @ coef_.T + intercept_``."""
    coefficients = np.atleast_2d(np.asarray(own["coef_"], np.float64))
    return np.asarray(x @ coefficients.T + np.asarray(own.get("intercept_", 0.0), np.float64))


def _probabilities(own: Mapping[str, Any], x: Array) -> Any:
    z = _decision(own, x)
    rest = own.get("multi_class") == "ovr" or own.get("solver") == "liblinear"
    return _logistic(z) if z.shape[1] == 1 else z if rest else _softmax(z)


def _perceptron(own: Mapping[str, Any], x: Array) -> Any:
    z = _decision(own, x)
    return z > 0.0 if z.shape[1] == 1 else z


def _stochastic(own: Mapping[str, Any], x: Array) -> Any:
    z = _decision(own, x)
    return _logistic(z) if own["loss"] in ("log_loss", "log") and z.shape[1] == 1 else z


def _generalized(own: Mapping[str, Any], x: Array) -> Any:
    """A generalized linear model: its link is the logarithm, except for a Tweedie distribution like the normal one."""
    power, link = own.get("power", 1), own.get("link", "log")
    z = _decision(own, x)
    return z if link == "identity" or (link == "auto" and power <= 0) else np.exp(z)


def _predicted(model: Fitted, x: Array) -> Array:
    predict: Callable[[Mapping[str, Any], Array], Any] = PREDICTORS.get(model.kind, _decision)
    return np.asarray(predict(model.attributes, x), np.float64)


def _each(own: Mapping[str, Any], x: Array) -> Array:
    return np.concatenate([_predicted(model, x) for model in own["estimators_"]], axis=1)


def _rest(own: Mapping[str, Any], x: Array) -> Array:
    """The weighted sums of linear models for three classes or more; else probabilities."""
    models = own["estimators_"]
    labels = own["label_binarizer_"].attributes["y_type_"].startswith("multilabel")
    if labels or len(models) == 1 or "coef_" not in models[0].attributes:
        return _each(own, x)
    return np.concatenate([_decision(model.attributes, x) for model in models], axis=1)


def _vote(own: Mapping[str, Any], x: Array) -> Any:
    found = [_predicted(model, x) for model in own["estimators_"]]
    if own.get("voting") == "soft":
        found = [np.concatenate([1.0 - p, p], axis=1) if p.shape[1] == 1 else p for p in found]
    return np.average(found, axis=0, weights=own["weights"])


def _calibrated(own: Mapping[str, Any], x: Array) -> Any:
    found = []
    for part in (one.attributes for one in own["calibrated_classifiers_"]):
        scale = part["calibrators"][0].attributes
        found.append(_logistic(-(scale["a_"] * _decision(part["estimator"].attributes, x) + scale["b_"])))
    mean = np.mean(found, axis=0)
    return mean if len(found) == 1 else np.concatenate([1.0 - mean, mean], axis=1)


PREDICTORS: Mapping[str, Callable[[Mapping[str, Any], Array], Any]] = {
    "MultiOutputRegressor": _each,
    "OneVsRestClassifier": _rest,
    **dict.fromkeys(("VotingClassifier", "VotingRegressor"), _vote),
    "CalibratedClassifierCV": _calibrated,
    "RANSACRegressor": lambda own, x: _predicted(own["estimator_"], x),
    **dict.fromkeys(("MLPClassifier", "MLPRegressor"), _network),
    **dict.fromkeys(("LogisticRegression", "LogisticRegressionCV", "LinearDiscriminantAnalysis"), _probabilities),
    **dict.fromkeys(("PoissonRegressor", "GammaRegressor", "TweedieRegressor"), _generalized),
    "SGDClassifier": _stochastic,
    "Perceptron": _perceptron,
}
"""Predictors by the name of the class; the outputs of all others are weighted sums."""
