"""Judges a mutant quickly, in a fork of a process that has imported everything, or slowly, by all tests in a new
process.

The fork knows which tests run a line. It replaces the functions or entries of the mutated file and runs these tests
until one fails. It is fast because it imports only one file. It does not see changes in values that are computed during
imports, nor in separate processes; ``anew`` judges mutants that survive there.
"""

import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
import traceback
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest

from tests.mutation.mutant import Mutant
from tests.mutation.reach import SLOW, Reach, passes
from tests.mutation.takeover import Takeover

TEXT = (
    "test_committed_modules_are_what",
    "test_pages_are_what_a_tool_pastes",
    "test_the_rest_of_the_page_is_the_same",
    "test_the_same_bytes_whatever_ends_a_line",
    "test_a_wrong_page_is_refused",
    "tests/description/test_bad_specs.py",
    "tests/pages/test_build.py",
    "tests/pages/test_files.py",
)
"""Tests that compare a text with the committed text."""
LEFT_OUT = (
    "test_the_judges_find",
    "help_is_instant",
    "refused_fast",
    "proof_is_fast",
    "tests/pages/test_budgets.py",
    "tests/pages/test_wheel.py",
    "tests/pages/test_pages.py",
)
"""The linter and the type checker take more than a minute; others measure time, or would write the pages of all
networks again in each fork."""
FORMULAS = "formulas of "
"""The beginning of the names of groups whose entries run once, at import, so that their lines are unknown."""
UNKNOWN = 30.0
"""The assumed time of a test that was not measured, in seconds."""
PROTOCOL = 0.01
"""The overhead of pytest for each test, in seconds."""
PATIENCE = 5.0
"""A mutant that survives is tried once more, this many times as long."""
LIMIT = 900
"""The time limit of a fork in seconds; after it, the mutant counts as killed."""
MEMORY = 6 << 30

Note: TypeAlias = Callable[[Mutant, str, str], None]
"""A function that receives the fate of a mutant, and the test that killed it."""


class Pace(NamedTuple):
    """The file with the lines that each test runs, the number of forks, and the CPU time of each."""

    reach: Path
    workers: int
    seconds: float
    """CPU seconds; a mutant that survives them is tried again for longer."""


class Forks(ABC):
    """Mutants, each in its own process."""

    def __init__(self, root: Path, pace: Pace, note: Note) -> None:
        self.root, self.pace, self.note = root, pace, note
        self.running: dict[int, tuple[Mutant, Path]] = {}
        self.reach = Reach(root)
        self.test = "import"
        """What is being tried."""
        self.kills: Counter[str] = Counter()
        """How many mutants each test function has killed."""

    def try_all(self, mutants: Sequence[Mutant], seconds: float) -> None:
        """Try each mutant for some seconds, and remember the survivors."""
        self.alive: list[Mutant] = []
        for number, mutant in enumerate(mutants):
            if len(self.running) == self.pace.workers:
                self._wait()
            output = self.root.parent / f"output{number}"
            child = os.fork()
            if child == 0:
                self._try(mutant, output, seconds)
            self.running[child] = mutant, output
        while self.running:
            self._wait()

    def _wait(self) -> None:
        child, status = os.wait()
        mutant, output = self.running.pop(child)
        if status == 0:
            fate, test = json.loads(output.read_text("utf-8"))
            output.unlink()
        else:
            fate, test = "killed", f"ended by the signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "ended"
        self.kills[_function(test)] += 1
        if fate != "killed":
            self.alive.append(mutant)
        self.note(mutant, fate, test)

    def _try(self, mutant: Mutant, output: Path, seconds: float) -> None:
        """In a fork: mutate, and run the tests that know the right result, for this many CPU seconds."""
        os.setsid()
        signal.alarm(LIMIT)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
        _quiet()
        try:
            fate = self.fate(mutant, seconds)
        except BaseException as error:
            fate = ["killed", f"{self.test} {type(error).__name__}"]
        output.write_text(json.dumps(fate), "utf-8")
        os._exit(0)

    @abstractmethod
    def fate(self, mutant: Mutant, seconds: float) -> list[str]:
        """The fate of a mutant, and the test that decides it; an error kills the mutant."""


class OnTests(Forks):
    """A plugin of pytest that tries mutants on the tests instead of running them once."""

    def __init__(self, mutants: Sequence[Mutant], root: Path, pace: Pace, note: Note) -> None:
        super().__init__(root, pace, note)
        self.mutants = mutants

    def pytest_runtestloop(self, session: Any) -> bool:
        """Try all mutants."""
        self.items = [item for item in session.items if not any(part in item.nodeid for part in LEFT_OUT)]
        self.takeover = Takeover(self.root)
        if any(not mutant.group.startswith(FORMULAS) for mutant in self.mutants):
            if not self.pace.reach.exists():
                self._record()
            self.reach.read(self.pace.reach)
        self.numbers = {name: number for number, name in enumerate(self.reach.seconds)}
        self.try_all(self.mutants, self.pace.seconds)
        self.try_all(self.alive, self.pace.seconds * PATIENCE)
        return True

    def _record(self) -> None:
        print("first, all tests run once: which of them run which lines", flush=True)
        parts = [self.root.parent / f"reach{number}" for number in range(self.pace.workers)]
        for number, part in enumerate(parts):
            if os.fork() == 0:
                _quiet()
                try:
                    self.takeover.note_lines()
                    chosen = set(range(number, len(self.items), self.pace.workers))
                    self.reach.record(self.items, self.takeover.caches, chosen.__contains__)
                    self.reach.write(part)
                except BaseException:
                    part.with_suffix(".error").write_text(traceback.format_exc(), "utf-8")
                os._exit(0)
        for _ in parts:
            os.wait()
        for part in parts:
            if not part.exists():
                raise RuntimeError(part.with_suffix(".error").read_text("utf-8"))
            found = Reach(self.root)
            found.read(part)
            self.reach.add(found)
        self.pace.reach.parent.mkdir(parents=True, exist_ok=True)
        self.reach.write(self.pace.reach)

    def fate(self, mutant: Mutant, seconds: float) -> list[str]:
        """Run the tests that run the mutated code."""
        self.takeover.forget()
        names = self.takeover.mutate(mutant)
        for item in self._order(mutant, names, seconds):
            self.test = item.nodeid
            usual = self.reach.seconds.get(item.nodeid, UNKNOWN)
            signal.setitimer(signal.ITIMER_PROF, 10.0 * (1.0 + usual))  # what never ends is ended by it
            if not passes(item):
                return ["killed by its text" if _is_text(item) else "killed", item.nodeid]
        return ["survived", ""]

    def _order(self, mutant: Mutant, names: Sequence[str], limit: float) -> Iterator[Any]:
        """The tests that run the mutated code. Each test function gets a share of the time, more if it has killed more.
        Its quick cases come first, in random order."""
        source = (self.root / mutant.path).read_bytes()
        first, last = (source.count(b"\n", 0, at) + 1 for at in (mutant.start, mutant.stop))
        reached = self.reach.of(mutant.path, first, last)
        if mutant.group.startswith(FORMULAS):  # what runs when it is imported, and never again
            reached = -1
        draw = random.Random(1)
        groups: dict[tuple[int, str], list[tuple[float, float, Any]]] = defaultdict(list)
        for item in self.items:
            number, seconds = self.numbers.get(item.nodeid), self.reach.seconds.get(item.nodeid, 0.0)
            if (number is None or reached >> number & 1) and seconds < SLOW:  # a new test may run any line
                named = any(name in item.nodeid for name in names)
                kind = 2 if _is_text(item) else 0 if named or not names else 1
                groups[kind, _function(item.nodeid)].append((draw.random() + seconds, seconds + PROTOCOL, item))
        for kind in range(3):
            ways = {name: sorted(g, key=_first, reverse=True) for (k, name), g in groups.items() if k == kind}
            spent = dict.fromkeys(ways, 0.0)
            began = time.process_time()
            while ways and time.process_time() - began < limit:
                name = min(ways, key=lambda n: (spent[n] + ways[n][-1][1]) / (1 + self.kills[n]))
                _, seconds, item = ways[name].pop()
                spent[name] += seconds
                if not ways[name]:
                    del ways[name]
                yield item


def fork(mutants: Sequence[Mutant], copy: Path, tests: str, pace: Pace, note: Note) -> None:
    """Try mutants in forks of a process that has imported the tests of a copy of the project."""
    turn_to(copy)
    usual = ["-q", "--tb=no", "-p", "no:cacheprovider", "-s"]
    if (
        pytest.main([*usual, "-k", tests, "tests"], [OnTests(mutants, copy, pace, note)])
        == pytest.ExitCode.INTERNAL_ERROR
    ):
        raise RuntimeError("the tests cannot be run as they are")


def anew(mutants: Sequence[Mutant], copy: Path, note: Note) -> None:
    """Write each mutant into a copy of the project, and run there all tests that know the right result, in a new
    process."""
    left_out = " and ".join(f"not {name.rpartition('/')[2]}" for name in (*LEFT_OUT, *TEXT))
    for mutant in mutants:
        path = copy / mutant.path
        source = path.read_bytes()
        path.write_bytes(source[: mutant.start] + mutant.text.encode() + source[mutant.stop :])
        command = [sys.executable, "-m", "pytest", "-xq", "-rfE", "--tb=no", "-p", "no:cacheprovider", "-k", left_out]
        environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=4 * LIMIT)
        except subprocess.TimeoutExpired:
            note(mutant, "killed", "time")
        else:
            found = re.search(r"^(?:FAILED|ERROR) (.*?)(?: - |$)", done.stdout, re.M)
            note(mutant, "killed" if done.returncode else "survived", found[1] if found else "")
        finally:
            path.write_bytes(source)


def turn_to(copy: Path) -> None:
    """Import the project from this copy from now on."""
    os.chdir(copy)
    os.environ["PYTHONPATH"] = str(copy)
    sys.path.insert(0, str(copy))
    for name in [name for name in sys.modules if name == "tests" or name.startswith(("tests.", "nngen"))]:
        del sys.modules[name]


def _first(case: tuple[float, float, Any]) -> float:
    return case[0]


def _function(test: str) -> str:
    """The name of a test function, which may have many cases."""
    return test.split("[")[0]


def _is_text(item: Any) -> bool:
    return any(part in item.nodeid for part in TEXT)


def _quiet() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
