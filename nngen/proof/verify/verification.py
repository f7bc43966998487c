"""Verifies a module with its spec: the table, and the first wrong equations."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nngen.common import files
from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding, measures, training_columns
from nngen.description.model import ALL, NumpyTarget, PythonTarget, Spec, Values
from nngen.plan import Plan, plan
from nngen.proof.reference import Encoder, Network
from nngen.proof.verify import contract
from nngen.proof.verify.alone import alone
from nngen.proof.verify.answers import Answers
from nngen.proof.verify.blame import Blame, Finding
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.child import MAX_MESSAGE, CallError, Child, Declared
from nngen.proof.verify.judge import Judge, declares
from nngen.proof.verify.module_text import Text, candidates, read
from nngen.proof.verify.parts import Parts, found
from nngen.proof.verify.rows import RIGHT, WRONG, Row, checked
from nngen.reading import load
from nngen.targets import render


@dataclass(frozen=True)
class Verification:
    """The rows of the table, the wrong equations, and the parts that the module has not."""

    module: str
    spec: str | None
    form: str
    dtype: str
    rows: tuple[Row, ...]
    found: tuple[Finding, ...]
    absent: tuple[str, ...] = ()

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
        rows, wrong, absent = _rows(child, text, chosen, root)
    return Verification(
        str(module), str(chosen) if chosen else None, text.form, text.dtype, tuple(rows), tuple(wrong), absent
    )


def _rows(
    child: Child, text: Text, chosen: Path | None, root: Path | None
) -> tuple[list[Row], list[Finding], tuple[str, ...]]:
    """The rows of a module, its wrong equations, and the parts that it has not."""
    what = "import, functions"
    try:
        declared = child.start()
    except CallError as failure:
        return [Row(what, None, None, WRONG, f"it cannot be imported: {failure}")], [], ()
    known = _known(chosen, root, text, declared) if chosen else None
    has = found(text, declared, known.whole if known else None)
    if has.missing:
        return [Row(what, None, None, WRONG, f"missing: {', '.join(has.missing)}")], [], has.absent
    row = Row(what, None, None, RIGHT)
    if known is None:
        return [row, *alone(child, text)], [], has.absent
    rows, wrong = _judged(child, text, known, has)
    return [row, *rows], wrong, has.absent


def _near(text: Text, root: Path | None) -> Path | None:
    """Search the spec of a module's network near the module."""
    for path in candidates(text):
        try:
            if load(path, root).name == text.network:
                return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        except SpecError:
            continue  # another file with this name
    return None


@dataclass(frozen=True)
class Known:
    """The spec of a module, its file and plan, and the module that it gives with all parts."""

    path: Path
    spec: Spec
    plan: Plan
    whole: Text


def _known(path: Path, root: Path | None, text: Text, declared: Declared) -> Known:
    """The spec of a module.

    Raises:
        SpecError: it cannot be read, or it is for another network.
    """
    spec = load(path, root)
    planned = plan(spec, encoding(spec, path.parent))
    layout = " ".join(planned.layout)
    mine, theirs = (declared.layout, layout) if isinstance(declared.layout, str) else (text.network, spec.name)
    if mine not in (theirs, None):
        says = f"the spec is for another network: {theirs}; the module is {mine[:MAX_MESSAGE]}"
        raise files.refused(path, says, "name the right one with --spec")
    return Known(path, spec, planned, fresh(planned, spec, text.form, text.dtype))


def fresh(planned: Plan, spec: Spec, form: str, dtype: str, contents: frozenset[str] = ALL) -> Text:
    """Render the module of a spec in this form with some parts, even if the spec does not ask for it."""
    target: NumpyTarget | PythonTarget
    if form == "numpy":
        target = NumpyTarget.model_validate({"name": "numpy", "dtype": dtype})
    else:
        target = PythonTarget.model_validate({"name": "python", "unroll": form})
    formed = spec.model_copy(update={"targets": (target,)})
    return Text(f"{spec.name}.py", render(planned, formed, target.name, contents=contents))


def _encoder(spec: Spec, path: Path) -> Encoder:
    """The reference of raw rows, which measures the constants of the data itself."""
    if isinstance(spec.data, Values) or not measures(spec):
        return Encoder(spec, {})
    return Encoder(spec, *training_columns(spec, path.parent))


def _judged(child: Child, text: Text, known: Known, has: Parts) -> tuple[list[Row], list[Finding]]:
    """The rows of a module with a known spec, and its wrong equations."""
    spec, planned, whole = known.spec, known.plan, known.whole
    own = fresh(planned, spec, text.form, text.dtype, has.contents) if has.absent else whole
    names = whole.constant("PARAMETERS")
    assert isinstance(names, tuple)  # noqa: S101 (a module always has it)
    rows = [declares(" ".join(planned.layout), names, child.declared)]
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
        rows += Answers(calls, network, planned, _encoder(spec, known.path), judge.usual[0]).rows()
    if child.declared.has("gradient"):
        like = [own] if child.declared.checks else [own, whole]
        rows.append(checked("accepted targets", ("gradient",), lambda: _takes(like, judge, child.seconds)))
    wrong = [row for row in rows if row.verdict == WRONG]
    if not wrong:
        return rows, []
    if not _agrees(own, judge, child.seconds):
        return rows, [Finding(0, 0, "", "nngen's own module differs from the reference, too: this is a bug in nngen")]
    blame = Blame(text, own, calls, child.seconds)
    causes: dict[int, Finding] = {}
    explained: set[str] = set()
    for row in wrong:
        finding = blame.of(row, list(judge.training_judge.gradients()), explained) if row.functions else None
        if finding:
            causes.setdefault(finding.cause, finding)
            explained.update(row.functions)
    return rows, list(causes.values())


def _takes(like: Sequence[Text], judge: Judge, seconds: float) -> str:
    """Whether a module accepts the same targets as one of the modules of its spec.

    A module without checks may still refuse what that with checks refuses.
    """
    case = judge.usual[0]
    expected = []
    for text in like:
        with Child(text.code(), seconds) as other:
            expected.append(contract.takes(judge.calls.another(other), case))
    for targets, error in contract.takes(judge.calls, case).items():
        meant = [reactions[targets] for reactions in expected]
        if error not in meant:
            return f"targets {targets}: the module {_reaction(error)}, that of the spec {_reaction(meant[0])}"
    return ""


def _reaction(error: str) -> str:
    return f"raises {error}" if error else "accepts them"


def _agrees(own: Text, judge: Judge, seconds: float) -> bool:
    """Whether the module of the spec agrees with the reference."""
    with Child(own.code(), seconds) as child:
        calls = judge.calls.another(child)
        return all(row.verdict == RIGHT for row in Judge(calls, judge.network, judge.plan).rows())
