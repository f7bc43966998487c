"""``nngen.predictor``: a trained network as an estimator of scikit-learn, with the answers of ``nngen.predict``."""

import copy
import pickle
import re
import subprocess
import sys
import warnings
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.inspection import permutation_importance
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import check_estimator

import nngen
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

BIRDS = pd.read_csv(ROOT / "specs" / "data" / "penguins.csv")


def trained(source: Any) -> nngen.Result:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nngen.Caution)
        result: nngen.Result = nngen.train(source, epochs=3, progress=False)
        return result


def answers(result: nngen.Result, table: Any) -> list[dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nngen.Caution)
        return nngen.predict(result, table)


@pytest.mark.parametrize("target", ["species", "sex", "body_mass_g"])
def test_answers_are_those_of_predict(target: str) -> None:
    table = BIRDS.dropna(subset=target)
    result = trained(nngen.init(table, target))
    found: Any = nngen.predictor(result)
    expected = [[*row.values()] for row in answers(result, table)]
    x = table[found.feature_names_in_]
    assert found.n_features_in_ == 6
    for rows in (x, table, x.to_numpy(object), x.to_numpy(object).tolist()):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "X does not have valid feature names")
            assert found.predict(rows).tolist() == [row[0] for row in expected]
    assert hasattr(found, "predict_proba") == (target != "body_mass_g")
    if target != "body_mass_g":
        assert [f"p({name})" for name in found.classes_] == [*answers(result, table.head(1))[0]][1:]
        np.testing.assert_array_equal(found.predict_proba(x), [row[1:] for row in expected])
    for again in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        np.testing.assert_array_equal(again.predict(x), found.predict(x))
    assert permutation_importance(found, x, table[target], n_repeats=2).importances_mean.shape == (6,)
    assert len(cross_val_score(found, x, table[target], cv=2)) == 2  # each of them trains anew
    with pytest.raises(ValueError, match="island"):
        found.predict(x.drop(columns="island"))


def test_specs_and_their_parameters() -> None:
    iris = ROOT / "specs" / "iris.yaml"
    result = trained(iris)
    table = pd.read_csv(ROOT / "specs" / "data" / "iris.csv")
    found: Any = nngen.predictor(iris, params=result.params)
    assert [*found.feature_names_in_] == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert found.predict(table).tolist() == [row["species"] for row in answers(result, table)]
    stars = ROOT / "specs" / "ratings_mf.yaml"
    rows = pd.DataFrame({"reader": ["Ada", "Ben"], "book": ["Amber Coast", "Blue Comet"]})
    rated = trained(stars)
    assert nngen.predictor(rated).predict(rows).tolist() == [
        *next(zip(*(row.values() for row in answers(rated, rows)), strict=True))
    ]
    xor = trained(ROOT / "specs" / "xor_mlp.yaml")
    module = xor.module()
    x = [[0.0, 1.0], [1.0, 1.0]]
    np.testing.assert_array_equal(
        nngen.predictor(xor).predict(pd.DataFrame(x, columns=["x1", "x2"])), module.forward(module.TRAINED, x)[:, 0]
    )


def test_what_is_no_predictor() -> None:
    with pytest.raises(nngen.SpecError, match="the network has no parameters"):
        nngen.predictor(ROOT / "specs" / "iris.yaml")
    detector = trained(nngen.init(BIRDS, "inputs"))
    with pytest.raises(nngen.SpecError, match=r"`nngen.predict` gives scores of anomalies"):
        nngen.predictor(detector)
    code = "import sys; sys.modules['sklearn'] = None; import nngen; nngen.predictor('x.yaml')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.endswith("nngen.sklearn needs scikit-learn: pip install scikit-learn\n")


NOT_MEANT = {
    r"the spec has 4 inputs, but X has \d+ features": "a spec says its features, and a check brings others",
    r"the spec has 3 outputs, but y has \d+ classes": "a spec names its classes, and a check brings others",
    r"1 feature\(s\)": "its words are those of the first reason",
    "sample_weight": "the loss of the spec has no weights of examples",
    "SCIPY_ARRAY_API": "other array libraries are not asked for",
}
"""The checks of scikit-learn that do not apply, by what they say: each trains a copy on examples of its own."""


def test_the_checks_of_scikit_learn() -> None:
    found = nngen.predictor(trained(ROOT / "specs" / "iris.yaml"))
    done = check_estimator(found, on_fail=None, on_skip=None)
    status = Counter(one["status"] for one in done)
    for one in done:
        if one["status"] != "passed":
            said = str(one["exception"])
            assert any(re.search(pattern, said) for pattern in NOT_MEANT), (one["check_name"], said)
    assert status["passed"] > 25
