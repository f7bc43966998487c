"""Damaged model files at random: each is refused with a message, or read as some network; nothing else happens."""

import json
import subprocess
import sys

import pytest

from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

COUNT = 300
"""Damaged files of each kind."""

SECONDS = 60
"""After these, the reading of a file has no end: libhdf5 can follow damaged bytes in a circle."""

KINDS = "keras layers weights h5 skops schema array safetensors pt2 program".split()


def messages(kind: str) -> list[str]:
    """The messages about all files. Where a file has no end, as in an import, its process is ended: once at most."""
    found: list[str] = []
    start = 0
    for _ in range(2):
        run = [sys.executable, "-m", "tests.oracle.damaged_models", kind, str(start), str(COUNT)]
        try:
            done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            lines = (error.stdout or b"").decode().splitlines()
            start = int(next(line for line in reversed(lines) if line.isdigit())) + 1
        else:
            assert done.returncode == 0, done.stderr
            lines = done.stdout.splitlines()
            start = COUNT
        found += [message for line in lines if line.startswith("[") for message in json.loads(line)]
        if start == COUNT:
            return found
    raise AssertionError("the process was ended twice")


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files(kind: str) -> None:
    found = messages(kind)
    assert len(found) > COUNT // 10
    assert all(0 < len(message) < 1_000 for message in found)
