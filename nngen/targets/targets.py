"""The targets: languages with their words, imports and layouts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path

from nngen.common.languages import LANGUAGES
from nngen.common.on_demand import OnDemand
from nngen.description.model import Spec
from nngen.mathematics.formulas import Words
from nngen.plan import Plan, Scope, by_unit, equations
from nngen.targets.target import EVERY_PART, Target

_BRANCHES = frozenset({"maximum", "sign", "where"})
"""Functions that a page of Python writes as a conditional expression. (That of sigmoid, ``min``, costs PyPy little.)"""


MAX_UPDATES = 20
"""The most parameters whose updates a page of Python writes out one by one; a step of more has one line for all.

More lines say nothing new: ``iris``, with 67 parameters, had 77 of them. How many times as fast the step is with the
updates written out:

    parameters          9    20    67   200
    CPython 3.11.7    2.2   1.9   1.5   1.3
    CPython 3.13.0    2.2   2.0   1.8   1.7
"""

_OVERFLOWING = frozenset({"exp", "expm1", "floor", "log1p"})
"""Functions that raise an error for large numbers in Python. Pages define their own versions."""

_WRITERS: Mapping[str, str] = {
    "javascript": "JavaScript",
    "rust": "Rust",
    "go": "Go",
    "java": "Java",
    "csharp": "CSharp",
}
"""The languages whose printer and equations have files of their own, as the names of these classes begin."""


@cache
def _language(name: str) -> Target:
    """A language of ours, from its files."""
    target: Target = import_module(f"nngen.targets.{name}").TARGET
    if begins := _WRITERS.get(name):
        printer = getattr(import_module(f"nngen.targets.printers.{name}"), f"{begins}Printer")
        equations = getattr(import_module(f"nngen.targets.equations.{name}"), f"{begins}Equations")
        target = replace(target, printer=printer, equations=equations)
    return replace(target, parts=EVERY_PART)


def _binding() -> Target:
    """The Python module that compiles a C header, with ``binding.c``, and calls it, if the spec asks for it."""
    return Target(
        name=BINDING,
        words=_language("python").words,
        imports=frozenset(
            (
                "array collections.abc contextlib hashlib importlib.machinery importlib.util json os pathlib shlex"
                " shutil struct subprocess sys sysconfig tempfile typing warnings __future__"
            ).split()
        ),
        suffix="_c.py",
        folder="c",
        runtime="c/runtime.py",
        beside=".params.json",
        shares="python",
        variants="settings",
    )


def _binding_source() -> Target:
    """The C file that stands between Python and the headers of all networks."""
    return Target(
        name=BINDING_SOURCE,
        words=_language("c").words,
        imports=frozenset({"string.h"}),
        suffix=".c",
        folder="c",
        shared=True,
    )


def _types() -> Target:
    """The types of a JavaScript module for TypeScript, if the spec asks for them."""
    script = _language("javascript")
    return Target(name=TYPES, words=script.words, suffix=".d.mts", folder="javascript", filters=script.filters)


_OURS: Mapping[str, Callable[[], Target]] = {name: partial(_language, name) for name in LANGUAGES}

TARGETS = OnDemand(_OURS)
"""The languages. One is loaded when a program first asks for it: most commands write few."""

OWN: dict[str, str] = {}
"""The languages of users' own among the targets, each with what ``--target`` takes for it."""

BINDING, BINDING_SOURCE, TYPES = "binding", "binding.c", "types"
"""The names of what belongs to a module of C or JavaScript."""

KINDS = OnDemand({**_OURS, BINDING: _binding, BINDING_SOURCE: _binding_source, TYPES: _types})
"""Every kind of module."""


def networks_of(path: Path) -> list[str]:
    """The networks that a module's file, or that of its trained parameters, may be named after.

    The file of all networks is that of the network without a name.
    """
    if any(kind.shared and (kind.folder, kind.name) == (path.parent.name, path.name) for kind in KINDS.values()):
        return [""]
    kinds = KINDS.values()
    ends = {kind.beside: str for kind in kinds if kind.beside} | {kind.suffix: kind.network_of for kind in kinds}
    return [of(path.name.removesuffix(end)) for end, of in ends.items() if path.name.endswith(end)]


def words(spec: Spec, target: str, *, sensitive: bool = False) -> Words:
    """A target's words for the number width of the spec, with the prefix of the page's own functions.

    A header of C that is ``sensitive``, for solvers, computes tanh of several numbers at a time.
    """
    narrow = spec.dtype(target) == "float32"
    chosen = replace(TARGETS[target].words, marked=True)
    if target == "numpy" and spec.training.schedule.options.get("factor", 0.0) > 1.0:  # both operands are Python floats
        chosen = replace(chosen, power="np.power", bounded_powers=True)
    if target == "numpy" and narrow:  # np.where of two constants gives 64 bits
        where, mask = "np.where(⟨{},↵{},↵{}⟩).astype(⟨np.float32⟩)", "(⟨{}⟩).astype(np.float32)"
        return replace(chosen, calls={**chosen.calls, "where": where}, mask=mask)
    if target == "python":  # catalogues never call these with large numbers
        custom = [a.formulas() for a in spec.activations.values()] + [loss.formulas() for loss in spec.losses.values()]
        called = _OVERFLOWING.intersection(name for pair in custom for formula in pair for name in formula.calls)
        return replace(chosen, calls={**chosen.calls, **{name: f"_{name}" for name in called}})
    if target == "c" and sensitive and not narrow:
        chosen = replace(chosen, calls={**chosen.calls, "tanh": f"{spec.name}_tanh"})
    chosen = TARGETS[target].narrow_words(chosen) if narrow else chosen
    return replace(chosen, prefix=f"{spec.name}_") if TARGETS[target].prefixed else chosen


def level(plan: Plan, spec: Spec, target: str, *, sensitive: bool = False, trained: bool = False) -> str:
    """The level of a page: an equation for each of the ``weights``, or for each of the ``layers``.

    ``sensitive`` says whether it has the derivatives of each output, which have equations of their own, and ``trained``
    whether it has trained parameters.
    """
    unroll, limits = spec.unroll(target), TARGETS[target]
    if plan.indices or (plan.needs_batch and "gradient" in limits.parts):
        return "layers"
    if len(limits.levels) == 1:
        return limits.levels[0]
    if unroll == "auto":
        if trained and limits.trained_by_layer and len(plan.layers) > 1:
            return "layers"
        few = limits.max_branches is None or branches(plan) <= limits.max_branches
        passes = len(plan.output.units) if sensitive else 1
        small = few and plan.size * passes <= limits.max_scalars
        return "weights" if small and not crowded(plan, target, passes) else "layers"
    return unroll


def crowded(plan: Plan, target: str, passes: int = 1) -> bool:
    """Whether a page with an equation for each weight would have more names than a function may have.

    ``passes`` says from how many outputs derivatives go back to the inputs in one function.
    """
    most, words = TARGETS[target].max_names, TARGETS[target].words
    if most is None:
        return False
    if 2 * plan.size > most:  # each weight and its derivative
        return True
    listed = by_unit(equations(plan, Scope.WEIGHTED_EXAMPLE), words)
    sections = (*listed.training, *listed.loss, *listed.backward)
    names = {equation.name for section in sections for equation in section.equations}
    back = (passes - 1) * (2 * sum(len(layer.units) for layer in plan.layers) + len(plan.inputs))
    return plan.size + len(plan.inputs) + len(plan.output.units) + len(names) + back > most


def branches(plan: Plan) -> int:
    """The number of units whose activation, or its derivative, has a branch."""
    calls = {function.name: function.calls for function in plan.page_functions}

    def branching(names: Iterable[str]) -> bool:
        return any(name in _BRANCHES or branching(calls.get(name, ())) for name in names)

    lines = ((layer, line) for layer in plan.layers for line in (*layer.forward, *layer.backward))
    found = {layer.name: len(layer.units) for layer, line in lines if branching(line.formula.calls)}
    return sum(found.values())


def template(target: str) -> str:
    """The template of a module."""
    return f"{target}/module{TARGETS[target].suffix}.jinja"
