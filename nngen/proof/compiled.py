"""Modules of compiled languages in a program that calls their functions, in its own process."""

import math
import struct
import subprocess
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from nngen.description.model import Spec
from nngen.plan import Plan
from nngen.targets import TARGETS, blamed, driver

COMPILING = 600.0
"""Seconds that a compiler may take."""


class CompileError(Exception):
    """A program cannot be compiled; the message is that of the compiler."""


@dataclass(frozen=True)
class Module:
    """A module of a compiled language: its network, its text and its parts."""

    plan: Plan
    spec: Spec
    text: str
    contents: frozenset[str]


@dataclass
class Program:
    """A program with some modules of one language. Use it in a ``with`` block.

    Raises:
        CompileError: it cannot be compiled.
        FileNotFoundError: the compiler is not there.
    """

    target: str
    modules: Sequence[Module]
    folder: Path
    """An empty folder."""
    seconds: float = 600.0
    """The time limit of a call."""
    fast: bool = False
    """Whether the compiler makes it as fast as it can."""

    def __enter__(self) -> "Program":
        self._process: subprocess.Popen[bytes] | None = None
        language = TARGETS[self.target]
        for one in self.modules:
            path = self.folder / language.file(one.plan.name, one.spec.namespace(self.target))
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_text(one.text, encoding="utf-8")
        networks = [(one.plan, one.spec, one.contents) for one in self.modules]
        name = "driver" if language.apart else "_driver"  # no network has this name
        with blamed(self.target):
            text = driver(self.target, networks)
        (self.folder / f"{name}{language.suffix}").write_text(text, encoding="utf-8")
        compiler = language.fast if self.fast else language.compiler
        if not compiler:
            return self
        found = subprocess.run(  # noqa: S603 (the command of a target)
            compiler,
            cwd=self.folder,
            capture_output=True,
            timeout=COMPILING,
            check=False,
        )
        if found.returncode:
            said = found.stderr.decode(errors="replace") or found.stdout.decode(errors="replace")
            raise CompileError(f"it cannot be compiled: {said}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def ask(self, network: str, function: str, *arguments: object) -> list[float] | str:
        """Call a function of a module.

        Args:
            network: the name of its network.
            function: the name of the function.
            arguments: numbers, lists of them, texts, and None where an argument is left out.

        Raises:
            ValueError: the function refuses its arguments.
            EOFError: the program has ended.
        """
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 (this program)
                TARGETS[self.target].runs, cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        assert self._process.stdin is not None  # noqa: S101 (both are pipes)
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(f"{network} {function} {' '.join(_words(arguments))}\n".encode())
        self._process.stdin.flush()
        limit = threading.Timer(self.seconds, self._process.kill)
        limit.start()
        line = self._process.stdout.readline().decode()
        limit.cancel()
        if not line:
            raise EOFError(f"the program ended with exit code {self._process.wait()}, or took too long")
        if line.startswith("!"):
            raise ValueError(line[1:].strip())
        if line.startswith("t"):
            return bytes.fromhex(line.strip()[1:]).decode()
        return [struct.unpack(">d", bytes.fromhex(word))[0] for word in line.split()]

    def numbers(self, network: str, function: str, *arguments: object) -> list[float]:
        """The same for a function that gives numbers."""
        found = self.ask(network, function, *arguments)
        assert isinstance(found, list), found  # noqa: S101 (what the driver answers)
        return found

    def text(self, network: str, function: str, *arguments: object) -> str:
        """The same for a function that gives a text."""
        found = self.ask(network, function, *arguments)
        assert isinstance(found, str), found  # noqa: S101 (what the driver answers)
        return found


def _words(arguments: Iterable[object]) -> Iterable[str]:
    for one in arguments:
        if one is None:
            yield "-"
        elif isinstance(one, str):
            yield "t" + one.encode().hex()
        elif isinstance(one, bool):
            yield f"b{int(one)}"
        elif isinstance(one, int | float):
            yield struct.pack(">d", _float(one)).hex()
        elif isinstance(one, Iterable):
            yield from _words(one)


def _float(number: float) -> float:
    """A number; infinity for an integer beyond all floats."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
