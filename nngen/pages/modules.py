"""The texts of all modules of a spec, and a text as a module in memory."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from nngen import files
from nngen.data import encoding, measures
from nngen.pages.render import Trained, binding, render
from nngen.pages.selftest import selftest as numbers
from nngen.pages.targets import BINDING, TARGETS
from nngen.plan import Plan, plan
from nngen.spec import Spec

if TYPE_CHECKING:
    from nngen.reference import Encoder

MAX_TRAINED = 20_000
"""Trained parameters that a page of Python holds itself: with 17 digits each, they take 420,000 characters, and Python
compiles them in 30 ms."""

MAX_PAGE = 10_000_000
"""Characters of a module. 5,000 weights with the longest names, the most that are unrolled, take 4.4 million."""


def texts(
    spec: Spec,
    folder: Path,
    targets: Sequence[str] = (),
    selftest: bool = False,
    parameters: Sequence[float] | None = None,
) -> dict[str, str]:
    """The text of a spec's module for each target, and of the binding of a C header if the spec asks for it.

    Args:
        spec: a spec that has passed the checks.
        folder: the folder of the spec; the path of its data file is relative to it.
        targets: names in ``TARGETS``; if empty, the targets of the spec.
        selftest: whether the modules have a ``selftest``.
        parameters: trained parameters that the modules carry, in the order of their layout.

    Raises:
        SpecError: the data file cannot be read, or a module is too long.
        SelfTestError: the network cannot have a self-test.
    """
    planned = plan(spec, encoding(spec, folder))
    modules = {}
    for target in targets or [target.name for target in spec.targets]:
        expected = numbers(planned, spec, target, _encoder(spec, folder, planned)) if selftest else None
        modules[target] = render(planned, spec, target, expected, _trained(spec, target, parameters))
        if target == "c" and spec.binding:
            modules[BINDING.name] = binding(planned, spec, expected, _trained(spec, target, parameters))
    for target, text in modules.items():
        if len(text) > MAX_PAGE:
            message = f"{spec.name}: the {target} module has {len(text):,} characters; the limit is {MAX_PAGE:,}"
            advice = "shorten names and formulas, or write `unroll: layers`"
            raise files.refused(folder, message, advice)
    return modules


def _encoder(spec: Spec, folder: Path, planned: Plan) -> "Encoder | None":
    """The reference of raw rows, which measures the constants of the data itself; None if pages take no such rows."""
    if planned.encoding is None or not planned.encoding.predicts:
        return None
    from nngen.data import training_columns
    from nngen.reference import Encoder

    return Encoder(spec, *training_columns(spec, folder)) if measures(spec) else Encoder(spec, {})


def _trained(spec: Spec, target: str, parameters: Sequence[float] | None) -> Trained | None:
    """The parameters of a page. Many are in a file beside it, if its language can read one."""
    if parameters is None:
        return None
    beside = TARGETS[target].reads_files and len(parameters) > MAX_TRAINED
    return Trained(parameters, parameters_file(spec.name) if beside else "")


def parameters_file(network: str) -> str:
    """The name of the parameter file beside a module."""
    return f"{network}.params.json"


def as_module(name: str, text: str) -> ModuleType:
    """A generated text as a module, without a file."""
    module = ModuleType(name)
    exec(compile(text, f"{name}.py", "exec"), module.__dict__)  # noqa: S102 (our own text, from a checked spec)
    return module
