"""Starts a program of nngen in its own process, and stops it with all that it has started."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

MAX_KILLING = 5.0
"""The seconds that a program may take to kill all processes that it has started. It needs some milliseconds."""


def start(program: Path, folder: str) -> "subprocess.Popen[bytes]":
    """A program of Python in its own process and session, in a folder, with pipes to its input and its output."""
    return subprocess.Popen(  # noqa: S603 (our own interpreter, and our own program)
        [sys.executable, "-I", "-B", str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        start_new_session=True,  # so that all that it starts can be stopped together
    )


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and all that it has started.

    On Linux the worker of ``verify`` does this at SIGTERM. Where that worker has been killed or stopped, and on other
    systems, its session is killed; without /proc, its process group.
    """
    if not hasattr(os, "killpg"):  # Windows
        process.kill()
        return
    if sys.platform == "linux":
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(MAX_KILLING)
    processes = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    for signalled, number in ((os.killpg, process.pid), *((os.kill, other) for other in processes)):
        with suppress(OSError):  # it has ended, or belongs to another user
            if os.getsid(number) == process.pid:
                signalled(number, signal.SIGKILL)
