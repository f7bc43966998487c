"""The parent's side of the process that runs a module under test: requests, answers, and time limits."""

import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

WORKER = Path(__file__).with_name("worker.py")

MAX_ANSWER = 200_000_000
"""Characters of one answer: a gradient of the largest networks has about 50 million."""


class CallError(Exception):
    """A call gave nothing that could be compared; ``kind`` is the name of the exception, where there was one."""

    def __init__(self, kind: str, message: str, line: int | None = None) -> None:
        self.kind = kind
        place = f" (line {line})" if line else ""
        super().__init__(f"{kind}: {message}{place}" if kind else message)


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
    declared: dict[str, Any] = field(default_factory=dict)
    """What the module declares, once it is imported."""

    def __enter__(self) -> "Child":
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str] = queue.Queue()
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()
        self._folder.cleanup()

    def start(self) -> dict[str, Any]:
        """Import the module: what it declares.

        Raises:
            CallError: it cannot be imported.
        """
        if self._process is not None:
            return self.declared
        if self.lives <= 0:
            raise CallError("", "not tried again, after the process of the module had ended or hung several times")
        self._answers = queue.Queue()
        run = [sys.executable, "-I", "-B", str(WORKER)]
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, and our own program)
            run,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            text=True,
        )
        threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()
        code = self.code
        opening = {"name": code.name, "source": code.source, "form": code.form, "dtype": code.dtype}
        try:
            self.declared = self._ask({**opening, "record": code.record})
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
        answer = self._ask(request)
        return Answer(
            answer["result"], answer["changed"], answer["met"], [(n, at, v) for n, at, v in answer["records"]]
        )

    def read(self, name: str) -> str:
        """A file that the module has written."""
        return str(self._ask({"read": name})["text"])

    def write(self, name: str, text: str) -> None:
        """Put a file into the folder that the module runs in."""
        self.start()
        self._ask({"write": name, "text": text})

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        process = self._process
        assert process is not None  # noqa: S101 (callers have started it)
        assert process.stdin is not None  # noqa: S101
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = self._answers.get(timeout=self.seconds)
        except queue.Empty:
            self._stop()
            self.lives -= 1
            raise CallError("", f"no answer within {self.seconds:g} seconds") from None
        except OSError:
            line = ""
        if not line.endswith("\n"):
            code = process.wait()
            self._stop()
            self.lives -= 1
            raise CallError("", f"the process ended, with exit code {code}")
        try:
            answer: dict[str, Any] = json.loads(line)
            if "error" in answer:
                raise CallError(answer["error"], answer["message"], answer["line"])
        except (ValueError, TypeError, KeyError):
            self._stop()
            self.lives -= 1
            raise CallError("", "the module wrote over the answers of the process that runs it") from None
        return answer

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # what was not yet sent has nobody to go to
        self._process = None


def _listen(process: "subprocess.Popen[str]", answers: "queue.Queue[str]") -> None:
    """Hand on what the process answers, and an empty text where it has ended."""
    stream = process.stdout
    assert stream is not None  # noqa: S101
    line = "\n"
    while line.endswith("\n"):
        try:
            line = stream.readline(MAX_ANSWER)
        except (OSError, ValueError):
            line = ""
        answers.put(line)


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
