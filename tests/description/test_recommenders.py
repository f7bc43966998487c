"""The recommenders of specs/recommend compute what their papers say, and the factorizations predict unseen ratings."""

import csv
import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from nngen.common.diagnostics import SpecError
from nngen.description.data.examples import read_examples
from nngen.proof.reference import Network
from nngen.reading.source import load, parse
from tests.support.modules import ROOT, built

FOLDER = ROOT / "specs" / "recommend"
SPECS = sorted(FOLDER.glob("*.yaml"))


def ratings() -> np.ndarray:
    """Readers by books, NaN where unknown."""
    with (FOLDER / "data" / "ratings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    readers, books = (sorted({row[name] for row in rows}) for name in ("reader", "book"))
    table = np.full((len(readers), len(books)), np.nan)
    for row in rows:
        table[readers.index(row["reader"]), books.index(row["book"])] = float(row["rating"])
    return table


def test_the_written_specs_are_those_of_the_script() -> None:
    written = runpy.run_path(str(FOLDER / "write.py"))
    readers, books, table = written["ratings"]()
    assert (FOLDER / "ease.yaml").read_text("utf-8") == written["ease"](books, table)
    assert (FOLDER / "autorec.yaml").read_text("utf-8") == written["autorec"](readers, table)
    assert (FOLDER / "data" / "ratings.csv").read_bytes() == (ROOT / "specs" / "data" / "ratings.csv").read_bytes()


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_module_computes_as_the_reference(path: Path) -> None:
    spec = load(path)
    network, module = Network(spec), built(path, "numpy")
    params = network.init()
    table = np.nan_to_num(ratings())
    width = len(spec.input_names) if not spec.indices else 2
    x = [[3, 5], [0, 29]] if spec.indices else np.tile(table, 2)[:2, :width]
    assert module.forward(module.unpack(network.pack(params)), x) == pytest.approx(
        network.forward(params, x), abs=1e-12
    )


@pytest.mark.parametrize("kind", ["cosine", "pearson"])
def test_similar_items_are_averaged(kind: str) -> None:
    table = ratings()
    known = ~np.isnan(table)
    network = Network(load(FOLDER / f"items_{kind}.yaml"))
    answers = network.forward(network.init(), np.hstack([np.nan_to_num(table), known]))
    for reader, book in ((0, 3), (7, 11), (20, 29)):
        above = below = 0.0
        for other in np.flatnonzero(known[reader]):
            both = known[:, book] & known[:, other]
            u, v = table[both, book], table[both, other]
            if other == book or not both.any():
                continue
            if kind == "cosine":
                similar = u @ v / np.sqrt((u @ u) * (v @ v))
            else:
                flat = len(u) < 3 or u.std() * v.std() < 1e-9
                similar = 0.0 if flat else np.corrcoef(u, v)[0, 1]
            above += similar * table[reader, other]
            below += abs(similar)
        assert answers[reader, book] == pytest.approx(
            above / (below + 1e-9), rel=2e-3, abs=1e-6
        )  # weights have 4 digits


def test_ease_is_the_minimum_of_its_ridge_regression() -> None:
    """Each column of B minimizes |X - XB|² + λ|B|² with a zero diagonal: its gradient is 0 off the diagonal."""
    x = (~np.isnan(ratings())).astype(float)
    network = Network(load(FOLDER / "ease.yaml"))
    weights = network.init()[0].T
    slope = x.T @ (x @ weights - x) + 2.0 * weights
    off_diagonal = ~np.eye(len(weights), dtype=bool)
    assert np.abs(slope[off_diagonal]).max() < 0.02  # weights have 4 digits
    assert np.diag(weights) == pytest.approx(0.0)


@pytest.mark.parametrize(("ids", "row", "expected"), [("[7, 9]", 9, 1.0), ("[Ada, Ben]", 1, None), ("[7, 9]", 8, None)])
def test_rows_of_a_spec_name_ids(ids: str, row: int, expected: float | None) -> None:
    given = parse(
        f"""
name: few
inputs: [{{name: user, ids: {ids}}}]
layers: [{{name: bu, kind: embedding, from: user, units: 1}}]
loss: squared_error
training: {{optimizer: {{name: gradient_descent, rate: 0.1}}}}
data: {{rows: [{{x: [{row}], y: [1]}}]}}
""",
        "few.yaml",
    )
    if expected is None:
        with pytest.raises(SpecError, match=f"user: unknown id '{row}'"):
            read_examples(given, Path())
    else:
        assert read_examples(given, Path()).train_x.tolist() == [[expected]]


def test_what_init_writes_for_clicks_finds_more_than_implicit_with_its_defaults() -> None:
    """The recall of docs/clicks.json, the mean of the splits, on both tables."""
    found = json.loads((ROOT / "docs" / "clicks.json").read_text("utf-8"))
    place = found.pop("about")["metrics"].index("recall")
    assert len(found) == 2
    for table in found.values():
        recall = {name: np.mean([run[place] for run in runs]) for name, runs in table["methods"].items()}
        assert recall["nngen init"] > max(recall["implicit ALS"], recall["implicit BPR"], recall["popularity"])
