"""The options with which tests compile C, and how they run a compiler or what it has made."""

import shutil
import subprocess
from pathlib import Path

WARNINGS = "-Wall -Wextra -Werror -pedantic -Wconversion -Wshadow -Wdouble-promotion -Wcast-qual".split()
SANITIZED = ["-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
STANDARD = {"c": ["-x", "c", "-std=c99"], "c++": ["-x", "c++", "-std=c++11"]}


def run(*command: str | Path) -> bytes:
    """The output of a program; a missing program or an error is a failure, not a skip."""
    assert shutil.which(command[0]), f"{command[0]} is missing: see .ci/run"
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[:4000]
    return done.stdout
