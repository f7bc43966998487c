"""Pipelines and models of Keras as people write them: where they come from, and the code and data of the pipelines.

The steps and their options are those of the source. The data are others where those of the source have to be
downloaded, and fits are short.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.support.modules import ROOT

GALLERY = "https://scikit-learn.org/stable/auto_examples"
CHOLLET = "Chollet, Deep Learning with Python, second edition, github.com/fchollet/deep-learning-with-python-notebooks"
TUTORIALS = "https://www.tensorflow.org/tutorials"
EXAMPLES = "https://keras.io/examples/structured_data"
GUIDE = "https://scikit-learn.org/stable/modules"
BOOK = "Geron, Hands-On Machine Learning, third edition, github.com/ageron/handson-ml3"
COURSE = "https://inria.github.io/scikit-learn-mooc/python_scripts"

PIPELINES: dict[str, tuple[str, str, str]] = {
    "columns of mixed types": (
        f"{GALLERY}/compose/plot_column_transformer_mixed_types.html",
        "Pipeline([('preprocessor', ColumnTransformer([('num', Pipeline([('imputer', SimpleImputer(strategy='median')),"
        " ('scaler', StandardScaler())]), NUMBERS), ('cat', Pipeline([('encoder', OneHotEncoder(handle_unknown="
        "'ignore')), ('selector', SelectPercentile(chi2, percentile=50))]), ['island', 'sex'])])), "
        "('classifier', LogisticRegression())])",
        "penguins",
    ),
    "housing": (
        f"{BOOK}, chapter 2",
        "make_pipeline(ColumnTransformer([('log', make_pipeline(SimpleImputer(strategy='median'), "
        "FunctionTransformer(np.log, feature_names_out='one-to-one'), StandardScaler()), NUMBERS[2:]), "
        "('cat', make_pipeline(SimpleImputer(strategy='most_frequent'), OneHotEncoder(handle_unknown='ignore')), "
        "make_column_selector(dtype_exclude=np.number))], remainder=make_pipeline(SimpleImputer(strategy='median'), "
        "StandardScaler())), LinearRegression())",
        "bills",
    ),
    "scaled targets": (
        f"{BOOK}, chapter 2",
        "TransformedTargetRegressor(LinearRegression(), transformer=StandardScaler())",
        "diabetes",
    ),
    "housing by a network": (
        f"{BOOK}, chapter 10",
        "make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=[50, 50, 50], max_iter=5, random_state=42))",
        "diabetes",
    ),
    "iris by a network": (
        f"{BOOK}, chapter 10",
        "make_pipeline(StandardScaler(), MLPClassifier(hidden_layer_sizes=[5], max_iter=50, random_state=42))",
        "iris",
    ),
    "large margin": (
        f"{BOOK}, chapter 5",
        "make_pipeline(StandardScaler(), LinearSVC(C=1, dual=True, random_state=42))",
        "virginica",
    ),
    "digits": (
        f"{GALLERY}/compose/plot_digits_pipe.html",
        "Pipeline(steps=[('scaler', StandardScaler()), ('pca', PCA(n_components=15)), "
        "('logistic', LogisticRegression(max_iter=200, tol=0.1))])",
        "digits",
    ),
    "union of features": (
        f"{GALLERY}/compose/plot_feature_union.html, with a linear model that is no SVC",
        "Pipeline([('features', FeatureUnion([('pca', PCA(n_components=2)), ('univ_select', SelectKBest(k=1))])), "
        "('svm', LinearSVC())])",
        "iris",
    ),
    "analysis of variance": (
        f"{GALLERY}/feature_selection/plot_feature_selection_pipeline.html",
        "make_pipeline(SelectKBest(f_classif, k=3), LinearSVC())",
        "cancer",
    ),
    "elimination": (
        f"{GALLERY}/feature_selection/plot_rfe_digits.html, which ends with the elimination",
        "Pipeline([('scaler', MinMaxScaler()), ('rfe', RFE(estimator=LogisticRegression(), n_features_to_select=5))])",
        "cancer",
    ),
    "claims": (
        f"{GALLERY}/linear_model/plot_poisson_regression_non_normal_loss.html",
        "Pipeline([('preprocessor', ColumnTransformer([('passthrough_numeric', 'passthrough', ['bill_depth_mm']), "
        "('binned_numeric', KBinsDiscretizer(n_bins=10, random_state=0), NUMBERS[:1]), ('log_scaled_numeric', "
        "make_pipeline(FunctionTransformer(np.log, validate=False), StandardScaler()), ['body_mass_g']), "
        "('onehot_categorical', OneHotEncoder(), ['island', 'sex'])], remainder='drop')), "
        "('regressor', PoissonRegressor(alpha=1e-12, solver='newton-cholesky'))])",
        "flippers",
    ),
    "penalties": (
        f"{GALLERY}/neural_networks/plot_mlp_alpha.html",
        "make_pipeline(StandardScaler(), MLPClassifier(solver='lbfgs', alpha=0.1, random_state=1, max_iter=30, "
        "early_stopping=True, hidden_layer_sizes=[10, 10]))",
        "cancer",
    ),
    "bins": (
        f"{GALLERY}/preprocessing/plot_discretization_classification.html",
        "make_pipeline(StandardScaler(), KBinsDiscretizer(n_bins=4, encode='onehot', random_state=0), "
        "LogisticRegression(random_state=0, C=10))",
        "wine",
    ),
    "outliers": (f"{GALLERY}/linear_model/plot_ransac.html", "RANSACRegressor(random_state=42)", "diabetes"),
    "calibration": (
        f"{GUIDE}/calibration.html",
        "make_pipeline(StandardScaler(), CalibratedClassifierCV(LinearSVC(), cv=5, method='sigmoid'))",
        "cancer",
    ),
    "a vote": (
        f"{GUIDE}/ensemble.html#weighted-average-probabilities-soft-voting, without trees",
        "VotingClassifier(estimators=[('lr', make_pipeline(StandardScaler(), LogisticRegression())), ('mlp', "
        "make_pipeline(MinMaxScaler(), MLPClassifier([8], max_iter=20)))], voting='soft', weights=[2, 1])",
        "wine",
    ),
    "categories as codes": (
        f"{COURSE}/03_categorical_pipeline.html",
        "make_pipeline(make_column_transformer((OrdinalEncoder(handle_unknown='use_encoded_value', unknown_value=-1), "
        "['island', 'sex']), remainder='drop'), LogisticRegression(max_iter=500))",
        "complete",
    ),
    "categories and numbers": (
        f"{COURSE}/03_categorical_pipeline_column_transformer.html",
        "make_pipeline(ColumnTransformer([('one-hot-encoder', OneHotEncoder(handle_unknown='ignore'), "
        "make_column_selector(dtype_include=object)), ('standard_scaler', StandardScaler(), NUMBERS)]), "
        "LogisticRegression(max_iter=500))",
        "complete",
    ),
    "a search": (
        f"{GUIDE}/compose.html#accessing-parameters, the search over a pipeline",
        "GridSearchCV(make_pipeline(StandardScaler(), PowerTransformer(), SGDClassifier(max_iter=1000, tol=1e-3, "
        "random_state=0)), {'sgdclassifier__alpha': [1e-4, 1e-2]}, cv=3)",
        "iris",
    ),
    "labels": (
        f"{GALLERY}/miscellaneous/plot_multilabel.html, with a linear model that is no SVC",
        "make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression()))",
        "labels",
    ),
}
"""By name: where it comes from, its code, and its data."""

MODELS: dict[str, str] = {
    "quickstart": f"{TUTORIALS}/quickstart/beginner",
    "miles": f"{TUTORIALS}/keras/regression",
    "higgs": f"{TUTORIALS}/keras/overfit_and_underfit",
    "fraud": f"{TUTORIALS}/structured_data/imbalanced_data",
    "pets": f"{TUTORIALS}/structured_data/preprocessing_layers, with ages that are numbered",
    "reviews": f"{CHOLLET}, chapter 4",
    "tickets": f"{CHOLLET}, chapter 7, with one of the outputs",
    "wide_and_deep": f"{BOOK}, chapter 10",
    "wide_and_deep_of_two": f"{BOOK}, chapter 10",
    "normalized_before": f"{BOOK}, chapter 11",
    "self_normalizing": f"{BOOK}, chapter 11",
    "leaky": f"{BOOK}, chapter 11",
    "diabetes": "https://machinelearningmastery.com/tutorial-first-neural-network-python-keras",
    "digits": "https://github.com/keras-team/keras, examples/mnist_mlp.py of Keras 2",
    "autoencoder": "https://blog.keras.io/building-autoencoders-in-keras.html",
    "films": f"{EXAMPLES}/collaborative_filtering_movielens, without a class of its own",
    "neumf": "https://github.com/hexiangnan/neural_collaborative_filtering, NeuMF.py",
    "cross": f"{EXAMPLES}/wide_deep_cross_networks, for numbers",
    "gated": f"{EXAMPLES}/classification_with_grn_and_vsn, one gated residual network",
    "stores": "https://github.com/entron/entity-embedding-rossmann",
}
"""The models of ``written_keras``: where each comes from."""

NUMBERS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]


def _penguins(target: str, *, complete: bool = False) -> tuple[Any, Any]:
    import pandas as pd

    table = pd.read_csv(ROOT / "specs" / "data" / "penguins.csv")
    table = table.dropna() if complete else table.dropna(subset=[target])
    texts = table.select_dtypes(exclude=np.number).columns
    table = table.astype(dict.fromkeys(texts, object))
    return table.drop(columns=target), table[target]


def _of(name: str) -> tuple[Any, Any]:
    from sklearn import datasets

    found: tuple[Any, Any] = getattr(datasets, f"load_{name}")(return_X_y=True)
    return found


DATA: dict[str, Callable[[], tuple[Any, Any]]] = {
    "penguins": lambda: _penguins("species"),
    "complete": lambda: _penguins("species", complete=True),
    "bills": lambda: _penguins("bill_length_mm"),
    "flippers": lambda: _penguins("flipper_length_mm", complete=True),
    "diabetes": lambda: _of("diabetes"),
    "digits": lambda: _of("digits"),
    "iris": lambda: _of("iris"),
    "wine": lambda: _of("wine"),
    "cancer": lambda: _of("breast_cancer"),
    "virginica": lambda: (_of("iris")[0][:, 2:], _of("iris")[1] == 2),
    "labels": lambda: (_of("iris")[0], np.stack([_of("iris")[1] > 0, _of("iris")[1] > 1], 1).astype(int)),
}
"""The rows and the targets by the name of the data."""
