"""Verifies a module with its spec: the table, and the first wrong equations."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter

from nngen.common import files
from nngen.common.languages import LANGUAGES
from nngen.common.records import dataclass
from nngen.description.data import encoding, typical_row
from nngen.description.model import ALL, ASKED, NumpyTarget, PythonTarget, Spec, Target
from nngen.plan import Plan, plan
from nngen.proof.compiled import CompileError, Module, Program
from nngen.proof.reference import Network
from nngen.proof.verify import contract
from nngen.proof.verify.alone import alone
from nngen.proof.verify.answers import Answers
from nngen.proof.verify.blame import Blame, Finding, in_words
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.changes import Change, of_lines, of_python
from nngen.proof.verify.child import MAX_MESSAGE, CallError, Child, Declared
from nngen.proof.verify.judge import Judge, declares
from nngen.proof.verify.module_text import MAX_MODULE, Text, candidates, of_network, read
from nngen.proof.verify.parts import found
from nngen.proof.verify.rows import RIGHT, WRONG, Row, checked
from nngen.proof.verify.translated import PARTS, Translated, contents, language_of, stated
from nngen.proof.verify.workbook import encoder_of, judged_workbook
from nngen.reading import load
from nngen.targets import TARGETS, blamed, render


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
    changed: tuple[Finding, ...] = ()
    """Lines that nngen writes in another way, where no row is wrong."""

    @property
    def right(self) -> bool:
        """Whether no row is wrong."""
        return all(row.verdict != WRONG for row in self.rows)


def verify(
    module: Path, spec: Path | None, seconds: float, root: Path | None = None, language: str | None = None
) -> Verification:
    """Verify a module.

    Args:
        module: its file.
        spec: its spec; if None, a spec with the name of its network is searched near the module.
        seconds: the time limit of each call.
        root: a folder for the data files of the spec, in addition to its own folder and the working directory.
        language: the name of its language; None to see it from the name of the file.

    Raises:
        SpecError: the module or the spec cannot be read, or the spec is for another network, or nothing can run it.
    """
    if module.suffix == ".xlsx":
        return _workbook(module, spec, root)
    language = language or language_of(module)
    if language is not None and not TARGETS[language].selftest:  # those of Python judge themselves, others not at all
        return _compiled(module, language, spec, seconds, root)
    text = read(module)
    chosen = spec or _near(text, root)
    with Child(text.code(), seconds) as child:
        judged = _rows(child, text, chosen, root)
    return Verification(str(module), str(chosen) if chosen else None, text.form, text.dtype, *judged)


def _workbook(module: Path, spec: Path | None, root: Path | None) -> Verification:
    """Verify a workbook, see ``verify``."""
    chosen, rows = judged_workbook(module, spec, root)
    return Verification(str(module), str(chosen), "workbook", "float64", rows, ())


def _compiled(module: Path, language: str, spec: Path | None, seconds: float, root: Path | None) -> Verification:
    """Verify a module of a compiled language, see ``verify``."""
    text = Text(str(module), files.text(module, MAX_MODULE))
    chosen = spec or _near(text, root)
    if chosen is None:
        raise files.refused(module, f"a module of {language} is judged only with its spec", "name it with --spec")
    target = TARGETS[language]
    if not target.runs:
        message = f"{language} brings no driver: nothing calls its modules to compare them"
        raise files.refused(module, message, f"state `runs`, and a template `driver{target.suffix}.jinja`")
    compiler = (*target.compiler, *target.runs)[0]
    if shutil.which(compiler) is None:
        message = f"`nngen verify` runs a module of {language} with `{compiler}`, which is not there"
        raise files.refused(module, message, f"install `{compiler}`, or put it on the path")
    dtype = "float32" if target.narrow and target.narrow in text.source else "float64"
    loaded = load(chosen, root)
    if text.network not in (None, loaded.name):
        says = f"the spec is for another network: {loaded.name}; the module is {text.network}"
        raise files.refused(chosen, says, "name the right one with --spec")
    formed = loaded
    if language in LANGUAGES:
        listed = next((one.model_dump() for one in loaded.targets if one.name == language), {"name": language})
        form = listed | ({"dtype": dtype} if target.narrow else {})
        formed = loaded.model_copy(update={"targets": (TypeAdapter(Target).validate_python(form),)})
    how, has = encoding(loaded, chosen.parent), contents(language, text.source)
    if how is not None and stated(language, text.source, ["contributions"]):
        how = replace(how, typical=typical_row(loaded, chosen.parent))
    planned = plan(loaded, how)
    what = "compiled, functions" if target.compiler else "runs, functions"
    rows, wrong = list[Row](), list[Finding]()
    with TemporaryDirectory() as folder:
        one = Module(planned, formed, text.source, has)
        try:
            with Program(language, [one], Path(folder), seconds) as program, Translated(program, one, seconds) as child:
                rows = [Row(what, None, None, RIGHT), *of_spec(child, formed, planned, chosen)]
        except (CallError, CompileError) as failure:
            rows = [Row(what, None, None, WRONG, str(failure))]
    with blamed(language):
        own = render(planned, formed, language, contents=has)
    changed = _changed(of_lines(text.source, own))
    if any(row.verdict == WRONG for row in rows):
        wrong, changed = list(changed[:1]), ()
    absent = dict.fromkeys(part for part in (*PARTS, "checks") if part not in has | ASKED)
    return Verification(str(module), str(chosen), language, dtype, tuple(rows), tuple(wrong), tuple(absent), changed)


def _changed(changes: Iterable[Change]) -> tuple[Finding, ...]:
    """Lines that nngen writes in another way."""
    return tuple(Finding(change[0], change[0], change[1], in_words(change)) for change in changes)


_Judged = tuple[tuple[Row, ...], tuple[Finding, ...], tuple[str, ...], tuple[Finding, ...]]
"""The rows, the wrong equations, the parts that are not there, and the lines that nngen writes in another way."""


def _rows(child: Child, text: Text, chosen: Path | None, root: Path | None) -> _Judged:
    """What is said of a module."""
    what = "import, functions"
    try:
        declared = child.start()
    except CallError as failure:
        return (Row(what, None, None, WRONG, f"it cannot be imported: {failure}"),), (), (), ()
    known = _known(chosen, root, text, declared) if chosen else None
    has = found(text, declared, known.whole if known else None)
    if has.missing:
        return (Row(what, None, None, WRONG, f"missing: {', '.join(has.missing)}"),), (), has.absent, ()
    row = Row(what, None, None, RIGHT)
    if known is None:
        return (row, *alone(child, text)), (), has.absent, ()
    whole = has.contents == ALL
    own = known.whole if whole else fresh(known.plan, known.spec, text.form, text.dtype, has.contents)
    rows, wrong = _judged(child, text, known, own)
    changed = () if any(one.verdict == WRONG for one in rows) else _changed(of_python(text, own))
    return (row, *rows), tuple(wrong), has.absent, changed


def _near(text: Text, root: Path | None) -> Path | None:
    """Search the spec of a module's network near the module."""
    return of_network(candidates(text), text.network, root)


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


def _judged(child: Child, text: Text, known: Known, own: Text) -> tuple[list[Row], list[Finding]]:
    """The rows of a module with a known spec, and its wrong equations; nngen writes ``own`` with the same parts."""
    spec, planned, whole = known.spec, known.plan, known.whole
    names = whole.constant("PARAMETERS")
    assert isinstance(names, tuple)  # noqa: S101 (a module always has it)
    rows = [declares(" ".join(planned.layout), names, child.declared)]
    judge = _judge(child, spec, planned)
    rows += _of_judge(judge, spec, known.path)
    with Child(own.code(), child.seconds) as ours:
        if child.declared.has("gradient"):
            like = [own] if child.declared.checks else [own, whole]
            rows.append(checked("accepted targets", ("gradient",), lambda: _takes(like, judge, ours)))
        wrong = [row for row in rows if row.verdict == WRONG]
        if not wrong:
            return rows, []
        if not _agrees(own, judge, ours):
            return rows, [
                Finding(0, 0, "", "nngen's own module differs from the reference, too: this is a bug in nngen")
            ]
        blame = Blame(text, own, judge.calls, ours)
        causes: dict[int, Finding] = {}
        explained: set[str] = set()
        for row in wrong:
            finding = blame.of(row, list(judge.training_judge.gradients()), explained) if row.functions else None
            if finding:
                causes.setdefault(finding.cause, finding)
                explained.update(row.functions)
        return rows, list(causes.values())


def _judge(child: Child, spec: Spec, planned: Plan) -> Judge:
    """The judge of a module."""
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
    return Judge(calls, network, planned)


def _of_judge(judge: Judge, spec: Spec, path: Path) -> Iterator[Row]:
    """The rows of numbers and of raw rows."""
    yield from judge.rows()
    if judge.plan.encoding is not None and judge.plan.encoding.predicts:
        typical = judge.calls.child.declared.has("contributions")
        encoder = encoder_of(spec, path, reads=typical)
        yield from Answers(judge.calls, judge.network, judge.plan, encoder, judge.usual[0]).rows()


def of_spec(child: Child, spec: Spec, planned: Plan, path: Path) -> Iterator[Row]:
    """The rows of a compiled module."""
    judge = _judge(child, spec, planned)
    yield from _of_judge(judge, spec, path)
    if child.declared.has("gradient") and child.declared.checks and judge.dtype == "float64":
        like = [fresh(planned, spec, "layers" if planned.needs_batch or planned.indices else "weights", "float64")]
        with Child(like[0].code(), child.seconds) as ours:
            yield checked("accepted targets", ("gradient",), lambda: _takes(like, judge, ours))


def _takes(like: Sequence[Text], judge: Judge, ours: Child) -> str:
    """Whether a module accepts the same targets as one of the modules of its spec, which ``ours`` runs.

    A module without checks may still refuse what that with checks refuses.
    """
    case = judge.usual[0]
    expected = []
    for text in like:
        ours.load(text.code())
        expected.append(contract.takes(judge.calls.another(ours), case))
    for targets, error in contract.takes(judge.calls, case).items():
        meant = [reactions[targets] for reactions in expected]
        if error not in meant:
            return f"targets {targets}: the module {_reaction(error)}, that of the spec {_reaction(meant[0])}"
    return ""


def _reaction(error: str) -> str:
    return f"raises {error}" if error else "accepts them"


def _agrees(own: Text, judge: Judge, ours: Child) -> bool:
    """Whether the module of the spec agrees with the reference."""
    ours.load(own.code())
    calls = judge.calls.another(ours)
    return all(row.verdict == RIGHT for row in Judge(calls, judge.network, judge.plan).rows())
