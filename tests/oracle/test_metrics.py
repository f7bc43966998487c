"""The metrics of ``nngen train`` and ``nngen evaluate``, against those of scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as judge
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler

from nngen.commands import baselines
from nngen.commands import logistic as regression
from nngen.commands.baselines import Baselines
from nngen.commands.logistic import logistic
from nngen.commands.metrics import of_classes, of_numbers

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize("seed", range(5))
def test_metrics_of_classes(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    classes = random.integers(0, count, 60)
    shares = np.round(random.dirichlet(np.ones(count), 60), 1)  # with ties
    found = of_classes(shares, classes)
    chosen = np.argmax(shares, axis=1)
    areas = [judge.roc_auc_score(classes == k, shares[:, k]) for k in range(count)]
    assert found["accuracy"] == judge.accuracy_score(classes, chosen)
    assert found["macro F1"] == pytest.approx(judge.f1_score(classes, chosen, average="macro"))
    assert found["AUC"] == pytest.approx(np.mean(areas))


def test_a_class_that_is_never_there_does_not_count() -> None:
    found = of_classes(np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0]]), np.array([0, 1]))
    assert found == {"accuracy": 1.0, "macro F1": 1.0, "AUC": 1.0}
    assert "AUC" not in of_classes(np.array([[0.9, 0.1]]), np.array([0]))


@pytest.mark.parametrize("outputs", [1, 3])
def test_metrics_of_numbers(outputs: int) -> None:
    random = np.random.default_rng(outputs)
    targets, answers = random.normal(size=(2, 40, outputs))
    found = of_numbers(answers, targets)
    assert found["RMSE"] == pytest.approx(judge.root_mean_squared_error(targets.ravel(), answers.ravel()))
    assert found["MAE"] == pytest.approx(judge.mean_absolute_error(targets, answers))
    expected = judge.r2_score(targets, answers, multioutput="variance_weighted")
    assert found["R²"] == pytest.approx(expected)


@pytest.mark.parametrize("block", [7, baselines.BLOCK])
def test_linear_regression(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baselines, "BLOCK", block)
    random = np.random.default_rng(0)
    x, y = random.normal(size=(30, 4)), random.normal(size=(30, 2))
    models = Baselines.of_numbers(x, y, 0).outputs()
    assert models["linear regression"](x) == pytest.approx(LinearRegression().fit(x, y).predict(x))
    assert models["constant"](x[:3]) == pytest.approx(np.tile(y.mean(axis=0), (3, 1)))


def test_linear_regression_has_a_bias_for_each_id() -> None:
    random = np.random.default_rng(1)
    ids, numbers = random.integers(0, 6, size=(200, 2)), random.normal(size=(200, 1))
    x, y = np.hstack([ids, numbers]), random.normal(size=(200, 2)) + ids[:, :1] - ids[:, 1:]
    linear = Baselines.of_numbers(x, y, 2).regression
    columns = np.hstack([numbers, *(ids[:, [k]] == np.arange(6) for k in range(2))])
    assert linear(x) == pytest.approx(LinearRegression().fit(columns, y).predict(columns), abs=1e-3)
    known, new = linear(np.array([[5.0, 2.0, 0.5], [9.0, 2.0, 0.5]]))
    assert np.all(known - new > 1.0)  # an id without examples has the bias 0
    assert new == pytest.approx(linear(np.array([[99.0, 2.0, 0.5]]))[0])


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The regression runs until it has converged."""
    monkeypatch.setattr(regression, "TOLERANCE", 1e-7)
    monkeypatch.setattr(regression, "MAX_STEPS", 1000)


@pytest.mark.parametrize(("count", "outputs", "negative"), [(2, 1, 0.0), (2, 1, -1.0), (2, 2, 0.0), (5, 5, 0.0)])
def test_logistic_regression(count: int, outputs: int, negative: float, exact: None) -> None:
    """Classes that lie on a line, in columns of any size: least squares would never choose one in the middle."""
    random = np.random.default_rng(count)
    x = np.array([1.0, 1e6, 1e-6, 0.0]) * random.normal(size=(300, 4)) + 5.0  # the last column is constant
    line = x[:, 0] + x[:, 1] / 1e6 + random.normal(size=300)
    classes = np.searchsorted(np.quantile(line, np.arange(1, count) / count), line)
    y = np.eye(count)[classes] if outputs > 1 else np.where(classes == 1, 1.0, negative)[:, np.newaxis]
    found = Baselines.of_classes(x, y, classes, 0, negative)
    scaled = StandardScaler().fit_transform(x)
    expected = LogisticRegression(tol=1e-9, max_iter=10_000).fit(scaled, classes).predict_proba(scaled)
    shares = found.outputs()["logistic regression"](x)
    assert shares == pytest.approx(expected if outputs > 1 else negative + (1.0 - negative) * expected[:, 1:], abs=1e-4)
    assert np.array_equal(shares, Baselines.of_classes(x, y, classes, 0, negative).regression(x))


def test_logistic_regression_has_a_bias_for_each_id(exact: None) -> None:
    random = np.random.default_rng(1)
    ids, numbers = random.integers(0, 6, size=(200, 2)), random.normal(size=(200, 1))
    x, classes = np.hstack([ids, numbers]), (ids[:, 0] + random.integers(0, 2, 200)) % 3
    shares = logistic(x, classes, 3, 2)
    columns = np.hstack([StandardScaler().fit_transform(numbers), *(ids[:, [k]] == np.arange(6) for k in range(2))])
    judge_ = LogisticRegression(tol=1e-9, max_iter=10_000).fit(columns, classes)
    assert shares(x) == pytest.approx(judge_.predict_proba(columns), abs=1e-4)
    new = np.array([[9.0, 2.0, 0.5], [99.0, 2.0, 0.5], [6.0, 2.0, 0.5]])
    assert np.ptp(shares(new), axis=0) == pytest.approx(0.0)  # an id without examples has the bias 0


def test_logistic_regression_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without time for all rows, it takes each third; classes without rows, and rows in parts, are no obstacle."""
    random = np.random.default_rng(2)
    x, classes = random.normal(size=(300, 2)), np.repeat([0, 1, 3], 100)
    x[:, 0] += 3.0 * classes
    monkeypatch.setattr(regression, "MAX_WORK", 100 * (3 + regression.EXPONENTIAL) * 4 * regression.LEAST_STEPS)
    third = logistic(x, classes, 4, 0)(x)
    monkeypatch.setattr(regression, "BATCH", 7)
    assert logistic(x, classes, 4, 0)(x) == pytest.approx(third)
    assert np.mean(np.argmax(third, axis=1) == classes) > 0.9
    assert np.all(third[:, 2] < 0.1)
