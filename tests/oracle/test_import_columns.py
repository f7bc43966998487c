"""Pipelines of scikit-learn that take columns in another order: the network takes them in the order of the data."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nngen
from tests.oracle.imported import Imported, read_file
from tests.oracle.onnx_models import answers
from tests.oracle.sklearn_models import NUMBER, THREE, X, fitted, frame

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

MIXED = """make_pipeline(ColumnTransformer([
    ("words", OneHotEncoder(handle_unknown="ignore"), ["car", "my city"]),
    ("numbers", make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), ["tail", "pay", "age"]),
]), {})"""

ARRAYS = {
    "permuted": (
        "make_pipeline(ColumnTransformer([('b', StandardScaler(), [2, 0, 4]), ('a', MinMaxScaler(), [3, 1])]), {})"
    ),
    "permuted, one": "make_pipeline(ColumnTransformer([('a', RobustScaler(), [4, 2, 0, 1, 3])]), {})",
    "permuted, scaled again": (
        "make_pipeline(StandardScaler(), ColumnTransformer([('a', MaxAbsScaler(), [4, 2, 0, 1, 3])]), {})"
    ),
    "partial": "make_pipeline(ColumnTransformer([('b', StandardScaler(), [3, 0])]), {})",
    "partial, a slice": "make_pipeline(ColumnTransformer([('b', 'passthrough', slice(1, 3))]), StandardScaler(), {})",
    "partial, dropped": "make_pipeline(ColumnTransformer([('b', StandardScaler(), [4, 3]), ('a', 'drop', [0])]), {})",
    "passthrough": (
        "make_pipeline(ColumnTransformer([('b', StandardScaler(), [3])], remainder='passthrough'), MinMaxScaler(), {})"
    ),
    "passthrough, dropped": (
        "make_pipeline(ColumnTransformer([('b', StandardScaler(), [4, 3]), ('a', 'drop', [0])],"
        " remainder=MinMaxScaler()), {})"
    ),
    "twice": "make_pipeline(ColumnTransformer([('b', StandardScaler(), [3, 0]), ('a', MinMaxScaler(), [0, 1])]), {})",
    "two transformers": (
        "make_pipeline(ColumnTransformer([('a', StandardScaler(), [4, 1, 0])]),"
        " ColumnTransformer([('a', MinMaxScaler(), [2]), ('b', 'passthrough', [0])]), {})"
    ),
    "components": "make_pipeline(ColumnTransformer([('b', StandardScaler(), [3, 0, 2])]), PCA(2), {})",
    "filled": "make_pipeline(ColumnTransformer([('b', SimpleImputer(), [3, 0, 2])]), StandardScaler(), {})",
}
FRAMES = {
    "names, permuted": "make_pipeline(ColumnTransformer([('b', StandardScaler(), ['tail', 'rooms', 'pay'])]), {})",
    "names, passthrough": (
        "make_pipeline(ColumnTransformer([('a', 'drop', ['age', 'my city', 'owner', 'car']),"
        " ('b', StandardScaler(), ['tail'])], remainder='passthrough'), StandardScaler(), {})"
    ),
    "names, filled and scaled twice": (
        "make_pipeline(ColumnTransformer([('b', make_pipeline(SimpleImputer(add_indicator=True),"
        " StandardScaler()), ['tail', 'age']), ('a', make_pipeline(SimpleImputer(), MinMaxScaler()), ['age'])]), {})"
    ),
    "names, mixed": MIXED,
}
PREDICTORS = {
    "logistic": ("LogisticRegression()", THREE),
    "network": ("MLPClassifier((5,), max_iter=5)", THREE),
    "regression": ("Ridge()", NUMBER),
}
CASES = [
    *((name, "logistic") for name in [*ARRAYS, *FRAMES]),
    *((name, "network") for name in ("permuted", "partial", "names, mixed")),
    *((name, "regression") for name in ("permuted", "passthrough", "names, mixed")),
]


@pytest.mark.parametrize(("name", "predictor"), CASES)
def test_rows_in_the_order_of_the_data(name: str, predictor: str, tmp_path: Path) -> None:
    """The same answers for all rows from the module, from ONNX and from the estimator as from scikit-learn."""
    import skops.io

    from nngen.bridges.exporting.onnx_model import onnx_model
    from nngen.description.data import encoding
    from nngen.sklearn import NetworkClassifier, NetworkRegressor

    code, y = PREDICTORS[predictor]
    data: Any = X if name in ARRAYS else frame()[["pay", "car", "tail", "owner", "age", "rooms", "my city"]]
    pipeline = fitted({**ARRAYS, **FRAMES}[name].format(code), data, y)
    expected = pipeline.predict(data)
    text, flat = nngen.from_sklearn(pipeline, name="model")
    skops.io.dump(pipeline, tmp_path / "model.skops")
    assert read_file(tmp_path / "model.skops", "Pipeline", name="model") == (text, flat)

    network = Imported(text, flat)
    titles = [column.column or column.name for column in network.spec.columns]
    names = [f"x{number}" for number in range(1, X.shape[1] + 1)] if name in ARRAYS else [*data.columns]
    assert titles == [column for column in names if column in titles]
    assert (len(titles) < len(names)) == ("not used: a row has the other columns" in text)
    columns = {title: data[:, names.index(title)] if name in ARRAYS else data[title] for title in titles}
    rows = np.column_stack([*columns.values()]) if name in ARRAYS else data[names[::-1]]  # by name

    how = encoding(network.spec, tmp_path)
    model = onnx_model(network.spec, how, flat, "float64")
    feed = {title: _cells(column)[:, None] for title, column in columns.items()}
    if how is None or how.plain:
        feed = {network.spec.input_name: np.column_stack([*feed.values()])}
    if predictor == "regression":
        estimator = NetworkRegressor.from_parameters(text, flat)
        np.testing.assert_allclose(estimator.predict(rows), expected, rtol=1e-10)
        np.testing.assert_allclose(network.outputs(rows)[:, 0], expected, rtol=1e-10)
        for found in answers(model, feed):
            np.testing.assert_allclose(found["outputs"][:, 0], expected, rtol=1e-10)
        return
    assert [*NetworkClassifier.from_parameters(text, flat).predict(rows)] == [*expected]
    assert [*network.module.predict(network.params, rows)] == [*expected]
    np.testing.assert_allclose(network.outputs(rows), pipeline.predict_proba(data), rtol=1e-10, atol=1e-12)
    for found in answers(model, feed):
        assert [*found["label"]] == [*expected]


def _cells(column: Any) -> Any:
    """A column as ONNX takes it: missing texts are empty."""
    numbers = getattr(column.dtype, "kind", "O") in "fi"
    return np.asarray(column, float) if numbers else np.asarray(column.fillna(""), object)
