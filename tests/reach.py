"""Which tests run which lines of the package and the templates: what a mutant of a line has to be tried on."""

import json
import sys
import time
from collections.abc import Callable, Collection, Sequence
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from _pytest.runner import runtestprotocol

CACHED = "nngen.own", "tests."
CALLS = 30
"""So many calls of a function are followed in each test, and not more: to follow them takes time."""


class Reach:
    """Of each line, the tests that run it, as the bits of a number; and of each test, the seconds that it takes."""

    def __init__(self, root: Path, paths: Collection[str] = ()) -> None:
        self.root, self.paths = root, paths
        self.lines: dict[str, dict[int, int]] = {}
        self.seconds: dict[str, float] = {}
        """By the names of the tests, in the order of the bits; infinite where a test fails as it is."""

    def of(self, path: str, first: int, last: int) -> int:
        """The tests that run one of these lines; where there are none, the nearest line above that is run decides."""
        rows = self.lines.get(path, {})
        found = 0
        for line in range(first, last + 1):
            found |= rows.get(line, 0)
        above = max((line for line in rows if line < first), default=0)
        return found or rows.get(above, 0)

    def record(self, items: Sequence[Any], caches: Sequence[Any], chosen: Callable[[int], bool]) -> None:
        """Run some of the tests, by their numbers, and note which lines they run."""
        templates = str(self.root / "templates")
        paths = {str(self.root / path) for path in self.paths}
        for number, item in enumerate(items):
            self.seconds[item.nodeid] = 0.0
            if not chosen(number):
                continue
            for cached in caches:
                cached.cache_clear()
            met: dict[str, set[int]] = {}
            began = time.process_time()
            sys.settrace(_tracer(met, paths))
            try:
                reports = runtestprotocol(item, log=False, nextitem=None)
            finally:
                sys.settrace(None)
            failed = any(report.failed for report in reports)
            self.seconds[item.nodeid] = float("inf") if failed else time.process_time() - began
            for path, lines in met.items():
                name = Path(path).relative_to(self.root).as_posix()
                rows = self.lines.setdefault(name, {})
                for line in {_of_template(name, line) for line in lines} if path.startswith(templates) else lines:
                    rows[line] = rows.get(line, 0) | 1 << number

    def add(self, other: "Reach") -> None:
        """Take over what another one has recorded of the same tests."""
        for path, lines in other.lines.items():
            rows = self.lines.setdefault(path, {})
            for line, bits in lines.items():
                rows[line] = rows.get(line, 0) | bits
        for name, seconds in other.seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def write(self, path: Path) -> None:
        """Keep it in a file."""
        lines = {name: {str(k): f"{bits:x}" for k, bits in rows.items()} for name, rows in self.lines.items()}
        path.write_text(json.dumps({"lines": lines, "seconds": self.seconds}), "utf-8")

    def read(self, path: Path) -> None:
        """Take it from a file."""
        found = json.loads(path.read_text("utf-8"))
        self.seconds = found["seconds"]
        self.lines = {
            name: {int(k): int(bits, 16) for k, bits in rows.items()} for name, rows in found["lines"].items()
        }


def _tracer(met: dict[str, set[int]], paths: Collection[str]) -> Callable[[FrameType, str, Any], Any]:
    """What Python calls for each call; it notes the lines of these files."""
    followed: dict[CodeType, int] = {}

    def called(frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code.co_filename not in paths:
            return None
        followed[code] = followed.get(code, 0) + 1
        if followed[code] > CALLS:
            return None
        lines = met.setdefault(code.co_filename, set())
        lines.add(frame.f_lineno)

        def within(frame: FrameType, event: str, argument: Any) -> Any:
            lines.add(frame.f_lineno)
            return within

        return within

    return called


def _of_template(name: str, line: int) -> int:
    """The line of a template that a line of what Jinja has made of it comes from."""
    from nngen.render import environment  # of the copy, in which the tests run

    name = name.removeprefix("templates/")
    target = "numpy" if name.startswith("numpy/") else "python"
    return environment(target).get_template(name).get_corresponding_lineno(line)


def caches(objects: Sequence[Any]) -> list[Any]:
    """What the tests, and formulas of a spec's own, keep of earlier calls; what is kept of the format stays."""
    return [o for o in objects if isinstance(o, _lru_cache_wrapper) and str(o.__module__).startswith(CACHED)]
