"""The most memory that nngen and a module need with many ids, and with many ratings; and the time of the best items.

    python -m benchmarks.many_ids      # a minute; writes docs/many_ids.json

Each command is a process of its own. Memory is the most that it had at a time (resident set size).
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.clock_tables import FILMS as CLOCK_FILMS
from benchmarks.clock_tables import RATINGS, write_ratings
from benchmarks.clock_tables import USERS as CLOCK_USERS
from benchmarks.processes import ENVIRONMENT, MEMORY, run
from nngen.reading import parse
from nngen.targets import as_module, texts

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "many_ids.json"
USERS, ITEMS, ROWS = 10_000_000, 1_000_000, 10_000_000
FEW_USERS, FEW_ITEMS = 100_000, 10_000
CHUNK = 1_000_000

SPEC = """
name: many
inputs: [{{name: user, ids: {users}}}, {{name: item, ids: {items}}}]
layers:
  - {{name: taste, kind: embedding, from: user, units: 2}}
  - {{name: content, kind: embedding, from: item, units: 2}}
  - {{name: affinity, kind: dot, from: [taste, content]}}
  - {{name: good, kind: embedding, from: item, units: 1}}
  - {{name: rating, kind: add, from: [affinity, good], units: [stars], bias: {{initial: [3.5]}}}}
initial: {{weights: {{name: normal, deviation: 0.1}}, seed: 1}}
loss: {{name: squared_error, outputs: sum}}
training: {{optimizer: {{name: gradient_descent, rate: 0.01}}, batch_size: 32, epochs: 1}}
data: {{file: first.csv, target: stars}}
targets: [numpy]
"""

IMPORT = "import many; params = many.init(1)"


def ratings(path: Path) -> None:
    """Write a table of random ratings."""
    rng = np.random.default_rng(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("user,item,stars\n")
        for _ in range(ROWS // CHUNK):
            users, items = rng.integers(FEW_USERS, size=CHUNK), rng.integers(FEW_ITEMS, size=CHUNK)
            stars = rng.integers(1, 11, size=CHUNK) / 2
            lines = zip(users.tolist(), items.tolist(), stars.tolist(), strict=True)
            file.writelines(f"{user},{item},{star}\n" for user, item, star in lines)


def most(what: str, of: str, folder: Path, code: str) -> dict[str, str | float]:
    """The most memory of a program in Python, in MB, and its seconds of a processor."""
    used = run([sys.executable, "-c", code + MEMORY], ENVIRONMENT, folder)
    row: dict[str, str | float] = {"what": what, "of": of, "MB": round(int(used.output.split()[-1]) / 1000)}
    row["seconds"] = round(used.seconds, 1)
    print(json.dumps(row), flush=True)
    return row


def command(*words: str) -> str:
    """Code that runs a command of nngen."""
    return f"from nngen.cli import main; main({list(words)}, standalone_mode=False)"


def main() -> None:
    """Measure all commands."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spec, table = folder / "many.yaml", folder / "ratings.csv"
        (folder / "first.csv").write_text("user,item,stars\n0,0,3.5\n", "utf-8")
        spec.write_text(SPEC.format(users=USERS, items=ITEMS), "utf-8")
        of = f"{USERS:,} users and {ITEMS:,} items"
        found = [
            most("`nngen build`", of, folder, command("build", spec.name, "--out", ".")),
            most("the module of NumPy, imported, with its parameters", of, folder / "numpy", IMPORT),
        ]
        spec.write_text(SPEC.format(users=FEW_USERS, items=FEW_ITEMS), "utf-8")
        net = as_module("many", texts(parse(spec.read_text("utf-8"), "many"), folder)["numpy"])
        net.save(net.init(1), str(folder / "many.json"))
        ratings(table)
        given = spec.name, table.name, "--params", "many.json"
        of = f"{ROWS:,} ratings by {FEW_USERS:,} users of {FEW_ITEMS:,} items"
        found += [
            most("`nngen predict`", of, folder, command("predict", *given, "--out", "answers.csv")),
            most("`nngen evaluate`", of, folder, command("evaluate", *given)),
            *best_items(folder),
        ]
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def best_items(folder: Path) -> Iterator[dict[str, str | float]]:
    """The best items by a factorization of the ratings of the clock: ids of the table, 5.2 million parameters."""
    write_ratings(folder / "stars.csv")
    run([sys.executable, "-c", command("init", "stars.csv", "--target", "rating")], ENVIRONMENT, folder)
    given = "stars.yaml", "--params", "stars.safetensors"
    train = command("train", "stars.yaml", "--epochs", "1", "--target", "c", "--save", given[-1])
    run([sys.executable, "-c", train], ENVIRONMENT, folder)
    of = f"{RATINGS:,} ratings by {CLOCK_USERS:,} users of {CLOCK_FILMS:,} films"
    yield most("`nngen predict --top 3 --for 42`", of, folder, command("predict", *given, "--top", "3", "--for", "42"))


if __name__ == "__main__":
    main()
