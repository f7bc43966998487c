"""Runs a module under test in a child process: requests, answers and time limits."""

import json
import queue
import subprocess
import tempfile
import threading
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from nngen.common import processes
from nngen.common.records import dataclass

T = TypeVar("T")

WORKER = Path(__file__).with_name("worker.py")

MAX_ANSWER = 200_000_000
"""Characters of one answer. The gradient of the largest networks has about 50 million."""

MAX_MESSAGE = 300
"""The most characters of a message."""


class CallError(Exception):
    """A call returned nothing that can be compared. ``kind`` is the name of the exception, if there was one."""

    def __init__(self, kind: str, message: str, line: int | None = None) -> None:
        self.kind = kind
        place = f" (line {line})" if line else ""
        short = message[:MAX_MESSAGE]
        super().__init__(f"{kind[:MAX_MESSAGE]}: {short}{place}" if kind else short)


@dataclass(frozen=True)
class Code:
    """The text of a module and the form of its parameters.

    ``form`` is ``weights``, ``layers`` or ``numpy``; ``dtype`` is the width of its numbers. In the functions of
    ``record``, each assigned or returned value is recorded.
    """

    name: str
    source: str
    form: str
    dtype: str
    record: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The result of a call as nested lists, the indices of changed arguments, and the arguments of each callback."""

    result: Any
    changed: list[int]
    callbacks: list[list[Any]]
    records: list[tuple[str, int, list[float]]]


@dataclass(frozen=True)
class Declared:
    """The definitions of a module: LAYOUT, PARAMETERS, its functions, and the defaults of their arguments."""

    layout: Any
    parameters: Any
    functions: list[str]
    defaults: dict[str, dict[str, Any]]

    def has(self, *names: str) -> bool:
        """Whether the module has all these functions."""
        return set(names) <= set(self.functions)

    @property
    def checks(self) -> bool:
        """Whether it refuses all wrong kinds of arguments: then ``gradient`` can skip that, with ``checked=True``."""
        return "checked" in self.defaults.get("gradient", {}) or self.has("_checked")

    @property
    def progress(self) -> bool:
        """Whether its ``fit`` continues a training: with ``progress``, which comes with files."""
        return "progress" in self.defaults.get("fit", {}) or self.has("save")


@dataclass(frozen=True)
class Content:
    """The text of a file; empty after writing one."""

    text: str


@dataclass(frozen=True)
class Failure:
    """The exception of a call, its message, and its line in the module."""

    error: str
    message: str
    line: int | None


ANSWER, DECLARED = TypeAdapter(Answer), TypeAdapter(Declared)
CONTENT, FAILURE = TypeAdapter(Content), TypeAdapter(Failure)


@dataclass
class Child:
    """A process that runs one module, or one after the other. It starts when needed, and again after it has ended.

    Use it in a ``with`` block.
    """

    code: Code
    seconds: float
    """The time limit of one call; importing the module counts as one."""
    lives: int = 3
    """Crashes and timeouts allowed before giving up."""
    declared: Declared = field(default_factory=lambda: Declared(None, None, [], {}))
    """The definitions of the module, after it is imported."""

    def __enter__(self) -> "Child":
        self._process: subprocess.Popen[bytes] | None = None
        self._imported = False
        self._requests: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()
        self._folder.cleanup()

    def load(self, code: Code) -> None:
        """Run another module in this process, from the next call on. What it has kept of the one before is gone."""
        self.code, self._imported = code, False

    def start(self) -> Declared:
        """Import the module and return its definitions.

        Raises:
            CallError: it cannot be imported.
        """
        if self._imported:
            return self.declared
        if self._process is None:
            if self.lives <= 0:
                raise CallError("", "not called again: the module's process has ended or hung several times")
            self._requests, self._answers = queue.SimpleQueue(), queue.SimpleQueue()
            self._process = processes.start(WORKER, self._folder.name)
            threading.Thread(target=_talk, args=(self._process, self._requests, self._answers), daemon=True).start()
        code = self.code
        opening = {"name": code.name, "source": code.source, "form": code.form, "dtype": code.dtype}
        try:
            self.declared = self._ask({**opening, "record": code.record}, DECLARED)
        except CallError:
            self._stop()
            raise
        self._imported = True
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
            arguments: a mapping for each, see ``value`` and the functions after it.
            named: keyword arguments as mappings.
            keep: the name under which the result stays in the process, for ``kept``.
            gives: the part of the result to return: "all", "nothing", or the index of an item.

        Raises:
            CallError: it raised an exception, ended the process, took too long, or did not return numbers.
        """
        self.start()
        request = {"call": name, "arguments": arguments, "named": named or {}, "keep": keep, "gives": gives}
        return self._ask(request, ANSWER)

    def read(self, name: str) -> str:
        """The text of a file that the module has written."""
        return self._ask({"read": name}, CONTENT).text

    def write(self, name: str, text: str) -> None:
        """Write a file into the folder of the module."""
        self.start()
        self._ask({"write": name, "text": text}, CONTENT)

    def _ask(self, request: Mapping[str, Any], kind: TypeAdapter[T]) -> T:
        """Send a request to the running process and validate its answer."""
        self._requests.put(json.dumps(request) + "\n")
        try:
            line = self._answers.get(timeout=self.seconds)
        except queue.Empty:
            self._end()
            raise CallError("", f"no answer within {self.seconds:g} seconds") from None
        if not line:
            raise CallError("", f"the process ended with exit code {self._end()}")
        try:
            answer = json.loads(line)
            if isinstance(answer, dict) and "error" in answer:
                failure = FAILURE.validate_python(answer)
                raise CallError(failure.error, failure.message, failure.line)
            return kind.validate_python(answer)
        except (ValueError, RecursionError):
            self._end()
            raise CallError("", "the module changed the answers of its process") from None

    def _end(self) -> int:
        """Stop a process after a failure and return its exit code."""
        self.lives -= 1
        return self._stop()

    def _stop(self) -> int:
        """Stop the process and all processes that it has started. Return its exit code."""
        self._imported = False
        if self._process is None:
            return 0
        self._requests.put("")
        processes.kill(self._process)
        code = self._process.wait()
        self._process = None
        return code


def _talk(
    process: "subprocess.Popen[bytes]", requests: "queue.SimpleQueue[str]", answers: "queue.SimpleQueue[bytes]"
) -> None:
    """Pass on requests until an empty one, and answers. An empty answer means that the process has ended.

    This runs in its own thread, since neither pipe has a time limit: the module may stop the process or pass its end of
    a pipe to another process.
    """
    assert process.stdin is not None  # noqa: S101 (both are pipes)
    assert process.stdout is not None  # noqa: S101
    with suppress(OSError, ValueError), process.stdin as stdin, process.stdout as stdout:
        for request in iter(requests.get, ""):
            stdin.write(request.encode())
            stdin.flush()
            answers.put(stdout.readline(MAX_ANSWER))
    answers.put(b"")


def value(plain: Any) -> dict[str, Any]:
    """An argument that is passed unchanged."""
    return {"value": plain}


def parameters(
    blocks: Sequence[NDArray[np.float64]], rows: Mapping[int, NDArray[np.int64]] | None = None
) -> dict[str, Any]:
    """Parameters in the form of the module. Their bytes are sent, since large networks have millions.

    Of a block with ``rows``, only these are sent, as the gradient of an embedding.
    """
    written = []
    for place, block in enumerate(blocks):
        listed = rows.get(place) if rows else None
        part = block if listed is None else block[listed]
        numbers = b64encode(part.tobytes()).decode()
        written.append([part.shape, numbers, None if listed is None else listed.tolist()])
    return {"parameters": written}


def rows(numbers: Any) -> dict[str, Any]:
    """Inputs or targets: lists, or an array for NumPy modules."""
    return {"rows": numbers}


def integers(numbers: Sequence[int]) -> dict[str, Any]:
    """Integers: a list, or an array for NumPy modules."""
    return {"integers": numbers}


def kept(name: str, item: int | None = None) -> dict[str, Any]:
    """A kept result, or an item of it."""
    return {"kept": name, "item": item}


def callback(last: int | None) -> dict[str, Any]:
    """A callback that ends training after this epoch."""
    return {"callback": last}
