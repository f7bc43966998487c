"""The outputs of an estimator of scikit-learn, by itself."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from typing import Any

import numpy as np

from nngen.bridges.importing.compare import Judgement, Values, judgement
from nngen.bridges.importing.limits import LIMITS
from nngen.bridges.importing.sklearn.fitted import words

Column = Sequence[float | str | None]

SAFE = [0, 13]
"""The first version of skops that checks the types of all objects (CVE-2025-54412, CVE-2025-54413, CVE-2025-54886)."""

HARMLESS = {
    *("builtins.object", "numpy.dtype", "numpy.number"),
    *(
        f"sklearn.{name}"
        for name in (
            "_loss.loss.HalfTweedieLoss _loss.loss.HalfTweedieLossIdentity calibration._CalibratedClassifier "
            "calibration._SigmoidCalibration compose._column_transformer.make_column_selector "
            "feature_selection._univariate_selection.chi2 feature_selection._univariate_selection.f_classif "
            "feature_selection._univariate_selection.f_regression feature_selection._univariate_selection.r_regression "
            "feature_selection._mutual_info.mutual_info_classif feature_selection._mutual_info.mutual_info_regression "
            "metrics._scorer._PassthroughScorer "
            "model_selection._split.KFold model_selection._split.StratifiedKFold "
            "neural_network._stochastic_optimizers.AdamOptimizer neural_network._stochastic_optimizers.SGDOptimizer "
            "utils._bunch.Bunch"
        ).split()
    ),
}
"""Types of common estimators that skops does not trust by itself: making and using them runs no code of a file."""


def judge(path: str, _value: str, last: str, names: Sequence[str], columns: Values) -> list[Judgement]:
    """The outputs of a ``.skops`` file.

    skops makes objects of types that it trusts alone, those of scikit-learn, NumPy and SciPy.
    """

    def compute() -> Any:
        if [*map(int, version("skops").split(".")[:2])] < SAFE:
            raise ValueError("this version of skops can run code of a file: pip install --upgrade skops")
        import skops.io

        trusted = [name for name in skops.io.get_untrusted_types(file=path) if name in HARMLESS]
        return outputs(skops.io.load(path, trusted=trusted), last, names, columns)

    return [judgement("scikit-learn", "float64", compute, "skops scikit-learn pandas")]


def outputs(estimator: Any, last: str, names: Sequence[str], columns: Values) -> Any:
    """The outputs of an estimator, in the units of the targets; for the arguments see ``judge``."""
    x = _rows(estimator, names, columns)
    estimator = getattr(estimator, "best_estimator_", estimator)
    while type(estimator).__name__ == "Pipeline":
        x = estimator[:-1].transform(x) if len(estimator) > 1 else x
        estimator = estimator[-1]
    if type(estimator).__name__ == "OneVsRestClassifier" and not hasattr(estimator, "decision_function"):
        return np.column_stack([part.predict_proba(x)[:, 1] for part in estimator.estimators_])  # not divided by a sum
    methods = ["predict_proba", "decision_function", "predict"]
    methods = ["decision_function", *methods] if last == "linear" else methods
    found = getattr(estimator, next(name for name in methods if hasattr(estimator, name)))(x)
    return found > 0.0 if last == "step" else found


def _rows(estimator: Any, names: Sequence[str], columns: Values) -> Any:
    """The rows as the estimator takes them, its columns in their order.

    The values of the network are taken in their order, as those of a row, which has no names: so a network with its
    inputs in another order differs. A column that the network does not have must not matter.
    """
    titles = getattr(estimator, "feature_names_in_", None)
    given = [f"x{number + 1}" for number in range(estimator.n_features_in_)] if titles is None else [*map(str, titles)]
    known, encoded = [*_categories(estimator)], dict(_encoded(estimator))
    taken, numbers = iter(columns), np.random.default_rng(1).normal(size=len(columns[0]))
    unused = [
        np.resize(_objects(encoded[place]), len(numbers)) if place in encoded else numbers
        for place in range(len(given))
    ]
    pairs = zip(given, unused, strict=True)
    cells = [_cells(next(taken), known) if title in names else other for title, other in pairs]
    if titles is not None:
        import pandas as pd

        return pd.DataFrame(dict(zip(given, cells, strict=True)))
    return np.array(cells, object if any(column.dtype == object for column in cells) else np.float64).T


def _parts(value: Any, depth: int = 0) -> Iterator[Any]:
    """All objects of scikit-learn in an estimator, and itself."""
    if depth > LIMITS.depth:
        return
    if type(value).__module__.startswith("sklearn."):
        yield value
        value = getattr(value, "__dict__", {})
    if isinstance(value, list | tuple | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _parts(part, depth + 1)


def _categories(estimator: Any) -> Iterator[Any]:
    """The categories of all encoders in an estimator, an array for each column."""
    for part in _parts(estimator):
        yield from getattr(part, "categories_", ())


def _encoded(estimator: Any) -> Iterator[tuple[int, Any]]:
    """The places of the columns that encoders take, with their categories."""
    for part in _parts(estimator):
        for name, inner, _ in getattr(part, "transformers_", ()):
            yield from zip(part._transformer_to_input_indices.get(name, ()), _categories(inner), strict=False)


def _cells(column: Column, known: Sequence[Any]) -> Any:
    """A column of numbers, or of the values that an encoder knows by these texts."""
    texts = {cell for cell in column if isinstance(cell, str)}
    if not texts:
        return np.array(column, np.float64)
    for values in known:
        originals: Mapping[str, Any] = dict(zip(words(values, "categories"), values.tolist(), strict=True))
        others = texts - originals.keys()
        if len(others) <= 1 and others != texts:
            missing = None if None in originals.values() else np.nan
            numeric = values.dtype.kind in "fiu"
            cells = [missing if cell is None else originals.get(str(cell), cell) for cell in column]
            return np.array([_number(cell) for cell in cells], np.float64) if numeric else _objects(cells)
    return _objects([np.nan if cell is None else cell for cell in column])


def _number(cell: Any) -> float:
    """A number; one that no encoder knows for a text that is none."""
    with suppress(ValueError):
        return float(cell)
    return -1e9


def _objects(cells: Sequence[Any]) -> Any:
    found = np.empty(len(cells), object)
    found[:] = cells
    return found
