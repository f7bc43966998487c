"""Tables of the user's clock, from seeds: a long one of mixed columns, a wide one of numbers, and many ratings."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MIXED_ROWS, MIXED_NUMBERS = 300_000, 12
WIDE_ROWS, WIDE_COLUMNS = 8_000, 1_500
RATINGS, USERS, FILMS = 1_000_000, 199_000, 50_000
TEXTS = {
    "region": ["north", "east", "south", "west"],
    "plan": ["basic", "plus", "pro", "team", "free"],
    "device": ["phone", "tablet", "desktop", "watch", "tv", "other"],
    "channel": [f"channel {i}" for i in range(1, 21)],
    "shop": [f"shop {i}" for i in range(1, 51)],
}
"""The columns of texts of the mixed table."""


def write_mixed(path: Path, rows: int = MIXED_ROWS) -> None:
    """12 columns of numbers and 5 of texts, some cells missing, and a number to predict, ``y``."""
    random = np.random.default_rng(1)
    x = random.normal(size=(rows, MIXED_NUMBERS))
    places = {name: random.integers(len(texts), size=rows) for name, texts in TEXTS.items()}
    y = x[:, 0] * x[:, 1] + np.sin(2.0 * x[:, 2]) + 0.5 * x[:, 3] ** 2 + x[:, 4:8].sum(axis=1)
    for name, chosen in places.items():
        y += random.normal(size=len(TEXTS[name]))[chosen]
    y += 0.1 * random.normal(size=rows)
    columns: dict[str, NDArray[np.str_]] = {}
    for k in range(MIXED_NUMBERS):
        scaled = np.round(x[:, k] * 10.0**k + 5.0, 4) if k < 4 else np.round(x[:, k], 6)
        columns[f"x{k + 1}_m"] = _with_gaps(scaled.astype(str), random, 0.03 if k % 3 == 0 else 0.0)
    for name, chosen in places.items():
        columns[name] = _with_gaps(np.array(TEXTS[name])[chosen], random, 0.02 if name == "device" else 0.0)
    columns["y"] = np.round(y, 5).astype(str)
    _write(path, columns)


def write_wide(path: Path, rows: int = WIDE_ROWS, columns: int = WIDE_COLUMNS) -> None:
    """Columns of numbers with three decimals, 20 of which tell which of two classes a row has."""
    random = np.random.default_rng(2)
    x = random.normal(size=(rows, columns))
    score = x[:, :20] @ random.normal(size=20) + random.normal(size=rows)
    named = {f"g{k + 1}x": np.round(x[:, k], 3).astype(str) for k in range(columns)}
    _write(path, named | {"kind": np.where(score > 0.0, "case", "control")})


def write_ratings(path: Path, ratings: int = RATINGS, users: int = USERS, films: int = FILMS) -> None:
    """Ratings of one to five stars, each pair once; few films have many, and each user and film has one at least."""
    random = np.random.default_rng(3)
    popular = random.permutation(films)[(films * random.random(3 * ratings) ** 3).astype(int)]
    who = np.concatenate([np.arange(users), random.integers(users, size=len(popular) - users)])
    popular[users : users + films] = np.arange(films)
    pairs = who.astype(np.int64) * films + popular
    kept = np.sort(np.unique(pairs, return_index=True)[1])[:ratings]
    who, what = who[kept], popular[kept]
    taste, trait = random.normal(size=(users, 3)), random.normal(size=(films, 3))
    bias = 0.5 * random.normal(size=users)[who] + 0.5 * random.normal(size=films)[what]
    stars = 3.5 + bias + 0.5 * np.sum(taste[who] * trait[what], axis=1) + 0.5 * random.normal(size=ratings)
    stars = np.clip(np.rint(stars), 1, 5).astype(int)
    order = random.permutation(ratings)
    columns = {"user": who[order] + 1, "film": what[order] + 1, "rating": stars[order]}
    _write(path, {name: values.astype(str) for name, values in columns.items()})


def _with_gaps(texts: NDArray[np.str_], random: np.random.Generator, share: float) -> NDArray[np.str_]:
    """Texts of which some are empty."""
    return np.where(random.random(len(texts)) < share, "", texts) if share else texts


def _write(path: Path, columns: dict[str, NDArray[np.str_]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(columns) + "\n")
        file.writelines(",".join(row) + "\n" for row in zip(*(c.tolist() for c in columns.values()), strict=True))
