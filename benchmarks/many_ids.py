"""The most memory that nngen and a module need with many ids, and with many ratings.

    python -m benchmarks.many_ids      # a minute; writes docs/many_ids.json

Each command is a process of its own. Memory is the most that it had at a time (resident set size).
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

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


def most(what: str, folder: Path, code: str) -> dict[str, str | int]:
    """The most memory of a program in Python, in MB."""
    printed = run([sys.executable, "-c", code + MEMORY], ENVIRONMENT, folder).output
    row: dict[str, str | int] = {"what": what, "MB": round(int(printed.split()[-1]) / 1000)}
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
        found = [
            most("`nngen build`", folder, command("build", spec.name, "--out", ".")),
            most("the module of NumPy, imported, with its parameters", folder / "numpy", IMPORT),
        ]
        spec.write_text(SPEC.format(users=FEW_USERS, items=FEW_ITEMS), "utf-8")
        net = as_module("many", texts(parse(spec.read_text("utf-8"), "many"), folder)["numpy"])
        net.save(net.init(1), str(folder / "many.json"))
        ratings(table)
        given = spec.name, table.name, "--params", "many.json"
        found += [
            most("`nngen predict`", folder, command("predict", *given, "--out", "answers.csv")),
            most("`nngen evaluate`", folder, command("evaluate", *given)),
        ]
    rows = {"users": USERS, "items": ITEMS, "few users": FEW_USERS, "few items": FEW_ITEMS, "ratings": ROWS}
    RESULTS.write_text(json.dumps({**rows, "found": found}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
