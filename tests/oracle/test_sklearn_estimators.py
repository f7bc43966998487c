"""``nngen.sklearn`` by scikit-learn's own checks, and against ``nngen train``."""

import json
import os
import pickle
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import nngen
from nngen.dask import connected
from nngen.description.data.examples import read_examples, training_columns
from nngen.reading import load
from nngen.sklearn import NetworkClassifier, NetworkRegressor
from nngen.targets import as_module
from tests.support.limits import time_limit
from tests.support.modules import ROOT, built

pytestmark = pytest.mark.oracle

IRIS = ROOT / "specs" / "iris.yaml"


FAILED = {
    "check_sample_weight_equivalence_on_dense_data": (
        "where an example of weight 0 is left out, others share a batch; in scikit-learn's own networks, too"
    )
}
"""The checks that the estimators fail, with the reason."""

NOT_MEANT = {"check_array_api_input"}
"""Checks that scikit-learn leaves out unless other array libraries are asked for."""


@pytest.mark.parametrize("estimator", [NetworkClassifier(epochs=40), NetworkRegressor(activation="tanh")], ids=repr)
def test_the_checks_of_scikit_learn(estimator: Any) -> None:
    done = check_estimator(estimator, expected_failed_checks=FAILED, on_skip=None)
    assert {one["check_name"] for one in done if one["status"] == "xfail"} == set(FAILED)
    assert {one["check_name"] for one in done if one["status"] == "skipped"} <= NOT_MEANT
    assert len(done) > 40


def test_training_is_that_of_nngen() -> None:
    """A spec with a scale to be measured, and the examples that its own training takes."""
    spec = load(IRIS)
    data = read_examples(spec, IRIS.parent)
    module = built(IRIS, "numpy")
    trained, losses = module.fit(module.init(), data.train_x, data.train_y)

    names = np.array(data.labels)[data.train_y.argmax(axis=1)]
    raw = data.train_x * scale(module)[1] + scale(module)[0]
    found = NetworkClassifier(IRIS).fit(raw, names)
    np.testing.assert_allclose(found.loss_curve_, losses, 1e-9)
    np.testing.assert_allclose(found.parameters_, module.pack(trained), 1e-7, 1e-9)
    assert list(found.classes_) == ["setosa", "versicolor", "virginica"]


def scale(module: Any) -> tuple[Any, Any]:
    """The constants of a module's ``scale``."""
    zero, one = module.scale(np.zeros((1, 4))), module.scale(np.ones((1, 4)))
    return -zero / (one - zero), 1.0 / (one - zero)


def test_epochs_one_by_one_are_a_training() -> None:
    x, y = load_iris(return_X_y=True)
    whole = NetworkClassifier(epochs=4).fit(x, y)
    parts = NetworkClassifier(epochs=4)
    for _ in range(4):
        parts.partial_fit(x, y, classes=[0, 1, 2])
        parts = pickle.loads(pickle.dumps(parts))
    np.testing.assert_array_equal(parts.parameters_, whole.parameters_)
    assert parts.loss_curve_ == whole.loss_curve_


def test_a_pipeline_and_a_grid_search() -> None:
    x, y = load_iris(return_X_y=True, as_frame=True)
    grid = {"networkclassifier__optimizer": [{"name": "adam", "rate": 1e-5}, {"name": "adam", "rate": 0.02}]}
    search = GridSearchCV(make_pipeline(StandardScaler(), NetworkClassifier(epochs=30)), grid, cv=3).fit(x, y)
    assert search.best_params_["networkclassifier__optimizer"]["rate"] == 0.02
    assert search.best_score_ > 0.9


def process(*_: object) -> int:
    """A score that tells who computed it."""
    return os.getpid()


def test_a_search_on_dask() -> None:
    """Each training is a task of a worker, with the bits of the same search here."""
    x, y = load_iris(return_X_y=True)
    grid = {"hidden_layers": [(4,), (8,)]}
    scoring = {"accuracy": "accuracy", "process": process}
    search = GridSearchCV(NetworkClassifier(epochs=5), grid, cv=2, scoring=scoring, refit="accuracy")
    with time_limit(300), connected("local", 2), joblib.parallel_config("dask"):
        spread = clone(search).fit(x, y)
    here = search.fit(x, y)
    splits = "split0_test_process", "split1_test_process"
    assert {os.getpid()} == {process for split in splits for process in here.cv_results_[split]}
    assert os.getpid() not in {process for split in splits for process in spread.cv_results_[split]}
    assert list(spread.cv_results_["mean_test_accuracy"]) == list(here.cv_results_["mean_test_accuracy"])
    np.testing.assert_array_equal(spread.best_estimator_.parameters_, here.best_estimator_.parameters_)


def test_the_vendored_module_gives_the_same_answers() -> None:
    data = load_iris(as_frame=True)
    found = NetworkClassifier(epochs=20).fit(data.data, data.target_names[data.target])
    assert list(found.feature_names_in_) == list(data.data.columns)
    module = as_module("network", found.module_text("python"))
    rows = data.data.to_dict("records")
    assert [module.predict(module.TRAINED, row) for row in rows] == list(found.predict(data.data))
    shares = [list(module.predict_proba(module.TRAINED, row).values()) for row in rows]
    np.testing.assert_allclose(shares, found.predict_proba(data.data), 1e-12)
    for target in ("numpy", "javascript", "c"):
        assert "sepal length (cm)" in found.module_text(target)


LINEAR = """\
name: margin
inputs: 4
layers: [{name: output, units: UNITS, activation: linear}]
loss: LOSS
training: {optimizer: {name: gradient_descent, rate: 0.02}, epochs: 60, batch_size: 10}
"""


@pytest.mark.parametrize(("classes", "units", "loss"), [(2, 1, "hinge"), (3, 3, "squared_hinge")])
def test_classes_without_probabilities(classes: int, units: int, loss: str) -> None:
    x, y = load_iris(return_X_y=True)
    x, y = x[y < classes], y[y < classes]
    x = StandardScaler().fit_transform(x)
    found = NetworkClassifier(LINEAR.replace("UNITS", str(units)).replace("LOSS", loss)).fit(x, y)
    assert not hasattr(found, "predict_proba")
    scores = found.decision_function(x)
    assert scores.shape == ((len(x),) if classes == 2 else (len(x), 3))
    np.testing.assert_array_equal(found.predict(x), scores > 0.0 if classes == 2 else scores.argmax(axis=1))
    assert found.score(x, y) > 0.8


def test_targets_whose_logarithms_are_learned() -> None:
    x, _ = load_iris(return_X_y=True)
    y = np.exp(x[:, :2] @ [[1.0, 2.0], [0.5, -1.0]])
    text = LINEAR.replace("UNITS", "2").replace("LOSS", "squared_error") + "data: {scale_targets: log}\n"
    found = NetworkRegressor(text, epochs=200).fit(x, y)
    assert found.score(x, y) > 0.7
    module = as_module("margin", found.module_text("numpy"))
    np.testing.assert_allclose(found.predict(x), module.predict(module.TRAINED, x.tolist()), 1e-12)
    with pytest.raises(ValueError, match="greater than 0"):
        NetworkRegressor(text).fit(x, -y)


def test_several_targets_in_their_units() -> None:
    x, _ = load_iris(return_X_y=True)
    y = 1000.0 * x[:, :2] @ [[1.0, 2.0], [3.0, -1.0]] + 500.0
    text = LINEAR.replace("UNITS", "2").replace("LOSS", "squared_error")
    scale = "data: {scale_targets: {name: standardize, mean: [15000, 9000], deviation: [2000, 1500]}}\n"
    found = NetworkRegressor(text + scale).fit(x, y)
    assert found.predict(x).shape == (150, 2)
    assert found.score(x, y) > 0.5
    module = as_module("margin", found.module_text("numpy"))
    np.testing.assert_allclose(found.predict(x), module.predict(module.TRAINED, x.tolist()), 1e-12)


@pytest.mark.parametrize(
    ("estimator", "y", "message"),
    [
        (
            NetworkClassifier(LINEAR.replace("UNITS", "2").replace("LOSS", "hinge")),
            [0, 1, 2] * 5,
            "2 outputs.*3 classes",
        ),
        (NetworkRegressor(ROOT / "specs" / "neuron.yaml"), np.arange(15.0), "3 inputs.*4 features"),
        (NetworkRegressor(ROOT / "specs" / "penguins.yaml"), np.ones((15, 3)), "rows of 6 values: bill_length_mm"),
        (NetworkClassifier(), ["a"] * 15, "at least 2 classes"),
        (NetworkRegressor(optimizer={"name": "gradient_descent", "rate": 1e9}), np.arange(15.0), "diverged"),
    ],
)
def test_what_does_not_fit_is_refused(estimator: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        estimator.fit(np.random.default_rng(0).normal(size=(15, 4)), y)


def test_outputs_of_nan_are_no_classes() -> None:
    X, y = np.random.default_rng(0).normal(size=(15, 4)), [0, 1, 2] * 5  # noqa: N806
    estimator = NetworkClassifier(epochs=1).fit(X, y)
    with pytest.raises(ValueError, match="expected numbers as outputs, got NaN"):
        NetworkClassifier.from_parameters(estimator.spec_, np.full_like(estimator.parameters_, np.nan)).predict(X)


PENGUINS = ROOT / "specs" / "penguins.yaml"


def penguins() -> tuple[Any, Any]:
    """Columns with categories and gaps, and the species."""
    import pandas as pd

    table = pd.read_csv(ROOT / "specs" / "data" / "penguins.csv")
    return table.drop(columns="species"), table["species"]


def test_columns_are_encoded() -> None:
    """Trained on the training examples of ``nngen train``, which come in the same order, it is the same network."""
    spec = load(PENGUINS)
    module = built(PENGUINS, "numpy")
    data = read_examples(spec, PENGUINS.parent)
    columns, targets = training_columns(spec, PENGUINS.parent)
    trained, losses = module.fit(module.init(), data.train_x, data.train_y)
    names = np.array(data.labels)[targets.argmax(axis=1)]
    found = NetworkClassifier(PENGUINS).fit([*zip(*columns.values(), strict=True)], names)
    np.testing.assert_allclose(found.loss_curve_, losses, 1e-9)
    np.testing.assert_allclose(found.parameters_, module.pack(trained), 1e-7, 1e-9)


def test_columns_of_a_frame_in_a_pipeline_and_a_search() -> None:
    x, y = penguins()
    network = NetworkClassifier(PENGUINS, random_state=1)
    search = GridSearchCV(make_pipeline(network), {"networkclassifier__epochs": [1, 30]}, cv=3).fit(x, y)
    assert search.best_params_ == {"networkclassifier__epochs": 30}
    assert search.best_score_ > 0.95
    found = pickle.loads(pickle.dumps(search.best_estimator_[-1]))
    assert list(found.feature_names_in_) == list(x.columns)
    module = as_module("penguins", found.module_text("python"))
    rows = x.astype(object).where(x.notna(), None).to_dict("records")
    assert [module.predict(module.TRAINED, row) for row in rows] == list(found.predict(x))
    again = NetworkClassifier.from_parameters(found.spec_, found.parameters_)
    np.testing.assert_array_equal(again.predict_proba(x[list(again.feature_names_in_)]), found.predict_proba(x))
    found.partial_fit(x, y)
    with pytest.raises(ValueError, match="sex"):
        found.predict(x.drop(columns="sex"))


def test_targets_of_columns_are_scaled() -> None:
    x, _ = penguins()
    x = x[x["body_mass_g"].notna()]
    spec = "\n".join(
        [
            "name: mass",
            "inputs: [{name: flipper, column: flipper_length_mm}, {name: sex, categories: [male], unknown: zeros,"
            " missing: zeros}]",
            "layers: [{name: output, units: 1, activation: linear}]",
            "loss: squared_error",
            "training: {optimizer: {name: adam, rate: 0.1}, epochs: 60, batch_size: 20}",
            "data: {scale: {name: divide, by: 200.0}, scale_targets: {name: standardize, mean: [4000],"
            " deviation: [1000]}}",
        ]
    )
    found = NetworkRegressor(spec).fit(x[["flipper_length_mm", "sex"]], x["body_mass_g"])
    assert found.score(x[["flipper_length_mm", "sex"]], x["body_mass_g"]) > 0.7


def test_weights_need_a_loss_that_has_them() -> None:
    x, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match="example_weights"):
        NetworkClassifier(IRIS, epochs=1).fit(x, y, sample_weight=np.ones(len(x)))
    first = NetworkClassifier(epochs=2, batch_size="full").fit(x, y, sample_weight=(y < 2) * 1.0)
    other = NetworkClassifier(epochs=2, batch_size="full").fit(x, y)
    assert first.predict_proba(x)[:, 2].sum() < other.predict_proba(x)[:, 2].sum()


def test_a_copy_of_the_parameters_starts_anew() -> None:
    x, y = load_iris(return_X_y=True)
    found = NetworkClassifier(epochs=3, random_state=7).fit(x, y)
    again = clone(found).fit(x, y)
    np.testing.assert_array_equal(found.parameters_, again.parameters_)
    assert not np.array_equal(found.parameters_, clone(found).set_params(random_state=8).fit(x, y).parameters_)


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_from_scikit_learn_and_back(kind: Any) -> None:
    """A network with square layers, scaled: the same answers, and the same parameters after more epochs."""
    x, y = load_iris(return_X_y=True)
    source = make_pipeline(
        StandardScaler(), kind(hidden_layer_sizes=(8, 8), max_iter=20, random_state=1, early_stopping=False)
    )
    with pytest.warns(match="converge"):
        source.fit(x, y)
    text, params = nngen.from_sklearn(source)
    if kind is MLPClassifier:
        found: Any = NetworkClassifier.from_parameters(text, params, classes=source.classes_)
        np.testing.assert_allclose(found.predict_proba(x), source.predict_proba(x), 1e-11, 1e-13)
        np.testing.assert_array_equal(found.predict(x), source.predict(x))
    else:
        found = NetworkRegressor.from_parameters(text, params)
        np.testing.assert_allclose(found.predict(x), source.predict(x), 1e-11, 1e-13)
    before = found.score(x, y)
    for _ in range(20):
        found.partial_fit(x, y)
    assert found.score(x, y) > before


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_training_goes_on_as_in_scikit_learn(kind: Any) -> None:
    """Steps of gradient descent in both, from the same parameters: the gradients are the same."""
    x, y = load_iris(return_X_y=True)
    options = {"solver": "sgd", "momentum": 0.0, "learning_rate_init": 0.05, "alpha": 0.1, "batch_size": len(x)}
    source = kind(hidden_layer_sizes=(8, 8), random_state=1, **options)
    source.partial_fit(x, y, **({"classes": [0, 1, 2]} if kind is MLPClassifier else {}))
    text, params = nngen.from_sklearn(source)
    made: Any = NetworkClassifier if kind is MLPClassifier else NetworkRegressor
    found = made.from_parameters(text, params, **({"classes": [0, 1, 2]} if kind is MLPClassifier else {}))
    for _ in range(5):
        source.partial_fit(x, y)
        found.partial_fit(x, y)
    np.testing.assert_allclose(found.parameters_, nngen.from_sklearn(source)[1], 1e-11, 1e-13)


def test_without_scikit_learn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import subprocess
    import sys

    code = "import sys; sys.modules['sklearn'] = None; import nngen.sklearn"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.endswith("nngen.sklearn needs scikit-learn: pip install scikit-learn\n")


def test_wrong_choices_say_what_to_write() -> None:
    x, y = [[0.0], [1.0]], ["a", "b"]
    found: Any = NetworkClassifier(epochs=1).fit(x, y)
    with pytest.raises(nngen.SpecError, match="did you mean 'c'"):
        found.module_text("cpp")
    wrong: list[tuple[str, Any, str]] = [
        ("hidden_layers", 5, "expected a list of units, got 5"),
        ("spec", 3, "expected a text or a path, got 3"),
        ("activation", "rleu", "did you mean 'relu'"),
        ("optimizer", "adma", "unknown optimizer 'adma'"),
        ("batch_size", "ful", "did you mean 'full'"),
    ]
    for name, value, message in wrong:
        with pytest.raises(nngen.SpecError, match=message):
            NetworkClassifier(**{name: value}).fit(x, y)


def test_a_clip_and_a_range_are_given_by_value() -> None:
    """They are measured on the examples, and a row far outside has an answer in the range."""
    spec = """
name: net
inputs: [{name: size, scale: robust}, age]
layers: [{name: output, units: [price], activation: linear}]
initial: {weights: glorot_uniform}
loss: squared_error
training: {optimizer: {name: adam, rate: 0.1}, epochs: 3, batch_size: 8}
data: {scale: standardize, scale_targets: standardize, answer_range: 0.1}
"""
    x = pd.DataFrame({"size": [*range(40), 1e9], "age": [k % 7 for k in range(41)]}, dtype=float)
    y = np.arange(41.0)
    fitted = NetworkRegressor(spec=spec).fit(x, y)
    how = json.loads(fitted.spec_)
    assert how["inputs"][0]["scale"] == {"name": "robust", "median": [20.0], "spread": [20.0]}
    assert how["data"]["answer_range"] == {"low": [0.0], "high": [44.0]}
    far = pd.DataFrame({"size": [1e60, -1e60], "age": [1e6, -1e6]})
    assert set(fitted.predict(far)) <= {0.0, 44.0}
