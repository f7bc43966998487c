"""Estimators that skl2onnx exports to ONNX: read, and compared with scikit-learn and with ONNX Runtime."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.oracle.imported_onnx import Trained, imported
from tests.support.modules import ROOT

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def pipelines() -> dict[str, Any]:
    """Estimators, each with the targets that it learns."""
    from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, Ridge
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
    from sklearn.svm import LinearSVC

    few: dict[str, Any] = {"hidden_layer_sizes": (5, 5), "max_iter": 30, "random_state": 0}
    return {
        "three classes": (make_pipeline(StandardScaler(), MLPClassifier(**few)), "names"),
        "two classes": (make_pipeline(MinMaxScaler(), MLPClassifier(activation="tanh", **few)), "two"),
        "logistic units": (MLPClassifier(activation="logistic", **few), "names"),
        "numbers": (make_pipeline(RobustScaler(), MLPRegressor(**few)), "number"),
        "two numbers": (MLPRegressor(**few), "numbers"),
        "a linear network": (MLPRegressor(activation="identity", **few), "number"),
        "LogisticRegression, two classes": (make_pipeline(StandardScaler(), LogisticRegression()), "two"),
        "LogisticRegression, three classes": (LogisticRegression(), "names"),
        "Perceptron, two classes": (Perceptron(), "two"),
        "Perceptron, three classes": (Perceptron(), "names"),
        "LinearSVC, two classes": (LinearSVC(), "two"),
        "LinearSVC, three classes": (LinearSVC(), "names"),
        "LinearRegression": (make_pipeline(MaxAbsScaler(), LinearRegression()), "number"),
        "Ridge": (Ridge(), "number"),
    }


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("zipmap", [True, False, "columns"])
def test_scikit_learn(tmp_path: Path, zipmap: Any) -> None:
    from skl2onnx import to_onnx
    from sklearn.base import is_classifier

    rng = np.random.default_rng(0)
    x = rng.normal(1.0, 2.0, (90, 4)).astype(np.float32)
    targets = {
        "numbers": x[:, :2] + np.abs(x[:, 2:]),
        "names": np.array(["ox", "cow", "hen"])[np.argmax(x[:, :3] + rng.normal(size=(90, 3)), axis=1)],
        "two": (x[:, 0] + rng.normal(size=90) > 1.0).astype(int),
        "number": x @ rng.normal(size=4) + x[:, 0] ** 2,
    }
    for name, (estimator, target) in pipelines().items():
        if zipmap is not True and name not in ("three classes", "two classes"):
            continue
        estimator.fit(x, targets[target])
        path = tmp_path / "net.onnx"
        options = {id(estimator): {"zipmap": zipmap}} if is_classifier(estimator) and "SVC" not in name else {}
        path.write_bytes(to_onnx(estimator, x[:1], options=options).SerializeToString())
        made = imported(path)
        module = Trained(made)
        expected = estimator.predict(x)
        if is_classifier(estimator):
            answers = module.predict([*map(list, x.tolist())])
            assert np.mean(np.array(answers) == expected.astype(str)) >= 0.98, name  # ties of float32
        else:
            size = np.abs(expected).max()
            found = module.outputs(x.astype(float)).reshape(expected.shape)
            np.testing.assert_allclose(found / size, expected / size, rtol=0, atol=1e-5)


def test_scikit_learn_with_columns(tmp_path: Path) -> None:
    import pandas as pd
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    table = pd.read_csv(ROOT / "specs" / "data" / "penguins.csv").dropna(subset=["sex"])
    numbers, words = ["bill_length_mm", "body_mass_g"], ["island", "sex"]
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = make_column_transformer((scaled, numbers), (OneHotEncoder(handle_unknown="ignore"), words))
    pipeline = make_pipeline(columns, MLPClassifier((6,), max_iter=200, random_state=0))
    rows = table[[*numbers, *words]].copy()
    rows.iloc[::9, 0] = np.nan
    pipeline.fit(rows, table["species"])
    types = [
        *((name, FloatTensorType([None, 1])) for name in numbers),
        *((name, StringTensorType([None, 1])) for name in words),
    ]
    path = tmp_path / "net.onnx"
    path.write_bytes(to_onnx(pipeline, initial_types=types).SerializeToString())
    module = Trained(imported(path))
    shares = module.module.predict_proba(module.params, rows)
    np.testing.assert_allclose(shares, pipeline.predict_proba(rows), rtol=0, atol=1e-5)
