"""``nngen train --report``: one HTML file that loads nothing, whatever the texts in it are."""

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands.curves import calibration
from nngen.commands.groups import bounds
from nngen.commands.importance import falls
from nngen.commands.trained import Trained
from nngen.description.data import Array
from tests.support.hostile import TEXTS
from tests.support.modules import ROOT

HOSTILE = '</pre><script>alert("x")</script>&{{ 7 * 7 }}'


class Tags(HTMLParser):
    """The tags of a page, and what they refer to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.texts = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_data(self, data: str) -> None:
        self.texts += data


def report(spec: Path, out: Path, *options: str, code: int = 0) -> str:
    """The report of a training, or what is printed where there is none."""
    result = CliRunner().invoke(main, ["train", str(spec), "--epochs", "4", "--report", str(out), *options])
    assert result.exit_code == code, result.output
    return result.output if code else out.read_text("utf-8")


def test_a_report_of_classes(tmp_path: Path) -> None:
    page = report(ROOT / "specs" / "iris.yaml", tmp_path / "iris.html")
    assert page == report(ROOT / "specs" / "iris.yaml", tmp_path / "again.html"), "the same bytes in each run"
    for text in ("held-out: 50 examples", "macro F1", "as virginica", "Learning curve", "Largest errors", "name: iris"):
        assert text in page
    found = Tags(page)
    assert "script" not in found.tags
    assert all(link.startswith("#") for link in found.links)
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids)), "pictures do not refer to parts of others"
    assert {link[1:] for link in found.links} <= set(ids)


def test_each_picture_says_how_to_read_it(tmp_path: Path) -> None:
    page = report(ROOT / "specs" / "penguins.yaml", tmp_path / "penguins.html")
    columns = ("bill_length_mm", "flipper_length_mm", "body_mass_g", "island", "bill_depth_mm", "sex")
    titles = [
        "Learning curve",
        "Confusions",
        "ROC curve",
        "Precision and recall",
        "Calibration",
        "Importance of columns",
        *(f"Dependence on {column}" for column in columns),
    ]
    assert [found.partition(",")[0] for found in re.findall(r"<figure>\n<h2>(.*?)</h2>", page)] == titles
    assert page.count("<figcaption>") == page.count('<svg role="img" aria-label=') == len(titles)
    assert "For each class against all others" in page
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", page)
    assert ("sex", "texts", "female, male", "11", "2 categories and whether it is missing") in rows
    assert ("bill_length_mm", "numbers", "32.1 to 59.6", "2", "a number") in rows
    assert ("species", "texts", "Adelie, Chinstrap, Gentoo", "", "the target: 3 classes") in rows
    importance = page[page.index("Importance of columns") :]
    assert importance.index(">bill_length_mm<") < importance.index(">sex<")


def test_calibration_is_drawn_where_rows_suffice(tmp_path: Path) -> None:
    page = report(ROOT / "specs" / "penguins.yaml", tmp_path / "few.html", "--set", "data.split.test=0.02")
    assert "Confusions, held-out" in page
    assert "Calibration" not in page, "7 rows say nothing of any share"
    found = calibration(np.array([0.12, 0.14, 0.9]), np.array([False, True, True]), 2)
    assert [values.tolist() for values in found] == [[pytest.approx(0.13)], [0.5], [2]]


def test_metrics_have_the_bounds_of_the_bootstrap(tmp_path: Path) -> None:
    page = report(ROOT / "specs" / "penguins.yaml", tmp_path / "penguins.html")
    assert len(re.findall(r"<td>accuracy</td>.*<td>[0-9.]+ to [0-9.]+</td>", page)) == 1

    class Shares:
        """The share of ones stands for a metric."""

        def metrics(self, outputs: Array, y: Array) -> dict[str, float]:
            """The share among these rows."""
            return {"share": float(np.nanmean(y))}

    y = np.array([[1.0], [0.0], [0.0], [np.nan]] * 100)
    low, high = bounds(cast("Trained", Shares()), y, y)["share"]
    assert (low + high) / 2.0 == pytest.approx(1.0 / 3.0, abs=0.02)
    assert high - low == pytest.approx(2.0 * 1.96 * (2.0 / 9.0 / 300.0) ** 0.5, rel=0.2)


def test_a_report_says_how_many_rows_are_within_intervals(tmp_path: Path) -> None:
    sets = ("data.interval=0.8", "data.split.calibration=0.25")
    page = report(
        ROOT / "specs" / "iris.yaml", tmp_path / "iris.html", *(word for one in sets for word in ("--set", one))
    )
    assert re.search(r"Of the held-out examples, sets of classes at 0\.8: [0-9.]+% of 50 targets are in theirs", page)


def test_a_column_that_is_not_used_is_not_important() -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(40, 3))
    orders = [random.permutation(40) for _ in range(3)]
    assert falls(lambda given: float(np.mean(given[:, 0])), x, [1, 2], orders) == (0.0, 0.0, 0.0)
    assert min(falls(lambda given: -float(np.sum((given[:, 0] - x[:, 0]) ** 2)), x, [0], orders)) > 0.0


def test_a_report_has_the_validation_beside_the_training(tmp_path: Path) -> None:
    stop = "training.stop={name: patience, epochs: 9, validation: 0.2}"
    page = report(ROOT / "specs" / "iris.yaml", tmp_path / "iris.html", "--set", stop)
    for text in (
        ">validation</text>",
        "validation: 20 examples",
        "training: 80 examples",
        "Training ended after all 4",
    ):
        assert text in page


def test_hostile_texts_are_texts(tmp_path: Path) -> None:
    (tmp_path / "line.csv").write_text("x1,price\n" + "".join(f"{i},{3 * i + i % 5}\n" for i in range(30)), "utf-8")
    spec = tmp_path / "line.yaml"
    spec.write_text(
        f"name: line\ndescription: '{HOSTILE}'\ninputs: [x1]\n"
        "layers:\n  - {name: output, units: 1, activation: linear}\nloss: squared_error\n"
        "training: {optimizer: {name: gradient_descent, rate: 0.1}}\n"
        "data: {file: line.csv, target: price, scale: standardize, scale_targets: standardize, split: {test: 0.3}}\n",
        "utf-8",
    )
    page = report(spec, tmp_path / "line.html")
    assert "script" not in Tags(page).tags
    assert "{{ 7 * 7 }}" in page
    assert re.search(r"<td>R²</td><td>-?[\d.]+</td>", page)
    assert "Predicted against true" in page
    assert "Residuals" in page
    assert "in the units of the data" in page
    assert "#1f77b4" not in re.sub(r"--mark: .*;", "", page), "a dark theme has a color of its own"


def test_hostile_names_in_a_report_and_in_answers(tmp_path: Path) -> None:
    """Of columns, categories and classes, from a CSV file to the answers of ``nngen predict``."""
    texts = list(TEXTS.values())
    with (tmp_path / "odd.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[texts[0], "kind"], *([text, text] for text in texts * 3)])
    names = ", ".join(map(json.dumps, texts))
    spec = tmp_path / "odd.yaml"
    spec.write_text(
        f"name: odd\ninputs: [{{name: a, column: {json.dumps(texts[0])}, categories: [{names}]}}]\n"
        f"layers:\n  - {{name: output, units: {len(texts)}, activation: softmax}}\nloss: cross_entropy\n"
        "training: {optimizer: {name: adam, rate: 1}}\n"
        f"data: {{file: odd.csv, target: kind, classes: [{names}], split: {{test: 0.3}}}}\n",
        "utf-8",
    )
    params, out = tmp_path / "odd.json", tmp_path / "answers.csv"
    page = Tags(report(spec, tmp_path / "odd.html", "--save", str(params)))
    assert "script" not in page.tags
    shown = " ".join(page.texts.split())
    for name in ("quotes", "comments", "script", "template", "trigraphs", "jinja", "emoji"):
        assert f"as {' '.join(TEXTS[name].split())}" in shown
    arguments = ["predict", str(spec), "--params", str(params), "-o", str(out)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = [*csv.reader(file)]
    assert rows[0] == ["kind", *(f"p({text})" for text in texts)]
    answers = [row[0] for row in rows[1:]]
    assert len(answers) == 3 * len(texts)
    assert {TEXTS["line breaks"], TEXTS["trigraphs"], TEXTS["jinja"]} < {*answers} <= {*texts}


def test_without_matplotlib_there_is_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nngen.commands.report_page.find_spec", lambda name: None)
    printed = report(ROOT / "specs" / "iris.yaml", tmp_path / "iris.html", code=2)
    assert printed.startswith("error: a report needs matplotlib\n")
    assert "epoch" not in printed, "it is refused before the training"


def test_only_reports_are_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mine.html"
    path.write_text("mine", "utf-8")
    assert "the file exists already" in report(ROOT / "specs" / "iris.yaml", path, code=2)
    assert path.read_text("utf-8") == "mine"
    report(ROOT / "specs" / "iris.yaml", path, "--force")
    report(ROOT / "specs" / "iris.yaml", path)
