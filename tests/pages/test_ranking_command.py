"""``nngen evaluate --top``: how many of the best items are in held-out ratings, beside a second program."""

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands.ranking import Ranking, metrics_of, ranking
from nngen.description.data import read_examples
from nngen.reading import load
from tests.support.modules import ROOT, built, named

RATINGS = ROOT / "specs" / "ratings_mf.yaml"


def run(*arguments: object, code: int = 0) -> str:
    """Run a command, and return what is printed."""
    result = CliRunner().invoke(main, [*map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parameters of ratings_mf after its training."""
    path = tmp_path_factory.mktemp("params") / "ratings_mf.json"
    run("train", RATINGS, "--save", path)
    return path


def second(params: Path, k: int, least: float) -> dict[str, list[float]]:
    """The same metrics, user by user and item by item, with the module of Python."""
    module = built(named("ratings_mf"), "python")
    trained = module.load(str(params))
    data = read_examples(load(RATINGS), RATINGS.parent)
    train = [(int(u), int(i)) for u, i in data.train_x]
    found: dict[str, list[list[float]]] = {"network": [], "popularity": []}
    for user in range(24):
        held = [(int(i), y) for (u, i), (y,) in zip(data.test_x, data.test_y, strict=True) if u == user]
        wanted = [item for item, stars in held if stars >= least]
        if not wanted:
            continue
        open_items = [item for item in range(30) if (user, item) not in train]
        for name, rows in found.items():
            score = {
                item: module.forward(trained, [float(user), float(item)])[0]
                if name == "network"
                else sum(1 for _, other in train if other == item)
                for item in open_items
            }
            first = [item for _, item in sorted((-score[item], item) for item in open_items)][:k]
            hits = [1 if item in wanted else 0 for item in first]
            dcg = sum(hit / math.log(rank + 2, 2) for rank, hit in enumerate(hits))
            ideal = [1] * len(wanted) + [0] * k
            idcg = sum(hit / math.log(rank + 2, 2) for rank, hit in enumerate(ideal[:k]))
            rows.append([sum(hits) / k, sum(hits) / len(wanted), dcg / idcg, 1.0 if sum(hits) else 0.0])
    return {name: [sum(column) / len(rows) for column in zip(*rows, strict=True)] for name, rows in found.items()}


@pytest.mark.parametrize(("k", "least"), [(1, None), (5, None), (5, 4.0), (40, 3.5)])
def test_metrics_are_those_of_a_second_program(params: Path, k: int, least: float | None) -> None:
    found = ranking(load(RATINGS), RATINGS, params, k, least)
    expected = second(params, k, -math.inf if least is None else least)
    assert list(found.metrics) == ["network", "popularity"]
    for name, values in found.metrics.items():
        assert np.max(np.abs(np.subtract(values, expected[name]))) <= 1e-12
    options = () if least is None else ("--relevant", least)
    *said, _, head, _, network, popular = run(
        "evaluate", RATINGS, "--params", params, "--top", k, *options
    ).splitlines()
    assert head.split("  ")[0] == f"top {k}"
    for line, values in ((network, found.metrics["network"]), (popular, found.metrics["popularity"])):
        assert line.split()[1:] == [f"{value:.4f}" for value in values]
    low, high = found.candidates
    assert f"candidates: the items without a rating of the user in training, {low} to {high} of 30" in said
    total = len(read_examples(load(RATINGS), RATINGS.parent).test_x)
    assert found.relevant + found.skipped == total == 48
    assert (found.skipped > 0) == (least is not None)


def test_the_page_shows_what_is_printed(params: Path) -> None:
    printed = run("evaluate", RATINGS, "--params", params, "--top", 5, "--relevant", 4)
    block = "".join(f"    {line}\n" if line else "\n" for line in printed.splitlines())
    assert block in (ROOT / "docs" / "predict.md").read_text("utf-8")


def test_metrics_of_one_user_by_hand() -> None:
    """Items 3 and 9 of three relevant ones are second and fourth."""
    precision, recall, gain, hit = metrics_of([7, 3, 5, 9, 1], {3, 9, 1}, 4)
    assert (precision, recall, hit) == (2 / 4, 2 / 3, 1.0)
    assert gain == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3) + 1 / 2), abs=1e-15)
    assert metrics_of([7, 5], {3}, 2) == (0.0, 0.0, 0.0, 0.0)
    assert metrics_of([3], {3}, 2) == (0.5, 1.0, 1.0, 1.0)
    values = [metrics_of(order, {1}, 3)[2] for order in ([1, 2, 3], [2, 1, 3], [2, 3, 1])]
    assert all(first > later for first, later in pairwise(values))


SHOP = """
name: shop
inputs: [{name: user, ids: [a, b], unknown: row}, {name: item, ids: [p, q, r, s]}]
layers:
  - {name: taste, kind: embedding, from: user, units: 2}
  - {name: content, kind: embedding, from: item, units: 2}
  - {name: score, kind: dot, from: [taste, content]}
loss: squared_error
training: {optimizer: {name: gradient_descent, rate: 0.1}, epochs: 1}
data: {file: shop.csv, target: stars, split: {test: 0.5, seed: 3}, scale_targets: standardize}
"""


def test_a_network_that_is_worse_than_popularity_draws_a_caution() -> None:
    worse, better = (0.5, 0.5, 0.3, 1.0), (0.5, 0.5, 0.4, 1.0)
    found = Ranking({"network": worse, "popularity": better}, 1, 1, (1, 1), 1, 0, "", "rating", 10)
    [said] = found.cautions
    why = ": it predicts the ratings of items, not which ones a user takes"
    assert said == f"the items with the most ratings are better than those of the network{why}"
    [said] = replace(found, noun="pair").cautions
    assert said == "the items with the most pairs are better than those of the network"
    assert [*replace(found, metrics={"network": better, "popularity": worse}).cautions] == []


def test_repeated_pairs_and_ids_without_a_row_are_not_counted(tmp_path: Path) -> None:
    spec, table, params = tmp_path / "shop.yaml", tmp_path / "shop.csv", tmp_path / "shop.json"
    spec.write_text(SHOP, "utf-8")
    pairs = [(user, item, stars) for user in "abc" for item, stars in zip("pqrs", (1, 2, 3, 4), strict=True)]
    rows = [f"{user},{item},{stars}\n" for user, item, stars in [*pairs, *pairs]]
    table.write_text("user,item,stars\n" + "".join(rows), "utf-8")
    run("train", spec, "--save", params)
    data = read_examples(load(spec), tmp_path)
    train, held = ([tuple(row) for row in x.tolist()] for x in (data.train_x, data.test_x))
    relevant = {pair for pair in held if pair[0] < 2 and pair not in train}
    found = ranking(load(spec), spec, params, 2, None)
    assert (found.relevant, found.skipped) == (len(relevant), len(held) - len(relevant))
    assert found.users == len({user for user, _ in relevant})
    stars = ranking(load(spec), spec, params, 2, 3.0)  # items r and s, though targets are standardized
    assert stars.relevant == len({pair for pair in relevant if pair[1] >= 2})


def test_items_of_the_second_class_are_relevant(tmp_path: Path) -> None:
    spec, params = tmp_path / "shop.yaml", tmp_path / "shop.json"
    output = "  - {name: buys, units: [buy], from: score, activation: sigmoid}\nloss: binary_cross_entropy"
    text = SHOP.replace("loss: squared_error", output).replace("scale_targets: standardize", "classes: ['no', 'yes']")
    spec.write_text(text, "utf-8")
    rows = [
        f"{user},{item},{answer}\n" for user in "ab" for item, answer in zip("pqrs", ("yes", "no") * 2, strict=True)
    ]
    (tmp_path / "shop.csv").write_text("user,item,stars\n" + "".join(rows), "utf-8")
    run("train", spec, "--save", params)
    data = read_examples(load(spec), tmp_path)
    bought = int(data.test_y.sum())
    assert 0 < bought < len(data.test_y)
    printed = run("evaluate", spec, "--params", params, "--top", 2)
    assert printed.startswith(f"relevant: held-out ratings of the class 'yes', {bought} item")
    refused = run("evaluate", spec, "--params", params, "--top", 2, "--relevant", 1, code=2)
    assert "error: the target has classes: relevant is 'yes'\n  --> --relevant" in refused


def test_pairs_that_do_not_occur_are_not_relevant(tmp_path: Path) -> None:
    spec, params = tmp_path / "plays.yaml", tmp_path / "plays.json"
    rows = [f"u{user},s{song}\n" for user in range(12) for song in range(0, 10, 1 + user % 2)]
    (tmp_path / "plays.csv").write_text("user,song\n" + "".join(rows), "utf-8")
    run("init", tmp_path / "plays.csv", "--out", spec)
    run("train", spec, "--save", params)
    held = round(0.2 * len(rows))
    printed = run("evaluate", spec, "--params", params, "--top", 2)
    assert printed.startswith(f"relevant: held-out pairs, {held} items of ")
    assert "candidates: the items without a pair of the user in training, " in printed


def test_mistakes(params: Path, tmp_path: Path) -> None:
    rest = ("--params", params, "--top", 5)
    table = ROOT / "specs" / "data" / "ratings.csv"
    assert "--top takes no DATA" in run("evaluate", RATINGS, table, *rest, code=2)
    assert "--relevant and --top belong" in run("evaluate", RATINGS, "--params", params, "--relevant", 4, code=2)
    assert "--top needs two inputs with ids" in run("evaluate", ROOT / "specs" / "iris.yaml", *rest, code=2)
    whole = tmp_path / "whole.yaml"
    text = RATINGS.read_text("utf-8").replace("data/ratings.csv", "ratings.csv")
    whole.write_text(text.replace("  split: {test: 0.2, seed: 1}\n", ""), "utf-8")
    (tmp_path / "ratings.csv").write_bytes(table.read_bytes())
    message = run("evaluate", whole, *rest, code=2)
    assert "--top judges held-out ratings, and the spec holds none out" in message
    assert "relevant item" in run("evaluate", RATINGS, *rest, "--relevant", 9, code=2)
