"""A program run by MicroPython."""

import shutil
import subprocess
from pathlib import Path


def micropython(folder: Path, *arguments: str) -> str:
    """The output of a program; a missing MicroPython is a failure, not a skip."""
    interpreter = shutil.which("micropython")
    assert interpreter, "MicroPython is missing: apt-get install micropython"
    command = [interpreter, "-X", "heapsize=64M", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
