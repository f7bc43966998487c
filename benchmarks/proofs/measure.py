"""What ``nngen prove`` decides of four networks, by what, in which time. Writes docs/proofs.json.

    python -m benchmarks.proofs.measure [SECONDS]

``SECONDS`` is the limit for each property. The networks are trained first. The last one has the shape of ACAS Xu. Of
the others, CBMC also decides alone what classes must never be, and of the two with few rows, exhaustion what is
compared along a column. Times are those of the processor.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from benchmarks.proofs import avoidance
from nngen.cli import main as nngen
from nngen.commands.prove import written
from nngen.description.data import encoding
from nngen.plan import plan
from nngen.proof.proving import decided, exhaustion, question
from nngen.reading import load, parameter_files, properties

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
TABLES = (
    (ROOT / "specs" / "iris.yaml", HERE / "iris.yaml"),
    (ROOT / "specs" / "penguins.yaml", HERE / "penguins.yaml"),
    (ROOT / "examples" / "scorecard" / "loans.yaml", ROOT / "examples" / "scorecard" / "loans.yaml"),
    (HERE / "avoidance.yaml", HERE / "avoidance.yaml"),
)
"""Specs, and files of properties."""

FEW, SMALL = ("iris", "loans"), ("iris", "penguins", "loans")
"""Networks of few rows, and those that CBMC holds."""


def measured(path: Path, asked: Path, folder: Path, seconds: float) -> Iterator[dict[str, str | float]]:
    """The verdicts about a network."""
    spec = load(path, folder)
    params = str(folder / f"{spec.name}.json")
    CliRunner().invoke(nngen, ["train", str(path), "--save", params], catch_exceptions=False)
    flat = parameter_files.stored(Path(params), plan(spec)).of(spec, encoding(spec, path.parent))
    made = written(spec, path, flat, accept_loss=True)
    for one in properties(asked, spec):
        wanted = question(one, made.network, spec.layers[-1].unit_names)
        also = FEW if wanted.walked is not None else SMALL if wanted.kind == "never" else ()
        for alone in (False, True) if spec.name in also else (False,):
            before = sum(os.times()[:4])
            most = 1 if alone and wanted.walked is None else exhaustion.MOST
            found = decided(made.network, made.header, wanted, seconds, construct=not alone, most=most)
            yield {
                "network": spec.name,
                "property": wanted.says,
                "verdict": found.found.verdict.value,
                "engine": found.engine + " alone" * alone,
                "seconds": float(f"{max(sum(os.times()[:4]) - before, 0.01):.2g}"),
            }


def main() -> None:
    """Measure all of them."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 120.0
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE / "avoidance.yaml", folder)
        avoidance.write(folder / "avoidance.csv")
        for path, asked in TABLES:
            for row in measured(folder / path.name if path.parent == HERE else path, asked, folder, seconds):
                print(row, flush=True)
                rows.append(row)
    (ROOT / "docs" / "proofs.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
