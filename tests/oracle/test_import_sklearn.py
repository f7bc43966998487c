"""Estimators of scikit-learn, in memory and as ``.skops`` files: the same answers for raw rows of data."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nngen
from tests.oracle.imported import Imported, read_file
from tests.oracle.sklearn_models import ESTIMATORS, FRAMES, NUMBER, ROWS, THREE, TWO, X, fitted, frame
from tests.support.differences import seen

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def parts(estimator: Any) -> list[str]:
    """The classes of an estimator and of all that it is made of."""
    if isinstance(estimator, list | tuple):
        return [name for part in estimator for name in parts(part)]
    if not type(estimator).__module__.startswith("sklearn"):
        return []
    names = (
        "steps transformers_ transformer_list estimators_ estimator_ regressor_ transformer_ best_estimator_".split()
    )
    inner = [getattr(estimator, name) for name in names if hasattr(estimator, name)]
    return [type(estimator).__name__, *parts(inner)]


def imported(estimator: Any, folder: Path) -> Imported:
    """The network of an estimator, which is the same from memory and from a file."""
    import skops.io

    text, flat = nngen.from_sklearn(estimator, name="model")
    path = folder / "model.skops"
    skops.io.dump(estimator, path)
    assert read_file(path, type(estimator).__name__, parts(estimator), name="model") == (text, flat)
    return Imported(text, flat)


def compare(estimator: Any, x: Any, folder: Path, tolerance: float = 1e-12) -> None:
    """The same scores and the same answers."""
    network = imported(estimator, folder)
    methods = ["predict_proba", "decision_function", "predict"]
    if network.spec.layers[-1].activation.name == "linear":
        methods = ["decision_function", *methods]
    expected = getattr(estimator, next(name for name in methods if hasattr(estimator, name)))(x)
    expected = expected.reshape(len(expected), -1)
    if len(network.spec.layers[-1].unit_names) == 1:
        expected = expected[:, -1:]  # the second class
    if network.spec.layers[-1].activation.name == "step":
        expected = (expected > 0.0).astype(float)
    if type(estimator).__name__ == "OneVsRestClassifier" and not hasattr(estimator, "decision_function"):
        expected = expected * network.outputs(x).sum(axis=1, keepdims=True)  # scikit-learn has divided by it
    right = estimator.predict(x)
    if isinstance(x, np.ndarray):
        x = x[:, [int(name[1:]) - 1 for name in network.spec.input_names]]  # those that the spec has
    if network.spec.data is None or network.spec.data.scale_targets is None:
        if tolerance == 1e-12:  # scikit-learn did not compute in float32
            seen("scikit-learn", parts(estimator), network.outputs(x), expected)
        np.testing.assert_allclose(network.outputs(x), expected, rtol=tolerance, atol=tolerance)
    if hasattr(network.module, "predict"):
        answers = network.module.predict(network.params, x)
        if network.spec.data is not None and network.spec.data.classes:
            assert [*answers] == [*map(str, right)]
        else:
            seen(
                "scikit-learn", parts(estimator) if tolerance == 1e-12 else (), np.reshape(answers, right.shape), right
            )
            np.testing.assert_allclose(np.reshape(answers, right.shape), right, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_estimators(name: str, tmp_path: Path) -> None:
    code, y = ESTIMATORS[name]
    x = X.astype(np.float32) if name == "float32" else X
    compare(fitted(code, x, y), x, tmp_path, 1e-5 if name == "float32" else 1e-12)


@pytest.mark.parametrize("name", FRAMES)
def test_frames(name: str, tmp_path: Path) -> None:
    code, y = FRAMES[name]
    compare(fitted(code, frame(), y), frame(), tmp_path)


def test_unknown_categories_and_gaps_in_new_rows(tmp_path: Path) -> None:
    code, y = FRAMES["columns"]
    estimator = fitted(code, frame(), y)
    rows = frame()
    rows["my city"] = rows["my city"].replace("d", "elsewhere")
    rows["car"] = rows["car"].replace("small", "none")
    rows.loc[::3, "pay"] = np.nan
    network = imported(estimator, tmp_path)
    expected = estimator.predict_proba(rows)
    np.testing.assert_allclose(network.outputs(rows), expected, rtol=1e-12, atol=1e-12)


def test_numbers_at_the_edges_of_bins_and_unknown_codes(tmp_path: Path) -> None:
    """Numbers on an edge, beyond the outer ones, and categories that no row of the training has."""
    estimator = fitted(ESTIMATORS["bins onehot"][0], X, THREE)
    edges = np.array([[*ends, -1e99, 1e99] for ends in estimator[0].bin_edges_]).T
    rows = np.concatenate([edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf)])
    expected = estimator.predict_proba(rows)
    np.testing.assert_allclose(imported(estimator, tmp_path).outputs(rows), expected, rtol=1e-12, atol=1e-12)
    code, y = FRAMES["codes"]
    estimator = fitted(code, frame(), y)
    table = frame()
    table["my city"] = table["my city"].replace("d", "elsewhere")
    expected = estimator.predict_proba(table)[:, 1:]
    np.testing.assert_allclose(imported(estimator, tmp_path).outputs(table), expected, rtol=1e-12, atol=1e-12)


SOLVERS: dict[str, dict[str, Any]] = {
    "sgd": {"momentum": 0.0},
    "momentum": {"nesterovs_momentum": False},
    "nesterov": {},
    "adam": {"solver": "adam"},
    "adam, large epsilon": {"solver": "adam", "epsilon": 1e-3, "beta_1": 0.8},
}


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("kind", ["MLPClassifier", "MLPRegressor"])
def test_training_continues(kind: str, solver: str) -> None:
    """Twenty steps after the import, in scikit-learn and in nngen."""
    from sklearn import neural_network
    from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

    common = {"learning_rate_init": 0.05, "alpha": 0.1, "batch_size": ROWS, "random_state": 1}
    model = getattr(neural_network, kind)(hidden_layer_sizes=(5,), **{"solver": "sgd"} | common | SOLVERS[solver])
    classes = {"classes": [*"abc"]} if kind == "MLPClassifier" else {}
    y = np.array([*"abc"])[np.arange(ROWS) % 3] if classes else NUMBER
    x = (X - X.mean(0)) / X.std(0)
    model.partial_fit(x, y, **classes)  # the first call draws the parameters
    new: Any = AdamOptimizer if model.solver == "adam" else SGDOptimizer  # with an empty memory, as after the import
    options = {"beta_1": model.beta_1, "beta_2": model.beta_2, "epsilon": model.epsilon}
    options = options if model.solver == "adam" else {"momentum": model.momentum, "nesterov": model.nesterovs_momentum}
    model._optimizer = new(model.coefs_ + model.intercepts_, learning_rate_init=0.05, **options)
    network = Imported(*nngen.from_sklearn(model))
    params = network.params
    state = network.module.init_state(params)
    targets = np.eye(3)[np.arange(ROWS) % 3] if classes else y[:, None]
    for _ in range(20):
        model.partial_fit(x, y)
        _, slopes = network.module.gradient(params, x, targets)
        params, state = network.module.step(params, slopes, state)
    expected = nngen.from_sklearn(model)[1]
    np.testing.assert_allclose(network.module.pack(params), expected, rtol=1e-11, atol=1e-12)


REFUSED: dict[str, tuple[str, list[str]]] = {
    "trees": ("make_pipeline(StandardScaler(), SVC())", ["svc: SVC has no equal in a spec"]),
    "many": (
        "make_pipeline(MinMaxScaler(), PolynomialFeatures(), StandardScaler(), Normalizer(), Ridge())",
        [
            "polynomialfeatures: PolynomialFeatures has no equal in a spec",
            "normalizer: Normalizer has no equal in a spec",
        ],
    ),
    "function": (
        "make_pipeline(FunctionTransformer(np.cbrt), LogisticRegression())",
        ["functiontransformer: the function numpy.cbrt has no equal in a spec"],
    ),
    "rare": (
        "make_pipeline(OneHotEncoder(min_frequency=2, handle_unknown='ignore'), LogisticRegression())",
        ["onehotencoder: categories that are merged have no equal in a spec"],
    ),
    "voting": (
        "VotingClassifier([('a', LogisticRegression())])",
        ["VotingClassifier of hard voting has no equal in a spec"],
    ),
    "calibrated": (
        "CalibratedClassifierCV(LinearSVC())",
        ["CalibratedClassifierCV of three classes or more has no equal in a spec"],
    ),
    "pipelines": (
        "OneVsRestClassifier(make_pipeline(StandardScaler(), LogisticRegression()))",
        ["OneVsRestClassifier of pipelines has no equal in a spec"],
    ),
    "imputed apart": (
        "VotingClassifier([('a', make_pipeline(SimpleImputer(), LogisticRegression()))], voting='soft')",
        ["VotingClassifier of pipelines that encode or impute has no equal in a spec"],
    ),
    "chosen by a model": (
        "make_pipeline(SelectFromModel(LogisticRegression()), LogisticRegression())",
        ["selectfrommodel: SelectFromModel has no equal in a spec"],
    ),
    "rest": (
        "OneVsRestClassifier(SVC())",
        ["OneVsRestClassifier of SVC has no equal in a spec"],
    ),
    "encoded late": (
        "make_pipeline(PCA(3), OneHotEncoder(handle_unknown='ignore'), LogisticRegression())",
        ["onehotencoder: only columns of the data have categories"],
    ),
    "imputed late": (
        "make_pipeline(StandardScaler(), SimpleImputer(), LogisticRegression())",
        ["simpleimputer: missing values are replaced after a scaler"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    code, messages = REFUSED[name]
    estimator = fitted(code, X, NUMBER if name == "many" else THREE)
    with warnings.catch_warnings(), pytest.raises(nngen.SpecError) as caught:
        nngen.from_sklearn(estimator)
    assert [found.message for found in caught.value.diagnostics] == messages


def test_trees_are_refused_with_who_reads_them() -> None:
    """XGBoost, which the tests do not install, is told by the module of its class."""
    from sklearn.ensemble import RandomForestClassifier, VotingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    boosted = type("XGBClassifier", (), {"__module__": "xgboost.sklearn"})()
    forest = RandomForestClassifier(2).fit(X, TWO)
    voting = VotingClassifier([("a", forest)], voting="soft").fit(X, TWO)
    for given in (forest, boosted, make_pipeline(StandardScaler(), forest).fit(X, TWO), voting):
        with pytest.raises(nngen.SpecError, match="has trees, and is no network") as caught:
            nngen.from_sklearn(given)
        assert caught.value.diagnostics[0].help == "m2cgen and treelite write trees as code without a library"


def test_columns_of_one_name() -> None:
    """scikit-learn refuses them, a damaged file may have them."""
    from sklearn.linear_model import Ridge

    estimator = Ridge().fit(X, NUMBER)
    estimator.feature_names_in_ = np.array([*"abcad"], object)
    with pytest.raises(nngen.SpecError, match="2 columns of the data have the name 'a'"):
        nngen.from_sklearn(estimator)


def test_only_fitted_estimators_of_scikit_learn() -> None:
    from sklearn.linear_model import Ridge

    for given in (Ridge(), 3, "text", {"coef_": [1.0]}, object()):
        with pytest.raises(nngen.SpecError, match="expected a fitted estimator of scikit-learn"):
            nngen.from_sklearn(given)
