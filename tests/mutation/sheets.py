"""The pages on which mutants are tried, by kind, and how to run some of a kind as the tests do."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.selftest import selftest
from nngen.targets.modules import as_module
from nngen.targets.render import binding, render
from nngen.targets.selftest import SelfTest
from tests.oracle import test_javascript, test_javascript_pages
from tests.oracle.bindings import imported, tell, write
from tests.oracle.c import Told, compare, told
from tests.oracle.c_selftests import selftests, with_selftest
from tests.oracle.c_stories import stories
from tests.oracle.compiling import SANITIZED
from tests.oracle.javascript_cases import CASES, TURNS
from tests.oracle.node import Job, run
from tests.pages import test_layers, test_modules
from tests.support.cases import Case, with_targets
from tests.support.networks import NETWORKS

COMMENT = {True: re.compile(r'"""[\s\S]*?"""|#.*'), False: re.compile(r"/\*[\s\S]*?\*/|//.*")}
"""Patterns of comments in a page, in Python and in other languages."""


class Sheet(NamedTuple):
    """A test case, a function that writes its page, and whether this is Python."""

    case: Any
    text: Callable[[], str]
    python: bool = False


class Kind(NamedTuple):
    """Pages of a kind: how many changed ones to run, how, and how many at once."""

    name: str
    sheets: Sequence[Sheet]
    most: int
    judge: Callable[[Sequence[Sheet], Path], None]
    at_once: int = 4


def program(text: str, *, python: bool) -> str:
    """A page without comments."""
    return COMMENT[python].sub("", text)


def python() -> Iterator[Kind]:
    """Modules of Python and NumPy."""
    found: dict[str, list[Sheet]] = {"python": [], "numpy": []}
    for network, unroll in CASES.values():
        for target in ("python", "numpy") if unroll != "layers" else ("python",):
            chosen = with_targets(network.spec, unroll=unroll)
            found[target].append(Sheet((network, target), partial(_page, chosen, target), python=True))
    yield Kind("modules", found["python"], 8, _run, at_once=1)
    yield Kind("modules of NumPy", found["numpy"], 4, _run, at_once=1)


def _page(spec: Spec, target: str, numbers: SelfTest | None = None) -> str:
    return render(plan(spec), spec, target, numbers)


def _run(sheets: Sequence[Sheet], folder: Path) -> None:
    for sheet in sheets:
        network, target = sheet.case
        case, planned = Case(network, as_module("net", sheet.text()), target), plan(network.spec)
        test_modules.test_forward_loss_gradient_and_steps(case)
        test_modules.test_initial_and_saved_parameters_keep_the_last_bit(case, folder)
        for batch_size, seed in test_modules.FITS:
            test_modules.fits(case, batch_size, seed)
        if planned.needs_batch:
            test_layers.test_a_batch_is_measured_as_the_reference_does(case)
        elif planned.has_dropout:
            test_layers.test_dropout_is_that_of_the_reference(case)


def javascript() -> Iterator[Kind]:
    """Modules of JavaScript, run by Node."""
    sheets, tested = [], []
    for name in TURNS:
        network, unroll = CASES[name]
        target = {"targets": [{"name": "javascript", "unroll": unroll}]}
        chosen = Spec.model_validate(network.spec.model_dump(by_alias=True) | target)
        test_javascript.given(network)
        sheets.append(Sheet(name, partial(_page, chosen, "javascript")))
        if name.rpartition(", ")[0] in NETWORKS:
            numbers = selftest(plan(chosen), chosen, "javascript")
            tested.append(Sheet(name, partial(_page, chosen, "javascript", numbers)))
    yield Kind("stories in JavaScript", sheets, 8, _told_by_node)
    yield Kind("self-tests", tested, 4, _tested_by_node)


def _told_by_node(sheets: Sequence[Sheet], folder: Path) -> None:
    names = [sheet.case for sheet in sheets]
    told = test_javascript.tell(names, folder)
    for test in (
        value for name, value in vars(test_javascript).items() if name.startswith("test_") and callable(value)
    ):
        for cases in (mark.args[1] for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"):
            for name in (name for name in names if name in cases):
                test(name, told)


def _tested_by_node(sheets: Sequence[Sheet], folder: Path) -> None:
    test_javascript_pages.right(run([Job(sheet.text(), test_javascript_pages.STRICT) for sheet in sheets], folder))


def c() -> Iterator[Kind]:
    """Headers of C and their bindings."""
    double = [one for kind in ("specs", "weights", "layers") for one in stories(kind)]
    single = [one for kind in ("specs", "networks") for one in stories(kind, "float32")]
    bound = [one for kind in ("specs", "networks", "sample") for one in stories(kind)]
    for one in (*double, *single, *bound):
        assert one.expected  # it is kept
    of_double = _sheets(double, lambda one: partial(_page, one.spec, "c"))
    of_single = _sheets(single, lambda one: partial(_page, one.spec, "c"))
    yield Kind("stories in C", of_double, 8, partial(_told, ["gcc", "-O0"]))
    yield Kind("stories of 32 bits", of_single, 6, partial(_told, ["gcc", "-O0"]))
    tested = [one for kind in ("specs", "networks") for one in stories(kind)]
    yield Kind("self-tests", _sheets(tested, _selftest), 4, partial(_tested, "double"))
    yield Kind("self-tests of 32 bits", _sheets(stories("specs", "float32"), _selftest), 4, partial(_tested, "float"))
    of_binding = _sheets(bound, lambda one: lambda: binding(plan(one.spec), one.spec))
    yield Kind("bindings", of_binding, 3, _bound)
    yield Kind("stories, sanitized", of_double, 4, partial(_told, ["gcc", *SANITIZED]))
    yield Kind("stories in C++", of_double, 4, partial(_told, ["g++", "-O0"], language="c++"))


def _sheets(told: Iterable[Told], writing: Callable[[Told], Callable[[], str]]) -> list[Sheet]:
    return [Sheet(one, writing(one)) for one in told]


def _selftest(one: Told) -> Callable[[], str]:
    made = plan(one.spec)
    return partial(_page, one.spec, "c", selftest(made, one.spec, "c"))


def _told(command: Sequence[str], sheets: Sequence[Sheet], folder: Path, language: str = "c") -> None:
    told([sheet.case for sheet in sheets], folder, *command, language=language)


def _tested(real: str, sheets: Sequence[Sheet], folder: Path) -> None:
    pages = {sheet.case.name: with_selftest(sheet.case) for sheet in sheets}
    assert selftests(folder, pages, real, "gcc", "-O0") == [0] * len(pages)


def _bound(sheets: Sequence[Sheet], folder: Path) -> None:
    for sheet in sheets:
        module = imported(write(sheet.case.spec, folder))
        compare([sheet.case], np.array(list(tell(sheet.case, module))).tobytes())
