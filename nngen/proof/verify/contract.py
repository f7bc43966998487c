"""Checks that need no spec: the gradient against the module's own loss, repeated calls, files and refusals."""

import json
import math
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np

from nngen.mathematics.catalogue import TargetKind
from nngen.proof.reference import Array
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.cases import Case, narrowed
from nngen.proof.verify.child import CallError, kept, value
from nngen.proof.verify.child import rows as given
from nngen.proof.verify.rows import RIGHT, WRONG, Row, checked
from nngen.proof.verify.ulps import EPSILON

TRIALS = 7
STRIDE = {"float64": 1e-6, "float32": 3e-4}
CLOSE = {"float64": 1e-6, "float32": 1e-2}
"""The relative error of differences with such a stride, as in the self-check of modules."""


def differences(calls: Calls, start: Array, kind: TargetKind, dtype: str) -> Row:
    """Compare the gradient with central differences of the module's own loss, along random directions.

    The error is the median of seven, since a difference across a kink is not a slope. Parameters without a gradient in
    all trials do not move: they are frozen.
    """
    what, functions = "gradient against differences", ("gradient", "loss")
    allowed = CLOSE[dtype] / EPSILON[dtype]
    random, h = np.random.default_rng(4), STRIDE[dtype]
    count = 4 if calls.batched else 1
    tried = []
    for seed in range(TRIALS):
        flat = narrowed(start + random.uniform(-0.3, 0.3, size=len(start)), dtype)
        tried.append(Case(flat, *calls.draw(count, kind, 10 + seed)))
    errors, at = [], tried[0]
    try:
        slopes = [calls.gradient(case)[1] for case in tried]
        moving = np.any([slope != 0.0 for slope in slopes], axis=0)
        for case, slope in zip(tried, slopes, strict=True):
            at = case
            direction = np.where(moving, random.uniform(-1.0, 1.0, size=len(start)), 0.0)
            ahead, behind = (
                calls.loss(Case(narrowed(case.flat + sign * h * direction, dtype), case.x, case.y)) for sign in (1, -1)
            )
            along = float(direction @ slope)
            error = abs(along - (ahead - behind) / (2.0 * h)) / (1.0 + abs(along))
            errors.append(math.inf if math.isnan(error) else error / EPSILON[dtype])
    except CallError as failure:
        return Row(what, None, allowed, WRONG, str(failure), functions, at)
    error = median(errors)
    if error <= allowed:
        unmoved = int(np.sum(~moving))
        known = unmoved and not calls.embeddings  # examples select few of their rows
        note = f"{unmoved} of {calls.size} parameters never have a gradient" if known else ""
        return Row(what, error, allowed, RIGHT, note, functions)
    return Row(what, error, allowed, WRONG, "it is not the slope of the loss", functions, at)


def rows(calls: Calls, case: Case, kind: TargetKind, dtype: str) -> Iterator[Row]:
    """The rows that apply to every module."""
    yield checked("pack, unpack", ("pack", "unpack"), lambda: _packs(calls, case))
    yield checked("save, load", ("save", "load"), lambda: _saves(calls, case))
    yield checked("repeated calls", ("forward", "loss", "gradient"), lambda: _repeats(calls))
    yield checked("wrong sizes, wrong targets", (), lambda: _refuses(calls, case, kind, dtype))
    if "selftest" in calls.child.declared.functions:
        yield checked("selftest", ("selftest",), lambda: _tests_itself(calls))
    yield checked("arguments are unchanged", tuple(sorted(calls.changed)), lambda: _keeps(calls))


def takes(calls: Calls, case: Case) -> dict[str, str]:
    """A module's reaction to targets of several kinds: empty, or the kind of its error."""
    first = np.eye(calls.outputs)[0]
    ramp = np.arange(calls.outputs) % 2
    tried = [first, 2.0 * first, first - 1.0, 2.0 * first - 1.0, 2.0 * ramp - 1.0]
    tried += [1e-7 * ramp + first, 1e18 * first, 1e17 * first]
    tried += [np.full(calls.outputs, value) for value in (-1e18, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, math.inf)]
    tried += [np.full(calls.outputs, (1.0 + more) / calls.outputs) for more in (0.0, 1e-7, 1e-3)]
    reactions = {}
    for y in tried:
        rows = np.repeat([y], len(case.x), axis=0)
        try:
            pair = calls.examples(Case(case.flat, case.x, rows))
            calls.child.call("gradient", calls.params(case.flat), *pair, gives="nothing")
            reactions[f"{y.tolist()}"] = ""
        except CallError as error:
            reactions[f"{y.tolist()}"] = error.kind or str(error)
    return reactions


def _packs(calls: Calls, case: Case) -> str:
    packed = calls.call("pack", calls.params(case.flat)).result
    if packed != case.flat.tolist():
        return "pack does not return the parameters in the order of LAYOUT"
    unpacked = calls.call("unpack", value(case.flat.tolist())).result
    if calls.flat(unpacked, "the result of unpack").tolist() != case.flat.tolist():
        return "unpack does not return the parameters in the order of LAYOUT"
    if calls.embeddings:
        calls.call("gradient", calls.params(case.flat), *calls.examples(case), keep="gradient", gives="nothing")
        if calls.call("pack", kept("gradient", 1)).result != calls.gradient(case)[1].tolist():
            return "pack does not return a gradient in the order of LAYOUT, with 0 for the rows that it does not list"
    return ""


def _saves(calls: Calls, case: Case) -> str:
    layout = calls.child.declared.layout
    calls.call("save", calls.params(case.flat), value("saved.json"))
    try:
        content = json.loads(calls.child.read("saved.json"))
    except ValueError:
        return "save does not write JSON"
    if not isinstance(content, dict) or content.get("layout") != layout:
        return "save does not write the layout"
    if content.get("parameters") != case.flat.tolist():
        return "save does not write the parameters to the last bit"
    calls.child.write("given.json", json.dumps({"layout": layout, "parameters": case.flat.tolist()}))
    loaded = calls.flat(calls.call("load", value("given.json")).result, "the result of load")
    return "" if loaded.tolist() == case.flat.tolist() else "load does not read the parameters to the last bit"


def _repeats(calls: Calls) -> str:
    name = calls.repeat()
    return f"{name} returns a different result when called again" if name else ""


def _tests_itself(calls: Calls) -> str:
    calls.child.call("selftest", gives="nothing")
    return ""


def _keeps(calls: Calls) -> str:
    return f"changed by {', '.join(sorted(calls.changed))}" if calls.changed else ""


def _refuses(calls: Calls, case: Case, kind: TargetKind, dtype: str) -> str:
    params, (x, y) = calls.params(case.flat), calls.examples(case)
    wider = given(np.concatenate([case.x, case.x[:, :1]], axis=1)[slice(None) if calls.batched else 0].tolist())
    higher = given(np.concatenate([case.y, case.y[:, :1]], axis=1)[slice(None) if calls.batched else 0].tolist())
    unknown = given((case.y * math.nan)[slice(None) if calls.batched else 0].tolist())
    short = {"parameters": params["parameters"][:-1]}
    several = calls.draw(4, kind)
    xs, ys = (given(part.tolist()) for part in several)
    calls.child.write("other.json", json.dumps({"layout": "another", "parameters": case.flat.tolist()}))
    calls.child.write("broken.json", json.dumps({"layout": calls.child.declared.layout, "parameters": "none"}))
    wrong: list[tuple[str, tuple[Any, ...], str]] = [
        ("forward", (params, wider), "an input too many"),
        ("forward", (short, x), "too few parameters"),
        ("gradient", (params, wider, y), "an input too many"),
        ("gradient", (params, x, higher), "a target too many"),
        ("gradient", (params, x, unknown), "a target that is NaN"),
        ("fit", (params, given([]), given([])), "no examples"),
        ("fit", (params, xs, given(several[1][:3].tolist())), "fewer targets than examples"),
        ("fit", (params, xs, ys, value(1), value(0)), "batches of 0"),
        ("unpack", (value(case.flat.tolist()[:-1]),), "too few parameters"),
        ("save", (calls.params(case.flat * math.nan), value("nan.json")), "parameters that are NaN"),
        ("load", (value("other.json"),), "the parameters of another network"),
        ("load", (value("broken.json"),), "a file without parameters"),
    ]
    for place, count in enumerate(calls.ids):
        for number in (-1.0, float(count), 0.5, math.nan):
            strange = case.x.copy()
            strange[-1, place] = number
            there = calls.examples(Case(case.flat, strange, case.y))
            several_strange = np.repeat(strange[-1:], len(ys["rows"]), axis=0)
            what = f"{number:g} as an id of {count} rows"
            wrong += [("forward", (params, there[0]), what), ("gradient", (params, *there), what)]
            wrong.append(("fit", (params, given(several_strange.tolist()), ys), what))
    wrongly = []
    for name, arguments, what in wrong:
        if calls.missing and what == "a target that is NaN":
            continue
        try:
            calls.child.call(name, *arguments, gives="nothing")
        except CallError as failure:
            if failure.kind == "ValueError" or failure.kind.endswith("JSONDecodeError"):
                continue
            wrongly.append(f"{name} with {what} raises {failure}")
            if not failure.kind:
                break
        else:
            wrongly.append(f"{name} accepts {what}")
    return "; ".join(wrongly)
