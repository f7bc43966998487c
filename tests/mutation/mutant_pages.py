"""Judges a mutant of a template or of the plan on a few of the pages that it changes, in a fork.

The pages of all test cases are written once, with a note of the template lines that each uses. Of the pages that use a
mutated line, some changed ones run as in the tests. A survivor is then tried on the tests of single pages that use the
line.
"""

import os
import random
import re
import resource
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from nngen.targets.modules import texts
from tests.mutation import sheets
from tests.mutation.mutant import JUDGED, TESTS, Mutant
from tests.mutation.mutant_judge import PATIENCE, Forks, Note, Pace
from tests.mutation.reach import Reach, passes
from tests.mutation.sheets import Kind, Sheet
from tests.mutation.takeover import Takeover
from tests.oracle import javascript_pages
from tests.support.modules import SPECS, spec

LEFT_OUT = re.compile(
    "types_of_the_comments|its_numbers_are|every_page|optimized|no_byte|as_cpp|32_bits|cortex|risc_v|64_bit_arm|an_avr"
    "|each_compiler|measures|as_the_reference_says|too_long_for_a_parser"
)
"""TypeScript takes a minute; the others are tests of all pages, of which only a few run here."""
COMMENTS = "the comments of pages"
"""The name of the check for mutants that change only comments."""
IDLE = 40
"""The number of pages with changed comments alone, after which no more pages of a kind are looked at."""
CASES_OF_EACH = 12
"""The number of cases of a test of single pages that are tried."""
SECONDS = 60
"""CPU seconds after which a program with a page, or the fork, is ended, and the mutant counts as killed."""


def judge(mutants: Sequence[Mutant], root: Path, pace: Pace, note: Note) -> None:
    """Try mutants of pages and of the plan, in a copy of the project."""
    for target, kinds in KINDS.items():
        some = [mutant for mutant in mutants if target == mutant.target]
        if some:
            pages = OnPages(some, root, pace, note, target, kinds())
            usual = ["-q", "--tb=no", "-p", "no:cacheprovider", "-s", "-m", "oracle" if target else ""]
            if pytest.main([*usual, *TESTS[target]], [pages]) == pytest.ExitCode.INTERNAL_ERROR:
                raise RuntimeError(f"pages of {target or 'all targets'} cannot be run as they are")


def _all() -> Iterator[Kind]:
    """The pages that compute: all of Python, and a third of the other targets."""
    yield from sheets.python()
    for kind in (*sheets.javascript(), *sheets.c()):
        if kind.name in ("stories in JavaScript", "stories in C", "bindings"):
            yield kind._replace(sheets=kind.sheets[::3], most=min(kind.most, 4))


KINDS: Mapping[str, Callable[[], Iterator[Kind]]] = {"javascript": sheets.javascript, "c": sheets.c, "": _all}


class OnPages(Forks):
    """A plugin of pytest that tries mutants on pages of one target, or of all, instead of running the tests."""

    def __init__(
        self, mutants: Sequence[Mutant], root: Path, pace: Pace, note: Note, target: str, kinds: Iterable[Kind]
    ) -> None:
        reach = pace.reach.with_name(f"{pace.reach.stem}_{target or 'pages'}.json")
        super().__init__(root, pace._replace(reach=reach), note)
        self.mutants, self.target, self.kinds = mutants, target, list(kinds)
        found = {id(sheet): sheet for kind in self.kinds for sheet in kind.sheets}
        self.places: dict[int, int] = {one: number for number, one in enumerate(found)}
        self.sheets = list(found.values())

    def pytest_runtestloop(self, session: Any) -> bool:
        """Try all mutants."""
        self._prepare(session.items)
        self.try_all(self.mutants, self.pace.seconds)
        if self.target:  # no other tests will meet these
            self.try_all(self.alive, self.pace.seconds * PATIENCE)
        return True

    def _prepare(self, items: Sequence[Any]) -> None:
        """Write all pages, and note the lines that they and the tests of single pages use."""
        of_each: Counter[str] = Counter()
        self.items = []
        for item in items:
            name = item.nodeid.partition("[")[0]
            of_each[name] += 1
            apart = "stories" not in item.fixturenames and not LEFT_OUT.search(name)
            if apart and of_each[name] <= CASES_OF_EACH:
                self.items.append((of_each[name], item))
        with tempfile.TemporaryDirectory() as folder:
            for kind in self.kinds:
                kind.judge(kind.sheets[-2:], Path(folder))  # else a missing compiler would kill all mutants
        self.before = [sheet.text() for sheet in self.sheets]
        self.built = _built()
        self.takeover = Takeover(self.root)
        names = [*(f"page {number}" for number in range(len(self.sheets))), *(item.nodeid for _, item in self.items)]
        if self.pace.reach.exists():
            self.reach.read(self.pace.reach)
        if list(self.reach.seconds) != names:
            self.reach = Reach(self.root)
            self._record()
            self.reach.read(self.pace.reach)
        self.turns = sorted(enumerate(self.items, len(self.sheets)), key=self._in_turn)

    def _record(self) -> None:
        print(f"first, all pages of {self.target or 'all targets'} are written: which lines they use", flush=True)
        child = os.fork()
        if child == 0:
            try:
                self._note_lines()
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0

    def _note_lines(self) -> None:
        self.takeover.note_lines()
        for number, sheet in enumerate(self.sheets):
            self.reach.note(number, f"page {number}", lambda: bool(sheet.text()))  # noqa: B023
        for number, (_, item) in enumerate(self.items, len(self.sheets)):
            javascript_pages.pages.cache_clear()
            self.reach.note(number, item.nodeid, partial(passes, item))
            assert self.reach.seconds[item.nodeid] < float("inf"), f"as it is, this fails: {item.nodeid}"
        self.pace.reach.parent.mkdir(parents=True, exist_ok=True)
        self.reach.write(self.pace.reach)

    def fate(self, mutant: Mutant, seconds: float) -> list[str]:
        """Run some of the changed pages, and then the tests of single pages that use the line."""
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        if self.target == "c":  # the sanitizers reserve terabytes that they never use
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        os.environ["NODE_OPTIONS"] = "--max-old-space-size=512"
        source = (self.root / mutant.path).read_bytes()
        first, last = (source.count(b"\n", 0, at) + 1 for at in (mutant.start, mutant.stop))
        reached = self.reach.of(mutant.path, first, last)
        self.takeover.forget()
        self.takeover.mutate(mutant)
        changes = False
        for kind in self.kinds:
            self.test = kind.name
            changed = self._changed(kind, reached, mutant.group == "unchanged")
            with tempfile.TemporaryDirectory() as folder:
                while some := list(islice(changed, kind.at_once)):
                    changes = True
                    kind.judge(some, Path(folder))
        began = _seconds()
        for number, (_, item) in self.turns:
            if reached >> number & 1 and _seconds() - began < (3.0 if self.target else 1.0) * seconds:
                self.test = item.nodeid
                javascript_pages.pages.cache_clear()
                if not passes(item):
                    return ["killed", item.nodeid]
        built = _built()
        if built == self.built:
            return ["survived", ""]
        changes = changes or _programs(built) != _programs(self.built)
        return ["killed by its text", "tests/pages/test_build.py" if changes else COMMENTS]

    def _in_turn(self, one: tuple[int, tuple[int, Any]]) -> float:
        """One case of each test, then a second one of each, and so on; tests that write many pages are last."""
        case, item = one[1]
        return case + 0.5 * self.reach.seconds[item.nodeid]

    def _changed(self, kind: Kind, reached: int, anyway: bool) -> Iterator[Sheet]:
        """Some pages whose program the mutant changes; without a mutation, some that use the line."""
        candidates = [sheet for sheet in kind.sheets if reached >> self.places[id(sheet)] & 1]
        random.Random(1).shuffle(candidates)
        found, idle, most = 0, 0, kind.most * max(1.0, self.pace.seconds / 4.0)  # four seconds is what is given first
        for sheet in candidates:
            text, before = sheet.text(), self.before[self.places[id(sheet)]]
            program, usual = (sheets.program(one, python=sheet.python) for one in (text, before))
            if anyway or program != usual:
                yield sheet
                found += 1
            elif text != before:
                idle += 1
            if found >= most or idle >= IDLE:
                return


def _built() -> list[dict[str, str]]:
    """The pages of each spec by target, with the constants from its data."""
    return [texts(spec(path), path.parent) for path in SPECS]


def _programs(built: Sequence[Mapping[str, str]]) -> list[str]:
    return [sheets.program(text, python=target in JUDGED) for pages in built for target, text in pages.items()]


def _seconds() -> float:
    """CPU seconds of this process and its children."""
    return sum(os.times()[:4])
