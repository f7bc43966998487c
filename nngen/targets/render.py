"""From a plan and a target to the text of a module, with Jinja."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nngen.description.model import ALL, Spec, shortest
from nngen.mathematics.formulas import Words
from nngen.plan import (
    Assignment,
    Block,
    Equation,
    Equations,
    Layer,
    Plan,
    Scope,
    by_unit,
    equations,
    forms,
    formulas,
    functions,
    unit_terms,
)
from nngen.targets.c_runtime import generic, included, specific
from nngen.targets.c_workspace import Workspace, workspace
from nngen.targets.definitions import Definition, brace_definitions, chosen, complete, python_definitions
from nngen.targets.parts import entries, of_columns, of_module
from nngen.targets.selftest import SelfTest
from nngen.targets.targets import MAX_UPDATES, TARGETS, level, template, words
from nngen.targets.template_cache import Compiled, late

_PACKAGE = Path(__file__).parent.parent
TEMPLATES = _PACKAGE / "templates", _PACKAGE.parent / "templates"
"""A checkout has its templates beside the package, a wheel inside it."""


_RUNTIMES = {
    "binding": "c/runtime.py",
    "c": "c/runtime.h",
    "javascript": "javascript/runtime.mjs",
    "numpy": "numpy/runtime.py",
    "python": "python/runtime.py",
}
"""The file with the fixed definitions of a target's language, and of the modules of Python that call a header."""


@dataclass(frozen=True)
class Trained:
    """Trained parameters that a page carries, in the order of its layout."""

    parameters: Sequence[float]
    file: str = ""
    """The name of a file beside the page that contains them; empty if the page itself contains them."""

    def blocks(self, plan: Plan) -> Iterator[tuple[Block, list[list[str]]]]:
        """The parameters of each block as text, a row for each row of weights; biases are one row."""
        for block in plan.blocks:
            width = len(block.inputs) or len(block.units)
            starts = range(block.start, block.stop, width)
            yield block, [[repr(v) for v in self.parameters[i : i + width]] for i in starts]

    def rows(self, plan: Plan) -> list[list[str]]:
        """The rows of all blocks."""
        return [row for _, rows in self.blocks(plan) for row in rows]


@dataclass(frozen=True)
class Page:
    """The object that templates get."""

    plan: Plan
    words: Words
    """The words of the target."""
    dtype: str
    """The width of the numbers if the target has several."""
    level: str
    """Whether there is an equation for each of the ``weights``, or one for each of the ``layers``."""
    selftest: SelfTest | None
    """The numbers that the self-test of the page compares with."""
    trained: Trained | None = None
    """The trained parameters that the page carries, if it does."""
    contents: frozenset[str] = ALL
    """The parts of the page."""

    options: str = ""
    """The options of `nngen build` that write the page, if the spec alone does not say it."""

    def has(self, *parts: str) -> bool:
        """Whether the page has one of these parts."""
        return not self.contents.isdisjoint(parts)

    @property
    def legend(self) -> str:
        """The meaning of the letters in equations."""
        letters = "z is a weighted sum, a an activation"
        if self.has("gradient"):
            letters = f"dX is the derivative of the loss by X. {letters}, y a target"
        return letters + self.notation

    @property
    def origin(self) -> str:
        """The source of the page, and what its user may do with it."""
        given = "that spec and these parameters" if self.trained else "that spec"
        return (
            f"Written by nngen from the spec {self.plan.name}: `nngen build{self.options}` with {given} writes these"
            " bytes again. The file is yours: read it, change it, ship it."
        )

    @property
    def below(self) -> str:
        """What follows the equations: none of it is needed to understand the network."""
        rows = self.plan.encoding is not None and self.plan.encoding.predicts
        words = {"training": "training", "prediction": "predictions", "files": "files", "checks": "checks"}
        found = [word for part, word in words.items() if self.has(part) and (rows or part != "prediction")]
        return " and ".join(filter(None, [", ".join(found[:-1]), *found[-1:]]))

    @property
    def title(self) -> tuple[str, ...]:
        """The network in one line, split where a page may break it."""
        plan = self.plan
        return f"{plan.name}, {plan.size} parameters:", *re.split("(?<=[>;]) ", plan.summary)

    @property
    def weight_law(self) -> str:
        """The meaning of a weight's name."""
        layer, weights = self._first_weights
        return f"{weights.rows[0][0]} is the weight that leads to {layer.units[0]} from {layer.sources[0].values[0]}."

    @property
    def matrix_law(self) -> str:
        """The meaning of an index into a matrix of weights."""
        layer, weights = self._first_weights
        if weights.index:
            return (
                f"{weights.name}[i] is the row of the id i of {weights.index}, a number for each unit of {layer.name}."
            )
        return (
            f"{weights.name}[i][j] is the weight that leads to unit i of {layer.name} from unit j of "
            f"{layer.sources[0].name}."
        )

    @property
    def _first_weights(self) -> tuple[Layer, Block]:
        """The first layer with weights, and these. There is one, because something learns."""
        return next((layer, layer.weights[0]) for layer in self.plan.layers if layer.weights)

    @property
    def notation(self) -> str:
        """The symbols between weighted sums and activations, if there are any."""
        names = {line.name for layer in self.plan.layers for line in layer.training_lines}
        hat = ", hat a normalized value and s the same after gain and shift" if "hat" in names else ""
        return hat + (", f the activation before dropout or normalization" if "f" in names else "")

    @property
    def scalars(self) -> Words:
        """The words for single numbers."""
        return replace(TARGETS["python"].words, marked=True)

    @property
    def drawn(self) -> Words:
        """The C words for initial values, which are always drawn in 64 bits."""
        return replace(TARGETS["c"].words, prefix=self.words.prefix, marked=True)

    @cached_property
    def workspace(self) -> Workspace:
        """The memory that the functions of a C page need."""
        unrolled, narrow = self.level == "weights", self.dtype == "float32"
        contents = self.contents.union(("gradient", "training") if self.selftest else ())
        return workspace(self.plan, unrolled=unrolled, narrow=narrow, contents=contents)

    def by_layer(self, scope: str) -> Equations[Equation]:
        """The equations of whole layers. The scope is a value of ``Scope``, such as ``batch``."""
        return equations(self.plan, Scope(scope))

    def by_unit(self, scope: str) -> Equations[Assignment]:
        """The equations of each unit, in the words of the target."""
        return by_unit(self.by_layer(scope), self.words)

    @property
    def class_weights(self) -> tuple[str, ...]:
        """The terms of an example's class weight, one for each output."""
        return unit_terms(self.by_layer("batch").weight[0].equations[0], self.words)

    @property
    def writes_each_update(self) -> bool:
        """Whether a step writes out the update of each parameter."""
        return self.plan.size <= MAX_UPDATES

    @cached_property
    def functions(self) -> frozenset[str]:
        """The functions that the page calls but does not define."""
        return functions(self.plan)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms of its equations."""
        return forms(self.plan)

    def uses(self, module: str) -> bool:
        """Whether an equation calls a function of this module."""
        return any(self.words.calls[name].startswith(f"{module}.") for name in self.functions)

    @cached_property
    def written(self) -> str:
        """All formulas of the page, in the words of the target."""
        return "\n".join(formula.write(self.words) for formula in formulas(self.plan))

    def calls(self, function: str) -> bool:
        """Whether an equation calls this function. The name may be a pattern."""
        return re.search(rf"\b({function})\(", self.written) is not None


@cache
def environment(target: str) -> Environment:
    """The Jinja environment of a target."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        bytecode_cache=Compiled(),
        optimized=False,  # it takes a fifth of the compile time, and pages have few constants
        autoescape=False,  # noqa: S701 (pages are programs, not HTML, and the spec has passed its checks)
    )
    jinja.filters.update((function.__name__, late(function)) for function in TARGETS[target].filters)
    return jinja


def render(
    plan: Plan,
    spec: Spec,
    target: str,
    selftest: SelfTest | None = None,
    trained: Trained | None = None,
    contents: frozenset[str] = ALL,
) -> str:
    """Render a module.

    Args:
        plan: the plan of the spec.
        spec: the spec, for the target's options.
        target: a name in ``TARGETS``.
        selftest: the numbers that the page compares itself with; without them, it has no self-test.
        trained: the trained parameters that the page carries, if it does.
        contents: the parts of the module, with those that they need.
    """
    usual = of_module(spec, plan, target, trained=trained is not None)
    options = " --selftest" * (selftest is not None) + "".join(
        f" --contents {part}" for part in shortest(contents) if contents != usual
    )
    page = Page(
        plan, words(spec, target), spec.dtype(target), level(plan, spec, target), selftest, trained, contents, options
    )
    return _module(target, template(plan, spec, target), page)


def parameter_text(plan: Plan, spec: Spec, target: str, trained: Trained) -> str:
    """Render the file of trained parameters beside a module of JavaScript or C, see ``render``."""
    page = Page(plan, words(spec, target), spec.dtype(target), level(plan, spec, target), None, trained)
    name = f"{target}/params{TARGETS[target].suffix}.jinja"
    return environment(target).get_template(name).render(page=page)


def render_by_weights(plan: Plan, spec: Spec) -> str:
    """Render the Python module with an equation for each weight, whatever level the spec asks for.

    With batch normalization it is no module for training: the equations of its gradient lack the means over the batch.
    """
    page = Page(plan, words(spec, "python"), "float64", "weights", None)
    return _module("python", "python/weights.py.jinja", page)


def binding(plan: Plan, spec: Spec, selftest: SelfTest | None = None, trained: Trained | None = None) -> str:
    """Render the Python module that compiles the C header. The arguments are those of ``render``."""
    page = Page(plan, words(spec, "c"), spec.dtype("c"), level(plan, spec, "c"), selftest, trained)
    text = environment("python").get_template("c/binding.py.jinja").render(page=page)
    return complete(python_definitions(text), (*runtime("python"), *runtime("binding")), entries("python", ALL))


def binding_source() -> str:
    """The C file between Python and the headers of all networks."""
    return _text("c/binding.c")


def _module(target: str, name: str, page: Page) -> str:
    """The text that a template writes, with the fixed definitions that it needs."""
    own = list(definitions(target, environment(target).get_template(name).render(page=page)))
    wanted = [*entries(target, page.contents)]
    if target != "c":
        own = own if page.contents == ALL else chosen(own, available(target), wanted)
        return complete(own, available(target), wanted)
    network, narrow, trained = page.plan.name, page.dtype == "float32", page.trained is not None
    written = specific(_source(target), network, narrow=narrow, trained=trained)
    own = generic(own, network)
    if page.contents == ALL:
        return complete(own, available(target), wanted, written)
    wanted += of_columns(page.plan) if page.has("prediction") else ()
    return included(complete(chosen(own, available(target), wanted), available(target), wanted, written))


def definitions(target: str, text: str) -> tuple[Definition, ...]:
    """The definitions of a module in the language of a target."""
    return brace_definitions(text) if target in ("c", "javascript") else python_definitions(text)


@cache
def runtime(target: str) -> tuple[Definition, ...]:
    """The fixed definitions of a target's language; of ``binding``, those of the modules that call a header."""
    return fixed(target, _source(target))


def available(target: str) -> tuple[Definition, ...]:
    """The fixed definitions that modules of a target may take.

    Those of NumPy share with those of Python what is the same in both, such as the rules for cells.
    """
    own = runtime(target)
    stated = {name for one in own for name in one.names}
    shared = runtime("python") if target == "numpy" else ()
    return (*own, *(one for one in shared if stated.isdisjoint(one.names)))


def fixed(target: str, source: str) -> tuple[Definition, ...]:
    """The definitions of a runtime file, without those that are there because modules state them."""
    return definitions(target, re.split(" what they take.*\n", source)[1])


def _source(target: str) -> str:
    return _text(_RUNTIMES[target])


@cache
def _text(name: str) -> str:
    """The text of a file among the templates that is no template."""
    return next(path for path in (folder / name for folder in TEMPLATES) if path.exists()).read_text("utf-8")
