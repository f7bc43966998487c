"""The tables of ``docs/scale.md``, from ``docs/scale.json``, which ``python -m benchmarks.scale`` writes."""

import json
import re
from pathlib import Path
from typing import Any

FOUND: dict[str, Any] = json.loads(Path(__file__).with_name("scale.json").read_text("utf-8"))


def about() -> None:
    """The machine."""
    print(f"{FOUND['about']}.")


def table(name: str) -> None:
    """A table as the benchmark prints it."""
    head, rows = FOUND[name]
    for row in (head, ["---"] * len(head), *rows):
        print(f"| {' | '.join(row)} |")


def gain() -> None:
    """What two workers save with the most rows."""
    most = FOUND["epochs"][1][-1][0]
    ratios = {row[1]: _wall(row[-1]) / _wall(row[2]) for row in FOUND["epochs"][1] if row[0] == most}
    batch, least = min(ratios.items(), key=lambda pair: pair[1])
    where = f"With {most} rows, " + ("all in one step" if batch == "all rows" else f"{batch} in a step")
    verdict = "a gain" if least < 1.0 else "**no gain on this machine**"
    print(f"{where}, two workers take {least:.2f} of the module's time: {verdict}.")


def _wall(cell: str) -> float:
    return float(re.sub(r" .*|,", "", cell))
