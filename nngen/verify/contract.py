"""What a module is held to whatever its spec: its own loss, repeated calls, files, and what it refuses."""

import json
import math
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np

from nngen.reference import Array
from nngen.verify.calls import Calls
from nngen.verify.cases import Case, examples, narrowed
from nngen.verify.child import CallError, parameters, value
from nngen.verify.child import rows as given
from nngen.verify.rows import RIGHT, WRONG, Row, checked
from nngen.verify.ulps import EPSILON

TRIALS = 7
STRIDE = {"float64": 1e-6, "float32": 3e-4}
CLOSE = {"float64": 1e-6, "float32": 1e-2}
"""How near a slope is to differences at such a stride: what modules hold themselves to."""


def differences(calls: Calls, start: Array, kind: str, dtype: str) -> Row:
    """The gradient against central differences of the module's own loss, along random directions.

    The error is the median of seven, because a difference across a kink is no slope. Parameters that never have a
    gradient are left as they are: what is frozen has none.
    """
    what, functions = "gradient against differences", ("gradient", "loss")
    allowed = CLOSE[dtype] / EPSILON[dtype]
    random, h = np.random.default_rng(4), STRIDE[dtype]
    count = 4 if calls.batched else 1
    tried = []
    for seed in range(TRIALS):
        flat = narrowed(start + random.uniform(-0.3, 0.3, size=len(start)), dtype)
        tried.append(Case(flat, *examples(count, calls.inputs, calls.outputs, kind, dtype, 10 + seed)))
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
        still = int(np.sum(~moving))
        note = f"{still} of {calls.size} parameters never have a gradient" if still else ""
        return Row(what, error, allowed, RIGHT, note, functions)
    return Row(what, error, allowed, WRONG, "it is not the slope of the loss", functions, at)


def rows(calls: Calls, case: Case, kind: str, dtype: str) -> Iterator[Row]:
    """What every module owes."""
    yield checked("pack, unpack", ("pack", "unpack"), lambda: _packs(calls, case))
    yield checked("save, load", ("save", "load"), lambda: _saves(calls, case))
    yield checked("repeated calls", ("forward", "loss", "gradient"), lambda: _repeats(calls))
    yield checked("wrong sizes, wrong targets", (), lambda: _refuses(calls, case, kind, dtype))
    if "selftest" in calls.child.declared.functions:
        yield checked("selftest", ("selftest",), lambda: _tests_itself(calls))
    yield checked("arguments stay as they are", tuple(sorted(calls.changed)), lambda: _keeps(calls))


def takes(calls: Calls, case: Case) -> dict[str, str]:
    """What a module says to targets of several kinds: nothing, or the kind of its error."""
    one = np.eye(calls.outputs)[0]
    ramp = np.arange(calls.outputs) % 2
    tried = [one, 2.0 * one, one - 1.0, 2.0 * one - 1.0, 2.0 * ramp - 1.0, 1e-7 * ramp + one, 1e18 * one, 1e17 * one]
    tried += [np.full(calls.outputs, value) for value in (-1e18, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, math.inf)]
    tried += [np.full(calls.outputs, (1.0 + more) / calls.outputs) for more in (0.0, 1e-7, 1e-3)]
    said = {}
    for y in tried:
        rows = np.repeat([y], len(case.x), axis=0)
        try:
            calls.child.call("gradient", calls.params(case.flat), *calls.examples(Case(case.flat, case.x, rows)))
            said[f"{y.tolist()}"] = ""
        except CallError as error:
            said[f"{y.tolist()}"] = error.kind or str(error)
    return said


def _packs(calls: Calls, case: Case) -> str:
    packed = calls.call("pack", calls.params(case.flat)).result
    if packed != case.flat.tolist():
        return "pack does not give the parameters in the order of LAYOUT"
    unpacked = calls.call("unpack", value(case.flat.tolist())).result
    if calls.flat(unpacked, "what unpack gives").tolist() != case.flat.tolist():
        return "unpack does not give the parameters in the order of LAYOUT"
    return ""


def _saves(calls: Calls, case: Case) -> str:
    layout = calls.child.declared.layout
    calls.call("save", calls.params(case.flat), value("saved.json"))
    try:
        content = json.loads(calls.child.read("saved.json"))
    except ValueError:
        return "save writes no JSON"
    if not isinstance(content, dict) or content.get("layout") != layout:
        return "save does not write the layout"
    if content.get("parameters") != case.flat.tolist():
        return "save does not write the parameters to the last bit"
    calls.child.write("given.json", json.dumps({"layout": layout, "parameters": case.flat.tolist()}))
    loaded = calls.flat(calls.call("load", value("given.json")).result, "what load gives")
    return "" if loaded.tolist() == case.flat.tolist() else "load does not read the parameters to the last bit"


def _repeats(calls: Calls) -> str:
    name = calls.repeat()
    return f"{name} gives something else when it is called again" if name else ""


def _tests_itself(calls: Calls) -> str:
    calls.child.call("selftest", gives="nothing")
    return ""


def _keeps(calls: Calls) -> str:
    return f"changed by {', '.join(sorted(calls.changed))}" if calls.changed else ""


def _refuses(calls: Calls, case: Case, kind: str, dtype: str) -> str:
    params, (x, y) = calls.params(case.flat), calls.examples(case)
    wider = given(np.concatenate([case.x, case.x[:, :1]], axis=1)[slice(None) if calls.batched else 0].tolist())
    higher = given(np.concatenate([case.y, case.y[:, :1]], axis=1)[slice(None) if calls.batched else 0].tolist())
    unknown = given((case.y * math.nan)[slice(None) if calls.batched else 0].tolist())
    short = parameters(params["parameters"][:-1])
    several = examples(4, calls.inputs, calls.outputs, kind, dtype)
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
    taken = []
    for name, arguments, what in wrong:
        try:
            calls.child.call(name, *arguments, gives="nothing")
        except CallError as failure:
            if failure.kind == "ValueError" or failure.kind.endswith("JSONDecodeError"):
                continue
            taken.append(f"{name} meets {what} with {failure}")
            if not failure.kind:
                break
        else:
            taken.append(f"{name} takes {what}")
    return "; ".join(taken)
