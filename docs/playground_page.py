"""The figures of docs/playground.md, which ``python -m benchmarks.playground`` has measured."""

import json
from pathlib import Path

FIGURES = Path(__file__).with_name("playground.json")

ROWS = (
    ("transfer", "all files with gzip, MB", "13"),
    ("first", "the first visit, until Python has answered, s", "3"),
    ("next", "the next visits, s", "2"),
    ("module", "a change, until the module is there, ms", "250"),
    ("page", "a change, until the living page is there, ms", "450"),
    ("mistake", "a mistake, until its message is there, ms", "200"),
    ("growth", "memory of the page after 100 changes, MB more", "0"),
)


def figures() -> None:
    """A table: what is measured, and the goal."""
    found = json.loads(FIGURES.read_text("utf-8"))
    print("| | measured | goal |\n| --- | ---: | ---: |")
    for name, what, goal in ROWS:
        print(f"| {what} | {found[name]:.3g} | {goal} |")
