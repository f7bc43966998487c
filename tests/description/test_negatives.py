"""Tables of pairs that occur, such as clicks: others are drawn, and the network learns to tell them apart."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands import train
from nngen.commands.ranking import ranking
from nngen.commands.train import Trainer
from nngen.description.data import read_examples
from nngen.reading import load
from tests.support.modules import built

USERS, ITEMS = 60, 40


def clicks(path: Path) -> list[tuple[str, str]]:
    """A table of users who click on items of their own half, the first ones most; each fifth row repeats a pair."""
    numbers = np.random.default_rng(1)
    pairs: list[tuple[str, str]] = []
    for user in range(USERS):
        own = [item for item in range(ITEMS) if item % 2 == user % 2]
        weights = 1.0 / np.arange(2, len(own) + 2)
        chosen = numbers.choice(own, 9, replace=False, p=weights / weights.sum())
        pairs += [(f"u{user}", f"i{item}") for item in chosen]
    pairs = [pairs[k] for k in numbers.permutation(len(pairs))]
    rows = [*pairs, *pairs[::5]]
    path.write_text("userId,itemId,plays\n" + "".join(f"{u},{i},{n % 50}\n" for n, (u, i) in enumerate(rows)))
    return pairs


def run(*arguments: object, code: int = 0) -> str:
    """Run a command, and return what it prints."""
    result = CliRunner().invoke(main, [*map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The spec that ``nngen init`` proposes for the table, and its trained parameters beside it."""
    folder = tmp_path_factory.mktemp("clicks")
    clicks(folder / "clicks.csv")
    path = folder / "clicks.yaml"
    said = run("init", folder / "clicks.csv", "-o", path)
    assert "a table of pairs that occur: a factorization of 'userId' (60 ids) and 'itemId' (40 ids)" in said
    assert "left out 'plays': each pair counts the same" in said
    assert "left out 108 rows of a pair that an earlier row has" in run("train", path, "--save", folder / "clicks.json")
    return path


def test_drawn_pairs_do_not_occur(spec: Path) -> None:
    """They are of the same users, all items come, and the held-out pairs are unknown in training."""
    loaded_spec = load(spec)
    data = read_examples(loaded_spec, spec.parent)
    occurs = data.train_y[:, 0] == 1.0
    assert (int(occurs.sum()), len(occurs)) == (432, 432 * 11)
    known, drawn = ({*map(tuple, data.train_x[which].tolist())} for which in (occurs, ~occurs))
    held_out = {*map(tuple, data.test_x[data.test_y[:, 0] == 1.0].tolist())}
    assert len(known) == 432
    assert not known & drawn
    assert held_out & drawn
    assert np.array_equal(data.train_x[~occurs, 0], np.repeat(data.train_x[occurs, 0], 10))
    assert {item for _, item in drawn} == set(range(ITEMS))
    tested = {*map(tuple, data.test_x[data.test_y[:, 0] == 0.0].tolist())}
    assert not tested & (known | held_out)
    again = read_examples(loaded_spec, spec.parent)
    assert np.array_equal(data.train_x, again.train_x)


def test_each_pair_that_does_not_occur_is_drawn_equally_often(tmp_path: Path) -> None:
    """A user with 2 of 5 items gets the other three; one with all items gets none."""
    rows = [("a", 1), ("a", 3), *(("b", item) for item in range(5))] + [(f"c{k}", k % 5) for k in range(2000)]
    (tmp_path / "t.csv").write_text("user,item\n" + "".join(f"{u},{i}\n" for u, i in rows))
    text = run("init", tmp_path / "t.csv", "--ratings", "user,item", "-o", tmp_path / "t.yaml")
    assert "next: nngen train" in text
    found = load(tmp_path / "t.yaml", None, ("data.split=null",))
    data = read_examples(found, tmp_path)
    drawn = data.train_x[data.train_y[:, 0] == 0.0]
    users = found.indices[0].ids
    assert not isinstance(users, int)
    names = np.array(users)[drawn[:, 0].astype(int)]
    assert set(drawn[names == "a", 1]) <= {0.0, 2.0, 4.0}
    assert "b" not in names
    counts = np.array([np.sum((drawn[:, 1] - k) % 5 == 0) for k in range(5)])
    assert np.all(np.abs(counts - 4000) < 4 * np.sqrt(20_000 * 0.2 * 0.8))


@pytest.mark.parametrize("target", ["c", "numpy"])
def test_epoch_by_epoch_is_one_training(target: str, spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same pairs in each epoch, the parameters and the stop are those of a single call of ``fit``."""
    monkeypatch.setattr(train, "drawn_again", lambda spec, x, y, kept, epoch: x)
    stop = "training.stop={name: patience, epochs: 2, validation: 0.1}"
    loaded_spec = load(spec, None, (stop, "training.batch_size=50"))
    many, one = (Trainer(loaded_spec, spec, target, None, 12) for _ in range(2))
    monkeypatch.setattr(one, "_rounds", lambda: iter([(12, one.examples.train_x)]))
    for each in (many, one):
        each.run(lambda *_: None)
    assert many.losses == one.losses
    assert many.best_epoch == one.best_epoch
    for first, second in zip(many.trained.params, one.trained.params, strict=True):
        assert np.array_equal(first, second)


def test_pairs_are_others_in_each_epoch_but_for_validation(spec: Path) -> None:
    stop = "training.stop={name: patience, epochs: 2, validation: 0.1}"
    trainer = Trainer(load(spec, None, (stop,)), spec, "numpy", None, 2)
    (_, first), (_, second) = trainer._rounds()
    kept = trainer.parts["validation"].x
    occurs = trainer.examples.train_y[:, 0] == 1.0
    assert np.array_equal(first, trainer.examples.train_x)
    assert np.array_equal(first[occurs], second[occurs])
    assert np.mean(first[~occurs] != second[~occurs]) > 0.3
    same = {*map(tuple, second.tolist())}
    assert all(tuple(pair) in same for pair in kept.tolist())


def test_the_best_items_are_better_than_popular_ones_and_new(spec: Path) -> None:
    params = spec.with_suffix(".json")
    found = ranking(load(spec), spec, params, 5, None)
    network, popular = found.metrics["network"], found.metrics["popularity"]
    assert network[1] > 1.2 * popular[1]
    assert not [*found.cautions]
    seen = {line.split(",")[1] for line in (spec.parent / "clicks.csv").read_text().splitlines() if line[:3] == "u7,"}
    head, *rows = run("predict", spec, "--params", params, "--top", 31, "--for", "u7").splitlines()
    assert head == "itemId,chosen"
    answers = {item: float(value) for item, value in (row.split(",") for row in rows)}
    assert not seen & {*answers}
    assert len(answers) == ITEMS - len(seen)
    assert all(0.0 < value < 1.0 for value in answers.values())
    assert [*answers.values()] == sorted(answers.values(), reverse=True)
    assert all(int(item[1:]) % 2 for item in [*answers][:8])  # u7 clicks on items with odd numbers


def test_evaluate_judges_pairs_that_are_held_out_and_no_other_table(spec: Path) -> None:
    params = spec.with_suffix(".json")
    assert "held-out examples: loss" in run("evaluate", spec, "--params", params)
    said = run("evaluate", spec, spec.parent / "clicks.csv", "--params", params, code=2)
    assert "a table of pairs that occur has no others to tell them from" in said
    assert "with `--top 10`" in said


def test_a_module_learns_from_one_pair(spec: Path) -> None:
    """The targets of pairs are 1 and 0, also for the functions of the module."""
    module = built(spec, "python")
    params = module.init()
    pair, answers = [3.0, 4.0], []
    for target in (1.0, 0.0):
        loss, slopes = module.gradient(params, pair, [target])
        assert math.isfinite(loss)
        answers.append(module.forward(module.step(params, slopes, module.init_state(params))[0], pair)[0])
    assert answers[0] > module.forward(params, pair)[0] > answers[1]


def test_a_table_without_a_target_and_without_pairs(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("height,width\n" + "".join(f"{k % 7},{k % 11}\n" for k in range(100)))
    said = run("init", tmp_path / "t.csv", "-o", tmp_path / "t.yaml", code=2)
    assert "there is no target: no two columns have the names of users and items, or are the only texts" in said
    assert "`--target COLUMN`; for pairs that occur, `--ratings USER,ITEM`" in said
    assert json.dumps([*map(str, tmp_path.iterdir())]).count("t.yaml") == 0


def test_counts_are_scaled_and_no_training_of_them_diverges(tmp_path: Path) -> None:
    """Plays from 1 to a million; an unknown user gets the answers of items, which stay in the range of the table."""
    numbers = np.random.default_rng(2)
    tail, liked = numbers.normal(0.0, 2.0, 50), numbers.normal(4.0, 1.5, 60)
    pairs = [(u, i) for u in range(60) for i in numbers.choice(50, 15, replace=False)]
    rows = [(u, i, int(np.exp(tail[i] + liked[u] + numbers.normal()))) for u, i in pairs]
    path = tmp_path / "plays.csv"
    path.write_text("user,artist,plays\n" + "".join(f"{u},a{i},{n}\n" for u, i, n in rows))
    run("init", path, "--target", "plays", "-o", tmp_path / "plays.yaml")
    said = run("train", tmp_path / "plays.yaml", "--save", tmp_path / "plays.json")
    assert "held-out examples: loss" in said
    assert "nan" not in said.lower()
    many = (tmp_path / "plays.yaml", "--params", tmp_path / "plays.json", "--top", 50)
    said = run("predict", *many, "--for", "nobody")
    assert "no user is called 'nobody'; the answers are those for all new ids, near the mean of each item" in said
    answers = [float(line.split(",")[1]) for line in said.splitlines() if line.startswith("a") and "plays" not in line]
    assert len(answers) == 50
    assert min(answers) >= 0.0
    assert max(answers) <= 1.1 * max(n for *_, n in rows)


def test_ids_beside_other_columns_are_told(tmp_path: Path) -> None:
    """Students rate lecturers, and an age may say more: ``init`` says how the ids alone are factorized."""
    numbers = np.random.default_rng(3)
    pairs = {
        (int(a), int(b)) for a, b in zip(numbers.integers(1, 401, 9000), numbers.integers(1, 351, 9000), strict=True)
    }
    rows = [f"{s},{d},{numbers.integers(2, 9)},{numbers.integers(1, 6)}\n" for s, d in sorted(pairs)]
    (tmp_path / "t.csv").write_text("s,d,age,y\n" + "".join(rows))
    said = run("init", tmp_path / "t.csv", "--target", "y", "-o", tmp_path / "t.yaml")
    assert "no factorization, as of a table of ratings: 'age' may say more than the ids; `--ratings USER,ITEM`" in said
