"""``nngen predict --top``: the best items that a user has not rated."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from tests.support.modules import ROOT, built, named

RATINGS = ROOT / "specs" / "ratings_mf.yaml"
TABLE = ROOT / "specs" / "data" / "ratings.csv"
COUNTED = """
name: shop
inputs: [{name: user, ids: 2, unknown: row}, {name: item, ids: 12}]
layers:
  - {name: taste, kind: embedding, from: user, units: 2}
  - {name: content, kind: embedding, from: item, units: 2}
  - {name: score, kind: dot, from: [taste, content]}
loss: squared_error
training: {optimizer: {name: gradient_descent, rate: 0.1}, epochs: 1}
data: {rows: [{x: [0, 3], y: [1]}, {x: [0, 11], y: [2]}, {x: [1, 4], y: [3]}]}
"""


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parameters of ratings_mf after some training."""
    path = tmp_path_factory.mktemp("params") / "ratings_mf.json"
    run("train", RATINGS, "--epochs", "5", "--save", path)
    return path


def run(*arguments: object, code: int = 0) -> str:
    """Run a command, and return what is printed."""
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == code, result.output
    return result.output


def test_the_best_books_that_a_reader_has_not_rated(params: Path) -> None:
    module = built(named("ratings_mf"), "python")
    trained = module.load(str(params))
    with TABLE.open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    read = {row["book"] for row in rows if row["reader"] == "Uma"}
    stars = {
        book: module.predict(trained, {"reader": "Uma", "book": book}) for book in {row["book"] for row in rows} - read
    }
    found = list(csv.DictReader(run("predict", RATINGS, "--params", params, "--top", 4, "--for", "Uma").splitlines()))
    assert [row["book"] for row in found] == sorted(stars, key=stars.__getitem__, reverse=True)[:4]
    assert [float(row["rating"]) for row in found] == pytest.approx([stars[row["book"]] for row in found])


def test_all_books_that_are_left_where_they_are_few(params: Path) -> None:
    with TABLE.open(encoding="utf-8") as file:
        read = [row["book"] for row in csv.DictReader(file) if row["reader"] == "Ada"]
    lines = run("predict", RATINGS, "--params", params, "--top", 1000, "--for", "Ada").splitlines()
    assert len(lines) == 1 + 30 - len(read)
    assert not {line.split(",")[0] for line in lines} & set(read)


def test_ids_that_are_counted_and_a_user_without_a_row(tmp_path: Path) -> None:
    spec, params = tmp_path / "shop.yaml", tmp_path / "shop.json"
    spec.write_text(COUNTED, "utf-8")
    run("train", spec, "--save", params)

    def items(user: str, code: int = 0) -> set[str]:
        lines = run("predict", spec, "--params", params, "--top", 20, "--for", user, code=code).splitlines()
        assert lines[0] == "item,score1"
        return {line.split(",")[0] for line in lines[1:]}

    every = {str(item) for item in range(12)}
    assert items("0") == every - {"3", "11"}
    assert items("1") == every - {"4"}
    assert items("7") == every
    spec.write_text(COUNTED.replace(", unknown: row", ""), "utf-8")
    run("train", spec, "--save", params, "--force")
    message = run("predict", spec, "--params", params, "--top", 1, "--for", "7", code=2)
    assert message == "error: no user is called '7'\n  --> --for\n  = help: the ids are 0 to 1\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--top", 1, "--for", "Umma"],
            "error: no reader is called 'Umma'\n  --> --for\n  = help: did you mean 'Uma'?\n",
        ),
        (["--top", 0, "--for", "Uma"], "0 is not in the range x>=1"),
        (["--top", 1], "--top and --for belong together"),
        (["--for", "Uma"], "--top and --for belong together"),
        ([TABLE, "--top", 1, "--for", "Uma"], "--top takes no DATA"),
    ],
)
def test_mistakes(params: Path, arguments: list[object], message: str) -> None:
    assert message in run("predict", RATINGS, "--params", params, *arguments, code=2)


def test_a_spec_without_ids_has_no_items(tmp_path: Path) -> None:
    iris = ROOT / "specs" / "iris.yaml"
    assert run("predict", iris, "--params", tmp_path / "none.json", "--top", 1, "--for", "a", code=2) == (
        "error: --top needs two inputs with ids, and one output; got 4 inputs, none of them with ids, and 3 outputs\n"
        f"  --> {iris}\n  = help: the first input has the ids of users, the second those of items\n"
    )
