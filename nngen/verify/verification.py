"""A module and its spec → the table of a verification, and the first equation that is wrong."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nngen.data import encoding
from nngen.diagnostics import Diagnostic, SpecError
from nngen.pages import render
from nngen.plan import Plan, plan
from nngen.reading import MAX_PARAMETERS, load
from nngen.reference import Network
from nngen.spec import NumpyTarget, PythonTarget, Spec
from nngen.verify import contract
from nngen.verify.blame import Comparison, Found
from nngen.verify.calls import Calls
from nngen.verify.cases import KINDS, Case, cases, examples
from nngen.verify.child import MAX_SAID, CallError, Child
from nngen.verify.judge import Judge, declares
from nngen.verify.module_text import Text, candidates, read
from nngen.verify.rows import OPEN, RIGHT, WRONG, Row, checked

CONTRACT = ("forward", "loss", "gradient", "init_state", "step", "fit", "init", "pack", "unpack", "save", "load")
"""The functions that every module has."""


@dataclass(frozen=True)
class Verification:
    """What was found: the rows of the table, and the equations that are wrong."""

    module: str
    spec: str | None
    form: str
    dtype: str
    rows: tuple[Row, ...]
    found: tuple[Found, ...]

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return all(row.verdict != WRONG for row in self.rows)


def verify(module: Path, spec: Path | None, seconds: float, root: Path | None = None) -> Verification:
    """Verify a module.

    Args:
        module: its file.
        spec: the spec that it was built from; without it, one of its network's name is looked for near the module.
        seconds: how long one call of the module may take.
        root: a folder whose files the spec may name as data, beside its own folder and the working directory.

    Raises:
        SpecError: the module or the spec cannot be read, or the spec is that of another network.
    """
    text = read(module)
    chosen = spec or _near(text, root)
    with Child(text.code(), seconds) as child:
        rows, found = [_imported(child)], list[Found]()
        if rows[0].verdict == RIGHT and chosen:
            more, found = _judged(child, text, load(chosen, root), chosen)
            rows += more
        elif rows[0].verdict == RIGHT:
            rows += _alone(child)
    return Verification(str(module), str(chosen) if chosen else None, text.form, text.dtype, tuple(rows), tuple(found))


def _near(text: Text, root: Path | None) -> Path | None:
    """The spec of the module's network, if there is one near it."""
    for path in candidates(text):
        try:
            if load(path, root).name == text.network:
                return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        except SpecError:
            continue  # another file of this name
    return None


def _imported(child: Child) -> Row:
    what = "import, functions"
    try:
        declared = child.start()
    except CallError as failure:
        return Row(what, None, None, WRONG, f"it cannot be imported: {failure}")
    missing = [name for name in CONTRACT if name not in declared.functions]
    return (
        Row(what, None, None, WRONG, f"there is no {', '.join(missing)}") if missing else Row(what, None, None, RIGHT)
    )


def fresh(planned: Plan, spec: Spec, form: str, dtype: str) -> Text:
    """The page that a spec and its plan give in a form, whatever targets it lists."""
    target: NumpyTarget | PythonTarget
    if form == "numpy":
        target = NumpyTarget.model_validate({"name": "numpy", "dtype": dtype})
    else:
        target = PythonTarget.model_validate({"name": "python", "unroll": form})
    formed = spec.model_copy(update={"targets": (target,)})
    return Text(f"{spec.name}.py", render(planned, formed, target.name))


def _judged(child: Child, text: Text, spec: Spec, path: Path) -> tuple[list[Row], list[Found]]:
    """The rows of a module whose spec is known, and what is wrong in its equations."""
    planned = plan(spec, encoding(spec, path.parent))
    page = fresh(planned, spec, text.form, text.dtype)
    layout, names = page.constant("LAYOUT"), page.constant("PARAMETERS")
    declared = child.declared
    if isinstance(declared.layout, str) and declared.layout != layout:
        says = f"the spec is that of another network: {layout}, and the module is {declared.layout[:MAX_SAID]}"
        raise SpecError([Diagnostic(str(path), None, None, says, help="name the right one with --spec")])
    assert isinstance(layout, str)  # noqa: S101 (a page always has both)
    assert isinstance(names, tuple)  # noqa: S101
    rows = [declares(layout, names, declared)]
    network = Network(spec)
    calls = Calls(child, network.shapes, len(spec.input_names), len(spec.layers[-1].unit_names))
    judge = Judge(calls, network, planned)
    rows += judge.rows()
    rows.append(checked("targets that it takes", ("gradient",), lambda: _takes(page, judge, child.seconds)))
    wrong = [row for row in rows if row.verdict == WRONG]
    if not wrong:
        return rows, []
    if not _agrees(page, judge, child.seconds):
        return rows, [Found(0, 0, "", "nngen's own page differs from the reference, too: this is a mistake of nngen")]
    comparison = Comparison(text, page, calls, child.seconds)
    found: dict[int, Found] = {}
    explained: set[str] = set()
    for row in wrong:
        one = comparison.of(row, list(judge.gradients()), explained) if row.functions else None
        if one:
            found.setdefault(one.cause, one)
            explained.update(row.functions)
    return rows, list(found.values())


def _takes(page: Text, judge: Judge, seconds: float) -> str:
    """Whether a module takes and refuses the targets that the page takes and refuses."""
    case = judge.usual[0]
    with Child(page.code(), seconds) as other:
        calls = Calls(other, judge.calls.shapes, judge.calls.inputs, judge.calls.outputs)
        meant = contract.takes(calls, case)
    for targets, said in contract.takes(judge.calls, case).items():
        if said != meant[targets]:
            return f"{_refused(said)} {targets}, which the page of the spec {_refused(meant[targets])}"
    return ""


def _refused(said: str) -> str:
    return f"refuses by {said}" if said else "takes"


def _agrees(page: Text, judge: Judge, seconds: float) -> bool:
    """Whether the page that the spec gives is right, by the reference."""
    with Child(page.code(), seconds) as child:
        calls = Calls(child, judge.calls.shapes, judge.calls.inputs, judge.calls.outputs)
        return all(row.verdict == RIGHT for row in Judge(calls, judge.network, judge.plan).rows())


def _alone(child: Child) -> Iterator[Row]:
    """The rows of a module whose spec is not known."""
    declared, text = child.declared, child.code
    shapes = _shapes(declared.layout)
    if shapes is None:
        yield Row("PARAMETERS, LAYOUT", None, None, WRONG, "LAYOUT does not say what the network is")
        return
    calls = Calls(child, shapes, shapes[0][1], shapes[-1][0])
    start = np.zeros(calls.size)
    try:
        start = calls.flat(child.call("init").result, "what init gives")
    except CallError as failure:
        yield Row("init", None, None, WRONG, str(failure), ("init",))
    kind, case = _kind(calls, start, text.dtype)
    made = cases(start, declared.layout, calls.shapes, calls.outputs, kind, text.dtype)
    usual = calls.of([c for c in made if not c.extreme])
    yield contract.differences(calls, start, kind, text.dtype)
    for name in ("forward", "loss"):
        for case in usual:
            try:
                calls.forward(case) if name == "forward" else calls.loss(case)
            except CallError as failure:
                yield Row(name, None, None, WRONG, str(failure), (name,))
                break
    yield from contract.rows(calls, usual[0], kind, text.dtype)
    for what in ("init", "forward", "loss", "step", "fit", "scale"):
        if what in declared.functions:
            yield Row(what, None, None, OPEN, "this needs the spec: --spec")


def _kind(calls: Calls, start: object, dtype: str) -> tuple[str, Case | None]:
    """The widest kind of targets that the module's loss takes."""
    for kind in KINDS:
        x, y = examples(3, calls.inputs, calls.outputs, kind, dtype)
        case = calls.of([Case(np.asarray(start), x, y)])[0]
        try:
            calls.loss(case)
        except CallError:
            continue
        return kind, case
    return KINDS[0], None


def _shapes(layout: object) -> tuple[tuple[int, ...], ...] | None:
    """The shapes of the parameters, by the text that a module has of them."""
    if not isinstance(layout, str):
        return None
    found = []
    for block in re.findall(r"(?<!\S)[^\s\[]+((?:\[[^\[\]]*\])+)", layout):
        sides = re.findall(r"\[([^\]]*)\]", block)
        found.append(tuple(map(_size, sides)))
    right = found and len(found[0]) == 2 and all(min(shape) > 0 for shape in found)
    return tuple(found) if right and sum(map(math.prod, found)) <= MAX_PARAMETERS else None


def _size(side: str) -> int:
    """How many values one side of a block has: ``h1 h2``, or ``hidden1..hidden32, 32``."""
    if ".." not in side:
        return len(side.split())
    last = re.fullmatch(r"[^.]*\.\.[^,]*, (\d{1,9})", side)
    return int(last[1]) if last else 0
