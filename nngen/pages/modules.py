"""The texts of all modules of a spec, and a text as a module in memory."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from nngen.data import encoding
from nngen.diagnostics import Diagnostic, SpecError
from nngen.pages.render import binding, render
from nngen.pages.selftest import selftest as numbers
from nngen.pages.targets import BINDING
from nngen.plan import plan
from nngen.spec import Spec

MAX_PAGE = 10_000_000
"""Characters of a module; 5,000 weights with the longest names, the most that is written out, give 4.4 million."""


def texts(spec: Spec, folder: Path, targets: Sequence[str] = (), selftest: bool = False) -> dict[str, str]:
    """The text of a spec's module for each target; without targets, for those that the spec names.

    With a header of C comes its binding, where the spec asks for it.

    Args:
        spec: a spec that has passed the checks.
        folder: the folder that the spec's data file is named from.
        targets: names in ``TARGETS``.
        selftest: whether the modules have a ``selftest``.

    Raises:
        SpecError: the data file, which the inputs' scale is measured from, cannot be read.
        SelfTestError: the network cannot have a self-test.
    """
    planned = plan(spec, encoding(spec, folder))
    made = {}
    for target in targets or [target.name for target in spec.targets]:
        meant = numbers(planned, spec, target) if selftest else None
        made[target] = render(planned, spec, target, meant)
        if target == "c" and spec.binding:
            made[BINDING.name] = binding(planned, spec, meant)
    for target, text in made.items():
        if len(text) > MAX_PAGE:
            message = (
                f"{spec.name}: a module of {len(text):,} characters for {target}, at most {MAX_PAGE:,} are written"
            )
            advice = "shorten names and formulas, or write `unroll: layers`"
            raise SpecError([Diagnostic(str(folder), None, None, message, help=advice)])
    return made


def as_module(name: str, text: str) -> ModuleType:
    """A generated text as a module, without a file."""
    module = ModuleType(name)
    exec(compile(text, f"{name}.py", "exec"), module.__dict__)  # noqa: S102 (our own text, from a checked spec)
    return module
