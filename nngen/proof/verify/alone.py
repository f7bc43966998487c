"""The checks of a module without its spec."""

import math
import re
from collections.abc import Iterator

import numpy as np

from nngen.common import files
from nngen.mathematics.catalogue import TargetKind
from nngen.proof.reference import Array
from nngen.proof.verify import contract
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.cases import KINDS, Case, cases, examples
from nngen.proof.verify.child import CallError, Child
from nngen.proof.verify.module_text import Text
from nngen.proof.verify.rows import OPEN, WRONG, Row
from nngen.reading import MAX_PARAMETERS


def alone(child: Child, module: Text) -> Iterator[Row]:
    """The rows of a module without its spec, as far as it has their functions.

    Raises:
        SpecError: its text does not say the shapes of its parameters, or it has ids.
    """
    declared, text = child.declared, child.code
    if declared.layout is None:
        nowhere = f"no spec of {module.network} is near it" if module.network else "it does not name its network"
        says = f"a module without LAYOUT, of the part `files`, is judged only with its spec, and {nowhere}"
        raise files.refused(module.path, says, "name the spec with --spec")
    if isinstance(declared.layout, str) and re.search(r"\[\w+ 0\.\.\d+\]", declared.layout):
        raise files.refused(text.name, "a network with ids is judged only with its spec", "name it with --spec")
    shapes = _shapes(declared.layout)
    if shapes is None:
        yield Row("PARAMETERS, LAYOUT", None, None, WRONG, "LAYOUT does not describe the network")
        return
    calls = Calls(child, shapes, shapes[0][1], shapes[-1][0])
    start = np.zeros(calls.size)
    if declared.has("init"):
        try:
            start = calls.flat(child.call("init").result, "the result of init")
        except CallError as failure:
            yield Row("init", None, None, WRONG, str(failure), ("init",))
    kind = _kind(calls, start, text.dtype)
    planned = cases(start, declared.layout, calls.shapes, calls.inputs, calls.outputs, kind, text.dtype)
    usual = calls.of([c for c in planned if not c.extreme])
    if declared.has("loss", "gradient"):
        yield contract.differences(calls, start, kind, text.dtype)
    yield from _called(calls, usual)
    yield from contract.rows(calls, usual[0], kind, text.dtype)
    for what in ("init", "forward", "loss", "step", "fit", "scale"):
        if declared.has(what):
            yield Row(what, None, None, OPEN, "needs the spec: use --spec")


def _called(calls: Calls, usual: list[Case]) -> Iterator[Row]:
    """A row for each function that returns nothing that can be compared."""
    for name in ("forward", "loss"):
        for case in usual if calls.child.declared.has(name) else ():
            try:
                calls.forward(case) if name == "forward" else calls.loss(case)
            except CallError as failure:
                yield Row(name, None, None, WRONG, str(failure), (name,))
                break


def _kind(calls: Calls, start: Array, dtype: str) -> TargetKind:
    """The widest kind of targets that the module's loss accepts."""
    for kind in KINDS:
        x, y = examples(3, calls.inputs, calls.outputs, kind, dtype)
        case = calls.of([Case(np.asarray(start), x, y)])[0]
        try:
            calls.loss(case)
        except CallError:
            continue
        return kind
    return KINDS[0]


def _shapes(layout: object) -> tuple[tuple[int, ...], ...] | None:
    """The shapes of the parameters, from LAYOUT."""
    if not isinstance(layout, str):
        return None
    shapes = []
    for block in re.findall(r"(?<!\S)[^\s\[]+((?:\[[^\[\]]*\])+)", layout):
        sides = re.findall(r"\[([^\]]*)\]", block)
        shapes.append(tuple(map(_size, sides)))
    valid = shapes and len(shapes[0]) == 2 and all(min(shape) > 0 for shape in shapes)
    return tuple(shapes) if valid and sum(map(math.prod, shapes)) <= MAX_PARAMETERS else None


def _size(side: str) -> int:
    """The size of one side of a block: ``h1 h2``, or ``hidden1..hidden32, 32``."""
    if ".." not in side:
        return len(side.split())
    last = re.fullmatch(r"[^.]*\.\.[^,]*, (\d{1,9})", side)
    return int(last[1]) if last else 0
