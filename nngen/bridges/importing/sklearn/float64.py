"""The outputs of a fitted estimator in float64, by scikit-learn's own formulas from its attributes.

It judges what the reader makes of a ``.skops`` file. The two share the safe reading of the file as plain data. The
reader turns scalers and encoders into columns of a spec; here, each step transforms a matrix, as in scikit-learn. The
reader has accepted the estimator before, so nothing is checked again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.sklearn.fitted import Fitted

Table = Mapping[str, Sequence[float | str | None]]
Cells = NDArray[np.object_]
"""A matrix (examples, features) of numbers, texts and None for missing values."""


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
            x = _transformed(transformer, x)
    predict: Callable[[Mapping[str, Any], Array], Any] = PREDICTORS.get(estimator.kind, _decision)
    return np.asarray(predict(estimator.attributes, _numbers(x)), np.float64).reshape(rows, -1)


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


def _numbers(x: Cells) -> Array:
    return np.asarray(x.astype(np.float64))  # None becomes NaN


def _transformed(transformer: Any, x: Cells) -> Any:
    """What a transformer makes of a matrix."""
    if not isinstance(transformer, Fitted):  # None or "passthrough"
        return x
    return TRANSFORMERS[transformer.kind](transformer.attributes, x)


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


def _pipeline(own: Mapping[str, Any], x: Cells) -> Any:
    for _, step in own["steps"]:
        x = _transformed(step, x)
    return x


def _columns(own: Mapping[str, Any], x: Cells) -> Any:
    places = own["_transformer_to_input_indices"]
    parts = [_transformed(part, x[:, places[name]]) for name, part, _ in own["transformers_"] if part != "drop"]
    return np.concatenate([part.astype(object) for part in parts], axis=1)


def _standard(own: Mapping[str, Any], x: Cells) -> Any:
    centered = _numbers(x) - own["mean_"] if own["with_mean"] else _numbers(x)
    return centered / own["scale_"] if own["with_std"] else centered


def _robust(own: Mapping[str, Any], x: Cells) -> Any:
    centered = _numbers(x) - own["center_"] if own["with_centering"] else _numbers(x)
    return centered / own["scale_"] if own["with_scaling"] else centered


def _imputer(own: Mapping[str, Any], x: Cells) -> Any:
    missing = x == None  # noqa: E711 (in each cell)
    filled = np.where(missing, np.array([*own["statistics_"]], object), x)
    if not own.get("add_indicator"):
        return filled
    return np.concatenate([filled, missing[:, own["indicator_"].attributes["features_"]]], axis=1)


def _one_hot(own: Mapping[str, Any], x: Cells) -> Any:
    dropped = own.get("drop_idx_")
    parts = []
    for index, categories in enumerate(own["categories_"]):
        found = np.array([[_is(cell, category) for category in categories] for cell in x[:, index]], float)
        drop = None if dropped is None else dropped[index]
        parts.append(found if drop is None else np.delete(found, int(drop), axis=1))
    return np.concatenate(parts, axis=1)


def _is(cell: Any, category: Any) -> bool:
    """Whether a cell has a category; a table has all categories as texts."""
    if category is None or category != category:
        return cell is None
    if isinstance(category, str) or cell is None:
        return bool(cell == category)
    if isinstance(category, bool | np.bool_):
        return str(cell) == str(category).lower()
    try:
        return bool(float(cell) == category)
    except ValueError:
        return False


def _ordinal(own: Mapping[str, Any], x: Cells) -> Any:
    other = own["unknown_value"] if own["handle_unknown"] == "use_encoded_value" else np.nan
    found = np.full(x.shape, other, np.float64)
    for column, categories in enumerate(own["categories_"]):
        for code, category in enumerate(categories):
            missing = category is None or category != category
            found[[_is(cell, category) for cell in x[:, column]], column] = (
                own["encoded_missing_value"] if missing else code
            )
    return found


def _union(own: Mapping[str, Any], x: Cells) -> Any:
    parts = [_transformed(part, x) for _, part in own["transformer_list"] if part != "drop"]
    return np.concatenate([part.astype(object) for part in parts], axis=1)


def _bins(own: Mapping[str, Any], x: Cells) -> Any:
    bins = [np.digitize(column, edges[1:-1]) for column, edges in zip(_numbers(x).T, own["bin_edges_"], strict=True)]
    if own["encode"] == "ordinal":
        return np.array(bins, np.float64).T
    return np.concatenate([np.eye(len(edges) - 1)[b] for b, edges in zip(bins, own["bin_edges_"], strict=True)], axis=1)


def _powers(own: Mapping[str, Any], x: Cells) -> Any:
    columns = []
    for column, power in zip(_numbers(x).T, own["lambdas_"], strict=True):
        above, below = np.maximum(column, 0.0), np.maximum(-column, 0.0)
        if own["method"] == "box-cox":
            columns.append((column**power - 1.0) / power if power else np.log(column))
            continue
        right = ((above + 1.0) ** power - 1.0) / power if power else np.log1p(above)
        left = ((below + 1.0) ** (2.0 - power) - 1.0) / (2.0 - power) if power != 2.0 else np.log1p(below)
        columns.append(np.where(column >= 0.0, right, -left))
    found = np.array(columns).T
    return _standard(own["_scaler"].attributes, found) if own["standardize"] else found


def _clipped(own: Mapping[str, Any], x: Any, low: float, high: float) -> Any:
    return np.clip(x, low, high) if own.get("clip") else x


def _function(own: Mapping[str, Any], x: Cells) -> Any:
    return x if own["func"] is None else getattr(np, own["func"].kind.rpartition(".")[2])(_numbers(x))


def _best(own: Mapping[str, Any], x: Cells) -> Any:
    """As many of the largest scores as asked for; of equal ones, the later columns."""
    scores = np.where(np.isnan(own["scores_"]), -np.inf, own["scores_"])
    order = sorted(range(len(scores)), key=lambda column: (scores[column], column))
    return x if own["k"] == "all" else x[:, sorted(order[len(order) - own["k"] :])]


def _percent(own: Mapping[str, Any], x: Cells) -> Any:
    scores, count = own["scores_"], int(len(own["scores_"]) * own["percentile"] / 100)
    return x[:, sorted(sorted(range(len(scores)), key=lambda column: -scores[column])[:count])]


def _projection(own: Mapping[str, Any], x: Cells) -> Any:
    found = (_numbers(x) - own.get("mean_", 0.0)) @ np.asarray(own["components_"], np.float64).T
    return found / np.sqrt(own["explained_variance_"]) if own.get("whiten") else found


TRANSFORMERS: Mapping[str, Callable[[Mapping[str, Any], Cells], Any]] = {
    "Pipeline": _pipeline,
    "ColumnTransformer": _columns,
    "StandardScaler": _standard,
    "RobustScaler": _robust,
    "MinMaxScaler": lambda own, x: _clipped(own, _numbers(x) * own["scale_"] + own["min_"], *own["feature_range"]),
    "MaxAbsScaler": lambda own, x: _clipped(own, _numbers(x) / own["scale_"], -1.0, 1.0),
    "PCA": _projection,
    "TruncatedSVD": _projection,
    "SimpleImputer": _imputer,
    "OneHotEncoder": _one_hot,
    "OrdinalEncoder": _ordinal,
    "FunctionTransformer": _function,
    "FeatureUnion": _union,
    "KBinsDiscretizer": _bins,
    "PowerTransformer": _powers,
    "SelectKBest": _best,
    "SelectPercentile": _percent,
    "SelectFpr": lambda own, x: x[:, own["pvalues_"] < own["alpha"]],
    "SelectFwe": lambda own, x: x[:, own["pvalues_"] < own["alpha"] / len(own["pvalues_"])],
    "VarianceThreshold": lambda own, x: x[:, own["variances_"] > own["threshold"]],
    **dict.fromkeys(("RFE", "RFECV", "SequentialFeatureSelector"), lambda own, x: x[:, own["support_"]]),
}
"""The transformers that the reader takes, by the name of the class."""


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
