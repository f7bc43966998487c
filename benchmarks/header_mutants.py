"""Does ``nngen prove`` find small mistakes in a header? Writes docs/header_mutants.json.

    python -m benchmarks.header_mutants [NUMBER]

Each mutant of iris must answer otherwise for some row, or be unsafe for some row; or it is proven equal and safe.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from nngen.commands.prove import Written, written
from nngen.proof.proving import Header, Verdict, compared, safe
from tests.support.header_mutants import Mutant, mutants
from tests.support.integers import path_of, trained
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


def main() -> None:
    """Judge some mutants of iris."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    path = path_of("iris")
    made = written(spec(path), path, trained("iris"), accept_loss=True)
    found = []
    for mutant in mutants(made.header.text, number):
        verdict = judged(made, mutant)
        found.append({"line": mutant.line, "old": mutant.old, "new": mutant.new, "verdict": verdict})
        counts = Counter(one["verdict"] for one in found)
        made_of = {"network": "iris", "counts": dict(sorted(counts.items())), "mutants": found}
        (ROOT / "docs" / "header_mutants.json").write_text(json.dumps(made_of, indent=1) + "\n")
        print(f"{len(found)}: line {mutant.line}: {mutant.old!r} to {mutant.new!r} {verdict}", flush=True)
    print(dict(counts))


if __name__ == "__main__":
    main()
