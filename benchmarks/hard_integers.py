"""What integers cost on tables that are hard for them: six of people's own, and twenty that are worse.

    python -m benchmarks.hard_integers [SCALE]

Each table has 900 rows for training and 900 that are held out. Writes docs/hard_integers.json, unless SCALE, such as
robust, takes the place of the scale of each table.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

import nngen

ROOT = Path(__file__).parent.parent
ROWS = 1_800

Columns = Mapping[str, Any]


def dense(units: int, activation: str = "tanh", **more: Any) -> dict[str, Any]:
    """A layer."""
    return {"units": units, "activation": activation, **more}


@dataclass(frozen=True)
class Hard:
    """A table, and the network that learns it."""

    name: str
    make: Callable[[Generator], tuple[Columns, Any]]
    """Its columns, and the classes or the numbers of its target."""
    layers: list[dict[str, Any]] = field(default_factory=lambda: [dense(8)])
    scale: str | None = "standardize"
    epochs: int = 150
    skips: bool = False
    """Whether the output reads both hidden layers."""


def two(score: Any) -> Any:
    """Two classes of equal size."""
    return np.where(score > np.median(score), "yes", "no")


def uniform(r: Generator, low: float, high: float, digits: int = 9) -> Any:
    """A column between two ends."""
    return np.round(r.uniform(low, high, ROWS), digits)


def ranges(r: Generator) -> tuple[Columns, Any]:
    """One input a thousand times as large as the other."""
    a, b = uniform(r, 0, 1, 4), uniform(r, 0, 1000, 1)
    return {"a": a, "b": b}, two(a + b / 1000)


def seconds(r: Generator) -> tuple[Columns, Any]:
    """Seconds of an epoch within a day."""
    t = np.round(uniform(r, 1_700_006_400, 1_700_092_800))
    return {"t": t}, np.where(t > 1_700_049_600, "late", "early")


def currents(r: Generator) -> tuple[Columns, Any]:
    """Amperes of a leaking capacitor."""
    a, b = uniform(r, 0, 5e-7, 10), uniform(r, 0, 5e-7, 10)
    return {"a": a, "b": b}, two(a + b)


def lognormal(r: Generator) -> tuple[Columns, Any]:
    """Tails of 20 times the median."""
    a, b = (np.exp(r.normal(0, 1.0, ROWS)) for _ in "ab")
    return {"a": a, "b": b}, two(np.log(a) - np.log(b))


def pressures(r: Generator) -> tuple[Columns, Any]:
    """A range of 60 Pa at 101 kPa."""
    p = np.round(uniform(r, 101_240, 101_300))
    return {"p": p}, np.where(p > 101_270, "high", "low")


def latitudes(r: Generator) -> tuple[Columns, Any]:
    """A city: a tenth of a degree."""
    a, b = uniform(r, 52.45, 52.55, 5), uniform(r, 13.35, 13.45, 5)
    return {"latitude": a, "longitude": b}, two(a + b)


SIX = [
    Hard("0..1 and 0..1000, no scale", ranges, [dense(8, "relu")], scale=None, epochs=300),
    Hard("seconds of a day", seconds),
    Hard("currents", currents),
    Hard("lognormal", lognormal),
    Hard("pressures", pressures),
    Hard("latitudes", latitudes),
]


def tails(r: Generator) -> tuple[Columns, Any]:
    """Student's t with 2 degrees of freedom."""
    a, b = r.standard_t(2, (2, ROWS))
    return {"a": a, "b": b}, two(np.arctan(a) + np.arctan(b))


def cauchy(r: Generator) -> tuple[Columns, Any]:
    """Values a thousand times as large as most."""
    a, b = r.standard_cauchy((2, ROWS))
    return {"a": a, "b": b}, two(np.arctan(a) - np.arctan(b))


def outlier(r: Generator) -> tuple[Columns, Any]:
    """One wrong cell."""
    a, b = uniform(r, 0, 1, 3), uniform(r, 0, 1, 3)
    score = two(a + b)
    a[7] = 9999.0
    return {"a": a, "b": b}, score


def tiny(r: Generator) -> tuple[Columns, Any]:
    """Femtofarads in farads."""
    a, b = uniform(r, 1e-15, 9e-15, 18), uniform(r, -3e-12, 3e-12, 15)
    return {"a": a, "b": b}, two(a / 9e-15 + b / 3e-12)


def huge(r: Generator) -> tuple[Columns, Any]:
    """Numbers of stars and atoms."""
    a, b = uniform(r, 1e11, 4e11, 0), uniform(r, 1e25, 9e25, 0)
    return {"a": a, "b": b}, two(a / 4e11 + b / 9e25)


def bases(r: Generator) -> tuple[Columns, Any]:
    """Three columns far away from 0, by different distances."""
    a, b, c = uniform(r, 1e6, 1e6 + 10, 2), uniform(r, -273.15, -273.05, 4), uniform(r, 20_000, 20_500, 0)
    return {"a": a, "b": b, "c": c}, two((a - 1e6) / 10 + (b + 273.1) * 10 + (c - 20_000) / 500)


def milliseconds(r: Generator) -> tuple[Columns, Any]:
    """A year in milliseconds: a season."""
    t = uniform(r, 1.70e12, 1.7315e12, 0)
    return {"t": t}, np.where(np.sin(t / 3.15e10 * 2 * np.pi) > 0, "warm", "cold")


def categories(r: Generator) -> tuple[Columns, Any]:
    """60 categories beside a number."""
    places = r.integers(0, 60, ROWS)
    a, effect = uniform(r, -1, 1, 3), r.normal(0, 1, 60)
    return {"town": np.array([f"t{i:02}" for i in places]), "a": a}, two(effect[places] + a)


def rare(r: Generator) -> tuple[Columns, Any]:
    """A category that one row in a hundred has, and that decides."""
    place = r.random(ROWS)
    town = np.where(place < 0.01, "rare", np.where(place < 0.5, "one", "two"))
    a = uniform(r, 0, 1000, 0)
    return {"town": town, "a": a}, np.where((a > 500) ^ (town == "rare"), "yes", "no")


def classes(r: Generator) -> tuple[Columns, Any]:
    """200 classes along a circle."""
    places = r.integers(0, 200, ROWS)
    angle = places / 200 * 2 * np.pi
    a, b = np.cos(angle) + r.normal(0, 0.002, ROWS), np.sin(angle) + r.normal(0, 0.002, ROWS)
    return {"a": a, "b": b}, np.array([f"c{i:03}" for i in places])


def spiral(r: Generator) -> tuple[Columns, Any]:
    """Two spirals."""
    turn, side = np.sqrt(r.random(ROWS)) * 2.2 * np.pi, r.integers(0, 2, ROWS)
    a, b = turn * np.cos(turn + np.pi * side), turn * np.sin(turn + np.pi * side)
    return {"a": a, "b": b}, np.where(side > 0, "one", "two")


def many(r: Generator) -> tuple[Columns, Any]:
    """40 columns, one of which counts most."""
    x = r.normal(0, 1, (40, ROWS)) * np.logspace(-3, 3, 40)[:, None]
    return {f"c{i}": one for i, one in enumerate(x)}, two(x[0] * 1e3 + 0.2 * x[39] / 1e3)


def gaps(r: Generator) -> tuple[Columns, Any]:
    """A third of the cells is missing."""
    a, b = uniform(r, 1000, 1100, 1), uniform(r, 0, 1, 3)
    score = (a - 1000) / 100 + b
    return {"a": np.where(r.random(ROWS) < 0.33, np.nan, a), "b": b}, two(score)


def checkers(r: Generator) -> tuple[Columns, Any]:
    """A board of four times four fields."""
    a, b = uniform(r, 0, 4, 3), uniform(r, 0, 4, 3)
    return {"a": a, "b": b}, np.where((np.floor(a) + np.floor(b)) % 2 > 0, "black", "white")


def quality(r: Generator) -> tuple[Columns, Any]:
    """Five classes of measurements with different units."""
    a, b, c = uniform(r, 0.99, 1.01, 5), uniform(r, 0, 60, 0), uniform(r, 2.7, 4.0, 2)
    score = (a - 0.99) / 0.02 + b / 60 + (c - 2.7) / 1.3
    return {"density": a, "sulfur": b, "pH": c}, np.array([f"q{int(s / 3 * 4.999)}" for s in score])


def line(r: Generator) -> tuple[Columns, Any]:
    """A regression over three ranges."""
    a, b, c = uniform(r, 0, 1, 3), uniform(r, 0, 1000, 0), uniform(r, 1e5, 1e5 + 50, 1)
    return {"a": a, "b": b, "c": c}, np.round(3 * a + b / 250 + (c - 1e5) / 20 + r.normal(0, 0.2, ROWS), 2)


def prices(r: Generator) -> tuple[Columns, Any]:
    """A regression whose target has a tail."""
    a, b = uniform(r, 0.2, 5, 2), uniform(r, 50, 70, 1)
    return {"carat": a, "table": b}, np.round(3000 * a**1.7 * np.exp(r.normal(0, 0.1, ROWS)) + 10 * b)


def waves(r: Generator) -> tuple[Columns, Any]:
    """A regression of a wave."""
    a = uniform(r, 0, 6.28, 3)
    return {"angle": a}, np.round(np.sin(a) + r.normal(0, 0.05, ROWS), 3)


NORMAL = {"normalization": "batch_norm"}

TWENTY = [
    Hard("tails", tails),
    Hard("cauchy", cauchy),
    Hard("an outlier", outlier),
    Hard("tiny", tiny),
    Hard("huge", huge),
    Hard("large bases", bases),
    Hard("milliseconds of a year", milliseconds),
    Hard("60 categories", categories, [dense(12, "relu")]),
    Hard("a rare category", rare),
    Hard("200 classes", classes, [dense(48, "relu"), dense(48, "relu")], epochs=400),
    Hard("spirals, six layers", spiral, [dense(16, "elu")] * 6, epochs=600),
    Hard("spirals, relu, batch norm", spiral, [dense(24, "relu", **NORMAL)] * 3, epochs=300),
    Hard("40 columns", many),
    Hard("gaps, relu", gaps, [dense(12, "relu")]),
    Hard("a board, skip connections", checkers, [dense(24), dense(24, "relu")], epochs=400, skips=True),
    Hard("a board, gelu", checkers, [dense(32, "gelu"), dense(32, "gelu")], epochs=400),
    Hard("five classes", quality),
    Hard("regression, three ranges", line, [dense(12)]),
    Hard("regression, a tail", prices, [dense(12, "relu")]),
    Hard("regression, a wave", waves, [dense(12)]),
]


def written(hard: Hard, folder: Path) -> tuple[Path, Path]:
    """The spec of a table beside its training rows, and the file of the held-out rows."""
    columns, target = hard.make(np.random.default_rng(7))
    whole = pd.DataFrame({**columns, "y": target})
    whole[: ROWS // 2].to_csv(folder / "train.csv", index=False)
    whole[ROWS // 2 :].to_csv(folder / "test.csv", index=False)
    names = sorted(set(target)) if target.dtype.kind == "U" else []
    text: dict[str, Any] = {"activation": "softmax", "units": names}
    if len(names) < 3:
        text = {"activation": "sigmoid" if names else "linear", "units": 1}
    layers = [{"name": f"h{i}", **layer} for i, layer in enumerate(hard.layers, 1)]
    last = {"name": "out", **text, **({"from": ["h1", "h2"]} if hard.skips else {})}
    classes = {"classes": names} if len(names) == 2 else {}
    scale = {"scale": hard.scale} if hard.scale else {}
    scale |= {} if names else {"scale_targets": "standardize"}
    spec = {
        "name": "hard",
        "inputs": [described(name, values) for name, values in columns.items()],
        "layers": [*layers, last],
        "loss": "cross_entropy" if len(names) > 2 else "binary_cross_entropy" if names else "squared_error",
        "training": {"optimizer": {"name": "adam", "rate": 0.01}, "epochs": hard.epochs, "batch_size": 32},
        "initial": {"weights": "glorot_uniform", "seed": 1},
        "data": {"file": "train.csv", "target": "y", **classes, **scale},
    }
    (folder / "hard.yaml").write_text(json.dumps(spec), encoding="utf-8")
    return folder / "hard.yaml", folder / "test.csv"


def described(name: str, values: Any) -> dict[str, Any]:
    """An input."""
    if values.dtype.kind == "U":
        return {"name": name, "categories": sorted(set(values)), "unknown": "zeros"}
    return {"name": name, **({"missing": "median"} if np.isnan(values).any() else {})}


def judged(hard: Hard) -> tuple[str, float, float, str]:
    """What is judged, accuracy or the mean error of the held-out rows, in float64 and in integers; if it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        spec, test = written(hard, Path(folder))
        found = nngen.evaluate(nngen.train(spec), test, dtype="int8")
    refused = "refused" * found.worse
    if found.right is None:
        return "error", *found.errors, refused
    return "accuracy", found.right[0] / found.rows, found.right[1] / found.rows, refused


def main() -> None:
    """Print a row for each table."""
    rows, scales = [], sys.argv[1:2]
    for kind, tables in ("six", SIX), ("twenty", TWENTY):
        for hard in tables:
            what, *both, refused = judged(replace(hard, scale=scales[0]) if scales else hard)
            row = {"kind": kind, "table": hard.name, "what": what, "float64": both[0], "int8": both[1]}
            rows.append({**row, "refused": refused})
            sys.stdout.write(f"{hard.name:28} {what:9} {both[0]:9.4g} {both[1]:9.4g} {refused}\n")
            sys.stdout.flush()
    if not scales:
        (ROOT / "docs" / "hard_integers.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
