"""Columns of a table with gaps and categories: what training sees of them, and what is refused."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding
from nngen.description.data.examples import read_examples
from nngen.description.model import Spec, category_names
from nngen.proof.reference import Encoder
from nngen.reading import load, parse
from tests.support import tables
from tests.support.predictors import COLUMNS, ROWS, classes, table


def _cell(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def file_of(folder: Path, rows: list[list[Any]]) -> Path:
    """A file with the rows as text, semicolons between the cells."""
    path = folder / "loans.csv"
    lines = [[*COLUMNS, "target"], *rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([map(_cell, line) for line in lines])
    return path


def spec(**data: Any) -> Spec:
    """The classifier, with its examples in that file."""
    made = classes(3).model_dump(by_alias=True, exclude_unset=True)
    return Spec.model_validate({**made, "data": {**made["data"], "file": "loans.csv", "target": "target", **data}})


LABELLED = [[*row, str(place % 3)] for place, row in enumerate(ROWS)]


def test_training_sees_what_the_reference_encodes(tmp_path: Path) -> None:
    file_of(tmp_path, LABELLED)
    found = read_examples(spec(), tmp_path)
    assert found.train_x == pytest.approx(Encoder(classes(3), table()).encode(table()), rel=1e-15, abs=1e-15)
    assert found.train_y.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_constants_are_those_of_the_training_rows(tmp_path: Path) -> None:
    file_of(tmp_path, LABELLED)
    chosen = spec(split={"test": 0.4, "seed": 3})
    found, measured = read_examples(chosen, tmp_path), encoding(chosen, tmp_path)
    assert measured
    scale = measured.numeric[0]
    kept = [row for row in LABELLED if np.isclose(found.train_x[:, 0], (row[0] - scale.subtract) / scale.divide).any()]
    assert len(kept) == 3
    assert measured.numeric[1].fill == np.median([row[1] for row in kept if row[1] is not None])


def test_the_mean_of_a_constant_column_is_its_number(tmp_path: Path) -> None:
    """Rounded, the mean of three times 0.1 is a neighbour of 0.1: that would be a column of two numbers."""
    lines = ["income,y", "0.1,1", "0.1,2", ",3", "0.1,4", ""]
    (tmp_path / "table.csv").write_text("\n".join(lines))
    data = {"file": "table.csv", "target": "y", "scale": "standardize"}
    column = {"name": "income", "missing": "mean", "indicator": True}
    described = tables.spec(data, inputs=[column])
    assert read_examples(described, tmp_path).train_x.tolist() == [[0, 0], [0, 0], [0, 1], [0, 0]]
    given = {"income": ["0.1", "0.1", "", "0.1"]}
    assert Encoder(described, given).encode(given).tolist() == [[0, 0], [0, 0], [0, 1], [0, 0]]


GAP = "to accept a missing value, say what replaces it at the input: `missing: median`"
REFUSED = [
    (
        1,
        None,
        "expected a number, got nothing",
        "to accept a missing value, say what replaces it at the input: `missing: median`",
    ),
    (1, "1,5", "expected a number, got '1,5'", '`number: {decimal: ","}` reads it as 1.5'),
    (4, "4", "unknown category '4'", "list it under `categories`, or write `unknown: zeros`"),
]


@pytest.mark.parametrize(("place", "cell", "message", "advice"), REFUSED)
def test_a_cell_that_the_spec_does_not_take(tmp_path: Path, place: int, cell: Any, message: str, advice: str) -> None:
    wrong = [list(row) for row in LABELLED]
    wrong[2][place - 1] = cell
    path = file_of(tmp_path, wrong)
    with pytest.raises(SpecError) as caught:
        read_examples(spec(), tmp_path)
    [found] = caught.value.diagnostics
    assert (found.path, found.line) == (str(path), 4)
    assert found.message == f"{COLUMNS[place - 1]}: {message}"
    assert found.help == advice


def test_a_column_without_a_value_has_no_median(tmp_path: Path) -> None:
    file_of(tmp_path, [[row[0], None, *row[2:]] for row in LABELLED])
    with pytest.raises(SpecError, match="years employed: every value is missing"):
        read_examples(spec(), tmp_path)


@pytest.mark.parametrize(
    ("categories", "names"),
    [
        (["Rent", "free of charge"], ["h_rent", "h_free_of_charge"]),
        (["a", "A", "ä"], ["h_a", "h_category2", "h_category3"]),
        (["#", "category 1", "missing"], ["h_category1", "h_category_1", "h_category3"]),
        (["x" * 60, "집", "3"], ["h_category1", "h_category2", "h_3"]),
        (["category2", "#"], ["h_category2", "h_category2_"]),
    ],
)
def test_inputs_are_named_after_column_and_category(categories: list[str], names: list[str]) -> None:
    assert list(category_names("h", categories)) == names


def test_ten_thousand_categories_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(
        f"name: net\ninputs: [{{name: a, categories: [{', '.join(f'c{i}' for i in range(10_000))}]}}]\n"
        "layers: [{name: o, units: 1, activation: sigmoid}]\nloss: binary_cross_entropy\n"
        "training: {optimizer: {name: adam, rate: 0.1}}\n",
        "utf-8",
    )
    with pytest.raises(SpecError) as caught:
        load(path)
    [found] = caught.value.diagnostics
    assert (found.message, found.line) == ("inputs.0.categories: expected at most 1000 entries, got 10000", 2)


@pytest.mark.parametrize("data", ["scale: standardize", "scale: robust", "answer_range: 0.1"])
def test_constants_that_no_example_gives_are_refused(data: str, tmp_path: Path) -> None:
    text = f"""
name: net
inputs: [size]
layers: [{{name: output, units: [y], activation: linear}}]
loss: squared_error
training: {{optimizer: {{name: adam, rate: 0.1}}}}
data: {{{data}}}
"""
    with pytest.raises(SpecError, match="net: its constants are measured on examples, and it has none"):
        encoding(parse(text, "net.yaml", tmp_path), tmp_path)
