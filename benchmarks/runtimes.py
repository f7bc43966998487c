"""The runtimes for benchmarks: every Python of the machine, Node, and C compilers."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14", "pypy3", "micropython")
"""Names of programs; those of ``pyenv`` are in its folder ``versions``."""

ASK = "import sys; print(sys.implementation.name, '.'.join(map(str, sys.version_info[:3])))"


def pythons() -> dict[str, list[str]]:
    """The Pythons from 3.11 on, by name and version; of the same version, the first one found."""
    kept = sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions").glob("3.1[1-9]*/bin/python"))
    named = filter(None, map(shutil.which, PYTHONS))
    return _by_name(([*map(str, kept), *named]), ["-c", ASK])


def node() -> dict[str, list[str]]:
    """Node, if it is installed."""
    return _by_name(filter(None, [shutil.which("node")]), ["-p", "'Node ' + process.versions.node"])


def compilers() -> Mapping[str, list[str]]:
    """GCC and Clang, if they are installed."""
    return {name: [name, "-std=c99"] for name in ("gcc", "clang") if shutil.which(name)}


def _by_name(programs: Iterable[str], ask: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for program in programs:
        done = subprocess.run([program, *ask], capture_output=True, text=True)
        if done.returncode == 0:  # pyenv's wrapper programs fail for versions that are not selected
            found.setdefault(done.stdout.strip(), [program])
    return found
