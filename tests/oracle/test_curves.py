"""The curves, the importance of columns and the bounds in a report, against those of scikit-learn and SciPy."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import ArrayLike
from scipy.stats import binomtest
from sklearn import metrics as judge
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.calibration import calibration_curve
from sklearn.inspection import partial_dependence as judged_dependence
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression

from nngen.cli import main
from nngen.commands.curves import calibration, precision_recall, roc
from nngen.commands.findings import Findings, Rows
from nngen.commands.groups import wilson
from nngen.commands.importance import falls, inputs_of
from nngen.commands.train import Trainer
from nngen.commands.trained import Trained
from nngen.description.data import Array, Frame, answers
from nngen.reading import load

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


class Answers(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A trained network for scikit-learn, which gives it encoded rows."""

    def __init__(self, trained: Trained | None = None) -> None:
        self.trained = trained

    def fit(self, x: Array, y: Array) -> "Answers":
        """It is fitted already."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, x: Array) -> Array:
        """The answers in the units of the data."""
        assert self.trained is not None
        return answers(self.trained.examples.encoding, self.trained.outputs(x))[:, 0]


def test_dependence_on_columns(tmp_path: Path) -> None:
    """On a table with numbers, categories and gaps, trained by the module of NumPy."""
    random = np.random.default_rng(2)
    area, age = random.uniform(40.0, 200.0, 400), random.integers(0, 12, 400)
    town = random.choice(["Ulm", "Rom", "Oslo"], 400)
    price = 3.0 * area - 9.0 * age**1.5 + 80.0 * (town == "Rom") + random.normal(size=400)
    ages = ["" if k % 9 == 0 else str(n) for k, n in enumerate(age)]
    lines = [",".join(map(str, row)) for row in zip(area, ages, town, price, strict=True)]
    table, spec = tmp_path / "homes.csv", tmp_path / "homes.yaml"
    table.write_text("\n".join(["area,age,town,price", *lines]), "utf-8")
    done = CliRunner().invoke(main, ["init", str(table), "--target", "price", "--out", str(spec)])
    assert done.exit_code == 0, done.output
    trainer = Trainer(load(spec), spec, "numpy", None, 20)
    trainer.run(lambda epoch, epochs, losses: None)
    found = Findings(trainer, trainer.scores(), Rows(trainer, None), (), "")
    x, model = found.last.x, Answers(found.trained)
    score, importances = found.importances
    assert (score, {one.column for one in importances}) == ("R²", {"area", "age", "town"})
    assert [one.column for one in found.dependences] == [one.column for one in importances]
    inputs = inputs_of(found.trained)
    for one in found.dependences:
        places = inputs[one.column]
        rows = [_row(found.rows.frame, one.column, value) for value in one.values]
        expected = []
        for row in rows:  # scikit-learn makes a grid of all values of several inputs: one point of it at a time
            grid = {place: np.array([x[row, place]]) for place in places}
            judged = judged_dependence(model, x, places, method="brute", custom_values=grid, kind="average")
            expected.append(judged["average"].ravel()[0])
        assert equal(one.means[:, 0], expected)
        gaps = sum(value is None for value in found.rows.frame.texts(one.column))
        outside = 4 / len(x) if one.column == "area" else 0.0
        assert one.shares.sum() == pytest.approx(1.0 - gaps / len(x) - outside, abs=1e-12)


def _row(frame: Frame, column: str, value: str | float) -> int:
    """The first row with a value of a column."""
    if isinstance(value, str):
        return [*frame.texts(column)].index(value)
    return int(np.argmax(frame.numbers(column) == value))


@pytest.mark.parametrize(("right", "count"), [(0, 7), (7, 7), (13, 40), (990, 1000)])
def test_bounds_of_accuracy(right: int, count: int) -> None:
    ends = binomtest(right, count).proportion_ci(0.95, "wilson")
    assert wilson(right / count, count) == pytest.approx((ends.low, ends.high), abs=1e-12)
