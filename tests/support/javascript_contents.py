"""Modules of JavaScript with some of their parts, of specs that differ in what a part needs."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from nngen.description.data import encoding
from nngen.description.model import Spec, parts
from nngen.plan import plan
from nngen.targets import render
from nngen.targets.definitions import Definition, brace_definitions
from tests.support import kinds, penalties, stopping
from tests.support.modules import named, spec
from tests.support.networks import DROPPING, NEEDS_BATCH, NETWORKS, weighed
from tests.support.weighting import STOPPED

SPECS: Mapping[str, Spec] = {
    **{
        name: spec(named(name))
        for name in ("xor_mlp", "iris", "penguins", "ratings_mf", "snake", "digits", "digits_batch_norm")
    },
    **{
        f"stop, {name}": stopping.of({"name": "patience", "epochs": 3, **how})
        for name, how in stopping.MEASURED.items()
    },
    "batch normalization": NETWORKS[NEEDS_BATCH[0]].spec,
    "dropout": NETWORKS[DROPPING[0]].spec,
    "batch normalization with dropout": NETWORKS[next(name for name in NEEDS_BATCH if name in DROPPING)].spec,
    "class weights": weighed("fused", ["class"], "mean").spec,
    "example weights": weighed("fused", ["example"], "mean").spec,
    "both weights, weighted mean": weighed("fused", ["class", "example"], "weighted_mean", training=STOPPED).spec,
    "penalty": penalties.of({"name": "l2", **penalties.PENALTY["l2"]}, "mean", "layers"),
    "every kind of layer": next(made for name, made in kinds.NETWORKS.items() if name.startswith("every kind")),
}

FORMS = [
    (name, unroll)
    for number, name in enumerate(SPECS)
    for unroll in (("layers", "weights") if number % 2 else ("weights", "layers"))
    if unroll == "layers" or not (SPECS[name].indices or name.startswith("digits"))
]
"""Each spec with an equation for each weight, and for each layer; one with ids has layers."""

PUBLIC = {
    "forward": {"PARAMETERS", "forward"},
    "gradient": {"loss", "gradient", "batch_gradient"},
    "training": {"init", "init_state", "step", "train_step", "fit"},
    "prediction": {"encode", "decode", "predict", "predict_proba", "scale", "COLUMNS", "CATEGORIES", "CLASSES", "IDS"},
    "files": {"LAYOUT", "pack", "unpack", "save", "load"},
    "checks": {"check_gradient"},
    "sensitivity": {"input_gradient", "jacobian", "sensitivity"},
    "notes": {"notes"},
}
"""The names of each part: the table of the documentation."""

CHOICES = (
    ("forward",),
    ("gradient",),
    ("training",),
    ("training", "batches"),
    ("training", "files"),
    ("training", "checks"),
    ("prediction",),
    ("training", "prediction"),
    ("sensitivity",),
    ("notes",),
    ("training", "prediction", "files", "checks"),
)
"""What users may ask for."""


@cache
def text(name: str, unroll: str, *chosen: str) -> str:
    """The module of a spec with these parts."""
    found = SPECS[name]
    listed = {"name": "javascript", "unroll": unroll}
    made = Spec.model_validate({**found.model_dump(by_alias=True), "targets": [listed]})
    planned = plan(made, encoding(made, named("iris").parent))
    return render(planned, made, "javascript", contents=parts(chosen))


def choices(name: str) -> Iterator[tuple[str, ...]]:
    """The parts that users of a spec may ask for: predictions only where it says what a row is."""
    rows = name in ("iris", "penguins", "ratings_mf")
    return (one for one in CHOICES if rows or {"prediction", "notes"}.isdisjoint(one))


def exported(source: str) -> set[str]:
    """The names that a module exports."""
    return set(re.findall(r"^export (?:function|const) ([\w$]+)", source, re.MULTILINE))


def unused(source: str) -> set[str]:
    """The definitions of a module that no other one uses, and the arguments that their functions leave unread."""
    found = [one for one in brace_definitions(source) if one.names]
    return {name for one in found for name in _idle(one, found)} | {
        f"{function}({argument})"
        for one in found
        for function, argument in _arguments(one.text)
        if len(re.findall(rf"\b{re.escape(argument)}\b", _code(one.text))) == 1
    }


def _code(definition: str) -> str:
    """A definition without the comment above it."""
    return re.sub(r"\A[^\0]*?^(?=(?:export )?(?:function|const) )", "", definition, count=1, flags=re.MULTILINE)


def _idle(one: Definition, found: list[Definition]) -> set[str]:
    others = {name for other in found if other is not one for name in other.uses}
    return set() if one.names & others or exported(one.text) else set(one.names)


def _arguments(definition: str) -> Iterator[tuple[str, str]]:
    """The function of a definition with each of its arguments. Users give all modules the same ones."""
    for function, listed in re.findall(
        r"^(?:export )?(?:function|const) (\w+)(?: = )?\(([^{]*?)\) (?:\{$|=>)", definition, re.MULTILINE
    ):
        for argument in listed.replace("\n", " ").split(","):
            name = argument.split("=")[0].strip()
            if name and (function, name) not in {("init_state", "params"), ("init", "seed")}:
                yield function, name
