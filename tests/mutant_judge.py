"""How a mutant is judged: at once, in a fork of a process that has imported everything; or by a run of all tests anew.

The fork knows which tests run a line, takes over the functions or entries of the mutated file, and runs these tests
until one fails. This is fast: nothing is imported but the one file. What is computed while modules are imported, and
what runs in processes of its own, it does not see; so what survives there is to be judged anew.
"""

import gc
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple, TypeAlias

import pytest
from _pytest.runner import runtestprotocol

from tests.mutations import JUDGED, Mutant, everything
from tests.reach import SLOW, Reach, caches, noting

TEXT = (
    "test_the_gallery_is_what",
    "test_committed_modules_are_what",
    "test_pages_are_what_a_tool_pastes",
    "test_the_rest_of_the_page_is_the_same",
    "test_the_same_bytes_whatever_ends_a_line",
    "test_a_wrong_page_is_refused",
    "tests/test_bad_specs.py",
    "tests/test_build.py",
    "tests/test_files.py",
)
"""The tests that compare a text with the committed one."""
LEFT_OUT = (
    *("test_the_judges_find", "help_is_instant", "refused_fast", "proof_is_fast", "test_budgets", "test_wheel"),
    "tests/test_pages.py",
)
"""The linter and the type checker, which take a minute and more; what measures time; and 772 tests each of which would
write all pages anew here, in 14 seconds of the processor, since a fork shares nothing with other tests."""
FORMULAS = "formulas of "
"""How the groups begin whose entries run once, when they are imported, so that no lines of theirs are known."""
UNKNOWN = 30.0
"""Seconds that a test may take that has not been measured."""
PROTOCOL = 0.01
"""Seconds that pytest takes for each test."""
PATIENCE = 8.0
"""How many times as long a mutant is tried again that no test has killed which knows what is right."""
LIMIT = 900
"""Seconds after which a fork ends, which is a mutant killed."""
MEMORY = 6 << 30

Note: TypeAlias = Callable[[Mutant, str, str], None]
"""What is called with the fate of a mutant, and the test that killed it."""


class Pace(NamedTuple):
    """The file that says which tests run which lines, how many forks there are, and how long each of them may test."""

    reach: Path
    workers: int
    seconds: float
    """Of the processor, after which a mutant has survived the tests of its fork, and is tried again for longer."""


def _environments() -> dict[str, Any]:
    """For each target whose pages are tested here its environment, of the copy in which the tests run."""
    return {target: import_module("nngen.render").environment(target) for target in JUDGED}


class Forks:
    """A plugin of pytest's: instead of running the tests, it tries mutants on them, each in a process of its own."""

    def __init__(self, mutants: Sequence[Mutant], root: Path, pace: Pace, note: Note) -> None:
        self.mutants, self.root, self.pace, self.note = mutants, root, pace, note
        self.running: dict[int, tuple[Mutant, Path]] = {}
        self.reach = Reach(root)
        self.kills: Counter[str] = Counter()
        """How many mutants each test function has killed."""

    def pytest_runtestloop(self, session: Any) -> bool:
        """Try all mutants."""
        self.items = [item for item in session.items if not any(part in item.nodeid for part in LEFT_OUT)]
        for target, templates in _environments().items():
            for name in templates.list_templates(["jinja"]):
                if "/" not in name or name.startswith(f"{target}/"):
                    templates.get_template(name)
        objects = gc.get_objects()
        self.caches = caches(objects)
        self.functions: dict[str, list[FunctionType]] = defaultdict(list)
        for one in objects:
            if isinstance(one, FunctionType):
                self.functions[one.__code__.co_filename].append(one)
        gc.collect()
        gc.freeze()  # what a fork finds besides is its own, and the pages of the rest stay shared
        if any(not mutant.group.startswith(FORMULAS) for mutant in self.mutants):
            if not self.pace.reach.exists():
                self._record()
            self.reach.read(self.pace.reach)
        self.numbers = {name: number for number, name in enumerate(self.reach.seconds)}
        self._try_all(self.mutants, self.pace.seconds)
        self._try_all(self.alive, self.pace.seconds * PATIENCE)
        return True

    def _try_all(self, mutants: Sequence[Mutant], seconds: float) -> None:
        """Have each of them tried for some seconds, and remember those that live."""
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

    def _record(self) -> None:
        print("first, all tests run once: which of them run which lines", flush=True)
        children = []
        for number in range(self.pace.workers):
            child = os.fork()
            if child == 0:
                _quiet()
                self._note_lines()
                self.reach.record(self.items, self.caches, lambda k: k % self.pace.workers == number)  # noqa: B023
                self.reach.write(self.root.parent / f"reach{number}")
                os._exit(0)
            children.append(child)
        for number, child in enumerate(children):
            os.waitpid(child, 0)
            part = Reach(self.root)
            part.read(self.root.parent / f"reach{number}")
            self.reach.add(part)
        self.pace.reach.parent.mkdir(parents=True, exist_ok=True)
        self.reach.write(self.pace.reach)

    def _note_lines(self) -> None:
        """Have the functions and templates that are mutated note which of their lines are run."""
        for templates in _environments().values():
            templates.cache.clear()
            templates._compile = lambda source, path: compile(noting(source, path), path, "exec")
        for name in {mutant.path for mutant in everything(self.root) if mutant.path.endswith(".py")}:
            path = self.root / name
            self._exchange(path, compile(noting(path.read_bytes(), str(path)), str(path), "exec"), {})

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
        """In a fork: mutate, and run the tests, those that know what is right for so many seconds."""
        os.setsid()
        signal.alarm(LIMIT)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        _quiet()
        fate = ["killed", "import"]
        try:
            for cached in self.caches:
                cached.cache_clear()
            names = self._mutate(mutant)
            fate = ["survived", ""]
            for item in self._order(mutant, names, seconds):
                usual = self.reach.seconds.get(item.nodeid, UNKNOWN)
                signal.setitimer(signal.ITIMER_PROF, 10.0 * (1.0 + usual))  # what never ends is ended by it
                if any(report.failed for report in runtestprotocol(item, log=False, nextitem=None)):
                    fate = ["killed by its text" if _is_text(item) else "killed", item.nodeid]
                    break
        except BaseException as error:
            fate = ["killed", f"{fate[1]} {type(error).__name__}"]
        output.write_text(json.dumps(fate), "utf-8")
        os._exit(0)

    def _mutate(self, mutant: Mutant) -> list[str]:
        """Take over the mutated file; gives the names of the entries that are others than before."""
        path = self.root / mutant.path
        source = path.read_bytes()
        text = source[: mutant.start] + mutant.text.encode() + source[mutant.stop :]
        if path.suffix == ".jinja":
            name = path.relative_to(self.root / "templates").as_posix()
            for templates in _environments().values():
                for key in [key for key in templates.cache.keys() if key[1] == name]:  # noqa: SIM118 (not Python's)
                    del templates.cache[key]
                usual = templates.loader.get_source
                templates.loader.get_source = lambda environment, wanted, usual=usual: (
                    (text.decode(), None, None) if wanted == name else usual(environment, wanted)
                )
            return []
        old = sys.modules[mutant.path.removesuffix(".py").replace("/", ".")]
        new = ModuleType(old.__name__)
        new.__dict__.update(__file__=old.__file__, __package__=old.__package__, __spec__=old.__spec__)
        code = compile(text, str(path), "exec")
        exec(code, new.__dict__)
        made = {
            f.__code__: f for f in gc.get_objects() if isinstance(f, FunctionType) and f.__globals__ is new.__dict__
        }
        self._exchange(path, code, made)
        return [
            name for name in vars(new) if not name.startswith("__") for name in _take_over(vars(old), vars(new), name)
        ]

    def _exchange(self, path: Path, code: CodeType, made: Mapping[CodeType, FunctionType]) -> None:
        """Give the functions of a file the code that was compiled anew, and the defaults of those that were made."""
        after = _codes(code)
        names = {_place(before): name for name, before in _codes(compile(path.read_bytes(), str(path), "exec")).items()}
        for function in self.functions[str(path)]:
            found = after.get(names.get(_place(function.__code__), ("", 0)))
            if found is not None and found.co_freevars == function.__code__.co_freevars:
                function.__code__ = found
                if found in made:
                    function.__defaults__ = made[found].__defaults__
                    function.__kwdefaults__ = made[found].__kwdefaults__

    def _order(self, mutant: Mutant, names: Sequence[str], limit: float) -> Iterator[Any]:
        """The tests that run what is mutated: each function gets its share of the time, one that has killed more gets
        more of it, and its quick cases come first, in random order."""
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
    pytest.main([*usual, "-k", tests, "tests"], [Forks(mutants, copy, pace, note)])


def anew(mutants: Sequence[Mutant], copy: Path, note: Note) -> None:
    """Write each mutant into a copy of the project, and run all tests that know what is right on it, in a process."""
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
    """From now on, import the project from this copy."""
    os.chdir(copy)
    os.environ["PYTHONPATH"] = str(copy)
    sys.path.insert(0, str(copy))
    for name in [name for name in sys.modules if name == "tests" or name.startswith(("tests.", "nngen"))]:
        del sys.modules[name]


def _codes(code: CodeType) -> dict[tuple[str, int], CodeType]:
    """The functions in what has been compiled, by their names, and the number of those of one name before it."""
    found: dict[tuple[str, int], CodeType] = {}
    numbers: Counter[str] = Counter()

    def walk(code: CodeType) -> None:
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                found[inner.co_qualname, numbers[inner.co_qualname]] = inner
                numbers[inner.co_qualname] += 1
                walk(inner)

    walk(code)
    return found


def _place(code: CodeType) -> tuple[str, Any]:
    return code.co_qualname, tuple(code.co_positions())


def _take_over(old: dict[str, Any], new: dict[str, Any], name: str) -> Iterator[str]:
    """Make a constant of a module, or a field of an entry, what it is in the new one; gives the names of entries."""
    before, after = old.get(name), new[name]
    if isinstance(before, type) and is_dataclass(after):
        vars(before)["__init__"].__defaults__ = vars(after)["__init__"].__defaults__
    if repr(before) == repr(after) or callable(after):
        return
    pairs: list[tuple[Any, Any]] = []
    if isinstance(before, Mapping):
        pairs = list(zip(before.values(), after.values(), strict=True))
    elif isinstance(before, tuple):
        pairs = list(zip(before, after, strict=True))
    elif is_dataclass(before):
        pairs = [(before, after)]
    if not pairs or not all(is_dataclass(one) for one, _ in pairs):
        old[name] = after
        return
    for one, other in pairs:
        if repr(one) != repr(other):
            for field in vars(other):
                yield from _take_over(vars(one), vars(other), field)
            yield from [one.name] if hasattr(one, "name") else []


def _first(case: tuple[float, float, Any]) -> float:
    return case[0]


def _function(test: str) -> str:
    """The function of a test, which may have many cases."""
    return test.split("[")[0]


def _is_text(item: Any) -> bool:
    return any(part in item.nodeid for part in TEXT)


def _quiet() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
