"""Finds the tests that run each line of the package and the templates: a mutant of the line is tried on these.

The functions of these files get a note before each statement (``noting``). A tracer would take longer than the tests,
because Python calls it for every call in every library.
"""

import ast
import builtins
import json
import signal
import time
from collections.abc import Callable, Sequence
from functools import _lru_cache_wrapper, cache, partial
from pathlib import Path
from types import FrameType
from typing import Any

from _pytest.runner import runtestprotocol

from tests.mutation.mutant import ELSEWHERE, JUDGED

CACHED = "nngen.description.model.custom_formulas", "tests."
NOTE = "__met__"
"""The function that is called before each statement; every module and every template sees this name."""
BOUND = ".py.jinja"
"""The end of the names of templates that write Python code."""
PRINTED = "printed.jinja"
"""The template of what only printed languages have, whose filters Python does not know."""
SLOW = 15.0
"""CPU seconds after which a test ends here: mutants do not run slower tests."""


class SlowError(BaseException):
    """A test has taken too long. It is no Exception, because Hypothesis would run the test again to shrink it."""


class Reach:
    """The tests that run each line, as the bits of a number; and the seconds of each test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lines: dict[str, dict[int, int]] = {}
        self.seconds: dict[str, float] = {}
        """By the names of the tests, in the order of the bits; infinite where a test fails as it is, or is slow."""

    def of(self, path: str, first: int, last: int) -> int:
        """The tests that run one of these lines. If there are none, the nearest line above that runs decides."""
        rows = self.lines.get(path, {})
        found = 0
        for line in range(first, last + 1):
            found |= rows.get(line, 0)
        above = max((line for line in rows if line < first), default=0)
        return found or rows.get(above, 0)

    def record(self, items: Sequence[Any], caches: Sequence[Any], chosen: Callable[[int], bool]) -> None:
        """Run some tests, by their numbers, and note the lines that they run."""
        signal.signal(signal.SIGPROF, _ended)
        for number, item in enumerate(items):
            self.seconds[item.nodeid] = 0.0
            if chosen(number):
                for cached in caches:
                    cached.cache_clear()
                item.runtest = _limited(item.runtest)
                self.note(number, item.nodeid, partial(passes, item))

    def note(self, number: int, name: str, test: Callable[[], bool]) -> None:
        """Run a test and note the lines that it runs, and its time if it passes."""
        met: set[tuple[str, int, int]] = set()
        setattr(builtins, NOTE, met.add)
        began = time.process_time()
        passed = test()
        self.seconds[name] = time.process_time() - began if passed else float("inf")
        for path, first, last in tuple(met):  # a thread that a test left may note lines still
            if not Path(path).is_relative_to(self.root):
                continue  # a template of a test
            name = Path(path).relative_to(self.root).as_posix()
            if name.endswith(".jinja") and not writer(name.removeprefix("templates/")):
                continue  # it has no mutants
            rows = self.lines.setdefault(name, {})
            lines = range(first, last + 1)
            for line in {_of_template(name, k) for k in lines} if name.endswith(".jinja") else lines:
                rows[line] = rows.get(line, 0) | 1 << number

    def add(self, other: "Reach") -> None:
        """Add what another object recorded of the same tests."""
        for path, lines in other.lines.items():
            rows = self.lines.setdefault(path, {})
            for line, bits in lines.items():
                rows[line] = rows.get(line, 0) | bits
        for name, seconds in other.seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def write(self, path: Path) -> None:
        """Write the record to a file."""
        lines = {name: {str(k): f"{bits:x}" for k, bits in rows.items()} for name, rows in self.lines.items()}
        path.write_text(json.dumps({"lines": lines, "seconds": self.seconds}), "utf-8")

    def read(self, path: Path) -> None:
        """Read the record from a file."""
        found = json.loads(path.read_text("utf-8"))
        self.seconds = found["seconds"]
        self.lines = {
            name: {int(k): int(bits, 16) for k, bits in rows.items()} for name, rows in found["lines"].items()
        }


def passes(item: Any) -> bool:
    """Whether a test passes with new fixtures."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _limited(run: Callable[[], None]) -> Callable[[], None]:
    """A test with a time limit, without shared fixtures."""

    def limited() -> None:
        signal.setitimer(signal.ITIMER_PROF, SLOW)
        try:
            run()
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0.0)

    return limited


def _ended(number: int, frame: FrameType | None) -> None:
    raise SlowError


def noting(source: str | bytes, path: str) -> ast.Module:
    """The program with a note before each statement: the file and the lines of the statement."""
    tree = ast.parse(source)
    for node in list(ast.walk(tree)):
        if isinstance(node, ast.Lambda):
            pair = ast.Tuple([_note(path, node.body), node.body], ast.Load())
            node.body = ast.Subscript(pair, ast.Constant(1), ast.Load())
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(node, field, None)
            if isinstance(statements, list):
                noted = [part for s in statements for part in (ast.Expr(_note(path, s)), s)]
                noted.sort(key=lambda s: not _of_the_future(s))
                setattr(node, field, [*(ast.Expr(_note(path, head)) for head in _heads(node)), *noted])
    return ast.fix_missing_locations(tree)


def _of_the_future(node: ast.AST) -> bool:
    """Whether a statement must be the first of its file."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _heads(node: ast.AST) -> list[ast.AST]:
    """The lines that are noted at the beginning of a block: the head of a function, or a pattern, which counts only if
    it matches."""
    return [node] if isinstance(node, ast.FunctionDef) else [node.pattern] if isinstance(node, ast.match_case) else []


def _note(path: str, node: ast.AST) -> ast.expr:
    first, last = getattr(node, "lineno"), getattr(node, "end_lineno")  # noqa: B009
    for block in (getattr(node, "body", None), getattr(node, "cases", None)):
        if isinstance(block, list):
            last = max(first, getattr(block[0], "lineno", first) - 1)
    return ast.parse(f"{NOTE}(({path!r}, {first}, {last}))", mode="eval").body


@cache
def _of_template(name: str, line: int) -> int:
    """The line of the template from which Jinja made a line of Python."""
    from nngen.targets.environments import environment  # of the copy, in which the tests run

    name = name.removeprefix("templates/")
    return environment(writer(name)).get_template(name).get_corresponding_lineno(line)


def writer(name: str) -> str:
    """A target whose environment renders this template; empty for what is no part of a module, which has no mutants."""
    folder, inside, _ = name.partition("/")
    if name == PRINTED or name.endswith(".html.jinja") or (inside and folder not in (*JUDGED, *ELSEWHERE)):
        return ""
    return folder if folder in (*JUDGED, *ELSEWHERE) and not name.endswith(BOUND) else "python"


def caches(objects: Sequence[Any]) -> list[Any]:
    """The caches of tests and custom formulas; those of the format stay."""
    return [o for o in objects if type(o) is _lru_cache_wrapper and str(o.__module__).startswith(CACHED)]
