"""The form of a page that answers: its fields and rows are those of the table."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.description.data.examples import read_examples
from nngen.learning.explain.page import living_page
from nngen.reading.source import load
from nngen.targets.modules import as_module, texts
from tests.support.answering import HOUSES, houses, initial, meters
from tests.support.living import Reader
from tests.support.modules import named, spec


def test_the_rows_of_the_form_are_those_of_the_table(tmp_path: Path) -> None:
    """Texts of a German table, with dates and gaps, as the fields hold them: the module reads them to the last bit."""
    path = houses(tmp_path)
    given = load(path)
    module: Any = as_module("houses", texts(given, tmp_path, ["python"])["python"])
    facts = json.loads(Reader(living_page(given, tmp_path, initial(path))).facts)
    form, data = facts["form"], read_examples(given, tmp_path)
    assert form["rows"][0][:2] == ["40,5", "2020-01-01"]
    assert form["heldOut"]
    assert len(form["rows"]) == len(data.test_x)
    assert np.array_equal([module.encode(row) for row in form["rows"]], data.test_x)
    scales = np.array(facts["targetScales"])
    assert np.array_equal((np.array(form["targets"]) - scales[:, 0]) / scales[:, 1], data.test_y)
    assert form["style"] == {"prefix": "", "suffix": "€", "decimal": ","}
    assert form["thousands"] == "."
    low, high = form["ranges"][0]
    raw = [float(line.split(";")[0].replace(",", ".")) for line in HOUSES.splitlines()[1:]]
    assert min(raw) <= low < high <= max(raw)


def test_times_and_rare_categories_are_rows_of_the_form(tmp_path: Path) -> None:
    path = meters(tmp_path)
    given = load(path)
    module: Any = as_module("meters", texts(given, tmp_path, ["python"])["python"])
    page = Reader(living_page(given, tmp_path, initial(path)))
    rows = json.loads(page.facts)["form"]["rows"]
    assert {row[2] for row in rows} == {"A", "B", "(other)"}
    assert "T" in rows[0][1]
    assert np.array_equal([module.encode(row) for row in rows], read_examples(given, tmp_path).test_x)
    fields = [held for _, held in page.tags if "data-cell" in held]
    assert [held.get("type") for held in fields] == ["text", "datetime-local", None]
    assert ["required" in held for held in fields] == [True, False, False]


def test_the_fields_speak_the_words_of_the_table(tmp_path: Path) -> None:
    path = houses(tmp_path)
    text = living_page(load(path), tmp_path, initial(path))
    page = Reader(text)
    fields = [held for tag, held in page.tags if "data-cell" in held]
    assert [held.get("type") for held in fields] == ["text", "date", None, "text"]
    labels = {held.get("for") for tag, held in page.tags if tag == "label"}
    assert {held["id"] for held in fields} <= labels
    assert "Stadt: Ulm &lt;b&gt;" in text  # beside the circle
    assert '<option value="">(empty)</option>' in text
    assert "Alter: missing" in text
    assert "it contains 200 rows" in text.lower()
    assert not [held for _, held in page.tags if "data-input" in held or "data-target" in held]
    assert "or empty" in text


def test_only_a_trained_network_of_a_table_answers(tmp_path: Path) -> None:
    for name, answers in (("iris", True), ("and_perceptron", False), ("ratings_mf", False), ("digits", False)):
        given, folder = spec(named(name)), named(name).parent
        assert ('id="ask"' in living_page(given, folder, initial(named(name), tmp_path))) is answers
        assert 'id="ask"' not in living_page(given, folder)


@pytest.mark.parametrize(
    "values", ["", "data: {classes: [no, yes], scale: {name: standardize, mean: [40.0], deviation: [10.0]}}"]
)
def test_without_rows_the_form_begins_with_typical_values(tmp_path: Path, values: str) -> None:
    path = tmp_path / "alone.yaml"
    path.write_text(
        "name: alone\ninputs: [{name: age, missing: 40.0}, {name: town, categories: [Ulm, Bonn]}]\n"
        "layers: [{name: output, units: [yes_], activation: sigmoid}]\n"
        f"loss: {{name: binary_cross_entropy, outputs: sum}}\n{values}\n"
        "training: {optimizer: {name: gradient_descent, rate: 0.1}}\n",
        "utf-8",
    )
    facts = json.loads(Reader(living_page(load(path), tmp_path, initial(path))).facts)
    assert facts["form"]["rows"] == []
    assert facts["data"] is None
