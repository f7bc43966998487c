"""The texts of all modules of a spec, and a text as a module in memory."""

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.description.data import Encoding, encoding
from nngen.description.model import ASKED, Spec
from nngen.plan import Plan, plan, unfit
from nngen.targets.own import blamed
from nngen.targets.page_head import Trained
from nngen.targets.parts import of_module
from nngen.targets.render import binding, binding_source, parameter_text, render, types
from nngen.targets.selftest import SelfTest
from nngen.targets.targets import BINDING, BINDING_SOURCE, KINDS, OWN, TARGETS, TYPES, crowded, level

SelfTests = Callable[[Plan, Spec, Path, str, bool], SelfTest]
"""Computes the numbers of the self-test of a target: ``nngen.proof.selftest.module_numbers``."""

MAX_PAGE = 10_000_000
"""Characters of a module. 5,000 weights with the longest names, the most that are unrolled, take 4.4 million."""


def texts(
    spec: Spec,
    folder: Path,
    targets: Sequence[str] = (),
    selftest: SelfTests | None = None,
    parameters: Sequence[float] | None = None,
    refused: list[Diagnostic] | None = None,
    contents: Collection[str] = ("all",),
    measured: Encoding | None = None,
) -> dict[str, str]:
    """The text of a spec's module for each target, and of the two files of its binding if the spec asks for it.

    Args:
        spec: a spec that has passed the checks.
        folder: the folder of the spec; the path of its data file is relative to it.
        targets: names in ``TARGETS``; if empty, the targets of the spec.
        selftest: computes the numbers of a ``selftest``; without it, the modules have none.
        parameters: trained parameters that the modules carry, in the order of their layout.
        refused: gets a message for each target that cannot be written, so that the others are; without it, the first
            one is an error.
        contents: the parts of the modules; if empty, those of the spec, or what a module has without a choice.
        measured: the encoding, where it is measured already; without it, the data are read.

    Raises:
        SpecError: the data file cannot be read, or a module is too long.
    """
    how = measured or encoding(spec, folder)
    sensitive = "sensitivity" in (contents or spec.contents or ())
    if how is not None and how.predicts and sensitive:
        from nngen.description.data import typical_row  # it needs NumPy, which other builds do not load

        how = replace(how, typical=typical_row(spec, folder))
    planned = plan(spec, how)
    modules = {}
    for target in targets or [target.name for target in spec.targets]:
        expected = selftest(planned, spec, folder, target, sensitive and not unfit(planned)) if selftest else None
        try:
            made = _made(planned, spec, folder, target, expected, parameters, contents)
        except SpecError as error:
            if refused is None:
                raise
            refused += error.diagnostics
        else:
            modules.update(made)
    return modules


def text_of(planned: Plan, spec: Spec, folder: Path, target: str) -> str:
    """The text of a module with all parts, see ``texts``; ``planned`` is the plan of the spec."""
    return _made(planned, spec, folder, target, None, None, ("all",))[target]


def _made(
    planned: Plan,
    spec: Spec,
    folder: Path,
    target: str,
    expected: SelfTest | None,
    parameters: Sequence[float] | None,
    contents: Collection[str],
) -> dict[str, str]:
    """The module of a target, and what the spec asks for beside it: two files of a binding, or a file of types."""
    language = TARGETS[target]
    most = language.max_parameters if language.beside else language.max_trained
    if parameters is not None and most is not None and len(parameters) > most:
        message = f"{spec.name}: the {target} module takes up to {most:,} trained parameters, not {len(parameters):,}"
        advice = "build it without `--params`, and let the program read the parameter file"
        raise files.refused(folder, message, advice)
    _check_names(planned, spec, folder, target, trained=parameters is not None)
    asked = contents or spec.contents or ()
    form = level(planned, spec, target, sensitive="sensitivity" in asked, trained=parameters is not None)
    unrolled, passes = language.max_unrolled, len(planned.output.units) if "sensitivity" in asked else 1
    if form not in language.levels:
        message = f"{spec.name}: modules of {target} have an equation for each of the {language.levels[0]}"
        raise files.refused(
            folder, f"{message}; this network needs one for each of the {form}", "choose another target"
        )
    names = (planned.name, *planned.inputs, *(n for one in planned.layers for n in (one.name, *one.units)))
    foreign = next((n for n in names if not n.isascii()), None) if language.ascii else None
    if foreign is not None:
        message = f"{spec.name}: names in {target} have letters of ASCII only, and this network has {foreign!r}"
        raise files.refused(folder, message, "choose another name or target")
    if form == "weights" and crowded(planned, target, passes):
        message = f"{spec.name}: a function of {target} has at most {language.max_names} names, too few for each weight"
        raise files.refused(folder, message, "write `unroll: layers`")
    if unrolled is not None and planned.size > unrolled and form == "weights":
        message = f"{spec.name}: a compiler of {target} takes equations for up to {unrolled:,} weights and biases each"
        raise files.refused(folder, f"{message}; this network has {planned.size:,}", "write `unroll: layers`")
    if not language.parts.issuperset({*contents} - {"all", *ASKED}):
        message = f"{spec.name}: modules of {target} have only {', '.join(sorted(language.parts))}"
        raise files.refused(folder, message, "leave out `--contents`, or choose another target")
    _check_sensitive(planned, spec, folder, target, asked)
    _check_notes(planned, spec, folder, target, asked)
    if expected is not None and not language.selftest:
        message = f"{spec.name}: modules of the target {target} have no self-test"
        raise files.refused(folder, message, "build it without `--selftest`; `nngen verify` judges it")
    parts = of_module(spec, planned, target, trained=parameters is not None, asked=contents)
    with blamed(target):
        made = {target: render(planned, spec, target, expected, _trained(spec, target, parameters), parts)}
    if target in OWN and f"Written by nngen from the spec {spec.name}:" not in made[target]:
        message = f"{spec.name}: a module of {target} does not say where it comes from, and could not be written again"
        begins = "begin its template with `NAME, a neural network`, then `{{ page.origin }}` and an empty line"
        raise files.refused(folder, message, begins)
    if language.bound and spec.binding:
        made[BINDING] = binding(planned, spec, expected, _trained(spec, BINDING, parameters))
        made[BINDING_SOURCE] = binding_source()
    if language.typed and spec.types:
        made[TYPES] = types(planned, made[target])
    for name, text in made.items():
        if len(text) > MAX_PAGE:
            message = f"{spec.name}: the {name} module has {len(text):,} characters; the limit is {MAX_PAGE:,}"
            raise files.refused(folder, message, "shorten names and formulas, or write `unroll: layers`")
    return made


def _check_sensitive(planned: Plan, spec: Spec, folder: Path, target: str, asked: Collection[str]) -> None:
    """Refuse to write derivatives with respect to the inputs that a network does not have, or a language."""
    if "sensitivity" not in asked:
        return
    if reason := unfit(planned):
        message = f"{spec.name}: it has no derivatives with respect to its inputs: {reason}"
        raise files.refused(folder, message, "leave out `sensitivity`")
    if "sensitivity" not in TARGETS[target].parts:
        message = f"{spec.name}: modules of {target} have no `sensitivity`"
        raise files.refused(folder, message, "leave it out, or choose another target, such as python or c")


def _check_notes(planned: Plan, spec: Spec, folder: Path, target: str, asked: Collection[str]) -> None:
    """Refuse to write notes of a network without rows of data, or in a language that has none."""
    if "notes" in asked and not (planned.encoding and planned.encoding.predicts):
        message = f"{spec.name}: it has no rows of data, of which `notes` would speak"
        raise files.refused(folder, message, "leave out `notes`, or describe the columns")
    if "notes" in asked and "notes" not in TARGETS[target].parts:
        message = f"{spec.name}: modules of {target} have no `notes`"
        raise files.refused(folder, message, "leave it out, or choose another target, such as python or c")


def _check_names(planned: Plan, spec: Spec, folder: Path, target: str, *, trained: bool) -> None:
    """Refuse names that the language reserves, or that its modules need."""
    language = TARGETS[target]
    if language.unnamed and language.unnamed.fullmatch(spec.name):
        message = f"{spec.name}: a module of {target} cannot have this name"
        raise files.refused(folder, message, f"choose another name for the network, or another target than {target}")
    reserved = language.reserved.intersection(planned.inputs)
    if reserved and level(planned, spec, target, trained=trained) == "weights":
        message = f"{spec.name}: {min(reserved)!r} is a reserved word of {target}, or its module uses it"
        raise files.refused(folder, message, "choose another name for this input, or write `unroll: layers`")


def _trained(spec: Spec, kind: str, parameters: Sequence[float] | None) -> Trained | None:
    """The parameters of a module. Many are in a file beside it."""
    if parameters is None:
        return None
    many = KINDS[kind].beside and len(parameters) > KINDS[kind].max_trained
    return Trained(parameters, f"{spec.name}{KINDS[kind].beside}" if many else "")


def beside(spec: Spec, kind: str, parameters: Sequence[float] | None) -> tuple[str, str] | None:
    """The file of trained parameters beside a module, as its name and its text; None if the module has none.

    Args:
        spec: the spec.
        kind: a name in ``KINDS``.
        parameters: the trained parameters, in the order of their layout.
    """
    trained = _trained(spec, kind, parameters)
    if trained is None or not trained.file or KINDS[kind].shared:
        return None
    planned = plan(spec)
    if trained.file.endswith(".json"):
        return trained.file, json.dumps({"layout": " ".join(planned.layout), "parameters": trained.parameters})
    return trained.file, parameter_text(planned, spec, kind, trained)


def as_module(name: str, text: str, parameters: tuple[str, str] | None = None) -> ModuleType:
    """A generated text as a module, without a file.

    Args:
        name: the name of the module.
        text: its text.
        parameters: the file of trained parameters that it reads when it is imported, see ``beside``.
    """
    module = ModuleType(name)
    code = compile(text, f"{name}.py", "exec")
    with TemporaryDirectory() if parameters else nullcontext("") as folder:
        if parameters:
            module.__file__ = str(Path(folder, f"{name}.py"))
            Path(folder, parameters[0]).write_text(parameters[1], "utf-8")
        exec(code, module.__dict__)  # noqa: S102 (our own text, from a checked spec)
    return module
