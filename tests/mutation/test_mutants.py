"""Tests of the mutants of ``make mutants``, and of the explanations for those that no test can notice."""

import json
from collections.abc import Sequence
from itertools import chain

import pytest

from nngen.targets.render import environment
from tests.mutation.mutant import ELSEWHERE, JUDGED, TESTS, Mutant
from tests.mutation.mutant_judge import LEFT_OUT, TEXT
from tests.mutation.mutants import EXPLAINED, sample
from tests.mutation.mutations import everything
from tests.mutation.reach import writer
from tests.mutation.takeover import written_by
from tests.support.modules import ROOT


@pytest.fixture(scope="module")
def mutants() -> Sequence[Mutant]:
    return everything(ROOT)


def test_each_explanation_is_of_a_mutant_that_there_is(mutants: Sequence[Mutant]) -> None:
    explained = json.loads(EXPLAINED.read_text("utf-8"))
    assert set(explained) <= {mutant.name for mutant in mutants}
    assert all(reason.endswith(".") for reason in explained.values())


def test_each_mutant_changes_its_file(mutants: Sequence[Mutant]) -> None:
    for mutant in mutants:
        assert (ROOT / mutant.path).read_bytes()[mutant.start : mutant.stop].decode() != mutant.text, mutant.name


def test_a_sample_has_as_many_of_each_group(mutants: Sequence[Mutant]) -> None:
    groups = [mutant.group for mutant in sample(mutants, 200, 1)]
    assert len(groups) == 200
    assert {groups.count(group) for group in set(groups)} <= {200 // len(set(groups)), 200 // len(set(groups)) + 1}
    assert set(groups) == {mutant.group for mutant in mutants}


def test_each_test_that_a_judge_names_is_there() -> None:
    functions = "".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("*/test_*.py"))
    for name in chain(TEXT, LEFT_OUT, *TESTS.values()):
        assert (ROOT / name).exists() if "/" in name else name in functions, name


@pytest.mark.parametrize("target", [*JUDGED, *ELSEWHERE])
def test_the_templates_that_are_replaced_compile(target: str, mutants: Sequence[Mutant]) -> None:
    names = written_by(target)
    for name in names:
        environment(target).parse((ROOT / "templates" / name).read_text("utf-8"))
    changed = {mutant.path.removeprefix("templates/") for mutant in mutants if mutant.path.endswith(".jinja")}
    assert {name for name in changed if writer(name) == target} <= set(names)
