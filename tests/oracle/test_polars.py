"""Data frames of Polars: the answers of the same table from a file, in ``nngen`` and in its estimators."""

import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import nngen
from nngen.sklearn import NetworkClassifier
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

PENGUINS = ROOT / "specs" / "data" / "penguins.csv"
BIRDS = pl.read_csv(PENGUINS, null_values="NA")


@pytest.fixture(autouse=True)
def _without_cautions() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nngen.Caution)
        yield


def test_a_frame_is_the_table_of_its_file() -> None:
    ours, theirs = nngen.init(BIRDS, "species"), nngen.init(PENGUINS, "species")
    assert ours.spec.layers == theirs.spec.layers
    assert [column.model_dump() for column in ours.spec.columns] == [one.model_dump() for one in theirs.spec.columns]
    result = nngen.train(ours, epochs=3, progress=False)
    assert result.params == nngen.train(theirs, epochs=3, progress=False).params
    expected = nngen.predict(result, PENGUINS)
    for table in (BIRDS, BIRDS.to_pandas(), BIRDS.to_dicts(), BIRDS.to_dict(), BIRDS.to_dict(as_series=False)):
        assert nngen.predict(result, table) == expected
    [one] = nngen.predict(result, BIRDS.row(0, named=True))
    assert one.pop("species") == expected[0].pop("species")
    assert one == pytest.approx(expected[0], rel=1e-12)  # NumPy may round the exponentials of a single row otherwise
    assert nngen.evaluate(result, BIRDS).metrics == nngen.evaluate(result, PENGUINS).metrics


def test_kinds_of_columns(tmp_path: Path) -> None:
    days = [date(2024, 1, 1) + timedelta(days=k) for k in range(80)]
    frame = pl.DataFrame(
        {
            "small": pl.Series([k % 50 for k in range(80)], dtype=pl.UInt8),
            "gaps": [None if k % 9 == 0 else k % 13 for k in range(80)],
            "named": pl.Series(["ab"[k % 2] for k in range(80)], dtype=pl.Categorical),
            "listed": pl.Series(["cd"[k % 3 > 0] for k in range(80)], dtype=pl.Enum(["c", "d"])),
            "flag": [k % 3 == 0 for k in range(80)],
            "day": days,
            "share": pl.Series([k / 7 for k in range(80)], dtype=pl.Float32),
            "y": ["low" if k % 5 < 3 else "high" for k in range(80)],
        }
    )
    frame.write_parquet(tmp_path / "table.parquet")
    result = nngen.train(nngen.init(frame, "y"), epochs=2, progress=False)
    assert {column.column or column.name for column in result.network.spec.columns} == {*frame.columns} - {"y"}
    assert nngen.predict(result, frame) == nngen.predict(result, tmp_path / "table.parquet")


def test_what_is_no_frame() -> None:
    lazy: Any = BIRDS.lazy()
    for wrong in (lazy, BIRDS["species"]):
        with pytest.raises(nngen.SpecError, match="expected a table"):
            nngen.init(wrong, "species")


def test_estimators() -> None:
    x, names = BIRDS.drop("species"), BIRDS["species"].to_numpy()
    found = NetworkClassifier(ROOT / "specs" / "penguins.yaml", epochs=3).fit(x, names)
    same = NetworkClassifier(ROOT / "specs" / "penguins.yaml", epochs=3).fit(pd.read_csv(PENGUINS)[x.columns], names)
    np.testing.assert_array_equal(found.parameters_, same.parameters_)
    np.testing.assert_array_equal(found.predict(x), same.predict(x.to_pandas()))
    result = nngen.train(nngen.init(BIRDS, "species"), epochs=3, progress=False)
    predictor: Any = nngen.predictor(result)
    assert predictor.predict(BIRDS).tolist() == [row["species"] for row in nngen.predict(result, BIRDS)]
