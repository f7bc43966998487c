"""The transformers of scikit-learn in float64, by its own formulas: each makes a matrix of a matrix."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.sklearn.fitted import Fitted

Cells = NDArray[np.object_]
"""A matrix (examples, features) of numbers, texts and None for missing values."""


def numbers(x: Cells) -> Array:
    """Cells as numbers; a missing one is NaN."""
    return np.asarray(x.astype(np.float64))  # None becomes NaN


def transformed(transformer: Any, x: Cells) -> Any:
    """The output of a transformer for a matrix."""
    if not isinstance(transformer, Fitted):  # None or "passthrough"
        return x
    return TRANSFORMERS[transformer.kind](transformer.attributes, x)


def _pipeline(own: Mapping[str, Any], x: Cells) -> Any:
    for _, step in own["steps"]:
        x = transformed(step, x)
    return x


def _columns(own: Mapping[str, Any], x: Cells) -> Any:
    places = own["_transformer_to_input_indices"]
    parts = [transformed(part, x[:, places[name]]) for name, part, _ in own["transformers_"] if part != "drop"]
    return np.concatenate([part.astype(object) for part in parts], axis=1)


def _standard(own: Mapping[str, Any], x: Cells) -> Any:
    centered = numbers(x) - own["mean_"] if own["with_mean"] else numbers(x)
    return centered / own["scale_"] if own["with_std"] else centered


def _robust(own: Mapping[str, Any], x: Cells) -> Any:
    centered = numbers(x) - own["center_"] if own["with_centering"] else numbers(x)
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
    """Whether each cell equals a category. Categories of a table are texts."""
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
    parts = [transformed(part, x) for _, part in own["transformer_list"] if part != "drop"]
    return np.concatenate([part.astype(object) for part in parts], axis=1)


def _bins(own: Mapping[str, Any], x: Cells) -> Any:
    bins = [np.digitize(column, edges[1:-1]) for column, edges in zip(numbers(x).T, own["bin_edges_"], strict=True)]
    if own["encode"] == "ordinal":
        return np.array(bins, np.float64).T
    return np.concatenate([np.eye(len(edges) - 1)[b] for b, edges in zip(bins, own["bin_edges_"], strict=True)], axis=1)


def _powers(own: Mapping[str, Any], x: Cells) -> Any:
    columns = []
    for column, power in zip(numbers(x).T, own["lambdas_"], strict=True):
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
    return x if own["func"] is None else getattr(np, own["func"].kind.rpartition(".")[2])(numbers(x))


def _best(own: Mapping[str, Any], x: Cells) -> Any:
    """As many of the largest scores as asked for; of equal ones, the later columns."""
    scores = np.where(np.isnan(own["scores_"]), -np.inf, own["scores_"])
    order = sorted(range(len(scores)), key=lambda column: (scores[column], column))
    return x if own["k"] == "all" else x[:, sorted(order[len(order) - own["k"] :])]


def _percent(own: Mapping[str, Any], x: Cells) -> Any:
    scores, count = own["scores_"], int(len(own["scores_"]) * own["percentile"] / 100)
    return x[:, sorted(sorted(range(len(scores)), key=lambda column: -scores[column])[:count])]


def _projection(own: Mapping[str, Any], x: Cells) -> Any:
    found = (numbers(x) - own.get("mean_", 0.0)) @ np.asarray(own["components_"], np.float64).T
    return found / np.sqrt(own["explained_variance_"]) if own.get("whiten") else found


TRANSFORMERS: Mapping[str, Callable[[Mapping[str, Any], Cells], Any]] = {
    "Pipeline": _pipeline,
    "ColumnTransformer": _columns,
    "StandardScaler": _standard,
    "RobustScaler": _robust,
    "MinMaxScaler": lambda own, x: _clipped(own, numbers(x) * own["scale_"] + own["min_"], *own["feature_range"]),
    "MaxAbsScaler": lambda own, x: _clipped(own, numbers(x) / own["scale_"], -1.0, 1.0),
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
