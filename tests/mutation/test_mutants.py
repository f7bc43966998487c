"""Tests of the mutants of ``make mutants``, and of the explanations for those that no test can notice."""

import builtins
import gc
import json
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from itertools import chain
from typing import Any

import pytest
from jinja2 import TemplateSyntaxError
from jinja2.utils import LRUCache

from nngen.targets import TARGETS, environment, texts
from tests.mutation.mutant import ELSEWHERE, JUDGED, TESTS, Mutant
from tests.mutation.mutant_judge import LEFT_OUT, TEXT
from tests.mutation.mutants import EXPLAINED, sample
from tests.mutation.mutations import everything
from tests.mutation.reach import NOTE, noting, writer
from tests.mutation.takeover import Takeover, living, written_by
from tests.support.modules import ROOT, named, spec


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


def test_each_file_compiles_with_its_notes(mutants: Sequence[Mutant]) -> None:
    for name in {mutant.path for mutant in mutants if mutant.path.endswith(".py")}:
        compile(noting((ROOT / name).read_bytes(), name), name, "exec")


def test_each_test_that_a_judge_names_is_there() -> None:
    functions = "".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("*/test_*.py"))
    for name in chain(TEXT, LEFT_OUT, *TESTS.values()):
        assert (ROOT / name).exists() if "/" in name else name in functions, name


@pytest.mark.parametrize("target", [*JUDGED, *ELSEWHERE])
def test_the_templates_that_are_replaced_compile(target: str, mutants: Sequence[Mutant]) -> None:
    names = written_by(target)
    for name in names:
        environment(target).compile((ROOT / "templates" / name).read_text("utf-8"))
    changed = {mutant.path.removeprefix("templates/") for mutant in mutants if mutant.path.endswith(".jinja")}
    assert {name for name in changed if writer(name) == target} <= set(names)


def test_the_lines_of_fixed_functions_are_noted_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    met: set[tuple[str, int, int]] = set()
    monkeypatch.setattr(builtins, NOTE, met.add, raising=False)
    takeover = object.__new__(Takeover)
    render: Any = import_module("nngen.targets.render")
    takeover.root, takeover.render = ROOT, render
    monkeypatch.setattr(render, "complete", partial(takeover._noted, render.complete))
    monkeypatch.setattr(render, "runtime", render.runtime)  # as it is after this test
    for path in map(named, ("digits", "ratings_mf", "xor_mlp")):
        texts(spec(path), path.parent, [*TARGETS])
    assert {path for path, _, _ in met} == {str(ROOT / "templates" / name) for name in takeover._runtimes().values()}
    for target, name in takeover._runtimes().items():
        text = (ROOT / "templates" / name).read_text("utf-8")
        takeover._take(name, f"{text}\n# the end\n\n")
        assert render.runtime(target)[-1].text == "# the end"


def test_a_template_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """By one that cannot be read, which its next use says."""
    templates: Any = environment("javascript")
    takeover = object.__new__(Takeover)
    takeover.root, takeover.environments = ROOT, {"javascript": templates}
    monkeypatch.setattr(templates, "bytecode_cache", None)
    monkeypatch.setattr(templates, "cache", LRUCache(10))  # as they are after this test
    monkeypatch.setattr(templates.loader, "loaders", templates.loader.loaders)
    templates.get_template("javascript/names.jinja")
    takeover.mutate(Mutant("", "templates/javascript/names.jinja", "", 0, 0, "{% wrong %}", ""))
    templates.get_template("javascript/equations.jinja")
    with pytest.raises(TemplateSyntaxError, match="unknown tag 'wrong'"):
        templates.get_template("javascript/names.jinja")


def test_functions_that_are_frozen_are_found() -> None:
    """Else no mutant would change anything, and all of them survive."""
    gc.freeze()
    assert any(one is sample for one in living())
    gc.freeze()
