"""Calls a function that reads a hostile file in its own process, with limits of time and memory."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from nngen.bridges.importing.limits import LIMITS
from nngen.common import files, processes
from nngen.common.diagnostics import Diagnostic, SpecError

WORKER = Path(__file__).with_name("worker.py")

DIAGNOSTICS = TypeAdapter(list[Diagnostic])


def isolated(function: str, path: Path, *arguments: Any, gives: Any, seconds: int = LIMITS.seconds) -> Any:
    """Call a function in its own process.

    Args:
        function: its module and its name, ``nngen.bridges.importing.onnx.file:read_graph``.
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
        "memory": LIMITS.memory,
        "seconds": seconds,
    }
    with tempfile.TemporaryDirectory(prefix="nngen-") as folder, processes.start(WORKER, folder) as process:
        try:
            line, _ = process.communicate(json.dumps(request).encode() + b"\n", seconds)
            answer = json.loads(line)
        except subprocess.TimeoutExpired:
            raise files.refused(path, f"reading this file takes more than {seconds} seconds") from None
        except ValueError:
            raise files.refused(
                path, f"the process that reads this file ended with exit code {process.wait()}"
            ) from None
        finally:
            if process.poll() is None:
                processes.kill(process)
    if "refused" in answer:
        found = DIAGNOSTICS.validate_python(answer["refused"])
        raise SpecError(replace(diagnostic, path=str(path)) for diagnostic in found)
    if "failed" in answer:
        raise files.refused(path, str(answer["failed"]))
    files.remember(*map(Path, answer["read"]))
    return TypeAdapter(gives).validate_python(answer["result"])
