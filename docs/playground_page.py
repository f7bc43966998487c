"""The figures of docs/playground.md, which ``python -m benchmarks.playground`` has measured."""

import json
from pathlib import Path

FIGURES = Path(__file__).with_name("playground.json")

ROWS = (
    ("shown", "the first visit, until the first network is shown, s", "1"),
    ("editable", "the first visit, until the spec can be edited, s", "3"),
    ("first", "the first visit, until Python has answered, s", "3"),
    ("next", "the next visits, s", "2"),
    ("module", "a change, until the module is there, ms", "250"),
    ("page", "a change, until the living page is there, ms", "450"),
    ("mistake", "a mistake, until its message is there, ms", "200"),
    ("growth", "memory of the page after 100 more changes, MB more", "0"),
)


def figures() -> None:
    """A table: what is measured in both browsers, and the goal."""
    found = json.loads(FIGURES.read_text("utf-8"))
    browsers = found["chromium"], found["firefox"]
    print("| | Chromium | Firefox | goal |\n| --- | ---: | ---: | ---: |")
    print(f"| all files with gzip, MB | {found['transfer']:.1f} | {found['transfer']:.1f} | 13 |")
    for name, what, goal in ROWS:
        cells = ["not said" if one[name] is None else f"{one[name]:.3g}" for one in browsers]
        print(f"| {what} | {' | '.join(cells)} | {goal} |")
