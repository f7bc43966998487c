"""``nngen predict --top``: the best items that a user has not rated, and the most similar ids."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands.inner import module_of
from nngen.commands.recommend import ranked
from nngen.description.data import encoding
from nngen.reading import load, parameter_files
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
        return {line.split(",")[0] for line in lines[1:] if not line.startswith("caution: no user is called '7'; ")}

    every = {str(item) for item in range(12)}
    assert items("0") == every - {"3", "11"}
    assert items("1") == every - {"4"}
    assert items("7") == every
    assert "caution: no user is called '7'" in run("predict", spec, "--params", params, "--top", 2, "--for", "7")
    assert "caution" not in run("predict", spec, "--params", params, "--top", 2, "--for", "1")
    spec.write_text(COUNTED.replace(", unknown: row", ""), "utf-8")
    run("train", spec, "--save", params, "--force")
    message = run("predict", spec, "--params", params, "--top", 1, "--for", "7", code=2)
    assert message == "error: no user is called '7'\n  --> --for\n  = help: the ids are 0 to 1\n"


def test_rows_without_a_rating_are_not_seen(tmp_path: Path) -> None:
    spec, params, table = tmp_path / "shop.yaml", tmp_path / "shop.json", tmp_path / "shop.csv"
    listed = (
        COUNTED[: COUNTED.index("data:")].replace("ids: 2, unknown: row", "ids: data").replace("ids: 12", "ids: data")
    )
    rows = [f"{user},{item},{(user * item) % 5}" for user in range(4) for item in range(6) if (user + item) % 3]
    table.write_text("\n".join(["user,item,stars", *rows]) + "\n", "utf-8")
    spec.write_text(listed + "data: {file: shop.csv, target: stars}\n", "utf-8")
    run("train", spec, "--save", params)

    def items() -> list[str]:
        lines = run("predict", spec, "--params", params, "--top", 20, "--for", "2").splitlines()
        return sorted(line.split(",")[0] for line in lines[1:])

    assert items() == ["1", "4"]
    table.write_text(table.read_text("utf-8") + "2,1,\n", "utf-8")
    assert items() == ["4"]  # all rows are ratings, and this one is wrong when it trains
    run("train", spec, "--save", tmp_path / "other.json", code=2)
    spec.write_text(listed + "data: {file: shop.csv, target: stars, missing_target: leave_out}\n", "utf-8")
    assert items() == ["1", "4"]


def test_the_highest_scores_are_found_without_sorting_all() -> None:
    rng = np.random.default_rng(1)
    for count in (1, 3, 10, 50):
        scores = rng.integers(0, 6, size=40).astype(float)
        scores[rng.integers(40, size=3)] = rng.choice([np.nan, -np.inf, np.inf], 3)
        without = rng.choice(40, size=7, replace=False)
        open_items = [item for item in range(40) if item not in without]
        best = sorted(open_items, key=lambda item: (math.isnan(scores[item]), -scores[item], item))
        assert ranked(scores, without, count) == best[:count]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--top", 1, "--for", "Umma"],
            "error: no reader is called 'Umma'\n  --> --for\n  = help: did you mean 'Uma'?\n",
        ),
        (["--top", 0, "--for", "Uma"], "0 is not in the range x>=1"),
        (["--similar", "Uma"], "--top and --similar belong together"),
        (["--top", 1, "--of", "book"], "--of and --similar belong together"),
        (["--top", 1, "--for", "Uma", "--similar", "Uma"], "--for names a user"),
        (
            ["--top", 1, "--similar", "Moon Atlass"],
            "error: no book is called 'Moon Atlass'\n  --> --similar\n  = help: did you mean 'Moon Atlas'?\n",
        ),
        (["--top", 1, "--similar", "Uma", "--of", "book"], "no book is called 'Uma'"),
        (["--top", 1, "--similar", "Uma", "--of", "boook"], "no input with ids is called 'boook'"),
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


def test_the_best_books_for_all_readers_at_once(params: Path, tmp_path: Path) -> None:
    out = tmp_path / "best.csv"
    run("predict", RATINGS, "--params", params, "--top", 3, "--out", out)
    with out.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["reader", "book", "rating"]
    readers = list(dict.fromkeys(reader for reader, *_ in rows))
    assert len(readers) == 24
    assert len(rows) == 72
    for reader in readers[::6]:
        alone = run("predict", RATINGS, "--params", params, "--top", 3, "--for", reader).splitlines()[1:]
        assert alone == [",".join(row[1:]) for row in rows if row[0] == reader]


@pytest.mark.parametrize(
    ("given", "kind", "options"), [("Uma", "reader", ()), ("Moon Atlas", "book", ("--of", "book"))]
)
def test_the_most_similar_ids_by_the_cosine_of_their_factors(
    params: Path, given: str, kind: str, options: tuple[str, ...]
) -> None:
    """The second program takes the three factors of each row from the file, and no bias."""
    values = json.loads(params.read_text("utf-8"))["parameters"]
    with TABLE.open(encoding="utf-8") as file:
        names = sorted({row[kind] for row in csv.DictReader(file)})
    start = 0 if kind == "reader" else 24 * 3
    rows = {name: values[start + 3 * i : start + 3 * i + 3] for i, name in enumerate(names)}

    def cosine(name: str) -> float:
        pairs = [*zip(rows[name], rows[given], strict=True)]
        length = math.sqrt(sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs))
        return float(sum(a * b for a, b in pairs) / length)

    expected = sorted(set(names) - {given}, key=cosine, reverse=True)[:10]
    lines = run("predict", RATINGS, "--params", params, "--similar", given, "--top", 10, *options).splitlines()
    found = [*csv.DictReader(lines)]
    assert [row[kind] for row in found] == expected
    assert [float(row["similarity"]) for row in found] == pytest.approx([cosine(name) for name in expected], abs=1e-12)


def test_the_most_similar_books_by_their_ratings(tmp_path: Path) -> None:
    """The weights of the item-based network are cosines of two books over the readers of both, to four digits."""
    path = ROOT / "specs" / "recommend" / "items_cosine.yaml"
    spec = load(path)
    values = np.concatenate([np.ravel(block) for block in module_of(spec, path.parent, "numpy", None).init()]).tolist()
    params = tmp_path / "items.json"
    params.write_text(str(parameter_files.content(params, spec, encoding(spec, path.parent), values)), "utf-8")
    with TABLE.open(encoding="utf-8") as file:
        rows = [
            (row["reader"], row["book"].lower().replace(" ", "_"), float(row["rating"])) for row in csv.DictReader(file)
        ]
    stars = {(reader, book): rating for reader, book, rating in rows}
    books = sorted({book for _, book, _ in rows})

    def cosine(one: str, other: str) -> float:
        both = [
            (r, stars[reader, other]) for (reader, book), r in stars.items() if book == one and (reader, other) in stars
        ]
        product = math.sqrt(sum(a * a for a, _ in both) * sum(b * b for _, b in both))
        return sum(a * b for a, b in both) / product if both else 0.0

    found = [
        *csv.DictReader(run("predict", path, "--params", params, "--similar", "moon_atlas", "--top", 40).splitlines())
    ]
    assert {row["item"] for row in found} == set(books) - {"moon_atlas"}
    for row in found:
        assert float(row["similarity"]) == pytest.approx(cosine(row["item"], "moon_atlas"), abs=5.1e-5)
    similarities = [float(row["similarity"]) for row in found]
    assert similarities == sorted(similarities, reverse=True)
    assert "did you mean 'moon_atlas'" in run(
        "predict", path, "--params", params, "--similar", "Moon Atlas", "--top", 1, code=2
    )
    iris = ROOT / "specs" / "iris.yaml"
    run("train", iris, "--epochs", "1", "--save", tmp_path / "iris.json")
    message = run("predict", iris, "--params", tmp_path / "iris.json", "--similar", "a", "--top", 1, code=2)
    assert "--similar needs an input with ids, or a ratio of weighted sums; got 4 inputs" in message
