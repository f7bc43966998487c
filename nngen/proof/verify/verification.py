"""Verifies a module with its spec: the table, and the first wrong equations."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nngen.common import files
from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding, measures, training_columns
from nngen.description.model import NumpyTarget, PythonTarget, Spec, Values
from nngen.mathematics.catalogue import TargetKind
from nngen.plan import Plan, plan
from nngen.proof.reference import Encoder, Network
from nngen.proof.verify import contract
from nngen.proof.verify.answers import Answers
from nngen.proof.verify.blame import Blame, Finding
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.cases import KINDS, Case, cases, examples
from nngen.proof.verify.child import MAX_MESSAGE, CallError, Child
from nngen.proof.verify.judge import Judge, declares
from nngen.proof.verify.module_text import Text, candidates, read
from nngen.proof.verify.rows import OPEN, RIGHT, WRONG, Row, checked
from nngen.reading import MAX_PARAMETERS, load
from nngen.targets import render

CONTRACT = ("forward", "loss", "gradient", "init_state", "step", "fit", "init", "pack", "unpack", "save", "load")
"""The functions of every module."""


@dataclass(frozen=True)
class Verification:
    """The rows of the table and the wrong equations."""

    module: str
    spec: str | None
    form: str
    dtype: str
    rows: tuple[Row, ...]
    found: tuple[Finding, ...]

    @property
    def right(self) -> bool:
        """Whether no row is wrong."""
        return all(row.verdict != WRONG for row in self.rows)


def verify(module: Path, spec: Path | None, seconds: float, root: Path | None = None) -> Verification:
    """Verify a module.

    Args:
        module: its file.
        spec: its spec; if None, a spec with the name of its network is searched near the module.
        seconds: the time limit of each call.
        root: a folder for the data files of the spec, in addition to its own folder and the working directory.

    Raises:
        SpecError: the module or the spec cannot be read, or the spec is for another network.
    """
    text = read(module)
    chosen = spec or _near(text, root)
    with Child(text.code(), seconds) as child:
        rows, found = [_imported(child)], list[Finding]()
        if rows[0].verdict == RIGHT and chosen:
            more, found = _judged(child, text, load(chosen, root), chosen)
            rows += more
        elif rows[0].verdict == RIGHT:
            rows += _alone(child)
    return Verification(str(module), str(chosen) if chosen else None, text.form, text.dtype, tuple(rows), tuple(found))


def _near(text: Text, root: Path | None) -> Path | None:
    """Search the spec of a module's network near the module."""
    for path in candidates(text):
        try:
            if load(path, root).name == text.network:
                return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        except SpecError:
            continue  # another file with this name
    return None


def _imported(child: Child) -> Row:
    what = "import, functions"
    try:
        declared = child.start()
    except CallError as failure:
        return Row(what, None, None, WRONG, f"it cannot be imported: {failure}")
    missing = [name for name in CONTRACT if name not in declared.functions]
    return Row(what, None, None, WRONG, f"missing: {', '.join(missing)}") if missing else Row(what, None, None, RIGHT)


def fresh(planned: Plan, spec: Spec, form: str, dtype: str) -> Text:
    """Render the module of a spec in this form, even if the spec's targets do not include it."""
    target: NumpyTarget | PythonTarget
    if form == "numpy":
        target = NumpyTarget.model_validate({"name": "numpy", "dtype": dtype})
    else:
        target = PythonTarget.model_validate({"name": "python", "unroll": form})
    formed = spec.model_copy(update={"targets": (target,)})
    return Text(f"{spec.name}.py", render(planned, formed, target.name))


def _encoder(spec: Spec, path: Path) -> Encoder:
    """The reference of raw rows, which measures the constants of the data itself."""
    if isinstance(spec.data, Values) or not measures(spec):
        return Encoder(spec, {})
    return Encoder(spec, *training_columns(spec, path.parent))


def _judged(child: Child, text: Text, spec: Spec, path: Path) -> tuple[list[Row], list[Finding]]:
    """The rows of a module with a known spec, and its wrong equations."""
    planned = plan(spec, encoding(spec, path.parent))
    own = fresh(planned, spec, text.form, text.dtype)
    layout, names = own.constant("LAYOUT"), own.constant("PARAMETERS")
    declared = child.declared
    if isinstance(declared.layout, str) and declared.layout != layout:
        says = f"the spec is for another network: {layout}; the module is {declared.layout[:MAX_MESSAGE]}"
        raise files.refused(path, says, "name the right one with --spec")
    assert isinstance(layout, str)  # noqa: S101 (a module always has both)
    assert isinstance(names, tuple)  # noqa: S101
    rows = [declares(layout, names, declared)]
    network = Network(spec)
    calls = Calls(
        child,
        network.shapes,
        len(spec.input_names),
        len(spec.layers[-1].unit_names),
        missing=planned.loss.missing,
        ids=tuple(index.count for index in spec.indices),
        embeddings=planned.embeddings,
    )
    judge = Judge(calls, network, planned)
    rows += judge.rows()
    if planned.encoding is not None and planned.encoding.predicts:
        rows += Answers(calls, network, planned, _encoder(spec, path), judge.usual[0]).rows()
    rows.append(checked("accepted targets", ("gradient",), lambda: _takes(own, judge, child.seconds)))
    wrong = [row for row in rows if row.verdict == WRONG]
    if not wrong:
        return rows, []
    if not _agrees(own, judge, child.seconds):
        return rows, [Finding(0, 0, "", "nngen's own module differs from the reference, too: this is a bug in nngen")]
    blame = Blame(text, own, calls, child.seconds)
    found: dict[int, Finding] = {}
    explained: set[str] = set()
    for row in wrong:
        finding = blame.of(row, list(judge.training_judge.gradients()), explained) if row.functions else None
        if finding:
            found.setdefault(finding.cause, finding)
            explained.update(row.functions)
    return rows, list(found.values())


def _takes(own: Text, judge: Judge, seconds: float) -> str:
    """Whether a module accepts the same targets as the module of its spec."""
    case = judge.usual[0]
    with Child(own.code(), seconds) as other:
        calls = judge.calls.another(other)
        expected = contract.takes(calls, case)
    for targets, error in contract.takes(judge.calls, case).items():
        meant = expected[targets]
        if error != meant:
            return f"targets {targets}: the module {_reaction(error)}, that of the spec {_reaction(meant)}"
    return ""


def _reaction(error: str) -> str:
    return f"raises {error}" if error else "accepts them"


def _agrees(own: Text, judge: Judge, seconds: float) -> bool:
    """Whether the module of the spec agrees with the reference."""
    with Child(own.code(), seconds) as child:
        calls = judge.calls.another(child)
        return all(row.verdict == RIGHT for row in Judge(calls, judge.network, judge.plan).rows())


def _alone(child: Child) -> Iterator[Row]:
    """The rows of a module without its spec."""
    declared, text = child.declared, child.code
    if isinstance(declared.layout, str) and re.search(r"\[\w+ 0\.\.\d+\]", declared.layout):
        raise files.refused(text.name, "a network with ids is judged only with its spec", "name it with --spec")
    shapes = _shapes(declared.layout)
    if shapes is None:
        yield Row("PARAMETERS, LAYOUT", None, None, WRONG, "LAYOUT does not describe the network")
        return
    calls = Calls(child, shapes, shapes[0][1], shapes[-1][0])
    start = np.zeros(calls.size)
    try:
        start = calls.flat(child.call("init").result, "the result of init")
    except CallError as failure:
        yield Row("init", None, None, WRONG, str(failure), ("init",))
    kind, case = _kind(calls, start, text.dtype)
    planned = cases(start, declared.layout, calls.shapes, calls.inputs, calls.outputs, kind, text.dtype)
    usual = calls.of([c for c in planned if not c.extreme])
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
            yield Row(what, None, None, OPEN, "needs the spec: use --spec")


def _kind(calls: Calls, start: object, dtype: str) -> tuple[TargetKind, Case | None]:
    """The widest kind of targets that the module's loss accepts."""
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
