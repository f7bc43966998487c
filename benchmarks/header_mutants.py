"""Does ``nngen prove`` find small mistakes in a header? Writes docs/header_mutants.json.

    python -m benchmarks.header_mutants [NUMBER] [iris | pump]

Each mutant must answer otherwise for some row, or be unsafe for some row; or it is proven equal and safe.
"""

import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from nngen.commands.prove import Written, written
from nngen.proof.proving import Header, Verdict, compared, safe
from nngen.reading import load
from tests.support.header_mutants import Mutant, mutants
from tests.support.integers import path_of, trained, trained_by
from tests.support.modules import spec

ROOT = Path(__file__).parent.parent


def judged(made: Written, mutant: Mutant) -> str:
    """What is known of a mutant."""
    header = Header(made.network.name, mutant.text, made.header.text)
    answers = compared(made.network, header, 60.0).found
    if answers.verdict is Verdict.FAILS:
        return "answers otherwise"
    if answers.why.startswith("it cannot be compiled"):
        return "is no C"
    for bits in (32, 16):
        for step in safe(made.network, header, bits, 60.0):
            if step.found.verdict is Verdict.FAILS:
                return "is unsafe"
            if step.found.verdict is Verdict.UNDECIDED:
                return "is not decided"
    return "is proven equal and safe" if answers.verdict is Verdict.PROVEN else "is not decided"


def iris() -> Written:
    """The classes of iris, with tanh."""
    path = path_of("iris")
    return written(spec(path), path, trained("iris"), accept_loss=True)


def pump() -> Written:
    """A regression with a clip, a missing value, categories and batch normalization."""
    drawn = random.Random(7)
    rows = ["warmth,pressure,valve,flow"]
    for k in range(400):
        warmth, pressure, valve = drawn.gauss(15, 12), drawn.expovariate(0.2), drawn.randrange(3)
        cell = "" if k % 9 == 0 else f"{warmth:.1f}"
        rows.append(f"{cell},{min(pressure, 40.0):.2f},{VALVES[valve]},{valve * pressure * (1 + warmth / 100):.1f}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(Path(__file__).parent / "pump.yaml", folder))
        path.with_suffix(".csv").write_text("\n".join([*rows, ""]))
        described = load(path)
        return written(described, path, trained_by(described, path.parent, 40), accept_loss=True)


VALVES = "closed", "half", "open"

NETWORKS = {"iris": iris, "pump": pump}


def main() -> None:
    """Judge some mutants of a network."""
    number, network = int((sys.argv[1:2] or ["100"])[0]), (sys.argv[2:3] or ["iris"])[0]
    made = NETWORKS[network]()
    file = ROOT / "docs" / "header_mutants.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    found = []
    for mutant in mutants(made.header.text, number):
        verdict = judged(made, mutant)
        found.append({"line": mutant.line, "old": mutant.old, "new": mutant.new, "verdict": verdict})
        counts = Counter(one["verdict"] for one in found)
        known[network] = {"counts": dict(sorted(counts.items())), "mutants": found}
        file.write_text(json.dumps(known, indent=1) + "\n")
        print(f"{len(found)}: line {mutant.line}: {mutant.old!r} to {mutant.new!r} {verdict}", flush=True)
    print(dict(counts))


if __name__ == "__main__":
    main()
