"""Modules of compiled languages in a program that calls their functions, in its own process."""

import math
import struct
import subprocess
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

from nngen.common.records import dataclass
from nngen.description.model import Spec
from nngen.plan import Plan
from nngen.targets import TARGETS, blamed, driver

KEPT = object()
"""An argument that is what an earlier call has left in the program: a state, or the progress of a training."""

CHANGED = {
    "gradient": ("slopes",),
    "input_gradient": ("slopes",),
    "batch_gradient": ("slopes", "after"),
    "step": ("params", "state"),
    "train_step": ("params", "state"),
    "fit": ("params",),
}
"""The arguments that functions change; those in which some languages return results are 0 before."""

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
        self._asked, self._left = math.inf, threading.Event()  # when the call under way began; the end of the block
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
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMPILING,
            check=False,
        )
        if found.returncode:
            said = found.stderr.decode(errors="replace") or found.stdout.decode(errors="replace")
            raise CompileError(f"it cannot be compiled: {said}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._left.set()
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        """Stop a process in which a call takes too long: a thread for all calls, since one for each takes longer."""
        left = self.seconds
        while not self._left.wait(left):
            left = min(self.seconds, self._asked + self.seconds - monotonic())
            if left <= 0.0:
                process.kill()
                return

    def results(self, network: str, function: str, /, **given: Any) -> list[list[float] | str]:
        """Call a function of a module.

        Args:
            network: the name of its network.
            function: the name of the function, or of a constant.
            given: arguments by their names: numbers, texts, and lists of them. ``KEPT`` is what an earlier call has
                left of this type; None leaves an argument out, and so does a function that has no such argument.

        Returns:
            What it gives, and then the arguments that it changes (see ``CHANGED``), each a text, or numbers.

        Raises:
            ValueError: the function refuses its arguments.
            EOFError: the program has ended.
        """
        language = TARGETS[self.target]
        plan = next(one.plan for one in self.modules if one.plan.name == network)
        zeros = [0.0] * (len(plan.numbers) if function == "input_gradient" else len(given.get("params", ())))
        for name in CHANGED.get(function, ()):
            given[f"{name}!"] = given.pop(name, KEPT if name == "state" else zeros)
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 (this program)
                language.runs, cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            threading.Thread(target=self._watch, args=[self._process], daemon=True).start()
        assert self._process.stdin is not None  # noqa: S101 (both are pipes)
        assert self._process.stdout is not None  # noqa: S101
        words = [f"{language.cased(name)}={_word(one)}" for name, one in given.items() if one is not None]
        self._process.stdin.write(f"{' '.join([network, language.cased(function), *words])}\n".encode())
        self._process.stdin.flush()
        self._asked = monotonic()
        line = self._process.stdout.readline().decode()
        self._asked = math.inf
        if not line:
            self._process.communicate()  # closes its pipes
            raise EOFError(f"the program ended with exit code {self._process.returncode}, or took too long")
        if line.startswith("!"):
            raise ValueError(line[1:].strip())
        return [_read(part) for part in line.strip().split(";")]

    def ask(self, network: str, function: str, /, **given: Any) -> list[float] | str:
        """The same in one: a text, or all numbers one after the other."""
        found = self.results(network, function, **given)
        if isinstance(found[0], str):
            return found[0]
        return [number for part in found for number in part if not isinstance(number, str)]

    def numbers(self, network: str, function: str, /, **given: Any) -> list[float]:
        """The same for a function that gives numbers."""
        found = self.ask(network, function, **given)
        assert isinstance(found, list), found  # noqa: S101 (what the driver answers)
        return found

    def text(self, network: str, function: str, /, **given: Any) -> str:
        """The same for a function that gives a text."""
        found = self.ask(network, function, **given)
        assert isinstance(found, str), found  # noqa: S101 (what the driver answers)
        return found


def _word(value: object) -> str:
    """A value on a line: items are separated by commas, rows by semicolons."""
    if value is None or value is KEPT:
        return "-" if value is None else "@"
    if isinstance(value, str):
        return "t" + value.encode().hex()
    if isinstance(value, bool):
        return f"b{int(value)}"
    if isinstance(value, int | float):
        return struct.pack(">d", _float(value)).hex()
    assert isinstance(value, Iterable), value  # noqa: S101 (see Program.results)
    items = [*value]
    return (";" if items and isinstance(items[0], list | tuple) else ",").join(map(_word, items))


def _read(part: str) -> list[float] | str:
    """A part of an answer; what is missing is NaN, and texts of a list have commas between them."""
    if part.startswith("t"):
        return ",".join(bytes.fromhex(word[1:]).decode() for word in part.split(","))
    words = (word for word in part.split(",") if word not in ("", "@"))
    return [math.nan if word == "-" else struct.unpack(">d", bytes.fromhex(word))[0] for word in words]


def _float(number: float) -> float:
    """A number; infinity for an integer beyond all floats."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
