"""Are modules as fast as those of another commit? The same networks, in one run.

    python -m benchmarks.versions 1db53327          # eight minutes
    python -m benchmarks.versions 1db53327 1        # batches of one example

nngen of that commit writes its modules in a worktree. They take turns with those of this checkout, with all parts and
with the parts that a module usually has. Printed are the ratios of times, medians over rounds: above 1 is slower.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.cells import BATCHES, NETWORKS, Cell
from benchmarks.kernels import GeneratedKernel, UsualKernel
from benchmarks.peers import GeneratedNumPy, GeneratedPython, Peer, UsualNumPy, UsualPython
from benchmarks.speed import WORK, agree, measure, multiplications

ROOT = Path(__file__).resolve().parent.parent
WRITE = """
import sys
from pathlib import Path
from benchmarks.cells import NETWORKS, Cell
for sizes in NETWORKS:
    for target in ("python", "numpy", "c"):
        cell = Cell(sizes, 1)
        Path(sys.argv[1], f"{cell.name}.{target}").write_text(cell.page(target), "utf-8")
"""
TARGETS: tuple[tuple[type[Peer], type[Peer]], ...] = (
    (GeneratedPython, UsualPython),
    (GeneratedNumPy, UsualNumPy),
    (GeneratedKernel, UsualKernel),
)


@dataclass(frozen=True)
class Before(Cell):
    """A cell with the modules of the other commit."""

    folder: Path

    def page(self, target: str, *, whole: bool = True) -> str:
        """The module of a target, with all parts."""
        return (self.folder / f"{self.name}.{target}").read_text("utf-8")


def write(commit: str, folder: Path) -> None:
    """Let nngen of a commit write its modules into a folder."""
    with tempfile.TemporaryDirectory() as made:
        tree = f"{made}/tree"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, commit], cwd=ROOT, check=True)
        try:
            subprocess.run([sys.executable, "-c", WRITE, str(folder)], cwd=tree, check=True)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)


def compare(sizes: tuple[int, ...], batch: int, folder: Path) -> None:
    """Print a row for each target and kind of work."""
    for whole, usual in TARGETS:
        peers = [whole(Before(sizes, batch, folder)), whole(Cell(sizes, batch)), usual(Cell(sizes, batch))]
        for peer, name in zip(peers, ("before", "all", "usual"), strict=True):
            agree(peer)
            peer.name = name
        for kind in WORK:
            if multiplications(peers[0].cell, kind) <= whole.most:
                times = measure(peers, kind)
                ratios = [
                    median(now / before for now, before in zip(times[name], times["before"], strict=False))
                    for name in ("all", "usual")
                ]
                cells = f"{peers[0].cell.name:16} {batch:5}  {whole.name:16} {kind:8}"
                print(cells, *(f"{ratio:6.2f}" for ratio in ratios), flush=True)


def main(commit: str, asked: Sequence[str]) -> None:
    """Print a row for each network, batch size, target and kind of work."""
    with tempfile.TemporaryDirectory() as made:
        write(commit, Path(made))
        print("network          batch  target           work        all  usual")
        for sizes in NETWORKS:
            for batch in map(int, asked or BATCHES):
                compare(sizes, batch, Path(made))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
