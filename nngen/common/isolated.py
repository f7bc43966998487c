"""Calls a function that reads a hostile file in a process of its own, with limits of its memory and its time."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from nngen.common import files, processes
from nngen.common.diagnostics import Diagnostic, SpecError

WORKER = Path(__file__).with_name("worker.py")

SECONDS = 120
"""The time for a file. The largest model files take half a minute."""

MEMORY = 8_000_000_000
"""Bytes of address space. The largest files need three times their size in float64; libraries reserve the rest."""


def isolated(
    function: str, path: Path, *arguments: Any, gives: Any, seconds: int = SECONDS, memory: int = MEMORY
) -> Any:
    """Call a function in its own process.

    Args:
        function: its module and its name, ``nngen.bridges.importing.onnx.file:read_graph``.
        path: the file that it reads, its first argument.
        arguments: further arguments, as JSON has them.
        gives: the type of its result, which is checked.
        seconds: the limit of its time.
        memory: the limit of its memory, in bytes of address space.

    Raises:
        SpecError: the function refuses the file, or it ended without a result.
    """
    from pydantic import TypeAdapter  # slow, and few commands read such files

    request = {
        "function": function,
        "arguments": [os.path.abspath(path), *arguments],
        "path": sys.path,
        "memory": memory,
        "seconds": seconds,
    }
    with tempfile.TemporaryDirectory(prefix="nngen-") as folder, processes.start(WORKER, folder) as process:
        try:
            line, _ = process.communicate(json.dumps(request).encode() + b"\n", seconds)
            answer = json.loads(line)
        except subprocess.TimeoutExpired:
            raise files.refused(path, f"reading this file takes more than {seconds} seconds") from None
        except ValueError:
            code = process.wait()
            message = f"the process that reads this file ended with exit code {code}"
            raise files.refused(path, f"{message}; it may use {memory / 1e9:.3g} GB of memory") from None
        finally:
            if process.poll() is None:
                processes.kill(process)
    if "refused" in answer:
        found = TypeAdapter(list[Diagnostic]).validate_python(answer["refused"])
        raise SpecError(replace(diagnostic, path=str(path)) for diagnostic in found)
    if "failed" in answer:
        raise files.refused(path, str(answer["failed"]))
    files.remember(*map(Path, answer["read"]))
    return TypeAdapter(gives).validate_python(answer["result"])
