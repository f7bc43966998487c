"""One table of networks through all languages: numbers, steps of selected rows, and names that specs accept."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from nngen.description.model import Spec
from nngen.proof.compiled import Module
from nngen.targets import TARGETS
from tests.support.agreement import Judge, train_steps
from tests.support.campaign import BATCH, Case
from tests.support.combinations import NAMED, NAMES, NORMALIZED, ROWS, modules, named
from tests.support.rounding import judged
from tests.support.runners import EVERY, Runner, running

pytestmark = pytest.mark.oracle

TABLE = {spec.name: spec for spec in (*NORMALIZED, *ROWS, *NAMES)}


@cache
def judge(name: str) -> Judge:
    """The numbers of the reference, which all languages are held to."""
    return Judge(TABLE[name])


@pytest.fixture(scope="module", params=[*EVERY, "luajit"])
def language(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Runner]]:
    """A language, and what calls its modules of the table: one run of its compiler. LuaJIT runs those of Lua."""
    name = str(request.param)
    target = "lua" if name == "luajit" else name
    with pytest.MonkeyPatch.context() as patch:
        if name != target:
            patch.setitem(TARGETS, target, replace(TARGETS[target], runs=(name, "_driver.lua")))
        with running(target, list(modules(target)), tmp_path_factory.mktemp(name)) as runner:
            yield target, runner


def of(runner: Runner, spec: Spec) -> Iterator[tuple[str, Module]]:
    """The modules of a network of the table."""
    return (
        (name, one) for name, one in runner.modules.items() if name == spec.name or name.startswith(f"{spec.name}_")
    )


@pytest.mark.parametrize("name", TABLE)
def test_every_form_and_width_has_the_numbers_of_the_reference(language: tuple[str, Runner], name: str) -> None:
    target, runner = language
    made = list(of(runner, TABLE[name]))
    assert made
    for _, one in made:
        judged(list(judge(name).disagreements(runner, target, one)))


@pytest.mark.parametrize("spec", ROWS, ids=lambda spec: spec.name)
def test_train_step_is_an_epoch_of_fit_on_one_example(language: tuple[str, Runner], spec: Spec) -> None:
    """Also where slopes of a selected row are 0: decay and momentum move it. A header has no ``train_step``."""
    target, runner = language
    case = Case.of(spec)
    for name, _ in of(runner, spec) if target != "c" else ():
        for k in range(BATCH):
            params, one = case.flat.tolist(), slice(k, k + 1)
            weights = {} if case.weights is None else {"weights": case.weights[one].tolist()}
            given = {"params": params, "xs": case.x[one].tolist(), "ys": case.y[one].tolist(), **weights}
            fitted = runner.numbers(name, "fit", **given, epochs=1, batch_size=1, seed=None)
            loss, *moved = next(train_steps(runner, name, case, k))
            assert [*moved, loss] == fitted


def test_names_of_every_kind_compile(language: tuple[str, Runner]) -> None:
    target, runner = language
    made = list(runner.modules.items())[-len(named(target)) :]
    for name, one in made:
        x = [0.0] * len(one.plan.inputs)
        assert sum(runner.numbers(name, "forward", params=runner.numbers(name, "init"), x=x)) == pytest.approx(1.0)
    others = {name for name, _ in made} - {spec.name for spec in NAMED}
    assert len(others) == 3 * (target == "go")
