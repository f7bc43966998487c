"""Transformers of scikit-learn that make new numbers of features: projections, functions, codes and bins.

Their weights are constants of the source, so that the layers that they become are not trained.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Array
from nngen.bridges.importing.sklearn.features import Block, Feature
from nngen.bridges.importing.sklearn.fitted import Fitted, Other, as_numbers, numbers

Features = tuple[Feature, ...]

MAX_WEIGHTS = 4_000_000
"""Weights of a transformer, most of which are 0: a number for each of 2,000 codes of 2,000 columns."""

SMALLEST = 1.1754943508222875e-38
"""The smallest number with all digits in 32 bits: below it, formulas have its value, as a spec needs one everywhere."""

FUNCTIONS = {
    "abs": "abs(z)",
    "absolute": "abs(z)",
    "cos": "cos(z)",
    "exp": "exp(z)",
    "expm1": "expm1(z)",
    "floor": "floor(z)",
    "log": f"log(maximum(z, {SMALLEST!r}))",
    "log10": f"log(maximum(z, {SMALLEST!r})) / 2.302585092994046",
    "log1p": "log1p(maximum(z, -0.9999999403953552))",
    "log2": f"log(maximum(z, {SMALLEST!r})) / 0.6931471805599453",
    "negative": "-z",
    "sign": "sign(z)",
    "sin": "sin(z)",
    "sqrt": f"sqrt(maximum(z, {SMALLEST!r}))",
    "square": "z * z",
    "tanh": "tanh(z)",
}
"""The functions of NumPy that a ``FunctionTransformer`` may have, as formulas."""

LIMITED = frozenset("function_log function_log10 function_log1p function_log2 function_sqrt".split())
"""The functions that have no value below some number, by the names of their activations."""


class Blocks:
    """The blocks of all transformers, each after its sources."""

    def __init__(self) -> None:
        self.all: list[Block] = []

    def make(self, name: str, sources: Sequence[Feature], **options: Any) -> Features:
        """The features of a new block; the options are those of ``Block``."""
        block = Block(name.rpartition(".")[2], tuple(sources), **options)
        if block.weights is not None and block.weights.size > MAX_WEIGHTS:
            raise UnfitError(f"{name} has more than {MAX_WEIGHTS:,} weights")
        self.all.append(block)
        return tuple(Feature(place, block=block) for place in range(block.width))

    def projected(self, fitted: Fitted, features: Features, name: str) -> Features:
        """A layer that is not trained."""
        weights = numbers(fitted, "components_", (None, len(features)))
        if fitted.get("whiten"):
            variance = numbers(fitted, "explained_variance_", (len(weights),))
            weights = weights / np.sqrt(above_0(variance, f"{fitted.kind}.explained_variance_"))[:, None]
        bias = -weights @ numbers(fitted, "mean_", (len(features),)) if fitted.kind == "PCA" else None
        return self.make(name, features, weights=weights, bias=bias)

    def function(self, fitted: Fitted, features: Features, name: str) -> Features:
        """A custom activation, for a function of NumPy that formulas have; nothing without a function."""
        function = fitted.get("func")
        if function is None:
            return features
        path = function.kind if isinstance(function, Other) else type(function).__name__
        module, _, word = path.rpartition(".")
        if module not in ("numpy", "builtins") or word not in FUNCTIONS or fitted.get("kw_args"):
            listed = ", ".join(FUNCTIONS)
            advice = f"apply it to the data before the network, or use one of NumPy's {listed}, without arguments"
            raise UnfitError(f"the function {path} has no equal in a spec", advice)
        return self.make(name, features, activation=f"function_{word}", formula=FUNCTIONS[word])

    def clipped(self, features: Features, low: float, high: float, name: str) -> Features:
        """Numbers from ``low`` to ``high``."""
        formula = f"minimum(maximum(z, {low!r}), {high!r})"
        return self.make(name, features, activation="clip", formula=formula)

    def powers(self, fitted: Fitted, features: Features, name: str) -> Features:
        """The transforms of Yeo and Johnson, ``expm1(l log1p(x)) / l`` and its mirror below 0, or of Box and Cox."""
        exponents = numbers(fitted, "lambdas_", (len(features),))
        unit = np.eye(len(features))
        if fitted.get("method") == "box-cox":
            logs = self.make(f"{name} log", features, activation="function_log", formula=FUNCTIONS["log"])
            signs = unit
        else:
            both = np.concatenate([unit, -unit])
            options = {"activation": "log1p_above", "formula": "log1p(maximum(z, 0.0))"}
            logs = self.make(f"{name} log", features, weights=both, **options)
            exponents, signs = np.concatenate([exponents, 2.0 - exponents]), both.T
        flat = exponents == 0.0  # the logarithm is the limit
        grown = self.make(
            f"{name} power", logs, weights=np.diag(exponents), activation="power", formula=FUNCTIONS["expm1"]
        )
        sources = [log if zero else power for log, power, zero in zip(logs, grown, flat, strict=True)]
        return self.make(name, sources, weights=signs / np.where(flat, 1.0, exponents))

    def codes(self, columns: Sequence[Features], missing: float, other: float, name: str) -> Features:
        """The position of the category of each column.

        Args:
            columns: a feature for each category.
            missing: the code of missing values that are a category.
            other: the code of unknown categories, for which all features are 0.
            name: the name of the transformer.
        """
        weights = np.zeros((len(columns), sum(map(len, columns))))
        start = 0
        for row, features in zip(weights, columns, strict=True):
            codes = [missing if feature.indicator else place for place, feature in enumerate(features)]
            row[start : start + len(features)] = np.array(codes) - other
            start += len(features)
        sources = [feature for features in columns for feature in features]
        return self.make(name, sources, weights=weights, bias=np.full(len(columns), other) if other else None)

    def bins(self, fitted: Fitted, features: Features, name: str) -> Features:
        """A layer of steps and one of sums, not trained."""
        edges = fitted.get("bin_edges_")
        edges = list(edges) if isinstance(edges, list | np.ndarray) else []
        if len(edges) != len(features):
            raise UnfitError(f"expected {len(features):,} arrays as KBinsDiscretizer.bin_edges_")
        inner = [as_numbers(one, "KBinsDiscretizer.bin_edges_").ravel()[1:-1] for one in edges]
        counts = [len(one) for one in inner]
        if not sum(counts):
            raise UnfitError("every number is in the same bin", "fit it with two bins or more")
        ends = np.cumsum(counts).tolist()
        weights = np.repeat(np.eye(len(features)), counts, axis=0)
        # each unit is 1 from an edge on
        options = {"activation": "from_edge", "formula": "where(z >= 0.0, 1.0, 0.0)"}
        steps = self.make(f"{name} edges", features, weights=weights, bias=-np.concatenate(inner), **options)
        rows: list[Array] = []
        biases: list[float] = []
        for count, end in zip(counts, ends, strict=True):
            passed = np.eye(ends[-1])[end - count : end]
            if fitted.get("encode") == "ordinal":
                rows.append(passed.sum(axis=0, keepdims=True))
                biases.append(0.0)
                continue
            below, above = np.concatenate([0.0 * passed[:1], passed]), np.concatenate([passed, 0.0 * passed[:1]])
            rows.append(below - above if count else np.zeros((1, ends[-1])))
            biases += [1.0, *[0.0] * count]
        return self.make(name, steps, weights=np.concatenate(rows), bias=np.array(biases))


def above_0(values: Array, name: str) -> Array:
    """The same values."""
    if not (values > 0.0).all():
        raise UnfitError(f"expected numbers above 0 as {name}")
    return values


def chosen(fitted: Fitted, features: Features) -> Features:
    """The columns that it keeps."""
    kept = SELECTIONS[fitted.kind](fitted)
    if len(kept) != len(features):
        raise UnfitError(f"expected {len(features):,} columns for {fitted.kind}, got {len(kept):,}")
    return tuple(feature for feature, keep in zip(features, kept, strict=True) if keep)


def _scores(fitted: Fitted, name: str, sign: float = -1.0) -> Array:
    """Scores of columns; one that is not a number is the smallest, or the largest where ``sign`` is 1."""
    found = fitted.get(name)
    if isinstance(found, np.ndarray) and found.dtype.kind == "f":
        largest = np.finfo(found.dtype).max
        found = np.nan_to_num(found, nan=sign * largest, posinf=largest, neginf=-largest)
    return as_numbers(found, f"{fitted.kind}.{name}").ravel()


def _likely(fitted: Fitted) -> Array:
    return _scores(fitted, "pvalues_", 1.0)


def _best(fitted: Fitted) -> Any:
    scores, count = _scores(fitted, "scores_"), fitted.get("k")
    if count == "all":
        return np.ones(len(scores), bool)
    if type(count) is not int or count < 0:
        raise UnfitError(f"expected a number of columns as {fitted.kind}.k, got {count!r}")
    kept = np.zeros(len(scores), bool)
    kept[np.argsort(scores, kind="stable")[len(scores) - min(count, len(scores)) :]] = True
    return kept


def _percent(fitted: Fitted) -> Any:
    scores, percentile = _scores(fitted, "scores_"), _number(fitted, "percentile")
    if percentile in (0.0, 100.0):
        return np.full(len(scores), percentile == 100.0)
    bound = np.percentile(scores, 100.0 - min(max(percentile, 0.0), 100.0))
    ties = np.flatnonzero(scores == bound)
    kept = scores > bound
    kept[ties[: int(len(scores) * percentile / 100.0) - int(kept.sum())]] = True
    return kept


def _number(fitted: Fitted, name: str) -> float:
    return float(as_numbers(fitted.get(name), f"{fitted.kind}.{name}").reshape(-1)[0])


def _support(fitted: Fitted) -> Any:
    found = fitted.get("support_")
    if not isinstance(found, np.ndarray) or found.dtype != bool or found.ndim != 1:
        raise UnfitError(f"expected a truth value for each column as {fitted.kind}.support_")
    return found


SELECTIONS: Mapping[str, Callable[[Fitted], Any]] = {
    "RFE": _support,
    "RFECV": _support,
    "SelectFpr": lambda fitted: _likely(fitted) < _number(fitted, "alpha"),
    "SelectFwe": lambda fitted: _likely(fitted) < _number(fitted, "alpha") / len(_likely(fitted)),
    "SelectKBest": _best,
    "SelectPercentile": _percent,
    "SequentialFeatureSelector": _support,
    "VarianceThreshold": lambda fitted: _scores(fitted, "variances_") > _number(fitted, "threshold"),
}
"""The columns that each selection keeps, as a truth value for each."""
