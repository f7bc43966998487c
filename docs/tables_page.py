"""The tables of ``docs/tables.md``, made from ``docs/tables.json``, which ``make tables`` writes."""

import json
import zlib
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

RESULTS = Path(__file__).with_name("tables.json")
COVERAGE = Path(__file__).with_name("coverage.json")
WAYS = ("nngen", "scikit-learn", "LightGBM", "HistGB", "RealMLP", "--best")
PEERS = ("scikit-learn", "LightGBM", "RealMLP")
"""Those beside which `--best` is counted."""
HEAD = ("table", "target", "rows", "columns", "texts", "rows with gaps", *WAYS, "time", "level")


def chosen() -> None:
    """The six tables."""
    _table("chosen")


def others() -> None:
    """All other tables."""
    _table("other")


def later() -> None:
    """The tables that came with ``--best``."""
    _table("later")


def halves() -> None:
    """The mean rank of each way on the tables that all have answered, those kept out of all choices apart."""
    found = [(name, one["scores"]) for name, one in _found()["tables"].items() if {*WAYS} <= {*one["scores"]}]
    above = [f"`--best` above {way}" for way in PEERS]
    rows = [("tables", "number", *(f"rank of {way}" for way in WAYS), *above, "`--best` minus RealMLP")]
    rows.append(("---",) * len(rows[0]))
    for half, kept in ("for choices", False), ("kept out", True):
        means = [{way: fmean(scores[way]) for way in WAYS} for name, scores in found if _kept_out(name) == kept]
        ranks = [fmean(_rank(one, way) for one in means) for way in WAYS]
        counts = [sum(one["--best"] > one[way] for one in means) for way in PEERS]
        ahead = fmean(one["--best"] - one["RealMLP"] for one in means)
        rows.append((half, f"{len(means)}", *(f"{rank:.2f}" for rank in ranks), *map(str, counts), f"{ahead:+.3f}"))
    for row in rows:
        print(f"| {' | '.join(row)} |")


def _kept_out(name: str) -> bool:
    """Whether a table was kept out of the choices of ``--best`` and of wide tables."""
    return zlib.crc32(name.encode()) % 2 == 1


def _rank(scores: dict[str, float], way: str) -> float:
    """The place of a way among all, from 1; equal scores share the mean of their places."""
    better = sum(score > scores[way] for score in scores.values())
    return better + (1 + sum(score == scores[way] for score in scores.values())) / 2


def shipped() -> None:
    """The tables that packages bring as files."""
    _table("shipped")


def odd() -> None:
    """What `nngen init` did with their odd columns."""
    lines = [("table", "column", "what `nngen init` did"), ("---",) * 3]
    for name, found in _found()["tables"].items():
        for place, (column, text) in enumerate(found.get("odd", ())):
            lines.append((name if place == 0 else "", f"`{column}`" if column else "", text.replace("|", r"\|")))
    for line in lines:
        print(f"| {' | '.join(line)} |")


def packages() -> None:
    """The versions that were compared."""
    print(", ".join(f"{name} {number}" for name, number in _found()["about"].items()) + ".")


def intervals() -> None:
    """How many held-out rows are within their intervals: the mean, and tables that are far from what was asked."""
    found: dict[str, Any] = json.loads(COVERAGE.read_text("utf-8"))
    means = {name: fmean(one["coverage"]) for name, one in found.items()}
    print(f"{len(means)} tables, {fmean(means.values()):.1%} on average, from {min(means.values()):.1%}", end=" ")
    near = f"{_within(found)} of {3 * len(found)} splits are within 3 standard errors of 90%"
    print(f"to {max(means.values()):.1%}. {near}.")


def _within(found: dict[str, Any]) -> int:
    """How many splits are within 3 standard errors, by the rows for calibration and those held out."""
    pairs = (
        (share, 1.0 / one["calibration"] + 1.0 / one["held out"]) for one in found.values() for share in one["coverage"]
    )
    return sum(abs(share - 0.9) <= 3.0 * (0.09 * parts) ** 0.5 for share, parts in pairs)


def _found() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))
    return found


def _table(kind: str) -> None:
    rows = [_row(name, found) for name, found in _found()["tables"].items() if found["kind"] == kind]
    for row in (HEAD, ("---",) * len(HEAD), *rows):
        print(f"| {' | '.join(row)} |")


def _row(name: str, found: dict[str, Any]) -> tuple[str, ...]:
    (ours, our_error), (theirs, their_error) = (_mean(found["scores"][way]) for way in ("nngen", "scikit-learn"))
    ratio = sum(found["seconds"]["nngen"]) / sum(found["seconds"]["scikit-learn"])
    level = ours >= theirs - (our_error**2 + their_error**2) ** 0.5
    kind = f"{found['classes']} classes" if found["classes"] else "numbers"
    return (
        f"{found['package']}: {name}{'*' if _kept_out(name) else ''}",
        f"`{found['target']}`, {kind}",
        *(f"{found[count]:,}" for count in ("rows", "columns", "texts", "rows with gaps")),
        *(_shown(found["scores"].get(way)) for way in WAYS),
        f"{ratio:.2f}" if ratio <= 1.2 else f"**{ratio:.2f}**",
        "yes" if level else "**no**",
    )


def _shown(scores: list[float] | None) -> str:
    """The mean with its standard error; empty if it was not measured."""
    return "" if scores is None else "{:.4f} ± {:.4f}".format(*_mean(scores))


def _mean(scores: list[float]) -> tuple[float, float]:
    """The mean, and its standard error."""
    return fmean(scores), float(stdev(scores) / len(scores) ** 0.5)
