"""How a mutant of a template of JavaScript or C is judged: on a few of the pages that it changes, in a fork.

The pages of all cases of the tests are written once, and which lines of the templates each of them uses is noted. Of
the pages that use a mutated line, some that it changes are run as the tests run them all. What survives these is tried
on the tests of pages by themselves that use the line, such as of what they refuse.
"""

import gc
import json
import os
import random
import re
import resource
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nngen.build import texts
from nngen.render import environment
from tests.modules import SPECS, spec
from tests.mutant_judge import LIMIT, Forks, _quiet
from tests.mutations import ELSEWHERE, Mutant
from tests.oracle import sheets, test_javascript_pages
from tests.oracle.sheets import Kind, Sheet
from tests.reach import Reach, noting, passes

ENVIRONMENTS = ("python", *ELSEWHERE)
"""Those that write pages of these targets; the binding of C is written by that of Python."""
TESTS = {
    "javascript": ["test_javascript.py", "test_javascript_refusals.py", "test_javascript_pages.py"],
    "c": ["test_c.py", "test_c_refusals.py", "test_c_selftest.py", "test_binding.py", "test_binding_library.py"],
}
LEFT_OUT = re.compile(
    "types_of_the_comments|its_numbers_are|every_page|optimized|no_byte|as_cpp|32_bits|cortex|measures|same_bits"
    "|as_the_reference_says"
)
"""TypeScript, which takes a minute; and those of all pages, of which a few are run, as those that share stories are."""
CASES_OF_EACH = 12
"""How many cases of a test of pages by themselves are tried."""
SECONDS = 15
"""Of the processor, after which a program that a page is part of is ended, and so its mutant killed."""


def judge(mutants: Sequence[Mutant], root: Path, pace: Any, note: Callable[[Mutant, str, str], None]) -> None:
    """Try mutants of the templates of JavaScript and C, in a copy of the project."""
    usual = ["-q", "--tb=no", "-p", "no:cacheprovider", "-s", "-m", "oracle"]
    for target, kinds in (("javascript", sheets.javascript), ("c", sheets.c)):
        some = [mutant for mutant in mutants if mutant.path.startswith(f"templates/{target}/")]
        if some:
            reach = pace.reach.with_name(f"{pace.reach.stem}_{target}.json")
            files = [f"tests/oracle/{name}" for name in TESTS[target]]
            plugin = Pages(some, root, pace._replace(reach=reach), note, target, kinds())
            if pytest.main([*usual, *files], [plugin]) == pytest.ExitCode.INTERNAL_ERROR:
                raise RuntimeError(f"pages of {target} cannot be run as they are")


class Pages(Forks):
    """A plugin of pytest's, as that of Forks: instead of running the tests, it tries mutants of one target's pages."""

    def __init__(
        self, mutants: Sequence[Mutant], root: Path, pace: Any, note: Any, target: str, kinds: Iterable[Kind]
    ) -> None:
        super().__init__(mutants, root, pace, note)
        self.target, self.kinds = target, list(kinds)
        found = {id(sheet): sheet for kind in self.kinds for sheet in kind.sheets}
        self.places: dict[int, int] = {one: number for number, one in enumerate(found)}
        self.sheets = list(found.values())

    def pytest_runtestloop(self, session: Any) -> bool:
        """Try all mutants."""
        self._prepare(session.items)
        gc.collect()
        gc.freeze()
        for number, mutant in enumerate(self.mutants):
            if len(self.running) == self.pace.workers:
                self._wait()
            output = self.root.parent / f"{self.target}{number}"
            child = os.fork()
            if child == 0:
                self._try(mutant, output)
            self.running[child] = mutant, output
        while self.running:
            self._wait()
        return True

    def _try(self, mutant: Mutant, output: Path) -> None:
        os.setsid()
        signal.alarm(LIMIT)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        os.environ["NODE_OPTIONS"] = "--max-old-space-size=512"
        _quiet()
        self.test = "import"
        try:
            fate = self._fate(mutant)
        except BaseException as error:
            names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
            fate = ["killed", f"{self.test} {next((n for n in names if n.startswith('test_')), type(error).__name__)}"]
        output.write_text(json.dumps(fate), "utf-8")
        os._exit(0)

    def _prepare(self, items: Sequence[Any]) -> None:
        """Write all pages, and note which lines of the templates they use, and which the tests by themselves."""
        of_each: dict[str, int] = {}
        self.items = []
        for item in items:
            name = item.nodeid.partition("[")[0]
            of_each[name] = of_each.get(name, 0) + 1
            if of_each[name] <= CASES_OF_EACH and not LEFT_OUT.search(name) and "stories" not in item.fixturenames:
                self.items.append((of_each[name], item))
        with tempfile.TemporaryDirectory() as folder:
            for kind in self.kinds:
                kind.judge(kind.sheets[-2:], Path(folder))  # else a missing compiler would kill all mutants
        self.before = [sheet.text() for sheet in self.sheets]
        self.built = [texts(spec(path), path.parent) for path in SPECS]
        names = [*(f"page {number}" for number in range(len(self.sheets))), *(item.nodeid for _, item in self.items)]
        if self.pace.reach.exists():
            self.reach.read(self.pace.reach)
        if list(self.reach.seconds) != names:
            self.reach = Reach(self.root)
            self._record()
            self.reach.read(self.pace.reach)
        self.turns = sorted(enumerate(self.items, len(self.sheets)), key=self._in_turn)

    def _record(self) -> None:
        print(f"first, all pages of {self.target} are written once: which lines they use", flush=True)
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
        for templates in _environments():
            templates.bytecode_cache = None
            templates.cache.clear()
            templates._compile = self._noting
        for number, sheet in enumerate(self.sheets):
            self.reach.note(number, f"page {number}", lambda: bool(sheet.text()))  # noqa: B023
        for number, (_, item) in enumerate(self.items, len(self.sheets)):
            test_javascript_pages.pages.cache_clear()
            self.reach.note(number, item.nodeid, partial(passes, item))
            assert self.reach.seconds[item.nodeid] < float("inf"), f"as it is, this fails: {item.nodeid}"
        self.pace.reach.parent.mkdir(parents=True, exist_ok=True)
        self.reach.write(self.pace.reach)

    def _noting(self, source: Any, path: str) -> Any:
        ours = f"/templates/{self.target}/" in path
        return compile(noting(source, path) if ours else source, path, "exec")

    def _fate(self, mutant: Mutant) -> list[str]:
        source = (self.root / mutant.path).read_bytes()
        first, last = (source.count(b"\n", 0, at) + 1 for at in (mutant.start, mutant.stop))
        reached = self.reach.of(mutant.path, first, last)
        self._exchange_template(mutant, source)
        for kind in self.kinds:
            self.test = kind.name
            changed = list(self._changed(kind, reached, mutant.group == "unchanged"))
            if changed:
                with tempfile.TemporaryDirectory() as folder:
                    kind.judge(changed, Path(folder))
        began = _seconds()
        for number, (_, item) in self.turns:
            if reached >> number & 1 and _seconds() - began < 3.0 * self.pace.seconds:
                self.test = item.nodeid
                test_javascript_pages.pages.cache_clear()
                if not passes(item):
                    return ["killed", item.nodeid]
        same = self.built == [texts(spec(path), path.parent) for path in SPECS]
        return ["survived", ""] if same else ["killed by its text", "tests/test_build.py"]

    def _in_turn(self, one: tuple[int, tuple[int, Any]]) -> float:
        """First a case of each test, then another one of each; those that write many pages at the end."""
        case, item = one[1]
        return case + 4.0 * self.reach.seconds[item.nodeid]

    def _changed(self, kind: Kind, reached: int, anyway: bool) -> Iterator[Sheet]:
        """Some pages that the mutant changes; or where nothing is mutated, some that use the line."""
        candidates = [sheet for sheet in kind.sheets if reached >> self.places[id(sheet)] & 1]
        random.Random(1).shuffle(candidates)
        found, most = 0, kind.most * max(1.0, self.pace.seconds / 4.0)  # four seconds is what they are given first
        for sheet in candidates:
            if anyway or sheet.text() != self.before[self.places[id(sheet)]]:
                yield sheet
                found += 1
                if found >= most:
                    return

    def _exchange_template(self, mutant: Mutant, source: bytes) -> None:
        text = (source[: mutant.start] + mutant.text.encode() + source[mutant.stop :]).decode()
        name = mutant.path.removeprefix("templates/")
        for templates in _environments():
            templates.bytecode_cache = None
            for key in [key for key in templates.cache.keys() if key[1] == name]:  # noqa: SIM118 (not Python's)
                del templates.cache[key]
            usual = templates.loader.get_source
            templates.loader.get_source = lambda environment, wanted, usual=usual: (
                (text, None, None) if wanted == name else usual(environment, wanted)
            )


def _environments() -> list[Any]:
    return [environment(target) for target in ENVIRONMENTS]


def _seconds() -> float:
    """Of the processor, with those of the programs that were run."""
    return sum(os.times()[:4])
