"""Raw rows as scikit-learn prepares them, and answers in the units of the data."""

from typing import Any

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

from nngen.data.encoding import measure
from nngen.pages import as_module, render
from nngen.plan import plan
from nngen.reference import Array, Encoder
from nngen.spec import Spec
from tests.support.predictors import ROWS, classes, numbers, table

pytestmark = pytest.mark.oracle


def prepared() -> Array:
    """The rows of the table, as pipelines of scikit-learn prepare each column."""
    columns = [np.array([row[place] for row in ROWS], object).reshape(-1, 1) for place in range(5)]
    income, years, housing, rooms, debt = columns
    texts = np.array([[str(int(float(value)))] for [value] in rooms], object)
    homes = np.array([["own" if value is None else value] for [value] in housing], object)
    known = ["rent", "own", 'free */ of "charge" {{ x }}']
    return np.hstack(
        [
            StandardScaler().fit_transform(income.astype(np.float64)),
            make_pipeline(SimpleImputer(strategy="median", add_indicator=False), StandardScaler()).fit_transform(
                years.astype(np.float64)
            ),
            np.isnan(years.astype(np.float64)).astype(np.float64),
            OneHotEncoder(categories=[known], handle_unknown="ignore", sparse_output=False).fit_transform(homes),
            OneHotEncoder(categories=[["1", "2", "3"]], sparse_output=False).fit_transform(texts),
            np.zeros((5, 1)),
            make_pipeline(SimpleImputer(strategy="mean"), MinMaxScaler()).fit_transform(debt.astype(np.float64)),
        ]
    )


def measured(spec: Spec, target: str) -> Any:
    """The module of a spec, with constants measured on the rows."""
    numeric = ("income", "years employed", "debt")
    data = {name: np.array(table()[name], object).astype(np.float64).tolist() for name in numeric}
    found = measure(spec, data.__getitem__, lambda name: [1.0, 3.0, 5.0, 9.0, 2.0])
    return as_module(spec.name, render(plan(spec, found), spec, target))


def test_the_reference_prepares_rows_as_scikit_learn_does() -> None:
    spec = classes(3)
    assert Encoder(spec, table()).encode(table()) == pytest.approx(prepared(), rel=1e-14, abs=1e-14)


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_modules_prepare_rows_as_scikit_learn_does(target: str) -> None:
    made = measured(classes(3), target)
    rows = made.encode(ROWS) if target == "numpy" else [made.encode(row) for row in ROWS]
    assert np.array(rows) == pytest.approx(prepared(), rel=1e-14, abs=1e-14)


def test_answers_are_those_of_a_transformed_regressor() -> None:
    targets = np.array([1.0, 3.0, 5.0, 9.0, 2.0])
    scaler = TransformedTargetRegressor(DummyRegressor(), transformer=StandardScaler()).fit(prepared(), targets)
    made = measured(numbers(1), "python")
    for output in (-1.5, 0.0, 0.25):
        expected = scaler.transformer_.inverse_transform([[output]])[0, 0]
        assert made.decode([output]) == pytest.approx(expected, rel=1e-14)
