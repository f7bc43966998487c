"""The parent's side of the process that runs a module under test: requests, answers, and time limits."""

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

WORKER = Path(__file__).with_name("worker.py")

MAX_ANSWER = 200_000_000
"""Characters of one answer: a gradient of the largest networks has about 50 million."""

MAX_SAID = 300
"""Characters of a message that are kept."""


class CallError(Exception):
    """A call gave nothing that could be compared; ``kind`` is the name of the exception, where there was one."""

    def __init__(self, kind: str, message: str, line: int | None = None) -> None:
        self.kind = kind
        place = f" (line {line})" if line else ""
        said = message[:MAX_SAID]
        super().__init__(f"{kind[:MAX_SAID]}: {said}{place}" if kind else said)


@dataclass(frozen=True)
class Code:
    """The text of a module, and how it takes its parameters.

    ``form`` is ``weights``, ``layers`` or ``numpy``; ``dtype`` the width of its numbers. In the functions named by
    ``record``, each value that is assigned or returned is recorded.
    """

    name: str
    source: str
    form: str
    dtype: str
    record: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a call gave: the result as nested lists; the places of arguments that it changed; what callback met."""

    result: Any
    changed: list[int]
    met: list[list[Any]]
    records: list[tuple[str, int, list[float]]]


@dataclass(frozen=True)
class Declared:
    """What a module declares: LAYOUT and PARAMETERS as they are, its functions, and the defaults of their arguments."""

    layout: Any
    parameters: Any
    functions: list[str]
    defaults: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Content:
    """The text of a file; empty where one was written."""

    text: str


@dataclass(frozen=True)
class Failure:
    """The exception that a call raised, its message, and its line in the module."""

    error: str
    message: str
    line: int | None


ANSWER, DECLARED = TypeAdapter(Answer), TypeAdapter(Declared)
CONTENT, FAILURE = TypeAdapter(Content), TypeAdapter(Failure)


@dataclass
class Child:
    """A process that runs one module; it is started where it is needed, and again after it came to an end.

    Use it in a ``with`` block.
    """

    code: Code
    seconds: float
    """The time that one call may take; importing the module is one."""
    lives: int = 3
    """How often the process may end or hang before no more calls are made."""
    declared: Declared = field(default_factory=lambda: Declared(None, None, [], {}))
    """What the module declares, once it is imported."""

    def __enter__(self) -> "Child":
        self._process: subprocess.Popen[str] | None = None
        self._requests: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()
        self._folder.cleanup()

    def start(self) -> Declared:
        """Import the module: what it declares.

        Raises:
            CallError: it cannot be imported.
        """
        if self._process is not None:
            return self.declared
        if self.lives <= 0:
            raise CallError("", "not tried again, after the process of the module had ended or hung several times")
        self._requests, self._answers = queue.SimpleQueue(), queue.SimpleQueue()
        run = [sys.executable, "-I", "-B", str(WORKER)]
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, and our own program)
            run,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            text=True,
            start_new_session=True,  # so that all that the module starts can be stopped together
        )
        threading.Thread(target=_talk, args=(self._process, self._requests, self._answers), daemon=True).start()
        code = self.code
        opening = {"name": code.name, "source": code.source, "form": code.form, "dtype": code.dtype}
        try:
            self.declared = self._ask({**opening, "record": code.record}, DECLARED)
        except CallError:
            self._stop()
            raise
        return self.declared

    def call(
        self,
        name: str,
        *arguments: Mapping[str, Any],
        named: Mapping[str, Mapping[str, Any]] | None = None,
        keep: str = "",
        gives: str | int = "all",
    ) -> Answer:
        """Call a function of the module.

        Args:
            name: the function.
            arguments: a mapping for each, see ``value`` and its neighbours.
            named: the same, by name.
            keep: the name under which the result stays in the process, for ``kept``.
            gives: the part of the result that is wanted: "all", "nothing", or the place of an item.

        Raises:
            CallError: it raised an exception, ended the process, took too long, or gave something that is no number.
        """
        self.start()
        request = {"call": name, "arguments": arguments, "named": named or {}, "keep": keep, "gives": gives}
        return self._ask(request, ANSWER)

    def read(self, name: str) -> str:
        """A file that the module has written."""
        return self._ask({"read": name}, CONTENT).text

    def write(self, name: str, text: str) -> None:
        """Put a file into the folder that the module runs in."""
        self.start()
        self._ask({"write": name, "text": text}, CONTENT)

    def _ask(self, request: Mapping[str, Any], kind: TypeAdapter[T]) -> T:
        """Send a request to the process, which has been started: its answer, once it is known to be of this kind."""
        self._requests.put(json.dumps(request) + "\n")
        try:
            line = self._answers.get(timeout=self.seconds)
        except queue.Empty:
            self._end()
            raise CallError("", f"no answer within {self.seconds:g} seconds") from None
        if not line:
            raise CallError("", f"the process ended, with exit code {self._end()}")
        try:
            answer = json.loads(line)
            if isinstance(answer, dict) and "error" in answer:
                failure = FAILURE.validate_python(answer)
                raise CallError(failure.error, failure.message, failure.line)
            return kind.validate_python(answer)
        except (ValueError, RecursionError):
            self._end()
            raise CallError("", "the module wrote over the answers of the process that runs it") from None

    def _end(self) -> int:
        """Stop a process that has failed: its exit code."""
        self.lives -= 1
        return self._stop()

    def _stop(self) -> int:
        """Stop the process and all that it has started: its exit code."""
        if self._process is None:
            return 0
        self._requests.put("")
        _kill(self._process)
        code = self._process.wait()
        self._process = None
        return code


def _kill(process: "subprocess.Popen[str]") -> None:
    """Kill a process with its session, of which it is the first; where there is no /proc, with its process group.

    What has left the session is not known any more.
    """
    if not hasattr(os, "killpg"):  # Windows
        process.kill()
        return
    others = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    for kill, number in ((os.killpg, process.pid), *((os.kill, other) for other in others)):
        with suppress(OSError):  # it has ended, or is another user's
            if os.getsid(number) == process.pid:
                kill(number, signal.SIGKILL)


def _talk(
    process: "subprocess.Popen[str]", requests: "queue.SimpleQueue[str]", answers: "queue.SimpleQueue[str]"
) -> None:
    """Hand on requests, up to an empty one, and the answers; an empty one where the process has ended.

    This is a thread of its own, since neither the one nor the other has a time limit, where the module has stopped the
    process, or has handed its end of the pipe to another.
    """
    assert process.stdin is not None  # noqa: S101 (both are pipes)
    assert process.stdout is not None  # noqa: S101
    with suppress(OSError, ValueError), process.stdin as stdin, process.stdout as stdout:
        for request in iter(requests.get, ""):
            stdin.write(request)
            stdin.flush()
            answers.put(stdout.readline(MAX_ANSWER))
    answers.put("")


def value(plain: Any) -> dict[str, Any]:
    """An argument that is handed on as it is."""
    return {"value": plain}


def parameters(blocks: Sequence[Any]) -> dict[str, Any]:
    """Parameters, in the form that the module takes; matrices as lists of rows."""
    return {"parameters": blocks}


def rows(numbers: Any) -> dict[str, Any]:
    """Inputs or targets: lists, or an array where the module takes arrays."""
    return {"rows": numbers}


def integers(numbers: Sequence[int]) -> dict[str, Any]:
    """Whole numbers: a list, or an array where the module takes arrays."""
    return {"integers": numbers}


def kept(name: str, item: int | None = None) -> dict[str, Any]:
    """A result that was kept, or an item of it."""
    return {"kept": name, "item": item}


def callback(last: int | None) -> dict[str, Any]:
    """A callback that ends training after this epoch."""
    return {"callback": last}
