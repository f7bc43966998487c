"""Modules with some of their parts: specs that differ in what a part needs, and what a module's text leaves unused."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from nngen.description.data import Encoding, encoding
from nngen.description.model import Spec, parts
from nngen.plan import Plan, plan
from nngen.targets import as_module, render
from tests.support import kinds, predictors, stopping
from tests.support.modules import named, spec
from tests.support.networks import DROPPING, NEEDS_BATCH, NETWORKS, weighed
from tests.support.weighting import STOPPED

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
"""The names of each part: the table of docs/module.md."""

SPECS: Mapping[str, Spec] = {
    **{name: spec(named(name)) for name in ("xor_mlp", "iris", "ratings_mf", "snake")},
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
    "every kind of layer": next(made for name, made in kinds.NETWORKS.items() if name.startswith("every kind")),
    "classes": predictors.classes(3),
    "numbers": predictors.numbers(2),
}

CHOICES = (
    ("forward",),
    ("gradient",),
    ("training",),
    ("training", "files"),
    ("training", "checks"),
    ("gradient", "checks"),
    ("files",),
    ("prediction",),
    ("training", "prediction"),
    ("sensitivity",),
    ("notes",),
    ("training", "prediction", "files", "checks", "batches"),
)
"""What users may ask for, and everything."""


@cache
def _planned(name: str) -> Plan:
    found = SPECS[name]
    return plan(found, constants(name))


def constants(name: str) -> Encoding | None:
    """The constants of the data of a spec."""
    found = SPECS[name]
    return predictors.encoding(found) if name in ("classes", "numbers") else encoding(found, named("iris").parent)


@cache
def text(name: str, target: str, *chosen: str, unroll: str = "auto") -> str:
    """The module of a spec with these parts."""
    listed = {"name": target} if target == "numpy" else {"name": target, "unroll": unroll}
    formed = Spec.model_validate({**SPECS[name].model_dump(by_alias=True), "targets": [listed]})
    return render(_planned(name), formed, target, contents=parts(chosen))


def choices(name: str) -> Iterator[tuple[str, ...]]:
    """The parts that users of a spec may ask for: predictions only where it says what a row is."""
    how = _planned(name).encoding
    some = CHOICES if name in ("xor_mlp", "ratings_mf") else CHOICES[1:5:2] + CHOICES[-3:]
    return (one for one in some if {"prediction", "notes"}.isdisjoint(one) or (how is not None and how.predicts))


def module(name: str, target: str, *chosen: str, unroll: str = "auto") -> Any:
    """The same as a module."""
    return as_module("net", text(name, target, *chosen, unroll=unroll))


def expected(whole: set[str], chosen: tuple[str, ...]) -> set[str]:
    """The public names of a module with these parts, of those of the whole module."""
    return whole & set().union(*(PUBLIC[part] for part in parts(chosen) - {"batches"}))


def unused(source: str) -> set[str]:
    """The private functions, constants and imports of a module of Python, and the arguments, that nothing uses."""
    tree = ast.parse(source)
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    stated = set[str]()
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name, args=args):
                inside = {
                    one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
                }
                given = {argument.arg for argument in (*args.args, *args.kwonlyargs)}
                fixed = {"params", "state"} if "state" in name or "step" in name or name == "_copied" else {"missing"}
                stated |= {f"{name}({argument})" for argument in given - inside - fixed}
                stated |= {name} if name.startswith("_") else set()
            case ast.Import(names=names):
                stated |= {alias.asname or alias.name for alias in names}
            case ast.Assign(targets=targets):
                found = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
                stated |= {one for one in found if one.startswith("_")}
    return stated - read
