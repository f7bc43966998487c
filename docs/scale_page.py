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
    """From how many rows on two workers are faster, and what two processors can show at all."""
    whole = [row for row in FOUND["epochs"][1] if row[1] == "all rows"]
    faster = [_wall(row[5]) < min(_wall(row[2]), _wall(row[4])) for row in whole]
    many, (module, one, two) = whole[-1][0], (_wall(whole[-1][column]) for column in (2, 4, 5))
    if faster[-1]:
        first = len(faster) - faster[::-1].index(False) if False in faster else 0
        print(
            f"From **{whole[first][0]} rows** in a step on, two workers are faster than one worker and than the module."
        )
        print(
            f"With {many} rows they take {two / module:.2f} of the module's time, and {two / one:.2f} of one worker's."
        )
    else:
        print(f"In this run, two workers were **not faster**: with {many} rows they took {two / module:.2f} of the")
        print(f"module's time and {two / one:.2f} of that of one worker. Other programs used the processors.")
    used = _used(whole[-1][5])
    least = f"{used / 2:,.0f} ms, {used / 2 / _used(whole[-1][2]):.2f} of the module's processor time"
    print("Two processors cannot show more than this: client, scheduler and workers share them, and together use")
    print(f"{used:,.0f} ms of processor time for that step. It takes at least half of it: {least}.")


def _wall(cell: str) -> float:
    return float(re.sub(r" .*|,", "", cell))


def _used(cell: str) -> float:
    return float(re.sub(r".*\(|[,)]", "", cell))
