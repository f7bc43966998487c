"""Modules of compiled languages for tests: many networks in one program of each language."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from nngen.description.data import encoding
from nngen.description.model import ALL, Spec
from nngen.plan import plan
from nngen.proof.compiled import Module
from nngen.targets import TARGETS, as_module, crowded, render
from tests.support.network import coupled
from tests.support.specs_strategy import valid_specs

LANGUAGES = [name for name, target in TARGETS.items() if target.runs]
"""The targets that a compiler makes a program of."""


def module(
    spec: Spec,
    target: str,
    folder: Path = Path(),
    contents: frozenset[str] = ALL,
    name: str = "",
    form: Mapping[str, str] = MappingProxyType({}),
) -> Module:
    """The module of a spec in a language, under another name if there is one, in a form such as ``unroll: layers``."""
    named = {"name": name or spec.name, "targets": [{"name": target, **form}]}
    formed = Spec.model_validate(spec.model_dump(by_alias=True) | named)
    planned = plan(formed, encoding(spec, folder))
    return Module(planned, formed, render(planned, formed, target, contents=contents), contents)


def python(one: Module) -> Any:
    """The module of Python for the same network, at the same level."""
    level = {"name": "python", "unroll": one.spec.unroll(one.spec.targets[0].name)}
    formed = Spec.model_validate(one.spec.model_dump(by_alias=True) | {"targets": [level]})
    return as_module(one.plan.name, render(one.plan, formed, "python"))


@cache
def drawn(count: int, start: int = 0) -> Sequence[Spec]:
    """Random specs, the same in each run; they are drawn once for all languages."""
    found: list[Spec] = []
    chosen = settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    seed(start)(chosen(given(valid_specs())(lambda one: found.append(one.spec))))()
    return found


def campaign(specs: Sequence[Spec], target: str) -> list[Module]:
    """The modules of random specs, in all forms by turns: both levels, and half of each with 32 bits."""
    found = []
    for i, spec in enumerate(specs):
        form = {"unroll": "layers" if coupled(spec) or i % 2 or crowded(plan(spec), target) else "weights"}
        form |= {"dtype": "float32"} if i % 4 >= 2 and TARGETS[target].narrow else {}
        found.append(module(spec, target, name=f"net{i}", form=form))
    return found
