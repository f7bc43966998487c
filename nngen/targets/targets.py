"""The targets: languages with their words, imports and layouts."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from nngen.description.model import Spec
from nngen.mathematics.formulas import BREAK_AFTER, Words
from nngen.plan import Plan, Scope, by_unit, equations
from nngen.targets import c_layout, csharp, go, java, javascript_layout, javascript_runtime, lua, php, rust
from nngen.targets.definitions import BRACES
from nngen.targets.equations.csharp import CSharpEquations
from nngen.targets.equations.go import GoEquations
from nngen.targets.equations.java import JavaEquations
from nngen.targets.equations.javascript import JavaScriptEquations
from nngen.targets.equations.rust import RustEquations
from nngen.targets.printers import CSharpPrinter, GoPrinter, JavaPrinter, JavaScriptPrinter, RustPrinter
from nngen.targets.target import EVERY_PART, MAX_COMPILED, MAX_TRAINED_OF_OTHERS, Dialect, Target

MAX_BRANCHES = 8
"""The most units whose activation has a branch, such as relu, on such a page of Python.

PyPy compiles each path through the branches of a function, and n units have 2^n paths. A page for each layer has the
branch in a loop, so it has two, and fewer lines. Forms without a branch, such as ``max``, cost CPython more than they
save PyPy. How many times as fast the page for each weight is, by units of relu (``python -m benchmarks.branches``):

    units               4     6     8    10    16    24
    CPython 3.13.0    3.3   2.9   2.4   2.4   2.1   1.9
    PyPy 3.11         7.1   4.1   1.6   0.9   0.5   0.4
    PyPy, tanh        7.5   7.1   6.5   6.0   5.4   5.0
"""

_BRANCHES = frozenset({"maximum", "sign", "where"})
"""Functions that a page of Python writes as a conditional expression. (That of sigmoid, ``min``, costs PyPy little.)"""

MAX_SCALARS_OF_C = 200
"""The same for C, where a compiler vectorizes loops.

With gcc 12 at -O3, loops take 1.2 to 1.4 times as long at 114 parameters, 0.8 to 1.0 times at 276, and 0.7 to 0.8 times
at 558. With clang 14 they take 1.4 to 1.5 times as long at 276, and about the same at 1,320. Compiling 808 parameters
takes 0.8 to 1.0 s, and loops 0.2 s (``benchmarks/unroll_c.py``, relu).
"""

MAX_UPDATES = 20
"""The most parameters whose updates a page of Python writes out one by one; a step of more has one line for all.

More lines say nothing new: ``iris``, with 67 parameters, had 77 of them. How many times as fast the step is with the
updates written out:

    parameters          9    20    67   200
    CPython 3.11.7    2.2   1.9   1.5   1.3
    CPython 3.13.0    2.2   2.0   1.8   1.7
"""


TARGETS = {
    target.name: target
    for target in [
        Target(
            name="python",
            parts=EVERY_PART,
            words=Words(
                {
                    "abs": "abs",
                    "cos": "math.cos",
                    "erfc": "math.erfc",
                    "exp": "math.exp",
                    "expm1": "math.expm1",
                    "floor": "math.floor",
                    "log": "math.log",
                    "log1p": "log1p",  # the page defines it
                    "maximum": "max",
                    "minimum": "min",
                    "sigmoid": "sigmoid",  # the page defines it, and softplus, too
                    "sign": "float(⟨(⟨{0}↵> 0.0⟩)↵- (⟨{0}↵< 0.0⟩)⟩)",
                    "sin": "math.sin",
                    "smooth_clip": "_smooth_clip",
                    "softplus": "softplus",
                    "sqrt": "math.sqrt",
                    "tanh": "math.tanh",
                    "where": "{1}↵if {0}↵else {2}",
                },
                # the same result, also for NaN and -0.0, without a call, which is slow in CPython
                whole={"maximum": "{1}↵if {0} < {1}↵else {0}", "minimum": "{1}↵if {0} > {1}↵else {0}"},
                power="_power",  # the page defines it: ** raises an OverflowError
                bounded_powers=True,
            ),
            imports=frozenset({"json", "math", "operator", "struct"}),
            variants="settings",
            selftest=True,
            max_branches=MAX_BRANCHES,
            beside=".params.json",
        ),
        Target(
            name="numpy",
            parts=EVERY_PART,
            words=Words(
                {
                    "abs": "np.abs",
                    "cos": "np.cos",
                    "erfc": "erfc",  # the page defines it
                    "exp": "np.exp",
                    "expm1": "np.expm1",
                    "floor": "np.floor",
                    "log": "np.log",
                    "log1p": "np.log1p",
                    "maximum": "np.maximum",
                    "minimum": "np.minimum",
                    "sigmoid": "sigmoid",  # the page defines it, and softplus, too
                    "sign": "np.sign",
                    "sin": "np.sin",
                    "smooth_clip": "_smooth_clip",
                    "softplus": "softplus",
                    "sqrt": "np.sqrt",
                    "tanh": "np.tanh",
                    "where": "np.where",
                },
                conjunction="&",
                comparison="(⟨{}⟩)",
                # np.where is many times slower on random data, and a product with truth values is slower, too
                mask="(⟨{}⟩).astype(float)",
            ),
            imports=frozenset({"json", "math", "numpy"}),
            variants="settings",
            selftest=True,
            shares="python",
            levels=("layers",),
            beside=".params.json",
        ),
        Target(
            name="javascript",
            typed=True,
            trained_by_layer=True,
            parts=EVERY_PART,
            words=Words(
                {
                    "abs": "Math.abs",
                    "cos": "Math.cos",
                    "erfc": "erfc",  # the page defines it
                    "exp": "Math.exp",
                    "expm1": "Math.expm1",
                    "floor": "Math.floor",
                    "log": "Math.log",
                    "log1p": "Math.log1p",
                    "maximum": "Math.max",
                    "minimum": "Math.min",
                    "sigmoid": "sigmoid",  # the page defines it, and softplus, too
                    "sign": "Math.sign",
                    "sin": "Math.sin",
                    "smooth_clip": "_smooth_clip",
                    "softplus": "softplus",
                    "sqrt": "Math.sqrt",
                    "tanh": "Math.tanh",
                    "where": "{0}↵? {1}↵: {2}",
                },
                operator=BREAK_AFTER,
                conjunction="&&",
                equal="===",
                tight_powers=False,
            ),
            suffix=".mjs",
            printer=JavaScriptPrinter,
            equations=JavaScriptEquations,
            syntax=BRACES,
            selftest=True,
            dialect=Dialect(more=javascript_runtime.words),
            filters=(*javascript_layout.FILTERS, *javascript_runtime.FILTERS),
            finished=lambda text, dtype: javascript_runtime.short(text),
            max_trained=MAX_TRAINED_OF_OTHERS,
            max_parameters=MAX_COMPILED,
            beside=".params.mjs",
        ),
        Target(
            name="c",
            parts=EVERY_PART,
            words=Words(
                {
                    "abs": "fabs",
                    "cos": "cos",
                    "exp": "exp",
                    "floor": "floor",
                    "log": "log",
                    "sin": "sin",
                    "sqrt": "sqrt",
                    "tanh": "tanh",
                    "where": "{0}↵? {1}↵: {2}",
                },  # the page defines the others
                inline={"maximum": "{0}↵< {1}↵? {1}↵: {0}", "minimum": "{1}↵< {0}↵? {1}↵: {0}"},
                operator=BREAK_AFTER,
                conjunction="&&",
                number="{}",
                power="pow",
                modulo="fmod",
            ),
            imports=frozenset({"math.h", "stddef.h", "stdint.h"}),
            suffix=".h",
            syntax=BRACES,
            variants="features",
            selftest=True,
            prefixed=True,
            bound=True,
            filters=c_layout.FILTERS,
            max_scalars=MAX_SCALARS_OF_C,
            max_trained=MAX_TRAINED_OF_OTHERS,
            max_parameters=MAX_COMPILED,
            beside="_params.h",
            narrow_words=c_layout.narrowed,
        ),
        replace(rust.TARGET, printer=RustPrinter, equations=RustEquations, parts=EVERY_PART),
        replace(go.TARGET, printer=GoPrinter, equations=GoEquations, parts=EVERY_PART),
        replace(java.TARGET, printer=JavaPrinter, equations=JavaEquations, parts=EVERY_PART),
        replace(csharp.TARGET, printer=CSharpPrinter, equations=CSharpEquations, parts=EVERY_PART),
        replace(lua.TARGET, parts=EVERY_PART),
        replace(php.TARGET, parts=EVERY_PART),
    ]
}

_OVERFLOWING = frozenset({"exp", "expm1", "floor", "log1p"})
"""Functions that raise an error for large numbers in Python. Pages define their own versions."""

BINDING = Target(
    name="binding",
    words=TARGETS["python"].words,
    imports=frozenset(
        (
            "array collections.abc contextlib hashlib importlib.machinery importlib.util json os pathlib shlex shutil"
            " struct subprocess sys sysconfig tempfile typing warnings __future__"
        ).split()
    ),
    suffix="_c.py",
    folder="c",
    runtime="c/runtime.py",
    beside=".params.json",
    shares="python",
    variants="settings",
)
"""The Python module that compiles a C header, with ``binding.c``, and calls it, if the spec asks for it."""

BINDING_SOURCE = Target(
    name="binding.c",
    words=TARGETS["c"].words,
    imports=frozenset({"string.h"}),
    suffix=".c",
    folder="c",
    shared=True,
)
"""The C file that stands between Python and the headers of all networks."""

TYPES = Target(
    name="types",
    words=TARGETS["javascript"].words,
    suffix=".d.mts",
    folder="javascript",
    filters=TARGETS["javascript"].filters,
)
"""The types of a JavaScript module for TypeScript, if the spec asks for them."""

OWN: dict[str, str] = {}
"""The languages of users' own among the targets, each with what ``--target`` takes for it."""

KINDS = {**TARGETS, BINDING.name: BINDING, BINDING_SOURCE.name: BINDING_SOURCE, TYPES.name: TYPES}
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
