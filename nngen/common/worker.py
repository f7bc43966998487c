"""The program that reads a hostile file: ``python -I worker.py``, in its own process, with limits.

It reads a request, a line of JSON, and writes an answer, another one. The other side is ``isolated``.
"""

import json
import os
import sys
import tempfile
from importlib import import_module
from typing import Any, get_type_hints


def limit(memory: int, seconds: int) -> None:
    """Limit the address space and the time of this process, and let it write no files; not on Windows."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def answer(request: dict[str, Any]) -> list[bytes]:
    """Call the function of a request: its result, or what it refuses, as parts of JSON."""
    from pydantic import TypeAdapter

    from nngen.common import files
    from nngen.common.diagnostics import SpecError

    try:
        module, _, name = request["function"].partition(":")
        function = getattr(import_module(module), name)
        result = TypeAdapter(get_type_hints(function, include_extras=True)["return"])
        with files.remembered():
            made = result.dump_json(function(*request["arguments"]))
            read = json.dumps([*map(str, files.inputs())]).encode()
        return [b'{"read": ', read, b', "result": ', made, b"}"]
    except SpecError as error:
        said: dict[str, Any] = {"refused": [vars(found) for found in error.diagnostics]}
    except MemoryError:
        said = {"failed": f"more than {request['memory'] / 1e9:.3g} GB of memory are needed to read this file"}
    except Exception as error:  # whatever a library raises, the user gets one line
        message = " ".join(str(error).split())[:200]
        said = {"failed": f"this file cannot be read: {type(error).__name__}: {message}"}
    return [json.dumps(said).encode()]


def main() -> None:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.readline())
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):  # what a library prints is no answer
        os.dup2(nowhere, standard)
    sys.path[:] = request["path"]
    tempfile.tempdir = os.getcwd()  # Python would write a file to find out; libraries ask for it, and write none
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
    limit(request["memory"], request["seconds"])
    answers.writelines([*answer(request), b"\n"])
    answers.flush()
    os._exit(0)  # no destructors of libraries


if __name__ == "__main__":
    main()
