"""The tables of ``docs/clock.md``, made from ``docs/clock.json``, which ``make clock`` writes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.clock_profile import WORDS

FOUND: dict[str, Any] = json.loads(Path(__file__).with_name("clock.json").read_text("utf-8"))
COMMANDS = ("init", "train", "predict", "evaluate")
COMPARED = COMMANDS[:3]
BUSY = 1.5
"""The load for each processor above which seconds by the clock say nothing."""

SHARE = 0.03
"""The share of the whole from which a part is listed."""


def about() -> None:
    """What was measured with, and how busy the machine was."""
    facts = dict(FOUND["about"])
    load, processors, python = facts.pop("load"), facts.pop("processors"), facts.pop("python")
    versions = ", ".join(f"{name} {version}" for name, version in facts.items())
    print(f"Python {python}, {versions};")
    print(f"{processors} processors, at the end with a load of {load} by all programs.")


def seconds() -> None:
    """Seconds by the clock: each command, the first three together and in one, the peer's script, and both ratios."""
    _of("seconds", 2)


def processors() -> None:
    """The same in seconds of processors."""
    _of("processor", 2)


def profiles() -> None:
    """What takes the time on each table with a profile, the longest part first."""
    for case in FOUND["cases"]:
        found = case.get("profile")
        if not found:
            continue
        sums = {part: sum(found[name][part] for name in COMPARED) for part in WORDS}
        listed = sorted((part for part in WORDS if sums[part] >= SHARE * sum(sums.values())), key=sums.__getitem__)
        rows: list[Sequence[str]] = [(case["case"], *COMPARED, "together")]
        rows += [
            (WORDS[part], *(f"{found[n][part]:.2f}" for n in COMPARED), f"{sums[part]:.2f}") for part in listed[::-1]
        ]
        _table(rows)
        print()


def memory() -> None:
    """The most memory of each command and of the peer's script, in MB."""
    rows = [("table", *COMMANDS, "peer")]
    for case in FOUND["cases"]:
        rows.append((case["case"], *(f"{case['MB'][name]}" for name in COMMANDS), _peer(case, "MB", 0)))
    _table(rows)


def scores() -> None:
    """The scores of held-out rows."""
    rows = [("table", "score", "nngen", "peer", "runs")]
    for case in FOUND["cases"]:
        score = case["score"]
        rows.append(
            (case["case"], score["metric"], f"{score['nngen']:.3f}", _peer(case, "score", 3), str(case["runs"]))
        )
    _table(rows)


def _of(what: str, digits: int) -> None:
    head = ("table", *COMMANDS, "init, train, predict", "in one", "peer's script", "ratio", "of one")
    rows: list[Sequence[str]] = [head]
    for case in FOUND["cases"]:
        if what == "seconds" and case.get("load", 0.0) > BUSY * FOUND["about"]["processors"]:
            rows.append((case["case"], *["busy"] * (len(head) - 1)))
            continue
        each = case[what]
        together, once = sum(each[name] for name in COMPARED), each.get("at once")
        peer = case["peer"]
        ratios = [f"{ours / peer[what]:.2f}" if peer and ours else "" for ours in (together, once)]
        rows.append(
            (
                case["case"],
                *(f"{each[name]:.{digits}f}" for name in COMMANDS),
                f"{together:.{digits}f}",
                f"{once:.{digits}f}" if once else "",
                _peer(case, what, digits),
                *ratios,
            )
        )
    _table(rows)


def _peer(case: dict[str, Any], what: str, digits: int) -> str:
    return f"{case['peer'][what]:.{digits}f}" if case["peer"] else ""


def _table(rows: Sequence[Sequence[str]]) -> None:
    head, *others = rows
    print("| " + " | ".join(head) + " |")
    print("| --- |" + " ---: |" * (len(head) - 1))
    for row in others:
        print("| " + " | ".join(row) + " |")
