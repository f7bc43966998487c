"""Estimators of scikit-learn, as code, with the data that they learn."""

from importlib import import_module
from typing import Any

import numpy as np

MODULES = (
    "calibration compose decomposition discriminant_analysis ensemble feature_selection impute linear_model "
    "model_selection multiclass multioutput neural_network pipeline preprocessing svm"
).split()
"""The modules of scikit-learn whose names the code may use."""

ROWS = 80
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(ROWS, 5)) * [1, 10, 0.1, 3, 2] + [0, 5, 1, -3, 0]
THREE = RANDOM.choice(["maybe", "no", "yes"], ROWS)
TWO = RANDOM.choice([4, 7], ROWS)
LABELS = (RANDOM.uniform(size=(ROWS, 3)) > 0.5).astype(int)
NUMBER = RANDOM.normal(size=ROWS)

ESTIMATORS: dict[str, tuple[str, Any]] = {
    **{
        f"network {name}": (f"MLPClassifier((5, 5), activation={name!r}, max_iter=5)", THREE)
        for name in ("identity", "logistic", "tanh", "relu")
    },
    "two classes": ("MLPClassifier((5,), max_iter=5)", TWO),
    "labels": ("MLPClassifier((5,), max_iter=5)", LABELS),
    "regression": ("MLPRegressor(hidden_layer_sizes=(5, 5), max_iter=5)", NUMBER),
    "counts": ("MLPRegressor(hidden_layer_sizes=(5,), max_iter=5, loss='poisson')", abs(NUMBER)),
    "two targets": ("MLPRegressor(hidden_layer_sizes=(5,), max_iter=5)", np.stack([NUMBER, -NUMBER], 1)),
    "float32": ("MLPRegressor(hidden_layer_sizes=(5,), max_iter=5)", NUMBER),
    "logistic": ("LogisticRegression()", THREE),
    "logistic, two classes": ("LogisticRegression(fit_intercept=False)", TWO),
    "linear": ("LinearRegression()", NUMBER),
    "linear, two targets": ("LinearRegression()", np.stack([NUMBER, -NUMBER], 1)),
    "ridge": ("Ridge(fit_intercept=False)", NUMBER),
    "lasso": ("Lasso(0.01)", NUMBER),
    "perceptron": ("Perceptron()", TWO),
    "perceptron, three classes": ("Perceptron()", THREE),
    "margin": ("LinearSVC()", TWO),
    "margin, three classes": ("LinearSVC(loss='hinge')", THREE),
    "logistic, by search": ("LogisticRegressionCV(cv=2, max_iter=20)", THREE),
    "discriminant": ("LinearDiscriminantAnalysis()", THREE),
    "discriminant, two classes": ("LinearDiscriminantAnalysis()", TWO),
    "ridge classifier": ("RidgeClassifier()", TWO),
    "ridge classifier, three classes": ("RidgeClassifierCV()", THREE),
    **{f"stochastic {loss}": (f"SGDClassifier(loss={loss!r})", TWO) for loss in ("hinge", "log_loss", "perceptron")},
    "stochastic, three classes": ("SGDClassifier(loss='squared_hinge')", THREE),
    **{
        f"{name} regression": (f"{name}()", NUMBER)
        for name in (
            "RidgeCV LassoCV ElasticNet ElasticNetCV Lars LarsCV LassoLars LassoLarsCV LassoLarsIC BayesianRidge "
            "ARDRegression OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV LinearSVR SGDRegressor HuberRegressor "
            "QuantileRegressor TheilSenRegressor"
        ).split()
    },
    **{
        f"two targets, {name}": (f"{name}()", np.stack([NUMBER, -NUMBER], 1))
        for name in "MultiTaskLasso MultiTaskLassoCV MultiTaskElasticNet MultiTaskElasticNetCV".split()
    },
    "Poisson": ("make_pipeline(StandardScaler(), PoissonRegressor())", abs(NUMBER)),
    "gamma": ("make_pipeline(StandardScaler(), GammaRegressor())", abs(NUMBER)),
    "Tweedie": ("make_pipeline(StandardScaler(), TweedieRegressor())", NUMBER),
    "Tweedie, 1.5": ("make_pipeline(StandardScaler(), TweedieRegressor(power=1.5))", abs(NUMBER)),
    "standardized": ("make_pipeline(StandardScaler(), MLPClassifier((5,), max_iter=5))", THREE),
    "not centered": ("make_pipeline(StandardScaler(with_mean=False), MLPClassifier((5,), max_iter=5))", TWO),
    "centered": ("make_pipeline(StandardScaler(with_std=False), MLPClassifier((5,), max_iter=5))", TWO),
    "interval": ("make_pipeline(MinMaxScaler(), MLPClassifier((5,), max_iter=5))", TWO),
    "interval from -1": ("make_pipeline(MinMaxScaler((-1, 1)), MLPClassifier((5,), max_iter=5))", TWO),
    "two scalers": ("make_pipeline(RobustScaler(), MaxAbsScaler(), LogisticRegression())", TWO),
    "selected": (
        "make_pipeline(ColumnTransformer([('a', StandardScaler(), [4, 0]), ('b', 'passthrough', [2])]), Ridge())",
        NUMBER,
    ),
    "components": ("make_pipeline(StandardScaler(), PCA(3), MLPClassifier((5,), max_iter=5))", THREE),
    "components in a pipeline": (
        "make_pipeline(make_pipeline(StandardScaler(), PCA(3)), MLPClassifier((5,), max_iter=5))",
        THREE,
    ),
    "logistic, false or true": ("LogisticRegression()", TWO > 5),
    "components, whitened and scaled": (
        "make_pipeline(PCA(3, whiten=True), StandardScaler(), TruncatedSVD(2), MinMaxScaler(), LogisticRegression())",
        TWO,
    ),
    "chosen columns": (
        "make_pipeline(VarianceThreshold(0.5), SelectKBest(k=3), RFE(Ridge(), n_features_to_select=2), Ridge())",
        NUMBER,
    ),
    "chosen by shares and tests": (
        "make_pipeline(FeatureUnion([('a', SelectPercentile(f_regression, percentile=50)), "
        "('b', SelectFpr(f_regression, alpha=0.9)), ('c', SelectFwe(f_regression, alpha=1.0))]), "
        "SequentialFeatureSelector(Ridge(), n_features_to_select=4), RFECV(Ridge()), Ridge())",
        NUMBER,
    ),
    "chosen by information": ("make_pipeline(SelectKBest(mutual_info_classif, k=3), LogisticRegression())", THREE),
    "eliminated": ("make_pipeline(StandardScaler(), RFE(LogisticRegression(), n_features_to_select=2))", THREE),
    "union": (
        "make_pipeline(FeatureUnion([('a', PCA(2)), ('b', StandardScaler()), ('c', 'passthrough')]), MaxAbsScaler(), "
        "Ridge())",
        NUMBER,
    ),
    "functions": (
        "make_pipeline(FunctionTransformer(np.abs), ColumnTransformer([('a', FunctionTransformer(np.log1p), [0, 1]), "
        "('b', FunctionTransformer(np.sqrt), [2]), ('c', 'passthrough', [3])]), LogisticRegression())",
        TWO,
    ),
    **{
        f"function {name}": (f"make_pipeline(MaxAbsScaler(), FunctionTransformer(np.{name}), Ridge())", NUMBER)
        for name in "cos exp expm1 floor negative sign sin square tanh".split()
    },
    **{
        f"function {name}": (f"make_pipeline(MinMaxScaler((1, 2)), FunctionTransformer(np.{name}), Ridge())", NUMBER)
        for name in "log log2 log10".split()
    },
    "powers": ("make_pipeline(StandardScaler(), PowerTransformer(), MLPClassifier((5,), max_iter=5))", THREE),
    "powers, not standardized": (
        "make_pipeline(PowerTransformer(standardize=False), StandardScaler(), Ridge())",
        NUMBER,
    ),
    "powers of positive numbers": (
        "make_pipeline(MinMaxScaler((1, 2)), PowerTransformer(method='box-cox'), LogisticRegression())",
        TWO,
    ),
    "clipped": ("make_pipeline(MinMaxScaler(clip=True), Ridge())", NUMBER),
    "clipped by size": ("make_pipeline(MaxAbsScaler(clip=True), Ridge())", NUMBER),
    "clipped from -2": ("make_pipeline(MinMaxScaler((-2, 3), clip=True), StandardScaler(), LogisticRegression())", TWO),
    **{
        f"bins {encode}": (f"make_pipeline(KBinsDiscretizer(4, encode={encode!r}), LogisticRegression())", THREE)
        for encode in ("onehot", "onehot-dense", "ordinal")
    },
    "targets": (
        "TransformedTargetRegressor(make_pipeline(StandardScaler(), Ridge()), transformer=StandardScaler())",
        100.0 * NUMBER + 5.0,
    ),
    "two targets in their units": (
        "TransformedTargetRegressor(MLPRegressor(hidden_layer_sizes=(5,), max_iter=5), transformer=RobustScaler())",
        np.stack([100.0 * NUMBER + 5.0, 3.0 - NUMBER], 1),
    ),
    "rest": ("make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression()))", THREE),
    "rest, two classes": ("OneVsRestClassifier(LogisticRegression())", TWO),
    "rest, labels": ("OneVsRestClassifier(LogisticRegression())", LABELS),
    "rest, networks": ("OneVsRestClassifier(MLPClassifier((4,), max_iter=5))", THREE),
    **{f"rest, {name}": (f"OneVsRestClassifier({name}())", THREE) for name in ("LinearSVC", "Perceptron")},
    "rest, stochastic": ("SGDClassifier(loss='log_loss')", THREE),
    "rest, liblinear": ("LogisticRegression(solver='liblinear')", TWO),
    "each target": ("MultiOutputRegressor(Ridge())", np.stack([NUMBER, -NUMBER], 1)),
    "each target, networks": (
        "MultiOutputRegressor(MLPRegressor(hidden_layer_sizes=(4,), max_iter=5))",
        np.stack([NUMBER, -NUMBER], 1),
    ),
    **{
        f"soft voting, {name}": (
            "VotingClassifier([('a', LogisticRegression()), ('b', MLPClassifier((4,), max_iter=5))], voting='soft', "
            "weights=[1, 3])",
            y,
        )
        for name, y in (("two classes", TWO), ("three classes", THREE))
    },
    "soft voting, pipelines": (
        "make_pipeline(MaxAbsScaler(), VotingClassifier([('a', make_pipeline(StandardScaler(), PCA(3), "
        "LogisticRegression())), ('b', make_pipeline(ColumnTransformer([('a', MinMaxScaler(), [3, 1])]), "
        "MLPClassifier((4,), max_iter=5)))], voting='soft'))",
        THREE,
    ),
    "each target, pipelines": (
        "MultiOutputRegressor(make_pipeline(SelectKBest(f_regression, k=2), StandardScaler(), Ridge()))",
        np.stack([NUMBER, -NUMBER], 1),
    ),
    "consensus of a pipeline": ("RANSACRegressor(make_pipeline(RobustScaler(), Ridge()), min_samples=20)", NUMBER),
    "voting, numbers": ("VotingRegressor([('a', Ridge()), ('b', LinearRegression()), ('c', 'drop')])", NUMBER),
    "calibrated": ("CalibratedClassifierCV(LinearSVC())", TWO),
    "calibrated once": ("CalibratedClassifierCV(LogisticRegression(), ensemble=False)", TWO),
    "consensus": ("RANSACRegressor(random_state=1)", NUMBER),
    **{f"passive, {name}": ("PassiveAggressiveClassifier()", y) for name, y in (("two", TWO), ("three", THREE))},
    "passive, numbers": ("PassiveAggressiveRegressor()", NUMBER),
    "search": (
        "GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), {'logisticregression__C': [0.1, 1.0]})",
        THREE,
    ),
}

TRANSFORMER = """ColumnTransformer([
    ("numbers", make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), ["age", "pay"]),
    ("rest", OneHotEncoder(handle_unknown="ignore", drop="if_binary"), ["my city", "rooms"]),
    ("owner", OneHotEncoder(), ["owner"]),
    ("car", make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), ["car"]),
], remainder="passthrough")"""

FRAMES: dict[str, tuple[str, Any]] = {
    "columns": (f"make_pipeline({TRANSFORMER}, MLPClassifier((5,), max_iter=5))", THREE),
    "columns, scaled again": (f"make_pipeline({TRANSFORMER}, MinMaxScaler(), LogisticRegression())", THREE),
    "columns, regression": (f"make_pipeline({TRANSFORMER}, Ridge())", NUMBER),
    "codes": (
        "make_pipeline(make_column_transformer((OrdinalEncoder(handle_unknown='use_encoded_value', unknown_value=-1, "
        "encoded_missing_value=7), ['my city', 'rooms', 'car']), (make_pipeline(SimpleImputer(), "
        "FunctionTransformer(np.log1p), PCA(2)), ['age', 'pay'])), StandardScaler(), LogisticRegression())",
        TWO,
    ),
    "known codes": (
        "make_pipeline(make_column_transformer((OrdinalEncoder(), ['my city', 'rooms']), "
        "(KBinsDiscretizer(3), ['tail'])), Ridge())",
        NUMBER,
    ),
    "numbers of a frame": ("make_pipeline(make_column_selector_of(), StandardScaler(), LogisticRegression())", TWO),
}


def frame() -> Any:
    """Columns of numbers and categories, with gaps."""
    import pandas as pd

    random = np.random.default_rng(1)
    owner = pd.Series(random.choice(["yes", ""], ROWS))
    columns = {
        "age": np.where(np.arange(ROWS) % 7, random.normal(40, 9, ROWS), np.nan),
        "pay": random.uniform(size=ROWS) * 1e4,
        "rooms": random.integers(1, 4, ROWS),
        "my city": random.choice(["a", "b c", "d"], ROWS),
        "owner": owner.where(owner == "yes", np.nan),
        "car": pd.Series(random.choice(["small", "large", ""], ROWS)).replace("", np.nan),
        "tail": random.normal(size=ROWS),
    }
    return pd.DataFrame(columns)


def evaluated(code: str, **more: Any) -> Any:
    """An estimator by its code, which has the names of scikit-learn, ``np`` and more."""
    from sklearn import compose

    names: dict[str, Any] = {"np": np, **more}
    for name in MODULES:
        names |= vars(import_module(f"sklearn.{name}"))
    names["make_column_selector_of"] = lambda: compose.ColumnTransformer(
        [("numbers", "passthrough", compose.make_column_selector("pay|tail"))]
    )
    return eval(code, names)


def fitted(code: str, x: Any, y: Any) -> Any:
    """A fitted estimator."""
    return evaluated(code).fit(x, y)
