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
    """The rows that apply to every module, as far as it has their functions."""
    declared = calls.child.start()
    packs = [name for name in ("pack", "unpack") if declared.has(name)]
    if packs:
        yield checked(", ".join(packs), packs, lambda: _packs(calls, case))
    if declared.has("save", "load"):
        yield checked("save, load", ("save", "load"), lambda: _saves(calls, case))
    repeated = [name for name in ("forward", "loss", "gradient") if declared.has(name)]
    yield checked("repeated calls", repeated, lambda: _repeats(calls))
    what = "wrong sizes, wrong targets" if declared.checks else "wrong sizes"
    yield checked(what, (), lambda: _refuses(calls, case, kind))
    if declared.has("selftest"):
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
    declared = calls.child.declared
    if declared.has("pack") and calls.call("pack", calls.params(case.flat)).result != case.flat.tolist():
        return "pack does not return the parameters in the order of LAYOUT"
    if declared.has("unpack"):
        unpacked = calls.call("unpack", value(case.flat.tolist())).result
        if calls.flat(unpacked, "the result of unpack").tolist() != case.flat.tolist():
            return "unpack does not return the parameters in the order of LAYOUT"
    if calls.embeddings and declared.has("pack", "gradient"):
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


def _refuses(calls: Calls, case: Case, kind: TargetKind) -> str:
    """What the module accepts and should not. Without checks, any error will do, except with files."""
    declared, wrongly = calls.child.declared, []
    for name, arguments, what in _wrong(calls, case, kind):
        try:
            calls.child.call(name, *arguments, gives="nothing")
        except CallError as failure:
            strict = declared.checks or name in ("save", "load")
            known = failure.kind == "ValueError" or failure.kind.endswith("JSONDecodeError")
            if known or (failure.kind and not strict):
                continue
            wrongly.append(f"{name} with {what} raises {failure}")
            if not failure.kind:
                break
        else:
            wrongly.append(f"{name} accepts {what}")
    return "; ".join(wrongly)


Wrong = tuple[str, tuple[Any, ...], str]
"""A function, its wrong arguments, and what is wrong with them."""


def _wrong(calls: Calls, case: Case, kind: TargetKind) -> Iterator[Wrong]:
    """Calls that the module must refuse, as far as it has their functions."""
    declared = calls.child.declared
    tried = [*_sizes(calls, case), *_ids(calls, case, kind)]
    if declared.has("fit"):
        tried += _training(calls, case, kind)
    if declared.has("save", "load"):
        tried += _files(calls, case)
    if declared.checks and not calls.missing:
        unknown = Case(case.flat, case.x, case.y * math.nan)
        tried.append(("gradient", (calls.params(case.flat), *calls.examples(unknown)), "a target that is NaN"))
    return (one for one in tried if declared.has(one[0]))


def _sizes(calls: Calls, case: Case) -> Iterator[Wrong]:
    """Numbers too many and too few, which careless loops would cut."""
    params, (x, y) = calls.params(case.flat), calls.examples(case)
    short = {"parameters": params["parameters"][:-1]}
    for few, what in ((short, "too few parameters"), (calls.cut(case.flat), "a row of parameters too few")):
        yield "forward", (few, x), what
        yield "gradient", (few, x, y), what
    for other, what in ((_wider(case.x), "an input too many"), (case.x[:, 1:], "an input too few")):
        wrong = calls.examples(Case(case.flat, other, case.y))[0]
        yield "forward", (params, wrong), what
        yield "gradient", (params, wrong, y), what
        yield "scale", (wrong,), what
    for other, what in ((_wider(case.y), "a target too many"), (case.y[:, 1:], "a target too few")):
        yield "gradient", (params, x, calls.examples(Case(case.flat, case.x, other))[1]), what


def _wider(numbers: Array) -> Array:
    """Rows with their first number a second time at the end."""
    return np.concatenate([numbers, numbers[:, :1]], axis=1)


def _training(calls: Calls, case: Case, kind: TargetKind) -> Iterator[Wrong]:
    """Arguments of fit."""
    params, (x, y) = calls.params(case.flat), calls.draw(4, kind)
    xs, ys = given(x.tolist()), given(y.tolist())
    yield "fit", (params, given([]), given([])), "no examples"
    yield "fit", (params, xs, given(y[:3].tolist())), "fewer targets than examples"
    yield "fit", (params, given(x[:3].tolist()), ys), "more targets than examples"
    yield "fit", (params, xs, ys, value(1), value(0)), "batches of 0"
    yield "fit", (params, given(_wider(x).tolist()), ys, value(1)), "an input too many"


def _files(calls: Calls, case: Case) -> Iterator[Wrong]:
    """Parameters of a wrong size, and files that do not have them."""
    flat, layout = case.flat.tolist(), calls.child.declared.layout
    calls.child.write("other.json", json.dumps({"layout": "another", "parameters": flat}))
    calls.child.write("broken.json", json.dumps({"layout": layout, "parameters": "none"}))
    yield "unpack", (value(flat[:-1]),), "too few parameters"
    yield "save", (calls.params(case.flat * math.nan), value("nan.json")), "parameters that are NaN"
    yield "load", (value("other.json"),), "the parameters of another network"
    yield "load", (value("broken.json"),), "a file without parameters"


def _ids(calls: Calls, case: Case, kind: TargetKind) -> Iterator[Wrong]:
    """Numbers that are no ids."""
    params, ys = calls.params(case.flat), calls.draw(4, kind)[1].tolist()
    for place, count in enumerate(calls.ids):
        for number in (-1.0, float(count), 0.5, math.nan):
            strange = case.x.copy()
            strange[-1, place] = number
            x, y = calls.examples(Case(case.flat, strange, case.y))
            what = f"{number:g} as an id of {count} rows"
            yield "forward", (params, x), what
            yield "gradient", (params, x, y), what
            yield "fit", (params, given(np.repeat(strange[-1:], len(ys), axis=0).tolist()), given(ys)), what
