"""Runs modules as programs."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

PROGRAMS = """
import runpy, sys
for name in sys.argv[1:]:
    print(end="\\0")
    try:
        runpy.run_path(name, run_name="__main__")
    except SystemExit as ended:
        if ended.code:
            raise
"""


def outputs(names: Iterable[str], target: str, folder: Path) -> list[str]:
    """What modules of a target print, one after the other in one process, whose start takes longer than most of them.

    The modules have nothing but the standard library, and NumPy if they are of this target.
    """
    alone = ["-I", "-S"] if target == "python" else ["-I"]
    run = [sys.executable, *alone, "-W", "error", "-c", PROGRAMS, *names]
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split("\0")[1:]
