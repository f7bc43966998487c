"""Calls a function that reads a hostile file in its own process, with limits of time and memory."""

import json
import os
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from nngen.common import files, processes
from nngen.common.diagnostics import Diagnostic, SpecError

T = TypeVar("T")

WORKER = Path(__file__).with_name("worker.py")

MAX_SECONDS = 120
"""The seconds for a file. The largest files take half a minute."""

MAX_MEMORY = 8 * 2**30
"""The bytes of address space. The largest files need three times their size in float64; libraries reserve the rest."""

MAX_ANSWER = 2**30
"""The bytes of an answer: the weights of the largest files, in float64 and base64."""

DIAGNOSTICS = TypeAdapter(list[Diagnostic])


def isolated(function: str, path: Path, *arguments: Any, gives: TypeAdapter[T], seconds: int = MAX_SECONDS) -> T:
    """Call a function in its own process.

    Args:
        function: its module and its name, ``nngen.bridges.importing.onnx.file:read``. It returns JSON in bytes.
        path: the file that it reads, its first argument.
        arguments: further arguments, as JSON has them.
        gives: the type of its result, which is checked.
        seconds: the time limit.

    Raises:
        SpecError: the function refuses the file, or it ended without a result.
    """
    request = {
        "function": function,
        "arguments": [os.path.abspath(path), *arguments],
        "path": sys.path,
        "memory": MAX_MEMORY,
        "seconds": seconds,
    }
    answer = _answered(json.dumps(request).encode() + b"\n", path, seconds)
    if "refused" in answer:
        found = DIAGNOSTICS.validate_python(answer["refused"])
        raise SpecError(replace(diagnostic, path=str(path)) for diagnostic in found)
    if "failed" in answer:
        raise files.refused(path, str(answer["failed"]))
    files.remember(*map(Path, answer["read"]))
    return gives.validate_python(answer["result"])


def _answered(request: bytes, path: Path, seconds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="nngen-") as folder:
        process = processes.start(WORKER, folder)
        late = threading.Event()

        def stop() -> None:
            late.set()
            processes.kill(process)

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            assert process.stdin is not None  # noqa: S101 (both are pipes)
            assert process.stdout is not None  # noqa: S101
            with process.stdin as stdin, process.stdout as stdout:
                stdin.write(request)
                stdin.flush()
                line = stdout.readline(MAX_ANSWER)
        finally:
            timer.cancel()
            if process.poll() is None:
                processes.kill(process)
            code = process.wait()
    if late.is_set():
        raise files.refused(path, f"reading this file takes more than {seconds} seconds")
    try:
        answer = json.loads(line)
    except ValueError:
        raise files.refused(path, f"the process that reads this file ended with exit code {code}") from None
    return dict(answer)
