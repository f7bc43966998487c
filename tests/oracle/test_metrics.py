"""The metrics of ``nngen train`` and ``nngen evaluate``, against those of scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as judge
from sklearn.linear_model import LinearRegression

from nngen.commands.metrics import Baselines, of_classes, of_numbers

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


def test_the_linear_baseline() -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(30, 4)), random.normal(size=(30, 2))
    models = Baselines.fitted(x, y, 0).outputs()
    assert models["linear"](x) == pytest.approx(LinearRegression().fit(x, y).predict(x))
    assert models["constant"](x[:3]) == pytest.approx(np.tile(y.mean(axis=0), (3, 1)))


def test_the_linear_baseline_has_a_bias_for_each_id() -> None:
    random = np.random.default_rng(1)
    ids, numbers = random.integers(0, 6, size=(200, 2)), random.normal(size=(200, 1))
    x, y = np.hstack([ids, numbers]), random.normal(size=(200, 2)) + ids[:, :1] - ids[:, 1:]
    linear = Baselines.fitted(x, y, 2).outputs()["linear"]
    columns = np.hstack([numbers, *(ids[:, [k]] == np.arange(6) for k in range(2))])
    assert linear(x) == pytest.approx(LinearRegression().fit(columns, y).predict(columns), abs=1e-3)
    known, new = linear(np.array([[5.0, 2.0, 0.5], [9.0, 2.0, 0.5]]))
    assert np.all(known - new > 1.0)  # an id without examples has the bias 0
    assert new == pytest.approx(linear(np.array([[99.0, 2.0, 0.5]]))[0])
