"""The curves and the importance of columns in a report, against those of scikit-learn."""

import numpy as np
import pytest
from numpy.typing import ArrayLike
from sklearn import metrics as judge
from sklearn.calibration import calibration_curve
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression

from nngen.commands.curves import calibration, precision_recall, roc
from nngen.commands.importance import falls

pytestmark = pytest.mark.oracle


def equal(found: ArrayLike, expected: ArrayLike) -> bool:
    return np.allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("digits", [1, 12])
@pytest.mark.parametrize("seed", range(5))
def test_curves_of_classes(digits: int, seed: int) -> None:
    """With many equal scores, and with none."""
    random = np.random.default_rng(seed)
    scores = np.round(random.uniform(size=80), digits)
    positive = random.uniform(size=80) < scores
    found = roc(scores, positive)
    x, y, _ = judge.roc_curve(positive, scores, drop_intermediate=False)
    assert equal([found.x, found.y], [x, y])
    assert found.value == pytest.approx(judge.roc_auc_score(positive, scores), abs=1e-12)
    assert found.value == pytest.approx(np.trapezoid(found.y, found.x), abs=1e-12)

    found = precision_recall(scores, positive)
    precision, recall, _ = judge.precision_recall_curve(positive, scores)
    assert equal([found.x, found.y], [recall[::-1], precision[::-1]])
    assert found.value == pytest.approx(judge.average_precision_score(positive, scores), abs=1e-12)

    groups = calibration(scores, positive)
    true, predicted = calibration_curve(positive, scores, n_bins=10)
    assert equal([groups.predicted, groups.true], [predicted, true])
    assert groups.counts.sum() == 80


def test_importance_of_columns() -> None:
    """By the same shuffles as scikit-learn makes."""
    random = np.random.default_rng(0)
    x = random.normal(size=(60, 4))
    y = x @ [3.0, 0.0, -1.0, 0.2] + random.normal(size=60)
    model = LinearRegression().fit(x, y)
    expected = permutation_importance(model, x, y, n_repeats=6, random_state=3)["importances"]
    seed = np.random.RandomState(3).randint(np.iinfo(np.int32).max + 1)
    for column in range(4):
        shuffler, order, orders = np.random.RandomState(seed), np.arange(60), [np.arange(60)]
        for _ in range(6):
            shuffler.shuffle(order)
            orders.append(orders[-1][order])  # scikit-learn shuffles what it has shuffled

        found = falls(lambda given: float(model.score(given, y)), x, [column], orders[1:])
        assert equal(found, expected[column])
