"""Runs CBMC, a model checker of C (Clarke, Kroening and Lerda, TACAS 2004), in its own process, with limits."""

import json
import math
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from enum import Enum
from functools import cache, partial
from pathlib import Path
from typing import Any

from nngen.common import files
from nngen.common.records import dataclass

MEMORY = 4 * 2**30
"""The bytes that CBMC, or a program that tries all rows, may take. The functions of iris take 0.1 GB."""

CHECKS = (
    "--bounds-check",
    "--pointer-check",
    "--signed-overflow-check",
    "--conversion-check",
    "--undefined-shift-check",
    "--div-by-zero-check",
)

NO_CHECKS = ("--no-standard-checks",)

OPTIONS = ("--object-bits", "12", "--trace", "--json-ui")

INTEGERS = """\
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
#if BITS == 16
typedef long int32_t;
typedef unsigned long uint32_t;
#else
typedef int int32_t;
typedef unsigned int uint32_t;
#endif
#define INT16_MIN (-32767 - 1)
#define INT32_MIN (-2147483647L - 1)
"""
"""What the header takes from ``stdint.h``, with an ``int`` of 16 or 32 bits."""


class Verdict(Enum):
    """What is known of a property."""

    PROVEN = "proven"
    FAILS = "fails"
    UNDECIDED = "not decided"


@dataclass(frozen=True)
class Found:
    """What CBMC found."""

    verdict: Verdict
    properties: int = 0
    """How many properties it has checked."""
    wrong: str = ""
    """The first property that fails, in words."""
    line: int = 0
    """Its line in the header, 0 outside of it."""
    values: Mapping[str, int] = field(default_factory=dict)
    """The whole numbers that make it fail, by the names of variables of the program."""
    why: str = ""
    """Why it is not decided."""
    seconds: float = 0.0


def compiler() -> list[str]:
    """The command of the C compiler: that of the variable ``CC``, or cc, gcc or clang.

    Raises:
        SpecError: there is none.
    """
    given = shlex.split(os.environ.get("CC", ""))
    found = given or [name for name in ("cc", "gcc", "clang") if shutil.which(name)][:1]
    if not found or not shutil.which(found[0]):
        raise files.refused("prove", "there is no C compiler", "install one, such as `apt-get install gcc`")
    return found


@cache
def compiler_version() -> str:
    """The version of the C compiler, in its own words."""
    said = subprocess.run([*compiler(), "--version"], capture_output=True, text=True, check=False)  # noqa: S603 (the user's compiler)
    return (said.stdout.splitlines() or ["unknown"])[0]


def version() -> str:
    """The version of CBMC.

    Raises:
        SpecError: it is not there.
    """
    if not shutil.which("cbmc"):
        advice = (
            "install it: `apt-get install cbmc` (Debian, Ubuntu), `brew install cbmc`, or see diffblue.github.io/cbmc"
        )
        raise files.refused("prove", "the program cbmc is not there", advice)
    return f"CBMC {_said()}"


@cache
def _said() -> str:
    """What CBMC says of its version."""
    said = subprocess.run(["cbmc", "--version"], capture_output=True, text=True, check=True)  # noqa: S607 (that program)
    return said.stdout.split()[0]


def proven(header: str, program: str, bits: int, seconds: float, checks: bool = True) -> Found:
    """Let CBMC decide whether a program that includes ``header.h`` keeps all checks and assertions.

    Args:
        header: the text of the header.
        program: the rest of the program.
        bits: the bits of an ``int``, 16 or 32.
        seconds: the time limit.
        checks: whether each operation is checked, and not only the assertions.

    Raises:
        SpecError: CBMC is not there.
    """
    version()
    start = time.monotonic()
    if seconds <= 0.0:
        return Found(Verdict.UNDECIDED, why="no time is left")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in (("stdint.h", INTEGERS), ("header.h", header), ("program.c", program)):
            (folder / file).write_text(text, encoding="utf-8")
        # nothing is defined but what the header itself defines
        options = ["-E", "-undef", "-nostdinc", "-I.", f"-DBITS={bits}", "program.c", "-o", "program.i"]
        made = subprocess.run([*compiler(), *options], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 (the user's compiler)
        if made.returncode:
            return Found(Verdict.FAILS, wrong=f"it cannot be compiled: {made.stderr.strip()[:200]}")
        width = "--LP32" if bits == 16 else "--LP64"
        answer, why = _run(["cbmc", "program.i", width, *(CHECKS if checks else NO_CHECKS), *OPTIONS], folder, seconds)
    spent = time.monotonic() - start
    if answer is None:
        return Found(Verdict.UNDECIDED, why=why, seconds=spent)
    return _read(answer, spent)


def _run(command: list[str], folder: Path, seconds: float) -> tuple[Any, str]:
    """The JSON that CBMC prints; or None, and why."""
    with (folder / "answer.json").open("w+b") as out:
        process = subprocess.Popen(  # noqa: S603 (that program)
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(limit, math.ceil(seconds) + 1),
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None, "no time is left"
        finally:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        out.seek(0)
        try:
            return json.load(out), ""
        except ValueError:
            return None, f"CBMC ended with exit code {process.returncode}; it may take {MEMORY // 2**30} GB"


def limit(seconds: int) -> None:
    """Limit the memory and the time of this process, also if nobody is left to stop it."""
    import resource  # not on Windows

    limits = (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)
    for kind, most in limits:
        resource.setrlimit(kind, (most, most))


def _read(answer: Any, seconds: float) -> Found:
    results = next((part["result"] for part in answer if "result" in part), None)
    if results is None:
        said = [part["messageText"] for part in answer if part.get("messageType") == "ERROR"]
        return Found(
            Verdict.UNDECIDED, why=" ".join(" ".join(said).split())[:200] or "CBMC gave no answer", seconds=seconds
        )
    wrong = [one for one in results if one["status"] == "FAILURE"]
    if wrong:
        one = next((one for one in wrong if one.get("trace")), wrong[0])
        place = one.get("sourceLocation") or (one.get("trace") or [{}])[-1].get("sourceLocation") or {}
        line = int(place.get("line", 0)) if Path(place.get("file", "")).name == "header.h" else 0
        return Found(Verdict.FAILS, len(results), one["description"], line, _values(one.get("trace", [])), "", seconds)
    if any(one["status"] != "SUCCESS" for one in results):
        return Found(Verdict.UNDECIDED, len(results), why="CBMC left properties open", seconds=seconds)
    return Found(Verdict.PROVEN, len(results), seconds=seconds)


def _values(trace: Any) -> dict[str, int]:
    """The last value of each variable that is a whole number."""
    found = {}
    for step in trace:
        data = str(step.get("value", {}).get("data", ""))
        if step.get("stepType") == "assignment" and re.fullmatch(r"-?\d+[uUlL]*", data):
            found[step["lhs"]] = int(data.rstrip("uUlL"))
    return found
