"""Mutation tests: ``make mutants`` makes one small mistake at a time and runs the tests on it.

Each mutant is tried in a fork on the tests that run the changed lines (``mutant_judge.py``); survivors are tried once
more, for longer. They can be tried ``--again`` later, or ``--anew``: in a copy of the project, on all tests. A mutant
is killed if a test fails. There are two kinds of tests: some know the right result; others compare a text with the
committed text and notice every change of a page. A mutant that only the latter notice counts as killed by its text.
Survivors need an explanation by name in ``mutants_explained.json``; without one, the exit code is 1.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.mutation.mutant import Mutant
from tests.mutation.mutations import everything

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = ROOT / "tests" / "mutation" / "mutants_explained.json"
FATES = "killed", "killed by its text", "explained", "survived"


def main(arguments: Sequence[str]) -> int:
    """Try a sample of the mutants, or all; the exit code is 1 if one survives without an explanation."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--count", default="200", help="the number of mutants, drawn evenly from the groups; or all")
    options.add_argument("--seed", type=int, default=1, help="the seed of the draw")
    options.add_argument(
        "--only", default="", help="only mutants with this text in their name or at the beginning of their group"
    )
    options.add_argument("--workers", type=int, default=os.cpu_count(), help="the number of processes")
    options.add_argument(
        "--tests", default="", help="only on tests that match this expression of pytest -k, not on pages"
    )
    options.add_argument(
        "--out", type=Path, help="a file for the results, one per line; an interrupted run continues there"
    )
    options.add_argument("--seconds", type=float, default=4.0, help="CPU seconds until a mutant has survived")
    options.add_argument(
        "--again", action="store_true", help="try the mutants again that the file of --out has not as killed"
    )
    options.add_argument("--anew", action="store_true", help="run all tests in a new process for each mutant")
    options.add_argument("--control", action="store_true", help="change nothing in each file: no test may fail")
    options.add_argument(
        "--report", action="store_true", help="print the results in the file of --out, and try nothing"
    )
    given = options.parse_args(arguments)
    mutants = {m.name: m for m in everything(ROOT) if given.only in m.name or m.group.startswith(given.only)}
    results = _read(given.out)
    if given.again:
        chosen = [
            mutants[name] for name, result in results.items() if result["fate"] not in ("killed",) and name in mutants
        ]
    else:
        chosen = list(mutants.values())
        chosen = chosen if given.count == "all" else sample(chosen, int(given.count), given.seed)
        chosen = [mutant for mutant in chosen if mutant.name not in results]
    if given.control:
        chosen = list({mutant.path: unchanged(mutant) for mutant in chosen}.values())
    began = time.monotonic()

    def note(mutant: Mutant, fate: str, test: str) -> None:
        if given.anew and fate == "survived" and mutant.name in results:
            fate = results[mutant.name]["fate"]  # text is not compared again
        results[mutant.name] = result = {"group": mutant.group, "name": mutant.name, "fate": fate, "test": test}
        if given.out:
            with given.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(result, ensure_ascii=False) + "\n")
        minutes = (time.monotonic() - began) / 60.0
        print(f"{minutes:.1f} min, {len(results)} {fate} ({test or 'no test'}) {mutant.name}", flush=True)

    if chosen and not given.report:
        _judge(chosen, given, note)
    return report([result for name, result in results.items() if name in mutants or given.control], len(mutants))


def _read(path: Path | None) -> dict[str, dict[str, str]]:
    lines = path.read_text("utf-8").splitlines() if path and path.exists() else []
    return {result["name"]: result for result in map(json.loads, lines)}


def _judge(mutants: Sequence[Mutant], given: argparse.Namespace, note: Any) -> None:
    """Copy the project, and judge the mutants there."""
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # there is a process for each processor
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        copy = Path(folder) / "nngen"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", ".*_cache", "build", "__pycache__"))
        judge = import_module("tests.mutation.mutant_judge")
        pace = judge.Pace(ROOT / "build" / "reach" / f"{_digest(copy)}.json", given.workers, given.seconds)
        if given.anew:
            judge.anew(mutants, copy, note)
            return
        judge.turn_to(copy)
        pages = import_module("tests.mutation.mutant_pages")
        noticed: dict[str, str] = {}  # by what, if by anything: what runs no pages, or other pages, may kill these yet

        def first(mutant: Mutant, fate: str, test: str) -> None:
            if fate == "killed" or mutant.target or test == pages.COMMENTS:
                note(mutant, fate, test)
            else:
                noticed[mutant.name] = test

        def then(mutant: Mutant, fate: str, test: str) -> None:
            if fate == "survived" and noticed.get(mutant.name):
                fate, test = "killed by its text", noticed[mutant.name]
            note(mutant, fate, test)

        of_pages = [mutant for mutant in mutants if mutant.changes_pages and (mutant.target or not given.tests)]
        pages.judge(of_pages, copy, pace, first)
        left = [mutant for mutant in mutants if mutant not in of_pages or mutant.name in noticed]
        if left:
            judge.fork(left, copy, given.tests, pace, then)


def _digest(root: Path) -> str:
    """A hash of the package and the templates: the lines that each test runs stay the same with these."""
    folders = ("nngen", "*.py"), ("templates", "*.jinja"), ("templates", "runtime.*")
    paths = [path for folder, pattern in folders for path in sorted((root / folder).rglob(pattern))]
    return sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def unchanged(mutant: Mutant) -> Mutant:
    """A mutant that changes nothing."""
    text = (ROOT / mutant.path).read_bytes()[mutant.start : mutant.stop].decode()
    return replace(mutant, text=text, name=f"{mutant.path}, unchanged", group="unchanged")


def sample(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """A sample of the mutants in random order, with the same number from each group, if it has as many."""
    draw = random.Random(seed)
    left = {group: [m for m in mutants if m.group == group] for group in dict.fromkeys(m.group for m in mutants)}
    for each in left.values():
        draw.shuffle(each)
    chosen: list[Mutant] = []
    while len(chosen) < min(count, len(mutants)):
        chosen += [each.pop() for each in left.values() if each]
    del chosen[count:]
    draw.shuffle(chosen)
    return chosen


def report(results: Sequence[dict[str, str]], possible: int) -> int:
    """Print the fates by group; the exit code is 1 if a survivor has no explanation."""
    explained = json.loads(EXPLAINED.read_text("utf-8"))
    counts = Counter((result["group"], fate(result, explained)) for result in results)
    print("\n| mistakes in |", " | ".join([*FATES, "of"]), "|\n|", " | ".join(["---"] * (len(FATES) + 2)), "|")
    for group in [*dict.fromkeys(result["group"] for result in results), "all"]:
        row = [sum(n for (g, f), n in counts.items() if f == fate and group in (g, "all")) for fate in FATES]
        print("|", " | ".join([group, *map(str, row), str(sum(row))]), "|")
    print(f"\n{len(results)} of the {possible} mutants were tried")
    unexplained = [result["name"] for result in results if fate(result, explained) == "survived"]
    print(*(f"survived: {name}" for name in unexplained), sep="\n")
    return 1 if unexplained else 0


def fate(result: dict[str, str], explained: dict[str, str]) -> str:
    """The fate of a mutant; an explained survivor is "explained"."""
    return "explained" if result["fate"] == "survived" and result["name"] in explained else result["fate"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
