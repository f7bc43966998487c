"""Runs a program, and tells the processor time that it used."""

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "KERAS_BACKEND": "jax",
    "PYTHONDONTWRITEBYTECODE": "",
}
"""One thread for each library; Python keeps what it compiles, as installed packages are."""

MEMORY = "\nprint(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
"""Code that prints the most kilobytes of its process. Those that the parent counts include the parent's own."""


@dataclass(frozen=True)
class Used:
    """The time that a program used, and what it printed."""

    seconds: float
    """Of the processor, in the program and in the system for it."""
    output: str


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> Used:
    """Run a program in a folder to its end.

    Raises:
        RuntimeError: the program failed; the message is its output for errors.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=output, stderr=errors, cwd=folder)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)}: {errors.read()}")
        return Used(used.ru_utime + used.ru_stime, output.read())
